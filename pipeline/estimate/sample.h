/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sample that variances are computed from: primary sampling units (PSUs) in strata.
 *
 *     int stratum[] = {0, 0, 1, 1};
 *     struct sample *s = sample_new(stratum, 4, 2, NULL, LONELY_FAIL);
 *     double v = sample_variance(s, z, active);
 *     sample_free(s);
 *
 * Every PSU of the survey that has accepted records belongs to the sample, whether or not it
 * has cases of a domain: a domain's sum is 0 in the others, and they count.
 */
#ifndef ESTIMATE_SAMPLE_H
#define ESTIMATE_SAMPLE_H

#include <stdbool.h>

/* What to do with a stratum of which one PSU only is in the sample; the names and the
 * arithmetic of R's options(survey.lonely.psu). */
enum lonely {
    LONELY_FAIL,      /* the variance is not estimable */
    LONELY_REMOVE,    /* the stratum adds nothing */
    LONELY_CERTAINTY, /* the same: its PSU was taken for certain */
    LONELY_ADJUST,    /* deviation from the mean of all, which is 0 for linearised sums */
    LONELY_AVERAGE,   /* the mean of the other strata's contributions */
};

struct sample {
    int psu_count, stratum_count;
    int *stratum; /* of each PSU */
    int *drawn;   /* of each stratum: its PSUs in the sample */
    double
        *population; /* of each stratum: its PSUs in the population; INFINITY: with replacement */
    enum lonely lonely;
};

/* `population` NULL: drawn with replacement.  The arrays are copied. */
struct sample *sample_new(const int *stratum, int psu_count, int stratum_count,
                          const double *population, enum lonely lonely);
void sample_free(struct sample *s);

/* LONELY_… of fail, remove, certainty, adjust, average; -1 for other words. */
int lonely_policy(const char *name);

/* Variance of the total of z over the PSUs,
 *     sum over strata of (1 - n/N) n/(n-1) sum over its PSUs of (z - mean z)^2,
 * where z is 0 in PSUs that are not active (no case of the domain).  Strata without an active
 * PSU add nothing.  NaN when not estimable.  Formula and lonely strata as in R:
 * survey:::onestage, survey:::onestrat (version 4.1). */
double sample_variance(const struct sample *s, const double *z, const bool *active);

/* PSUs and strata that have active PSUs; degrees of freedom are their difference (degf() of a
 * subset in R). */
void sample_count(const struct sample *s, const bool *active, int *psus, int *strata);

#endif
