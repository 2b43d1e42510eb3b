/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rao-Scott, t and rank tests, regressions, alpha and kappa against R's survey package
 * (tests/reference/analyses.R), Longley's data against NIST, and what is not estimable.
 */
#include "reference.h"

#include "estimate/hypothesis.h"
#include "estimate/regression.h"
#include "estimate/scales.h"

/* ---- cases in memory --------------------------------------------------------------------------
 */

struct cases {
    double **rows;
    int *count;
    struct vectors v;
};

static struct cases cases_new(const struct sample *s, int clusters, int width)
{
    struct cases c = {calloc((size_t)clusters, sizeof(double *)),
                      calloc((size_t)clusters, sizeof(int)),
                      {.width = width, .cluster_count = clusters, .sample = s}};
    c.v.given = (const double *const *)c.rows;
    c.v.given_count = c.count;
    return c;
}

static void cases_add(struct cases *c, int cluster, double w, const double *x)
{
    size_t size = (size_t)c->v.width + 2;
    c->rows[cluster] =
        realloc(c->rows[cluster], (size_t)(c->count[cluster] + 1) * size * sizeof(double));
    double *row = c->rows[cluster] + (size_t)c->count[cluster]++ * size;
    row[0] = w;
    row[1] = 1;
    memcpy(row + 2, x, (size_t)c->v.width * sizeof *x);
}

static void cases_free(struct cases *c)
{
    for (int i = 0; i < c->v.cluster_count; i++)
        free(c->rows[i]);
    free(c->rows);
    free(c->count);
}

/* Yes and No, E, H and M as places; all else as numbers. */
static double number_of(const struct api *a, int r, const char *name)
{
    const char *text = table_text(&a->records, r, name);
    static const char *const words[] = {"No", "E", "Yes", "H", "M"};
    static const int places[] = {1, 1, 2, 2, 3};
    for (int i = 0; i < 5; i++)
        if (strcmp(text, words[i]) == 0)
            return places[i];
    return table_number(&a->records, r, name);
}

/* A variable without a name is the record's place. */
static struct cases cases_of(const struct api *a, const char *domain, const char *const *names,
                             int width)
{
    struct cases c = cases_new(a->sample, a->sample->unit_count, width);
    for (int r = 0; r < a->records.rows; r++) {
        double x[8];
        bool known = api_in_domain(a, r, "stype", domain);
        for (int i = 0; i < width; i++)
            known &= !isnan(x[i] = names[i] ? number_of(a, r, names[i]) : r);
        if (known)
            cases_add(&c, a->psu[r], table_number(&a->records, r, "pw"), x);
    }
    for (int i = 0; i < c.v.cluster_count; i++)
        c.count[i] = vectors_sort(c.rows[i], c.count[i], width);
    return c;
}

/* ---- against R --------------------------------------------------------------------------------
 */

static const struct table *table;
static int row_at;

static void same(const char *head, double ours, double tolerance)
{
    double theirs = table_number(table, row_at, head);
    if (!same_number(ours, theirs, tolerance))
        fail_msg("row %d: %s of %s %s by %s in %s/%s is %.17g, R says %.17g", row_at + 2, head,
                 table_text(table, row_at, "kind"), table_text(table, row_at, "y"),
                 table_text(table, row_at, "x"), table_text(table, row_at, "sample"),
                 table_text(table, row_at, "domain"), ours, theirs);
}

/* A p value has the statistic's relative error times about the statistic squared. */
static void same_p(const char *head, double ours)
{
    same(head, ours, 1e-9 * (1 + fabs(log(ours))));
}

static bool is_rank(const char *kind)
{
    return *kind && strstr("wilcoxon vanderwaerden median kruskal", kind);
}

