/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clean records of one level as a flat table: what a file of them has for columns, and the
 * query that gives its rows.
 *
 *     struct record_table d = record_table(topic, level, false);
 *     struct query *q = record_table_query(&d, clean);
 *     while (query_next(q))
 *         use(col_text(q, TABLE_KEY), col_double(q, TABLE_QUESTIONS + i));
 *     query_end(q);
 */
#ifndef OUTPUT_RECORDTABLE_H
#define OUTPUT_RECORDTABLE_H

#include "store/store.h"
#include "survey/topic.h"

struct record_table {
    const struct level *level, *top; /* top: of the level's form */
    bool key_first;                  /* a first column for the key of the top record */
    const char *key_head;
    bool weighted; /* units of the second stage */
    bool personal; /* personal questions are in it */
};

/* A key of several questions is printed as "key"; a key of one question stands in its own
 * column at the top level, and is repeated under its own name below it. */
struct record_table record_table(const struct topic *t, const struct level *l, bool personal);

/* Whether the question is a column of it. */
bool record_table_has(const struct record_table *d, const struct question *q);

/* Columns of the query: the key and the PSU of the top record, where the record stands in the
 * county's file, why values are missing (one letter for every question of the level that holds
 * data, personal ones too; survey/value.h), then the questions that are in the table, in the order
 * of the form. */
enum { TABLE_KEY, TABLE_PSU, TABLE_FILE, TABLE_SHEET, TABLE_ROW, TABLE_MISSING, TABLE_QUESTIONS };
struct query *record_table_query(const struct record_table *d, struct store *clean);

/* Hashes of personal values are for matching only and depend on the key: words instead of one. */
const char *record_readable(const char *text);
/* The words. */
extern const char RECORD_PERSONAL[];

#endif
