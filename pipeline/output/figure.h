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
 *        stacked   categories groups (rows) by their choices (parts), 100% bars; or with `by`
 *                  one group, rows the values of the domain
 *        dots      the indicators (rows) by the values of domain `by`, as dots of several kinds
 * show   nointerval   without 95% intervals;  order   as listed instead of by value
 *        reverse      stacked: parts from the last choice to the first
 *
 * The script is fixed text with numbers; labels stand in the data file or in single quotes that
 * cannot be left, so that no text is ever a command.  `gnuplot -c x.gp x.pdf` in the folder
 * draws it again.  The PDF's date is that of the data, so that equal data give equal bytes.
 */
#ifndef OUTPUT_FIGURE_H
#define OUTPUT_FIGURE_H

#include "output/macro.h"

/* Returns 0, or -1 after a message: unknown type, no data, gnuplot or the font is missing,
 * gnuplot said anything at all. */
int figure_make(struct macros *m, const struct exhibit *x, const char *path);

/* One text of a chart's data file: tabs and line ends become blanks, " becomes ”, a character
 * that the font cannot have becomes 〔U+1F600〕. */
void figure_text(struct buf *out, const char *text);
/* The same as a gnuplot string in single quotes. */
void figure_quote(struct buf *out, const char *text);

#endif
