/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void put_cell(struct buf *b, double value)
{
    if (isfinite(value))
        buf_printf(b, "%.10g", value);
    else
        buf_puts(b, "NaN");
}

void put_number(struct chart *c, struct buf *out, const struct indicator *ind,
                const struct stat_row *e, int flags)
{
    if (e && e->mark == 'b')
        chart_mark(c, 'b');
    stat_put(out, c->r, ind, e, PRINT_VALUE, flags);
}

void put_value_text(struct chart *c, const struct indicator *ind, const struct stat_row *e)
{
    put_number(c, &c->data, ind, e, PRINT_UNIT);
}

static double nice_end(double value)
{
    if (value == 0)
        return 0;
    double power = pow(10, floor(log10(value)));
    static const double STEPS[] = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        if (STEPS[i] * power >= value * 0.9999)
            return STEPS[i] * power;
    return value;
}

double rows_height(int rows, double each)
{
    enum { ROOM = 18 }; /* of 22.5 cm; title, source, axis and legend need the rest */
    return fmin(rows * each, ROOM);
}

void extent_add(struct extent *x, double value)
{
    x->low = fmin(x->low, value);
    x->high = fmax(x->high, value);
}

void extent_items(struct extent *x, const struct chart *c)
{
    for (int i = 0; i < c->count; i++) {
        extent_add(x, c->items[i].value);
        extent_add(x, c->items[i].low);
        extent_add(x, c->items[i].high);
    }
}

struct extent extent_nice(struct extent x)
{
    x = (struct extent){0 - nice_end(-x.low), nice_end(x.high)};
    return x.low < x.high ? x : (struct extent){0, 1};
}

/* Axis labels may take as many half characters. */
enum { LABEL_MAX = 36 };

int text_width(const char *text)
{
    int width = 0;
    for (const char *p = text; *p;)
        width += utf8_next(&p) < 0x2000 ? 1 : 2;
    return width;
}

static int longest_label(const struct chart *c)
{
    int longest = 4;
    for (int i = 0; i < c->count; i++)
        if (text_width(c->items[i].label) > longest)
            longest = text_width(c->items[i].label);
    return longest < LABEL_MAX ? longest : LABEL_MAX;
}

double label_margin(const struct chart *c)
{
    return longest_label(c) * 0.95 + 2;
}

double label_share(const struct chart *c)
{
    return (longest_label(c) * HALF_WIDTH + 0.35) / c->width;
}

/* A backslash is doubled: gnuplot reads escapes in labels of the axis. */
void put_label(struct buf *out, const char *label)
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

void leave_out(struct chart *c, const char *label, const struct indicator *ind,
               const struct stat_row *e)
{
    enum { FOOT = 70 }; /* half characters of the chart's width */
    if (!stat_withheld(e))
        return;
    chart_point(c, label, NULL, ind, e);
    int width = text_width(buf_text(&c->left_out));
    if (width + text_width(label) <= FOOT)
        buf_printf(&c->left_out, "%s%s", width ? "、" : "※ ", label);
    else if (!ends_with(buf_text(&c->left_out), "…"))
        buf_puts(&c->left_out, "…");
}

double put_left_out(struct chart *c)
{
    if (!c->left_out.len)
        return 0;
    c->height += 0.5;
    buf_printf(&c->script, "set label at screen %.4f,%.4f left textcolor rgb ink font ',7' ",
               0.1 / c->width, 0.25 / c->height);
    figure_quote(&c->script, buf_text(&c->left_out));
    buf_puts(&c->script, "\n");
    return 0.5;
}

int put_legend(struct chart *c, const struct sign *signs, int n)
{
    enum { HALF_CHARACTER = 19, SIGN = 45, GAP = 50 }; /* tenths of a millimetre */
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

int plot_nothing(struct chart *c)
{
    c->height = 2;
    buf_puts(&c->script,
             "unset tics\nset label '样本过少或误差过大，没有可以公布的数据' at screen 0.5,0.5 "
             "center textcolor rgb ink\n"
             "plot [0:1] [0:1] 0.5 with lines lc rgb 0xFFFFFF\n");
    return 0;
}

/* ---- room ---------------------------------------------------------------------------------- */

/* Least squares under rising order: neighbours that fall back are replaced by their mean. */
static void make_rising(double *y, int n)
{
    int *weight = must_alloc((size_t)n * sizeof *weight), blocks = 0;
    double *mean = must_alloc((size_t)n * sizeof *mean);
    for (int i = 0; i < n; i++) {
        mean[blocks] = y[i];
        weight[blocks++] = 1;
        for (; blocks > 1 && mean[blocks - 2] > mean[blocks - 1]; blocks--) {
            int w = weight[blocks - 2] + weight[blocks - 1];
            mean[blocks - 2] =
                (mean[blocks - 2] * weight[blocks - 2] + mean[blocks - 1] * weight[blocks - 1]) / w;
            weight[blocks - 2] = w;
        }
    }
    for (int b = 0, i = 0; b < blocks; b++)
        for (int k = 0; k < weight[b]; k++)
            y[i++] = mean[b];
    free(weight);
    free(mean);
}

void spread(double *places, const double *rooms, int n, double low, double high)
{
    double taken = 0; /* from the first place to this one when all stand as close as they may */
    for (int i = 0; i < n; i++) {
        taken += i ? (rooms[i - 1] + rooms[i]) / 2 : 0;
        places[i] -= taken;
    }
    make_rising(places, n);
    double most = high - taken;
    taken = 0;
    for (int i = 0; i < n; i++) {
        taken += i ? (rooms[i - 1] + rooms[i]) / 2 : 0;
        places[i] = fmax(low, fmin(places[i], most)) + taken;
    }
}
