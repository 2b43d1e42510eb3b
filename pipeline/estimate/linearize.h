/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Taylor linearisation (Binder 1983, International Statistical Review 51, 279-292): the
 * estimate, and for each unit the total z of its linearised variable, so that the variance of
 * the estimate is the variance of the total of z, and that of a difference of two estimates the
 * variance of the total of z_a - z_b.
 *
 *     total     z = sum wy
 *     mean      z = sum w(y - mean) / W          also of shares, y being 0 or 1
 *     ratio     z = sum w(y - R x) / X
 *     variance  z = sum w(u - s^2) / W,  u = (y - mean)^2 n/(n-1);  s^2 = sum wu / W
 *
 * Sums without index run over all units' cases of the domain; W = sum w, X = sum wx.  As
 * svytotal, svymean, svyratio and svyvar of R's survey (svyvar takes the mean as known).
 */
#ifndef ESTIMATE_LINEARIZE_H
#define ESTIMATE_LINEARIZE_H

#include "estimate/sums.h"

#include <stdbool.h>

enum linear_statistic { LINEAR_TOTAL, LINEAR_MEAN, LINEAR_RATIO, LINEAR_VARIANCE };

struct linear {
    int count;          /* units of the sample */
    double value;       /* the estimate; NaN when there is no case, or no denominator */
    struct moments all; /* of all units' cases */
    double *z;          /* of each unit; 0 without cases */
    bool *active;       /* of each unit: whether it has cases of some weight */
    double *thetas;     /* the estimate in each replicate (estimate_linearize()); NULL: none */
};

/* `cells` holds each unit's sums of the domain's cases.  Of ratios they are SUMS_RATIO, or x is 1.
 */
struct linear *linearize(enum linear_statistic statistic, const struct cell_sums *cells);
/* By unit: sum w, sum w(y - mean), sum w(x - mean), sum w(y - mean)^2 about the whole's means. */
void linear_centred(const struct linear *l, const struct cell_sums *cells, double *const *t);
void linear_free(struct linear *l);

#endif
