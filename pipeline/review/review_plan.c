/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the review of a form needs to know of each question, and the entries under review.
 */
#include "review/review_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void mark(struct form_plan *f, const char *name, enum part part)
{
    const struct question *q = form_question(f->form, name);
    if (q)
        f->questions[q->index].part = part;
}

static void plan_level(struct form_plan *f, const struct frame *frame, const struct level *l)
{
    mark(f, l->county, PART_COUNTY);
    if (frame->count) {
        mark(f, l->psu, PART_UNIT);
        mark(f, l->psu_name, PART_UNIT_NAME);
    }
    for (int i = 0; i < l->key_count; i++) {
        const struct question *q = form_question(f->form, l->key[i]);
        f->questions[q->index].uncompared = q->type == Q_CALCULATE;
    }
}

static int counted_repeat(const struct rules *r, const struct form *form, const char *name)
{
    for (int i = 0; i < r->count_checks; i++)
        if (!strcmp(r->counts[i].question, name))
            return form_repeat(form, r->counts[i].repeat);
    return -1;
}

static void plan_form(struct reviewer *v, struct form_plan *f, const struct form *form)
{
    f->form = form;
    f->questions = must_alloc((size_t)(form->question_count + 1) * sizeof *f->questions);
    for (int i = 0; i < form->question_count; i++) {
        const char *name = form->questions[i].name;
        f->questions[i].is_id = words_have(&v->rules->id_questions, name);
        f->questions[i].is_division = words_have(&v->rules->division_questions, name);
        f->questions[i].credit = rules_credit_start(v->rules, name);
        f->questions[i].unit_kind = rules_unit_kind(v->rules, name);
        f->questions[i].count_of = counted_repeat(v->rules, form, name);
    }
    const struct topic *t = v->ring->topic;
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].form == form)
            plan_level(f, v->ring->frame, &t->levels[i]);
}

struct reviewer *reviewer_new(const struct keyring *ring, const struct rules *rules,
                              struct problems *problems)
{
    struct reviewer *v = must_alloc(sizeof *v);
    const struct topic *t = ring->topic;
    *v = (struct reviewer){.ring = ring, .rules = rules, .problems = problems};
    v->forms = must_alloc((size_t)(t->form_count + 1) * sizeof *v->forms);
    int longest = 1;
    for (int f = 0; f < t->form_count; f++) {
        plan_form(v, &v->forms[f], t->forms[f]);
        for (int i = 0; i < t->forms[f]->list_count; i++)
            if (t->forms[f]->lists[i].count > longest)
                longest = t->forms[f]->lists[i].count;
    }
    v->chosen = must_alloc((size_t)longest * sizeof *v->chosen);
    v->allowed = must_alloc((size_t)longest * sizeof *v->allowed);
    expr_set_today(rules->today);
    return v;
}

void reviewer_free(struct reviewer *v)
{
    for (int f = 0; f < v->ring->topic->form_count; f++)
        free(v->forms[f].questions);
    free(v->forms);
    free(v->chosen);
    free(v->allowed);
    parsed_free(&v->parsed);
    record_key_free(&v->key);
    buf_free(&v->text);
    arena_free(&v->arena);
    free(v);
}

void reviewer_clear(struct reviewer *v)
{
    arena_reset(&v->arena);
}

/* ---- entries --------------------------------------------------------------------------------- */

static void append_child(struct reviewer *v, struct entry *parent, struct entry *child)
{
    int n = parent->record.child_count;
    if (n == parent->children_room) {
        int room = n ? 2 * n : 8;
        struct entry **more = arena_alloc(&v->arena, (size_t)room * sizeof *more);
        if (n)
            memcpy(more, parent->children, (size_t)n * sizeof *more);
        parent->children = more;
        parent->children_room = room;
    }
    int position = 1;
    for (int i = 0; i < n; i++)
        position += parent->children[i]->record.repeat == child->record.repeat;
    child->record.position = position;
    parent->children[n] = child;
    parent->record.child_count = n + 1;
}

struct entry *reviewer_entry(struct reviewer *v, const struct level *level,
                             const struct raw_row *row, int nth, const struct record_key *key,
                             struct entry *parent)
{
    struct entry *e = arena_alloc(&v->arena, sizeof *e);
    size_t n = (size_t)level->form->question_count;
    e->level = level;
    e->row = row;
    e->nth = nth;
    e->unit = key->unit;
    e->unit_by_name = key->by_name;
    e->unit_repairs = key->repairs;
    e->unit_how = key->how;
    e->unit_name_differs = key->name_differs;
    e->day = key->day;
    e->key = parent ? parent->key : arena_strdup(&v->arena, key->text.text);
    e->record = (struct record){.form = level->form, .repeat = level->repeat, .position = 1};
    e->record.values = arena_alloc(&v->arena, (n + 1) * sizeof *e->record.values);
    for (size_t i = 0; i < n; i++)
        e->record.values[i] = (struct value){OPTIONAL, "", NAN};
    if (parent) {
        e->record.parent = &parent->record;
        append_child(v, parent, e);
    }
    return e;
}
