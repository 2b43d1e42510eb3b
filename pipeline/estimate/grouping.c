/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/grouping.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

bool domain_is_of_psus(const struct topic *t, const struct domain *d)
{
    for (int f = 0; f < d->factor_count; f++)
        if (!domain_of_psu(&t->domains[d->factors[f]]))
            return false;
    return d->factor_count > 0 || domain_of_psu(d);
}

/* Appends the cluster's attribute, or the next of the answers in `*rest`; false when there is
 * none. */
static bool put_factor(const struct topic *t, const struct clusters *c, const struct domain *factor,
                       int cluster, const char **rest, struct buf *out)
{
    if (out->len)
        buf_puts(out, " ");
    if (domain_of_psu(factor)) {
        const char *own = c->attributes[(factor - t->domains) * c->count + cluster];
        if (own)
            buf_puts(out, own);
        return own && *own;
    }
    size_t n = strcspn(*rest, " ");
    buf_put(out, *rest, n);
    *rest += n + ((*rest)[n] == ' ');
    return n > 0;
}

/* The cell's value of the domain into `out`; false when it has none. */
static bool value_of(const struct topic *t, const struct clusters *c, const struct domain *d,
                     const struct tally_cell *cell, struct buf *out)
{
    buf_clear(out);
    bool of_psu = !d || domain_is_of_psus(t, d);
    if (strcmp(cell->level, of_psu ? "all" : d->name) != 0)
        return false;
    const char *rest = cell->domain;
    if (d && d->factor_count) {
        for (int f = 0; f < d->factor_count; f++)
            if (!put_factor(t, c, &t->domains[d->factors[f]], cell->cluster, &rest, out))
                return false;
        return true;
    }
    if (d && of_psu)
        return put_factor(t, c, d, cell->cluster, &rest, out);
    buf_puts(out, cell->domain);
    return out->len > 0;
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void sort_values(struct grouping *g, int cells)
{
    struct map place = {0};
    const char **sorted = arena_alloc(&g->arena, (size_t)(g->count + 1) * sizeof *sorted);
    for (int v = 0; v < g->count; v++)
        sorted[v] = g->values[v];
    if (g->count)
        qsort(sorted, (size_t)g->count, sizeof *sorted, compare_texts);
    for (int v = 0; v < g->count; v++)
        map_put(&place, sorted[v], v);
    for (int i = 0; i < cells; i++)
        if (g->of_cell[i] >= 0)
            g->of_cell[i] = (int)map_get(&place, g->values[g->of_cell[i]], -1);
    map_free(&place);
    free(g->values);
    g->values = sorted;
}

struct grouping grouping_make(const struct topic *t, const struct clusters *c,
                              const struct tally_cells *cells, const struct domain *d)
{
    struct grouping g = {.of_cell = must_alloc((size_t)cells->count * sizeof(int))};
    struct map seen = {0};
    struct buf value = {0};
    int room = 0;
    for (int i = 0; i < cells->count; i++) {
        g.of_cell[i] = -1;
        if (!value_of(t, c, d, &cells->items[i], &value))
            continue;
        if (map_add(&seen, value.text, g.count)) {
            GROW(g.values, g.count, room);
            g.values[g.count++] = arena_strdup(&g.arena, value.text);
        }
        g.of_cell[i] = (int)map_get(&seen, value.text, -1);
    }
    sort_values(&g, cells->count);
    buf_free(&value);
    map_free(&seen);
    return g;
}

void grouping_free(struct grouping *g)
{
    free(g->of_cell);
    arena_free(&g->arena);
    *g = (struct grouping){0};
}
