/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Suppression in the results of one indicator: the whole, its domains and their crossings add up.
 *
 *     struct protection *p = protection_new(topic, clusters, 3);
 *     protection_add(p, NULL, "all", n, value, false, 0);               // the whole
 *     protection_add(p, domain, "411525", n, value, primary, need);
 *     protection_end(p, "hh_size", results);        // marks, frees
 *
 * The value of a crossed domain is those of its factors joined by blanks (estimate/grouping.h).  For
 * every two domains of which one has all factors of the other, or finer ones of the frame (counties
 * in zones), a value of the lesser is the sum of those of the greater that agree with it.
 */
#ifndef ESTIMATE_PROTECT_H
#define ESTIMATE_PROTECT_H

#include "estimate/tallies.h"

struct protection;
struct protection *protection_new(const struct topic *t, const struct clusters *c, double least);
void protection_add(struct protection *p, const struct domain *d, const char *value, long n,
                    double estimate, bool primary, double need);
/* Sets mark x of primary and s of secondary cells in table estimate, takes differences with them
 * out of table contrast.  Returns how many secondary cells there are. */
int protection_end(struct protection *p, const char *indicator, struct store *results);

#endif
