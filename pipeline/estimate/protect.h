/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Suppression in the estimates of one level: the whole, its domains and their crossings add up, so
 * do the answers to a question, and shares of answers and means of a scale say the same things.
 *
 *     struct protection *p = protection_new(topic, level, clusters, &quality);
 *     protection_begin(p, indicator, &cells);                 // the estimates that follow are its
 *     protection_add(p, NULL, "all", &estimate, &sums);               // the whole
 *     protection_add(p, domain, "411525", &estimate, &sums);
 *     …                                                       // all indicators of the level
 *     protection_end(p, results);                             // marks, frees
 *
 * What must not be worked out, and from what:
 *   - numbers of cases below n_withhold, where units can be recognised (quality_confidential());
 *   - shares and counts of an answer that 1 or 2 gave, or all but 1 or 2, of persons, households
 * and confidential levels (quality_personal()): a share and its number of cases give them away;
 *   - totals, means and ratios of confidential levels of which one or two units make the values or
 *     the denominators (quality_dominance());
 *   - quantiles and shares of the poorest of personal levels that have fewer than n_withhold cases
 *     on one side: they are single units' values.
 * An intruder is taken to know every printed number of cases and with an answer exactly, and the
 * denominators of means and ratios unless they are hidden: an estimate is shown only where all that
 * it is made of may be known.  Cases, or sums, of two indicators that are the same are one unknown,
 * by a fingerprint of their numbers in all cells; those that are linear combinations of others, as
 * the answers to a question are of its cases, are related (estimate/relations.h).  Estimates that
 * are withheld because they are poor are not protected for that, but are the first to serve others'
 * protection.
 */
#ifndef ESTIMATE_PROTECT_H
#define ESTIMATE_PROTECT_H

#include "estimate/estimate.h"
#include "estimate/quality.h"
#include "estimate/tallies.h"

struct protection;
struct protection *protection_new(const struct topic *t, const struct level *l,
                                  const struct clusters *c, const struct quality *q);
void protection_begin(struct protection *p, const struct indicator *ind,
                      const struct tally_cells *cells);
/* What an estimate is made of. */
struct protected_sum {
    double sum, need; /* as quality_dominance() says; 0: nobody dominates it */
};
struct protected_sums {
    long hits; /* cases with a value other than 0 */
    /* Of totals, means and ratios of confidential levels; `base` of ratios. */
    struct protected_sum value, base;
    char mark; /* as quality_mark() gave it */
};
/* Estimates that are not finite are left out. */
void protection_add(struct protection *p, const struct domain *d, const char *value,
                    const struct estimate *e, const struct protected_sums *sums);
/* Sets mark x of primary and s of secondary cells in table estimate, and n_hidden of those whose
 * number of cases is not to be shown either; takes differences with them out of table contrast.
 * Returns how many secondary cells there are. */
int protection_end(struct protection *p, struct store *results);

#endif
