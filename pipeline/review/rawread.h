/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading the raw store (SCHEMA_RAW): its data rows in order or by id, each with the block that
 * tells which of its cells answers which question.
 *
 *     struct rawread *r = rawread_open("411523.raw.db", topic);
 *     struct raw_row row = {0};
 *     while (rawread_next(r, &row))
 *         use(raw_row_cell(&row, raw_column(row.block, question, 0)));
 *     raw_row_free(&row);
 *     rawread_close(r);
 */
#ifndef REVIEW_RAWREAD_H
#define REVIEW_RAWREAD_H

#include "formats/cells.h"
#include "store/store.h"
#include "review/answers.h"
#include "survey/topic.h"

#include <stdbool.h>

enum raw_role { ROLE_OTHER, ROLE_QUESTION, ROLE_CHOICE };
enum raw_layout { LAYOUT_ROWS, LAYOUT_CARD, LAYOUT_ODK };

struct raw_column {
    int pos; /* index into the cells of a row; in a card see formats/cells.h */
    const char *head;
    enum raw_role role;
    const struct question *question; /* NULL for ROLE_OTHER */
    int nth;                         /* wide repeats: record of the repeat, from 1; else 0 */
    int choice;                      /* ROLE_CHOICE: index in the list */
    double factor;
};

/* A table found in a sheet, or all instances of a form. */
struct block {
    long id;
    const struct level *level;
    enum raw_layout layout;
    long parent; /* id of the block that parent numbers point into, 0: none */
    long head_row;
    const char *village;        /* sheet name when the sheet stands for one unit, else "" */
    struct raw_column *columns; /* in the order of nth, question, pos */
    int column_count;
    int index, up, instance, deprecated; /* cell of that role, -1: none */
    int nth_max;                         /* 0 unless records of a repeat stand side by side */
    bool has_choices;
    /* private */
    struct arena arena;
    int *places; /* [nth][question index] -> index in columns, -1 */
};

/* A cell that an answer of the county has replaced. */
struct replaced {
    int pos;
    struct cell was;
};

/* A data row.  Zero it before its first use; it may be used again and again. */
struct raw_row {
    long id;
    long parent; /* row of the enclosing record in an instance, 0: none */
    long no;     /* as in the raw store */
    bool truncated, correction;
    struct block *block;
    const char *file, *sheet;
    struct cells cells; /* as received, or as the county corrected them since */
    struct replaced *replaced;
    int replaced_count, replaced_room;
    struct answers *answers; /* of the county to its return workbook */
    struct buf names;        /* backing store of file and sheet */
    long sheet_id;           /* private: whose names these are */
};

struct rawread;
struct rawread *rawread_open(const char *path, const struct topic *t);
void rawread_close(struct rawread *r);
struct store *rawread_store(struct rawread *r);
struct answers *rawread_answers(struct rawread *r); /* applied to every row that is read */

/* The next data row in the order of the raw store; false at the end. */
bool rawread_next(struct rawread *r, struct raw_row *row);
/* The row of that id; ends the program when it is not there. */
void rawread_load(struct rawread *r, long id, struct raw_row *row);
/* Blocks of rows stay until this is called; then the least used are forgotten when there are
 * many.  Rows loaded before must not be used after it. */
void rawread_trim(struct rawread *r);
void raw_row_free(struct raw_row *row);

/* The column of a question (nth 0, or record nth of a repeat side by side); NULL: none. */
const struct raw_column *raw_column(const struct block *b, const struct question *q, int nth);
/* The column that a problem names (review/problems.h): of that question, and of that head unless
 * the block is of instances; in a card it stands in the row that is named.  NULL: none. */
const struct raw_column *raw_column_named(const struct block *b, const char *question,
                                          const char *head, const char *row);
/* Its cell; an empty cell when the column is NULL or the row is short. */
struct cell raw_row_cell(const struct raw_row *row, const struct raw_column *c);
/* The same as it was received. */
struct cell raw_row_received(const struct raw_row *row, const struct raw_column *c);
/* The trimmed text of cell number `pos` into `out` (replaced); "" for pos -1. */
void raw_row_text(const struct raw_row *row, int pos, struct buf *out);

/* Whether record nth of the repeat is there: one of its answers, calculations aside, is not
 * blank. */
bool raw_row_has_nth(const struct raw_row *row, int repeat, int nth);

#endif
