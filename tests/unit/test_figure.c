/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts of every type over results made here by hand, drawn by gnuplot: its silence is the check
 * of the script, the data file and figure_read() say what was drawn.  Runs from the root of the
 * project: the topic is Henan 7, whose indicators and domains it names; the numbers are ours.
 */
#include "base/message.h"
#include "madeup.h"
#include "output/figure.h"
#include "output/figure_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char folder[] = "/tmp/test_figure_XXXXXX";

static const struct {
    const char *indicator, *level, *domain;
    double value;
    const char *mark;
} ROWS[] = {
    {"sat_info_45", "all", "all", 0.455, ""},
    {"sat_train_45", "all", "all", 0.395, ""},
    {"sat_info_45", "county", "411523", 0.361, ""},
    {"sat_train_45", "county", "411523", 0.41, ""},
    {"sat_info_45", "county", "411524", 0.5, ""},
    {"sat_train_45", "county", "411524", 0.4, ""},
    {"sat_info_45", "county", "410325", 0.5, "x"},
    {"sat_train_45", "county", "410325", 0.4, ""},
    {"need.1", "all", "all", 0.6, ""},
    {"need.2", "all", "all", 0.3, ""},
    {"wage_p10", "all", "all", 2500, ""},
    {"wage_p25", "all", "all", 3100, ""},
    {"wage_median", "all", "all", 4200, ""},
    {"wage_p75", "all", "all", 5400, ""},
    {"wage_p90", "all", "all", 6700, ""},
    {"wage_p10", "county", "411523", 2700, ""},
    {"wage_p25", "county", "411523", 3500, ""},
    {"wage_median", "county", "411523", 4700, ""},
    {"wage_p75", "county", "411523", 6000, ""},
    {"wage_p90", "county", "411523", 6900, "x"},
    {"sat_overall.1", "all", "all", 0.02, ""},
    {"sat_overall.2", "all", "all", 0.1, ""},
    {"sat_overall.3", "all", "all", 0.38, ""},
    {"sat_overall.4", "all", "all", 0.37, ""},
    {"sat_overall.5", "all", "all", 0.13, ""},
    {"need.3", "all", "all", 0.9, ""},
    {"sat_overall.1", "county", "411523", 0.2, ""},
    {"sat_overall.2", "county", "411523", 0.2, ""},
    {"sat_overall.3", "county", "411523", 0.2, ""},
    {"sat_overall.4", "county", "411523", 0.1, ""},
    {"sat_overall.5", "county", "411523", 0.3, ""},
    {"sat_overall.1", "county", "411524", 0.2, ""},
    {"sat_overall.2", "county", "411524", 0.2, ""},
    {"sat_overall.3", "county", "411524", 0.2, "x"},
    {"sat_overall.4", "county", "411524", 0.1, "s"},
    {"sat_overall.5", "county", "411524", 0.3, ""},
    {"out_hh", "county", "411523", 0.45, ""},
    {"out_hh", "county", "411524", 0.55, ""},
    {"c_train_cert", "all", "all", 0.9, ""},
    {"c_train_cert", "county", "411523", 0.95, ""},
    {"c_train_cert", "county", "411524", 0.5, ""},
    {"c_train_cert", "county", "410325", 0.9, "x"},
    {"c_train", "county", "411523", 100, ""},
    {"c_train", "county", "411524", 400, ""},
    {"c_train", "county", "410325", 2, "x"},
    {"c_tp_rate", "all", "all", 0.89, ""},
    {"c_transfer_rate", "all", "all", 0.88, ""},
    {"c_tp_work", "all", "all", 1000, ""},
};

static int make_results(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    struct store *s = begin_results();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        double value = ROWS[i].value;
        bool sampled = strncmp(ROWS[i].indicator, "c_", 2) != 0;
        put_estimate(s, (struct madeup){ROWS[i].indicator, ROWS[i].level, ROWS[i].domain, value,
                                        sampled ? 0.02 * value : NAN, sampled ? 0.96 * value : NAN,
                                        sampled ? 1.04 * value : NAN, sampled ? "抽样" : "部门",
                                        ROWS[i].mark});
    }
    return end_results(s, "topics/henan-2025/07/topic.csv");
}

static int drop_all(void **state)
{
    static const char *const LEFT[] = {"one.gp", "one.tsv", "one.pdf", "one.png"};
    char path[100];
    for (size_t i = 0; i < sizeof LEFT / sizeof *LEFT; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, LEFT[i]);
        unlink(path);
    }
    return drop_results(state) + rmdir(folder);
}

