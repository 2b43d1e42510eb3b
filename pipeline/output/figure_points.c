/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts of points on a plane, numbered, with a list beside it: the scatter of two indicators
 * over the values of a domain, and the importance-performance quadrant over items.
 */
#include "estimate/composite.h"
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SPOTS_MAX = 40, ITEMS_MAX = 30 };

/* One coordinate: a number and where it comes from. */
struct coordinate {
    const struct indicator *ind;
    const struct stat_row *e;
    double value, low, high; /* the interval is the value itself where there is none */
};

struct spot {
    const char *label;
    struct coordinate x, y;
};

struct plane {
    struct spot spots[SPOTS_MAX];
    int count;
    const char *x_name, *y_name; /* as the list names them; the axes add the unit */
    struct spot cross;           /* where the dashed lines stand; NaN: there is none */
};

static struct coordinate coordinate(const struct chart *c, const struct indicator *ind,
                                    const char *level, const char *domain)
{
    struct coordinate k = {.ind = ind, .e = results_find(c->r, ind->name, level, domain)};
    k.value = k.low = k.high = stat_printed(c->r, ind, k.e);
    if (!chart_option(c, "nointerval"))
        stat_interval(ind, k.e, &k.low, &k.high);
    return k;
}

static bool spot_shown(const struct spot *s)
{
    return isfinite(s->x.value) && isfinite(s->y.value);
}

/* ---- data and script ----------------------------------------------------------------------- */

struct axis {
    double low, high;
};

/* Holds all places and intervals with some air. */
static struct axis axis_of(const struct plane *p, bool vertical)
{
    struct axis a = {INFINITY, -INFINITY};
    for (int i = 0; i < p->count; i++) {
        const struct coordinate *k = vertical ? &p->spots[i].y : &p->spots[i].x;
        if (spot_shown(&p->spots[i])) {
            a.low = fmin(a.low, k->low);
            a.high = fmax(a.high, k->high);
        }
    }
    double air = a.high > a.low ? 0.2 * (a.high - a.low) : 1;
    return (struct axis){a.low - air, a.high + air};
}

/* One line a point: its place, number, and the ends of both intervals. */
static void put_spot_data(struct chart *c, const struct plane *p)
{
    for (int i = 0; i < p->count; i++) {
        const struct spot *s = &p->spots[i];
        chart_point(c, s->label, p->y_name, s->y.ind, s->y.e);
        chart_point(c, s->label, p->x_name, s->x.ind, s->x.e);
        if (spot_shown(s))
            buf_printf(&c->data, "%.10g\t%.10g\t%d\t%.10g\t%.10g\t%.10g\t%.10g\n", s->x.value,
                       s->y.value, i + 1, s->x.low, s->x.high, s->y.low, s->y.high);
    }
}

/* A line of the list, counted from the top. */
static void put_list_line(struct chart *c, int line, double step, const char *font,
                          const char *text)
{
    buf_printf(&c->script, "set label at screen 0.6,%.4f left textcolor rgb ink %s",
               1 - (0.6 + step * line) / c->height, font);
    figure_quote(&c->script, text);
    buf_puts(&c->script, "\n");
}

/* 岗位信息发布（33.7%，45.5%）; `first` stands first, `n` is the number of cases or NULL. */
static void put_numbers(struct chart *c, struct buf *text, const char *label,
                        const struct coordinate *first, const struct coordinate *second,
                        const struct coordinate *n)
{
    buf_printf(text, "%s（", label);
    put_number(c, text, first->ind, first->e, PRINT_UNIT);
    buf_puts(text, "，");
    put_number(c, text, second->ind, second->e, PRINT_UNIT);
    if (n) {
        buf_puts(text, "，");
        stat_put(text, c->r, n->ind, n->e, PRINT_N, 0);
    }
    buf_puts(text, "）");
}

/* The points from the top down, each with its numbers; that of the cross at the end.  `turned`:
 * the vertical number first, as the quadrant names importance before performance. */
