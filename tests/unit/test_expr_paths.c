/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Paths in expressions: to questions, into option lists and CSV files; and the functions of places,
 * digests and encodings.  What engines make of paths is in test_generated.
 */
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

enum { PLOTS = 2, QUESTIONS = 8 };

static struct form *form;
static struct value values[1 + PLOTS][QUESTIONS];
static struct record top, plots[PLOTS], *children[PLOTS];
static char messages[4000];

static void set(int record, const char *name, const char *text)
{
    const struct question *q = form_question(form, name);
    assert_non_null(q);
    assert_true(q->index < QUESTIONS);
    char *end;
    double number = strtod(text, &end);
    values[record][q->index] = (struct value){VALUE_OK, text, *text && !*end ? number : NAN};
}

static int setup(void **state)
{
    (void)state;
    form = form_read("tests/reference/expressions/paths.csv");
    assert_non_null(form);
    top = (struct record){form, -1, values[0], NULL, children, PLOTS, 1};
    for (int i = 0; i < PLOTS; i++) {
        plots[i] = (struct record){form, 0, values[1 + i], &top, NULL, 0, i + 1};
        children[i] = &plots[i];
    }
    set(0, "n", "2");
    set(0, "crop", "maize");
    set(0, "here", "31.705 114.912 0 0");
    set(1, "who", "甲");
    set(1, "corner", "34.75 113.62 0 0");
    set(2, "who", "乙");
    set(2, "corner", "34.76 113.62 0 0");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    form_free(form);
    return 0;
}

/* As a calculation of a question; its messages are in `messages`. */
static struct expr *compile(const char *question, const char *text)
{
    struct place at = {.file = "paths.csv"};
    message_capture(messages, sizeof messages);
    struct expr *e = expr_compile_for(text, form, form_question(form, question), NULL, at);
    message_capture(NULL, 0);
    return e;
}

static void assert_gives(const char *question, const char *text, const char *wanted)
{
    char got[400];
    struct expr *e = compile(question, text);
    if (!e)
        fail_msg("%s: %s", text, messages);
    const struct record *r = form_question(form, question)->repeat < 0 ? &top : &plots[1];
    struct result result = expr_eval(e, r, NULL);
    result_text(&result, got, sizeof got);
    if (strcmp(got, wanted) != 0)
        fail_msg("%s: wanted %s, got %s", text, wanted, got);
    expr_free(e);
}

static double number_of(const char *text)
{
    struct expr *e = compile("n", text);
    assert_non_null(e);
    struct result r = expr_eval(e, &top, NULL);
    double number = result_number(&r);
    expr_free(e);
    return number;
}

static void paths_to_questions(void **state)
{
    (void)state;
    assert_gives("crop", "../../n + 1", "3");
    assert_gives("crop", "current()/../../n + 1", "3");
    assert_gives("n", "/data/land/crop", "maize");
    assert_gives("here", "../crop", "maize");
    assert_gives("who", "../who", "乙");
    assert_gives("who", "current()/../../crop", "maize");
    assert_gives("n", "count(/data/land/plot)", "2");
    assert_gives("n", "join(' ', ../land/plot/who)", "甲 乙");
    assert_gives("who", "position(..)", "2");
}

static void paths_into_lists(void **state)
{
    (void)state;
    assert_gives("n", "instance('crop')/root/item[name = ${crop}]/label", "玉米");
    assert_gives("n", "instance(\"crop\")/root/item[ name=current()/../land/crop ]/price * 2", "6");
    assert_gives("who", "instance('crop')/root/item[name = ${crop}]/price > 2", "true");
    assert_gives("n", "instance('crop')/root/item[${n}]/name", "maize");
    assert_gives("n", "instance('crop')/root/item[last()]/name", "tea");
    assert_gives("n", "count(instance('crop')/root/item[price < 3.5][kind = '粮'])", "2");
    assert_gives("n", "instance('crop')/root/item[name = 'rice']/label", "");
    /* As in Collect, what is not there is ''. */
    assert_gives("n", "instance('crop')/root/item[name = 'rice']/label = ''", "true");
    assert_gives("n", "instance('crop')/root/item[kind = '']/name", "tea");
    assert_gives("n", "min(instance('crop')/root/item/price)", "2.5");
    assert_gives("n", "count-non-empty(instance('crop')/root/item/kind)", "2");
    assert_gives("n", "if(selected('a maize', instance('crop')/root/item[2]/name), 'x', 'y')", "x");
    assert_gives("n", "coalesce(instance('crop')/root/item[name = '']/label, 'z')", "z");
    assert_gives("n",
                 "count(instance('crop')/root/item[price = "
                 "max(instance('crop')/root/item[kind = '粮']/price)])",
                 "1");
}

