/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The report: 要点, title, narrative, what the narrative did not show, annexes.
 *
 *     struct macros m;
 *     macros_init(&m, results);
 *     if (document_write(&out, &m, "topics/…/report.tex") < 0) …
 *
 * A paragraph of the narrative that begins with \optional is left out, with a note on the
 * console, when it needs a withheld number; while fewer than half of the counties have sent
 * something, a note stands in the place of any other.
 *
 * Lines "%@ file:line" in the output tell from which line of which file the text after them
 * comes, "%@ :" that it comes from none; typeset uses them in its messages.
 */
#ifndef OUTPUT_DOCUMENT_H
#define OUTPUT_DOCUMENT_H

#include "output/macro.h"

/* Charts are included from the folder charts/ beside the report.  Returns 0, or -1 after
 * messages for every mistake found; *to_fill gets the number of places marked 【研究人员填写. */
int document_write(struct buf *out, struct macros *m, const char *narrative, int *to_fill);

/* The same without what stands around the text of the document: 要点, title, narrative, exhibits,
 * annexes.  m->show places tables and charts. */
int document_body(struct buf *body, struct macros *m, const char *narrative, int *to_fill);

/* Numbers tables and charts as the report does.  -1 after messages. */
int document_number(struct macros *m, const char *narrative);

/* The date that the PDF bears, seconds since 1970: settings `date`, else rule `today`, else
 * 2000-01-01. */
long document_epoch(const struct topic *t);

/* 比例, 均值 …: what a statistic is called. */
const char *statistic_label(enum statistic s);

/* The annexes on method, data quality, definitions and signs; `number` counts them. */
int annexes_write(struct buf *out, struct macros *m, int *number);

#endif
