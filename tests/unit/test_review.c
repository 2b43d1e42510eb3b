/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The review of one household and its member, against the office's rules: what is changed in a
 * household without fault, the problems that must be listed then (question:kind, in the order of
 * the questionnaire) and the values that must be in the record.
 */
#include "rawcase.h"

#include "base/text.h"

static const char HOUSEHOLD[] =
    "interviewer svy_date county village_code village_name hh_no resp_name phone hh_size "
    "labour_cnt hh_type monitor_type land_mu land_out land_out_mu n_member n_out wage_calc "
    "inc_wage inc_farm inc_transfer inc_property inc_total inc_pc remit svc_used svc_kinds "
    "sat_info sat_train sat_match sat_rights sat_overall know_brand needs needs_oth intend opinion";
static const char MEMBER[] =
    "village_code hh_no m_no m_name m_sex m_birth_year m_age m_id m_rel m_edu m_status m_place "
    "m_dest m_industry m_industry_oth m_months m_wage m_channel m_contract m_arrears m_insure "
    "m_trained m_train_type m_train_days m_cert m_brand m_brand_name m_out m_wage_year";

/* A household without fault: one member who works in 长三角. */
static const char GOOD_HOUSEHOLD[] =
    "interviewer=D012;svy_date=2025-05-20;county=411523;village_code=411523100201;"
    "village_name=姚坡村;hh_no=7;resp_name=张三;phone=15447520695;hh_size=3;labour_cnt=1;"
    "hh_type=3;land_mu=3.5;land_out=1;land_out_mu=1.5;inc_wage=30000;inc_farm=2000;"
    "inc_transfer=1000;inc_property=0;remit=20000;svc_used=2;sat_info=3;sat_train=3;sat_match=3;"
    "sat_rights=3;sat_overall=4;know_brand=1;needs=1 4;intend=1";
static const char GOOD_MEMBER[] =
    "village_code=411523100201;hh_no=7;m_no=1;m_name=张三;m_sex=1;m_birth_year=1974;"
    "m_id=411599197405024376;m_rel=1;m_edu=3;m_status=1;m_place=4;m_dest=41;m_industry=2;"
    "m_months=10;m_wage=3000;m_channel=1;m_contract=1;m_arrears=2;m_insure=3 6;m_trained=2;"
    "m_brand=2";

static void clean_one(const char *household, const char *member)
{
    begin();
    struct table h = open_table("住户.csv", false, "households", HOUSEHOLD);
    add_row_as(&h, "data", 2, 0, (const char *const[]){GOOD_HOUSEHOLD, household, NULL});
    struct table m = open_table("成员.csv", false, "members", MEMBER);
    if (member)
        add_row_as(&m, "data", 2, 0, (const char *const[]){GOOD_MEMBER, member, NULL});
    clean_rows();
}

/* "hh_size=3" is looked up in the record; "" is a missing value. */
static void check_values(const char *name, const char *values)
{
    char *copy = must_strdup(values), *save;
    for (char *p = strtok_r(copy, ";", &save); p; p = strtok_r(NULL, ";", &save)) {
        char sql[256], *sign = strchr(p, '=');
        *sign = '\0';
        bool member = !strncmp(p, "m_", 2);
        snprintf(sql, sizeof sql, "SELECT \"%s\" FROM %s", p, member ? "members" : "households");
        if (strcmp(answer(sql), sign + 1) != 0)
            fail_msg("%s: %s should be “%s”, is “%s”", name, p, sign + 1, answer(sql));
    }
    free(copy);
}

struct example {
    const char *name;               /* section of the rules */
    const char *household, *member; /* what differs from the good ones; member NULL: none */
    const char *problems;
    const char *values;
};

static void check_examples(const struct example *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        clean_one(rows[i].household, rows[i].member);
        const char *got = answer("SELECT field, kind FROM problem ORDER BY id");
        if (strcmp(got, rows[i].problems) != 0)
            fail_msg("%s: want “%s”, got “%s”", rows[i].name, rows[i].problems, got);
        check_values(rows[i].name, rows[i].values);
        end();
    }
}
#define CHECK_EXAMPLES(rows) check_examples(rows, sizeof(rows) / sizeof *(rows))

