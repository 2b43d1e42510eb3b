/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the text of a cell to its value: rows of (text, value wanted, repairs wanted).  The wanted
 * columns are taken from the office's review rules, section by section.
 */
#include "base/text.h"
#include "review/datetext.h"
#include "review/numbertext.h"
#include "review/numeral.h"
#include "review/parse.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    CC = REPAIR_CONTROL_CHAR,
    FW = REPAIR_FULLWIDTH,
    NF = REPAIR_NUM_FORMAT,
    CN = REPAIR_CN_NUMBER,
    DF = REPAIR_DATE_FORMAT,
    MS = REPAIR_MULTI_SEP,
    LV = REPAIR_LABEL_VARIANT,
};

/* ---- a small questionnaire ------------------------------------------------------------------- */

static struct choice sexes[] = {{"1", "男", NULL}, {"2", "女", NULL}};
static struct choice statuses[] = {{"1", "受雇务工", NULL},
                                   {"5", "未就业，有就业意愿", NULL},
                                   {"6", "未就业，无就业意愿或料理家务", NULL}};
static struct choice needs[] = {{"1", "本地就业岗位", NULL}, {"2", "技能培训", NULL},
                                {"3", "岗位信息", NULL},     {"5", "子女上学、老人照护", NULL},
                                {"8", "务工补贴", NULL},     {"99", "其他", NULL}};
static struct choice villages[] = {{"a", "东伍姓", NULL}, {"b", "西伍姓", NULL}};
static struct choice edu[] = {{"3", "初中", NULL}, {"4", "高中/中专/技校", NULL}};
static struct choice_list lists[] = {
    {.name = "sex", .choices = sexes, .count = 2},
    {.name = "status", .choices = statuses, .count = 3},
    {.name = "needs", .choices = needs, .count = 6},
    {.name = "village", .choices = villages, .count = 2},
    {.name = "edu", .choices = edu, .count = 2},
};
static struct form form = {.lists = lists, .list_count = 5};
static struct form *forms[] = {&form};

static struct setting settings[] = {
    {"missing_codes", "不详|不清楚|不知道|拒答|—|——|-|/|\\|N/A|-99"},
    {"missing_if_invalid", "999"},
    {"missing_text", "无"},
    {"none_zero", "无"},
    {"unit_words", "元|万元|人|亩|户|个|个月|月|天|年|岁|场|人次|份|%"},
    {"date_serial_from", "45000"},
    {"date_serial_to", "46500"},
};
static struct topic topic = {.forms = forms,
                             .form_count = 1,
                             .rules = settings,
                             .rule_count = sizeof settings / sizeof *settings};
static const char *number_questions[] = {"phone", "m_id"};
static struct rules rules;
static struct parser *parser;

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(rules_read(&topic, &rules), 0);
    rules.number_questions = (struct words){number_questions, 2};
    parser = parser_new(&topic, &rules);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    parser_free(parser);
    arena_free(&topic.arena);
    return 0;
}

/* ---- numerals -------------------------------------------------------------------------------- */

static void decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int shift;
        const char *want; /* NULL: no number */
    } rows[] = {
        {"0", 0, "0"},
        {"007", 0, "7"},
        {"3.0", 0, "3"},
        {"12.50", 0, "12.5"},
        {"-0", 0, "0"},
        {"-3.20", 0, "-3.2"},
        {"58.7133", 4, "587133"},
        {"0.0005", 4, "5"},
        {"54900", -4, "5.49"},
        {"5", -4, "0.0005"},
        {"100", -4, "0.01"},
        {"0.1", -1, "0.01"},
        {"12", 2, "1200"},
        {".5", 0, "0.5"},
        {"5.", 0, "5"},
        {"000", -3, "0"},
        {"0.000", 4, "0"},
        {"99999999999999999999", 0, "99999999999999999999"},
        {"0000000000000000000000000000000000000000000001", 0, "1"},
        {"0.0000000000000000000000000000000000000000000001", 0, NULL},
        {"99999999999999999999999999999999999999", 4, NULL},
        {"", 0, NULL},
        {"-", 0, NULL},
        {".", 0, NULL},
        {"1.2.5", 0, NULL},
        {"3OOO", 0, NULL},
        {"+5", 0, NULL},
        {"1e5", 0, NULL},
        {" 1", 0, NULL},
        {"--1", 0, NULL},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool ok = decimal_read(rows[i].text, rows[i].shift, &b);
        if (!rows[i].want)
            assert_false(ok);
        else
            assert_string_equal(ok ? b.text : "(none)", rows[i].want);
    }
    buf_free(&b);
}

