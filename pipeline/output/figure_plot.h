/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two halves of the chart code share: figure.c finds the data and runs gnuplot,
 * figure_plot.c writes data file and script of each type.
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
    struct setting *values; /* of the domain, for dots and stacked */
    int value_count;
    const char *unit;
    double width, height;    /* cm */
    struct buf script, data; /* the script without its head */
};

/* Fills script, data and height.  Returns 0, or -1 after a message. */
int plot_bars(struct chart *c);
int plot_funnel(struct chart *c);
int plot_stacked(struct chart *c);
int plot_dots(struct chart *c);

/* Whether the column `show` holds the word. */
bool chart_option(const struct chart *c, const char *word);
/* One item a value of domain `by` (for one indicator), or one an indicator; only those that may
 * be shown.  Allocates items. */
int gather_by_domain(struct chart *c);
int gather_indicators(struct chart *c);
void sort_items(struct chart *c); /* by falling value, stable */

#endif
