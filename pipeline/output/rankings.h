/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ranked indices of a results file, in memory: each place with what it owes the reader, how
 * far sampling and the choice of indicators could have moved it (estimate/ranking.h).
 *
 *     const struct ranking *k = rankings_find(&results->rankings, "coordination");
 *     for (int i = 0; i < k->placed - 1; i++)
 *         if (k->units[i].alike)
 *             … k->units[i] and k->units[i + 1] cannot be told apart
 */
#ifndef OUTPUT_RANKINGS_H
#define OUTPUT_RANKINGS_H

#include "base/map.h"
#include "base/text.h"
#include "store/store.h"
#include "survey/topic.h"

struct ranked_unit {
    const char *unit;        /* value of the domain */
    double score;            /* NaN: no place, or it may not be shown */
    int place;               /* 1 the best; 0: none */
    int low, high;           /* places in the bootstrap; 0: not from a sample */
    int drop_low, drop_high; /* places without one of the indicators; 0: only one indicator */
    int other;               /* place by TOPSIS of a score, and the other way round; 0: none */
    bool alike; /* not told apart from the next: equal, the other way round in too many bootstrap
                 * samples, or not above it without one of the indicators */
};

struct ranking {
    const char *name, *label, *kind;
    const char *weights; /* as sheet indices has it: "equal", "ahp", numbers …; "" entropy */
    const struct domain *by;
    const struct indicator **indicators;
    int indicator_count;
    struct ranked_unit *units; /* by place; those without one are last */
    int count, placed;
    bool sampled, others; /* some unit has low, other */
};

struct index_figure {
    double value;
    const char *text;
};

struct rankings {
    struct ranking *items; /* sheet indices, in its order; count 0 where nothing was ranked */
    int count;
    struct index_figure *figures;
    int figure_count;
    struct map by_part; /* name TAB unit TAB part -> index in figures */
};

/* Reads tables ranking and index_part.  What it keeps lies in the arena; rankings_free() frees the
 * rest. */
void rankings_read(struct rankings *all, struct arena *a, const struct topic *t, struct store *s);
void rankings_free(struct rankings *all);

/* NULL when sheet indices has no such row. */
const struct ranking *rankings_find(const struct rankings *all, const char *name);

/* The place of a unit; NULL when it is not among them. */
const struct ranked_unit *ranking_unit(const struct ranking *k, const char *unit);

/* A number of indices.csv: unit "" for the whole, part "D", "ahp_cr" …; NULL when there is none. */
const struct index_figure *rankings_figure(const struct rankings *all, const char *name,
                                           const char *unit, const char *part);

#endif
