/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The narrative's macros over results made here by hand.  Runs from the root of the project: the
 * topic is Henan 7, whose indicators and domains it names; the numbers are ours.
 */
#include "base/message.h"
#include "madeup.h"
#include "output/macro.h"
#include "output/tabular.h"
#include "output/wording.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct madeup ROWS[] = {
    {"out_hh", "all", "all", 0.58099, 0.02, 0.542, 0.6195, "抽样", ""},
    {"out_hh", "county", "411523", 0.66, 0.03, 0.6, 0.72, "抽样", ""},
    {"out_hh", "county", "411524", 0.5, 0.03, 0.44, 0.56, "抽样", ""},
    {"out_hh", "county", "410325", 0.66, 0.05, 0.56, 0.76, "抽样", ""},
    {"out_hh", "county", "410423", 0.1, 0.06, -0.02, 0.22, "抽样", "x"},
    {"out_hh", "hh_type", "1", 0.531, 0.01, 0.51, 0.55, "抽样", ""},
    {"out_hh", "hh_type", "2", 0.4, 0.15, 0.1, 0.7, "抽样", "b"},
    {"out_hh", "hh_type", "3", 0.6, 0.01, 0.58, 0.62, "抽样", ""},
    {"labour_total", "all", "all", 1030702.7, 17901, 994523.4, 1066882.0, "抽样", ""},
    {"arrears", "county", "411523", 0.05, 0.01, 0.03, 0.07, "抽样", ""},
    {"arrears", "county", "411524", 0.02, 0.01, 0.01, 0.03, "抽样", ""},
    {"arrears", "all", "all", 0.01, 0.01, -0.01, 0.03, "抽样", ""},
    {"c_agree", "all", "all", 78, NAN, NAN, NAN, "部门", ""},
    {"c_agree", "county", "411523", 30, NAN, NAN, NAN, "部门", ""},
    {"c_labour", "all", "all", 1000000, NAN, NAN, NAN, "部门", ""},
    {"c_transfer", "all", "all", 1154000, NAN, NAN, NAN, "部门", ""},
    {"sat_info_45", "all", "all", 0.455, 0.02, 0.42, 0.5, "抽样", ""},
    {"sat_train_45", "all", "all", 0.395, 0.02, 0.36, 0.44, "抽样", ""},
    {"need.1", "all", "all", 0.3, 0.02, 0.26, 0.34, "抽样", ""},
    {"need.2", "all", "all", 0.425, 0.02, 0.38, 0.47, "抽样", ""},
    {"need.3", "all", "all", 0, 0, 0, 0, "抽样", ""},
};

static int make_results(void **state)
{
    (void)state;
    struct store *s = begin_results();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        put_estimate(s, ROWS[i]);
    store_exec(s, "INSERT INTO contrast VALUES "
                  "('out_hh', 'hh_type', '1', '3', -0.069, 0.02, 40, -3.4, 0.0015), "
                  "('out_hh', 'county', '411523', 'all', 0.079, 0.03, 40, 2.6, 0.013), "
                  "('out_hh', 'county', '410325', 'all', 0.079, 0.06, 40, 1.3, 0.2)");
    store_exec(s, "INSERT INTO test(name, kind, n, n_psu, df, row_groups, column_groups, p, class,"
                  " mark) VALUES ('near', 'chisq', 90, 40, 30, 2, 2, 0.0325, '抽样', ''),"
                  " ('far', 'chisq', 90, 40, 30, 2, 2, 1e-9, '抽样', ''),"
                  " ('none', 'chisq', 90, 40, 30, 2, 2, NULL, '抽样', '-')");
    store_exec(s, "INSERT INTO scale(name, kind, items, n, n_psu, df, estimate, class, mark) VALUES"
                  " ('coding', 'kappa', 2, 90, 40, 30, 0.6149, '抽样', ''),"
                  " ('few', 'kappa', 2, 2, 2, 1, 0.8, '抽样', 'x')");
    store_exec(s, "INSERT INTO county_count VALUES ('411523', 'accepted:households', 115), "
                  "('410325', 'accepted:households', 1080), ('410325', 'returned', 7)");
    return end_results(s, "topics/henan-2025/07/topic.csv");
}

