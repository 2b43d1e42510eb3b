/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Weights that reproduce known totals, and what they do to the variance (Deville and Särndal
 * 1992, JASA 87, 376-382; Deville, Särndal and Sautory 1993, JASA 88, 1013-1020).
 *
 *     struct auxiliaries a = {.row_count = 6, .column_count = 5, .x = x, .totals = t, .names = n};
 *     struct calibration *c = calibration_new(&a, row, d, n, unit_count);
 *     if (calibration_solve(c, &rule, g) < 0) …           // messages name the totals that fail
 *     calibration_residuals(c, z, residual);
 *     calibration_free(c);
 *
 * Units of the same auxiliary values x share a row.  The calibrated weight of a unit is d g(row),
 * g = F(x'lambda), such that sum d g x = totals: F(u) = 1 + u (linear), exp u (raking), the
 * logit between bounds, or the first two cut at the bounds.  Post-stratification is the linear
 * case with one column for each post-stratum.  As calibrate(calfun = "linear", "raking",
 * "logit") and postStratify() of R's survey, and rake() as far as the weights go.
 *
 * All is done with the columns made orthonormal in the weights d, so that columns that follow
 * from others (both sexes and all age groups) do no harm as long as their totals agree.
 */
#ifndef ESTIMATE_CALIBRATION_H
#define ESTIMATE_CALIBRATION_H

#include <stdbool.h>

enum calibration_method {
    CALIBRATE_NONE,
    CALIBRATE_POSTSTRATIFY,
    CALIBRATE_RAKE, /* as CALIBRATE_RAKING, with the variance of R's rake() */
    CALIBRATE_RAKING,
    CALIBRATE_LINEAR,
    CALIBRATE_LOGIT,
};
/* none, "" (the same), poststratify, rake, raking, linear, logit; -1 for other words. */
int calibration_by_name(const char *name);

struct calibration_rule {
    enum calibration_method method;
    double low, high; /* bounds of g; -INFINITY and INFINITY: none */
    double epsilon;   /* |sum - total| / (1 + |total|) at the end, at most */
    int iterations;
};

/* Auxiliary values by row, and the totals to reach.  For rake(), category[row * margins + m] is
 * the row's category in margin m. */
struct auxiliaries {
    int row_count, column_count, margin_count;
    double *x;          /* [row * column_count + column] */
    double *totals;     /* by column */
    const char **names; /* of the totals, for messages */
    int *category;
};

struct calibration;

/* row, d (sum of the weights of its records before) and n (records) by unit; copied, as are the
 * auxiliaries' numbers; names must outlive it. */
struct calibration *calibration_new(const struct auxiliaries *a, const int *row, const double *d,
                                    const long *n, int unit_count);
void calibration_free(struct calibration *c);

/* Finds g by row.  Returns 0; -1 after messages that name the totals that are not reached. */
int calibration_solve(struct calibration *c, const struct calibration_rule *rule, double *g);
/* The same with other weights before, by unit, such as those of a replicate. */
int calibration_solve_for(const struct calibration *c, const struct calibration_rule *rule,
                          const double *d, double *g);

/* After calibration_solve(): z with its regression on the auxiliaries taken out, weights d,
 *     z - d g x'B,  B = (sum d x x')^-1 sum x z/g
 * (residuals of survey:::svyrecvar); under CALIBRATE_RAKE ten rounds of z - w (unweighted mean of
 * z/w in its category) over the margins, as rake() leaves it to svyrecvar.  z and residual by
 * unit. */
void calibration_residuals(const struct calibration *c, const double *z, double *residual);

#endif
