/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exact decimal numbers as text, and Chinese numerals.
 *
 * A number keeps its digits: 58.7133 x 10000 is 587133 and never 587133.0000000001.
 *
 *     struct buf b = {0};
 *     decimal_read("012.50", 4, &b);     // true, "125000"
 *     numeral_read("两万五", &b, &scale);  // true, "25000"
 */
#ifndef REVIEW_NUMERAL_H
#define REVIEW_NUMERAL_H

#include "base/text.h"

/* Reads an optional minus, ASCII digits and at most one point, all of `text`, and puts
 * text x 10^shift in canonical form (no leading zero, no trailing zero after the point, no "-0")
 * into `out` (replaced).  False for anything else, and for results of more than 40 digits. */
bool decimal_read(const char *text, int shift, struct buf *out);

/* Reads what programs write for large and small numbers (R: 1e+05, 2.5e-07) in the same way.  Not
 * from 1E+11 on with a large E: so do spreadsheets show numbers of twelve digits, rounded to six. */
bool scientific_read(const char *text, struct buf *out);

/* Multiplies a canonical decimal by a factor: exactly where the factor is a power of ten. */
void decimal_scale(struct buf *number, double factor);

/* Reads a number written with Chinese numerals or with 十百千万亿 behind Arabic digits: 十二,
 * 两万五 (25000), 三千五 (3500), 两千零五十, 3.5万, 3万5, 壹佰, 二〇二五, 三点五.  A last digit
 * without unit counts a tenth of the unit before it.  Fuzzy forms (两三万, 十几, 一万多) are no
 * numbers.  *scaled tells whether 千, 万 or 亿 occurs.  Replaces `out`; false for anything else,
 * plain Arabic numbers included. */
bool numeral_read(const char *text, struct buf *out, bool *scaled);

#endif
