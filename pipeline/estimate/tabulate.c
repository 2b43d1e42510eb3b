/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/tabulate.h"

#include "base/text.h"
#include "estimate/inequality.h"
#include "estimate/memo.h"
#include "estimate/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERSHIPS_MAX = 256 }; /* domains that one record can be in */

/* One distinct expression of a level and its result for the current record. */
struct slot {
    const char *text;
    struct memo memo;
    unsigned long record; /* serial number of the record that the outcome is of */
    struct outcome outcome;
};

/* One indicator of a level; slots are -1 where it has none. */
struct task {
    const struct indicator *indicator;
    int expression, denominator, universe;
    int quantile; /* index among the level's quantiles, -1 */
};

/* A question that makes domains of a level. */
struct membership {
    const struct domain *domain;
    const struct question *question;
    struct map values; /* value -> id in tabulation.groups */
};

/* A domain that crosses others, of which some are questions; those of the frame come later. */
struct crossing {
    const struct domain *domain;
    const struct question *questions[3];
    int count;
    struct map values; /* answers joined by a blank -> id in tabulation.groups */
};

struct plan {
    const struct level *level;
    struct task *tasks;
    struct slot *slots;
    struct membership *memberships;
    struct crossing *crossings;
    int task_count, slot_count, membership_count, crossing_count, quantile_count;
};

/* A value of a domain, or all records, of a level. */
struct group {
    int plan;
    const char *domain, *value;
};

/* The sums of one group in one cluster. */
struct block {
    int group, cluster;
    struct moments *cells; /* by task */
    struct points *points; /* by quantile */
};

/* A PSU, or the county in levels without a sample. */
struct cluster {
    const char *code;
    double weights[3];     /* by stage; 0 is no sample */
    struct block **blocks; /* by group; NULL where there is no record in memory */
    int block_count;
    bool written; /* cells of it are in the output already */
    long *units;  /* records, by level */
};

struct tabulation {
    const struct topic *topic;
    const struct weights *weights;
    struct store *out;
    struct arena arena;
    struct plan *plans;   /* one a level */
    struct group *groups; /* the first ones are the levels' "all" */
    int group_count, group_room;
    struct cluster *clusters;
    int cluster_count, cluster_room;
    struct map by_code;
    const char *county;
    unsigned long serial;
    struct arena memory; /* of the blocks */
    struct block **blocks;
    int block_count, block_room;
    size_t held, most; /* bytes of blocks and points; written out from so many on */
    int last;          /* the cluster of the record before */
    struct query *put, *get;
};

/* ---- plan ---------------------------------------------------------------------------------- */

static int slot_of(struct plan *p, const char *text, struct expr *expr)
{
    if (!expr)
        return -1;
    for (int i = 0; i < p->slot_count; i++)
        if (strcmp(p->slots[i].text, text) == 0)
            return i;
    struct slot *s = &p->slots[p->slot_count];
    *s = (struct slot){.text = text};
    memo_begin(&s->memo, expr, text, p->level->form, p->level->repeat);
    return p->slot_count++;
}

static void plan_tasks(struct tabulation *t, struct plan *p, int level)
{
    size_t most = (size_t)t->topic->indicator_count;
    p->tasks = arena_alloc(&t->arena, most * sizeof *p->tasks);
    p->slots = arena_alloc(&t->arena, 3 * most * sizeof *p->slots);
    for (int i = 0; i < t->topic->indicator_count; i++) {
        const struct indicator *ind = &t->topic->indicators[i];
        if (ind->level != level)
            continue;
        p->tasks[p->task_count++] = (struct task){
            .indicator = ind,
            .expression = slot_of(p, ind->expression_text, ind->expression),
            .denominator = slot_of(p, ind->denominator_text, ind->denominator),
            .universe = slot_of(p, ind->universe_text, ind->universe),
            .quantile = statistic_needs_values(ind->statistic) ? p->quantile_count++ : -1,
        };
    }
}

/* Whether a question of repeat `of` belongs to a record of the level or one enclosing it. */
static bool is_visible(const struct level *l, int of)
{
    for (int r = l->repeat;; r = l->form->repeats[r].parent) {
        if (r == of)
            return true;
        if (r < 0)
            return false;
    }
}

