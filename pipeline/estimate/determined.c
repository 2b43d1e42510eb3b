/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/determined.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t PRIME = 2147483647;

struct term {
    int column;
    uint32_t factor; /* modulo PRIME, not 0 */
};
struct row {
    struct term *terms; /* by column */
    int count;
    bool used; /* as pivot */
};
struct column {
    int *rows; /* that had it once */
    int count, room;
    int present;       /* rows that have it and were not used as pivot; -1: done */
    int before, after; /* in the queue */
};
struct linear_system {
    struct row *rows;
    int row_count, row_room;
    struct column *columns;
    int column_count;
    int *queue; /* queue[rows]: the first column in so many rows; -1 */
    int queue_count;
    struct pivot {
        int row, column;
    } * pivots;
    int pivot_count, pivot_room;
};

struct linear_system *linear_system_new(int unknowns)
{
    struct linear_system *s = must_alloc(sizeof *s);
    s->columns = must_alloc((size_t)(unknowns + 1) * sizeof *s->columns);
    s->column_count = unknowns;
    return s;
}

void linear_system_free(struct linear_system *s)
{
    for (int r = 0; r < s->row_count; r++)
        free(s->rows[r].terms);
    for (int c = 0; c < s->column_count; c++)
        free(s->columns[c].rows);
    free(s->rows);
    free(s->columns);
    free(s->queue);
    free(s->pivots);
    free(s);
}

/* ---- columns by the number of their rows ------------------------------------------------------
 */

static void queue_take(struct linear_system *s, int column)
{
    struct column *c = &s->columns[column];
    if (c->before >= 0)
        s->columns[c->before].after = c->after;
    else
        s->queue[c->present] = c->after;
    if (c->after >= 0)
        s->columns[c->after].before = c->before;
}

static void queue_put(struct linear_system *s, int column)
{
    struct column *c = &s->columns[column];
    c->before = -1;
    c->after = s->queue[c->present];
    if (c->after >= 0)
        s->columns[c->after].before = column;
    s->queue[c->present] = column;
}

static void queue_begin(struct linear_system *s)
{
    s->queue_count = s->row_count + 1;
    s->queue = must_alloc((size_t)s->queue_count * sizeof *s->queue);
    for (int n = 0; n < s->queue_count; n++)
        s->queue[n] = -1;
    for (int c = s->column_count - 1; c >= 0; c--)
        queue_put(s, c);
}

/* `change` of a column's number of rows. */
static void queue_move(struct linear_system *s, int column, int change)
{
    if (s->columns[column].present < 0)
        return;
    queue_take(s, column);
    s->columns[column].present += change;
    queue_put(s, column);
}

/* Takes out the column in the fewest rows, of those in any; -1 when all are done. */
static int queue_next(struct linear_system *s)
{
    for (int n = 1; n < s->queue_count; n++) {
        int column = s->queue[n];
        if (column < 0)
            continue;
        queue_take(s, column);
        s->columns[column].present = -1;
        return column;
    }
    return -1;
}

static void column_note(struct linear_system *s, int column, int row)
{
    struct column *c = &s->columns[column];
    GROW(c->rows, c->count, c->room);
    c->rows[c->count++] = row;
}

static int compare_terms(const void *left, const void *right)
{
    const struct term *a = left, *b = right;
    return (a->column > b->column) - (a->column < b->column);
}

/* Adds up the terms of one column, which stand together, and drops those that cancel. */
static void settle(struct row *r)
{
    int n = 0;
    for (int i = 0; i < r->count; i++) {
        if (n && r->terms[n - 1].column == r->terms[i].column)
            r->terms[n - 1].factor =
                (uint32_t)(((uint64_t)r->terms[n - 1].factor + r->terms[i].factor) % PRIME);
        else
            r->terms[n++] = r->terms[i];
    }
    r->count = 0;
    for (int i = 0; i < n; i++)
        if (r->terms[i].factor)
            r->terms[r->count++] = r->terms[i];
}

void linear_system_row(struct linear_system *s, const int *unknown, const int *coefficient,
                       int count)
{
    GROW(s->rows, s->row_count, s->row_room);
    struct row *r = &s->rows[s->row_count];
    *r = (struct row){.terms = must_alloc((size_t)(count + 1) * sizeof *r->terms), .count = count};
    for (int i = 0; i < count; i++) {
        int64_t factor = coefficient[i] % (int64_t)PRIME;
        r->terms[i] =
            (struct term){unknown[i], (uint32_t)(factor < 0 ? factor + (int64_t)PRIME : factor)};
    }
    if (count)
        qsort(r->terms, (size_t)count, sizeof *r->terms, compare_terms);
    settle(r);
    for (int i = 0; i < r->count; i++) {
        column_note(s, r->terms[i].column, s->row_count);
        s->columns[r->terms[i].column].present++;
    }
    s->row_count++;
}

