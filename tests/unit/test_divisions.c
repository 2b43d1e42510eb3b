/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Codes of divisions at a date, against changes that are known from elsewhere.
 */
#include "review/divisions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct divisions *list;

static int read_list(void **state)
{
    (void)state;
    list = divisions_read("topics/gb2260.csv");
    return list ? 0 : -1;
}

static int free_list(void **state)
{
    (void)state;
    divisions_free(list);
    return 0;
}

static void expect(const char *code, long month, enum division wanted)
{
    enum division got = division_check(list, code, month);
    if (got != wanted)
        fail_msg("%s in %ld: %d, not %d", code, month, got, wanted);
}

static void test_history(void **state)
{
    (void)state;
    /* Sanming: two districts and a county until 2021, two districts since. */
    const long before[] = {201906, 202006}, after = 202506;
    for (int i = 0; i < 2; i++) {
        expect("350402", before[i], DIVISION_VALID);
        expect("350427", before[i], DIVISION_VALID);
        expect("350404", before[i], DIVISION_WRONG);
        expect("350405", before[i], DIVISION_WRONG);
    }
    expect("350402", after, DIVISION_WRONG);
    expect("350427", after, DIVISION_WRONG);
    expect("350404", after, DIVISION_VALID);
    expect("350405", after, DIVISION_VALID);
    assert_string_equal(division_name(list, "350427", 202006), "沙县");
    assert_string_equal(division_name(list, "350405", 202506), "沙县区");
    assert_null(division_name(list, "350427", 202506));
    /* Beijing 2010: 宣武 became part of 西城; 2015: 延庆 became a district. */
    expect("110104", 200906, DIVISION_VALID);
    expect("110104", 201206, DIVISION_WRONG);
    expect("110229", 201406, DIVISION_VALID);
    expect("110229", 201806, DIVISION_WRONG);
    expect("110119", 201806, DIVISION_VALID);
    expect("110119", 201406, DIVISION_WRONG);
    /* 济阳, a district since 2018. */
    expect("370125", 201706, DIVISION_VALID);
    expect("370125", 201912, DIVISION_WRONG);
    expect("370115", 201912, DIVISION_VALID);
    expect("370115", 201706, DIVISION_WRONG);
}

static void test_counties_of_the_plan(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"410325", "嵩县"},   {"410423", "鲁山县"}, {"410581", "林州市"},
        {"411330", "桐柏县"}, {"411422", "睢县"},   {"411523", "新县"},
        {"411524", "商城县"}, {"411627", "太康县"}, {"140881", "永济市"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(division_name(list, names[i][0], 202506), names[i][1]);
    /* 14 counties and cities of Cangzhou beside its districts. */
    static const char *const cangzhou[] = {"130921", "130922", "130923", "130924", "130925",
                                           "130926", "130927", "130928", "130929", "130930",
                                           "130981", "130982", "130983", "130984"};
    for (size_t i = 0; i < sizeof cangzhou / sizeof *cangzhou; i++)
        expect(cangzhou[i], 202506, DIVISION_VALID);
    expect("130931", 201806, DIVISION_WRONG);
}

static void test_forms_of_codes(void **state)
{
    (void)state;
    expect("411523100201", 202506, DIVISION_VALID); /* 12 digits are accepted */
    expect("350427100201", 202506, DIVISION_WRONG);
    static const char *const wrong[] = {"",        "41152",      "4115231",       "41152X",
                                        "新县",    "000000",     "991523",        "411523 00201",
                                        "-411523", "4115231002", "4115231002011", "4.11523"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        expect(wrong[i], 202506, DIVISION_WRONG);
    /* Newer than the list: possible in a city that there is. */
    expect("330114", 202506, DIVISION_UNKNOWN); /* 钱塘区, 2021 */
    expect("330114", 201806, DIVISION_WRONG);
    assert_int_equal(divisions_state(list), 201812);
}

static void test_damaged_list(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "divisions\n,code,name,from,to\n,411523,新县,,\n",
        "settings\n,name,value\n,state,201812\n",
        "settings\n,name,value\n,state,201812\ndivisions\n,code,name,from,to\n,41152,新县,,\n",
        "settings\n,name,value\n,state,2019\ndivisions\n,code,name,from,to\n,411523,新县,,\n",
        "settings\n,name,value\n,state,201812\ndivisions\n,code,name,from,to\n,411523,新县,x,\n"};
    const char *path = "/tmp/test_divisions.csv";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        FILE *f = fopen(path, "w");
        fputs(texts[i], f);
        fclose(f);
        assert_null(divisions_read(path));
    }
    remove(path);
    assert_null(divisions_read("/tmp/none/gb2260.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_counties_of_the_plan),
        cmocka_unit_test(test_forms_of_codes),
        cmocka_unit_test(test_damaged_list),
    };
    return cmocka_run_group_tests(tests, read_list, free_list);
}
