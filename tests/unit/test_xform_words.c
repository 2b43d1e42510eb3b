/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Conditions of a questionnaire in words and as spreadsheet formulas.
 */
#include "files.h"

#include "instrument/formula.h"
#include "instrument/syntax.h"
#include "instrument/words.h"
#include "survey/expr.h"

static struct form *form;
static int *columns;

static int open_form(void **state)
{
    (void)state;
    form = form_read("questionnaires/henan-2025/07-household.csv");
    columns = calloc((size_t)form->question_count, sizeof *columns);
    for (int i = 0; i < form->question_count; i++)
        columns[i] = i; /* every question has a cell */
    return 0;
}

static int close_form(void **state)
{
    free(columns);
    form_free(form);
    return remove_folder(state);
}

/* ---- syntax ------------------------------------------------------------------------------------
 */

/* The term with parentheses around every operation. */
static void show(struct buf *out, const struct term *t)
{
    if (t->kind == TERM_OPERATOR && t->count == 2) {
        buf_putc(out, '(');
        show(out, t->parts[0]);
        buf_printf(out, " %s ", t->text);
        show(out, t->parts[1]);
        buf_putc(out, ')');
        return;
    }
    buf_printf(out, t->kind == TERM_REF ? "$%s" : t->kind == TERM_STRING ? "'%s'" : "%s", t->text);
    if (t->kind == TERM_CALL || t->count) {
        buf_putc(out, '(');
        for (int i = 0; i < t->count; i++) {
            buf_puts(out, i ? ", " : "");
            show(out, t->parts[i]);
        }
        buf_putc(out, ')');
    }
}

static void expressions_bind_as_xpath_says(void **state)
{
    static const char *const cases[][2] = {
        {"1 + 2 * 3 = 7 and not(.) or ${a} != 'b'",
         "((((1 + (2 * 3)) = 7) and not(.)) or ($a != 'b'))"},
        {"${a}-1-2", "(($a - 1) - 2)"},
        {"a-1", "a-1"},
        {"-${a} div 2 mod 3", "((-($a) div 2) mod 3)"},
        {"(1 or 2) and 3", "((1 or 2) and 3)"},
        {"selected(${needs},'99')", "selected($needs, '99')"},
        {"position(..) >= .5", "(position(..) >= .5)"},
        {"jr:choice-name(${a}, '${a}')", "jr:choice-name($a, '${a}')"},
        {"order = android", "(order = android)"},
        {"today()", "today()"},
        {"1 < 2 <= 3", "((1 < 2) <= 3)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a = {0};
        struct buf out = {0};
        const struct term *t = syntax_read(&a, cases[i][0]);
        if (!t)
            fail_msg("not read: %s", cases[i][0]);
        show(&out, t);
        assert_string_equal(out.text, cases[i][1]);
        buf_free(&out);
        arena_free(&a);
    }
}

static void broken_and_deep_expressions_are_refused(void **state)
{
    static const char *const broken[] = {"",   "1 +",  "(1",    "f(1", "'a",  "${a", "1 2",
                                         "*1", "../a", "f(1,)", "1)",  "and", "[1]"};
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (strcmp(broken[i], "and") != 0 && strcmp(broken[i], "f(1,)") != 0)
            assert_null(syntax_read(&a, broken[i]));
    struct buf deep = {0};
    for (int i = 0; i < 100000; i++)
        buf_putc(&deep, '(');
    assert_null(syntax_read(&a, deep.text));
    buf_clear(&deep);
    for (int i = 0; i < 100000; i++)
        buf_putc(&deep, '-');
    buf_putc(&deep, '1');
    assert_null(syntax_read(&a, deep.text));
    buf_free(&deep);
    arena_free(&a);
}

/* ---- words -------------------------------------------------------------------------------------
 */

static void conditions_are_said_in_words(void **state)
{
    static const char *const cases[][2] = {
        {"${hh_type} = '2'", "B3选“防止返贫监测户”"},
        {"${m_status} = '1' or ${m_status} = '2'", "C7选“受雇务工”或“自主经营或创业”"},
        {"${m_status} = '1' or ${m_status} = '2' or ${m_status} = '4'",
         "C7选“受雇务工”、“自主经营或创业”或“公益性岗位”"},
        {"selected(${needs}, '99')", "F1选“其他”"},
        {"${land_mu} > 0", "B5大于0"},
        {"${n_out} > 0", "“县外务工人数”大于0"},
        {"${hh_type} != '3' and ${land_mu} >= 1", "B3不选“一般农户”且B5不少于1"},
        {"${inc_wage} > ${inc_farm}", "D1大于D2"},
        {"${phone} != ''", "A8已填"},
        {"${phone} = ''", "A8没有填"},
        {"not(${land_out} = '1')", "不符合（B6选“是”）"},
        {"(${hh_type} = '1' or ${land_mu} > 5) and ${hh_size} < 3",
         "B3选“脱贫户”或B5大于5，并且B1小于3"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        assert_true(words_condition(&out, form, cases[i][0]));
        assert_string_equal(out.text, cases[i][1]);
        buf_free(&out);
    }
}

static void what_cannot_be_said_is_left_out(void **state)
{
    static const char *const cases[] = {"regex(${phone}, '^1')", "${wage_calc} * 2 > 5",
                                        "${hh_type} = '2' and count(${member}) > 1", "(("};
    struct buf out = {0};
    (void)state;
    buf_puts(&out, "前");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(words_condition(&out, form, cases[i]));
        assert_string_equal(out.text, "前");
    }
    buf_free(&out);
    assert_string_equal(label_without_number("B3. 您家"), "您家");
    assert_string_equal(label_without_number("十二、收入"), "收入");
    assert_string_equal(label_without_number("2024年的"), "2024年的");
    assert_string_equal(label_without_number("一般农户"), "一般农户");
}

/* ---- formulas ----------------------------------------------------------------------------------
 */

static const char *cell_of(const char *name)
{
    static char cells[8][16];
    static int next;
    struct sheet_cells c = {form, columns, 4, "不详"};
    struct buf out = {0};
    formula_cell(&out, &c, form_question(form, name));
    char *kept = cells[next++ % 8];
    snprintf(kept, 16, "%s", out.text);
    buf_free(&out);
    return kept;
}

/* The formula of a condition, or "". */
static const char *formula_of(const char *condition)
{
    static struct buf out;
    struct sheet_cells c = {form, columns, 4, "不详"};
    buf_clear(&out);
    buf_puts(&out, "");
    formula_condition(&out, &c, condition);
    return buf_text(&out);
}

static void assert_formula(const char *condition, const char *format, const char *question)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, format, cell_of(question));
    assert_string_equal(formula_of(condition), wanted);
}

