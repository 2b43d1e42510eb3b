/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sheets of the county's files that a return workbook shows, and where each problem stands
 * in them.  A table is shown row for row and column for column as received, so that its row
 * numbers are those of the county's file; records of phone files, which are many small files,
 * are shown in one list for each form and repeat, those with problems only.
 *
 *     struct copies copies = {0};
 *     copies_place(&copies, raw, topic, &problems, NULL);
 *     … problems.items[i].copy, at_row, at_col …
 *     copies_free(&copies);
 */
#ifndef OUTPUT_WORKBOOK_COPIES_H
#define OUTPUT_WORKBOOK_COPIES_H

#include "output/workbook_problems.h"

#include <stdbool.h>

enum {
    COPIES_MAX = 200,         /* sheets shown; problems of further ones are listed only */
    COPY_ROWS_MAX = 50000,    /* sheets with more rows show the head and rows with problems */
    SHEET_ROWS_MAX = 1048576, /* rows and columns of an .xlsx sheet */
    SHEET_COLUMNS_MAX = 16384,
    LIST_COLUMNS = 2, /* columns of a list before those of the block: file, number */
};

struct copy_column {
    int pos;
    const char *head, *role, *question;
    const struct question *asks; /* NULL unless the role is question */
    bool scaled;                 /* its head names another unit than the questionnaire */
};

/* A table of a sheet, or of ODK instances. */
struct copy_block {
    long id, sheet, head_row;
    const struct level *level; /* NULL: not of this topic */
    bool card; /* records are columns: where cell i stands, see formats/cells.h */
    struct copy_column *columns;
    int column_count, column_room;
    int copy; /* of ODK blocks; -1: not shown */
};

struct copy {
    const char *file, *sheet; /* as in the problems; of a list the form's name, the level's label */
    const char *tab;          /* name in the workbook */
    bool own;                 /* the county's own sheet, in a workbook made from its file */
    long sheet_id;            /* 0: a list */
    int block;                /* of a list: index in blocks */
    bool cards;               /* of a sheet: records of it are columns */
    bool sparse;              /* only the head and the rows with problems */
    long head_row;            /* of its first block; 0: none, or a card */
    long rows;                /* of a list: used so far, its head included */
};

struct copies {
    struct arena arena;
    struct copy *items;
    int count, room;
    struct copy_block *blocks; /* by id */
    int block_count, block_room;
    int *by_sheet; /* copy by raw sheet.id, -1: none */
    long sheet_count;
    int *order; /* asked problems with a copy, by raw row and column */
    int order_count;
};

/* `own`: path of the file in whose place the workbook stands, so that its sheets keep their names
 * and all their rows; NULL: none. */
void copies_place(struct copies *c, struct store *raw, const struct topic *t,
                  struct problem_list *problems, const char *own);
void copies_free(struct copies *c);

/* The block of that id, or NULL. */
const struct copy_block *copies_block(const struct copies *c, long id);

#endif
