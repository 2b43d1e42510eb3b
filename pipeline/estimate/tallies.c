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
static int check_units(const struct tallies *t, const struct level *l, const char *code, long n)
{
    const struct psu *p = weights_psu(t->weights, code);
    if (!p)
        return error("汇总中的样本单位 %s 没有权数。请重新运行 make", code);
    if (l->stage == 2 && p->n_accepted != n)
        return error("样本单位 %s 的权数按%ld个单位计算，汇总中有%ld个。请重新运行 make", code,
                     p->n_accepted, n);
    return 0;
}

/* Codes of the clusters with records of the level's form; members of a household without any
 * are not missing but none. */
static int read_codes(struct tallies *t, const struct level *top, struct clusters *c)
{
    int room = 0, rc = 0;
    for (int i = 0; i < t->count; i++) {
        struct query *q = store_query(t->stores[i], "SELECT psu, n FROM unit WHERE level = ?");
        query_text_at(q, 1, top->name);
        while (query_next(q)) {
            GROW(c->codes, c->count, room);
            c->codes[c->count++] = arena_strdup(&t->arena, col_text(q, 0));
            if (top->sampled)
                rc |= check_units(t, top, col_text(q, 0), col_long(q, 1));
        }
        query_end(q);
    }
    if (c->count)
        qsort(c->codes, (size_t)c->count, sizeof *c->codes, compare_texts);
    for (int i = 0; i < c->count; i++)
        map_put(&c->by_code, c->codes[i], i);
    return rc;
}

static int read_lonely(const struct topic *t)
{
    const char *word = topic_design(t, "lonely_psu");
    int policy = *word ? lonely_policy(word) : LONELY_FAIL;
    if (policy < 0)
        return error("%s：design 表的 lonely_psu 是“%s”，只能写 fail、remove、certainty、adjust、"
                     "average",
                     t->path, word);
    return policy;
}

static void warn_lonely(const struct sample *s, const struct map *strata, const struct level *l)
{
    for (int h = 0; h < s->stratum_count; h++)
        if (s->drawn[h] == 1 && s->lonely == LONELY_FAIL)
            warning("%s：层 %s 只有一个样本单位有记录，含该层的抽样误差不能估计（见 design 表的 "
                    "lonely_psu）",
                    l->label, strata->entries[h].key);
}

static int make_sample(const struct tallies *t, const struct level *l, struct clusters *c)
{
    int policy = read_lonely(t->topic);
    if (policy < 0)
        return -1;
    struct map strata = {0};
    int *stratum = must_alloc((size_t)c->count * sizeof *stratum);
    double *population = must_alloc((size_t)c->count * sizeof *population);
    for (int i = 0; i < c->count; i++) {
        const struct psu *p = weights_psu(t->weights, c->codes[i]);
        map_add(&strata, p->stratum, strata.count);
        stratum[i] = (int)map_get(&strata, p->stratum, 0);
        population[stratum[i]] = isnan(p->stratum_psus) ? INFINITY : p->stratum_psus;
    }
    c->sample = sample_new(stratum, c->count, strata.count, population, (enum lonely)policy);
    warn_lonely(c->sample, &strata, l);
    map_free(&strata);
    free(stratum);
    free(population);
    return 0;
}

/* Which value of each domain of the frame the clusters have. */
static void read_attributes(struct tallies *t, struct clusters *c)
{
    size_t domains = (size_t)t->topic->domain_count, n = (size_t)c->count;
    c->attributes = arena_alloc(&t->arena, domains * n * sizeof *c->attributes);
    for (int i = 0; i < t->count; i++) {
        struct query *q = store_query(t->stores[i], "SELECT psu, name, value FROM attribute");
        while (query_next(q)) {
            const struct domain *d = topic_domain(t->topic, col_text(q, 1));
            long cluster = map_get(&c->by_code, col_text(q, 0), -1);
            if (d && cluster >= 0)
                c->attributes[(d - t->topic->domains) * (long)n + cluster] =
                    arena_strdup(&t->arena, col_text(q, 2));
        }
        query_end(q);
    }
}

