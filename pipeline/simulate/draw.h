/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Draws the true answers of a record and of all records below it: every skip is honoured, every
 * constraint satisfied, every calculation computed.
 *
 *     struct made *m = draw_record(&world, &arena, level, unit, 17);
 */
#ifndef SIMULATE_DRAW_H
#define SIMULATE_DRAW_H

#include "simulate/made.h"
#include "simulate/ranges.h"

/* A record of a top level.  `unit` may be NULL; `no` is the answer to a further question of the
 * key (a house number).  NULL after a message when the questionnaire's constraints leave no
 * answer. */
struct made *draw_record(const struct world *w, struct arena *a, const struct level *level,
                         const struct unit *unit, long no);

/* One answer that the constraint allows, a likely one where the topic says what is likely
 * (simulate/likely.h), whatever `relevant` says; false when none was found. */
bool draw_answer(const struct world *w, struct arena *a, struct made *m, const struct question *q,
                 struct value *out);

/* The question of the key that `no` answers, or NULL. */
const struct question *numbered_question(const struct level *level);
/* How many different `no` there are, from 1; LONG_MAX without such a question. */
long most_numbers(const struct level *level);
/* The largest number of records of a repeat that its questionnaire allows, at most 20. */
int most_records(const struct form *f, int repeat);

/* What the calculation gives for a record. */
struct value calculated(struct arena *a, const struct question *q, const struct record *r);

/* 元 that look like 万元, and the other way round. */
bool looks_suspect(const struct rules *r, const struct question *q, double x);

#endif
