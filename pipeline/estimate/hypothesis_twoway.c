/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tests of two-way tables (test_twoway()).
 */
#include "estimate/hypothesis.h"

#include "estimate/covariance.h"
#include "estimate/resample.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

struct twoway {
    double rows[GROUPS_MAX], columns[GROUPS_MAX];
    int r, c;
    double *share; /* of each cell: [row * c + column] */
    double **z;    /* of each share */
};

static int cell_of(const struct twoway *t, const double *row)
{
    return level_place(t->rows, t->r, row[2]) * t->c + level_place(t->columns, t->c, row[3]);
}

/* Shares of the cells; where there is room for it, the weight of each by cluster.  Returns all
 * weight. */
static double add_shares(struct vectors *v, struct twoway *t)
{
    int cells = t->r * t->c;
    struct sum *sums = must_alloc((size_t)cells * sizeof *sums), all = {0};
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4) {
            int k = cell_of(t, row);
            sum_add(&sums[k], row[0] * row[1]);
            sum_add(&all, row[0] * row[1]);
            if (t->z)
                t->z[k][i] += row[0] * row[1];
        }
    }
    double total = sum_value(&all);
    for (int k = 0; k < cells; k++)
        t->share[k] = sum_value(&sums[k]) / total;
    free(sums);
    return total;
}

static void fill_table(struct vectors *v, struct twoway *t)
{
    int cells = t->r * t->c;
    t->share = must_alloc((size_t)cells * sizeof *t->share);
    t->z = must_alloc((size_t)cells * sizeof *t->z);
    for (int k = 0; k < cells; k++)
        t->z[k] = must_alloc((size_t)v->cluster_count * sizeof(double));
    double total = add_shares(v, t);
    for (int i = 0; i < v->cluster_count; i++) {
        double own = 0;
        for (int k = 0; k < cells; k++)
            own += t->z[k][i];
        for (int k = 0; k < cells; k++)
            t->z[k][i] = (t->z[k][i] - t->share[k] * own) / total;
    }
}

static void free_table(struct twoway *t)
{
    for (int k = 0; t->z && k < t->r * t->c; k++)
        free(t->z[k]);
    free(t->z);
    free(t->share);
}

static double pearson(const struct twoway *t, long n)
{
    double row[GROUPS_MAX] = {0}, column[GROUPS_MAX] = {0}, x2 = 0;
    for (int k = 0; k < t->r * t->c; k++) {
        row[k / t->c] += t->share[k];
        column[k % t->c] += t->share[k];
    }
    for (int k = 0; k < t->r * t->c; k++) {
        double expected = row[k / t->c] * column[k % t->c];
        x2 += (t->share[k] - expected) * (t->share[k] - expected) / expected;
    }
    return x2 * (double)n;
}

/* D^-1 C: contrasts (row i against the last) x (column j against the last), over the shares; 0 for
 * an empty cell, as R has it. */
static gsl_matrix *contrasts(const struct twoway *t)
{
    int free_rows = t->r - 1, free_columns = t->c - 1;
    gsl_matrix *m = gsl_matrix_calloc((size_t)(t->r * t->c), (size_t)(free_rows * free_columns));
    for (int k = 0; k < t->r * t->c; k++)
        for (int d = 0; d < free_rows * free_columns; d++) {
            int i = k / t->c, j = k % t->c;
            int a = i == d / free_columns ? 1 : i == t->r - 1 ? -1 : 0;
            int b = j == d % free_columns ? 1 : j == t->c - 1 ? -1 : 0;
            double x = t->share[k] > 0 ? a * b / t->share[k] : 0;
            gsl_matrix_set(m, (size_t)k, (size_t)d, x);
        }
    return m;
}

/* a' b c */
static gsl_matrix *sandwich(const gsl_matrix *a, const gsl_matrix *b, const gsl_matrix *c)
{
    gsl_matrix *half = gsl_matrix_alloc(b->size1, c->size2);
    gsl_matrix *all = gsl_matrix_alloc(a->size2, c->size2);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, b, c, 0, half);
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1, a, half, 0, all);
    gsl_matrix_free(half);
    return all;
}

struct contrast {
    const struct twoway *table;
    const gsl_matrix *d;
};

