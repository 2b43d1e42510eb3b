/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Remembered results against plain evaluation, over every answer, twice.
 */
#include "reference.h"

#include "estimate/memo.h"

static struct form *form;
static struct value values[200], above[200];
static struct record household = {.repeat = -1, .values = above};
static struct record member = {.values = values, .parent = &household};

static int setup(void **state)
{
    (void)state;
    form = form_read("questionnaires/henan-2025/07-household.csv");
    assert_non_null(form);
    assert_true(form->question_count < 200);
    for (int i = 0; i < 200; i++)
        values[i] = above[i] = (struct value){NOT_ASKED, "", NAN};
    household.form = member.form = form;
    member.repeat = form_repeat(form, "member");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    form_free(form);
    return 0;
}

static void set_answer(const char *name, enum missing missing, const char *text)
{
    const struct question *q = form_question(form, name);
    (q->repeat < 0 ? above : values)[q->index] = (struct value){missing, text, NAN};
}

static bool same_outcome(struct outcome o, const struct result *r)
{
    if (r->unknown || r->failed)
        return o.unknown && !o.truth && isnan(o.number);
    return !o.unknown && o.truth == result_true(r) && same_number(o.number, result_number(r), 0);
}

/* Walks over the answers of two questions at once and tells how many were remembered. */
static int check_expression(const char *text)
{
    static const struct {
        enum missing missing;
        const char *text;
    } answers[] = {{VALUE_OK, "1"},   {VALUE_OK, "2"},    {VALUE_OK, "4"}, {VALUE_OK, "1 3"},
                   {VALUE_OK, "3 2"}, {NOT_ASKED, ""},    {RETURNED, ""},  {OPTIONAL, ""},
                   {BLANK, ""},       {NOT_COMPUTED, ""}, {VALUE_OK, "99"}};
    enum { N = sizeof answers / sizeof *answers };
    struct memo m;
    struct expr *e = expr_compile(text, form, member.repeat, (struct place){.text = text});
    assert_non_null(e);
    memo_begin(&m, e, text, form, member.repeat);
    for (int i = 0; i < 2 * N * N; i++) {
        set_answer("m_status", answers[i % N].missing, answers[i % N].text);
        set_answer("m_insure", answers[i % N].missing, answers[i % N].text);
        set_answer("hh_type", answers[i / N % N].missing, answers[i / N % N].text);
        member.position = i % 5 + 1;
        struct result r = expr_eval(e, &member, NULL);
        struct outcome o = memo_eval(&m, &member);
        r = expr_eval(e, &member, NULL); /* its text lives until the next evaluation */
        if (!same_outcome(o, &r))
            fail_msg("%s differs at answer %d", text, i);
    }
    int remembered = m.seen.count;
    memo_end(&m);
    expr_free(e);
    return remembered;
}

static void test_remembered(void **state)
{
    (void)state;
    assert_int_equal(check_expression("${m_status} = '1' or ${m_status} = '2'"), 11);
    assert_int_equal(check_expression("selected(${m_insure}, '3')"), 11);
    assert_int_equal(check_expression("if(selected(${m_insure}, '3'), 1, 0)"), 11);
    assert_int_equal(check_expression("${m_status}"), 11);
    assert_int_equal(check_expression("${m_status} >= 2 and (${m_status} != '')"), 11);
    assert_int_equal(check_expression("${hh_type} = '1'"), 11); /* the household's answer */
}

static void test_not_remembered(void **state)
{
    (void)state;
    assert_int_equal(check_expression("${m_status} = ${hh_type}"), 0);
    assert_int_equal(check_expression("${m_status} = '1' and position(..) > 2"), 0);
    assert_int_equal(check_expression("1"), 0);
}

/* Whole numbers from 0 up to 1023, whatever came before them. */
static void test_numbers(void **state)
{
    (void)state;
    static const struct value ages[] = {
        {VALUE_OK, "0", 0},       {VALUE_OK, "17", 17},   {VALUE_OK, "1023", 1023},
        {VALUE_OK, "1024", 1024}, {VALUE_OK, "-1", -1},   {VALUE_OK, "2.5", 2.5},
        {NO_ANSWER, "", NAN},     {NOT_ASKED, "", NAN},   {OPTIONAL, "", NAN},
        {RETURNED, "", NAN},      {VALUE_OK, "1e9", 1e9}, {VALUE_OK, "17", 17},
    };
    enum { N = sizeof ages / sizeof *ages };
    static const char *const texts[] = {"${hh_size}", "${hh_size} > 16",
                                        "if(${hh_size} = '', 5, 6)", "${hh_size} * 1.1 + 0.2"};
    for (int t = 0; t < 4; t++) {
        struct expr *e = expr_compile(texts[t], form, member.repeat, (struct place){0});
        struct memo m;
        memo_begin(&m, e, texts[t], form, member.repeat);
        for (int i = 0; i < 2 * N; i++) {
            above[form_question(form, "hh_size")->index] = ages[i % N];
            struct outcome o = memo_eval(&m, &member);
            struct result r = expr_eval(e, &member, NULL);
            if (!same_outcome(o, &r))
                fail_msg("%s differs at %s", texts[t], ages[i % N].text);
        }
        assert_int_equal(m.count, 3);
        memo_end(&m);
        expr_free(e);
    }
}

static void test_long_answers(void **state)
{
    (void)state;
    static const char text[] = "1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6";
    static const char source[] = "selected(${m_insure}, '6')";
    struct expr *e = expr_compile(source, form, member.repeat, (struct place){.text = source});
    struct memo m;
    memo_begin(&m, e, source, form, member.repeat);
    set_answer("m_insure", VALUE_OK, text);
    assert_true(memo_eval(&m, &member).truth);
    assert_true(memo_eval(&m, &member).truth);
    assert_int_equal(m.seen.count, 0);
    memo_end(&m);
    expr_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_remembered),
        cmocka_unit_test(test_not_remembered),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_long_answers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
