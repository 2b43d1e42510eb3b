/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts of simulated answers: phrases, invented persons, numbers that cannot be anybody's.
 *
 * Telephones begin with 154, a range not in use; identity numbers have a division code that does
 * not exist (its last two digits are 99) and a right check character (GB 11643-1999).
 */
#ifndef SIMULATE_TEXTS_H
#define SIMULATE_TEXTS_H

#include "base/arena.h"
#include "base/text.h"
#include "simulate/chance.h"

const char *person_name(struct arena *a, struct chance *c);
/* A short phrase of one line. */
const char *short_phrase(struct chance *c);
/* Opinions as people write them: formulas, quotes, line breaks and rare characters too. */
const char *opinion(struct chance *c);
/* A document of numbered articles: one time in five the whole of a model, else some of them. */
const char *document_text(struct arena *a, struct chance *c);
/* For somebody born in `year` in a county of this code. */
const char *identity_number(struct arena *a, struct chance *c, const char *county, int year);
/* The check character of 17 digits. */
char identity_check(const char *digits);
/* A unified social credit code that begins with `start` and has a right check character; its
 * division does not exist. */
const char *credit_code(struct arena *a, struct chance *c, const char *start);

/* A text that a regular expression describes: literals, \d, [classes], {n} {n,m} ? * + behind
 * them, ^ and $.  False, and nothing appended, for anything else. */
bool text_of_pattern(struct buf *out, struct chance *c, const char *pattern);

#endif
