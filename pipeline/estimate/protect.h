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
 *   - totals of confidential levels that one or two units make (quality_dominance()), and means of
 *     the same values.
 * An intruder is taken to know every printed number of cases and with an answer exactly, and which
 * choices a question has.  Cases of two indicators that are the same records are one unknown, by a
 * fingerprint of their numbers in all cells; indicators that are functions of one question's answer
 * (estimate/answers.h) are sums over it.  Estimates that are withheld because they are poor are not
 * protected for that, but are the first to serve others' protection.
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
struct protected_sums {
    long hits;        /* cases with a value other than 0 */
    double sum, need; /* of a total: itself, and what quality_dominance() says */
    char mark;        /* as quality_mark() gave it */
};
/* Estimates that are not finite are left out. */
void protection_add(struct protection *p, const struct domain *d, const char *value,
                    const struct estimate *e, const struct protected_sums *sums);
/* Sets mark x of primary and s of secondary cells in table estimate, and n_hidden of those whose
 * number of cases is not to be shown either; takes differences with them out of table contrast.
 * Returns how many secondary cells there are. */
int protection_end(struct protection *p, struct store *results);

#endif