static void plan_memberships(struct tabulation *t, struct plan *p)
{
    p->memberships =
        arena_alloc(&t->arena, (size_t)t->topic->domain_count * sizeof *p->memberships);
    for (int i = 0; i < t->topic->domain_count; i++) {
        const struct domain *d = &t->topic->domains[i];
        const struct question *q =
            strcmp(d->source, "question") == 0 ? form_question(p->level->form, d->column) : NULL;
        if (q && is_visible(p->level, q->repeat))
            p->memberships[p->membership_count++] = (struct membership){.domain = d, .question = q};
    }
}

static void plan_crossings(struct tabulation *t, struct plan *p)
{
    const struct topic *topic = t->topic;
    p->crossings = arena_alloc(&t->arena, (size_t)topic->domain_count * sizeof *p->crossings);
    for (int i = 0; i < topic->domain_count; i++) {
        const struct domain *d = &topic->domains[i];
        struct crossing *c = &p->crossings[p->crossing_count];
        bool visible = d->factor_count > 0;
        *c = (struct crossing){.domain = d};
        for (int f = 0; f < d->factor_count; f++) {
            const struct domain *factor = &topic->domains[d->factors[f]];
            if (strcmp(factor->source, "question") != 0)
                continue;
            const struct question *q = form_question(p->level->form, factor->column);
            visible &= q && is_visible(p->level, q->repeat);
            c->questions[c->count++] = q;
        }
        p->crossing_count += visible && c->count > 0;
    }
}

static int add_group(struct tabulation *t, int plan, const char *domain, const char *value)
{
    GROW(t->groups, t->group_count, t->group_room);
    t->groups[t->group_count] = (struct group){plan, domain, arena_strdup(&t->arena, value)};
    return t->group_count++;
}

struct tabulation *tabulate_begin(const struct topic *topic, const struct weights *w,
                                  const char *county, struct store *out, size_t memory)
{
    struct tabulation *t = must_alloc(sizeof *t);
    t->topic = topic;
    t->weights = w;
    t->out = out;
    t->most = memory;
    t->last = -1;
    t->county = arena_strdup(&t->arena, county);
    t->plans = arena_alloc(&t->arena, (size_t)topic->level_count * sizeof *t->plans);
    for (int l = 0; l < topic->level_count; l++) {
        t->plans[l].level = &topic->levels[l];
        plan_tasks(t, &t->plans[l], l);
        plan_memberships(t, &t->plans[l]);
        plan_crossings(t, &t->plans[l]);
        add_group(t, l, "all", "all");
    }
    t->put = store_query(out, "INSERT OR REPLACE INTO cell VALUES"
                              " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    t->get = store_query(
        out, "SELECT n, hits, w, mean_y, mean_x, s_yy, s_xy, s_xx, sum_y, points,"
             " top1, top2 FROM cell WHERE indicator = ? AND level = ? AND domain = ? AND"
             " psu = ?");
    return t;
}

/* ---- clusters and blocks -----------------------------------------------------------------------
 */

static int add_cluster(struct tabulation *t, const char *code, const struct psu *psu)
{
    GROW(t->clusters, t->cluster_count, t->cluster_room);
    struct cluster *p = &t->clusters[t->cluster_count];
    *p = (struct cluster){.code = arena_strdup(&t->arena, code), .weights = {1}};
    if (psu) {
        p->weights[1] = psu->first_weight;
        p->weights[2] = psu->weight;
    }
    p->units = arena_alloc(&t->arena, (size_t)t->topic->level_count * sizeof *p->units);
    map_put(&t->by_code, code, t->cluster_count);
    return t->cluster_count++;
}

/* Index of the cluster of a record's level, or -1 after a message. */
static int cluster_of(struct tabulation *t, const struct level *l, const char *psu)
{
    const char *code = l->sampled ? psu : t->county;
    long known = map_get(&t->by_code, code, -1);
    if (known >= 0)
        return (int)known;
    const struct psu *p = l->sampled ? weights_psu(t->weights, code) : NULL;
    if (l->sampled && !p)
        return error("%s记录的样本单位“%s”没有权数。请重新运行 make", l->label, code);
    return add_cluster(t, code, p);
}

static struct block *new_block(struct tabulation *t, int cluster, int group)
{
    const struct plan *plan = &t->plans[t->groups[group].plan];
    size_t cells = (size_t)plan->task_count * sizeof(struct moments);
    size_t points = (size_t)plan->quantile_count * sizeof(struct points);
    struct block *b = arena_alloc(&t->memory, sizeof *b);
    *b = (struct block){group, cluster, arena_alloc(&t->memory, cells),
                        arena_alloc(&t->memory, points)};
    GROW(t->blocks, t->block_count, t->block_room);
    t->blocks[t->block_count++] = b;
    t->held += sizeof *b + cells + points;
    return b;
}

