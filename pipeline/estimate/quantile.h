/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Weighted quantiles and their intervals (Woodruff 1952, JASA 47, 635-646).
 *
 *     struct points p = {0};
 *     points_add(&p, 4200, 236.5);
 *     points_sort(&p);                       // ascending, equal values joined
 *     double median = points_quantile(&p, 0.5);
 *
 * The p-quantile is the least value whose cumulated weight is at least p times all weight, the
 * left-continuous inverse of the weighted distribution function: qrule = "math" (hf1) of R's
 * svyquantile, except that R, when p is below the first case's share, gives the second case's
 * value (mended in later versions); ends of intervals follow it there, but never pass the
 * quantile.
 * Cumulated weights within 1e-12 (relative) of p W count as equal to it, so that the order of
 * summation never decides.
 */
#ifndef ESTIMATE_QUANTILE_H
#define ESTIMATE_QUANTILE_H

#include "estimate/estimate.h"

struct point {
    double value, w;
    long n;
    double lost; /* what w, a sum, lost by rounding */
};
struct points {
    struct point *items;
    int count, room;
    bool sorted;
};

void points_add(struct points *p, double value, double w);
/* `items` is an array of struct point, or its bytes as a store gave them back. */
void points_append(struct points *p, const void *items, int count);
void points_sort(struct points *p);
/* The same records with their weights multiplied by g. */
void points_scale(struct points *p, double g);
void points_free(struct points *p);

/* NaN when there is no weight.  The points must be sorted. */
double points_quantile(const struct points *p, double share);

/* The quantile of a domain from its PSUs' sorted points.  The interval is that of the share of
 * cases up to the quantile (t interval), carried back through the distribution function; an end
 * beyond 0 or 1 is NaN, as in R.  se = its width / (2 t), as SE(svyquantile(…)). */
struct estimate estimate_quantile(const struct sample *s, const struct points *cells, double share,
                                  double level);
/* The same with the interval of values at which the score test does not reject that the share
 * below is p: |p - F(q)| <= t se(F(q)), F the weighted share of cases up to q (Francisco and Fuller
 * 1991, Annals of Statistics 19, 454-469).  The ends are found by bisection over the sample's
 * values; an end where no value of the sample is rejected is NaN.  (R's interval.type = "score" of
 * survey 4.1 carries the ends back through the unweighted shares; ours are the values themselves.)
 */
struct estimate estimate_quantile_score(const struct sample *s, const struct points *cells,
                                        double share, double level);
struct estimate estimate_quantile_census(const struct points *cells, int count, double share);

#endif
