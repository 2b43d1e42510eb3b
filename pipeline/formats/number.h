/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Number cells and date cells of spreadsheets as text.
 */
#ifndef FORMATS_NUMBER_H
#define FORMATS_NUMBER_H

#include "base/text.h"

#include <stdbool.h>

enum { NUMBER_TEXT = 40 };

/* The number as a spreadsheet program holds it, at most 15 significant digits: 0.1 + 0.2 is
 * 0.3, and an integer of more than 15 digits is scientific, 4.11499197705301E+17. */
const char *number_text(double value, char out[NUMBER_TEXT]);

/* Append the number that `text` writes as files write it (12, -1.5, 4.1E+17), in the form of
 * number_text(); false, and nothing appended, when it is none. */
bool number_append(struct buf *out, const char *text);

/* A serial date: YYYY-MM-DD, YYYY-MM-DDThh:mm:ss when it has a fraction, hh:mm:ss below 1.
 * Serial 60 of the 1900 system is that system's 1900-02-29.  NULL when out of range. */
const char *serial_text(double serial, bool date1904, char out[NUMBER_TEXT]);

/* Whether number format `id` (built-in) or, when code is not NULL, that format code shows dates
 * or times. */
bool format_is_date(int id, const char *code);

#endif