/* d' shares */
static void contrasts_of(const struct contrast *c, const double *share, double *out)
{
    for (size_t a = 0; a < c->d->size2; a++) {
        out[a] = 0;
        for (size_t k = 0; k < c->d->size1; k++)
            out[a] += gsl_matrix_get(c->d, k, a) * share[k];
    }
}

static void replicate_contrasts(struct vectors *v, void *context, double *out)
{
    const struct contrast *c = context;
    struct twoway t = *c->table;
    t.z = NULL;
    t.share = must_alloc(c->d->size1 * sizeof *t.share);
    add_shares(v, &t);
    contrasts_of(c, t.share, out);
    free(t.share);
}

static gsl_matrix *resampled_contrasts(struct vectors *v, const struct twoway *t,
                                       const gsl_matrix *d)
{
    struct contrast c = {t, d};
    double *whole = must_alloc(d->size2 * sizeof *whole);
    contrasts_of(&c, t->share, whole);
    gsl_matrix *covariance = resample_covariance(v, (int)d->size2, whole, replicate_contrasts, &c);
    free(whole);
    return covariance;
}

/* Covariance of the contrasts d of the shares. */
static gsl_matrix *contrast_covariance(struct vectors *v, const struct twoway *t,
                                       const gsl_matrix *d, const bool *active)
{
    if (is_resampled(v))
        return resampled_contrasts(v, t, d);
    size_t count = d->size2;
    double **z = must_alloc(count * sizeof *z);
    for (size_t a = 0; a < count; a++) {
        z[a] = must_alloc((size_t)v->cluster_count * sizeof **z);
        for (size_t k = 0; k < d->size1; k++)
            for (int i = 0; i < v->cluster_count; i++)
                z[a][i] += gsl_matrix_get(d, k, a) * t->z[k][i];
    }
    gsl_matrix *covariance = sample_covariance(v->sample, z, (int)count, active);
    for (size_t a = 0; a < count; a++)
        free(z[a]);
    free(z);
    return covariance;
}

/* Trace of Delta and of its square; NaN when it cannot be had. */
static void delta_traces(struct vectors *v, const struct twoway *t, const bool *active, long n,
                         double *trace, double *square)
{
    int cells = t->r * t->c;
    gsl_matrix *d = contrasts(t);
    gsl_matrix *shares = gsl_matrix_calloc((size_t)cells, (size_t)cells);
    for (int k = 0; k < cells; k++)
        gsl_matrix_set(shares, (size_t)k, (size_t)k, t->share[k] / (double)n);
    gsl_matrix *simple = sandwich(d, shares, d);
    gsl_matrix *actual = contrast_covariance(v, t, d, active);
    gsl_matrix *delta = solve_matrix(simple, actual);
    *trace = *square = delta ? 0 : NAN;
    for (size_t i = 0; delta && i < delta->size1; i++) {
        *trace += gsl_matrix_get(delta, i, i);
        for (size_t j = 0; j < delta->size1; j++)
            *square += gsl_matrix_get(delta, i, j) * gsl_matrix_get(delta, j, i);
    }
    gsl_matrix_free(d);
    gsl_matrix_free(shares);
    gsl_matrix_free(simple);
    gsl_matrix_free(actual);
    gsl_matrix_free(delta);
}

struct test_result test_twoway(struct vectors *v)
{
    const double fixed = 1e-20; /* calibration left the table no variance */
    bool *active = must_alloc((size_t)v->cluster_count);
    struct test_result r = test_count(v, active);
    struct twoway t = {0};
    r.rows = t.r = vectors_levels(v, 0, t.rows);
    r.columns = t.c = vectors_levels(v, 1, t.columns);
    if (v->sample && t.r >= 2 && t.c >= 2 && r.df > 0) {
        double trace, square;
        fill_table(v, &t);
        delta_traces(v, &t, active, r.n, &trace, &square);
        double x2 = pearson(&t, r.n);
        if (trace > fixed && isfinite(x2)) {
            r.chisq = x2;
            r.chisq_df = (t.r - 1) * (t.c - 1);
            r.chisq_p = gsl_cdf_chisq_Q(x2 / (trace / r.chisq_df), r.chisq_df);
            r.statistic = x2 / trace;
            r.ndf = trace * trace / square;
            r.ddf = r.ndf * r.df;
            r.p = gsl_cdf_fdist_Q(r.statistic, r.ndf, r.ddf);
        }
        free_table(&t);
    }
    free(active);
    return r;
}