static void without_fault(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"good", "", "", "",
         "village_name=沙岭镇姚坡村;n_member=1;n_out=1;wage_calc=30000;inc_total=33000;"
         "inc_pc=11000;m_no=1;m_age=51;m_out=1;m_wage_year=30000;m_insure=3 6"},
        {"ways of writing that are right",
         "hh_no=007;county=新县;hh_type=一般农户;needs=工资权益保障、本地就业岗位; intend=1;"
         "land_mu=3.50;opinion=无;phone=;inc_total=33,000",
         "m_insure=城乡居民医疗保险、工伤保险;m_no=9;m_id=", "",
         "hh_no=7;county=411523;hh_type=3;needs=1 4;land_mu=3.5;opinion=无;phone=;"
         "m_insure=3 6;m_no=1"},
    };
    CHECK_EXAMPLES(rows);
}

static void skips(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"四.3 filled though not asked: cleared, counts as not answered", "monitor_type=2", "",
         "monitor_type:skip_violation", "monitor_type="},
        {"三.4 a missing code there is no answer", "monitor_type=—;needs_oth=", "", "",
         "monitor_type="},
        {"words of a platform are blanks", "monitor_type=(跳过);needs_oth=（空）;opinion=(空)", "",
         "", "monitor_type=;needs_oth=;opinion="},
        {"also where something is asked", "resp_name=(空)", "", "resp_name:required_blank",
         "resp_name="},
        {"in texts too, where nothing was asked", "needs_oth=/", "m_industry_oth=—", "",
         "needs_oth=;m_industry_oth="},
        {"other texts are violations", "needs_oth=无", "", "needs_oth:skip_violation",
         "needs_oth="},
        {"a skipped number of 999 is a missing code", "", "m_train_days=999", "", ""},
        {"a skipped number is a violation, also when it cannot be read", "", "m_train_days=几天",
         "m_train_days:skip_violation", "m_train_days="},
        {"the cleared answer still decides what follows", "land_mu=0", "",
         "land_out:skip_violation land_out_mu:skip_violation", "land_out=;land_out_mu="},
        {"四.3 relevant of an unknown value: what is filled counts", "land_mu=不详", "",
         "land_mu:missing_code", "land_out=1;land_out_mu=1.5"},
        {"and what is not filled is not blank", "land_mu=不详;land_out=;land_out_mu=", "",
         "land_mu:missing_code", "land_out="},
        {"required and blank", "land_out=;land_out_mu=", "", "land_out:required_blank",
         "land_out_mu="},
        {"text asked for by 其他", "needs=1 99", "", "needs_oth:required_blank", "needs=1 99"},
    };
    CHECK_EXAMPLES(rows);
}

static void unreadable(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"四.2 fuzzy", "inc_farm=约3000", "", "inc_farm:bad_value", "inc_farm=;inc_total="},
        {"四.2 a fraction in a whole number", "hh_size=3.5", "", "hh_size:bad_value", "hh_size="},
        {"四.2 not a choice", "hh_type=五保", "", "hh_type:bad_value", "hh_type="},
        {"四.2 a choice that choice_filter leaves out", "", "m_dest=31", "m_dest:bad_value",
         "m_dest="},
        {"the filter of an unknown value is not judged", "", "m_place=不详;m_dest=31",
         "m_place:missing_code", "m_dest=31;m_out="},
        {"四.2 a day that does not exist", "svy_date=2025-06-31", "", "svy_date:bad_value",
         "svy_date="},
        {"四.2 元 below 100 is suspect before all else", "inc_farm=9.22", "",
         "inc_farm:unit_suspect", "inc_farm="},
        {"also where it is whole", "", "m_wage=50", "m_wage:unit_suspect", "m_wage=;m_wage_year="},
        {"but not 0 and not below 0", "inc_farm=-50", "", "inc_farm:constraint", "inc_farm="},
    };
    CHECK_EXAMPLES(rows);
}

