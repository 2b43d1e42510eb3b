/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * export: one CSV for people and programs: the problems, the results, or the clean records of
 * one level.  Personal questions are left out unless -p is given.
 */
#include "base/csvout.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "store/store.h"
#include "survey/privacy.h"
#include "estimate/quality.h"
#include "survey/topic.h"

#include <stdlib.h>
#include <string.h>

static const char *out_path, *topic_path, *what;
static bool personal;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'k', "内容", &what, NULL,
     "problems（问题清单）、results（估计结果）、published（可以公布的结果）、"
     "tests（检验）、models（模型）、scales（量表）、ran"
     "kings（排序）、"
     "indices（指数的各部分）、"
     "dropped（剔除数）或层次名如 households",
     true},
    {'p', NULL, NULL, &personal, "连同个人信息一起输出（注意保密）", false},
    {'o', "文件", &out_path, NULL, "输出的 CSV", true},
    {0},
};
static const struct program ME = {"export", "把问题、结果或清理后的记录写成 CSV",
                                  "-t topic.csv -k 内容 -o 输出.csv 输入...\n"
                                  "      problems：各县 clean.db；results、tests "
                                  "等：results.db；记录：各县 clean.db weights.db 成对",
                                  OPTIONS};

static const char PERSONAL_TEXT[] = "（个人信息，不列出）";

/* Hashes are for matching only; they depend on the key. */
static const char *readable(const char *text)
{
    return has_privacy_hash(text) ? PERSONAL_TEXT : text;
}

/* ---- problems ----------------------------------------------------------------------------- */

static void put_problems(struct csvout *csv, struct store *clean)
{
    char county[32];
    store_meta(clean, "county", county, sizeof county);
    struct query *q =
        store_query(clean, "SELECT file, sheet, row, col, field, kind, class, original, corrected,"
                           " key, personal FROM problem ORDER BY id");
    while (query_next(q)) {
        bool hide = col_long(q, 10) && !personal;
        csv_field(csv, county);
        for (int c = 0; c < 10; c++) {
            const char *text = col_text(q, c);
            csv_field(csv, hide && c == 7 ? PERSONAL_TEXT : readable(text));
        }
        csv_end(csv);
    }
    query_end(q);
}

