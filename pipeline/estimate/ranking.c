/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/ranking_private.h"

#include "base/text.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_UNITS = 10 };

/* ---- units and their estimates
 * -------------------------------------------------------------------
 */

static void add_units(struct ranking_job *j, const struct grouping *g)
{
    for (int v = 0; v < g->count; v++)
        map_add(&j->by_unit, g->values[v], 1);
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Every value of the domain that any indicator has, in the order of bytes. */
static void list_units(struct ranking_job *j)
{
    for (int k = 0; k < j->x->count; k++) {
        const struct indicator *ind = j->x->indicators[k];
        const struct clusters *c = tallies_clusters(j->tallies, ind->level);
        struct tally_cells cells = tallies_cells(j->tallies, ind);
        struct grouping g = grouping_make(j->topic, c, &cells, j->x->by);
        add_units(j, &g);
        grouping_free(&g);
        tally_cells_free(&cells);
    }
    j->unit_count = j->by_unit.count;
    j->units = arena_alloc(&j->arena, (size_t)(j->unit_count + 1) * sizeof *j->units);
    for (int i = 0; i < j->unit_count; i++)
        j->units[i] = arena_strdup(&j->arena, j->by_unit.entries[i].key);
    if (j->unit_count)
        qsort(j->units, (size_t)j->unit_count, sizeof *j->units, compare_texts);
    map_free(&j->by_unit);
    for (int i = 0; i < j->unit_count; i++)
        map_put(&j->by_unit, j->units[i], i);
}

static long psu_index(const struct ranking_job *j, const char *code)
{
    const struct psu *p = weights_psu(j->tallies->weights, code);
    return p ? p - j->tallies->weights->psus : -1;
}

/* Keeps the cells that have cases, for the bootstrap. */
static struct ranking_part keep_cells(struct ranking_job *j, const struct clusters *c,
                                      const struct dense *d)
{
    size_t most = (size_t)d->sums.count;
    struct ranking_part p = {cell_sums_new(d->sums.kind, d->sums.count),
                             must_alloc(most * sizeof *p.points), must_alloc(most * sizeof *p.psu)};
    int n = 0;
    for (int i = 0; i < d->sums.count; i++) {
        if (cell_sums_n(&d->sums, i) == 0)
            continue;
        sums_merge(p.sums.kind, cell_sums_at(&p.sums, n), cell_sums_at(&d->sums, i));
        p.psu[n] = c->sample ? psu_index(j, c->units->items[i].psu) : -1;
        if (p.psu[n] >= 0)
            j->drawn[p.psu[n]] = true;
        if (d->points) {
            points_append(&p.points[n], d->points[i].items, d->points[i].count);
            points_sort(&p.points[n]);
        }
        n++;
    }
    p.sums.count = n;
    return p;
}

bool ranking_withheld(const struct ranking_job *j, const struct indicator *ind,
                      const struct domain *d, const char *value)
{
    query_reset(j->mark);
    query_text_at(j->mark, 1, ind->name);
    query_text_at(j->mark, 2, d ? d->name : "all");
    query_text_at(j->mark, 3, value);
    const char *mark = query_next(j->mark) ? col_text(j->mark, 0) : "-";
    bool withheld = *mark && strchr("xs-", *mark);
    query_reset(j->mark);
    return withheld;
}

static void estimate_indicator(struct ranking_job *j, int k)
{
    const struct indicator *ind = j->x->indicators[k];
    const struct clusters *c = tallies_clusters(j->tallies, ind->level);
    struct tally_cells cells = tallies_cells(j->tallies, ind);
    struct grouping g = grouping_make(j->topic, c, &cells, j->x->by);
    j->sampled |= c->sample != NULL;
    for (int v = 0; v < g.count; v++) {
        long unit = map_get(&j->by_unit, g.values[v], -1);
        struct dense d = dense_of(&cells, &g, v, c->count);
        struct estimate e = estimate_statistic(ind, j->how, c->sample, &d, NULL);
        size_t at = (size_t)unit * (size_t)j->x->count + (size_t)k;
        j->withheld[unit] |= ranking_withheld(j, ind, j->x->by, g.values[v]);
        j->values[at] = e.value;
        j->parts[at] = keep_cells(j, c, &d);
        dense_free(&d);
    }
    grouping_free(&g);
    tally_cells_free(&cells);
}

static void free_part(struct ranking_part *p)
{
    for (int i = 0; i < p->sums.count; i++)
        points_free(&p->points[i]);
    cell_sums_free(&p->sums);
    free(p->points);
    free(p->psu);
}

/* Moves the units that have a place to the front; returns how many they are. */
static int sort_out(struct ranking_job *j)
{
    size_t m = (size_t)j->x->count;
    int n = 0;
    for (int i = 0; i < j->unit_count; i++) {
        bool absent = j->withheld[i];
        for (size_t k = 0; k < m; k++)
            absent |= isnan(j->values[(size_t)i * m + k]);
        if (absent)
            continue;
        for (size_t k = 0; k < m; k++) {
            double value = j->values[(size_t)i * m + k];
            j->values[(size_t)i * m + k] = j->values[(size_t)n * m + k];
            j->values[(size_t)n * m + k] = value;
            struct ranking_part part = j->parts[(size_t)i * m + k];
            j->parts[(size_t)i * m + k] = j->parts[(size_t)n * m + k];
            j->parts[(size_t)n * m + k] = part;
        }
        const char *unit = j->units[i];
        memmove(j->units + n + 1, j->units + n, (size_t)(i - n) * sizeof *j->units);
        j->units[n++] = unit;
    }
    return n;
}

/* ---- the bootstrap
 * ------------------------------------------------------------------------------- */

/* How often each PSU counts in a bootstrap sample: strata and PSUs in the order of their codes. */
static void draw(const struct ranking_job *j, gsl_rng *rng, double *times)
{
    const struct weights *w = j->tallies->weights;
    int *members = must_alloc((size_t)w->count * sizeof *members);
    bool *done = must_alloc((size_t)w->count);
    for (int first = 0; first < w->count; first++) {
        int n = 0;
        if (done[first] || !j->drawn[first])
            continue;
        for (int i = first; i < w->count; i++)
            if (!done[i] && j->drawn[i] &&
                strcmp(w->psus[i].stratum, w->psus[first].stratum) == 0) {
                done[i] = true;
                times[i] = n > 0 ? 0 : 1;
                members[n++] = i;
            }
        if (n < 2)
            continue;
        times[first] = 0;
        for (int k = 0; k < n - 1; k++)
            times[members[gsl_rng_uniform_int(rng, (unsigned long)n)]] += n / (n - 1.0);
    }
    free(members);
    free(done);
}

/* The estimate when each PSU counts so many times. */
static double replicate_value(const struct ranking_job *j, const struct indicator *ind,
                              const struct ranking_part *p, const double *times)
{
    struct dense d = {cell_sums_new(p->sums.kind, p->sums.count),
                      must_alloc((size_t)p->sums.count * sizeof *d.points)};
    int n = 0;
    for (int i = 0; i < p->sums.count; i++) {
        double f = p->psu[i] < 0 ? 1 : times[p->psu[i]];
        if (f == 0)
            continue;
        sums_merge(d.sums.kind, cell_sums_at(&d.sums, n), cell_sums_at(&p->sums, i));
        sums_scale(d.sums.kind, cell_sums_at(&d.sums, n), f);
        points_append(&d.points[n], p->points[i].items, p->points[i].count);
        for (int k = 0; k < d.points[n].count; k++)
            d.points[n].items[k].w *= f;
        d.points[n].sorted = true;
        n++;
    }
    d.sums.count = n;
    double value = estimate_statistic(ind, j->how, NULL, &d, NULL).value;
    dense_free(&d);
    return value;
}

struct spread {
    int *ranks;     /* [unit * replicates + replicate] */
    long count;     /* replicates with scores */
    long *reversed; /* of each place: its unit not above the next one */
};

static bool replicate_scores(const struct ranking_job *j, int n, const double *times,
                             double *values, double *scores)
{
    int m = j->x->count;
    for (int i = 0; i < n * m; i++) {
        values[i] = replicate_value(j, j->x->indicators[i % m], &j->parts[i], times);
        if (isnan(values[i]))
            return false;
    }
    return index_scores(j->x, values, n, -1, scores, NULL) == 0;
}

static struct spread bootstrap(const struct ranking_job *j, int n, const int *order)
{
    struct spread s = {must_alloc((size_t)n * (size_t)j->replicates * sizeof *s.ranks), 0,
                       must_alloc((size_t)n * sizeof *s.reversed)};
    double *times = must_alloc((size_t)j->tallies->weights->count * sizeof *times);
    double *values = must_alloc((size_t)n * (size_t)j->x->count * sizeof *values);
    double *scores = must_alloc((size_t)n * sizeof *scores);
    int *ranks = must_alloc((size_t)n * sizeof *ranks);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, j->seed);
    for (long b = 0; b < j->replicates; b++) {
        draw(j, rng, times);
        progress("排序的自助样本", b + 1);
        if (!replicate_scores(j, n, times, values, scores))
            continue;
        ranks_of(scores, n, ranks);
        for (int i = 0; i < n; i++)
            s.ranks[(long)i * j->replicates + s.count] = ranks[i];
        for (int place = 0; place < n - 1; place++)
            s.reversed[place] += !(scores[order[place]] > scores[order[place + 1]]);
        s.count++;
    }
    progress_end();
    gsl_rng_free(rng);
    free(times);
    free(values);
    free(scores);
    free(ranks);
    return s;
}

