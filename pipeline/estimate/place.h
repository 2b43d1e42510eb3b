/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which unit of the sample a record belongs to, and its weight.
 *
 *     struct placing *p = placing_begin(design, weights, "411525");
 *     struct placed at;
 *     if (placing_find(p, top, record, "411525100201", "411525100201-29", &at) < 0) …
 *     double w = placing_weight(p, &at, stage);
 *     placing_write(p, out);                   // table unit
 *     placing_free(p);
 *
 * A unit (estimate/sample.h) is known by all that the design says of its records: cluster codes of
 * every stage, strata, populations, categories and numbers of the margins, replicate weights, and
 * the weight where that matters.  In levels without a sample the county is the unit.
 */
#ifndef ESTIMATE_PLACE_H
#define ESTIMATE_PLACE_H

#include "base/text.h"
#include "estimate/design.h"
#include "estimate/weights.h"
#include "store/store.h"

struct placing;

struct placed {
    int unit;        /* in the order of first meeting, from 0 */
    double weight;   /* of the record, when questions give it */
    bool respondent; /* false: counts for the response class only */
};

struct placing *placing_begin(struct design *d, const struct weights *w, const char *county);
void placing_free(struct placing *p);

/* A record's name among those of its level in the county: its key, or where it stands when the
 * form has none; nth counts from 0. */
const char *record_name(struct buf *out, const struct level *top, const char *key, long nth);

/* `top` is the level of the record, which has none above it; `psu` its code in the frame; `name`
 * tells it from all others.  Counts it and its weight in the unit.  -1 after messages: no weight,
 * a cluster or stratum left empty. */
int placing_find(struct placing *p, const struct level *top, const struct record *record,
                 const char *psu, const char *name, struct placed *out);

/* Weight of the record and of those below it; `stage` counts with a frame only, 0 is none. */
double placing_weight(const struct placing *p, const struct placed *at, int stage);

#define UNIT_JOINT "\x1f" /* between the codes of the stages in a unit's */

/* What tells a unit of its level from all others: the key of its unit in tally_units. */
void placing_key(const struct placing *p, int unit, struct buf *out);

void placing_write(const struct placing *p, struct store *out);

#endif
