/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a cleaning must find: the true records and the list of problems, as CSV in the columns of
 * the project's answers (tests/tools/compare_answers.py scores a run with them).
 *
 *     struct truth *n = truth_new(&world, "data/…/411725");   // 411725-planted.csv,
 *     truth_record(n, made);                                     // 411725-households.csv …
 *     int code = truth_close(n);
 */
#ifndef SIMULATE_TRUTH_H
#define SIMULATE_TRUTH_H

#include "simulate/layout.h"
#include "simulate/made.h"

struct truth;
struct truth *truth_new(const struct world *w, const char *prefix); /* NULL after a message */
int truth_close(struct truth *n);

/* Where a record stands; texts are kept by the caller. */
struct place_of {
    const char *file, *sheet, *row;
};

/* An accepted record: its final values. */
void truth_record(struct truth *n, const struct made *m, struct place_of at);
/* Its problems, or its one line when it is not accepted; heads from the layout, whose `nth` is
 * that of the record in a wide repeat, else 0. */
void truth_problems(struct truth *n, const struct made *m, struct place_of at,
                    const char *(*head)(const void *of, const struct question *q), const void *of);
/* Any other line. */
struct problem_line {
    const char *file, *sheet, *row, *column, *field, *kind, *class, *original, *corrected, *key;
};
void truth_line(struct truth *n, const struct problem_line *line); /* NULL is "" */

#endif
