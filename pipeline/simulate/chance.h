/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chance with a memory: the Mersenne twister (GSL's mt19937) of a seed, so that a simulation can
 * be repeated exactly.
 *
 *     struct chance *c = chance_new(7, 411725);
 *     long die = chance_between(c, 1, 6);
 *     chance_free(c);
 */
#ifndef SIMULATE_CHANCE_H
#define SIMULATE_CHANCE_H

#include <stdbool.h>

struct chance;
/* Different streams of one seed are different sequences. */
struct chance *chance_new(unsigned long seed, unsigned long stream);
void chance_free(struct chance *c);

long chance_below(struct chance *c, long n);            /* 0 … n-1; n > 0 */
long chance_between(struct chance *c, long a, long b);  /* a … b, both possible */
double chance_unit(struct chance *c);                   /* 0 <= x < 1 */
bool chance_hits(struct chance *c, double probability); /* never at 0, always at 1 */

#endif
