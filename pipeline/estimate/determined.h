/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which unknowns a linear system determines.
 *
 *     struct linear_system *s = linear_system_new(unknowns);
 *     linear_system_row(s, (int[]){0, 3, 7}, (int[]){1, -1, -1}, 3);   // x0 - x3 - x7 = known
 *     linear_system_determined(s, known);                              // known[unknowns]
 *     linear_system_free(s);
 *
 * An unknown is determined when it is the same in all solutions, that is 0 in all solutions of the
 * homogeneous system, whatever the right sides are: they need not be given.  A solution with random
 * numbers for what elimination leaves free is 0 elsewhere only with probability 1/p; everything is
 * exact, modulo the prime p = 2^31 - 1.  The random numbers are the same in every run.
 *
 * Rows are sparse, and elimination takes the column that stands in the fewest rows, so that the
 * rows of tables that add up stay short (Markowitz 1957, Management Science 3, 255-269).
 */
#ifndef ESTIMATE_DETERMINED_H
#define ESTIMATE_DETERMINED_H

#include <stdbool.h>

struct linear_system;
struct linear_system *linear_system_new(int unknowns);
/* What an unknown has several times adds up. */
void linear_system_row(struct linear_system *s, const int *unknown, const int *coefficient,
                       int count);
/* Sets all `unknowns` entries of `known`.  Once: the rows are used up. */
void linear_system_determined(struct linear_system *s, bool *known);
void linear_system_free(struct linear_system *s);

#endif