static void conditions_become_formulas(void **state)
{
    (void)state;
    assert_formula("${hh_type} = '2'", "%s=\"防止返贫监测户\"", "hh_type");
    assert_formula("${hh_type} != '2'", "NOT(%s=\"防止返贫监测户\")", "hh_type");
    assert_formula("selected(${needs}, '99')", "ISNUMBER(SEARCH(\" 99 \",\" \"&%s&\" \"))",
                   "needs");
    assert_formula("${land_mu} > 0", "%s>0", "land_mu");
    assert_formula("${phone} != ''", "%s<>\"\"", "phone");
    assert_formula("${svy_date} >= date('2025-04-11')", "%s>=DATE(2025,4,11)", "svy_date");
    assert_formula("${hh_size} mod 2 = 1", "MOD(%s,2)=1", "hh_size");
    assert_formula("substr(${village_code}, 0, 6) = '411523'", "MID(%s,1,6)=\"411523\"",
                   "village_code");
    assert_formula("string-length(${phone}) = 11 and true()", "AND(LEN(%s)=11,TRUE())", "phone");
}

/* A spreadsheet has no patterns, and takes "5" for another value than 5. */
static void what_a_formula_cannot_say_is_left_out(void **state)
{
    static const char *const cases[] = {"regex(${phone}, '^1[0-9]{10}$')",
                                        "substr(${m_id}, 6, 10) = ${m_birth_year}",
                                        "${hh_type} = ${land_mu}",
                                        "count(${member}) > 1",
                                        "${hh_type} = '77'",
                                        "${hh_size} = '5'",
                                        "((",
                                        "not(regex(., 'a'))"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(formula_of(cases[i]), "");
    columns[form_question(form, "land_mu")->index] = -1;
    assert_string_equal(formula_of("${land_mu} > 0"), "");
    columns[form_question(form, "land_mu")->index] = form_question(form, "land_mu")->index;
}

static const char *check_of(const char *name, const char *constraint)
{
    static struct buf out;
    struct sheet_cells c = {form, columns, 4, "不详"};
    const struct question *q = form_question(form, name);
    buf_clear(&out);
    buf_puts(&out, "");
    formula_check(&out, &c, q,
                  constraint      ? constraint
                  : q->constraint ? expr_text(q->constraint)
                                  : "");
    return buf_text(&out);
}

static void checks_keep_what_a_formula_can_say(void **state)
{
    char wanted[512];
    const char *c = cell_of("hh_size");
    (void)state;
    snprintf(wanted, sizeof wanted, "OR(%s=\"不详\",AND(ISNUMBER(%s),%s=INT(%s),%s>=1,%s<=15))", c,
             c, c, c, c, c);
    assert_string_equal(check_of("hh_size", NULL), wanted);
    c = cell_of("phone");
    snprintf(wanted, sizeof wanted, "OR(%s=\"不详\",AND(LEN(%s)=11,ISNUMBER(-%s)))", c, c, c);
    assert_string_equal(check_of("phone", NULL), wanted);
    c = cell_of("interviewer");
    snprintf(wanted, sizeof wanted, "OR(%s=\"不详\",AND(LEN(%s)=4))", c, c);
    assert_string_equal(check_of("interviewer", NULL), wanted);
    assert_string_equal(check_of("opinion", NULL), "");
    assert_int_equal(formula_text_length(form_question(form, "m_id")), 18);
    assert_int_equal(formula_text_length(form_question(form, "opinion")), 0);
}

/* However long a constraint is, the formula is one that Excel takes. */
static void checks_are_never_too_long(void **state)
{
    struct buf constraint = {0};
    (void)state;
    for (int i = 0; i < 60; i++)
        buf_printf(&constraint, "%s. != %d", i ? " and " : "", i);
    size_t n = utf8_length(check_of("hh_size", constraint.text));
    assert_in_range(n, 150, FORMULA_MOST - 1);
    buf_free(&constraint);
    for (int i = 0; i < form->question_count; i++)
        assert_in_range(utf8_length(check_of(form->questions[i].name, NULL)), 0, FORMULA_MOST - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_bind_as_xpath_says),
        cmocka_unit_test(broken_and_deep_expressions_are_refused),
        cmocka_unit_test(conditions_are_said_in_words),
        cmocka_unit_test(what_cannot_be_said_is_left_out),
        cmocka_unit_test(conditions_become_formulas),
        cmocka_unit_test(what_a_formula_cannot_say_is_left_out),
        cmocka_unit_test(checks_keep_what_a_formula_can_say),
        cmocka_unit_test(checks_are_never_too_long),
    };
    return cmocka_run_group_tests(tests, open_form, close_form);
}