static int compare_ints(const void *left, const void *right)
{
    return *(const int *)left - *(const int *)right;
}

static void rank_interval(const struct ranking_job *j, struct spread *s, int unit, int *low,
                          int *high)
{
    int *ranks = s->ranks + (long)unit * j->replicates;
    long tail = (long)floor((1 - j->how->confidence) / 2 * (double)s->count);
    qsort(ranks, (size_t)s->count, sizeof *ranks, compare_ints);
    *low = ranks[tail];
    *high = ranks[s->count - 1 - tail];
}

/* ---- writing ----------------------------------------------------------------------------------
 */

void ranking_detail(struct ranking_job *j, const char *unit, const char *part, const char *of,
                    double value, const char *text)
{
    struct buf name = {0};
    buf_printf(&name, *of ? "%s:%s" : "%s", part, of);
    query_text_at(j->detail, 1, j->x->name);
    query_text_at(j->detail, 2, unit);
    query_text_at(j->detail, 3, name.text);
    query_double_at(j->detail, 4, value);
    query_text_at(j->detail, 5, text);
    query_run(j->detail);
    buf_free(&name);
}

struct places {
    double *scores, *other;
    int *ranks, *other_ranks, *drop_low, *drop_high, *order; /* order: units by place */
    bool *turned; /* of each place: without some indicator not above the next */
};

