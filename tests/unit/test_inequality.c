/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Poverty, Theil, Gini, Lorenz and score intervals against tests/reference/inequality.R, and by
 * hand: the values of textbooks, incomes that have no logarithm, equal incomes.
 */
#include "reference.h"

#include "estimate/inequality.h"

/* One unit, for what takes points. */
static const struct cell_sums NO_SUMS = {.kind = SUMS_RATIO, .count = 1};

static struct points *points_of(const struct api *a, const char *y, const char *domain)
{
    struct points *cells = calloc((size_t)a->sample->unit_count, sizeof *cells);
    for (int r = 0; r < a->records.rows; r++) {
        double v = table_number(&a->records, r, y);
        if (api_in_domain(a, r, "stype", domain) && !isnan(v))
            points_add(&cells[a->psu[r]], v, table_number(&a->records, r, "pw"));
    }
    for (int i = 0; i < a->sample->unit_count; i++)
        points_sort(&cells[i]);
    return cells;
}

static void free_cells(struct points *cells, int count)
{
    for (int i = 0; i < count; i++)
        points_free(&cells[i]);
    free(cells);
}

/* `statistic` without terms: no cases, for those that take points. */
static struct cell_sums sums_of_api(const struct api *a, const char *y, const char *domain,
                                    enum statistic statistic, double power, double line)
{
    bool theil = statistic == STAT_THEIL_T || statistic == STAT_THEIL_L;
    struct cell_sums cells = cell_sums_new(theil ? SUMS_RATIO : SUMS_VALUE, a->sample->unit_count);
    for (int r = 0; (theil || statistic == STAT_FGT) && r < a->records.rows; r++) {
        double v = table_number(&a->records, r, y), x = line;
        if (!api_in_domain(a, r, "stype", domain) || isnan(v))
            continue;
        assert_true(inequality_terms(statistic, power, &v, &x));
        cell_sums_add(&cells, a->psu[r], table_number(&a->records, r, "pw"), v, x);
    }
    return cells;
}

static struct estimate estimate_row(const struct api *a, const char *stat, const char *y,
                                    const char *domain)
{
    int n = a->sample->unit_count;
    enum statistic s = strncmp(stat, "fgt", 3) == 0      ? STAT_FGT
                       : strcmp(stat, "theil_t") == 0    ? STAT_THEIL_T
                       : strcmp(stat, "theil_l") == 0    ? STAT_THEIL_L
                       : strcmp(stat, "gini") == 0       ? STAT_GINI
                       : strncmp(stat, "lorenz", 6) == 0 ? STAT_LORENZ
                                                         : STAT_QUANTILE;
    struct points *points = points_of(a, y, domain);
    double line = strcmp(y, "api00") == 0 ? 650 : 500;
    struct cell_sums cells = sums_of_api(a, y, domain, s, atof(stat + 3), line);
    struct estimate e = s == STAT_FGT
                            ? estimate_linear(LINEAR_MEAN, a->sample, &cells, SHARE_NONE, 0.95)
                        : s == STAT_QUANTILE
                            ? estimate_quantile_score(a->sample, points, atof(stat + 1) / 100, 0.95)
                            : estimate_inequality(s, s == STAT_LORENZ ? atof(stat + 6) / 100 : 0,
                                                  a->sample, &cells, points, 0.95);
    cell_sums_free(&cells);
    free_cells(points, n);
    return e;
}

static void test_reference(void **state)
{
    (void)state;
    struct table t = table_read("tests/reference/inequality-values.csv");
    for (int r = 0; r < t.rows; r++) {
        struct api a =
            api_read(table_text(&t, r, "sample"), table_number(&t, r, "fpc") != 0, LONELY_ADJUST);
        const char *stat = table_text(&t, r, "stat");
        struct estimate e =
            estimate_row(&a, stat, table_text(&t, r, "y"), table_text(&t, r, "domain"));
        bool good = e.df == table_number(&t, r, "df") && e.n == table_number(&t, r, "n");
        if (*stat == 'p')
            good &= same_number(e.t.low, table_number(&t, r, "low"), 0) &&
                    same_number(e.t.high, table_number(&t, r, "high"), 0);
        else
            good &= same_number(e.value, table_number(&t, r, "estimate"), 1e-9) &&
                    same_number(e.se, table_number(&t, r, "se"), 1e-9);
        if (!good)
            fail_msg("row %d: %s of %s in %s, %s: %.17g (%.17g) [%g, %g] df %d n %ld", r + 2, stat,
                     table_text(&t, r, "y"), table_text(&t, r, "sample"),
                     table_text(&t, r, "domain"), e.value, e.se, e.t.low, e.t.high, e.df, e.n);
        api_free(&a);
    }
    assert_true(t.rows > 400);
    table_free(&t);
}

