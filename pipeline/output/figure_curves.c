/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts along an axis: curves (Lorenz, survival) and the control chart of a share.
 */
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_MAX = 40, LINES_MAX = 6 };

/* Under the axis, in cm: the height of a line of text. */
#define LINE 0.45

struct point {
    double x;
    const char *name; /* under the axis */
    const struct indicator *ind;
    const struct stat_row *e;
    double value, low, high; /* printed units; low and high are NaN without interval */
};

/* ---- the axis ------------------------------------------------------------------------------ */

struct frame {
    double left, right, bottom, top; /* cm from the left and lower edge */
    double low, high;                /* of the horizontal axis */
};

/* In how many lines texts that wide, in half characters, stand by turns so that none meets the
 * next. */
static int lines_for(int widest, const struct point *at, struct frame f)
{
    double slot = (f.right - f.left) / (f.high - f.low) * (at[1].x - at[0].x);
    return (int)ceil((widest + 1) * HALF_WIDTH * 7 / 8 / slot - 1e-9);
}

/* A text under the axis at x, or at the left edge; `line` from the top. */
static void put_below(struct chart *c, struct frame f, double x, double line, const char *text)
{
    double y = (f.bottom - 0.35 - LINE * line) / c->height;
    if (isfinite(x))
        buf_printf(&c->script, "set label at first %.10g, screen %.4f center", x, y);
    else
        buf_printf(&c->script, "set label at screen %.4f, screen %.4f left", 0.1 / c->width, y);
    buf_puts(&c->script, " textcolor rgb ink font ',7' ");
    figure_quote(&c->script, text);
    buf_puts(&c->script, "\n");
}

/* What stands under the points, in lines of texts. */
struct under {
    const char *head; /* at the left edge */
    const char *texts[POINTS_MAX];
    int lines;
};

static struct under names_under(const char *head, const struct point *at, int n, struct frame f)
{
    struct under u = {.head = head};
    int widest = 0;
    for (int i = 0; i < n; i++) {
        u.texts[i] = at[i].name;
        widest = text_width(at[i].name) > widest ? text_width(at[i].name) : widest;
    }
    u.lines = lines_for(widest, at, f);
    return u;
}

/* The values, or the numbers of cases. */
static struct under numbers_under(struct chart *c, const char *head, const struct point *at, int n,
                                  enum print what, struct frame f)
{
    struct under u = {.head = head};
    int widest = 0;
    for (int i = 0; i < n; i++) {
        struct buf text = {0};
        if (what == PRINT_VALUE)
            put_number(c, &text, at[i].ind, at[i].e, PRINT_NO_GROUP);
        else
            stat_put(&text, c->r, at[i].ind, at[i].e, what, PRINT_NO_GROUP);
        u.texts[i] = arena_strdup(&c->figure->arena, buf_text(&text));
        widest = text_width(u.texts[i]) > widest ? text_width(u.texts[i]) : widest;
        buf_free(&text);
    }
    u.lines = lines_for(widest, at, f);
    return u;
}

/* Puts them below `line` lines of others; returns how many lines there are then. */
static int put_under(struct chart *c, struct frame f, int line, const struct under *u,
                     const struct point *at, int n)
{
    put_below(c, f, NAN, line, u->head);
    for (int i = 0; i < n; i++)
        put_below(c, f, at[i].x, line + i % u->lines, u->texts[i]);
    return line + u->lines;
}

/* All that stands under an axis; makes room for it below `height` cm of chart. */
static void put_unders(struct chart *c, struct frame *f, const struct under *all, int count,
                       const struct point *at, int n, double height)
{
    int lines = 0;
    for (int k = 0; k < count; k++)
        lines += all[k].lines;
    f->bottom = LINE * lines + 0.35;
    c->height = f->bottom + height;
    f->top = c->height - 0.25;
    lines = 0;
    for (int k = 0; k < count; k++)
        lines = put_under(c, *f, lines, &all[k], at, n);
}

