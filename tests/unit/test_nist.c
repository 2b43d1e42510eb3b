/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * NIST's Statistical Reference Datasets (tests/reference/nist): means and standard deviations
 * through the tallies' sums, polynomial regressions.  Longley is in test_analyses.
 */
#include "reference.h"

#include "estimate/estimate.h"
#include "estimate/regression.h"
#include "estimate/sums.h"

/* Relative error of certified values: 15 digits are given. */
static const double CERTIFIED = 1e-14;
static const double ROUNDING = 1.2e-16; /* of a decimal stored as a double */

/* ---- univariate ------------------------------------------------------------------------------ */

/* As the pipeline has it: sums of cells that are merged. */
static struct linear *estimate_dataset(const struct table *t, const char *name,
                                       enum linear_statistic statistic, int cells)
{
    struct cell_sums sums = cell_sums_new(SUMS_VALUE, cells);
    for (int r = 0; r < t->rows; r++)
        if (strcmp(table_text(t, r, "dataset"), name) == 0)
            cell_sums_add(&sums, r % cells, 1, table_number(t, r, "y"), 1);
    struct linear *l = linearize(statistic, &sums);
    cell_sums_free(&sums);
    return l;
}

static void check_value(const char *name, const char *what, double ours, double certified,
                        double tolerance)
{
    if (!same_number(ours, certified, tolerance))
        fail_msg("%s of %s: %.17g, NIST says %.17g", what, name, ours, certified);
}

/* A standard deviation loses to its data's rounding what mean/sd is (Chan, Golub and LeVeque
 * 1983, American Statistician 37, 242-247): 2e8 of NumAcc4, whose sd has 8 digits in any program.
 */
static void test_univariate(void **state)
{
    (void)state;
    struct table data = table_read("tests/reference/nist/univariate.csv");
    struct table certified = table_read("tests/reference/nist/univariate-certified.csv");
    for (int r = 0; r < certified.rows; r++)
        for (int cells = 1; cells <= 7; cells += 3) {
            const char *name = table_text(&certified, r, "dataset");
            double mean = table_number(&certified, r, "mean");
            double sd = table_number(&certified, r, "sd");
            double condition = sqrt(1 + mean * mean / (sd * sd));
            struct linear *m = estimate_dataset(&data, name, LINEAR_MEAN, cells);
            struct linear *v = estimate_dataset(&data, name, LINEAR_VARIANCE, cells);
            check_value(name, "mean", m->value, mean, CERTIFIED);
            check_value(name, "sd", sqrt(v->value), sd, CERTIFIED + 2 * ROUNDING * condition);
            linear_free(m);
            linear_free(v);
        }
    assert_int_equal(certified.rows, 9);
    table_free(&data);
    table_free(&certified);
}

/* ---- regression ------------------------------------------------------------------------------ */

static int degree_of(const struct table *certified, const char *name)
{
    int degree = -1;
    for (int r = 0; r < certified->rows; r++)
        degree += strcmp(table_text(certified, r, "dataset"), name) == 0;
    return degree;
}

/* y, x, x^2 … in one cluster; `rows` is freed by the caller. */
static double *powers(const struct table *t, const char *name, int degree, int *count)
{
    double *rows = calloc((size_t)t->rows * (size_t)(degree + 3), sizeof *rows), *row = rows;
    for (int r = 0; r < t->rows; r++) {
        if (strcmp(table_text(t, r, "dataset"), name) != 0)
            continue;
        row[0] = row[1] = 1;
        row[2] = table_number(t, r, "y");
        double x = table_number(t, r, "x"), power = 1;
        for (int k = 1; k <= degree; k++)
            row[k + 2] = power *= x;
        row += degree + 3;
        ++*count;
    }
    return rows;
}

static void check_regression(const struct table *data, const struct table *certified,
                             const char *name, double tolerance)
{
    int degree = degree_of(certified, name), n = 0;
    double *rows = powers(data, name, degree, &n);
    const double *given[] = {rows};
    struct vectors v = {.width = degree + 1, .cluster_count = 1, .given = given, .given_count = &n};
    struct variable variables[11] = {0};
    struct analysis a = {
        .kind = MODEL_GAUSSIAN, .variables = variables, .variable_count = degree + 1};
    struct regression *r = regression_fit(&v, &a, 0.95);
    for (int i = 0, k = 0; i < certified->rows; i++)
        if (strcmp(table_text(certified, i, "dataset"), name) == 0)
            check_value(name, "coefficient", r->columns[k++].estimate,
                        table_number(certified, i, "coefficient"), tolerance);
    regression_free(r);
    free(rows);
}

static void test_regression(void **state)
{
    (void)state;
    /* The digits of a double less those that the condition number takes, and in Wampler3 to 5 the
     * ever larger residuals; few programs have any digit of Filip's right. */
    static const struct {
        const char *name;
        double tolerance;
    } sets[] = {{"Norris", 1e-13},   {"Pontius", 2e-13}, {"Wampler1", 1e-12}, {"Wampler2", 1e-13},
                {"Wampler3", 1e-10}, {"Wampler4", 1e-8}, {"Wampler5", 5e-7},  {"Filip", 2e-7}};
    struct table data = table_read("tests/reference/nist/linear.csv");
    struct table certified = table_read("tests/reference/nist/linear-certified.csv");
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        check_regression(&data, &certified, sets[i].name, sets[i].tolerance);
    table_free(&data);
    table_free(&certified);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_univariate),
        cmocka_unit_test(test_regression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
