/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences with verdicts worked out by hand (tests/verify/sentences.tsv), one test each, and the
 * reading of drafts.
 */
#include "files.h"
#include "verify/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    char *verdict, *words, *sentence;
};

/* \n in the fixture is a line end. */
static void unescape(char *text)
{
    char *out = text;
    for (; *text; text++)
        if (text[0] == '\\' && text[1] == 'n') {
            *out++ = '\n';
            text++;
        } else {
            *out++ = *text;
        }
    *out = '\0';
}

static bool holds(const struct draft *d, const struct claim *f, const char *words)
{
    struct buf text = {0};
    draft_quote(d, f->from, f->to, &text);
    bool there =
        strcmp(words, "-") == 0 || strstr(buf_text(&text), words) || strstr(f->reason, words);
    buf_free(&text);
    return there;
}

static void test_sentence(void **state)
{
    const struct row *r = *state;
    struct draft d;
    struct check c;
    draft_from_text(&d, r->sentence);
    check_open(&c, &d);
    check_rules(&c, NULL);
    static const enum verdict order[] = {CONFLICT, DAMAGED, WRONG, DOUBT, OFFER, AGREES, UNCHECKED};
    const char *worst = "无";
    bool there = strcmp(r->words, "-") == 0;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (int i = 0; i < c.count; i++) {
            if (c.claims[i].verdict != order[k])
                continue;
            if (strcmp(worst, "无") == 0)
                worst = VERDICT_NAMES[order[k]];
            if (strcmp(worst, VERDICT_NAMES[order[k]]) == 0)
                there = there || holds(&d, &c.claims[i], r->words);
        }
    bool right = strcmp(worst, r->verdict) == 0 && there;
    for (int i = 0; i < c.count && !right; i++)
        print_message("# %s: %s\n", VERDICT_NAMES[c.claims[i].verdict], c.claims[i].reason);
    check_close(&c);
    draft_free(&d);
    if (!right)
        fail_msg("%s: wanted %s (%s), got %s", r->sentence, r->verdict, r->words, worst);
}

static int read_rows(const char *path, struct row *rows, struct CMUnitTest *tests, int most)
{
    FILE *f = fopen(path, "r");
    char line[4096];
    int n = 0;
    if (!f)
        return 0;
    while (n < most && fgets(line, sizeof line, f)) {
        char *words = strchr(line, '\t'), *sentence = words ? strchr(words + 1, '\t') : NULL;
        if (*line == '#' || !sentence)
            continue;
        *words = *sentence = '\0';
        sentence[strcspn(sentence + 1, "\n") + 1] = '\0';
        rows[n] = (struct row){strdup(line), strdup(words + 1), strdup(sentence + 1)};
        tests[n] = (struct CMUnitTest){strdup(sentence + 1), test_sentence, NULL, NULL, &rows[n]};
        unescape(rows[n++].sentence);
    }
    fclose(f);
    return n;
}

/* ---- drafts -------------------------------------------------------------------------------- */

static void test_scan(void **state)
{
    struct draft d;
    (void)state;
    draft_from_text(&d, "占４１．２％，共 12,345 人（其中 2020 人）。\r\n第二行");
    assert_string_equal(d.scan.text, "占41.2%,共12345人(其中2020人)。\n第二行\n\n");
    struct buf quote = {0};
    draft_quote(&d, 0, strlen("占41.2%"), &quote);
    assert_string_equal(quote.text, "占４１．２％");
    assert_int_equal(draft_line(&d, d.scan.len - 4), 2);
    buf_free(&quote);
    draft_free(&d);
}

/* A line broken by its width goes on in the next; a heading and a short line do not. */
static void test_wrapped_lines(void **state)
{
    struct draft d;
    (void)state;
    draft_from_text(
        &d, "今年拟对全省老区的就业服务和劳务协作情况开展调\n\n研,力争出成果。\n短行\n下一行");
    assert_string_equal(d.scan.text, "今年拟对全省老区的就业服务和劳务协作情况开展调研,力争出成果。"
                                     "\n短行\n下一行\n\n");
    assert_int_equal(draft_line(&d, strlen("今年拟对全省老区的就业服务和劳务协作情况开展调")), 3);
    draft_free(&d);
}

/* Commas part clauses, and thousands only in ASCII groups of three. */
static void test_commas(void **state)
{
    struct draft d;
    (void)state;
    draft_from_text(&d, "1，234人；2020,340个；1,23人；12,345,678元；0,123");
    assert_string_equal(d.scan.text, "1,234人;2020,340个;1,23人;12345678元;0,123\n\n");
    draft_free(&d);
}

/* ---- numbers ------------------------------------------------------------------------------- */

static void check_number(const char *text, enum kind kind, double value, double low, double high)
{
    struct draft d;
    struct quantities qs = {0};
    draft_from_text(&d, text);
    quantities_read(&qs, &d);
    if (qs.count != 1)
        fail_msg("%s: %d numbers", text, qs.count);
    const struct quantity *q = &qs.items[0];
    if (q->kind != kind)
        fail_msg("%s: kind %d, wanted %d", text, (int)q->kind, (int)kind);
    if (is_number(q)) {
        assert_float_equal(q->value, value, 1e-6);
        assert_float_equal(q->low, low, 1e-6);
        assert_float_equal(q->high, high, 1e-6);
    }
    quantities_free(&qs);
    draft_free(&d);
}