static void numerals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"一", "1"},
        {"十", "10"},
        {"十二", "12"},
        {"二十", "20"},
        {"二十一", "21"},
        {"一百", "100"},
        {"一百零五", "105"},
        {"一百五", "150"},
        {"一百一十", "110"},
        {"八百六十", "860"},
        {"三千五", "3500"},
        {"三千三", "3300"},
        {"三千二百", "3200"},
        {"三千零五", "3005"},
        {"三千零五十", "3050"},
        {"两千零五十", "2050"},
        {"两千八", "2800"},
        {"五千四百二十", "5420"},
        {"一万", "10000"},
        {"两万五", "25000"},
        {"两万五千", "25000"},
        {"三万二千", "32000"},
        {"三万二千五百", "32500"},
        {"两万三千三百", "23300"},
        {"三万零五百", "30500"},
        {"三万零五", "30005"},
        {"十二万", "120000"},
        {"十万零三百", "100300"},
        {"一百二十万", "1200000"},
        {"一亿两千万", "120000000"},
        {"四百六十八", "468"},
        {"零", "0"},
        {"〇", "0"},
        {"二〇二五", "2025"},
        {"一九八五", "1985"},
        {"壹佰贰拾叁", "123"},
        {"三点五", "3.5"},
        {"零点五", "0.5"},
        {"十二点二五", "12.25"},
        {"3.5万", "35000"},
        {"3万", "30000"},
        {"3万5", "35000"},
        {"3万5千", "35000"},
        {"3万5000", "35000"},
        {"12万3", "123000"},
        {"5千", "5000"},
        {"3.5千", "3500"},
        {"1.2亿", "120000000"},
        {"58.7133万", "587133"},
        {"3万零500", "30500"},
        /* not certain, or no number at all */
        {"两三万", NULL},
        {"三四千", NULL},
        {"十几", NULL},
        {"好几千", NULL},
        {"一万多", NULL},
        {"几万", NULL},
        {"三四", NULL},
        {"三四五", NULL},
        {"半", NULL},
        {"万", NULL},
        {"千", NULL},
        {"百", NULL},
        {"3000", NULL},
        {"", NULL},
        {"不到1万", NULL},
        {"约3000", NULL},
        {"三千五万", NULL},
        {"百三千", NULL},
        {"三百二千", NULL},
        {"3万50", NULL},
        {"五零", NULL},
        {"一百零", NULL},
        {"一万二万", NULL},
        {"2000-3000", NULL},
        {"1.2.5万", NULL},
        {"三点", NULL},
        {"点五", NULL},
        {"一一", NULL},
    };
    struct buf b = {0};
    bool scaled;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool ok = numeral_read(rows[i].text, &b, &scaled);
        if (!rows[i].want && ok)
            fail_msg("%s was read as %s", rows[i].text, b.text);
        if (rows[i].want && (!ok || strcmp(b.text, rows[i].want) != 0))
            fail_msg("%s: want %s, got %s", rows[i].text, rows[i].want, ok ? b.text : "(none)");
    }
    buf_free(&b);
}

