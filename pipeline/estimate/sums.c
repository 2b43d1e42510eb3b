/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/sums.h"

#include <math.h>

enum { N, W, WY, WYY };         /* first line */
enum { WX, WXY, WXX, DROPPED }; /* second line of ratios */

int sums_lines(enum sums_kind kind)
{
    return kind == SUMS_VALUE ? 1 : 2;
}

/* ---- one record ------------------------------------------------------------------------------ */

static void put_product(struct sums *s, int at, double a, double b)
{
    s->value[at] = a * b;
    s->lost[at] = fma(a, b, -s->value[at]);
}

static void put_triple(struct sums *s, int at, double a, double b, double c)
{
    double p = a * b, q = p * c;
    s->value[at] = q;
    s->lost[at] = fma(p, c, -q) + fma(a, b, -p) * c;
}

void sums_of(enum sums_kind kind, double w, double y, double x, struct sums *one)
{
    for (int i = 0; i < sums_lines(kind); i++)
        one[i] = (struct sums){{0}, {0}};
    if (w == 0)
        return;
    one[0].value[N] = 1;
    one[0].lost[N] = y != 0;
    one[0].value[W] = w;
    put_product(one, WY, w, y);
    put_triple(one, WYY, w, y, y);
    if (kind == SUMS_TOTAL)
        one[1].value[0] = fabs(one[0].value[WY]);
    if (kind == SUMS_RATIO) {
        put_product(&one[1], WX, w, x);
        put_triple(&one[1], WXY, w, y, x);
        put_triple(&one[1], WXX, w, x, x);
    }
}

void sums_of_dropped(struct sums *one)
{
    one[0] = (struct sums){.value = {[N] = 1}};
    one[1] = (struct sums){.value = {[DROPPED] = 1}};
}

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

/* ---- moments --------------------------------------------------------------------------------- */

static struct sum sum_of(const struct sums *s, int at)
{
    return (struct sum){s->value[at], s->lost[at]};
}

static struct sum plus(struct sum a, struct sum b)
{
    double next = a.value + b.value, part = next - a.value;
    double lost = a.lost + ((a.value - (next - part)) + (b.value - part)) + b.lost;
    double value = next + lost;
    return (struct sum){value, lost - (value - next)};
}

static struct sum times(struct sum a, double b)
{
    double p = a.value * b;
    return (struct sum){p, fma(a.value, b, -p) + a.lost * b};
}

/* a/b rounded once. */
static double quotient(struct sum a, struct sum b)
{
    double one = 1 / sum_value(&b), q = sum_value(&a) * one;
    struct sum rest = plus(a, times(b, -q));
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
    struct sum rest = plus(a, times(w, -c.mean));
    c.rest = sum_value(&rest);
    return c;
}

/* sum w(a - mean a)(b - mean b) = sum wab - mean a sum wb - mean b (sum wa - mean a sum w). */
static double central(struct sum ab, const struct centre *a, const struct centre *b, double w)
{
    const double rounding = 1e-27;
    struct sum s = plus(ab, times(b->sum, -a->mean));
    double value = sum_value(&s) - b->mean * a->rest;
    return fabs(value) <= rounding * fabs(a->mean * b->mean * w) ? 0 : value;
}

struct moments sums_moments(enum sums_kind kind, const struct sums *cell)
{
    struct sum w = sum_of(cell, W);
    struct moments m = {.n = (long)cell->value[N], .w = sum_value(&w), .sum_y = sum_of(cell, WY)};
    if (kind == SUMS_RATIO)
        m.dropped = (long)cell[1].value[DROPPED];
    if (m.w == 0)
        return m;
    struct centre y = centre_of(m.sum_y, w);
    m.mean_x = 1;
    m.mean_y = y.mean;
    m.s_yy = central(sum_of(cell, WYY), &y, &y, m.w);
    if (kind == SUMS_TOTAL) {
        m.top[0] = cell[1].value[0];
        m.top[1] = cell[1].value[1];
    }
    if (kind == SUMS_RATIO) {
        struct centre x = centre_of(sum_of(&cell[1], WX), w);
        m.mean_x = x.mean;
        m.s_xy = central(sum_of(&cell[1], WXY), &y, &x, m.w);
        m.s_xx = central(sum_of(&cell[1], WXX), &x, &x, m.w);
    }
    return m;
}
