/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * table: one table of a topic, as LaTeX that staff can \input, or as CSV; or all tables as one
 * workbook.
 */
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "output/document.h"
#include "output/tablebook.h"
#include "output/tabular.h"

#include <string.h>
#include <unistd.h>

static const char *topic_path, *out_path, *table_id;

static const struct option_row OPTIONS[] = {
    {'t', "课题工作簿", &topic_path, NULL, "如 topics/henan-2025/07/topic.csv", true},
    {'f', "表号", &table_id, NULL, "课题工作簿 tables 表的 id；.xlsx 写出全部表，不用写", false},
    {'o', "文件", &out_path, NULL, "输出文件：.tex、.csv，或全部表的 .xlsx", true},
    {0},
};
static const struct program ME = {"table", "做一张表，或把全部表写成一个工作簿",
                                  "-t 课题工作簿 [-f 表号] -o 表.tex|表.csv|全部.xlsx results.db",
                                  OPTIONS};

static int write_table(const struct grid *g)
{
    struct outfile out;
    if (outfile_open(&out, out_path) < 0)
        return -1;
    if (ends_with(out_path, ".csv")) {
        grid_csv(out.stream, g);
    } else {
        struct buf text = {0};
        grid_latex(&text, g, GRID_FRAGMENT, 0);
        fwrite(text.text, 1, text.len, out.stream);
        buf_free(&text);
    }
    return outfile_commit(&out);
}

/* One table.  The exit code. */
static int one_table(struct macros *m, const struct exhibit *x)
{
    struct grid g = {0};
    macros_number_rest(m);
    int rc = grid_build(&g, m, x);
    int written = rc < 0 ? 0 : write_table(&g);
    grid_free(&g);
    return rc < 0 ? DATA_FAILED : written < 0 ? CANNOT : DONE;
}

/* All tables, numbered as in the report where there is one.  The exit code. */
static int all_tables(struct macros *m, struct topic *t)
{
    struct outfile out;
    const char *narrative = topic_file(t, "report.tex");
    if (access(narrative, F_OK) == 0 && document_number(m, narrative) < 0)
        return DATA_FAILED;
    macros_number_rest(m);
    if (outfile_reserve(&out, out_path) < 0)
        return CANNOT;
    if (tablebook_write(m, out.tmp_path) == 0)
        return outfile_commit(&out) < 0 ? CANNOT : DONE;
    outfile_discard(&out);
    return DATA_FAILED;
}

static const struct exhibit *find_table(const struct topic *t)
{
    for (int i = 0; table_id && i < t->table_count; i++)
        if (strcmp(t->tables[i].id, table_id) == 0)
            return &t->tables[i];
    return NULL;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    bool all = ends_with(out_path, ".xlsx");
    if (!all && !ends_with(out_path, ".csv") && !ends_with(out_path, ".tex"))
        die(MISUSE, "输出文件名要以 .tex、.csv 或 .xlsx 结尾：%s", out_path);
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    const struct exhibit *x = find_table(t);
    if (!all && !x)
        die(MISUSE, "%s 的 tables 表中没有表 %s", topic_path, table_id ? table_id : "");
    struct results *r = results_read(argv[first], t);
    if (!r) {
        topic_free(t);
        return DATA_FAILED;
    }
    struct macros m;
    macros_init(&m, r);
    int rc = all ? all_tables(&m, t) : one_table(&m, x);
    macros_free(&m);
    results_free(r);
    topic_free(t);
    return rc;
}