/* ---- numbers --------------------------------------------------------------------------------- */

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *unit;
        double factor;
        const char *want;
        unsigned repairs;
    } rows[] = {
        {"3500", "元", 1, "3500", 0},
        {"007", "", 1, "7", 0},
        {"-3000", "元", 1, "-3000", 0},
        {"３３００", "元", 1, "3300", FW},
        {"2．5", "亩", 1, "2.5", FW},
        {"33,600", "元", 1, "33600", NF},
        {"1，160", "元", 1, "1160", FW | NF},
        {"３，６００", "元", 1, "3600", FW | NF},
        {"14 800", "元", 1, "14800", NF},
        {"14\xC2\xA0"
         "800",
         "元", 1, "14800", NF},
        {"1,234,567.80", "元", 1, "1234567.8", NF},
        {"62600元", "元", 1, "62600", NF},
        {"62600 元", "元", 1, "62600", NF},
        {"33,600元", "元", 1, "33600", NF},
        {"３０００元", "元", 1, "3000", FW | NF},
        {"15人", "人", 1, "15", NF},
        {"6个月", "个月", 1, "6", NF},
        {"6月", "个月", 1, "6", NF},
        {"1995年", "年", 1, "1995", NF},
        {"3.5亩", "亩", 1, "3.5", NF},
        {"102人次", "人次", 1, "102", NF},
        {"83.9%", "%", 1, "83.9", NF},
        {"83.9％", "%", 1, "83.9", FW | NF},
        {"8户", "", 1, "8", NF},
        {"54900元", "万元", 1, "5.49", NF},
        {"20.21万元", "万元", 1, "20.21", NF},
        {"十二", "万元", 1, "12", CN},
        {"三十二万元", "万元", 1, "32", CN},
        {"三十二万五千元", "万元", 1, "32.5", CN},
        {"3.5万", "元", 1, "35000", CN},
        {"3.5万元", "元", 1, "35000", CN},
        {"3万5", "元", 1, "35000", CN},
        {"３.５万", "元", 1, "35000", FW | CN},
        {"两万五", "元", 1, "25000", CN},
        {"三千五元", "元", 1, "3500", CN},
        {"六千六百一十元", "元", 1, "6610", CN},
        {"八百六十 元", "元", 1, "860", CN},
        {"四百六十八", "人", 1, "468", CN},
        {"三十二人", "人", 1, "32", CN},
        {"58.7133万人", "人", 1, "587133", CN},
        {"一", "亩", 1, "1", CN},
        /* a column in 万元 of a question in 元, and the other way round */
        {"3.36", "元", 10000, "33600", 0},
        {"1,234.5", "元", 10000, "12345000", NF},
        {"三", "元", 10000, "30000", CN},
        {"3.5万", "元", 10000, "35000", CN},
        {"35000元", "元", 10000, "35000", NF},
        {"54900", "万元", 0.0001, "5.49", 0},
        {"12.5", "亩", 15, "187.5", 0},
        /* as R and other programs write them */
        {"1e+05", "元", 1, "100000", 0},
        {"-1.5E+05", "元", 1, "-150000", 0},
        {"2.5e-07", "", 1, "0.00000025", 0},
        {"1.4519999999999999e-11", "", 1, "0.000000000014519999999999999", 0},
        {"1.23457e+11", "元", 1, "123457000000", 0},
        {"1e+05", "元", 10000, "1000000000", 0},
        /* not certain */
        {"约3000", "元", 1, NULL, 0},
        {"好几千", "元", 1, NULL, 0},
        {"三四千", "元", 1, NULL, 0},
        {"两三万", "元", 1, NULL, 0},
        {"两三亩", "亩", 1, NULL, 0},
        {"一万多", "元", 1, NULL, 0},
        {"不到1万", "元", 1, NULL, 0},
        {"3000左右", "元", 1, NULL, 0},
        {"2000-3000", "元", 1, NULL, 0},
        {"3OOO", "元", 1, NULL, 0},
        {"1.2.5", "亩", 1, NULL, 0},
        {"197?", "年", 1, NULL, 0},
        {"70后", "年", 1, NULL, 0},
        {"33,6000", "元", 1, NULL, 0},
        {"3360,0", "元", 1, NULL, 0},
        {"1 2", "元", 1, NULL, 0},
        {"1,2,3", "元", 1, NULL, 0},
        {"1,160 200", "元", 1, NULL, 0},
        {"3.5万", "万元", 1, NULL, 0},
        {"5元", "人", 1, NULL, 0},
        {"3亩", "元", 1, NULL, 0},
        {"5%", "人", 1, NULL, 0},
        {"元", "元", 1, NULL, 0},
        {"1e5", "元", 1, NULL, 0},
        {"1e+5", "元", 1, NULL, 0},
        {"e+05", "元", 1, NULL, 0},
        {"1e+05x", "元", 1, NULL, 0},
        {"1.2.5e+05", "元", 1, NULL, 0},
        {"1e+9999", "元", 1, NULL, 0},
        {"1.23457E+11", "元", 1, NULL, 0}, /* a spreadsheet has rounded it */
        {"4.1E+11", "", 1, NULL, 0},
        {"¥3000", "元", 1, NULL, 0},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned repairs = 0;
        bool ok = numbertext_read(rows[i].text, rows[i].unit, rows[i].factor, &rules.unit_words, &b,
                                  &repairs);
        if (!rows[i].want && ok)
            fail_msg("%s（%s）was read as %s", rows[i].text, rows[i].unit, b.text);
        if (rows[i].want && (!ok || strcmp(b.text, rows[i].want) != 0))
            fail_msg("%s: want %s, got %s", rows[i].text, rows[i].want, ok ? b.text : "(none)");
        if (ok && repairs != rows[i].repairs)
            fail_msg("%s: want repairs %x, got %x", rows[i].text, rows[i].repairs, repairs);
    }
    buf_free(&b);
}

