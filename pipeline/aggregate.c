/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * aggregate: estimates with their standard errors from the counties' tallies.
 */
#include "base/digest.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "store/store.h"
#include "survey/analyse.h"
#include "survey/inequality.h"
#include "survey/quality.h"
#include "survey/tallies.h"

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
    double confidence;
    enum share_interval share_interval;
    bool score_interval; /* of quantiles, in the place of Woodruff's */
    struct store *out;
    struct query *estimate, *contrast, *dropped;
    /* of the indicator at hand */
    const struct indicator *indicator;
    const struct level *level;
    const struct clusters *clusters;
    struct tally_cells cells;
};

/* ---- a domain's cells, one a cluster ----------------------------------------------------------
 */

struct dense {
    struct moments *moments;
    struct points *points;
    int count, cases; /* clusters; clusters with cases */
};

static struct dense dense_new(const struct job *j)
{
    size_t n = (size_t)j->clusters->count;
    return (struct dense){must_alloc(n * sizeof(struct moments)),
                          must_alloc(n * sizeof(struct points)), (int)n, 0};
}

static void dense_free(struct dense *d)
{
    for (int i = 0; i < d->count; i++)
        points_free(&d->points[i]);
    free(d->points);
    free(d->moments);
}

static void dense_add(struct dense *d, const struct tally_cell *c)
{
    moments_merge(&d->moments[c->cluster], &c->m);
    points_append(&d->points[c->cluster], c->points.items, c->points.count);
    points_sort(&d->points[c->cluster]);
    d->cases++;
}

/* Cells of a domain that has rows of its own: all records, or an answer. */
static struct dense cells_of_answer(const struct job *j, const char *level, const char *value)
{
    struct dense d = dense_new(j);
    for (int i = 0; i < j->cells.count; i++)
        if (strcmp(j->cells.items[i].level, level) == 0 &&
            strcmp(j->cells.items[i].domain, value) == 0)
            dense_add(&d, &j->cells.items[i]);
    return d;
}

/* The value of a domain of the frame for each cluster; NULL entries have none. */
static const char *const *attributes_of(const struct job *j, const struct domain *d)
{
    return j->clusters->attributes + (d - j->topic->domains) * j->clusters->count;
}

/* Cells of a domain of the frame: all records of the clusters that have the value. */
static struct dense cells_of_frame(const struct job *j, const struct domain *d, const char *value)
{
    const char *const *own = attributes_of(j, d);
    struct dense dense = dense_new(j);
    for (int i = 0; i < j->cells.count; i++) {
        const struct tally_cell *c = &j->cells.items[i];
        if (strcmp(c->level, "all") == 0 && own[c->cluster] && strcmp(own[c->cluster], value) == 0)
            dense_add(&dense, c);
    }
    return dense;
}

static struct dense cells_of(const struct job *j, const struct domain *d, const char *value)
{
    return strcmp(d->source, "frame") == 0 ? cells_of_frame(j, d, value)
                                           : cells_of_answer(j, d->name, value);
}

/* ---- estimates --------------------------------------------------------------------------------
 */

static bool is_quantile(const struct indicator *ind)
{
    return ind->statistic == STAT_MEDIAN || ind->statistic == STAT_QUANTILE;
}

static enum linear_statistic linear_of(const struct indicator *ind)
{
    switch (ind->statistic) {
    case STAT_TOTAL:
        return LINEAR_TOTAL;
    case STAT_RATIO:
        return LINEAR_RATIO;
    case STAT_VARIANCE:
        return LINEAR_VARIANCE;
    default:
        return LINEAR_MEAN;
    }
}