static void check_test(struct vectors *v, const char *kind)
{
    static const char *const names[] = {"ttest", "wilcoxon", "vanderwaerden", "median", "kruskal"};
    static const enum analysis_kind kinds[] = {TEST_T, TEST_WILCOXON, TEST_VANDERWAERDEN,
                                               TEST_MEDIAN, TEST_KRUSKAL};
    struct test_result r = {0};
    if (strcmp(kind, "chisq") == 0)
        r = test_twoway(v);
    else if (strcmp(kind, "paired") == 0)
        r = test_paired(v, 0.95);
    for (int i = 0; i < 5; i++)
        if (strcmp(kind, names[i]) == 0)
            r = test_groups(v, kinds[i], 0.95);
    same("n", (double)r.n, 0);
    same("df", r.df, 0);
    same("estimate", r.estimate, 1e-9);
    same("se", r.se, 1e-9);
    same("statistic", r.statistic, 1e-9);
    same("ndf", r.ndf, 1e-9);
    same("ddf", r.ddf, 1e-9);
    same("chisq", r.chisq, 1e-9);
    same("chisq_df", r.chisq_df, 0);
    same_p("p", r.p);
    if (!isnan(r.chisq))
        same_p("chisq_p", r.chisq_p);
}

static void test_reference(void **state)
{
    (void)state;
    struct table t = table_read("tests/reference/analyses-values.csv");
    table = &t;
    int checked = 0;
    for (row_at = 0; row_at < t.rows; row_at++) {
        const char *kind = table_text(&t, row_at, "kind");
        if (strcmp(kind, "gaussian") == 0 || strcmp(kind, "binomial") == 0)
            continue;
        struct api a = api_read(table_text(&t, row_at, "sample"),
                                table_number(&t, row_at, "fpc") != 0, LONELY_ADJUST);
        const char *items[] = {"api00", "enroll", "api.stu"};
        const char *pair[] = {table_text(&t, row_at, "y"), table_text(&t, row_at, "x"), NULL};
        bool alpha = strcmp(kind, "alpha") == 0, kappa = strcmp(kind, "kappa") == 0;
        struct cases c = cases_of(&a, table_text(&t, row_at, "domain"), alpha ? items : pair,
                                  alpha || is_rank(kind) ? 3 : 2);
        if (alpha || kappa) {
            struct estimate e = (alpha ? estimate_alpha : estimate_kappa)(&c.v, 0.95);
            same("estimate", e.value, 1e-9);
            same("se", e.se, 1e-9);
            assert_int_equal(e.df, table_number(&t, row_at, "df"));
        } else {
            check_test(&c.v, kind);
        }
        checked++;
        cases_free(&c);
        api_free(&a);
    }
    assert_true(checked > 150);
    table_free(&t);
}

/* Rows of one model stand together, in the order of our columns. */
static void test_models(void **state)
{
    (void)state;
    struct table t = table_read("tests/reference/analyses-values.csv");
    struct question question = {0};
    table = &t;
    int checked = 0;
    for (row_at = 0; row_at < t.rows;) {
        const char *kind = table_text(&t, row_at, "kind");
        bool logistic = strcmp(kind, "binomial") == 0;
        if (!logistic && strcmp(kind, "gaussian") != 0) {
            row_at++;
            continue;
        }
        struct api a = api_read(table_text(&t, row_at, "sample"),
                                table_number(&t, row_at, "fpc") != 0, LONELY_ADJUST);
        const char *linear[] = {"api00", "enroll", "stype", "api.stu"};
        const char *logit[] = {"sch.wide", "enroll", "stype", "api00"};
        struct cases c = cases_of(&a, "all", logistic ? logit : linear, 4);
        for (int i = 0; logistic && i < c.v.cluster_count; i++)
            for (int k = 0; k < c.count[i]; k++)
                c.rows[i][k * 6 + 2] -= 1;
        struct variable variables[4] = {[2] = {.question = &question}};
        struct analysis model = {.kind = logistic ? MODEL_BINOMIAL : MODEL_GAUSSIAN,
                                 .variables = variables,
                                 .variable_count = 4};
        struct regression *r = regression_fit(&c.v, &model, 0.95);
        assert_true(r->converged);
        assert_int_equal(r->count, 5);
        for (int i = 0; i < 5; i++, row_at++, checked++) {
            same("estimate", r->columns[i].estimate, 1e-9);
            same("se", r->columns[i].se, 1e-9);
            same("statistic", r->columns[i].t, 1e-9);
            same("ddf", r->df, 0);
            same_p("p", r->columns[i].p);
        }
        regression_free(r);
        cases_free(&c);
        api_free(&a);
    }
    assert_int_equal(checked, 60);
    table_free(&t);
}

