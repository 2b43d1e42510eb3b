/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A county's folder as it is written: records into the files of a style, and what a cleaning must
 * find in them into the truth.
 *
 *     struct upload *u = upload_new(&world, style, folder, truth);
 *     upload_write(u, &arena, made, false);
 *     int code = upload_close(u);
 */
#ifndef SIMULATE_UPLOAD_H
#define SIMULATE_UPLOAD_H

#include "simulate/style.h"
#include "simulate/truth.h"

struct upload;
struct upload *upload_new(const struct world *w, const struct style *style, const char *folder,
                          struct truth *truth);
/* Ends the tables, adds the clutter that such a folder has; 0, or -1 after messages. */
int upload_close(struct upload *u);

/* Whether the records of a repeat stand in a table of their own. */
bool upload_has_tables_below(const struct upload *u);
/* Whether the records of a level stand in sheets named after their unit, without its code. */
bool upload_by_unit_sheets(const struct upload *u, const struct level *level);

/* Whether its records stand in columns: they are written at the end and must live until then. */
bool upload_is_card(const struct upload *u, const struct level *level);

/* Which file of a table: the first one, a further one, one of corrections. */
enum series { SERIES_FIRST, SERIES_FURTHER, SERIES_CORRECTION };

/* Writes a planted record and those below it, and what is true of them.  With `alone` the rows
 * below are left out. */
void upload_write(struct upload *u, struct arena *a, struct made *m, enum series series,
                  bool alone);
/* Writes one row below again or on its own (m->parent tells what it refers to). */
void upload_write_below(struct upload *u, struct arena *a, struct made *m);
/* Cuts the last row of a delimited file: `m` is written in part.  It must be the last call. */
void upload_cut(struct upload *u, struct arena *a, struct made *m);

#endif
