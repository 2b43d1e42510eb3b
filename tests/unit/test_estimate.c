/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Estimates, standard errors, intervals, design effects and differences against R's survey
 * package (tests/reference/api.R), to 1e-9 relative.
 */
#include "reference.h"

#include "estimate/estimate.h"

static int checked;

static void compare(const struct table *t, int r, const char *head, double ours)
{
    double theirs = table_number(t, r, head);
    checked++;
    if (!same_number(ours, theirs, 1e-9))
        fail_msg("%s fpc=%s %s %s=%s %s(%s): %s is %.17g, R says %.17g", table_text(t, r, "sample"),
                 table_text(t, r, "fpc"), table_text(t, r, "lonely"), table_text(t, r, "domain"),
                 table_text(t, r, "value"), table_text(t, r, "stat"), table_text(t, r, "y"), head,
                 ours, theirs);
}

static void check_estimate(const struct table *t, int r, const struct estimate *e)
{
    assert_int_equal(e->n, table_number(t, r, "n"));
    assert_int_equal(e->n_psu, table_number(t, r, "n_psu"));
    assert_int_equal(e->n_strata, table_number(t, r, "n_strata"));
    assert_int_equal(e->df, table_number(t, r, "df"));
    compare(t, r, "estimate", e->value);
    if (e->df <= 0) { /* R computes a standard error even then; we do not print one */
        assert_true(isnan(e->se) && isnan(e->t.low) && isnan(e->deff));
        return;
    }
    compare(t, r, "se", e->se);
    compare(t, r, "low", e->t.low);
    compare(t, r, "high", e->t.high);
    if (strcmp(table_text(t, r, "stat"), "prop") == 0) {
        struct interval beta = interval_beta(e->value, e->se, e->df, (double)e->n, 0.95);
        compare(t, r, "logit_low", e->share.low);
        compare(t, r, "logit_high", e->share.high);
        compare(t, r, "beta_low", beta.low);
        compare(t, r, "beta_high", beta.high);
    }
    if (e->se > 0)
        compare(t, r, "deff", e->deff);
    else
        assert_true(isnan(e->deff));
}

static struct api sample_of_row(const struct table *t, int r)
{
    return api_read(table_text(t, r, "sample"), table_number(t, r, "fpc") != 0,
                    lonely_policy(table_text(t, r, "lonely")));
}

static void test_linear(void **state)
{
    (void)state;
    struct table t = table_read("tests/reference/api-values.csv");
    for (int r = 0; r < t.rows; r++) {
        const char *stat = table_text(&t, r, "stat");
        if (strcmp(stat, "quantile") == 0)
            continue;
        struct api a = sample_of_row(&t, r);
        struct cell_sums cells = api_cells(&a, stat, table_text(&t, r, "y"), table_text(&t, r, "x"),
                                           table_text(&t, r, "domain"), table_text(&t, r, "value"));
        struct estimate e =
            estimate_linear(linear_by_name(stat), a.sample, &cells,
                            strcmp(stat, "prop") == 0 ? SHARE_LOGIT : SHARE_NONE, 0.95);
        check_estimate(&t, r, &e);
        cell_sums_free(&cells);
        api_free(&a);
    }
    table_free(&t);
    assert_true(checked > 3000);
}

static void check_difference(const struct table *t, int r)
{
    struct api a = api_read(table_text(t, r, "sample"), table_number(t, r, "fpc") != 0, 0);
    const char *stat = table_text(t, r, "stat"), *by = table_text(t, r, "domain");
    const char *y = table_text(t, r, "y"), *x = table_text(t, r, "x");
    struct cell_sums left = api_cells(&a, stat, y, x, by, table_text(t, r, "a"));
    struct cell_sums right = api_cells(&a, stat, y, x, by, table_text(t, r, "b"));
    struct linear *of_left = estimate_linearize(linear_by_name(stat), a.sample, &left);
    struct linear *of_right = estimate_linearize(linear_by_name(stat), a.sample, &right);
    struct difference d = estimate_difference(a.sample, of_left, of_right);
    assert_int_equal(d.df, table_number(t, r, "df"));
    assert_true(same_number(d.value, table_number(t, r, "difference"), 1e-9));
    assert_true(same_number(d.se, table_number(t, r, "se"), 1e-9));
    assert_true(same_number(d.t, table_number(t, r, "t"), 1e-9));
    assert_true(same_number(d.p, table_number(t, r, "p"), 1e-9));
    linear_free(of_left);
    linear_free(of_right);
    cell_sums_free(&left);
    cell_sums_free(&right);
    api_free(&a);
}

