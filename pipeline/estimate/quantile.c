/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/quantile.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SAME_WEIGHT = 1e-12; /* relative */

void points_append(struct points *p, const void *items, int count)
{
    if (count == 0)
        return;
    if (p->count + count > p->room) {
        while (p->count + count > p->room)
            p->room = p->room ? 2 * p->room : 16;
        p->items = must_realloc(p->items, (size_t)p->room * sizeof *p->items);
    }
    memcpy(p->items + p->count, items, (size_t)count * sizeof *p->items);
    p->count += count;
    p->sorted = false;
}

void points_add(struct points *p, double value, double w)
{
    struct point one = {value, w, 1, 0};
    points_append(p, &one, 1);
}

/* By value, then by weight, so that joined weights are summed in one order. */
static int compare_points(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->w > b->w) - (a->w < b->w);
}

void points_sort(struct points *p)
{
    if (p->sorted || p->count == 0)
        return;
    qsort(p->items, (size_t)p->count, sizeof *p->items, compare_points);
    int kept = 0;
    for (int i = 0; i < p->count;) {
        struct sum w = {0};
        struct point joined = {.value = p->items[i].value};
        for (; i < p->count && p->items[i].value == joined.value; i++) {
            sum_add(&w, p->items[i].w);
            sum_add(&w, p->items[i].lost);
            joined.n += p->items[i].n;
        }
        joined.w = sum_value(&w);
        joined.lost = w.value - joined.w + w.lost;
        p->items[kept++] = joined;
    }
    p->count = kept;
    p->sorted = true;
}

void points_scale(struct points *p, double g)
{
    for (int i = 0; i < p->count; i++) {
        p->items[i].w *= g;
        p->items[i].lost *= g;
    }
}

void points_free(struct points *p)
{
    free(p->items);
    *p = (struct points){0};
}

static double total_weight(const struct points *p)
{
    struct sum w = {0};
    for (int i = 0; i < p->count; i++)
        sum_add(&w, p->items[i].w);
    return sum_value(&w);
}

double points_quantile(const struct points *p, double share)
{
    double all = total_weight(p), least = share * all - SAME_WEIGHT * all;
    struct sum w = {0};
    for (int i = 0; i < p->count; i++) {
        sum_add(&w, p->items[i].w);
        if (p->items[i].w > 0 && sum_value(&w) >= least)
            return p->items[i].value;
    }
    return NAN;
}

static void merge_points(struct points *all, const struct points *cells, int count)
{
    for (int i = 0; i < count; i++)
        points_append(all, cells[i].items, cells[i].count);
    points_sort(all);
}

static long count_cases(const struct points *all)
{
    long n = 0;
    for (int i = 0; i < all->count; i++)
        n += all->items[i].n;
    return n;
}

/* The sums of "at most q" in one PSU; a point may be several cases. */
static void add_share_up_to(struct sums *sums, const struct points *cell, double q)
{
    for (int i = 0; i < cell->count; i++) {
        struct sums one;
        sums_of(SUMS_VALUE, cell->items[i].w, cell->items[i].value <= q, 1, &one);
        one.value[SUM_N] *= (double)cell->items[i].n;
        sums_merge(SUMS_VALUE, sums, &one);
    }
}

/* The share of cases up to a value, by PSU. */
static struct estimate share_at(const struct sample *s, const struct points *cells, double q,
                                double level)
{
    struct cell_sums below = cell_sums_new(SUMS_VALUE, s->unit_count);
    for (int i = 0; i < s->unit_count; i++)
        add_share_up_to(cell_sums_at(&below, i), &cells[i], q);
    struct estimate e = estimate_linear(LINEAR_MEAN, s, &below, SHARE_NONE, level);
    cell_sums_free(&below);
    return e;
}

/* The value at one end of an interval, as R has it: below the first case's share the second
 * case's. */
static double value_at_end(const struct points *all, double share)
{
    const struct point *first = all->items;
    bool below = all->count > 1 && first->n == 1 && share * total_weight(all) < first->w;
    return below ? first[1].value : points_quantile(all, share);
}

/* Ends of the quantile's interval from those of the share's; NaN for an end beyond 0 or 1, and
 * for both when the share is known without error. */
static struct interval carry_back(const struct points *all, struct interval share)
{
    struct interval back = {NAN, NAN};
    if (share.low >= 0 && share.low < share.high)
        back.low = value_at_end(all, share.low);
    if (share.high <= 1 && share.low < share.high)
        back.high = value_at_end(all, share.high);
    return back;
}

struct estimate estimate_quantile(const struct sample *s, const struct points *cells, double share,
                                  double level)
{
    struct points all = {0};
    merge_points(&all, cells, s->unit_count);
    double q = points_quantile(&all, share);
    struct estimate e = share_at(s, cells, q, level);
    e.value = q;
    e.t = carry_back(&all, e.t);
    if (e.t.low > q) /* an end in the first case's share */
        e.t.low = q;
    e.se = (e.t.high - e.t.low) / (2 * t_factor(level, e.df));
    e.deff = NAN;
    points_free(&all);
    return e;
}

/* Index of the first value where the score (share - F)/se is at most `limit`; all->count if none
 * is. */
static int first_at_most(const struct sample *s, const struct points *cells,
                         const struct points *all, double share, double limit, double level)
{
    int low = 0, high = all->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        struct estimate e = share_at(s, cells, all->items[middle].value, level);
        if (share - e.value <= limit * e.se)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct estimate estimate_quantile_score(const struct sample *s, const struct points *cells,
                                        double share, double level)
{
    struct points all = {0};
    merge_points(&all, cells, s->unit_count);
    double q = points_quantile(&all, share);
    struct estimate e = share_at(s, cells, q, level);
    double t = t_factor(level, e.df);
    bool has = isfinite(e.se) && e.se > 0;
    int low = has ? first_at_most(s, cells, &all, share, t, level) : 0;
    /* The last value that is not rejected holds until the next one. */
    int high = has ? first_at_most(s, cells, &all, share, nextafter(-t, -INFINITY), level) : 0;
    e.value = q;
    e.t.low = has && low > 0 ? all.items[low].value : NAN;
    e.t.high = has && high < all.count - 1 ? all.items[high].value : NAN;
    e.se = (e.t.high - e.t.low) / (2 * t);
    e.deff = NAN;
    points_free(&all);
    return e;
}

struct estimate estimate_quantile_census(const struct points *cells, int count, double share)
{
    struct points all = {0};
    merge_points(&all, cells, count);
    struct estimate e = {.n = count_cases(&all),
                         .value = points_quantile(&all, share),
                         .se = NAN,
                         .t = {NAN, NAN},
                         .share = {NAN, NAN},
                         .deff = NAN};
    points_free(&all);
    return e;
}
