/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/disclosure.h"

#include "base/arena.h"

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
    for (int e = 0; e < d->equation_count; e++)
        free(d->equations[e].cells);
    free(d->equations);
    free(d->cells);
    free(d);
}

int disclosure_cell(struct disclosure *d, long n, double value, bool primary, double need)
{
    GROW(d->cells, d->cell_count, d->cell_room);
    d->cells[d->cell_count] = (struct disclosure_cell){n, value, need, primary, primary};
    return d->cell_count++;
}

void disclosure_equation(struct disclosure *d, int total, const int *parts, int count)
{
    long n = 0;
    for (int i = 0; i < count; i++)
        n += d->cells[parts[i]].n;
    if (n != d->cells[total].n)
        return;
    GROW(d->equations, d->equation_count, d->equation_room);
    struct disclosure_equation *e = &d->equations[d->equation_count++];
    e->count = count + 1;
    e->cells = must_alloc((size_t)e->count * sizeof *e->cells);
    e->cells[0] = total;
    memcpy(e->cells + 1, parts, (size_t)count * sizeof *parts);
}

/* ---- the intruder ------------------------------------------------------------------------------
 */

/* Bounds of each cell's number of cases, from the printed ones and the equations. */
struct bounds {
    double *low, *high;
};

/* The most that the parts but c can come to; `finite` and `unbounded` are those of all parts. */
static double most_of_others(const struct bounds *b, int c, double finite, int unbounded)
{
    bool own = isinf(b->high[c]);
    return unbounded - own > 0 ? INFINITY : finite - (own ? 0 : b->high[c]);
}

/* total = sum of parts: bounds of one member from those of the others.  Returns after the first
 * that became narrower. */
static bool narrow(const struct disclosure_equation *e, struct bounds *b)
{
    double low = 0, high = 0;
    int unbounded = 0, total = e->cells[0];
    for (int i = 1; i < e->count; i++) {
        low += b->low[e->cells[i]];
        unbounded += isinf(b->high[e->cells[i]]) != 0;
        high += isinf(b->high[e->cells[i]]) ? 0 : b->high[e->cells[i]];
    }
    for (int i = 0; i < e->count; i++) {
        int c = e->cells[i];
        double others = i ? most_of_others(b, c, high, unbounded) : 0;
        double least = i == 0 ? low : isinf(others) ? -INFINITY : b->low[total] - others;
        double most = i == 0 ? (unbounded ? INFINITY : high) : b->high[total] - (low - b->low[c]);
        if (least > b->low[c] || most < b->high[c]) {
            b->low[c] = fmax(least, b->low[c]);
            b->high[c] = fmin(most, b->high[c]);
            return true;
        }
    }
    return false;
}

static struct bounds propagate(const struct disclosure *d)
{
    size_t n = (size_t)d->cell_count;
    struct bounds b = {must_alloc(n * sizeof(double)), must_alloc(n * sizeof(double))};
    for (size_t i = 0; i < n; i++) {
        b.low[i] = d->cells[i].hidden ? 1 : (double)d->cells[i].n;
        b.high[i] = d->cells[i].hidden ? INFINITY : (double)d->cells[i].n;
    }
    /* Bounds are whole numbers that only come closer. */
    for (bool changed = true; changed;) {
        changed = false;
        for (int e = 0; e < d->equation_count; e++)
            changed |= narrow(&d->equations[e], &b);
    }
    return b;
}

