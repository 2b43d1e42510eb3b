/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- data and script parts ----------------------------------------------------------------- */

static void put_cell(struct buf *b, double value)
{
    if (isfinite(value))
        buf_printf(b, "%.10g", value);
    else
        buf_puts(b, "NaN");
}

static void put_value_text(struct chart *c, const struct indicator *ind, const struct stat_row *e)
{
    stat_put(&c->data, c->r, ind, e, PRINT_VALUE, PRINT_UNIT);
}

/* Rounded up so that the axis ends on a plain number. */
static double nice_top(double value)
{
    double power = pow(10, floor(log10(value)));
    static const double STEPS[] = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        if (STEPS[i] * power >= value * 0.9999)
            return STEPS[i] * power;
    return value;
}

static double greatest(const struct chart *c)
{
    double top = 0;
    for (int i = 0; i < c->count; i++) {
        double end = isnan(c->items[i].high) ? c->items[i].value : c->items[i].high;
        if (end > top)
            top = end;
    }
    return top > 0 ? top : 1;
}

/* One sign of a legend: a coloured box, or a point when `point` is not 0. */
struct sign {
    const char *label, *colour;
    int point;
};

/* Axis labels may take as many half characters. */
enum { LABEL_MAX = 36 };

static int text_width(const char *text)
{
    int width = 0;
    for (const char *p = text; *p;)
        width += utf8_next(&p) < 0x2000 ? 1 : 2;
    return width;
}

/* Left margin that holds the longest label, in characters of the terminal. */
static double label_margin(const struct chart *c)
{
    int longest = 4;
    for (int i = 0; i < c->count; i++)
        if (text_width(c->items[i].label) > longest)
            longest = text_width(c->items[i].label);
    return (longest < LABEL_MAX ? longest : LABEL_MAX) * 0.95 + 2;
}

/* A label of the vertical axis; what is too long for it ends in ….  A backslash is doubled:
 * gnuplot reads escapes in labels of the axis. */
static void put_label(struct buf *out, const char *label)
{
    struct buf cut = {0};
    int width = 0;
    bool fits = text_width(label) <= LABEL_MAX;
    for (const char *p = label; *p;) {
        const char *start = p;
        width += utf8_next(&p) < 0x2000 ? 1 : 2;
        if (!fits && width > LABEL_MAX - 2)
            break;
        buf_puts(&cut, *start == '\\' ? "\\" : "");
        buf_put(&cut, start, (size_t)(p - start));
    }
    figure_text(out, buf_text(&cut));
    buf_puts(out, fits ? "" : "…");
    buf_free(&cut);
}

/* A legend above the chart, in as many lines as it needs, each centred; returns their number. */
static int put_legend(struct chart *c, const struct sign *signs, int n)
{
    enum { HALF_CHARACTER = 17, SIGN = 45, GAP = 50 }; /* tenths of a millimetre, at 8.5 bp */
    int room = (int)(c->width * 100) - 40, lines = 0;
    for (int first = 0; first < n; lines++) {
        int last = first, width = 0;
        while (last < n &&
               (last == first ||
                width + SIGN + GAP + HALF_CHARACTER * text_width(signs[last].label) <= room))
            width += SIGN + GAP + HALF_CHARACTER * text_width(signs[last++].label);
        double x = (c->width * 100 - width + GAP) / 2, y = c->height * 100 - 25 - 40 * lines;
        for (int i = first; i < last; i++) {
            double left = x / (c->width * 100), above = y / (c->height * 100);
            if (signs[i].point)
                buf_printf(&c->script,
                           "set label at screen %.5f,%.5f '' point pt %d ps 0.8 lw 1.4 lc rgb %s\n",
                           left + 15 / (c->width * 100), above, signs[i].point, signs[i].colour);
            else
                buf_printf(&c->script,
                           "set object rectangle from screen %.5f,%.5f to screen %.5f,%.5f "
                           "fc rgb %s fs solid 1.0 border rgb 0x777777 lw 0.5\n",
                           left, above - 12 / (c->height * 100), left + 33 / (c->width * 100),
                           above + 12 / (c->height * 100), signs[i].colour);
            buf_printf(&c->script, "set label at screen %.5f,%.5f left textcolor rgb ink ",
                       left + SIGN / (c->width * 100), above);
            figure_quote(&c->script, signs[i].label);
            buf_puts(&c->script, "\n");
            x += SIGN + GAP + HALF_CHARACTER * text_width(signs[i].label);
        }
        first = last;
    }
    return lines;
}

