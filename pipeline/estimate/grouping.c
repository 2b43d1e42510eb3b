/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/grouping.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Whether a domain is made of the cells of all records. */
static bool domain_is_of_psus(const struct topic *t, const struct domain *d)
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

/* The value of the domain that a cell of the group has into `out`; false when it has none.  Of a
 * question it is the group's. */
static bool value_of(const struct topic *t, const struct clusters *c, const struct domain *d,
                     const struct cell_group *group, int cluster, struct buf *out)
{
    const char *rest = group->value;
    buf_clear(out);
    if (d && d->factor_count) {
        for (int f = 0; f < d->factor_count; f++)
            if (!put_factor(t, c, &t->domains[d->factors[f]], cluster, &rest, out))
                return false;
        return true;
    }
    if (d && domain_of_psu(d))
        return put_factor(t, c, d, cluster, &rest, out);
    buf_puts(out, rest);
    return out->len > 0;
}

/* Whether all cells of a group have one value. */
static bool is_one_value(const struct topic *t, const struct domain *d)
{
    for (int f = 0; d && f < d->factor_count; f++)
        if (domain_of_psu(&t->domains[d->factors[f]]))
            return false;
    return !d || !domain_of_psu(d);
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Cells next to each other that have one value. */
struct run {
    int value; /* index in seen */
    int first, count;
};

/* A grouping while its values are found. */
struct gathering {
    struct map seen;
    struct run *runs;
    int count, room;
    struct buf value;
};

/* With the value at hand. */
static void add_run(struct gathering *f, int first, int count)
{
    map_add(&f->seen, f->value.text, f->seen.count);
    GROW(f->runs, f->count, f->room);
    f->runs[f->count++] = (struct run){(int)map_get(&f->seen, f->value.text, -1), first, count};
}

static void find_values(struct gathering *f, const struct topic *t, const struct clusters *c,
                        const struct tally_cells *cells, const struct cell_group *group,
                        const struct domain *d)
{
    int end = group->first + group->count;
    bool one = is_one_value(t, d);
    for (int i = group->first; i < end; i++) {
        if (cell_sums_n(&cells->sums, i) == 0 ||
            !value_of(t, c, d, group, cells->layout->units[i], &f->value))
            continue;
        if (one) { /* all others as the first that is used */
            add_run(f, group->first, group->count);
            return;
        }
        add_run(f, i, 1);
    }
}

/* The values in the order of their bytes; the place of each in `places`. */
static void sort_values(struct grouping *g, const struct map *seen, int *places)
{
    g->count = seen->count;
    g->values = arena_alloc(&g->arena, (size_t)(g->count + 1) * sizeof *g->values);
    for (int v = 0; v < g->count; v++)
        g->values[v] = arena_strdup(&g->arena, seen->entries[v].key);
    if (g->count)
        qsort(g->values, (size_t)g->count, sizeof *g->values, compare_texts);
    for (int v = 0; v < g->count; v++)
        places[map_get(seen, g->values[v], -1)] = v;
}

/* Puts the cells in the order of their values: counted, then placed. */
static void sort_cells(struct grouping *g, const struct gathering *f, const int *places)
{
    g->first = must_alloc((size_t)(g->count + 1) * sizeof *g->first);
    for (int i = 0; i < f->count; i++)
        g->first[places[f->runs[i].value] + 1] += f->runs[i].count;
    for (int v = 0; v < g->count; v++)
        g->first[v + 1] += g->first[v];
    g->cells = must_alloc((size_t)g->first[g->count] * sizeof *g->cells);
    for (int i = 0; i < f->count; i++) {
        int *next = &g->first[places[f->runs[i].value]];
        for (int k = 0; k < f->runs[i].count; k++)
            g->cells[(*next)++] = f->runs[i].first + k;
    }
    for (int v = g->count; v > 0; v--)
        g->first[v] = g->first[v - 1];
    g->first[0] = 0;
}

struct grouping grouping_make(const struct topic *t, const struct clusters *c,
                              const struct tally_cells *cells, const struct domain *d)
{
    struct grouping g = {0};
    const struct cell_layout *l = cells->layout;
    struct gathering f = {0};
    const char *domain = !d || domain_is_of_psus(t, d) ? "all" : d->name;
    for (int k = 0; k < l->group_count; k++)
        if (strcmp(l->groups[k].domain, domain) == 0)
            find_values(&f, t, c, cells, &l->groups[k], d);
    int *places = must_alloc((size_t)f.seen.count * sizeof *places);
    sort_values(&g, &f.seen, places);
    sort_cells(&g, &f, places);
    free(places);
    free(f.runs);
    map_free(&f.seen);
    buf_free(&f.value);
    return g;
}

void grouping_free(struct grouping *g)
{
    free(g->first);
    free(g->cells);
    arena_free(&g->arena);
    *g = (struct grouping){0};
}
