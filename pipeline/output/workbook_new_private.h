/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of output/workbook_new.c: the lists, the county's sheets.
 */
#ifndef OUTPUT_WORKBOOK_NEW_PRIVATE_H
#define OUTPUT_WORKBOOK_NEW_PRIVATE_H

#include "base/text.h"
#include "output/workbook_new.h"

#include <xlsxwriter.h>

enum {
    PAPER_A4 = 9,
    LIST_HEAD = 2, /* of both lists, 0-based; title and instructions above */
};

/* A sheet that shows one of the county's; its columns are as wide as what stands in them. */
struct tab {
    lxw_worksheet *sheet;
    int *widths;
    int count;
};

/* A cell of a copy that waits to be written; its text is at `text` in waiting_texts. */
struct waiting_cell {
    long row;
    int col, seq; /* seq: of two in one place the later one stands */
    lxw_format *format;
    size_t text;
    bool number;
};

/* The writer's state: formats, the sheets of copies, and a buffer for texts.  Every sheet is
 * written row by row from the first on: the library keeps only the row in hand, and drops a cell
 * of an earlier one. */
struct book {
    const struct return_book *in;
    lxw_workbook *file;
    lxw_format *title, *notice, *head, *cell, *small, *link, *answer, *plain, *copy_head, *doubt,
        *held;
    struct tab *tabs; /* by copy */
    struct buf text;
    struct waiting_cell *waiting;
    int waiting_count, waiting_room;
    struct buf waiting_texts;
    int notes;
    lxw_error bad; /* first failure */
};

/* Remembers the first failure of the library. */
void book_check(struct book *b, lxw_error e);

/* ---- workbook_newlists.c ---- */
void book_write_asked(struct book *b);
void book_write_answered(struct book *b);
void book_write_told(struct book *b);

/* ---- workbook_newcopies.c ---- */
void book_write_copies(struct book *b);
void book_free_copies(struct book *b);

#endif
