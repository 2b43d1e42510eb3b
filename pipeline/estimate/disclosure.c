/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/disclosure.h"

#include "base/arena.h"
#include "estimate/determined.h"
#include "estimate/possible.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct disclosure *disclosure_new(double least)
{
    struct disclosure *d = must_alloc(sizeof *d);
    d->least = least;
    return d;
}

void disclosure_free(struct disclosure *d)
{
    if (!d)
        return;
    for (int e = 0; e < d->equation_count; e++) {
        free(d->equations[e].cells);
        free(d->equations[e].coefficients);
    }
    free(d->equations);
    free(d->followers);
    free(d->cells);
    free(d);
}

int disclosure_cell(struct disclosure *d, long n, double value, bool primary, double need)
{
    GROW(d->cells, d->cell_count, d->cell_room);
    d->cells[d->cell_count] = (struct disclosure_cell){.n = n,
                                                       .value = value,
                                                       .need = need,
                                                       .primary = primary,
                                                       .hidden = primary && n > 0,
                                                       .follower = -1};
    return d->cell_count++;
}

static struct disclosure_equation *add_equation(struct disclosure *d, int count)
{
    GROW(d->equations, d->equation_count, d->equation_room);
    struct disclosure_equation *e = &d->equations[d->equation_count++];
    *e = (struct disclosure_equation){.cells = must_alloc((size_t)count * sizeof *e->cells),
                                      .count = count};
    return e;
}

void disclosure_equation(struct disclosure *d, int total, const int *parts, int count)
{
    long n = 0;
    for (int i = 0; i < count; i++)
        n += d->cells[parts[i]].n;
    if (n != d->cells[total].n)
        return;
    struct disclosure_equation *e = add_equation(d, count + 1);
    e->cells[0] = total;
    memcpy(e->cells + 1, parts, (size_t)count * sizeof *parts);
}

void disclosure_relation(struct disclosure *d, const int *cells, const int *coefficients, int count)
{
    struct disclosure_equation *e = add_equation(d, count);
    e->coefficients = must_alloc((size_t)count * sizeof *e->coefficients);
    memcpy(e->cells, cells, (size_t)count * sizeof *cells);
    memcpy(e->coefficients, coefficients, (size_t)count * sizeof *coefficients);
}

void disclosure_follow(struct disclosure *d, int leader, int follower)
{
    GROW(d->followers, d->follower_count, d->follower_room);
    d->followers[d->follower_count] =
        (struct disclosure_follower){follower, d->cells[leader].follower};
    d->cells[leader].follower = d->follower_count++;
}

static int hidden_in(const struct disclosure *d, const struct disclosure_equation *e)
{
    int n = 0;
    for (int i = 0; i < e->count; i++)
        n += d->cells[e->cells[i]].hidden;
    return n;
}

/* ---- the intruder ------------------------------------------------------------------------------
 */

enum { PASSES_MAX = 200 };

/* Bounds of each cell's number of cases, from the printed ones and the equations. */
struct bounds {
    double *low, *high;
    int *by; /* the equation that set `high` last; -1 */
};

/* The most that the parts but c can come to; `finite` and `unbounded` are those of all parts. */
static double most_of_others(const struct bounds *b, int c, double finite, int unbounded)
{
    bool own = isinf(b->high[c]);
    return unbounded - own > 0 ? INFINITY : finite - (own ? 0 : b->high[c]);
}

/* total = sum of parts: bounds of each member from what those of the others were.  Returns whether
 * any became narrower. */
static bool narrow(const struct disclosure *d, int equation, struct bounds *b)
{
    const struct disclosure_equation *e = &d->equations[equation];
    double low = 0, high = 0, total_low = b->low[e->cells[0]], total_high = b->high[e->cells[0]];
    int unbounded = 0;
    bool narrower = false;
    for (int i = 1; i < e->count; i++) {
        low += b->low[e->cells[i]];
        unbounded += isinf(b->high[e->cells[i]]) != 0;
        high += isinf(b->high[e->cells[i]]) ? 0 : b->high[e->cells[i]];
    }
    for (int i = 0; i < e->count; i++) {
        int c = e->cells[i];
        double others = i ? most_of_others(b, c, high, unbounded) : 0;
        double least = i == 0 ? low : isinf(others) ? -INFINITY : total_low - others;
        double most = i == 0 ? (unbounded ? INFINITY : high) : total_high - (low - b->low[c]);
        if (least <= b->low[c] && most >= b->high[c])
            continue;
        b->by[c] = most < b->high[c] ? equation : b->by[c];
        b->low[c] = fmax(least, b->low[c]);
        b->high[c] = fmin(most, b->high[c]);
        narrower = true;
    }
    return narrower;
}