static void constraints(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"four needs", "needs=1 2 3 4", "", "needs:constraint", "needs="},
        {"none and some", "", "m_insure=5 9", "m_insure:constraint", "m_insure="},
        {"四.3 of an unknown value: not judged", "hh_size=不详;labour_cnt=7", "",
         "hh_size:missing_code labour_cnt:count_mismatch", "labour_cnt="},
        {"land above the land", "land_out_mu=4", "", "land_out_mu:constraint", "land_out_mu="},
        {"not judged when the land is not known", "land_mu=1.2.5;land_out_mu=150", "",
         "land_mu:bad_value", "land_out_mu=150.0"},
        {"四.6 today is 2025-12-31", "svy_date=2026-01-05", "", "svy_date:constraint", "svy_date="},
        {"telephone of a house", "phone=0376-0000123", "", "phone:constraint", "phone="},
        {"四.1 what is returned has no repairs listed", "phone=１２３ ４", "", "phone:constraint",
         "phone="},
        {"identity number: check character", "", "m_id=411599197405024375", "m_id:id_bad", "m_id="},
        {"identity number: sex", "", "m_sex=2", "m_id:id_bad", "m_id="},
        {"identity number: year", "", "m_birth_year=1975", "m_id:id_bad", "m_age=50;m_id="},
        {"identity number: digits lost", "", "m_id=4.11599197405024E+17", "m_id:id_bad", "m_id="},
        {"not judged when the year is not known", "", "m_birth_year=70后;m_id=123",
         "m_birth_year:bad_value", "m_age=;m_id=123"},
    };
    CHECK_EXAMPLES(rows);
}

static void missing(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"三.4", "inc_farm=拒答;intend=/;phone=无;svy_date=-99", "m_id=不详;m_edu=n/a",
         "svy_date:missing_code phone:missing_code inc_farm:missing_code intend:missing_code "
         "m_id:missing_code m_edu:missing_code",
         "inc_farm=;inc_total=;inc_pc=;intend=;svy_date=;m_id="},
        {"no missing codes in texts", "resp_name=不详;opinion=/", "", "",
         "resp_name=不详;opinion=/"},
        {"an interviewer's number is none either", "interviewer=不详", "", "interviewer:constraint",
         "interviewer="},
        {"999 where it is not allowed", "", "m_months=999", "m_months:missing_code",
         "m_months=;m_wage_year="},
        {"999 as a telephone number", "phone=999", "", "phone:missing_code", "phone="},
        {"999 where it is allowed", "inc_farm=999", "", "", "inc_farm=999;inc_total=31999"},
        {"三.5 无 is 0 where 0 is allowed", "inc_farm=无", "", "inc_farm:none_zero",
         "inc_farm=0;inc_total=31000"},
        {"and nothing where it is not", "hh_size=无", "", "hh_size:bad_value", "hh_size="},
    };
    CHECK_EXAMPLES(rows);
}

static void repairs(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"三.1 two in one cell", "inc_farm=２，０００", "",
         "inc_farm:fullwidth inc_farm:num_format", "inc_farm=2000;inc_total=33000"},
        {"三.1 units", "hh_size=3人;inc_farm=2000 元", "m_months=10个月",
         "hh_size:num_format inc_farm:num_format m_months:num_format", "hh_size=3"},
        {"三.1 numbers of people", "phone=154-4752-0695;interviewer=d012",
         "m_id=411599 19740502 4376", "interviewer:num_format phone:num_format m_id:num_format",
         "phone=15447520695;interviewer=D012;m_id=411599197405024376"},
        {"三.2", "inc_farm=两千;inc_transfer=0.1万元", "m_months=十",
         "inc_farm:cn_number inc_transfer:cn_number m_months:cn_number",
         "inc_farm=2000;inc_transfer=1000;m_months=10"},
        {"三.3", "svy_date=45797", "", "svy_date:date_format", "svy_date=2025-05-20"},
        {"三.6", "intend=(1)继续外出务工;needs=1，4;land_out=１", "",
         "land_out:fullwidth needs:multi_sep intend:label_variant", "intend=1;needs=1 4"},
        {"三.8", "county=永城市", "", "county:county_code", "county=411523"},
        {"a blank county is blank", "county=", "", "county:required_blank", "county="},
        {"NUL", "resp_name=张\1三", "", "resp_name:control_char", "resp_name=张三"},
    };
    CHECK_EXAMPLES(rows);
}

