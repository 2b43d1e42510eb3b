/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hadamard matrices for balanced half-samples.  A ratio or a quantile has another standard error
 * with another matrix, so each has the order, the rows and the signs of hadamard(n) in R's survey
 * package, whose help page names the sources:
 *
 *     Sylvester (1867)          doubling a matrix; 4 and 16 are doublings of the one of order 1
 *     Paley (1933)              the squares modulo a prime
 *     Plackett and Burman (1946, Biometrika 33, 305-325)   order 36
 *     N. J. A. Sloane, A Library of Hadamard Matrices       order 28
 */
#ifndef ESTIMATE_HADAMARD_H
#define ESTIMATE_HADAMARD_H

/* A matrix of 0 and 1 for -1 and 1 with more than n rows, the first of which is 1 throughout.
 * [row * *size + column]; caller frees; NULL when n is above 8,000. */
unsigned char *hadamard_matrix(int n, int *size);

#endif