static struct bounds propagate(const struct disclosure *d)
{
    size_t n = (size_t)d->cell_count + 1;
    struct bounds b = {must_alloc(n * sizeof(double)), must_alloc(n * sizeof(double)),
                       must_alloc(n * sizeof(int))};
    int *open = must_alloc((size_t)(d->equation_count + 1) * sizeof *open), count = 0;
    for (int i = 0; i < d->cell_count; i++) {
        const struct disclosure_cell *c = &d->cells[i];
        b.low[i] = c->hidden ? 1 : (double)c->n;
        b.high[i] = c->hidden ? INFINITY : (double)c->n;
        b.by[i] = -1;
    }
    for (int e = 0; e < d->equation_count; e++) {
        const struct disclosure_equation *q = &d->equations[e];
        if (!q->coefficients && !d->cells[q->cells[0]].measured && hidden_in(d, q))
            open[count++] = e;
    }
    /* Bounds are whole numbers that only come closer; most are settled after a few passes. */
    bool changed = true;
    for (int pass = 0; changed && pass < PASSES_MAX; pass++) {
        changed = false;
        for (int e = 0; e < count; e++)
            changed |= narrow(d, open[e], &b);
    }
    free(open);
    return b;
}

static void bounds_free(struct bounds *b)
{
    free(b->low);
    free(b->high);
    free(b->by);
}

/* Hidden cells that the equations determine. */
static void determine(const struct disclosure *d, bool *known)
{
    int columns = 0, longest = 0;
    int *column = must_alloc((size_t)(d->cell_count + 1) * sizeof *column);
    for (int i = 0; i < d->cell_count; i++)
        column[i] = d->cells[i].hidden ? columns++ : -1;
    for (int e = 0; e < d->equation_count; e++)
        longest = d->equations[e].count > longest ? d->equations[e].count : longest;
    int *unknown = must_alloc((size_t)(longest + 1) * sizeof *unknown);
    int *coefficient = must_alloc((size_t)(longest + 1) * sizeof *coefficient);
    bool *found = must_alloc((size_t)columns + 1);
    struct linear_system *s = linear_system_new(columns);
    for (int e = 0; e < d->equation_count; e++) {
        const struct disclosure_equation *q = &d->equations[e];
        int n = 0;
        for (int i = 0; i < q->count; i++) {
            if (!d->cells[q->cells[i]].hidden)
                continue;
            unknown[n] = column[q->cells[i]];
            coefficient[n++] = q->coefficients ? q->coefficients[i] : i ? -1 : 1;
        }
        if (n)
            linear_system_row(s, unknown, coefficient, n);
    }
    linear_system_determined(s, found);
    for (int i = 0; i < d->cell_count; i++)
        known[i] |= column[i] >= 0 && found[column[i]];
    linear_system_free(s);
    free(column);
    free(unknown);
    free(coefficient);
    free(found);
}

/* How much a member of an equation says of its value. */
static double share_of(const struct disclosure_equation *e, int i)
{
    return e->coefficients ? abs(e->coefficients[i]) : 1;
}

/* Cells whose value the other hidden values of one equation leave too narrow a room. */
static void find_close(const struct disclosure *d, bool *known)
{
    for (int e = 0; e < d->equation_count; e++) {
        double all = 0;
        const struct disclosure_equation *q = &d->equations[e];
        for (int i = 0; i < q->count; i++)
            all += d->cells[q->cells[i]].hidden ? share_of(q, i) * fabs(d->cells[q->cells[i]].value)
                                                : 0;
        for (int i = 0; i < q->count; i++) {
            const struct disclosure_cell *c = &d->cells[q->cells[i]];
            double share = share_of(q, i), need = share * c->need;
            if (c->hidden && need > 0 && all - share * fabs(c->value) < need)
                known[q->cells[i]] = true;
        }
    }
}

/* Numbers of cases that their bounds give away; by[i]: through which equation, -1. */
static void find_bounded(const struct disclosure *d, bool *known, int *by)
{
    struct bounds b = propagate(d);
    for (int i = 0; i < d->cell_count; i++) {
        const struct disclosure_cell *c = &d->cells[i];
        bool bounded = c->hidden && !c->measured &&
                       ((!c->loose && b.high[i] < d->least) || b.low[i] == b.high[i]);
        by[i] = bounded ? b.by[i] : -1;
        known[i] |= bounded;
    }
    bounds_free(&b);
}

/* How closely the intruder looks: each level is dearer, and finds what those before it do. */
enum look {
    LOOK_ALONE, /* cells that are the only hidden one of an equation */
    LOOK_BOUNDS,
    LOOK_ALGEBRA,
    LOOK_POSSIBLE,
    LOOKS
};

