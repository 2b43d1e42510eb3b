/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What simulated counties showed to be read wrongly, each as its smallest case.
 */
#include "files.h"

#include "store/store.h"
#include "review/choicetext.h"
#include "intake/heads.h"
#include "intake/intake.h"
#include "review/repair.h"

#include <xlsxwriter.h>

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
    return remove_folder(state);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* The rows of a file as ingest takes it: number and kind each, "2 data 3 note". */
static const char *kinds_of(const char *path, const char *as)
{
    static struct buf out;
    char store[600];
    snprintf(store, sizeof store, "%s/raw.db", test_folder());
    struct raw *r = raw_create(store, topic);
    struct intake *k = intake_new(r, topic);
    intake_file(k, path, as, "-", 0);
    intake_free(k);
    raw_finish(r);
    struct store *s = store_open(store, &SCHEMA_RAW);
    struct query *q = store_query(s, "SELECT no, kind FROM row ORDER BY id");
    buf_clear(&out);
    while (query_next(q))
        buf_printf(&out, "%s%s %s", out.len ? " " : "", col_text(q, 0), col_text(q, 1));
    query_end(q);
    store_close(s);
    return buf_text(&out);
}

#define HEAD "村代码,村名,户编号,户主姓名,户籍人口数\n"
#define ROW "411523100201,姚坡村,7,张三,4\n"

static void notes_and_totals(void **state)
{
    (void)state;
    const char *path = WRITE("a.csv", HEAD ROW "姚坡村小计,,,,4\n" ROW "全县合计：,,,,8\n"
                                               "注：1.本表由各村填报。,,,,\n"
                                               "   2.“—”表示没有发生。,,,,\n审核人：,,,,\n");
    assert_string_equal(kinds_of(path, "a.csv"),
                        "1 head 2 data 3 total 4 data 5 total 6 note 7 note 8 note");
}

static void titles_above_a_head_again(void **state)
{
    (void)state;
    const char *path = WRITE("b.csv", "表一,,,,\n" HEAD ROW "（续表）,,,,\n" HEAD ROW ROW);
    assert_string_equal(kinds_of(path, "b.csv"),
                        "1 title 2 head 3 data 4 note 5 head 6 data 7 data");
}

/* Nothing says whose the numbers are. */
static void tables_without_a_key(void **state)
{
    (void)state;
    const char *path = WRITE("c.csv", "乡镇,户籍人口数,劳动力人数,承包地面积\n沙岭镇,12,5,3.4\n");
    assert_string_equal(kinds_of(path, "c.csv"), "1 unmapped 2 unmapped");
}

/* A list of the questions themselves, and one that explains them. */
static void questions_are_no_answers(void **state)
{
    (void)state;
    const char *path =
        WRITE("d.csv", "题名,题文,短表头\nvillage_code,A4. 村代码（12位统计用区划代码）,村代码\n"
                       "village_name,A5. 村名,村名\nhh_no,A6. 户编号,户编号\n"
                       "hh_size,B1. 您家户籍人口共有几人？,户籍人口数\n"
                       "labour_cnt,B2. 其中有几人？,劳动力人数\n");
    assert_null(strstr(kinds_of(path, "d.csv"), "data"));
    path = WRITE("e.csv",
                 "指标,解释\n户籍人口数,含外出务工和在外上学的人员\n劳动力人数,"
                 "有劳动能力的人员\n农户类型,按乡村振兴部门的系统认定\n承包地面积,以证为准\n");
    assert_null(strstr(kinds_of(path, "e.csv"), "data"));
}

/* The village is merged over its households. */
static void merged_cells(void **state)
{
    (void)state;
    const char *path = test_path("f.xlsx");
    static const char *const rows[3][4] = {{"村代码", "户编号", "户主姓名", "户籍人口数"},
                                           {"", "7", "张三", "4"},
                                           {"", "9", "李四", "3"}};
    lxw_workbook *b = workbook_new(path);
    lxw_worksheet *w = workbook_add_worksheet(b, "住户");
    for (lxw_row_t r = 0; r < 3; r++)
        for (lxw_col_t c = 0; c < 4; c++)
            if (*rows[r][c])
                worksheet_write_string(w, r, c, rows[r][c], NULL);
    worksheet_merge_range(w, 1, 0, 2, 0, "411523100201", NULL);
    assert_int_equal(workbook_close(b), LXW_NO_ERROR);
    char copy[600];
    snprintf(copy, sizeof copy, "%s", path);
    assert_string_equal(kinds_of(copy, "f.xlsx"), "1 head 2 data 3 data");
    char store[600];
    snprintf(store, sizeof store, "%s/raw.db", test_folder());
    struct store *s = store_open(store, &SCHEMA_RAW);
    struct query *q = store_query(s, "SELECT instr(cells, CAST('411523100201' AS BLOB)) > 0"
                                     " FROM row WHERE kind = 'data' ORDER BY no");
    for (int i = 0; i < 2; i++) {
        assert_true(query_next(q));
        assert_string_equal(col_text(q, 0), "1");
    }
    query_end(q);
    store_close(s);
}

/* ---- heads and choices ----------------------------------------------------------------------- */

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
        cmocka_unit_test(numbering_before_a_year),
        cmocka_unit_test(heads_of_odk_central),
        cmocka_unit_test(records_side_by_side),
        cmocka_unit_test(answers_that_are_heads),
        cmocka_unit_test(foreign_columns),
        cmocka_unit_test(separator_of_wjx),
        cmocka_unit_test(notes_and_totals),
        cmocka_unit_test(titles_above_a_head_again),
        cmocka_unit_test(tables_without_a_key),
        cmocka_unit_test(questions_are_no_answers),
        cmocka_unit_test(merged_cells),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
