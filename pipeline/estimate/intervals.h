/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Confidence intervals from an estimate, its standard error and the design's degrees of freedom.
 * `level` is 0.95 for a 95% interval.  Both ends are NaN where there is no interval: df <= 0,
 * an unknown standard error, or, for all but interval_t(), a share of 0 or 1.
 */
#ifndef ESTIMATE_INTERVALS_H
#define ESTIMATE_INTERVALS_H

struct interval {
    double low, high;
};

/* The methods for shares, of which the t interval may leave 0 to 1. */
enum share_interval { SHARE_NONE, SHARE_LOGIT, SHARE_BETA, SHARE_WILSON };
/* "logit", "beta", "wilson"; -1 for other words. */
int share_interval_by_name(const char *name);

/* The factor for a two-sided interval: qt((1 + level)/2, df); NaN for df <= 0. */
double t_factor(double level, double df);
/* Two-sided p value of a t statistic. */
double t_p_value(double t, double df);

/* value -+ t se: R's confint(svymean(…), df = degf(design)). */
struct interval interval_t(double value, double se, double df, double level);
/* Korn and Graubard (1998), Survey Methodology 24, 193-201: the exact binomial interval at the
 * effective sample size p(1-p)/se^2, corrected for df; n is the number of cases.  R's
 * svyciprop(method = "beta"). */
struct interval interval_beta(double p, double se, double df, double n, double level);
/* Wilson (1927), JASA 22, 209-212, at the effective sample size p(1-p)/se^2 with Student's t in
 * the place of the normal quantile. */
struct interval interval_wilson(double p, double se, double df, double level);

/* One of them; SHARE_NONE gives none. */
struct interval interval_share(enum share_interval method, double p, double se, double df, double n,
                               double level);

#endif
