/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * aggregate: estimates with their standard errors from the counties' tallies.
 */
#include "base/digest.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "estimate/alike.h"
#include "estimate/analyse.h"
#include "estimate/inequality.h"
#include "estimate/protect.h"
#include "estimate/quality.h"
#include "estimate/ranking.h"
#include "estimate/statistic.h"
#include "estimate/tallies.h"
#include "store/store.h"

#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *out_path, *topic_path;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'o', "文件", &out_path, NULL, "输出的 results.db", true},
    {0},
};
static const struct program ME = {"aggregate", "由各县的汇总计算估计值和抽样误差",
                                  "-t topic.csv -o results.db tally.db...", OPTIONS};

/* Differences between all pairs of a question's values, up to so many values. */
enum { PAIRED_VALUES_MAX = 30 };

struct job {
    const struct topic *topic;
    struct tallies *tallies;
    struct quality quality;
    struct estimation how;
    struct store *out;
    struct query *estimate, *contrast, *dropped;
    struct protection **protections; /* by level; NULL: no indicator yet */
    /* of the indicator at hand */
    const struct indicator *indicator;
    const struct level *level;
    const struct clusters *clusters;
    struct tally_cells cells;
    struct tally_cells values,
        denominators; /* of totals, means and ratios of confidential levels */
};

/* ---- estimates --------------------------------------------------------------------------------
 */

/* Whether the unit is a person or a household, which a count of 1 or 2 could give away. */
static bool is_person(const struct level *l)
{
    return strcmp(l->unit, "人") == 0 || strcmp(l->unit, "户") == 0;
}

static void put_estimate(struct job *j, const char *level, const char *value,
                         const struct estimate *e, char mark)
{
    bool sampled = j->clusters->sample != NULL;
    char text[2] = {mark == ' ' ? '\0' : mark};
    struct query *q = j->estimate;
    query_text_at(q, 1, j->indicator->name);
    query_text_at(q, 2, j->indicator->statistic_name);
    query_text_at(q, 3, level);
    query_text_at(q, 4, value);
    query_long_at(q, 5, e->n);
    long counts[] = {e->n_psu, e->n_strata, e->df};
    for (int i = 0; i < 3; i++)
        if (sampled)
            query_long_at(q, 6 + i, counts[i]);
        else
            query_null_at(q, 6 + i);
    double numbers[] = {e->value, e->se, e->t.low, e->t.high, e->deff, e->share.low, e->share.high};
    for (int i = 0; i < 7; i++)
        query_double_at(q, 9 + i, numbers[i]);
    query_text_at(q, 16, j->level->evidence);
    query_text_at(q, 17, text);
    query_run(q);
}

/* Theil's measures leave out incomes of 0 and below, and say so. */
static void put_dropped(struct job *j, const char *level, const char *value, const struct dense *d)
{
    enum statistic s = j->indicator->statistic;
    long n = s == STAT_THEIL_T || s == STAT_THEIL_L ? cell_sums_all(&d->sums).dropped : 0;
    if (n == 0)
        return;
    if (strcmp(level, "all") == 0)
        warning("指标 %s：%ld条记录的数值不大于0，没有对数，计算时剔除", j->indicator->name, n);
    query_text_at(j->dropped, 1, j->indicator->name);
    query_text_at(j->dropped, 2, level);
    query_text_at(j->dropped, 3, value);
    query_long_at(j->dropped, 4, n);
    query_run(j->dropped);
}

static char mark_of(const struct job *j, const struct estimate *e)
{
    return j->clusters->sample ? quality_mark(&j->quality, e)
                               : quality_mark_census(&j->quality, e, is_person(j->level));
}

/* Of the values, or denominators; nothing where they are not confidential. */
static struct protected_sum protected_sum(const struct job *j, const struct tally_cells *cells,
                                          const struct grouping *g, int value)
{
    struct protected_sum s = {0};
    if (cells->layout) {
        struct dense d = dense_of(cells, g, value, j->clusters->count);
        struct moments all = cell_sums_all(&d.sums);
        s.sum = sum_value(&all.sum_y);
        s.need = quality_dominance(&j->quality, j->level, s.sum, all.top);
        dense_free(&d);
    }
    return s;
}

static void protect_value(struct job *j, const struct domain *d, const struct grouping *g,
                          int value, const struct estimate *e)
{
    struct protected_sums s = {.value = protected_sum(j, &j->values, g, value),
                               .base = protected_sum(j, &j->denominators, g, value),
                               .mark = mark_of(j, e)};
    for (int i = g->first[value]; i < g->first[value + 1]; i++)
        s.hits += cell_sums_hits(&j->cells.sums, g->cells[i]);
    protection_add(j->protections[j->indicator->level], d, g->values[value], e, &s);
}

