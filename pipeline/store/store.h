/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The only door to SQLite.  One finished file a step: created under a temporary name, filled in
 * one transaction, closed, checked, renamed.
 *
 *     struct store *s = store_create("411525.raw.db", SCHEMA_RAW);
 *     struct query *q = store_query(s, "INSERT INTO file(path, bytes) VALUES (:path, :bytes)");
 *     query_text(q, ":path", "住户.csv");
 *     query_long(q, ":bytes", 1234);
 *     query_run(q);
 *     query_end(q);
 *     store_commit(s);
 *
 *     struct store *r = store_open("411525.raw.db", "raw");
 *     struct query *q = store_query(r, "SELECT path, bytes FROM file ORDER BY path");
 *     while (query_next(q))
 *         printf("%s %ld\n", col_text(q, 0), col_long(q, 1));
 *     query_end(q);
 *     store_close(r);
 *
 * SQL is a constant; values enter by binding only.  Any SQLite error ends the program with
 * CANNOT after a message with the file and the SQL, so that an error in the middle of the rows
 * is never taken for their end.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/outfile.h"

#include <stdbool.h>
#include <stddef.h>

struct store;
struct query;

/* A kind of file: its name, version and tables.  The schemas stand in store/schema.c. */
struct store_schema {
    const char *kind;
    int version;
    const char *sql;
    bool personal; /* holds personal data: only its owner may read the file */
};
extern const struct store_schema SCHEMA_RAW, SCHEMA_CLEAN, SCHEMA_WEIGHTS, SCHEMA_TALLY,
    SCHEMA_RESULTS;

struct store *store_create(const char *path, const struct store_schema *schema);
void store_commit(struct store *s); /* ends, checks, renames and frees */

/* Read-only.  The schema's kind and version are checked; a mismatch ends the program with
 * CANNOT and the command that makes the file anew. */
struct store *store_open(const char *path, const struct store_schema *schema);
void store_close(struct store *s);

/* The path that was given; for messages. */
const char *store_path(const struct store *s);

/* Every file has a table meta(name, value). */
void store_set_meta(struct store *s, const char *name, const char *value);
/* The value in `buffer` (size bytes), "" when absent. */
const char *store_meta(struct store *s, const char *name, char *buffer, size_t size);

/* Run statements without values, such as CREATE TABLE with names that store_quote() made. */
void store_exec(struct store *s, const char *sql);
/* The name as an SQL identifier in double quotes; caller frees. */
char *store_quote(const char *name);

struct query *store_query(struct store *s, const char *sql);
/* Bind by name (":path").  Text is copied.  NULL text binds NULL, NaN binds NULL. */
void query_text(struct query *q, const char *name, const char *value);
void query_long(struct query *q, const char *name, long value);
/* Bind by position from 1, for the hot loops. */
void query_text_at(struct query *q, int position, const char *value);
/* The same without a copy: the text must stay until query_run() or query_next(). */
void query_kept_at(struct query *q, int position, const char *value);
void query_blob_at(struct query *q, int position, const void *bytes, size_t n);
void query_long_at(struct query *q, int position, long value);
void query_double_at(struct query *q, int position, double value);
void query_null_at(struct query *q, int position);

bool query_next(struct query *q); /* steps; false at the end of the rows */
void query_run(struct query *q);  /* steps to the end and resets, ready for new values */
void query_reset(struct query *q);
void query_end(struct query *q);

/* Columns from 0; text is valid until the next step.  NULL reads as "" / 0 / NaN. */
const char *col_text(struct query *q, int column);
const void *col_blob(struct query *q, int column, size_t *n);
long col_long(struct query *q, int column);
double col_double(struct query *q, int column);
bool col_is_null(struct query *q, int column);
bool col_is_number(struct query *q, int column);
int col_count(struct query *q);
const char *col_name(struct query *q, int column);

#endif
