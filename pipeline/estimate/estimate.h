/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Design-based estimates of a domain from the sums of the sample's units.
 *
 *     struct estimate e = estimate_linear(LINEAR_MEAN, sample, &cells, SHARE_NONE, 0.95);
 *
 * The cells are indexed as the sample's units and are empty where the domain has no
 * case: the variance is that of a domain in the whole design, not of a subset of records.
 *
 * With df <= 0, or a lonely stratum under LONELY_FAIL, se, interval and deff are NaN.
 */
#ifndef ESTIMATE_ESTIMATE_H
#define ESTIMATE_ESTIMATE_H

#include "estimate/intervals.h"
#include "estimate/linearize.h"
#include "estimate/replicates.h"
#include "estimate/sample.h"

struct estimate {
    long n;                  /* cases */
    int n_psu, n_strata, df; /* PSUs and strata with cases; their difference */
    double value, se;
    struct interval t;     /* value -+ t se; of a quantile Woodruff's */
    struct interval share; /* of shares, by the method asked for; else NaN */
    double deff;           /* variance over that of as many cases drawn singly, with
                              replacement; NaN where s^2 = 0, and for variances */
};

/* Shares are LINEAR_MEAN with a method for their second interval; SHARE_NONE for the others. */
struct estimate estimate_linear(enum linear_statistic statistic, const struct sample *s,
                                const struct cell_sums *cells, enum share_interval share,
                                double level);

/* The same in two steps, for differences.  The first is linearize() with the replicates' estimates;
 * the caller frees. */
struct linear *estimate_linearize(enum linear_statistic statistic, const struct sample *s,
                                  const struct cell_sums *cells);
struct estimate estimate_linearized(enum linear_statistic statistic, const struct sample *s,
                                    const struct linear *l, enum share_interval share,
                                    double level);

/* Every unit was asked: n and the value, all else NaN or 0. */
struct estimate estimate_census(enum linear_statistic statistic, const struct cell_sums *cells);

/* Any estimate of n cases from its variance; active units have some.  `s` NULL: every unit was
 * asked. */
struct estimate estimate_with_variance(const struct sample *s, double value, long n,
                                       double variance, const bool *active, double level);

/* The difference a - b of two domains' estimates with its covariance; df of the PSUs and strata
 * that have cases in either.  As R's svycontrast(svyby(…, covmat = TRUE), …). */
struct difference {
    double value, se, t, p;
    int df;
};
struct difference estimate_difference(const struct sample *s, const struct linear *a,
                                      const struct linear *b);

#endif
