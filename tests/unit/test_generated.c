/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expressions made at random, over records made at random, against ODK Web Forms' engine: rows of
 * tests/reference/generated/engine.csv are what it made of the calculations of form.csv over the
 * records of records.csv (generate.py there).
 */
#include "base/arena.h"
#include "formats/csv.h"
#include "survey/days.h"
#include "survey/expr.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "tests/reference/generated/"
enum { RECORDS = 10, MEMBERS = 3 };

static struct form *form;
static struct arena texts;
static struct record records[RECORDS + 1], members[RECORDS + 1][MEMBERS],
    *children[RECORDS + 1][MEMBERS];
static int same, different;

static void make_record(struct record *r, int repeat, int position, struct record *parent)
{
    *r = (struct record){.form = form, .repeat = repeat, .position = position, .parent = parent};
    r->values = arena_alloc(&texts, (size_t)form->question_count * sizeof *r->values);
    for (int i = 0; i < form->question_count; i++)
        r->values[i] = (struct value){OPTIONAL, "", NAN};
}

static void make_records(void)
{
    for (int i = 1; i <= RECORDS; i++) {
        make_record(&records[i], -1, 1, NULL);
        records[i].children = children[i];
        for (int m = 0; m < MEMBERS; m++) {
            make_record(&members[i][m], 0, m + 1, &records[i]);
            children[i][m] = &members[i][m];
        }
    }
}

static void read_csv(const char *path, bool (*row)(void *, long, const struct cell *, int, bool))
{
    struct sheet_handler h = {.row = row};
    char why[512];
    assert_int_equal(csv_read(path, "utf-8", &h, why, sizeof why), 0);
}

/* record, member (0: none), name, value */
static bool on_answer(void *user, long no, const struct cell *cells, int count, bool cut)
{
    (void)user, (void)cut;
    assert_int_equal(count, 4);
    if (no == 1)
        return true;
    int record = atoi(cells[0].text), member = atoi(cells[1].text);
    const struct question *q = form_question(form, cells[2].text);
    const char *text = arena_strdup(&texts, cells[3].text);
    struct value v = {VALUE_OK, text, NAN};
    assert_in_range(record, 1, RECORDS);
    if (q->type == Q_INTEGER || q->type == Q_DECIMAL)
        v.number = strtod(text, NULL);
    if (q->type == Q_DATE)
        days_from_text(text, &v.number);
    if (strcmp(q->name, "members") == 0)
        records[record].child_count = atoi(text);
    (member ? &members[record][member - 1] : &records[record])->values[q->index] = v;
    return true;
}

/* Numbers that differ in the last digits are the same.  Infinity is blank here, as what is no
 * number is in both. */
static bool equal(const char *wanted, const char *got)
{
    char *end_wanted, *end_got;
    if (strcmp(wanted, got) == 0)
        return true;
    if (!*got)
        return strcmp(wanted, "Infinity") == 0 || strcmp(wanted, "-Infinity") == 0;
    double a = strtod(wanted, &end_wanted), b = strtod(got, &end_got);
    return *wanted && *got && !*end_wanted && !*end_got && fabs(a - b) <= 1e-9 * fmax(1, fabs(a));
}

/* record, question, value */
static bool on_value(void *user, long no, const struct cell *cells, int count, bool cut)
{
    (void)user, (void)cut;
    if (no == 1)
        return true;
    const struct question *q = form_question(form, cells[1].text);
    const char *wanted = count > 2 ? cells[2].text : "";
    char got[4000];
    assert_non_null(q);
    assert_non_null(q->calculation);
    struct result r = expr_eval(q->calculation, &records[atoi(cells[0].text)], NULL);
    result_text(&r, got, sizeof got);
    if (!r.failed && equal(wanted, got)) {
        same++;
        return true;
    }
    if (++different <= 40)
        printf("# record %s, %s: wanted “%s”, got “%s”: %s\n", cells[0].text, q->name, wanted, got,
               expr_text(q->calculation));
    return true;
}

static void same_as_web_forms(void **state)
{
    (void)state;
    form = form_read(FOLDER "form.csv");
    assert_non_null(form);
    make_records();
    read_csv(FOLDER "records.csv", on_answer);
    read_csv(FOLDER "engine.csv", on_value);
    printf("# %d values the same, %d different\n", same, different);
    assert_int_equal(different, 0);
    assert_in_range(same, 4000, 100000);
    form_free(form);
    arena_free(&texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_web_forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