static void find_alone(const struct disclosure *d, bool *known)
{
    for (int e = 0; e < d->equation_count; e++) {
        const struct disclosure_equation *q = &d->equations[e];
        bool alone = hidden_in(d, q) == 1;
        for (int i = 0; alone && i < q->count; i++)
            known[q->cells[i]] |= d->cells[q->cells[i]].hidden;
    }
}

/* As disclosure_recover(); by[i] is the equation that bounds an exposed number of cases, -1 where
 * it is not its bounds that expose it. */
static int recover(const struct disclosure *d, enum look look, bool *known, int *by)
{
    int count = 0;
    memset(known, 0, (size_t)d->cell_count);
    find_alone(d, known);
    if (look >= LOOK_ALGEBRA)
        determine(d, known);
    if (look >= LOOK_POSSIBLE)
        possible_numbers(d, known);
    if (look > LOOK_ALONE) {
        find_close(d, known);
        find_bounded(d, known, by);
    }
    for (int i = 0; i < d->cell_count; i++) {
        by[i] = look > LOOK_ALONE ? by[i] : -1;
        known[i] = known[i] && d->cells[i].hidden;
        count += known[i];
    }
    return count;
}
int disclosure_recover(const struct disclosure *d, bool *which)
{
    bool *known = must_alloc((size_t)d->cell_count + 1);
    int *by = must_alloc((size_t)(d->cell_count + 1) * sizeof *by);
    int count = recover(d, LOOKS - 1, known, by);
    if (which)
        memcpy(which, known, (size_t)d->cell_count);
    free(known);
    free(by);
    return count;
}

/* ---- protection ---------------------------------------------------------------------------------
 */

/* The equations of each cell, those of cell i being equation[first[i] .. first[i + 1] - 1], and how
 * many cells of each equation are hidden. */
struct uses {
    int *first, *equation, *hidden;
};

static struct uses uses_new(const struct disclosure *d)
{
    struct uses u = {.first = must_alloc((size_t)(d->cell_count + 2) * sizeof(int)),
                     .hidden = must_alloc((size_t)(d->equation_count + 1) * sizeof(int))};
    for (int e = 0; e < d->equation_count; e++)
        for (int i = 0; i < d->equations[e].count; i++)
            u.first[d->equations[e].cells[i] + 2]++;
    for (int i = 0; i < d->cell_count; i++)
        u.first[i + 2] += u.first[i + 1];
    u.equation = must_alloc((size_t)(u.first[d->cell_count + 1] + 1) * sizeof(int));
    for (int e = 0; e < d->equation_count; e++) {
        u.hidden[e] = hidden_in(d, &d->equations[e]);
        for (int i = 0; i < d->equations[e].count; i++)
            u.equation[u.first[d->equations[e].cells[i] + 1]++] = e;
    }
    return u;
}

static void uses_free(struct uses *u)
{
    free(u->first);
    free(u->equation);
    free(u->hidden);
}

/* With what follows it.  That there is no case is taken to be known. */
static void hide(struct disclosure *d, struct uses *u, int cell)
{
    if (d->cells[cell].hidden || d->cells[cell].n == 0)
        return;
    d->cells[cell].hidden = true;
    for (int k = u->first[cell]; k < u->first[cell + 1]; k++)
        u->hidden[u->equation[k]]++;
    for (int f = d->cells[cell].follower; f >= 0; f = d->followers[f].next)
        hide(d, u, d->followers[f].cell);
}

/* A cell that could be hidden beside an exposed one. */
struct choice {
    int cell; /* -1: none */
    int cost; /* of parts 0, totals 1, what is dear 2 and 3 */
    /* Equations in which it would be the only hidden one, and so exposed in turn, less those in
     * which there would be one hidden beside the only one. */
    int alone;
};

static struct choice choice_of(const struct disclosure *d, const struct uses *u,
                               const struct disclosure_equation *e, int i)
{
    int cell = e->cells[i];
    if (d->cells[cell].hidden || d->cells[cell].n == 0)
        return (struct choice){.cell = -1};
    int dear = d->cells[cell].dear;
    struct choice c = {cell, dear ? dear + 1 : i == 0 && !e->coefficients, 0};
    for (int k = u->first[cell]; k < u->first[cell + 1]; k++)
        c.alone += (u->hidden[u->equation[k]] == 0) - (u->hidden[u->equation[k]] == 1);
    return c;
}

static bool is_better(const struct disclosure *d, struct choice a, struct choice b)
{
    if (a.cell < 0 || b.cell < 0)
        return b.cell < 0 && a.cell >= 0;
    const struct disclosure_cell *x = &d->cells[a.cell], *y = &d->cells[b.cell];
    if (a.cost != b.cost)
        return a.cost < b.cost;
    if (a.alone != b.alone)
        return a.alone < b.alone;
    if (x->absent != y->absent)
        return x->absent;
    return x->n < y->n;
}