static void expect(const char *text, const char *want)
{
    struct buf b = {0};
    message_capture(messages, sizeof messages);
    int rc = macros_expand(&macros, &b, text, "report.tex", 1);
    message_capture(NULL, 0);
    assert_string_equal(messages, "");
    assert_int_equal(rc, 0);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
}

/* The text fails with a message that holds both parts. */
static void expect_error(const char *text, const char *part, const char *other)
{
    struct buf b = {0};
    message_capture(messages, sizeof messages);
    int rc = macros_expand(&macros, &b, text, "report.tex", 1);
    message_capture(NULL, 0);
    assert_int_equal(rc, -1);
    assert_non_null(strstr(messages, part));
    assert_non_null(strstr(messages, other));
    buf_free(&b);
}

static void test_figures(void **state)
{
    (void)state;
    expect("占\\est{out_hh}。", "占58.1\\%。");
    expect("\\est[plain]{out_hh}", "58.1");
    expect("\\est[decimals=2]{out_hh}", "58.10\\%");
    expect("\\ci{out_hh}", "54.2\\%\\wavedash{}62.0\\%"); /* 61.95 is a tie */
    expect("\\n{out_hh} \\rse{out_hh}", "100 3.4\\%");
    expect("\\est{labour_total}", "1,030,703");
    expect("\\est[in=万]{labour_total}人", "103.1万人");
    expect("\\est[in=万, decimals=0]{labour_total}", "103万");
    expect("\\est[county=411523]{out_hh}\\est[county=新县]{out_hh}", "66.0\\%66.0\\%");
    expect("\\est[hh_type=2]{out_hh}", "40.0\\%（误差较大，仅供参考）");
    expect("（甲）监测户（\\est[hh_type=2]{out_hh}）",
           "（甲）监测户（40.0\\%，误差较大，仅供参考）");
    expect("\\ci{arrears}", "0.5\\%\\wavedash{}2.5\\%"); /* the logit interval */
    expect("\\est{c_agree}份", "78份");
}

static void test_analyses(void **state)
{
    (void)state;
    expect("P值\\pvalue{near}", "P值0.032"); /* a tie, to the even digit */
    expect("P值\\pvalue{far}", "P值小于0.001");
    expect("\\scale{coding}", "0.61");
    expect_error("\\pvalue{none}", "不予公布", "第1行");
    expect_error("\\scale{few}", "不予公布", "第1行");
    expect_error("\\scale{near}", "scales", "没有");
    expect_error("\\pvalue{coding}", "tests", "没有");
}

static void test_orders(void **state)
{
    (void)state;
    expect("\\max[county]{out_hh}", "新县、嵩县");
    expect("\\min[county]{out_hh}", "商城县"); /* the withheld one is not compared */
    expect("\\maxest[county]{out_hh}", "66.0\\%");
    expect("\\rank[county=411524]{out_hh}", "3");
    expect("\\rank[county=411524]{arrears}", "2"); /* no `better`: the largest is first */
    expect("\\top[county,2]{out_hh}", "新县与嵩县（均为66.0\\%）");
    expect("\\top[county,1]{out_hh}", "新县与嵩县（均为66.0\\%）");
    expect("\\top[categories,2]{need}", "技能培训（42.5\\%）、本地就业岗位（30.0\\%）");
    expect("\\distinct{need}", "2");
}

/* The design's test decides, not the point estimates and not whether intervals overlap. */
static void test_comparison(void **state)
{
    (void)state;
    expect("\\compare[hh_type=1][hh_type=3]{out_hh}", "低6.9个百分点");
    expect("\\compare[hh_type=3][hh_type=1]{out_hh}", "高6.9个百分点");
    expect("\\compare[county=411523]{out_hh}", "高7.9个百分点");
    expect("\\compare[county=410325]{out_hh}", "高7.9个百分点（差异不显著）");
    expect("脱贫户\\versus[hh_type=1][hh_type=3]{out_hh}", "脱贫户低于一般农户");
    expect("\\versus[county=411523]{out_hh}", "高于总体");
    expect("嵩县\\versus[county=410325]{out_hh}", "嵩县与总体无显著差异");
    expect_error("\\compare[county=411523][county=410325]{out_hh}", "没有作过检验", "总体");
    expect_error("\\compare[county=411523][hh_type=3]{out_hh}", "没有作过检验", "总体");
    expect_error("\\compare{out_hh}", "比哪两组", "方括号");
    expect_error("\\versus[county=410423]{out_hh}", "不予公布", "第1行");
}

