/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The unit list: reading it, which unit a text names on a day, and what became of a unit.
 */
#include "survey/days.h"
#include "survey/unitlist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/test_unitlist.XXXXXX.csv";
static const char HEAD[] = "key,kind,name,code,alias,parent,from,to,successor\n";

/* 沙县 became 沙县区 with another code (State Council, 2021); the other units are made up. */
static const char UNITS[] = "sx,县,沙县区,350405,,,2021-02-01,,\n"
                            "sx,县,沙县,350427,,,,2021-01-31,\n"
                            "dz,县,甲县,130921,,,,,\n"
                            "t1,乡镇,新镇,,,dz,2022-01-01,,\n"
                            "t1,乡镇,旧乡,,,dz,,2021-12-31,\n"
                            "t2,乡镇,东镇,,,dz,,,\n"
                            "v1,村,东伍姓村,,东五姓村,t1,,,\n"
                            "v2,村,西伍姓村,,,t1,,,\n"
                            "v3,村,红旗村,130921100203,,t1,2022-07-01,,\n"
                            "v3,村,北洼村,130921100203,,t1,,2022-06-30,\n"
                            "v4,村,前李村,,,t2,,2022-12-31,v6\n"
                            "v5,村,后李村,,,t2,,2022-12-31,v6\n"
                            "v6,村,李家村,,,t2,2023-01-01,,\n"
                            "v7,村,大庄村,,,t2,,2022-12-31,v8 v9\n"
                            "v8,村,南庄村,,,t2,2023-01-01,,\n"
                            "v9,村,北庄村,,,t2,2023-01-01,,\n"
                            "va,村,和平村,,,t1,,,\n"
                            "vb,村,和平村,,,t2,,,\n"
                            "vc,村,沙河村,350427101201,,sx,,,\n"
                            "vd,村,远庄村,,,t2,,2021-12-31,v4\n"
                            "e1,企业,甲县和平村农机公司,91130900MA0XXXXX1,,130921,,,\n";

static void write_list(const char *rows)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%s%s", HEAD, rows);
    assert_int_equal(fclose(f), 0);
}

static long day(const char *text)
{
    double d;
    assert_true(days_from_text(text, &d));
    return (long)d;
}

static int set_up(void **state)
{
    (void)state;
    int fd = mkstemps(path, 4);
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return remove(path);
}

static void finding(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *county, *text, *day;
        enum unit_state state;
        const char *keys; /* the unit, or the candidates */
    } rows[] = {
        {"村", "130921", "v1", "2023-06-01", UNIT_NOW, "v1"},
        {"村", "130921", "东伍姓村", "2023-06-01", UNIT_NOW, "v1"},
        {"村", "130921", "东伍姓", "2023-06-01", UNIT_NOW, "v1"},
        {"村", "130921", "新镇 东伍姓村委会", "2023-06-01", UNIT_NOW, "v1"},
        {"村", "130921", "甲县旧乡东伍姓村", "2023-06-01", UNIT_NOW, "v1"},
        {"村", "130921", "东镇东伍姓村", "2023-06-01", UNIT_NONE, ""},
        {"村", "130921", "东五姓村", "2023-06-01", UNIT_ALIAS, "v1"},
        /* one character apart: asked about, never taken */
        {"村", "130921", "伍姓村", "2023-06-01", UNIT_NONE, "v1 v2"},
        {"村", "130921", "中伍姓村", "2023-06-01", UNIT_NONE, "v1 v2"},
        {"村", "130921", "红旗村", "2023-06-01", UNIT_NOW, "v3"},
        {"村", "130921", "北洼村", "2023-06-01", UNIT_FORMER, "v3"},
        {"村", "130921", "北洼村", "2022-06-30", UNIT_NOW, "v3"},
        {"村", "130921", "红旗村", "2022-06-30", UNIT_FORMER, "v3"},
        {"村", "130921", "130921100203", "2022-06-30", UNIT_NOW, "v3"},
        {"村", "130921", "前李村", "2022-12-31", UNIT_NOW, "v4"},
        {"村", "130921", "前李村", "2023-01-01", UNIT_ENDED, "v4"},
        {"村", "130921", "李家村", "2022-12-31", UNIT_LATER, "v6"},
        {"村", "130921", "和平村", "2023-06-01", UNIT_SEVERAL, "va vb"},
        {"村", "130921", "东镇和平村", "2023-06-01", UNIT_NOW, "vb"},
        {"企业", "130921", "甲县和平村农机公司", "2023-06-01", UNIT_NOW, "e1"},
        {"村", "350405", "东伍姓村", "2023-06-01", UNIT_NONE, ""},
        {"村", "350405", "沙河村", "2023-06-01", UNIT_NOW, "vc"},
        {"村", "350427", "沙县沙河村", "2023-06-01", UNIT_NOW, "vc"},
        {"县", "", "沙县", "2023-06-01", UNIT_FORMER, "sx"},
        {"县", "", "350427", "2023-06-01", UNIT_FORMER, "sx"},
        {"县", "", "350427", "2020-06-01", UNIT_NOW, "sx"},
        {"县", "", "沙县区", "2023-06-01", UNIT_NOW, "sx"},
        {"村", "130921", "", "2023-06-01", UNIT_NONE, ""},
    };
    write_list(UNITS);
    struct unit_list *l = unit_list_read(path);
    assert_non_null(l);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct unit_query q = {rows[i].kind, rows[i].county, rows[i].text, day(rows[i].day)};
        struct unit_found f;
        char keys[64] = "";
        unit_list_find(l, &q, &f);
        for (int k = 0; k < f.candidate_count; k++) {
            strcat(keys, k ? " " : "");
            strcat(keys, l->units[f.candidates[k]].key);
        }
        if (f.state != rows[i].state || strcmp(keys, rows[i].keys) != 0)
            fail_msg("%s on %s: want %d %s, got %d %s", rows[i].text, rows[i].day, rows[i].state,
                     rows[i].keys, f.state, keys);
        assert_true((f.unit >= 0) == (f.state != UNIT_NONE && f.state != UNIT_SEVERAL));
    }
    unit_list_free(l);
}

