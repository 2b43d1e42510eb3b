/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/figure.h"

#include "base/outfile.h"
#include "base/run.h"
#include "output/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FONT "Noto Sans CJK SC"

/* A bar, a row of parts, or a row of dots. */
struct item {
    const char *label;
    const struct indicator *ind;
    const struct stat_row *e;
    double value, low, high; /* printed units; low and high are NaN without interval */
};

struct chart {
    struct macros *m;
    struct results *r;
    const struct exhibit *x;
    struct place at;
    struct item *items;
    int count;
    struct setting *values; /* of the domain, for dots and stacked */
    int value_count;
    const char *unit;
    double width, height; /* cm */
    struct buf script, data;
};

/* ---- text ---------------------------------------------------------------------------------- */

static bool font_may_have(uint32_t c)
{
    return (c >= 0x20 && c < 0x7F) || (c >= 0xA1 && c <= 0x24F) || (c >= 0x370 && c <= 0x4FF) ||
           (c >= 0x2010 && c <= 0x2027) || (c >= 0x2030 && c <= 0x205E) ||
           (c >= 0x2100 && c <= 0x27BF) || (c >= 0x2E80 && c <= 0x9FFF) ||
           (c >= 0xFF01 && c <= 0xFFEE) || is_han(c);
}

void figure_text(struct buf *out, const char *text)
{
    for (const char *p = text; *p;) {
        uint32_t c = utf8_next(&p);
        if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000)
            buf_putc(out, ' ');
        else if (c == '"')
            buf_puts(out, "”");
        else if ((c >= 0xFE00 && c <= 0xFE0F) || c == 0x200D)
            continue;
        else if (font_may_have(c))
            buf_put_char(out, c);
        else
            buf_printf(out, "〔U+%04X〕", (unsigned)c);
    }
}

void figure_quote(struct buf *out, const char *text)
{
    struct buf plain = {0};
    figure_text(&plain, text);
    buf_putc(out, '\'');
    for (const char *p = buf_text(&plain); *p; p++) {
        if (*p == '\'')
            buf_putc(out, '\'');
        buf_putc(out, *p);
    }
    buf_putc(out, '\'');
    buf_free(&plain);
}

static bool has_option(const struct chart *c, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = c->x->show; (p = strstr(p, word)); p += n)
        if ((p == c->x->show || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return true;
    return false;
}

/* ---- gathering ----------------------------------------------------------------------------- */

static void add_item(struct chart *c, const char *label, const struct indicator *ind,
                     const struct stat_row *e)
{
    if (!stat_shown(e))
        return;
    struct item *i = &c->items[c->count++];
    *i = (struct item){label, ind, e, stat_printed(c->r, ind, e), NAN, NAN};
    if (!has_option(c, "nointerval"))
        stat_interval(ind, e, &i->low, &i->high);
}

static void sort_items(struct chart *c)
{
    for (int i = 1; i < c->count; i++) {
        struct item one = c->items[i];
        int at = i;
        for (; at > 0 && c->items[at - 1].value < one.value; at--)
            c->items[at] = c->items[at - 1];
        c->items[at] = one;
    }
}

static int gather_by_domain(struct chart *c)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[0]);
    if (c->x->indicator_count != 1 || !*c->x->by)
        return error_at(c->at, "ranked 图要有一个指标，并在 by 栏写明分组");
    c->items = must_alloc((size_t)(c->value_count + 1) * sizeof *c->items);
    for (int v = 0; v < c->value_count; v++)
        add_item(c, c->values[v].value, ind,
                 results_find(c->r, ind->name, c->x->by, c->values[v].name));
    return 0;
}

static int gather_indicators(struct chart *c)
{
    c->items = must_alloc((size_t)(c->x->indicator_count + 1) * sizeof *c->items);
    for (int i = 0; i < c->x->indicator_count; i++) {
        const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[i]);
        if (strcmp(ind->unit, c->unit) != 0)
            return error_at(c->at, "同一张图的指标单位要相同：%s 与 %s", c->unit, ind->unit);
        add_item(c, ind->label, ind, results_find(c->r, ind->name, "all", "all"));
    }
    return 0;
}

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

static void put_script_head(struct chart *c, const char *stem)
{
    struct buf *s = &c->script;
    buf_printf(s, "# 重新画这张图：gnuplot -c %s.gp %s.pdf\n", stem, stem);
    buf_printf(s, "data = '%s.tsv'\n", stem);
    buf_printf(s, "set terminal pdfcairo noenhanced color size %.2fcm,%.2fcm font '" FONT ",9'\n",
               c->width, c->height);
    buf_puts(s, "set output ARG1\n"
                "set encoding utf8\n"
                "set datafile separator \"\\t\"\n"
                "set datafile commentschars ''\n"
                "set datafile missing 'NaN'\n"
                "set border 0\n"
                "set tics scale 0\n"
                "set style fill solid 1.0 noborder\n"
                "unset key\n"
                "dark = 0x27476E; mid = 0x7F9BBF; light = 0xC6D3E3; ink = 0x222222\n"
                "set style line 1 lc rgb ink lw 1\n");
}

