/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tests of hypotheses for samples with a design.
 *
 *     struct test_result r = test_groups(v, TEST_WILCOXON, 0.95);    // rows: outcome, group
 *     struct test_result q = test_twoway(v);                          // rows: row, column
 *
 * df is the design's, active PSUs - active strata, of all cases of the test.
 *
 * test_twoway: Pearson's X^2 of the weighted table scaled to n cases, with Rao and Scott's (1984,
 * Annals of Statistics 12, 46-60) corrections: Delta = (C'D^-1 C/n)^-1 C'D^-1 V D^-1 C, D the
 * cells' shares, V their covariance, C the interaction contrasts;
 *     statistic F = X^2/tr Delta on d0 = (tr Delta)^2/tr Delta^2 and d0 df degrees (second order)
 *     chisq = X^2, p from X^2/mean eigenvalue on (r-1)(c-1) degrees (first order)
 * as svychisq(statistic = "F") and ("Chisq") of R's survey 4.1.
 *
 * test_groups: means of a score over the groups; TEST_T the outcome itself, the others a function
 * of its estimated population rank R/N (Lumley and Scott 2013, Biometrika 100, 831-842):
 * wilcoxon and kruskal R/N, vanderwaerden the normal quantile, median R > N/2.  R of a case is the
 * weight before it and half of its own; equal outcomes, in the order of their records, share the
 * plain mean of theirs.  Two groups: second minus first, t on df - 1; more: Wald's F on groups - 1
 * and df - groups + 1.  As svyttest and svyranktest.
 *
 * test_contrast: sum of coefficient times mean over the groups, t on df, as svycontrast() of
 * svyby(covmat = TRUE) with degf().
 *
 * test_paired: the mean over the cases of second minus first variable, t on df - 1, as
 * svyttest(I(second - first) ~ 0).  Where every unit was asked there is no
 * sampling error, and the question left is whether the changes have a direction at all or as likely
 * go up as down: each case is then a unit by itself, t on n - 1, as t.test(second, first, paired =
 * TRUE).
 */
#ifndef ESTIMATE_HYPOTHESIS_H
#define ESTIMATE_HYPOTHESIS_H

#include "estimate/intervals.h"
#include "estimate/vectors.h"

enum { GROUPS_MAX = 50 };

struct test_result {
    long n;
    int n_psu, df, rows, columns; /* groups of the two variables; rows 0 of test_groups */
    double estimate, se;          /* two groups: the difference of mean scores */
    struct interval t;
    double statistic, ndf, ddf, p; /* F; t with ndf 1 for two groups */
    double chisq, chisq_df, chisq_p;
};

/* Numbers are NaN where not estimable: one group only, more than GROUPS_MAX, no degrees of freedom,
 * a census (but for test_paired); TEST_T with more than two groups. */
struct test_result test_groups(struct vectors *v, enum analysis_kind kind, double level);
struct test_result test_twoway(struct vectors *v);
struct test_result test_paired(struct vectors *v, double level);
/* coefficients[value - 1] of each of `choices` values of the groups; NaN when a group with one has
 * no case. */
struct test_result test_contrast(struct vectors *v, const double *coefficients, int choices,
                                 double level);

/* Distinct values of variable `which`, ascending; -1 when they are more than GROUPS_MAX. */
int vectors_levels(struct vectors *v, int which, double *levels);
/* Where x stands among them; the last when it is none. */
int level_place(const double *levels, int count, double x);
/* Cases, and which clusters have any; the design's df. */
struct test_result test_count(struct vectors *v, bool *active);

#endif