/* In the place of a chart of which nothing may be shown. */
static int plot_nothing(struct chart *c)
{
    c->height = 2;
    buf_puts(&c->script,
             "unset tics\nset label '样本过少或误差过大，没有可以公布的数据' at screen 0.5,0.5 "
             "center textcolor rgb ink\n"
             "plot [0:1] [0:1] 0.5 with lines lc rgb 0xFFFFFF\n");
    return 0;
}

/* ---- bars ---------------------------------------------------------------------------------- */

/* One line a bar: label, value, ends of the interval, end of bar or interval, text, n. */
static void put_bar_data(struct chart *c)
{
    for (int i = 0; i < c->count; i++) {
        const struct item *b = &c->items[i];
        put_label(&c->data, b->label);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, b->value);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, b->low);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, b->high);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, isnan(b->high) ? b->value : b->high);
        buf_puts(&c->data, "\t");
        put_value_text(c, b->ind, b->e);
        buf_puts(&c->data, "\t");
        buf_printf(&c->data, "%ld\n", b->e->n);
    }
}

static bool has_intervals(const struct chart *c)
{
    for (int i = 0; i < c->count; i++)
        if (!isnan(c->items[i].low))
            return true;
    return false;
}

/* The line of the whole, named above the bars. */
static void put_overall(struct chart *c)
{
    const struct indicator *ind = c->items[0].ind;
    const struct stat_row *all = results_find(c->r, ind->name, "all", "all");
    if (!stat_shown(all) || ind->statistic == STAT_TOTAL)
        return; /* the whole of totals is their sum, not a mark to compare with */
    struct buf label = {0}, figure = {0};
    stat_put(&figure, c->r, ind, all, PRINT_VALUE, PRINT_UNIT);
    buf_printf(&label, "合计 %s", figure.text);
    double value = stat_printed(c->r, ind, all);
    buf_printf(&c->script,
               "set arrow 1 from %.10g,%.2f to %.10g,0.4 nohead lc rgb ink lw 1.2 dt (6,4) front\n",
               value, -(double)c->count + 0.4, value);
    buf_printf(&c->script, "set label 1 at %.10g,0.75 center front textcolor rgb ink ", value);
    figure_quote(&c->script, label.text);
    buf_puts(&c->script, "\n");
    buf_free(&label);
    buf_free(&figure);
}

/* Values stand behind the bars, or, when they are ranked, in a column of their own, so that the
 * line of the whole crosses no text; n of samples in a further column. */
static void put_bar_script(struct chart *c, bool ranked)
{
    struct buf *s = &c->script;
    bool sampled = c->r->topic->levels[c->items[0].ind->level].sampled;
    double top = greatest(c), right = top * (ranked ? 1.03 : 1.16);
    buf_printf(s, "set lmargin %.1f\nset rmargin %d\nset tmargin %.1f\nset bmargin 0.4\n",
               label_margin(c),
               !ranked   ? 2
               : sampled ? 16
                         : 10,
               ranked ? 1.6 : 0.6);
    buf_printf(s, "set xrange [0:%.10g]\nset yrange [%.2f:0.6]\n", right, -(double)c->count + 0.4);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n");
    if (ranked)
        put_overall(c);
    if (ranked && sampled)
        buf_puts(s, "set label 2 '样本量' at graph 1.0, first 0.75 right offset 13,0 "
                    "textcolor rgb ink font ',7.5'\n");
    buf_puts(s, "plot data using (0.5*$2):(-$0):(0):2:(-$0-0.31):(-$0+0.31):ytic(1) "
                "with boxxyerror lc rgb mid, \\\n");
    if (has_intervals(c))
        buf_puts(s, "     data using 2:(-$0):3:4 with xerrorbars pt -1 lc rgb dark lw 1.4, \\\n");
    if (ranked && sampled)
        buf_printf(s,
                   "     data using (%.10g):(-$0):7 with labels right offset 13,0 "
                   "textcolor rgb ink font ',7.5', \\\n",
                   right);
    if (ranked)
        buf_printf(s,
                   "     data using (%.10g):(-$0):6 with labels right offset 7,0 "
                   "textcolor rgb ink\n",
                   right);
    else
        buf_puts(s, "     data using 5:(-$0):6 with labels left offset 0.5,0 textcolor rgb ink\n");
}

