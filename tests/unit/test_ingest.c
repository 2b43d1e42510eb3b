/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heads and tables: a county's files as they really come, and what is found in them.
 */
#include "files.h"

#include "intake/intake.h"
#include "intake/units.h"
#include "store/store.h"

#include <math.h>
#include <zip.h>

static struct topic *topic;

static int read_topic(void **state)
{
    (void)state;
    topic = topic_read("topics/henan-2025/07/topic.csv");
    return topic ? 0 : -1;
}

static int forget_topic(void **state)
{
    topic_free(topic);
    return remove_folder(state);
}

/* Take one file in and give back the store; the last query's answer as one text. */
static struct store *ingested(const char *path, const char *as)
{
    static char store[600];
    snprintf(store, sizeof store, "%s/raw.db", test_folder());
    struct raw *r = raw_create(store, topic);
    struct intake *k = intake_new(r, topic);
    intake_file(k, path, as, "-", 0);
    intake_free(k);
    raw_finish(r);
    return store_open(store, &SCHEMA_RAW);
}

static const char *answer(struct store *s, const char *sql)
{
    static struct buf out;
    buf_clear(&out);
    struct query *q = store_query(s, sql);
    while (query_next(q))
        for (int i = 0; i < col_count(q); i++)
            buf_printf(&out, "%s%s", col_text(q, i), i + 1 < col_count(q) ? " " : "\n");
    query_end(q);
    return buf_text(&out);
}

/* ---- heads -------------------------------------------------------------------------------- */

static void check_head(struct heads *h, const char *level, const char *text, const char *question,
                       int nth, const char *choice)
{
    struct column c;
    int l = (int)(topic_level(topic, level) - topic->levels);
    heads_columns(h, l, &text, 1, &c);
    if (strcmp(c.question ? c.question->name : column_role_name(c.role), question) != 0)
        fail_msg("%s is %s, not %s", text, c.question ? c.question->name : "none", question);
    assert_int_equal(c.nth, nth);
    assert_string_equal(c.choice ? c.choice->name : "", choice);
}

