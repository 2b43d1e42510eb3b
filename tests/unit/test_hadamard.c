/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Matrices of balanced half-samples: orthogonal, and entry by entry those of R's survey package
 * (tests/reference/hadamard.R).
 */
#include "estimate/hadamard.h"
#include "reference.h"

static void rows_are_orthogonal(void **state)
{
    (void)state;
    for (int n = 1; n <= 80; n++) {
        int size;
        unsigned char *h = hadamard_matrix(n, &size);
        assert_non_null(h);
        assert_true(size > n);
        for (int a = 0; a < size; a++)
            for (int b = 0; b < a; b++) {
                int alike = 0;
                for (int c = 0; c < size; c++)
                    alike += h[a * size + c] == h[b * size + c];
                assert_int_equal(2 * alike, size);
            }
        free(h);
    }
}

static long check_sum(const unsigned char *h, int size)
{
    long sum = 0;
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
            sum += h[i * size + j] * ((31L * i + 17L * j) % 1009);
    return sum;
}

static void same_as_the_survey_package(void **state)
{
    struct table wanted = table_read("tests/reference/hadamard.csv");
    (void)state;
    assert_int_equal(wanted.rows, 303);
    for (int r = 0; r < wanted.rows; r++) {
        int size = 0;
        unsigned char *h = hadamard_matrix((int)table_number(&wanted, r, "n"), &size);
        assert_non_null(h);
        assert_int_equal(size, (int)table_number(&wanted, r, "size"));
        assert_int_equal(check_sum(h, size), (long)table_number(&wanted, r, "check"));
        free(h);
    }
    table_free(&wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_orthogonal),
        cmocka_unit_test(same_as_the_survey_package),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
