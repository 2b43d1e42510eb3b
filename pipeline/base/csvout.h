/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing CSV for programs and for people: UTF-8 with BOM (Excel and WPS then read it right),
 * CRLF never, fields quoted when they must be.
 *
 *     csv_begin(out);                       // the BOM
 *     csv_field(out, "县"); csv_field(out, "值"); csv_end(out);
 */
#ifndef BASE_CSVOUT_H
#define BASE_CSVOUT_H

#include <stdbool.h>
#include <stdio.h>

struct csvout {
    FILE *stream;
    bool in_row;
};

void csv_begin(struct csvout *out, FILE *stream);
void csv_field(struct csvout *out, const char *text); /* NULL writes an empty field */
void csv_number(struct csvout *out, double value);    /* 15 to 17 digits; NaN writes empty */
void csv_long(struct csvout *out, long value);
void csv_end(struct csvout *out);

#endif
