/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts of county files as cells, comments and sheet names of an .xlsx that opens without a
 * repair prompt.
 */
#ifndef OUTPUT_WORKBOOK_TEXT_H
#define OUTPUT_WORKBOOK_TEXT_H

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"

enum { CELL_TEXT_MAX = 32000 }; /* UTF-16 units; Excel refuses 32768 */

/* Appends n bytes of UTF-8, at most `most` UTF-16 units of them ("…" shows a cut): NUL as ␀, what
 * XML 1.0 does not have (U+FFFE, U+FFFF, broken bytes) as U+FFFD, and _xHHHH_ so that it is not
 * taken for an escape (ECMA-376 ST_Xstring).  Other control characters stay for the writer to
 * escape. */
void text_for_cell(struct buf *out, const char *bytes, size_t n, int most);

/* A sheet name from a file's path and a sheet's name ("" when it has none): at most 31 UTF-16
 * units, without []:*?/\', unlike any other in `taken` (case ignored), to which it is added. */
const char *text_tab_name(struct arena *a, struct map *taken, const char *path, const char *sheet);

/* Columns that a text takes: 2 for a wide character, 1 for others; of its widest line. */
int text_columns(const char *text);
/* Lines that it takes in a cell `columns` wide. */
int text_lines(const char *text, int columns);

#endif