/* The linearised values, for differences (estimate_statistic()). */
static struct linear *estimate_value(struct job *j, const struct domain *d,
                                     const struct grouping *g, int value)
{
    const char *level = d ? d->name : "all";
    struct linear *linear;
    struct dense cells = dense_of(&j->cells, g, value, j->clusters->count);
    struct estimate e =
        estimate_statistic(j->indicator, &j->how, j->clusters->sample, &cells, &linear);
    put_estimate(j, level, g->values[value], &e, mark_of(j, &e));
    put_dropped(j, level, g->values[value], &cells);
    protect_value(j, d, g, value, &e);
    dense_free(&cells);
    return linear;
}

/* ---- differences ------------------------------------------------------------------------------
 */

static void put_difference(struct job *j, const char *level, const char *name_a,
                           const struct linear *a, const char *name_b, const struct linear *b)
{
    struct difference x = estimate_difference(j->clusters->sample, a, b);
    struct query *q = j->contrast;
    if (!isfinite(x.value))
        return;
    query_text_at(q, 1, j->indicator->name);
    query_text_at(q, 2, level);
    query_text_at(q, 3, name_a);
    query_text_at(q, 4, name_b);
    query_double_at(q, 5, x.value);
    query_double_at(q, 6, x.se);
    query_long_at(q, 7, x.df);
    query_double_at(q, 8, x.t);
    query_double_at(q, 9, x.p);
    query_run(q);
}

/* Values of an answer are compared among themselves; those of the frame and of crossed domains,
 * which may be many, with the whole.  A total is not compared with the whole, of which it is a
 * part. */
static void estimate_domain(struct job *j, const struct domain *d, const struct linear *whole)
{
    struct grouping g = grouping_make(j->topic, j->clusters, &j->cells, d);
    bool many = strcmp(d->source, "question") != 0 && !d->of;
    bool paired = !many && g.count <= PAIRED_VALUES_MAX;
    struct linear **of = must_alloc((size_t)g.count * sizeof *of);
    for (int v = 0; v < g.count; v++) {
        of[v] = estimate_value(j, d, &g, v);
        for (int a = 0; paired && of[v] && a < v; a++)
            put_difference(j, d->name, g.values[a], of[a], g.values[v], of[v]);
        if (many && of[v] && j->indicator->statistic != STAT_TOTAL)
            put_difference(j, d->name, g.values[v], of[v], "all", whole);
        if (!paired) {
            linear_free(of[v]);
            of[v] = NULL;
        }
    }
    for (int v = 0; v < g.count; v++)
        linear_free(of[v]);
    free(of);
    grouping_free(&g);
}

/* ---- one indicator ----------------------------------------------------------------------------
 */

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void begin_protection(struct job *j)
{
    struct protection **p = &j->protections[j->indicator->level];
    if (!*p)
        *p = protection_new(j->topic, j->level, j->clusters, &j->quality);
    protection_begin(*p, j->indicator, &j->cells);
}

static void end_protections(struct job *j)
{
    for (int l = 0; l < j->topic->level_count; l++)
        if (j->protections[l])
            protection_end(j->protections[l], j->out);
    free(j->protections);
}

/* All that is read of the indicator. */
static void read_cells(struct job *j)
{
    enum statistic s = j->indicator->statistic;
    bool sums = s == STAT_TOTAL || s == STAT_MEAN || s == STAT_RATIO;
    j->cells = tallies_cells(j->tallies, j->indicator);
    if (sums && quality_secret(&j->quality, j->level))
        j->values = tallies_addends(j->tallies, j->indicator, false);
    if (s == STAT_RATIO && quality_secret(&j->quality, j->level))
        j->denominators = tallies_addends(j->tallies, j->indicator, true);
}

/* While it is estimated the cells of the next one, if there is one, are read. */
static void estimate_indicator(struct job *j, const struct indicator *ind,
                               const struct indicator *next)
{
    j->indicator = ind;
    j->level = &j->topic->levels[ind->level];
    j->clusters = tallies_clusters(j->tallies, ind->level);
    read_cells(j);
    if (next)
        tallies_read_ahead(j->tallies, next);
    struct grouping whole = grouping_make(j->topic, j->clusters, &j->cells, NULL);
    begin_protection(j);
    struct linear *of_whole = whole.count ? estimate_value(j, NULL, &whole, 0) : NULL;
    for (int d = 0; d < j->topic->domain_count; d++)
        estimate_domain(j, &j->topic->domains[d], of_whole);
    linear_free(of_whole);
    grouping_free(&whole);
    tally_cells_free(&j->cells);
    tally_cells_free(&j->values);
    tally_cells_free(&j->denominators);
}

