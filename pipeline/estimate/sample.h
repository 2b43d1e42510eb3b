/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sample that variances are computed from: units, drawn as clusters in strata in one stage or
 * several.
 *
 *     int stratum[] = {0, 0, 1, 1};
 *     struct sample *s = sample_new(stratum, 4, 2, NULL, LONELY_FAIL);
 *     double v = sample_variance(s, z, active);
 *     sample_free(s);
 *
 * A unit is the smallest group of records that no formula looks into: a PSU; with corrections at
 * later stages a cluster of the last one; with calibration those of its records that have the
 * same auxiliary values; with replicate weights those that have the same.  Estimators give every
 * unit one number, the sum z of its linearised values, and all that a design does to the variance
 * of their total happens here.
 *
 * Every unit of the survey that has accepted records belongs to the sample, whether or not it
 * has cases of a domain: a domain's sum is 0 in the others, and they count.
 */
#ifndef ESTIMATE_SAMPLE_H
#define ESTIMATE_SAMPLE_H

#include <stdbool.h>

struct calibration;
struct replicates;

/* What to do with a stratum of which one PSU only is in the sample; the names and the
 * arithmetic of R's options(survey.lonely.psu). */
enum lonely {
    LONELY_FAIL,      /* the variance is not estimable */
    LONELY_REMOVE,    /* the stratum adds nothing */
    LONELY_CERTAINTY, /* the same: its PSU was taken for certain */
    LONELY_ADJUST,    /* deviation from the mean of all, which is 0 for linearised sums */
    LONELY_AVERAGE,   /* the mean of the other strata's contributions */
};

/* One stage of sampling.  Clusters and strata of a stage have numbers of their own. */
struct stage {
    int cluster_count, stratum_count;
    bool of_units;      /* cluster i is unit i */
    int *cluster;       /* of each unit */
    int *stratum;       /* of each cluster */
    int *parent;        /* of each stratum: the cluster of the stage before that it divides; or 0 */
    int *drawn;         /* of each stratum: clusters in the sample */
    double *population; /* of each cluster: clusters of its stratum in the population, or clusters
                           drawn / its inclusion probability; INFINITY: with replacement */
};
enum { STAGES_MOST = 6 };

struct sample {
    int unit_count, stage_count;
    struct stage stages[STAGES_MOST];
    enum lonely lonely;
    struct calibration *calibration; /* owned; NULL: none */
    struct replicates *replicates;   /* owned; NULL: linearisation */
};

/* One stage, every unit a PSU.  `population` by stratum, NULL: drawn with replacement.  The
 * arrays are copied. */
struct sample *sample_new(const int *stratum, int unit_count, int stratum_count,
                          const double *population, enum lonely lonely);
/* Without stages; sample_add_stage() follows, the first one at least. */
struct sample *sample_begin(int unit_count, enum lonely lonely);
/* cluster by unit; stratum and population by cluster; parent by stratum (NULL at the first
 * stage).  The arrays are copied. */
void sample_add_stage(struct sample *s, const int *cluster, int cluster_count, const int *stratum,
                      int stratum_count, const int *parent, const double *population);
void sample_free(struct sample *s);

/* LONELY_… of fail, remove, certainty, adjust, average; -1 for other words. */
int lonely_policy(const char *name);

/* Variance of the total of z over the units, which is 0 in units that are not active (no case of
 * the domain).  By linearisation: over the stages k, each with the share f of clusters drawn,
 *     sum of (product of f over the stages before) x
 *     sum over strata of (1 - f) n/(n-1) sum over its clusters of (z - mean z)^2,
 * after the residuals of a calibration have taken the place of z.  Strata without an active unit
 * add nothing.  NaN when not estimable.  Formula and lonely strata as in R: survey:::svyrecvar,
 * multistage, onestage, onestrat (version 4.1); with populations by cluster that of pps =
 * "brewer".  With replicate weights: that of the replicates' totals (estimate/replicates.h). */
double sample_variance(const struct sample *s, const double *z, const bool *active);

/* PSUs and strata that have active units; with replicate weights both are those of no use, and
 * only sample_df() counts. */
void sample_count(const struct sample *s, const bool *active, int *psus, int *strata);

/* Degrees of freedom of a domain: active PSUs less active strata; with replicate weights as
 * replicates_df().  degf() of a subset in R. */
int sample_df(const struct sample *s, const bool *active);

#endif
