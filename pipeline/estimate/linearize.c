/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/linearize.h"

#include "base/arena.h"

#include <stdlib.h>

/* sum wa - c sum wb; what is left below 1e-27 of them is rounding, as of a constant a. */
static inline double excess(struct sum a, struct sum b, double c)
{
    const double rounding = 1e-27;
    struct sum rest = sum_excess(a, b, c);
    double value = sum_value(&rest);
    return fabs(value) <= rounding * fabs(a.value) ? 0 : value;
}

/* sum w(y - c)^2 */
static inline double squares_about(const struct sums *cell, double c)
{
    return excess(sum_of(cell, SUM_WYY), sum_of(cell, SUM_WY), c) -
           c * excess(sum_of(cell, SUM_WY), sum_of(cell, SUM_W), c);
}

static void linear_total(struct linear *l, const struct cell_sums *cells)
{
    for (int i = 0; i < l->count; i++) {
        struct sum y = sum_of(cell_sums_at(cells, i), SUM_WY);
        l->z[i] = sum_value(&y);
    }
    l->value = sum_value(&l->all.sum_y);
}

LONG_LOOP static void linear_mean(struct linear *l, const struct cell_sums *cells)
{
    double mean = l->value = l->all.mean_y, one = 1 / l->all.w;
    for (int i = 0; i < l->count; i++) {
        const struct sums *c = cell_sums_at(cells, i);
        l->z[i] = excess(sum_of(c, SUM_WY), sum_of(c, SUM_W), mean) * one;
    }
}

LONG_LOOP static void linear_ratio(struct linear *l, const struct cell_sums *cells)
{
    double x = l->all.w * l->all.mean_x;
    if (x == 0)
        return;
    l->value = l->all.mean_y / l->all.mean_x;
    for (int i = 0; i < l->count; i++) {
        const struct sums *c = cell_sums_at(cells, i);
        l->z[i] = excess(sum_of(c, SUM_WY), sum_of_x(cells->kind, c), l->value) / x;
    }
}

static void linear_variance(struct linear *l, const struct cell_sums *cells)
{
    if (l->all.n < 2)
        return;
    double scale = (double)l->all.n / (double)(l->all.n - 1);
    l->value = l->all.s_yy / l->all.w * scale;
    for (int i = 0; i < l->count; i++) {
        const struct sums *c = cell_sums_at(cells, i);
        struct sum w = sum_of(c, SUM_W);
        double u = scale * squares_about(c, l->all.mean_y);
        l->z[i] = (u - sum_value(&w) * l->value) / l->all.w;
    }
}

struct linear *linearize(enum linear_statistic statistic, const struct cell_sums *cells)
{
    static void (*const forms[])(struct linear *, const struct cell_sums *) = {
        [LINEAR_TOTAL] = linear_total,
        [LINEAR_MEAN] = linear_mean,
        [LINEAR_RATIO] = linear_ratio,
        [LINEAR_VARIANCE] = linear_variance,
    };
    struct linear *l = must_alloc(sizeof *l);
    l->count = cells->count;
    l->value = NAN;
    l->z = must_alloc((size_t)l->count * sizeof *l->z);
    l->active = must_alloc((size_t)l->count * sizeof *l->active);
    l->all = cell_sums_all(cells);
    for (int i = 0; i < l->count; i++)
        l->active[i] = cell_sums_at(cells, i)->value[SUM_W] != 0;
    if (l->all.n > 0 && l->all.w != 0)
        forms[statistic](l, cells);
    return l;
}

void linear_centred(const struct linear *l, const struct cell_sums *cells, double *const *t)
{
    for (int i = 0; i < l->count; i++) {
        const struct sums *c = cell_sums_at(cells, i);
        struct sum w = sum_of(c, SUM_W);
        t[0][i] = sum_value(&w);
        t[1][i] = excess(sum_of(c, SUM_WY), w, l->all.mean_y);
        t[2][i] = excess(sum_of_x(cells->kind, c), w, l->all.mean_x);
        t[3][i] = squares_about(c, l->all.mean_y);
    }
}

void linear_free(struct linear *l)
{
    if (!l)
        return;
    free(l->z);
    free(l->active);
    free(l->thetas);
    free(l);
}
