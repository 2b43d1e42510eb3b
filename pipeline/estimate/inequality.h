/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inequality and poverty with linearised errors (Deville 1999, Survey Methodology 25, 193-203).
 *
 *     double y = 4200, x = 6000;                       // income, poverty line
 *     if (inequality_terms(STAT_FGT, 1, &y, &x)) …     // y = 0.3, x = 1: a mean from here on
 *     struct estimate e = estimate_inequality(STAT_GINI, 0, sample, cells, points, 0.95);
 *
 * With W = sum w, Y = sum wy, mean = Y/W, over a domain's cases, and z of each PSU the sum of w
 * times the derivative of the estimate by the case's weight:
 *
 *     fgt    mean of ((line - y)/line)^g of cases with y <= line, 0 of others (Foster, Greer and
 *            Thorbecke 1984, Econometrica 52, 761-766); g = 0: headcount, 1: gap, 2: severity
 *     theil_t  sum wy ln(y/mean) / Y           d = (y ln y - (T + 1 + ln mean) y)/Y + 1/W
 *     theil_l  -sum w ln(y/mean) / W           d = (ln mean - ln y - L - 1)/W + y/Y
 *     gini   sum wy(2R - w)/(W Y) - 1, R the weight of all cases up to and with y, twice the area
 *            between Lorenz polygon and diagonal (Eurostat's; half the relative mean difference)
 *            d = 2(yR + sum of w'y' above y)/(W Y) - (G + 1)(y/Y + 1/W)
 *     lorenz L(p) = share of Y held by the poorest p, on the polygon;  q the value reached at p
 *            d = ((y - q)[y < q] + p q - L y)/Y
 *
 * fgt, theil_t and theil_l as svyfgt(type_thresh = "abs") and svygei(epsilon = 1, 0) of R's
 * convey 1.0.1; its svygini counts weights as persons, (2R - 1) in the place of (2R - w), and so
 * depends on the weights' scale and the order of equal values.
 *
 * Theil's measures have no value for incomes of 0 or below: such cases are left out and counted.
 * Gini and Lorenz take zeros as they are and are NaN where Y <= 0 or an income is negative.
 */
#ifndef ESTIMATE_INEQUALITY_H
#define ESTIMATE_INEQUALITY_H

#include "estimate/quantile.h"
#include "survey/topic.h"

/* What one case adds to the sums: y and x (income and, of fgt, the line) become the terms
 * whose weighted means make the estimate; other statistics stay as they are.  False when the case
 * has no value: an income <= 0 for theil_t and theil_l, a line <= 0 for fgt. */
bool inequality_terms(enum statistic statistic, double power, double *y, double *x);

/* The statistics that this module estimates: all above except fgt, which is a mean. */
bool is_inequality(enum statistic statistic);

/* Of the cells' sums (theil_t, theil_l; SUMS_RATIO) or as many PSUs' sorted points (gini, lorenz at
 * `share`).  `s` NULL: a census. */
struct estimate estimate_inequality(enum statistic statistic, double share, const struct sample *s,
                                    const struct cell_sums *cells, const struct points *points,
                                    double level);

/* The same in two steps, for differences; the caller frees.  Of `all` only n is set. */
struct linear *inequality_linearize(enum statistic statistic, double share, const struct sample *s,
                                    const struct cell_sums *cells, const struct points *points);
struct estimate inequality_linearized(const struct sample *s, const struct linear *l, double level);

#endif
