/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The problem list of one county: table problem of the clean store, one row a problem, in the
 * columns and the wording of places that the office's rules ask for.
 *
 *     struct problems *p = problems_new(clean, false);
 *     problem_cell(p, &row, question, 0, "num_format", "repaired", &cell, "33600", key);
 *     problem_row(p, &row, "duplicate", "dropped", "", key);
 *     problems_finish(p, raw);      // with those of files and heads, in the order of the files
 */
#ifndef REVIEW_PROBLEMS_H
#define REVIEW_PROBLEMS_H

#include "review/rawread.h"

struct problems;
/* Unless keep_personal, the texts of personal questions, and numbers of persons wherever they
 * stand (survey/privacy.h), are left out: they can be read in the raw store. */
struct problems *problems_new(struct store *clean, bool keep_personal);

/* A problem of one cell: question of the row, or of record nth of a repeat side by side.
 * `original` may be NULL (then empty); its NULs are written as U+2400. */
void problem_cell(struct problems *p, const struct raw_row *row, const struct question *q, int nth,
                  const char *kind, const char *class, const struct cell *original,
                  const char *corrected, const char *key);
/* A problem of a whole record, with words about it in `corrected`. */
void problem_row(struct problems *p, const struct raw_row *row, const char *kind,
                       const char *class, const char *about, const char *key);
/* The unit of a whole sheet was found by the sheet's name. */
void problem_sheet(struct problems *p, const struct raw_row *row, const struct question *psu,
                   const char *corrected);

/* A problem that stands in no row at hand; texts may be NULL (then empty). */
struct problem_line {
    const char *file, *sheet, *row, *column, *field, *kind, *class, *original, *corrected, *key;
    bool personal;
    long raw_row; /* row.id in the raw store, 0: none */
};
void problem_at(struct problems *p, const struct problem_line *l);

/* Adds the raw store's own problems, writes all in the order of file, sheet, row, and frees. */
void problems_finish(struct problems *p, struct store *raw);

/* Where a record stands, as a row of the problem list names it: the row number; the letters of
 * the column of a card; the first row of a form; "" or the position for an instance. */
const char *record_place(const struct raw_row *row, char out[24]);

#endif