static void test_words(void **state)
{
    (void)state;
    expect("\\about{out_hh}", "近六成");
    expect("\\about[hh_type=1]{out_hh}", "一半以上");
    expect("\\about[county=411524]{out_hh}", "约一半");
    expect("\\about[county=411523]{out_hh}", "六成多");
    expect("\\about{arrears}", "不到一成");
    expect_error("\\about{labour_total}", "只有比例", "几成");
    expect_error("\\about[hh_type=2]{out_hh}", "误差较大", "\\est");
    expect("\\ofwhich[county=411523]{c_agree}", "其中新县30份");
    expect_error("\\ofwhich[county=411523]{out_hh}", "其中", "总量");
    expect_error("\\ofwhich{c_agree}", "方括号", "哪一部分");
    expect("\\change[sat_info_45]{sat_train_45}", "下降6.0个百分点（前后之差未作检验）");
    expect("\\change[c_labour]{c_transfer}", "增长15.4\\%");
    expect_error("\\change[c_agree]{out_hh}", "统计量和单位", "change");
    expect_error("\\change{out_hh}", "以前的指标", "change");
}

static void wording(const char *text, const char *want, const char *line)
{
    message_capture(messages, sizeof messages);
    int rc = wording_check(&macros, text, "report.tex", 1);
    message_capture(NULL, 0);
    assert_int_equal(rc, *want ? -1 : 0);
    if (!*want)
        assert_string_equal(messages, "");
    assert_non_null(strstr(messages, want));
    assert_non_null(strstr(messages, line));
}

/* Words that the evidence does not bear fail with their line. */
static void test_wording(void **state)
{
    (void)state;
    wording("有\\est{out_hh}的户外出。\n全省的情况另行调查。", "", "");
    wording("一\n二\n全省有\\est{out_hh}的户外出。", "报送的县", "第3行");
    wording("全\\textbf{省} 有\\est{out_hh}的户外出。", "报送的县", "第1行");
    wording("全省的外出情况见\\tableref{place}。", "报送的县", "第1行");
    wording("《全省规划》施行后，有\\est{out_hh}的户外出。", "", "");
    wording("脱贫户\\est[hh_type=1]{out_hh}，\n一般户\\est[hh_type=3]{out_hh}，培训使得外出增加。",
            "不能说明原因", "第2行");
    wording("脱贫户95%的\\versus[hh_type=1][hh_type=3]{out_hh}，培训带动了就业。", "不能说明原因",
            "第1行");
    wording("\\est[hh_type=1]{out_hh}，不能说是培训带动了就业。", "", "");
    wording("培训带动了就业。外出的占\\est[hh_type=1]{out_hh}。", "", "");
    wording("调查显示，协议有\\est{c_agree}份。", "部门填报", "第1行");
    wording("调查显示，协议有\\est{c_agree}份，外出的占\\est{out_hh}。", "", "");
    wording("【研究人员填写：全省情况】占\\est{out_hh}。", "", "");
}

static void test_counts(void **state)
{
    (void)state;
    expect("\\count{accepted:households}", "1195");
    expect("\\count[county=嵩县]{returned}\\count{held}", "70");
    expect("\\count{counties}/\\count{counties-asked}", "2/14");
    expect("\\scope{}", "已报送的2个县（市）");
    expect("\\setting{period}", "2024年");
}

static void test_left_alone(void **state)
{
    (void)state;
    expect("$\\min x$ \\max \\n \\textbf{a} 100\\% \\\\est{x}",
           "$\\min x$ \\max \\n \\textbf{a} 100\\% \\\\est{x}");
    expect("a % \\est{nothing}\nb", "a % \\est{nothing}\nb");
    expect("\\estimate{x}", "\\estimate{x}");
}

static void test_errors(void **state)
{
    (void)state;
    expect_error("一\n二\\est{out_hhh}", "第2行", "是不是 out_hh");
    expect_error("\\est[county=999999]{out_hh}", "第1行", "没有 999999");
    expect_error("\\est[town=1]{out_hh}", "town", "分组");
    expect_error("\\est[county=410423]{out_hh}", "不予公布", "out_hh");
    expect_error("\\est[county=411224]{out_hh}", "尚未报送", "卢氏县");
    expect_error("\\ci{c_agree}", "没有置信区间", "部门");
    expect_error("\\tableref{nothing}", "tables", "nothing");
    expect_error("\\setting{nothing}", "settings", "nothing");
    expect_error("\\max{out_hh}", "方括号", "county");
}

