/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replicate weights: the variance of any estimate from how it varies over replicates of the
 * sample (Wolter 2007, Introduction to Variance Estimation, 2nd ed., chapters 3 to 5).
 *
 *     struct replicates *r = replicates_bootstrap(sample, &plan);     // of a sample's PSUs
 *     double *thetas = must_alloc((size_t)r->count * sizeof *thetas);
 *     replicates_sums(r, t, thetas);                  // sum of t x multiplier, by replicate
 *     double v = replicates_variance(r, thetas, theta);
 *     replicates_free(r);
 *
 * Replicate k multiplies the weights of a unit by multiplier(unit, k).  Variance as survey's
 * svrVar(): scale x sum of rscale (theta_k - centre)^2, the centre being the mean of the thetas
 * with rscale > 0, or the estimate itself under `mse`.
 */
#ifndef ESTIMATE_REPLICATES_H
#define ESTIMATE_REPLICATES_H

#include "estimate/sample.h"

enum replicate_type {
    REPLICATE_NONE,
    REPLICATE_JK1,
    REPLICATE_JKN,
    REPLICATE_BRR,
    REPLICATE_FAY,
    REPLICATE_BOOTSTRAP,
    /* Of given weights only: */
    REPLICATE_JK2,
    REPLICATE_ACS,
    REPLICATE_SUCCESSIVE,
    REPLICATE_OTHER,
};
/* Names as those of svrepdesign(type =): JK1 JKn BRR Fay bootstrap JK2 ACS successive-difference
 * other; -1 for other words. */
int replicate_type_by_name(const char *name);

struct replicate_plan {
    enum replicate_type type;
    double rho;            /* Fay */
    int count;             /* bootstrap */
    unsigned long seed;    /* bootstrap */
    const char *generator; /* bootstrap: name of a GSL generator, such as mt19937 */
    bool mse;
    /* Of given weights; NaN or none: as svrepdesign() derives it from the type. */
    double scale;
    const double *rscales;
    int rscale_count; /* 1: for all */
};

struct replicates {
    int unit_count, count;
    double scale, *rscales;
    bool mse;
    double *weight; /* of each unit, for the rank behind df */
    int *row;       /* of each unit: its row of multipliers */
    int row_count;
    double *multiplier; /* [row * count + replicate]; NULL: jackknife, from the following */
    const struct stage *stage;
    int *left_out;  /* of each replicate: its PSU, or -1 - stratum: all of a lonely one */
    double *ratio;  /* of calibrated replicates: [ratio_row * count + replicate]; or NULL */
    int *ratio_row; /* of each unit */
    struct df_cache *cache;
};

/* Replicates of the PSUs of a sample, whose memory they use; NULL after a message.
 *   JK1, JKn   one PSU left out, the others of its stratum times n/(n-1); (1 - f)(n-1)/n.
 *              Strata taken whole have none; lonely strata by the sample's policy.
 *              survey:::jk1weights, jknweights.
 *   BRR, Fay   strata of two PSUs (others split in pairs, in the order of the units) by the rows
 *              of a Hadamard matrix: one times 2 - rho, the other times rho.  McCarthy 1966;
 *              Judkins 1990, Journal of Official Statistics 6, 223-239; survey:::brrweights.
 *   bootstrap  n-1 of the n PSUs of a stratum drawn with replacement, drawn k times: k n/(n-1)
 *              (Rao and Wu 1988, JASA 83, 231-241; survey:::subbootweights).  For each stratum in
 *              order, for each replicate, n-1 times gsl_rng_uniform_int(). */
struct replicates *replicates_make(const struct sample *s, const struct replicate_plan *plan);

/* Given multipliers, [unit * count + replicate], which are taken over. */
struct replicates *replicates_given(double *multiplier, int unit_count, int count,
                                    const struct replicate_plan *plan);
void replicates_free(struct replicates *r);

double replicates_multiplier(const struct replicates *r, int unit, int replicate);
/* sum over units of t x multiplier, by replicate. */
void replicates_sums(const struct replicates *r, const double *t, double *sums);
/* Replicates without a value (NaN) are left out, as R does; NaN when none has one. */
double replicates_variance(const struct replicates *r, const double *thetas, double theta);
double replicates_total_variance(const struct replicates *r, const double *z);

/* Rank of the active units' replicate weights less 1, as degf() of a subset (columns that lose all
 * but 1e-5 of their length to those before do not count, as in R's qr()). */
int replicates_df(const struct replicates *r, const bool *active);

#endif
