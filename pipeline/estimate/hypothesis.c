/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/hypothesis.h"

#include "estimate/covariance.h"
#include "estimate/resample.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int vectors_levels(struct vectors *v, int which, double *levels)
{
    int count = 0;
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += v->width + 2) {
            double x = row[which + 2];
            int at = 0;
            while (at < count && levels[at] < x)
                at++;
            if (at < count && levels[at] == x)
                continue;
            if (count == GROUPS_MAX)
                return -1;
            memmove(levels + at + 1, levels + at, (size_t)(count++ - at) * sizeof *levels);
            levels[at] = x;
        }
    }
    return count;
}

struct test_result test_count(struct vectors *v, bool *active)
{
    struct test_result r = {.estimate = NAN,
                            .se = NAN,
                            .t = {NAN, NAN},
                            .statistic = NAN,
                            .ndf = NAN,
                            .ddf = NAN,
                            .p = NAN,
                            .chisq = NAN,
                            .chisq_df = NAN,
                            .chisq_p = NAN};
    int strata = 0;
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        active[i] = false;
        for (; n-- > 0; row += v->width + 2) {
            r.n += (long)row[1];
            active[i] |= row[0] > 0;
        }
    }
    if (v->sample) {
        sample_count(v->sample, active, &r.n_psu, &strata);
        r.df = sample_df(v->sample, active);
    }
    return r;
}

static int place_of(const double *levels, int count, double x)
{
    int i = 0;
    while (i < count - 1 && levels[i] != x)
        i++;
    return i;
}

/* ---- scores -----------------------------------------------------------------------------------
 */

/* The outcome's weighted distribution, for ranks. */
struct ranks {
    struct points all;
    double *middle; /* weight below a value and half of its own, over all weight */
};

static struct ranks ranks_new(struct vectors *v)
{
    struct ranks r = {0};
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += v->width + 2)
            points_add(&r.all, row[2], row[0] * row[1]);
    }
    points_sort(&r.all);
    r.middle = must_alloc((size_t)r.all.count * sizeof *r.middle);
    struct sum below = {0};
    for (int k = 0; k < r.all.count; k++) {
        r.middle[k] = sum_value(&below) + r.all.items[k].w / 2;
        sum_add(&below, r.all.items[k].w);
    }
    for (int k = 0; k < r.all.count; k++)
        r.middle[k] /= sum_value(&below);
    return r;
}

static double rank_of(const struct ranks *r, double y)
{
    int low = 0, high = r->all.count - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (r->all.items[middle].value < y)
            low = middle + 1;
        else
            high = middle;
    }
    return r->middle[low];
}

static double score_of(const struct ranks *r, enum analysis_kind kind, double y)
{
    switch (kind) {
    case TEST_T:
        return y;
    case TEST_VANDERWAERDEN:
        return gsl_cdf_ugaussian_Pinv(rank_of(r, y));
    case TEST_MEDIAN:
        return rank_of(r, y) > 0.5;
    default:
        return rank_of(r, y);
    }
}

/* ---- group means ------------------------------------------------------------------------------
 */

struct means {
    double levels[GROUPS_MAX], mean[GROUPS_MAX], weight[GROUPS_MAX];
    int count;
    double *z[GROUPS_MAX]; /* of each mean */
};

static void add_means(struct vectors *v, const struct ranks *ranks, enum analysis_kind kind,
                      struct means *m)
{
    struct sum sums[GROUPS_MAX] = {0}, weights[GROUPS_MAX] = {0};
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4) {
            int g = place_of(m->levels, m->count, row[3]);
            sum_add(&sums[g], row[0] * row[1] * score_of(ranks, kind, row[2]));
            sum_add(&weights[g], row[0] * row[1]);
        }
    }
    for (int g = 0; g < m->count; g++) {
        m->weight[g] = sum_value(&weights[g]);
        m->mean[g] = sum_value(&sums[g]) / m->weight[g];
    }
}

static void linearize_means(struct vectors *v, const struct ranks *ranks, enum analysis_kind kind,
                            struct means *m)
{
    for (int g = 0; g < m->count; g++)
        m->z[g] = must_alloc((size_t)v->cluster_count * sizeof(double));
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4) {
            int g = place_of(m->levels, m->count, row[3]);
            double d = score_of(ranks, kind, row[2]) - m->mean[g];
            m->z[g][i] += row[0] * row[1] * d / m->weight[g];
        }
    }
}

/* Second mean less the first, of the outcome itself. */
static void difference_of_means(struct vectors *v, void *context, double *out)
{
    struct means m = *(const struct means *)context;
    add_means(v, NULL, TEST_T, &m);
    *out = m.mean[1] - m.mean[0];
}

/* Scores of ranks are those of the whole sample in all replicates, and their mean's variance that
 * of linearised totals, as in svyranktest(). */
static double difference_variance(struct vectors *v, enum analysis_kind kind, struct means *m,
                                  const bool *active)
{
    if (is_resampled(v) && kind == TEST_T)
        return resample_variance(v, m->mean[1] - m->mean[0], difference_of_means, m);
    for (int i = 0; i < v->cluster_count; i++)
        m->z[1][i] -= m->z[0][i];
    return sample_variance(v->sample, m->z[1], active);
}

