/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which value of a domain the cells of an indicator belong to.
 *
 *     struct grouping g = grouping_make(topic, clusters, &cells, domain);   // NULL: all records
 *     for (int v = 0; v < g.count; v++)
 *         for (int i = g.first[v]; i < g.first[v + 1]; i++)
 *             … g.cells[i] …
 *     grouping_free(&g);
 *
 * A domain of the frame takes the cells of all records by their cluster's attribute, one of a
 * question those that tally made for it.  One that crosses two or three others (source cross) has
 * the values of each, in order, joined by a blank.  Values are those that have cases, in the order
 * of their bytes.
 */
#ifndef ESTIMATE_GROUPING_H
#define ESTIMATE_GROUPING_H

#include "estimate/tallies.h"

struct grouping {
    const char **values;
    int count;
    int *first; /* by value, and one more: where its cells begin */
    int *cells; /* in the order of their values */
    struct arena arena;
};
struct grouping grouping_make(const struct topic *t, const struct clusters *c,
                              const struct tally_cells *cells, const struct domain *d);
void grouping_free(struct grouping *g);

#endif
