/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawing samples: against R's sampling package (tests/reference/selection.R), by going through
 * every random number, and sample sizes against the published table of Krejcie and Morgan (1970).
 */
#include "formats/csv.h"
#include "instrument/selection.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { UNITS = 64 };

static int read_numbers(const char *text, double out[UNITS])
{
    int n = 0;
    for (char *end; *text && n < UNITS; text = end)
        out[n++] = strtod(text, &end);
    return n;
}

/* case, n, random, sizes, p, drawn */
static bool on_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    double sizes[UNITS], wanted[UNITS], drawn[UNITS], p[UNITS];
    bool selected[UNITS];
    (void)cut;
    assert_int_equal(count, 6);
    if (no == 1)
        return true;
    int n = atoi(cells[1].text), units = read_numbers(cells[3].text, sizes), certain = 0;
    assert_int_equal(read_numbers(cells[4].text, wanted), units);
    assert_int_equal(read_numbers(cells[5].text, drawn), units);
    pps_probabilities(sizes, units, n, p);
    struct pps_draw d = pps_systematic(sizes, p, units, n, strtod(cells[2].text, NULL), selected);
    for (int i = 0; i < units; i++) {
        assert_true(fabs(p[i] - wanted[i]) < 1e-12);
        assert_int_equal(selected[i], drawn[i] != 0);
        certain += p[i] == 1;
    }
    assert_int_equal(d.drawn, n);
    assert_int_equal(d.certain, certain);
    ++*(int *)user;
    return true;
}

static void same_as_the_sampling_package(void **state)
{
    int rows = 0;
    char why[512];
    struct sheet_handler h = {.row = on_row, .user = &rows};
    (void)state;
    assert_int_equal(csv_read("tests/reference/selection-values.csv", "utf-8", &h, why, sizeof why),
                     0);
    assert_int_equal(rows, 24);
}

/* Every unit is drawn by that share of the starts that is its probability. */
static void starts_share_out_the_probabilities(void **state)
{
    static const double sizes[] = {900, 20, 35, 60, 10, 80, 45, 30, 25, 95};
    enum { N = 10, STARTS = 100000 };
    double p[N];
    long times[N] = {0};
    bool selected[N];
    (void)state;
    assert_int_equal(pps_probabilities(sizes, N, 4, p), 1);
    for (int s = 0; s < STARTS; s++) {
        struct pps_draw d = pps_systematic(sizes, p, N, 4, (s + 0.5) / STARTS, selected);
        assert_int_equal(d.drawn, 4);
        for (int i = 0; i < N; i++)
            times[i] += selected[i];
    }
    for (int i = 0; i < N; i++)
        assert_true(fabs((double)times[i] / STARTS - p[i]) < 2.0 / STARTS);
}

static void all_are_certain_when_all_are_wanted(void **state)
{
    static const double sizes[] = {3, 1, 2};
    double p[3];
    bool selected[3];
    (void)state;
    for (int n = 3; n < 5; n++) {
        assert_int_equal(pps_probabilities(sizes, 3, n, p), 3);
        struct pps_draw d = pps_systematic(sizes, p, 3, n, 0.4, selected);
        assert_true(selected[0] && selected[1] && selected[2]);
        assert_int_equal(d.drawn, 3);
    }
}

static void every_household_has_the_same_chance(void **state)
{
    enum { SIZE = 23, TAKE = 7, MILLION = 1000000 };
    long times[SIZE + 1] = {0}, reserves[SIZE + 1] = {0};
    (void)state;
    for (long r = 1; r < MILLION; r++) {
        long last = 0;
        for (int i = 0; i < TAKE; i++) {
            long n = systematic_number(r, i, SIZE, TAKE), m = reserve_number(r, i, SIZE, TAKE);
            assert_true(n > last && n <= SIZE && m >= 1 && m <= SIZE && m != n);
            times[last = n]++;
            reserves[m]++;
        }
    }
    for (int i = 1; i <= SIZE; i++) {
        assert_true(fabs((double)times[i] / MILLION - (double)TAKE / SIZE) < 3e-6);
        assert_true(fabs((double)reserves[i] / MILLION - (double)TAKE / SIZE) < 3e-6);
    }
}