static void estimate_all(struct job *j)
{
    j->estimate = store_query(j->out, "INSERT INTO estimate VALUES"
                                      " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)");
    j->contrast = store_query(j->out, "INSERT INTO contrast VALUES (?,?,?,?,?,?,?,?,?)");
    j->dropped = store_query(j->out, "INSERT INTO dropped VALUES (?,?,?,?)");
    j->protections = must_alloc((size_t)j->topic->level_count * sizeof(struct protection *));
    for (int i = 0; i < j->topic->indicator_count; i++) {
        const struct indicator *ind = &j->topic->indicators[i];
        estimate_indicator(j, ind, i + 1 < j->topic->indicator_count ? ind + 1 : NULL);
        progress("估计", i + 1);
    }
    progress_end();
    query_end(j->dropped);
    query_end(j->estimate);
    query_end(j->contrast);
    end_protections(j);
}

/* ---- the rest of the results -------------------------------------------------------------------
 */

/* What populations, response classes, calibration and trimming made of the records' weights. */
static void put_factors(const struct job *j)
{
    struct query *q = store_query(j->out, "INSERT INTO unit_factor VALUES (?, ?, ?)");
    for (int l = 0; l < j->topic->level_count; l++) {
        const struct tally_units *u = tallies_clusters(j->tallies, l)->units;
        for (int i = 0; u->level == &j->topic->levels[l] && i < u->respondents; i++) {
            if (u->items[i].factor == 1)
                continue;
            query_text_at(q, 1, u->level->name);
            query_text_at(q, 2, u->items[i].key);
            query_double_at(q, 3, u->items[i].factor);
            query_run(q);
        }
    }
    query_end(q);
}

static void put_psus(const struct job *j)
{
    struct query *q = store_query(j->out, "INSERT INTO psu VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (int i = 0; i < j->tallies->weights->count; i++) {
        const struct psu *p = &j->tallies->weights->psus[i];
        query_text_at(q, 1, p->code);
        query_text_at(q, 2, p->name);
        query_text_at(q, 3, p->county);
        query_text_at(q, 4, p->stratum);
        query_long_at(q, 5, p->n_sample);
        query_long_at(q, 6, p->n_accepted);
        query_double_at(q, 7, p->weight);
        query_run(q);
    }
    query_end(q);
}

static void put_counts(const struct job *j)
{
    struct query *to = store_query(j->out, "INSERT INTO county_count VALUES (?, ?, ?)");
    for (int i = 0; i < j->tallies->count; i++) {
        struct query *from =
            store_query(j->tallies->stores[i], "SELECT what, n FROM count ORDER BY what");
        while (query_next(from)) {
            query_text_at(to, 1, j->tallies->counties[i]);
            query_text_at(to, 2, col_text(from, 0));
            query_long_at(to, 3, col_long(from, 1));
            query_run(to);
        }
        query_end(from);
    }
    query_end(to);
}

static void put_meta(const struct job *j)
{
    char fingerprint[DIGEST_TEXT];
    int n = j->tallies->count;
    const char **counties = must_alloc((size_t)n * sizeof *counties);
    struct buf list = {0};
    memcpy(counties, j->tallies->counties, (size_t)n * sizeof *counties);
    qsort(counties, (size_t)n, sizeof *counties, compare_texts);
    for (int i = 0; i < n; i++)
        buf_printf(&list, i ? " %s" : "%s", counties[i]);
    tallies_fingerprint(j->tallies, fingerprint);
    store_set_meta(j->out, "program", ME.name);
    store_set_meta(j->out, "plan", j->topic->plan);
    store_set_meta(j->out, "topic", j->topic->number);
    store_set_meta(j->out, "counties", buf_text(&list));
    store_set_meta(j->out, "simulated", j->tallies->simulated ? "1" : "0");
    store_set_meta(j->out, "frame_simulated", j->tallies->frame_simulated ? "1" : "0");
    store_set_meta(j->out, "fingerprint", fingerprint);
    buf_free(&list);
    free(counties);
}

/* Arrays of megabytes are asked for and given back by the thousand: their pages are kept. */
static void keep_memory(void)
{
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, -1);
    struct topic *t = topic_read(topic_path);
    struct job j = {.topic = t};
    keep_memory();
    if (!t || quality_read(t, &j.quality) < 0 || estimation_read(t, &j.how) < 0)
        return DATA_FAILED;
    j.tallies = tallies_open(t, argv + first, argc - first);
    if (!j.tallies)
        return DATA_FAILED;
    j.out = store_create(out_path, &SCHEMA_RESULTS);
    estimate_all(&j);
    analyse_all(t, j.tallies, &j.quality, j.how.confidence, j.out);
    if (rank_all(t, j.tallies, &j.quality, &j.how, j.out) < 0)
        die(DATA_FAILED, "indices 表有错，没有结果");
    put_psus(&j);
    put_factors(&j);
    put_counts(&j);
    alike_find(t, j.tallies, j.out);
    put_meta(&j);
    store_commit(j.out);
    tallies_close(j.tallies);
    topic_free(t);
    return DONE;
}
