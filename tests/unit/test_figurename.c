/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names of cells: 表3.B4 and what is none.
 */
#include "output/figurename.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, int table, const char *id, int column, int row)
{
    struct cell_name name;
    assert_true(cell_name_parse(text, &name));
    assert_int_equal(name.table, table);
    assert_string_equal(name.id, id);
    assert_int_equal(name.column, column);
    assert_int_equal(name.row, row);
}

static void refuse(const char *text)
{
    struct cell_name name;
    assert_false(cell_name_parse(text, &name));
}

static void test_numbers(void **state)
{
    (void)state;
    expect("表3.B4", 3, "", 1, 3);
    expect("表12.AA10", 12, "", 26, 9);
    expect(" 表 3.b4 ", 3, "", 1, 3);
    expect("表3!B4", 3, "", 1, 3);
    expect("表3 B4", 3, "", 1, 3);
    expect("表３．Ｂ４", 3, "", 1, 3);
    expect("表3", 3, "", -1, -1);
}

static void test_ids(void **state)
{
    (void)state;
    expect("work-county.C2", 0, "work-county", 2, 1);
    expect("表work-county.C2", 0, "work-county", 2, 1);
    expect("表3-2.B4", 0, "3-2", 1, 3);
}

static void test_no_cells(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {"",
                                        "表",
                                        "svc_train",
                                        "need.1",
                                        "3.B4",
                                        "表3.4",
                                        "表3.B",
                                        "表3.B0",
                                        "表3.B4C",
                                        "表3.B4 C5",
                                        "表3.-4",
                                        "表3.ZZZZ1",
                                        "表3.A99999999999999999999"};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        refuse(TEXTS[i]);
    char long_id[200];
    memset(long_id, 'a', sizeof long_id);
    memcpy(long_id + 195, ".B4", 4);
    refuse(long_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_no_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