static void put_frame(struct chart *c, struct frame f, struct extent y)
{
    struct buf *s = &c->script;
    buf_printf(s,
               "set lmargin at screen %.4f\nset rmargin at screen %.4f\n"
               "set bmargin at screen %.4f\nset tmargin at screen %.4f\n",
               f.left / c->width, f.right / c->width, f.bottom / c->height, f.top / c->height);
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.10g:%.10g]\n", f.low, f.high, y.low,
               y.high);
    buf_puts(s, "set border 3 lc rgb 0x777777 lw 0.6\nunset xtics\n"
                "set ytics nomirror textcolor rgb ink font ',7'\n"
                "set grid ytics lc rgb 0xCCCCCC lw 0.6\n");
}

static const char *count_name(struct chart *c, const struct indicator *ind)
{
    const struct level *level = &c->r->topic->levels[ind->level];
    return level->sampled ? "样本量" : arena_printf(&c->figure->arena, "%s数", level->unit);
}

/* ---- curves -------------------------------------------------------------------------------- */

struct line {
    const char *label;
    struct point at[POINTS_MAX];
    bool shown; /* any of it */
};

struct curves {
    struct line lines[LINES_MAX];
    int count, points;
    bool lorenz;
};

static struct point point_at(const struct chart *c, int k, bool lorenz, const char *level,
                             const char *domain)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[k]);
    const char *head = chart_text(c, "heads", k);
    struct point p = {.ind = ind, .low = NAN, .high = NAN};
    p.x = lorenz ? 100 * ind->quantile : k + 1;
    p.name = lorenz ? arena_printf(&c->figure->arena, "%.0f%%", p.x)
             : head ? head
                    : ind->short_label;
    p.e = results_find(c->r, ind->name, level, domain);
    p.value = stat_printed(c->r, ind, p.e);
    if (!chart_option(c, "nointerval"))
        stat_interval(ind, p.e, &p.low, &p.high);
    return p;
}

static void add_line(struct chart *c, struct curves *all, const char *label, const char *level,
                     const char *domain)
{
    struct line *one = &all->lines[all->count++];
    *one = (struct line){.label = label};
    for (int k = 0; k < all->points; k++) {
        one->at[k] = point_at(c, k, all->lorenz, level, domain);
        one->shown = one->shown || isfinite(one->at[k].value);
    }
}

static bool gather_curves(struct chart *c, struct curves *all)
{
    bool any = false;
    if (!*c->x->by || !chart_option(c, "nototal"))
        add_line(c, all, "合计", "all", "all");
    for (int v = 0; v < c->value_count; v++)
        add_line(c, all, c->values[v].value, c->x->by, c->values[v].name);
    for (int i = 0; i < all->count; i++)
        any = any || all->lines[i].shown;
    return any;
}

/* The order of the points is the caller's; those of a Lorenz curve have to rise. */
static int check_points(const struct chart *c, bool *lorenz)
{
    int n = c->x->indicator_count, of_lorenz = 0;
    double before = 0;
    for (int k = 0; k < n; k++) {
        const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[k]);
        if (strcmp(ind->unit, c->unit) != 0)
            return error_at(c->at, "同一张图的指标单位要相同：%s 与 %s", c->unit, ind->unit);
        of_lorenz += ind->statistic == STAT_LORENZ && ind->quantile > before;
        before = ind->quantile;
    }
    *lorenz = of_lorenz == n && unit_is_percent(topic_indicator(c->r->topic, c->x->indicators[0]));
    if (n < 2 || n > POINTS_MAX || (of_lorenz && !*lorenz))
        return error_at(c->at,
                        "curve 图从左到右写2至%d个指标；洛伦兹曲线只写从小到大的 lorenz 指标，"
                        "如 lorenz20 lorenz40 lorenz60 lorenz80，单位是%%",
                        POINTS_MAX);
    if (c->value_count + !chart_option(c, "nototal") > LINES_MAX)
        return error_at(c->at, "curve 图最多%d条线", LINES_MAX);
    return 0;
}