static struct choice choose_in(const struct disclosure *d, const struct uses *u, int equation,
                               struct choice best)
{
    const struct disclosure_equation *e = &d->equations[equation];
    for (int i = 0; i < e->count; i++) {
        struct choice c = choice_of(d, u, e, i);
        if (is_better(d, c, best))
            best = c;
    }
    return best;
}

/* Where a cell is taken from, and how much it may cost. */
struct stage {
    enum { FROM_ALONE, FROM_OWN, FROM_NEAR } from; /* equations */
    int cost;
};
static const struct stage STAGES[] = {{FROM_ALONE, 3}, {FROM_OWN, 0}, {FROM_OWN, 1}, {FROM_NEAR, 0},
                                      {FROM_NEAR, 1},  {FROM_OWN, 3}, {FROM_NEAR, 3}};

/* In the equation that bounds the exposed cell, else in all of its equations; at first in those
 * where it is alone. */
static struct choice choose(const struct disclosure *d, const struct uses *u, int exposed, int by,
                            struct stage stage)
{
    struct choice best = {.cell = -1};
    bool alone = stage.from == FROM_ALONE;
    if (by >= 0 && !alone)
        best = choose_in(d, u, by, best);
    bool all = best.cell < 0;
    for (int k = u->first[exposed]; all && k < u->first[exposed + 1]; k++)
        if (!alone || u->hidden[u->equation[k]] == 1)
            best = choose_in(d, u, u->equation[k], best);
    if (best.cost > stage.cost)
        best.cell = -1;
    return best;
}

/* The same for the nearest cell that stands with it, or with such a one, in equations that have
 * something left to hide. */
static struct choice choose_near(const struct disclosure *d, const struct uses *u, int exposed,
                                 struct stage stage)
{
    struct choice best = {.cell = -1};
    bool *seen = must_alloc((size_t)d->cell_count);
    int *near = must_alloc((size_t)d->cell_count * sizeof *near), count = 0;
    seen[near[count++] = exposed] = true;
    for (int i = 0; i < count && best.cell < 0; i++) {
        best = choose(d, u, near[i], -1, stage);
        for (int k = u->first[near[i]]; k < u->first[near[i] + 1]; k++) {
            const struct disclosure_equation *e = &d->equations[u->equation[k]];
            for (int c = 0; c < e->count; c++)
                if (d->cells[e->cells[c]].hidden && !seen[e->cells[c]])
                    seen[near[count++] = e->cells[c]] = true;
        }
    }
    free(seen);
    free(near);
    return best;
}

/* Whether an equation of the cell got one more hidden cell in this round. */
static bool is_helped(const struct uses *u, int cell, const bool *touched)
{
    for (int k = u->first[cell]; k < u->first[cell + 1]; k++)
        if (touched[u->equation[k]])
            return true;
    return false;
}

/* One more cell beside every exposed one.  Returns whether any was hidden. */
static bool hide_stage(struct disclosure *d, struct uses *u, const bool *exposed, const int *by,
                       struct stage stage)
{
    bool *touched = must_alloc((size_t)d->equation_count + 1), any = false;
    for (int i = 0; i < d->cell_count; i++) {
        if (!exposed[i] || is_helped(u, i, touched))
            continue;
        bool near = stage.from == FROM_NEAR;
        int cell = (near ? choose_near(d, u, i, stage) : choose(d, u, i, by[i], stage)).cell;
        if (cell < 0)
            continue;
        hide(d, u, cell);
        for (int k = u->first[cell]; k < u->first[cell + 1]; k++)
            touched[u->equation[k]] = true;
        any = true;
        if (near)
            break;
    }
    free(touched);
    return any;
}

/* Against what the cheapest look finds.  Returns whether any was hidden. */
static bool hide_round(struct disclosure *d, struct uses *u, bool *exposed, int *by)
{
    for (enum look look = LOOK_ALONE; look < LOOKS; look++) {
        if (recover(d, look, exposed, by) == 0)
            continue;
        for (size_t i = 0; i < sizeof STAGES / sizeof *STAGES; i++)
            if (hide_stage(d, u, exposed, by, STAGES[i]))
                return true;
    }
    return false;
}

void disclosure_protect(struct disclosure *d)
{
    bool *exposed = must_alloc((size_t)d->cell_count + 1);
    int *by = must_alloc((size_t)(d->cell_count + 1) * sizeof *by);
    struct uses uses = uses_new(d);
    for (int i = 0; i < d->cell_count; i++)
        for (int f = d->cells[i].hidden ? d->cells[i].follower : -1; f >= 0;
             f = d->followers[f].next)
            hide(d, &uses, d->followers[f].cell);
    while (hide_round(d, &uses, exposed, by))
        continue;
    uses_free(&uses);
    free(exposed);
    free(by);
}
