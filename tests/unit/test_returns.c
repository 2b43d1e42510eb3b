/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Return workbooks written from a small raw store and read back by the project's own reader of
 * .xlsx, which shares no code with the writer: every problem is where the list says, text stays
 * text, codes keep their digits, big sheets are cut to what matters.
 */
#include "formats/sheets.h"
#include "output/workbook_advice.h"
#include "output/workbook_list.h"
#include "output/workbook_new.h"
#include "output/workbook_text.h"
#include "review/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char TOPIC[] = "topics/henan-2025/07/topic.csv";
static char folder[] = "/tmp/test_returns.XXXXXX";
static struct topic *topic;

/* ---- a raw and a clean store -------------------------------------------------------------- */

struct fixture {
    struct store *raw, *clean;
    char raw_path[64], clean_path[64], book_path[64];
    struct query *row, *problem;
};

static void begin(struct fixture *f)
{
    snprintf(f->raw_path, sizeof f->raw_path, "%s/x.raw.db", folder);
    snprintf(f->clean_path, sizeof f->clean_path, "%s/x.clean.db", folder);
    snprintf(f->book_path, sizeof f->book_path, "%s/x.xlsx", folder);
    f->raw = store_create(f->raw_path, &SCHEMA_RAW);
    f->clean = store_create(f->clean_path, &SCHEMA_CLEAN);
    f->row = store_query(f->raw, "INSERT INTO row(sheet, block, no, kind, parent, cells)"
                                 " VALUES (?, ?, ?, ?, NULL, ?)");
    f->problem = store_query(
        f->clean, "INSERT INTO problem(file, sheet, row, col, field, kind, class, original,"
                  " corrected, key, personal, raw_row)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, 0, ?)");
}

static void add_file(struct fixture *f, int id, const char *path, const char *sheet)
{
    struct query *q = store_query(
        f->raw, "INSERT INTO file(id, path, bytes, sha256, format, encoding, correction, fate,"
                " reason) VALUES (?, ?, 1, 'x', 'csv', '', 0, 'read', '')");
    query_long_at(q, 1, id);
    query_text_at(q, 2, path);
    query_run(q);
    query_end(q);
    q = store_query(f->raw, "INSERT INTO sheet(id, file, name, hidden) VALUES (?, ?, ?, 0)");
    query_long_at(q, 1, id);
    query_long_at(q, 2, id);
    query_text_at(q, 3, sheet);
    query_run(q);
    query_end(q);
}

/* A block with a column for each question named; the head is the name in upper case or `heads`. */
static void add_block(struct fixture *f, int id, int sheet, const char *form, const char *repeat,
                      int head_row, const char *layout, const char *const *heads,
                      const char *const *questions, const int *places)
{
    struct query *q =
        store_query(f->raw, "INSERT INTO block(id, sheet, form, repeat, parent, head_row, layout,"
                            " village) VALUES (?, ?, ?, ?, NULL, ?, ?, '')");
    query_long_at(q, 1, id);
    if (sheet)
        query_long_at(q, 2, sheet);
    else
        query_null_at(q, 2);
    query_text_at(q, 3, form);
    query_text_at(q, 4, repeat);
    query_long_at(q, 5, head_row);
    query_text_at(q, 6, layout);
    query_run(q);
    query_end(q);
    q = store_query(f->raw, "INSERT INTO col(block, pos, head, role, question, nth, choice, factor)"
                            " VALUES (?, ?, ?, 'question', ?, 0, '', 1)");
    for (int i = 0; questions[i]; i++) {
        query_long_at(q, 1, id);
        query_long_at(q, 2, places ? places[i] : i);
        query_text_at(q, 3, heads[i]);
        query_text_at(q, 4, questions[i]);
        query_run(q);
    }
    query_end(q);
}

static void add_row(struct fixture *f, int sheet, int block, long no, const char *kind,
                    const struct cell *cells, int count)
{
    struct buf packed = {0};
    cells_pack(&packed, cells, count);
    query_long_at(f->row, 1, sheet);
    if (block)
        query_long_at(f->row, 2, block);
    else
        query_null_at(f->row, 2);
    query_long_at(f->row, 3, no);
    query_text_at(f->row, 4, kind);
    query_blob_at(f->row, 5, packed.text, packed.len);
    query_run(f->row);
    buf_free(&packed);
}

/* raw_row: the how-manieth row that was added, 0: none. */
static void add_problem(struct fixture *f, long raw_row, const char *const texts[9])
{
    query_long_at(f->problem, 10, raw_row);
    for (int i = 0; i < 9; i++)
        query_text_at(f->problem, i + 1, texts[i]);
    query_run(f->problem);
}
#define PROBLEM(f, row, ...) add_problem(f, row, (const char *const[9]){__VA_ARGS__})

