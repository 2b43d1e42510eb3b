/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Long texts that are copies of each other across all counties: village rules taken from one model.
 *
 *     alike_put(topic, clean, tally);          // a county: the texts of checks similar_texts
 *     alike_find(topic, tallies, results);     // all counties: tables alike and county_count
 *
 * Two texts are alike when their likeness (survey/likeness.h) reaches the check's tolerance; texts
 * that are alike, and those alike to one of them, form a group.  county_count gets, by county,
 * compared:<check> (texts long enough), alike:<check> (those in a group) and
 * alike-elsewhere:<check> (those in a group that has texts of several counties).
 *
 * Which pairs to compare is found with MinHash signatures in bands (Broder 1997; Leskovec,
 * Rajaraman and Ullman 2014, 3.4): of two texts at the tolerance 0.9, one pair in 10^6 goes
 * unfound, of nearer ones fewer.  The comparison itself is exact.  In a band each text meets at
 * most 20 of those that share its value there, so that thousands of copies of one model cost no
 * more than their number; the group holds them together.  In memory are about 600 bytes a text; the
 * pairs of characters stay in the shards.  The result does not depend on the order of the shards.
 */
#ifndef ESTIMATE_ALIKE_H
#define ESTIMATE_ALIKE_H

#include "estimate/tallies.h"

void alike_put(const struct topic *t, struct store *clean, struct store *tally);
void alike_find(const struct topic *t, const struct tallies *tallies, struct store *results);

#endif
