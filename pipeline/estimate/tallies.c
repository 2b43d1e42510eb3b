/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/tallies.h"

#include "base/digest.h"
#include "base/text.h"
#include "estimate/tabulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ------------------------------------------------------------------------------- */

static bool meta_is(struct store *s, const char *name, const char *value)
{
    char text[200];
    return strcmp(store_meta(s, name, text, sizeof text), value) == 0;
}

static int add_store(struct tallies *t, const char *path)
{
    struct store *s = store_open(path, &SCHEMA_TALLY);
    char county[32];
    t->stores[t->count] = s;
    t->counties[t->count] = arena_strdup(&t->arena, store_meta(s, "county", county, sizeof county));
    t->simulated |= meta_is(s, "simulated", "1");
    t->frame_simulated |= meta_is(s, "frame_simulated", "1");
    t->count++;
    if (!meta_is(s, "plan", t->topic->plan) || !meta_is(s, "topic", t->topic->number))
        return error("%s 不是本课题的汇总。请检查 -t", path);
    for (int i = 0; i < t->count - 1; i++)
        if (strcmp(t->counties[i], county) == 0)
            return error("%s 和 %s 是同一个县（%s）的汇总，只能给出一个", store_path(t->stores[i]),
                         path, county);
    weights_add(t->weights, s);
    return 0;
}

/* ---- clusters ------------------------------------------------------------------------------- */

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const struct level *top_level(const struct topic *t, const struct level *l)
{
    while (l->parent >= 0)
        l = &t->levels[l->parent];
    return l;
}

/* A PSU's weight was made for as many units as were tallied. */
static int check_units(const struct tallies *t, const struct level *l, const struct tally_units *u)
{
    struct map seen = {0};
    int rc = 0;
    for (int i = 0; i < u->count; i++)
        map_put(&seen, u->items[i].psu, map_get(&seen, u->items[i].psu, 0) + u->items[i].n);
    for (int i = 0; i < seen.count; i++) {
        const struct psu *p = weights_psu(t->weights, seen.entries[i].key);
        if (!p)
            rc = error("汇总中的样本单位 %s 没有权数。请重新运行 make", seen.entries[i].key);
        else if (l->stage == 2 && p->n_accepted != seen.entries[i].value)
            rc = error("样本单位 %s 的权数按%ld个单位计算，汇总中有%ld个。请重新运行 make", p->code,
                       p->n_accepted, seen.entries[i].value);
    }
    map_free(&seen);
    return rc;
}

static int make_sample(const struct tallies *t, const struct level *l, struct clusters *c)
{
    if (!t->design->plain && check_units(t, l, c->units) < 0)
        return -1;
    c->sample = tally_units_sample(c->units, t->design, t->weights);
    return c->sample ? 0 : -1;
}

/* Which value of each domain of the frame the units have: that of their PSU. */
static void read_attributes(struct tallies *t, struct clusters *c)
{
    size_t domains = (size_t)t->topic->domain_count, n = (size_t)c->count;
    struct map rows = {0}; /* domain and PSU -> text */
    struct buf key = {0};
    c->attributes = arena_alloc(&t->arena, domains * n * sizeof *c->attributes);
    const char **texts = NULL;
    int count = 0, room = 0;
    for (int i = 0; i < t->count; i++) {
        struct query *q = store_query(t->stores[i], "SELECT psu, name, value FROM attribute");
        while (query_next(q)) {
            buf_clear(&key);
            buf_printf(&key, "%s\x1f%s", col_text(q, 1), col_text(q, 0));
            GROW(texts, count, room);
            texts[count] = arena_strdup(&t->arena, col_text(q, 2));
            map_put(&rows, key.text, count++);
        }
        query_end(q);
    }
    for (size_t d = 0; d < domains && count; d++)
        for (size_t i = 0; i < n; i++) {
            buf_clear(&key);
            buf_printf(&key, "%s\x1f%s", t->topic->domains[d].name, c->units->items[i].psu);
            long at = map_get(&rows, key.text, -1);
            c->attributes[d * n + i] = at < 0 ? NULL : texts[at];
        }
    free(texts);
    map_free(&rows);
    buf_free(&key);
}

/* Levels below a form share its units. */
static int read_clusters(struct tallies *t)
{
    for (int l = 0; l < t->topic->level_count; l++) {
        const struct level *level = &t->topic->levels[l];
        struct clusters *c = &t->clusters[l];
        if (level->parent >= 0)
            continue;
        c->units = tally_units_read(t->stores, t->count, level);
        if (level->sampled && c->units->count && make_sample(t, level, c) < 0)
            return -1;
        c->count = c->units->respondents;
        read_attributes(t, c);
    }
    return 0;
}

