/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sheet indices: composite indices over the domains' estimates (composite.h has the formulas).
 *
 *     struct indices *all = indices_read(topic);       // NULL after messages
 *     indices_free(all);
 *
 *     name label kind by indicators weights matrix base note
 *
 * kind        score (weighted min-max), topsis, coupling (systems of indicators between ';'), ipa
 *             (pairs importance performance between ';'), theil (one theil_t or theil_l indicator)
 * by          the domain whose values are ranked; none for ipa
 * indicators  names; all but those of ipa and theil need a direction in their column `better`
 * weights     entropy (when empty), equal, ahp with `matrix`, or numbers
 * matrix      rows between ';', entries 3 or 1/3
 * base        low:high of each indicator, - for the sample's ends
 */
#ifndef ESTIMATE_INDICES_H
#define ESTIMATE_INDICES_H

#include "estimate/composite.h"
#include "survey/topic.h"

enum index_kind { INDEX_SCORE, INDEX_TOPSIS, INDEX_COUPLING, INDEX_IPA, INDEX_THEIL };
enum index_weights { WEIGHTS_ENTROPY, WEIGHTS_EQUAL, WEIGHTS_GIVEN };

struct index {
    const char *name, *kind_name;
    enum index_kind kind;
    const struct domain *by; /* NULL: ipa */
    const struct indicator **indicators;
    int *system; /* of each indicator: coupling's system, ipa's pair */
    int count, system_count;
    bool *negative;
    enum index_weights method;
    double *given; /* of WEIGHTS_GIVEN, AHP's too */
    double *base;  /* low and high of each indicator, NaN: the sample's */
    bool ahp;
    struct consistency consistency;
};
struct indices {
    struct arena arena;
    struct index *items;
    int count;
};
struct indices *indices_read(const struct topic *t);
void indices_free(struct indices *all);

/* Scores of n units; `drop` is an indicator to leave out, -1: none.  Details may be NULL. */
struct index_details {
    double *weights, *entropy; /* of each indicator; entropy NaN when it is not used */
    bool *constant;            /* equal in all units: left out */
    double *other;             /* of score the TOPSIS closeness and the other way round, or NaN */
    double *systems;           /* of coupling: [unit * system_count + system] */
    struct coupling *coupling; /* of each unit */
};
/* -1: no score (negative indicator of topsis not above 0, nothing left). */
int index_scores(const struct index *x, const double *values, int n, int drop, double *scores,
                 const struct index_details *details);

#endif