int plot_bars(struct chart *c)
{
    bool ranked = strcmp(c->x->type, "ranked") == 0;
    if ((ranked ? gather_by_domain(c) : gather_indicators(c)) < 0)
        return -1;
    if (c->count == 0)
        return plot_nothing(c);
    if (!chart_option(c, "order"))
        sort_items(c);
    c->height = 0.62 * c->count + (ranked ? 1.1 : 0.5);
    put_bar_data(c);
    put_bar_script(c, ranked);
    return 0;
}

/* ---- funnel -------------------------------------------------------------------------------- */

static void put_funnel_script(struct chart *c)
{
    struct buf *s = &c->script;
    double top = greatest(c);
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin 0.5\nset bmargin 0.5\n",
               label_margin(c));
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.2f:0.6]\n", -top * 0.5, top * 0.62,
               -(double)c->count + 0.4);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n"
                "plot data using (0):(-$0):(-0.5*$2):(0.5*$2):(-$0-0.36):(-$0+0.36):ytic(1) "
                "with boxxyerror lc rgb mid, \\\n"
                "     data using (0.5*$2):(-$0):6 with labels left offset 0.5,0 "
                "textcolor rgb ink\n");
}

int plot_funnel(struct chart *c)
{
    if (gather_indicators(c) < 0)
        return -1;
    if (c->count == 0)
        return plot_nothing(c);
    c->height = 0.9 * c->count + 0.4;
    put_bar_data(c);
    put_funnel_script(c);
    return 0;
}

/* ---- stacked ------------------------------------------------------------------------------- */

enum { PARTS_MAX = 12 };

/* One row of a stacked chart: the indicators of its parts and where they are estimated. */
struct stack {
    const char *label;
    const struct indicator *parts[PARTS_MAX];
    int part_count;
    const char *level, *domain;
};

static int groups_of(struct chart *c, struct stack *rows, int room)
{
    int n = 0;
    for (int i = 0; i < c->x->indicator_count; i++) {
        const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[i]);
        if (!*ind->group)
            return error_at(c->at, "stacked 图的指标要写成“名称.*”（categories 指标的各选项）");
        if (n == 0 || strcmp(rows[n - 1].parts[0]->group, ind->group) != 0) {
            if (n == room)
                return error_at(c->at, "stacked 图最多 %d 行", room);
            rows[n++] = (struct stack){.label = ind->group_label, .level = "all", .domain = "all"};
        }
        struct stack *row = &rows[n - 1];
        if (row->part_count == PARTS_MAX)
            return error_at(c->at, "stacked 图每行最多 %d 部分", PARTS_MAX);
        row->parts[row->part_count++] = ind;
    }
    return n;
}

/* With `by`: the group's row for the whole and for each value of the domain. */
static int spread_by_domain(struct chart *c, struct stack *rows, int room)
{
    int n = 0;
    struct stack group = rows[0];
    group.label = "合计";
    rows[n++] = group;
    for (int v = 0; v < c->value_count && n < room; v++) {
        group.label = c->values[v].value;
        group.level = c->x->by;
        group.domain = c->values[v].name;
        rows[n++] = group;
    }
    return n;
}

