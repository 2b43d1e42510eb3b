/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sums of one cell (the records of a group in a unit of the sample), each to about 32 digits
 * (estimate/moments.h), so that neither the order of records nor how they are grouped shows in the
 * last bit of what is computed from them; and those of many cells.
 *
 *     struct sums one[SUMS_LINES_MOST], cell[SUMS_LINES_MOST] = {0};
 *     sums_of(SUMS_VALUE, 236.5, 57080, 1, one);      // weight, y, x (1: no denominator)
 *     sums_merge(SUMS_VALUE, cell, one);
 *     struct moments m = sums_moments(SUMS_VALUE, cell);
 *
 *     struct cell_sums cells = cell_sums_new(SUMS_RATIO, count);
 *     cell_sums_add(&cells, 7, 236.5, 57080, 4);      // cell, weight, y, x
 *     struct moments all = cell_sums_all(&cells);
 *     cell_sums_free(&cells);
 */
#ifndef ESTIMATE_SUMS_H
#define ESTIMATE_SUMS_H

#include "estimate/moments.h"

#include <stddef.h>

enum sums_kind {
    SUMS_VALUE, /* x is 1 */
    SUMS_TOTAL, /* the same with the largest single records */
    SUMS_RATIO,
};
/* The lines of a cell, four sums each, as processors like it.  The second one has of totals the two
 * largest |wy|, of ratios what is named here; DROPPED are cases without a value. */
enum { SUMS_LINES_MOST = 2 };
enum { SUM_N, SUM_W, SUM_WY, SUM_WYY };
enum { SUM_WX, SUM_WXY, SUM_WXX, SUM_DROPPED };
struct sums {
    double value[4], lost[4];
};

static inline int sums_lines(enum sums_kind kind)
{
    return kind == SUMS_VALUE ? 1 : 2;
}

static inline struct sum sum_of(const struct sums *s, int at)
{
    return (struct sum){s->value[at], s->lost[at]};
}

/* sum wx, which is sum w where x is 1. */
static inline struct sum sum_of_x(enum sums_kind kind, const struct sums *cell)
{
    return kind == SUMS_RATIO ? sum_of(&cell[1], SUM_WX) : sum_of(cell, SUM_W);
}

/* ---- one record ------------------------------------------------------------------------------ */

static inline void put_product(struct sums *s, int at, double a, double b)
{
    s->value[at] = a * b;
    s->lost[at] = fma(a, b, -s->value[at]);
}

static inline void put_triple(struct sums *s, int at, double a, double b, double c)
{
    double p = a * b, q = p * c;
    s->value[at] = q;
    s->lost[at] = fma(p, c, -q) + fma(a, b, -p) * c;
}

/* The sums of one record; one of weight 0 has none. */
static inline void sums_of(enum sums_kind kind, double w, double y, double x, struct sums *one)
{
    for (int i = 0; i < sums_lines(kind); i++)
        one[i] = (struct sums){{0}, {0}};
    if (w == 0)
        return;
    one[0].value[SUM_N] = 1;
    one[0].lost[SUM_N] = y != 0;
    one[0].value[SUM_W] = w;
    put_product(one, SUM_WY, w, y);
    put_triple(one, SUM_WYY, w, y, y);
    if (kind == SUMS_TOTAL)
        one[1].value[0] = fabs(one[0].value[SUM_WY]);
    if (kind == SUMS_RATIO) {
        put_product(&one[1], SUM_WX, w, x);
        put_triple(&one[1], SUM_WXY, w, y, x);
        put_triple(&one[1], SUM_WXX, w, x, x);
    }
}

/* Those of a case without a value; SUMS_RATIO. */
static inline void sums_of_dropped(struct sums *one)
{
    one[0] = (struct sums){.value = {[SUM_N] = 1}};
    one[1] = (struct sums){.value = {[SUM_DROPPED] = 1}};
}

/* ---- cells ----------------------------------------------------------------------------------- */

static inline void sums_merge_line(struct sums *restrict into, const struct sums *restrict other)
{
    for (int k = 0; k < 4; k++) {
        double a = into->value[k], b = other->value[k], next = a + b, part = next - a;
        into->lost[k] += ((a - (next - part)) + (b - part)) + other->lost[k];
        into->value[k] = next;
    }
}

void sums_merge_top(struct sums *into, const struct sums *other);

static inline void sums_merge(enum sums_kind kind, struct sums *into, const struct sums *other)
{
    sums_merge_line(into, other);
    if (kind == SUMS_TOTAL)
        sums_merge_top(&into[1], &other[1]);
    if (kind == SUMS_RATIO)
        sums_merge_line(&into[1], &other[1]);
}

/* The same records with their weights multiplied by g. */
void sums_scale(enum sums_kind kind, struct sums *cell, double g);

/* A constant y leaves s_yy exactly 0 and mean_y exactly y: what is left below 1e-27 of sum wyy is
 * rounding. */
struct moments sums_moments(enum sums_kind kind, const struct sums *cell);

/* ---- many cells ------------------------------------------------------------------------------ */

struct cell_sums {
    enum sums_kind kind;
    int count;
    struct sums *lines; /* sums_lines(kind) of each cell, on the lines of the processor's cache */
    void *memory;       /* that they are in */
};

struct cell_sums cell_sums_new(enum sums_kind kind, int count);
void cell_sums_free(struct cell_sums *c);

static inline struct sums *cell_sums_at(const struct cell_sums *c, int cell)
{
    return c->lines + (size_t)cell * (size_t)sums_lines(c->kind);
}

/* Cases of the cell: those of some weight, and those without a value. */
static inline long cell_sums_n(const struct cell_sums *c, int cell)
{
    return (long)cell_sums_at(c, cell)->value[SUM_N];
}

/* Cases with y other than 0: n is exact, and they stand in the place of its rounding error. */
static inline long cell_sums_hits(const struct cell_sums *c, int cell)
{
    return (long)cell_sums_at(c, cell)->lost[SUM_N];
}

/* One more record in a cell. */
void cell_sums_add(struct cell_sums *c, int cell, double w, double y, double x);

/* Of all cells together. */
struct moments cell_sums_all(const struct cell_sums *c);

#endif
