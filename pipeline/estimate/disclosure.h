/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Complementary suppression in tables that add up: what else must be hidden so that no hidden cell
 * can be worked out from the printed ones.
 *
 *     struct disclosure *d = disclosure_new(3);
 *     int all = disclosure_cell(d, 60, 900, false, 0);            // n, value, primary, need
 *     int a = disclosure_cell(d, 2, 30, true, 0), b = …, c = …;
 *     disclosure_equation(d, all, (int[]){a, b, c}, 3);           // all = a + b + c
 *     disclosure_protect(d);
 *     if (d->cells[b].hidden) …                                   // secondary
 *     assert(disclosure_recover(d, NULL) == 0);                   // the audit
 *     disclosure_free(d);
 *
 * Of a cell that is a number of cases, an equation holds for these; of one that is `measured` (an
 * income), for what is printed.  A hidden number of cases is known to be at least 1.  A hidden cell
 * is protected when
 *   - its value is not determined by the equations and the printed cells (linear algebra), and
 *   - as a number of cases it could be more than one number and, unless it is `loose`, `least` or
 *     more (interval propagation, then estimate/possible.h), and
 *   - where `need` is given (dominance), the other hidden values of each of its equations come to
 *     at least need, so that its value is not estimated closer than that.
 * Cells to hide besides are taken from the offending equation, then from those near it: parts before
 * the total and what is dear, those that expose fewest others, those that are not shown anyway
 * (`absent`), those with fewest cases and of equal ones the first given; never one without cases,
 * which everybody is taken to know of.  Every exposed cell gets one more a round, unless another has
 * just put one beside it: rounds are few, and each costs one elimination of sparse rows
 * (estimate/determined.h).
 */
#ifndef ESTIMATE_DISCLOSURE_H
#define ESTIMATE_DISCLOSURE_H

#include <stdbool.h>

struct disclosure_cell {
    long n;
    double value, need;
    bool primary, hidden;
    bool measured; /* no number of cases */
    bool loose;    /* that it is less than `least` may be known */
    bool absent;   /* not shown anyway, for other reasons, though it could be */
    int dear;      /* 1, 2: hidden later than totals are, and last of all */
    int follower;  /* hidden with this one: the first in d->followers; -1 */
};
struct disclosure_equation {
    int *cells;        /* the total first, then its parts */
    int *coefficients; /* NULL: 1, then -1 */
    int count;
};
struct disclosure_follower {
    int cell, next;
};
struct disclosure {
    double least; /* fewer cases than this are not shown */
    struct disclosure_cell *cells;
    int cell_count, cell_room;
    struct disclosure_equation *equations;
    int equation_count, equation_room;
    struct disclosure_follower *followers;
    int follower_count, follower_room;
};
struct disclosure *disclosure_new(double least);
void disclosure_free(struct disclosure *d);

/* Index of the new cell; primary ones are hidden from the start. */
int disclosure_cell(struct disclosure *d, long n, double value, bool primary, double need);
/* Left out unless the parts' cases come to the total's: missing answers make the difference
 * unknown. */
void disclosure_equation(struct disclosure *d, int total, const int *parts, int count);
/* Any linear relation, sum of coefficient x cell = a known number; not for bounds of numbers of
 * cases. */
void disclosure_relation(struct disclosure *d, const int *cells, const int *coefficients,
                         int count);
/* Where `leader` is hidden `follower` is too. */
void disclosure_follow(struct disclosure *d, int leader, int follower);
void disclosure_protect(struct disclosure *d);

/* The intruder: how many hidden cells are not protected; which[i] tells which. */
int disclosure_recover(const struct disclosure *d, bool *which);

#endif
