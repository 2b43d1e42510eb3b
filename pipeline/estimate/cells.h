/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cells of a level: one for each group of records (all, or those with a value of a domain) in
 * each unit of the sample; and the sums of an indicator over the records of each.
 *
 *     struct cell_layout *l = cell_layout_read(stores, count, level, units);
 *     struct cell_sums sums = cell_sums_new(indicator_sums(indicator), l->count);
 *     cells_sum(l, stores, indicator, false, &sums, NULL);
 *     for (int c = l->groups[g].first; c < l->groups[g].first + l->groups[g].count; c++)
 *         … l->units[c], cell_sums_at(&sums, c) …
 *     cell_layout_free(l);
 *
 * Cells stand in the order of their groups, those of a group in that of their units, whatever the
 * shards and parts that their records came in.  Memory grows with the cells, not with the records.
 */
#ifndef ESTIMATE_CELLS_H
#define ESTIMATE_CELLS_H

#include "estimate/quantile.h"
#include "estimate/sums.h"
#include "estimate/tallyunits.h"
#include "store/store.h"
#include "survey/topic.h"

struct cell_group {
    const char *domain, *value; /* "all", "all": all records; domains of the frame have none */
    int first, count;           /* cells */
};

/* The places among all cells of the cells of one part of a shard. */
struct cell_places {
    int store, part;
    int *places, count;
};

struct cell_layout {
    const struct level *level;
    struct cell_group *groups; /* by domain and value, in the order of bytes */
    int group_count;
    int *units; /* of each cell: index in the level's units */
    int count;
    struct cell_places *parts; /* by store, by number */
    int part_count, part_room;
    struct arena texts;
};

/* `units` are those of the level, or of the one around it at the top of its form. */
struct cell_layout *cell_layout_read(struct store **stores, int store_count,
                                     const struct level *level, const struct tally_units *units);
void cell_layout_free(struct cell_layout *l);

/* What the cells of an indicator hold. */
enum sums_kind indicator_sums(const struct indicator *ind);
/* The sums of one case, of its measure of inequality where the statistic is one; false when it adds
 * nothing. */
bool sums_of_case(const struct indicator *ind, double w, double y, double x, struct sums *one);

/* Adds the indicator's cases to the sums and, unless NULL, the points of their cells, with the
 * weights as tallied; with their denominators in the place of their values, when asked. */
void cells_sum(const struct cell_layout *l, struct store **stores, const struct indicator *ind,
               bool denominators, struct cell_sums *sums, struct points *points);

#endif
