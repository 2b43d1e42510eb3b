/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/inequality.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>

/* ---- cases ----------------------------------------------------------------------------------- */

bool inequality_terms(enum statistic statistic, double power, double *y, double *x)
{
    double income = *y, line = *x;
    switch (statistic) {
    case STAT_FGT:
        *y = income > line ? 0 : power == 0 ? 1 : pow((line - income) / line, power);
        *x = 1;
        return line > 0;
    case STAT_THEIL_T:
    case STAT_THEIL_L:
        *x = income;
        *y = statistic == STAT_THEIL_T ? income * log(income) : log(income);
        return income > 0;
    default:
        return true;
    }
}

void inequality_add(struct moments *m, double w, double y, double x)
{
    long dropped = m->hits;
    moments_add(m, w, y, x);
    m->hits = dropped;
}

void inequality_drop(struct moments *m)
{
    m->n++;
    m->hits++;
}

long inequality_dropped(const struct moments *cells, int count)
{
    long n = 0;
    for (int i = 0; i < count; i++)
        n += cells[i].hits;
    return n;
}

bool is_inequality(enum statistic statistic)
{
    return statistic == STAT_THEIL_T || statistic == STAT_THEIL_L || statistic == STAT_GINI ||
           statistic == STAT_LORENZ;
}

/* ---- an estimate and its linearised values by PSU
 * ------------------------------------------------
 */

struct result_z {
    double value;
    long n;
    double *z;
    bool *active;
};

static struct result_z result_new(int count)
{
    return (struct result_z){NAN, 0, must_alloc((size_t)count * sizeof(double)),
                             must_alloc((size_t)count * sizeof(bool))};
}

static struct result_z theil(enum statistic statistic, const struct moments *cells, int count)
{
    struct result_z r = result_new(count);
    struct moments all = {0};
    for (int i = 0; i < count; i++) {
        moments_merge(&all, &cells[i]);
        r.active[i] = cells[i].w > 0;
        r.n += cells[i].n - cells[i].hits;
    }
    if (!(all.w > 0))
        return r;
    double mean = all.mean_x, scale = log(mean);
    r.value = statistic == STAT_THEIL_T ? all.mean_y / mean - scale : scale - all.mean_y;
    r.value = fmax(r.value, 0); /* what rounding leaves of equal incomes */
    for (int i = 0; i < count; i++) {
        double share = cells[i].w / all.w, y = cells[i].mean_y, x = cells[i].mean_x;
        r.z[i] = share * (statistic == STAT_THEIL_T ? (y - (r.value + 1 + scale) * x) / mean + 1
                                                    : scale - y - r.value - 1 + x / mean);
    }
    return r;
}

/* The cases of all PSUs in the order of their values, with running sums. */
struct curve {
    struct points all;
    double *weight, *income; /* up to and with each point */
    double total_weight, total_income;
};

static struct curve curve_new(const struct points *points, int count, struct result_z *r)
{
    struct curve c = {0};
    for (int i = 0; i < count; i++) {
        points_append(&c.all, points[i].items, points[i].count);
        for (int k = 0; k < points[i].count; k++) {
            r->n += points[i].items[k].n;
            r->active[i] |= points[i].items[k].w > 0;
        }
    }
    points_sort(&c.all);
    c.weight = must_alloc((size_t)c.all.count * sizeof *c.weight);
    c.income = must_alloc((size_t)c.all.count * sizeof *c.income);
    struct sum weight = {0}, income = {0};
    for (int k = 0; k < c.all.count; k++) {
        sum_add(&weight, c.all.items[k].w);
        sum_add(&income, c.all.items[k].w * c.all.items[k].value);
        c.weight[k] = sum_value(&weight);
        c.income[k] = sum_value(&income);
    }
    c.total_weight = sum_value(&weight);
    c.total_income = sum_value(&income);
    return c;
}

static void curve_free(struct curve *c)
{
    free(c->weight);
    free(c->income);
    points_free(&c->all);
}

static bool has_shares(const struct curve *c)
{
    return c->all.count > 0 && c->all.items[0].value >= 0 && c->total_income > 0;
}

/* Sums w times d[k] over the points of each PSU, d being of the points of the curve. */
static void spread(const struct curve *c, const double *d, const struct points *points, int count,
                   double *z)
{
    for (int i = 0; i < count; i++) {
        struct sum sum = {0};
        for (int k = 0, p = 0; p < points[i].count; p++) {
            int low = k, high = c->all.count - 1; /* the points of a PSU ascend */
            while (low < high) {
                int middle = low + (high - low) / 2;
                if (c->all.items[middle].value < points[i].items[p].value)
                    low = middle + 1;
                else
                    high = middle;
            }
            k = low;
            sum_add(&sum, points[i].items[p].w * d[k]);
        }
        z[i] = sum_value(&sum);
    }
}

static double gini_of(const struct curve *c)
{
    struct sum area = {0};
    for (int k = 0; k < c->all.count; k++) {
        const struct point *p = &c->all.items[k];
        sum_add(&area, p->w * p->value * (2 * c->weight[k] - p->w));
    }
    double gini = sum_value(&area) / (c->total_weight * c->total_income) - 1;
    return c->all.count == 1 ? 0 : gini;
}

static struct result_z gini(const struct points *points, int count)
{
    struct result_z r = result_new(count);
    struct curve c = curve_new(points, count, &r);
    if (has_shares(&c)) {
        double w = c.total_weight, y = c.total_income;
        double *d = must_alloc((size_t)c.all.count * sizeof *d);
        r.value = gini_of(&c);
        for (int k = 0; k < c.all.count; k++) {
            double value = c.all.items[k].value, above = y - c.income[k];
            d[k] =
                2 * (value * c.weight[k] + above) / (w * y) - (r.value + 1) * (value / y + 1 / w);
        }
        spread(&c, d, points, count, r.z);
        free(d);
    }
    curve_free(&c);
    return r;
}

static struct result_z lorenz(const struct points *points, int count, double share)
{
    struct result_z r = result_new(count);
    struct curve c = curve_new(points, count, &r);
    if (has_shares(&c)) {
        int k = 0;
        while (k < c.all.count - 1 && c.weight[k] < share * c.total_weight)
            k++;
        double q = c.all.items[k].value, before = k ? c.weight[k - 1] : 0;
        double part = (k ? c.income[k - 1] : 0) + q * (share * c.total_weight - before);
        double *d = must_alloc((size_t)c.all.count * sizeof *d);
        r.value = part / c.total_income;
        for (int i = 0; i < c.all.count; i++) {
            double value = c.all.items[i].value;
            d[i] = ((value < q ? value - q : 0) + share * q - r.value * value) / c.total_income;
        }
        spread(&c, d, points, count, r.z);
        free(d);
    }
    curve_free(&c);
    return r;
}

struct estimate estimate_inequality(enum statistic statistic, double share, const struct sample *s,
                                    const struct moments *cells, const struct points *points,
                                    int count, double level)
{
    struct result_z r = statistic == STAT_GINI     ? gini(points, count)
                        : statistic == STAT_LORENZ ? lorenz(points, count, share)
                                                   : theil(statistic, cells, count);
    struct estimate e = estimate_linearized(s, r.value, r.n, r.z, r.active, level);
    free(r.z);
    free(r.active);
    return e;
}
