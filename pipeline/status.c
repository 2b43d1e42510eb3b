/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * status: who has sent what: files, rows, records, problems by county, and who is missing.
 */
#include "base/map.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "output/workbook_advice.h"
#include "store/store.h"
#include "survey/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *topic_path;
static bool brief;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'b', NULL, NULL, &brief, "只看给出的县，并按种类列出要核实的问题", false},
    {0},
};
static const struct program ME = {"status", "各县报送情况：收到多少、有多少问题、还缺谁",
                                  "-t topic.csv raw.db clean.db [raw.db clean.db ...]", OPTIONS};

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

static const char *county_name(const struct topic *t, const char *code)
{
    const struct domain *d = topic_domain(t, "county");
    for (int i = 0; d && i < d->value_count; i++)
        if (strcmp(d->values[i].name, code) == 0)
            return d->values[i].value;
    return "";
}

static void put_county(const struct topic *t, struct store *raw, struct store *clean)
{
    char code[32];
    store_meta(clean, "county", code, sizeof code);
    put_padded(code, 8);
    put_padded(county_name(t, code), 12);
    printf("%6ld %8ld %8ld", number(raw, "SELECT COUNT(*) FROM file WHERE fate = 'read'"),
           number(raw, "SELECT COUNT(*) FROM row WHERE kind IN ('data', 'truncated')"),
           number(clean, "SELECT COUNT(DISTINCT row) FROM fate WHERE fate = 'accepted'"));
    static const char *const classes[] = {
        "SELECT COUNT(*) FROM problem WHERE class = 'returned'",
        "SELECT COUNT(*) FROM problem WHERE class = 'held'",
        "SELECT COUNT(*) FROM problem WHERE class = 'dropped'",
        "SELECT COUNT(*) FROM problem WHERE class = 'repaired'",
        "SELECT COUNT(*) FROM problem WHERE class = 'file'",
    };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        printf(" %6ld", number(clean, classes[i]));
    putchar('\n');
}

/* Files that could not be read, with the reason. */
static void put_refused(struct store *raw)
{
    struct query *q = store_query(
        raw, "SELECT path, reason FROM file WHERE fate IN ('refused', 'duplicate') ORDER BY path");
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

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 2, -1);
    if ((argc - first) % 2 != 0)
        die(MISUSE, "要成对给出各县的 raw.db 和 clean.db");
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    printf("课题%d　%s\n", atoi(t->number), t->title);
    puts("县代码  县（市）      文件   数据行     入库   退回   暂存   剔除   规范   文件问题");
    struct map present = {0};
    bool simulated = false;
    for (int i = first; i < argc; i += 2) {
        struct store *raw = store_open(argv[i], &SCHEMA_RAW);
        struct store *clean = store_open(argv[i + 1], &SCHEMA_CLEAN);
        char code[32], flag[8];
        map_put(&present, store_meta(clean, "county", code, sizeof code), 1);
        simulated |= strcmp(store_meta(clean, "simulated", flag, sizeof flag), "1") == 0;
        put_county(t, raw, clean);
        put_refused(raw);
        if (brief)
            put_questions(clean);
        store_close(raw);
        store_close(clean);
    }
    if (!brief)
        put_absent(t, &present);
    if (simulated)
        puts("注意：以上含模拟资料，仅供演练。");
    map_free(&present);
    topic_free(t);
    return fflush(stdout) ? CANNOT : DONE;
}