/* NIST StRD, linear regression, Longley (1967): certified values. */
static void test_longley(void **state)
{
    (void)state;
    static const double data[16][7] = {
        {60323, 83.0, 234289, 2356, 1590, 107608, 1947},
        {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
        {60171, 88.2, 258054, 3682, 1616, 109773, 1949},
        {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
        {63221, 96.2, 328975, 2099, 3099, 112075, 1951},
        {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
        {64989, 99.0, 365385, 1870, 3547, 115094, 1953},
        {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
        {66019, 101.2, 397469, 2904, 3048, 117388, 1955},
        {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
        {68169, 108.4, 442769, 2936, 2798, 120445, 1957},
        {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
        {68655, 112.6, 482704, 3813, 2552, 123366, 1959},
        {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
        {69331, 115.7, 518173, 4806, 2572, 127852, 1961},
        {70551, 116.9, 554894, 4007, 2827, 130081, 1962},
    };
    static const double certified[] = {-3482258.63459582, 15.0618722713733,  -0.358191792925910E-01,
                                       -2.02022980381683, -1.03322686717359, -0.511041056535807E-01,
                                       1829.15146461355};
    struct cases c = cases_new(NULL, 1, 7);
    for (int i = 0; i < 16; i++)
        cases_add(&c, 0, 1, data[i]);
    struct variable variables[7] = {0};
    struct analysis model = {.kind = MODEL_GAUSSIAN, .variables = variables, .variable_count = 7};
    struct regression *r = regression_fit(&c.v, &model, 0.95);
    for (int i = 0; i < 7; i++) { /* 10 digits of 15: the condition number is 5e9 */
        if (!same_number(r->columns[i].estimate, certified[i], 1e-10))
            fail_msg("coefficient %d is %.17g, NIST says %.17g", i, r->columns[i].estimate,
                     certified[i]);
        assert_true(isnan(r->columns[i].se)); /* a census */
    }
    regression_free(r);
    cases_free(&c);
}

/* ---- not estimable ----------------------------------------------------------------------------
 */

static void test_separation(void **state)
{
    (void)state;
    int stratum[8] = {0};
    struct sample *s = sample_new(stratum, 8, 1, NULL, LONELY_FAIL);
    struct cases c = cases_new(s, 8, 2);
    for (int i = 0; i < 8; i++) {
        double x[] = {i > 3, i};
        cases_add(&c, i, 1, x);
    }
    struct variable variables[2] = {0};
    struct analysis model = {.kind = MODEL_BINOMIAL, .variables = variables, .variable_count = 2};
    struct regression *r = regression_fit(&c.v, &model, 0.95);
    assert_false(r->converged);
    assert_true(isnan(r->columns[1].estimate) && isnan(r->columns[1].p));
    regression_free(r);
    cases_free(&c);
    sample_free(s);
}

/* A column that is a multiple of another has no coefficient, and the rest are as without it. */
static void test_aliased(void **state)
{
    (void)state;
    int stratum[6] = {0};
    struct sample *s = sample_new(stratum, 6, 1, NULL, LONELY_FAIL);
    struct cases with = cases_new(s, 6, 3), without = cases_new(s, 6, 2);
    static const double y[] = {3, 5, 4, 8, 9, 14};
    for (int i = 0; i < 6; i++) {
        double x[] = {y[i], i / 3.0, i / 7.0};
        cases_add(&with, i, 1 + i % 2, x);
        cases_add(&without, i, 1 + i % 2, x);
    }
    struct variable variables[3] = {0};
    struct analysis model = {.kind = MODEL_GAUSSIAN, .variables = variables, .variable_count = 3};
    struct regression *a = regression_fit(&with.v, &model, 0.95);
    model.variable_count = 2;
    struct regression *b = regression_fit(&without.v, &model, 0.95);
    assert_true(a->columns[2].aliased && isnan(a->columns[2].estimate));
    assert_int_equal(a->df, b->df);
    assert_true(same_number(a->columns[1].estimate, b->columns[1].estimate, 1e-12));
    assert_true(same_number(a->columns[1].se, b->columns[1].se, 1e-12));
    regression_free(a);
    regression_free(b);
    cases_free(&with);
    cases_free(&without);
    sample_free(s);
}

/* One group, no cases, a constant scale, a census: nothing is made up. */
static void test_not_estimable(void **state)
{
    (void)state;
    int stratum[4] = {0};
    struct sample *s = sample_new(stratum, 4, 1, NULL, LONELY_FAIL);
    struct cases c = cases_new(s, 4, 2), census = cases_new(NULL, 2, 2);
    struct cases items = cases_new(s, 4, 3);
    assert_true(isnan(test_twoway(&c.v).p) && isnan(test_groups(&c.v, TEST_WILCOXON, 0.95).p));
    assert_true(isnan(estimate_kappa(&c.v, 0.95).value));
    assert_true(isnan(estimate_alpha(&items.v, 0.95).value));
    for (int i = 0; i < 4; i++) {
        double x[] = {i, 1, 4 - i};
        double same_items[] = {2, 2, 2};
        cases_add(&c, i, 1, x);
        cases_add(&items, i, 1, same_items);
        cases_add(&census, i % 2, 1, x);
    }
    assert_true(isnan(test_twoway(&c.v).p) && isnan(test_groups(&c.v, TEST_T, 0.95).p));
    assert_true(isnan(estimate_alpha(&items.v, 0.95).value));
    census.rows[0][3] = 2;
    assert_true(isnan(test_groups(&census.v, TEST_T, 0.95).p));
    cases_free(&c);
    cases_free(&items);
    cases_free(&census);
    sample_free(s);
}

/* Student's (1908) sleep data, all cases there are: t.test(paired = TRUE) of R, as its help has
 * it. */
static void test_sleep(void **state)
{
    (void)state;
    static const double hours[][2] = {{0.7, 1.9},   {-1.6, 0.8}, {-0.2, 1.1}, {-1.2, 0.1},
                                      {-0.1, -0.1}, {3.4, 4.4},  {3.7, 5.5},  {0.8, 1.6},
                                      {0, 4.6},     {2, 3.4}};
    struct cases c = cases_new(NULL, 2, 2);
    assert_true(isnan(test_paired(&c.v, 0.95).p));
    cases_add(&c, 0, 1, hours[0]);
    assert_true(isnan(test_paired(&c.v, 0.95).p));
    for (int i = 1; i < 10; i++)
        cases_add(&c, i % 2, 1, hours[i]);
    struct test_result r = test_paired(&c.v, 0.95);
    assert_int_equal(r.n, 10);
    assert_true(fabs(r.estimate - 1.58) < 1e-12 && r.ddf == 9);
    assert_true(fabs(r.statistic - 4.0621277) < 5e-8 && fabs(r.p - 0.00283289) < 5e-9);
    assert_true(fabs(r.t.low - 0.7001142367) < 5e-11 && fabs(r.t.high - 2.4598857633) < 5e-11);
    cases_free(&c);
}

/* The guide's scale (domain guide, D8): five people, three items. */
static void test_alpha_guide(void **state)
{
    (void)state;
    static const double people[][3] = {{4, 5, 4}, {3, 3, 2}, {5, 5, 5}, {2, 3, 3}, {4, 4, 5}};
    struct cases c = cases_new(NULL, 1, 3);
    for (int i = 0; i < 5; i++)
        cases_add(&c, 0, 1, people[i]);
    struct estimate e = estimate_alpha(&c.v, 0.95);
    assert_true(fabs(e.value - 0.917476) < 5e-7 && isnan(e.se));
    cases_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),   cmocka_unit_test(test_models),
        cmocka_unit_test(test_longley),     cmocka_unit_test(test_separation),
        cmocka_unit_test(test_aliased),     cmocka_unit_test(test_not_estimable),
        cmocka_unit_test(test_alpha_guide), cmocka_unit_test(test_sleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
