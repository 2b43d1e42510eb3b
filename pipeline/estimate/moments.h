/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Weighted counts, means and central sums of one or two variables, that can be added record by
 * record or group by group without losing digits.
 *
 *     struct moments m = {0};
 *     moments_add(&m, 236.5, 57080, 4);     // weight, y, x (1 when there is no denominator)
 *     moments_merge(&all, &m);
 *
 * w = sum w, mean_y = sum wy / w, s_yy = sum w(y - mean_y)^2, s_xy and s_xx alike.  One record
 * at a time: West (1979), Communications of the ACM 22, 532-535.  Two groups: Chan, Golub and
 * LeVeque (1979), Stanford STAN-CS-79-773, with weights in the place of counts.  Records of
 * weight 0 count in n only.
 *
 * A constant y leaves s_yy exactly 0 and mean_y exactly y, in any order.
 */
#ifndef ESTIMATE_MOMENTS_H
#define ESTIMATE_MOMENTS_H

/* A sum with the rounding error carried along: Knuth's two-sum, which has no branch (as Ogita, Rump
 * and Oishi 2005, SIAM Journal on Scientific Computing 26, 1955-1988, algorithm 4.4):
 *     struct sum s = {0};  sum_add(&s, 1e100);  …  double total = sum_value(&s); */
struct sum {
    double value, lost;
};
static inline void sum_add(struct sum *s, double x)
{
    double next = s->value + x, part = next - s->value;
    s->lost += (s->value - (next - part)) + (x - part);
    s->value = next;
}

static inline double sum_value(const struct sum *s)
{
    return s->value + s->lost;
}

struct moments {
    long n;       /* records */
    long dropped; /* of them without a value (estimate/inequality.h) */
    double w, mean_y, mean_x, s_yy, s_xy, s_xx;
    struct sum sum_y; /* sum wy, which w mean_y gives only rounded: 24.999999999999996 */
    double top[2];    /* the two largest |wy| of single records, for dominance */
};

void moments_add(struct moments *m, double w, double y, double x);
void moments_merge(struct moments *into, const struct moments *other);
/* The same records with their weights multiplied by g. */
void moments_scale(struct moments *m, double g);
/* All cells together in two passes, without a trace of their order. */
struct moments moments_all(const struct moments *cells, int count);

#endif
