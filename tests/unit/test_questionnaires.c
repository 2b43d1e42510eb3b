/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules of the three questionnaires over the true records of topic 7 (tests/field), whose
 * README says that they keep all constraints.  An empty answer that was required is unknown
 * there (returned, refused); rules that name it are not judged.
 */
#include "base/arena.h"
#include "base/text.h"
#include "formats/csv.h"
#include "survey/days.h"
#include "survey/expr.h"
#include "survey/plain.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_COLUMNS = 64, MOST_CHILDREN = 16 };

/* A CSV of records: questions by column, records as value arrays. */
struct answers {
    struct form *form;
    int repeat;
    const char *key; /* column that names the record above or itself */
    int key_column;
    struct arena texts;
    int question[MOST_COLUMNS]; /* of each column, -1 */
    struct record *records;
    char **keys;
    int count, room, key_room;
};

/* What was compared. */
struct judged {
    long constraints, relevants, calculations, filters, wrong;
};

static struct value read_value(struct answers *a, const struct question *q, const char *text)
{
    struct value v = {*text ? VALUE_OK : OPTIONAL, arena_strdup(&a->texts, text), NAN};
    if (q->type == Q_INTEGER || q->type == Q_DECIMAL || q->type == Q_CALCULATE)
        v.number = plain_number(text);
    if (q->type == Q_DATE)
        days_from_text(text, &v.number);
    return v;
}

static void read_head(struct answers *a, const struct cell *cells, int count)
{
    assert_true(count <= MOST_COLUMNS);
    for (int i = 0; i < MOST_COLUMNS; i++) {
        const struct question *q = i < count ? form_question(a->form, cells[i].text) : NULL;
        a->question[i] = q && q->repeat == a->repeat ? q->index : -1;
        if (i < count && strcmp(cells[i].text, a->key) == 0)
            a->key_column = i;
    }
}

static bool on_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct answers *a = user;
    const struct form *f = a->form;
    (void)cut;
    if (no == 1) {
        read_head(a, cells, count);
        return true;
    }
    struct record r = {.form = f, .repeat = a->repeat, .position = 1};
    r.values = arena_alloc(&a->texts, (size_t)f->question_count * sizeof *r.values);
    for (int i = 0; i < f->question_count; i++)
        r.values[i] = (struct value){OPTIONAL, "", NAN};
    for (int i = 0; i < count; i++)
        if (a->question[i] >= 0)
            r.values[a->question[i]] = read_value(a, &f->questions[a->question[i]], cells[i].text);
    GROW(a->records, a->count, a->room);
    a->records[a->count] = r;
    GROW(a->keys, a->count, a->key_room);
    a->keys[a->count++] = arena_strdup(&a->texts, cells[a->key_column].text);
    return true;
}

static void read_answers(struct answers *a, const char *path)
{
    struct sheet_handler h = {.row = on_row, .user = a};
    char why[512];
    assert_int_equal(csv_read(path, "utf-8", &h, why, sizeof why), 0);
    assert_true(a->count > 5);
}

static void free_answers(struct answers *a)
{
    for (int i = 0; i < a->count; i++)
        free(a->records[i].children);
    free(a->records);
    free(a->keys);
    arena_free(&a->texts);
}

/* Hang the records of `below` under those of `above` with the same key. */
static void attach(struct answers *above, struct answers *below)
{
    struct map keys = {0};
    for (int i = 0; i < above->count; i++)
        map_add(&keys, above->keys[i], i);
    for (int i = 0; i < below->count; i++) {
        long at = map_get(&keys, below->keys[i], -1);
        if (at < 0)
            fail_msg("no record %s above", below->keys[i]);
        struct record *parent = &above->records[at];
        if (!parent->children)
            parent->children = calloc(MOST_CHILDREN, sizeof *parent->children);
        parent->children[parent->child_count++] = &below->records[i];
        below->records[i].parent = parent;
        below->records[i].position = parent->child_count;
    }
    map_free(&keys);
}

/* Empty answers: not asked where the relevant says so, unknown where they were required.  In the
 * order of the questionnaire, for a relevant may name such an answer. */
static void settle_missing(struct answers *a)
{
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < a->form->question_count; k++) {
            const struct question *q = &a->form->questions[k];
            struct value *v = &a->records[i].values[k];
            if (q->repeat != a->repeat || !question_has_data(q) || *v->text)
                continue;
            struct result r = {.kind = RESULT_BOOL, .truth = true};
            if (q->relevant)
                r = expr_eval(q->relevant, &a->records[i], NULL);
            v->missing = r.unknown                               ? UNDECIDED
                         : !result_true(&r)                      ? NOT_ASKED
                         : q->required || q->type == Q_CALCULATE ? RETURNED
                                                                 : OPTIONAL;
        }
}