/* Left margin that holds the longest label, in characters of the terminal. */
static double label_margin(const struct chart *c, const char *extra)
{
    int longest = 4;
    for (int i = -1; i < c->count; i++) {
        const char *text = i < 0 ? extra : c->items[i].label;
        int width = 0;
        for (const char *p = text; *p;)
            width += utf8_next(&p) < 0x2000 ? 1 : 2;
        if (width > longest)
            longest = width;
    }
    return longest * 0.95 + 2;
}

/* ---- bars ---------------------------------------------------------------------------------- */

/* One line a bar: label, value, ends of the interval, end of bar or interval, text, n. */
static void put_bar_data(struct chart *c)
{
    for (int i = 0; i < c->count; i++) {
        const struct item *b = &c->items[i];
        figure_text(&c->data, b->label);
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
    if (!stat_shown(all))
        return;
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

static void put_bar_script(struct chart *c, bool overall)
{
    struct buf *s = &c->script;
    double top = greatest(c);
    bool same_n = true;
    for (int i = 1; i < c->count; i++)
        same_n = same_n && c->items[i].e->n == c->items[0].e->n;
    buf_printf(s, "set lmargin %.1f\nset rmargin %d\nset tmargin %.1f\nset bmargin 0.4\n",
               label_margin(c, ""), same_n ? 2 : 9, overall ? 1.6 : 0.6);
    buf_printf(s, "set xrange [0:%.10g]\nset yrange [%.2f:0.6]\n", top * 1.16,
               -(double)c->count + 0.4);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n");
    if (overall)
        put_overall(c);
    if (!same_n)
        buf_puts(s, "set label 2 '样本量' at graph 1.0, first 0.75 left offset 0.6,0 "
                    "textcolor rgb ink font ',8'\n");
    buf_puts(s, "plot data using (0.5*$2):(-$0):(0):2:(-$0-0.31):(-$0+0.31):ytic(1) "
                "with boxxyerror lc rgb mid, \\\n");
    if (has_intervals(c))
        buf_puts(s, "     data using 2:(-$0):3:4 with xerrorbars pt -1 lc rgb dark lw 1.4, \\\n");
    if (!same_n)
        buf_printf(s,
                   "     data using (%.10g):(-$0):7 with labels left offset 0.6,0 "
                   "textcolor rgb ink font ',8', \\\n",
                   top * 1.16);
    buf_puts(s, "     data using 5:(-$0):6 with labels left offset 0.5,0 textcolor rgb ink\n");
}

static int draw_bars(struct chart *c)
{
    bool ranked = strcmp(c->x->type, "ranked") == 0;
    if ((ranked ? gather_by_domain(c) : gather_indicators(c)) < 0)
        return -1;
    if (c->count == 0)
        return error_at(c->at, "没有可以画的数据");
    if (!has_option(c, "order"))
        sort_items(c);
    c->height = 0.62 * c->count + (ranked ? 1.1 : 0.5);
    put_bar_data(c);
    return 0;
}

/* ---- funnel -------------------------------------------------------------------------------- */

static void put_funnel_script(struct chart *c)
{
    struct buf *s = &c->script;
    double top = greatest(c);
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin 0.5\nset bmargin 0.5\n",
               label_margin(c, ""));
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.2f:0.6]\n", -top * 0.5, top * 0.62,
               -(double)c->count + 0.4);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n"
                "plot data using (0):(-$0):(-0.5*$2):(0.5*$2):(-$0-0.36):(-$0+0.36):ytic(1) "
                "with boxxyerror lc rgb mid, \\\n"
                "     data using (0.5*$2):(-$0):6 with labels left offset 0.5,0 "
                "textcolor rgb ink\n");
}

