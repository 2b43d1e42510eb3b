/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Analyses of several variables over the replicates of a sample that has replicate weights: the
 * numbers are computed anew with each replicate's weights.
 *
 *     static void shares(struct vectors *v, void *table, double *out);     // 3 numbers
 *     gsl_matrix *c = resample_covariance(v, 3, share_of_all, shares, &table);
 *     gsl_matrix_free(c);
 */
#ifndef ESTIMATE_RESAMPLE_H
#define ESTIMATE_RESAMPLE_H

#include "estimate/vectors.h"

#include <gsl/gsl_matrix.h>

/* Computes numbers from the vectors as they stand; NaN for one that has no value. */
typedef void vectors_numbers(struct vectors *v, void *context, double *out);

bool is_resampled(const struct vectors *v);

/* Covariances of `count` numbers, `whole` being those of all cases; is_resampled(v).  As svrVar()
 * of R's survey. */
gsl_matrix *resample_covariance(struct vectors *v, int count, const double *whole,
                                vectors_numbers *numbers, void *context);
/* Of one number. */
double resample_variance(struct vectors *v, double whole, vectors_numbers *numbers, void *context);

#endif
