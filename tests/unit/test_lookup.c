/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pulldata(): tests/reference/xform/lookups.csv over villages.csv.  The wanted values are what ODK
 * Web Forms' engine (0.22.0) gave for the same answers.
 */
#include "base/message.h"
#include "survey/expr.h"
#include "survey/lookup.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { QUESTIONS = 16 };
static char messages[4096];
static struct value values[QUESTIONS];

static void answer(const struct form *f, const char *name, const char *text)
{
    values[form_question(f, name)->index] = (struct value){VALUE_OK, text, NAN};
}

static const char *compute(const struct form *f, const char *name, char room[64])
{
    struct record r = {.form = f, .repeat = -1, .values = values};
    struct result result = expr_eval(form_question(f, name)->calculation, &r, NULL);
    return result_text(&result, room, 64);
}

static bool holds(const struct form *f, struct expr *e, const char *self)
{
    struct record r = {.form = f, .repeat = -1, .values = values};
    struct value v = {VALUE_OK, self, NAN};
    struct result result = expr_eval(e, &r, &v);
    return result_true(&result);
}

static void villages_are_looked_up(void **state)
{
    char room[64];
    (void)state;
    message_capture(messages, sizeof messages);
    struct form *f = form_read("tests/reference/xform/lookups.csv");
    message_capture(NULL, 0);
    assert_non_null(f);
    assert_true(f->question_count <= QUESTIONS);
    for (int i = 0; i < QUESTIONS; i++)
        values[i] = (struct value){OPTIONAL, "", NAN};
    assert_string_equal(compute(f, "village", room), "");
    answer(f, "v", "411523002");
    assert_string_equal(compute(f, "village", room), "西村");
    answer(f, "code", "c3");
    assert_string_equal(compute(f, "other", room), "商城县南村");
    answer(f, "village", "西村");
    const struct question *code = form_question(f, "code"), *known = form_question(f, "known");
    assert_true(holds(f, code->constraint, "411523002"));
    assert_false(holds(f, code->constraint, "411523009"));
    assert_false(holds(f, known->relevant, ""));
    answer(f, "code", "411523002");
    assert_true(holds(f, known->relevant, ""));
    assert_string_equal(lookups_path(f->lookups, 0), "tests/reference/xform/villages.csv");
    assert_null(lookups_path(f->lookups, 1));
    form_free(f);
}

/* What only the phone computes stays as it was sent; who reads answers is not told of it (form is:
 * e2e/form.sh). */
static void phone_computes_alone(void **state)
{
    (void)state;
    message_capture(messages, sizeof messages);
    struct form *f = form_read("tests/reference/xform/lookups.csv");
    message_capture(NULL, 0);
    assert_non_null(f);
    assert_null(form_question(f, "drawn")->calculation);
    assert_true(form_question(f, "drawn")->phone_only);
    assert_false(form_question(f, "village")->phone_only);
    assert_null(strstr(messages, "照报来的收下"));
    form_free(f);
}

static void mistakes_are_told(void **state)
{
    static const char *const rows[][2] = {
        {"pulldata('village', 'label', 'name', ${v})", "第10个字符处：没有找到这个数据文件"},
        {"pulldata('../xform/villages', 'label', 'name', ${v})", "这里只写文件名"},
        {"pulldata('villages', 'lable', 'name', ${v})", "数据文件 villages 没有“lable”栏"},
        {"pulldata('villages', 'label', 'nam', ${v})", "数据文件 villages 没有“nam”栏"},
        {"pulldata(${v}, 'label', 'name', ${v})", "前三个参数是加引号的"},
        {"pulldata('villages', 'label', 'name')", "参数"},
    };
    (void)state;
    message_capture(messages, sizeof messages);
    struct form *f = form_read("tests/reference/xform/lookups.csv");
    assert_non_null(f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        message_capture(messages, sizeof messages);
        struct expr *e = expr_compile(rows[i][0], f, -1, (struct place){.file = "x"});
        message_capture(NULL, 0);
        if (e || !strstr(messages, rows[i][1]))
            fail_msg("%s: wanted “%s”, told: %s", rows[i][0], rows[i][1], messages);
    }
    form_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(villages_are_looked_up),
        cmocka_unit_test(phone_computes_alone),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