static void wrong(struct judged *j, const struct answers *a, int i, const struct question *q,
                  const char *rule)
{
    if (j->wrong++ < 20)
        print_message("%s: %s of %s, value '%s'\n", a->keys[i], rule, q->name,
                      a->records[i].values[q->index].text);
}

static void judge_calculation(struct judged *j, const struct answers *a, int i,
                              const struct question *q)
{
    const struct value *v = &a->records[i].values[q->index];
    struct result r = expr_eval(q->calculation, &a->records[i], v);
    char text[400];
    if (r.unknown || a->records[i].values[q->index].missing == NOT_ASKED)
        return;
    j->calculations++;
    if (strcmp(result_text(&r, text, sizeof text), v->text) != 0) {
        print_message("ours: %s\n", text);
        wrong(j, a, i, q, "calculation");
    }
}

static void judge_answer(struct judged *j, const struct answers *a, int i, const struct question *q)
{
    const struct record *record = &a->records[i];
    const struct value *v = &record->values[q->index];
    if (!*v->text)
        return;
    if (q->relevant) {
        struct result r = expr_eval(q->relevant, record, NULL);
        j->relevants++;
        if (!r.unknown && !result_true(&r))
            wrong(j, a, i, q, "relevant");
    }
    if (q->constraint) {
        struct result r = expr_eval(q->constraint, record, v);
        j->constraints++;
        if (!r.unknown && !result_true(&r))
            wrong(j, a, i, q, "constraint");
    }
    if (q->choice_filter) {
        const struct choice *c = list_choice(q->list, v->text);
        assert_non_null(c);
        struct result r = expr_eval_choice(q->choice_filter, record, q->list, c);
        j->filters++;
        if (!r.unknown && !result_true(&r))
            wrong(j, a, i, q, "choice_filter");
    }
}

static void judge(struct judged *j, struct answers *a)
{
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < a->form->question_count; k++) {
            const struct question *q = &a->form->questions[k];
            if (q->repeat != a->repeat)
                continue;
            if (q->type == Q_CALCULATE)
                judge_calculation(j, a, i, q);
            else if (question_has_data(q))
                judge_answer(j, a, i, q);
        }
}

static void judge_form(const char *questionnaire, const char *top_path, const char *top_key,
                       const char *below_path, struct judged *j)
{
    struct form *f = form_read(questionnaire);
    assert_non_null(f);
    struct answers top = {.form = f, .repeat = -1, .key = top_key};
    struct answers below = {.form = f, .repeat = 0, .key = top_key};
    read_answers(&top, top_path);
    if (below_path) {
        read_answers(&below, below_path);
        attach(&top, &below);
        settle_missing(&below);
    }
    settle_missing(&top);
    judge(j, &top);
    judge(j, &below);
    print_message("%ld constraints, %ld relevants, %ld calculations, %ld filters so far\n",
                  j->constraints, j->relevants, j->calculations, j->filters);
    free_answers(&top);
    free_answers(&below);
    form_free(f);
}

static void true_records_keep_the_rules(void **state)
{
    struct judged j = {0};
    (void)state;
    expr_set_today("2025-12-31");
    judge_form("questionnaires/henan-2025/07-household.csv",
               "tests/field/henan-2025-07/households.csv", "key",
               "tests/field/henan-2025-07/members.csv", &j);
    judge_form("questionnaires/henan-2025/07-village.csv", "tests/field/henan-2025-07/villages.csv",
               "village_code", NULL, &j);
    judge_form("questionnaires/henan-2025/07-county.csv", "tests/field/henan-2025-07/counties.csv",
               "county", "tests/field/henan-2025-07/brands.csv", &j);
    assert_int_equal(j.wrong, 0);
    assert_true(j.constraints > 20000 && j.calculations > 5000 && j.filters > 100);
}

/* The constraint of m_id is GB 11643: every number with one digit changed must break it. */
static void changed_numbers_break_the_rule(void **state)
{
    struct form *f = form_read("questionnaires/henan-2025/07-household.csv");
    struct answers members = {.form = f, .repeat = 0, .key = "key"};
    const struct question *id = form_question(f, "m_id");
    long tried = 0;
    (void)state;
    read_answers(&members, "tests/field/henan-2025-07/members.csv");
    for (int i = 0; i < members.count; i++) {
        struct value v = members.records[i].values[id->index];
        char changed[19];
        if (!*v.text)
            continue;
        for (int digit = 0; digit < 17; digit++, tried++) {
            strcpy(changed, v.text);
            changed[digit] = (char)('0' + (changed[digit] - '0' + 1 + i % 9) % 10);
            v.text = changed;
            struct result r = expr_eval(id->constraint, &members.records[i], &v);
            assert_false(r.failed || result_true(&r));
            v = members.records[i].values[id->index];
        }
    }
    assert_true(tried > 10000);
    free_answers(&members);
    form_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_records_keep_the_rules),
        cmocka_unit_test(changed_numbers_break_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
