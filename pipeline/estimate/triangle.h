/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Least squares one case at a time: the triangle R and the diagonal D of X'WX = R'DR, R having ones
 * on its diagonal (Gentleman 1974, AS 75, Applied Statistics 23, 448-454: planar rotations without
 * square roots).
 *
 *     struct triangle *t = triangle_new(3);
 *     triangle_add(t, x, y, w);                // x is spoilt
 *     triangle_solve(t, b);                    // b of X'WX b = X'Wy
 *     triangle_solve_for(t, g);                // g becomes (X'WX)^-1 g
 *     triangle_free(t);
 */
#ifndef ESTIMATE_TRIANGLE_H
#define ESTIMATE_TRIANGLE_H

struct triangle {
    int count;
    double *diagonal, *rest, *right; /* D; R above its diagonal, row by row, count x count; R b */
    double *norm;                    /* sum w x^2 of each column */
};
struct triangle *triangle_new(int count);
void triangle_free(struct triangle *t);
void triangle_clear(struct triangle *t);
void triangle_add(struct triangle *t, double *x, double y, double w);
/* The first column that the earlier ones determine, to 1e-11 of its length; -1: none. */
int triangle_dependent(const struct triangle *t);
void triangle_solve(const struct triangle *t, double *b);
void triangle_solve_for(const struct triangle *t, double *g);

#endif