static void put_curve_point(struct chart *c, const struct point *p)
{
    buf_printf(&c->data, "%.10g\t%.10g\t", p->x, p->value);
    put_cell(&c->data, p->low);
    buf_puts(&c->data, "\t");
    put_cell(&c->data, p->high);
    buf_puts(&c->data, "\t");
    put_value_text(c, p->ind, p->e);
    buf_puts(&c->data, "\n");
}

/* One blank line breaks the line where a point is missing; two would begin another block. */
static void put_line_data(struct chart *c, const struct line *one, const struct curves *all)
{
    bool broken = true;
    buf_puts(&c->data, all->lorenz ? "0\t0\tNaN\tNaN\t\n" : "");
    for (int k = 0; k < all->points; k++) {
        bool shown = isfinite(one->at[k].value);
        if (shown)
            put_curve_point(c, &one->at[k]);
        else if (!broken)
            buf_puts(&c->data, "\n");
        broken = !shown;
    }
    buf_puts(&c->data, all->lorenz ? "100\t100\tNaN\tNaN\t\n" : "");
}

/* A block a line that is shown: x, value, ends of the interval, text.  A Lorenz curve joins two
 * corners. */
static void put_curve_data(struct chart *c, const struct curves *all)
{
    for (int i = 0; i < all->count; i++) {
        const struct line *one = &all->lines[i];
        for (int k = 0; k < all->points; k++) {
            const char *lowest = arena_printf(&c->figure->arena, "最低%s", one->at[k].name);
            chart_point(c, one->label, all->lorenz ? lowest : one->at[k].name, one->at[k].ind,
                        one->at[k].e);
        }
        if (one->shown) {
            buf_puts(&c->data, c->data.len ? "\n\n" : "");
            put_line_data(c, one, all);
        }
    }
}

static const struct sign SIGNS[LINES_MAX] = {{NULL, "0x000000", 7}, {NULL, "dark", 6},
                                             {NULL, "mid", 5},      {NULL, "dark", 8},
                                             {NULL, "mid", 13},     {NULL, "dark", 4}};
static const char *const DASHES[LINES_MAX] = {"",           " dt (9,4)",     " dt (3,3)",
                                              " dt (12,3)", " dt (9,3,2,3)", " dt (5,5)"};

static bool has_interval(const struct line *one, int points)
{
    for (int k = 0; k < points; k++)
        if (isfinite(one->at[k].low))
            return true;
    return false;
}

/* ※ at the foot of the points where a number of several lines is withheld; those of one line
 * stand under the axis. */
static void put_gaps(struct chart *c, const struct curves *all)
{
    for (int k = 0; k < all->points; k++) {
        bool withheld = false;
        for (int i = 0; i < all->count; i++)
            withheld = withheld || (all->lines[i].shown && stat_withheld(all->lines[i].at[k].e));
        if (withheld && all->count > 1)
            buf_printf(&c->script,
                       "set label '※' at first %.10g, graph 0.05 center textcolor rgb ink\n",
                       all->lines[0].at[k].x);
    }
}

static void put_lines(struct chart *c, const struct curves *all)
{
    struct buf *s = &c->script;
    put_gaps(c, all);
    for (int i = 0, index = 0; i < all->count; i++) {
        if (!all->lines[i].shown)
            continue;
        buf_puts(s, index ? ", \\\n     " : "plot ");
        if (has_interval(&all->lines[i], all->points))
            buf_printf(s,
                       "data index %d using 1:2:3:4 with yerrorbars pt -1 lc rgb mid lw 0.9, "
                       "\\\n     ",
                       index);
        buf_printf(s, "data index %d using 1:2 with linespoints pt %d ps 0.7 lw %s lc rgb %s%s",
                   index++, SIGNS[i].point, i ? "1.2" : "1.8", SIGNS[i].colour, DASHES[i]);
    }
    buf_puts(s, "\n");
}

