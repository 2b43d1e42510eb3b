/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of intake/tables.c: rows kept back, what a row is, the columns of a head, cards.
 */
#ifndef INTAKE_TABLES_PRIVATE_H
#define INTAKE_TABLES_PRIVATE_H

#include "intake/tables.h"

/* A row kept until it is known what it is. */
struct kept_row {
    long no;
    struct cells cells;
};

enum { KEPT_ROWS = 1000, HEAD_ROWS = 3, CARD_COLUMNS = 512 };
enum { KEPT_CELLS = 1 << 20 }; /* of all kept rows together */

/* A cell merged with those below it: it holds for all their rows. */
struct fill {
    int column, bottom; /* bottom counts from 0 */
    enum cell_kind kind;
    struct buf text;
};

struct tables {
    struct heads *heads;
    struct raw *raw;
    const struct topic *topic;
    long file, sheet;
    const char *path;
    char *sheet_name;
    bool hidden, in_sheet;
    struct tables_found found;
    struct merge *merges;
    int merge_count, next_merge; /* by their first row; those before next_merge have begun */
    struct fill *fills;
    int fill_count, fill_room;
    struct cell *filled;
    int filled_room;
    /* Rows since the last table ended; the last may be a head waiting for the row below it. */
    struct kept_row *kept;
    int kept_count, kept_room;
    int kept_cells;
    bool head_waits;
    bool held;     /* in a table: the kept rows may be the title of the next one */
    long last_row; /* number of the last row */
    /* The table being read; block 0: none. */
    long block, head_row;
    int level, width; /* width: cells of the head row */
    struct column *columns;
    char **printed; /* heads as printed */
    double *factors;
    bool *seen; /* columns without a head: something stood there */
    int column_count, column_room;
    long rows_below;    /* rows since the head */
    bool written;       /* columns are written: the unit row, if any, is behind */
    bool after_note;    /* the row before was a note; a text alone goes on with it */
    bool continued;     /* the same table under another title */
    bool of_village;    /* a title says which village the table is of */
    struct buf village; /* of the last title that names one */
    /* The record of a form or a card above: rows of its repeats belong to it; 0: none. */
    long above;
    int above_level;
    struct tables *right; /* reads the table beside this one; NULL: none */
    int border;           /* its first column */
    bool beside;          /* is such a reader: titles are written by the other */
    struct buf packed;
};

/* Whether a cell holds more than white space. */
static inline bool is_filled(const struct cell *c)
{
    return c->len && ((c->text[0] > ' ' && c->text[0] < 0x7F) || !text_is_blank(c->text));
}

/* ---- tablerows.c: what a row is ---- */
int filled_cells(const struct cell *cells, int count, int *first);
bool is_group_row(const struct tables *t, const struct kept_row *row, const struct kept_row *below);
bool is_unit_row(struct tables *t, const struct cell *cells, int count);
bool is_total_row(const struct cell *cells, int count);
bool is_note_row(const struct tables *t, const struct cell *cells, int count);
/* A row that looks like a head at a glance. */
bool may_be_head(struct tables *t, const struct cell *cells, int count);
struct fit fit_row(struct tables *t, const struct cell *cells, int count);

/* ---- tablecolumns.c: the columns of a table ---- */
/* The rows kept[first..last] are the head.  Fills columns, printed, units; starts the block.
 * False, and nothing started, when no column says whose record a row is. */
bool begin_table(struct tables *t, int first, int last);
void take_unit_row(struct tables *t, const struct cell *cells, int count);
/* Write the columns and what is to be told about them; once, before the first data row. */
void write_columns(struct tables *t);
void note_headless(struct tables *t, const struct cell *cells, int count);
void end_table(struct tables *t);
/* Whether records can belong to anything: a column of the key or the unit's name, or of row
 * numbers, or the record above.  Without a further question in the key the village of a title or
 * of the sheet is enough. */
bool has_key(const struct tables *t, int level, const struct column *columns, int count,
             const char *village);
/* Go on with the same columns in a new block, of that village. */
void continue_table(struct tables *t, const char *village);
/* A line of problems.csv about the head of a column or the label of an item. */
void tell_head(struct tables *t, long row, const char *column, const char *field, const char *kind,
               const char *class);

/* ---- tabletitle.c ---- */
/* Whether a row of titles names a village; its name or code then is in t->village. */
bool names_village(struct tables *t, const struct cell *cells, int count);
/* The village of all records of a table: named by one of the first kept rows above it, the
 * nearest first, or by the sheet; "" when a column says so or the record above does.  The text
 * lives until the next call. */
const char *village_of_table(struct tables *t, int level, const struct column *columns, int count,
                             int rows);

/* ---- tablesplit.c ---- */
/* If the head in the kept rows first..last is that of two tables side by side, give the right one
 * to t->right and leave the left one in the kept rows. */
void split_off(struct tables *t, int first, int last);
/* The part of a row that belongs to t->right. */
void feed_right(struct tables *t, long no, const struct cell *cells, int count, bool cut);

/* ---- tables.c ---- */
/* Write the kept rows first..end - 1 as rows of no table. */
void write_rows(struct tables *t, int first, int end, const char *kind);

/* ---- tablefill.c: merged cells in the rows of a table ---- */
void fills_begin(struct tables *t); /* the merges of a sheet are known */
/* The row with what merged cells above hold; `cells` itself when there is none. */
const struct cell *fill_row(struct tables *t, long no, const struct cell *cells, int *count);
void fills_free(struct tables *t);

/* ---- tablecard.c ---- */
/* Read the first kept rows as a card; false when they are none. */
bool read_card(struct tables *t, int rows);

/* ---- tableform.c ---- */
/* The same for forms, whose items stand side by side, one or several below each other; with
 * `more`, the last one is left as it may not be whole.  Returns how many rows were read. */
int read_form(struct tables *t, int rows, bool more);
/* Whether row `no`, which is not kept yet, may be one of a form: two or more labels, each with
 * another cell or nothing behind it, and a value; or all without one, below such a row. */
bool looks_like_form(struct tables *t, long no, const struct cell *cells, int count);
/* Whether a kept row looks so, or has a last label or more in line with those above it. */
bool is_item_row(struct tables *t, int row);

#endif
