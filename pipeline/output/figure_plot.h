/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the chart code share: figure.c finds the data and runs gnuplot, figure_parts.c
 * holds what several types need, figure_bars.c, _stack.c, _lines.c, _curves.c, _tiles.c and
 * _points.c write data file and script of each type.
 */
#ifndef OUTPUT_FIGURE_PLOT_H
#define OUTPUT_FIGURE_PLOT_H

#include "output/figure.h"

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
    struct setting *values; /* of the domain `by` */
    int value_count;
    const char *unit;
    double width, height;    /* cm */
    struct buf script, data; /* the script without its head */
    struct buf left_out;     /* the names at the foot: ※ 嵩县、睢县 */
    struct figure *figure;   /* gets every number drawn; texts live in its arena */
};

/* Fills script, data and height.  Returns 0, or -1 after a message. */
int plot_bars(struct chart *c);
int plot_funnel(struct chart *c);
int plot_stacked(struct chart *c);
int plot_dots(struct chart *c);
int plot_slopes(struct chart *c);
int plot_boxes(struct chart *c);
int plot_tiles(struct chart *c);
int plot_quadrant(struct chart *c);
int plot_scatter(struct chart *c);
int plot_waterfall(struct chart *c);
int plot_curve(struct chart *c);
int plot_control(struct chart *c);
/* In the place of a chart of which nothing may be shown. */
int plot_nothing(struct chart *c);

/* Whether the column `show` holds the word. */
bool chart_option(const struct chart *c, const char *word);
/* The nth text of name=甲|乙|丙 in `show`; NULL when there is none.  How many there are. */
const char *chart_text(const struct chart *c, const char *name, int nth);
int chart_texts(const struct chart *c, const char *name);

/* One item a value of domain `by` (for one indicator), or one an indicator; the value of those
 * that may not be shown is NaN.  Allocates items. */
int gather_by_domain(struct chart *c);
int gather_indicators(struct chart *c);
/* The height of as many rows in cm, `each` high, or less where they would not fit on a page. */
double rows_height(int rows, double each);
void sort_items(struct chart *c);       /* by falling value, stable; those without one at the end */
bool has_values(const struct chart *c); /* Whether any item has one. */

/* Notes that a number is drawn, or that ※ or — stands in its place; `part` of `label`, or NULL. */
void chart_point(struct chart *c, const char *label, const char *part, const struct indicator *ind,
                 const struct stat_row *e);

/* Adds a mark to those that the chart's note explains. */
void chart_mark(struct chart *c, char mark);

/* Notes that an item is not drawn for the sake of a withheld number; does nothing for others. */
void leave_out(struct chart *c, const char *label, const struct indicator *ind,
               const struct stat_row *e);
/* Puts their names at the foot of the chart, which grows by the cm that it returns. */
double put_left_out(struct chart *c);

/* ---- pieces of data and script ------------------------------------------------------------- */

/* The width of half a character in cm: gnuplot's 8 points are 8 x 96/72 = 10.7 bp, 五号, the size
 * of the tables. */
#define HALF_WIDTH 0.19

/* One sign of a legend: a coloured box, or a point when `point` is not 0. */
struct sign {
    const char *label, *colour;
    int point;
};

void put_cell(struct buf *b, double value); /* NaN when it is not finite */
/* A number as text, with % where `flags` say so; the chart's note explains its brackets. */
void put_number(struct chart *c, struct buf *out, const struct indicator *ind,
                const struct stat_row *e, int flags);
void put_value_text(struct chart *c, const struct indicator *ind, const struct stat_row *e);
/* A label of the vertical axis; what is too long for it ends in …. */
void put_label(struct buf *out, const char *label);
/* Width of a text in half characters. */
int text_width(const char *text);
/* Left margin that holds the longest label of the items, in characters of the terminal. */
double label_margin(const struct chart *c);
/* The same in cm, as part of the chart's width. */
double label_share(const struct chart *c);

/* The ends of an axis that shows 0; {0} at first. */
struct extent {
    double low, high;
};
void extent_add(struct extent *x, double value); /* NaN adds nothing */
/* Adds the values of the items and the ends of their intervals. */
void extent_items(struct extent *x, const struct chart *c);
/* Both ends rounded outwards so that the axis ends on plain numbers; 0 to 1 of an empty one. */
struct extent extent_nice(struct extent x);
/* A legend above the chart, in as many lines as it needs, each centred; returns their number. */
int put_legend(struct chart *c, const struct sign *signs, int n);

/* Moves places (rising) apart so that neighbours are at least as far from each other as half the
 * room of both, all lie between low and high, and they move as little as they can (least
 * squares).  They leave low..high only where there is no room. */
void spread(double *places, const double *rooms, int n, double low, double high);

#endif
