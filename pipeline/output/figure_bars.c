/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts of one number a line: bars, funnels and waterfalls.
 */
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- bars ---------------------------------------------------------------------------------- */

/* Where the text behind a bar begins: the right end of the bar or of its interval. */
static double right_end(const struct item *b)
{
    return fmax(0, isnan(b->high) ? b->value : b->high);
}

/* One line a bar: label, value, ends of the interval, end of bar or interval, text, n. */
static void put_bar_data(struct chart *c)
{
    for (int i = 0; i < c->count; i++) {
        const struct item *b = &c->items[i];
        chart_point(c, b->label, NULL, b->ind, b->e);
        put_label(&c->data, b->label);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, b->value);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, b->low);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, b->high);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, right_end(b));
        buf_puts(&c->data, "\t");
        put_value_text(c, b->ind, b->e);
        buf_puts(&c->data, "\t");
        stat_put(&c->data, c->r, b->ind, b->e, PRINT_N, PRINT_NO_GROUP);
        buf_puts(&c->data, "\n");
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
    chart_point(c, "合计", NULL, ind, all);
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

/* The horizontal axis, with `slack` of its length left free on the right, and a line at 0 when bars
 * go both ways.  Returns its right end. */
static double put_range(struct chart *c, struct extent x, double slack)
{
    if (x.low == x.high)
        x.high = 1;
    double length = x.high - x.low, right = x.high + length * slack;
    buf_printf(&c->script, "set xrange [%.10g:%.10g]\nset yrange [%.2f:0.6]\n",
               x.low < 0 ? x.low - length * 0.03 : 0, right, -(double)c->count + 0.4);
    if (x.low < 0)
        buf_printf(&c->script, "set arrow 2 from 0,%.2f to 0,0.5 nohead lc rgb ink lw 0.8 front\n",
                   -(double)c->count + 0.5);
    return right;
}

/* Values stand behind the bars, or, when they are ranked, in a column of their own, so that the
 * line of the whole crosses no text; n of samples in a further column. */
static void put_bar_script(struct chart *c, bool ranked)
{
    struct buf *s = &c->script;
    bool sampled = c->r->topic->levels[c->items[0].ind->level].sampled;
    buf_printf(s, "set lmargin %.1f\nset rmargin %d\nset tmargin %.1f\nset bmargin 0.4\n",
               label_margin(c),
               !ranked   ? 2
               : sampled ? 16
                         : 10,
               ranked ? 1.6 : 0.6);
    struct extent x = {0};
    extent_items(&x, c);
    double right = put_range(c, x, ranked ? 0.03 : 0.16);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n");
    if (ranked && !chart_option(c, "nototal"))
        put_overall(c);
    if (ranked && sampled)
        buf_puts(s, "set label 2 '样本量' at graph 1.0, first 0.75 right offset 13,0 "
                    "textcolor rgb ink font ',7'\n");
    buf_puts(s, "plot data using (0.5*$2):(-$0):(0):2:(-$0-0.31):(-$0+0.31):ytic(1) "
                "with boxxyerror lc rgb mid, \\\n");
    if (has_intervals(c))
        buf_puts(s, "     data using 2:(-$0):3:4 with xerrorbars pt -1 lc rgb dark lw 1.4, \\\n");
    if (ranked && sampled)
        buf_printf(s,
                   "     data using (%.10g):(-$0):7 with labels right offset 13,0 "
                   "textcolor rgb ink font ',7', \\\n",
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
    if (!has_values(c))
        return plot_nothing(c);
    if (!chart_option(c, "order"))
        sort_items(c);
    c->height = rows_height(c->count, 0.62) + (ranked ? 1.1 : 0.5);
    put_bar_data(c);
    put_bar_script(c, ranked);
    return 0;
}

/* ---- funnel -------------------------------------------------------------------------------- */

static void put_funnel_script(struct chart *c)
{
    struct buf *s = &c->script;
    struct extent x = {0};
    extent_items(&x, c);
    double top = x.high > 0 ? x.high : 1;
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin 0.5\nset bmargin 0.5\n",
               label_margin(c));
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.2f:0.6]\n", -top * 0.5, top * 0.62,
               -(double)c->count + 0.4);
    buf_puts(s, "unset xtics\nset ytics nomirror textcolor rgb ink\n"
                "plot data using (0):(-$0):(-0.5*$2):(0.5*$2):(-$0-0.36):(-$0+0.36):ytic(1) "
                "with boxxyerror lc rgb mid, \\\n"
                "     data using (0.5*$5):(-$0):6 with labels left offset 0.5,0 "
                "textcolor rgb ink\n");
}

