/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/moments.h"

#include "estimate/sums.h"

#include <math.h>
#include <stddef.h>

void moments_add(struct moments *m, double w, double y, double x)
{
    struct moments one = {
        .n = 1, .w = w, .mean_y = y, .mean_x = x, .sum_y = {w * y, 0}, .top = {fabs(w * y), 0}};
    moments_merge(m, &one);
}

/* The two largest of four. */
static inline void merge_top(double *into, const double *other)
{
    if (!(other[0] > into[1]))
        return;
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
    struct sums squares = {{0}, {0}};
    for (int i = 0; i < count; i++) {
        const struct moments *m = &cells[i];
        double dy = m->mean_y - all->mean_y, dx = m->mean_x - all->mean_x;
        struct sums one = {
            {m->s_yy + m->w * dy * dy, m->s_xy + m->w * dy * dx, m->s_xx + m->w * dx * dx}, {0}};
        if (m->w != 0)
            sums_merge_line(&squares, &one);
    }
    all->s_yy = squares.value[0] + squares.lost[0];
    all->s_xy = squares.value[1] + squares.lost[1];
    all->s_xx = squares.value[2] + squares.lost[2];
}

/* The first cell with weight; NULL: there is none. */
static const struct moments *first_of(const struct moments *cells, int count)
{
    for (int i = 0; i < count; i++)
        if (cells[i].w != 0)
            return &cells[i];
    return NULL;
}

struct moments moments_all(const struct moments *cells, int count)
{
    struct moments all = {0};
    const struct moments *first = first_of(cells, count);
    double y = first ? first->mean_y : 0,
           x = first ? first->mean_x : 0; /* a constant stays exact */
    struct sums s = {{0}, {0}};           /* w, w(mean_y - y), w(mean_x - x), wy */
    for (int i = 0; i < count; i++) {
        const struct moments *m = &cells[i];
        struct sums one = {{m->w, m->w * (m->mean_y - y), m->w * (m->mean_x - x), m->sum_y.value},
                           {0, 0, 0, m->sum_y.lost}};
        all.n += m->n;
        all.dropped += m->dropped;
        if (m->w == 0)
            continue;
        sums_merge_line(&s, &one);
        merge_top(all.top, m->top);
    }
    all.w = s.value[0] + s.lost[0];
    all.sum_y = (struct sum){s.value[3], s.lost[3]};
    if (all.w == 0)
        return all;
    all.mean_y = y + (s.value[1] + s.lost[1]) / all.w;
    all.mean_x = x + (s.value[2] + s.lost[2]) / all.w;
    add_between(&all, cells, count);
    return all;
}
