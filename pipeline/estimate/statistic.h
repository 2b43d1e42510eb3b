/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An indicator's estimate from the cells of a domain, whatever its statistic.
 *
 *     struct estimation how;
 *     if (estimation_read(topic, &how) < 0) …            // the topic's sheet design
 *     struct dense d = dense_of(&cells, &grouping, value, clusters->count);
 *     struct estimate e = estimate_statistic(indicator, &how, clusters->sample, &d, NULL);
 *     dense_free(&d);
 */
#ifndef ESTIMATE_STATISTIC_H
#define ESTIMATE_STATISTIC_H

#include "estimate/grouping.h"

/* How intervals are made. */
struct estimation {
    double confidence;
    enum share_interval share_interval;
    bool score_interval; /* of quantiles, in the place of Woodruff's */
};
int estimation_read(const struct topic *t, struct estimation *out); /* -1 after a message */

/* A domain's cells, one a cluster. */
struct dense {
    struct cell_sums sums;
    struct points *points; /* NULL unless the statistic needs values */
};
struct dense dense_of(const struct tally_cells *cells, const struct grouping *g, int value,
                      int clusters);
void dense_free(struct dense *d);

bool is_quantile(const struct indicator *ind);
enum linear_statistic linear_of(const struct indicator *ind); /* of neither quantile nor index */

/* `s` NULL: a census.  `linear` NULL, or where the linearised values are put, for differences (the
 * caller frees): NULL of a census and of quantiles, whose differences R has no error for either. */
struct estimate estimate_statistic(const struct indicator *ind, const struct estimation *how,
                                   const struct sample *s, const struct dense *d,
                                   struct linear **linear);

#endif
