/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Composite indices of n units by m indicators (matrices row by row, x[i * m + j]).
 *
 *     minmax(x, n, m, negative, NULL, scaled, constant);
 *     entropy_weights(scaled, n, m, constant, entropy, weights);
 *     weighted_scores(scaled, n, m, weights, scores);
 *     topsis(x, n, m, negative, constant, weights, closeness);
 *     if (ahp_weights(matrix, m, weights, &consistency) < 0) …
 *     struct coupling c = coupling_of(u, alpha, k);
 *
 * min-max      (x - low)/(high - low); negative: (high - x)/(high - low); ends of the n units, or
 *              a fixed base, so that years can be compared (values beyond it are cut to 0 and 1)
 * entropy      e_j = -sum p ln p / ln n, p = scaled/sum, 0 ln 0 = 0; w_j = (1 - e_j)/sum(1 - e)
 * TOPSIS       vector norm, negative as 1/x; closeness d-/(d+ + d-) (Hwang and Yoon 1981)
 * AHP          principal eigenvector; CI = (lambda - m)/(m - 1), CR = CI/RI (Saaty 1980)
 * coupling     C = [prod U/(mean U)^k]^(1/k), T = sum alpha U, D = sqrt(C T);  modified
 *              C' = sqrt([1 - mean |U_i - U_j|] [prod U/max U]^(1/(k-1)))  (two systems:
 *              sqrt([1 - (max - min)] min/max)), D' = sqrt(C' T)
 */
#ifndef ESTIMATE_COMPOSITE_H
#define ESTIMATE_COMPOSITE_H

#include <stdbool.h>

/* `base` NULL, or low and high of each indicator, NaN for those of the units.  constant[j] is set
 * where all units are equal: 0 in `scaled`, to be left out. */
void minmax(const double *x, int n, int m, const bool *negative, const double *base, double *scaled,
            bool *constant);
/* skip[j]: no part of it, weight 0. */
void entropy_weights(const double *scaled, int n, int m, const bool *skip, double *entropy,
                     double *weights);
/* Makes those that are not skipped sum to 1. */
void normalize_weights(double *weights, int m, const bool *skip);
void weighted_scores(const double *scaled, int n, int m, const double *weights, double *scores);
/* -1 when a negative indicator is 0 or below somewhere, whose reciprocal makes no sense. */
int topsis(const double *x, int n, int m, const bool *negative, const bool *skip,
           const double *weights, double *closeness);

enum { AHP_MOST = 10 };
struct consistency {
    double lambda, ci, cr; /* cr 0 for m <= 2 */
};
/* -1 when m is not in 1..AHP_MOST, or the matrix is not positive and reciprocal.  CR >= 0.1 is for
 * the caller to refuse. */
int ahp_weights(const double *matrix, int m, double *weights, struct consistency *c);

struct coupling {
    double c, t, d, c_modified, d_modified;
};
struct coupling coupling_of(const double *u, const double *alpha, int k);
/* The ten bands of D: 极度失调 … 优质协调. */
const char *coordination_band(double d);

/* Importance and performance against their means over the items: 优势保持, 重点改进, 次要关注,
 * 供给有余. */
const char *importance_quadrant(double importance, double performance, double mean_importance,
                                double mean_performance);

/* Places from 1, highest score first; equal scores share the first place. */
void ranks_of(const double *scores, int n, int *ranks);

/* Theil's T (or L) of groups with weights w, incomes y and their own index t:
 * T = sum s t + sum s ln(s/p), L = sum p t + sum p ln(p/s); s = y/Y, p = w/W. */
struct theil_parts {
    double within, between;
};
struct theil_parts theil_parts(const double *w, const double *y, const double *t, int groups,
                               bool is_l);

#endif
