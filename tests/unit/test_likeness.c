/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Likeness of texts: the textbook example of Dice's coefficient, hand counts, and its properties.
 */
#include "survey/likeness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static double likeness(const char *a, const char *b)
{
    struct bigrams x = bigrams_of(a), y = bigrams_of(b);
    double d = bigrams_likeness(&x, &y);
    assert_true(d == bigrams_likeness(&y, &x));
    bigrams_free(&x);
    bigrams_free(&y);
    return d;
}

static void test_values(void **state)
{
    (void)state;
    assert_true(likeness("night", "nacht") == 0.25); /* ni ig gh ht, na ac ch ht */
    assert_true(likeness("aaaa", "aaa") == 0.8);     /* 3 and 2 times aa */
    /* 孝敬 敬老 老人; 孝敬 敬父 父母 */
    assert_true(fabs(likeness("孝敬老人", "孝敬父母") - 2.0 / 6) < 1e-15);
    assert_true(likeness("", "") == 0);
    assert_true(likeness("人", "人") == 0);
}

static void test_what_does_not_count(void **state)
{
    (void)state;
    assert_true(likeness("第1条 孝敬老人，和睦邻里。", "第１条\n孝敬老人、和睦邻里") == 1);
    assert_true(likeness("孝敬老人", "爱护公物") == 0);
}

static void test_long(void **state)
{
    (void)state;
    enum { N = 3 * 30000 };
    char *text = malloc(N + 1);
    for (int i = 0; i < N; i += 3)
        memcpy(text + i, i % 2 ? "孝" : "敬", 3);
    text[N] = '\0';
    struct bigrams b = bigrams_of(text);
    assert_int_equal(b.count, BIGRAMS_MOST);
    bigrams_free(&b);
    free(text);
    assert_true(likeness("\xff\xfe孝敬\x80老人", "孝敬老人") <= 1); /* no UTF-8 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_what_does_not_count),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
