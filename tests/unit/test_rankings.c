/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rankings in tables and in the narrative, over results made here by hand.  Runs from the root of
 * the project: the topic is Henan 10, whose index `coordination` it names; the numbers are ours.
 */
#include "base/message.h"
#include "madeup.h"
#include "output/macro.h"
#include "output/tabular.h"
#include "output/wording.h"

#include <math.h>
#include <string.h>

/* Five counties: 1 and 2 change places in the bootstrap, 2 and 3 without an indicator, 3 and 4 are
 * told apart, an indicator of the fourth is withheld, the fifth has no place. */
static const char RANKING[] =
    "INSERT INTO ranking VALUES "
    "('coordination', '411523', 'coupling', 0.8004, 1, 1, 3, 1, 1, '410325', 0.3, 1, NULL, NULL,"
    " '部门', '', 0),"
    "('coordination', '410325', 'coupling', 0.7, 2, 1, 2, 2, 4, '410423', 0.01, 0, NULL, NULL,"
    " '部门', '', 1),"
    "('coordination', '410423', 'coupling', 0.6, 3, 3, 3, 2, 3, '411524', 0.01, 0, NULL, NULL,"
    " '部门', '', 0),"
    "('coordination', '411524', 'coupling', 0.5, 4, 4, 4, 3, 4, '', NULL, NULL, NULL, NULL,"
    " '部门', '', NULL),"
    "('coordination', '411330', 'coupling', NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL,"
    " NULL, NULL, '部门', 'x', NULL)";
static const char PARTS[] = "INSERT INTO index_part VALUES "
                            "('coordination', '411523', 'D', 0.8004, '良好协调'),"
                            "('coordination', '411523', 'D_modified', 0.6996, '初级协调'),"
                            "('coordination', '410325', 'D', 0.7, '中级协调'),"
                            "('coordination', '410325', 'D_modified', 0.65, '初级协调'),"
                            "('coordination', '411524', 'D', 0.5, '勉强协调'),"
                            "('coordination', '411524', 'D_modified', 0.45, '濒临失调'),"
                            "('coordination', '', 'ahp_cr', 0.0332, '')";

static int make_results(void **state)
{
    (void)state;
    struct store *s = begin_results();
    put_estimate(s, (struct madeup){"r_high", "county", "411524", 0.5, NAN, NAN, NAN, "部门", "s"});
    store_exec(s, RANKING);
    store_exec(s, PARTS);
    store_exec(s, "INSERT INTO test(name, kind, n, n_psu, df, row_groups, column_groups, p, class,"
                  " mark) VALUES ('night_age', 'chisq', 90, 40, 30, 2, 2, 0.3496, '抽样', ''),"
                  " ('linked', 'chisq', 90, 40, 30, 2, 2, 0.04, '抽样', ''),"
                  " ('spend_org', 'kruskal', 90, 40, 30, 2, 0, 1e-9, '抽样', ''),"
                  " ('same', 'ttest', 90, 40, 30, 2, 0, 0.06, '抽样', ''),"
                  " ('none', 'ttest', 90, 40, 30, 2, 0, NULL, '抽样', '-')");
    return end_results(s, "topics/henan-2025/10/topic.csv");
}

/* `want` NULL: the text fails with a message that holds `part`, and the line. */
static void expand(const char *text, const char *want, const char *part)
{
    struct buf b = {0};
    message_capture(messages, sizeof messages);
    int rc = macros_expand(&macros, &b, text, "report.tex", 7);
    message_capture(NULL, 0);
    if (want) {
        assert_string_equal(messages, "");
        assert_string_equal(buf_text(&b), want);
    } else {
        assert_non_null(strstr(messages, part));
        assert_non_null(strstr(messages, "第7行"));
    }
    assert_int_equal(rc, want ? 0 : -1);
    buf_free(&b);
}

static void test_places(void **state)
{
    (void)state;
    expand("\\place[county=新县]{coordination}",
           "第1名（抽样误差内为第1至第3，去掉任何一个指标为第1）", NULL);
    expand("\\place[county=410325]{coordination}",
           "第2名（抽样误差内为第1至第2，去掉任何一个指标为第2至第4）", NULL);
    expand("\\coupling[county=新县]{coordination}",
           "0.800（良好协调），按修正公式为0.700（初级协调）", NULL);
    expand("\\consistency{coordination}", "0.033", NULL);
    expand("\\place[county=新县]{coordinatoin}", NULL, "indices 表中没有");
    expand("\\place{coordination}", NULL, "要写明是哪一个");
    expand("\\place[zone=大别山]{coordination}", NULL, "大别山");
    expand("\\place[county=411524]{coordination}", NULL, "不予公布"); /* one of its figures */
    expand("\\coupling[county=411524]{coordination}", NULL, "不予公布");
    expand("\\place[county=411330]{coordination}", NULL, "不予公布");
    expand("\\place[county=410882]{coordination}", NULL, "没有");
    expand("\\alike{attributes}", NULL, "没有排出名次"); /* quadrants */
    expand("\\consistency{attributes}", NULL, "层次分析法");
    expand("\\consistency{r_high}", NULL, "indices 表中没有");
}