/* The line of equality, and the number of cases in the free corner. */
static void put_equality(struct chart *c, const struct curves *all)
{
    const struct point *p = &all->lines[0].at[0];
    struct buf n = {0};
    buf_printf(&n, "%s ", count_name(c, p->ind));
    stat_put(&n, c->r, p->ind, p->e, PRINT_N, 0);
    buf_puts(&c->script, "set arrow from 0,0 to 100,100 nohead lc rgb ink lw 1 dt (6,4)\n"
                         "set label '绝对平均线' at 46,52 right textcolor rgb ink font ',7'\n"
                         "set label at graph 0.03,0.95 left textcolor rgb ink font ',7' ");
    figure_quote(&c->script, buf_text(&n));
    buf_puts(&c->script, "\n");
    buf_free(&n);
}

/* Names of the lines; a line all of whose points are withheld has a ※. */
static int put_line_legend(struct chart *c, const struct curves *all)
{
    struct sign signs[LINES_MAX];
    int n = 0;
    for (int i = 0; i < all->count; i++) {
        const struct line *one = &all->lines[i];
        signs[n] = SIGNS[i];
        signs[n++].label =
            one->shown ? one->label : arena_printf(&c->figure->arena, "%s ※", one->label);
    }
    return n > 1 ? put_legend(c, signs, n) : 0;
}

/* Need not begin at 0, as bars have to. */
static struct extent curve_range(const struct curves *all)
{
    struct extent y = {INFINITY, -INFINITY};
    for (int i = 0; i < all->count; i++)
        for (int k = 0; k < all->points; k++) {
            extent_add(&y, all->lines[i].at[k].value);
            extent_add(&y, all->lines[i].at[k].high);
            extent_add(&y, all->lines[i].at[k].low);
        }
    double air = y.high > y.low ? 0.1 * (y.high - y.low) : 1;
    return all->lorenz ? (struct extent){0, 100} : (struct extent){y.low - air, y.high + air};
}

/* A single line has its numbers under the axis; all points of a Lorenz curve are of as many. */
static void put_curve_script(struct chart *c, const struct curves *all)
{
    const struct point *at = all->lines[0].at;
    const char *unit = all->lorenz ? "得到全部的%" : unit_is_percent(at->ind) ? "%" : at->ind->unit;
    int n = all->points, unders = all->count > 1 ? 1 : all->lorenz ? 2 : 3;
    struct frame f = {.left = 1.9, .right = c->width - 0.6, .low = 0.5, .high = n + 0.5};
    if (all->lorenz)
        f = (struct frame){.left = 4, .right = 11.4, .low = 0, .high = 100};
    struct under under[] = {names_under(all->lorenz ? "从低到高前" : "", at, n, f),
                            numbers_under(c, unit, at, n, PRINT_VALUE, f),
                            numbers_under(c, count_name(c, at->ind), at, n, PRINT_N, f)};
    put_unders(c, &f, under, unders, at, n, all->lorenz ? f.right - f.left + 0.25 : 5.9);
    f.top -= 0.45 * put_line_legend(c, all);
    put_frame(c, f, curve_range(all));
    if (all->lorenz)
        put_equality(c, all);
    put_lines(c, all);
}

int plot_curve(struct chart *c)
{
    bool lorenz = false;
    if (check_points(c, &lorenz) < 0)
        return -1;
    struct curves *all = must_alloc(sizeof *all);
    *all = (struct curves){.points = c->x->indicator_count, .lorenz = lorenz};
    bool any = gather_curves(c, all);
    if (any) {
        put_curve_data(c, all);
        put_curve_script(c, all);
    }
    free(all);
    return any ? 0 : plot_nothing(c);
}

/* ---- control chart ------------------------------------------------------------------------- */

