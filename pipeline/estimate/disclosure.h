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
 * An equation holds for the numbers of cases and for additive values alike.  A hidden cell of a
 * table is known to have at least one case.  It is protected when
 *   - its value is not determined by the equations and the printed cells (linear algebra), and
 *   - its number of cases could be `least` or more, and more than one number (interval
 *     propagation), and
 *   - where `need` is given (dominance), the other hidden values of each of its equations come to
 *     at least need, so that its value is not estimated closer than that.
 * Cells to hide besides are taken from the offending equation, parts before the total, those with
 * fewest cases first and of equal ones the first given: the same cells in every table with the same
 * numbers of cases.
 */
#ifndef ESTIMATE_DISCLOSURE_H
#define ESTIMATE_DISCLOSURE_H

#include <stdbool.h>

struct disclosure_cell {
    long n;
    double value, need;
    bool primary, hidden;
};
struct disclosure_equation {
    int *cells; /* the total first, then its parts */
    int count;
};
struct disclosure {
    double least; /* fewer cases than this are not shown */
    struct disclosure_cell *cells;
    int cell_count, cell_room;
    struct disclosure_equation *equations;
    int equation_count, equation_room;
};
struct disclosure *disclosure_new(double least);
void disclosure_free(struct disclosure *d);

/* Index of the new cell; primary ones are hidden from the start. */
int disclosure_cell(struct disclosure *d, long n, double value, bool primary, double need);
/* Left out unless the parts' cases come to the total's: missing answers make the difference
 * unknown. */
void disclosure_equation(struct disclosure *d, int total, const int *parts, int count);
void disclosure_protect(struct disclosure *d);

/* The intruder: how many hidden cells are not protected; which[i] tells which. */
int disclosure_recover(const struct disclosure *d, bool *which);

#endif
