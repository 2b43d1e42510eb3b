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
#include "simulate/draw.h"
#include "simulate/enlarge.h"
#include "simulate/likely.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *topic_path, *county, *folder, *answers = "", *rows = "0", *format = "csv";
static const char *rate = "0.03", *seed = "1", *total = "0", *frame_path;

/* The options that are numbers. */
struct amounts {
    double rows, total, rate, seed;
};

static const struct option_row OPTIONS[] = {
    {'t', "课题", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'c', "代码", &county, NULL,
     "县的代码，如 411725；all 为抽样框或分组 county 里的各县，一县一个文件夹", true},
    {'o', "文件夹", &folder, NULL, "写到这个文件夹，必须是新的或空的", true},
    {'a', "文件夹", &answers, NULL, "差错清单和正确记录写到这里，默认写在上面那个文件夹旁边",
     false},
    {'n', "份数", &rows, NULL, "每个村多少份；不写时按抽样框", false},
    {'r', "份数", &total, NULL, "合计至少多少份，平均分到各村；写了 -g 时村数不限", false},
    {'g', "文件", &frame_path, NULL, "样本村不够 -r 用时补编一些，抽样框写到这里（.csv）", false},
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
static int one_county(struct world *w, const struct amounts *a, const char *path)
{
    struct style style;
    struct buf prefix = {0};
    if (*answers)
        buf_printf(&prefix, "%s/", answers);
    else
        put_parent(&prefix, path);
    buf_puts(&prefix, w->county);
    w->chance = chance_new((unsigned long)a->seed, strtoul(w->county, NULL, 10));
    struct simulation plan = {w, &style, (long)a->rows, a->rate, path, prefix.text};
    int code = style_named(format, w->chance, &style) ? DONE : MISUSE;
    if (code == DONE &&
        (check_folder(path) < 0 || mark_simulated(path) < 0 || simulate_county(&plan) < 0))
        code = CANNOT;
    chance_free(w->chance);
    buf_free(&prefix);
    return code;
}

/* One county into its folder below the one named. */
static int county_below(struct world *w, const char *code, const char *name,
                        const struct amounts *a)
{
    struct buf path = {0};
    w->county = code;
    w->county_name = name;
    buf_printf(&path, "%s/%s-%s", folder, code, name);
    int rc = one_county(w, a, path.text);
    buf_free(&path);
    return rc;
}

/* Every county of the frame that has units in the sample; without a frame, every one that the
 * topic's domain `county` names. */
static int all_counties(struct world *w, const struct amounts *a)
{
    struct map done = {0};
    const struct domain *d = topic_domain(w->topic, "county");
    int code = check_folder(folder) < 0 || mark_simulated(folder) < 0 ? CANNOT : DONE;
    for (int i = 0; i < w->frame->count && code == DONE; i++) {
        const struct unit *u = &w->frame->units[i];
        if (u->selected && map_add(&done, u->county, 1))
            code = county_below(w, u->county, u->county_name, a);
    }
    for (int i = 0; !w->frame->count && i < d->value_count && code == DONE; i++)
        code = county_below(w, d->values[i].name, d->values[i].value, a);
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

/* ---- how many answers ------------------------------------------------------------------------ */

/* What -r counts: the first questionnaire of which a unit may answer several. */
static const struct level *counted_level(const struct topic *t)
{
    for (int i = 0; i < t->level_count; i++) {
        const struct level *l = &t->levels[i];
        const struct question *q = l->parent < 0 ? numbered_question(l) : NULL;
        if (q && !q->list)
            return l;
    }
    return NULL;
}

/* Units that answer: of the sample, or without a frame the counties. */
static long count_units(const struct world *w, const struct level *l, bool all)
{
    const struct domain *d = topic_domain(w->topic, "county");
    long n = 0;
    for (int i = 0; i < w->frame->count && *l->psu; i++) {
        const struct unit *u = &w->frame->units[i];
        n += u->selected && frame_serves(u, l) && (all || !strcmp(u->county, w->county));
    }
    return n ? n : all && d ? d->value_count : 1;
}

/* From -r how many answers each unit gives, and with -g a frame that has enough units, which takes
 * the place of w->frame.  Returns 0, or -1 after messages. */
static int spread_total(struct world *w, struct amounts *a, bool all, struct frame **frame)
{
    const struct level *l = counted_level(w->topic);
    if (!l)
        return error("课题的问卷每单位只填一份，不能用 -r 写总份数");
    double units = (double)count_units(w, l, all), most = fmin((double)most_numbers(l), a->total);
    double each = a->rows && a->rows < most ? a->rows : most;
    double times = frame_path ? ceil(a->total / (units * each)) : 1;
    a->rows = ceil(a->total / (units * times));
    if (a->rows > most)
        return error(
            "“%s”在样本单位里合计最多能编 %.0f 份（受问卷约束）；要更多，请用 -g 另编抽样框",
            l->label, units * most);
    if (!frame_path)
        return 0;
    if (!(*frame)->count)
        return error("课题没有抽样框，不能用 -g 补编");
    if (enlarge_frame(*frame, w->topic, all ? NULL : county, (long)times, (long)a->rows,
                      frame_path) < 0)
        return -1;
    frame_free(*frame);
    w->frame = *frame = frame_read_file(w->topic, frame_path);
    w->county_name = NULL; /* it stood in the other frame */
    return !*frame ? -1 : all ? 0 : find_county(w);
}

static int simulate(struct topic *t, struct amounts *a)
{
    struct rules rules;
    if (rules_read(t, &rules) < 0)
        return DATA_FAILED;
    struct frame *frame = frame_read(t);
    struct likely *likely = frame ? likely_read(t) : NULL;
    if (!likely) {
        frame_free(frame);
        return DATA_FAILED;
    }
    struct world w = {
        .topic = t, .rules = &rules, .frame = frame, .likely = likely, .county = county};
    bool all = !strcmp(county, "all");
    expr_set_today(rules.today);
    int code = DONE;
    if (all && !frame->count && !topic_domain(t, "county"))
        code = (error("课题没有抽样框，也没有分组 county，不知道有哪些县。请用 -c 写明县的代码"),
                MISUSE);
    else if (!all && find_county(&w) < 0)
        code = MISUSE;
    else if (a->total && spread_total(&w, a, all, &frame) < 0)
        code = CANNOT;
    else
        code = all ? all_counties(&w, a) : one_county(&w, a, folder);
    if (frame)
        frame_free(frame);
    likely_free(likely);
    return code;
}

int main(int argc, char **argv)
{
    struct amounts a;
    options_parse(&ME, argc, argv, 0, 0);
    if (!number_option(rows, 0, 1e9, &a.rows) || !number_option(total, 0, 1e9, &a.total) ||
        !number_option(rate, 0, 1, &a.rate) || !number_option(seed, 0, 4e9, &a.seed)) {
        error("份数、比例、种子应写成数，比例在0到1之间");
        return MISUSE;
    }
    if (frame_path && !a.total)
        die(MISUSE, "-g 要和 -r 一起用，写明合计多少份");
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    int code = simulate(t, &a);
    topic_free(t);
    return code;
}
