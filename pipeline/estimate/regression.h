/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Linear and logistic regression with the design's covariances (Binder 1983; Fuller 1975,
 * Sankhya C 37, 117-132): svyglm of R's survey.
 *
 *     struct regression *r = regression_fit(vectors, analysis, 0.95);
 *     for (int i = 0; i < r->count; i++)
 *         use(r->columns[i].term, r->columns[i].value, r->columns[i].estimate);
 *     regression_free(r);
 *
 * Columns are the constant, then each term: a number is one column; a question has one for each
 * answer that occurs but the first of its list, against which the others stand.
 *
 * b solves sum w x (y - m) = 0, m = x'b (gaussian) or 1/(1 + exp(-x'b)) (binomial); covariance of
 * b: that of the total of A^-1 sum w x (y - m), A = sum w x x' m'.  Every pass reads the cases
 * anew.  A is kept as the triangle of a QR decomposition that takes one case at a time (Gentleman
 * 1974, Applied Statistics 23, 448-454), and b is corrected by the score of a further pass, so
 * that ill-conditioned data lose no more digits than a QR of all of them (Björck 1987, seminormal
 * equations).  Logistic: Newton's method with halved steps, until a step is below 1e-10 of b.
 *
 * A column that the earlier ones determine is left out (aliased; NaN).  df = PSUs - strata + 1 -
 * columns.  Not converged (an answer that determines the outcome): all NaN.
 */
#ifndef ESTIMATE_REGRESSION_H
#define ESTIMATE_REGRESSION_H

#include "estimate/intervals.h"
#include "estimate/vectors.h"

struct coefficient {
    int term;     /* index in analysis->variables; 0: the constant */
    double value; /* the answer of a question; NaN for numbers */
    bool aliased;
    double estimate, se, t, p;
    struct interval interval;
};
struct regression {
    long n;
    int n_psu, df; /* df of the residuals */
    int count;
    struct coefficient *columns;
    double *covariance; /* count x count; NaN of aliased columns */
    bool converged;
    int passes; /* Newton steps */
};

/* NULL after a warning when a question has more than GROUPS_MAX answers. */
struct regression *regression_fit(struct vectors *v, const struct analysis *a, double level);
void regression_free(struct regression *r);

#endif