/* Block 0: one line a row, its label.  Block k: part k of the rows, with from, to, text. */
static void put_stack_data(struct chart *c, const struct stack *rows, int n)
{
    bool reverse = chart_option(c, "reverse");
    int parts = rows[0].part_count;
    double *reached = must_alloc((size_t)n * sizeof *reached);
    for (int i = 0; i < n; i++) {
        put_label(&c->data, rows[i].label);
        buf_puts(&c->data, "\n");
    }
    for (int k = 0; k < parts; k++) {
        buf_puts(&c->data, "\n\n");
        for (int i = 0; i < n; i++) {
            const struct indicator *ind = rows[i].parts[reverse ? parts - 1 - k : k];
            const struct stat_row *e = results_find(c->r, ind->name, rows[i].level, rows[i].domain);
            double value = stat_shown(e) ? e->value * ind->scale : 0;
            buf_printf(&c->data, "%d\t%.10g\t%.10g\t", -i, reached[i], reached[i] + value);
            if (value >= 4.5)
                stat_put(&c->data, c->r, ind, e, PRINT_VALUE, 0);
            buf_puts(&c->data, "\n");
            reached[i] += value;
        }
    }
    free(reached);
}

/* From dark to light; text on the two darkest is white. */
static const char *const SHADES[] = {"0x27476E", "0x5F81AC", "0x9DB3D0", "0xC9D5E5",
                                     "0xEDF1F6", "0x8C8C8C", "0xB4B4B4", "0xDADADA"};
enum { SHADE_COUNT = sizeof SHADES / sizeof *SHADES };

static void put_stack_script(struct chart *c, const struct stack *rows, int n)
{
    struct buf *s = &c->script;
    struct sign signs[PARTS_MAX] = {{0}};
    bool reverse = chart_option(c, "reverse");
    int parts = rows[0].part_count;
    for (int k = 0; k < parts; k++)
        signs[k] = (struct sign){rows[0].parts[reverse ? parts - 1 - k : k]->label,
                                 SHADES[k % SHADE_COUNT], 0};
    int lines = put_legend(c, signs, parts);
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin %.1f\nset bmargin 0.4\n",
               label_margin(c), 0.8 + 1.2 * lines);
    buf_printf(s, "set xrange [0:100]\nset yrange [%.2f:0.6]\n", -(double)n + 0.4);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n"
                "set style fill solid 1.0 border rgb 0x777777\nplot ");
    for (int k = 0; k < parts; k++)
        buf_printf(s,
                   "data index %d using (50):1:2:3:($1-0.36):($1+0.36) with boxxyerror "
                   "fc rgb %s lw 0.5, \\\n"
                   "     data index %d using (0.5*($2+$3)):1:4 with labels center "
                   "font ',7.5' textcolor rgb %s, \\\n     ",
                   k + 1, signs[k].colour, k + 1, k % SHADE_COUNT < 2 ? "0xFFFFFF" : "0x222222");
    buf_puts(s, "data index 0 using (-1):(-$0):ytic(1) with points pt -1\n");
}

int plot_stacked(struct chart *c)
{
    enum { ROOM = 40 };
    struct stack rows[ROOM];
    int n = groups_of(c, rows, ROOM);
    if (n < 0)
        return -1;
    for (int i = 1; i < n; i++)
        if (rows[i].part_count != rows[0].part_count)
            return error_at(c->at, "stacked 图各行的选项要相同");
    if (*c->x->by)
        n = spread_by_domain(c, rows, ROOM);
    c->items = must_alloc((size_t)n * sizeof *c->items);
    for (int i = 0; i < n; i++)
        c->items[c->count++] = (struct item){.label = rows[i].label};
    c->height = 0.78 * n + 1.3;
    put_stack_data(c, rows, n);
    put_stack_script(c, rows, n);
    return 0;
}

/* ---- dots ---------------------------------------------------------------------------------- */

