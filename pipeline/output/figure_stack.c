/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts of parts of a whole, and of groups side by side: stacked bars and dots.
 */
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* With `by`: the group's row for the whole, unless nototal, and for each value of the domain. */
static int spread_by_domain(struct chart *c, struct stack *rows, int room)
{
    int n = 0;
    struct stack group = rows[0];
    group.label = "合计";
    if (!chart_option(c, "nototal") || c->value_count == 0)
        rows[n++] = group;
    for (int v = 0; v < c->value_count && n < room; v++) {
        group.label = c->values[v].value;
        group.level = c->x->by;
        group.domain = c->values[v].name;
        rows[n++] = group;
    }
    return n;
}

/* Block 0: one line a row, its label.  Block k: part k of the rows, with from, to, text.  The
 * middles of the first row's parts. */
static void put_stack_data(struct chart *c, const struct stack *rows, int n, double *middles)
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
            chart_point(c, rows[i].label, ind->label, ind, e);
            if (i == 0)
                middles[k] = reached[0] + value / 2;
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

/* Room for the names of the parts and their leaders above the first bar, in rows. */
#define NAMES_HEIGHT 0.85

/* Half characters of all names must fit side by side, in per cent of the bars' width. */
static double names_room(const struct chart *c, const struct sign *signs, int parts, double *rooms)
{
    double total = 0, bars = c->width * (1 - label_share(c)) - 0.5;
    for (int k = 0; k < parts; k++) {
        rooms[k] = (text_width(signs[k].label) + 2) * HALF_WIDTH / bars * 100;
        total += rooms[k];
    }
    return total;
}

/* The name of each part stands above it, tied to the first bar by a thin line. */
static void put_names(struct chart *c, const struct sign *signs, const double *middles,
                      const double *rooms, int parts)
{
    double places[PARTS_MAX];
    memcpy(places, middles, (size_t)parts * sizeof *places);
    spread(places, rooms, parts, rooms[0] / 2, 100 - rooms[parts - 1] / 2);
    for (int k = 0; k < parts; k++) {
        buf_printf(&c->script,
                   "set arrow from %.4f,%.3f to %.4f,0.37 nohead lc rgb 0x777777 lw 0.6\n"
                   "set label at %.4f,%.3f center textcolor rgb ink font ',7.5' ",
                   places[k], 0.4 + 0.35 * NAMES_HEIGHT, middles[k], places[k],
                   0.4 + 0.65 * NAMES_HEIGHT);
        figure_quote(&c->script, signs[k].label);
        buf_puts(&c->script, "\n");
    }
}

/* Names above the bars, or a legend where there is no room for them. */
static void put_stack_heads(struct chart *c, const struct sign *signs, const double *middles,
                            int parts, int n)
{
    struct buf *s = &c->script;
    double rooms[PARTS_MAX];
    bool named = names_room(c, signs, parts, rooms) <= 100;
    int lines = named ? 0 : put_legend(c, signs, parts);
    if (named)
        put_names(c, signs, middles, rooms, parts);
    buf_printf(s, "set lmargin at screen %.4f\nset rmargin at screen %.4f\n", label_share(c),
               1 - 0.5 / c->width);
    buf_printf(s, "set tmargin %.1f\nset bmargin 0.4\n", named ? 0.2 : 0.8 + 1.2 * lines);
    buf_printf(s, "set xrange [0:100]\nset yrange [%.2f:%.2f]\n", -(double)n + 0.4,
               named ? 0.4 + NAMES_HEIGHT : 0.6);
    c->height = rows_height(n, 0.78) + (named ? 0.9 : 0.5 + 0.6 * lines);
}

static void put_stack_script(struct chart *c, const struct stack *rows, const double *middles,
                             int n)
{
    struct buf *s = &c->script;
    struct sign signs[PARTS_MAX] = {{0}};
    bool reverse = chart_option(c, "reverse");
    int parts = rows[0].part_count;
    for (int k = 0; k < parts; k++)
        signs[k] = (struct sign){rows[0].parts[reverse ? parts - 1 - k : k]->label,
                                 SHADES[k % SHADE_COUNT], 0};
    c->height = rows_height(n, 0.78) + 1.3;
    put_stack_heads(c, signs, middles, parts, n);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n"
                "set style fill solid 1.0 border rgb 0x777777\nplot ");
    for (int k = 0; k < parts; k++)
        buf_printf(s,
                   "data index %d using (50):1:2:3:($1-0.36):($1+0.36) with boxxyerror "
                   "fc rgb %s lw 0.5, \\\n"
                   "     data index %d using (0.5*($2+$3)):1:4 with labels center "
                   "font ',7' textcolor rgb %s, \\\n     ",
                   k + 1, signs[k].colour, k + 1, k % SHADE_COUNT < 2 ? "0xFFFFFF" : "0x222222");
    buf_puts(s, "data index 0 using (0):(-$0):ytic(1) with points pt -1\n");
}

int plot_stacked(struct chart *c)
{
    enum { ROOM = 40 };
    struct stack rows[ROOM] = {{0}};
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
    double middles[PARTS_MAX] = {0};
    put_stack_data(c, rows, n, middles);
    put_stack_script(c, rows, middles, n);
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
            chart_point(c, c->items[i].label, c->values[v].value, ind, e);
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

static struct extent extent_dots(const struct chart *c)
{
    struct extent x = {0};
    extent_items(&x, c);
    for (int v = 0; v < c->value_count; v++)
        for (int i = 0; i < c->count; i++) {
            const struct indicator *ind = c->items[i].ind;
            const struct stat_row *e = results_find(c->r, ind->name, c->x->by, c->values[v].name);
            double low, high;
            if (stat_interval(ind, e, &low, &high)) {
                extent_add(&x, low);
                extent_add(&x, high);
            }
            if (stat_shown(e))
                extent_add(&x, stat_printed(c->r, ind, e));
        }
    return extent_nice(x);
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
    struct extent x = extent_dots(c);
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.2f:0.6]\n", x.low, x.high,
               -(double)c->count + 0.4);
    buf_puts(s, "set grid xtics lc rgb 0xCCCCCC lw 0.6\n"
                "set xtics nomirror textcolor rgb ink font ',7'\n"
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
    c->height = rows_height(c->count, 0.85) + 1.9;
    put_dot_data(c);
    put_dot_script(c);
    return 0;
}
