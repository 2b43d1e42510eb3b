/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tallies of all counties, read together.
 *
 *     struct tallies *t = tallies_open(topic, paths, count);
 *     const struct clusters *c = tallies_clusters(t, indicator->level);
 *     struct tally_cells cells = tallies_cells(t, indicator);
 *     …
 *     tally_cells_free(&cells);
 *     tallies_close(t);
 *
 * Whatever the number and order of the shards, clusters stand in the order of their codes and
 * cells in that of level, domain and cluster, so that every sum is made in one order.
 */
#ifndef ESTIMATE_TALLIES_H
#define ESTIMATE_TALLIES_H

#include "estimate/quantile.h"
#include "survey/topic.h"
#include "estimate/weights.h"

/* The PSUs of a level's sample with accepted records of its form, or the counties of a level
 * that was not sampled. */
struct clusters {
    const char **codes; /* sorted */
    int count;
    struct map by_code;
    struct sample *sample;   /* NULL: no sample */
    const char **attributes; /* value of domain d in cluster i: [d * count + i]; NULL: none */
};

struct tally_cell {
    const char *level, *domain;
    int cluster; /* index in clusters */
    struct moments m;
    struct points points; /* quantiles only */
};
struct tally_cells {
    struct tally_cell *items; /* by level, domain, cluster; one cluster may have several */
    int count;
    struct arena texts;
};

struct tallies {
    const struct topic *topic;
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
void tally_cells_free(struct tally_cells *c);

/* SHA-256 over the sorted fingerprints of the shards. */
void tallies_fingerprint(const struct tallies *t, char *hex);

#endif
