/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What adds up to what among the whole, its domains and their crossings.
 *
 *     struct margins *m = margins_new(topic, clusters);
 *     int whole = margins_entry(m, NULL, "all"), xin = margins_entry(m, domain, "411523"), …
 *     margins_find(m);
 *     for (int i = 0; i < m->sum_count; i++)
 *         … m->sums[i].total = m->parts[m->sums[i].first] + … (m->sums[i].count of them)
 *     margins_free(m);
 *
 * The value of a crossed domain is those of its factors joined by blanks (estimate/grouping.h). For
 * every two domains of which one has all factors of the other, or finer ones of the frame (counties
 * in zones), a value of the lesser is the sum of those of the greater that agree with it.
 */
#ifndef ESTIMATE_MARGINS_H
#define ESTIMATE_MARGINS_H

#include "base/map.h"
#include "estimate/tallies.h"

struct margin_entry {
    int domain; /* index in topic->domains; -1: the whole */
    const char *value;
};
struct margin_sum {
    int total, first, count; /* entries: a total, and its parts in parts[] */
};
struct margins {
    const struct topic *topic;
    const struct clusters *clusters;
    struct margin_entry *entries;
    int count, room;
    struct map by_name; /* "domain value" -> entry */
    struct margin_sum *sums;
    int sum_count, sum_room;
    int *parts;
    int part_count, part_room;
    bool *nested;      /* [fine * domains + coarse] */
    struct map coarse; /* coarse_key() -> a cluster that has both values */
    struct arena arena;
};

struct margins *margins_new(const struct topic *t, const struct clusters *c);
/* The index of an entry, which is new when it was not asked for before.  `d` NULL: the whole. */
int margins_entry(struct margins *m, const struct domain *d, const char *value);
/* Once, when all entries are there. */
void margins_find(struct margins *m);
void margins_free(struct margins *m);

#endif
