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
    enum sums_kind kind;
    int offset; /* of its cell in a block's numbers */
    int expression, denominator, universe;
    int values; /* index among the level's statistics that need values, -1 */
};

/* A case of a task: value, denominator, and what becomes of it. */
struct found {
    enum { CASE_NONE, CASE_VALUE, CASE_DROPPED } what;
    double y, x, value; /* value: as answered, of statistics that need values */
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
    struct found *found; /* by task, of the current record */
    struct slot *slots;
    struct membership *memberships;
    struct crossing *crossings;
    int task_count, slot_count, membership_count, crossing_count, value_count;
    int size; /* numbers in a block: the cells of all tasks */
};

/* A value of a domain, or all records, of a level. */
struct group {
    int plan;
    const char *domain, *value;
};

/* The sums of one group in one unit. */
struct block {
    int group, unit;
    double *cells;         /* of the tasks, one after another */
    struct points *points; /* by statistic that needs values */
};

/* The blocks of a unit by group; NULL where there is no record in memory. */
struct shelf {
    struct block **blocks;
    int count;
};

struct tabulation {
    const struct topic *topic;
    struct placing *placing;
    struct store *out;
    struct arena arena;
    struct plan *plans;   /* one a level */
    struct group *groups; /* the first ones are the levels' "all" */
    int group_count, group_room;
    struct shelf *shelves; /* by unit */
    int shelf_count;
    unsigned long serial;
    struct arena memory; /* of the blocks */
    struct block **blocks;
    int block_count, block_room;
    size_t held, most; /* bytes of blocks and points; written out from so many on */
    int part;          /* of the next writing */
    struct query *put;
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

enum sums_kind indicator_sums(const struct indicator *ind)
{
    switch (ind->statistic) {
    case STAT_SHARE:
        return SUMS_SHARE;
    case STAT_RATIO:
    case STAT_THEIL_T:
    case STAT_THEIL_L:
        return SUMS_RATIO;
    default:
        return SUMS_VALUE;
    }
}

static void plan_tasks(struct tabulation *t, struct plan *p, int level)
{
    size_t most = (size_t)t->topic->indicator_count;
    p->tasks = arena_alloc(&t->arena, most * sizeof *p->tasks);
    p->found = arena_alloc(&t->arena, most * sizeof *p->found);
    p->slots = arena_alloc(&t->arena, 3 * most * sizeof *p->slots);
    for (int i = 0; i < t->topic->indicator_count; i++) {
        const struct indicator *ind = &t->topic->indicators[i];
        if (ind->level != level)
            continue;
        p->tasks[p->task_count++] = (struct task){
            .indicator = ind,
            .kind = indicator_sums(ind),
            .offset = p->size,
            .expression = slot_of(p, ind->expression_text, ind->expression),
            .denominator = slot_of(p, ind->denominator_text, ind->denominator),
            .universe = slot_of(p, ind->universe_text, ind->universe),
            .values = statistic_needs_values(ind->statistic) ? p->value_count++ : -1,
        };
        p->size += sums_size(indicator_sums(ind));
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

struct tabulation *tabulate_begin(struct placing *placing, const struct topic *topic,
                                  struct store *out, size_t memory)
{
    struct tabulation *t = must_alloc(sizeof *t);
    t->topic = topic;
    t->placing = placing;
    t->out = out;
    t->most = memory;
    t->plans = arena_alloc(&t->arena, (size_t)topic->level_count * sizeof *t->plans);
    for (int l = 0; l < topic->level_count; l++) {
        t->plans[l].level = &topic->levels[l];
        plan_tasks(t, &t->plans[l], l);
        plan_memberships(t, &t->plans[l]);
        plan_crossings(t, &t->plans[l]);
        add_group(t, l, "all", "all");
    }
    t->put = store_query(out, "INSERT INTO cell VALUES (?,?,?,?,?,?,?,?)");
    return t;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static struct block *new_block(struct tabulation *t, int unit, int group)
{
    const struct plan *plan = &t->plans[t->groups[group].plan];
    size_t cells = (size_t)plan->size * sizeof(double);
    size_t points = (size_t)plan->value_count * sizeof(struct points);
    struct block *b = arena_alloc(&t->memory, sizeof *b);
    *b = (struct block){group, unit, arena_alloc(&t->memory, cells),
                        arena_alloc(&t->memory, points)};
    GROW(t->blocks, t->block_count, t->block_room);
    t->blocks[t->block_count++] = b;
    t->held += sizeof *b + cells + points;
    return b;
}

static struct shelf *shelf_of(struct tabulation *t, int unit)
{
    if (unit >= t->shelf_count) {
        int count = unit < 64 ? 64 : 2 * unit;
        t->shelves = must_realloc(t->shelves, (size_t)count * sizeof *t->shelves);
        memset(t->shelves + t->shelf_count, 0,
               (size_t)(count - t->shelf_count) * sizeof *t->shelves);
        t->shelf_count = count;
    }
    return &t->shelves[unit];
}

static struct block *block_of(struct tabulation *t, int unit, int group)
{
    struct shelf *s = shelf_of(t, unit);
    if (group >= s->count) {
        int count = t->group_count;
        s->blocks = must_realloc(s->blocks, (size_t)count * sizeof *s->blocks);
        memset(s->blocks + s->count, 0, (size_t)(count - s->count) * sizeof *s->blocks);
        s->count = count;
        t->held += (size_t)count * sizeof *s->blocks;
    }
    if (!s->blocks[group])
        s->blocks[group] = new_block(t, unit, group);
    return s->blocks[group];
}

/* ---- writing cells out ----------------------------------------------------------------------- */

/* One indicator and group of the blocks in hand, as arrays. */
struct column {
    int *units;
    double *sums;
    int *counts; /* of points, by unit */
    struct points points;
    int count;
};

static void gather(struct column *c, const struct task *task, const struct block *b)
{
    const double *cell = b->cells + task->offset;
    size_t size = (size_t)sums_size(task->kind);
    if (cell[SUMS_N] == 0)
        return;
    c->units[c->count] = b->unit;
    memcpy(c->sums + (size_t)c->count * size, cell, size * sizeof *cell);
    if (task->values >= 0) {
        struct points *p = &b->points[task->values];
        points_sort(p);
        points_append(&c->points, p->items, p->count);
        c->counts[c->count] = p->count;
        points_free(p);
    }
    c->count++;
}

static void put_column(struct tabulation *t, const struct group *g, const struct task *task,
                       struct column *c)
{
    struct query *q = t->put;
    size_t n = (size_t)c->count;
    query_text_at(q, 1, task->indicator->name);
    query_text_at(q, 2, g->domain);
    query_text_at(q, 3, g->value);
    query_long_at(q, 4, t->part);
    query_blob_at(q, 5, c->units, n * sizeof *c->units);
    query_blob_at(q, 6, c->sums, n * (size_t)sums_size(task->kind) * sizeof *c->sums);
    if (task->values >= 0) {
        query_blob_at(q, 7, c->counts, n * sizeof *c->counts);
        query_blob_at(q, 8, c->points.items, (size_t)c->points.count * sizeof *c->points.items);
    } else {
        query_null_at(q, 7);
        query_null_at(q, 8);
    }
    if (n)
        query_run(q);
    points_free(&c->points);
    c->count = 0;
}

/* By group, then by unit. */
static int compare_blocks(const void *left, const void *right)
{
    const struct block *a = *(struct block *const *)left, *b = *(struct block *const *)right;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

/* The blocks from..to are those of one group. */
static void write_group(struct tabulation *t, struct column *c, int from, int to)
{
    const struct group *g = &t->groups[t->blocks[from]->group];
    const struct plan *p = &t->plans[g->plan];
    for (int k = 0; k < p->task_count; k++) {
        for (int i = from; i < to; i++)
            gather(c, &p->tasks[k], t->blocks[i]);
        put_column(t, g, &p->tasks[k], c);
    }
}

static void forget_blocks(struct tabulation *t)
{
    for (int i = 0; i < t->block_count; i++) {
        struct shelf *s = &t->shelves[t->blocks[i]->unit];
        free(s->blocks);
        *s = (struct shelf){0};
    }
    t->block_count = 0;
    t->held = 0;
    arena_reset(&t->memory);
}

static void write_blocks(struct tabulation *t)
{
    size_t n = (size_t)t->block_count;
    struct column c = {.units = must_alloc(n * sizeof(int)),
                       .sums = must_alloc(n * SUMS_MOST * sizeof(double)),
                       .counts = must_alloc(n * sizeof(int))};
    if (n)
        qsort(t->blocks, n, sizeof *t->blocks, compare_blocks);
    for (int from = 0, to = 0; from < t->block_count; from = to) {
        for (to = from; to < t->block_count && t->blocks[to]->group == t->blocks[from]->group;)
            to++;
        write_group(t, &c, from, to);
    }
    free(c.units);
    free(c.sums);
    free(c.counts);
    t->part++;
    forget_blocks(t);
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

/* What a record gives to an indicator; nothing when it is outside its domain. */
static struct found find_case(const struct tabulation *t, struct plan *p, const struct task *task,
                              const struct record *record)
{
    const struct indicator *ind = task->indicator;
    struct found f = {.what = CASE_NONE, .x = 1};
    if (task->universe >= 0) {
        const struct outcome *u = outcome_of(t, p, task->universe, record);
        if (u->unknown || !u->truth)
            return f;
    }
    const struct outcome *e = outcome_of(t, p, task->expression, record);
    if (e->unknown || (ind->statistic == STAT_SHARE && e->blank))
        return f;
    f.y = f.value = ind->statistic == STAT_SHARE ? e->truth : e->number;
    if (task->denominator >= 0)
        f.x = outcome_of(t, p, task->denominator, record)->number;
    if (!isfinite(f.y) || !isfinite(f.x))
        return f;
    if (inequality_terms(ind->statistic, ind->power, &f.y, &f.x))
        f.what = CASE_VALUE;
    else if (indicator_sums(ind) == SUMS_RATIO)
        f.what = CASE_DROPPED;
    return f;
}

/* Theil's measures count in the place of hits the cases that they drop. */
static void add_case(const struct task *task, const struct found *f, double *cell, double w)
{
    enum statistic s = task->indicator->statistic;
    double hits = cell[SUMS_HITS];
    if (f->what == CASE_VALUE)
        sums_add(task->kind, cell, w, f->y, f->x);
    else
        cell[SUMS_N]++;
    if (s == STAT_THEIL_T || s == STAT_THEIL_L)
        cell[SUMS_HITS] = hits + (f->what == CASE_DROPPED);
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

static void add_to_block(struct tabulation *t, const struct plan *p, struct block *b, double w)
{
    for (int k = 0; k < p->task_count; k++) {
        const struct task *task = &p->tasks[k];
        const struct found *f = &p->found[k];
        if (f->what == CASE_NONE)
            continue;
        add_case(task, f, b->cells + task->offset, w);
        if (task->values >= 0 && w != 0) {
            points_add(&b->points[task->values], f->value, w);
            t->held += sizeof(struct point);
        }
    }
}

static int level_of(const struct topic *t, const struct record *r)
{
    for (int l = 0; l < t->level_count; l++)
        if (t->levels[l].form == r->form && t->levels[l].repeat == r->repeat)
            return l;
    return -1;
}

static void add_level(struct tabulation *t, int level, const struct record *record,
                      const struct placed *at)
{
    struct plan *p = &t->plans[level];
    int groups[MEMBERSHIPS_MAX] = {level}, n = 1;
    for (int m = 0; m < p->membership_count; m++)
        n +=
            groups_of_answer(t, level, &p->memberships[m], record, groups + n, MEMBERSHIPS_MAX - n);
    for (int c = 0; c < p->crossing_count && n < MEMBERSHIPS_MAX; c++) {
        groups[n] = group_of_crossing(t, level, &p->crossings[c], record);
        n += groups[n] >= 0;
    }
    double w = placing_weight(t->placing, at, p->level->sampled ? p->level->stage : 0);
    t->serial++;
    for (int k = 0; k < p->task_count; k++)
        p->found[k] = find_case(t, p, &p->tasks[k], record);
    for (int g = 0; g < n; g++)
        add_to_block(t, p, block_of(t, at->unit, groups[g]), w);
}

static void add_record(struct tabulation *t, const struct record *record, const struct placed *at)
{
    int level = level_of(t->topic, record);
    if (level >= 0)
        add_level(t, level, record, at);
    for (int i = 0; i < record->child_count; i++)
        add_record(t, record->children[i], at);
}

void tabulate_record(struct tabulation *t, const struct record *record, const struct placed *at)
{
    if (t->held >= t->most)
        write_blocks(t);
    if (at->respondent)
        add_record(t, record, at);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void free_plan(struct plan *p)
{
    for (int m = 0; m < p->membership_count; m++)
        map_free(&p->memberships[m].values);
    for (int c = 0; c < p->crossing_count; c++)
        map_free(&p->crossings[c].values);
    for (int s = 0; s < p->slot_count; s++)
        memo_end(&p->slots[s].memo);
}

void tabulate_end(struct tabulation *t)
{
    write_blocks(t);
    query_end(t->put);
    for (int l = 0; l < t->topic->level_count; l++)
        free_plan(&t->plans[l]);
    free(t->groups);
    free(t->shelves);
    arena_free(&t->memory);
    arena_free(&t->arena);
    free(t->blocks);
    free(t);
}
