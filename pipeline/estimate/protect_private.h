/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What protect.c and protect_answers.c share (estimate/protect.h).
 */
#ifndef ESTIMATE_PROTECT_PRIVATE_H
#define ESTIMATE_PROTECT_PRIVATE_H

#include "base/map.h"
#include "estimate/disclosure.h"
#include "estimate/margins.h"
#include "estimate/protect.h"
#include "estimate/relations.h"

/* What an estimate says beside its number of cases. */
enum says { SAYS_NOTHING_MORE, SAYS_ANSWERS, SAYS_SUM };

/* The estimates of one indicator. */
struct series {
    const struct indicator *indicator;
    enum says says;
    int cases, value, base; /* quantities; -1: none; base: what a ratio is divided by */
};
/* One estimate. */
struct shown {
    int series, entry;
    long n;
    struct protected_sums sums;
    bool few, few_answers, few_beyond;
};
/* Numbers of cases, or sums, by entry: the same for all indicators with the same fingerprint. */
struct quantity {
    bool measured;
    int column; /* in p->relations; -1: not known */
    int *cells; /* by entry, in p->cells; -1: none */
};
/* The cases of a quantity with a value of a domain by a question. */
struct answer_cases {
    int quantity, domain; /* index in topic->domains */
    const char *value;
    uint64_t print; /* of their numbers by unit */
};
struct protection {
    const struct topic *topic;
    const struct level *level;
    const struct quality *quality;
    struct margins *margins;
    struct series *series;
    int series_count, series_room;
    struct shown *shown;
    int shown_count, shown_room;
    struct quantity *quantities;
    int quantity_count, quantity_room;
    struct map by_print; /* fingerprint -> quantity */
    struct map by_units; /* fingerprint of numbers by unit -> quantity that is a number of cases */
    struct answer_cases *answers;
    int answer_count, answer_room;
    struct relations *relations;
    struct arena arena;
    struct disclosure *cells;
    bool primary;
};

/* Fingerprints: a running number, and one more word. */
uint64_t protection_mix(uint64_t print, uint64_t word);

/* What can be told of a new quantity that is a number of cases (`hits`: those with a value other
 * than 0) and of domains by answers. */
void protection_note_answers(struct protection *p, const struct tally_cells *cells, int quantity,
                             bool hits);
/* The cases of a domain by an answer are those with the answer, in every entry. */
void protection_relate_answers(struct protection *p);

#endif