static struct estimate estimate_domain(const struct job *j, const struct dense *d)
{
    const struct sample *s = j->clusters->sample;
    const struct indicator *ind = j->indicator;
    enum share_interval share = ind->statistic == STAT_SHARE ? j->share_interval : SHARE_NONE;
    if (is_inequality(ind->statistic))
        return estimate_inequality(ind->statistic, ind->quantile, s, d->moments, d->points,
                                   d->count, j->confidence);
    if (is_quantile(ind))
        return s ? (j->score_interval ? estimate_quantile_score : estimate_quantile)(
                       s, d->points, ind->quantile, j->confidence)
                 : estimate_quantile_census(d->points, d->count, ind->quantile);
    return s ? estimate_linear(linear_of(ind), s, d->moments, share, j->confidence)
             : estimate_census(linear_of(ind), d->moments, d->count);
}

/* Whether the unit is a person or a household, which a count of 1 or 2 could give away. */
static bool is_person(const struct level *l)
{
    return strcmp(l->unit, "人") == 0 || strcmp(l->unit, "户") == 0;
}

static void put_estimate(struct job *j, const char *level, const char *value,
                         const struct estimate *e)
{
    bool sampled = j->clusters->sample != NULL;
    char mark[2] = {sampled ? quality_mark(&j->quality, e)
                            : quality_mark_census(&j->quality, e, is_person(j->level))};
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
    query_text_at(q, 17, *mark == ' ' ? "" : mark);
    query_run(q);
}

