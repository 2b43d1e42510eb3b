/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/tabulate.h"

#include "base/text.h"
#include "estimate/memo.h"

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
    double *y, *x; /* by record of the part in hand; x NULL: no denominator */
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

/* Records of a level that were not written yet, as table part has them. */
struct part {
    double *weights;
    int *firsts, *cells, *units, *groups;
    int count, place_count, cell_count; /* records; length of `cells`; cells */
    int room, first_room, place_room, unit_room, group_room;
};

/* The cells of a unit, by group; -1: none in hand. */
struct shelf {
    int *cells;
    int count;
};

struct plan {
    const struct level *level;
    struct task *tasks;
    struct slot *slots;
    struct membership *memberships;
    struct crossing *crossings;
    int task_count, slot_count, membership_count, crossing_count;
    struct part part; /* in hand */
};

/* A value of a domain, or all records, of a level. */
struct group {
    const char *domain, *value;
};

struct tabulation {
    const struct topic *topic;
    struct placing *placing;
    struct store *out;
    struct arena arena;
    struct plan *plans;   /* one a level */
    struct group *groups; /* the first ones are the levels' "all" */
    int group_count, group_room;
    struct shelf *shelves; /* by unit, for all levels: no two share a group */
    int shelf_count;
    unsigned long serial;
    size_t held, most; /* bytes in hand; written out from so many on */
    int number;        /* of the next parts */
    struct query *put_part, *put_figure;
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

static int add_group(struct tabulation *t, const char *domain, const char *value)
{
    GROW(t->groups, t->group_count, t->group_room);
    t->groups[t->group_count] = (struct group){domain, arena_strdup(&t->arena, value)};
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
        add_group(t, "all", "all");
    }
    t->put_part = store_query(out, "INSERT INTO part VALUES (?,?,?,?,?,?,?)");
    t->put_figure = store_query(out, "INSERT INTO figure VALUES (?,?,?,?)");
    return t;
}

/* ---- parts ----------------------------------------------------------------------------------- */

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

/* The cell of a group in a unit, an index in the part's. */
static int cell_of(struct tabulation *t, struct part *p, int unit, int group)
{
    struct shelf *s = shelf_of(t, unit);
    if (group >= s->count) {
        s->cells = must_realloc(s->cells, (size_t)t->group_count * sizeof *s->cells);
        for (; s->count < t->group_count; s->count++)
            s->cells[s->count] = -1;
        t->held += (size_t)t->group_count * sizeof *s->cells;
    }
    if (s->cells[group] < 0) {
        GROW(p->units, p->cell_count, p->unit_room);
        GROW(p->groups, p->cell_count, p->group_room);
        p->units[p->cell_count] = unit;
        p->groups[p->cell_count] = group;
        s->cells[group] = p->cell_count++;
        t->held += 2 * sizeof(int);
    }
    return s->cells[group];
}

/* A record of the plan's level begins; its values follow in the tasks, its cells by add_place(). */
static int add_to_part(struct tabulation *t, struct plan *plan, double w)
{
    struct part *p = &plan->part;
    if (p->count == p->room) {
        size_t room = (size_t)(p->room = p->room ? 2 * p->room : 64);
        p->weights = must_realloc(p->weights, room * sizeof *p->weights);
        p->firsts = must_realloc(p->firsts, (room + 1) * sizeof *p->firsts);
        for (int k = 0; k < plan->task_count; k++) {
            struct task *task = &plan->tasks[k];
            task->y = must_realloc(task->y, room * sizeof *task->y);
            if (task->denominator >= 0)
                task->x = must_realloc(task->x, room * sizeof *task->x);
        }
    }
    p->weights[p->count] = w;
    p->firsts[p->count] = p->place_count;
    t->held += sizeof(double) * (size_t)(plan->task_count + 1) + sizeof(int);
    return p->count++;
}

static void add_place(struct tabulation *t, struct part *p, int unit, int group)
{
    GROW(p->cells, p->place_count, p->place_room);
    p->cells[p->place_count++] = cell_of(t, p, unit, group);
    t->held += sizeof(int);
}

static void write_figure(const struct tabulation *t, const struct task *task, int count)
{
    struct query *q = t->put_figure;
    bool any = false;
    for (int i = 0; i < count && !any; i++)
        any = !isnan(task->y[i]);
    if (!any)
        return;
    query_text_at(q, 1, task->indicator->name);
    query_long_at(q, 2, t->number);
    query_blob_at(q, 3, task->y, (size_t)count * sizeof *task->y);
    if (task->x)
        query_blob_at(q, 4, task->x, (size_t)count * sizeof *task->x);
    else
        query_null_at(q, 4);
    query_run(q);
}

static void write_part(const struct tabulation *t, struct plan *plan)
{
    struct query *q = t->put_part;
    struct part *p = &plan->part;
    if (p->count == 0)
        return;
    p->firsts[p->count] = p->place_count;
    query_text_at(q, 1, plan->level->name);
    query_long_at(q, 2, t->number);
    query_blob_at(q, 3, p->weights, (size_t)p->count * sizeof *p->weights);
    query_blob_at(q, 4, p->firsts, (size_t)(p->count + 1) * sizeof *p->firsts);
    query_blob_at(q, 5, p->cells, (size_t)p->place_count * sizeof *p->cells);
    query_blob_at(q, 6, p->units, (size_t)p->cell_count * sizeof *p->units);
    query_blob_at(q, 7, p->groups, (size_t)p->cell_count * sizeof *p->groups);
    query_run(q);
    for (int k = 0; k < plan->task_count; k++)
        write_figure(t, &plan->tasks[k], p->count);
}