static void test_conditions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int want;
    } CASES[] = {
        {"", 1},
        {"\\est{out_hh} >= 58.1", 1}, /* as printed, not 58.099 */
        {"\\est{out_hh} < 58.1", 0},
        {"\\est{out_hh} > 50 and \\n{out_hh} >= 30", 1},
        {"\\est{out_hh} > 50 and \\est{out_hh} > 60", 0},
        {"\\count{counties} = 2", 1},
        {"\\est[county=410423]{out_hh} > 0", 0}, /* withheld */
        {"\\est[hh_type=1]{out_hh} < \\est[hh_type=3]{out_hh}", 1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_int_equal(macros_condition(&macros, CASES[i].text, "f", 1), CASES[i].want);
    message_capture(messages, sizeof messages);
    assert_int_equal(macros_condition(&macros, "\\est{out_hh}", "f", 1), -1);
    assert_int_equal(macros_condition(&macros, "\\est{out_hh} > 1 or 2", "f", 1), -1);
    assert_int_equal(macros_condition(&macros, "\\ci{out_hh} > 1", "f", 1), -1);
    message_capture(NULL, 0);
}

static void test_numbering(void **state)
{
    (void)state;
    struct macros m;
    macros_init(&m, results);
    message_capture(messages, sizeof messages);
    assert_int_equal(
        macros_number(&m, "\\showtable{place} % \\showtable{base}\n\\showtable{base}", "f", 1), 0);
    macros_number_rest(&m);
    struct buf b = {0};
    macros_expand(&m, &b, "\\tableref{place}\\tableref{base}\\figref{dest}", "f", 1);
    assert_true(starts_with(b.text, "表1表2图"));
    assert_int_equal(macros_number(&m, "\\showtable{place}", "f", 1), -1); /* twice */
    message_capture(NULL, 0);
    buf_free(&b);
    macros_free(&m);
}

/* Marks, missing counties and n in a table of one indicator by county. */
static void test_table(void **state)
{
    (void)state;
    const char *indicator = "out_hh";
    struct exhibit x = {.id = "t",
                        .title = "表",
                        .type = "by",
                        .indicators = &indicator,
                        .indicator_count = 1,
                        .ranking = "",
                        .by = "county",
                        .show = "estimate ci n",
                        .note = "",
                        .source = "甲%乙",
                        .row = 1};
    struct grid g = {0};
    assert_int_equal(grid_build(&g, &macros, &x), 0);
    assert_int_equal(g.row_count, 5); /* 合计 and the four counties with results */
    assert_string_equal(g.rows[0].cells[0], "合计");
    assert_string_equal(g.rows[1].cells[0], "新县");
    assert_string_equal(g.rows[1].cells[1], "66.0");
    assert_string_equal(g.rows[1].cells[2], "60.0～72.0");
    assert_string_equal(g.rows[4].cells[0], "鲁山县");
    assert_string_equal(g.rows[4].cells[1], "※");
    assert_string_equal(g.rows[4].cells[2], "※");
    assert_non_null(strstr(g.note, "不予公布"));
    assert_string_equal(g.source, "甲\\%乙。");
    grid_free(&g);
}

/* Where few have reported, a number that no record leads to is one that is withheld. */
static void test_nobody(void **state)
{
    (void)state;
    struct buf b = {0};
    expect_error("\\est{wage_p10}", "没有一条记录", "第1行");
    macros.lenient = true;
    macros.withheld = 0;
    message_capture(messages, sizeof messages);
    assert_int_equal(macros_expand(&macros, &b, "\\est{wage_p10}", "report.tex", 1), -1);
    message_capture(NULL, 0);
    macros.lenient = false;
    assert_string_equal(messages, "");
    assert_int_equal(macros.withheld, 1);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),    cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_analyses),   cmocka_unit_test(test_orders),
        cmocka_unit_test(test_comparison), cmocka_unit_test(test_words),
        cmocka_unit_test(test_wording),    cmocka_unit_test(test_counts),
        cmocka_unit_test(test_left_alone), cmocka_unit_test(test_errors),
        cmocka_unit_test(test_conditions), cmocka_unit_test(test_numbering),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, make_results, drop_results);
}
