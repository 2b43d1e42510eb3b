/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/review.h"

#include "base/arena.h"
#include "survey/checkdigit.h"
#include "survey/records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whole numbers beyond this are not held exactly. */
static const double NUMBER_MAX = 1e15;

/* What a question is besides its type. */
enum part {
    PART_PLAIN,
    PART_UNIT,      /* the unit's code: settled by the key */
    PART_UNIT_NAME, /* its name: taken from the frame */
    PART_COUNTY,    /* the unit's county decides */
};
struct plan {
    enum part part;
    bool is_id, is_division;
    const char *credit; /* how its credit code begins; NULL: it has none */
    bool uncompared;    /* a calculated position */
    int count_of;       /* repeat whose number of records it must equal, -1 */
};
struct form_plan {
    const struct form *form;
    struct plan *questions;
};

struct reviewer {
    const struct keyring *ring;
    const struct rules *rules;
    struct problems *problems;
    struct form_plan *forms;
    struct arena arena; /* entries and texts, until reviewer_clear() */
    struct parsed parsed;
    struct record_key key;
    struct buf text;
    bool *chosen, *allowed; /* one flag a choice of the longest list */
};

/* The question at hand. */
struct item {
    struct entry *e;
    const struct question *q;
    const struct plan *plan;
    struct value *value;
    const struct raw_column *column;
    struct cell cell;
    const char *confirmed; /* the doubt that the county has answered with 情况属实, or NULL */
};

/* ---- preparation ----------------------------------------------------------------------------- */

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

/* ---- results of one question ----------------------------------------------------------------- */

static void set_missing(struct item *it, enum missing why)
{
    *it->value = (struct value){why, "", NAN};
}

static void report(struct reviewer *v, const struct item *it, const char *kind, const char *class,
                   const char *corrected)
{
    problem_cell(v->problems, it->e->row, it->q, it->e->nth, kind, class, &it->cell, corrected,
                 it->e->key);
}

static void return_item(struct reviewer *v, struct item *it, const char *kind, enum missing why)
{
    set_missing(it, why);
    report(v, it, kind, "returned", "");
}

static void repaired(struct reviewer *v, const struct item *it, const char *kind,
                     const char *corrected)
{
    report(v, it, kind, "repaired", corrected);
}

static void list_repairs(struct reviewer *v, const struct item *it, unsigned repairs,
                         const char *corrected)
{
    for (int i = 0; i < REPAIR_KINDS; i++)
        if (repairs & 1u << i)
            repaired(v, it, repair_kind(i), corrected);
}

/* A missing code: asked, and no answer. */
static void no_answer(struct reviewer *v, struct item *it)
{
    set_missing(it, NO_ANSWER);
    list_repairs(v, it, v->parsed.repairs & REPAIR_CONTROL_CHAR, "");
    repaired(v, it, "missing_code", "");
}

static void accept(struct reviewer *v, struct item *it)
{
    const char *text = arena_strdup(&v->arena, v->parsed.text.text);
    *it->value = (struct value){VALUE_OK, text, v->parsed.number};
    list_repairs(v, it, v->parsed.repairs, text);
    if (v->parsed.none_zero)
        repaired(v, it, "none_zero", text);
    if (it->plan->is_division &&
        division_check(v->rules->divisions, text, v->rules->month) == DIVISION_UNKNOWN)
        report(v, it, "code_unknown", "notice", "");
    if (!it->q->personal && value_is_personal(it->e->record.form, it->q, it->value))
        report(v, it, "personal_value", "notice", "");
}

/* ---- the steps ------------------------------------------------------------------------------- */

enum answer { NO, YES, UNKNOWN };

static enum answer judge(struct expr *e, const struct item *it, const struct value *self)
{
    struct result r = expr_eval(e, &it->e->record, self);
    if (r.unknown || r.failed)
        return UNKNOWN;
    return result_true(&r) ? YES : NO;
}

/* The value as read, for `.` in the constraint. */
static enum answer allowed_by_constraint(struct reviewer *v, const struct item *it)
{
    struct value self = {VALUE_OK, v->parsed.text.text, v->parsed.number};
    return it->q->constraint ? judge(it->q->constraint, it, &self) : YES;
}

