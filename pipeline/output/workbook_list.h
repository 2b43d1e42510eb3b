/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two lists of a return workbook as texts: which columns they have, and the cells of a
 * problem's row.  Whoever writes or reads the workbook goes by this.
 */
#ifndef OUTPUT_WORKBOOK_LIST_H
#define OUTPUT_WORKBOOK_LIST_H

#include "base/text.h"
#include "output/workbook_copies.h"
#include "intake/answerbook.h"

#define LIST_ASKED ANSWER_SHEET
#define LIST_ANSWERED ANSWERED_SHEET
#define LIST_TOLD "已规范的内容"

enum asked_column {
    ASKED_NO,
    ASKED_FILE,
    ASKED_SHEET,
    ASKED_ROW,
    ASKED_COLUMN,
    ASKED_CELL, /* B5 in the sheet that shows it */
    ASKED_KEY,
    ASKED_ORIGINAL,
    ASKED_WRONG,
    ASKED_EXPECTED,
    ASKED_CORRECTED,   /* 改为, for the county */
    ASKED_EXPLANATION, /* 核实说明, for the county */
    ASKED_FIELD,       /* this and the following are hidden: for reading the answers back */
    ASKED_KIND,
    ASKED_PATH,  /* of the file, in full */
    ASKED_PRINT, /* first digits of its sha256 */
    ASKED_HEAD,  /* of the column, as printed */
    ASKED_TAB,   /* name of the sheet that shows it */
    ASKED_SHOWN, /* what stands in that cell */
    ASKED_COLUMNS,
};
enum told_column {
    TOLD_NO,
    TOLD_FILE,
    TOLD_SHEET,
    TOLD_ROW,
    TOLD_COLUMN,
    TOLD_KEY,
    TOLD_ORIGINAL,
    TOLD_CORRECTED,
    TOLD_WHAT,
    TOLD_COLUMNS,
};

struct list_column {
    const char *head;
    int width; /* in columns of a spreadsheet */
};
extern const struct list_column ASKED_LIST[ASKED_COLUMNS], TOLD_LIST[TOLD_COLUMNS];

/* Replace `out` by the text of a cell; the number in front is the caller's. */
void asked_cell(struct buf *out, const struct problem *p, const struct copies *c,
                enum asked_column column);
void told_cell(struct buf *out, const struct problem *p, enum told_column column);

/* A column as people know it: what the county printed, after the question's short label when
 * that is only a name (inc_farm, member[2]/m_wage). */
void put_head(struct buf *out, const char *head, const struct question *q);

/* "B5" of a 0-based row and column. */
void put_cell_name(struct buf *out, long row, int column);

#endif
