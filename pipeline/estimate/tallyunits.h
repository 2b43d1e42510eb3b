/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The units of one level in all tallies together: counted, weighted, made into a sample.
 *
 *     struct tally_units *u = tally_units_read(stores, count, level);
 *     struct sample *s = tally_units_sample(u, design, weights);
 *     int i = tally_units_index(u, store, id);          // of a row of table unit
 *     double g = u->items[i].factor;                    // of the weights that were tallied
 *     tally_units_free(u);
 *
 * Units stand in the order of their strata's texts and within of their codes, numbers in these by
 * size, whatever the shards they came in; one that came in several is one.  The factor of a unit
 * is, in this order: population over sample at every stage, when the populations give the weights;
 * all over the respondents of the response class; the calibration's g; what trimming does.
 */
#ifndef ESTIMATE_TALLYUNITS_H
#define ESTIMATE_TALLYUNITS_H

#include "estimate/design.h"
#include "estimate/moments.h"
#include "estimate/place.h"

struct tally_unit {
    const char *key; /* all of the following in one text */
    const char *code, *strata, *fpc, *classes, *numbers, *replicates;
    const char *psu; /* first stage of the code */
    bool respondent;
    long n;
    struct sum w; /* weights as tallied */
    double factor;
};

struct tally_units {
    const struct level *level;
    struct arena arena;
    struct tally_unit *items; /* respondents, then the others, each in that order */
    int count, room, respondents;
    int **index; /* of each store's unit ids */
    int *index_count, store_count;
    int **ids;           /* of each store, by unit; -1: not there */
    const char **strata; /* of the first stage, for messages */
};

struct tally_units *tally_units_read(struct store **stores, int store_count,
                                     const struct level *level);
void tally_units_free(struct tally_units *u);

/* Index of a store's unit; -1 when it has none of that id, or it did not respond. */
int tally_units_index(const struct tally_units *u, int store, long id);

/* The id of unit i in a store; -1 when it is not there. */
int tally_units_id(const struct tally_units *u, int store, int i);

/* The sample of the respondents, with all factors found; NULL after messages. */
struct sample *tally_units_sample(struct tally_units *u, struct design *d,
                                  const struct weights *frame);

#endif
