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
    double q = sum_value(&a) / sum_value(&b);
    struct sum rest = plus(a, times(b, -q));
    return q + sum_value(&rest) / sum_value(&b);
}

/* sum w(a - mean a)(b - mean b) from the sums of wab, wa, wb, w and the means. */
static double central(struct sum ab, struct sum a, struct sum b, struct sum w, double mean_a,
                      double mean_b)
{
    const double rounding = 1e-27;
    struct sum rest_a = plus(a, times(w, -mean_a)), rest_b = plus(b, times(w, -mean_b));
    struct sum s = plus(ab, times(b, -mean_a));
    s = plus(s, times(rest_a, -mean_b));
    double value = sum_value(&s) - sum_value(&rest_a) * sum_value(&rest_b) / sum_value(&w);
    return fabs(value) <= rounding * fabs(mean_a * mean_b * sum_value(&w)) ? 0 : value;
}

struct moments sums_moments(enum sums_kind kind, const struct sums *cell)
{
    struct sum w = sum_of(cell, W), y = sum_of(cell, WY);
    struct moments m = {.n = (long)cell->value[N], .w = sum_value(&w), .sum_y = y};
    if (kind == SUMS_RATIO)
        m.dropped = (long)cell[1].value[DROPPED];
    if (m.w == 0)
        return m;
    m.mean_x = 1;
    m.mean_y = quotient(y, w);
    m.s_yy = central(sum_of(cell, WYY), y, y, w, m.mean_y, m.mean_y);
    if (kind == SUMS_TOTAL) {
        m.top[0] = cell[1].value[0];
        m.top[1] = cell[1].value[1];
    }
    if (kind == SUMS_RATIO) {
        struct sum x = sum_of(&cell[1], WX);
        m.mean_x = quotient(x, w);
        m.s_xy = central(sum_of(&cell[1], WXY), y, x, w, m.mean_y, m.mean_x);
        m.s_xx = central(sum_of(&cell[1], WXX), x, x, w, m.mean_x, m.mean_x);
    }
    return m;
}