/* Theil's measures leave out incomes of 0 and below, and say so. */
static void put_dropped(struct job *j, const char *level, const char *value, const struct dense *d)
{
    enum statistic s = j->indicator->statistic;
    long n = s == STAT_THEIL_T || s == STAT_THEIL_L ? inequality_dropped(d->moments, d->count) : 0;
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

static void estimate_value(struct job *j, const struct domain *d, const char *value)
{
    struct dense cells = d ? cells_of(j, d, value) : cells_of_answer(j, "all", "all");
    struct estimate e = estimate_domain(j, &cells);
    put_estimate(j, d ? d->name : "all", value, &e);
    put_dropped(j, d ? d->name : "all", value, &cells);
    dense_free(&cells);
}

/* ---- differences ------------------------------------------------------------------------------
 */

static void put_difference(struct job *j, const struct domain *d, const char *a, const char *b)
{
    struct dense left = cells_of(j, d, a);
    struct dense right =
        strcmp(b, "all") == 0 ? cells_of_answer(j, "all", "all") : cells_of(j, d, b);
    struct difference x = estimate_difference(linear_of(j->indicator), j->clusters->sample,
                                              left.moments, right.moments);
    struct query *q = j->contrast;
    if (isfinite(x.value)) {
        query_text_at(q, 1, j->indicator->name);
        query_text_at(q, 2, d->name);
        query_text_at(q, 3, a);
        query_text_at(q, 4, b);
        query_double_at(q, 5, x.value);
        query_double_at(q, 6, x.se);
        query_long_at(q, 7, x.df);
        query_double_at(q, 8, x.t);
        query_double_at(q, 9, x.p);
        query_run(q);
    }
    dense_free(&left);
    dense_free(&right);
}

/* Values of an answer among themselves; those of the frame, which may be many, against the
 * whole.  A total is not compared with the whole, of which it is a part. */
static void contrast_domain(struct job *j, const struct domain *d, const char **values, int count)
{
    if (!j->clusters->sample || is_quantile(j->indicator) || is_inequality(j->indicator->statistic))
        return;
    bool frame = strcmp(d->source, "frame") == 0;
    for (int a = 0; a < count; a++) {
        if (frame && j->indicator->statistic != STAT_TOTAL)
            put_difference(j, d, values[a], "all");
        for (int b = a + 1; !frame && count <= PAIRED_VALUES_MAX && b < count; b++)
            put_difference(j, d, values[a], values[b]);
    }
}

/* ---- one indicator ----------------------------------------------------------------------------
 */

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The values of a domain that have cases, sorted; caller frees the array, not the texts. */
static int values_of(const struct job *j, const struct domain *d, const char ***values)
{
    bool frame = strcmp(d->source, "frame") == 0;
    struct map seen = {0};
    int room = 0, count = 0;
    *values = NULL;
    for (int i = 0; i < j->cells.count; i++) {
        const struct tally_cell *c = &j->cells.items[i];
        if (strcmp(c->level, frame ? "all" : d->name) != 0)
            continue;
        const char *value = frame ? attributes_of(j, d)[c->cluster] : c->domain;
        if (!value || !*value || !map_add(&seen, value, 1))
            continue;
        GROW(*values, count, room);
        (*values)[count++] = value;
    }
    if (count)
        qsort(*values, (size_t)count, sizeof **values, compare_texts);
    map_free(&seen);
    return count;
}

static void estimate_indicator(struct job *j, const struct indicator *ind)
{
    j->indicator = ind;
    j->level = &j->topic->levels[ind->level];
    j->clusters = tallies_clusters(j->tallies, ind->level);
    j->cells = tallies_cells(j->tallies, ind);
    if (j->cells.count)
        estimate_value(j, NULL, "all");
    for (int d = 0; d < j->topic->domain_count; d++) {
        const struct domain *domain = &j->topic->domains[d];
        const char **values;
        int count = values_of(j, domain, &values);
        for (int v = 0; v < count; v++)
            estimate_value(j, domain, values[v]);
        contrast_domain(j, domain, values, count);
        free(values);
    }
    tally_cells_free(&j->cells);
}

static void estimate_all(struct job *j)
{
    j->estimate = store_query(j->out, "INSERT INTO estimate VALUES"
                                      " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    j->contrast = store_query(j->out, "INSERT INTO contrast VALUES (?,?,?,?,?,?,?,?,?)");
    j->dropped = store_query(j->out, "INSERT INTO dropped VALUES (?,?,?,?)");
    for (int i = 0; i < j->topic->indicator_count; i++) {
        estimate_indicator(j, &j->topic->indicators[i]);
        progress("估计", i + 1);
    }
    progress_end();
    query_end(j->dropped);
    query_end(j->estimate);
    query_end(j->contrast);
}

/* ---- the rest of the results -------------------------------------------------------------------
 */

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

static int read_confidence(const struct topic *t, double *level)
{
    const char *text = topic_design(t, "confidence");
    char *end;
    *level = *text ? strtod(text, &end) : 0.95;
    if (*text && (*end || !(*level > 0 && *level < 1)))
        return error("%s：design 表的 confidence 是“%s”，应为0和1之间的数，如 0.95", t->path, text);
    return 0;
}

static int read_share_interval(const struct topic *t, enum share_interval *method)
{
    const char *word = topic_design(t, "share_interval");
    int found = *word ? share_interval_by_name(word) : SHARE_LOGIT;
    if (found < 0)
        return error("%s：design 表的 share_interval 是“%s”，只能写 logit、beta、wilson", t->path,
                     word);
    *method = (enum share_interval)found;
    return 0;
}

static int read_quantile_interval(const struct topic *t, bool *score)
{
    const char *word = topic_design(t, "quantile_interval");
    *score = strcmp(word, "score") == 0;
    if (*word && !*score && strcmp(word, "woodruff") != 0)
        return error("%s：design 表的 quantile_interval 是“%s”，只能写 woodruff、score", t->path,
                     word);
    return 0;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, -1);
    struct topic *t = topic_read(topic_path);
    struct job j = {.topic = t};
    if (!t || quality_read(t, &j.quality) < 0 || read_confidence(t, &j.confidence) < 0 ||
        read_share_interval(t, &j.share_interval) < 0 ||
        read_quantile_interval(t, &j.score_interval) < 0)
        return DATA_FAILED;
    j.tallies = tallies_open(t, argv + first, argc - first);
    if (!j.tallies)
        return DATA_FAILED;
    j.out = store_create(out_path, &SCHEMA_RESULTS);
    estimate_all(&j);
    analyse_all(t, j.tallies, &j.quality, j.confidence, j.out);
    put_psus(&j);
    put_counts(&j);
    put_meta(&j);
    store_commit(j.out);
    tallies_close(j.tallies);
    topic_free(t);
    return DONE;
}