/* ---- elimination ------------------------------------------------------------------------------
 */

static uint64_t power(uint64_t base, uint64_t exponent)
{
    uint64_t out = 1;
    for (; exponent; exponent >>= 1, base = base * base % PRIME)
        if (exponent & 1)
            out = out * base % PRIME;
    return out;
}

static uint64_t inverse(uint64_t x)
{
    return power(x, PRIME - 2);
}

/* 0 when the row does not have the column. */
static uint64_t factor_of(const struct row *r, int column)
{
    struct term key = {column, 0};
    const struct term *t =
        r->count ? bsearch(&key, r->terms, (size_t)r->count, sizeof key, compare_terms) : NULL;
    return t ? t->factor : 0;
}

/* row = row + multiple x pivot, with the columns' counts kept. */
static void add_row(struct linear_system *s, int row, const struct row *pivot, uint64_t multiple)
{
    struct row *r = &s->rows[row];
    struct term *out = must_alloc((size_t)(r->count + pivot->count) * sizeof *out);
    int n = 0, i = 0, k = 0;
    while (i < r->count || k < pivot->count) {
        int left = i < r->count ? r->terms[i].column : s->column_count;
        int right = k < pivot->count ? pivot->terms[k].column : s->column_count;
        int column = left < right ? left : right;
        uint64_t sum = left == column ? r->terms[i].factor : 0;
        if (right == column)
            sum = (sum + multiple * pivot->terms[k].factor) % PRIME;
        if (left != column) {
            column_note(s, column, row);
            queue_move(s, column, 1);
        } else if (sum == 0) {
            queue_move(s, column, -1);
        }
        if (sum)
            out[n++] = (struct term){column, (uint32_t)sum};
        i += left == column;
        k += right == column;
    }
    free(r->terms);
    r->terms = out;
    r->count = n;
}

/* The shortest row that has the column; -1: none. */
static int shortest_row(const struct linear_system *s, const struct column *c, int column)
{
    int best = -1;
    for (int i = 0; i < c->count; i++) {
        const struct row *r = &s->rows[c->rows[i]];
        if (!r->used && factor_of(r, column) && (best < 0 || r->count < s->rows[best].count))
            best = c->rows[i];
    }
    return best;
}

static void eliminate(struct linear_system *s, int column)
{
    struct column *c = &s->columns[column];
    int at = shortest_row(s, c, column);
    if (at < 0)
        return;
    s->rows[at].used = true;
    GROW(s->pivots, s->pivot_count, s->pivot_room);
    s->pivots[s->pivot_count++] = (struct pivot){at, column};
    uint64_t head = inverse(factor_of(&s->rows[at], column));
    for (int i = 0; i < c->count; i++) {
        uint64_t factor = factor_of(&s->rows[c->rows[i]], column);
        if (factor && !s->rows[c->rows[i]].used)
            add_row(s, c->rows[i], &s->rows[at], (PRIME - factor) * head % PRIME);
    }
    for (int i = 0; i < s->rows[at].count; i++)
        queue_move(s, s->rows[at].terms[i].column, -1);
}

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void linear_system_determined(struct linear_system *s, bool *known)
{
    uint64_t seed = 1, *x = must_alloc((size_t)(s->column_count + 1) * sizeof *x);
    queue_begin(s);
    for (int c = queue_next(s); c >= 0; c = queue_next(s))
        eliminate(s, c);
    for (int c = 0; c < s->column_count; c++)
        x[c] = 1 + next_random(&seed) % (PRIME - 1);
    for (int i = s->pivot_count - 1; i >= 0; i--) {
        const struct row *r = &s->rows[s->pivots[i].row];
        uint64_t sum = 0, head = 0;
        for (int k = 0; k < r->count; k++)
            if (r->terms[k].column == s->pivots[i].column)
                head = r->terms[k].factor;
            else
                sum = (sum + r->terms[k].factor * x[r->terms[k].column]) % PRIME;
        x[s->pivots[i].column] = (PRIME - sum) % PRIME * inverse(head) % PRIME;
    }
    for (int c = 0; c < s->column_count; c++)
        known[c] = x[c] == 0;
    free(x);
}
