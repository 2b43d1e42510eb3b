/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expressions against JavaRosa, the engine of ODK Collect: each row of
 * tests/reference/expressions/javarosa.csv is an expression, where it stands and what JavaRosa
 * made of it over the record of record.csv (made by make.sh there).
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

#define FOLDER "tests/reference/expressions/"
enum { MEMBERS = 3, MESSAGES = 8192 };

static struct form *form;
static struct arena texts;
static struct record top, members[MEMBERS], *children[MEMBERS];
static char messages[MESSAGES];

/* ---- the record ------------------------------------------------------------------------------ */

static struct value make_value(const struct question *q, const char *text)
{
    struct value v = {*text ? VALUE_OK : OPTIONAL, arena_strdup(&texts, text), NAN};
    if (q->type == Q_INTEGER || q->type == Q_DECIMAL)
        v.number = *text ? strtod(text, NULL) : NAN;
    if (q->type == Q_DATE && *text)
        days_from_text(text, &v.number);
    return v;
}

static void make_record(struct record *r, int repeat, int position)
{
    *r = (struct record){.form = form, .repeat = repeat, .position = position};
    r->values = arena_alloc(&texts, (size_t)form->question_count * sizeof *r->values);
    for (int i = 0; i < form->question_count; i++)
        r->values[i] = (struct value){OPTIONAL, "", NAN};
    if (repeat >= 0)
        r->parent = &top;
}

static struct value *value_of(struct record *r, const char *name)
{
    const struct question *q = form_question(form, name);
    assert_non_null(q);
    return &r->values[q->index];
}

static void set(struct record *r, const char *name, const char *text)
{
    *value_of(r, name) = make_value(form_question(form, name), text);
}

static bool on_record_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    (void)user, (void)cut;
    assert_int_equal(count, 3);
    int level = atoi(cells[0].text);
    if (no > 1)
        set(level ? &members[level - 1] : &top, cells[1].text, cells[2].text);
    return true;
}

static void read_csv(const char *path, bool (*row)(void *, long, const struct cell *, int, bool),
                     void *user)
{
    struct sheet_handler h = {.row = row, .user = user};
    char why[512];
    assert_int_equal(csv_read(path, "utf-8", &h, why, sizeof why), 0);
}

static int setup(void **state)
{
    (void)state;
    form = form_read(FOLDER "form.csv");
    assert_non_null(form);
    make_record(&top, -1, 1);
    for (int i = 0; i < MEMBERS; i++) {
        make_record(&members[i], 0, i + 1);
        children[i] = &members[i];
    }
    top.children = children;
    top.child_count = MEMBERS;
    read_csv(FOLDER "record.csv", on_record_row, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    form_free(form);
    arena_free(&texts);
    return 0;
}

/* ---- against JavaRosa ------------------------------------------------------------------------ */

struct tally {
    int same, different;
};

static struct expr *compile(const char *where, const char *text)
{
    struct place at = {.file = "javarosa.csv"};
    bool self = strcmp(where, "self") == 0;
    message_capture(messages, sizeof messages);
    struct expr *e = self ? expr_compile_for(text, form, form_question(form, "self"), NULL, at)
                          : expr_compile(text, form, *where ? 0 : -1, at);
    message_capture(NULL, 0);
    return e;
}

static struct result evaluate(struct expr *e, const char *where)
{
    bool member = *where >= '1' && *where <= '3';
    const struct record *r = member ? &members[*where - '1'] : &top;
    const struct value *self = strcmp(where, "self") == 0 ? value_of(&top, "self") : NULL;
    return expr_eval(e, r, self);
}

/* The number as Java prints it: 15 digits are compared, for libxml2 reads and divides in its own
 * order. */
static bool same_number(double ours, const char *theirs)
{
    if (strcmp(theirs, "NaN") == 0)
        return isnan(ours);
    if (strcmp(theirs, "Infinity") == 0 || strcmp(theirs, "-Infinity") == 0)
        return isinf(ours) && (ours > 0) == (*theirs != '-');
    double value = strtod(theirs, NULL);
    return fabs(ours - value) <= 1e-15 * fabs(value) * 4;
}

static bool same_result(const struct result *r, const char *kind, const char *value)
{
    char text[2000];
    if (strcmp(kind, "bool") == 0)
        return r->kind == RESULT_BOOL && r->truth == (strcmp(value, "true") == 0);
    if (strcmp(kind, "number") == 0)
        return r->kind == RESULT_NUMBER && same_number(r->number, value);
    return r->kind == RESULT_TEXT && strcmp(result_text(r, text, sizeof text), value) == 0;
}

static bool on_expression(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct tally *t = user;
    (void)cut;
    if (no == 1)
        return true;
    const char *where = cells[0].text, *text = cells[1].text, *kind = cells[2].text;
    const char *value = count > 3 ? cells[3].text : "";
    struct expr *e = compile(where, text);
    struct result r = {.failed = true};
    if (e)
        r = evaluate(e, where);
    char ours[2000];
    bool same = strcmp(kind, "error") == 0 ? r.failed || !e : !r.failed && same_result(&r, kind, value);
    *(same ? &t->same : &t->different) += 1;
    if (!same)
        print_message("row %ld, at '%s': %s\n  JavaRosa: %s %s\n  ours: %d %s %s\n", no, where, text,
                      kind, value, (int)r.kind, r.failed ? "failed" : result_text(&r, ours, sizeof ours),
                      e ? "" : messages);
    expr_free(e);
    return true;
}

static void same_as_javarosa(void **state)
{
    struct tally t = {0, 0};
    (void)state;
    read_csv(FOLDER "javarosa.csv", on_expression, &t);
    print_message("%d expressions as in JavaRosa\n", t.same);
    assert_int_equal(t.different, 0);
    assert_true(t.same > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_javarosa),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
