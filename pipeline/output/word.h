/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The report as a Word document (WordprocessingML, ECMA-376 part 1), which offices edit: headings
 * and texts as styles, tables as tables, charts as pictures, numbers linked to their definitions.
 *
 *     struct word *w = word_new(results, "work/word");      // where the charts' pictures are
 *     m.show = word_show;
 *     document_body(&body, &m, narrative, &to_fill);
 *     if (word_convert(w, &m, body.text) == 0) word_write(w, stream);
 *     word_free(w);
 *
 * The body is LaTeX.  What our own code writes, and of the narrative headings, paragraphs, \textbf,
 * \emph, \texttt, escapes, quotes and dashes become Word; every other command is refused with its
 * line, so that nothing is lost in silence.
 *
 * The page is that of GB/T 9704-2012, 28 characters by 22 lines on 156 x 225 mm, as a grid of the
 * section.  The same input gives the same bytes.
 */
#ifndef OUTPUT_WORD_H
#define OUTPUT_WORD_H

#include "output/macro.h"

#include <stdio.h>

struct word;
struct word *word_new(const struct results *r, const char *pictures);
void word_free(struct word *w);

/* For macros.show: marks the place of a table or chart. */
int word_show(struct buf *out, struct macros *m, const struct exhibit *x, bool chart);

/* 0, or -1 after messages. */
int word_convert(struct word *w, struct macros *m, const char *body);

/* Writes the package.  0, or -1 after a message. */
int word_write(struct word *w, FILE *to);

#endif
