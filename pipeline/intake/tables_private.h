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
    int found, widest;
    struct merge *merges;
    int merge_count, next_merge; /* by their first row; those before next_merge have begun */
    struct fill *fills;
    int fill_count, fill_room;
    struct cell *filled;
    int filled_room;
    /* Rows since the last table ended; the last may be a head waiting for the row below it. */
    struct kept_row *kept;
    int kept_count, kept_room;
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
    long rows_below; /* rows since the head */
    bool written;    /* columns are written: the unit row, if any, is behind */
    bool after_note; /* the row before was a note; a text alone goes on with it */
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
 * numbers.  Without a further question in the key the sheet may stand for the unit. */
bool has_key(const struct tables *t, int level, const struct column *columns, int count);
/* The sheet's name when it stands for the village of all its records, else "". */
const char *village_of_sheet(const struct tables *t, int level, const struct column *columns,
                             int count);

/* ---- tablefill.c: merged cells in the rows of a table ---- */
void fills_begin(struct tables *t); /* the merges of a sheet are known */
/* The row with what merged cells above hold; `cells` itself when there is none. */
const struct cell *fill_row(struct tables *t, long no, const struct cell *cells, int *count);
void fills_free(struct tables *t);

/* ---- tablecard.c ---- */
/* Read the kept rows as a card; false when they are none. */
bool read_card(struct tables *t);

#endif