static void compare_two(struct vectors *v, enum analysis_kind kind, struct means *m,
                        const bool *active, double level, struct test_result *r)
{
    r->estimate = m->mean[1] - m->mean[0];
    r->ndf = 1;
    r->ddf = r->df - 1;
    if (r->ddf <= 0)
        return;
    r->se = sqrt(difference_variance(v, kind, m, active));
    r->t = interval_t(r->estimate, r->se, r->ddf, level);
    r->statistic = r->se > 0 ? r->estimate / r->se : NAN;
    r->p = t_p_value(r->statistic, r->ddf);
}

static void compare_many(struct vectors *v, const struct means *m, const bool *active,
                         struct test_result *r)
{
    double d[GROUPS_MAX];
    for (int g = 1; g < m->count; g++) {
        d[g - 1] = m->mean[g] - m->mean[0];
        for (int i = 0; i < v->cluster_count; i++)
            m->z[g][i] -= m->z[0][i];
    }
    r->ndf = m->count - 1;
    r->ddf = r->df - r->ndf;
    if (r->ddf <= 0)
        return;
    gsl_matrix *covariance = sample_covariance(v->sample, m->z + 1, m->count - 1, active);
    r->statistic = wald_statistic(covariance, d) / r->ndf;
    r->p = isnan(r->statistic) ? NAN : gsl_cdf_fdist_Q(r->statistic, r->ndf, r->ddf);
    gsl_matrix_free(covariance);
}

struct test_result test_groups(struct vectors *v, enum analysis_kind kind, double level)
{
    bool *active = must_alloc((size_t)v->cluster_count);
    struct test_result r = test_count(v, active);
    struct means m = {.count = vectors_levels(v, 1, m.levels)};
    r.columns = m.count;
    bool possible = v->sample && m.count >= 2 && (kind != TEST_T || m.count == 2);
    if (possible) {
        struct ranks ranks = kind == TEST_T ? (struct ranks){0} : ranks_new(v);
        add_means(v, &ranks, kind, &m);
        linearize_means(v, &ranks, kind, &m);
        if (m.count == 2)
            compare_two(v, kind, &m, active, level, &r);
        else
            compare_many(v, &m, active, &r);
        points_free(&ranks.all);
        free(ranks.middle);
    }
    for (int g = 0; g < m.count; g++)
        free(m.z[g]);
    free(active);
    return r;
}

/* ---- changes of the same cases ------------------------------------------------------------------
 */

/* The weighted mean of second minus first variable; its weight where `weight` is given. */
static double mean_change(struct vectors *v, double *weight)
{
    struct sum sum = {0}, all = {0};
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4) {
            sum_add(&sum, row[0] * row[1] * (row[3] - row[2]));
            sum_add(&all, row[0] * row[1]);
        }
    }
    if (weight)
        *weight = sum_value(&all);
    return sum_value(&sum) / sum_value(&all);
}

static void replicate_change(struct vectors *v, void *context, double *out)
{
    (void)context;
    *out = mean_change(v, NULL);
}

/* Of the mean, when the cases are all there are. */
static double census_variance(struct vectors *v, double mean, double n)
{
    struct sum squares = {0};
    for (int i = 0; i < v->cluster_count; i++) {
        int rows;
        const double *row = vectors_rows(v, i, &rows);
        for (; rows-- > 0; row += 4) {
            double d = row[3] - row[2] - mean;
            sum_add(&squares, row[1] * d * d);
        }
    }
    return sum_value(&squares) / (n - 1) / n;
}

static double design_variance(struct vectors *v, double mean, double weight, const bool *active)
{
    if (is_resampled(v))
        return resample_variance(v, mean, replicate_change, NULL);
    double *z = must_alloc((size_t)v->cluster_count * sizeof *z);
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4)
            z[i] += row[0] * row[1] * (row[3] - row[2] - mean) / weight;
    }
    double variance = sample_variance(v->sample, z, active);
    free(z);
    return variance;
}

struct test_result test_paired(struct vectors *v, double level)
{
    bool *active = must_alloc((size_t)v->cluster_count);
    struct test_result r = test_count(v, active);
    double weight;
    if (!v->sample)
        r.df = r.n > 0 ? (int)r.n - 1 : 0;
    r.columns = 2;
    r.ndf = 1;
    r.ddf = r.df;
    if (r.df > 0) {
        r.estimate = mean_change(v, &weight);
        r.se = sqrt(v->sample ? design_variance(v, r.estimate, weight, active)
                              : census_variance(v, r.estimate, (double)r.n));
        r.t = interval_t(r.estimate, r.se, r.ddf, level);
        r.statistic = r.se > 0 ? r.estimate / r.se : NAN;
        r.p = t_p_value(r.statistic, r.ddf);
    }
    free(active);
    return r;
}

/* ---- two-way tables ----------------------------------------------------------------------------
 */

struct twoway {
    double rows[GROUPS_MAX], columns[GROUPS_MAX];
    int r, c;
    double *share; /* of each cell: [row * c + column] */
    double **z;    /* of each share */
};

static int cell_of(const struct twoway *t, const double *row)
{
    return place_of(t->rows, t->r, row[2]) * t->c + place_of(t->columns, t->c, row[3]);
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
