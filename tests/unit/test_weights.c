/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Unit weights against topic 7's final weights, which the survey's statistician made, and the
 * marks of estimates at their thresholds.
 */
#include "reference.h"

#include "estimate/quality.h"
#include "estimate/weights.h"

/* 1/(p1 p2) x 20/accepted, with p1 as printed in the answers, to 10 decimals. */
static void test_topic7(void **state)
{
    (void)state;
    struct table t = table_read("tests/field/henan-2025-07/weights.csv");
    for (int r = 0; r < t.rows; r++) {
        double p1 = table_number(&t, r, "pi1"), size = table_number(&t, r, "households");
        long drawn = (long)table_number(&t, r, "n_sample");
        long accepted = (long)table_number(&t, r, "n_accepted");
        double w = unit_weight(p1, size, drawn, accepted, NONRESPONSE_PSU);
        assert_true(same_number(w, table_number(&t, r, "weight"), 1e-8));
    }
    assert_int_equal(t.rows, 48);
    table_free(&t);
}

static void test_by_hand(void **state)
{
    (void)state;
    assert_true(unit_weight(0.125, 160, 20, 20, NONRESPONSE_PSU) == 64);
    assert_true(unit_weight(0.125, 160, 20, 10, NONRESPONSE_PSU) == 128);
    assert_true(unit_weight(0.125, 160, 20, 10, NONRESPONSE_NONE) == 64);
    assert_true(unit_weight(0.5, 15, 20, 15, NONRESPONSE_NONE) == 2); /* all were drawn */
    assert_true(unit_weight(0.1, 200, 20, 0, NONRESPONSE_PSU) == 0);
    assert_int_equal(nonresponse_by_name(""), NONRESPONSE_PSU);
    assert_int_equal(nonresponse_by_name("none"), NONRESPONSE_NONE);
    assert_int_equal(nonresponse_by_name("村"), -1);
}

static char mark(long n, int df, double value, double se)
{
    struct quality q = {3, 30, 0.30, 0.50, 2, 0.85, 0.15, "firms"};
    struct estimate e = {.n = n, .df = df, .value = value, .se = se};
    return quality_mark(&q, &e);
}

static void test_marks(void **state)
{
    (void)state;
    assert_int_equal(mark(100, 40, 10, 3), ' ');
    assert_int_equal(mark(100, 40, 10, 3.01), 'b');
    assert_int_equal(mark(100, 40, -10, 3.01), 'b');
    assert_int_equal(mark(100, 40, 10, 5), 'b');
    assert_int_equal(mark(100, 40, 10, 5.01), 'x');
    assert_int_equal(mark(30, 40, 10, 1), ' ');
    assert_int_equal(mark(29, 40, 10, 1), 'b');
    assert_int_equal(mark(2, 2, 10, 1), 'x');
    assert_int_equal(mark(100, 2, 10, 1), ' ');
    assert_int_equal(mark(100, 1, 10, 1), 'x');
    assert_int_equal(mark(100, 0, 10, NAN), 'x');
    assert_int_equal(mark(100, 5, 10, NAN), 'b');
    assert_int_equal(mark(100, 5, 0, 0), ' ');
    assert_int_equal(mark(100, 5, 0, 1), 'x');
    assert_int_equal(mark(0, 0, NAN, NAN), '-');
}

static void test_census_marks(void **state)
{
    (void)state;
    struct quality q = {3, 30, 0.30, 0.50, 2, 0.85, 0.15, "firms"};
    struct estimate two = {.n = 2, .value = 5}, none = {.n = 0, .value = NAN};
    assert_int_equal(quality_mark_census(&q, &two, true), 'x');
    assert_int_equal(quality_mark_census(&q, &two, false), ' ');
    assert_int_equal(quality_mark_census(&q, &none, false), '-');
}

/* The topic's levels of firms only; by hand: 85% rule and 15% rule. */
static void test_dominance(void **state)
{
    (void)state;
    struct quality q = {3, 30, 0.30, 0.50, 2, 0.85, 0.15, "firms coops"};
    struct level firms = {.name = "firms", .unit = "个"}, towns = {.name = "town", .unit = "个"};
    struct level firm = {.name = "firm", .unit = "个"}, people = {.name = "p", .unit = "人"};
    assert_true(quality_dominance(&q, &firms, 100, (double[]){80, 6}) == 0.15 * 80);
    assert_true(quality_dominance(&q, &firms, 100, (double[]){50, 20}) == 0);
    assert_true(quality_dominance(&q, &firms, 100, (double[]){84.9, 0}) == 0);
    assert_true(quality_dominance(&q, &firms, -100, (double[]){60, 30}) == 0.15 * 60);
    assert_true(quality_dominance(&q, &towns, 100, (double[]){100, 0}) == 0);
    assert_true(quality_dominance(&q, &firm, 100, (double[]){100, 0}) == 0);
    assert_true(quality_confidential(&q, &firms) && quality_confidential(&q, &people));
    assert_false(quality_confidential(&q, &towns));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_topic7),    cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_marks),     cmocka_unit_test(test_census_marks),
        cmocka_unit_test(test_dominance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
