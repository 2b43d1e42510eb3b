/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scales: Cronbach's alpha of several items, Cohen's kappa of two coders.
 *
 *     struct estimate a = estimate_alpha(vectors, 0.95);      // rows: the items
 *     struct estimate k = estimate_kappa(vectors, 0.95);      // rows: first and second coder
 *
 *     alpha = K/(K-1) (1 - sum V_i/V)         V_i variance of an item, V of the items' sum
 *     kappa = (p_o - p_e)/(1 - p_e)           p_o agreement, p_e = sum of products of the margins
 *
 * Errors by linearisation, z = sum w d over a PSU's cases:
 *     alpha  d = K/(K-1) (sum V_i u/V^2 - sum u_i/V), u of each variance as linearize.h has it
 *     kappa  d = ((agree - p_o)(1 - p_e) - (1 - p_o)(g - 2 p_e)) / (W (1 - p_e)^2),
 *            g = share of the second coder in the first one's category + the other way round
 * alpha as svycralpha of R's survey (which gives no error), kappa as svykappa.
 */
#ifndef ESTIMATE_SCALES_H
#define ESTIMATE_SCALES_H

#include "estimate/vectors.h"

/* NaN where the items' sum is constant, where expected agreement is 1 or there are no cases. */
struct estimate estimate_alpha(struct vectors *v, double level);
struct estimate estimate_kappa(struct vectors *v, double level);

#endif
