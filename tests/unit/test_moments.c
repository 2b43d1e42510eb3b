/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Moments against a two-pass computation in long double, merging against adding, and sums that
 * lose everything in plain double.
 */
#include "reference.h"

#include "estimate/moments.h"

enum { N = 5000 };
static double w[N], y[N], x[N];

/* Income-like values far from 0 with small differences, the case that loses digits. */
static void make_records(double offset)
{
    uint64_t seed = 7;
    for (int i = 0; i < N; i++) {
        double u[3];
        for (int k = 0; k < 3; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            u[k] = (double)(seed >> 11) / 9007199254740992.0;
        }
        w[i] = 100 + 200 * u[0];
        x[i] = offset + 5 * u[1];
        y[i] = offset + 3 * u[1] + u[2];
    }
}

static struct moments added(int from, int to)
{
    struct moments m = {0};
    for (int i = from; i < to; i++)
        moments_add(&m, w[i], y[i], x[i]);
    return m;
}

static void check_against_two_passes(const struct moments *m, double tolerance)
{
    long double sw = 0, sy = 0, sx = 0, yy = 0, xy = 0, xx = 0;
    for (int i = 0; i < N; i++) {
        sw += w[i];
        sy += (long double)w[i] * y[i];
        sx += (long double)w[i] * x[i];
    }
    for (int i = 0; i < N; i++) {
        long double dy = y[i] - sy / sw, dx = x[i] - sx / sw;
        yy += w[i] * dy * dy;
        xy += w[i] * dy * dx;
        xx += w[i] * dx * dx;
    }
    assert_int_equal(m->n, N);
    assert_true(same_number(m->w, (double)sw, 1e-13));
    assert_true(same_number(m->mean_y, (double)(sy / sw), 1e-13));
    assert_true(same_number(m->mean_x, (double)(sx / sw), 1e-13));
    assert_true(same_number(sum_value(&m->sum_y), (double)sy, 1e-15));
    assert_true(same_number(m->s_yy, (double)yy, tolerance));
    assert_true(same_number(m->s_xy, (double)xy, tolerance));
    assert_true(same_number(m->s_xx, (double)xx, tolerance));
}

static void test_against_two_passes(void **state)
{
    (void)state;
    make_records(0);
    struct moments m = added(0, N);
    check_against_two_passes(&m, 1e-12);
    make_records(1e8); /* the textbook formula is left with no digit here */
    m = added(0, N);
    check_against_two_passes(&m, 1e-7);
}

static void test_merge(void **state)
{
    (void)state;
    make_records(50000);
    struct moments all = {0};
    for (int from = 0, step = 1; from < N; from += step, step = step * 3 % 97 + 1) {
        struct moments part = added(from, from + step < N ? from + step : N);
        moments_merge(&all, &part);
    }
    check_against_two_passes(&all, 1e-10);
    struct moments empty = {0}, before = all;
    moments_merge(&all, &empty);
    assert_memory_equal(&all, &before, sizeof all);
}

static void test_constant_is_exact(void **state)
{
    (void)state;
    make_records(0);
    struct moments all = {0};
    for (int g = 0; g < 10; g++) {
        struct moments part = {0};
        for (int i = 0; i < 100; i++)
            moments_add(&part, w[100 * g + i], 0.1, 1);
        moments_merge(&all, &part);
    }
    assert_true(all.mean_y == 0.1 && all.s_yy == 0 && all.s_xx == 0);
    assert_int_equal(all.n, 1000);
}

/* Five department figures add up to what the clerk's calculator says. */
static void test_total_is_exact(void **state)
{
    (void)state;
    double figures[] = {5, 8, 12, 19, 0.5};
    struct moments all = {0};
    for (int i = 0; i < 5; i++)
        moments_add(&all, 1, figures[i], 1);
    assert_true(sum_value(&all.sum_y) == 44.5);
}

static void test_zero_weights(void **state)
{
    (void)state;
    struct moments m = {0};
    moments_add(&m, 0, 5, 1);
    assert_true(m.n == 1 && m.w == 0 && m.mean_y == 0);
    moments_add(&m, 2, 5, 1);
    assert_true(m.n == 2 && m.w == 2 && m.mean_y == 5 && m.s_yy == 0);
}

static void test_compensated_sum(void **state)
{
    (void)state;
    struct sum s = {0};
    double parts[] = {1, 1e100, 1, -1e100};
    for (int i = 0; i < 4; i++)
        sum_add(&s, parts[i]);
    assert_true(sum_value(&s) == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_two_passes), cmocka_unit_test(test_merge),
        cmocka_unit_test(test_constant_is_exact),  cmocka_unit_test(test_zero_weights),
        cmocka_unit_test(test_total_is_exact),     cmocka_unit_test(test_compensated_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
