/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts of change and of distributions: slopes and boxes.
 */
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- slopes -------------------------------------------------------------------------------- */

enum { POINTS_MAX = 12, LINES_MAX = 60, SLOPE_LINE = 42 /* hundredths of a cm a label */ };

/* A line: its estimates from left to right. */
struct slope {
    const char *label;
    const struct indicator *inds[POINTS_MAX];
    const struct stat_row *at[POINTS_MAX];
    double values[POINTS_MAX];
    bool whole;
};

static void add_slope(struct chart *c, struct slope *s, int *n, const char *label, int first,
                      int points, const char *level, const char *domain)
{
    struct slope *one = &s[*n];
    *one = (struct slope){.label = label, .whole = *c->x->by && strcmp(level, "all") == 0};
    int shown = 0;
    for (int k = 0; k < points; k++) {
        one->inds[k] = topic_indicator(c->r->topic, c->x->indicators[first + k]);
        one->at[k] = results_find(c->r, one->inds[k]->name, level, domain);
        one->values[k] = stat_printed(c->r, one->inds[k], one->at[k]);
        shown += isfinite(one->values[k]);
    }
    *n += shown > 1;
    for (int k = 0; shown < 2 && k < points; k++)
        if (stat_withheld(one->at[k])) {
            leave_out(c, label, one->inds[k], one->at[k]);
            break;
        }
}

/* With `by` the whole and the values of the domain; else one line each `points` indicators. */
static int gather_slopes(struct chart *c, struct slope *s, int points)
{
    int n = 0;
    if (!*c->x->by) {
        for (int i = 0; i < c->x->indicator_count && n < LINES_MAX; i += points) {
            const char *own = chart_text(c, "labels", i / points);
            const struct indicator *last =
                topic_indicator(c->r->topic, c->x->indicators[i + points - 1]);
            add_slope(c, s, &n, own ? own : last->label, i, points, "all", "all");
        }
        return n;
    }
    add_slope(c, s, &n, "合计", 0, points, "all", "all");
    for (int v = 0; v < c->value_count && n < LINES_MAX; v++)
        add_slope(c, s, &n, c->values[v].value, 0, points, c->x->by, c->values[v].name);
    return n;
}

static struct extent slope_range(const struct slope *s, int n, int points)
{
    struct extent r = {INFINITY, -INFINITY};
    for (int i = 0; i < n; i++)
        for (int k = 0; k < points; k++) {
            r.low = fmin(r.low, s[i].values[k]);
            r.high = fmax(r.high, s[i].values[k]);
        }
    double air = r.high > r.low ? 0.05 * (r.high - r.low) : 1;
    return (struct extent){r.low - air, r.high + air};
}

