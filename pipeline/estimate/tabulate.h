/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records in, sums out: the moments of every indicator, by domain and PSU, of one shard.
 *
 *     struct tabulation *t = tabulate_begin(topic, weights, "411525", out, TABULATE_MEMORY);
 *     for (const struct record *r; (r = records_next(stream));)
 *         tabulate_record(t, r, records_psu(stream));
 *     tabulate_end(t);                         // writes cell and unit
 *
 * A record is left out of an indicator when its universe is false, or when the universe or the
 * expression looks up an unknown answer, or does not give a number: it is then outside the
 * indicator's domain, and weights stay as they are.  Expressions with the same text are
 * evaluated once a record.
 *
 * Domains of a question hold the records whose own or enclosing record chose the value; one of
 * a select_multiple holds a record once per choice.  Domains of the frame are made later.
 *
 * Memory does not grow with records, and with PSUs only by their names: when the cells in hand take
 * `memory` bytes they are written out, between clusters, and a cell that is met again afterwards
 * (files of a county overlap) is read back and merged.  Records of a cluster that stand together
 * are summed in one go, so that the result does not depend on the limit.
 */
#ifndef ESTIMATE_TABULATE_H
#define ESTIMATE_TABULATE_H

#include "store/store.h"
#include "survey/topic.h"
#include "estimate/weights.h"

enum {
    DOMAIN_VALUES_MAX = 10000,  /* more values than this do not make a domain */
    TABULATE_MEMORY = 32 << 20, /* bytes */
};

struct tabulation;

/* `county` stands in the place of the PSU in levels without a sample. */
struct tabulation *tabulate_begin(const struct topic *t, const struct weights *w,
                                  const char *county, struct store *out, size_t memory);
/* A top-level record with its children.  Returns 0, or -1 after a message when its PSU has no
 * weight. */
int tabulate_record(struct tabulation *t, const struct record *record, const char *psu);
/* Writes the tables cell and unit, and frees. */
void tabulate_end(struct tabulation *t);

#endif
