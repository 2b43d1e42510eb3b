/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawing a sample that anyone can draw again: villages with probability proportional to size,
 * households in equal steps, and how many of them a wanted precision needs.
 *
 * Random numbers are read off SHA-256 of "seed:what", so that one draw does not depend on another,
 * nor on the order of the work, and can be checked with any SHA-256 program.
 */
#ifndef INSTRUMENT_SELECTION_H
#define INSTRUMENT_SELECTION_H

#include <stdbool.h>

/* A number with `decimals` digits (at most 9) after the point, uniform on those above 0 and below
 * 1: 0.000001 … 0.999999.  The first 15 hex digits of the digest of "<seed>:<what>" as a whole
 * number h give 1 + h mod (10^decimals - 1) of the last digit. */
double selection_random(const char *seed, const char *what, int decimals);

/* Inclusion probabilities of n of `count` units, proportional to their sizes (> 0): p = n size/sum;
 * units that reach 1 are certain, and the rest is shared out again without them until none does
 * (Särndal, Swensson and Wretman 1992, 3.6.2).  All are certain when n >= count.  Returns the
 * number of certain units. */
int pps_probabilities(const double *sizes, int count, int n, double *p);

/* Systematic selection with these probabilities in the order of the units (Madow 1949): the sizes
 * of the units that are not certain are added up; unit k is drawn when start, start + interval,
 * start + 2 interval … comes to lie on its part of the sum.  interval = sum/m, start = random
 * interval, m = n less the certain units. */
struct pps_draw {
    double total, interval, start; /* of the units that are not certain */
    int certain, drawn;            /* drawn: all, with the certain ones */
};
struct pps_draw pps_systematic(const double *sizes, const double *p, int count, int n,
                               double random, bool *selected);

/* Household number i = 0 … take-1 of a list of `size` >= take, drawn in steps of size/take: the
 * least whole number not below (random + i) size/take.  `random` counts millionths, 1 to 999999;
 * each household has the probability take/size. */
long systematic_number(long random, int i, long size, int take);

/* Reserves: half a step behind the drawn ones, so none is drawn twice while size >= 2 take; in an
 * order by chance.  `steps` gets `count` <= take different numbers from 0 to take - 1;
 * reserve_number() of each is the household. */
void reserve_steps(const char *seed, const char *what, int take, int count, int *steps);
long reserve_number(long random, int step, long size, int take);

/* What a share is to be known to. */
struct precision {
    double margin;     /* half the interval, as a share: 0.03 */
    double share;      /* expected: 0.5 needs most */
    double confidence; /* 0.95 */
    double deff;       /* design effect; 1 + (b - 1) rho of b units a cluster */
    double response;   /* share of usable answers, 0 < response <= 1 */
    double population; /* units, 0: not known */
};
/* Units to be drawn: n0 = z² p (1 - p)/margin², with the finite population n0/(1 + (n0 - 1)/N)
 * (Cochran 1977, 4.4), times the design effect, over the response; not rounded.  *simple gets the
 * number under simple random sampling with full response. */
double sample_size(const struct precision *p, double *simple);

#endif
