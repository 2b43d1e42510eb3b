/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The review of one record, question by question, in the order of the questionnaire: was it
 * asked, is it blank, can it be read, is it allowed.  Values that are certain are kept, the
 * others are left empty with their reason (survey/value.h), and every repair and every return is
 * listed.
 *
 *     struct reviewer *v = reviewer_new(&ring, &rules, problems);
 *     struct entry *e = reviewer_entry(v, &row, 0, &key, NULL);       // household
 *     reviewer_entry(v, &member_row, 0, &key, e);                     // its members, in order
 *     review(v, e);
 *     record_writer_put(w, e->level, &e->record, ...);
 *     reviewer_clear(v);                                              // before the next one
 *
 * The office's rules, sections 3 and 4, in short: a question is returned for one reason only,
 * and then its repairs are not listed; a relevant or constraint that refers to an unknown value
 * is not judged; an answer that should not be there is cleared and counts as not asked; a
 * calculation is always computed from the cleaned values, and not compared when it refers to an
 * unknown one.
 */
#ifndef REVIEW_REVIEW_H
#define REVIEW_REVIEW_H

#include "review/keys.h"
#include "review/problems.h"

/* A record being reviewed. */
struct entry {
    struct record record; /* first: record.children point to entries too */
    const struct level *level;
    const struct raw_row *row;
    int nth;         /* record of a repeat side by side, from 1; else 0 */
    const char *key; /* of the top-level record, for the problem list */
    const struct unit *unit;
    bool unit_by_name;     /* how the row's unit was found */
    unsigned unit_repairs; /* enum repair of its code's cell */
    const char *unit_how;  /* as in struct record_key */
    bool unit_name_differs;
    long day;
    struct entry **children;
    int children_room;
};

struct reviewer;
/* All arguments must outlive it. */
struct reviewer *reviewer_new(const struct keyring *ring, const struct rules *rules,
                              struct problems *problems);
void reviewer_free(struct reviewer *v);

/* A new entry for the row (record `nth` of `level` when records stand side by side, else 0),
 * appended to its parent's children (NULL: top level).  `key` is that of the top-level record;
 * the row must stay until reviewer_clear(). */
struct entry *reviewer_entry(struct reviewer *v, const struct level *level,
                             const struct raw_row *row, int nth, const struct record_key *key,
                             struct entry *parent);

/* Review an entry and all below it; fills the values of their records. */
void review(struct reviewer *v, struct entry *e);

/* Lists the repairs in the cells by which a row below the top level names its record. */
void review_link(struct reviewer *v, const struct raw_row *row, const char *key);

/* Forget all entries. */
void reviewer_clear(struct reviewer *v);

#endif
