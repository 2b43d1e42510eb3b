/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The selected PSUs of a county or of all, with their weights.
 *
 *     struct weights *w = weights_read(store);          // weights.db or a tally.db
 *     const struct psu *p = weights_psu(w, "411523100201");
 *     weights_free(w);
 */
#ifndef ESTIMATE_WEIGHTS_H
#define ESTIMATE_WEIGHTS_H

#include "base/arena.h"
#include "base/map.h"
#include "store/store.h"

struct psu {
    const char *code, *name, *county, *stratum;
    long n_sample, n_accepted;
    double weight;       /* of each accepted second-stage unit */
    double first_weight; /* of the PSU itself, 1/p1; 0 when read from a tally */
    double stratum_psus; /* PSUs of its stratum in the frame; NaN: drawn with replacement */
};
struct weights {
    struct arena arena;
    struct psu *psus; /* in the order of their codes */
    int count, room;
    struct map by_code;
};

/* What a PSU's weight makes up for. */
enum nonresponse {
    NONRESPONSE_PSU,  /* units drawn but not accepted, by the accepted ones of the same PSU */
    NONRESPONSE_NONE, /* nothing: the design weight */
};
/* "psu", "" (the default, psu), "none"; -1 for other words. */
int nonresponse_by_name(const char *name);

/* Weight of an accepted second-stage unit: 1/(p1 p2) with p2 = drawn/size (at most 1), times
 * drawn/accepted under NONRESPONSE_PSU (Särndal, Swensson and Wretman 1992, 15.6, response
 * homogeneity groups).  0 when none was accepted. */
double unit_weight(double p1, double size, long drawn, long accepted, enum nonresponse n);

struct weights *weights_read(struct store *s);
/* Adds the PSUs of another tally, in any order; weights_sort() ends it. */
void weights_add(struct weights *w, struct store *tally);
void weights_sort(struct weights *w);
void weights_free(struct weights *w);
const struct psu *weights_psu(const struct weights *w, const char *code); /* or NULL */

#endif
