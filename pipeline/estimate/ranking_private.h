/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the sheet `indices` share: ranking.c gives places, ranking_unplaced.c the
 * indices that have none.
 */
#ifndef ESTIMATE_RANKING_PRIVATE_H
#define ESTIMATE_RANKING_PRIVATE_H

#include "estimate/ranking.h"

/* The cells of one unit for one indicator. */
struct ranking_part {
    struct cell_sums sums;
    struct points *points;
    long *psu; /* index in weights; -1: does not vary */
};

/* What is ranked, and where the rows go. */
struct ranking_job {
    const struct topic *topic;
    struct tallies *tallies;
    const struct quality *quality;
    const struct estimation *how;
    long replicates;
    unsigned long seed;
    struct query *rank, *detail, *mark;
    /* of the index at hand */
    const struct index *x;
    const char **units;
    int unit_count;
    struct map by_unit;
    struct arena arena;
    struct ranking_part *parts; /* [unit * x->count + indicator] */
    double *values;             /* the same */
    bool *withheld;             /* of each unit */
    bool *drawn;                /* of each PSU in weights: whether it has cells */
    bool sampled;
};

/* One row of table index_part: `part`, or part:of; value NaN for none. */
void ranking_detail(struct ranking_job *j, const char *unit, const char *part, const char *of,
                    double value, const char *text);

/* Whether an estimate of the results must not be shown, or is not there: an index made of it would
 * give it away.  `d` NULL: the whole. */
bool ranking_withheld(const struct ranking_job *j, const struct indicator *ind,
                      const struct domain *d, const char *value);

/* Importance and performance of each item, against their means over the items. */
void ranking_quadrants(struct ranking_job *j);
/* Differences within and between the values of the domain. */
void ranking_theil(struct ranking_job *j);

#endif