static void succession(void **state)
{
    (void)state;
    static const struct {
        const char *key, *day, *successor; /* NULL: none */
        bool merged;
    } rows[] = {
        {"v1", "2023-06-01", "v1", false}, {"v3", "2023-06-01", "v3", false},
        {"v4", "2022-12-31", "v4", false}, {"v4", "2023-06-01", "v6", true},
        {"v5", "2023-06-01", "v6", true},  {"v7", "2023-06-01", NULL, false},
        {"vd", "2022-06-01", "v4", false}, {"vd", "2023-06-01", "v6", true},
    };
    write_list(UNITS);
    struct unit_list *l = unit_list_read(path);
    assert_non_null(l);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool merged;
        int got = unit_list_successor(l, unit_list_key(l, rows[i].key), day(rows[i].day), &merged);
        int want = rows[i].successor ? unit_list_key(l, rows[i].successor) : -1;
        if (got != want || merged != rows[i].merged)
            fail_msg("%s on %s: want %d, got %d", rows[i].key, rows[i].day, want, got);
    }
    const char *name;
    assert_string_equal(unit_list_county(l, unit_list_key(l, "v3"), &name), "130921");
    assert_string_equal(name, "甲县");
    assert_string_equal(unit_list_county(l, unit_list_key(l, "vc"), &name), "350405");
    assert_string_equal(unit_list_county(l, unit_list_key(l, "e1"), &name), "130921");
    assert_string_equal(name, "");
    assert_string_equal(unit_spell_at(l, unit_list_key(l, "v3"), day("2020-01-01"))->name,
                        "北洼村");
    unit_list_free(l);
}

static void mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *message;
    } bad[] = {
        {",村,甲村,,,130921,,,\n", "没有编号"},
        {"a,村,,,,130921,,,\n", "没有名称"},
        {"a,村,甲村,,,130921,2021-02-30,,\n", "不是日期"},
        {"a,村,甲村,,,130921,2021年,,\n", "不是日期"},
        {"a,村,甲村,,,130921,2022-01-01,2021-01-01,\n", "止日在起日以前"},
        {"a,村,甲村,,,130921,,,\na,村,乙村,,,130921,,2020-12-31,\n", "时间重叠"},
        {"a,村,乙村,,,130921,,2020-12-31,\na,村,甲村,,,130921,2021-01-01,,\n", "次序不对"},
        {"a,村,甲村,,,130921,2020-12-31,,\na,村,乙村,,,130921,,2020-12-31,\n", "时间重叠"},
        {"a,村,甲村,,,130921,2021-01-01,,\na,企业,乙村,,,130921,,2020-12-31,\n", "不能给别的单位"},
        {"a,村,甲村,,,b,,,\n", "上级编号"},
        {"a,村,甲村,,,b,,,\nb,乡镇,乙镇,,,a,,,\n", "回到自己"},
        {"a,村,甲村,,,130921,,,\nb,村,甲村,,,130921,,,\n", "同时同名"},
        {"a,村,甲村,,,130921,,2020-12-31,\nb,村,甲村,,,130921,2021-01-01,,\n", ""},
        {"a,村,甲村,1,,130921,,,\nb,村,乙村,1,,130921,,,\n", "同代码"},
        {"a,村,甲村,,,130921,,2020-12-31,b\n", "没有编号 b"},
        {"a,村,甲村,,,130921,,,b\nb,村,乙村,,,130921,,,\n", "要有止日"},
        {"a,村,甲村,,,130921,,2020-12-31,b\nb,村,乙村,,,130921,,2020-06-30,\n", "已停用"},
        {"a,村,甲村,,,130921,,2020-12-31,b\nb,村,乙村,,,130921,2022-01-01,,\n", "还没有"},
        {"a,村,甲村,,,130921,,2020-12-31,b\nb,村,乙村,,,130921,,2020-12-31,a\n", "已停用"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char messages[4096] = "";
        write_list(bad[i].rows);
        message_capture(messages, sizeof messages);
        struct unit_list *l = unit_list_read(path);
        message_capture(NULL, 0);
        if ((l == NULL) != (*bad[i].message != '\0') || !strstr(messages, bad[i].message))
            fail_msg("row %zu: want “%s” in: %s", i, bad[i].message, messages);
        unit_list_free(l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finding),
        cmocka_unit_test(succession),
        cmocka_unit_test(mistakes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
