/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The indices of a topic into the results' tables ranking and index_part, with what they owe the
 * reader: how far sampling and the choice of indicators could have moved each place.
 *
 *     if (rank_all(topic, tallies, &quality, &how, results) < 0) …    // a mistake in sheet indices
 *
 * Places from sampling: `rank_replicates` (500) bootstrap samples of n_h - 1 PSUs with replacement
 * in every stratum, weights times n_h/(n_h - 1) for each time drawn (Rao and Wu 1988, JASA 83,
 * 231-241), GSL's mt19937 from `rank_seed` (1), both in the topic's sheet design; estimates,
 * scaling and entropy weights are made anew in each.  The interval holds the middle `confidence`
 * of the places.  Two neighbours are not told apart when they stand the other way round in at
 * least 1 - confidence of the samples.  Strata with one PSU do not vary, nor do levels that were
 * not sampled; with no sampled level at all there are no such intervals.
 *
 * Places from indicators: the index without each of them in turn.
 *
 * A unit whose estimate of any indicator is absent or withheld has no place.
 */
#ifndef ESTIMATE_RANKING_H
#define ESTIMATE_RANKING_H

#include "estimate/indices.h"
#include "estimate/quality.h"
#include "estimate/statistic.h"

int rank_all(const struct topic *t, struct tallies *tallies, const struct quality *q,
             const struct estimation *how, struct store *results);

#endif
