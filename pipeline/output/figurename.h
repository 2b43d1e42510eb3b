/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which number of a report a person means.
 *
 *     表3.B4                     cell B4 of table 3, as numbered in the report
 *     satisfaction.B4            of the table with that id
 *     图2.3                      the third number of chart 2, in the order of its description;
 *                                without a number they are listed
 *     need.3                     of the chart with that id, unless an indicator has that name
 *     svc_train                  an indicator, by its name or its printed one
 *     svc_train county=411525    in a domain, by code or printed name: 县（市）=嵩县
 *
 * Cells are those of the table's CSV and workbook in a spreadsheet program: A holds the labels,
 * row 1 the heads.
 */
#ifndef OUTPUT_FIGURENAME_H
#define OUTPUT_FIGURENAME_H

#include "output/macro.h"

/* A cell of a table: 表3.B4 is {3, "", 1, 3}. */
struct cell_name {
    int table;       /* its number; 0 when it is given by its id */
    char id[64];     /* "" when it is given by its number */
    int column, row; /* from 0, the head row being 0; -1 when no cell is named */
};

/* False when the text does not name a table.  A bare id without a cell is not taken for one: it
 * may be an indicator. */
bool cell_name_parse(const char *text, struct cell_name *name);

/* The estimate that the text means.  NULL after a message; `nearby` then gets, as lines for
 * people, what there is.  Tables must have been numbered (macros_number()). */
const struct stat_row *figure_find(struct macros *m, const char *text, struct buf *nearby);

#endif