/* ---- the workbook read back --------------------------------------------------------------- */

struct readback {
    struct map cells; /* "sheet!B5" -> index in texts */
    char sheet[128];
    char **texts;
    enum cell_kind *kinds;
    int count, room, kinds_room;
};

static bool on_sheet(void *user, const char *name, bool hidden)
{
    (void)hidden;
    struct readback *r = user;
    snprintf(r->sheet, sizeof r->sheet, "%s", name);
    return true;
}

static bool on_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct readback *r = user;
    (void)cut;
    for (int i = 0; i < count; i++) {
        char letters[8], key[192];
        column_letters(i, letters);
        snprintf(key, sizeof key, "%s!%s%ld", r->sheet, letters, no);
        GROW(r->texts, r->count, r->room);
        GROW(r->kinds, r->count, r->kinds_room);
        r->kinds[r->count] = cells[i].kind;
        r->texts[r->count] = must_strdup(cells[i].text);
        map_put(&r->cells, key, r->count++);
    }
    return true;
}

static const char *text_at(const struct readback *r, const char *place)
{
    long i = map_get(&r->cells, place, -1);
    return i < 0 ? "" : r->texts[i];
}

static enum cell_kind kind_at(const struct readback *r, const char *place)
{
    long i = map_get(&r->cells, place, -1);
    return i < 0 ? CELL_EMPTY : r->kinds[i];
}

static void read_back(struct readback *r, const char *path)
{
    char why[500] = "";
    const char *encoding = "";
    struct sheet_handler h = {.sheet = on_sheet, .row = on_row, .user = r};
    enum file_format format = sheets_detect(path, &encoding);
    assert_int_equal(format, FORMAT_XLSX);
    assert_int_equal(sheets_read(path, format, encoding, &h, why, sizeof why), 0);
}

static void free_readback(struct readback *r)
{
    for (int i = 0; i < r->count; i++)
        free(r->texts[i]);
    free(r->texts);
    free(r->kinds);
    map_free(&r->cells);
}

/* Writes the workbook and reads it back. */
static struct readback finish(struct fixture *f)
{
    query_end(f->row);
    query_end(f->problem);
    store_commit(f->raw);
    store_commit(f->clean);
    struct store *raw = store_open(f->raw_path, &SCHEMA_RAW);
    struct store *clean = store_open(f->clean_path, &SCHEMA_CLEAN);
    struct problem_list problems = {0};
    struct copies copies = {0};
    problems_load(&problems, clean);
    copies_place(&copies, raw, topic, &problems, NULL);
    struct return_book book = {.topic = topic,
                               .raw = raw,
                               .problems = &problems,
                               .copies = &copies,
                               .county = "嵩县（410325）"};
    assert_int_equal(workbook_new_write(&book, f->book_path), 0);
    copies_free(&copies);
    problems_free(&problems);
    store_close(clean);
    store_close(raw);
    struct readback r = {0};
    read_back(&r, f->book_path);
    return r;
}

#define TEXT(s)                                                                                    \
    (struct cell)                                                                                  \
    {                                                                                              \
        CELL_TEXT, s, sizeof s - 1                                                                 \
    }
#define NUMBER(s)                                                                                  \
    (struct cell)                                                                                  \
    {                                                                                              \
        CELL_NUMBER, s, sizeof s - 1                                                               \
    }
static const char *const HEADS[] = {"县", "村代码", "土地", "意见", NULL};
static const char *const QUESTIONS[] = {"county", "village_code", "land_mu", "opinion", NULL};

/* ---- tests -------------------------------------------------------------------------------- */

