/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between which numbers a question's constraint holds its answer.
 */
#ifndef INSTRUMENT_BOUNDS_H
#define INSTRUMENT_BOUNDS_H

#include "survey/form.h"

/* Ends that the constraint sets, itself or by naming a question that has such an end; NaN where it
 * sets none.  Of `or` the wider, of `and` the narrower end counts. */
struct bounds {
    double least, greatest;
};
struct bounds question_bounds(const struct form *f, const struct question *q);

#endif
