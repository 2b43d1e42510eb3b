/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * table: one table of a topic, as LaTeX that staff can \input, or as CSV.
 */
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "output/tabular.h"

#include <string.h>

static const char *topic_path, *out_path, *table_id;

static const struct option_row OPTIONS[] = {
    {'t', "课题工作簿", &topic_path, NULL, "如 topics/henan-2025/07/topic.csv", true},
    {'f', "表号", &table_id, NULL, "课题工作簿 tables 表的 id", true},
    {'o', "文件", &out_path, NULL, "输出文件：.tex 或 .csv", true},
    {0},
};
static const struct program ME = {"table", "做一张表",
                                  "-t 课题工作簿 -f 表号 -o 表.tex|表.csv results.db", OPTIONS};

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

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    if (!ends_with(out_path, ".csv") && !ends_with(out_path, ".tex"))
        die(MISUSE, "输出文件名要以 .tex 或 .csv 结尾：%s", out_path);
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    const struct exhibit *x = NULL;
    for (int i = 0; i < t->table_count; i++)
        if (strcmp(t->tables[i].id, table_id) == 0)
            x = &t->tables[i];
    if (!x)
        die(MISUSE, "%s 的 tables 表中没有表 %s", topic_path, table_id);
    struct results *r = results_read(argv[first], t);
    if (!r)
        return DATA_FAILED;
    struct macros m;
    struct grid g = {0};
    macros_init(&m, r);
    macros_number_rest(&m);
    int rc = grid_build(&g, &m, x);
    int written = rc < 0 ? 0 : write_table(&g);
    grid_free(&g);
    macros_free(&m);
    results_free(r);
    topic_free(t);
    return rc < 0 ? DATA_FAILED : written < 0 ? CANNOT : DONE;
}
