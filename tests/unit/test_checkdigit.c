/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Check characters, against numbers that we did not make: the standard's examples and codes that
 * companies publish; and against recipes that are wrong and in circulation.
 */
#include "survey/checkdigit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void resident_ids(void **state)
{
    (void)state;
    /* GB 11643-1999, annex. */
    assert_true(resident_id_valid("11010519491231002X"));
    assert_true(resident_id_valid("440524188001010014"));

    assert_false(resident_id_valid("11010519491231002x")); /* lower case is a way of writing */
    assert_false(resident_id_valid("110105194912310021"));
    assert_false(resident_id_valid("11010519491231002"));
    assert_false(resident_id_valid("11010519491231002XX"));
    assert_false(resident_id_valid("110105491231002")); /* 15 digits, before 1999 */
    assert_false(resident_id_valid("1101051949123100X2"));
    assert_false(resident_id_valid("01010519491231002X"));
    assert_false(resident_id_valid("4.11499196102072E+17"));
    assert_false(resident_id_valid(""));
}

/* Every single wrong digit and every swap of neighbours that differ is found. */
static void one_error(void **state)
{
    (void)state;
    char text[19] = "440524188001010014";
    for (int i = 0; i < 18; i++) {
        char kept = text[i];
        for (char c = '0'; c <= '9'; c++) {
            text[i] = c;
            assert_int_equal(resident_id_valid(text), c == kept);
        }
        text[i] = kept;
    }
    for (int i = 0; i < 17; i++) {
        char a = text[i], b = text[i + 1];
        text[i] = b;
        text[i + 1] = a;
        assert_int_equal(resident_id_valid(text), a == b);
        text[i] = a;
        text[i + 1] = b;
    }
}

/* 17 digits and the check character that fits. */
static bool valid_with_any(const char *start)
{
    char text[19];
    for (const char *c = "0123456789X"; *c; c++) {
        snprintf(text, sizeof text, "%s%c", start, *c);
        if (resident_id_valid(text))
            return true;
    }
    return false;
}

static void birth_dates(void **state)
{
    (void)state;
    assert_true(valid_with_any("41152320000229001"));
    assert_false(valid_with_any("41152319000229001")); /* 1900 was no leap year */
    assert_false(valid_with_any("41152320010229001"));
    assert_false(valid_with_any("41152320011301001"));
    assert_false(valid_with_any("41152320010431001"));
    assert_false(valid_with_any("41152320010400001"));
}

static void credit_codes(void **state)
{
    (void)state;
    /* Published by the companies. */
    assert_true(credit_code_valid("91330100799655058B"));
    assert_true(credit_code_valid("9144030071526726XG"));
    assert_true(credit_code_valid("914403001922038216"));
    /* 基金会, 社会团体, 村集体, 村民委员会, 合作社. */
    assert_true(credit_code_valid("53410000MJ00000017"));
    assert_true(credit_code_valid("51410000MJ0000002G"));
    assert_true(credit_code_valid("N2410000MF0000003Q"));
    assert_true(credit_code_valid("55410000MF00000044"));
    assert_true(credit_code_valid("93410000MA0000005Y"));
    /* The sum is a multiple of 31: the check character is 0, not the 31st. */
    assert_true(credit_code_valid("53410000MJ00000090"));

    /* The example in circulation: sum 1640, so 3 and not Z, which is no character at all. */
    assert_true(credit_code_valid("91350100M000100Y43"));
    assert_false(credit_code_valid("91350100M000100Y4Z"));
    /* CODES[sum % 31] with ord(c) - 55 for letters gives these. */
    assert_false(credit_code_valid("91330100799655058L"));
    assert_false(credit_code_valid("53410000MJ0000001B"));

    assert_false(credit_code_valid("91330100799655058b"));
    assert_false(credit_code_valid("91330100799655058"));
    assert_false(credit_code_valid("9133010079965505BB8"));
    assert_false(credit_code_valid("I1330100799655058B"));
    assert_false(credit_code_valid(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resident_ids),
        cmocka_unit_test(one_error),
        cmocka_unit_test(birth_dates),
        cmocka_unit_test(credit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
