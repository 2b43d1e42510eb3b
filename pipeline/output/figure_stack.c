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
    const char *label, *heading; /* 经营性资产; 经营性资产　512.3万元 where bars have heights */
    const struct indicator *parts[PARTS_MAX];
    int part_count;
    const char *level, *domain;
    double middle, half; /* of the bar's height, in rows; the first bar ends at 0.36 */
};

/* The rows that the list of indicators makes: one a group of categories, or one of several per
 * cents that add up. */
static int groups_of(struct chart *c, struct stack *rows, int room)
{
    int n = 0;
    for (int i = 0; i < c->x->indicator_count; i++) {
        const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[i]);
        if (!*ind->group && (!*c->x->by || !unit_is_percent(ind)))
            return error_at(c->at, "stacked 图的指标要写成“名称.*”（categories 指标的各选项）；"
                                   "有 by 的也可以写几个相加为100%%的指标");
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

/* The indicator of area=…, whose values are the heights of the bars; NULL without. */
static const struct indicator *area_of(const struct chart *c)
{
    const char *name = chart_text(c, "area", 0);
    return name ? topic_indicator(c->r->topic, name) : NULL;
}

/* With `by`: the group's row for the whole, unless nototal, and for each value of the domain. */
static int spread_by_domain(struct chart *c, struct stack *rows, int room)
{
    int n = 0;
    struct stack group = rows[0];
    group.label = "合计";
    if ((!chart_option(c, "nototal") && !area_of(c)) || c->value_count == 0)
        rows[n++] = group;
    for (int v = 0; v < c->value_count && n < room; v++) {
        group.label = c->values[v].value;
        group.level = c->x->by;
        group.domain = c->values[v].name;
        rows[n++] = group;
    }
    return n;
}

static const struct stat_row *part_of(const struct chart *c, const struct stack *row, int k)
{
    return results_find(c->r, row->parts[k]->name, row->level, row->domain);
}

/* The name of a row's part: the choice, or what `labels` or the indicator say. */
static const char *part_name(const struct chart *c, const struct stack *row, int k)
{
    const char *own = *row->parts[k]->group ? NULL : chart_text(c, "labels", k);
    return own ? own : *row->parts[k]->group ? row->parts[k]->label : row->parts[k]->short_label;
}

/* The first part without a number to show: the rest would stand in a wrong place, so that the
 * whole bar is left out.  -1 when all parts have one. */
static int lacking(const struct chart *c, const struct stack *row)
{
    for (int k = 0; k < row->part_count; k++)
        if (!stat_shown(part_of(c, row, k)))
            return k;
    return -1;
}

static int check_sums(struct chart *c, const struct stack *rows, int n)
{
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < rows[i].part_count; k++) {
            const struct stat_row *e = part_of(c, &rows[i], k);
            sum += stat_shown(e) ? e->value * rows[i].parts[k]->scale : NAN;
        }
        if (!*rows[i].parts[0]->group && fabs(sum - 100) > 1e-6)
            return error_at(c->at, "stacked 图的几个指标相加不是100%%：%s的和是%.6g%%",
                            rows[i].label, sum);
    }
    return 0;
}

/* Bars of equal height, or as high as their values of `area` say, so that areas compare; each
 * has at least the room of its label.  Returns the lower end of the last. */
static double lay_rows(struct chart *c, struct stack *rows, int n)
{
    const struct indicator *area = area_of(c);
    double sum = 0, top = 0.36;
    for (int i = 0; i < n; i++) {
        const struct stat_row *e = NULL;
        if (area)
            e = results_find(c->r, area->name, rows[i].level, rows[i].domain);
        rows[i].half = area ? fmax(0, stat_shown(e) ? e->value : 0) : 1;
        sum += rows[i].half;
    }
    for (int i = 0; i < n; i++) {
        rows[i].half = sum > 0 ? rows[i].half / sum * n * 0.36 : 0;
        double room = fmax(2 * rows[i].half, area ? 0.36 : 0.72);
        rows[i].middle = top - room / 2;
        top -= room + (i < n - 1 ? (area ? 0.1 : 0.28) : 0);
    }
    return top;
}

