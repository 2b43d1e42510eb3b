/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Covariances of several estimates, and tests with them.
 *
 *     gsl_matrix *v = sample_covariance(sample, z, 3, active);
 *     double chisq = wald_statistic(v, difference);        // d' V^-1 d
 *     gsl_matrix_free(v);
 *
 * sample_variance() is a quadratic form, so that cov(a, b) = (var(a + b) - var(a - b))/4 in every
 * design that it knows.
 */
#ifndef ESTIMATE_COVARIANCE_H
#define ESTIMATE_COVARIANCE_H

#include "estimate/sample.h"

#include <gsl/gsl_matrix.h>

/* `z` are the linearised totals of each estimate by PSU.  NaN entries when not estimable. */
gsl_matrix *sample_covariance(const struct sample *s, double *const *z, int count,
                              const bool *active);

/* d' V^-1 d of v->size1 numbers; NaN when V is singular or has NaN. */
double wald_statistic(const gsl_matrix *v, const double *d);

/* X such that a X = b, both square and of one size; NULL when `a` is singular or has NaN. */
gsl_matrix *solve_matrix(const gsl_matrix *a, const gsl_matrix *b);

#endif
