/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Conditions of a questionnaire as formulas of a spreadsheet, over cells that hold the texts of
 * choices (one chosen), codes divided by blanks (several), numbers and dates.
 *
 *     struct sheet_cells cells = {form, columns, 4, "不详"};
 *     formula_condition(&out, &cells, "${land_mu} > 0", NULL);        // $N5>0
 *     formula_check(&out, &cells, q, ". >= 1 and . <= ${hh_size}");
 *         // OR($K5="不详",AND(ISNUMBER($K5),$K5=INT($K5),$K5>=1,$K5<=$J5))
 */
#ifndef INSTRUMENT_FORMULA_H
#define INSTRUMENT_FORMULA_H

#include "base/text.h"
#include "survey/form.h"

enum { FORMULA_MOST = 255 }; /* characters that Excel takes in a data validation */

struct sheet_cells {
    const struct form *form;
    const int *columns;    /* by question index; -1: not in this sheet */
    int row;               /* of the first record, from 0 */
    const char *no_answer; /* a word that any cell may hold instead: 不详 */
};

/* "$N5": the question's cell in the first record's row. */
void formula_cell(struct buf *out, const struct sheet_cells *c, const struct question *q);

/* Appends the whole condition; false, with nothing appended, when a part cannot be said. */
bool formula_condition(struct buf *out, const struct sheet_cells *c, const char *expression);

/* Appends what a cell of the question must fulfil: its type and those parts of the constraint,
 * joined by `and`, that a formula can say, as far as FORMULA_MOST reaches.  False, with nothing
 * appended, when there is nothing to check. */
bool formula_check(struct buf *out, const struct sheet_cells *c, const struct question *q,
                   const char *constraint);

/* The length that a text question's constraint asks for, 0 when it does not. */
int formula_text_length(const struct question *q);

#endif
