/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A return workbook (回填单) that comes back from the county: its answers into the raw store's
 * table answer.
 *
 * Which workbook is one: it has a sheet 回填单 with a row of heads that has all of ANSWER_HEADS.
 * Which program saved it, and in which order its columns are, does not matter.
 */
#ifndef INTAKE_ANSWERBOOK_H
#define INTAKE_ANSWERBOOK_H

#include "formats/sheets.h"
#include "intake/rawstore.h"

/* Sheets with answers, and the heads of their columns. */
#define ANSWER_SHEET "回填单"         /* what is asked now */
#define ANSWERED_SHEET "已核实的内容" /* what was answered before */

enum answer_head {
    HEAD_FILE, /* path in the county's folder */
    HEAD_PRINT,
    HEAD_SHEET,
    HEAD_ROW,
    HEAD_COLUMN,
    HEAD_FIELD,
    HEAD_KIND,
    HEAD_ORIGINAL,
    HEAD_CORRECTED,
    HEAD_EXPLANATION,
    HEAD_TAB, /* sheet of the workbook with the cell in question, and the cell */
    HEAD_CELL,
    HEAD_SHOWN, /* what stands in that cell */
    HEAD_COUNT,
};
extern const char *const ANSWER_HEADS[HEAD_COUNT];
enum { PRINT_DIGITS = 16 }; /* hex digits of a file's digest that name it */

/* Reads the workbook's answers and adds them to the raw store.  Returns how many rows of it are
 * answered, or -1 when it is no return workbook (or cannot be read). */
int answerbook_read(struct raw *raw, const char *path, enum file_format format);

#endif
