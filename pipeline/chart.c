/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chart: one figure of a topic as PDF, with the gnuplot script and the data it is drawn from.
 */
#include "base/message.h"
#include "base/options.h"
#include "output/figure.h"

#include <string.h>

static const char *topic_path, *out_path, *figure_id;

static const struct option_row OPTIONS[] = {
    {'t', "课题工作簿", &topic_path, NULL, "如 topics/henan-2025/07/topic.csv", true},
    {'f', "图号", &figure_id, NULL, "课题工作簿 charts 表的 id", true},
    {'o', "图.pdf", &out_path, NULL,
     "输出文件，也可以是 .png；脚本（.gp）和数据（.tsv）写在同一文件夹", true},
    {0},
};
static const struct program ME = {"chart", "画一张图", "-t 课题工作簿 -f 图号 -o 图.pdf results.db",
                                  OPTIONS};

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    const struct exhibit *x = NULL;
    for (int i = 0; i < t->chart_count; i++)
        if (strcmp(t->charts[i].id, figure_id) == 0)
            x = &t->charts[i];
    if (!x)
        die(MISUSE, "%s 的 charts 表中没有图 %s", topic_path, figure_id);
    struct results *r = results_read(argv[first], t);
    if (!r) {
        topic_free(t);
        return DATA_FAILED;
    }
    struct macros m;
    macros_init(&m, r);
    int rc = figure_make(&m, x, out_path);
    macros_free(&m);
    results_free(r);
    topic_free(t);
    return rc < 0 ? DATA_FAILED : DONE;
}