static void list_and_copy_agree(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add_file(&f, 1, "住户.csv", "");
    add_block(&f, 1, 1, "07-household", "", 2, "rows", HEADS, QUESTIONS, NULL);
    add_row(&f, 1, 0, 1, "title", (struct cell[]){TEXT("住户表")}, 1);
    add_row(&f, 1, 1, 2, "head",
            (struct cell[]){TEXT("县"), TEXT("村代码"), TEXT("土地"), TEXT("意见")}, 4);
    add_row(&f, 1, 1, 3, "data",
            (struct cell[]){NUMBER("410325"), TEXT("410325100208"), NUMBER("-3.5")}, 3);
    add_row(&f, 1, 1, 7, "data",
            (struct cell[]){NUMBER("410325"), TEXT("410325100208"), TEXT("约3亩")}, 3);
    PROBLEM(&f, 3, "住户.csv", "", "3", "土地", "land_mu", "constraint", "returned", "-3.5", "k-1");
    PROBLEM(&f, 4, "住户.csv", "", "7", "土地", "land_mu", "bad_value", "returned", "约3亩", "k-2");
    PROBLEM(&f, 4, "住户.csv", "", "7", "村代码", "village_code", "fullwidth", "repaired", "x",
            "k-2");
    PROBLEM(&f, 0, "坏.xlsx", "", "", "", "", "file_corrupt", "file", "", "");
    struct readback r = finish(&f);
    assert_string_equal(text_at(&r, "回填单!D4"), "3");
    assert_string_equal(text_at(&r, "回填单!E4"), "土地");
    assert_string_equal(text_at(&r, "回填单!F4"), "C3");
    assert_string_equal(text_at(&r, "回填单!H4"), "-3.5");
    assert_non_null(strstr(text_at(&r, "回填单!J4"), "承包地面积应在0至200亩之间"));
    assert_string_equal(text_at(&r, "回填单!F5"), "C7");
    assert_string_equal(text_at(&r, "回填单!H5"), "约3亩");
    assert_string_equal(text_at(&r, "回填单!E6"), "（整个文件）");
    assert_string_equal(text_at(&r, "回填单!F6"), "");
    assert_string_equal(text_at(&r, "回填单!A7"), ""); /* repaired: not asked */
    assert_string_equal(text_at(&r, "回填单!K3"), "改为");
    assert_string_equal(text_at(&r, "回填单!L3"), "核实说明");
    assert_string_equal(text_at(&r, "已规范的内容!G4"), "x");
    assert_string_equal(text_at(&r, "住户!A1"), "住户表");
    assert_int_equal(kind_at(&r, "住户!A3"), CELL_TEXT); /* a code */
    assert_string_equal(text_at(&r, "住户!A3"), "410325");
    assert_int_equal(kind_at(&r, "住户!C3"), CELL_NUMBER); /* an answer in numbers */
    assert_string_equal(text_at(&r, "住户!C3"), "-3.5");
    assert_string_equal(text_at(&r, "住户!C7"), "约3亩");
    free_readback(&r);
}