static void put_spot_list(struct chart *c, const struct plane *p, bool turned, const char *n_name)
{
    double step = fmin(0.52, (c->height - 1) / (p->count + 2));
    struct buf text = {0};
    buf_printf(&text, "括号内：%s，%s%s%s", turned ? p->y_name : p->x_name,
               turned ? p->x_name : p->y_name, n_name ? "，" : "", n_name ? n_name : "");
    put_list_line(c, 0, step, "font ',7' ", buf_text(&text));
    for (int i = 0; i <= p->count; i++) {
        const struct spot *s = i < p->count ? &p->spots[i] : &p->cross;
        if (i == p->count && !s->label)
            break;
        buf_clear(&text);
        if (i < p->count)
            buf_printf(&text, "%d　", i + 1);
        put_numbers(c, &text, s->label, turned ? &s->y : &s->x, turned ? &s->x : &s->y,
                    n_name ? &s->y : NULL);
        put_list_line(c, i + 1, step, "", buf_text(&text));
    }
    buf_free(&text);
}

/* 平均投资（万元） */
static void put_axis_name(struct chart *c, bool vertical, const char *name,
                          const struct indicator *ind)
{
    struct buf text = {0};
    buf_puts(&text, name);
    if (*ind->unit)
        buf_printf(&text, "（%s）", ind->unit);
    buf_printf(&c->script, "set %slabel ", vertical ? "y" : "x");
    figure_quote(&c->script, buf_text(&text));
    buf_printf(&c->script, "%s textcolor rgb ink\n", vertical ? " offset 1,0" : "");
    buf_free(&text);
}

static void put_cross(struct chart *c, const struct plane *p)
{
    if (isfinite(p->cross.x.value))
        buf_printf(&c->script,
                   "set arrow from %.10g, graph 0 to %.10g, graph 1 nohead lc rgb ink lw 1 "
                   "dt (6,4)\n",
                   p->cross.x.value, p->cross.x.value);
    if (isfinite(p->cross.y.value))
        buf_printf(&c->script,
                   "set arrow from graph 0, first %.10g to graph 1, first %.10g nohead lc rgb ink "
                   "lw 1 dt (6,4)\n",
                   p->cross.y.value, p->cross.y.value);
}

static void put_plane(struct chart *c, const struct plane *p)
{
    struct buf *s = &c->script;
    struct axis x = axis_of(p, false), y = axis_of(p, true);
    buf_printf(
        s,
        "set lmargin at screen 0.11\nset rmargin at screen 0.57\nset tmargin at screen %.4f\n"
        "set bmargin at screen %.4f\n",
        1 - 0.3 / c->height, 1.7 / c->height);
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.10g:%.10g]\n", x.low, x.high, y.low,
               y.high);
    buf_puts(s,
             "set border 15 lc rgb 0x777777 lw 0.6\nset tics nomirror textcolor rgb ink font ',7'\n"
             "set xtics autofreq\nset ytics autofreq\n");
    put_axis_name(c, false, p->x_name, p->spots[0].x.ind);
    put_axis_name(c, true, p->y_name, p->spots[0].y.ind);
    put_cross(c, p);
}

static bool any_interval(const struct plane *p)
{
    for (int i = 0; i < p->count; i++) {
        const struct spot *s = &p->spots[i];
        if (spot_shown(s) && (s->x.low < s->x.high || s->y.low < s->y.high))
            return true;
    }
    return false;
}

static void put_spots(struct chart *c, bool intervals)
{
    buf_printf(&c->script,
               "plot %sdata using 1:2 with points pt 7 ps 1.7 lc rgb dark, \\\n"
               "     data using 1:2:3 with labels center font ',7' textcolor rgb 0xFFFFFF\n",
               intervals ? "data using 1:2:4:5:6:7 with xyerrorbars pt -1 lc rgb mid lw 0.8, \\\n"
                           "     "
                         : "");
}

static int count_shown(const struct plane *p)
{
    int n = 0;
    for (int i = 0; i < p->count; i++)
        n += spot_shown(&p->spots[i]);
    return n;
}

/* ---- scatter ------------------------------------------------------------------------------- */

/* What `heads` say, or the indicator's short name. */
static const char *quantity(const struct chart *c, int nth, const struct indicator *ind)
{
    const char *own = chart_text(c, "heads", nth);
    return own ? own : ind->short_label;
}

static void gather_scatter(struct chart *c, struct plane *p)
{
    const struct indicator *x = topic_indicator(c->r->topic, c->x->indicators[0]);
    const struct indicator *y = topic_indicator(c->r->topic, c->x->indicators[1]);
    p->x_name = quantity(c, 0, x);
    p->y_name = quantity(c, 1, y);
    for (int v = 0; v < c->value_count && v < SPOTS_MAX; v++)
        p->spots[p->count++] =
            (struct spot){c->values[v].value, coordinate(c, x, c->x->by, c->values[v].name),
                          coordinate(c, y, c->x->by, c->values[v].name)};
    p->cross =
        (struct spot){"虚线：合计", coordinate(c, x, "all", "all"), coordinate(c, y, "all", "all")};
    /* the whole of totals is their sum, not a mark to compare with */
    bool sums = x->statistic == STAT_TOTAL || y->statistic == STAT_TOTAL;
    if (sums || chart_option(c, "nototal") || !spot_shown(&p->cross))
        p->cross = (struct spot){.x.value = NAN, .y.value = NAN};
}