/* Levels below a form share its clusters. */
static int read_clusters(struct tallies *t)
{
    for (int l = 0; l < t->topic->level_count; l++) {
        const struct level *level = &t->topic->levels[l];
        struct clusters *c = &t->clusters[l];
        if (level->parent >= 0)
            continue;
        if (read_codes(t, level, c) < 0 || (level->sampled && make_sample(t, level, c) < 0))
            return -1;
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
    t->stores = must_alloc((size_t)count * sizeof *t->stores);
    t->counties = must_alloc((size_t)count * sizeof *t->counties);
    t->weights = must_alloc(sizeof *t->weights);
    t->clusters = must_alloc((size_t)topic->level_count * sizeof *t->clusters);
    int rc = 0;
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
        free(t->clusters[l].codes);
        map_free(&t->clusters[l].by_code);
        sample_free(t->clusters[l].sample);
    }
    weights_free(t->weights);
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

static int compare_doubles(double a, double b)
{
    return (a > b) - (a < b);
}

/* By place, then by content: two cells of one place are merged in one order. */
static int compare_cells(const void *left, const void *right)
{
    const struct tally_cell *a = left, *b = right;
    int order = strcmp(a->level, b->level);
    if (!order)
        order = strcmp(a->domain, b->domain);
    if (!order)
        order = (a->cluster > b->cluster) - (a->cluster < b->cluster);
    if (!order)
        order = compare_doubles(a->m.w, b->m.w);
    return order ? order : compare_doubles(a->m.mean_y, b->m.mean_y);
}

static struct tally_cell read_cell(struct query *q, struct tally_cells *c,
                                   const struct clusters *clusters)
{
    struct tally_cell cell = {
        .level = arena_strdup(&c->texts, col_text(q, 0)),
        .domain = arena_strdup(&c->texts, col_text(q, 1)),
        .cluster = (int)map_get(&clusters->by_code, col_text(q, 2), -1),
        .m = {.n = col_long(q, 3),
              .hits = col_long(q, 4),
              .w = col_double(q, 5),
              .mean_y = col_double(q, 6),
              .mean_x = col_double(q, 7),
              .s_yy = col_double(q, 8),
              .s_xy = col_double(q, 9),
              .s_xx = col_double(q, 10),
              .sum_y = {col_double(q, 11), 0},
              .top = {col_double(q, 13), col_double(q, 14)}},
    };
    size_t bytes;
    const void *points = col_blob(q, 12, &bytes);
    points_append(&cell.points, points, (int)(bytes / sizeof(struct point)));
    return cell;
}

struct tally_cells tallies_cells(const struct tallies *t, const struct indicator *ind)
{
    struct tally_cells c = {0};
    const struct clusters *clusters = tallies_clusters(t, ind->level);
    int room = 0;
    for (int i = 0; i < t->count; i++) {
        struct query *q = store_query(
            t->stores[i],
            "SELECT level, domain, psu, n, hits, w, mean_y, mean_x,"
            " s_yy, s_xy, s_xx, sum_y, points, top1, top2 FROM cell WHERE indicator = ?");
        query_text_at(q, 1, ind->name);
        while (query_next(q)) {
            GROW(c.items, c.count, room);
            c.items[c.count] = read_cell(q, &c, clusters);
            if (c.items[c.count].cluster < 0)
                die(CANNOT, "%s 中指标 %s 的样本单位 %s 没有记录数。请重新运行 make",
                    store_path(t->stores[i]), ind->name, col_text(q, 2));
            c.count++;
        }
        query_end(q);
    }
    if (c.count)
        qsort(c.items, (size_t)c.count, sizeof *c.items, compare_cells);
    return c;
}

void tally_cells_free(struct tally_cells *c)
{
    for (int i = 0; i < c->count; i++)
        points_free(&c->items[i].points);
    free(c->items);
    arena_free(&c->texts);
    *c = (struct tally_cells){0};
}
