/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which unknowns a linear system determines, beside the null space of GSL's singular value
 * decomposition: an unknown is determined where all vectors of the null space are 0.
 */
#include "reference.h"

#include "estimate/determined.h"

#include <gsl/gsl_linalg.h>
#include <stdlib.h>

static unsigned next_number(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

static void null_space(const gsl_matrix *rows, bool *known)
{
    size_t n = rows->size2;
    gsl_matrix *u = gsl_matrix_alloc(rows->size1, n), *v = gsl_matrix_alloc(n, n);
    gsl_vector *sizes = gsl_vector_alloc(n), *work = gsl_vector_alloc(n);
    gsl_matrix_memcpy(u, rows);
    gsl_linalg_SV_decomp(u, v, sizes, work);
    for (size_t i = 0; i < n; i++) {
        known[i] = true;
        for (size_t k = 0; k < n; k++)
            if (gsl_vector_get(sizes, k) < 1e-9 && fabs(gsl_matrix_get(v, i, k)) > 1e-7)
                known[i] = false;
    }
    gsl_matrix_free(u);
    gsl_matrix_free(v);
    gsl_vector_free(sizes);
    gsl_vector_free(work);
}

/* `rows` of up to `longest` unknowns with small coefficients. */
static int try_system(int unknowns, int rows, int longest, unsigned *seed)
{
    gsl_matrix *m =
        gsl_matrix_calloc((size_t)(rows > unknowns ? rows : unknowns), (size_t)unknowns);
    struct linear_system *s = linear_system_new(unknowns);
    int *unknown = malloc((size_t)unknowns * sizeof *unknown), found = 0;
    int *coefficient = malloc((size_t)unknowns * sizeof *coefficient);
    bool *known = malloc((size_t)unknowns), *expected = malloc((size_t)unknowns);
    for (int r = 0; r < rows; r++) {
        int count = 0, length = 1 + (int)next_number(seed) % longest;
        for (int c = 0; c < unknowns && count < length; c++) {
            if ((int)(next_number(seed) % (unsigned)unknowns) >= 2 * length)
                continue;
            unknown[count] = c;
            coefficient[count] = (int)(next_number(seed) % 7) - 3;
            gsl_matrix_set(m, (size_t)r, (size_t)c, coefficient[count++]);
        }
        linear_system_row(s, unknown, coefficient, count);
    }
    linear_system_determined(s, known);
    null_space(m, expected);
    for (int c = 0; c < unknowns; c++) {
        assert_int_equal(known[c], expected[c]);
        found += known[c];
    }
    linear_system_free(s);
    gsl_matrix_free(m);
    free(unknown);
    free(coefficient);
    free(known);
    free(expected);
    return found;
}

static void test_random_systems(void **state)
{
    (void)state;
    unsigned seed = 7;
    int determined = 0, all = 0;
    for (int i = 0; i < 400; i++) {
        int unknowns = 2 + (int)next_number(&seed) % 30;
        int rows = 1 + (int)next_number(&seed) % (unknowns + 3);
        determined += try_system(unknowns, rows, 4, &seed);
        all += unknowns;
    }
    assert_true(determined > all / 10 && determined < 9 * all / 10);
}

static void test_nothing(void **state)
{
    (void)state;
    bool known[2] = {true, true};
    struct linear_system *s = linear_system_new(2);
    linear_system_row(s, (int[]){0, 1}, (int[]){0, 0}, 2);
    linear_system_row(s, NULL, NULL, 0);
    linear_system_determined(s, known);
    assert_false(known[0] || known[1]);
    linear_system_free(s);
    s = linear_system_new(0);
    linear_system_determined(s, known);
    linear_system_free(s);
}

/* x + y and 5x + y give both, as the share of two answers and their mean do. */
static void test_mean_of_answers(void **state)
{
    (void)state;
    bool known[2];
    struct linear_system *s = linear_system_new(2);
    linear_system_row(s, (int[]){0, 1}, (int[]){1, 1}, 2);
    linear_system_row(s, (int[]){0, 1}, (int[]){5, 1}, 2);
    linear_system_determined(s, known);
    assert_true(known[0] && known[1]);
    linear_system_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_systems),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_mean_of_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
