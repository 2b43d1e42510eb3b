/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/cells.h"

#include "base/text.h"
#include "estimate/inequality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- columns --------------------------------------------------------------------------------- */

static noreturn void refuse(struct store *tally)
{
    die(CANNOT, "%s 的汇总与指标不符。请重新运行 make", store_path(tally));
}

static int length_of(struct query *q, int column, size_t size)
{
    size_t bytes;
    col_blob(q, column, &bytes);
    return (int)(bytes / size);
}

/* A column of `count` items of `size` bytes. */
static const void *column_of(struct store *tally, struct query *q, int column, int count,
                             size_t size)
{
    size_t bytes;
    const void *items = col_blob(q, column, &bytes);
    if (bytes != (size_t)count * size)
        refuse(tally);
    return items;
}

/* ---- layout ---------------------------------------------------------------------------------- */

/* A cell of a part on its way to its place. */
struct loose {
    int group, unit;
    int *place; /* in its part */
};
struct loose_cells {
    struct loose *items;
    int count, room;
};

static int compare_groups(const void *left, const void *right)
{
    const struct cell_group *a = left, *b = right;
    int order = strcmp(a->domain, b->domain);
    return order ? order : strcmp(a->value, b->value);
}

static const char *group_name(struct buf *out, const char *domain, const char *value)
{
    buf_clear(out);
    buf_printf(out, "%s\x1f%s", domain, value);
    return out->text;
}

/* The groups of all shards, each once, in order; `by_name` finds them. */
static void read_groups(struct cell_layout *l, struct store **stores, int store_count,
                        struct map *by_name)
{
    struct buf name = {0};
    int room = 0;
    for (int s = 0; s < store_count; s++) {
        struct query *q = store_query(stores[s], "SELECT DISTINCT domain, value FROM records_of");
        while (query_next(q)) {
            if (!map_add(by_name, group_name(&name, col_text(q, 0), col_text(q, 1)), 0))
                continue;
            GROW(l->groups, l->group_count, room);
            l->groups[l->group_count++] =
                (struct cell_group){.domain = arena_strdup(&l->texts, col_text(q, 0)),
                                    .value = arena_strdup(&l->texts, col_text(q, 1))};
        }
        query_end(q);
    }
    if (l->group_count)
        qsort(l->groups, (size_t)l->group_count, sizeof *l->groups, compare_groups);
    for (int g = 0; g < l->group_count; g++)
        map_put(by_name, group_name(&name, l->groups[g].domain, l->groups[g].value), g);
    buf_free(&name);
}

/* The index among all groups of each id of one shard; caller frees. */
static int *groups_of_store(struct store *tally, const struct map *by_name, int *count)
{
    struct buf name = {0};
    int *groups = NULL, room = 0;
    *count = 0;
    struct query *q = store_query(tally, "SELECT id, domain, value FROM records_of ORDER BY id");
    while (query_next(q)) {
        if (col_long(q, 0) != *count)
            refuse(tally);
        GROW(groups, *count, room);
        groups[(*count)++] =
            (int)map_get(by_name, group_name(&name, col_text(q, 1), col_text(q, 2)), -1);
    }
    query_end(q);
    buf_free(&name);
    return groups;
}

/* One part's cells: part, units, groups. */
static void read_part(struct cell_layout *l, struct store *tally, int store, struct query *q,
                      const struct tally_units *u, const int *groups, int group_count,
                      struct loose_cells *loose)
{
    int n = length_of(q, 1, sizeof(int));
    const int *units = column_of(tally, q, 1, n, sizeof *units);
    const int *ids = column_of(tally, q, 2, n, sizeof *ids);
    GROW(l->parts, l->part_count, l->part_room);
    struct cell_places *p = &l->parts[l->part_count++];
    *p = (struct cell_places){store, (int)col_long(q, 0), must_alloc((size_t)n * sizeof *p->places),
                              n};
    for (int c = 0; c < n; c++) {
        int unit = tally_units_index(u, store, units[c]);
        if (unit < 0 || ids[c] < 0 || ids[c] >= group_count)
            refuse(tally);
        GROW(loose->items, loose->count, loose->room);
        loose->items[loose->count++] = (struct loose){groups[ids[c]], unit, &p->places[c]};
    }
}

static void read_store(struct cell_layout *l, struct store **stores, int store,
                       const struct tally_units *u, const struct map *by_name,
                       struct loose_cells *loose)
{
    int count;
    int *groups = groups_of_store(stores[store], by_name, &count);
    struct query *q = store_query(stores[store], "SELECT part, units, groups FROM part"
                                                 " WHERE level = ? ORDER BY part");
    query_text_at(q, 1, l->level->name);
    while (query_next(q))
        read_part(l, stores[store], store, q, u, groups, count, loose);
    query_end(q);
    free(groups);
}

static int group_of(const struct loose *c)
{
    return c->group;
}

static int unit_of(const struct loose *c)
{
    return c->unit;
}

/* Cells are many, groups and units few: sorted by counting.  Those of one key keep their order. */
static void sort_by(struct loose_cells *loose, int (*key)(const struct loose *), int keys)
{
    int *next = must_alloc((size_t)(keys + 1) * sizeof *next);
    struct loose *sorted = must_alloc((size_t)loose->count * sizeof *sorted);
    for (int i = 0; i < loose->count; i++)
        next[key(&loose->items[i]) + 1]++;
    for (int k = 0; k < keys; k++)
        next[k + 1] += next[k];
    for (int i = 0; i < loose->count; i++)
        sorted[next[key(&loose->items[i])]++] = loose->items[i];
    free(next);
    free(loose->items);
    loose->items = sorted;
}

