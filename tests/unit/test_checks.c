/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Checks of records against each other: what they list, what rounding excuses, what the county
 * may confirm; and that they change no record.
 */
#include "rawcase.h"

static char folder[] = "/tmp/test_checks.XXXXXX";

/* Topic 7 with a sheet of checks. */
static int make_topic(void **state)
{
    static char path[128], command[1024];
    if (!mkdtemp(folder))
        return -1;
    snprintf(command, sizeof command,
             "mkdir -p %s/topics/henan-2025/07 && ln -s \"$PWD/questionnaires\" %s/ &&"
             " ln -s \"$PWD/topics/henan-2025/07/frame\" %s/topics/henan-2025/07/ &&"
             " cp topics/henan-2025/07/topic.csv %s/topics/henan-2025/07/",
             folder, folder, folder, folder);
    if (system(command) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/topics/henan-2025/07/topic.csv", folder);
    FILE *f = fopen(path, "a");
    fputs("checks\n,name,level,kind,left,right,tolerance,message\n"
          ",land,households,balance,${land_mu},${land_out_mu} + ${inc_property},,土地\n"
          ",wage,households,balance,${inc_wage},sum(${m_wage_year}),,\n"
          ",size,households,roster,${hh_size},count(${member}),,登记人数\n"
          ",farm,households,condition,${inc_farm} < 90000,,,请说明种了什么\n"
          ",total,counties,balance,${c_labour},villages.v_labour,,各村之和\n"
          ",same,households,near_duplicate,interviewer,,0.9,\n"
          ",texts,households,similar_texts,opinion,,,意见雷同\n",
          f);
    fclose(f);
    topic_path = path;
    return read_topic(state);
}

static int remove_topic(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    free_topic(state);
    return system(command);
}

static const char NAMES[] = "interviewer svy_date county village_code hh_no resp_name hh_size "
                            "labour_cnt hh_type land_mu land_out land_out_mu inc_wage inc_farm "
                            "inc_transfer inc_property remit svc_used sat_info sat_train sat_match "
                            "sat_rights sat_overall know_brand needs intend opinion";
static const char HOUSEHOLD[] =
    "interviewer=D012;svy_date=2025-05-20;county=411523;village_code=411523100201;hh_no=7;"
    "resp_name=张三;hh_size=1;labour_cnt=1;hh_type=3;land_mu=3.5;land_out=1;land_out_mu=3.5;"
    "inc_wage=30000;inc_farm=2000;inc_transfer=1000;inc_property=0;remit=20000;svc_used=2;"
    "sat_info=3;sat_train=3;sat_match=3;sat_rights=3;sat_overall=4;know_brand=1;needs=1 4;intend=1";
static const char MEMBERS[] = "village_code hh_no m_no m_name m_sex m_birth_year m_rel m_edu "
                              "m_status m_place m_dest m_industry m_months m_wage m_channel "
                              "m_contract m_arrears m_insure m_trained m_brand";
static const char MEMBER[] =
    "village_code=411523100201;hh_no=7;m_no=1;m_name=张三;m_sex=1;m_birth_year=1974;m_rel=1;"
    "m_edu=3;m_status=1;m_place=4;m_dest=41;m_industry=2;m_months=10;m_wage=3000;m_channel=1;"
    "m_contract=1;m_arrears=2;m_insure=3 6;m_trained=2;m_brand=2";

static const char FOUND[] = "SELECT kind || '|' || field || '|' || class || '|' || corrected FROM"
                            " problem WHERE kind IN ('balance', 'roster', 'condition', "
                            "'near_duplicate', 'similar_texts') ORDER BY row";

static void clean_households(const char *first, const char *second)
{
    begin();
    struct table h = open_table("住户.csv", false, "households", NAMES);
    add_row_as(&h, "data", 2, 0, (const char *const[]){HOUSEHOLD, first, NULL});
    if (second)
        add_row_as(&h, "data", 3, 0, (const char *const[]){HOUSEHOLD, second, NULL});
    struct table m = open_table("成员.csv", false, "members", MEMBERS);
    add_row_as(&m, "data", 2, 0, (const char *const[]){MEMBER, NULL});
    if (second)
        add_row_as(&m, "data", 3, 0, (const char *const[]){MEMBER, "hh_no=8", NULL});
    clean_rows();
}

static void expect(const char *first, const char *second, const char *found)
{
    clean_households(first, second);
    assert_string_equal(answer(FOUND), found);
    assert_string_equal(answer("SELECT COUNT(*) FROM problem WHERE class = 'returned'"), "0");
    end();
}

static void test_balance(void **state)
{
    (void)state;
    expect("", NULL, "");
    /* Two parts with a decimal: 0.1 may be rounding, 0.2 may not. */
    expect("land_mu=3.6", NULL, "");
    expect("land_mu=3.7", NULL, "balance|land_mu|soft|土地：填写3.7，应为3.5，相差0.2");
    assert_true(rounding_tolerance(4, 1) == 0.2);
    assert_true(rounding_tolerance(3, 0) == 1.5);
    /* The wages of the members: 30000. */
    expect("inc_wage=30005", NULL, "balance|inc_wage|soft|填写30005，应为30000，相差5");
    expect("hh_size=3", NULL, "roster|hh_size|soft|登记人数：填写3，应为1，相差2");
    expect("inc_farm=95000", NULL, "condition|inc_farm|soft|请说明种了什么");
    /* What is not known is not judged. */
    expect("land_mu=不详", NULL, "");
    expect("inc_farm=不详", NULL, "");
}

static void test_other_level(void **state)
{
    (void)state;
    begin();
    struct table c = open_table("县.csv", false, "counties", "county c_labour");
    add_row_as(&c, "data", 2, 0, (const char *const[]){"county=411523;c_labour=15000", NULL});
    struct table v = open_table("村.csv", false, "villages", "village_code v_labour");
    add_row_as(&v, "data", 2, 0,
               (const char *const[]){"village_code=411523100201;v_labour=7000", NULL});
    add_row_as(&v, "data", 3, 0,
               (const char *const[]){"village_code=411523102205;v_labour=6000", NULL});
    clean_rows();
    const char *villages = answer("SELECT COUNT(v_labour) FROM villages");
    if (strcmp(villages, "2") != 0)
        fail_msg("%s villages", villages);
    assert_string_equal(answer(FOUND),
                        "balance|c_labour|soft|各村之和：填写15000，应为13000，相差2000");
    end();
}

static void test_near_duplicates(void **state)
{
    (void)state;
    static const char *const other[] = {
        "hh_no=8;resp_name=李四",            /* equal */
        "hh_no=8;resp_name=李四;sat_info=2", /* but for one answer */
        "hh_no=8;resp_name=李四;sat_info=2;sat_train=2;sat_match=2;intend=2;hh_type=1",
        "hh_no=8;resp_name=李四;interviewer=D013", /* of another interviewer */
    };
    expect("", other[0], "near_duplicate||soft|与 411523100201-7 的答案有100%相同");
    clean_households("", other[1]);
    assert_string_equal(answer("SELECT row || kind || key FROM problem WHERE kind ="
                               " 'near_duplicate'"),
                        "3near_duplicate411523100201-8");
    assert_string_equal(answer("SELECT COUNT(*) FROM households"), "2");
    end();
    expect("", other[2], "");
    expect("", other[3], "");
}

static void test_similar_texts(void **state)
{
    (void)state;
    static const char TEXT[] = "希望把培训办到村部，时间放在农闲，多教本地用得上的手艺；外出务工的"
                               "要有人带队，工资要按月发";
    char first[400], other[400];
    snprintf(first, sizeof first, "opinion=%s", TEXT);
    /* But for the last of its characters, another house and other answers. */
    snprintf(other, sizeof other, "hh_no=8;resp_name=李四;interviewer=D013;opinion=%s了", TEXT);
    /* 41 characters, 40 pairs; 40 of the other's 41 */
    expect(first, other,
           "similar_texts||soft|意见雷同：与 411523100201-8 的文字有98.7%相同 "
           "similar_texts||soft|意见雷同：与 411523100201-7 的文字有98.7%相同");
    /* Half of it is another text; a short one may be equal by chance. */
    snprintf(other, sizeof other,
             "hh_no=8;resp_name=李四;interviewer=D013;opinion=%.75s"
             "老人有病走不开，只能在附近找些零活干，村里没有厂子",
             TEXT);
    expect(first, other, "");
    expect("opinion=多办培训", "hh_no=8;resp_name=李四;interviewer=D013;opinion=多办培训", "");
}

static void answer_with(const char *kind, const char *field, const char *row, const char *original,
                        const char *explanation)
{
    char command[1024];
    snprintf(command, sizeof command,
             "python3 -c \"import sqlite3; d = sqlite3.connect('%s');"
             " d.execute('UPDATE file SET sha256 = \\\"abc\\\"');"
             " d.execute('INSERT INTO answer(file, print, sheet, row, col, field, kind, original,"
             " corrected, explanation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', ('住户.csv', 'abc',"
             " '', '%s', '%s', '%s', '%s', '%s', '', '%s')); d.commit()\"",
             raw_path, row, field, field, kind, original, explanation);
    assert_int_equal(system(command), 0);
    assert_int_equal(clean_county(topic, &rules, checks, frame, privacy, raw_path, clean_path), 0);
    clean = store_open(clean_path, &SCHEMA_CLEAN);
}

static void test_confirmed(void **state)
{
    (void)state;
    clean_households("hh_size=3", NULL);
    end();
    answer_with("roster", "hh_size", "2", "3", "情况属实，两人在外上学");
    assert_string_equal(answer(FOUND), "roster|hh_size|confirmed|登记人数：填写3，应为1，相差2");
    end();
    clean_households("hh_size=3", NULL);
    end();
    answer_with("roster", "hh_size", "2", "3", "情况属实"); /* without a reason */
    assert_string_equal(answer(FOUND), "roster|hh_size|soft|登记人数：填写3，应为1，相差2");
    end();
    clean_households("", "hh_no=8;resp_name=李四");
    end();
    answer_with("near_duplicate", "", "3", "", "情况属实，兄弟两家情况相同");
    assert_string_equal(answer(FOUND),
                        "near_duplicate||confirmed|与 411523100201-7 的答案有100%相同");
    end();
}

static void test_mistakes(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "a,nowhere,balance,${hh_size},1,,",         "a,households,equal,${hh_size},1,,",
        "a,households,balance,${nothing},1,,",      "a,households,balance,1,1,,",
        "a,households,balance,${hh_size},,,",       "a,households,roster,${hh_size},1,x,",
        "a,households,near_duplicate,none,,,",      "a,households,near_duplicate,,none,,",
        "a,households,similar_texts,hh_size,,,",    "a,households,similar_texts,phone,,,",
        "a,households,condition,${hh_size} > 0,,,", "a,households,condition,1,,,x"};
    char path[200], command[400];
    snprintf(path, sizeof path, "%s/topics/henan-2025/07/wrong.csv", folder);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(command, sizeof command, "cp topics/henan-2025/07/topic.csv %s", path);
        assert_int_equal(system(command), 0);
        FILE *f = fopen(path, "a");
        fprintf(f, "checks\n,name,level,kind,left,right,tolerance,message\n,%s\n", rows[i]);
        fclose(f);
        struct topic *t = topic_read(path);
        assert_non_null(t);
        if (checks_read(t))
            fail_msg("%s", rows[i]);
        topic_free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_balance),         cmocka_unit_test(test_other_level),
        cmocka_unit_test(test_near_duplicates), cmocka_unit_test(test_similar_texts),
        cmocka_unit_test(test_confirmed),       cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, make_topic, remove_topic);
}
