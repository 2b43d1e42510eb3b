/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which rows become records: duplicates, corrections, reused numbers, orphans, cut rows, unknown
 * villages (the office's rules, sections 5 and 6).  Fates are listed in the order of the rows;
 * problems as row:kind of the rows that were turned away.
 */
#include "rawcase.h"

static const char HOUSEHOLD[] = "village_code village_name hh_no hh_size inc_wage";
static const char MEMBER[] = "village_code hh_no m_no m_name m_sex";
static const char *const FATES = "SELECT fate FROM fate ORDER BY row, level = 'members'";
static const char *const AWAY =
    "SELECT row, kind FROM problem WHERE class IN ('held', 'dropped') ORDER BY id";

static long no;

static long row(struct table *t, const char *a)
{
    return add_row_as(t, "data", ++no, 0,
                      (const char *const[]){"village_code=411523100201", a, NULL});
}

static struct table households(const char *file, bool correction)
{
    no = 1;
    return open_table(file, correction, "households", HOUSEHOLD);
}

static struct table members(const char *file, bool correction)
{
    no = 1;
    return open_table(file, correction, "members", MEMBER);
}

static void check(const char *fates, const char *away)
{
    clean_rows();
    assert_string_equal(answer(FATES), fates);
    assert_string_equal(answer(AWAY), away);
    end();
}

static void duplicates(void **state)
{
    (void)state;
    begin();
    struct table h = households("住户.csv", false);
    row(&h, "hh_no=1;hh_size=3;inc_wage=33600");
    row(&h, "hh_no=1;hh_size=3;inc_wage=33600");
    row(&h, "hh_no=２;hh_size=4;inc_wage=500");
    row(&h, "village_code=姚坡村;hh_no=002;hh_size=4人;inc_wage=500元"); /* written otherwise */
    row(&h, "hh_no=3;hh_size=4");
    struct table m = members("成员.csv", false);
    row(&m, "hh_no=1;m_no=1;m_name=甲;m_sex=1");
    row(&m, "hh_no=1;m_no=2;m_name=乙;m_sex=2");
    row(&m, "hh_no=1;m_no=1;m_name=甲;m_sex=男");
    row(&m, "hh_no=1;m_no=3;m_name=甲;m_sex=1"); /* renumbered, but the same */
    row(&m, "hh_no=3;m_no=1;m_name=甲;m_sex=1"); /* of another household */
    check("accepted duplicate accepted duplicate accepted "
          "accepted accepted duplicate duplicate accepted",
          "3:duplicate 5:duplicate 4:duplicate 5:duplicate");
}

static void reused_numbers(void **state)
{
    (void)state;
    begin();
    struct table h = households("住户.csv", false);
    row(&h, "hh_no=1;hh_size=3");
    row(&h, "hh_no=1;hh_size=4");
    row(&h, "hh_no=1;hh_size=3"); /* the first again */
    row(&h, "hh_no=2;hh_size=4");
    row(&h, "village_code=411523107201;hh_no=2;hh_size=4"); /* another village's number 2 */
    struct table m = members("成员.csv", false);
    row(&m, "hh_no=1;m_name=甲");
    row(&m, "hh_no=2;m_name=乙");
    row(&m, "hh_no=4;m_name=丙");
    check("hhno_reused hhno_reused duplicate accepted accepted "
          "hhno_reused accepted orphan_member",
          "2:hhno_reused 3:hhno_reused 4:duplicate 2:hhno_reused 4:orphan_member");
}

static void unknown_villages(void **state)
{
    (void)state;
    begin();
    struct table h = households("住户.csv", false);
    row(&h, "village_code=411523999999;village_name=姚坡村;hh_no=1"); /* 12 digits: no name */
    row(&h, "village_code=4.11E+11;hh_no=2");
    row(&h, "village_code=411523100200;hh_no=3"); /* in the frame, not in the sample */
    row(&h, "village_code=410325100208;hh_no=4"); /* in the sample, of another county */
    row(&h, "village_code=;village_name=沙岭镇姚坡村;hh_no=5;inc_wage=约3000");
    struct table m = members("成员.csv", false);
    row(&m, "village_code=411523999999;hh_no=1;m_name=甲");
    row(&m, "hh_no=1;m_name=乙"); /* its own code is right, its household is not there */
    check("village_unknown village_unknown village_unknown village_unknown accepted "
          "village_unknown orphan_member",
          "2:village_unknown 3:village_unknown 4:village_unknown 5:village_unknown "
          "2:village_unknown 3:orphan_member");
}

static void corrections(void **state)
{
    (void)state;
    begin();
    struct table h = households("住户.csv", false);
    row(&h, "hh_no=1;hh_size=3");
    row(&h, "hh_no=1;hh_size=3"); /* twice: both are replaced */
    row(&h, "hh_no=2;hh_size=3");
    struct table m = members("住户成员.csv", false);
    row(&m, "hh_no=1;m_name=甲");
    row(&m, "hh_no=2;m_name=丁");
    struct table again = households("更正.csv", true);
    row(&again, "hh_no=1;hh_size=5");
    row(&again, "hh_no=9;hh_size=5"); /* new */
    struct table more = members("更正成员.csv", true);
    row(&more, "hh_no=1;m_name=甲");
    row(&more, "hh_no=1;m_name=乙");
    clean_rows();
    assert_string_equal(answer(FATES), "superseded superseded accepted superseded accepted "
                                       "accepted accepted accepted accepted");
    assert_string_equal(answer("SELECT \"_key\", hh_size, n_member FROM households"),
                        "411523100201-2:3:1 411523100201-1:5:2 411523100201-9:5:0");
    end();
}

/* A later correction replaces an earlier one. */
static void two_corrections(void **state)
{
    (void)state;
    begin();
    struct table h = households("1.csv", false);
    row(&h, "hh_no=1;hh_size=3");
    struct table a = households("2更正.csv", true);
    row(&a, "hh_no=1;hh_size=4");
    struct table b = households("3更正.csv", true);
    row(&b, "hh_no=1;hh_size=5");
    check("superseded superseded accepted", "2:superseded 2:superseded");
}

static void cut_rows(void **state)
{
    (void)state;
    begin();
    struct table h = households("住户.csv", false);
    row(&h, "hh_no=1;hh_size=3");
    add_row_as(&h, "truncated", 3, 0,
               (const char *const[]){"village_code=411523100201;hh_no=2", NULL});
    struct table m = members("成员.csv", false);
    row(&m, "hh_no=2;m_name=甲");
    check("accepted truncated_row orphan_member", "3:truncated_row 2:orphan_member");
}

/* Children that point to the number of their record. */
static void by_index(void **state)
{
    (void)state;
    begin();
    no = 1;
    struct table h = open_table("a.csv", false, "households", "village_code hh_no hh_size _index");
    row(&h, "hh_no=1;hh_size=3;_index=1");
    row(&h, "hh_no=1;hh_size=3;_index=2");
    row(&h, "village_code=411523999999;hh_no=3;hh_size=3;_index=3");
    no = 1;
    struct table m = open_table("a_member.csv", false, "members", "m_no m_name _index _parent");
    row(&m, "m_name=甲;_index=1;_parent=1");
    row(&m, "m_name=甲;_index=2;_parent=2");
    row(&m, "m_name=乙;_index=3;_parent=3");
    row(&m, "m_name=丙;_index=4;_parent=8");
    clean_rows();
    assert_string_equal(answer(FATES), "accepted duplicate village_unknown "
                                       "accepted duplicate village_unknown orphan_member");
    assert_string_equal(answer("SELECT key FROM fate WHERE level = 'members' AND row = 4"),
                        "411523100201-1");
    end();
}

static struct table instances(const char *level, const char *names)
{
    struct raw_block b = block_of(level, "odk", "");
    return open_block("x.xml", false, names, b);
}

static long instance(struct table *t, long at, long parent, const char *text)
{
    return add_row_as(t, "data", at, parent,
                      (const char *const[]){parent ? "" : "village_code=411523100201", text, NULL});
}

/* Instances: an edited one replaces the one that it names; equal ones count once, members
 * included; members of an instance that is turned away are not listed for themselves. */
static void nested(void **state)
{
    (void)state;
    begin();
    struct table h = instances("households", "village_code hh_no hh_size _instance _deprecated");
    struct table m = instances("members", "m_name m_sex");
    long a = instance(&h, 0, 0, "hh_no=1;hh_size=3;_instance=uuid:a");
    instance(&m, 1, a, "m_name=甲;m_sex=1");
    instance(&m, 2, a, "m_name=甲;m_sex=1"); /* twice in one household */
    long b = instance(&h, 0, 0, "hh_no=1;hh_size=3;_instance=uuid:b");
    instance(&m, 1, b, "m_name=甲;m_sex=1");
    instance(&m, 2, b, "m_name=甲;m_sex=1");
    long c = instance(&h, 0, 0, "hh_no=2;hh_size=3;_instance=uuid:c");
    instance(&m, 1, c, "m_name=乙;m_sex=2");
    instance(&h, 0, 0, "hh_no=2;hh_size=4;_instance=uuid:d;_deprecated=uuid:c");
    instance(&h, 0, 0, "hh_no=3;hh_size=4;_instance=uuid:e");
    long f = instance(&h, 0, 0, "hh_no=3;hh_size=4;_instance=uuid:f"); /* with a member */
    instance(&m, 1, f, "m_name=丙;m_sex=三");
    clean_rows();
    assert_string_equal(answer(FATES), "accepted accepted duplicate duplicate duplicate duplicate "
                                       "superseded superseded accepted hhno_reused hhno_reused "
                                       "hhno_reused");
    assert_string_equal(
        answer("SELECT row, kind FROM problem WHERE class IN ('held', 'dropped') ORDER BY id"),
        ":duplicate :superseded :hhno_reused :hhno_reused 2:duplicate");
    assert_string_equal(answer("SELECT COUNT(*) FROM fate WHERE listed = 0"), "4");
    end();
}

/* In instances the column is the path of the node, with the member's position. */
static void nested_places(void **state)
{
    (void)state;
    begin();
    struct table h = instances("households", "village_code hh_no hh_size");
    struct table m = instances("members", "m_name m_sex");
    long a = instance(&h, 0, 0, "hh_no=1;hh_size=约3");
    instance(&m, 1, a, "m_name=甲;m_sex=1");
    instance(&m, 2, a, "m_name=乙;m_sex=三");
    clean_rows();
    assert_string_equal(
        answer("SELECT file, row, col FROM problem WHERE kind = 'bad_value' ORDER BY id"),
        "x.xml::g_hh/hh_size x.xml:2:member[2]/m_sex");
    end();
}

static void side_by_side(void **state)
{
    (void)state;
    begin();
    no = 1;
    struct table h = open_table("宽表.csv", false, "households",
                                "village_code hh_no hh_size member1_m_name member1_m_sex "
                                "member2_m_name member2_m_sex member3_m_name member3_m_sex "
                                "member3_m_age");
    row(&h, "hh_no=1;hh_size=3;member1_m_name=甲;member1_m_sex=三;member3_m_name=丙;"
            "member3_m_sex=2");
    row(&h, "hh_no=2;member2_m_name=丁;member3_m_age=5"); /* a calculation alone is nobody */
    row(&h, "village_code=411523999999;hh_no=3;member1_m_name=戊");
    clean_rows();
    assert_string_equal(answer("SELECT row, level, n, fate FROM fate ORDER BY row, level"),
                        "1:households:1:accepted 1:members:2:accepted 2:households:1:accepted "
                        "2:members:1:accepted 3:households:1:village_unknown "
                        "3:members:1:village_unknown");
    assert_string_equal(answer("SELECT m_no, m_name FROM members"), "1:甲 2:丙 1:丁");
    assert_string_equal(answer("SELECT row, col FROM problem WHERE kind = 'bad_value'"),
                        "2:member1_m_sex");
    end();
}

/* A record in a column of the sheet. */
static void card(void **state)
{
    (void)state;
    begin();
    struct raw_block b = block_of("households", "card", "卡片.xlsx");
    b.head_row = 3;
    struct table t = open_block("卡片.xlsx", false, "village_code hh_no hh_size", b);
    add_row_as(&t, "data", 3, 0,
               (const char *const[]){"village_code=411523100201;hh_no=1;hh_size=约3", NULL});
    add_row_as(&t, "data", 4, 0, (const char *const[]){"village_code=411523999999;hh_no=2", NULL});
    clean_rows();
    assert_string_equal(
        answer("SELECT row, kind FROM problem WHERE kind IN ('bad_value', 'village_unknown')"
               " ORDER BY id"),
        "D:village_unknown 3:bad_value");
    assert_string_equal(answer("SELECT no FROM source"), "C");
    end();
}

/* A sheet for each village: one line a sheet. */
static void sheet_of_a_village(void **state)
{
    (void)state;
    begin();
    static const char *const sheets[] = {"姚坡村", "无名村"};
    for (int i = 0; i < 2; i++) {
        struct raw_block b = block_of("households", "rows", "分村.xlsx");
        b.village = sheets[i];
        b.head_row = 4;
        b.sheet = 1;
        struct table t = open_block("分村.xlsx", false, "hh_no hh_size", b);
        add_row_as(&t, "data", 5, 0, (const char *const[]){"hh_no=1;hh_size=3", NULL});
        add_row_as(&t, "data", 6, 0, (const char *const[]){"hh_no=2;hh_size=3", NULL});
    }
    clean_rows();
    assert_string_equal(answer(FATES), "accepted accepted village_unknown village_unknown");
    assert_string_equal(
        answer("SELECT sheet, row, col, field, original, corrected, key FROM problem"
               " WHERE kind = 'village_name'"),
        "表:4::village_code:姚坡村:411523100201:");
    assert_string_equal(answer("SELECT village_code FROM households"), "411523100201 411523100201");
    end();
}

/* Brands stand in a file of their own without the county, which is the reporting one. */
static void key_from_the_county(void **state)
{
    (void)state;
    begin();
    struct table c = open_table("县.csv", false, "counties", "county c_brand_n c_labour");
    add_row_as(&c, "data", 2, 0,
               (const char *const[]){"county=永城市;c_brand_n=2;c_labour=300000", NULL});
    struct table b = open_table("品牌.csv", false, "brands", "b_name b_people");
    add_row_as(&b, "data", 2, 0, (const char *const[]){"b_name=甲;b_people=10", NULL});
    add_row_as(&b, "data", 3, 0, (const char *const[]){"b_name=乙;b_people=20", NULL});
    clean_rows();
    assert_string_equal(answer("SELECT \"_key\", county, c_brand_n, c_brand_people FROM counties"),
                        "411523:411523:2:30");
    assert_string_equal(answer("SELECT b_no, b_name FROM brands"), "1:甲 2:乙");
    assert_string_equal(answer("SELECT kind, corrected FROM problem WHERE field = 'county'"),
                        "county_code:411523");
    end();
}

/* Thousands of rows with one number are no household; nothing breaks, all are held. */
static void a_crowd(void **state)
{
    (void)state;
    begin();
    struct table h = households("住户.csv", false);
    row(&h, "hh_no=1;hh_size=3");
    struct table m = members("成员.csv", false);
    for (int i = 0; i < 2500; i++) {
        char text[64];
        snprintf(text, sizeof text, "hh_no=1;m_name=人%d", i);
        row(&m, text);
    }
    clean_rows();
    assert_string_equal(answer("SELECT level, fate, COUNT(*) FROM fate GROUP BY 1, 2"),
                        "households:accepted:1 members:orphan_member:2500");
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duplicates),
        cmocka_unit_test(reused_numbers),
        cmocka_unit_test(unknown_villages),
        cmocka_unit_test(corrections),
        cmocka_unit_test(two_corrections),
        cmocka_unit_test(cut_rows),
        cmocka_unit_test(by_index),
        cmocka_unit_test(nested),
        cmocka_unit_test(nested_places),
        cmocka_unit_test(side_by_side),
        cmocka_unit_test(card),
        cmocka_unit_test(sheet_of_a_village),
        cmocka_unit_test(key_from_the_county),
        cmocka_unit_test(a_crowd),
    };
    return cmocka_run_group_tests(tests, read_topic, free_topic);
}
