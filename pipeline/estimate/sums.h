/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sums of one cell (the records of a group in a unit of the sample), each to about 32 digits,
 * so that neither the order of records nor how they are grouped shows in the last bit of what is
 * computed from them.
 *
 *     struct sums one[SUMS_LINES_MOST], cell[SUMS_LINES_MOST] = {0};
 *     sums_of(SUMS_VALUE, 236.5, 57080, 1, one);      // weight, y, x (1: no denominator)
 *     sums_merge(SUMS_VALUE, cell, one);
 *     struct moments m = sums_moments(SUMS_VALUE, cell);
 *
 * A sum is a value and the rounding error that goes with it: products by Dekker's error-free
 * transformation with fma, sums by Knuth's two-sum (Ogita, Rump and Oishi 2005, SIAM Journal on
 * Scientific Computing 26, 1955-1988).  Four at a time, as processors like it.
 */
#ifndef ESTIMATE_SUMS_H
#define ESTIMATE_SUMS_H

#include "estimate/moments.h"

enum sums_kind {
    SUMS_VALUE, /* x is 1 */
    SUMS_TOTAL, /* the same with the largest single records */
    SUMS_RATIO,
};
/* The lines of a cell: n, w, wy, wyy; then of totals the two largest |wy|, of ratios wx, wxy, wxx
 * and the cases without a value. */
enum { SUMS_LINES_MOST = 2 };
struct sums {
    double value[4], lost[4];
};
int sums_lines(enum sums_kind kind);

/* The sums of one record, or of one case without a value; a record of weight 0 has none. */
void sums_of(enum sums_kind kind, double w, double y, double x, struct sums *one);
void sums_of_dropped(struct sums *one); /* SUMS_RATIO */

void sums_merge_top(struct sums *into, const struct sums *other);

/* One line; Knuth's two-sum has no branch. */
static inline void sums_merge_line(struct sums *restrict into, const struct sums *restrict other)
{
    for (int k = 0; k < 4; k++) {
        double a = into->value[k], b = other->value[k], next = a + b, part = next - a;
        into->lost[k] += ((a - (next - part)) + (b - part)) + other->lost[k];
        into->value[k] = next;
    }
}

static inline void sums_merge(enum sums_kind kind, struct sums *into, const struct sums *other)
{
    sums_merge_line(into, other);
    if (kind == SUMS_TOTAL)
        sums_merge_top(&into[1], &other[1]);
    if (kind == SUMS_RATIO)
        sums_merge_line(&into[1], &other[1]);
}

static inline long sums_count(const struct sums *cell)
{
    return (long)cell->value[0];
}
/* Cases with y other than 0: n is exact, and they stand in the place of its rounding error. */
static inline long sums_hits(const struct sums *cell)
{
    return (long)cell->lost[0];
}

/* A constant y leaves s_yy exactly 0 and mean_y exactly y: what is left below 1e-27 of sum wyy is
 * rounding. */
struct moments sums_moments(enum sums_kind kind, const struct sums *cell);

#endif
