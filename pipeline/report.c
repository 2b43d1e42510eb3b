/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report: the report of a topic as LaTeX, from the narrative beside the topic workbook.
 */
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "output/document.h"

static const char *topic_path, *out_path;

static const struct option_row OPTIONS[] = {
    {'t', "课题工作簿", &topic_path, NULL,
     "如 topics/henan-2025/07/topic.csv；正文是同一文件夹的 report.tex", true},
    {'o', "报告.tex", &out_path, NULL, "输出文件；图在它旁边的 charts/ 里", true},
    {0},
};
static const struct program ME = {"report", "写出报告", "-t 课题工作簿 -o 报告.tex results.db",
                                  OPTIONS};

static int write_report(const struct buf *text)
{
    struct outfile out;
    if (outfile_open(&out, out_path) < 0)
        return -1;
    fwrite(text->text, 1, text->len, out.stream);
    return outfile_commit(&out);
}

static void tell(const struct results *r, int to_fill)
{
    if (r->simulated)
        note("报告每页印有“模拟数据 · 仅供演练”：结果来自模拟资料");
    else if (r->frame_simulated)
        warning("抽样框是模拟名单，推算数不能用于正式报告。请换成真实的抽样框");
    if (to_fill)
        note("正文还有%d处【研究人员填写】", to_fill);
}

static int make_report(struct topic *t, struct results *r)
{
    struct macros m;
    struct buf text = {0};
    int to_fill, code = DATA_FAILED;
    macros_init(&m, r);
    if (document_write(&text, &m, topic_file(t, "report.tex"), &to_fill) == 0)
        code = write_report(&text) < 0 ? CANNOT : DONE;
    if (code == DONE)
        tell(r, to_fill);
    buf_free(&text);
    macros_free(&m);
    return code;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct topic *t = topic_read(topic_path);
    struct results *r = t ? results_read(argv[first], t) : NULL;
    int code = r ? make_report(t, r) : DATA_FAILED;
    results_free(r);
    topic_free(t);
    return code;
}
