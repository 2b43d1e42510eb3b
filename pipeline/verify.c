/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verify: the numbers of a draft (讲话稿, 报告), checked against themselves and, with a topic's
 * results, against those.  One line a claim:
 *
 *   第53行 不符 “男生351人,占41.2%”：351人÷840名＝41.79%，应为41.8%
 */
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "verify/check.h"

#include <stdio.h>

static const char *topic_path, *results_path, *out_path;
static bool all;

static const struct option_row OPTIONS[] = {
    {'a', NULL, NULL, &all, "相符的和无从核对的也列出", false},
    {'t', "课题工作簿", &topic_path, NULL, "与课题的结果对照，须与 -r 同用", false},
    {'r', "results.db", &results_path, NULL, "课题的结果", false},
    {'o', "输出", &out_path, NULL, "核验单写进文件；不写则显示在屏幕上", false},
    {0},
};
static const struct program ME = {"verify", "核验文稿里的数字",
                                  "[-a] [-t 课题工作簿 -r results.db] [-o 输出] 文稿.docx|.txt",
                                  OPTIONS};

static void print_claim(FILE *to, const struct draft *d, const struct claim *f)
{
    struct buf words = {0};
    draft_quote(d, f->from, f->to, &words);
    fprintf(to, "第%ld行 %s “%s”：%s\n", draft_line(d, f->from), VERDICT_NAMES[f->verdict],
            buf_text(&words), f->reason);
    buf_free(&words);
}

static bool is_serious(enum verdict v)
{
    return v == WRONG || v == DAMAGED || v == CONFLICT;
}

/* Prints the claims and a line of totals; returns how many are wrong, damaged or in conflict. */
static int print_all(FILE *to, const struct draft *d, const struct check *c)
{
    int totals[VERDICTS] = {0}, serious = 0;
    for (int i = 0; i < c->count; i++) {
        enum verdict v = c->claims[i].verdict;
        totals[v]++;
        serious += is_serious(v);
        if (all || (v != AGREES && v != UNCHECKED))
            print_claim(to, d, &c->claims[i]);
    }
    fprintf(to, "共%d处：", c->count);
    for (int v = VERDICTS - 1; v >= 0; v--)
        fprintf(to, "%s%s%d", v < VERDICTS - 1 ? "，" : "", VERDICT_NAMES[v], totals[v]);
    fprintf(to, "\n");
    return serious;
}

/* To the file or the screen; -1 after a message. */
static int print_list(const struct draft *d, const struct check *c)
{
    struct outfile out;
    if (!out_path) {
        int serious = print_all(stdout, d, c);
        return fflush(stdout) || ferror(stdout) ? error("写不出结果") : serious;
    }
    if (outfile_open(&out, out_path) < 0)
        return -1;
    int serious = print_all(out.stream, d, c);
    return outfile_commit(&out) < 0 ? -1 : serious;
}

static int verify(const char *path, struct results *r)
{
    struct draft d;
    struct check c;
    if (draft_read(&d, path) < 0)
        return CANNOT;
    check_open(&c, &d);
    check_rules(&c, r);
    int serious = print_list(&d, &c);
    check_close(&c);
    draft_free(&d);
    return serious < 0 ? CANNOT : serious ? DATA_FAILED : DONE;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    if (!topic_path != !results_path)
        die(MISUSE, "-t 和 -r 要同时写");
    struct topic *t = topic_path ? topic_read(topic_path) : NULL;
    struct results *r = t ? results_read(results_path, t) : NULL;
    if (topic_path && !r)
        return DATA_FAILED;
    int code = verify(argv[first], r);
    results_free(r);
    topic_free(t);
    return code;
}
