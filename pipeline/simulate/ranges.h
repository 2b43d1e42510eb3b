/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The numbers that a question's constraint allows in a given record, found by probing.
 *
 * The constraint's literals (numbers, dates) and the values of the questions it names, their
 * sums and differences are where the answer may change; between two probed points that differ
 * the boundary is found by halving.  Points lie on a grid of `step`: 1 for whole numbers and
 * days, 0.1 for decimals.  Gaps narrower than the probes can be missed: draw, then evaluate.
 */
#ifndef SIMULATE_RANGES_H
#define SIMULATE_RANGES_H

#include "survey/expr.h"

enum { RANGES_MOST = 8 };
struct span {
    double low, high; /* both allowed */
};
struct ranges {
    struct span items[RANGES_MOST];
    int count; /* 0: nothing found */
    double step;
};

/* For integers, decimals and dates (day numbers). */
void ranges_find(const struct question *q, const struct record *record, struct ranges *out);

/* Whether the constraint holds; true without one. */
bool constraint_holds(const struct question *q, const struct record *record,
                      const struct value *self);

#endif
