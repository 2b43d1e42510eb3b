/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What protect.c and protect_answers.c share (estimate/protect.h).
 */
#ifndef ESTIMATE_PROTECT_PRIVATE_H
#define ESTIMATE_PROTECT_PRIVATE_H

#include "base/map.h"
#include "estimate/answers.h"
#include "estimate/disclosure.h"
#include "estimate/margins.h"
#include "estimate/protect.h"

/* What an estimate says beside its number of cases. */
enum says { SAYS_NOTHING_MORE, SAYS_ANSWERS, SAYS_SUM };

/* The estimates of one indicator. */
struct series {
    const struct indicator *indicator;
    enum says says;
    int cases, value;          /* quantities; value -1: none */
    struct answer_terms terms; /* question NULL: none */
};
/* One estimate. */
struct shown {
    int series, entry;
    long n, hits;
    double sum, need;
    bool few, few_answers, absent;
};
/* Numbers of cases, or sums, by entry: the same for all indicators with the same fingerprint. */
struct quantity {
    bool measured;
    int *cells; /* by entry, in p->cells; -1: none */
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
    struct disclosure *cells;
    bool primary;
};

/* A new quantity without cells. */
int protection_quantity(struct protection *p, bool measured);
/* Room for its cells, none of them there. */
void protection_begin_cells(const struct protection *p, struct quantity *v);

/* Equations between the indicators that are functions of one question's answer, and between its
 * answers and the numbers of cases of domains by them. */
void protection_relate_answers(struct protection *p);

#endif