/* ---- dates ----------------------------------------------------------------------------------- */

static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
        unsigned repairs;
    } rows[] = {
        {"2025-04-11", "2025-04-11", 0},
        {"2024-02-29", "2024-02-29", 0},
        {"２０２５-０４-１１", "2025-04-11", FW},
        {"2025-4-11", "2025-04-11", DF},
        {"2025年4月11日", "2025-04-11", DF},
        {"2025 年 4 月 11 日", "2025-04-11", DF},
        {"2025年04月11号", "2025-04-11", DF},
        {"2025.4.11", "2025-04-11", DF},
        {"2025/4/11", "2025-04-11", DF},
        {"2025／04／11", "2025-04-11", FW | DF},
        {"20250411", "2025-04-11", DF},
        {"２０２５年４月１１日", "2025-04-11", FW | DF},
        {"2025-05-20 10:23:00", "2025-05-20", DF},
        {"2025-05-20T00:00:00.000+08:00", "2025-05-20", DF},
        {"二〇二五年四月十一日", "2025-04-11", DF},
        {"45769", "2025-04-22", DF}, /* LibreOffice: 45769 shows 2025-04-22 */
        {"45822", "2025-06-14", DF},
        {"45000", "2023-03-15", DF},
        {"46500", "2027-04-23", DF},
        {"45769.5", "2025-04-22", DF},
        {"44999", NULL, 0},
        {"46501", NULL, 0},
        {"2025年5月", NULL, 0},
        {"2025.5", NULL, 0},
        {"5月11日", NULL, 0},
        {"5/11/2025", NULL, 0},
        {"25.4.11", NULL, 0},
        {"25年4月11日", NULL, 0},
        {"五月上旬", NULL, 0},
        {"2025-02-29", NULL, 0},
        {"2025-13-01", NULL, 0},
        {"2025年4月31日", NULL, 0},
        {"20250431", NULL, 0},
        {"2025-4/11", NULL, 0},
        {"2025-04-11-2025-04-12", NULL, 0},
        {"0000-01-01", NULL, 0},
        {"今天", NULL, 0},
        {"", NULL, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned repairs = 0;
        char got[DATE_TEXT];
        bool ok = datetext_read(rows[i].text, &rules, got, &repairs);
        if (!rows[i].want && ok)
            fail_msg("%s was read as %s", rows[i].text, got);
        if (rows[i].want && (!ok || strcmp(got, rows[i].want) != 0))
            fail_msg("%s: want %s, got %s", rows[i].text, rows[i].want, ok ? got : "(none)");
        if (ok && repairs != rows[i].repairs)
            fail_msg("%s: want repairs %x, got %x", rows[i].text, rows[i].repairs, repairs);
    }
}