static int draw_funnel(struct chart *c)
{
    if (gather_indicators(c) < 0)
        return -1;
    if (c->count < 2)
        return error_at(c->at, "funnel 图至少要有两步的数据");
    c->height = 0.9 * c->count + 0.4;
    put_bar_data(c);
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
    bool reverse = has_option(c, "reverse");
    int parts = rows[0].part_count;
    double *reached = must_alloc((size_t)n * sizeof *reached);
    for (int i = 0; i < n; i++) {
        figure_text(&c->data, rows[i].label);
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
    bool reverse = has_option(c, "reverse");
    int parts = rows[0].part_count;
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin 2.2\nset bmargin 0.4\n",
               label_margin(c, ""));
    buf_printf(s, "set xrange [0:100]\nset yrange [%.2f:0.6]\n", -(double)n + 0.4);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n"
                "set key at graph 0.5,screen 0.995 center top horizontal Left reverse samplen 1 "
                "width 0 textcolor rgb ink\n"
                "set style fill solid 1.0 border rgb 0x777777\n"
                "plot ");
    for (int k = 0; k < parts; k++) {
        buf_printf(s,
                   "data index %d using (50):1:2:3:($1-0.36):($1+0.36) with boxxyerror "
                   "fc rgb %s lw 0.5 title ",
                   k + 1, SHADES[k % SHADE_COUNT]);
        figure_quote(s, rows[0].parts[reverse ? parts - 1 - k : k]->label);
        buf_printf(s,
                   ", \\\n     data index %d using (0.5*($2+$3)):1:4 with labels center "
                   "font ',8' textcolor rgb %s notitle, \\\n     ",
                   k + 1, k % SHADE_COUNT < 2 ? "0xFFFFFF" : "0x222222");
    }
    buf_puts(s, "data index 0 using (-1):(-$0):ytic(1) with points pt -1 notitle\n");
}

