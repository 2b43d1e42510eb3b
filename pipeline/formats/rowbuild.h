/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row of cells under construction, as readers make them: the text of a cell is put behind
 * those before it, then the cell is set; at the end the row is handed on.
 *
 *     struct rowbuild r = {0};
 *     rowbuild_begin(&r);
 *     size_t start = r.texts.len;
 *     buf_puts(&r.texts, "张三");
 *     rowbuild_set(&r, 2, CELL_TEXT, start);
 *     go_on = rowbuild_hand_on(&r, handler, 5);      // row 5: two empty cells and 张三
 *     rowbuild_free(&r);
 */
#ifndef FORMATS_ROWBUILD_H
#define FORMATS_ROWBUILD_H

#include "formats/sheets.h"

/* Limits of every reader of sheets, those of spreadsheet programs where they have one. */
enum {
    SHEET_COLUMNS = 16384,
    SHEET_ROWS = 1048576,
    SHEET_ROW_BYTES = 1 << 24,
    SHEET_MERGES = 100000,
};

/* How many bytes of text the cells of a file may have together that has so many bytes (unpacked)
 * itself: shared strings are stored once.  More was made to burst us. */
static inline size_t sheet_text_budget(size_t bytes)
{
    return (64 << 20) + 32 * bytes;
}

struct rowbuild {
    struct cell *cells;
    size_t *offsets; /* of the cells' texts in `texts` */
    int count, cell_room, offset_room;
    struct buf texts;
    size_t repeated; /* bytes of repeated texts */
    bool something;  /* a cell is not empty */
};

void rowbuild_begin(struct rowbuild *r);
/* The cell at `column` (below SHEET_COLUMNS) has texts[start..]; empty text makes an empty cell.
 * The cells before it that were not set are empty. */
void rowbuild_set(struct rowbuild *r, int column, enum cell_kind kind, size_t start);
/* Another cell with the text of the cell at `from`, not copied. */
void rowbuild_repeat(struct rowbuild *r, int column, int from);
/* Whether the texts of the row, repeated ones too, are beyond SHEET_ROW_BYTES. */
bool rowbuild_is_over(const struct rowbuild *r);
/* Give the row to the handler unless all of it is empty; false when that wants no more. */
bool rowbuild_hand_on(struct rowbuild *r, const struct sheet_handler *h, long no);
void rowbuild_free(struct rowbuild *r);

/* Merged areas of a sheet. */
struct merges {
    struct merge *areas;
    int count, room;
};
/* Add an area; those of one cell, upside down, or beyond the limits are left out. */
void merges_add(struct merges *m, struct merge area);

#endif