const struct clusters *tallies_clusters(const struct tallies *t, int level)
{
    return &t->clusters[top_level(t->topic, &t->topic->levels[level]) - t->topic->levels];
}

struct tallies *tallies_open(const struct topic *topic, char **paths, int count)
{
    struct tallies *t = must_alloc(sizeof *t);
    t->topic = topic;
    t->design = design_read(topic);
    t->stores = must_alloc((size_t)count * sizeof *t->stores);
    t->counties = must_alloc((size_t)count * sizeof *t->counties);
    t->weights = must_alloc(sizeof *t->weights);
    t->clusters = must_alloc((size_t)topic->level_count * sizeof *t->clusters);
    int rc = t->design ? 0 : -1;
    for (int i = 0; i < count && rc == 0; i++)
        rc = add_store(t, paths[i]);
    if (rc == 0) {
        weights_sort(t->weights);
        rc = read_clusters(t);
    }
    if (rc == 0)
        return t;
    tallies_close(t);
    return NULL;
}

void tallies_close(struct tallies *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->count; i++)
        store_close(t->stores[i]);
    for (int l = 0; l < t->topic->level_count; l++) {
        tally_units_free(t->clusters[l].units);
        sample_free(t->clusters[l].sample);
    }
    weights_free(t->weights);
    design_free(t->design);
    free(t->clusters);
    free(t->counties);
    free(t->stores);
    arena_free(&t->arena);
    free(t);
}

void tallies_fingerprint(const struct tallies *t, char *hex)
{
    const char **prints = must_alloc((size_t)t->count * sizeof *prints);
    struct arena a = {0};
    struct buf all = {0};
    char print[DIGEST_TEXT];
    for (int i = 0; i < t->count; i++)
        prints[i] = arena_strdup(&a, store_meta(t->stores[i], "fingerprint", print, sizeof print));
    if (t->count)
        qsort(prints, (size_t)t->count, sizeof *prints, compare_texts);
    for (int i = 0; i < t->count; i++)
        buf_printf(&all, "%s\n", prints[i]);
    digest_bytes(buf_text(&all), all.len, hex);
    buf_free(&all);
    arena_free(&a);
    free(prints);
}

/* ---- cells ---------------------------------------------------------------------------------- */

/* The cells of a group as they are read, in any order; several may be of one unit. */
struct gathered {
    const char *level, *domain;
    int *units;
    double *sums;
    struct points *points;
    int count, room;
};

struct gathering {
    struct gathered *groups;
    int count, room;
    struct map by_name;
    enum sums_kind kind;
    bool values;
};

static struct gathered *gathered_of(struct gathering *all, struct arena *texts, const char *level,
                                    const char *domain)
{
    struct buf name = {0};
    buf_printf(&name, "%s\x1f%s", level, domain);
    if (map_add(&all->by_name, name.text, all->count)) {
        GROW(all->groups, all->count, all->room);
        all->groups[all->count++] = (struct gathered){.level = arena_strdup(texts, level),
                                                      .domain = arena_strdup(texts, domain)};
    }
    struct gathered *g = &all->groups[map_get(&all->by_name, name.text, 0)];
    buf_free(&name);
    return g;
}

static void make_room(struct gathered *g, int more, enum sums_kind kind, bool values)
{
    if (g->count + more <= g->room)
        return;
    g->room = g->count + more > 2 * g->room ? g->count + more : 2 * g->room;
    size_t room = (size_t)g->room;
    g->units = must_realloc(g->units, room * sizeof *g->units);
    g->sums = must_realloc(g->sums, room * (size_t)sums_size(kind) * sizeof *g->sums);
    if (values)
        g->points = must_realloc(g->points, room * sizeof *g->points);
}

/* One row of table cell: level, domain, units, sums, counts, points. */
static void gather_row(struct gathering *all, struct gathered *g, const struct tally_units *u,
                       int store, struct query *q, const char *path)
{
    size_t bytes, size = (size_t)sums_size(all->kind);
    const int *ids = col_blob(q, 2, &bytes);
    int n = (int)(bytes / sizeof *ids);
    const double *sums = col_blob(q, 3, &bytes);
    if (bytes != (size_t)n * size * sizeof *sums)
        die(CANNOT, "%s 的汇总与指标不符。请重新运行 make", path);
    const int *counts = col_blob(q, 4, &bytes);
    const struct point *points = col_blob(q, 5, &bytes);
    make_room(g, n, all->kind, all->values);
    memcpy(g->sums + (size_t)g->count * size, sums, (size_t)n * size * sizeof *sums);
    for (int i = 0; i < n; i++) {
        int unit = tally_units_index(u, store, ids[i]);
        if (unit < 0)
            die(CANNOT, "%s 的汇总没有样本单位表。请重新运行 make", path);
        g->units[g->count + i] = unit;
        if (!all->values)
            continue;
        g->points[g->count + i] = (struct points){0};
        points_append(&g->points[g->count + i], points, counts[i]);
        points += counts[i];
    }
    g->count += n;
}

