/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases of weight 0 and strata without weight against R (tests/reference/zeroweights.R): PSUs
 * without weight give no degrees of freedom.  Domains without cases, and with nothing but cases of
 * weight 0, have no estimate, whatever the statistic.
 */
#include "reference.h"

#include "estimate/inequality.h"

/* As the script: weight 0 for the first ten high schools and for all middle schools. */
static struct cell_sums cells_of(const struct api *a, const char *x, const char *type)
{
    struct cell_sums cells = cell_sums_new(*x ? SUMS_RATIO : SUMS_VALUE, a->sample->unit_count);
    int high = 0;
    for (int r = 0; r < a->records.rows; r++) {
        const char *stratum = table_text(&a->records, r, "stratum");
        bool zero = strcmp(stratum, "sM") == 0 || (strcmp(stratum, "sH") == 0 && high++ < 10);
        double w = zero ? 0 : table_number(&a->records, r, "pw");
        if (*type == '\0' || strcmp(table_text(&a->records, r, "stype"), type) == 0)
            cell_sums_add(&cells, a->psu[r], w, table_number(&a->records, r, "api00"),
                          *x ? table_number(&a->records, r, x) : 1);
    }
    return cells;
}

static void test_reference(void **state)
{
    (void)state;
    struct api a = api_read("apistrat", false, LONELY_FAIL);
    struct table t = table_read("tests/reference/zeroweights-values.csv");
    for (int r = 0; r < t.rows; r++) {
        const char *stat = table_text(&t, r, "stat");
        bool high = strcmp(stat, "high") == 0, ratio = strcmp(stat, "ratio") == 0;
        struct cell_sums cells = cells_of(&a, ratio ? "enroll" : "", high ? "H" : "");
        struct estimate e =
            estimate_linear(linear_by_name(stat), a.sample, &cells, SHARE_NONE, 0.95);
        assert_int_equal(e.df, table_number(&t, r, "df"));
        assert_true(same_number(e.value, table_number(&t, r, "estimate"), 1e-9));
        assert_true(same_number(e.se, table_number(&t, r, "se"), 1e-9));
        cell_sums_free(&cells);
    }
    assert_int_equal(t.rows, 4);
    table_free(&t);
    api_free(&a);
}

static void assert_nothing(struct estimate e)
{
    assert_true(isnan(e.value) && isnan(e.se) && isnan(e.t.low) && isnan(e.t.high));
}

/* All middle schools have weight 0; no school is of type X. */
static void test_nothing(void **state)
{
    (void)state;
    struct api a = api_read("apistrat", false, LONELY_FAIL);
    static const char *const types[] = {"M", "X"};
    for (int i = 0; i < 2; i++) {
        struct cell_sums cells = cells_of(&a, "", types[i]);
        struct points *points = calloc((size_t)a.sample->unit_count, sizeof *points);
        for (int p = 0; i == 0 && p < a.sample->unit_count; p++) {
            points_add(&points[p], 5, 0);
            points_sort(&points[p]);
        }
        int n = a.sample->unit_count;
        static const enum linear_statistic linear[] = {LINEAR_MEAN, LINEAR_RATIO, LINEAR_VARIANCE};
        for (int s = 0; s < 3; s++)
            assert_nothing(estimate_linear(linear[s], a.sample, &cells, SHARE_NONE, 0.95));
        assert_nothing(estimate_linear(LINEAR_MEAN, a.sample, &cells, SHARE_LOGIT, 0.95));
        assert_nothing(estimate_quantile(a.sample, points, 0.5, 0.95));
        assert_nothing(estimate_quantile_score(a.sample, points, 0.5, 0.95));
        static const enum statistic other[] = {STAT_GINI, STAT_LORENZ, STAT_THEIL_T, STAT_THEIL_L};
        for (int s = 0; s < 4; s++)
            assert_nothing(estimate_inequality(other[s], 0.4, a.sample, &cells, points, 0.95));
        for (int p = 0; p < n; p++)
            points_free(&points[p]);
        free(points);
        cell_sums_free(&cells);
    }
    api_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
