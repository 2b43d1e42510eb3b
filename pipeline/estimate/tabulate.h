/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records in, columns out: what the records of one shard give to every indicator, and which
 * groups of which units of the sample they belong to.
 *
 *     struct tabulation *t = tabulate_begin(placing, topic, out, TABULATE_MEMORY);
 *     for (const struct record *r; (r = records_next(stream));)
 *         if (placing_find(placing, top, r, records_psu(stream), name, &at) == 0)
 *             tabulate_record(t, r, &at);
 *     tabulate_end(t);                         // writes part, figure, records_of
 *
 * A record is left out of an indicator when its universe is false, or when the universe or the
 * expression looks up an unknown answer, or does not give a number, or when the condition of a
 * share looks up an optional answer that is empty (struct result's `blank`): it is then outside
 * the indicator's domain, and weights stay as they are.  Expressions with the same text are
 * evaluated once a record.
 *
 * Domains of a question hold the records whose own or enclosing record chose the value; one of
 * a select_multiple holds a record once per choice.  Domains of the frame are made later.
 *
 * Memory does not grow with records, and with units only by their names: when the columns in hand
 * take `memory` bytes they are written out as one part.  estimate/cells.h makes the sums.
 */
#ifndef ESTIMATE_TABULATE_H
#define ESTIMATE_TABULATE_H

#include "estimate/place.h"
#include "store/store.h"
#include "survey/topic.h"

enum {
    DOMAIN_VALUES_MAX = 10000,  /* more values than this do not make a domain */
    TABULATE_MEMORY = 32 << 20, /* bytes */
};

struct tabulation;

struct tabulation *tabulate_begin(struct placing *placing, const struct topic *t, struct store *out,
                                  size_t memory);
/* A top-level record with its children. */
void tabulate_record(struct tabulation *t, const struct record *record, const struct placed *at);
/* Writes what is in hand, and frees. */
void tabulate_end(struct tabulation *t);

#endif
