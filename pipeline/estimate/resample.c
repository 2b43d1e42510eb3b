/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/resample.h"

#include "base/arena.h"
#include "estimate/replicates.h"

#include <stdlib.h>

bool is_resampled(const struct vectors *v)
{
    return v->sample && v->sample->replicates;
}

/* var(a + sign b) */
static double variance_of(const struct replicates *r, const double *a, const double *b, double sign,
                          double whole, double *work)
{
    for (int k = 0; k < r->count; k++)
        work[k] = a[k] + sign * b[k];
    return replicates_variance(r, work, whole);
}

/* thetas: [number * replicates + replicate] */
static gsl_matrix *covariance_of(const struct replicates *r, const double *thetas, int count,
                                 const double *whole)
{
    gsl_matrix *v = gsl_matrix_alloc((size_t)count, (size_t)count);
    double *work = must_alloc((size_t)r->count * sizeof *work);
    for (int i = 0; i < count; i++)
        for (int j = 0; j <= i; j++) {
            const double *a = thetas + (size_t)i * (size_t)r->count;
            const double *b = thetas + (size_t)j * (size_t)r->count;
            double c = i == j ? replicates_variance(r, a, whole[i])
                              : (variance_of(r, a, b, 1, whole[i] + whole[j], work) -
                                 variance_of(r, a, b, -1, whole[i] - whole[j], work)) /
                                    4;
            gsl_matrix_set(v, (size_t)i, (size_t)j, c);
            gsl_matrix_set(v, (size_t)j, (size_t)i, c);
        }
    free(work);
    return v;
}

gsl_matrix *resample_covariance(struct vectors *v, int count, const double *whole,
                                vectors_numbers *numbers, void *context)
{
    const struct replicates *r = v->sample->replicates;
    double *thetas = must_alloc((size_t)count * (size_t)r->count * sizeof *thetas);
    double *out = must_alloc((size_t)count * sizeof *out);
    v->drawn = r;
    for (v->replicate = 0; v->replicate < r->count; v->replicate++) {
        numbers(v, context, out);
        for (int i = 0; i < count; i++)
            thetas[(size_t)i * (size_t)r->count + (size_t)v->replicate] = out[i];
    }
    v->drawn = NULL;
    gsl_matrix *covariance = covariance_of(r, thetas, count, whole);
    free(thetas);
    free(out);
    return covariance;
}

double resample_variance(struct vectors *v, double whole, vectors_numbers *numbers, void *context)
{
    gsl_matrix *covariance = resample_covariance(v, 1, &whole, numbers, context);
    double variance = gsl_matrix_get(covariance, 0, 0);
    gsl_matrix_free(covariance);
    return variance;
}
