/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the return workbook says about a problem, in plain Chinese: what is wrong, and what the
 * county should do.  The kinds are those of problems.csv (the topic's review rules).
 */
#ifndef OUTPUT_WORKBOOK_ADVICE_H
#define OUTPUT_WORKBOOK_ADVICE_H

#include "base/text.h"
#include "output/workbook_problems.h"

/* Appends what is wrong: one sentence. */
void advice_wrong(struct buf *out, const struct problem *p);

/* Appends what is expected: the question's own message where it has one, its choices or the form
 * of its answers, and how to answer.  "" for problems that the county is only told of. */
void advice_expected(struct buf *out, const struct problem *p);

#endif