/* Numbers that binary fractions miss: 0.3 of 20 is 6 and not 7. */
static void steps_are_exact(void **state)
{
    (void)state;
    assert_int_equal(systematic_number(300000, 0, 400, 20), 6);
    assert_int_equal(systematic_number(300000, 1, 400, 20), 26);
    assert_int_equal(systematic_number(999999, 19, 400, 20), 400);
    assert_int_equal(systematic_number(1, 0, 400, 20), 1);
    assert_int_equal(systematic_number(500000, 6, 7, 7), 7);
}

static void no_household_is_drawn_and_in_reserve(void **state)
{
    (void)state;
    for (long size = 10; size < 60; size++)
        for (int take = 1; 2 * take <= size; take++)
            for (long r = 1; r < 1000000; r += 99991)
                for (int i = 0; i < take; i++)
                    for (int k = 0; k < take; k++)
                        assert_int_not_equal(systematic_number(r, i, size, take),
                                             reserve_number(r, k, size, take));
}

static void reserves_have_an_order_by_chance(void **state)
{
    enum { TAKE = 20 };
    int steps[TAKE], other[TAKE];
    bool seen[TAKE] = {0};
    (void)state;
    reserve_steps("1", "a", TAKE, TAKE, steps);
    reserve_steps("1", "b", TAKE, TAKE, other);
    for (int i = 0; i < TAKE; i++) {
        assert_in_range(steps[i], 0, TAKE - 1);
        assert_false(seen[steps[i]]);
        seen[steps[i]] = true;
    }
    assert_memory_not_equal(steps, other, sizeof steps);
    reserve_steps("1", "a", TAKE, 3, other);
    assert_memory_equal(steps, other, 3 * sizeof *steps);
}

/* printf '%s' 20250411:411523100201 | sha256sum  begins with 7f62193460ed87c */
static void random_numbers_are_digests(void **state)
{
    double sum = 0;
    char what[16];
    (void)state;
    unsigned long long h = strtoull("7f62193460ed87c", NULL, 16);
    assert_true(selection_random("20250411", "411523100201", 6) == (double)(1 + h % 999999) / 1e6);
    for (int i = 0; i < 10000; i++) {
        snprintf(what, sizeof what, "%d", i);
        double r = selection_random("7", what, 9);
        assert_true(r > 0 && r < 1);
        sum += r;
    }
    assert_true(fabs(sum / 10000 - 0.5) < 0.012); /* four standard errors */
}

/* Their s for d = 0.05, P = 0.5 and a chi-square of 3.841. */
static void sizes_of_krejcie_and_morgan(void **state)
{
    static const int table[][2] = {{10, 10},    {100, 80},    {500, 217},   {1000, 278},
                                   {2000, 322}, {10000, 370}, {50000, 381}, {1000000, 384}};
    struct precision p = {0.05, 0.5, 0.95, 1, 1, 0};
    double simple;
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        p.population = table[i][0];
        assert_int_equal(lround(sample_size(&p, &simple)), table[i][1]);
    }
    p = (struct precision){0.03, 0.5, 0.95, 2, 0.8, 0};
    assert_true(fabs(sample_size(&p, &simple) - simple * 2.5) < 1e-9);
    assert_int_equal(ceil(simple), 1068); /* Cochran 1977: 1.96² 0.25/0.03² = 1067.1 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_the_sampling_package),
        cmocka_unit_test(starts_share_out_the_probabilities),
        cmocka_unit_test(all_are_certain_when_all_are_wanted),
        cmocka_unit_test(every_household_has_the_same_chance),
        cmocka_unit_test(steps_are_exact),
        cmocka_unit_test(no_household_is_drawn_and_in_reserve),
        cmocka_unit_test(reserves_have_an_order_by_chance),
        cmocka_unit_test(random_numbers_are_digests),
        cmocka_unit_test(sizes_of_krejcie_and_morgan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