static void name_rows(struct chart *c, struct stack *rows, int n)
{
    const struct indicator *area = area_of(c);
    c->items = must_alloc((size_t)n * sizeof *c->items);
    for (int i = 0; i < n; i++) {
        struct stack *row = &rows[i];
        row->heading = row->label;
        if (area) {
            const struct stat_row *e = results_find(c->r, area->name, row->level, row->domain);
            struct buf height = {0};
            put_number(c, &height, area, e, PRINT_UNIT);
            row->heading = arena_printf(&c->figure->arena, "%s　%s%s", row->label,
                                        buf_text(&height), unit_is_percent(area) ? "" : area->unit);
            chart_point(c, row->label, area->short_label, area, e);
            buf_free(&height);
        }
        c->items[c->count++] = (struct item){.label = row->heading};
    }
}

static void put_row(struct chart *c, const struct stack *row)
{
    int k = lacking(c, row);
    put_label(&c->data, row->heading);
    buf_printf(&c->data, "\t%.10g\t", row->middle);
    if (k >= 0) {
        chart_point(c, row->label, NULL, row->parts[k], part_of(c, row, k));
        put_value_text(c, row->parts[k], part_of(c, row, k));
    }
    for (; k >= 0 && k < row->part_count; k++)
        if (stat_withheld(part_of(c, row, k)))
            chart_mark(c, part_of(c, row, k)->mark);
    buf_puts(&c->data, "\n");
}

/* Heights in cm of a row of the chart. */
static double row_height(const struct chart *c)
{
    return area_of(c) ? 1.6 : 0.78;
}

/* Block 0: a row's label, middle, and ※ in the place of a bar that is left out.  Block k: part k
 * of the rows, with middle, from, to, text, lower and upper end.  The middles of the first row's
 * parts. */
