/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/covariance.h"

#include "base/arena.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

static double variance_of(const struct sample *s, const double *a, const double *b, double sign,
                          const bool *active, double *work)
{
    for (int i = 0; i < s->unit_count; i++)
        work[i] = a[i] + sign * b[i];
    return sample_variance(s, work, active);
}

gsl_matrix *sample_covariance(const struct sample *s, double *const *z, int count,
                              const bool *active)
{
    gsl_matrix *v = gsl_matrix_alloc((size_t)count, (size_t)count);
    double *work = must_alloc((size_t)s->unit_count * sizeof *work);
    for (int a = 0; a < count; a++)
        for (int b = 0; b <= a; b++) {
            double c = a == b ? sample_variance(s, z[a], active)
                              : (variance_of(s, z[a], z[b], 1, active, work) -
                                 variance_of(s, z[a], z[b], -1, active, work)) /
                                    4;
            gsl_matrix_set(v, (size_t)a, (size_t)b, c);
            gsl_matrix_set(v, (size_t)b, (size_t)a, c);
        }
    free(work);
    return v;
}

/* All entries are numbers. */
static bool is_finite_matrix(const gsl_matrix *a)
{
    size_t n = a->size1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (!isfinite(gsl_matrix_get(a, i, j)))
                return false;
    return n > 0;
}

gsl_matrix *solve_matrix(const gsl_matrix *a, const gsl_matrix *b)
{
    const double singular = 1e-14; /* a pivot over the largest */
    size_t n = a->size1;
    if (!is_finite_matrix(a))
        return NULL;
    gsl_matrix *lu = gsl_matrix_alloc(n, n), *x = gsl_matrix_alloc(n, b->size2);
    gsl_permutation *p = gsl_permutation_alloc(n);
    int sign;
    double least = INFINITY, most = 0;
    gsl_matrix_memcpy(lu, a);
    gsl_linalg_LU_decomp(lu, p, &sign);
    for (size_t i = 0; i < n; i++) {
        double pivot = fabs(gsl_matrix_get(lu, i, i));
        least = fmin(least, pivot);
        most = fmax(most, pivot);
    }
    bool solvable = least > singular * most;
    for (size_t c = 0; solvable && c < b->size2; c++) {
        gsl_vector_const_view from = gsl_matrix_const_column(b, c);
        gsl_vector_view to = gsl_matrix_column(x, c);
        gsl_vector_memcpy(&to.vector, &from.vector);
        gsl_linalg_LU_svx(lu, p, &to.vector);
    }
    gsl_permutation_free(p);
    gsl_matrix_free(lu);
    if (solvable)
        return x;
    gsl_matrix_free(x);
    return NULL;
}

double wald_statistic(const gsl_matrix *v, const double *d)
{
    size_t n = v->size1;
    gsl_matrix *right = gsl_matrix_alloc(n, 1);
    for (size_t i = 0; i < n; i++)
        gsl_matrix_set(right, i, 0, d[i]);
    gsl_matrix *x = solve_matrix(v, right);
    double q = x ? 0 : NAN;
    for (size_t i = 0; x && i < n; i++)
        q += d[i] * gsl_matrix_get(x, i, 0);
    gsl_matrix_free(x);
    gsl_matrix_free(right);
    return q;
}
