/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/scales.h"

#include "estimate/hypothesis.h"
#include "estimate/resample.h"

#include <math.h>
#include <stdlib.h>

/* ---- alpha ------------------------------------------------------------------------------------
 */

/* The items and, last, their sum. */
static double item_of(const double *row, int item, int width)
{
    if (item < width)
        return row[item + 2];
    double all = 0;
    for (int i = 0; i < width; i++)
        all += row[i + 2];
    return all;
}

/* Of each item and of their sum. */
static void item_moments(struct vectors *v, struct moments *items)
{
    struct cell_sums sums = cell_sums_new(SUMS_VALUE, v->width + 1);
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += v->width + 2)
            for (int k = 0; k <= v->width; k++) {
                struct sums one;
                sums_of(SUMS_VALUE, row[0] * row[1], item_of(row, k, v->width), 1, &one);
                one.value[SUM_N] = row[1];
                sums_merge(SUMS_VALUE, cell_sums_at(&sums, k), &one);
            }
    }
    for (int k = 0; k <= v->width; k++)
        items[k] = sums_moments(SUMS_VALUE, cell_sums_at(&sums, k));
    cell_sums_free(&sums);
}

/* K/(K-1) (sum V_i u/V^2 - sum u_i/V), by PSU; the variances' factor n/(n-1) cancels. */
static void linearize_alpha(struct vectors *v, const struct moments *items, double *z)
{
    int count = v->width;
    double parts = 0, w = items[count].w, whole = items[count].s_yy / w;
    for (int k = 0; k < count; k++)
        parts += items[k].s_yy / w;
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += count + 2) {
            double d = 0;
            for (int k = 0; k <= count; k++) {
                double deviation = item_of(row, k, count) - items[k].mean_y;
                double u = deviation * deviation - items[k].s_yy / w;
                d += k < count ? -u / whole : parts * u / (whole * whole);
            }
            z[i] += row[0] * row[1] * d * count / (count - 1.0) / w;
        }
    }
}

/* NaN where the sum is constant. */
static double alpha_of(const struct moments *items, int count)
{
    double whole = items[count].s_yy, parts = 0;
    for (int k = 0; k < count; k++)
        parts += items[k].s_yy;
    return whole > 0 && count > 1 ? count / (count - 1.0) * (1 - parts / whole) : NAN;
}

static void replicate_alpha(struct vectors *v, void *context, double *out)
{
    (void)context;
    struct moments *items = must_alloc((size_t)(v->width + 1) * sizeof *items);
    item_moments(v, items);
    *out = alpha_of(items, v->width);
    free(items);
}

struct estimate estimate_alpha(struct vectors *v, double level)
{
    struct moments *items = must_alloc((size_t)(v->width + 1) * sizeof *items);
    double *z = must_alloc((size_t)v->cluster_count * sizeof *z);
    bool *active = must_alloc((size_t)v->cluster_count);
    long n = test_count(v, active).n;
    item_moments(v, items);
    double alpha = alpha_of(items, v->width), variance = NAN;
    if (is_resampled(v)) {
        variance = resample_variance(v, alpha, replicate_alpha, NULL);
    } else if (v->sample && !isnan(alpha)) {
        linearize_alpha(v, items, z);
        variance = sample_variance(v->sample, z, active);
    }
    struct estimate e = estimate_with_variance(v->sample, alpha, n, variance, active, level);
    free(items);
    free(z);
    free(active);
    return e;
}

/* ---- kappa ------------------------------------------------------------------------------------
 */

struct coders {
    double levels[GROUPS_MAX]; /* of either */
    int count;
    double first[GROUPS_MAX], second[GROUPS_MAX]; /* shares */
    double w, agree, expected;
};

static int category(const struct coders *c, double x)
{
    int i = 0;
    while (i < c->count && c->levels[i] != x)
        i++;
    return i;
}

/* The categories of both; false when there are too many. */
static bool join_levels(struct vectors *v, struct coders *c)
{
    double second[GROUPS_MAX];
    c->count = vectors_levels(v, 0, c->levels);
    int more = vectors_levels(v, 1, second);
    if (c->count < 0 || more < 0)
        return false;
    for (int i = 0; i < more; i++)
        if (category(c, second[i]) == c->count) {
            if (c->count == GROUPS_MAX)
                return false;
            c->levels[c->count++] = second[i];
        }
    return true;
}

static double kappa_gradient(const struct coders *c, const double *row)
{
    double rest = 1 - c->expected;
    double g = c->second[category(c, row[2])] + c->first[category(c, row[3])];
    double d = ((row[2] == row[3]) - c->agree) * rest - (1 - c->agree) * (g - 2 * c->expected);
    return d / (rest * rest);
}

/* The mean of kappa's derivative over the cases, 0 over the whole sample: the replicates' shares
 * by the delta method, as svykappa() has it. */
static void replicate_kappa(struct vectors *v, void *context, double *out)
{
    struct sum all = {0}, change = {0};
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4) {
            sum_add(&all, row[0] * row[1]);
            sum_add(&change, row[0] * row[1] * kappa_gradient(context, row));
        }
    }
    *out = sum_value(&change) / sum_value(&all);
}

static void add_margins(struct vectors *v, struct coders *c)
{
    struct sum all = {0}, agree = {0}, first[GROUPS_MAX] = {0}, second[GROUPS_MAX] = {0};
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4) {
            double w = row[0] * row[1];
            sum_add(&all, w);
            sum_add(&agree, row[2] == row[3] ? w : 0);
            sum_add(&first[category(c, row[2])], w);
            sum_add(&second[category(c, row[3])], w);
        }
    }
    c->w = sum_value(&all);
    c->agree = sum_value(&agree) / c->w;
    for (int k = 0; k < c->count; k++) {
        c->first[k] = sum_value(&first[k]) / c->w;
        c->second[k] = sum_value(&second[k]) / c->w;
        c->expected += c->first[k] * c->second[k];
    }
}

static void linearize_kappa(struct vectors *v, const struct coders *c, double *z)
{
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4)
            z[i] += row[0] * row[1] * kappa_gradient(c, row) / c->w;
    }
}

static double kappa_variance(struct vectors *v, struct coders *c, const bool *active)
{
    if (is_resampled(v))
        return resample_variance(v, 0, replicate_kappa, c);
    double *z = must_alloc((size_t)v->cluster_count * sizeof *z);
    linearize_kappa(v, c, z);
    double variance = v->sample ? sample_variance(v->sample, z, active) : NAN;
    free(z);
    return variance;
}

struct estimate estimate_kappa(struct vectors *v, double level)
{
    double kappa = NAN, variance = NAN;
    bool *active = must_alloc((size_t)v->cluster_count);
    long n = test_count(v, active).n;
    struct coders c = {0};
    if (n > 0 && join_levels(v, &c)) {
        add_margins(v, &c);
        if (c.w > 0 && c.expected < 1) {
            kappa = (c.agree - c.expected) / (1 - c.expected);
            variance = kappa_variance(v, &c, active);
        }
    }
    struct estimate e = estimate_with_variance(v->sample, kappa, n, variance, active, level);
    free(active);
    return e;
}