/* An exhibit that the topic does not have; indicators separated by blanks. */
static struct exhibit exhibit(const char *type, char *names, const char *by, const char *show)
{
    static const char *list[40];
    struct exhibit x = {.id = "one",
                        .title = "图",
                        .type = type,
                        .indicators = list,
                        .by = by,
                        .show = show,
                        .note = "",
                        .source = ""};
    for (char *p = strtok(names, " "); p; p = strtok(NULL, " "))
        list[x.indicator_count++] = topic_indicator(topic, p)->name;
    return x;
}

/* The data file of the last chart drawn. */
static char data[8192];

static void read_data(void)
{
    char path[100];
    snprintf(path, sizeof path, "%s/one.tsv", folder);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    data[fread(data, 1, sizeof data - 1, f)] = '\0';
    fclose(f);
}

static void data_holds(const char *line)
{
    if (!strstr(data, line))
        fail_msg("no line %s in the data:\n%s", line, data);
}

/* Draws it, and expects the numbers as text: label=value; … */
static void draws(const char *type, const char *names, const char *by, const char *show,
                  const char *want)
{
    char copy[400], path[100];
    struct buf got = {0};
    struct figure f;
    struct stat st;
    snprintf(copy, sizeof copy, "%s", names);
    struct exhibit x = exhibit(type, copy, by, show);
    message_capture(messages, sizeof messages);
    assert_int_equal(figure_read(&macros, &x, &f), 0);
    for (int i = 0; i < f.count; i++) {
        buf_printf(&got, "%s%s=", i ? ";" : "", f.points[i].label);
        stat_put(&got, results, f.points[i].ind, f.points[i].e, PRINT_VALUE, 0);
    }
    assert_string_equal(buf_text(&got), want);
    for (int picture = 0; picture < 2; picture++) {
        snprintf(path, sizeof path, "%s/one.%s", folder, picture ? "png" : "pdf");
        assert_int_equal(figure_make(&macros, &x, path), 0);
        assert_int_equal(stat(path, &st), 0);
        assert_true(st.st_size > 1000);
    }
    read_data();
    assert_string_equal(messages, "");
    message_capture(NULL, 0);
    buf_free(&got);
    figure_free(&f);
}

static void refuses(const char *type, const char *names, const char *by, const char *show,
                    const char *part)
{
    char copy[400];
    struct figure f;
    snprintf(copy, sizeof copy, "%s", names);
    struct exhibit x = exhibit(type, copy, by, show);
    message_capture(messages, sizeof messages);
    assert_int_equal(figure_read(&macros, &x, &f), -1);
    message_capture(NULL, 0);
    assert_non_null(strstr(messages, part));
    figure_free(&f);
}

/* The marks that the chart's note explains. */
static const char *figure_marks(const char *type, const char *names, const char *by)
{
    static char marks[4];
    char copy[400];
    struct buf words = {0};
    snprintf(copy, sizeof copy, "%s", names);
    struct exhibit x = exhibit(type, copy, by, "nototal");
    assert_int_equal(figure_alt(&words, marks, &macros, &x), 0);
    buf_free(&words);
    return marks;
}

static void test_bars(void **state)
{
    (void)state;
    draws("ranked", "sat_info_45", "county", "", "商城县=50.0;新县=36.1;嵩县=※;合计=45.5");
    draws("bars", "sat_train_45 sat_info_45", "", "",
          "岗位信息发布满意率=45.5;技能培训满意率=39.5");
    draws("bars", "sat_train_45 sat_info_45", "", "order nointerval",
          "技能培训满意率=39.5;岗位信息发布满意率=45.5");
    draws("funnel", "need.1 need.2", "", "", "本地就业岗位=60.0;技能培训=30.0");
    draws("ranked", "need.1", "county", "", ""); /* nothing to show is a chart that says so */
    refuses("ranked", "need.1", "", "", "ranked 图要有一个指标");
    refuses("pie", "need.1", "", "", "type 只能是");
}

static void test_parts(void **state)
{
    (void)state;
    draws("stacked", "sat_overall.1 sat_overall.2 sat_overall.3 sat_overall.4 sat_overall.5", "",
          "reverse",
          "总体评价，非常满意=13.0;总体评价，比较满意=37.0;总体评价，一般=38.0;"
          "总体评价，不太满意=10.0;总体评价，很不满意=2.0");
    draws("dots", "sat_info_45 sat_train_45", "county", "order",
          "岗位信息发布满意率，新县=36.1;技能培训满意率，新县=41.0;"
          "岗位信息发布满意率，商城县=50.0;技能培训满意率，商城县=40.0;"
          "岗位信息发布满意率，嵩县=※;技能培训满意率，嵩县=40.0");
    refuses("stacked", "sat_info_45", "", "", "名称.*");
}

#define OVERALL "sat_overall.1 sat_overall.2 sat_overall.3 sat_overall.4 sat_overall.5"