/* Gives every cell its place; those of one group and unit share it. */
static void settle(struct cell_layout *l, struct loose_cells *loose, int unit_count)
{
    l->units = must_alloc((size_t)loose->count * sizeof *l->units);
    sort_by(loose, unit_of, unit_count);
    sort_by(loose, group_of, l->group_count);
    for (int i = 0; i < loose->count; i++) {
        const struct loose *c = &loose->items[i];
        struct cell_group *g = &l->groups[c->group];
        if (i == 0 || c[-1].group != c->group || c[-1].unit != c->unit) {
            if (g->count++ == 0)
                g->first = l->count;
            l->units[l->count++] = c->unit;
        }
        *c->place = l->count - 1;
    }
}

struct cell_layout *cell_layout_read(struct store **stores, int store_count,
                                     const struct level *level, const struct tally_units *units)
{
    struct cell_layout *l = must_alloc(sizeof *l);
    struct loose_cells loose = {0};
    struct map by_name = {0};
    l->level = level;
    read_groups(l, stores, store_count, &by_name);
    for (int s = 0; s < store_count; s++)
        read_store(l, stores, s, units, &by_name, &loose);
    settle(l, &loose, units->count);
    map_free(&by_name);
    free(loose.items);
    return l;
}

void cell_layout_free(struct cell_layout *l)
{
    if (!l)
        return;
    for (int p = 0; p < l->part_count; p++)
        free(l->parts[p].places);
    free(l->parts);
    free(l->groups);
    free(l->units);
    arena_free(&l->texts);
    free(l);
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* The cases of one part; see table part. */
struct cases {
    int count;
    const double *weights, *y, *x; /* x NULL: 1 */
    const int *firsts, *cells;
};

enum sums_kind indicator_sums(const struct indicator *ind)
{
    switch (ind->statistic) {
    case STAT_TOTAL:
        return SUMS_TOTAL;
    case STAT_RATIO:
    case STAT_THEIL_T:
    case STAT_THEIL_L:
        return SUMS_RATIO;
    default:
        return SUMS_VALUE;
    }
}

static struct cases read_cases(struct store *tally, struct query *q)
{
    struct cases c = {.count = length_of(q, 0, sizeof(double))};
    c.weights = column_of(tally, q, 0, c.count, sizeof *c.weights);
    c.firsts = column_of(tally, q, 1, c.count + 1, sizeof *c.firsts);
    c.cells = column_of(tally, q, 2, c.firsts[c.count], sizeof *c.cells);
    c.y = column_of(tally, q, 3, c.count, sizeof *c.y);
    c.x = col_is_null(q, 4) ? NULL : column_of(tally, q, 4, c.count, sizeof *c.x);
    return c;
}

bool sums_of_case(const struct indicator *ind, double w, double y, double x, struct sums *one)
{
    enum sums_kind kind = indicator_sums(ind);
    if (inequality_terms(ind->statistic, ind->power, &y, &x)) {
        sums_of(kind, w, y, x, one);
        return w != 0;
    }
    if (kind == SUMS_RATIO)
        sums_of_dropped(one);
    return kind == SUMS_RATIO;
}

/* Records of a unit follow one another, so that the part's own cells are near at hand. */
LONG_LOOP static void sum_cases(const struct cases *c, const struct indicator *ind,
                                bool denominators, const struct cell_sums *sums)
{
    for (int i = 0; i < c->count; i++) {
        struct sums one[SUMS_LINES_MOST];
        double w = c->weights[i], y = c->y[i], x = c->x ? c->x[i] : 1;
        bool adds = !isnan(y) && sums_of_case(ind, w, denominators ? x : y, x, one);
        for (int k = c->firsts[i]; adds && k < c->firsts[i + 1]; k++)
            sums_merge(sums->kind, cell_sums_at(sums, c->cells[k]), one);
    }
}

/* The cells of a part to their places, which are far apart: they are asked for in time. */
LONG_LOOP static void add_part(const struct cell_sums *part, const int *places,
                               const struct cell_sums *sums)
{
    enum { AHEAD = 24 };
    for (int i = 0; i < part->count; i++) {
        if (i + AHEAD < part->count)
            __builtin_prefetch(cell_sums_at(sums, places[i + AHEAD]), 1);
        sums_merge(sums->kind, cell_sums_at(sums, places[i]), cell_sums_at(part, i));
    }
}

static void add_points(const struct cases *c, const int *places, struct points *points)
{
    for (int i = 0; i < c->count; i++)
        for (int k = c->firsts[i]; k < c->firsts[i + 1]; k++)
            if (!isnan(c->y[i]) && c->weights[i] != 0)
                points_add(&points[places[c->cells[k]]], c->y[i], c->weights[i]);
}

void cells_sum(const struct cell_layout *l, struct store **stores, const struct indicator *ind,
               bool denominators, struct cell_sums *sums, struct points *points)
{
    for (int p = 0; p < l->part_count; p++) {
        const struct cell_places *at = &l->parts[p];
        struct store *tally = stores[at->store];
        struct query *q = store_query(tally, "SELECT weights, firsts, cells, y, x"
                                             " FROM figure JOIN part USING (part)"
                                             " WHERE indicator = ? AND level = ? AND part = ?");
        query_text_at(q, 1, ind->name);
        query_text_at(q, 2, l->level->name);
        query_long_at(q, 3, at->part);
        if (query_next(q)) {
            struct cases c = read_cases(tally, q);
            struct cell_sums part = cell_sums_new(sums->kind, at->count);
            sum_cases(&c, ind, denominators, &part);
            add_part(&part, at->places, sums);
            cell_sums_free(&part);
            if (points)
                add_points(&c, at->places, points);
        }
        query_end(q);
    }
}