/* Whether the 0/1 columns of a multiple choice hold anything, and what they choose. */
static bool read_flags(struct reviewer *v, const struct item *it)
{
    const struct block *b = it->e->row->block;
    bool any = false;
    memset(v->chosen, 0, (size_t)it->q->list->count * sizeof *v->chosen);
    for (int i = 0; i < b->column_count; i++) {
        const struct raw_column *c = &b->columns[i];
        if (c->role != ROLE_CHOICE || c->question != it->q || c->nth != it->e->nth || c->choice < 0)
            continue;
        struct cell cell = raw_row_cell(it->e->row, c);
        clean_text(&cell, &v->text);
        static const char *const no[] = {"0", "FALSE", "False", "false", "否", "0.0"};
        bool set = v->text.len > 0;
        any |= set;
        for (size_t k = 0; k < sizeof no / sizeof *no; k++)
            set = set && strcmp(v->text.text, no[k]) != 0;
        v->chosen[c->choice] = set;
    }
    return any;
}

/* Codes of the flags, in the order of the list, into v->text. */
static void flags_text(struct reviewer *v, const struct question *q)
{
    buf_clear(&v->text);
    buf_put(&v->text, "", 0);
    for (int i = 0; i < q->list->count; i++)
        if (v->chosen[i]) {
            buf_puts(&v->text, v->text.len ? " " : "");
            buf_puts(&v->text, q->list->choices[i].name);
        }
}

/* Reads the cell into v->parsed.  For a multiple choice with 0/1 columns, *conflict tells that
 * they and the cell differ; without a cell of its own they are the answer. */
static void read_item(struct reviewer *v, struct item *it, bool *conflict)
{
    parse_cell(v->ring->parser, it->q, &it->cell, it->column ? it->column->factor : 1, NULL,
               &v->parsed);
    *conflict = false;
    if (it->q->type != Q_SELECT_MULTIPLE || !it->e->row->block->has_choices || !read_flags(v, it))
        return;
    flags_text(v, it->q);
    if (it->column) {
        bool readable = v->parsed.state == PARSED_BLANK || v->parsed.state == PARSED_VALUE;
        *conflict = readable && strcmp(buf_text(&v->parsed.text), v->text.text) != 0;
        if (*conflict)
            v->parsed.state = PARSED_VALUE;
    } else if (v->text.len) {
        v->parsed.state = PARSED_VALUE;
        buf_clear(&v->parsed.text);
        buf_puts(&v->parsed.text, v->text.text);
    }
}

static enum answer is_offered(const struct item *it, int choice)
{
    struct result r = expr_eval_choice(it->q->choice_filter, &it->e->record, it->q->list,
                                       &it->q->list->choices[choice]);
    if (r.unknown || r.failed)
        return UNKNOWN;
    return result_true(&r) ? YES : NO;
}

/* Reads the cell again among the choices that the choice_filter leaves, unless what was read is
 * one of them or the filter refers to an unknown value. */
static void apply_filter(struct reviewer *v, struct item *it)
{
    if (!it->q->choice_filter || !it->q->list || !it->column || v->parsed.state == PARSED_BLANK ||
        v->parsed.state == PARSED_MISSING)
        return;
    const struct choice_list *list = it->q->list;
    for (int i = 0; i < list->count; i++)
        if (v->parsed.state == PARSED_VALUE &&
            !strcmp(v->parsed.text.text, list->choices[i].name) && is_offered(it, i) != NO)
            return;
    for (int i = 0; i < list->count; i++) {
        enum answer offered = is_offered(it, i);
        if (offered == UNKNOWN)
            return;
        v->allowed[i] = offered == YES;
    }
    parse_cell(v->ring->parser, it->q, &it->cell, 1, v->allowed, &v->parsed);
}

/* 元 that look like 万元, and the other way round. */
static bool is_suspect(const struct reviewer *v, const struct item *it)
{
    double n = v->parsed.number;
    if (!strcmp(it->q->unit, "元"))
        return n > 0 && n < v->rules->suspect_yuan_below;
    if (!strcmp(it->q->unit, "万元"))
        return v->rules->suspect_wanyuan_from > 0 && n >= v->rules->suspect_wanyuan_from;
    return false;
}

/* What is wrong with a code beyond what the questionnaire's constraint tells; NULL: nothing. */
static const char *code_objection(const struct reviewer *v, const struct item *it)
{
    const char *code = v->parsed.text.text;
    const char *start = it->plan->credit;
    if (it->plan->is_id && !it->q->constraint && !resident_id_valid(code))
        return "id_bad";
    if (start && (!credit_code_valid(code) || strncmp(code, start, strlen(start)) != 0))
        return "code_bad";
    if (it->plan->is_division &&
        division_check(v->rules->divisions, code, v->rules->month) == DIVISION_WRONG)
        return "code_bad";
    return NULL;
}

static int count_children(const struct entry *e, int repeat)
{
    int n = 0;
    for (int i = 0; i < e->record.child_count; i++)
        n += e->children[i]->record.repeat == repeat;
    return n;
}