/* The evidence classes of the indicators, each once, joined by 、. */
static const char *classes_of(struct ranking_job *j)
{
    struct buf all = {0};
    for (int k = 0; k < j->x->count; k++) {
        const char *one = j->topic->levels[j->x->indicators[k]->level].evidence;
        if (strstr(buf_text(&all), one))
            continue;
        buf_printf(&all, all.len ? "、%s" : "%s", one);
    }
    const char *text = arena_strdup(&j->arena, buf_text(&all));
    buf_free(&all);
    return text;
}

static void put_long_or_null(struct query *q, int at, long value, bool has)
{
    if (has)
        query_long_at(q, at, value);
    else
        query_null_at(q, at);
}

static void put_place(struct ranking_job *j, int n, int place, const struct places *p,
                      struct spread *s)
{
    int unit = p->order[place], low = 0, high = 0;
    bool last = place == n - 1, varies = s && s->count > 1;
    double reversed = varies && !last ? (double)s->reversed[place] / (double)s->count : NAN;
    struct query *q = j->rank;
    if (varies)
        rank_interval(j, s, unit, &low, &high);
    query_text_at(q, 1, j->x->name);
    query_text_at(q, 2, j->units[unit]);
    query_text_at(q, 3, j->x->kind_name);
    query_double_at(q, 4, p->scores[unit]);
    query_long_at(q, 5, p->ranks[unit]);
    put_long_or_null(q, 6, low, varies);
    put_long_or_null(q, 7, high, varies);
    put_long_or_null(q, 8, p->drop_low[unit], p->drop_low[unit] > 0);
    put_long_or_null(q, 9, p->drop_high[unit], p->drop_low[unit] > 0);
    query_text_at(q, 10, last ? "" : j->units[p->order[place + 1]]);
    query_double_at(q, 11, reversed);
    put_long_or_null(q, 12, reversed >= 1 - j->how->confidence, !isnan(reversed));
    query_double_at(q, 13, p->other[unit]);
    put_long_or_null(q, 14, p->other_ranks[unit], !isnan(p->other[unit]));
    query_text_at(q, 15, classes_of(j));
    query_text_at(q, 16, "");
    put_long_or_null(q, 17, p->turned[place], !last && p->drop_low[unit] > 0);
    query_run(q);
}

