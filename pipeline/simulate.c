/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * simulate: questionnaires and frame -> a trial upload of one county, with the field's usual
 * mistakes, and the list of what was planted.
 *
 * Beside the folder stand <county>-planted.csv (the problems that a review must list) and
 * <county>-<level>.csv (the records that it must accept), in the columns of the project's answers.
 */
#include "base/map.h"
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "simulate/county.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char *topic_path, *county, *folder, *answers = "", *rows = "0", *format = "csv";
static const char *rate = "0.03", *seed = "1";

static const struct option_row OPTIONS[] = {
    {'t', "课题", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'c', "代码", &county, NULL,
     "县的代码，如 411725；all 为抽样框或分组 county 里的各县，一县一个文件夹", true},
    {'o', "文件夹", &folder, NULL, "写到这个文件夹，必须是新的或空的", true},
    {'a', "文件夹", &answers, NULL, "差错清单和正确记录写到这里，默认写在上面那个文件夹旁边",
     false},
    {'n', "份数", &rows, NULL, "每个村多少份；不写时按抽样框", false},
    {'f', "格式", &format, NULL, "文件格式，默认 csv；写 -f ? 列出全部格式", false},
    {'m', "比例", &rate, NULL, "每格有差错的机会，0到1，默认0.03", false},
    {'s', "种子", &seed, NULL, "随机数种子，相同的种子结果相同", false},
    {0},
};
static const struct program ME = {"simulate", "按问卷和抽样框编模拟资料，供演练和测试",
                                  "-t topic.csv -c 县代码 -o 文件夹", OPTIONS};

static bool number_option(const char *text, double least, double most, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && *out >= least && *out <= most;
}

/* Real answers are never mixed with simulated ones. */
static int check_folder(const char *path)
{
    DIR *d = opendir(path);
    int files = 0;
    for (struct dirent *e; d && (e = readdir(d));)
        files += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return files ? error_at((struct place){.file = path},
                            "文件夹里已有文件。模拟资料只写到新的或空的文件夹")
                 : 0;
}

static int mark_simulated(const char *path)
{
    struct outfile out;
    struct buf name = {0};
    buf_printf(&name, "%s/SIMULATED", path);
    int code = outfile_open(&out, name.text);
    buf_free(&name);
    if (code < 0)
        return -1;
    fputs("本目录全部数据均为模拟生成，不对应任何真实的人、户、村或单位，仅供演练和测试使用。\n",
          out.stream);
    return outfile_commit(&out);
}

/* The folder above, with its slash; "" for a name alone. */
static void put_parent(struct buf *out, const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    buf_put(out, path, n);
}

/* One county into a folder: "data/…/411725-确山县", with "data/…/411725-planted.csv" beside it. */
static int one_county(struct world *w, double n, double m, double s, const char *path)
{
    struct style style;
    struct buf prefix = {0};
    if (*answers)
        buf_printf(&prefix, "%s/", answers);
    else
        put_parent(&prefix, path);
    buf_puts(&prefix, w->county);
    w->chance = chance_new((unsigned long)s, strtoul(w->county, NULL, 10));
    struct simulation plan = {w, &style, (long)n, m, path, prefix.text};
    int code = style_named(format, w->chance, &style) ? DONE : MISUSE;
    if (code == DONE &&
        (check_folder(path) < 0 || mark_simulated(path) < 0 || simulate_county(&plan) < 0))
        code = CANNOT;
    chance_free(w->chance);
    buf_free(&prefix);
    return code;
}

/* One county into its folder below the one named. */
static int county_below(struct world *w, const char *code, const char *name, double n, double m,
                        double s)
{
    struct buf path = {0};
    w->county = code;
    w->county_name = name;
    buf_printf(&path, "%s/%s-%s", folder, code, name);
    int rc = one_county(w, n, m, s, path.text);
    buf_free(&path);
    return rc;
}

/* Every county of the frame that has units in the sample; without a frame, every one that the
 * topic's domain `county` names. */
static int all_counties(struct world *w, double n, double m, double s)
{
    struct map done = {0};
    const struct domain *d = topic_domain(w->topic, "county");
    int code = check_folder(folder) < 0 || mark_simulated(folder) < 0 ? CANNOT : DONE;
    for (int i = 0; i < w->frame->count && code == DONE; i++) {
        const struct unit *u = &w->frame->units[i];
        if (u->selected && map_add(&done, u->county, 1))
            code = county_below(w, u->county, u->county_name, n, m, s);
    }
    for (int i = 0; !w->frame->count && i < d->value_count && code == DONE; i++)
        code = county_below(w, d->values[i].name, d->values[i].value, n, m, s);
    map_free(&done);
    return code;
}

static int find_county(struct world *w)
{
    const struct frame *f = w->frame;
    for (int i = 0; i < f->count && !w->county_name; i++)
        if (!strcmp(f->units[i].county, county))
            w->county_name = f->units[i].county_name;
    if (f->count && !w->county_name)
        return error("抽样框里没有县 %s", county);
    if (!w->county_name)
        w->county_name = "";
    return 0;
}

static int simulate(struct topic *t, double n, double m, double s)
{
    struct rules rules;
    if (rules_read(t, &rules) < 0)
        return DATA_FAILED;
    struct frame *frame = frame_read(t);
    if (!frame)
        return DATA_FAILED;
    struct world w = {.topic = t, .rules = &rules, .frame = frame, .county = county};
    expr_set_today(rules.today);
    int code;
    if (!strcmp(county, "all") && !frame->count && !topic_domain(t, "county"))
        code = (error("课题没有抽样框，也没有分组 county，不知道有哪些县。请用 -c 写明县的代码"),
                MISUSE);
    else if (!strcmp(county, "all"))
        code = all_counties(&w, n, m, s);
    else
        code = find_county(&w) < 0 ? MISUSE : one_county(&w, n, m, s, folder);
    frame_free(frame);
    return code;
}

int main(int argc, char **argv)
{
    double n, m, s;
    options_parse(&ME, argc, argv, 0, 0);
    if (!number_option(rows, 0, 1e7, &n) || !number_option(rate, 0, 1, &m) ||
        !number_option(seed, 0, 4e9, &s)) {
        error("份数、比例、种子应写成数，比例在0到1之间");
        return MISUSE;
    }
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    int code = simulate(t, n, m, s);
    topic_free(t);
    return code;
}