static struct block *block_of(struct tabulation *t, int cluster, int group)
{
    struct cluster *c = &t->clusters[cluster];
    if (group >= c->block_count) {
        int count = t->group_count;
        c->blocks = must_realloc(c->blocks, (size_t)count * sizeof *c->blocks);
        memset(c->blocks + c->block_count, 0, (size_t)(count - c->block_count) * sizeof *c->blocks);
        c->block_count = count;
    }
    if (!c->blocks[group])
        c->blocks[group] = new_block(t, cluster, group);
    return c->blocks[group];
}

/* ---- writing cells out -------------------------------------------------------------------- */

static void name_cell(const struct tabulation *t, struct query *q, const struct block *b, int task)
{
    const struct group *g = &t->groups[b->group];
    query_text_at(q, 1, t->plans[g->plan].tasks[task].indicator->name);
    query_text_at(q, 2, g->domain);
    query_text_at(q, 3, g->value);
    query_text_at(q, 4, t->clusters[b->cluster].code);
}

/* What was written of a cell before comes first, as its records did. */
static void add_written(const struct tabulation *t, const struct block *b, int task,
                        struct moments *m, struct points *points)
{
    struct query *q = t->get;
    name_cell(t, q, b, task);
    if (query_next(q)) {
        struct moments before = {.n = col_long(q, 0),
                                 .hits = col_long(q, 1),
                                 .w = col_double(q, 2),
                                 .mean_y = col_double(q, 3),
                                 .mean_x = col_double(q, 4),
                                 .s_yy = col_double(q, 5),
                                 .s_xy = col_double(q, 6),
                                 .s_xx = col_double(q, 7),
                                 .sum_y = {col_double(q, 8), 0},
                                 .top = {col_double(q, 10), col_double(q, 11)}};
        size_t bytes;
        const void *items = col_blob(q, 9, &bytes);
        moments_merge(&before, m);
        *m = before;
        if (points)
            points_append(points, items, (int)(bytes / sizeof *points->items));
    }
    query_reset(q);
}

static void put_cell(struct query *q, const struct moments *m, const struct points *points)
{
    query_long_at(q, 5, m->n);
    query_long_at(q, 6, m->hits);
    query_double_at(q, 7, m->w);
    query_double_at(q, 8, m->mean_y);
    query_double_at(q, 9, m->mean_x);
    query_double_at(q, 10, m->s_yy);
    query_double_at(q, 11, m->s_xy);
    query_double_at(q, 12, m->s_xx);
    query_double_at(q, 13, sum_value(&m->sum_y));
    query_double_at(q, 14, m->top[0]);
    query_double_at(q, 15, m->top[1]);
    if (points)
        query_blob_at(q, 16, points->items, (size_t)points->count * sizeof *points->items);
    else
        query_null_at(q, 16);
    query_run(q);
}

static void write_cell(struct tabulation *t, struct block *b, int task)
{
    int quantile = t->plans[t->groups[b->group].plan].tasks[task].quantile;
    struct points *points = quantile < 0 ? NULL : &b->points[quantile];
    if (b->cells[task].n == 0)
        return;
    if (t->clusters[b->cluster].written)
        add_written(t, b, task, &b->cells[task], points);
    if (points)
        points_sort(points);
    name_cell(t, t->put, b, task);
    put_cell(t->put, &b->cells[task], points);
    if (points)
        points_free(points);
}

/* By group, then by the cluster's code: nearly the order of the table's key. */
static int compare_blocks(const void *left, const void *right, void *context)
{
    const struct tabulation *t = context;
    const struct block *a = *(struct block *const *)left, *b = *(struct block *const *)right;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return strcmp(t->clusters[a->cluster].code, t->clusters[b->cluster].code);
}

static void write_blocks(struct tabulation *t)
{
    if (t->block_count)
        qsort_r(t->blocks, (size_t)t->block_count, sizeof *t->blocks, compare_blocks, t);
    for (int l = 0; l < t->topic->level_count; l++)
        for (int k = 0; k < t->plans[l].task_count; k++)
            for (int i = 0; i < t->block_count; i++)
                if (t->groups[t->blocks[i]->group].plan == l)
                    write_cell(t, t->blocks[i], k);
    for (int i = 0; i < t->block_count; i++) {
        struct cluster *c = &t->clusters[t->blocks[i]->cluster];
        c->written = true;
        free(c->blocks);
        c->blocks = NULL;
        c->block_count = 0;
    }
    t->block_count = 0;
    t->held = 0;
    arena_reset(&t->memory);
}