/* A unit without a place. */
static void put_absent(struct ranking_job *j, const char *unit)
{
    struct query *q = j->rank;
    query_text_at(q, 1, j->x->name);
    query_text_at(q, 2, unit);
    query_text_at(q, 3, j->x->kind_name);
    for (int i = 4; i <= 14; i++)
        query_null_at(q, i);
    query_text_at(q, 10, "");
    query_text_at(q, 15, classes_of(j));
    query_text_at(q, 16, "x");
    query_null_at(q, 17);
    query_run(q);
}

static void put_details(struct ranking_job *j, int n, const struct index_details *d)
{
    const struct index *x = j->x;
    for (int k = 0; k < x->count; k++) {
        const char *name = x->indicators[k]->name;
        ranking_detail(j, "", "weight", name, d->weights[k],
                       d->constant[k] ? "各单位相同，剔除" : "");
        if (!isnan(d->entropy[k]))
            ranking_detail(j, "", "entropy", name, d->entropy[k], "");
        if (d->constant[k])
            warning("指数 %s：指标 %s 各单位相同，没有区分作用，剔除", x->name, name);
    }
    if (x->ahp) {
        ranking_detail(j, "", "ahp_lambda", "", x->consistency.lambda, "");
        ranking_detail(j, "", "ahp_ci", "", x->consistency.ci, "");
        ranking_detail(j, "", "ahp_cr", "", x->consistency.cr, "");
    }
    for (int i = 0; x->kind == INDEX_COUPLING && i < n; i++) {
        const struct coupling *c = &d->coupling[i];
        ranking_detail(j, j->units[i], "C", "", c->c, "");
        ranking_detail(j, j->units[i], "T", "", c->t, "");
        ranking_detail(j, j->units[i], "D", "", c->d, coordination_band(c->d));
        ranking_detail(j, j->units[i], "C_modified", "", c->c_modified, "");
        ranking_detail(j, j->units[i], "D_modified", "", c->d_modified,
                       coordination_band(c->d_modified));
        for (int s = 0; s < x->system_count; s++) {
            char number[16];
            snprintf(number, sizeof number, "%d", s + 1);
            ranking_detail(j, j->units[i], "U", number, d->systems[i * x->system_count + s], "");
        }
    }
}

/* ---- one ranking ------------------------------------------------------------------------------
 */

static void drop_each(const struct ranking_job *j, int n, struct places *p)
{
    double *scores = must_alloc((size_t)n * sizeof *scores);
    int *ranks = must_alloc((size_t)n * sizeof *ranks);
    for (int k = 0; j->x->count > 1 && k < j->x->count; k++) {
        if (index_scores(j->x, j->values, n, k, scores, NULL) < 0)
            continue;
        ranks_of(scores, n, ranks);
        for (int i = 0; i < n; i++) {
            bool first = p->drop_low[i] == 0;
            p->drop_low[i] = first || ranks[i] < p->drop_low[i] ? ranks[i] : p->drop_low[i];
            p->drop_high[i] = first || ranks[i] > p->drop_high[i] ? ranks[i] : p->drop_high[i];
        }
        for (int place = 0; place < n - 1; place++)
            p->turned[place] |= !(scores[p->order[place]] > scores[p->order[place + 1]]);
    }
    free(scores);
    free(ranks);
}