/* The guide's values for incomes 1, 2, 3, 4 (domain guide, D8). */
static void test_guide(void **state)
{
    (void)state;
    struct points points = {0};
    struct cell_sums t = cell_sums_new(SUMS_RATIO, 1), l = cell_sums_new(SUMS_RATIO, 1);
    for (int i = 1; i <= 4; i++) {
        double y = i, x = 0;
        points_add(&points, i, 1);
        assert_true(inequality_terms(STAT_THEIL_T, 0, &y, &x));
        cell_sums_add(&t, 0, 1, y, x);
        y = i;
        assert_true(inequality_terms(STAT_THEIL_L, 0, &y, &x));
        cell_sums_add(&l, 0, 1, y, x);
    }
    points_sort(&points);
    struct estimate e = estimate_inequality(STAT_THEIL_T, 0, NULL, &t, NULL, 0.95);
    assert_true(fabs(e.value - 0.106440) < 5e-7 && e.n == 4 && isnan(e.se));
    e = estimate_inequality(STAT_THEIL_L, 0, NULL, &l, NULL, 0.95);
    assert_true(fabs(e.value - 0.121777) < 5e-7);
    cell_sums_free(&t);
    cell_sums_free(&l);
    e = estimate_inequality(STAT_GINI, 0, NULL, &NO_SUMS, &points, 0.95);
    assert_true(fabs(e.value - 0.25) < 1e-15);
    e = estimate_inequality(STAT_LORENZ, 0.5, NULL, &NO_SUMS, &points, 0.95);
    assert_true(fabs(e.value - 0.3) < 1e-15);
    points_free(&points);
}

/* Incomes of 0 and below have no logarithm, negative ones no Lorenz curve. */
static void test_not_estimable(void **state)
{
    (void)state;
    double y = 0, x = 0;
    assert_false(inequality_terms(STAT_THEIL_T, 0, &y, &x));
    y = -1;
    assert_false(inequality_terms(STAT_THEIL_L, 0, &y, &x));
    y = 5, x = 0;
    assert_false(inequality_terms(STAT_FGT, 1, &y, &x));
    struct cell_sums cell = cell_sums_new(SUMS_RATIO, 1);
    struct sums one[SUMS_LINES_MOST];
    sums_of_dropped(one);
    sums_merge(SUMS_RATIO, cell_sums_at(&cell, 0), one);
    struct estimate e = estimate_inequality(STAT_THEIL_L, 0, NULL, &cell, NULL, 0.95);
    assert_true(isnan(e.value) && e.n == 0 && cell_sums_all(&cell).dropped == 1);
    cell_sums_free(&cell);
    struct points points = {0};
    points_add(&points, -1, 1);
    points_add(&points, 5, 1);
    points_sort(&points);
    e = estimate_inequality(STAT_GINI, 0, NULL, &NO_SUMS, &points, 0.95);
    assert_true(isnan(e.value));
    points_free(&points);
    e = estimate_inequality(STAT_GINI, 0, NULL, &NO_SUMS, &points, 0.95);
    assert_true(isnan(e.value));
}

static void test_equal_incomes(void **state)
{
    (void)state;
    struct points points = {0};
    points_add(&points, 0.1, 3);
    points_add(&points, 0.1, 0.7);
    points_sort(&points);
    struct estimate e = estimate_inequality(STAT_GINI, 0, NULL, &NO_SUMS, &points, 0.95);
    assert_true(e.value == 0);
    e = estimate_inequality(STAT_LORENZ, 0.3, NULL, &NO_SUMS, &points, 0.95);
    assert_true(fabs(e.value - 0.3) < 1e-15);
    points_free(&points);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_guide),
        cmocka_unit_test(test_not_estimable),
        cmocka_unit_test(test_equal_incomes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