static void gather_store(struct gathering *all, struct arena *texts, const struct tallies *t,
                         int store, const struct tally_units *u, const char *indicator)
{
    struct query *q =
        store_query(t->stores[store], "SELECT level, domain, units, sums, counts, points FROM cell"
                                      " WHERE indicator = ? ORDER BY level, domain, part");
    query_text_at(q, 1, indicator);
    while (query_next(q))
        gather_row(all, gathered_of(all, texts, col_text(q, 0), col_text(q, 1)), u, store, q,
                   store_path(t->stores[store]));
    query_end(q);
}

static int compare_gathered(const void *left, const void *right)
{
    const struct gathered *a = left, *b = right;
    int order = strcmp(a->level, b->level);
    return order ? order : strcmp(a->domain, b->domain);
}

/* Merges the cells of one unit into the first of them and puts all in the order of the units.
 * `first` has -1 for every unit, before and after. */
static void settle_group(struct tally_cells *c, struct gathered *g, const struct gathering *all,
                         const struct tally_units *u, int *first)
{
    size_t size = (size_t)sums_size(all->kind);
    for (int i = 0; i < g->count; i++) {
        int before = first[g->units[i]];
        if (before < 0) {
            first[g->units[i]] = i;
            continue;
        }
        sums_merge(all->kind, g->sums + (size_t)before * size, g->sums + (size_t)i * size);
        if (all->values) {
            points_append(&g->points[before], g->points[i].items, g->points[i].count);
            points_free(&g->points[i]);
        }
    }
    struct tally_group *out = &c->groups[c->group_count++];
    *out = (struct tally_group){g->level, g->domain, c->count, 0};
    for (int unit = 0; unit < u->respondents; unit++) {
        int i = first[unit];
        if (i < 0)
            continue;
        struct tally_cell *cell = &c->items[c->count++];
        *cell = (struct tally_cell){
            g->level, g->domain, unit, sums_moments(all->kind, g->sums + (size_t)i * size), {0}};
        moments_scale(&cell->m, u->items[unit].factor);
        if (all->values) {
            cell->points = g->points[i];
            points_sort(&cell->points);
            points_scale(&cell->points, u->items[unit].factor);
        }
        first[unit] = -1;
        out->count++;
    }
    free(g->units);
    free(g->sums);
    free(g->points);
}

struct tally_cells tallies_cells(const struct tallies *t, const struct indicator *ind)
{
    struct tally_cells c = {0};
    const struct tally_units *u = tallies_clusters(t, ind->level)->units;
    struct gathering all = {.kind = indicator_sums(ind),
                            .values = statistic_needs_values(ind->statistic)};
    for (int s = 0; s < t->count; s++)
        gather_store(&all, &c.texts, t, s, u, ind->name);
    if (all.count)
        qsort(all.groups, (size_t)all.count, sizeof *all.groups, compare_gathered);
    size_t items = 0;
    for (int g = 0; g < all.count; g++)
        items += (size_t)all.groups[g].count;
    c.items = must_alloc(items * sizeof *c.items);
    c.groups = must_alloc((size_t)all.count * sizeof *c.groups);
    int *first = must_alloc((size_t)u->respondents * sizeof *first);
    for (int i = 0; i < u->respondents; i++)
        first[i] = -1;
    for (int g = 0; g < all.count; g++)
        settle_group(&c, &all.groups[g], &all, u, first);
    free(first);
    free(all.groups);
    map_free(&all.by_name);
    return c;
}

const struct tally_group *tally_group(const struct tally_cells *c, const char *level,
                                      const char *domain)
{
    struct gathered wanted = {.level = level, .domain = domain};
    for (int low = 0, high = c->group_count; low < high;) {
        int middle = low + (high - low) / 2;
        const struct tally_group *g = &c->groups[middle];
        struct gathered here = {.level = g->level, .domain = g->domain};
        int order = compare_gathered(&wanted, &here);
        if (order == 0)
            return g;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

void tally_cells_free(struct tally_cells *c)
{
    for (int i = 0; i < c->count; i++)
        points_free(&c->items[i].points);
    free(c->items);
    free(c->groups);
    arena_free(&c->texts);
    *c = (struct tally_cells){0};
}