/* Memory is given back between clusters, so that the sums of records that stand together are
 * made in one go; only a cluster that alone takes several times as much is cut. */
static void limit_memory(struct tabulation *t, int cluster)
{
    if ((t->held >= t->most && cluster != t->last) || t->held >= 4 * t->most)
        write_blocks(t);
    t->last = cluster;
}

/* ---- one record ------------------------------------------------------------------------------ */

static const struct outcome *outcome_of(const struct tabulation *t, struct plan *p, int slot,
                                        const struct record *record)
{
    struct slot *s = &p->slots[slot];
    if (s->record != t->serial) {
        s->record = t->serial;
        s->outcome = memo_eval(&s->memo, record);
    }
    return &s->outcome;
}

/* Value and denominator of an indicator; false when the record is outside its domain. */
static bool evaluate(const struct tabulation *t, struct plan *p, const struct task *task,
                     const struct record *record, double *y, double *x)
{
    if (task->universe >= 0) {
        const struct outcome *u = outcome_of(t, p, task->universe, record);
        if (u->unknown || !u->truth)
            return false;
    }
    const struct outcome *e = outcome_of(t, p, task->expression, record);
    if (e->unknown)
        return false;
    *y = task->indicator->statistic == STAT_SHARE ? e->truth : e->number;
    *x = task->denominator < 0 ? 1 : outcome_of(t, p, task->denominator, record)->number;
    return isfinite(*y) && isfinite(*x);
}

/* Adds one case to a cell; one without a logarithm is only counted. */
static void add_case(const struct task *task, struct moments *m, double w, double y, double x)
{
    enum statistic s = task->indicator->statistic;
    bool theil = s == STAT_THEIL_T || s == STAT_THEIL_L;
    if (inequality_terms(s, task->indicator->power, &y, &x))
        (theil ? inequality_add : moments_add)(m, w, y, x);
    else if (theil)
        inequality_drop(m);
}

static int value_group(struct tabulation *t, int plan, const struct domain *d, struct map *values,
                       const char *value)
{
    long known = map_get(values, value, -1);
    if (known >= 0)
        return (int)known;
    if (values->count >= DOMAIN_VALUES_MAX)
        die(DATA_FAILED, "%s 的不同答案超过%d个，不宜用来分组。请从 domains 表中去掉 %s", d->column,
            DOMAIN_VALUES_MAX, d->name);
    int group = add_group(t, plan, d->name, value);
    map_put(values, value, group);
    return group;
}

/* The text of an answer of the record or one enclosing it; "" when there is none. */
static const char *answer_of(const struct question *q, const struct record *record)
{
    while (record && record->repeat != q->repeat)
        record = record->parent;
    const struct value *v = record ? &record->values[q->index] : NULL;
    return v && v->missing == VALUE_OK ? v->text : "";
}

/* The group of a crossing that the record is in; -1 when an answer is missing. */
static int group_of_crossing(struct tabulation *t, int plan, struct crossing *c,
                             const struct record *record)
{
    struct buf value = {0};
    int group = -1, known = 0;
    for (int i = 0; i < c->count; i++) {
        const char *answer = answer_of(c->questions[i], record);
        known += *answer != '\0';
        buf_printf(&value, i ? " %s" : "%s", answer);
    }
    if (known == c->count)
        group = value_group(t, plan, c->domain, &c->values, value.text);
    buf_free(&value);
    return group;
}

/* The groups that a record's answer puts it in; several for select_multiple. */
static int groups_of_answer(struct tabulation *t, int plan, struct membership *m,
                            const struct record *record, int *groups, int room)
{
    const char *answer = answer_of(m->question, record);
    if (!*answer || room == 0)
        return 0;
    if (m->question->type != Q_SELECT_MULTIPLE) {
        groups[0] = value_group(t, plan, m->domain, &m->values, answer);
        return 1;
    }
    int n = 0;
    struct buf code = {0};
    for (const char *p = answer; *p && n < room;) {
        size_t length = strcspn(p, " ");
        buf_clear(&code);
        buf_put(&code, p, length);
        if (length)
            groups[n++] = value_group(t, plan, m->domain, &m->values, code.text);
        p += length + (p[length] == ' ');
    }
    buf_free(&code);
    return n;
}