static void test_numbers(void **state)
{
    (void)state;
    check_number("351人", KIND_EXACT, 351, 351, 351);
    check_number("41.2%", KIND_ROUNDED, 41.2, 41.15, 41.25);
    check_number("19.8万元", KIND_ROUNDED, 198000, 197500, 198500);
    check_number("1.2亿元", KIND_ROUNDED, 1.2e8, 1.15e8, 1.25e8);
    check_number("60多万元", KIND_FUZZY, 600000, 600000, 700000);
    check_number("1万多元", KIND_FUZZY, 10000, 10000, 20000);
    check_number("20余项", KIND_FUZZY, 20, 20, 30);
    check_number("200多篇", KIND_FUZZY, 200, 200, 300);
    check_number("几十户", KIND_FUZZY, 20, 20, 100);
    check_number("十几人", KIND_FUZZY, 10, 11, 19);
    check_number("一、二件", KIND_FUZZY, 1, 1, 2);
    check_number("50到60岁", KIND_FUZZY, 55, 50, 60);
    check_number("10%~15%", KIND_FUZZY, 12.5, 10, 15);
    check_number("约三成", KIND_FUZZY, 30, 25, 35);
    check_number("三成五", KIND_FUZZY, 35, 34, 36);
    check_number("百分之四十一点二", KIND_ROUNDED, 41.2, 41.15, 41.25);
    check_number("两千三百人", KIND_EXACT, 2300, 2300, 2300);
    check_number("近1000人", KIND_FUZZY, 1000, 800, 1000);
    check_number("1亿2000万元", KIND_ROUNDED, 1.2e8, 1.2e8 - 5000, 1.2e8 + 5000);
    check_number("〔2025〕6号", KIND_DOCUMENT, 0, 0, 0);
    check_number("2025年4月11日", KIND_DATE, 0, 0, 0);
    check_number("二〇二五年四月十一日", KIND_DATE, 0, 0, 0);
    check_number("2025.4.11", KIND_DATE, 0, 0, 0);
    check_number("2024-2027", KIND_DATE, 0, 0, 0);
    check_number("514日", KIND_DAMAGED, 0, 0, 0);
    check_number("16414912人", KIND_DAMAGED, 0, 0, 0);
    check_number("第3个", KIND_ORDINAL, 0, 0, 0);
    check_number("“四个意识”", KIND_NAME, 0, 0, 0);
    check_number("百家单位", KIND_NAME, 0, 0, 0);
    check_number("2023年2月29日", KIND_IMPOSSIBLE, 0, 0, 0);
    check_number("2024年2月29日", KIND_DATE, 0, 0, 0);
}

/* ---- anything at all ----------------------------------------------------------------------- */

/* Pieces of the grammar in any order: no crash, and every claim lies within the text. */
static void test_any_text(void **state)
{
    static const char *const pieces[] = {
        "占",   "%",    "41.2",   "其中", "共",  "人", "万元", "、",     ",",    "。",
        "每",   "均",   "增长到", "倍",   "由",  "(",  ")",    "“",      "”",    "一",
        "二是", "(一)", "十",     "百",   "多",  "日", "月",   "年",     "2025", "\n",
        "分别", "等",   "个",     "县",   "514", "至", "-",    "翻一番", "投资", "号",
        "[",    "\xff", "百分之", "点",   "成",  "户", "发放", "争取",   "每年", "次"};
    (void)state;
    srand(7);
    for (int round = 0; round < 3000; round++) {
        struct buf text = {0};
        for (int k = rand() % 60; k >= 0; k--)
            buf_puts(&text, pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)]);
        struct draft d;
        struct check c;
        draft_from_text(&d, text.text);
        check_open(&c, &d);
        check_rules(&c, NULL);
        for (int i = 0; i < c.count; i++) {
            assert_true(c.claims[i].from <= c.claims[i].to);
            assert_true(c.claims[i].to <= d.scan.len);
            assert_true(utf8_valid(c.claims[i].reason, strlen(c.claims[i].reason)));
        }
        check_close(&c);
        draft_free(&d);
        buf_free(&text);
    }
}

int main(void)
{
    static struct row rows[400];
    static struct CMUnitTest tests[400] = {
        cmocka_unit_test(test_scan), cmocka_unit_test(test_wrapped_lines),
        cmocka_unit_test(test_commas), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_any_text)};
    int n = 5 + read_rows("tests/verify/sentences.tsv", rows, tests + 5, 390);
    int code = n < 85 ? 1 : _cmocka_run_group_tests("verify", tests, (size_t)n, NULL, NULL);
    for (int i = 0; i < n - 5; i++) {
        free(rows[i].verdict), free(rows[i].words), free(rows[i].sentence);
        free((void *)(uintptr_t)tests[i + 5].name);
    }
    return code;
}