static void mistakes_in_paths(void **state)
{
    static const char *const rows[][2] = {
        {"../m", "没有这个路径"},
        {"../../../n", "没有这个路径"},
        {"instance('corp')/root/item[1]/label", "没有这个选项表"},
        {"instance('crop')/root/item[nam = 1]/label", "选项表没有“nam”栏"},
        {"instance('crop')/root/item[1]/lable", "选项表没有“lable”栏"},
        {"instance('crop')/item", "应写成 instance('选项表')/root/item[条件]/栏名"},
        {"instance('crop')", "应写成 instance("},
        {"instance(${crop})/root/item", "加引号的选项表名"},
        {"instance('crop')/root/item[]", "括号里是空的"},
        {"instance('crop')/root/item[(1]", "括号没有成对"},
        {"instance('crop')/root/item[1", "没有配上右括号"},
        {"instance('crop')/root/item[1, 2]", "逗号只能用在函数的括号里"},
        {"count(instance('crop')/root/item + 1)", "或 instance() 的路径"},
        {"[1]", "方括号只能写在"},
        {"last() + 1 = instance('crop')/root/item[${m}]/price", "没有 m 这道题"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct expr *e = compile("n", rows[i][0]);
        if (e || !strstr(messages, rows[i][1]))
            fail_msg("%s: wanted “%s”, told: %s", rows[i][0], rows[i][1], e ? "nothing" : messages);
    }
}

/* The wanted numbers are those of JavaRosa's org.javarosa.core.util.GeoUtils (revision d686d1b). */
static void places_as_in_javarosa(void **state)
{
    static const struct {
        const char *shape;
        double area, length;
    } rows[] = {
        {"31.7 114.9 0 0;31.71 114.91 0 0;31.705 114.92 0 0;31.7 114.9 0 0", 790708.1110998391,
         4534.291669931871},
        {"34.75 113.62 0 0; 34.76 113.62 0 0; 34.76 113.63; 34.75 113.63 0 0;34.75 113.62 0 0;",
         1018113.8106909693, 4055.5619043794363},
        {"38.253094215699576 21.756382658677467 0 0;38.25021274773806 21.756382658677467 0 0;"
         "38.25007793942195 21.763892843919166 0 0;38.25290886154963 21.763935759263404 0 0;"
         "38.25146813817506 21.758421137528785 0 0",
         151452.30443216767, 1800.688735690097},
    };
    char text[600];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "area('%s')", rows[i].shape);
        assert_true(fabs(number_of(text) / rows[i].area - 1) < 1e-9);
        snprintf(text, sizeof text, "distance('%s')", rows[i].shape);
        /* The cosine of a short way is so near 1 that its last digit is 1e-8 of the way. */
        assert_true(fabs(number_of(text) / rows[i].length - 1) < 1e-7);
    }
    snprintf(text, sizeof text, "geofence(${here}, '%s')", rows[0].shape);
    assert_gives("n", text, "true");
    snprintf(text, sizeof text, "geofence('34.755 113.625 0 0', '%s')", rows[0].shape);
    assert_gives("n", text, "false");
    double hundredth = 0.01 / 180 * M_PI * 6378100; /* of a degree, in metres; as above */
    assert_true(fabs(number_of("distance(${corner})") / hundredth - 1) < 1e-7);
    assert_gives("n", "distance(${here}, ${here})", "0");
    assert_gives("n", "distance('nowhere', ${here})", "");
    assert_gives("n", "area('')", "");
}

/* RFC 1321 A.5, FIPS 180-4 (examples of NIST), RFC 4648 10. */
static void digests_as_published(void **state)
{
    (void)state;
    assert_gives("n", "digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72");
    assert_gives("n", "digest('abc', 'SHA-1', 'hex')", "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_gives("n", "digest('abc', 'sha256', 'hex')",
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_gives("n", "digest('', 'MD5')", "1B2M2Y8AsgTpgAmY7PhCfg==");
    assert_gives("n", "base64-decode('Zm9vYg==')", "foob");
    assert_gives("n", "base64-decode('5p2R')", "村");
    assert_gives("n", "base64-decode('!')", "");
    assert_gives("n", "base64-decode('/w==')", ""); /* no text */
    struct expr *e = compile("n", "digest('abc', 'CRC32')");
    assert_non_null(e);
    message_capture(messages, sizeof messages);
    assert_true(expr_eval(e, &top, NULL).failed);
    message_capture(NULL, 0);
    assert_non_null(strstr(messages, "算法应是 MD5"));
    expr_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_to_questions),   cmocka_unit_test(paths_into_lists),
        cmocka_unit_test(mistakes_in_paths),    cmocka_unit_test(places_as_in_javarosa),
        cmocka_unit_test(digests_as_published),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
