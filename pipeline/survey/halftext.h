/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text as a number, date or code is read from it: half-width, every white space a blank.
 */
#ifndef SURVEY_HALFTEXT_H
#define SURVEY_HALFTEXT_H

#include "base/text.h"

/* Puts `text` into `out` (replaced): U+FF01..FF5E as ASCII, white space of any kind as one ASCII
 * blank each, zero-width characters left out.  Tells whether a full-width character was changed
 * (blanks do not count). */
bool half_text(struct buf *out, const char *text);

/* Removes every occurrence of an ASCII character. */
void remove_char(struct buf *b, char c);

/* ASCII letters to upper case. */
void upper_case(struct buf *b);

#endif