static void export_problems(struct csvout *csv, char **paths, int count)
{
    static const char *const heads[] = {"county",   "file",      "sheet", "row",
                                        "column",   "field",     "kind",  "class",
                                        "original", "corrected", "key"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_field(csv, heads[i]);
    csv_end(csv);
    for (int i = 0; i < count; i++) {
        struct store *clean = store_open(paths[i], &SCHEMA_CLEAN);
        put_problems(csv, clean);
        store_close(clean);
    }
}

/* ---- results ------------------------------------------------------------------------------ */

/* `published`: without the estimates that may not be printed, nor their number of cases where it is
 * too small or would give others away (stat_n_shown()). */
static void export_results(struct csvout *csv, const struct topic *t, const char *path,
                           bool published)
{
    static const char *const heads[] = {"plan",      "topic",      "indicator", "stat",     "level",
                                        "domain",    "n",          "n_psu",     "n_strata", "df",
                                        "estimate",  "se",         "ci_low",    "ci_high",  "deff",
                                        "logit_low", "logit_high", "class",     "mark"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_field(csv, heads[i]);
    csv_end(csv);
    struct quality least;
    if (quality_read(t, &least) < 0)
        die(DATA_FAILED, "rules 表有错，没有输出");
    struct store *results = store_open(path, &SCHEMA_RESULTS);
    struct query *q = store_query(
        results, "SELECT indicator, stat, level, domain, n, n_psu, n_strata, df, estimate, se,"
                 " ci_low, ci_high, deff, logit_low, logit_high, class, mark FROM estimate"
                 " WHERE indicator = :indicator ORDER BY level <> 'all', level, domain");
    for (int i = 0; i < t->indicator_count; i++) {
        query_text(q, ":indicator", t->indicators[i].name);
        while (query_next(q)) {
            csv_field(csv, t->plan);
            csv_field(csv, t->number);
            const char *mark = col_text(q, 16);
            bool hidden = published && (*mark == 'x' || *mark == 's');
            bool few = *mark == 's' || (double)col_long(q, 4) < least.n_withhold;
            for (int c = 0; c < col_count(q); c++)
                if (hidden && c >= (few ? 4 : 8) && c <= 14)
                    csv_field(csv, "");
                else if (c >= 8 && c <= 14)
                    csv_number(csv, col_double(q, c));
                else
                    csv_field(csv, col_text(q, c));
            csv_end(csv);
        }
        query_reset(q);
    }
    query_end(q);
    store_close(results);
}

/* ---- other tables of the results, as they stand ------------------------------------------------
 */

static const struct {
    const char *what, *table, *order;
} TABLES[] = {{"tests", "test", "name"},
              {"models", "coefficient", "model, pos"},
              {"scales", "scale", "name"},
              {"rankings", "ranking", "name, rank IS NULL, rank, domain"},
              {"indices", "index_part", "name, domain, part"},
              {"dropped", "dropped", "indicator, level, domain"},
              {NULL, NULL, NULL}};

static int find_table(const char *name)
{
    for (int i = 0; TABLES[i].what; i++)
        if (strcmp(TABLES[i].what, name) == 0)
            return i;
    return -1;
}

static void export_table(struct csvout *csv, const struct topic *t, int table, const char *path)
{
    struct store *results = store_open(path, &SCHEMA_RESULTS);
    struct buf sql = {0};
    buf_printf(&sql, "SELECT * FROM %s ORDER BY %s", TABLES[table].table, TABLES[table].order);
    struct query *q = store_query(results, sql.text);
    csv_field(csv, "plan");
    csv_field(csv, "topic");
    for (int c = 0; c < col_count(q); c++)
        csv_field(csv, col_name(q, c));
    csv_end(csv);
    while (query_next(q)) {
        csv_field(csv, t->plan);
        csv_field(csv, t->number);
        for (int c = 0; c < col_count(q); c++)
            if (col_is_number(q, c))
                csv_number(csv, col_double(q, c));
            else
                csv_field(csv, col_text(q, c));
        csv_end(csv);
    }
    query_end(q);
    buf_free(&sql);
    store_close(results);
}

/* ---- records ------------------------------------------------------------------------------ */

/* The level at the top of the form that `l` belongs to. */
static const struct level *top_level(const struct topic *t, const struct level *l)
{
    while (l->parent >= 0)
        l = &t->levels[l->parent];
    return l;
}

struct table {
    const struct level *level, *top;
    bool key_first; /* a first column for the key of the top record */
    const char *key_head;
    bool weighted;
};

/* A key of several questions is printed as "key"; a key of one question stands in its own
 * column at the top level, and is repeated under its own name below it. */
static struct table describe(const struct topic *t, const struct level *l)
{
    struct table d = {.level = l, .top = top_level(t, l)};
    bool single = d.top->key_count == 1;
    d.key_first = !single || l != d.top;
    d.key_head = single ? d.top->key[0] : "key";
    d.weighted = l->sampled && l->stage == 2;
    return d;
}

static bool in_file(const struct level *l, const struct question *q)
{
    return q->repeat == l->repeat && question_has_data(q) && (personal || !q->personal);
}

static void put_record_heads(struct csvout *csv, const struct table *d)
{
    if (d->key_first)
        csv_field(csv, d->key_head);
    const struct form *f = d->level->form;
    for (int i = 0; i < f->question_count; i++)
        if (in_file(d->level, &f->questions[i]))
            csv_field(csv, f->questions[i].name);
    if (d->weighted)
        csv_field(csv, "weight");
    csv_field(csv, "src_file");
    csv_field(csv, "src_sheet");
    csv_field(csv, "src_row");
    csv_end(csv);
}

/* SELECT of the key, the questions, the PSU and the source of a level's records. */
static struct query *query_records(struct store *clean, const struct table *d)
{
    struct buf sql = {0};
    char *table = store_quote(d->level->name), *top = store_quote(d->top->name);
    bool child = d->level != d->top;
    buf_printf(&sql, "SELECT %s.\"_key\", %s.\"_psu\", source.file, source.sheet, source.no",
               child ? "parent" : "record", child ? "parent" : "record");
    const struct form *f = d->level->form;
    for (int i = 0; i < f->question_count; i++)
        if (in_file(d->level, &f->questions[i])) {
            char *name = store_quote(f->questions[i].name);
            buf_printf(&sql, ", record.%s", name);
            free(name);
        }
    buf_printf(&sql, " FROM %s AS record", table);
    if (child)
        buf_printf(&sql, " JOIN %s AS parent ON parent.\"_id\" = record.\"_parent\"", top);
    buf_puts(&sql, " LEFT JOIN source ON source.row = record.\"_row\" ORDER BY record.\"_id\"");
    struct query *q = store_query(clean, sql.text);
    free(table);
    free(top);
    buf_free(&sql);
    return q;
}

/* The weight of the records of a PSU; NaN when it is not in the sample. */
static double weight_of(struct query *weight, const char *psu)
{
    query_reset(weight);
    query_text(weight, ":code", psu);
    double w = query_next(weight) ? col_double(weight, 0) : 0.0 / 0.0;
    query_reset(weight);
    return w;
}

static void put_records(struct csvout *csv, const struct table *d, struct store *clean,
                        struct store *weights)
{
    enum { KEY, PSU, FILE_NAME, SHEET, ROW, FIRST_QUESTION };
    struct query *q = query_records(clean, d);
    struct query *weight =
        weights ? store_query(weights, "SELECT weight FROM psu WHERE code = :code") : NULL;
    while (query_next(q)) {
        if (d->key_first)
            csv_field(csv, readable(col_text(q, KEY)));
        for (int c = FIRST_QUESTION; c < col_count(q); c++)
            if (col_is_number(q, c))
                csv_number(csv, col_double(q, c));
            else
                csv_field(csv, readable(col_text(q, c)));
        if (d->weighted)
            csv_number(csv, weight ? weight_of(weight, col_text(q, PSU)) : 0.0 / 0.0);
        csv_field(csv, col_text(q, FILE_NAME));
        csv_field(csv, col_text(q, SHEET));
        csv_field(csv, col_text(q, ROW));
        csv_end(csv);
    }
    query_end(weight);
    query_end(q);
}

static void export_records(struct csvout *csv, const struct topic *t, const struct level *l,
                           char **paths, int count)
{
    struct table d = describe(t, l);
    if (count % 2 != 0)
        die(MISUSE, "记录要成对给出各县的 clean.db 和 weights.db");
    put_record_heads(csv, &d);
    for (int i = 0; i < count; i += 2) {
        struct store *clean = store_open(paths[i], &SCHEMA_CLEAN);
        struct store *weights = store_open(paths[i + 1], &SCHEMA_WEIGHTS);
        put_records(csv, &d, clean, weights);
        store_close(weights);
        store_close(clean);
    }
}

/* ------------------------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, -1);
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    struct outfile out;
    if (outfile_open(&out, out_path) < 0)
        return CANNOT;
    struct csvout csv;
    csv_begin(&csv, out.stream);
    const struct level *l = topic_level(t, what);
    if (l)
        export_records(&csv, t, l, argv + first, argc - first);
    else if (strcmp(what, "problems") == 0)
        export_problems(&csv, argv + first, argc - first);
    else if (strcmp(what, "results") == 0)
        export_results(&csv, t, argv[first], false);
    else if (strcmp(what, "published") == 0)
        export_results(&csv, t, argv[first], true);
    else if (find_table(what) >= 0)
        export_table(&csv, t, find_table(what), argv[first]);
    else
        die(MISUSE, "不认识的内容 %s", what);
    topic_free(t);
    return outfile_commit(&out) < 0 ? CANNOT : DONE;
}