/* A bar whose parts are not all shown is left out; heights by the values of an indicator. */
static void test_left_out(void **state)
{
    (void)state;
    draws("stacked", OVERALL, "county", "nototal",
          "商城县=※;新县，很不满意=20.0;新县，不太满意=20.0;新县，一般=20.0;新县，比较满意=10.0;"
          "新县，非常满意=30.0");
    assert_string_equal(figure_marks("stacked", OVERALL, "county"), "xs");
    draws("stacked", OVERALL, "county", "area=out_hh",
          "新县，有县外务工人员的户=45.0;商城县，有县外务工人员的户=55.0;商城县=※;新县，很不满意="
          "20.0;"
          "新县，不太满意=20.0;新县，一般=20.0;新县，比较满意=10.0;新县，非常满意=30.0");
    data_holds("\t60\t70\t10.0\t");
    refuses("stacked", OVERALL, "county", "area=none", "area=");
    refuses("stacked", "sat_info_45 sat_train_45", "county", "", "不是100%");
}

/* Pairs of dots, the gap between them as a band. */
static void test_pairs(void **state)
{
    (void)state;
    draws("dots", "need.1 need.2 sat_info_45 sat_train_45", "", "heads=有|能用 labels=甲|乙",
          "甲，有=60.0;乙，有=45.5;甲，能用=30.0;乙，能用=39.5");
    data_holds("0\t30\t60\t28.8\t62.4\t30.0%\t60.0%\n");
    refuses("dots", "need.1 need.2 sat_info_45", "", "heads=有|能用", "heads=");
    refuses("dots", "need.1 need.2", "", "", "heads=");
}

static void test_waterfall(void **state)
{
    (void)state;
    draws("waterfall", "need.1 need.2 need.3", "", "",
          "本地就业岗位=60.0;技能培训=30.0;岗位信息=90.0");
    data_holds("技能培训\t60\t90\t88.8\t91.2\t91.2\t30.0%");
    data_holds("岗位信息\t0\t90\t");
    refuses("waterfall", "need.1 need.2 sat_info_45", "", "", "不等");
    refuses("waterfall", "need.1 need.2", "", "", "合计");
}

static void test_curves(void **state)
{
    (void)state;
    draws("curve", "need.1 need.2", "", "heads=满1年|满2年", "合计，满1年=60.0;合计，满2年=30.0");
    data_holds("1\t60\t57.6\t62.4\t60.0%\n2\t30\t");
    draws("curve", "sat_info_45 sat_train_45", "county", "nointerval heads=一|二",
          "合计，一=45.5;合计，二=39.5;新县，一=36.1;新县，二=41.0;商城县，一=50.0;商城县，二=40.0;"
          "嵩县，一=※;嵩县，二=40.0");
    refuses("curve", "need.1", "", "", "从左到右");
    refuses("curve", "need.1 wage_p10", "", "", "单位要相同");
}

/* Limits by hand: 90 ± 300 sqrt(0.9 * 0.1 / 100) = 81 and 99; of 400 cases 85.5 and 94.5. */
static void test_control(void **state)
{
    (void)state;
    draws("control", "c_train_cert c_train", "county", "",
          "新县，培训取证率=95.0;新县，技能培训=100;商城县，培训取证率=50.0;"
          "商城县，技能培训=400;嵩县，培训取证率=※;嵩县，技能培训=※;中心线=90.0");
    data_holds("1\t95\t81\t99\n2\t50\t85.5\t94.5\n3\tNaN\tNaN\tNaN\n\n\n1\t95\t81\t99\n"
               "\n\n2\t50\t85.5\t94.5\n");
    draws("control", "c_tp_rate c_tp_work c_transfer_rate c_tp_work c_train_cert", "",
          "heads=上半年|下半年",
          "上半年，培训取证率=89.0;上半年，脱贫人口务工就业=1000;下半年，培训取证率=88.0;"
          "下半年，脱贫人口务工就业=1000;中心线=90.0");
    refuses("control", "c_train_cert", "county", "", "一对指标");
    refuses("control", "sat_info_45 c_train", "county", "", "全数或部门");
}

static void test_slopes(void **state)
{
    (void)state;
    draws("slopes", "sat_info_45 sat_train_45", "county", "heads=去年|今年",
          "嵩县=※;合计，去年=45.5;合计，今年=39.5;新县，去年=36.1;新县，今年=41.0;"
          "商城县，去年=50.0;商城县，今年=40.0"); /* a withheld end: no line */
    draws("slopes", "need.1 need.2 sat_info_45 sat_train_45", "", "labels=甲|乙 heads=前|后",
          "甲，前=60.0;甲，后=30.0;乙，前=45.5;乙，后=39.5");
    refuses("slopes", "need.1", "county", "", "按时间先后");
    refuses("slopes", "need.1 need.2 sat_info_45", "", "", "按时间先后");
    refuses("slopes", "need.1 wage_p10", "", "", "单位要相同");
}