static void hostile_text_stays_text(void **state)
{
    (void)state;
    static const struct {
        struct cell received;
        const char *shown;
    } cases[] = {
        {TEXT("=1+1"), "=1+1"},
        {TEXT("+8613800000000"), "+8613800000000"},
        {TEXT("-cmd|' /C calc'!A0"), "-cmd|' /C calc'!A0"},
        {TEXT("@SUM(A1)"), "@SUM(A1)"},
        {TEXT("{=1}"), "{=1}"},
        {TEXT("http://example.com/"), "http://example.com/"},
        {TEXT("internal:Sheet1!A1"), "internal:Sheet1!A1"},
        {TEXT("<a&b>\"'"), "<a&b>\"'"},
        {TEXT("_x0041_"), "_x0041_"},
        {TEXT("a\001b"), "a\001b"},
        {TEXT("a\0b"), "a␀b"},
        {TEXT("\xEF\xBF\xBF"), "\xEF\xBF\xBD"},
        {TEXT("两行\n文字"), "两行\n文字"},
        {TEXT("㐂𠮷"), "㐂𠮷"},
        {NUMBER("4.11499197705301E+17"), "4.11499197705301E+17"},
        {TEXT("410325199001011234"), "410325199001011234"},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    struct fixture f;
    begin(&f);
    add_file(&f, 1, "=cmd.csv", "");
    add_block(&f, 1, 1, "07-household", "", 1, "rows", HEADS, QUESTIONS, NULL);
    for (int i = 0; i < COUNT; i++) {
        char row[16];
        struct cell cells[4] = {TEXT("1"), TEXT("2"), TEXT("3"), cases[i].received};
        add_row(&f, 1, 1, i + 2, "data", cells, 4);
        snprintf(row, sizeof row, "%d", i + 2);
        PROBLEM(&f, i + 1, "=cmd.csv", "", row, "意见", "opinion", "bad_value", "returned",
                cases[i].received.text, "=1+1");
    }
    struct readback r = finish(&f);
    for (int i = 0; i < COUNT; i++) {
        char place[64];
        snprintf(place, sizeof place, "=cmd!D%d", i + 2);
        assert_string_equal(text_at(&r, place), cases[i].shown);
        assert_int_equal(kind_at(&r, place), CELL_TEXT);
        snprintf(place, sizeof place, "回填单!G%d", i + 4);
        assert_string_equal(text_at(&r, place), "=1+1");
        assert_int_equal(kind_at(&r, place), CELL_TEXT);
    }
    free_readback(&r);
}

static void phone_records_become_lists(void **state)
{
    (void)state;
    static const char *const heads[] = {"member[#]/m_name", "member[#]/m_birth_year", NULL};
    static const char *const questions[] = {"m_name", "m_birth_year", NULL};
    struct fixture f;
    begin(&f);
    add_file(&f, 1, "instances/a/a.xml", "");
    add_file(&f, 2, "instances/b/b.xml", "");
    add_block(&f, 1, 0, "07-household", "", 0, "odk", HEADS, QUESTIONS, NULL);
    add_block(&f, 2, 0, "07-household", "member", 0, "odk", heads, questions, NULL);
    struct cell household[] = {TEXT("410325"), TEXT("410325100208"), TEXT("1"), TEXT("无")};
    add_row(&f, 1, 1, 0, "data", household, 4);
    add_row(&f, 1, 2, 1, "data", (struct cell[]){TEXT("甲"), TEXT("1980")}, 2);
    add_row(&f, 1, 2, 2, "data", (struct cell[]){TEXT("乙"), TEXT("198")}, 2);
    add_row(&f, 2, 1, 0, "data", household, 4);
    add_row(&f, 2, 2, 1, "data", (struct cell[]){TEXT("丙"), TEXT("")}, 2);
    PROBLEM(&f, 3, "instances/a/a.xml", "", "2", "member[2]/m_birth_year", "m_birth_year",
            "constraint", "returned", "198", "k");
    PROBLEM(&f, 4, "instances/b/b.xml", "", "", "", "", "village_unknown", "held", "", "k");
    PROBLEM(&f, 5, "instances/b/b.xml", "", "1", "member[1]/m_birth_year", "m_birth_year",
            "required_blank", "returned", "", "k");
    struct readback r = finish(&f);
    assert_string_equal(text_at(&r, "回填单!F4"), "D2");
    assert_string_equal(text_at(&r, "劳动力成员!D2"), "198");
    assert_string_equal(text_at(&r, "劳动力成员!A2"), "instances/a/a.xml");
    assert_string_equal(text_at(&r, "劳动力成员!B2"), "2");
    assert_string_equal(text_at(&r, "劳动力成员!C3"), "丙"); /* 甲 has no problem */
    assert_string_equal(text_at(&r, "回填单!F5"), "A2");
    assert_string_equal(text_at(&r, "住户!A2"), "instances/b/b.xml");
    assert_string_equal(text_at(&r, "住户!A3"), "");
    assert_string_equal(text_at(&r, "回填单!E4"), "出生年份\nmember[2]/m_birth_year");
    free_readback(&r);
}

static void cards_show_their_item(void **state)
{
    (void)state;
    static const int places[] = {1, 2, 3, 4};
    struct fixture f;
    begin(&f);
    add_file(&f, 1, "县表.csv", "");
    add_block(&f, 1, 1, "07-household", "", 2, "card", HEADS, QUESTIONS, places);
    struct cell labels[] = {TEXT(""), TEXT("县"), TEXT("村代码"), TEXT("土地"), TEXT("意见")};
    struct cell first[] = {TEXT(""), TEXT("410325"), TEXT("x"), TEXT("900"), TEXT("")};
    struct cell second[] = {TEXT(""), TEXT("410325"), TEXT("x"), TEXT("800"), TEXT("")};
    add_row(&f, 1, 1, 1, "head", labels, 5);
    add_row(&f, 1, 1, 2, "data", first, 5);
    add_row(&f, 1, 1, 3, "data", second, 5);
    PROBLEM(&f, 3, "县表.csv", "", "4", "土地", "land_mu", "constraint", "returned", "800", "k");
    PROBLEM(&f, 2, "县表.csv", "", "B", "", "", "village_unknown", "held", "", "k");
    struct readback r = finish(&f);
    assert_string_equal(text_at(&r, "回填单!F4"), "C4");
    assert_string_equal(text_at(&r, "县表!C4"), "800");
    assert_string_equal(text_at(&r, "县表!A4"), "土地");
    assert_string_equal(text_at(&r, "回填单!F5"), "B2");
    free_readback(&r);
}

static void big_sheets_are_cut(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    add_file(&f, 1, "大.csv", "");
    add_block(&f, 1, 1, "07-household", "", 1, "rows", HEADS, QUESTIONS, NULL);
    struct cell cells[] = {TEXT("410325"), TEXT("x"), TEXT("900"), TEXT("")};
    for (int i = 1; i <= COPY_ROWS_MAX + 1; i++)
        add_row(&f, 1, 1, i, i == 1 ? "head" : "data", cells, 4);
    PROBLEM(&f, 40000, "大.csv", "", "40000", "土地", "land_mu", "constraint", "returned", "900",
            "k");
    struct readback r = finish(&f);
    assert_string_equal(text_at(&r, "回填单!F4"), "C40000");
    assert_string_equal(text_at(&r, "大!C40000"), "900");
    assert_string_equal(text_at(&r, "大!C1"), "900");
    assert_string_equal(text_at(&r, "大!C39999"), "");
    free_readback(&r);
}

static void nothing_to_ask(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    struct readback r = finish(&f);
    assert_non_null(strstr(text_at(&r, "回填单!A2"), "没有需要核实的内容"));
    free_readback(&r);
}

static void tab_names(void **state)
{
    (void)state;
    struct arena a = {0};
    struct map taken = {0};
    static const char long_name[] =
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三";
    assert_string_equal(text_tab_name(&a, &taken, "县/住户.csv", ""), "住户");
    assert_string_equal(text_tab_name(&a, &taken, "村/住户.csv", ""), "住户~2");
    assert_string_equal(text_tab_name(&a, &taken, "甲.xlsx", "Sheet1"), "Sheet1");
    assert_string_equal(text_tab_name(&a, &taken, "乙.xlsx", "SHEET1"), "SHEET1-乙");
    assert_string_equal(text_tab_name(&a, &taken, "乙.xlsx", "sheet1"), "sheet1-乙~3");
    assert_string_equal(text_tab_name(&a, &taken, "x.xlsx", "a[b]:c*?/\\'"), "a_b__c_____");
    assert_string_equal(text_tab_name(&a, &taken, "", ""), "表");
    for (int i = 0; i < 200; i++)
        assert_true(utf8_length(text_tab_name(&a, &taken, long_name, long_name)) <= 31);
    map_free(&taken);
    arena_free(&a);
}

static void texts_are_cut(void **state)
{
    (void)state;
    struct buf b = {0};
    text_for_cell(&b, "一二三四五", strlen("一二三四五"), 3);
    assert_string_equal(b.text, "一二…");
    buf_clear(&b);
    text_for_cell(&b, "一二三", strlen("一二三"), 3);
    assert_string_equal(b.text, "一二三");
    buf_free(&b);
}

static void only_doubts_may_be_confirmed(void **state)
{
    (void)state;
    struct expr *some = (struct expr *)&topic; /* only looked at for being there */
    struct question hard = {.constraint = some}, soft = {.constraint = some, .soft = true},
                    free_one = {.soft = false};
    assert_true(kind_confirmable("constraint", &soft));
    assert_false(kind_confirmable("constraint", &hard));
    assert_true(kind_confirmable("unit_suspect", &soft));
    assert_true(kind_confirmable("unit_suspect", &free_one));
    assert_false(kind_confirmable("unit_suspect", &hard)); /* the constraint would refuse it */
    assert_false(kind_confirmable("bad_value", &soft));
    assert_false(kind_confirmable("required_blank", &soft));
    assert_false(kind_confirmable("id_bad", &soft));
    assert_false(kind_confirmable("village_unknown", NULL));
}

static void an_explanation_has_a_reason(void **state)
{
    (void)state;
    assert_true(explanation_holds("情况属实，承包了集体山地"));
    assert_true(explanation_holds("承包山地，情况属实"));
    assert_false(explanation_holds("情况属实"));
    assert_false(explanation_holds("情况属实。 "));
    assert_false(explanation_holds("承包了集体山地"));
    assert_false(explanation_holds(""));
}

static int open_topic(void **state)
{
    (void)state;
    topic = topic_read(TOPIC);
    return topic && mkdtemp(folder) ? 0 : -1;
}

static int close_topic(void **state)
{
    (void)state;
    static const char *const names[] = {"x.raw.db", "x.clean.db", "x.xlsx"};
    for (int i = 0; i < 3; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    topic_free(topic);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_and_copy_agree),
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(phone_records_become_lists),
        cmocka_unit_test(cards_show_their_item),
        cmocka_unit_test(big_sheets_are_cut),
        cmocka_unit_test(nothing_to_ask),
        cmocka_unit_test(tab_names),
        cmocka_unit_test(texts_are_cut),
        cmocka_unit_test(only_doubts_may_be_confirmed),
        cmocka_unit_test(an_explanation_has_a_reason),
    };
    return cmocka_run_group_tests(tests, open_topic, close_topic);
}