static void add_to_blocks(struct tabulation *t, int plan, int cluster, const int *groups,
                          int group_count, const struct record *record)
{
    struct plan *p = &t->plans[plan];
    struct block *blocks[MEMBERSHIPS_MAX];
    for (int g = 0; g < group_count; g++)
        blocks[g] = block_of(t, cluster, groups[g]);
    double w = t->clusters[cluster].weights[p->level->sampled ? p->level->stage : 0], y, x;
    for (int k = 0; k < p->task_count; k++) {
        const struct task *task = &p->tasks[k];
        if (!evaluate(t, p, task, record, &y, &x))
            continue;
        for (int g = 0; g < group_count; g++) {
            add_case(task, &blocks[g]->cells[k], w, y, x);
            if (task->quantile >= 0)
                points_add(&blocks[g]->points[task->quantile], y, w);
        }
        if (task->quantile >= 0)
            t->held += (size_t)group_count * sizeof(struct point);
    }
}

static int level_of(const struct topic *t, const struct record *r)
{
    for (int l = 0; l < t->level_count; l++)
        if (t->levels[l].form == r->form && t->levels[l].repeat == r->repeat)
            return l;
    return -1;
}

static int add_level(struct tabulation *t, int level, const struct record *record, const char *psu)
{
    struct plan *p = &t->plans[level];
    int cluster = cluster_of(t, p->level, psu);
    if (cluster < 0)
        return -1;
    limit_memory(t, cluster);
    int groups[MEMBERSHIPS_MAX] = {level}, n = 1;
    for (int m = 0; m < p->membership_count; m++)
        n +=
            groups_of_answer(t, level, &p->memberships[m], record, groups + n, MEMBERSHIPS_MAX - n);
    for (int c = 0; c < p->crossing_count && n < MEMBERSHIPS_MAX; c++) {
        groups[n] = group_of_crossing(t, level, &p->crossings[c], record);
        n += groups[n] >= 0;
    }
    t->serial++;
    t->clusters[cluster].units[level]++;
    add_to_blocks(t, level, cluster, groups, n, record);
    return 0;
}

int tabulate_record(struct tabulation *t, const struct record *record, const char *psu)
{
    int level = level_of(t->topic, record), rc = 0;
    if (level >= 0)
        rc = add_level(t, level, record, psu);
    for (int i = 0; rc == 0 && i < record->child_count; i++)
        rc = tabulate_record(t, record->children[i], psu);
    return rc;
}

/* ---- the end --------------------------------------------------------------------------------- */

static void write_units(struct tabulation *t, const int *order)
{
    struct query *q = store_query(t->out, "INSERT INTO unit(level, psu, n) VALUES (?, ?, ?)");
    for (int l = 0; l < t->topic->level_count; l++)
        for (int i = 0; i < t->cluster_count; i++) {
            const struct cluster *p = &t->clusters[order[i]];
            if (p->units[l] == 0)
                continue;
            query_text_at(q, 1, t->topic->levels[l].name);
            query_text_at(q, 2, p->code);
            query_long_at(q, 3, p->units[l]);
            query_run(q);
        }
    query_end(q);
}

static int compare_codes(const void *left, const void *right, void *context)
{
    const struct cluster *clusters = context;
    return strcmp(clusters[*(const int *)left].code, clusters[*(const int *)right].code);
}

static void free_plan(struct plan *p)
{
    for (int m = 0; m < p->membership_count; m++)
        map_free(&p->memberships[m].values);
    for (int c = 0; c < p->crossing_count; c++)
        map_free(&p->crossings[c].values);
    for (int s = 0; s < p->slot_count; s++)
        memo_end(&p->slots[s].memo);
}

static void tabulation_free(struct tabulation *t)
{
    for (int i = 0; i < t->cluster_count; i++)
        free(t->clusters[i].blocks);
    for (int l = 0; l < t->topic->level_count; l++)
        free_plan(&t->plans[l]);
    map_free(&t->by_code);
    free(t->groups);
    free(t->clusters);
    arena_free(&t->memory);
    arena_free(&t->arena);
    free(t->blocks);
    free(t);
}

void tabulate_end(struct tabulation *t)
{
    int *order = must_alloc((size_t)t->cluster_count * sizeof *order);
    for (int i = 0; i < t->cluster_count; i++)
        order[i] = i;
    qsort_r(order, (size_t)t->cluster_count, sizeof *order, compare_codes, t->clusters);
    write_blocks(t);
    write_units(t, order);
    query_end(t->put);
    query_end(t->get);
    free(order);
    tabulation_free(t);
}
