/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/tallies.h"

#include "base/digest.h"
#include "base/text.h"

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
    t->layouts = must_alloc((size_t)topic->level_count * sizeof *t->layouts);
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
        cell_layout_free(t->layouts[l]);
    }
    weights_free(t->weights);
    design_free(t->design);
    free(t->clusters);
    free(t->layouts);
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

static const struct cell_layout *layout_of(struct tallies *t, int level,
                                           const struct tally_units *u)
{
    if (!t->layouts[level])
        t->layouts[level] = cell_layout_read(t->stores, t->count, &t->topic->levels[level], u);
    return t->layouts[level];
}

/* From the weights as tallied to the final ones. */
static void scale_cells(struct tally_cells *c, const struct tally_units *u)
{
    for (int i = 0; i < c->sums.count; i++) {
        double factor = u->items[c->layout->units[i]].factor;
        if (factor != 1)
            sums_scale(c->sums.kind, cell_sums_at(&c->sums, i), factor);
        if (c->points) {
            points_sort(&c->points[i]);
            points_scale(&c->points[i], factor);
        }
    }
}

static struct tally_cells read_cells(struct tallies *t, const struct indicator *ind,
                                     bool denominators)
{
    const struct tally_units *u = tallies_clusters(t, ind->level)->units;
    struct tally_cells c = {.layout = layout_of(t, ind->level, u)};
    c.sums = cell_sums_new(indicator_sums(ind), c.layout->count);
    if (statistic_needs_values(ind->statistic))
        c.points = must_alloc((size_t)c.layout->count * sizeof *c.points);
    cells_sum(c.layout, t->stores, ind, denominators, &c.sums, c.points);
    scale_cells(&c, u);
    return c;
}

static void *read_ahead(void *tallies)
{
    struct tallies *t = tallies;
    t->ahead.cells = read_cells(t, t->ahead.indicator, false);
    return NULL;
}

void tallies_read_ahead(struct tallies *t, const struct indicator *ind)
{
    t->ahead.indicator = ind;
    if (pthread_create(&t->ahead.thread, NULL, read_ahead, t) != 0)
        t->ahead.indicator = NULL;
}

struct tally_cells tallies_cells(struct tallies *t, const struct indicator *ind)
{
    if (t->ahead.indicator != ind)
        return read_cells(t, ind, false);
    pthread_join(t->ahead.thread, NULL);
    t->ahead.indicator = NULL;
    return t->ahead.cells;
}

struct tally_cells tallies_addends(struct tallies *t, const struct indicator *ind,
                                   bool denominators)
{
    struct indicator total = *ind;
    total.statistic = STAT_TOTAL;
    return read_cells(t, &total, denominators);
}

void tally_cells_free(struct tally_cells *c)
{
    for (int i = 0; c->points && i < c->sums.count; i++)
        points_free(&c->points[i]);
    free(c->points);
    cell_sums_free(&c->sums);
    *c = (struct tally_cells){0};
}
