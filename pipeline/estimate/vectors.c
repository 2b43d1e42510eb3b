/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/vectors.h"

#include "estimate/memo.h"
#include "estimate/replicates.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows ------------------------------------------------------------------------------------ */

static int compare_rows(const void *left, const void *right, void *width)
{
    const double *a = left, *b = right;
    for (int i = 0; i < *(const int *)width + 2; i++) /* the number of cases last */
        if (i != 1 && a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return (a[1] > b[1]) - (a[1] < b[1]);
}

static bool same_case(const double *a, const double *b, int width)
{
    return a[0] == b[0] && memcmp(a + 2, b + 2, (size_t)width * sizeof *a) == 0;
}

int vectors_sort(double *rows, int count, int width)
{
    size_t size = (size_t)(width + 2);
    int kept = 0;
    if (count)
        qsort_r(rows, (size_t)count, size * sizeof *rows, compare_rows, &width);
    for (int i = 0; i < count; i++) {
        double *row = rows + (size_t)i * size, *last = rows + (size_t)(kept - 1) * size;
        if (kept && same_case(row, last, width))
            last[1] += row[1];
        else
            memmove(rows + (size_t)kept++ * size, row, size * sizeof *row);
    }
    return kept;
}

/* ---- collecting -------------------------------------------------------------------------------
 */

/* Places are exact up to a code of six digits. */
static const double RECORDS_OF_A_COUNTY = 1e9;

/* An analysis and the rows of the cluster at hand. */
struct gathering {
    const struct analysis *analysis;
    struct memo *memos, universe; /* of each variable with an expression */
    double *rows;
    int count, room, part;
    int unit;
};

struct collector {
    const struct topic *topic;
    struct placing *placing;
    struct gathering *items;
    struct query *put;
    double place; /* of the record at hand */
};

static void begin_memos(struct gathering *g, const struct level *l)
{
    const struct analysis *a = g->analysis;
    g->memos = must_alloc((size_t)a->variable_count * sizeof *g->memos);
    for (int i = 0; i < a->variable_count; i++)
        if (a->variables[i].expression)
            memo_begin(&g->memos[i], a->variables[i].expression,
                       expr_text(a->variables[i].expression), l->form, l->repeat);
    if (a->universe)
        memo_begin(&g->universe, a->universe, a->universe_text, l->form, l->repeat);
}

struct collector *collector_begin(const struct topic *t, struct placing *placing,
                                  const char *county, struct store *out)
{
    struct collector *c = must_alloc(sizeof *c);
    c->topic = t;
    c->placing = placing;
    c->items = must_alloc((size_t)t->analysis_count * sizeof *c->items);
    for (int i = 0; i < t->analysis_count; i++) {
        c->items[i].analysis = &t->analyses[i];
        begin_memos(&c->items[i], &t->levels[t->analyses[i].level]);
    }
    c->put = store_query(out, "INSERT INTO vector VALUES (?, ?, ?, ?)");
    c->place = strtod(county, NULL) * RECORDS_OF_A_COUNTY;
    return c;
}

static void write_rows(struct collector *c, struct gathering *g)
{
    int width = g->analysis->variable_count, n = vectors_sort(g->rows, g->count, width);
    g->count = 0;
    if (n == 0)
        return;
    query_text_at(c->put, 1, g->analysis->name);
    query_long_at(c->put, 2, g->unit);
    query_long_at(c->put, 3, g->part++);
    query_blob_at(c->put, 4, g->rows, (size_t)n * (size_t)(width + 2) * sizeof *g->rows);
    query_run(c->put);
}

/* The place of the answer in the question's list, from 1; NaN when there is none. */
static double answer_place(const struct question *q, const struct record *record)
{
    while (record && record->repeat != q->repeat)
        record = record->parent;
    const struct value *v = record ? &record->values[q->index] : NULL;
    const struct choice *choice =
        v && v->missing == VALUE_OK ? list_choice(q->list, v->text) : NULL;
    return choice ? (double)(choice - q->list->choices + 1) : NAN;
}

static double variable_of(struct gathering *g, int i, const struct record *record, double place)
{
    const struct variable *v = &g->analysis->variables[i];
    if (v->question)
        return answer_place(v->question, record);
    if (!v->expression)
        return place;
    struct outcome o = memo_eval(&g->memos[i], record);
    double value = o.unknown || (v->truth && o.blank) ? NAN : v->truth ? o.truth : o.number;
    return (v->reversed ? -value : value) + 0.0; /* no -0 */
}

static void gather(struct collector *c, struct gathering *g, const struct record *record,
                   const struct placed *at)
{
    const struct analysis *a = g->analysis;
    const struct level *l = &c->topic->levels[a->level];
    if (at->unit != g->unit) {
        write_rows(c, g);
        g->unit = at->unit;
    }
    if (a->universe) {
        struct outcome u = memo_eval(&g->universe, record);
        if (u.unknown || !u.truth)
            return;
    }
    int size = a->variable_count + 2;
    if (g->count == g->room) {
        g->room = g->room ? 2 * g->room : 64;
        g->rows = must_realloc(g->rows, (size_t)g->room * (size_t)size * sizeof *g->rows);
    }
    double *row = g->rows + (size_t)g->count * (size_t)size;
    row[0] = placing_weight(c->placing, at, l->sampled ? l->stage : 0);
    row[1] = 1;
    for (int i = 0; i < a->variable_count; i++)
        if (!isfinite(row[i + 2] = variable_of(g, i, record, c->place)))
            return;
    g->count += row[0] != 0 || is_rank_test(a->kind);
}

static void gather_record(struct collector *c, const struct record *record, const struct placed *at)
{
    for (int i = 0; i < c->topic->analysis_count; i++) {
        const struct level *l = &c->topic->levels[c->items[i].analysis->level];
        if (l->form == record->form && l->repeat == record->repeat)
            gather(c, &c->items[i], record, at);
    }
    c->place++;
    for (int i = 0; i < record->child_count; i++)
        gather_record(c, record->children[i], at);
}

void collector_record(struct collector *c, const struct record *record, const struct placed *at)
{
    if (at->respondent)
        gather_record(c, record, at);
}

void collector_end(struct collector *c)
{
    for (int i = 0; i < c->topic->analysis_count; i++) {
        struct gathering *g = &c->items[i];
        write_rows(c, g);
        for (int v = 0; v < g->analysis->variable_count; v++)
            if (g->analysis->variables[v].expression)
                memo_end(&g->memos[v]);
        if (g->analysis->universe)
            memo_end(&g->universe);
        free(g->memos);
        free(g->rows);
    }
    query_end(c->put);
    free(c->items);
    free(c);
}

/* ---- reading ----------------------------------------------------------------------------------
 */

struct vectors *vectors_open(const struct tallies *t, const struct analysis *a)
{
    struct vectors *v = must_alloc(sizeof *v);
    v->tallies = t;
    v->analysis = a;
    v->clusters = tallies_clusters(t, a->level);
    v->sample = v->clusters->sample;
    v->cluster_count = v->clusters->count;
    v->width = a->variable_count;
    v->queries = must_alloc((size_t)t->count * sizeof(struct query *));
    for (int i = 0; i < t->count; i++)
        v->queries[i] =
            store_query(t->stores[i], "SELECT rows FROM vector WHERE analysis = ? AND unit = ?");
    return v;
}

/* Rows as tallied, with the unit's factor on their weights. */
static void append_rows(struct vectors *v, const void *rows, size_t bytes, double factor)
{
    size_t size = (size_t)(v->width + 2) * sizeof *v->rows;
    int more = (int)(bytes / size);
    if (v->count + more > v->room) {
        v->room = 2 * (v->count + more);
        v->rows = must_realloc(v->rows, (size_t)v->room * size);
    }
    if (more)
        memcpy(v->rows + (size_t)v->count * (size_t)(v->width + 2), rows, (size_t)more * size);
    for (int i = 0; i < more; i++)
        v->rows[(size_t)(v->count + i) * (size_t)(v->width + 2)] *= factor;
    v->count += more;
}

/* The rows of a cluster with the weights of the whole sample. */
static void read_rows(struct vectors *v, int cluster)
{
    v->count = 0;
    for (int i = 0; i < v->tallies->count; i++) {
        struct query *q = v->queries[i];
        query_text_at(q, 1, v->analysis->name);
        long id = tally_units_id(v->clusters->units, i, cluster);
        if (id < 0)
            continue;
        query_long_at(q, 2, id);
        while (query_next(q)) {
            size_t bytes;
            const void *rows = col_blob(q, 0, &bytes);
            append_rows(v, rows, bytes, v->clusters->units->items[cluster].factor);
        }
        query_reset(q);
    }
    v->count = vectors_sort(v->rows, v->count, v->width);
}

static void weigh_rows(struct vectors *v, double factor)
{
    for (int i = 0; i < v->count; i++)
        v->rows[(size_t)i * (size_t)(v->width + 2)] *= factor;
}

const double *vectors_rows(struct vectors *v, int cluster, int *count)
{
    if (v->given) {
        *count = v->given_count[cluster];
        return v->given[cluster];
    }
    read_rows(v, cluster);
    if (v->drawn)
        weigh_rows(v, replicates_multiplier(v->drawn, cluster, v->replicate));
    *count = v->count;
    return v->rows;
}

void vectors_close(struct vectors *v)
{
    for (int i = 0; v->queries && i < v->tallies->count; i++)
        query_end(v->queries[i]);
    free(v->queries);
    free(v->rows);
    free(v);
}
