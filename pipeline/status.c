/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * status: who has sent what: files, rows, records, problems by county, and who is missing.
 */
#include "base/csvout.h"
#include "base/map.h"
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "base/text.h"
#include "output/results.h"
#include "output/workbook_advice.h"
#include "store/store.h"
#include "survey/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *topic_path, *csv_path;
static bool brief;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'o', "文件", &csv_path, NULL, "把各县的数另存为 .csv，不显示", false},
    {'b', NULL, NULL, &brief, "只看给出的县，并按种类列出要核实的问题", false},
    {0},
};
static const struct program ME = {
    "status", "各县报送情况：收到多少、有多少问题、还缺谁",
    "[-o 报送情况.csv] -t topic.csv raw.db clean.db [raw.db clean.db ...]", OPTIONS};

static long number(struct store *s, const char *sql)
{
    struct query *q = store_query(s, sql);
    long n = query_next(q) ? col_long(q, 0) : 0;
    query_end(q);
    return n;
}

/* Columns on a terminal: a Chinese character takes two. */
static void put_padded(const char *text, int width)
{
    int used = 0;
    for (const char *p = text; *p;)
        used += utf8_next(&p) < 0x1100 ? 1 : 2;
    printf("%s%*s", text, width > used ? width - used : 0, "");
}

/* What is counted in each county. */
struct counted {
    const char *head;
    int width; /* on the terminal */
    bool raw;  /* of the raw store */
    const char *sql;
};
static const struct counted COUNTED[] = {
    {"文件", 6, true, "SELECT COUNT(*) FROM file WHERE fate = 'read'"},
    {"数据行", 9, true, "SELECT COUNT(*) FROM row WHERE kind IN ('data', 'truncated')"},
    {"入库", 9, false, "SELECT COUNT(DISTINCT row) FROM fate WHERE fate = 'accepted'"},
    {"退回", 7, false, "SELECT COUNT(*) FROM problem WHERE class = 'returned'"},
    {"暂存", 7, false, "SELECT COUNT(*) FROM problem WHERE class = 'held'"},
    {"剔除", 7, false, "SELECT COUNT(*) FROM problem WHERE class = 'dropped'"},
    {"规范", 7, false, "SELECT COUNT(*) FROM problem WHERE class = 'repaired'"},
    {"文件问题", 7, false, "SELECT COUNT(*) FROM problem WHERE class = 'file'"},
    {"核对", 7, false, "SELECT COUNT(*) FROM problem WHERE class = 'soft'"},
};
enum { COUNTED_ROWS = sizeof COUNTED / sizeof *COUNTED };

static void put_county(const struct topic *t, struct store *raw, struct store *clean)
{
    char code[32];
    store_meta(clean, "county", code, sizeof code);
    put_padded(code, 8);
    put_padded(domain_label(t, "county", code), 12);
    for (int i = 0; i < COUNTED_ROWS; i++)
        printf("%*ld", COUNTED[i].width, number(COUNTED[i].raw ? raw : clean, COUNTED[i].sql));
    putchar('\n');
}

static void csv_county(struct csvout *csv, const struct topic *t, struct store *raw,
                       struct store *clean)
{
    char code[32];
    csv_field(csv, store_meta(clean, "county", code, sizeof code));
    csv_field(csv, domain_label(t, "county", code));
    for (int i = 0; i < COUNTED_ROWS; i++)
        csv_long(csv, number(COUNTED[i].raw ? raw : clean, COUNTED[i].sql));
    csv_end(csv);
}

/* Files that could not be read, and tables that are none of the topic's, with the reason. */
static void put_refused(struct store *raw)
{
    struct query *q = store_query(
        raw, "SELECT path, reason FROM file WHERE fate IN ('refused', 'duplicate')"
             " OR (fate = 'ignored' AND format NOT IN ('unknown', 'text')) ORDER BY path");
    while (query_next(q))
        printf("          %s：%s\n", col_text(q, 0), col_text(q, 1));
    query_end(q);
}