struct control {
    struct point at[POINTS_MAX];     /* low and high: the limits */
    struct point counts[POINTS_MAX]; /* what each share is a share of */
    int count;
    struct point centre;
};

static struct point share_at(const struct chart *c, int k, const char *level, const char *domain)
{
    return point_at(c, k, false, level, domain);
}

/* Shewhart's chart of a proportion with samples of unequal size (ISO 7870-2, GB/T 17989.2):
 * p ± 3 sqrt(p (1 - p) / n), where p is the proportion of the whole; within 0 and 1. */
static void find_limits(struct control *k)
{
    double p = k->centre.e->value, scale = k->centre.ind->scale;
    for (int i = 0; i < k->count; i++) {
        double n = stat_shown(k->counts[i].e) ? k->counts[i].e->value : NAN;
        double wide = n > 0 ? 3 * sqrt(p * (1 - p) / n) : NAN;
        k->at[i].low = isnan(wide) ? NAN : fmax(0, p - wide) * scale;
        k->at[i].high = isnan(wide) ? NAN : fmin(1, p + wide) * scale;
    }
}

static void add_pair(struct chart *c, struct control *k, int first, const char *name,
                     const char *level, const char *domain)
{
    struct point *share = &k->at[k->count], *count = &k->counts[k->count];
    *share = share_at(c, first, level, domain);
    *count = share_at(c, first + 1, level, domain);
    share->x = count->x = ++k->count;
    share->name = name ? name : share->name;
}

static int gather_control(struct chart *c, struct control *k)
{
    int n = c->x->indicator_count;
    bool by = *c->x->by != '\0', fits = by ? n == 2 : n >= 5 && n % 2;
    if (!fits || (by ? c->value_count : n / 2) > POINTS_MAX)
        return error_at(c->at,
                        "control 图有 by 的写一对指标：比例 个数；没有 by 的按先后每次写一对，"
                        "最后写总的比例；最多%d次",
                        POINTS_MAX);
    k->centre = share_at(c, by ? 0 : n - 1, "all", "all");
    const struct indicator *ind = k->centre.ind;
    if (!unit_is_percent(ind) || c->r->topic->levels[ind->level].sampled)
        return error_at(c->at, "control 图只用于全数或部门填报的比例（%%）；抽样推算的比例有自己的"
                               "置信区间，请用 ranked 或 curve 图");
    for (int v = 0; by && v < c->value_count; v++)
        add_pair(c, k, 0, c->values[v].value, c->x->by, c->values[v].name);
    for (int i = 0; !by && i + 1 < n; i += 2)
        add_pair(c, k, i, chart_text(c, "heads", i / 2), "all", "all");
    if (stat_shown(k->centre.e))
        find_limits(k);
    return 0;
}

static bool outside(const struct point *p)
{
    double value = stat_shown(p->e) ? p->e->value * p->ind->scale : NAN;
    return value < p->low || value > p->high;
}

/* Blocks: all points with limits; those within; those outside. */
static void put_control_data(struct chart *c, const struct control *k)
{
    for (int block = 0; block < 3; block++) {
        buf_puts(&c->data, block ? "\n\n" : "");
        for (int i = 0; i < k->count; i++) {
            const struct point *p = &k->at[i];
            if (block && (outside(p) != (block == 2) || isnan(p->value)))
                continue;
            buf_printf(&c->data, "%.10g\t", p->x);
            put_cell(&c->data, p->value);
            buf_puts(&c->data, "\t");
            put_cell(&c->data, p->low);
            buf_puts(&c->data, "\t");
            put_cell(&c->data, p->high);
            buf_puts(&c->data, "\n");
            if (block == 0) {
                chart_point(c, p->name, k->centre.ind->short_label, p->ind, p->e);
                chart_point(c, p->name, k->counts[i].ind->short_label, k->counts[i].ind,
                            k->counts[i].e);
            }
        }
    }
    chart_point(c, "中心线", NULL, k->centre.ind, k->centre.e);
}