/* Whether the county has confirmed the value, where it may. */
static bool is_confirmed(struct item *it, const char *kind)
{
    const struct raw_row *row = it->e->row;
    if (!kind_confirmable(kind, it->q) || !answers_confirm(row->answers, row, it->column))
        return false;
    it->confirmed = kind;
    return true;
}

/* The reason to return a value that could be read; NULL when there is none, "" when its text is
 * a missing code after all. */
static const char *objection(struct reviewer *v, struct item *it)
{
    bool number = it->q->type == Q_INTEGER || it->q->type == Q_DECIMAL;
    if (number && is_suspect(v, it) && !is_confirmed(it, "unit_suspect"))
        return "unit_suspect";
    if (it->q->type == Q_INTEGER && v->parsed.number != floor(v->parsed.number))
        return "bad_value";
    if (allowed_by_constraint(v, it) == NO && !is_confirmed(it, "constraint")) {
        if (v->parsed.maybe_missing)
            return "";
        return v->parsed.none_zero ? "bad_value" : it->plan->is_id ? "id_bad" : "constraint";
    }
    const char *code = code_objection(v, it);
    if (code)
        return code;
    if (it->plan->count_of >= 0 && v->parsed.number != count_children(it->e, it->plan->count_of))
        return "count_mismatch";
    return number && fabs(v->parsed.number) >= NUMBER_MAX ? "bad_value" : NULL;
}

/* An answer that was not asked for; missing codes are none. */
static void review_skipped(struct reviewer *v, struct item *it)
{
    bool filled = v->parsed.state == PARSED_VALUE || v->parsed.state == PARSED_BAD;
    if (v->parsed.missing_words)
        filled = false;
    if (v->parsed.maybe_missing && allowed_by_constraint(v, it) == NO)
        filled = false;
    set_missing(it, NOT_ASKED);
    if (filled)
        report(v, it, "skip_violation", "returned", "");
}

static void review_blank(struct reviewer *v, struct item *it, enum answer asked)
{
    bool required = it->q->required && judge(it->q->required, it, NULL) == YES;
    if (!required)
        set_missing(it, OPTIONAL);
    else if (asked == UNKNOWN)
        set_missing(it, UNDECIDED);
    else
        return_item(v, it, "required_blank", BLANK);
}

/* The county by the unit, whatever was written. */
static bool correct_county(struct reviewer *v, struct item *it)
{
    const char *county = it->e->unit ? it->e->unit->county : v->ring->county;
    if (it->plan->part != PART_COUNTY || !strcmp(v->parsed.text.text, county))
        return false;
    *it->value = (struct value){VALUE_OK, county, NAN};
    repaired(v, it, "county_code", county);
    return true;
}

static void review_answer(struct reviewer *v, struct item *it)
{
    bool conflict;
    enum answer asked = it->q->relevant ? judge(it->q->relevant, it, NULL) : YES;
    read_item(v, it, &conflict);
    if (asked == NO) {
        review_skipped(v, it);
        return;
    }
    apply_filter(v, it);
    switch (v->parsed.state) {
    case PARSED_BLANK:
        review_blank(v, it, asked);
        return;
    case PARSED_MISSING:
        no_answer(v, it);
        return;
    case PARSED_BAD:
        return_item(v, it, "bad_value", RETURNED);
        return;
    case PARSED_VALUE:
        break;
    }
    if (correct_county(v, it))
        return;
    const char *why = conflict ? "multi_conflict" : objection(v, it);
    if (!why) {
        accept(v, it);
        if (it->confirmed)
            report(v, it, it->confirmed, "confirmed", it->value->text);
    } else if (*why)
        return_item(v, it, why, RETURNED);
    else
        no_answer(v, it);
}

/* ---- calculations ---------------------------------------------------------------------------- */

static bool same_result(const struct parsed *sent, const char *text, double number)
{
    if (isnan(sent->number) || isnan(number))
        return !strcmp(sent->text.text, text);
    return fabs(sent->number - number) <= 1e-9 * fmax(1, fabs(number));
}

static void compare_calculation(struct reviewer *v, const struct item *it)
{
    if (!it->column || it->plan->uncompared)
        return;
    parse_cell(v->ring->parser, it->q, &it->cell, it->column->factor, NULL, &v->parsed);
    bool sent = v->parsed.state == PARSED_VALUE || it->cell.kind == CELL_ERROR;
    if (sent && !same_result(&v->parsed, it->value->text, it->value->number))
        repaired(v, it, "calc_mismatch", it->value->text);
}