/* ---- cells ----------------------------------------------------------------------------------- */

static struct parsed value;

/* State as a letter: b blank, v value, m missing, x bad. */
static char parse(const struct question *q, enum cell_kind kind, const char *text, size_t len)
{
    struct cell cell = {kind, text, len};
    parse_cell(parser, q, &cell, 1, NULL, &value);
    return "bvmx"[value.state];
}

struct cell_row {
    const char *text;
    char state;
    const char *want;
    unsigned repairs;
};

static void check_cells(const struct question *q, const struct cell_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char state = parse(q, CELL_TEXT, rows[i].text, strlen(rows[i].text));
        if (state != rows[i].state)
            fail_msg("%s: state %c, want %c", rows[i].text, state, rows[i].state);
        if (state == 'v' && strcmp(value.text.text, rows[i].want) != 0)
            fail_msg("%s: %s, want %s", rows[i].text, value.text.text, rows[i].want);
        if (state == 'v' && value.repairs != rows[i].repairs)
            fail_msg("%s: repairs %x, want %x", rows[i].text, value.repairs, rows[i].repairs);
    }
    parsed_free(&value);
}
#define CHECK_CELLS(q, rows) check_cells(q, rows, sizeof(rows) / sizeof *(rows))

static void one_choice(void **state)
{
    (void)state;
    struct question sex = {.type = Q_SELECT_ONE, .name = "m_sex", .list = &lists[0], .unit = ""};
    static const struct cell_row rows[] = {
        {"2", 'v', "2", 0},        {"女", 'v', "2", 0},       {" 女 ", 'v', "2", 0},
        {"２", 'v', "2", FW},      {"2.女", 'v', "2", LV},    {"2、女", 'v', "2", LV},
        {"(2)女", 'v', "2", LV},   {"（2）女", 'v', "2", LV}, {"2 女", 'v', "2", LV},
        {"女〖x〗", 'v', "2", LV}, {"２．女", 'v', "2", LV},  {"(2)", 'v', "2", LV},
        {"2.0", 'v', "2", LV},     {"1.女", 'x', "", 0},      {"3", 'x', "", 0},
        {"女性", 'x', "", 0},      {"12", 'x', "", 0},        {"男女", 'x', "", 0},
        {"不详", 'm', "", 0},      {"-99", 'm', "", 0},       {"/", 'm', "", 0},
        {"n/a", 'm', "", 0},       {"", 'b', "", 0},          {"\t \xE3\x80\x80", 'b', "", 0},
        {"999", 'x', "", 0},
    };
    CHECK_CELLS(&sex, rows);
    struct question status = {
        .type = Q_SELECT_ONE, .name = "m_status", .list = &lists[1], .unit = ""};
    static const struct cell_row commas[] = {
        {"未就业,有就业意愿", 'v', "5", LV},
        {"未就业， 有就业意愿", 'v', "5", LV},
        {"(6)未就业，无就业意愿或料理家务", 'v', "6", LV},
        {"未就业", 'x', "", 0},
    };
    CHECK_CELLS(&status, commas);
    struct question school = {.type = Q_SELECT_ONE, .name = "m_edu", .list = &lists[4], .unit = ""};
    static const struct cell_row slashes[] = {
        {"高中/中专/技校", 'v', "4", 0},
        {"高中／中专／技校", 'v', "4", LV},
        {"4.高中/中专/技校", 'v', "4", LV},
        {"高中", 'x', "", 0},
        {"中学", 'x', "", 0},
    };
    CHECK_CELLS(&school, slashes);
}

