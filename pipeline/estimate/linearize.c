/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/linearize.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>

static struct linear *merge_cells(const struct moments *cells, int count)
{
    struct linear *l = must_alloc(sizeof *l);
    l->count = count;
    l->value = NAN;
    l->z = must_alloc((size_t)count * sizeof *l->z);
    l->active = must_alloc((size_t)count * sizeof *l->active);
    l->all = moments_all(cells, count);
    for (int i = 0; i < count; i++)
        l->active[i] = cells[i].w != 0;
    return l;
}

static void linear_total(struct linear *l, const struct moments *cells)
{
    struct sum total = {0};
    for (int i = 0; i < l->count; i++) {
        l->z[i] = sum_value(&cells[i].sum_y);
        sum_add(&total, l->z[i]);
    }
    l->value = sum_value(&total);
}

static void linear_mean(struct linear *l, const struct moments *cells)
{
    l->value = l->all.mean_y;
    for (int i = 0; i < l->count; i++)
        l->z[i] = cells[i].w / l->all.w * (cells[i].mean_y - l->value);
}

static void linear_ratio(struct linear *l, const struct moments *cells)
{
    double x = l->all.w * l->all.mean_x;
    if (x == 0)
        return;
    l->value = l->all.mean_y / l->all.mean_x;
    for (int i = 0; i < l->count; i++)
        l->z[i] = cells[i].w * (cells[i].mean_y - l->value * cells[i].mean_x) / x;
}

static void linear_variance(struct linear *l, const struct moments *cells)
{
    if (l->all.n < 2)
        return;
    double scale = (double)l->all.n / (double)(l->all.n - 1);
    l->value = l->all.s_yy / l->all.w * scale;
    for (int i = 0; i < l->count; i++) {
        double d = cells[i].mean_y - l->all.mean_y;
        double u = scale * (cells[i].s_yy + cells[i].w * d * d);
        l->z[i] = (u - cells[i].w * l->value) / l->all.w;
    }
}

struct linear *linearize(enum linear_statistic statistic, const struct moments *cells, int count)
{
    static void (*const forms[])(struct linear *, const struct moments *) = {
        [LINEAR_TOTAL] = linear_total,
        [LINEAR_MEAN] = linear_mean,
        [LINEAR_RATIO] = linear_ratio,
        [LINEAR_VARIANCE] = linear_variance,
    };
    struct linear *l = merge_cells(cells, count);
    if (l->all.n > 0 && l->all.w != 0)
        forms[statistic](l, cells);
    return l;
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