/* Units by place, of equal ones the first in bytes. */
static void sort_places(int n, const double *scores, int *order)
{
    for (int i = 0; i < n; i++) {
        int at = i;
        for (; at > 0 && scores[order[at - 1]] < scores[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void warn_of_ranking(const struct ranking_job *j, int n, const struct places *p)
{
    bool entropy = j->x->method == WEIGHTS_ENTROPY;
    if (entropy && n < FEW_UNITS)
        warning("指数 %s：只有%d个单位，熵权不稳定，请慎用", j->x->name, n);
    for (int i = 0; i < n; i++)
        if (!isnan(p->other[i]) && p->ranks[i] != p->other_ranks[i]) {
            warning("指数 %s：加权得分和 TOPSIS 的名次不同，报告要写明", j->x->name);
            return;
        }
}

static void rank_units(struct ranking_job *j, int n)
{
    size_t count = (size_t)n, m = (size_t)j->x->count;
    struct arena *a = &j->arena;
    struct places p = {
        arena_alloc(a, count * sizeof(double)), arena_alloc(a, count * sizeof(double)),
        arena_alloc(a, count * sizeof(int)),    arena_alloc(a, count * sizeof(int)),
        arena_alloc(a, count * sizeof(int)),    arena_alloc(a, count * sizeof(int)),
        arena_alloc(a, count * sizeof(int)),    arena_alloc(a, count * sizeof(bool))};
    struct index_details d = {
        arena_alloc(a, m * sizeof(double)),
        arena_alloc(a, m * sizeof(double)),
        arena_alloc(a, m * sizeof(bool)),
        p.other,
        arena_alloc(a, count * (size_t)j->x->system_count * sizeof(double)),
        arena_alloc(a, count * sizeof(struct coupling)),
    };
    for (int i = 0; i < n; i++)
        p.other[i] = NAN;
    if (index_scores(j->x, j->values, n, -1, p.scores, &d) < 0) {
        warning("指数 %s 没有计算：指标各单位都相同，或 TOPSIS 的逆向指标不全大于0", j->x->name);
        return;
    }
    ranks_of(p.scores, n, p.ranks);
    ranks_of(p.other, n, p.other_ranks);
    sort_places(n, p.scores, p.order);
    drop_each(j, n, &p);
    put_details(j, n, &d);
    warn_of_ranking(j, n, &p);
    struct spread s = {0};
    if (j->sampled)
        s = bootstrap(j, n, p.order);
    for (int place = 0; place < n; place++)
        put_place(j, n, place, &p, j->sampled ? &s : NULL);
    free(s.ranks);
    free(s.reversed);
}

static void rank_index(struct ranking_job *j)
{
    list_units(j);
    size_t cells = (size_t)j->unit_count * (size_t)j->x->count;
    j->parts = must_alloc(cells * sizeof *j->parts);
    j->values = must_alloc(cells * sizeof *j->values);
    j->withheld = must_alloc((size_t)j->unit_count);
    j->drawn = must_alloc((size_t)j->tallies->weights->count);
    j->sampled = false;
    for (size_t i = 0; i < cells; i++)
        j->values[i] = NAN;
    for (int k = 0; k < j->x->count; k++)
        estimate_indicator(j, k);
    int n = sort_out(j);
    if (n >= 2)
        rank_units(j, n);
    else
        warning("指数 %s：可以比较的单位不到两个，没有计算", j->x->name);
    for (int i = n; i < j->unit_count; i++)
        put_absent(j, j->units[i]);
    for (size_t i = 0; i < cells; i++)
        free_part(&j->parts[i]);
    free(j->parts);
    free(j->values);
    free(j->withheld);
    free(j->drawn);
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static int read_count(const struct topic *t, const char *name, long otherwise, long least,
                      long most, long *out)
{
    const char *text = topic_design(t, name);
    char *end;
    *out = *text ? strtol(text, &end, 10) : otherwise;
    if (*text && (*end || *out < least || *out > most))
        return error("%s：design 表的 %s 是“%s”，应为%ld至%ld的整数", t->path, name, text, least,
                     most);
    return 0;
}

static void rank_one(struct ranking_job *j, const struct index *x)
{
    j->x = x;
    if (x->kind == INDEX_IPA)
        ranking_quadrants(j);
    else if (x->kind == INDEX_THEIL)
        ranking_theil(j);
    else
        rank_index(j);
    map_free(&j->by_unit);
    j->by_unit = (struct map){0};
    arena_free(&j->arena);
    j->arena = (struct arena){0};
}

int rank_all(const struct topic *t, struct tallies *tallies, const struct quality *q,
             const struct estimation *how, struct store *results)
{
    long seed;
    struct ranking_job j = {.topic = t, .tallies = tallies, .quality = q, .how = how};
    if (read_count(t, "rank_replicates", 500, 50, 100000, &j.replicates) < 0 ||
        read_count(t, "rank_seed", 1, 1, 2147483647, &seed) < 0)
        return -1;
    struct indices *all = indices_read(t);
    if (!all)
        return -1;
    j.seed = (unsigned long)seed;
    j.rank = store_query(results, "INSERT INTO ranking VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    j.detail = store_query(results, "INSERT INTO index_part VALUES (?,?,?,?,?)");
    j.mark = store_query(results, "SELECT mark FROM estimate WHERE indicator = ? AND level = ? AND"
                                  " domain = ?");
    for (int i = 0; i < all->count; i++)
        rank_one(&j, &all->items[i]);
    query_end(j.rank);
    query_end(j.detail);
    query_end(j.mark);
    if (all->count) {
        struct buf how_drawn = {0};
        buf_printf(&how_drawn, "mt19937 seed %ld, %ld replicates, Rao-Wu n-1", seed, j.replicates);
        store_set_meta(results, "ranking", how_drawn.text);
        buf_free(&how_drawn);
    }
    indices_free(all);
    return 0;
}
