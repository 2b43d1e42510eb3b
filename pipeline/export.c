/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * export: one CSV for people and programs: the problems, the results, or the clean records of
 * one level.  Personal questions are left out unless -p is given.  Records also as a labelled data
 * file of SPSS or Stata.
 */
#include "base/csvout.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "output/labelled.h"
#include "output/recordtable.h"
#include "store/store.h"
#include "survey/topic.h"

#include <stdlib.h>
#include <string.h>

static const char *out_path, *topic_path, *what;
static bool personal;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'k', "内容", &what, NULL,
     "problems（问题清单）、results（估计结果）、published（可以公布的结果）、"
     "contrasts（差值）、tests（检验）、models（模型）、scales（量表）、rankings（排序）、"
     "indices（指数的各部分）、dropped（剔除数）、alike（几乎相同的文字）或层次名如 households",
     true},
    {'p', NULL, NULL, &personal, "连同个人信息一起输出（注意保密）", false},
    {'o', "文件", &out_path, NULL, "输出的 CSV；记录还可以是 .sav（SPSS）、.dta（Stata）", true},
    {0},
};
static const struct program ME = {"export", "把问题、结果或清理后的记录写成 CSV",
                                  "-t topic.csv -k 内容 -o 输出.csv 输入...\n"
                                  "      problems：各县 clean.db；results、tests "
                                  "等：results.db；记录：各县 clean.db weights.db 成对",
                                  OPTIONS};

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
            csv_field(csv, hide && c == 7 ? RECORD_PERSONAL : record_readable(text));
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
 * too small or would give others away. */
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
    struct store *results = store_open(path, &SCHEMA_RESULTS);
    struct query *q = store_query(
        results,
        "SELECT indicator, stat, level, domain, n, n_psu, n_strata, df, estimate, se,"
        " ci_low, ci_high, deff, logit_low, logit_high, class, mark, n_hidden FROM estimate"
        " WHERE indicator = :indicator ORDER BY level <> 'all', level, domain");
    for (int i = 0; i < t->indicator_count; i++) {
        query_text(q, ":indicator", t->indicators[i].name);
        while (query_next(q)) {
            csv_field(csv, t->plan);
            csv_field(csv, t->number);
            const char *mark = col_text(q, 16);
            bool hidden = published && (*mark == 'x' || *mark == 's');
            int from = col_long(q, 17) ? 4 : 8;
            for (int c = 0; c <= 16; c++)
                if (hidden && c >= from && c <= 14)
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
              {"contrasts", "contrast", "indicator, level, domain_a, domain_b"},
              {"alike", "alike", "name, text_group, county, key"},
              {NULL, NULL, NULL}};

static int find_table(const char *name)
{
    for (int i = 0; TABLES[i].what; i++)
        if (strcmp(TABLES[i].what, name) == 0)
            return i;
    return -1;
}

/* Whether the row is marked as withheld. */
static bool is_withheld(struct query *q)
{
    for (int c = 0; c < col_count(q); c++)
        if (strcmp(col_name(q, c), "mark") == 0)
            return strcmp(col_text(q, c), "x") == 0;
    return false;
}

/* Withheld rows have no numbers. */
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
        bool withheld = is_withheld(q);
        for (int c = 0; c < col_count(q); c++)
            if (withheld && col_is_number(q, c))
                csv_field(csv, "");
            else if (col_is_number(q, c))
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

static void put_record_heads(struct csvout *csv, const struct record_table *d)
{
    if (d->key_first)
        csv_field(csv, d->key_head);
    const struct form *f = d->level->form;
    for (int i = 0; i < f->question_count; i++)
        if (record_table_has(d, &f->questions[i]))
            csv_field(csv, f->questions[i].name);
    if (d->weighted)
        csv_field(csv, "weight");
    csv_field(csv, "src_file");
    csv_field(csv, "src_sheet");
    csv_field(csv, "src_row");
    csv_field(csv, "src_simulated");
    csv_end(csv);
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

static void put_records(struct csvout *csv, const struct record_table *d, struct store *clean,
                        struct store *weights)
{
    char simulated[8];
    store_meta(clean, "simulated", simulated, sizeof simulated);
    struct query *q = record_table_query(d, clean);
    struct query *weight =
        weights ? store_query(weights, "SELECT weight FROM psu WHERE code = :code") : NULL;
    while (query_next(q)) {
        if (d->key_first)
            csv_field(csv, record_readable(col_text(q, TABLE_KEY)));
        for (int c = TABLE_QUESTIONS; c < col_count(q); c++)
            if (col_is_number(q, c))
                csv_number(csv, col_double(q, c));
            else
                csv_field(csv, record_readable(col_text(q, c)));
        if (d->weighted)
            csv_number(csv, weight ? weight_of(weight, col_text(q, TABLE_PSU)) : 0.0 / 0.0);
        csv_field(csv, col_text(q, TABLE_FILE));
        csv_field(csv, col_text(q, TABLE_SHEET));
        csv_field(csv, col_text(q, TABLE_ROW));
        csv_field(csv, simulated);
        csv_end(csv);
    }
    query_end(weight);
    query_end(q);
}

static void export_records(struct csvout *csv, const struct topic *t, const struct level *l,
                           char **paths, int count)
{
    struct record_table d = record_table(t, l, personal);
    put_record_heads(csv, &d);
    for (int i = 0; i < count; i += 2) {
        struct store *clean = store_open(paths[i], &SCHEMA_CLEAN);
        struct store *weights = store_open(paths[i + 1], &SCHEMA_WEIGHTS);
        put_records(csv, &d, clean, weights);
        store_close(weights);
        store_close(clean);
    }
}

/* For SPSS or Stata, by the end of the file's name; personal questions are never in these. */
static int export_labelled(const struct topic *t, const struct level *l, char **paths, int count)
{
    struct outfile out;
    enum stat_program program = ends_with(out_path, ".sav") ? SPSS : STATA;
    if (outfile_reserve(&out, out_path) < 0)
        return CANNOT;
    if (labelled_write(t, l, program, out.tmp_path, paths, count) < 0) {
        outfile_discard(&out);
        return CANNOT;
    }
    return outfile_commit(&out) < 0 ? CANNOT : DONE;
}

/* ------------------------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, -1);
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    const struct level *l = topic_level(t, what);
    bool labelled = ends_with(out_path, ".sav") || ends_with(out_path, ".dta");
    if (l && (argc - first) % 2 != 0)
        die(MISUSE, "记录要成对给出各县的 clean.db 和 weights.db");
    if (labelled && (!l || personal))
        die(MISUSE, ".sav 和 .dta 只用于一个层次的记录，其中没有个人信息（不要写 -p）");
    if (labelled) {
        int code = export_labelled(t, l, argv + first, argc - first);
        topic_free(t);
        return code;
    }
    struct outfile out;
    if (outfile_open(&out, out_path) < 0)
        return CANNOT;
    struct csvout csv;
    csv_begin(&csv, out.stream);
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
