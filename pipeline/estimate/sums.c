/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/sums.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>

/* ---- cells ----------------------------------------------------------------------------------- */

/* The two largest of four. */
void sums_merge_top(struct sums *into, const struct sums *other)
{
    if (!(other->value[0] > into->value[1]))
        return;
    double second = fmin(into->value[0], other->value[0]);
    into->value[0] = fmax(into->value[0], other->value[0]);
    into->value[1] = fmax(second, fmax(into->value[1], other->value[1]));
}

void sums_scale(enum sums_kind kind, struct sums *cell, double g)
{
    for (int i = 0; i < sums_lines(kind); i++)
        for (int k = 0; k < 4; k++) {
            if (k == (i == 0 ? SUM_N : SUM_DROPPED))
                continue;
            struct sum s = sum_times(sum_of(&cell[i], k), i && kind == SUMS_TOTAL ? fabs(g) : g);
            cell[i].value[k] = s.value;
            cell[i].lost[k] = s.lost;
        }
}

/* ---- moments --------------------------------------------------------------------------------- */

/* a/b rounded once. */
static double quotient(struct sum a, struct sum b)
{
    double one = 1 / sum_value(&b), q = sum_value(&a) * one;
    struct sum rest = sum_excess(a, b, q);
    return q + sum_value(&rest) * one;
}

/* A mean, and what its rounding leaves: sum wa - mean sum w. */
struct centre {
    struct sum sum;
    double mean, rest;
};

static struct centre centre_of(struct sum a, struct sum w)
{
    struct centre c = {.sum = a, .mean = quotient(a, w)};
    struct sum rest = sum_excess(a, w, c.mean);
    c.rest = sum_value(&rest);
    return c;
}

/* sum w(a - mean a)(b - mean b) = sum wab - mean a sum wb - mean b (sum wa - mean a sum w). */
static double central(struct sum ab, const struct centre *a, const struct centre *b, double w)
{
    const double rounding = 1e-27;
    struct sum s = sum_excess(ab, b->sum, a->mean);
    double value = sum_value(&s) - b->mean * a->rest;
    return fabs(value) <= rounding * fabs(a->mean * b->mean * w) ? 0 : value;
}

struct moments sums_moments(enum sums_kind kind, const struct sums *cell)
{
    struct sum w = sum_of(cell, SUM_W);
    struct moments m = {
        .n = (long)cell->value[SUM_N], .w = sum_value(&w), .sum_y = sum_of(cell, SUM_WY)};
    if (kind == SUMS_RATIO)
        m.dropped = (long)cell[1].value[SUM_DROPPED];
    if (m.w == 0)
        return m;
    struct centre y = centre_of(m.sum_y, w);
    m.mean_x = 1;
    m.mean_y = y.mean;
    m.s_yy = central(sum_of(cell, SUM_WYY), &y, &y, m.w);
    if (kind == SUMS_TOTAL) {
        m.top[0] = cell[1].value[0];
        m.top[1] = cell[1].value[1];
    }
    if (kind == SUMS_RATIO) {
        struct centre x = centre_of(sum_of(&cell[1], SUM_WX), w);
        m.mean_x = x.mean;
        m.s_xy = central(sum_of(&cell[1], SUM_WXY), &y, &x, m.w);
        m.s_xx = central(sum_of(&cell[1], SUM_WXX), &x, &x, m.w);
    }
    return m;
}

/* ---- many cells ------------------------------------------------------------------------------ */

struct cell_sums cell_sums_new(enum sums_kind kind, int count)
{
    struct cell_sums c = {.kind = kind, .count = count};
    size_t line = sizeof *c.lines; /* 64 bytes */
    c.memory = must_alloc(((size_t)count * (size_t)sums_lines(kind) + 1) * line);
    c.lines = (struct sums *)(((uintptr_t)c.memory + line - 1) / line * line);
    return c;
}

void cell_sums_free(struct cell_sums *c)
{
    free(c->memory);
    *c = (struct cell_sums){0};
}

void cell_sums_add(struct cell_sums *c, int cell, double w, double y, double x)
{
    struct sums one[SUMS_LINES_MOST];
    sums_of(c->kind, w, y, x, one);
    sums_merge(c->kind, cell_sums_at(c, cell), one);
}

LONG_LOOP struct moments cell_sums_all(const struct cell_sums *c)
{
    struct sums all[SUMS_LINES_MOST] = {{{0}, {0}}};
    for (int i = 0; i < c->count; i++)
        sums_merge(c->kind, all, cell_sums_at(c, i));
    return sums_moments(c->kind, all);
}
