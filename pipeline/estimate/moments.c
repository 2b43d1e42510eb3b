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