int plot_funnel(struct chart *c)
{
    if (gather_indicators(c) < 0)
        return -1;
    if (!has_values(c))
        return plot_nothing(c);
    for (int i = 0; i < c->count; i++)
        c->items[i].low = c->items[i].high = NAN;
    c->height = rows_height(c->count, 0.9) + 0.4;
    put_bar_data(c);
    put_funnel_script(c);
    return 0;
}

/* ---- waterfall ----------------------------------------------------------------------------- */

/* Each item but the last begins where the one before ended; the last is their sum. */
static int check_sum(const struct chart *c)
{
    double sum = 0;
    const struct item *last = &c->items[c->count - 1];
    for (int i = 0; i < c->count - 1; i++)
        sum += c->items[i].e->value * c->items[i].ind->scale;
    double total = last->e->value * last->ind->scale;
    return fabs(sum - total) <= 1e-9 * fmax(1, fabs(total))
               ? 0
               : error_at(c->at,
                          "waterfall 图前几个指标的和（%.6g）与最后一个（%.6g）不等；"
                          "各指标的 universe 要相同，缺一项的记录都不算",
                          sum, total);
}

/* One line an item: label, from, to, ends of the interval, where the text begins, text, n. */
static struct extent put_waterfall_data(struct chart *c)
{
    struct extent x = {0};
    double from = 0;
    for (int i = 0; i < c->count; i++) {
        const struct item *one = &c->items[i];
        from = i < c->count - 1 ? from : 0;
        double to = from + one->e->value * one->ind->scale;
        double text = fmax(fmax(from, to), isnan(one->high) ? to : from + one->high);
        chart_point(c, one->label, NULL, one->ind, one->e);
        put_label(&c->data, one->label);
        buf_printf(&c->data, "\t%.10g\t%.10g\t", from, to);
        put_cell(&c->data, from + one->low);
        buf_puts(&c->data, "\t");
        put_cell(&c->data, from + one->high);
        buf_printf(&c->data, "\t%.10g\t", text);
        put_value_text(c, one->ind, one->e);
        buf_puts(&c->data, "\t");
        stat_put(&c->data, c->r, one->ind, one->e, PRINT_N, PRINT_NO_GROUP);
        buf_puts(&c->data, "\n");
        extent_add(&x, from);
        extent_add(&x, text);
        extent_add(&x, from + one->low);
        from = to;
    }
    return x;
}

static void put_waterfall_script(struct chart *c, struct extent x)
{
    struct buf *s = &c->script;
    int last = c->count - 1;
    buf_printf(s, "set lmargin %.1f\nset rmargin 2\nset tmargin 0.6\nset bmargin 0.4\n",
               label_margin(c));
    put_range(c, x, 0.16);
    buf_printf(s,
               "unset xtics\nset ytics nomirror textcolor rgb ink\n"
               "plot data using (0.5*($2+$3)):(-$0):2:3:(-$0-0.31):(-$0+0.31):ytic(1) "
               "with boxxyerror lc rgb mid, \\\n"
               "     data every ::%d using (0.5*($2+$3)):(-%d):2:3:(-%d.31):(-%d+0.31) "
               "with boxxyerror lc rgb dark, \\\n"
               "     data every ::::%d using 3:(-$0-0.31):(0):(-0.38) with vectors nohead "
               "lc rgb 0x777777 lw 0.8, \\\n",
               last, last, last, last, last - 1);
    if (has_intervals(c))
        buf_puts(s, "     data using 3:(-$0):4:5 with xerrorbars pt -1 lc rgb ink lw 1.2, \\\n");
    buf_puts(s, "     data using 6:(-$0):7 with labels left offset 0.5,0 textcolor rgb ink\n");
}

int plot_waterfall(struct chart *c)
{
    if (*c->x->by || c->x->indicator_count < 3)
        return error_at(c->at, "waterfall 图写几个相加的指标，最后写它们的合计；不写 by");
    if (gather_indicators(c) < 0)
        return -1;
    bool whole = c->count == c->x->indicator_count;
    for (int i = 0; i < c->count; i++)
        whole = whole && isfinite(c->items[i].value);
    if (!whole)
        return plot_nothing(c);
    if (check_sum(c) < 0)
        return -1;
    c->height = rows_height(c->count, 0.8) + 0.5;
    put_waterfall_script(c, put_waterfall_data(c));
    return 0;
}
