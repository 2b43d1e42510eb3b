/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delimited text (RFC 4180 and what spreadsheet programs really write), streamed.
 *
 * A quote counts only at the start of a field; "" inside is one quote; text behind the closing
 * quote is kept.  Rows end at LF, CR or CRLF outside quotes.  A quote that is never closed (none
 * within 1 MiB) is taken as an ordinary character.  Each record counts as one row, blank ones
 * too.  Limits: 16 MiB a row, 16384 columns.
 *
 * ="0123", by which programs keep a spreadsheet from taking digits for a number, is 0123.  A first
 * line sep=; names the delimiter and is no row; byte order marks at the start of a row, as where
 * files were joined, are skipped.
 */
#ifndef FORMATS_CSV_H
#define FORMATS_CSV_H

#include "formats/sheets.h"

/* As sheets_read(). */
int csv_read(const char *path, const char *encoding, const struct sheet_handler *h, char *why,
             size_t why_size);

/* The delimiter that splits the first records of `text` most evenly: , ; tab or |. */
char csv_delimiter(const char *text, size_t n);

#endif
