/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Moments of sums against a two-pass computation in long double, many cells against one, and sums
 * that lose everything in plain double.
 */
#include "reference.h"

#include "estimate/sums.h"

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

/* Of all records in so many cells of different sizes. */
static struct moments added(int cells)
{
    struct cell_sums sums = cell_sums_new(SUMS_RATIO, cells);
    for (int i = 0; i < N; i++)
        cell_sums_add(&sums, i * i % cells, w[i], y[i], x[i]);
    struct moments m = cell_sums_all(&sums);
    cell_sums_free(&sums);
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
    struct moments m = added(1);
    check_against_two_passes(&m, 1e-12);
    make_records(1e8); /* the textbook formula in double is left with no digit here */
    m = added(1);
    check_against_two_passes(&m, 1e-12);
}

/* Cells do not show, not even in the last bit. */
static void test_cells(void **state)
{
    (void)state;
    make_records(50000);
    struct moments one = added(1), many = added(97);
    check_against_two_passes(&many, 1e-12);
    assert_true(one.w == many.w && one.mean_y == many.mean_y && one.mean_x == many.mean_x);
    assert_true(one.s_yy == many.s_yy && one.s_xy == many.s_xy && one.s_xx == many.s_xx);
}

static void test_constant_is_exact(void **state)
{
    (void)state;
    make_records(0);
    struct cell_sums cells = cell_sums_new(SUMS_RATIO, 10);
    for (int i = 0; i < 1000; i++)
        cell_sums_add(&cells, i / 100, w[i], 0.1, 1);
    struct moments all = cell_sums_all(&cells);
    assert_true(all.mean_y == 0.1 && all.s_yy == 0 && all.s_xx == 0);
    assert_int_equal(all.n, 1000);
    cell_sums_free(&cells);
}

/* Five department figures add up to what the clerk's calculator says. */
static void test_total_is_exact(void **state)
{
    (void)state;
    double figures[] = {5, 8, 12, 19, 0.5};
    struct cell_sums cell = cell_sums_new(SUMS_TOTAL, 1);
    for (int i = 0; i < 5; i++)
        cell_sums_add(&cell, 0, 1, figures[i], 1);
    struct moments all = cell_sums_all(&cell);
    assert_true(sum_value(&all.sum_y) == 44.5 && all.top[0] == 19 && all.top[1] == 12);
    cell_sums_free(&cell);
}

/* As if there were no such record. */
static void test_zero_weights(void **state)
{
    (void)state;
    struct cell_sums cell = cell_sums_new(SUMS_VALUE, 1);
    cell_sums_add(&cell, 0, 0, 7, 1);
    assert_true(cell_sums_n(&cell, 0) == 0 && cell_sums_all(&cell).w == 0);
    cell_sums_add(&cell, 0, 2, 5, 1);
    struct moments m = cell_sums_all(&cell);
    assert_true(m.n == 1 && m.w == 2 && m.mean_y == 5 && m.s_yy == 0);
    cell_sums_free(&cell);
}

/* The same records with three times their weight; n stays. */
static void test_scaled(void **state)
{
    (void)state;
    make_records(50000);
    struct sums cell[SUMS_LINES_MOST] = {{{0}, {0}}}, one[SUMS_LINES_MOST];
    for (int i = 0; i < N; i++) {
        sums_of(SUMS_RATIO, w[i], y[i], x[i], one);
        sums_merge(SUMS_RATIO, cell, one);
        w[i] *= 3;
    }
    sums_scale(SUMS_RATIO, cell, 3);
    struct moments m = sums_moments(SUMS_RATIO, cell);
    check_against_two_passes(&m, 1e-12);
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
        cmocka_unit_test(test_against_two_passes),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_constant_is_exact),
        cmocka_unit_test(test_zero_weights),
        cmocka_unit_test(test_total_is_exact),
        cmocka_unit_test(test_compensated_sum),
        cmocka_unit_test(test_scaled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
