/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/inequality.h"

#include "base/arena.h"
#include "estimate/replicates.h"

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

bool is_inequality(enum statistic statistic)
{
    return statistic == STAT_THEIL_T || statistic == STAT_THEIL_L || statistic == STAT_GINI ||
           statistic == STAT_LORENZ;
}

/* ---- an estimate and its linearised values by PSU
 * ------------------------------------------------
 */

/* No estimate yet, and no unit active. */
static struct linear *linear_new(int count)
{
    struct linear *l = must_alloc(sizeof *l);
    *l = (struct linear){.count = count,
                         .value = NAN,
                         .z = must_alloc((size_t)count * sizeof *l->z),
                         .active = must_alloc((size_t)count * sizeof *l->active)};
    return l;
}

/* From means of y and of incomes (inequality_terms()). */
static double theil_of(enum statistic statistic, double mean_y, double mean)
{
    double value = statistic == STAT_THEIL_T ? mean_y / mean - log(mean) : log(mean) - mean_y;
    return fmax(value, 0); /* what rounding leaves of equal incomes */
}

/* By unit: sum w, sum wy, sum wx. */
static double *theil_sums(const struct cell_sums *cells)
{
    size_t n = (size_t)cells->count;
    double *numbers = must_alloc(3 * n * sizeof *numbers);
    for (size_t i = 0; i < n; i++) {
        const struct sums *c = cell_sums_at(cells, (int)i);
        struct sum of[] = {sum_of(c, SUM_W), sum_of(c, SUM_WY), sum_of_x(cells->kind, c)};
        for (size_t k = 0; k < 3; k++)
            numbers[k * n + i] = sum_value(&of[k]);
    }
    return numbers;
}

static struct linear *theil(enum statistic statistic, const struct cell_sums *cells)
{
    int count = cells->count;
    struct linear *l = linear_new(count);
    struct moments all = cell_sums_all(cells);
    l->all.n = all.n - all.dropped;
    if (!(all.w > 0))
        return l;
    double mean = all.mean_x, scale = log(mean), *w = theil_sums(cells);
    double *y = w + count, *x = y + count;
    l->value = theil_of(statistic, all.mean_y, mean);
    for (int i = 0; i < count; i++) {
        l->active[i] = w[i] > 0;
        l->z[i] = (statistic == STAT_THEIL_T ? (y[i] - (l->value + 1 + scale) * x[i]) / mean + w[i]
                                             : (scale - l->value - 1) * w[i] - y[i] + x[i] / mean) /
                  all.w;
    }
    free(w);
    return l;
}

/* The cases of all PSUs in the order of their values, with running sums. */
struct curve {
    struct points all;
    double *weight, *income; /* up to and with each point */
    double total_weight, total_income;
};

static void curve_sums(struct curve *c)
{
    struct sum weight = {0}, income = {0};
    for (int k = 0; k < c->all.count; k++) {
        sum_add(&weight, c->all.items[k].w);
        sum_add(&income, c->all.items[k].w * c->all.items[k].value);
        c->weight[k] = sum_value(&weight);
        c->income[k] = sum_value(&income);
    }
    c->total_weight = sum_value(&weight);
    c->total_income = sum_value(&income);
}

