/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/moments.h"

#include <math.h>

void moments_add(struct moments *m, double w, double y, double x)
{
    struct moments one = {
        .n = 1, .w = w, .mean_y = y, .mean_x = x, .sum_y = {w * y, 0}, .top = {fabs(w * y), 0}};
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
    into->dropped += other->dropped;
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
        all.dropped += m->dropped;
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
