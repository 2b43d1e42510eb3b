/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/hypothesis.h"

#include "estimate/covariance.h"
#include "estimate/resample.h"

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
            r.n += row[0] > 0 ? (long)row[1] : 0;
            active[i] |= row[0] > 0;
        }
    }
    if (v->sample) {
        sample_count(v->sample, active, &r.n_psu, &strata);
        r.df = sample_df(v->sample, active);
    }
    return r;
}

int level_place(const double *levels, int count, double x)
{
    int i = 0;
    while (i < count - 1 && levels[i] != x)
        i++;
    return i;
}

/* ---- scores -----------------------------------------------------------------------------------
 */

/* A case of a rank test. */
struct ranked {
    double outcome, place, weight;
};

/* The outcomes, ascending, and their ranks over all weight. */
struct ranks {
    double *outcome, *rank;
    int count;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->outcome != b->outcome)
        return a->outcome < b->outcome ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static struct ranked *cases_by_outcome(struct vectors *v, int *count)
{
    struct ranked *all = NULL;
    int room = 0;
    *count = 0;
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += v->width + 2) {
            GROW(all, *count, room);
            all[(*count)++] = (struct ranked){row[2], row[4], row[0]};
        }
    }
    if (*count)
        qsort(all, (size_t)*count, sizeof *all, compare_ranked);
    return all;
}

static struct ranks ranks_new(struct vectors *v)
{
    int count;
    struct ranked *all = cases_by_outcome(v, &count);
    struct ranks r = {must_alloc((size_t)count * sizeof *r.outcome),
                      must_alloc((size_t)count * sizeof *r.rank), 0};
    struct sum below = {0};
    for (int first = 0, next; first < count; first = next) {
        struct sum middles = {0};
        for (next = first; next < count && all[next].outcome == all[first].outcome; next++) {
            sum_add(&middles, sum_value(&below) + all[next].weight / 2);
            sum_add(&below, all[next].weight);
        }
        r.outcome[r.count] = all[first].outcome;
        r.rank[r.count++] = sum_value(&middles) / (next - first);
    }
    for (int k = 0; k < r.count; k++)
        r.rank[k] /= sum_value(&below);
    free(all);
    return r;
}

static double rank_of(const struct ranks *r, double y)
{
    int low = 0, high = r->count - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (r->outcome[middle] < y)
            low = middle + 1;
        else
            high = middle;
    }
    return r->rank[low];
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

/* The normal score of the least rank of weight 0 is minus infinity. */
static double weighted(const double *row, double score)
{
    return row[0] > 0 ? row[0] * row[1] * score : 0;
}

static void add_means(struct vectors *v, const struct ranks *ranks, enum analysis_kind kind,
                      struct means *m)
{
    struct sum sums[GROUPS_MAX] = {0}, weights[GROUPS_MAX] = {0};
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += v->width + 2) {
            int g = level_place(m->levels, m->count, row[3]);
            sum_add(&sums[g], weighted(row, score_of(ranks, kind, row[2])));
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
        for (; n-- > 0; row += v->width + 2) {
            int g = level_place(m->levels, m->count, row[3]);
            double d = score_of(ranks, kind, row[2]) - m->mean[g];
            m->z[g][i] += weighted(row, d) / m->weight[g];
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
        free(ranks.outcome);
        free(ranks.rank);
    }
    for (int g = 0; g < m.count; g++)
        free(m.z[g]);
    free(active);
    return r;
}

/* ---- contrasts --------------------------------------------------------------------------------
 */

struct contrast_of_means {
    struct means *m;
    const double *coefficients; /* by group */
};

static double combine(const struct means *m, const double *coefficients)
{
    struct sum sum = {0};
    for (int g = 0; g < m->count; g++)
        if (coefficients[g] != 0)
            sum_add(&sum, coefficients[g] * m->mean[g]);
    return sum_value(&sum);
}

static void replicate_contrast(struct vectors *v, void *context, double *out)
{
    const struct contrast_of_means *c = context;
    struct means m = *c->m;
    add_means(v, NULL, TEST_T, &m);
    *out = combine(&m, c->coefficients);
}

static double contrast_variance(struct vectors *v, struct contrast_of_means *c, double value,
                                const bool *active)
{
    if (is_resampled(v))
        return resample_variance(v, value, replicate_contrast, c);
    linearize_means(v, NULL, TEST_T, c->m);
    double *z = must_alloc((size_t)v->cluster_count * sizeof *z);
    for (int g = 0; g < c->m->count; g++)
        for (int i = 0; i < v->cluster_count; i++)
            z[i] += c->coefficients[g] * c->m->z[g][i];
    double variance = sample_variance(v->sample, z, active);
    free(z);
    return variance;
}

/* The coefficients of the groups there are; false when another one has a coefficient too. */
static bool coefficients_of(const struct means *m, const double *coefficients, int choices,
                            double of[GROUPS_MAX])
{
    int wanted = 0, found = 0;
    for (int i = 0; i < choices; i++)
        wanted += coefficients[i] != 0;
    for (int g = 0; g < m->count; g++) {
        of[g] = coefficients[(int)m->levels[g] - 1];
        found += of[g] != 0;
    }
    return wanted == found;
}

struct test_result test_contrast(struct vectors *v, const double *coefficients, int choices,
                                 double level)
{
    bool *active = must_alloc((size_t)v->cluster_count);
    double of[GROUPS_MAX];
    struct test_result r = test_count(v, active);
    struct means m = {.count = vectors_levels(v, 1, m.levels)};
    struct contrast_of_means c = {&m, of};
    r.columns = m.count;
    r.ndf = 1;
    r.ddf = r.df;
    if (v->sample && r.df > 0 && m.count > 0 && coefficients_of(&m, coefficients, choices, of)) {
        add_means(v, NULL, TEST_T, &m);
        r.estimate = combine(&m, of);
        r.se = sqrt(contrast_variance(v, &c, r.estimate, active));
        r.t = interval_t(r.estimate, r.se, r.ddf, level);
        r.statistic = r.se > 0 ? r.estimate / r.se : NAN;
        r.p = t_p_value(r.statistic, r.ddf);
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
    r.ddf = v->sample ? r.df - 1 : r.df;
    if (r.ddf > 0) {
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
