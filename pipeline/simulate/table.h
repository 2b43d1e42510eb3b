/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing tables: delimited text in any encoding, streamed, or sheets of a workbook.
 *
 *     struct files *f = files_new(style, folder);
 *     struct sheet *s = files_sheet(f, "确山县住户", "住户");   // a file of its own, or a sheet
 *     long row = sheet_row(s, cells, count);                     // as spreadsheets number rows
 *     int code = files_close(f);                                 // 0, or -1 after messages
 */
#ifndef SIMULATE_TABLE_H
#define SIMULATE_TABLE_H

#include "simulate/made.h"
#include "simulate/style.h"

struct files;
struct sheet;

/* `pack` names the zip that everything goes into where the style says so. */
struct files *files_new(const struct style *style, const char *folder, const char *pack);
int files_close(struct files *f);

/* The sheet of that name in the file of that name (without extension); delimited files have one
 * sheet without a name.  Made at the first call; NULL after a message. */
struct sheet *files_sheet(struct files *f, const char *file, const char *name);
/* Ends all files so far; of a name that is wanted again, a further file is made: 住户（2）. */
int files_turn(struct files *f);
const char *sheet_file(const struct sheet *s); /* relative to the folder, 包名!包内路径 in a zip */
const char *sheet_name(const struct sheet *s); /* "" in delimited text */

/* Writes the next row; returns its number, from 1. */
long sheet_row(struct sheet *s, const struct shown *cells, int count);
/* Leaves a row empty. */
void sheet_gap(struct sheet *s);
/* The last row of a delimited file, cut off within its last cell. */
long sheet_cut_row(struct sheet *s, const struct shown *cells, int count);
/* Merged text from the next row on, before it is written: rows x columns from `column`. */
void sheet_merge(struct sheet *s, int column, int columns, int rows, const char *text);
void sheet_hide(struct sheet *s);

#endif