static void villages(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"三.7 by the name in its place", "village_code=沙岭镇姚坡村;village_name=", "",
         "village_code:village_name", "village_code=411523100201"},
        {"三.7 scientific, by the name's column", "village_code=4.11523E+11", "",
         "village_code:village_name", "village_code=411523100201"},
        {"三.7 blank", "village_code=", "", "village_code:village_name",
         "village_code=411523100201;village_name=沙岭镇姚坡村"},
        {"ways of writing the code", "village_code=411523100201.0", "", "village_code:num_format",
         "village_code=411523100201"},
        {"full-width", "village_code=４１１５２３１００２０１", "", "village_code:fullwidth",
         "village_code=411523100201"},
        {"the name does not matter when the code is right", "village_name=许楼村", "", "",
         "village_name=沙岭镇姚坡村"},
        {"in the member's row too", "", "village_code=姚坡村;hh_no=７",
         "village_code:village_name hh_no:fullwidth", "hh_no=7;m_no=1"},
    };
    CHECK_EXAMPLES(rows);
}

static void calculations(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"三.9 differs", "inc_total=33,100元;inc_pc=11000", "m_age=50",
         "inc_total:calc_mismatch m_age:calc_mismatch", "inc_total=33000;m_age=51"},
        {"not compared when a part is not known", "inc_farm=;inc_total=5", "",
         "inc_farm:required_blank", "inc_total=;inc_pc="},
        {"a missing code is no value", "inc_total=—", "", "", "inc_total=33000"},
        {"sums over members with an unknown wage", "", "m_wage=三四千", "m_wage:bad_value",
         "m_wage_year=;wage_calc=;n_out=1"},
        {"a wage that was not asked for is none", "inc_wage=0;remit=",
         "m_status=6;m_place=;m_dest=;m_industry=;m_months=;m_wage=500;"
         "m_channel=;m_contract=;m_arrears=;m_brand=",
         "m_wage:skip_violation", "m_wage_year=0;wage_calc=0;n_out=0"},
    };
    CHECK_EXAMPLES(rows);
}

static void counts(void **state)
{
    (void)state;
    static const struct example rows[] = {
        {"四.4", "labour_cnt=2", "", "labour_cnt:count_mismatch", "labour_cnt=;n_member=1"},
        {"no members", "labour_cnt=1;remit=", NULL, "labour_cnt:count_mismatch", "n_member=0"},
        {"none and none", "labour_cnt=0;remit=", NULL, "", "labour_cnt=0;n_member=0;wage_calc=0"},
        {"not when it is blank", "labour_cnt=", "", "labour_cnt:required_blank", "labour_cnt="},
        {"not when it is returned for another reason", "labour_cnt=8", "", "labour_cnt:constraint",
         "labour_cnt="},
    };
    CHECK_EXAMPLES(rows);
}