static void put_absent(const struct topic *t, const struct map *present)
{
    const struct domain *d = topic_domain(t, "county");
    int absent = 0;
    for (int i = 0; d && i < d->value_count; i++)
        if (!map_has(present, d->values[i].name))
            printf("%s%s %s", absent++ ? "、" : "还没有报送：", d->values[i].name,
                   d->values[i].value);
    if (absent)
        printf("（共%d个）\n", absent);
    else if (d)
        puts("各县都已报送。");
}

/* What the county is asked to look at, by kind. */
static void put_questions(struct store *clean)
{
    struct query *q = store_query(
        clean, "SELECT kind, COUNT(*) FROM problem WHERE class IN ('returned', 'held', 'file')"
               " GROUP BY kind ORDER BY COUNT(*) DESC, kind");
    while (query_next(q)) {
        struct buf wrong = {0};
        advice_wrong(&wrong, &(struct problem){.kind = col_text(q, 0)});
        printf("%6ld  %s\n", col_long(q, 1), buf_text(&wrong));
        buf_free(&wrong);
    }
    query_end(q);
}

/* Heads that are no question's: a wrong one leaves its question blank in every row. */
static void put_unknown_heads(struct store *clean)
{
    struct query *q = store_query(
        clean, "SELECT file, sheet, group_concat(col, '”“') FROM (SELECT DISTINCT file, sheet, col"
               " FROM problem WHERE kind = 'extra_field' AND col <> '') GROUP BY file, sheet"
               " LIMIT 20");
    while (query_next(q)) {
        struct place at = {
            .file = col_text(q, 0), .sheet = col_text(q, 1), .column = col_text(q, 2)};
        warning_at(at, "不是问卷的题目，没有采用。若是写错的表头，请照填报表改好后重报");
    }
    query_end(q);
}

/* All counties, on the terminal. */
static void show(const struct topic *t, char **pairs, int count)
{
    struct map present = {0};
    bool simulated = false;
    printf("课题%d　%s\n", atoi(t->number), t->title);
    puts("县代码  县（市）      文件   数据行     入库   退回   暂存   剔除   规范   文件问题   "
         "核对");
    for (int i = 0; i < count; i += 2) {
        struct store *raw = store_open(pairs[i], &SCHEMA_RAW);
        struct store *clean = store_open(pairs[i + 1], &SCHEMA_CLEAN);
        char code[32], flag[8];
        map_put(&present, store_meta(clean, "county", code, sizeof code), 1);
        simulated |= strcmp(store_meta(clean, "simulated", flag, sizeof flag), "1") == 0;
        put_county(t, raw, clean);
        put_refused(raw);
        if (brief) {
            put_unknown_heads(clean);
            put_questions(clean);
        }
        store_close(raw);
        store_close(clean);
    }
    if (!brief)
        put_absent(t, &present);
    if (simulated)
        puts("注意：以上含模拟资料，仅供演练。");
    map_free(&present);
}

/* All counties, as a table for other programs. */
static int save(const struct topic *t, char **pairs, int count)
{
    struct outfile out;
    struct csvout csv;
    if (outfile_open(&out, csv_path) < 0)
        return -1;
    csv_begin(&csv, out.stream);
    csv_field(&csv, "县代码");
    csv_field(&csv, "县（市）");
    for (int i = 0; i < COUNTED_ROWS; i++)
        csv_field(&csv, COUNTED[i].head);
    csv_end(&csv);
    for (int i = 0; i < count; i += 2) {
        struct store *raw = store_open(pairs[i], &SCHEMA_RAW);
        struct store *clean = store_open(pairs[i + 1], &SCHEMA_CLEAN);
        csv_county(&csv, t, raw, clean);
        store_close(raw);
        store_close(clean);
    }
    return outfile_commit(&out);
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 2, -1);
    if ((argc - first) % 2 != 0)
        die(MISUSE, "要成对给出各县的 raw.db 和 clean.db");
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    int rc = 0;
    if (csv_path)
        rc = save(t, argv + first, argc - first);
    else
        show(t, argv + first, argc - first);
    topic_free(t);
    return rc < 0 || fflush(stdout) ? CANNOT : DONE;
}
