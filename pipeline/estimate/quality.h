/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether an estimate is good enough to print.
 *
 *     struct quality q;
 *     if (quality_read(topic, &q) < 0) …
 *     char mark = quality_mark(&q, &e);       // of an estimate from a sample
 */
#ifndef ESTIMATE_QUALITY_H
#define ESTIMATE_QUALITY_H

#include "estimate/estimate.h"
#include "survey/topic.h"

/* From the topic's sheets rules or design; the defaults are the office's (domain guide, D6). */
struct quality {
    double n_withhold;        /* fewer cases than this could be recognised: 3 */
    double n_bracket;         /* 30 */
    double rse_bracket;       /* relative standard error: 0.30 */
    double rse_withhold;      /* 0.50 */
    double df_withhold;       /* 2 */
    double dominance_k;       /* the two largest over all: 0.85 */
    double dominance_p;       /* the rest over the largest: 0.15 */
    const char *confidential; /* levels of firms and the like, between blanks; "" */
};

/* Returns 0, or -1 after a message when a threshold is not a number. */
int quality_read(const struct topic *t, struct quality *q);

/* ' ' print; 'b' print in brackets: n < n_bracket, RSE > rse_bracket, or no standard error;
 * 'x' withhold: n < n_withhold, RSE > rse_withhold, or df < df_withhold; '-' nothing to print.
 * RSE is se / |estimate|, of a share that of p; of an exact 0 without error it is 0. */
char quality_mark(const struct quality *q, const struct estimate *e);

/* The same for a census: 'x' for fewer than n_withhold cases when `persons` (persons and
 * households can be recognised, counties and brands cannot), '-' or ' '. */
char quality_mark_census(const struct quality *q, const struct estimate *e, bool persons);

/* Whether an answer of one or two units must not be told: persons, households, and the topic's rule
 * confidential_levels.  A village's answer may be. */
bool quality_personal(const struct quality *q, const struct level *l);
/* Whether the topic's rule confidential_levels names it. */
bool quality_secret(const struct quality *q, const struct level *l);
/* Whether fewer than n_withhold cases are not shown: of those, and of any sampled unit. */
bool quality_confidential(const struct quality *q, const struct level *l);

/* The total of a confidential level gives single units away: two make dominance_k of it, or all but
 * the two largest come to less than dominance_p of the largest (p% rule).  Returns how much the
 * value needs of other hidden values beside it; 0: it does not dominate. */
double quality_dominance(const struct quality *q, const struct level *l, double total,
                         const double *top);

#endif