static void test_heads(void **state)
{
    (void)state;
    struct heads *h = heads_new(topic);
    static const struct {
        const char *level, *text, *question;
        int nth;
        const char *choice;
    } cases[] = {
        {"households", "hh_no", "hh_no", 0, ""},
        {"households", "g_id/hh_no", "hh_no", 0, ""},
        {"households", "A6. 户编号", "hh_no", 0, ""},
        {"households", "（6）户 编\n号", "hh_no", 0, ""},
        {"households", "六、户编号", "hh_no", 0, ""},
        {"households", "Ａ６．户编号", "hh_no", 0, ""},
        {"households", "县(市)", "county", 0, ""},
        {"households", "工资性收入（万元）", "inc_wage", 0, ""},
        {"households", "工资性收入(单位：万元)", "inc_wage", 0, ""},
        {"households", "B1. 您家户籍人口共有几人", "hh_size", 0, ""},
        {"households", "member2_m_wage", "m_wage", 2, ""},
        {"households", "member[3]/m_wage", "m_wage", 3, ""},
        {"households", "成员1姓名", "m_name", 1, ""},
        {"households", "第二个成员的姓名", "m_name", 2, ""},
        {"households", "姓名（3）", "m_name", 3, ""},
        {"households", "member1_m_insure/3", "m_insure", 1, "3"},
        {"households", "g_svc/svc_kinds/2", "svc_kinds", 0, "2"},
        {"households", "享受服务种类-职业介绍", "svc_kinds", 0, "1"},
        {"households", "满意度-信息", "sat_info", 0, ""},
        {"counties", "品牌2名称", "b_name", 2, ""},
        {"brands", "品牌名称", "b_name", 0, ""},
        {"members", "品牌名称", "m_brand_name", 0, ""},
        {"members", "村代码", "village_code", 0, ""},
        {"households", "_parent_index", "parent", 0, ""},
        {"households", "meta/instanceName", "system", 0, ""},
        {"households", "__version__", "system", 0, ""},
        {"households", "序 号", "system", 0, ""},
        {"households", "姓名备注", "extra", 0, ""},
        {"households", "工资性收入2023", "extra", 0, ""},
        {"households", " ", "", 0, ""},
        {"households", "1、A1. 调查员编号", "interviewer", 0, ""},
        {"households", "6、您家户籍人口共有几人？", "hh_size", 0, ""},
        {"households", "26、享受过哪些服务？（可多选）(职业介绍)", "svc_kinds", 0, "1"},
        {"households", "26、享受过哪些服务:技能培训", "svc_kinds", 0, "2"},
        {"members", "17、参加了哪些社会保险(职工养老保险)", "m_insure", 0, "1"},
        {"households", "提交答卷时间", "system", 0, ""},
        {"households", "来自IP", "system", 0, ""},
        {"households", "总分", "system", 0, ""},
        {"households", "E3、…:岗位信息", "extra", 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_head(h, cases[i].level, cases[i].text, cases[i].question, cases[i].nth,
                   cases[i].choice);
    assert_string_equal(heads_unit(h, "收入（万元）"), "万元");
    assert_string_equal(heads_unit(h, "单位：亩"), "亩");
    assert_string_equal(heads_unit(h, "％"), "%");
    assert_string_equal(heads_unit(h, "村代码（12位）"), "");
    heads_free(h);
}

/* The rows of a matrix stand for questions with the same answers, or for none. */
static void test_matrix(void **state)
{
    (void)state;
    struct heads *h = heads_new(topic);
    static const char *const whole[] = {
        "27、您对下列服务是否满意：岗位信息", "27、您对下列服务是否满意：技能培训",
        "27、您对下列服务是否满意：职业介绍", "27、您对下列服务是否满意：务工权益",
        "27、您对下列服务是否满意：总体"};
    static const char *const brackets[] = {"E3、…(岗位信息)", "E3、…(技能培训)"};
    static const char *const strange[] = {"母亲：姓名", "母亲：电话", "评价—岗位信息",
                                          "意见—技能培训"};
    static const char *const order[] = {"评价—技能培训", "评价—岗位信息"};
    struct column c[5];
    heads_columns(h, 0, whole, 5, c);
    static const char *const names[] = {"sat_info", "sat_train", "sat_match", "sat_rights",
                                        "sat_overall"};
    for (int i = 0; i < 5; i++)
        assert_string_equal(c[i].question ? c[i].question->name : "", names[i]);
    heads_columns(h, 0, brackets, 2, c);
    assert_string_equal(c[1].question ? c[1].question->name : "", "sat_train");
    heads_columns(h, 0, strange, 4, c);
    for (int i = 0; i < 4; i++)
        assert_int_equal(c[i].role, COLUMN_EXTRA);
    heads_columns(h, 0, order, 2, c);
    assert_int_equal(c[0].role, COLUMN_EXTRA);
    heads_free(h);
}

static void test_units(void **state)
{
    (void)state;
    double f = 0;
    assert_true(unit_factor("万元", "元", &f) && f == 10000);
    assert_true(unit_factor("元", "万元", &f) && fabs(f - 1e-4) < 1e-18);
    assert_true(unit_factor("公顷", "亩", &f) && f == 15);
    assert_false(unit_factor("人次", "人", &f));
    assert_false(unit_factor("元", "亩", &f));
}

/* ---- tables ------------------------------------------------------------------------------- */

static void test_rows(void **state)
{
    (void)state;
    struct store *s = ingested(
        WRITE("a.csv", "汇总表,,,,,\n填报单位：甲县,,,单位：元,,\n"
                       "序号,村代码,户编号,户主姓名,工资性收入（万元）,养狗\n,,,,,\n,,,,元,\n"
                       "1,411523100201,1,张三,2,1\n合计,,,,2,\n注：略,,,,,\n审核人：李四,,,,,\n"),
        "a.csv");
    assert_string_equal(answer(s, "SELECT no, kind FROM row ORDER BY id"),
                        "1 title\n2 title\n3 head\n5 unit\n6 data\n7 total\n8 note\n9 note\n");
    assert_string_equal(answer(s, "SELECT row, col, field, kind, class FROM problem"),
                        "3 工资性收入（万元） inc_wage unit_header repaired\n"
                        "3 养狗  extra_field notice\n");
    assert_string_equal(answer(s, "SELECT factor FROM col WHERE question = 'inc_wage'"),
                        "10000.0\n");
    store_close(s);
}

static void test_two_tables(void **state)
{
    (void)state;
    struct store *s = ingested(
        WRITE("b.csv",
              "村代码,户编号,户主姓名,户籍人口数\n411523100201,1,甲,3\n"
              "二、村情况,,,\n填表日期,村代码,总户数,总人口\n2025-05-01,411523100201,1,2\n"),
        "b.csv");
    assert_string_equal(answer(s, "SELECT b.form, r.no, r.kind FROM row r LEFT JOIN block b "
                                  "ON b.id = r.block ORDER BY r.id"),
                        "07-household 1 head\n07-household 2 data\n 3 title\n"
                        "07-village 4 head\n07-village 5 data\n");
    store_close(s);
}

static void test_truncated(void **state)
{
    (void)state;
    struct store *s =
        ingested(WRITE("c.csv", "村代码,户编号,户主姓名,户籍人口数\n1,2,甲,3\n1,2"), "c.csv");
    assert_string_equal(answer(s, "SELECT no, kind FROM row ORDER BY id"),
                        "1 head\n2 data\n3 truncated\n");
    store_close(s);
}

static void test_card(void **state)
{
    (void)state;
    struct store *s = ingested(
        WRITE("d.csv", "县级情况表,,\n指标,单位,本县\n填表日期,,2025-06-20\n县（市）,,新县\n"
                       "乡村劳动力,万人,22.3\n\n劳务品牌数,个,1\n品牌1名称,,绣娘\n审核人：甲,,\n"),
        "d.csv");
    assert_string_equal(answer(s, "SELECT form, layout, head_row FROM block"),
                        "07-county card 3\n");
    assert_string_equal(answer(s, "SELECT pos, question, nth, factor FROM col ORDER BY pos"),
                        "2 svy_date 0 1.0\n3 county 0 1.0\n4 c_labour 0 10000.0\n"
                        "6 c_brand_n 0 1.0\n7 b_name 1 1.0\n");
    assert_string_equal(answer(s, "SELECT no, kind FROM row WHERE block = 1 ORDER BY id"),
                        "1 head\n3 data\n");
    assert_string_equal(answer(s, "SELECT row, col, kind FROM problem"),
                        "5 乡村劳动力 unit_header\n");
    store_close(s);
}

/* Where the answers of a block stand: 题名=第几行，第几列（从1起） 内容. */
static const char *items(struct store *s, long block)
{
    static struct buf out;
    struct cells cells = {0};
    buf_clear(&out);
    struct query *q = store_query(s, "SELECT col.question, col.nth, col.pos, col.role, row.cells, "
                                     "block.head_row FROM col JOIN block ON block.id = col.block "
                                     "JOIN row ON row.block = col.block AND row.kind = 'data' "
                                     "WHERE col.block = :b ORDER BY row.id, col.pos");
    query_long(q, ":b", block);
    while (query_next(q)) {
        size_t n;
        const void *blob = col_blob(q, 4, &n);
        assert_int_equal(cells_unpack(&cells, blob, n), 0);
        int pos = (int)col_long(q, 2);
        buf_printf(&out, "%s%s=%ld,%d %s\n", col_text(q, 0),
                   strcmp(col_text(q, 3), "extra") ? "" : "?", card_row(pos, col_long(q, 5)),
                   card_column(pos, 0) + 1, pos < cells.count ? cells.items[pos].text : "");
    }
    query_end(q);
    cells_free(&cells);
    return buf_text(&out);
}

/* A record whose items stand side by side, and its members below. */
static void test_form(void **state)
{
    (void)state;
    struct store *s =
        ingested(WRITE("f.csv", "住户调查表,,,,,\n村名：东庙镇 郑营村　填表日期：2025-05-01,,,,,\n"
                                "户编号,7,户主姓名,张三,联系电话,13900000000\n"
                                "户籍人口数,4,劳动力人数,2,民族,汉\n"
                                "工资性收入,万元,3.5,经营净收入（元）,,\n"
                                "一、劳动力,,,,,\n姓名,性别,出生年份,与户主关系,,\n"
                                "张三,1,1970,1,,\n李四,2,1972,2,,\n"),
                 "f.csv");
    assert_string_equal(answer(s, "SELECT form, repeat, layout, village, head_row FROM block"),
                        "07-household  card 东庙镇 郑营村 3\n"
                        "07-household member rows  7\n");
    assert_string_equal(items(s, 1), "hh_no=3,2 7\nhh_size=4,2 4\ninc_wage=5,3 3.5\n"
                                     "resp_name=3,4 张三\nlabour_cnt=4,4 2\ninc_farm=5,5 \n"
                                     "phone=3,6 13900000000\n?=4,6 汉\n");
    assert_string_equal(answer(s, "SELECT no, kind, parent IS NULL FROM row ORDER BY id"),
                        "1 title 1\n2 title 1\n1 head 1\n2 data 1\n6 note 1\n7 head 1\n"
                        "8 data 0\n9 data 0\n");
    assert_string_equal(answer(s, "SELECT row, col, kind FROM problem ORDER BY row, kind"),
                        "4 民族 extra_field\n5 工资性收入 unit_header\n");
    store_close(s);
}

/* Forms below each other, each with its members; texts of a table are no form. */
static void test_forms(void **state)
{
    (void)state;
    struct store *s =
        ingested(WRITE("g.csv", "村代码,411523100201,户编号,1\n户主姓名,甲,户籍人口数,3\n"
                                "姓名,性别,出生年份\n甲,1,1970\n"
                                "村代码,411523100201,户编号,2\n户主姓名,乙,户籍人口数,5\n"
                                "姓名,性别,出生年份\n乙,1,1980\n丙,2,1981\n"),
                 "g.csv");
    assert_string_equal(answer(s, "SELECT b.repeat, r.no, p.no FROM row r JOIN block b ON b.id = "
                                  "r.block LEFT JOIN row p ON p.id = r.parent WHERE r.kind = "
                                  "'data' ORDER BY r.id"),
                        " 2 \nmember 4 2\n 2 \nmember 8 2\nmember 9 2\n");
    store_close(s);
    s = ingested(WRITE("h.csv", "姓名,张三,性别,男\n民族,汉,出生年份,1980\n职务,干部,学历,本科\n"
                                "受教育程度,高中,联系电话,1\n"),
                 "h.csv");
    assert_string_equal(answer(s, "SELECT COUNT(*) FROM block"), "0\n");
    store_close(s);
}

/* A card and the table of its repeat below it. */
static void test_card_and_table(void **state)
{
    (void)state;
    struct store *s = ingested(
        WRITE("k.csv", "指标,本县,,\n填表日期,2025-06-20,,\n县（市）,新县,,\n乡村劳动力,22,,\n"
                       "劳务品牌数,2,,\n\n品牌名称,认定级别,认定年份,从业人数\n"
                       "绣娘,1,2020,30\n瓦匠,2,2021,40\n"),
        "k.csv");
    assert_string_equal(answer(s, "SELECT form, repeat, layout FROM block"),
                        "07-county  card\n07-county brand rows\n");
    assert_string_equal(answer(s, "SELECT r.no, p.kind, p.no FROM row r JOIN row p ON p.id = "
                                  "r.parent"),
                        "8 data 2\n9 data 2\n");
    store_close(s);
}

static void test_villages(void **state)
{
    (void)state;
    struct store *s = ingested(
        WRITE("v.csv",
              "住户表,,,\n村名：东庙镇郑营村,,填表人：甲,\n户编号,户主姓名,户籍人口数,养狗\n"
              "1,甲,3,\n2,乙,4,\n\n村名：北沟镇于岗村,,,\n户编号,户主姓名,户籍人口数,养狗\n"
              "1,丙,3,\n村代码,411523100203,,\n1,丁,3,\n合计,,3,\n"),
        "v.csv");
    assert_string_equal(answer(s, "SELECT village, head_row FROM block"),
                        "东庙镇郑营村 3\n北沟镇于岗村 3\n411523100203 3\n");
    assert_string_equal(answer(s, "SELECT no, kind, block FROM row ORDER BY id"),
                        "1 title \n2 title \n3 head 1\n4 data 1\n5 data 1\n7 title \n"
                        "8 head 2\n9 data 2\n10 title \n11 data 3\n12 total 3\n");
    assert_string_equal(answer(s, "SELECT row, kind FROM problem"), "3 extra_field\n");
    store_close(s);
}

static void test_side_by_side(void **state)
{
    (void)state;
    struct store *s =
        ingested(WRITE("s.csv", "住户表（单位：万元）,,,,,,,\n村代码,户编号,户主姓名,工资性收入,,"
                                "村代码,户编号,户主姓名,工资性收入\n"
                                "411523100201,1,甲,2,,411523100202,1,丙,3\n"
                                "411523100201,2,乙,2,,,,,\n,,,,,411523100202,2,丁,3\n"),
                 "s.csv");
    assert_string_equal(answer(s, "SELECT r.no, r.kind, r.block FROM row r ORDER BY r.no, r.block"),
                        "1 title \n2 head 1\n2 head 2\n3 data 1\n3 data 2\n4 data 1\n5 data 2\n");
    assert_string_equal(answer(s, "SELECT block, pos, question, factor FROM col WHERE question IN "
                                  "('inc_wage', 'hh_no') ORDER BY block, pos"),
                        "1 1 hh_no 1.0\n1 3 inc_wage 10000.0\n2 6 hh_no 1.0\n"
                        "2 8 inc_wage 10000.0\n");
    store_close(s);
    s = ingested(WRITE("w.csv",
                       "村代码,户编号,户主姓名,,户籍人口数,劳动力人数,成员1姓名,成员2姓名\n"
                       "411523100201,1,甲,,3,2,甲,乙\n"),
                 "w.csv");
    assert_string_equal(answer(s, "SELECT COUNT(*) FROM block"), "1\n");
    store_close(s);
}

/* ---- files -------------------------------------------------------------------------------- */

static void check_fate(const char *path, const char *as, const char *fate, const char *problem)
{
    char text[200];
    message_capture(text, sizeof text); /* the warning of a refused file */
    struct store *s = ingested(path, as);
    message_capture(NULL, 0);
    assert_string_equal(answer(s, "SELECT fate FROM file"), fate);
    assert_string_equal(answer(s, "SELECT kind FROM problem"), problem);
    store_close(s);
}

static void test_fates(void **state)
{
    (void)state;
    const char *table = "村代码,户编号,户主姓名,户籍人口数\n1,2,甲,3\n";
    check_fate(WRITE("x", ""), "空.csv", "refused\n", "file_empty\n");
    check_fate(WRITE("x", "PK\3\4 cut"), "坏.xlsx", "refused\n", "file_corrupt\n");
    check_fate(write_bytes("x", table, strlen(table)), "表.csv", "read\n", "");
    check_fate(write_bytes("x", table, strlen(table)), "表.xls", "read\n", "file_type\n");
    check_fate(WRITE("x", "附上材料，请查收。\n甲县\n"), "说明.txt", "ignored\n", "");
    check_fate(WRITE("x", "姓名,职务,电话\n甲,乙,1\n"), "名单.csv", "ignored\n", "unknown_form\n");
    check_fate(WRITE("x",
                     "户主姓名,户籍人口数,劳动力人数,农户类型,承包地面积,是否流转出,工资性收入,"
                     "经营净收入\n甲,3,2,1,4,否,5000,300\n"),
               "没有编号.csv", "refused\n", "key_missing\n");
    check_fate(WRITE("x", "~$"), "~$表.xlsx", "ignored\n", "");
    check_fate(WRITE("x", "<!DOCTYPE a><data id='hn2025_07_village'/>"), "a.xml", "refused\n",
               "file_corrupt\n");
    check_fate(WRITE("x", "<data id='hn2025_07_village' encrypted='yes'/>"), "a.xml", "refused\n",
               "file_encrypted\n");
}

/* Formats that are not read, by content, each with its reason and what to do. */
static void test_foreign(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *name, *fate, *reason, *problem;
    } cases[] = {
        {"Rar!\x1A\x07", "包.rar", "refused", "请解压", "file_format file"},
        {"MIME-Version: 1.0\n", "表.xls", "refused", "另存为.xlsx", "file_format file"},
        {"%PDF-1.4\n", "表.pdf", "refused", "请改用表格文件", "unknown_form notice"},
        {"\x89PNG\r\n", "照片.png", "ignored", "不属于", "unknown_form notice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        message_capture(text, sizeof text);
        struct store *s =
            ingested(write_bytes("x", cases[i].bytes, strlen(cases[i].bytes)), cases[i].name);
        message_capture(NULL, 0);
        assert_memory_equal(answer(s, "SELECT fate FROM file"), cases[i].fate, 7);
        assert_non_null(strstr(answer(s, "SELECT reason FROM file"), cases[i].reason));
        assert_memory_equal(answer(s, "SELECT kind, class FROM problem"), cases[i].problem,
                            strlen(cases[i].problem));
        store_close(s);
    }
}

static void test_office_zips(void **state)
{
    (void)state;
    static const struct {
        const char *part, *text, *name, *fate, *reason;
    } cases[] = {
        {"word/document.xml", "<w:body><w:tbl></w:tbl></w:body>", "表.docx", "refused\n", "Word"},
        {"word/document.xml", "<w:body><w:p/></w:body>", "说明.docx", "ignored\n", "说明文字"},
        {"xl/workbook.bin", "x", "表.xlsb", "refused\n", "另存为.xlsx"},
        {"OFD.xml", "x", "表.ofd", "refused\n", "OFD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int error;
        char text[400], path[600];
        snprintf(path, sizeof path, "%s", test_path("o.zip"));
        zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
        zip_source_t *types = zip_source_buffer(z, "x", 1, 0),
                     *part = zip_source_buffer(z, cases[i].text, strlen(cases[i].text), 0);
        assert_true(zip_file_add(z, "[Content_Types].xml", types, 0) >= 0);
        assert_true(zip_file_add(z, cases[i].part, part, 0) >= 0);
        assert_int_equal(zip_close(z), 0);
        message_capture(text, sizeof text);
        struct store *s = ingested(path, cases[i].name);
        message_capture(NULL, 0);
        assert_string_equal(answer(s, "SELECT fate FROM file"), cases[i].fate);
        assert_non_null(strstr(answer(s, "SELECT reason FROM file"), cases[i].reason));
        store_close(s);
    }
}

/* The same table in other clothes. */
static void test_formats(void **state)
{
    (void)state;
    check_fate(WRITE("x", "<table><tr><td>村代码<td>户编号<td>户主姓名<td>户籍人口数"
                          "<tr><td>1<td>2<td>甲<td>3</table>"),
               "表.xls", "read\n", "file_type\n");
    check_fate(WRITE("x", "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:"
                          "spreadsheet'><Worksheet Name='a'><Table><Row><Cell><Data>户编号</Data>"
                          "</Cell><Cell><Data>户主姓名</Data></Cell></Row></Table></Worksheet>"
                          "</Workbook>"),
               "表.xml", "read\n", "");
    check_fate(WRITE("x", "<html><body><p>附上材料</p></body></html>"), "说明.html", "ignored\n",
               "unknown_form\n");
}

static void test_instance(void **state)
{
    (void)state;
    struct store *s = ingested(
        WRITE("i.xml", "<data id='hn2025_07_county' version='1'><g_id><county>411523</county>"
                       "<狗>x</狗></g_id><brand><b_name>甲</b_name></brand><brand>"
                       "<b_name>乙</b_name><q/></brand><g_end/><meta><instanceID>uuid:1"
                       "</instanceID></meta></data>"),
        "i.xml");
    assert_string_equal(answer(s, "SELECT r.no, b.repeat, r.parent FROM row r JOIN block b ON "
                                  "b.id = r.block ORDER BY r.id"),
                        "0  \n1 brand 1\n2 brand 1\n");
    assert_string_equal(answer(s, "SELECT row, col, kind, original FROM problem"),
                        "  form_version 1\n g_id/狗 extra_field \n2 brand[2]/q extra_field \n");
    assert_string_equal(answer(s, "SELECT head FROM col WHERE question = 'b_name'"),
                        "brand[#]/b_name\n");
    store_close(s);
}

static void add(zip_t *z, const char *name, const char *text)
{
    zip_source_t *s = zip_source_buffer(z, text, strlen(text), 0);
    assert_true(s && zip_file_add(z, name, s, 0) >= 0);
}

static void test_archive(void **state)
{
    (void)state;
    int error;
    char path[600];
    snprintf(path, sizeof path, "%s", test_path("z.zip"));
    zip_t *z = zip_open(path, ZIP_CREATE, &error);
    add(z, "b/更正.csv", "村代码,户编号,户主姓名,户籍人口数\n1,2,甲,3\n");
    add(z, "a/i.xml", "<data id='hn2025_07_village' version='2025041101'/>");
    add(z, "a/照片.jpg", "\xFF\xD8\xFF");
    assert_int_equal(zip_close(z), 0);
    struct store *s = ingested(path, "包.zip");
    assert_string_equal(answer(s, "SELECT path, correction, fate FROM file ORDER BY id"),
                        "包.zip 0 read\n包.zip!a/i.xml 0 read\n包.zip!a/照片.jpg 0 ignored\n"
                        "包.zip!b/更正.csv 1 read\n");
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads),       cmocka_unit_test(test_units),
        cmocka_unit_test(test_matrix),      cmocka_unit_test(test_rows),
        cmocka_unit_test(test_two_tables),  cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_card),        cmocka_unit_test(test_form),
        cmocka_unit_test(test_forms),       cmocka_unit_test(test_card_and_table),
        cmocka_unit_test(test_villages),    cmocka_unit_test(test_side_by_side),
        cmocka_unit_test(test_fates),       cmocka_unit_test(test_instance),
        cmocka_unit_test(test_archive),     cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_office_zips), cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests(tests, read_topic, forget_topic);
}
