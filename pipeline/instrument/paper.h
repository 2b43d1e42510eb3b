/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A questionnaire on paper, in the dress of a Chinese statistical form, as LaTeX: large type, boxes
 * to tick and to write digits in, the condition of every skipped question in words, repeats as
 * grids, the same order as on the screen, and on every page the form's code and version.
 *
 * The head takes from the sheet `settings` of the questionnaire, and issuer and document else from
 * the topic: table_number 表号, issuer 制定机关, document 文号, valid_until 有效期至 (both 待批准 when
 * they are not there), measure 计量单位.
 */
#ifndef INSTRUMENT_PAPER_H
#define INSTRUMENT_PAPER_H

#include "base/text.h"
#include "survey/topic.h"

/* Appends the document.  `topic` may be NULL.  Returns 0, or -1 after a message. */
int paper_write(const struct form *form, const struct topic *topic, struct buf *out);

#endif