static void test_boxes(void **state)
{
    (void)state;
    draws("boxes", "wage_p10 wage_p25 wage_median wage_p75 wage_p90", "county", "",
          "新县=※;合计，10%分位数=2500;合计，25%分位数=3100;合计，中位数=4200;合计，75%分位数=5400;"
          "合计，90%分位数=6700"); /* one quantile withheld: no box */
    draws("boxes", "wage_p25 wage_median wage_p75 wage_p10 wage_median wage_p90", "",
          "labels=甲|乙",
          "甲，25%分位数=3100;甲，中位数=4200;甲，75%分位数=5400;乙，10%分位数=2500;"
          "乙，中位数=4200;乙，90%分位数=6700");
    refuses("boxes", "wage_p25 wage_median", "", "", "3个或5个");
    refuses("boxes", "wage_p25 need.1 wage_p75", "", "", "分位数指标");
    refuses("boxes", "wage_p25 wage_median wage_p75 wage_p10 wage_median wage_p90", "county", "",
            "只写一组");
}

static void test_planes(void **state)
{
    (void)state;
    draws("tiles", "sat_info_45", "county", "", "新县=36.1;商城县=50.0;嵩县=※");
    draws("quadrant", "need.1 sat_info_45 need.2 sat_train_45", "", "labels=信息|培训",
          "信息，重要性=60.0;信息，表现=45.5;培训，重要性=30.0;培训，表现=39.5");
    draws("scatter", "sat_info_45 sat_train_45", "county", "heads=甲|乙",
          "新县，乙=41.0;新县，甲=36.1;商城县，乙=40.0;商城县，甲=50.0;嵩县，乙=40.0;嵩县，甲=※;"
          "合计，乙=39.5;合计，甲=45.5");
    data_holds("36.1\t41\t1\t34.656\t37.544\t39.36\t42.64\n50\t40\t2\t48\t52\t");
    draws("tiles", "sat_info_45 sat_train_45", "county", "",
          "岗位信息发布满意率，合计=45.5;岗位信息发布满意率，新县=36.1;"
          "岗位信息发布满意率，商城县=50.0;岗位信息发布满意率，嵩县=※;技能培训满意率，合计=39.5;"
          "技能培训满意率，新县=41.0;技能培训满意率，商城县=40.0;技能培训满意率，嵩县=40.0");
    refuses("scatter", "need.1", "county", "", "两个指标");
    refuses("quadrant", "need.1 sat_info_45 need.2", "", "", "一对指标");
    refuses("tiles", "need.1", "", "", "要有一个指标");
}

/* The alternative text is what a blind reader gets: every number, with its unit. */
static void test_alt(void **state)
{
    (void)state;
    char names[] = "wage_p25 wage_median wage_p75";
    struct exhibit x = exhibit("boxes", names, "", "labels=工资");
    struct buf b = {0};
    char marks[4];
    assert_int_equal(figure_alt(&b, marks, &macros, &x), 0);
    assert_string_equal(marks, "");
    assert_string_equal(buf_text(&b), "箱线图。工资，25%分位数3100元；工资，中位数4200元；"
                                      "工资，75%分位数5400元。");
    buf_free(&b);
}

/* Least squares under the order: two that collide share the way; the ends hold. */
static void test_spread(void **state)
{
    (void)state;
    double rooms[] = {2, 2, 2}, a[] = {5, 5, 9}, b[] = {0, 0, 0}, c[] = {9, 9.5, 10};
    spread(a, rooms, 3, 0, 10);
    assert_true(fabs(a[0] - 4) < 1e-12 && fabs(a[1] - 6) < 1e-12 && fabs(a[2] - 9) < 1e-12);
    spread(b, rooms, 3, 0, 10);
    assert_true(b[0] == 0 && b[1] == 2 && b[2] == 4);
    spread(c, rooms, 3, 0, 10);
    assert_true(c[0] == 6 && c[1] == 8 && c[2] == 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bars),   cmocka_unit_test(test_parts),
        cmocka_unit_test(test_slopes), cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_pairs),  cmocka_unit_test(test_waterfall),
        cmocka_unit_test(test_curves), cmocka_unit_test(test_control),
        cmocka_unit_test(test_boxes),  cmocka_unit_test(test_planes),
        cmocka_unit_test(test_alt),    cmocka_unit_test(test_spread),
    };
    return cmocka_run_group_tests_name("figure", tests, make_results, drop_all);
}