static struct extent control_range(const struct control *k)
{
    struct extent y = {k->centre.value, k->centre.value};
    for (int i = 0; i < k->count; i++) {
        extent_add(&y, k->at[i].value);
        extent_add(&y, k->at[i].low);
        extent_add(&y, k->at[i].high);
    }
    double air = y.high > y.low ? 0.08 * (y.high - y.low) : 1;
    return (struct extent){fmax(0, y.low - air), y.high + air};
}

/* 中心线 and its value to the right of the line. */
static void put_centre(struct chart *c, const struct control *k)
{
    struct buf text = {0};
    put_number(c, &text, k->centre.ind, k->centre.e, PRINT_UNIT);
    buf_printf(&c->script,
               "set arrow from graph 0, first %.10g to graph 1, first %.10g nohead lc rgb ink lw "
               "1.2\nset label '中心线' at graph 1, first %.10g left offset 0.6,0.5 textcolor rgb "
               "ink font ',7'\nset label at graph 1, first %.10g left offset 0.6,-0.5 textcolor "
               "rgb ink font ',7' ",
               k->centre.value, k->centre.value, k->centre.value, k->centre.value);
    figure_quote(&c->script, buf_text(&text));
    buf_puts(&c->script, "\n");
    buf_free(&text);
}

static int count_outside(const struct control *k)
{
    int n = 0;
    for (int i = 0; i < k->count; i++)
        n += outside(&k->at[i]);
    return n;
}

static int count_values(const struct control *k)
{
    int n = 0;
    for (int i = 0; i < k->count; i++)
        n += isfinite(k->at[i].value);
    return n;
}

static void put_control_script(struct chart *c, const struct control *k)
{
    static const struct sign signs[] = {{"界限以内", "dark", 6}, {"界限以外", "0x000000", 13}};
    struct buf *s = &c->script;
    struct frame f = {.left = 1.9, .right = c->width - 1.7, .low = 0.5, .high = k->count + 0.5};
    const char *unit = k->counts[0].ind->unit;
    struct under under[] = {names_under("", k->at, k->count, f),
                            numbers_under(c, "%", k->at, k->count, PRINT_VALUE, f),
                            numbers_under(c, unit, k->counts, k->count, PRINT_VALUE, f)};
    int beyond = count_outside(k);
    put_unders(c, &f, under, 3, k->at, k->count, 6.2);
    f.top -= 0.5 * put_legend(c, signs, 2);
    put_frame(c, f, control_range(k));
    put_centre(c, k);
    buf_puts(s, "plot data index 0 using ($1-0.5):3:(1):(0) with vectors nohead lc rgb 0x555555 "
                "lw 1 dt (5,4), \\\n"
                "     data index 0 using ($1-0.5):4:(1):(0) with vectors nohead lc rgb 0x555555 "
                "lw 1 dt (5,4)");
    if (!*c->x->by)
        buf_puts(s, ", \\\n     data index 0 using 1:2 with lines lc rgb mid lw 1");
    if (count_values(k) > beyond)
        buf_puts(s, ", \\\n     data index 1 using 1:2 with points pt 6 ps 0.8 lw 1.4 lc rgb dark");
    if (beyond)
        buf_printf(s, ", \\\n     data index %d using 1:2 with points pt 13 ps 1.1 lc rgb 0x000000",
                   count_values(k) > beyond ? 2 : 1);
    buf_puts(s, "\n");
}

int plot_control(struct chart *c)
{
    struct control *k = must_alloc(sizeof *k);
    *k = (struct control){0};
    int rc = gather_control(c, k);
    bool any = rc == 0 && stat_shown(k->centre.e) && count_values(k) > 0;
    if (any) {
        put_control_data(c, k);
        put_control_script(c, k);
    }
    free(k);
    return rc < 0 ? -1 : any ? 0 : plot_nothing(c);
}
