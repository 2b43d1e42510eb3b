/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quantiles and Woodruff intervals against R's svyquantile(qrule = "math") on the samples of
 * tests/reference/api.R, and by hand.
 */
#include "reference.h"

static double quantile_of(const double *values, const double *weights, int n, double share)
{
    struct points p = {0};
    for (int i = 0; i < n; i++)
        points_add(&p, values[i], weights[i]);
    points_sort(&p);
    double q = points_quantile(&p, share);
    points_free(&p);
    return q;
}

static void test_by_hand(void **state)
{
    (void)state;
    double values[] = {40, 10, 30, 20}, one[] = {1, 1, 1, 1}, tenths[] = {.1, .1, .1, .1};
    double heavy[] = {1, 7, 1, 1};
    assert_true(quantile_of(values, one, 4, 0.5) == 20); /* least value with F >= 1/2 */
    assert_true(quantile_of(values, tenths, 4, 0.5) == 20);
    assert_true(quantile_of(values, tenths, 4, 0.75) == 30); /* .1 + .1 + .1 > .3 in binary */
    assert_true(quantile_of(values, one, 4, 0.500001) == 30);
    assert_true(quantile_of(values, one, 4, 0.01) == 10);
    assert_true(quantile_of(values, one, 4, 1) == 40);
    assert_true(quantile_of(values, heavy, 4, 0.5) == 10);
    assert_true(isnan(quantile_of(values, one, 0, 0.5)));
}

static void test_order_does_not_matter(void **state)
{
    (void)state;
    struct points a = {0}, b = {0};
    for (int i = 0; i < 1000; i++) {
        points_add(&a, i % 7, 0.1 * (i % 13));
        points_add(&b, (999 - i) % 7, 0.1 * ((999 - i) % 13));
    }
    points_sort(&a);
    points_sort(&b);
    assert_int_equal(a.count, 7);
    assert_memory_equal(a.items, b.items, 7 * sizeof *a.items);
    points_free(&a);
    points_free(&b);
}

static struct points *cells_of(const struct api *a, const char *y, const char *domain,
                               const char *value)
{
    struct points *cells = calloc((size_t)a->sample->unit_count, sizeof *cells);
    for (int r = 0; r < a->records.rows; r++) {
        double v = table_number(&a->records, r, y);
        if (api_in_domain(a, r, domain, value) && !isnan(v))
            points_add(&cells[a->psu[r]], v, table_number(&a->records, r, "pw"));
    }
    for (int i = 0; i < a->sample->unit_count; i++)
        points_sort(&cells[i]);
    return cells;
}

/* R's rule gives the second value where p is below the first one's share; see quantile.h. */
static bool is_least(const struct points *cells, int count, double q)
{
    for (int i = 0; i < count; i++)
        if (cells[i].count && cells[i].items[0].value < q)
            return false;
    return true;
}

static void check_interval(const struct table *t, int r, const struct estimate *e)
{
    if (table_number(t, r, "se") == 0) { /* nobody above: no interval of width 0 */
        assert_true(isnan(e->t.low) && isnan(e->t.high) && isnan(e->se));
        return;
    }
    assert_true(same_number(e->t.high, table_number(t, r, "high"), 0));
    assert_true(same_number(e->t.low, table_number(t, r, "low"), 0));
    assert_true(same_number(e->se, table_number(t, r, "se"), 1e-9));
}

static bool check_row(const struct table *t, int r)
{
    struct api a = api_read(table_text(t, r, "sample"), table_number(t, r, "fpc") != 0,
                            lonely_policy(table_text(t, r, "lonely")));
    struct points *cells =
        cells_of(&a, table_text(t, r, "y"), table_text(t, r, "domain"), table_text(t, r, "value"));
    struct estimate e = estimate_quantile(a.sample, cells, table_number(t, r, "p"), 0.95);
    assert_int_equal(e.n, table_number(t, r, "n"));
    assert_int_equal(e.df, table_number(t, r, "df"));
    bool skipped = is_least(cells, a.sample->unit_count, e.value);
    assert_true(skipped || e.value == table_number(t, r, "estimate"));
    if (e.df > 0 && !skipped)
        check_interval(t, r, &e);
    for (int i = 0; i < a.sample->unit_count; i++)
        points_free(&cells[i]);
    free(cells);
    api_free(&a);
    return !skipped;
}

/* Nine of ten drawn: the interval of the share below the least value begins within that value's
 * own share, for which R's rule has the second one. */
static void test_interval_holds_the_quantile(void **state)
{
    (void)state;
    int stratum[9] = {0};
    double population = 10;
    struct sample *s = sample_new(stratum, 9, 1, &population, LONELY_FAIL);
    struct points cells[9] = {0};
    for (int i = 0; i < 9; i++) {
        points_add(&cells[i], 10 * (i + 1), 1);
        points_sort(&cells[i]);
    }
    struct estimate e = estimate_quantile(s, cells, 0.1, 0.95);
    assert_true(e.value == 10 && e.t.low == 10 && e.t.high == 20);
    for (int i = 0; i < 9; i++)
        points_free(&cells[i]);
    sample_free(s);
}

static void test_woodruff(void **state)
{
    (void)state;
    struct table t = table_read("tests/reference/api-values.csv");
    int rows = 0;
    for (int r = 0; r < t.rows; r++)
        if (strcmp(table_text(&t, r, "stat"), "quantile") == 0)
            rows += check_row(&t, r);
    assert_true(rows > 300);
    table_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_interval_holds_the_quantile),
        cmocka_unit_test(test_woodruff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