static void sort_by_end(struct slope *s, int *order, int n, int k)
{
    for (int i = 0; i < n; i++) {
        int at = i;
        for (; at > 0 && s[order[at - 1]].values[k] > s[i].values[k]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

/* A block of labels beside one end: place, text, and the end that it belongs to. */
static void put_end(struct chart *c, struct slope *s, int n, int k, struct extent r, bool named)
{
    int order[LINES_MAX], shown = 0;
    double places[LINES_MAX] = {0}, rooms[LINES_MAX] = {0}, all = r.high - r.low;
    sort_by_end(s, order, n, k);
    for (int i = 0; i < n; i++)
        if (isfinite(s[order[i]].values[k])) {
            places[shown] = s[order[i]].values[k];
            rooms[shown] = SLOPE_LINE / (c->height * 100 - 130) * all;
            order[shown++] = order[i];
        }
    spread(places, rooms, shown, r.low, r.high);
    buf_puts(&c->data, "\n\n");
    for (int i = 0; i < shown; i++) {
        const struct slope *one = &s[order[i]];
        buf_printf(&c->data, "%d\t%.10g\t", k, places[i]);
        put_value_text(c, one->inds[k], one->at[k]);
        if (named) {
            buf_puts(&c->data, "　");
            put_label(&c->data, one->label);
        }
        buf_printf(&c->data, "\t%.10g\n", one->values[k]);
    }
}

/* Blocks: the lines, then the labels of the first and of the last point. */
static void put_slope_data(struct chart *c, struct slope *s, int n, int points, struct extent r)
{
    for (int i = 0; i < n; i++) {
        buf_puts(&c->data, i ? "\n\n" : "");
        for (int k = 0; k < points; k++) {
            buf_printf(&c->data, "%d\t", k);
            put_cell(&c->data, s[i].values[k]);
            buf_puts(&c->data, "\n");
            const char *head = chart_text(c, "heads", k);
            chart_point(c, s[i].label, head ? head : s[i].inds[k]->short_label, s[i].inds[k],
                        s[i].at[k]);
        }
    }
    put_end(c, s, n, 0, r, false);
    put_end(c, s, n, points - 1, r, true);
}

/* What stands over each point of time: its head, else the indicator's short name. */
static void put_slope_heads(struct chart *c, const struct slope *s, int points, struct extent r)
{
    static const char *const PAIR[] = {"之前", "之后"};
    for (int k = 0; k < points; k++) {
        const char *head = chart_text(c, "heads", k);
        if (!head)
            head = !*c->x->by && points == 2 ? PAIR[k] : s[0].inds[k]->short_label;
        buf_printf(&c->script, "set label at %d,%.10g center offset 0,1.1 textcolor rgb ink ", k,
                   r.high);
        figure_quote(&c->script, head);
        buf_printf(&c->script,
                   "\nset arrow from %d,%.10g to %d,%.10g nohead lc rgb 0xBBBBBB lw 0.6 back\n", k,
                   r.low, k, r.high);
    }
}

static void put_slope_script(struct chart *c, const struct slope *s, int n, int points,
                             struct extent r, double foot)
{
    struct buf *b = &c->script;
    double left = 1.9 / c->width, right = 1 - label_share(c) - 1.7 / c->width;
    buf_printf(b, "set lmargin at screen %.4f\nset rmargin at screen %.4f\n", left, right);
    buf_printf(b, "set tmargin at screen %.4f\nset bmargin at screen %.4f\n", 1 - 1.0 / c->height,
               (0.3 + foot) / c->height);
    buf_printf(b, "set xrange [-0.02:%.2f]\nset yrange [%.10g:%.10g]\nunset tics\n",
               points - 1 + 0.02, r.low, r.high);
    put_slope_heads(c, s, points, r);
    buf_puts(b, "plot ");
    for (int i = 0; i < n; i++) {
        bool falls = points == 2 && s[i].values[1] < s[i].values[0];
        buf_printf(b,
                   "data index %d using 1:2 with linespoints pt 7 ps 0.5 lw %s%s lc rgb %s, "
                   "\\\n     ",
                   i, s[i].whole ? "3" : "1.3", falls ? " dt (9,5)" : "",
                   s[i].whole ? "0x000000" : "dark");
    }
    buf_printf(b,
               "data index %d using ($1-0.005):2:3 with labels right offset -0.8,0 "
               "textcolor rgb ink, \\\n"
               "     data index %d using ($1+0.005):2:3 with labels left offset 0.8,0 "
               "textcolor rgb ink\n",
               n, n + 1);
}

int plot_slopes(struct chart *c)
{
    bool by = *c->x->by != '\0';
    int points = by ? c->x->indicator_count : chart_texts(c, "heads") ? chart_texts(c, "heads") : 2;
    if (points < 2 || points > POINTS_MAX || c->x->indicator_count % points)
        return error_at(c->at,
                        "slopes 图的指标要按时间先后写：有分组的写2到%d个；没有分组的每条线"
                        "写2个（或 heads= 的个数）",
                        POINTS_MAX);
    for (int i = 1; i < c->x->indicator_count; i++)
        if (strcmp(topic_indicator(c->r->topic, c->x->indicators[i])->unit, c->unit) != 0)
            return error_at(c->at, "同一张图的指标单位要相同");
    struct slope *s = must_alloc((LINES_MAX + 1) * sizeof *s);
    int n = gather_slopes(c, s, points);
    c->items = must_alloc((size_t)(n + 1) * sizeof *c->items);
    for (int i = 0; i < n; i++)
        c->items[c->count++] = (struct item){.label = s[i].label};
    if (n == 0) {
        free(s);
        return plot_nothing(c);
    }
    c->height = fmax(6.0, n * SLOPE_LINE / 100.0 + 1.8);
    struct extent r = slope_range(s, n, points);
    put_slope_data(c, s, n, points, r);
    put_slope_script(c, s, n, points, r, put_left_out(c));
    free(s);
    return 0;
}

/* ---- boxes --------------------------------------------------------------------------------- */

enum { BOXES_MAX = 60, QUANTILES_MAX = 5 };

/* Three quantiles or five, rising. */
struct box {
    const char *label;
    const struct indicator *inds[QUANTILES_MAX];
    const struct stat_row *at[QUANTILES_MAX];
    int count;
};

static double share_of(const struct indicator *ind)
{
    bool quantile = ind->statistic == STAT_QUANTILE || ind->statistic == STAT_MEDIAN;
    return quantile ? ind->quantile : NAN;
}

/* Cuts the indicators where the quantiles begin anew.  Their number, or -1 after a message. */
static int cut_boxes(struct chart *c, struct box *boxes)
{
    int n = 0;
    double before = 1;
    for (int i = 0; i < c->x->indicator_count; i++) {
        const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[i]);
        double share = share_of(ind);
        if (isnan(share) || strcmp(ind->unit, c->unit) != 0)
            return error_at(c->at,
                            "boxes 图只能用单位相同的分位数指标（如 p10 p25 median p75 p90），"
                            "%s 不是",
                            ind->name);
        if (share <= before)
            boxes[n++] = (struct box){0};
        struct box *b = &boxes[n - 1];
        before = share;
        if (n > BOXES_MAX || b->count == QUANTILES_MAX)
            return error_at(c->at, "boxes 图每箱写3个或5个分位数，最多%d箱", BOXES_MAX);
        b->inds[b->count++] = ind;
    }
    for (int i = 0; i < n; i++)
        if (boxes[i].count != 3 && boxes[i].count != 5)
            return error_at(c->at, "boxes 图每箱写3个或5个从小到大的分位数，如 p25 median p75");
    return n;
}

/* Fills in the estimates; false where one may not be shown, and the box is left out. */
static bool fill_box(struct chart *c, struct box *b, const char *level, const char *domain)
{
    for (int k = 0; k < b->count; k++) {
        b->at[k] = results_find(c->r, b->inds[k]->name, level, domain);
        if (!stat_shown(b->at[k])) {
            leave_out(c, b->label, b->inds[k], b->at[k]);
            return false;
        }
    }
    return true;
}

static double median_of(const struct box *b)
{
    return b->at[b->count / 2]->value;
}

static void sort_boxes(struct box *b, int n)
{
    for (int i = 1; i < n; i++) {
        struct box one = b[i];
        int at = i;
        for (; at > 0 && median_of(&b[at - 1]) < median_of(&one); at--)
            b[at] = b[at - 1];
        b[at] = one;
    }
}

/* The boxes that may be shown: with `by` the whole and then the values. */
static int gather_boxes(struct chart *c, struct box *boxes)
{
    int groups = cut_boxes(c, boxes), n = 0;
    if (groups < 0)
        return -1;
    if (*c->x->by && groups > 1)
        return error_at(c->at, "有分组的 boxes 图只写一组分位数");
    if (!*c->x->by) {
        for (int i = 0; i < groups; i++) {
            const char *own = chart_text(c, "labels", i);
            boxes[n] = boxes[i];
            boxes[n].label = own ? own : boxes[i].inds[boxes[i].count / 2]->label;
            n += fill_box(c, &boxes[n], "all", "all");
        }
        return n;
    }
    struct box model = boxes[0];
    boxes[0].label = "合计";
    n = fill_box(c, &boxes[0], "all", "all");
    int whole = n;
    for (int v = 0; v < c->value_count && n < BOXES_MAX; v++) {
        boxes[n] = model;
        boxes[n].label = c->values[v].value;
        n += fill_box(c, &boxes[n], c->x->by, c->values[v].name);
    }
    if (!chart_option(c, "order"))
        sort_boxes(boxes + whole, n - whole);
    return n;
}

/* One line a box: label, five ends (those of the box twice without whiskers), text, n. */
static void put_box_data(struct chart *c, const struct box *boxes, int n)
{
    for (int i = 0; i < n; i++) {
        const struct box *b = &boxes[i];
        put_label(&c->data, b->label);
        for (int k = 0; k < QUANTILES_MAX; k++) {
            int from = b->count == 5 ? k : k < 2 ? 0 : k > 2 ? 2 : 1;
            buf_puts(&c->data, "\t");
            put_cell(&c->data, stat_printed(c->r, b->inds[from], b->at[from]));
        }
        buf_puts(&c->data, "\t");
        put_value_text(c, b->inds[b->count / 2], b->at[b->count / 2]);
        buf_printf(&c->data, "\t%ld\n", b->at[0]->n);
        for (int k = 0; k < b->count; k++)
            chart_point(c, b->label,
                        k == b->count / 2 ? "中位数"
                                          : arena_printf(&c->figure->arena, "%.0f%%分位数",
                                                         100 * share_of(b->inds[k])),
                        b->inds[k], b->at[k]);
    }
}

static void put_box_script(struct chart *c, const struct box *boxes, int n, struct extent x,
                           double foot)
{
    struct buf *s = &c->script;
    bool sampled = c->r->topic->levels[boxes[0].inds[0]->level].sampled;
    buf_printf(s, "set lmargin at screen %.4f\nset rmargin %d\n", label_share(c),
               sampled ? 16 : 10);
    buf_printf(s, "set tmargin 1.3\nset bmargin at screen %.4f\n", (0.75 + foot) / c->height);
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.2f:0.6]\n", x.low, x.high,
               -(double)n + 0.4);
    buf_puts(s, "set grid xtics lc rgb 0xCCCCCC lw 0.6\n"
                "set xtics nomirror textcolor rgb ink font ',7'\n"
                "set ytics nomirror textcolor rgb ink\n"
                "set style fill solid 1.0 border rgb 0x27476E\n"
                "set label '中位数' at graph 1.0, first 0.75 right offset 7,0 textcolor rgb ink "
                "font ',7'\n");
    if (sampled)
        buf_puts(s,
                 "set label '样本量' at graph 1.0, first 0.75 right offset 13,0 textcolor rgb ink "
                 "font ',7'\n");
    buf_puts(s, "plot ");
    if (boxes[0].count == 5)
        buf_puts(s, "data using 4:(-$0):2:6 with xerrorbars pt -1 lc rgb dark lw 1.2, \\\n     ");
    buf_printf(
        s,
        "data using (0.5*($3+$5)):(-$0):3:5:(-$0-0.27):(-$0+0.27):ytic(1) with boxxyerror "
        "fc rgb light lw 1, \\\n"
        "     data using 4:(-$0-0.27):(0):(0.54) with vectors nohead lc rgb 0x000000 lw 2.6, "
        "\\\n"
        "     data using (%.10g):(-$0):7 with labels right offset 7,0 textcolor rgb ink",
        x.high);
    if (sampled)
        buf_printf(s,
                   ", \\\n     data using (%.10g):(-$0):8 with labels right offset 13,0 "
                   "textcolor rgb ink font ',7'",
                   x.high);
    buf_puts(s, "\n");
}

int plot_boxes(struct chart *c)
{
    struct box *boxes = must_alloc((BOXES_MAX + 2) * sizeof *boxes);
    int n = gather_boxes(c, boxes), rc = n < 0 ? -1 : 0;
    c->items = must_alloc((BOXES_MAX + 2) * sizeof *c->items);
    struct extent x = {0};
    for (int i = 0; i < n; i++) {
        c->items[c->count++] = (struct item){.label = boxes[i].label};
        for (int k = 0; k < boxes[i].count; k++)
            extent_add(&x, stat_printed(c->r, boxes[i].inds[k], boxes[i].at[k]));
    }
    if (n > 0) {
        c->height = rows_height(n, 0.78) + 1.5;
        put_box_data(c, boxes, n);
        put_box_script(c, boxes, n, extent_nice(x), put_left_out(c));
    }
    free(boxes);
    return n == 0 ? plot_nothing(c) : rc;
}