/* 西伍姓 is never 东伍姓, nor is half a name enough. */
static void no_likeness(void **state)
{
    (void)state;
    struct question q = {.type = Q_SELECT_ONE, .name = "v", .list = &lists[3], .unit = ""};
    static const struct cell_row rows[] = {
        {"东伍姓", 'v', "a", 0}, {"西伍姓", 'v', "b", 0}, {"伍姓", 'x', "", 0},
        {"东伍性", 'x', "", 0},  {"南伍姓", 'x', "", 0},
    };
    CHECK_CELLS(&q, rows);
}

static void many_choices(void **state)
{
    (void)state;
    struct question q = {.type = Q_SELECT_MULTIPLE, .name = "needs", .list = &lists[2], .unit = ""};
    static const struct cell_row rows[] = {
        {"1", 'v', "1", 0},
        {"1 2 99", 'v', "1 2 99", 0},
        {"99 2 1", 'v', "1 2 99", 0},
        {"技能培训", 'v', "2", 0},
        {"技能培训、岗位信息", 'v', "2 3", 0},
        {"岗位信息、子女上学、老人照护、务工补贴", 'v', "3 5 8", 0},
        {"子女上学、老人照护", 'v', "5", 0},
        {"1、2", 'v', "1 2", MS},
        {"1,2", 'v', "1 2", MS},
        {"1，2", 'v', "1 2", MS},
        {"1；2", 'v', "1 2", MS},
        {"1;2", 'v', "1 2", MS},
        {"1/2", 'v', "1 2", MS},
        {"1|2", 'v', "1 2", MS},
        {"1+2", 'v', "1 2", MS},
        {"1  2", 'v', "1 2", MS},
        {"1、", 'v', "1", MS},
        {"岗位信息；技能培训", 'v', "2 3", MS},
        {"技能培训，子女上学、老人照护", 'v', "2 5", MS},
        {"技能培训 岗位信息", 'v', "2 3", MS},
        {"岗位信息┋子女上学、老人照护", 'v', "3 5", MS},
        {"岗位信息┋其他〖修路、架桥〗", 'v', "3 99", MS | LV},
        {"其他〖修路", 'x', "", 0},
        {"１ ２", 'v', "1 2", FW},
        {"１，２", 'v', "1 2", FW | MS},
        {"1.本地就业岗位、3.岗位信息", 'v', "1 3", LV},
        {"子女上学,老人照护", 'v', "5", LV},
        {"12", 'x', "", 0},
        {"1 7", 'x', "", 0},
        {"1.2", 'x', "", 0},
        {"1、岗位信息", 'x', "", 0}, /* codes 1 and 3, or a wrong number before the label? */
        {"老人照护", 'x', "", 0},
        {"技能", 'x', "", 0},
        {"无", 'x', "", 0},
        {"不清楚", 'm', "", 0},
        {"/", 'm', "", 0},
        {"", 'b', "", 0},
    };
    CHECK_CELLS(&q, rows);
}

/* Many short parts that do not fit at the end must not take time without bound. */
static void hostile_listing(void **state)
{
    (void)state;
    struct question q = {.type = Q_SELECT_MULTIPLE, .name = "needs", .list = &lists[2], .unit = ""};
    char text[1200] = "";
    for (int i = 0; i < 190; i++)
        strcat(text, i % 2 ? "1," : "2 ");
    strcat(text, "x");
    assert_int_equal(parse(&q, CELL_TEXT, text, strlen(text)), 'x');
    memset(text, '1', sizeof text);
    assert_int_equal(parse(&q, CELL_TEXT, text, sizeof text), 'x');
    parsed_free(&value);
}