/* 三.10: the head's unit first, then constraint and suspicion. */
static void units(void **state)
{
    (void)state;
    static const struct {
        const char *text, *problems, *value;
    } rows[] = {
        {"3", "", "30000"},
        {"2.5万元", "inc_wage:cn_number", "25000"},
        {"0.005", "inc_wage:unit_suspect", ""},
        {"250", "inc_wage:constraint", ""},
        {"30000元", "inc_wage:num_format", "30000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64], *names = must_strdup(HOUSEHOLD);
        snprintf(text, sizeof text, "inc_wage=%s;remit=不详", rows[i].text);
        *strstr(names, "inc_wage ") = '\0';
        struct buf all = {0};
        buf_printf(&all, "%sinc_wage*10000 %s", names, names + strlen(names) + 9);
        begin();
        struct table h = open_table("住户.csv", false, "households", all.text);
        add_row_as(&h, "data", 2, 0, (const char *const[]){GOOD_HOUSEHOLD, text, NULL});
        struct table m = open_table("成员.csv", false, "members", MEMBER);
        add_row_as(&m, "data", 2, 0, (const char *const[]){GOOD_MEMBER, NULL});
        free(names);
        buf_free(&all);
        clean_rows();
        assert_string_equal(
            answer("SELECT field, kind FROM problem WHERE field <> 'remit' ORDER BY id"),
            rows[i].problems);
        assert_string_equal(answer("SELECT inc_wage FROM households"), rows[i].value);
        end();
    }
}

/* The problem line: where, what stood there (NUL shown), whose. */
static void problem_lines(void **state)
{
    (void)state;
    clean_one("resp_name=张\1三", "m_id=411599197405024375");
    assert_string_equal(answer("SELECT file, row, col, original, corrected, key, personal"
                               " FROM problem ORDER BY id"),
                        "住户.csv:2:resp_name:张␀三:张三:411523100201-7:1 "
                        "成员.csv:2:m_id:411599197405024375::411523100201-7:1");
    assert_string_equal(answer("SELECT \"_key\", \"_psu\" FROM households"),
                        "411523100201-7:411523100201");
    end();
}

/* A 0/1 column for each choice beside the list of them. */
static void flags(void **state)
{
    (void)state;
    static const struct {
        const char *needs, *one, *four, *problems, *value;
    } rows[] = {
        {"1 4", "1", "1", "", "1 4"},
        {"1 4", "TRUE", "TRUE", "", "1 4"},
        {"1 4", "1", "0", "needs:multi_conflict", ""},
        {"", "1", "1", "needs:multi_conflict", ""},
        {"1 4", "", "", "", "1 4"},
        {"", "0", "0", "needs:required_blank", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        struct buf all = {0};
        buf_printf(&all, "%s needs/1 needs/4", HOUSEHOLD);
        snprintf(text, sizeof text, "needs=%s;needs/1=%s;needs/4=%s", rows[i].needs, rows[i].one,
                 rows[i].four);
        begin();
        struct table h = open_table("住户.csv", false, "households", all.text);
        add_row_as(&h, "data", 2, 0, (const char *const[]){GOOD_HOUSEHOLD, text, NULL});
        buf_free(&all);
        struct table m = open_table("成员.csv", false, "members", MEMBER);
        add_row_as(&m, "data", 2, 0, (const char *const[]){GOOD_MEMBER, NULL});
        clean_rows();
        assert_string_equal(answer("SELECT field, kind FROM problem ORDER BY id"),
                            rows[i].problems);
        assert_string_equal(answer("SELECT needs FROM households"), rows[i].value);
        end();
    }
}

/* ---- codes ----------------------------------------------------------------------------------- */

/* A free text as a credit code of a foundation, or as a division code. */
static void with_code(const char *code, bool division, const char *problems, const char *value)
{
    struct rules before = rules;
    struct code_question credit = {"opinion", "53"};
    struct words opinion = {(const char *[]){"opinion"}, 1};
    char answers[100];
    rules.credit_questions = &credit;
    rules.credit_question_count = !division;
    rules.division_questions = division ? opinion : (struct words){0};
    rules.code_questions = opinion;
    rules.divisions = divisions_read("topics/gb2260.csv");
    rules.month = 202006;
    assert_non_null(rules.divisions);
    snprintf(answers, sizeof answers, "opinion=%s", code);
    clean_one(answers, NULL);
    assert_string_equal(answer("SELECT kind || ' ' || class || ' ' || corrected"
                               " FROM problem WHERE field = 'opinion'"),
                        problems);
    assert_string_equal(answer("SELECT opinion FROM households"), value);
    end();
    rules_free(&rules);
    rules = before;
}

static void test_codes(void **state)
{
    (void)state;
    static const char good[] = "53410000MJ00000017";
    with_code(good, false, "", good);
    with_code("５３410000 mj00000017", false,
              "fullwidth repaired 53410000MJ00000017 num_format repaired 53410000MJ00000017", good);
    with_code("53410000MJ00000018", false, "code_bad returned ", "");
    with_code("51410000MJ0000002G", false, "code_bad returned ", ""); /* no foundation */
    with_code("350427", true, "", "350427");
    with_code("350427100201", true, "", "350427100201");
    with_code("350427.0", true, "num_format repaired 350427", "350427");
    with_code("350405", true, "code_bad returned ", ""); /* only since 2021 */
    with_code("991523", true, "code_bad returned ", "");
    with_code("411599", true, "code_unknown notice ", "411599");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_fault), cmocka_unit_test(skips),
        cmocka_unit_test(unreadable),    cmocka_unit_test(constraints),
        cmocka_unit_test(missing),       cmocka_unit_test(repairs),
        cmocka_unit_test(villages),      cmocka_unit_test(calculations),
        cmocka_unit_test(counts),        cmocka_unit_test(units),
        cmocka_unit_test(problem_lines), cmocka_unit_test(flags),
        cmocka_unit_test(test_codes),
    };
    return cmocka_run_group_tests(tests, read_topic, free_topic);
}