int plot_scatter(struct chart *c)
{
    if (!*c->x->by || c->x->indicator_count != 2)
        return error_at(c->at, "scatter 图写两个指标：横轴 纵轴，并在 by 栏写明分组");
    struct plane *p = must_alloc(sizeof *p);
    *p = (struct plane){0};
    gather_scatter(c, p);
    int shown = count_shown(p);
    if (shown > 0) {
        const struct level *level = &c->r->topic->levels[p->spots[0].y.ind->level];
        const char *n_name =
            level->sampled ? "样本量" : arena_printf(&c->figure->arena, "%s数", level->unit);
        c->height = fmax(7.8, 0.52 * (p->count + 1) + 1);
        put_spot_data(c, p);
        if (p->cross.label) {
            chart_point(c, "合计", p->y_name, p->cross.y.ind, p->cross.y.e);
            chart_point(c, "合计", p->x_name, p->cross.x.ind, p->cross.x.e);
        }
        put_plane(c, p);
        put_spot_list(c, p, false, n_name);
        put_spots(c, any_interval(p));
    }
    free(p);
    return shown ? 0 : plot_nothing(c);
}

/* ---- quadrant ------------------------------------------------------------------------------ */

static void gather_quadrant(struct chart *c, struct plane *p)
{
    const char *names[] = {chart_text(c, "heads", 0), chart_text(c, "heads", 1)};
    p->x_name = names[0] ? names[0] : "表现";
    p->y_name = names[1] ? names[1] : "重要性";
    for (int i = 0; i < c->x->indicator_count; i += 2) {
        const char *own = chart_text(c, "labels", i / 2);
        const struct indicator *y = topic_indicator(c->r->topic, c->x->indicators[i]);
        const struct indicator *x = topic_indicator(c->r->topic, c->x->indicators[i + 1]);
        p->spots[p->count++] = (struct spot){own ? own : x->label, coordinate(c, x, "all", "all"),
                                             coordinate(c, y, "all", "all")};
    }
}

/* The cross stands at the means of what is shown, before rounding. */
static void find_means(struct plane *p)
{
    int n = count_shown(p);
    for (int i = 0; i < p->count; i++) {
        const struct spot *s = &p->spots[i];
        if (spot_shown(s)) {
            p->cross.x.value += s->x.e->value * s->x.ind->scale / n;
            p->cross.y.value += s->y.e->value * s->y.ind->scale / n;
        }
    }
}

static void put_quadrant_names(struct chart *c)
{
    static const struct {
        double x, y, importance, performance;
        const char *align;
    } CORNERS[] = {{0.985, 0.96, 1, 1, "right"},
                   {0.015, 0.96, 1, -1, "left"},
                   {0.015, 0.04, -1, -1, "left"},
                   {0.985, 0.04, -1, 1, "right"}};
    for (int i = 0; i < 4; i++)
        buf_printf(&c->script, "set label '%s' at graph %.3f,%.3f %s textcolor rgb 0x555555 back\n",
                   importance_quadrant(CORNERS[i].importance, CORNERS[i].performance, 0, 0),
                   CORNERS[i].x, CORNERS[i].y, CORNERS[i].align);
}

int plot_quadrant(struct chart *c)
{
    if (*c->x->by || c->x->indicator_count % 2 || c->x->indicator_count > 2 * ITEMS_MAX)
        return error_at(c->at, "quadrant 图每项写一对指标：重要性 表现；不写 by，最多%d项",
                        ITEMS_MAX);
    struct plane *p = must_alloc(sizeof *p);
    *p = (struct plane){0};
    gather_quadrant(c, p);
    int shown = count_shown(p);
    if (shown > 0) {
        find_means(p);
        c->height = fmax(7.8, 0.52 * p->count + 1);
        put_spot_data(c, p);
        put_plane(c, p);
        put_quadrant_names(c);
        put_spot_list(c, p, true, NULL);
        put_spots(c, false);
    }
    free(p);
    return shown ? 0 : plot_nothing(c);
}
