/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/scales.h"

#include "estimate/hypothesis.h"

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

static void item_moments(struct vectors *v, struct moments *items)
{
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += v->width + 2)
            for (int k = 0; k <= v->width; k++) {
                struct moments one = {
                    .n = (long)row[1], .w = row[0] * row[1], .mean_y = item_of(row, k, v->width)};
                moments_merge(&items[k], &one);
            }
    }
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

struct estimate estimate_alpha(struct vectors *v, double level)
{
    struct moments *items = must_alloc((size_t)(v->width + 1) * sizeof *items);
    double *z = must_alloc((size_t)v->cluster_count * sizeof *z), alpha = NAN;
    bool *active = must_alloc((size_t)v->cluster_count);
    long n = test_count(v, active).n;
    item_moments(v, items);
    double whole = items[v->width].s_yy, parts = 0;
    if (whole > 0 && v->width > 1) {
        for (int k = 0; k < v->width; k++)
            parts += items[k].s_yy;
        alpha = v->width / (v->width - 1.0) * (1 - parts / whole);
        linearize_alpha(v, items, z);
    }
    struct estimate e = estimate_linearized(v->sample, alpha, n, z, active, level);
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
    double rest = 1 - c->expected;
    for (int i = 0; i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += 4) {
            double g = c->second[category(c, row[2])] + c->first[category(c, row[3])];
            double d =
                ((row[2] == row[3]) - c->agree) * rest - (1 - c->agree) * (g - 2 * c->expected);
            z[i] += row[0] * row[1] * d / (c->w * rest * rest);
        }
    }
}

struct estimate estimate_kappa(struct vectors *v, double level)
{
    double *z = must_alloc((size_t)v->cluster_count * sizeof *z), kappa = NAN;
    bool *active = must_alloc((size_t)v->cluster_count);
    long n = test_count(v, active).n;
    struct coders c = {0};
    if (n > 0 && join_levels(v, &c)) {
        add_margins(v, &c);
        if (c.w > 0 && c.expected < 1) {
            kappa = (c.agree - c.expected) / (1 - c.expected);
            linearize_kappa(v, &c, z);
        }
    }
    struct estimate e = estimate_linearized(v->sample, kappa, n, z, active, level);
    free(z);
    free(active);
    return e;
}
