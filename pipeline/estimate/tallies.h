/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tallies of all counties, read together.
 *
 *     struct tallies *t = tallies_open(topic, paths, count);
 *     const struct clusters *c = tallies_clusters(t, indicator->level);
 *     struct tally_cells cells = tallies_cells(t, indicator);
 *     … cell_sums_at(&cells.sums, cell) …
 *     tally_cells_free(&cells);
 *     tallies_close(t);
 *
 * Whatever the number and order of the shards, units stand in the order of their texts and cells
 * in that of their groups and units, so that every sum is made in one order.
 */
#ifndef ESTIMATE_TALLIES_H
#define ESTIMATE_TALLIES_H

#include "estimate/cells.h"
#include "estimate/tallyunits.h"
#include "estimate/weights.h"
#include "survey/topic.h"

#include <pthread.h>

/* The units of a level's sample with accepted records of its form, or the counties of a level
 * that was not sampled. */
struct clusters {
    struct tally_units *units;
    int count;               /* units that responded: units->items[0 .. count - 1] */
    struct sample *sample;   /* NULL: no sample */
    const char **attributes; /* value of domain d in unit i: [d * count + i]; NULL: none */
};

/* The cells of one indicator, with the final weights. */
struct tally_cells {
    const struct cell_layout *layout;
    struct cell_sums sums;
    struct points *points; /* of each cell, sorted; NULL unless the statistic needs values */
};

/* Cells that a thread reads. */
struct cells_ahead {
    const struct indicator *indicator; /* NULL: none */
    struct tally_cells cells;
    pthread_t thread;
};

struct tallies {
    const struct topic *topic;
    struct design *design;
    struct store **stores;
    int count;
    struct weights *weights;      /* all PSUs */
    struct clusters *clusters;    /* by topic level */
    struct cell_layout **layouts; /* by topic level; NULL: not read yet */
    struct arena arena;
    const char **counties; /* of each store, as in its meta */
    bool simulated, frame_simulated;
    struct cells_ahead ahead;
};

/* NULL after a message: a tally of another topic, a county twice, or a PSU whose records are
 * not as many as its weight was made for. */
struct tallies *tallies_open(const struct topic *t, char **paths, int count);
void tallies_close(struct tallies *t);

const struct clusters *tallies_clusters(const struct tallies *t, int level);

struct tally_cells tallies_cells(struct tallies *t, const struct indicator *ind);
/* Its values, or denominators, as totals with the largest of them. */
struct tally_cells tallies_addends(struct tallies *t, const struct indicator *ind,
                                   bool denominators);
/* Begins to read, in a thread, the cells that the next tallies_cells() will ask for; until then
 * nothing else may read the tallies. */
void tallies_read_ahead(struct tallies *t, const struct indicator *ind);
void tally_cells_free(struct tally_cells *c);

/* SHA-256 over the sorted fingerprints of the shards. */
void tallies_fingerprint(const struct tallies *t, char *hex);

#endif
