/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Composite indices against the values of the domain guide (D8), which were worked out by hand.
 */
#include "reference.h"

#include "estimate/composite.h"
#include "estimate/inequality.h"

static const double X[] = {12, 3.0, 40, 15, 2.0, 55, 9, 5.0, 35, 20, 4.0, 60};
static const bool NEGATIVE[] = {false, true, false};

static void near(double ours, double printed)
{
    if (!(fabs(ours - printed) < 5.1e-7)) /* six decimals */
        fail_msg("%.9g is not %.6f", ours, printed);
}

static void weights_of(double *scaled, bool *constant, double *entropy, double *weights)
{
    minmax(X, 4, 3, NEGATIVE, NULL, scaled, constant);
    entropy_weights(scaled, 4, 3, constant, entropy, weights);
}

static void test_entropy(void **state)
{
    (void)state;
    double scaled[12], e[3], w[3], scores[4];
    bool constant[3];
    weights_of(scaled, constant, e, w);
    near(e[0], 0.703004), near(e[1], 0.729574), near(e[2], 0.680482);
    near(w[0], 0.334855), near(w[1], 0.304898), near(w[2], 0.360247);
    weighted_scores(scaled, 4, 3, w, scores);
    near(scores[0], 0.366639), near(scores[1], 0.775744), near(scores[3], 0.796735);
    assert_true(scores[2] == 0);
    int ranks[4];
    ranks_of(scores, 4, ranks);
    assert_true(ranks[0] == 3 && ranks[1] == 2 && ranks[2] == 4 && ranks[3] == 1);
}

/* The second and the fourth change places. */
static void test_topsis(void **state)
{
    (void)state;
    double scaled[12], e[3], w[3], close[4];
    bool constant[3];
    weights_of(scaled, constant, e, w);
    assert_int_equal(topsis(X, 4, 3, NEGATIVE, constant, w, close), 0);
    near(close[0], 0.338230), near(close[1], 0.735960), near(close[3], 0.585696);
    assert_true(close[2] == 0);
    double zero[12];
    memcpy(zero, X, sizeof X);
    zero[1] = 0;
    assert_int_equal(topsis(zero, 4, 3, NEGATIVE, constant, w, close), -1);
}

static void test_ahp(void **state)
{
    (void)state;
    double w[3];
    struct consistency c;
    static const double a[] = {1, 3, 5, 1 / 3.0, 1, 3, 1 / 5.0, 1 / 3.0, 1};
    assert_int_equal(ahp_weights(a, 3, w, &c), 0);
    near(w[0], 0.636986), near(w[1], 0.258285), near(w[2], 0.104729);
    near(c.lambda, 3.038511), near(c.ci, 0.019256), near(c.cr, 0.033199);
    static const double bad[] = {1, 9, 1 / 9.0, 1 / 9.0, 1, 9, 9, 1 / 9.0, 1};
    assert_int_equal(ahp_weights(bad, 3, w, &c), 0);
    assert_true(c.cr >= 0.1);
    static const double crooked[] = {1, 3, 3, 1};
    assert_int_equal(ahp_weights(crooked, 2, w, &c), -1);
    static const double two[] = {1, 3, 1 / 3.0, 1};
    assert_int_equal(ahp_weights(two, 2, w, &c), 0);
    assert_true(c.cr == 0 && fabs(w[0] - 0.75) < 1e-15);
}

static void test_coupling(void **state)
{
    (void)state;
    static const double a[] = {0.6, 0.4}, b[] = {0.9, 0.3}, c[] = {0.5, 0.6, 0.7};
    static const double half[] = {0.5, 0.5}, third[] = {1 / 3.0, 1 / 3.0, 1 / 3.0};
    struct coupling x = coupling_of(a, half, 2);
    near(x.c, 0.979796), near(x.t, 0.5), near(x.d, 0.699927), near(x.c_modified, 0.730297);
    x = coupling_of(b, half, 2);
    near(x.c, 0.866025), near(x.t, 0.6), near(x.d, 0.720843);
    x = coupling_of(c, third, 3);
    near(x.c, 0.990654), near(x.t, 0.6), near(x.d, 0.770968);
    assert_string_equal(coordination_band(0.699927), "初级协调");
    assert_string_equal(coordination_band(0.7), "中级协调");
    assert_string_equal(coordination_band(1), "优质协调");
    static const double zero[] = {0, 0.5};
    x = coupling_of(zero, half, 2);
    assert_true(x.c == 0 && x.d == 0 && x.c_modified == 0);
}

/* A constant column has no weight; a fixed base keeps years comparable. */
static void test_minmax(void **state)
{
    (void)state;
    static const double x[] = {1, 7, 3, 7, 2, 7};
    static const bool negative[] = {false, false};
    double scaled[6], e[2], w[2];
    bool constant[2];
    minmax(x, 3, 2, negative, NULL, scaled, constant);
    assert_true(!constant[0] && constant[1] && scaled[1] == 0);
    entropy_weights(scaled, 3, 2, constant, e, w);
    assert_true(w[0] == 1 && w[1] == 0 && isnan(e[1]));
    static const double base[] = {0, 4, NAN, NAN};
    minmax(x, 3, 2, negative, base, scaled, constant);
    assert_true(scaled[0] == 0.25 && scaled[2] == 0.75);
}

static void test_quadrants(void **state)
{
    (void)state;
    assert_string_equal(importance_quadrant(4, 2, 3, 3), "重点改进");
    assert_string_equal(importance_quadrant(4, 4, 3, 3), "优势保持");
    assert_string_equal(importance_quadrant(2, 4, 3, 3), "供给有余");
    assert_string_equal(importance_quadrant(2, 2, 3, 3), "次要关注");
}

/* Incomes 1, 2 | 3, 4, 9 with weights: within and between add up to the whole. */
static void test_theil(void **state)
{
    (void)state;
    static const double income[] = {1, 2, 3, 4, 9}, weight[] = {2, 1, 3, 1.5, 0.7};
    for (int is_l = 0; is_l < 2; is_l++) {
        enum statistic s = is_l ? STAT_THEIL_L : STAT_THEIL_T;
        struct cell_sums sums[2], all = cell_sums_new(SUMS_RATIO, 1);
        for (int g = 0; g < 2; g++)
            sums[g] = cell_sums_new(SUMS_RATIO, 1);
        for (int i = 0; i < 5; i++) {
            double y = income[i], x;
            assert_true(inequality_terms(s, 0, &y, &x));
            cell_sums_add(&sums[i > 1], 0, weight[i], y, x);
            cell_sums_add(&all, 0, weight[i], y, x);
        }
        double w[2], y[2], t[2];
        for (int g = 0; g < 2; g++) {
            struct moments m = cell_sums_all(&sums[g]);
            w[g] = m.w;
            y[g] = m.w * m.mean_x;
            t[g] = estimate_inequality(s, 0, NULL, &sums[g], NULL, 0.95).value;
            cell_sums_free(&sums[g]);
        }
        struct theil_parts parts = theil_parts(w, y, t, 2, is_l);
        double whole = estimate_inequality(s, 0, NULL, &all, NULL, 0.95).value;
        cell_sums_free(&all);
        assert_true(fabs(parts.within + parts.between - whole) < 1e-12);
        assert_true(parts.between > 0 && parts.within > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entropy), cmocka_unit_test(test_topsis),
        cmocka_unit_test(test_ahp),     cmocka_unit_test(test_coupling),
        cmocka_unit_test(test_minmax),  cmocka_unit_test(test_quadrants),
        cmocka_unit_test(test_theil),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
