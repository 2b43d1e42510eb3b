/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chart of the topic's sheet `charts`: a gnuplot script, its data, and the PDF.
 *
 *     figure_make(macros, exhibit, "reports/…/charts/brand.pdf");   // also brand.gp, brand.tsv
 *
 * A path that ends in .png gives the same as a picture of 240 dots per inch, for Word.
 *
 * type   ranked    one indicator by domain `by`, bars by falling value, a line for the whole
 *        bars      the indicators (or one categories group) as bars by falling value; also
 *                  called categories
 *        funnel    the same in the order given, centred: each step a part of the one before
 *        waterfall parts in order, each beginning where the one before ended; the last is their sum
 *        stacked   categories groups (rows) by their choices (parts), 100% bars; or with `by`
 *                  one group, or per cents that add up, rows the values of the domain.  A row with
 *                  a part that may not be shown is left out, ※ in its place
 *        dots      the indicators (rows) by the values of domain `by`, as dots of several kinds;
 *                  without `by` a row for each `heads` indicators, with the gap between its ends
 *        slopes    the indicators as points of time from left to right: with `by` a line for the
 *                  whole and one a value; else a line each `heads` (or two) indicators
 *        boxes     three quantiles (ends of the box and median) or five (with whiskers): with
 *                  `by` a box for the whole and one a value; else a box each time they begin anew
 *        tiles     one indicator by domain `by`, a tile a value, the darker the greater; placed
 *                  by the sheet `tiles` (domain value, row, column) of topic or plan; several
 *                  indicators: a heat table, rows the indicators, columns the values
 *        curve     the indicators as points from left to right, a line for the whole and, with
 *                  `by`, one a value; lorenz indicators make a Lorenz curve
 *        control   a share of census data by domain `by` and what it is a share of, with centre
 *                  line and 3-sigma limits; without `by` pairs in order of time, then the whole
 *        scatter   two indicators by domain `by`, a numbered point a value, a list beside
 *        quadrant  pairs of indicators, importance and performance of an item; the cross stands
 *                  at their means
 * show   nointerval   without 95% intervals;  order   as listed instead of by value
 *        nototal      ranked: without the line of the whole
 *        reverse      stacked: parts from the last choice to the first
 *        area=name    stacked by a domain: the heights of the bars are the values of an indicator
 *        labels=甲|乙  names of the items of slopes, boxes, quadrants and dots without `by`, and
 *                     of the parts of stacked per cents, instead of the indicators'
 *        heads=前|后   slopes, curve, control: the points of time; dots: the kinds; quadrant:
 *                     performance and importance; scatter: both axes
 *
 * The script is fixed text with numbers; labels stand in the data file or in single quotes that
 * cannot be left, so that no text is ever a command.  `gnuplot -c x.gp x.pdf` in the folder
 * draws it again.  The PDF's date is that of the data, so that equal data give equal bytes.
 */
#ifndef OUTPUT_FIGURE_H
#define OUTPUT_FIGURE_H

#include "output/macro.h"

/* The numbers that a chart draws, in its order. */
struct figure_point {
    const char *label; /* 新县; 岗位信息发布，非常满意 */
    const struct indicator *ind;
    const struct stat_row *e; /* NULL: none */
};
struct figure {
    struct arena arena;
    struct figure_point *points;
    int count, room;
    char
        marks[4]; /* of the numbers that it leaves out or prints in brackets: see exhibit_notes() */
};

/* Returns 0, or -1 after a message: unknown type, no data, gnuplot or the font is missing,
 * gnuplot said anything at all. */
int figure_make(struct macros *m, const struct exhibit *x, const char *path);

/* What it would draw, without drawing.  -1 after a message.  figure_free() in any case. */
int figure_read(struct macros *m, const struct exhibit *x, struct figure *f);
void figure_free(struct figure *f);
/* The chart in words, for people who cannot see it: 条形图。新县66.0%；…。  And its marks. */
int figure_alt(struct buf *out, char marks[4], struct macros *m, const struct exhibit *x);

/* One text of a chart's data file: tabs and line ends become blanks, " becomes ”, a character
 * that the font cannot have becomes 〔U+1F600〕. */
void figure_text(struct buf *out, const char *text);
/* The same as a gnuplot string in single quotes. */
void figure_quote(struct buf *out, const char *text);

#endif
