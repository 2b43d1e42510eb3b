/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A return workbook (回填单) as a new .xlsx, by libxlsxwriter: sheet 回填单 with one row a
 * problem and empty cells for the answers; sheet 已规范的内容 with what needs no answer; then the
 * county's own sheets as received, with the doubtful cells coloured and a note on each.
 *
 * Everything received is written as text, so that nothing is a formula and no code loses a
 * digit; only number cells of number questions stay numbers.  Of copies that are the county's
 * own only the notes are written: output/workbook_own.h takes them.
 */
#ifndef OUTPUT_WORKBOOK_NEW_H
#define OUTPUT_WORKBOOK_NEW_H

#include "output/workbook_copies.h"

/* Fills: of a doubtful cell, of a record that is held. */
enum { DOUBT_COLOUR = 0xFFB3B3, HELD_COLOUR = 0xFFE0B3 };

struct return_book {
    const struct topic *topic;
    struct store *raw;
    const struct problem_list *problems;
    const struct copies *copies;
    const char *county; /* 嵩县（410325） */
    bool simulated;
};

/* Writes the file `path`.  Returns 0, or -1 after a message. */
int workbook_new_write(const struct return_book *book, const char *path);

#endif
