/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sample: draws the villages of a topic into its frame, writes a county's list of households to
 * visit, or says how many must be asked for a wanted precision.
 */
#include "base/csvout.h"
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "instrument/draw.h"
#include "instrument/samplelist.h"
#include "instrument/selection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *topic_path, *out_path, *county, *margin,
    *share = "50", *confidence = "95", *deff, *rho, *take, *response = "100", *population = "0",
    *groups = "1";

static const struct option_row OPTIONS[] = {
    {'t', "课题", &topic_path, NULL, "课题文件 topic.csv：按 design 表抽村", false},
    {'o', "文件", &out_path, NULL, "抽样框 .csv（默认是 design 表的 frame），或县的抽样名单 .xlsx",
     false},
    {'c', "代码", &county, NULL, "县（市）代码：写出这个县的住户抽样名单", false},
    {'e', "百分点", &margin, NULL, "要求的误差：比例上下不超过几个百分点，如 3", false},
    {'p', "百分数", &share, NULL, "预计的比例；不知道就用50，这时要的样本最多", false},
    {'l', "百分数", &confidence, NULL, "置信水平", false},
    {'d', "数", &deff, NULL, "设计效应 deff（上次调查 results.csv 的 deff 栏）", false},
    {'i', "数", &rho, NULL, "不知道 deff 的，写村内相关系数，如 0.05：deff=1+(每村户数-1)×它",
     false},
    {'b', "户", &take, NULL, "每村调查几户", false},
    {'r', "百分数", &response, NULL, "预计有多少能得到合格的答案", false},
    {'N', "户", &population, NULL, "总体有多少户；0是不计", false},
    {'g', "数", &groups, NULL, "有几个分组（片区）各自都要达到这个误差", false},
    {0},
};
static const struct program ME = {
    "sample", "抽样：抽村、写住户抽样名单、算样本量",
    "-t 课题 [-o 抽样框.csv]\n"
    "      sample -t 课题 -c 县代码 -o 名单.xlsx\n"
    "      sample -e 百分点 [-b 每村户数] [-d deff | -i 相关系数] [-r "
    "百分数] [-p 百分数] [-l 百分数] [-N 户] [-g 分组数]",
    OPTIONS};

/* ---- villages ----------------------------------------------------------------------------------
 */

/* A frame is drawn once: after that the field work goes by it. */
static int draw_villages(void)
{
    struct draw *d = draw_read(topic_path);
    if (!d)
        return DATA_FAILED;
    const char *path = out_path ? out_path : draw_frame_path(d);
    struct outfile out;
    int code = CANNOT;
    if (access(path, F_OK) == 0) {
        error("%s 已经有了。抽样只做一次；确实要重抽，请先把它改名或删除", path);
    } else if (outfile_open(&out, path) == 0) {
        struct csvout csv;
        csv_begin(&csv, out.stream);
        draw_write(d, &csv);
        code = outfile_commit(&out) < 0 ? CANNOT : DONE;
    }
    if (code == DONE) {
        draw_print(d);
        printf("抽样框：%s\n", path);
    }
    draw_free(d);
    return code;
}

/* ---- households --------------------------------------------------------------------------------
 */

static int write_list(void)
{
    struct topic *t = topic_read(topic_path);
    struct frame *f = t ? frame_read(t) : NULL;
    struct outfile out;
    int code = DATA_FAILED;
    if (f && !samplelist_possible(t))
        error("%s：design 表要写明 frame、selected 和 draw_seed，才有抽样名单", topic_path);
    else if (f && outfile_reserve(&out, out_path) < 0)
        code = CANNOT;
    else if (f && samplelist_write(t, f, county, out.tmp_path) < 0)
        outfile_discard(&out);
    else if (f)
        code = outfile_commit(&out) < 0 ? CANNOT : DONE;
    frame_free(f);
    topic_free(t);
    return code;
}

/* ---- how many ----------------------------------------------------------------------------------
 */

static double number(const char *text, char option, double least, double most)
{
    char *end;
    double x = strtod(text, &end);
    if (!*text || *end || !(x >= least && x <= most))
        die(MISUSE, "-%c %s：应是%g至%g的数", option, text, least, most);
    return x;
}

/* What is drawn is whole: up, but for the rounding of the sum itself. */
static long up(double x)
{
    return (long)ceil(x - 1e-9 * x);
}

static int print_size(void)
{
    double b = take ? number(take, 'b', 1, 1e6) : 1;
    if (deff && rho)
        die(MISUSE, "-d 和 -i 只写一个");
    struct precision p = {
        .margin = number(margin, 'e', 0.01, 50) / 100,
        .share = number(share, 'p', 0.01, 99.99) / 100,
        .confidence = number(confidence, 'l', 50, 99.99) / 100,
        .deff = deff  ? number(deff, 'd', 0.1, 100)
                : rho ? 1 + (b - 1) * number(rho, 'i', 0, 1)
                      : 1,
        .response = number(response, 'r', 1, 100) / 100,
        .population = number(population, 'N', 0, 1e12),
    };
    double k = number(groups, 'g', 1, 10000), simple, all = sample_size(&p, &simple);
    printf("要求：比例的误差在±%g个百分点以内（置信水平%s%%），比例按%s%%估计\n", p.margin * 100,
           confidence, share);
    printf("简单随机抽样要有%ld户合格答案\n", up(simple));
    printf("设计效应%.4g：%ld户\n", p.deff, up(simple * p.deff));
    printf("合格率%s%%：抽%ld户\n", response, up(all));
    if (k > 1)
        printf("%g个分组各自都要达到：共抽%ld户\n", k, (long)k * up(all));
    if (take)
        printf("每村%g户：%s%ld个村\n", b, k > 1 ? "每个分组" : "", up(all / b));
    if (!deff && !rho)
        printf("注意：没有写设计效应（-d 或 -i），整村抽户的调查实际要的样本比这多\n");
    return DONE;
}

int main(int argc, char **argv)
{
    options_parse(&ME, argc, argv, 0, 0);
    if (!topic_path == !margin)
        die(MISUSE, "写 -t 课题（抽样），或 -e 百分点（算样本量）");
    if (county && !out_path)
        die(MISUSE, "-c 要和 -o 名单.xlsx 一起用");
    return margin ? print_size() : county ? write_list() : draw_villages();
}
