/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/relations.h"

#include "base/arena.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct relations *relations_new(void)
{
    return must_alloc(sizeof(struct relations));
}

void relations_free(struct relations *r)
{
    for (int i = 0; i < r->count; i++) {
        free(r->items[i].columns);
        free(r->items[i].coefficients);
    }
    free(r->items);
    free(r->columns);
    free(r);
}

int relations_column(struct relations *r)
{
    GROW(r->columns, r->column_count, r->column_room);
    memset(r->columns[r->column_count], 0, sizeof *r->columns);
    return r->column_count++;
}

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t random_of(uint64_t place)
{
    uint64_t z = (place + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void relations_put(struct relations *r, int column, uint64_t place, double number)
{
    uint64_t random = random_of(place);
    double factor = (double)(random >> 32) / 4294967296.0 + 0.5;
    r->columns[column][random % SKETCH_SIZE] += number * factor;
}

/* ---- elimination ------------------------------------------------------------------------------
 */

static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < SKETCH_SIZE; i++)
        sum += a[i] * b[i];
    return sum;
}

static void scale(double *a, double factor)
{
    for (int i = 0; i < SKETCH_SIZE; i++)
        a[i] *= factor;
}

/* The columns so far that are independent: orthonormal, and how they were made. */
struct basis {
    int *columns, count;
    double *size;     /* of each column as given */
    double *triangle; /* [i * room + k]: column i, of length 1, has so much of direction k */
    int room;
};

/* Takes what the basis spans out of a column, twice for what rounding leaves (Giraud and others
 * 2005, Numerische Mathematik 101, 87-100); what[k] is how much of direction k it had. */
static void project(const struct relations *r, const struct basis *b, double *column, double *what)
{
    for (int k = 0; k < b->count; k++)
        what[k] = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int k = 0; k < b->count; k++) {
            const double *direction = r->columns[b->columns[k]];
            double part = dot(direction, column);
            for (int i = 0; i < SKETCH_SIZE; i++)
                column[i] -= part * direction[i];
            what[k] += part;
        }
}

/* From parts of directions to multiples of the columns, in place. */
static void solve(const struct basis *b, double *x)
{
    for (int k = b->count - 1; k >= 0; k--) {
        x[k] /= b->triangle[k * b->room + k];
        for (int i = 0; i < k; i++)
            x[i] -= x[k] * b->triangle[k * b->room + i];
    }
}

/* The denominator that makes x a whole number: of averages of a few, or of units; 0: none. */
static int denominator_of(double x)
{
    static const int denominators[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 100, 1000, 10000};
    const double rounding = 1e-8;
    for (size_t i = 0; i < sizeof denominators / sizeof *denominators; i++) {
        double whole = round(x * denominators[i]);
        if (fabs(x * denominators[i] - whole) <= rounding * denominators[i] * fmax(1, fabs(x)))
            return denominators[i];
    }
    return 0;
}

static int greatest_common_divisor(int a, int b)
{
    return b ? greatest_common_divisor(b, a % b) : a;
}

/* column = sum of x[k] columns of the basis, with whole coefficients; left out when there are none
 * small enough. */
static void add_relation(struct relations *r, const struct basis *b, int column, const double *x)
{
    const double most = 1e9;
    double largest = 1;
    int all = 1, n = 0;
    for (int k = 0; k < b->count; k++) {
        int d = denominator_of(x[k]);
        if (d == 0 || (double)all * d > most)
            return;
        all = all / greatest_common_divisor(all, d) * d;
        largest = fmax(largest, fabs(x[k]));
    }
    if (largest * all > most)
        return;
    GROW(r->items, r->count, r->room);
    struct relation *out = &r->items[r->count++];
    out->columns = must_alloc((size_t)(b->count + 1) * sizeof *out->columns);
    out->coefficients = must_alloc((size_t)(b->count + 1) * sizeof *out->coefficients);
    out->columns[n] = column;
    out->coefficients[n++] = all;
    for (int k = 0; k < b->count; k++) {
        int coefficient = (int)-lround(x[k] * all);
        if (coefficient == 0)
            continue;
        out->columns[n] = b->columns[k];
        out->coefficients[n++] = coefficient;
    }
    out->count = n;
}

static void take(struct relations *r, struct basis *b, int column, double *x)
{
    const double rounding = 1e-8;
    double *own = r->columns[column], size = sqrt(dot(own, own));
    if (size == 0)
        return;
    scale(own, 1 / size);
    project(r, b, own, x);
    double left = sqrt(dot(own, own));
    if (left > rounding) {
        scale(own, 1 / left);
        memcpy(b->triangle + (size_t)b->count * (size_t)b->room, x, (size_t)b->count * sizeof *x);
        b->triangle[b->count * b->room + b->count] = left;
        b->size[b->count] = size;
        b->columns[b->count++] = column;
        return;
    }
    solve(b, x);
    for (int k = 0; k < b->count; k++)
        x[k] *= size / b->size[k];
    add_relation(r, b, column, x);
}

void relations_find(struct relations *r)
{
    size_t n = (size_t)(r->column_count < SKETCH_SIZE ? r->column_count : SKETCH_SIZE);
    struct basis b = {.columns = must_alloc((n + 1) * sizeof *b.columns),
                      .size = must_alloc((n + 1) * sizeof *b.size),
                      .triangle = must_alloc((n * n + 1) * sizeof *b.triangle),
                      .room = (int)n};
    double *x = must_alloc((n + 1) * sizeof *x);
    for (int c = 0; c < r->column_count && b.count < SKETCH_SIZE; c++)
        take(r, &b, c, x);
    free(b.columns);
    free(b.size);
    free(b.triangle);
    free(x);
}