static struct curve curve_new(const struct points *points, int count, struct linear *l)
{
    struct curve c = {0};
    for (int i = 0; i < count; i++) {
        points_append(&c.all, points[i].items, points[i].count);
        for (int k = 0; k < points[i].count; k++) {
            l->all.n += points[i].items[k].n;
            l->active[i] |= points[i].items[k].w > 0;
        }
    }
    points_sort(&c.all);
    c.weight = must_alloc((size_t)c.all.count * sizeof *c.weight);
    c.income = must_alloc((size_t)c.all.count * sizeof *c.income);
    curve_sums(&c);
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

/* The point of the curve with this value, not before point `from`. */
static int point_of(const struct curve *c, double value, int from)
{
    int low = from, high = c->all.count - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (c->all.items[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Sums w times d[k] over the points of each PSU, d being of the points of the curve. */
static void spread(const struct curve *c, const double *d, const struct points *points, int count,
                   double *z)
{
    for (int i = 0; i < count; i++) {
        struct sum sum = {0};
        for (int k = 0, p = 0; p < points[i].count; p++) {
            k = point_of(c, points[i].items[p].value, k); /* they ascend */
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

static struct linear *gini(const struct points *points, int count)
{
    struct linear *l = linear_new(count);
    struct curve c = curve_new(points, count, l);
    if (has_shares(&c)) {
        double w = c.total_weight, y = c.total_income;
        double *d = must_alloc((size_t)c.all.count * sizeof *d);
        l->value = gini_of(&c);
        for (int k = 0; k < c.all.count; k++) {
            double value = c.all.items[k].value, above = y - c.income[k];
            d[k] =
                2 * (value * c.weight[k] + above) / (w * y) - (l->value + 1) * (value / y + 1 / w);
        }
        spread(&c, d, points, count, l->z);
        free(d);
    }
    curve_free(&c);
    return l;
}

/* The point at which `share` of the weight is reached; to 1e-12, as of quantiles. */
static int lorenz_point(const struct curve *c, double share)
{
    int k = 0;
    while (k < c->all.count - 1 && c->weight[k] < share * c->total_weight * (1 - 1e-12))
        k++;
    return k;
}

static double lorenz_of(const struct curve *c, double share)
{
    int k = lorenz_point(c, share);
    double before = k ? c->weight[k - 1] : 0, poorer = k ? c->income[k - 1] : 0;
    double rest = c->all.items[k].value * (share * c->total_weight - before);
    return (poorer + rest) / c->total_income;
}

static struct linear *lorenz(const struct points *points, int count, double share)
{
    struct linear *l = linear_new(count);
    struct curve c = curve_new(points, count, l);
    if (has_shares(&c)) {
        double q = c.all.items[lorenz_point(&c, share)].value;
        double *d = must_alloc((size_t)c.all.count * sizeof *d);
        l->value = lorenz_of(&c, share);
        for (int i = 0; i < c.all.count; i++) {
            double value = c.all.items[i].value;
            d[i] = ((value < q ? value - q : 0) + share * q - l->value * value) / c.total_income;
        }
        spread(&c, d, points, count, l->z);
        free(d);
    }
    curve_free(&c);
    return l;
}

/* ---- replicates ------------------------------------------------------------------------------ */

static void theil_replicates(enum statistic statistic, const struct replicates *r,
                             const struct cell_sums *cells, double *thetas)
{
    size_t units = (size_t)r->unit_count, count = (size_t)r->count;
    double *numbers = theil_sums(cells), *sums = must_alloc(3 * count * sizeof *sums);
    for (size_t k = 0; k < 3; k++)
        replicates_sums(r, numbers + k * units, sums + k * count);
    for (size_t k = 0; k < count; k++) {
        double w = sums[k], y = sums[count + k], x = sums[2 * count + k];
        thetas[k] = w > 0 ? theil_of(statistic, y / w, x / w) : NAN;
    }
    free(numbers);
    free(sums);
}

/* The curve with a replicate's weights; its values stay. */
static void curve_replicate(struct curve *c, const struct points *points,
                            const struct replicates *r, int replicate)
{
    struct sum *weights = must_alloc((size_t)c->all.count * sizeof *weights);
    for (int i = 0; i < r->unit_count; i++) {
        double factor = points[i].count ? replicates_multiplier(r, i, replicate) : 0;
        for (int k = 0, p = 0; factor != 0 && p < points[i].count; p++) {
            k = point_of(c, points[i].items[p].value, k);
            sum_add(&weights[k], points[i].items[p].w * factor);
        }
    }
    for (int k = 0; k < c->all.count; k++)
        c->all.items[k].w = sum_value(&weights[k]);
    free(weights);
    curve_sums(c);
}

static void curve_replicates(enum statistic statistic, double share, const struct replicates *r,
                             const struct points *points, double *thetas)
{
    struct linear *whole = linear_new(r->unit_count);
    struct curve c = curve_new(points, r->unit_count, whole);
    for (int k = 0; k < r->count; k++) {
        curve_replicate(&c, points, r, k);
        thetas[k] = !has_shares(&c)          ? NAN
                    : statistic == STAT_GINI ? gini_of(&c)
                                             : lorenz_of(&c, share);
    }
    curve_free(&c);
    linear_free(whole);
}

static double *replicate_estimates(enum statistic statistic, double share,
                                   const struct replicates *r, const struct cell_sums *cells,
                                   const struct points *points)
{
    double *thetas = must_alloc((size_t)r->count * sizeof *thetas);
    if (statistic == STAT_GINI || statistic == STAT_LORENZ)
        curve_replicates(statistic, share, r, points, thetas);
    else
        theil_replicates(statistic, r, cells, thetas);
    return thetas;
}

struct linear *inequality_linearize(enum statistic statistic, double share, const struct sample *s,
                                    const struct cell_sums *cells, const struct points *points)
{
    struct linear *l = statistic == STAT_GINI     ? gini(points, cells->count)
                       : statistic == STAT_LORENZ ? lorenz(points, cells->count, share)
                                                  : theil(statistic, cells);
    if (s && s->replicates)
        l->thetas = replicate_estimates(statistic, share, s->replicates, cells, points);
    return l;
}

struct estimate inequality_linearized(const struct sample *s, const struct linear *l, double level)
{
    double variance = !s          ? NAN
                      : l->thetas ? replicates_variance(s->replicates, l->thetas, l->value)
                                  : sample_variance(s, l->z, l->active);
    return estimate_with_variance(s, l->value, l->all.n, variance, l->active, level);
}

struct estimate estimate_inequality(enum statistic statistic, double share, const struct sample *s,
                                    const struct cell_sums *cells, const struct points *points,
                                    double level)
{
    struct linear *l = inequality_linearize(statistic, share, s, cells, points);
    struct estimate e = inequality_linearized(s, l, level);
    linear_free(l);
    return e;
}