/* The sentence for none, some, most and all of the neighbours. */
static void test_neighbours(void **state)
{
    (void)state;
    struct ranked_unit *units = results->rankings.items[0].units;
    expand("\\alike{coordination}", "除鲁山县与商城县外，名次相邻的县（市）都不分先后", NULL);
    units[0].alike = false;
    expand("\\alike{coordination}", "名次相邻而不分先后的有：嵩县与鲁山县", NULL);
    units[1].alike = false;
    expand("\\alike{coordination}", "名次相邻的县（市）都分得出先后", NULL);
    units[0].alike = units[1].alike = units[2].alike = true;
    expand("\\alike{coordination}", "名次相邻的县（市）都不分先后", NULL);
    units[2].alike = false;
}

static void test_tests(void **state)
{
    (void)state;
    expand("\\tested{night_age}", "没有发现显著关联（P值0.350）", NULL);
    expand("\\tested{linked}", "有显著关联（P值0.040）", NULL);
    expand("\\tested{spend_org}", "差异显著（P值小于0.001）", NULL);
    expand("\\tested{same}", "差异不显著（P值0.060）", NULL);
    expand("\\tested{none}", NULL, "不予公布");
    expand("\\tested{nosuch}", NULL, "tests 表中没有");
}

static int sentence(const char *text)
{
    message_capture(messages, sizeof messages);
    int rc = wording_check(&macros, text, "report.tex", 7);
    message_capture(NULL, 0);
    return rc;
}

/* A ranking shows no cause, is of departments here, and says nothing of the province. */
static void test_wording(void **state)
{
    (void)state;
    assert_int_equal(sentence("新县居\\place[county=新县]{coordination}。"), 0);
    assert_int_equal(sentence("新县居\\place[county=新县]{coordination}，带动了旅游。"), -1);
    assert_int_equal(sentence("调查显示，\\alike{coordination}。"), -1);
    assert_int_equal(sentence("在全省，\\alike{coordination}。"), -1);
    assert_int_equal(sentence("年龄与组织方式\\tested{night_age}，年龄导致不同。"), -1);
}

static void test_table(void **state)
{
    (void)state;
    static const char *const WANT[][9] = {
        {"县（市）", "名次", "协调度", "等级", "修正公式", "等级", "抽样名次区间",
         "少一个指标的名次", "与下一名"},
        {"新县", "1", "0.800", "良好协调", "0.700", "初级协调", "1～3", "1", "不分先后"},
        {"嵩县", "2", "0.700", "中级协调", "0.650", "初级协调", "1～2", "2～4", "不分先后"},
        {"鲁山县", "3", "—", "—", "—", "—", "3", "2～3", ""}, /* it has no parts here */
        {"商城县", "4", "—", "—", "—", "—", "4", "3～4", "—"},
        {"桐柏县", "—", "—", "—", "—", "—", "—", "—", "—"}};
    struct exhibit x = {.id = "t",
                        .title = "表",
                        .type = "ranking",
                        .ranking = "coordination",
                        .by = "",
                        .show = "",
                        .note = "甲%。",
                        .source = "",
                        .row = 1};
    struct grid g = {0};
    assert_int_equal(grid_build(&g, &macros, &x), 0);
    assert_int_equal(g.columns, 9);
    assert_int_equal(g.row_count, 5);
    for (int r = 0; r < 6; r++)
        for (int c = 0; c < 9; c++)
            assert_string_equal(r == 0 ? g.heads[c] : g.rows[r - 1].cells[c], WANT[r][c]);
    assert_true(starts_with(g.note, "甲\\%。"));
    assert_non_null(strstr(g.note, "95\\%的名次"));
    assert_non_null(strstr(g.note, "占5\\%以上"));
    grid_free(&g);
    x.ranking = "attributes";
    message_capture(messages, sizeof messages);
    assert_int_equal(grid_build(&g, &macros, &x), -1);
    message_capture(NULL, 0);
    assert_non_null(strstr(messages, "没有排出名次"));
    grid_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places), cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_tests),  cmocka_unit_test(test_wording),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, make_results, drop_results);
}