/* Block k: the dots of value k of the domain; block 0: the labels. */
static void put_dot_data(struct chart *c)
{
    for (int i = 0; i < c->count; i++) {
        put_label(&c->data, c->items[i].label);
        buf_puts(&c->data, "\n");
    }
    for (int v = 0; v < c->value_count; v++) {
        buf_puts(&c->data, "\n\n");
        for (int i = 0; i < c->count; i++) {
            const struct indicator *ind = c->items[i].ind;
            const struct stat_row *e = results_find(c->r, ind->name, c->x->by, c->values[v].name);
            double low = NAN, high = NAN;
            if (!chart_option(c, "nointerval"))
                stat_interval(ind, e, &low, &high);
            buf_printf(&c->data, "%.3f\t", -i + (0.5 * (c->value_count - 1) - v) * 0.22);
            put_cell(&c->data, stat_printed(c->r, ind, e));
            buf_puts(&c->data, "\t");
            put_cell(&c->data, low);
            buf_puts(&c->data, "\t");
            put_cell(&c->data, high);
            buf_puts(&c->data, "\n");
        }
    }
}

static double greatest_dot(const struct chart *c)
{
    double top = greatest(c);
    for (int v = 0; v < c->value_count; v++)
        for (int i = 0; i < c->count; i++) {
            const struct indicator *ind = c->items[i].ind;
            const struct stat_row *e = results_find(c->r, ind->name, c->x->by, c->values[v].name);
            double low, high;
            if (stat_interval(ind, e, &low, &high) && high > top)
                top = high;
            else if (stat_shown(e) && stat_printed(c->r, ind, e) > top)
                top = stat_printed(c->r, ind, e);
        }
    return top;
}

/* Whether value v of the domain has anything to show; or any interval. */
static bool has_points(const struct chart *c, int v, bool interval)
{
    double low, high;
    for (int i = 0; i < c->count; i++) {
        const struct indicator *ind = c->items[i].ind;
        const struct stat_row *e = results_find(c->r, ind->name, c->x->by, c->values[v].name);
        if (interval ? stat_interval(ind, e, &low, &high) : stat_shown(e))
            return !interval || !chart_option(c, "nointerval");
    }
    return false;
}

static void put_dot_script(struct chart *c)
{
    static const int POINTS[] = {7, 6, 9, 4, 13, 8};
    static const char *const COLOURS[] = {"dark", "dark", "mid", "dark", "mid", "dark"};
    struct buf *s = &c->script;
    struct sign *signs = must_alloc((size_t)c->value_count * sizeof *signs);
    for (int v = 0; v < c->value_count; v++)
        signs[v] = (struct sign){c->values[v].value, COLOURS[v % 6], POINTS[v % 6]};
    int lines = put_legend(c, signs, c->value_count);
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin %.1f\nset bmargin 1.8\n",
               label_margin(c), 0.8 + 1.2 * lines);
    buf_printf(s, "set xrange [0:%.10g]\nset yrange [%.2f:0.6]\n", nice_top(greatest_dot(c)),
               -(double)c->count + 0.4);
    buf_puts(s, "set grid xtics lc rgb 0xCCCCCC lw 0.6\n"
                "set xtics nomirror textcolor rgb ink font ',7.5'\n"
                "set ytics nomirror textcolor rgb ink\nplot ");
    for (int v = 0; v < c->value_count; v++) {
        if (!has_points(c, v, false))
            continue;
        if (has_points(c, v, true))
            buf_printf(s,
                       "data index %d using 2:1:3:4 with xerrorbars pt -1 lc rgb %s lw 0.8, \\\n"
                       "     ",
                       v + 1, signs[v].colour);
        buf_printf(s,
                   "data index %d using 2:1 with points pt %d ps 0.8 lw 1.4 lc rgb %s, \\\n     ",
                   v + 1, signs[v].point, signs[v].colour);
    }
    buf_puts(s, "data index 0 using (-1):(-$0):ytic(1) with points pt -1\n");
    free(signs);
}

int plot_dots(struct chart *c)
{
    if (!*c->x->by || c->value_count == 0)
        return error_at(c->at, "dots 图要在 by 栏写明分组");
    if (gather_indicators(c) < 0)
        return -1;
    if (c->count == 0)
        return plot_nothing(c);
    if (!chart_option(c, "order"))
        sort_items(c);
    c->height = 0.85 * c->count + 1.9;
    put_dot_data(c);
    put_dot_script(c);
    return 0;
}
