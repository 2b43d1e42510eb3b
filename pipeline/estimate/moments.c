/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/moments.h"

#include <math.h>

void moments_add(struct moments *m, double w, double y, double x)
{
    struct moments one = {.n = 1,
                          .hits = y != 0,
                          .w = w,
                          .mean_y = y,
                          .mean_x = x,
                          .sum_y = {w * y, 0},
                          .top = {fabs(w * y), 0}};
    moments_merge(m, &one);
}

/* The two largest of four. */
static void merge_top(double *into, const double *other)
{
    double second = fmin(into[0], other[0]);
    into[0] = fmax(into[0], other[0]);
    into[1] = fmax(second, fmax(into[1], other[1]));
}

void moments_merge(struct moments *into, const struct moments *other)
{
    into->n += other->n;
    into->hits += other->hits;
    if (other->w == 0)
        return;
    merge_top(into->top, other->top);
    sum_add(&into->sum_y, other->sum_y.value);
    sum_add(&into->sum_y, other->sum_y.lost);
    double w = into->w + other->w, share = other->w / w;
    double dy = other->mean_y - into->mean_y, dx = other->mean_x - into->mean_x;
    double cross = into->w * share;
    if (into->w == 0) {
        into->mean_y = other->mean_y;
        into->mean_x = other->mean_x;
    } else {
        into->mean_y += dy * share;
        into->mean_x += dx * share;
    }
    into->s_yy += other->s_yy + dy * dy * cross;
    into->s_xy += other->s_xy + dy * dx * cross;
    into->s_xx += other->s_xx + dx * dx * cross;
    into->w = w;
}

void moments_scale(struct moments *m, double g)
{
    m->w *= g;
    m->s_yy *= g;
    m->s_xy *= g;
    m->s_xx *= g;
    m->sum_y.value *= g;
    m->sum_y.lost *= g;
    m->top[0] *= fabs(g);
    m->top[1] *= fabs(g);
}

/* Sums of squares about the common means, given those within the cells. */
static void add_between(struct moments *all, const struct moments *cells, int count)
{
    struct sum yy = {0}, xy = {0}, xx = {0};
    for (int i = 0; i < count; i++) {
        const struct moments *m = &cells[i];
        if (m->w == 0)
            continue;
        double dy = m->mean_y - all->mean_y, dx = m->mean_x - all->mean_x;
        sum_add(&yy, m->s_yy + m->w * dy * dy);
        sum_add(&xy, m->s_xy + m->w * dy * dx);
        sum_add(&xx, m->s_xx + m->w * dx * dx);
    }
    all->s_yy = sum_value(&yy);
    all->s_xy = sum_value(&xy);
    all->s_xx = sum_value(&xx);
}

struct moments moments_all(const struct moments *cells, int count)
{
    struct moments all = {0};
    struct sum w = {0}, dy = {0}, dx = {0};
    double y = 0, x = 0; /* means of the first cell with weight: a constant stays exact */
    for (int i = 0; i < count; i++) {
        const struct moments *m = &cells[i];
        all.n += m->n;
        all.hits += m->hits;
        if (m->w == 0)
            continue;
        if (w.value == 0) {
            y = m->mean_y;
            x = m->mean_x;
        }
        sum_add(&w, m->w);
        sum_add(&dy, m->w * (m->mean_y - y));
        sum_add(&dx, m->w * (m->mean_x - x));
        sum_add(&all.sum_y, m->sum_y.value);
        sum_add(&all.sum_y, m->sum_y.lost);
        merge_top(all.top, m->top);
    }
    all.w = sum_value(&w);
    if (all.w == 0)
        return all;
    all.mean_y = y + sum_value(&dy) / all.w;
    all.mean_x = x + sum_value(&dx) / all.w;
    add_between(&all, cells, count);
    return all;
}

/* ---- cells ---------------------------------------------------------------------------------- */

int sums_size(enum sums_kind kind)
{
    static const int sizes[] = {
        [SUMS_SHARE] = SUMS_WYY, [SUMS_VALUE] = SUMS_WX, [SUMS_RATIO] = SUMS_MOST};
    return sizes[kind];
}

/* s is a sum and its rounding error; Knuth's two-sum has no branch. */
static inline void add_to(double *s, double x)
{
    double next = s[0] + x, part = next - s[0];
    s[1] += (s[0] - (next - part)) + (x - part);
    s[0] = next;
}