/* Hidden cells that the equations determine: after elimination, alone in their row. */
static void determine(const struct disclosure *d, bool *known)
{
    int columns = 0, rows = 0;
    int *cell = must_alloc((size_t)d->cell_count * sizeof *cell);
    int *column = must_alloc((size_t)d->cell_count * sizeof *column);
    for (int i = 0; i < d->cell_count; i++)
        if (d->cells[i].hidden) {
            column[i] = columns;
            cell[columns++] = i;
        }
    size_t width = (size_t)columns;
    double *m = must_alloc((size_t)d->equation_count * width * sizeof *m);
    for (int e = 0; e < d->equation_count; e++, rows++)
        for (int i = 0; i < d->equations[e].count; i++) {
            int c = d->equations[e].cells[i];
            if (d->cells[c].hidden)
                m[(size_t)rows * width + (size_t)column[c]] += i ? -1 : 1;
        }
    int rank = 0;
    for (int c = 0; c < columns && rank < rows; c++) {
        int pivot = rank;
        for (int r = rank; r < rows; r++)
            if (fabs(m[(size_t)r * width + (size_t)c]) > fabs(m[(size_t)pivot * width + (size_t)c]))
                pivot = r;
        double head = m[(size_t)pivot * width + (size_t)c];
        if (fabs(head) < 1e-9)
            continue;
        for (size_t k = 0; k < width; k++) {
            double swap = m[(size_t)pivot * width + k];
            m[(size_t)pivot * width + k] = m[(size_t)rank * width + k];
            m[(size_t)rank * width + k] = swap / head;
        }
        for (int r = 0; r < rows; r++) {
            double factor = m[(size_t)r * width + (size_t)c];
            for (size_t k = 0; r != rank && factor != 0 && k < width; k++)
                m[(size_t)r * width + k] -= factor * m[(size_t)rank * width + k];
        }
        rank++;
    }
    for (int r = 0; r < rank; r++) {
        int found = -1, others = 0;
        for (int c = 0; c < columns; c++)
            if (fabs(m[(size_t)r * width + (size_t)c]) > 1e-9) {
                others += found >= 0;
                found = c;
            }
        if (found >= 0 && others == 0)
            known[cell[found]] = true;
    }
    free(cell);
    free(column);
    free(m);
}

/* Cells whose value the other hidden values of one equation leave too narrow a room. */
static void find_close(const struct disclosure *d, bool *known)
{
    for (int e = 0; e < d->equation_count; e++) {
        double all = 0;
        const struct disclosure_equation *q = &d->equations[e];
        for (int i = 0; i < q->count; i++)
            all += d->cells[q->cells[i]].hidden ? fabs(d->cells[q->cells[i]].value) : 0;
        for (int i = 0; i < q->count; i++) {
            const struct disclosure_cell *c = &d->cells[q->cells[i]];
            if (c->hidden && c->need > 0 && all - fabs(c->value) < c->need)
                known[q->cells[i]] = true;
        }
    }
}

int disclosure_recover(const struct disclosure *d, bool *which)
{
    bool *known = must_alloc((size_t)d->cell_count);
    struct bounds b = propagate(d);
    int count = 0;
    determine(d, known);
    find_close(d, known);
    for (int i = 0; i < d->cell_count; i++) {
        if (!d->cells[i].hidden)
            continue;
        known[i] |= b.high[i] < d->least || b.low[i] == b.high[i];
        count += known[i];
    }
    if (which)
        memcpy(which, known, (size_t)d->cell_count);
    free(b.low);
    free(b.high);
    free(known);
    return count;
}

/* ---- protection ---------------------------------------------------------------------------------
 */

/* The next cell of an equation to hide, -1 when all are hidden. */
static int next_cell(const struct disclosure *d, const struct disclosure_equation *e)
{
    int best = -1;
    for (int i = 1; i < e->count; i++) {
        int c = e->cells[i];
        if (!d->cells[c].hidden && (best < 0 || d->cells[c].n < d->cells[best].n))
            best = c;
    }
    return best >= 0 || d->cells[e->cells[0]].hidden ? best : e->cells[0];
}

static bool holds(const struct disclosure_equation *e, int cell)
{
    for (int i = 0; i < e->count; i++)
        if (e->cells[i] == cell)
            return true;
    return false;
}

static int hidden_in(const struct disclosure *d, const struct disclosure_equation *e)
{
    int n = 0;
    for (int i = 0; i < e->count; i++)
        n += d->cells[e->cells[i]].hidden;
    return n;
}

/* Hides one more cell in an equation of the exposed cell, of its equations that with the fewest
 * hidden ones; false when there is none left to hide. */
static bool hide_beside(struct disclosure *d, int exposed)
{
    const struct disclosure_equation *best = NULL;
    for (int e = 0; e < d->equation_count; e++) {
        const struct disclosure_equation *q = &d->equations[e];
        bool usable = holds(q, exposed) && next_cell(d, q) >= 0;
        if (usable && (!best || hidden_in(d, q) < hidden_in(d, best)))
            best = q;
    }
    if (best)
        d->cells[next_cell(d, best)].hidden = true;
    return best != NULL;
}

void disclosure_protect(struct disclosure *d)
{
    bool *exposed = must_alloc((size_t)d->cell_count);
    for (bool changed = true; changed;) {
        changed = false;
        if (disclosure_recover(d, exposed) == 0)
            break;
        for (int i = 0; i < d->cell_count && !changed; i++)
            changed = exposed[i] && hide_beside(d, i);
    }
    free(exposed);
}
