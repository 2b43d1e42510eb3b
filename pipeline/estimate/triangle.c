/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/triangle.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

struct triangle *triangle_new(int count)
{
    struct triangle *t = must_alloc(sizeof *t);
    size_t n = (size_t)count;
    t->count = count;
    t->diagonal = must_alloc(n * sizeof(double));
    t->rest = must_alloc(n * n * sizeof(double));
    t->right = must_alloc(n * sizeof(double));
    t->norm = must_alloc(n * sizeof(double));
    return t;
}

void triangle_free(struct triangle *t)
{
    if (!t)
        return;
    free(t->diagonal);
    free(t->rest);
    free(t->right);
    free(t->norm);
    free(t);
}

void triangle_clear(struct triangle *t)
{
    size_t n = (size_t)t->count;
    memset(t->diagonal, 0, n * sizeof(double));
    memset(t->rest, 0, n * n * sizeof(double));
    memset(t->right, 0, n * sizeof(double));
    memset(t->norm, 0, n * sizeof(double));
}

void triangle_add(struct triangle *t, double *x, double y, double w)
{
    for (int i = 0; i < t->count; i++)
        t->norm[i] += w * x[i] * x[i];
    for (int i = 0; i < t->count && w != 0; i++) {
        double head = x[i];
        if (head == 0)
            continue;
        double before = t->diagonal[i], after = before + w * head * head;
        double keep = before / after, take = w * head / after;
        t->diagonal[i] = after;
        w *= keep;
        double *row = t->rest + (size_t)i * (size_t)t->count;
        for (int k = i + 1; k < t->count; k++) {
            double old = x[k];
            x[k] = old - head * row[k];
            row[k] = keep * row[k] + take * old;
        }
        double old = y;
        y = old - head * t->right[i];
        t->right[i] = keep * t->right[i] + take * old;
    }
}

int triangle_dependent(const struct triangle *t)
{
    const double least = 1e-22; /* of squares */
    for (int i = 0; i < t->count; i++)
        if (!(t->diagonal[i] > least * t->norm[i]))
            return i;
    return -1;
}

/* R b = b */
static void back(const struct triangle *t, double *b)
{
    for (int i = t->count - 1; i >= 0; i--)
        for (int k = i + 1; k < t->count; k++)
            b[i] -= t->rest[(size_t)i * (size_t)t->count + (size_t)k] * b[k];
}

void triangle_solve(const struct triangle *t, double *b)
{
    memcpy(b, t->right, (size_t)t->count * sizeof *b);
    back(t, b);
}

void triangle_solve_for(const struct triangle *t, double *g)
{
    for (int i = 0; i < t->count; i++)
        for (int k = 0; k < i; k++)
            g[i] -= t->rest[(size_t)k * (size_t)t->count + (size_t)i] * g[k];
    for (int i = 0; i < t->count; i++)
        g[i] /= t->diagonal[i];
    back(t, g);
}
