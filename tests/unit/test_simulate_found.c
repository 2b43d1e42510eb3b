/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What simulated counties showed to be read wrongly, each as its smallest case.
 */
#include "survey/choicetext.h"
#include "survey/heads.h"
#include "survey/repair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static struct topic *topic;
static struct heads *heads;

static int setup(void **state)
{
    (void)state;
    topic = topic_read("topics/henan-2025/07/topic.csv");
    heads = topic ? heads_new(topic) : NULL;
    return topic ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    heads_free(heads);
    topic_free(topic);
    return 0;
}

static int level_of(const char *name)
{
    return (int)(topic_level(topic, name) - topic->levels);
}

/* The question that a head names in the table of a level; nth of records side by side. */
static void expect(const char *level, const char *text, const char *question, int nth)
{
    struct column c;
    heads_columns(heads, level_of(level), &text, 1, &c);
    if (!c.question)
        fail_msg("%s is no question", text);
    assert_string_equal(c.question->name, question);
    assert_int_equal(c.nth, nth);
}

/* "E1. 2024年…": the number of the label is followed by a year, not by decimals. */
static void numbering_before_a_year(void **state)
{
    (void)state;
    expect("households", "24、2024年以来您家是否享受过政府公共就业服务？", "svc_used", 0);
    expect("villages", "2024年村集体经济收入（万元）", "v_coll_income", 0);
}

static void heads_of_odk_central(void **state)
{
    (void)state;
    expect("households", "g_id-village_code", "village_code", 0);
    expect("villages", "g_job-v_ws_n", "v_ws_n", 0);
}

static void records_side_by_side(void **state)
{
    (void)state;
    expect("households", "第1人姓名", "m_name", 1);
    expect("households", "第二个成员月均工资", "m_wage", 2);
    expect("households", "第3个成员的性别", "m_sex", 3);
    expect("households", "劳动力2：姓名", "m_name", 2);
    expect("households", "member/4/m_edu", "m_edu", 4);
    expect("counties", "第1个品牌名称", "b_name", 1);
}

/* A row of a card in which an answer is also a head: 公益性岗位 is a status and a village's
 * question. */
static void answers_that_are_heads(void **state)
{
    (void)state;
    static const char *const row[] = {"劳动力成员3就业状态", "受雇务工",   "公益性岗位",
                                      "公益性岗位",          "公益性岗位", "公益性岗位"};
    struct fit fit = heads_fit(heads, row, 6);
    assert_false(fit_is_head(&fit));
}

/* Many columns of something else beside the questions. */
static void foreign_columns(void **state)
{
    (void)state;
    const char *row[60] = {"村代码",     "户编号",     "户主姓名", "联系电话",
                           "户籍人口数", "劳动力人数", "农户类型", "承包地面积"};
    for (int i = 8; i < 60; i++)
        row[i] = "另外的栏";
    struct fit fit = heads_fit(heads, row, 60);
    assert_int_equal(fit.level, level_of("households"));
    assert_true(fit_is_head(&fit));
}

static void separator_of_wjx(void **state)
{
    (void)state;
    const struct question *q = form_question(topic_level(topic, "households")->form, "needs");
    struct choice_index *x = choice_index_new(q->list);
    bool chosen[16];
    unsigned repairs = 0;
    assert_true(choicetext_many(x, "技能培训┋子女上学、老人照护┋其他", NULL, chosen, &repairs));
    assert_int_equal(repairs, REPAIR_MULTI_SEP);
    for (int i = 0; i < q->list->count; i++) {
        const char *name = q->list->choices[i].name;
        assert_int_equal(chosen[i],
                         !strcmp(name, "2") || !strcmp(name, "5") || !strcmp(name, "99"));
    }
    choice_index_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbering_before_a_year), cmocka_unit_test(heads_of_odk_central),
        cmocka_unit_test(records_side_by_side),    cmocka_unit_test(answers_that_are_heads),
        cmocka_unit_test(foreign_columns),         cmocka_unit_test(separator_of_wjx),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
