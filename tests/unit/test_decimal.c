/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Printing of numbers, against GB/T 8170's rules and against rounding done in exact integers.
 */
#include "output/decimal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(double value, int decimals, int flags, const char *want)
{
    struct buf b = {0};
    decimal_put(&b, value, decimals, flags);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
}

/* 四舍六入五成双: the cases of the guide, and ties that binary numbers hold inexactly. */
static void test_even(void **state)
{
    (void)state;
    expect(0.125, 2, 0, "0.12");
    expect(2.5, 0, 0, "2");
    expect(3.5, 0, 0, "4");
    expect(-2.5, 0, 0, "−2");
    expect(0.15, 1, 0, "0.2");
    expect(0.25, 1, 0, "0.2");
    expect(0.35, 1, 0, "0.4");
    expect(1.0050, 2, 0, "1.00");
    expect(1.00501, 2, 0, "1.01");
    expect(0.5, 0, 0, "0");
}

static void test_half_up(void **state)
{
    (void)state;
    expect(0.125, 2, DECIMAL_HALF_UP, "0.13");
    expect(2.5, 0, DECIMAL_HALF_UP, "3");
    expect(-2.5, 0, DECIMAL_HALF_UP, "−3");
    expect(0.25, 1, DECIMAL_HALF_UP, "0.3");
    expect(1.005, 2, DECIMAL_HALF_UP, "1.01");
    expect(0.05, 1, DECIMAL_HALF_UP, "0.1");
}

static void test_carries(void **state)
{
    (void)state;
    expect(9.96, 1, 0, "10.0");
    expect(99.95, 1, 0, "100.0"); /* a tie; the digit before it is odd */
    expect(0.96, 0, 0, "1");
    expect(0.096, 1, 0, "0.1");
    expect(0.04, 1, 0, "0.0");
    expect(-0.04, 1, 0, "0.0"); /* no minus zero */
    expect(0, 2, 0, "0.00");
    expect(-0.0, 1, 0, "0.0");
    expect(0.012, 2, 0, "0.01");
}

static void test_groups(void **state)
{
    (void)state;
    expect(1030702.73983416, 0, DECIMAL_GROUP, "1,030,703");
    expect(4457, 0, DECIMAL_GROUP, "4457");
    expect(12345.6, 1, DECIMAL_GROUP, "12,345.6");
    expect(-80870, 0, DECIMAL_GROUP, "−80,870");
    expect(-1.5, 1, DECIMAL_PLAIN, "-1.5");
}

static void test_not_numbers(void **state)
{
    (void)state;
    expect(NAN, 1, 0, "—");
    expect(INFINITY, 1, 0, "—");
    expect(NAN, 1, DECIMAL_PLAIN, "");
}

static void test_large(void **state)
{
    (void)state;
    expect(123456789012345678.0, 0, 0, "123456789012345680");
    expect(1e22, 2, 0, "10000000000000000000000.00");
}

/* Thousandths of every integer below 100000, rounded to two decimals in integer arithmetic. */
static void test_exhaustive(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++) {
        char want[40];
        int whole = i / 10, rest = i % 10;
        whole += rest > 5 || (rest == 5 && whole % 2 == 1);
        snprintf(want, sizeof want, "%d.%02d", whole / 100, whole % 100);
        expect(i / 1000.0, 2, 0, want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_even),        cmocka_unit_test(test_half_up),
        cmocka_unit_test(test_carries),     cmocka_unit_test(test_groups),
        cmocka_unit_test(test_not_numbers), cmocka_unit_test(test_large),
        cmocka_unit_test(test_exhaustive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
