/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a county answered in its return workbook (回填单), applied to its rows: a corrected value
 * takes the place of the cell, and is reviewed like any other; 情况属实 with a reason lets a
 * doubtful value stand where that is allowed.
 *
 * An answer counts only while the file it speaks of is still the same (its digest), and the cell
 * still holds what the county was asked about.  Answers to answers compose: 3OOO -> 30 -> 3000.
 *
 *     struct answers *a = answers_open(raw, topic);
 *     answers_apply(a, &row);                               // on every row read
 *     if (answers_confirm(a, &row, column)) …
 *     answers_finish(a, problems);                          // what could not be used
 *     answers_close(a);
 */
#ifndef REVIEW_ANSWERS_H
#define REVIEW_ANSWERS_H

#include "store/store.h"
#include "survey/topic.h"

#include <stdbool.h>

/* Words of the answers. */
#define ANSWER_TRUE "情况属实"
#define ANSWER_CLEAR "清空"

struct answers;
struct problems;
struct raw_column;
struct raw_row;

struct answers *answers_open(struct store *raw, const struct topic *t);
void answers_close(struct answers *a);

/* Puts corrected values into the cells of the row; 清空 empties one.  Where the corrected question
 * is a multiple choice, its 0/1 columns are emptied, for the answer replaces them.  The texts live
 * as long as `a`. */
void answers_apply(struct answers *a, struct raw_row *row);

/* Whether the county confirmed, with a reason, what stands in that column of the row. */
bool answers_confirm(struct answers *a, const struct raw_row *row, const struct raw_column *c);

/* Whether it confirmed what a check (review/checks.h) of that kind found there; NULL: about the
 * record as a whole. */
bool answers_confirm_check(struct answers *a, const struct raw_row *row, const struct raw_column *c,
                           const char *kind);

/* Lists corrections that no row took (answer_stale), and cells that were changed in the workbook
 * instead of being answered (answer_in_place). */
void answers_finish(struct answers *a, struct problems *p);

/* Whether an explanation is one: 情况属实 and a reason. */
bool explanation_holds(const char *text);

/* Whether a problem of that kind is one of a check, which may always be confirmed. */
bool kind_is_check(const char *kind);
/* Whether a kind says that a record's unit is not known for certain. */
bool kind_of_unit(const char *kind);

/* Whether a problem of that kind may be confirmed: those of checks, and where the questionnaire
 * calls the question's constraint soft, and a suspicion also where there is no constraint. */
bool kind_confirmable(const char *kind, const struct question *q);

#endif