static void texts(void **state)
{
    (void)state;
    struct question free_text = {.type = Q_TEXT, .name = "opinion", .unit = ""};
    static const struct cell_row rows[] = {
        {" =1+1 建议 ", 'v', "=1+1 建议", 0},
        {"无", 'v', "无", 0},
        {"不详", 'v', "不详", 0},
        {"１２３，全角照录", 'v', "１２３，全角照录", 0},
        {"一\r\n二\r三", 'v', "一\n二\n三", 0},
        {"a\tb", 'v', "a\tb", 0},
        {"\xC2\xA0\xC2\xA0", 'b', "", 0},
        {"铃\x07响", 'v', "铃响", CC},
    };
    CHECK_CELLS(&free_text, rows);
    assert_int_equal(parse(&free_text, CELL_TEXT, "一\0二", 7), 'v');
    assert_string_equal(value.text.text, "一二");
    assert_int_equal(value.repairs, CC);

    struct question phone = {.type = Q_TEXT, .name = "phone", .unit = ""};
    static const struct cell_row phones[] = {
        {"15447520695", 'v', "15447520695", 0},
        {"154-4752-0695", 'v', "15447520695", NF},
        {"154 0834 4394", 'v', "15408344394", NF},
        {"１５４５２６３０７５０", 'v', "15452630750", FW},
        {"15452630750.0", 'v', "15452630750", NF},
        {"无", 'm', "", 0},
        {"不详", 'm', "", 0},
        {"—", 'm', "", 0},
    };
    CHECK_CELLS(&phone, phones);
    struct question id = {.type = Q_TEXT, .name = "m_id", .unit = ""};
    static const struct cell_row ids[] = {
        {"41159920091019782x", 'v', "41159920091019782X", NF},
        {"410399 19690325 5410", 'v', "410399196903255410", NF},
        {"４１０４９９１９５７１２０３６３８Ｘ", 'v', "41049919571203638X", FW},
        {"４１０４９９１９５７１２０３６３８ｘ", 'v', "41049919571203638X", FW | NF},
        {"'410399196903255410", 'v', "410399196903255410", NF},
        {"-'4103", 'v', "4103", NF},
        {"4.11499196102072E+17", 'v', "4.11499196102072E+17", 0},
    };
    CHECK_CELLS(&id, ids);
}

static void number_cells(void **state)
{
    (void)state;
    struct question q = {.type = Q_INTEGER, .name = "inc", .unit = "元"};
    assert_int_equal(parse(&q, CELL_NUMBER, "33600", 5), 'v');
    assert_string_equal(value.text.text, "33600");
    assert_int_equal(parse(&q, CELL_NUMBER, "1E+20", 5), 'v');
    assert_true(value.number == 1e20);
    assert_int_equal(parse(&q, CELL_TEXT, "无", 3), 'v');
    assert_true(value.none_zero && value.number == 0);
    assert_int_equal(parse(&q, CELL_TEXT, "999", 3), 'v');
    assert_true(value.maybe_missing);
    assert_int_equal(parse(&q, CELL_TEXT, "－９９", 9), 'm');
    assert_int_equal(parse(&q, CELL_TEXT, "-99.00", 6), 'm');
    assert_int_equal(parse(&q, CELL_TEXT, "-99元", 6), 'v');
    assert_int_equal(parse(&q, CELL_TEXT, "999.0", 5), 'v');
    assert_true(value.maybe_missing);
    assert_int_equal(parse(&q, CELL_TEXT, "12\0", 3), 'v');
    assert_int_equal(value.repairs, CC);
    assert_int_equal(parse(&q, CELL_FORMULA, "=A1+B1", 6), 'x');
    assert_int_equal(parse(&q, CELL_ERROR, "#REF!", 5), 'x');
    struct question date = {.type = Q_DATE, .name = "d", .unit = ""};
    assert_int_equal(parse(&date, CELL_DATE, "2025-05-20T08:30:00", 19), 'v');
    assert_string_equal(value.text.text, "2025-05-20");
    assert_int_equal(value.repairs, 0);
    assert_true(value.number == 20228); /* date -d 2025-05-20 +%s / 86400 */
    parsed_free(&value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals),     cmocka_unit_test(numerals),
        cmocka_unit_test(numbers),      cmocka_unit_test(dates),
        cmocka_unit_test(one_choice),   cmocka_unit_test(no_likeness),
        cmocka_unit_test(many_choices), cmocka_unit_test(hostile_listing),
        cmocka_unit_test(texts),        cmocka_unit_test(number_cells),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
