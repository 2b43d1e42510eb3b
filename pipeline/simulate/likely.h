/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What answers are likely, sheet `simulate` of the topic workbook: form, question, value.  A
 * rehearsal whose numbers look like the real thing is read with the eyes that the real thing gets.
 * Without a form, every one that has the question; rows of plan.csv come after the topic's.
 *
 *     1:8 2:1          a choice: weights of the codes, others never; of several choices the chance
 *                      of each in percent, and 9!:12 is that of being chosen alone
 *     200..800         a number, evenly between; also dates, 2023-12-01..2024-01-15
 *     200~80000        a number, small ones likelier: evenly on the logarithmic scale
 *     90%..99%         that share of the largest that the questionnaire's constraint allows
 *     40%..70% c_pop   that share of an earlier question of the record
 *     =a_gift 90       as another question of the record, in 90 of 100; else as without a line
 *     @certified 40    from the column `unit` of the file certified.csv beside the questionnaire,
 *                      in 40 of 100; else as without a line
 *     60               without a question: how many records of the form a county (or village) has
 *
 *     struct likely *l = likely_read(topic);
 *     if (likely_answer(l, &world, &arena, made, question, &value)) …
 *     likely_free(l);
 *
 * The constraint rules: what it refuses is drawn as without a line.
 */
#ifndef SIMULATE_LIKELY_H
#define SIMULATE_LIKELY_H

#include "simulate/made.h"

struct likely;
struct likely *likely_read(const struct topic *t); /* NULL after messages */
void likely_free(struct likely *l);

/* False when nothing is said of the question, or the constraint refused what was drawn. */
bool likely_answer(const struct likely *l, const struct world *w, struct arena *a,
                   const struct made *m, const struct question *q, struct value *out);

/* How many records of the form are said to be likely; 0 when nothing is. */
long likely_records(const struct likely *l, const struct form *form);

/* The chance that a question that need not be answered is left empty: small where something is
 * said of it. */
double likely_blank(const struct likely *l, const struct question *q);

#endif
