/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the county workbook share: countybook.c makes the file, countybook_sheet.c a
 * filling sheet, countybook_checks.c its lists and checks, countybook_guide.c the instructions.
 */
#ifndef INSTRUMENT_COUNTYBOOK_PRIVATE_H
#define INSTRUMENT_COUNTYBOOK_PRIVATE_H

#include "instrument/countybook.h"
#include "instrument/formula.h"

#include <xlsxwriter.h>

enum {
    ROW_TITLE,
    ROW_NOTE,
    ROW_QUESTION, /* the question in full */
    ROW_HEAD,     /* its short head: what ingest reads */
    ROW_FIRST,    /* the first record */
};

struct county_book {
    const struct topic *topic;
    const struct frame *frame;
    const char *county, *county_name; /* "" when the book is for any county */
    const char *no_answer;            /* 不详: the topic's first missing code */
    lxw_workbook *file;
    lxw_worksheet *lists; /* hidden sheet, made with the first list */
    int list_count;
    struct map list_ranges; /* name of a list -> its column + 1 */
    struct arena arena;
    lxw_error bad; /* the first error */
    lxw_format *title, *note, *question, *head, *head_needed, *text, *number, *decimal, *date;
    lxw_format *fixed, *line, *heading, *skipped, *grid;
};

/* A filling sheet. */
struct county_sheet {
    struct county_book *book;
    const struct level *level, *top; /* top: the level of the form itself */
    lxw_worksheet *sheet;
    const struct question **questions; /* by column */
    int count;
    int *columns; /* by question index: column, or -1 */
    int rows;     /* records that it has room for */
};

void book_check(struct county_book *b, lxw_error e);
/* Whether county staff can type the answer: no photo, no place, no calculation. */
bool is_typed(const struct question *q);
const char *question_head(struct arena *a,
                          const struct question *q); /* 工资性收入 (元) in two lines */

void write_sheet(struct county_book *b, const struct level *l);
void add_checks(struct county_sheet *s);
void write_guide(struct county_book *b);

/* What a county writes for the code of a unit: of a unit list its name, where no other question
 * asks for that; else unit_answer(). */
const char *unit_text(const struct level *l, const struct unit *u);
/* The units of the county's sample, in the frame's order; *count of them, in the arena. */
const struct unit **sample_units(struct county_book *b, const struct level *l, int *count);

#endif
