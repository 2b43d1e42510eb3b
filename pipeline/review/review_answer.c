/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One answer: what the cell says, whether it was asked for, and whether it may stand.
 */
#include "review/review_private.h"

#include "survey/checkdigit.h"
#include "survey/records.h"

#include <math.h>
#include <string.h>

/* Whole numbers beyond this are not held exactly. */
static const double NUMBER_MAX = 1e15;

/* ---- results of one question ----------------------------------------------------------------- */

void item_missing(struct item *it, enum missing why)
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
    item_missing(it, why);
    report(v, it, kind, "returned", "");
}

void item_repaired(struct reviewer *v, const struct item *it, const char *kind,
                   const char *corrected)
{
    report(v, it, kind, "repaired", corrected);
}

void item_repairs(struct reviewer *v, const struct item *it, unsigned repairs,
                  const char *corrected)
{
    for (int i = 0; i < REPAIR_KINDS; i++)
        if (repairs & 1u << i)
            item_repaired(v, it, repair_kind(i), corrected);
}

/* A missing code: asked, and no answer. */
static void no_answer(struct reviewer *v, struct item *it)
{
    item_missing(it, NO_ANSWER);
    item_repairs(v, it, v->parsed.repairs & REPAIR_CONTROL_CHAR, "");
    item_repaired(v, it, "missing_code", "");
}

static void accept(struct reviewer *v, struct item *it)
{
    const char *text = arena_strdup(&v->arena, v->parsed.text.text);
    *it->value = (struct value){VALUE_OK, text, v->parsed.number};
    item_repairs(v, it, v->parsed.repairs, text);
    if (v->parsed.none_zero)
        item_repaired(v, it, "none_zero", text);
    if (it->plan->is_division &&
        division_check(v->rules->divisions, text, v->rules->month) == DIVISION_UNKNOWN)
        report(v, it, "code_unknown", "notice", "");
    if (!it->q->personal && value_is_personal(it->e->record.form, it->q, it->value))
        report(v, it, "personal_value", "notice", "");
}

/* ---- the steps ------------------------------------------------------------------------------- */

enum answer item_judge(struct expr *e, const struct item *it, const struct value *self)
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
    return it->q->constraint ? item_judge(it->q->constraint, it, &self) : YES;
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
    item_missing(it, NOT_ASKED);
    if (filled)
        report(v, it, "skip_violation", "returned", "");
}

static void review_blank(struct reviewer *v, struct item *it, enum answer asked)
{
    bool required = it->q->required && item_judge(it->q->required, it, NULL) == YES;
    if (!required)
        item_missing(it, OPTIONAL);
    else if (asked == UNKNOWN)
        item_missing(it, UNDECIDED);
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
    item_repaired(v, it, "county_code", county);
    return true;
}

/* A county that is blank or unreadable, by the record's unit of a unit list; or a name or code of
 * another time (撤县设区), by the list, when the folder is that county's. */
static bool county_of_unit(struct reviewer *v, struct item *it)
{
    if (it->plan->part != PART_COUNTY)
        return false;
    bool listed = it->e->unit && v->ring->frame->of_list;
    const char *county = listed ? it->e->unit->county : v->ring->county;
    clean_text(&it->cell, &v->text);
    bool former = *county && !strcmp(key_county(v->ring, buf_text(&v->text)), county);
    if (!listed && !former)
        return false;
    *it->value = (struct value){VALUE_OK, county, NAN};
    item_repaired(v, it, former ? "unit_former" : "county_code", county);
    return true;
}

/* An answer that names a unit of the list: the unit's key, or back to the county. */
static void review_named(struct reviewer *v, struct item *it)
{
    struct record_key *key = &v->key;
    const struct listed_unit *u =
        key_named(v->ring, it->plan->unit_kind, v->parsed.text.text, it->e->day, key);
    buf_clear(&v->text);
    if (u) {
        *it->value = (struct value){VALUE_OK, u->key, NAN};
        unit_list_put_name(v->ring->frame->list, unit_list_key(v->ring->frame->list, u->key),
                           &v->text);
        buf_printf(&v->text, "（%s）", u->key);
        if (key->how)
            item_repaired(v, it, key->how, v->text.text);
        return;
    }
    key_about(v->ring, key, &v->text);
    item_missing(it, RETURNED);
    report(v, it,
           key->state == KEY_UNIT_SEVERAL ? "unit_several"
           : key->state == KEY_UNIT_ENDED ? "unit_ended"
                                          : "unit_unknown",
           "returned", buf_text(&v->text));
}

void review_answer(struct reviewer *v, struct item *it)
{
    bool conflict;
    enum answer asked = it->q->relevant ? item_judge(it->q->relevant, it, NULL) : YES;
    read_item(v, it, &conflict);
    if (asked == NO) {
        review_skipped(v, it);
        return;
    }
    apply_filter(v, it);
    if (v->parsed.state != PARSED_VALUE && county_of_unit(v, it))
        return;
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
    if (!why && it->plan->unit_kind) {
        review_named(v, it);
    } else if (!why) {
        accept(v, it);
        if (it->confirmed)
            report(v, it, it->confirmed, "confirmed", it->value->text);
    } else if (*why)
        return_item(v, it, why, RETURNED);
    else
        no_answer(v, it);
}