/* Writes what is in hand and forgets it. */
static void write_parts(struct tabulation *t)
{
    for (int l = 0; l < t->topic->level_count; l++) {
        struct part *p = &t->plans[l].part;
        write_part(t, &t->plans[l]);
        for (int c = 0; c < p->cell_count; c++) {
            struct shelf *s = &t->shelves[p->units[c]];
            free(s->cells);
            *s = (struct shelf){0};
        }
        p->count = p->place_count = p->cell_count = 0;
    }
    t->number++;
    t->held = 0;
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

/* What a record gives to an indicator: y, NaN when it is outside its domain, and x. */
static double find_case(const struct tabulation *t, struct plan *p, const struct task *task,
                        const struct record *record, double *x)
{
    *x = 1;
    if (task->universe >= 0) {
        const struct outcome *u = outcome_of(t, p, task->universe, record);
        if (u->unknown || !u->truth)
            return NAN;
    }
    const struct outcome *e = outcome_of(t, p, task->expression, record);
    bool share = task->indicator->statistic == STAT_SHARE;
    if (e->unknown || (share && e->blank))
        return NAN;
    double y = share ? e->truth : e->number;
    if (task->denominator >= 0)
        *x = outcome_of(t, p, task->denominator, record)->number;
    return isfinite(y) && isfinite(*x) ? y : NAN;
}

static int value_group(struct tabulation *t, const struct domain *d, struct map *values,
                       const char *value)
{
    long known = map_get(values, value, -1);
    if (known >= 0)
        return (int)known;
    if (values->count >= DOMAIN_VALUES_MAX)
        die(DATA_FAILED, "%s 的不同答案超过%d个，不宜用来分组。请从 domains 表中去掉 %s", d->column,
            DOMAIN_VALUES_MAX, d->name);
    int group = add_group(t, d->name, value);
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
static int group_of_crossing(struct tabulation *t, struct crossing *c, const struct record *record)
{
    struct buf value = {0};
    int group = -1, known = 0;
    for (int i = 0; i < c->count; i++) {
        const char *answer = answer_of(c->questions[i], record);
        known += *answer != '\0';
        buf_printf(&value, i ? " %s" : "%s", answer);
    }
    if (known == c->count)
        group = value_group(t, c->domain, &c->values, value.text);
    buf_free(&value);
    return group;
}

/* The groups that a record's answer puts it in; several for select_multiple. */
static int groups_of_answer(struct tabulation *t, struct membership *m, const struct record *record,
                            int *groups, int room)
{
    const char *answer = answer_of(m->question, record);
    if (!*answer || room == 0)
        return 0;
    if (m->question->type != Q_SELECT_MULTIPLE) {
        groups[0] = value_group(t, m->domain, &m->values, answer);
        return 1;
    }
    int n = 0;
    struct buf code = {0};
    for (const char *p = answer; *p && n < room;) {
        size_t length = strcspn(p, " ");
        buf_clear(&code);
        buf_put(&code, p, length);
        if (length)
            groups[n++] = value_group(t, m->domain, &m->values, code.text);
        p += length + (p[length] == ' ');
    }
    buf_free(&code);
    return n;
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
        n += groups_of_answer(t, &p->memberships[m], record, groups + n, MEMBERSHIPS_MAX - n);
    for (int c = 0; c < p->crossing_count && n < MEMBERSHIPS_MAX; c++) {
        groups[n] = group_of_crossing(t, &p->crossings[c], record);
        n += groups[n] >= 0;
    }
    int stage = p->level->sampled ? p->level->stage : 0;
    int i = add_to_part(t, p, placing_weight(t->placing, at, stage));
    t->serial++;
    for (int k = 0; k < p->task_count; k++) {
        struct task *task = &p->tasks[k];
        double x;
        task->y[i] = find_case(t, p, task, record, &x);
        if (task->x)
            task->x[i] = x;
    }
    for (int g = 0; g < n; g++)
        add_place(t, &p->part, at->unit, groups[g]);
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
        write_parts(t);
    if (at->respondent)
        add_record(t, record, at);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void write_groups(const struct tabulation *t)
{
    struct query *q = store_query(t->out, "INSERT INTO records_of VALUES (?,?,?)");
    for (int g = 0; g < t->group_count; g++) {
        query_long_at(q, 1, g);
        query_text_at(q, 2, t->groups[g].domain);
        query_text_at(q, 3, t->groups[g].value);
        query_run(q);
    }
    query_end(q);
}

static void free_plan(struct plan *p)
{
    for (int m = 0; m < p->membership_count; m++)
        map_free(&p->memberships[m].values);
    for (int c = 0; c < p->crossing_count; c++)
        map_free(&p->crossings[c].values);
    for (int s = 0; s < p->slot_count; s++)
        memo_end(&p->slots[s].memo);
    for (int k = 0; k < p->task_count; k++) {
        free(p->tasks[k].y);
        free(p->tasks[k].x);
    }
    free(p->part.weights);
    free(p->part.firsts);
    free(p->part.cells);
    free(p->part.units);
    free(p->part.groups);
}

void tabulate_end(struct tabulation *t)
{
    write_parts(t);
    write_groups(t);
    query_end(t->put_part);
    query_end(t->put_figure);
    for (int l = 0; l < t->topic->level_count; l++)
        free_plan(&t->plans[l]);
    free(t->groups);
    free(t->shelves);
    arena_free(&t->arena);
    free(t);
}
