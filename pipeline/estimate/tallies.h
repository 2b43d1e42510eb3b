/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tallies of all counties, read together.
 *
 *     struct tallies *t = tallies_open(topic, paths, count);
 *     const struct clusters *c = tallies_clusters(t, indicator->level);
 *     struct tally_cells cells = tallies_cells(t, indicator);
 *     const struct tally_group *g = tally_group(&cells, "kind", "1");
 *     …
 *     tally_cells_free(&cells);
 *     tallies_close(t);
 *
 * Whatever the number and order of the shards, units stand in the order of their texts and cells
 * in that of their units, so that every sum is made in one order.
 */
#ifndef ESTIMATE_TALLIES_H
#define ESTIMATE_TALLIES_H

#include "estimate/quantile.h"
#include "estimate/tallyunits.h"
#include "estimate/weights.h"
#include "survey/topic.h"

/* The units of a level's sample with accepted records of its form, or the counties of a level
 * that was not sampled. */
struct clusters {
    struct tally_units *units;
    int count;               /* units that responded: units->items[0 .. count - 1] */
    struct sample *sample;   /* NULL: no sample */
    const char **attributes; /* value of domain d in unit i: [d * count + i]; NULL: none */
};

/* The cells of one indicator: all of a level and domain stand together, in the order of their
 * units, one a unit, with the final weights. */
struct tally_cell {
    const char *level, *domain;
    int cluster; /* index in clusters */
    struct moments m;
    struct points points; /* quantiles only */
};
struct tally_group {
    const char *level, *domain;
    int first, count; /* items */
};
struct tally_cells {
    struct tally_group *groups; /* by level and domain */
    int group_count;
    struct tally_cell *items;
    int count;
    struct arena texts;
};

struct tallies {
    const struct topic *topic;
    struct design *design;
    struct store **stores;
    int count;
    struct weights *weights;   /* all PSUs */
    struct clusters *clusters; /* by topic level */
    struct arena arena;
    const char **counties; /* of each store, as in its meta */
    bool simulated, frame_simulated;
};

/* NULL after a message: a tally of another topic, a county twice, or a PSU whose records are
 * not as many as its weight was made for. */
struct tallies *tallies_open(const struct topic *t, char **paths, int count);
void tallies_close(struct tallies *t);

const struct clusters *tallies_clusters(const struct tallies *t, int level);

struct tally_cells tallies_cells(const struct tallies *t, const struct indicator *ind);
/* NULL when no record is there. */
const struct tally_group *tally_group(const struct tally_cells *c, const char *level,
                                      const char *domain);
void tally_cells_free(struct tally_cells *c);

/* SHA-256 over the sorted fingerprints of the shards. */
void tallies_fingerprint(const struct tallies *t, char *hex);

#endif