static void put_stack_data(struct chart *c, const struct stack *rows, int n, double *middles)
{
    bool reverse = chart_option(c, "reverse");
    int parts = rows[0].part_count;
    double *reached = must_alloc((size_t)n * sizeof *reached);
    for (int i = 0; i < n; i++)
        put_row(c, &rows[i]);
    for (int k = 0; k < parts; k++) {
        buf_puts(&c->data, "\n\n");
        for (int i = 0; i < n; i++) {
            const struct stack *row = &rows[i];
            int part = reverse ? parts - 1 - k : k;
            const struct indicator *ind = row->parts[part];
            const struct stat_row *e = part_of(c, row, part);
            bool drawn = lacking(c, row) < 0;
            double value = drawn ? e->value * ind->scale : 0;
            if (drawn)
                chart_point(c, row->label, part_name(c, row, part), ind, e);
            if (i == 0)
                middles[k] = reached[0] + value / 2;
            buf_printf(&c->data, "%.10g\t%.10g\t%.10g\t", row->middle, reached[i],
                       reached[i] + value);
            if (value >= 4.5 && 2 * row->half * row_height(c) >= 0.3)
                put_number(c, &c->data, ind, e, 0);
            buf_printf(&c->data, "\t%.10g\t%.10g\n", row->middle - row->half,
                       row->middle + row->half);
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

/* Names above the bars, or a legend where there is no room for them, or no first bar. */
static void put_stack_heads(struct chart *c, const struct stack *rows, const struct sign *signs,
                            const double *middles, int n, double bottom)
{
    struct buf *s = &c->script;
    double rooms[PARTS_MAX], height = rows_height(n, row_height(c));
    int parts = rows[0].part_count;
    bool named = lacking(c, &rows[0]) < 0 && names_room(c, signs, parts, rooms) <= 100;
    c->height = height + 1.3;
    int lines = named ? 0 : put_legend(c, signs, parts);
    if (named)
        put_names(c, signs, middles, rooms, parts);
    buf_printf(s, "set lmargin at screen %.4f\nset rmargin at screen %.4f\n", label_share(c),
               1 - 0.5 / c->width);
    buf_printf(s, "set tmargin %.1f\nset bmargin 0.4\n", named ? 0.2 : 0.8 + 1.2 * lines);
    buf_printf(s, "set xrange [0:100]\nset yrange [%.4f:%.2f]\n", bottom - 0.24,
               named ? 0.4 + NAMES_HEIGHT : 0.6);
    c->height = height + (named ? 0.9 : 0.5 + 0.6 * lines);
}

static void put_stack_script(struct chart *c, const struct stack *rows, const double *middles,
                             int n, double bottom)
{
    struct buf *s = &c->script;
    struct sign signs[PARTS_MAX] = {{0}};
    bool reverse = chart_option(c, "reverse");
    int parts = rows[0].part_count;
    for (int k = 0; k < parts; k++)
        signs[k] = (struct sign){part_name(c, &rows[0], reverse ? parts - 1 - k : k),
                                 SHADES[k % SHADE_COUNT], 0};
    put_stack_heads(c, rows, signs, middles, n, bottom);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n"
                "set style fill solid 1.0 border rgb 0x777777\nplot ");
    for (int k = 0; k < parts; k++)
        buf_printf(s,
                   "data index %d using (50):1:2:3:5:6 with boxxyerror fc rgb %s lw 0.5, \\\n"
                   "     data index %d using (0.5*($2+$3)):1:4 with labels center "
                   "font ',7' textcolor rgb %s, \\\n     ",
                   k + 1, signs[k].colour, k + 1, k % SHADE_COUNT < 2 ? "0xFFFFFF" : "0x222222");
    buf_puts(s, "data index 0 using (0):2:ytic(1) with points pt -1, \\\n"
                "     data index 0 using (0):2:3 with labels left offset 0.5,0 "
                "textcolor rgb ink\n");
}

int plot_stacked(struct chart *c)
{
    enum { ROOM = 40 };
    struct stack rows[ROOM] = {{0}};
    int n = groups_of(c, rows, ROOM), shown = 0;
    if (n < 0)
        return -1;
    for (int i = 1; i < n; i++)
        if (rows[i].part_count != rows[0].part_count)
            return error_at(c->at, "stacked 图各行的选项要相同");
    if (chart_text(c, "area", 0) && (!area_of(c) || !*c->x->by))
        return error_at(c->at, "stacked 图的 area= 写一个指标名，并在 by 栏写明分组");
    if (*c->x->by)
        n = spread_by_domain(c, rows, ROOM);
    for (int i = 0; i < n; i++)
        shown += lacking(c, &rows[i]) < 0;
    if (!shown)
        return plot_nothing(c);
    if (check_sums(c, rows, n) < 0)
        return -1;
    name_rows(c, rows, n);
    double middles[PARTS_MAX] = {0}, bottom = lay_rows(c, rows, n);
    put_stack_data(c, rows, n, middles);
    put_stack_script(c, rows, middles, n, bottom);
    return 0;
}

/* ---- dots ---------------------------------------------------------------------------------- */

/* The kinds of dots: with `by` the values of the domain; without, what `heads` name. */
static int kinds_of(const struct chart *c)
{
    return *c->x->by ? c->value_count : chart_texts(c, "heads");
}

static const char *kind_name(const struct chart *c, int kind)
{
    return *c->x->by ? c->values[kind].value : chart_text(c, "heads", kind);
}

/* A row an indicator; without `by` one for as many as there are kinds, in the order given. */
static int gather_rows(struct chart *c)
{
    if (*c->x->by) {
        if (gather_indicators(c) < 0)
            return -1;
        if (!chart_option(c, "order"))
            sort_items(c);
        return 0;
    }
    int kinds = kinds_of(c);
    if (kinds < 2 || c->x->indicator_count % kinds)
        return error_at(c->at, "dots 图要在 by 栏写明分组；或者不写 by，在 show 栏用 "
                               "heads=建成|能用 写明各点的名称，每行顺着写这么多个指标");
    c->items = must_alloc((size_t)c->x->indicator_count * sizeof *c->items);
    for (int i = 0; i < c->x->indicator_count; i++) {
        const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[i]);
        const char *own = chart_text(c, "labels", i / kinds);
        if (strcmp(ind->unit, c->unit) != 0)
            return error_at(c->at, "同一张图的指标单位要相同：%s 与 %s", c->unit, ind->unit);
        if (i % kinds == 0)
            c->items[c->count++] = (struct item){.label = own ? own : ind->label, .ind = ind};
    }
    return 0;
}

static struct item dot_of(const struct chart *c, int row, int kind)
{
    struct item d = {.low = NAN, .high = NAN};
    if (*c->x->by) {
        d.ind = c->items[row].ind;
        d.e = results_find(c->r, d.ind->name, c->x->by, c->values[kind].name);
    } else {
        d.ind = topic_indicator(c->r->topic, c->x->indicators[row * kinds_of(c) + kind]);
        d.e = results_find(c->r, d.ind->name, "all", "all");
    }
    d.value = stat_printed(c->r, d.ind, d.e);
    if (!chart_option(c, "nointerval"))
        stat_interval(d.ind, d.e, &d.low, &d.high);
    return d;
}

/* The least (sign -1) or greatest (1) dot of a row; its value is NaN when none may be shown. */
static struct item end_of(const struct chart *c, int row, int sign)
{
    struct item end = {.value = NAN};
    for (int k = 0; k < kinds_of(c); k++) {
        struct item d = dot_of(c, row, k);
        if (isnan(end.value) || sign * d.value > sign * end.value)
            end = d;
    }
    return end;
}

/* The band between the ends of a row, and their numbers outside of it. */
static void put_ends(struct chart *c, int row)
{
    struct item low = end_of(c, row, -1), high = end_of(c, row, 1);
    if (isnan(low.value))
        return;
    buf_printf(&c->data, "%d\t%.10g\t%.10g\t%.10g\t%.10g\t", -row, low.value, high.value,
               isfinite(low.low) ? low.low : low.value,
               isfinite(high.high) ? high.high : high.value);
    put_value_text(c, low.ind, low.e);
    buf_puts(&c->data, "\t");
    put_value_text(c, high.ind, high.e);
    buf_puts(&c->data, "\n");
}

/* Block 0: the labels; block k: the dots of a kind; without `by` a last one, of the ends. */
static void put_dot_data(struct chart *c)
{
    int kinds = kinds_of(c);
    for (int i = 0; i < c->count; i++) {
        put_label(&c->data, c->items[i].label);
        buf_puts(&c->data, "\n");
    }
    for (int k = 0; k < kinds; k++) {
        buf_puts(&c->data, "\n\n");
        for (int i = 0; i < c->count; i++) {
            struct item d = dot_of(c, i, k);
            chart_point(c, c->items[i].label, kind_name(c, k), d.ind, d.e);
            buf_printf(&c->data, "%.3f\t", -i + (0.5 * (kinds - 1) - k) * 0.22);
            put_cell(&c->data, d.value);
            buf_puts(&c->data, "\t");
            put_cell(&c->data, d.low);
            buf_puts(&c->data, "\t");
            put_cell(&c->data, d.high);
            buf_puts(&c->data, "\n");
        }
    }
    buf_puts(&c->data, "\n\n");
    for (int i = 0; !*c->x->by && i < c->count; i++)
        put_ends(c, i);
}

/* With room for the numbers beside the ends. */
static struct extent extent_dots(const struct chart *c)
{
    struct extent x = {0};
    for (int k = 0; k < kinds_of(c); k++)
        for (int i = 0; i < c->count; i++) {
            struct item d = dot_of(c, i, k);
            extent_add(&x, d.value);
            extent_add(&x, d.low);
            extent_add(&x, d.high);
        }
    x = extent_nice(x);
    if (!*c->x->by)
        x.high += 0.12 * (x.high - x.low);
    return x;
}

/* Whether a kind has anything to show; or any interval. */
static bool has_points(const struct chart *c, int kind, bool interval)
{
    for (int i = 0; i < c->count; i++) {
        struct item d = dot_of(c, i, kind);
        if (isfinite(interval ? d.low : d.value))
            return true;
    }
    return false;
}

/* ※ at the right end of the rows where a dot of several kinds is withheld. */
static void put_missing_dots(struct chart *c)
{
    for (int i = 0; i < c->count; i++)
        for (int k = 0; k < kinds_of(c); k++)
            if (stat_withheld(dot_of(c, i, k).e)) {
                buf_printf(&c->script,
                           "set label '※' at graph 1, first %d left offset 0.3,0 textcolor rgb "
                           "ink\n",
                           -i);
                break;
            }
}

/* Below the dots: bands between the ends of the rows, and the numbers. */
static void put_bands(struct chart *c)
{
    buf_printf(&c->script,
               "data index %d using 2:1:2:3:($1-0.07):($1+0.07) with boxxyerror fc rgb light, \\\n"
               "     data index %d using 4:1:6 with labels right offset -0.9,0 textcolor rgb ink, "
               "\\\n     data index %d using 5:1:7 with labels left offset 0.9,0 textcolor rgb "
               "ink, \\\n     ",
               kinds_of(c) + 1, kinds_of(c) + 1, kinds_of(c) + 1);
}

static void put_dot_script(struct chart *c)
{
    static const int POINTS[] = {7, 6, 9, 4, 13, 8};
    static const char *const COLOURS[] = {"dark", "dark", "mid", "dark", "mid", "dark"};
    struct buf *s = &c->script;
    int kinds = kinds_of(c);
    struct sign *signs = must_alloc((size_t)kinds * sizeof *signs);
    for (int k = 0; k < kinds; k++)
        signs[k] = (struct sign){kind_name(c, k), COLOURS[k % 6], POINTS[k % 6]};
    int lines = put_legend(c, signs, kinds);
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin %.1f\nset bmargin 1.8\n",
               label_margin(c), 0.8 + 1.2 * lines);
    struct extent x = extent_dots(c);
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.2f:0.6]\n", x.low, x.high,
               -(double)c->count + 0.4);
    buf_puts(s, "set grid xtics lc rgb 0xCCCCCC lw 0.6\n"
                "set xtics nomirror textcolor rgb ink font ',7'\n"
                "set ytics nomirror textcolor rgb ink\n");
    if (x.low < 0)
        buf_puts(s, "set arrow from 0, graph 0 to 0, graph 1 nohead lc rgb ink lw 1.2\n");
    put_missing_dots(c);
    buf_puts(s, "plot ");
    if (!*c->x->by)
        put_bands(c);
    for (int k = 0; k < kinds; k++) {
        if (has_points(c, k, true))
            buf_printf(s,
                       "data index %d using 2:1:3:4 with xerrorbars pt -1 lc rgb %s lw 0.8, \\\n"
                       "     ",
                       k + 1, signs[k].colour);
        if (has_points(c, k, false))
            buf_printf(s,
                       "data index %d using 2:1 with points pt %d ps 0.8 lw 1.4 lc rgb %s, "
                       "\\\n     ",
                       k + 1, signs[k].point, signs[k].colour);
    }
    buf_puts(s, "data index 0 using (-1):(-$0):ytic(1) with points pt -1\n");
    free(signs);
}

int plot_dots(struct chart *c)
{
    if (gather_rows(c) < 0)
        return -1;
    bool any = false;
    for (int k = 0; k < kinds_of(c); k++)
        any = any || has_points(c, k, false);
    if (!any)
        return plot_nothing(c);
    c->height = rows_height(c->count, 0.85) + 1.9;
    put_dot_data(c);
    put_dot_script(c);
    return 0;
}