static int draw_stacked(struct chart *c)
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
        figure_text(&c->data, c->items[i].label);
        buf_puts(&c->data, "\n");
    }
    for (int v = 0; v < c->value_count; v++) {
        buf_puts(&c->data, "\n\n");
        for (int i = 0; i < c->count; i++) {
            const struct indicator *ind = c->items[i].ind;
            const struct stat_row *e = results_find(c->r, ind->name, c->x->by, c->values[v].name);
            double low = NAN, high = NAN;
            if (!has_option(c, "nointerval"))
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

static void put_dot_script(struct chart *c)
{
    static const int POINTS[] = {7, 6, 9, 4, 13, 8};
    static const char *const COLOURS[] = {"dark", "dark", "mid", "dark", "mid", "dark"};
    struct buf *s = &c->script;
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin 2.2\nset bmargin 1.8\n",
               label_margin(c, ""));
    buf_printf(s, "set xrange [0:%.10g]\nset yrange [%.2f:0.6]\n", nice_top(greatest_dot(c)),
               -(double)c->count + 0.4);
    buf_puts(
        s, "set grid xtics lc rgb 0xCCCCCC lw 0.6\n"
           "set xtics nomirror textcolor rgb ink font ',8'\nset ytics nomirror textcolor rgb ink\n"
           "set key at graph 0.5,screen 0.995 center top horizontal Left reverse samplen 1 "
           "textcolor rgb ink\n"
           "plot ");
    for (int v = 0; v < c->value_count; v++) {
        const char *colour = COLOURS[v % 6];
        if (!has_option(c, "nointerval"))
            buf_printf(s,
                       "data index %d using 2:1:3:4 with xerrorbars pt -1 lc rgb %s lw 0.8 "
                       "notitle, \\\n     ",
                       v + 1, colour);
        buf_printf(s, "data index %d using 2:1 with points pt %d ps 0.6 lw 1.4 lc rgb %s title ",
                   v + 1, POINTS[v % 6], colour);
        figure_quote(s, c->values[v].value);
        buf_puts(s, ", \\\n     ");
    }
    buf_puts(s, "data index 0 using (-1):(-$0):ytic(1) with points pt -1 notitle\n");
}

static int draw_dots(struct chart *c)
{
    if (!*c->x->by || c->value_count == 0)
        return error_at(c->at, "dots 图要在 by 栏写明分组");
    if (gather_indicators(c) < 0)
        return -1;
    if (c->count == 0)
        return error_at(c->at, "没有可以画的数据");
    if (!has_option(c, "order"))
        sort_items(c);
    c->height = 0.85 * c->count + 1.9;
    put_dot_data(c);
    return 0;
}

/* ---- drawing ------------------------------------------------------------------------------- */

static int build(struct chart *c, const char *stem)
{
    const char *type = c->x->type;
    struct buf body = {0};
    int rc;
    bool bars =
        strcmp(type, "ranked") == 0 || strcmp(type, "bars") == 0 || strcmp(type, "categories") == 0;
    if (bars)
        rc = draw_bars(c);
    else if (strcmp(type, "funnel") == 0)
        rc = draw_funnel(c);
    else if (strcmp(type, "stacked") == 0)
        rc = draw_stacked(c);
    else if (strcmp(type, "dots") == 0)
        rc = draw_dots(c);
    else
        return error_at(c->at, "type 只能是 ranked、bars（categories）、funnel、stacked、dots");
    if (rc < 0)
        return -1;
    buf_puts(&body, buf_text(&c->script)); /* of stacked: needs its rows while they live */
    buf_clear(&c->script);
    put_script_head(c, stem);
    buf_puts(&c->script, buf_text(&body));
    buf_free(&body);
    if (bars)
        put_bar_script(c, strcmp(type, "ranked") == 0);
    else if (strcmp(type, "funnel") == 0)
        put_funnel_script(c);
    else if (strcmp(type, "dots") == 0)
        put_dot_script(c);
    return 0;
}

static int check_font(void)
{
    char *argv[] = {"fc-match", "-f", "%{family}", FONT, NULL};
    struct run r = {.argv = argv, .seconds = 30};
    if (run_tool(&r) < 0)
        return -1;
    bool found = strstr(buf_text(&r.output), FONT) != NULL;
    buf_free(&r.output);
    return found ? 0 : error("没有安装字体 " FONT "，图中的汉字会出错。请安装 fonts-noto-cjk");
}

static int write_text(const char *path, const struct buf *text)
{
    struct outfile out;
    if (outfile_open(&out, path) < 0)
        return -1;
    fwrite(text->text, 1, text->len, out.stream);
    return outfile_commit(&out);
}

/* gnuplot stamps the time; the date of the PDF is made constant, of equal length. */
static void freeze_date(struct buf *pdf)
{
    static const char MARK[] = "/CreationDate (D:", DATE[] = "20000101000000";
    char *at = memmem(pdf->text, pdf->len, MARK, sizeof MARK - 1);
    if (at && (size_t)(at - pdf->text) + sizeof MARK + sizeof DATE < pdf->len)
        memcpy(at + sizeof MARK - 1, DATE, sizeof DATE - 1);
}

static int read_whole(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return error("gnuplot 没有写出图 %s", path);
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(out, piece, n);
    fclose(f);
    return out->len > 0 ? 0 : error("gnuplot 写出的图 %s 是空的", path);
}

/* Runs gnuplot in the chart's folder; the PDF appears whole or not at all. */
static int run_gnuplot(const char *folder, const char *stem, const char *path)
{
    struct buf script = {0}, raw = {0}, raw_path = {0}, pdf = {0};
    buf_printf(&script, "%s.gp", stem);
    buf_printf(&raw, "%s.%ld.raw", stem, (long)getpid());
    buf_printf(&raw_path, "%s/%s", folder, raw.text);
    char *argv[] = {"gnuplot", "-d", "-c", script.text, raw.text, NULL};
    struct run r = {.argv = argv, .folder = folder, .seconds = 120};
    int rc = run_tool(&r);
    if (rc == 0 && (r.exit_code != 0 || r.output.len))
        rc = error("画图失败（%s/%s.gp）：%.400s", folder, stem, buf_text(&r.output));
    if (rc == 0)
        rc = read_whole(raw_path.text, &pdf);
    unlink(raw_path.text);
    if (rc == 0) {
        freeze_date(&pdf);
        rc = write_text(path, &pdf);
    }
    buf_free(&r.output);
    buf_free(&script);
    buf_free(&raw);
    buf_free(&raw_path);
    buf_free(&pdf);
    return rc;
}

static int write_and_draw(struct chart *c, const char *path, const char *folder, const char *stem)
{
    struct buf name = {0};
    buf_printf(&name, "%s/%s.tsv", folder, stem);
    int rc = write_text(name.text, &c->data);
    buf_clear(&name);
    buf_printf(&name, "%s/%s.gp", folder, stem);
    if (rc == 0)
        rc = write_text(name.text, &c->script);
    buf_free(&name);
    return rc == 0 ? run_gnuplot(folder, stem, path) : -1;
}

int figure_make(struct macros *m, const struct exhibit *x, const char *path)
{
    struct results *r = m->results;
    struct chart c = {.m = m, .r = r, .x = x, .width = 15.4};
    struct arena names = {0};
    c.at = (struct place){.file = r->topic->path, .sheet = "charts", .row = x->row, .text = x->id};
    if (x->indicator_count == 0)
        return error_at(c.at, "indicators 栏是空的");
    c.unit = topic_indicator(r->topic, x->indicators[0])->unit;
    if (*x->by)
        c.value_count =
            results_domain_values(r, x->by, x->indicators, x->indicator_count, &c.values);
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_strndup(&names, path, (size_t)(slash - path)) : ".";
    const char *stem = x->id; /* lower-case letters, digits and hyphens: survey/topic.c */
    int rc = check_font();
    if (rc == 0)
        rc = build(&c, stem);
    if (rc == 0)
        rc = write_and_draw(&c, path, folder, stem);
    free(c.items);
    buf_free(&c.script);
    buf_free(&c.data);
    arena_free(&names);
    return rc;
}