static void review_calculation(struct reviewer *v, struct item *it)
{
    enum answer asked = it->q->relevant ? judge(it->q->relevant, it, NULL) : YES;
    set_missing(it, asked == NO ? NOT_ASKED : NOT_COMPUTED);
    if (asked != YES || !it->q->calculation)
        return;
    struct result r = expr_eval(it->q->calculation, &it->e->record, NULL);
    if (r.unknown || r.failed)
        return;
    char text[512];
    double number = r.kind == RESULT_TEXT ? NAN : result_number(&r);
    result_text(&r, text, sizeof text);
    if (!*text)
        return;
    *it->value = (struct value){VALUE_OK, arena_strdup(&v->arena, text), number};
    compare_calculation(v, it);
}

/* ---- the record ------------------------------------------------------------------------------ */

static const struct plan *plan_of(const struct reviewer *v, const struct form *form, int question)
{
    int f = 0;
    while (v->forms[f].form != form)
        f++;
    return &v->forms[f].questions[question];
}

/* The unit's code is settled by the key; what that took is listed. */
static void review_unit(struct reviewer *v, struct item *it)
{
    const char *code = it->e->unit->code;
    *it->value = (struct value){VALUE_OK, code, NAN};
    if (it->e->unit_by_name)
        repaired(v, it, "village_name", code);
    else
        list_repairs(v, it, it->e->unit_repairs, code);
}

static void review_question(struct reviewer *v, struct entry *e, const struct question *q)
{
    struct item it = {.e = e, .q = q, .value = &e->record.values[q->index]};
    it.plan = plan_of(v, e->record.form, q->index);
    it.column = raw_column(e->row->block, q, e->nth);
    it.cell = raw_row_cell(e->row, it.column);
    if (q->type == Q_CALCULATE)
        review_calculation(v, &it);
    else if (it.plan->part == PART_UNIT)
        review_unit(v, &it);
    else if (it.plan->part == PART_UNIT_NAME)
        *it.value = (struct value){VALUE_OK, e->unit->full_name, NAN};
    else
        review_answer(v, &it);
}

static void link_children(struct reviewer *v, struct entry *e)
{
    int n = e->record.child_count;
    e->record.children = arena_alloc(&v->arena, (size_t)(n + 1) * sizeof *e->record.children);
    for (int i = 0; i < n; i++)
        e->record.children[i] = &e->children[i]->record;
}

static void review_repeat(struct reviewer *v, struct entry *e, int repeat)
{
    for (int i = 0; i < e->record.child_count; i++)
        if (e->children[i]->record.repeat == repeat)
            review(v, e->children[i]);
}

void review(struct reviewer *v, struct entry *e)
{
    const struct form *form = e->record.form;
    int done = -1; /* the repeat reviewed last; its questions stand together */
    link_children(v, e);
    for (int i = 0; i < form->question_count; i++) {
        const struct question *q = &form->questions[i];
        if (q->repeat == e->record.repeat) {
            if (question_has_data(q))
                review_question(v, e, q);
        } else if (q->repeat >= 0 && q->repeat != done &&
                   form->repeats[q->repeat].parent == e->record.repeat) {
            done = q->repeat;
            review_repeat(v, e, done);
        }
    }
}

/* ---- rows below the top level ---------------------------------------------------------------- */

static void review_key_part(struct reviewer *v, struct item *it)
{
    struct value ignored;
    it->value = &ignored;
    if (it->plan->part == PART_UNIT) {
        review_unit(v, it);
        return;
    }
    parse_cell(v->ring->parser, it->q, &it->cell, it->column->factor, NULL, &v->parsed);
    list_repairs(v, it, v->parsed.repairs, v->parsed.text.text);
}

void review_link(struct reviewer *v, const struct raw_row *row, const char *key)
{
    const struct level *top = top_level(v->ring->topic, row->block->level);
    bool read = false;
    for (int i = 0; i < top->key_count; i++) {
        const struct question *q = form_question(top->form, top->key[i]);
        const struct plan *plan = plan_of(v, top->form, q->index);
        const struct raw_column *column = raw_column(row->block, q, 0);
        if (!column || plan->part == PART_COUNTY)
            continue;
        if (!read)
            key_read(v->ring, top, row, &v->key);
        read = true;
        struct entry e = {.row = row,
                          .key = key,
                          .unit = v->key.unit,
                          .unit_by_name = v->key.by_name,
                          .unit_repairs = v->key.repairs};
        struct item it = {&e, q, plan, NULL, column, raw_row_cell(row, column), NULL};
        review_key_part(v, &it);
    }
}
