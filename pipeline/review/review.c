/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/review_private.h"


#include <math.h>
#include <string.h>

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
        item_repaired(v, it, "calc_mismatch", it->value->text);
}

static void review_calculation(struct reviewer *v, struct item *it)
{
    enum answer asked = it->q->relevant ? item_judge(it->q->relevant, it, NULL) : YES;
    item_missing(it, asked == NO ? NOT_ASKED : NOT_COMPUTED);
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

static const char *unit_in_words(struct reviewer *v, const struct unit *u)
{
    return arena_printf(&v->arena, "%s（%s）", u->full_name, u->code);
}

/* The unit's code is settled by the key; what that took is listed. */
static void review_unit(struct reviewer *v, struct item *it)
{
    *it->value = unit_answer(it->e->unit, it->q);
    const char *code = it->value->text;
    if (it->e->unit_by_name)
        item_repaired(v, it, "village_name", code);
    else
        item_repairs(v, it, it->e->unit_repairs, code);
    if (it->e->unit_how)
        item_repaired(v, it, it->e->unit_how, unit_in_words(v, it->e->unit));
}

static void review_unit_name(struct reviewer *v, struct item *it)
{
    *it->value = (struct value){VALUE_OK, it->e->unit->full_name, NAN};
    if (it->e->unit_name_differs)
        item_repaired(v, it, "unit_name", unit_in_words(v, it->e->unit));
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
        review_unit_name(v, &it);
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
    item_repairs(v, it, v->parsed.repairs, v->parsed.text.text);
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
                          .unit_repairs = v->key.repairs,
                          .unit_how = v->key.how};
        struct item it = {&e, q, plan, NULL, column, raw_row_cell(row, column), NULL};
        review_key_part(v, &it);
    }
}
