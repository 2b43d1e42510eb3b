/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The number that a cell's text says, with the repairs it took: full-width digits, thousands
 * separators, unit words, Chinese numerals.
 */
#ifndef REVIEW_NUMBERTEXT_H
#define REVIEW_NUMBERTEXT_H

#include "base/text.h"
#include "review/rules.h"

#include <stdbool.h>

/* Reads trimmed `text` as an answer in `unit` (元, 万元, %, 人 …, "" for none).  `factor` turns
 * the unit of the column's head into the question's; it applies unless the text names its own
 * unit or scale.  Puts the canonical number into `out` (replaced) and or's bits of enum repair
 * into *repairs.  False, with out and *repairs without meaning, when it is no number for certain
 * (约3000, 三四千, 3OOO, 2000-3000, a unit of another kind). */
bool numbertext_read(const char *text, const char *unit, double factor,
                     const struct words *unit_words, struct buf *out, unsigned *repairs);

#endif
