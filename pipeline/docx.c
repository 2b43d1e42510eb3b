/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docx: the report as a Word document.
 */
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "output/document.h"
#include "output/word.h"

static const char *topic_path, *out_path, *pictures = ".";

static const struct option_row OPTIONS[] = {
    {'t', "课题工作簿", &topic_path, NULL, "如 topics/henan-2025/07/topic.csv", true},
    {'d', "文件夹", &pictures, NULL, "各图的 .png 所在的文件夹（由 chart 画出）", false},
    {'o', "报告.docx", &out_path, NULL, "输出文件", true},
    {0},
};
static const struct program ME = {"docx", "写出 Word 版报告",
                                  "-t 课题工作簿 -d 图片文件夹 -o 报告.docx results.db", OPTIONS};

static int write_word(struct word *w)
{
    struct outfile out;
    if (outfile_open(&out, out_path) < 0)
        return CANNOT;
    if (word_write(w, out.stream) == 0)
        return outfile_commit(&out) < 0 ? CANNOT : DONE;
    outfile_discard(&out);
    return CANNOT;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct topic *t = topic_read(topic_path);
    struct results *r = t ? results_read(argv[first], t) : NULL;
    if (!r) {
        topic_free(t);
        return DATA_FAILED;
    }
    struct macros m;
    struct buf body = {0};
    struct word *w = word_new(r, pictures);
    int to_fill;
    macros_init(&m, r);
    m.show = word_show;
    int rc = DATA_FAILED;
    if (document_body(&body, &m, topic_file(t, "report.tex"), &to_fill) == 0 &&
        word_convert(w, &m, buf_text(&body)) == 0)
        rc = write_word(w);
    buf_free(&body);
    word_free(w);
    macros_free(&m);
    results_free(r);
    topic_free(t);
    return rc;
}