static void test_differences(void **state)
{
    (void)state;
    struct table t = table_read("tests/reference/api-differences.csv");
    for (int r = 0; r < t.rows; r++)
        check_difference(&t, r);
    assert_int_equal(t.rows, 36);
    table_free(&t);
}

/* With one record a PSU and infinite df, Wilson's own interval: R's prop.test(correct = FALSE). */
static void test_wilson(void **state)
{
    (void)state;
    struct table t = table_read("tests/reference/wilson.csv");
    for (int r = 0; r < t.rows; r++) {
        double n = table_number(&t, r, "n"), p = table_number(&t, r, "yes") / n;
        struct interval w =
            interval_wilson(p, sqrt(p * (1 - p) / n), 1e12, table_number(&t, r, "level"));
        assert_true(same_number(w.low, table_number(&t, r, "low"), 1e-9));
        assert_true(same_number(w.high, table_number(&t, r, "high"), 1e-9));
    }
    assert_true(t.rows > 10);
    table_free(&t);
    assert_true(isnan(interval_wilson(0, 0, 10, 0.95).low));
}

static void test_no_zero_width(void **state)
{
    (void)state;
    int stratum[] = {0, 1, 2};
    struct sample *s = sample_new(stratum, 3, 3, NULL, LONELY_REMOVE);
    struct cell_sums cells = cell_sums_new(SUMS_VALUE, 3);
    for (int i = 0; i < 3; i++)
        cell_sums_add(&cells, i, 1, i, 1);
    struct estimate e = estimate_linear(LINEAR_MEAN, s, &cells, SHARE_LOGIT, 0.95);
    assert_int_equal(e.df, 0);
    assert_true(same_number(e.value, 1, 0));
    assert_true(isnan(e.se) && isnan(e.t.low) && isnan(e.t.high) && isnan(e.deff));
    cell_sums_free(&cells);
    sample_free(s);
}

static void test_lonely_fails(void **state)
{
    (void)state;
    struct api a = api_read("apilonely", false, LONELY_FAIL);
    struct cell_sums cells = api_cells(&a, "mean", "api00", "", "all", "all");
    struct estimate e = estimate_linear(LINEAR_MEAN, a.sample, &cells, SHARE_NONE, 0.95);
    assert_true(e.df > 0 && !isnan(e.value) && isnan(e.se));
    cell_sums_free(&cells);
    /* A domain outside the lonely stratum is not touched by it. */
    cells = api_cells(&a, "mean", "api00", "", "stype", "E");
    e = estimate_linear(LINEAR_MEAN, a.sample, &cells, SHARE_NONE, 0.95);
    assert_true(e.se > 0);
    cell_sums_free(&cells);
    api_free(&a);
}

static void test_empty_domain(void **state)
{
    (void)state;
    int stratum[] = {0, 0};
    struct sample *s = sample_new(stratum, 2, 1, NULL, LONELY_FAIL);
    struct cell_sums cells = cell_sums_new(SUMS_RATIO, 2);
    for (int k = LINEAR_TOTAL; k <= LINEAR_VARIANCE; k++) {
        struct estimate e = estimate_linear((enum linear_statistic)k, s, &cells, SHARE_NONE, 0.95);
        assert_true(e.n == 0 && isnan(e.value) && isnan(e.se));
    }
    cell_sums_free(&cells);
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear),       cmocka_unit_test(test_differences),
        cmocka_unit_test(test_wilson),       cmocka_unit_test(test_no_zero_width),
        cmocka_unit_test(test_lonely_fails), cmocka_unit_test(test_empty_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
