/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the weights of the records to those of the estimates: what happens to the units' weights
 * when all counties are together (estimate/tallyunits.h has the order).
 *
 *     if (adjust_weights(units, design, &columns, sample) < 0) …
 *
 * Non-response: within a response class (Särndal, Swensson and Wretman 1992, 15.6), respondents
 * get the class's weight, and that counts as their weight before calibration.  Trimming as R's
 * trimWeights(): weights beyond the limits are cut, and what was cut is shared out equally among
 * the records that were not; `trim_strict`: until none is beyond.
 */
#ifndef ESTIMATE_ADJUST_H
#define ESTIMATE_ADJUST_H

#include "estimate/tallyunits.h"

/* Fills the factors of the units, and the sample's calibration and replicates; -1 after messages.
 */
int adjust_weights(struct tally_units *u, struct design *d, const struct design_columns *columns,
                   struct sample *s);

#endif