static inline void add_product(double *s, double a, double b)
{
    double p = a * b;
    add_to(s, p);
    s[1] += fma(a, b, -p);
}

static inline void add_triple(double *s, double a, double b, double c)
{
    double p = a * b, q = p * c;
    add_to(s, q);
    s[1] += fma(p, c, -q) + fma(a, b, -p) * c;
}

void sums_add(enum sums_kind kind, double *cell, double w, double y, double x)
{
    if (w == 0)
        return;
    cell[SUMS_N]++;
    cell[SUMS_HITS] += y != 0;
    add_to(cell + SUMS_W, w);
    if (kind == SUMS_SHARE) {
        if (y != 0)
            add_to(cell + SUMS_WY, w);
        return;
    }
    add_product(cell + SUMS_WY, w, y);
    add_triple(cell + SUMS_WYY, w, y, y);
    merge_top(cell + SUMS_TOP, (double[]){fabs(w * y), 0});
    if (kind == SUMS_RATIO) {
        add_product(cell + SUMS_WX, w, x);
        add_triple(cell + SUMS_WXY, w, y, x);
        add_triple(cell + SUMS_WXX, w, x, x);
    }
}

void sums_merge(enum sums_kind kind, double *into, const double *other)
{
    into[SUMS_N] += other[SUMS_N];
    into[SUMS_HITS] += other[SUMS_HITS];
    for (int k = SUMS_W; k < sums_size(kind); k += 2) {
        if (k == SUMS_TOP) {
            merge_top(into + k, other + k);
            continue;
        }
        add_to(into + k, other[k]);
        into[k + 1] += other[k + 1];
    }
}

static struct sum plus(struct sum a, struct sum b)
{
    double s[2] = {a.value, a.lost};
    add_to(s, b.value);
    s[1] += b.lost;
    double value = s[0] + s[1];
    return (struct sum){value, s[1] - (value - s[0])};
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
static double central(const double *ab, struct sum a, struct sum b, struct sum w, double mean_a,
                      double mean_b)
{
    const double rounding = 1e-27;
    struct sum whole = {ab[0], ab[1]};
    struct sum rest_a = plus(a, times(w, -mean_a)), rest_b = plus(b, times(w, -mean_b));
    struct sum s = plus(whole, times(b, -mean_a));
    s = plus(s, times(rest_a, -mean_b));
    double value = sum_value(&s) - sum_value(&rest_a) * sum_value(&rest_b) / sum_value(&w);
    return fabs(value) <= rounding * fabs(mean_a * mean_b * sum_value(&w)) ? 0 : value;
}

struct moments sums_moments(enum sums_kind kind, const double *cell)
{
    struct sum w = {cell[SUMS_W], cell[SUMS_W + 1]}, y = {cell[SUMS_WY], cell[SUMS_WY + 1]};
    struct sum x = w;
    struct moments m = {.n = (long)cell[SUMS_N], .hits = (long)cell[SUMS_HITS], .mean_x = 1};
    m.w = sum_value(&w);
    m.sum_y = y;
    if (m.w == 0) {
        m.mean_x = 0;
        return m;
    }
    m.mean_y = quotient(y, w);
    if (kind == SUMS_SHARE) {
        struct sum rest = plus(w, times(y, -1));
        m.s_yy = sum_value(&y) * (sum_value(&rest) / m.w);
        return m;
    }
    m.top[0] = cell[SUMS_TOP];
    m.top[1] = cell[SUMS_TOP + 1];
    m.s_yy = central(cell + SUMS_WYY, y, y, w, m.mean_y, m.mean_y);
    if (kind == SUMS_RATIO) {
        x = (struct sum){cell[SUMS_WX], cell[SUMS_WX + 1]};
        m.mean_x = quotient(x, w);
        m.s_xy = central(cell + SUMS_WXY, y, x, w, m.mean_y, m.mean_x);
        m.s_xx = central(cell + SUMS_WXX, x, x, w, m.mean_x, m.mean_x);
    }
    return m;
}

/* ---- sums ----------------------------------------------------------------------------------- */

void sum_add(struct sum *s, double x)
{
    double next = s->value + x;
    s->lost += fabs(s->value) >= fabs(x) ? (s->value - next) + x : (x - next) + s->value;
    s->value = next;
}

double sum_value(const struct sum *s)
{
    return s->value + s->lost;
}
