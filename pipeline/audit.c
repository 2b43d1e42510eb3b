/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * audit: accounts for every file and every row received, county by county.
 *
 * A row is a data row or it is not (title, head, unit, total, note …).  A data row became
 * records that were accepted, or it was held or dropped for a reason that stands in the
 * problem list.  Where the sums do not close, or a row that was turned away has no line in the
 * problem list, the run fails.
 */
#include "base/csvout.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "store/store.h"

#include <stdlib.h>

static const char *out_path;

static const struct option_row OPTIONS[] = {
    {'o', "文件", &out_path, NULL, "收支平衡表 audit.csv", true},
    {0},
};
static const struct program ME = {"audit", "核对每一行资料的去向，合计不平即失败",
                                  "-o audit.csv raw.db clean.db [raw.db clean.db ...]", OPTIONS};

struct books {
    struct store *raw, *clean;
    char county[32];
    struct csvout *csv;
};

static void line(struct books *b, const char *account, const char *what, long n)
{
    csv_field(b->csv, b->county);
    csv_field(b->csv, account);
    csv_field(b->csv, what);
    csv_long(b->csv, n);
    csv_end(b->csv);
}

/* Writes one line for each row (what, n) of the query; returns the sum of n. */
static long lines(struct books *b, struct store *s, const char *account, const char *sql)
{
    struct query *q = store_query(s, sql);
    long sum = 0;
    while (query_next(q)) {
        line(b, account, col_text(q, 0), col_long(q, 1));
        sum += col_long(q, 1);
    }
    query_end(q);
    return sum;
}

static long number(struct store *s, const char *sql)
{
    struct query *q = store_query(s, sql);
    long n = query_next(q) ? col_long(q, 0) : 0;
    query_end(q);
    return n;
}

static int differ(const struct books *b, const char *what, long got, long want)
{
    if (got == want)
        return 0;
    return error("%s：%s不平，应为 %ld，实为 %ld。这是程序的差错，请把该县资料发给维护人员",
                 b->county, what, want, got);
}

/* Every data row of the raw store must have a fate: both stores list their row ids in order, so
 * one merge finds what is missing on either side. */
static int check_rows(struct books *b)
{
    struct query *raw =
        store_query(b->raw, "SELECT id FROM row WHERE kind IN ('data', 'truncated') ORDER BY id");
    struct query *fate = store_query(b->clean, "SELECT DISTINCT row FROM fate ORDER BY row");
    long missing = 0, strange = 0;
    bool more_raw = query_next(raw), more_fate = query_next(fate);
    while (more_raw || more_fate) {
        long r = more_raw ? col_long(raw, 0) : -1, f = more_fate ? col_long(fate, 0) : -1;
        bool only_raw = !more_fate || (more_raw && r < f), only_fate = !more_raw || f < r;
        missing += only_raw;
        strange += more_fate && only_fate;
        if (more_raw && (only_raw || r == f))
            more_raw = query_next(raw);
        if (more_fate && !only_raw)
            more_fate = query_next(fate);
    }
    query_end(raw);
    query_end(fate);
    return differ(b, "没有去向的数据行数", missing, 0) |
           differ(b, "来历不明的数据行数", strange, 0);
}

/* Accepted fates against the records that are in the tables, level by level. */
static int check_records(struct books *b)
{
    int rc = 0;
    struct query *levels = store_query(b->clean, "SELECT name FROM level ORDER BY pos");
    while (query_next(levels)) {
        const char *level = col_text(levels, 0);
        struct query *q = store_query(
            b->clean,
            "SELECT COALESCE(SUM(n), 0) FROM fate WHERE level = :level AND fate = 'accepted'");
        query_text(q, ":level", level);
        long accepted = query_next(q) ? col_long(q, 0) : 0;
        query_end(q);
        char *name = store_quote(level);
        struct buf sql = {0};
        buf_printf(&sql, "SELECT COUNT(*) FROM %s", name);
        rc |= differ(b, level, number(b->clean, sql.text), accepted);
        buf_free(&sql);
        free(name);
    }
    query_end(levels);
    return rc;
}

/* What was turned away must stand in the problem list, once a row. */
static int check_reasons(struct books *b)
{
    long away = number(b->clean, "SELECT COUNT(DISTINCT row) FROM fate WHERE fate <> 'accepted'"
                                 " AND listed = 1 AND row NOT IN (SELECT row FROM fate WHERE fate = 'accepted')");
    long listed =
        number(b->clean, "SELECT COUNT(*) FROM problem WHERE class IN ('held', 'dropped')");
    return differ(b, "未入库的行数与清单", listed, away);
}

static int audit_county(struct books *b)
{
    lines(b, b->raw, "文件", "SELECT fate, COUNT(*) FROM file GROUP BY fate ORDER BY fate");
    long rows =
        lines(b, b->raw, "行", "SELECT kind, COUNT(*) FROM row GROUP BY kind ORDER BY kind");
    lines(b, b->clean, "记录",
          "SELECT level || ' ' || fate, SUM(n) FROM fate GROUP BY level, fate"
          " ORDER BY level, fate <> 'accepted', fate");
    lines(b, b->clean, "问题",
          "SELECT class || ' ' || kind, COUNT(*) FROM problem GROUP BY class, kind"
          " ORDER BY class, kind");
    int rc = differ(b, "行的合计", rows, number(b->raw, "SELECT COUNT(*) FROM row"));
    rc |= check_rows(b);
    rc |= check_records(b);
    rc |= check_reasons(b);
    return rc;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 2, -1);
    if ((argc - first) % 2 != 0)
        die(MISUSE, "要成对给出各县的 raw.db 和 clean.db");
    struct outfile out;
    if (outfile_open(&out, out_path) < 0)
        return CANNOT;
    struct csvout csv;
    csv_begin(&csv, out.stream);
    csv_field(&csv, "county");
    csv_field(&csv, "account");
    csv_field(&csv, "what");
    csv_field(&csv, "n");
    csv_end(&csv);
    int rc = 0;
    for (int i = first; i < argc; i += 2) {
        struct books b = {.raw = store_open(argv[i], &SCHEMA_RAW),
                          .clean = store_open(argv[i + 1], &SCHEMA_CLEAN),
                          .csv = &csv};
        store_meta(b.clean, "county", b.county, sizeof b.county);
        rc |= audit_county(&b);
        store_close(b.raw);
        store_close(b.clean);
    }
    if (rc < 0) {
        outfile_discard(&out);
        return DATA_FAILED;
    }
    return outfile_commit(&out) < 0 ? CANNOT : DONE;
}
