/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cells as received, and rows of them packed into one blob for the raw store.
 */
#ifndef FORMATS_CELLS_H
#define FORMATS_CELLS_H

#include "base/text.h"

#include <stddef.h>

enum cell_kind {
    CELL_EMPTY = 'e',
    CELL_TEXT = 't',
    CELL_NUMBER = 'n',  /* a number cell; text has at most 15 significant digits, as spreadsheets
                           do; integers beyond 15 digits are scientific (formats/number.h) */
    CELL_DATE = 'd',    /* a true date cell; text is YYYY-MM-DD, YYYY-MM-DDThh:mm:ss, or hh:mm:ss
                           for a time of day */
    CELL_BOOL = 'b',    /* text is TRUE or FALSE */
    CELL_ERROR = 'x',   /* text is #REF! … */
    CELL_FORMULA = 'f', /* formula without a stored value; text is "=…" */
};

/* Text is UTF-8, exactly as received (no trimming); it may hold control characters, NUL too. */
struct cell {
    enum cell_kind kind;
    const char *text; /* `len` bytes, NUL-terminated besides; not owned */
    size_t len;
};

/* The cells of a card, whose records are columns: cell i is that of row i + 1 of the sheet, in the
 * record's column.  In a form, whose items stand side by side, i is from CARD_ROWS on, and tells
 * the column and how far below the block's head row the cell stands. */
enum { CARD_ROWS = 1024, CARD_COLUMNS_SIDE = 100 };
/* The row of the sheet, from 1. */
static inline long card_row(int i, long head_row)
{
    return i < CARD_ROWS ? i + 1 : head_row + i % CARD_ROWS;
}
/* The column of the sheet, from 0; `no` is that of the raw row. */
static inline int card_column(int i, long no)
{
    return i < CARD_ROWS ? (int)no - 1 : i / CARD_ROWS - 1;
}

enum { CELLS_MOST = 1 << 17 };
struct cells {
    struct cell *items;
    int count, room;
    struct buf bytes; /* backing store of unpacked texts */
};

/* Append the packed form: for each cell a kind byte, the length as LEB128, the bytes; for a run of
 * empty cells one kind byte and how many more of them follow the first. */
void cells_pack(struct buf *out, const struct cell *cells, int count);

/* Unpack, at most CELLS_MOST; texts live in c->bytes until the next unpack.  Returns 0, or -1 when
 * the blob is damaged.  Reuse one struct cells for a whole run; free with cells_free(). */
int cells_unpack(struct cells *c, const void *blob, size_t n);
void cells_free(struct cells *c);

#endif
