/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Linear relations between columns of numbers: those put in are found and hold, no others are.
 */
#include "reference.h"

#include "estimate/relations.h"

enum { PLACES = 60 };

static unsigned next_number(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

static int put(struct relations *r, const double *numbers)
{
    int column = relations_column(r);
    for (int i = 0; i < PLACES; i++)
        relations_put(r, column, (uint64_t)i, numbers[i]);
    return column;
}

/* Cases are the sum of three answers; the mean is 1, 2 and 3 of them; money in yuan and in ten
 * thousand; a total beside it that one place spoils. */
static void test_answers_and_money(void **state)
{
    (void)state;
    double answer[3][PLACES], cases[PLACES], mean[PLACES], yuan[PLACES], wan[PLACES],
        spoilt[PLACES];
    unsigned seed = 3;
    for (int i = 0; i < PLACES; i++) {
        for (int k = 0; k < 3; k++)
            answer[k][i] = 236.7 * (next_number(&seed) % 20);
        cases[i] = answer[0][i] + answer[1][i] + answer[2][i];
        mean[i] = answer[0][i] + 2 * answer[1][i] + 3 * answer[2][i];
        yuan[i] = next_number(&seed) * 13.07;
        wan[i] = yuan[i] / 10000;
        spoilt[i] = yuan[i] + (i == 7);
    }
    struct relations *r = relations_new();
    int all = put(r, cases), a = put(r, answer[0]), b = put(r, answer[1]), c = put(r, answer[2]);
    int scale = put(r, mean), money = put(r, yuan), tens = put(r, wan);
    put(r, spoilt);
    relations_find(r);
    assert_int_equal(r->count, 3);
    const struct relation *last = &r->items[0];
    assert_int_equal(last->count, 4);
    assert_int_equal(last->columns[0], c);
    assert_int_equal(last->columns[1], all);
    assert_int_equal(last->coefficients[1], -1);
    assert_int_equal(last->columns[2], a);
    assert_int_equal(last->coefficients[2], 1);
    /* 3 cases - 2 a - b, the third answer being what the others leave. */
    const struct relation *of_scale = &r->items[1];
    assert_int_equal(of_scale->columns[0], scale);
    assert_int_equal(of_scale->columns[1], all);
    assert_int_equal(of_scale->coefficients[1], -3 * of_scale->coefficients[0]);
    assert_int_equal(of_scale->columns[3], b);
    assert_int_equal(of_scale->coefficients[3], of_scale->coefficients[0]);
    const struct relation *of_money = &r->items[2];
    assert_int_equal(of_money->count, 2);
    assert_int_equal(of_money->columns[0], tens);
    assert_int_equal(of_money->columns[1], money);
    assert_int_equal(of_money->coefficients[0], -10000 * of_money->coefficients[1]);
    relations_free(r);
}

/* More columns than places: all that follow are determined, but by no small fractions. */
static void test_few_places(void **state)
{
    (void)state;
    double numbers[PLACES];
    unsigned seed = 9;
    struct relations *r = relations_new();
    for (int c = 0; c < PLACES + 10; c++) {
        for (int i = 0; i < PLACES; i++)
            numbers[i] = next_number(&seed);
        put(r, numbers);
    }
    relations_find(r);
    assert_int_equal(r->count, 0);
    relations_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_and_money),
        cmocka_unit_test(test_few_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
