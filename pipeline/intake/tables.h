/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds the tables in a sheet while its rows go by, and writes them to the raw store: title
 * rows, heads of one to three rows, a unit row, data, totals, notes; several tables below each
 * other; cards (one item a row, one record a column).
 *
 *     struct tables *t = tables_new(heads, raw, topic);
 *     tables_file(t, file, path);
 *     struct sheet_handler h = tables_handler(t);
 *     sheets_read(full_path, format, encoding, &h, why, sizeof why);
 *     struct tables_found found = tables_end(t);
 *     tables_free(t);
 */
#ifndef INTAKE_TABLES_H
#define INTAKE_TABLES_H

#include "formats/sheets.h"
#include "intake/heads.h"
#include "intake/rawstore.h"

struct tables;
struct tables *tables_new(struct heads *h, struct raw *r, const struct topic *t);
void tables_free(struct tables *t);

/* The rows to come belong to this file; `path` is what problems and rows are listed under. */
void tables_file(struct tables *t, long file, const char *path);
struct sheet_handler tables_handler(struct tables *t);
/* What a file held: tables of the questionnaires that were read; others that have no column for
 * the key, which are told; the most cells of a row. */
struct tables_found {
    int read, keyless, widest;
};
struct tables_found tables_end(struct tables *t);

#endif
