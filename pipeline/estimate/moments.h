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
 * weight 0 count in n and hits only.
 *
 * A constant y leaves s_yy exactly 0 and mean_y exactly y, in any order.
 */
#ifndef ESTIMATE_MOMENTS_H
#define ESTIMATE_MOMENTS_H

/* A sum with the rounding error carried along (Neumaier 1974, ZAMM 54, 39-51):
 *     struct sum s = {0};  sum_add(&s, 1e100);  …  double total = sum_value(&s); */
struct sum {
    double value, lost;
};
void sum_add(struct sum *s, double x);
double sum_value(const struct sum *s);

/* The sums of one cell, each to about 32 digits (value and rounding error), so that neither the
 * order of records nor how they are grouped shows in the last bit of what is computed from them:
 * products by Dekker's error-free transformation with fma, sums as above (Ogita, Rump and Oishi
 * 2005, SIAM Journal on Scientific Computing 26, 1955-1988).
 *
 *     double cell[SUMS_MOST] = {0};
 *     sums_add(SUMS_VALUE, cell, 236.5, 57080, 1);
 *     struct moments m = sums_moments(SUMS_VALUE, cell);
 *
 * A cell has sums_size(kind) numbers in this order; those that its kind does not need are not
 * there.  Records of weight 0 are nowhere. */
enum sums_kind {
    SUMS_SHARE, /* y is 0 or 1, x is 1 */
    SUMS_VALUE, /* x is 1 */
    SUMS_RATIO,
};
enum {
    SUMS_N,    /* records */
    SUMS_HITS, /* of them with y other than 0 */
    SUMS_W,    /* sum w; from here on each sum has two numbers */
    SUMS_WY = 4,
    SUMS_WYY = 6,
    SUMS_TOP = 8, /* the two largest |wy| of single records */
    SUMS_WX = 10,
    SUMS_WXY = 12,
    SUMS_WXX = 14,
    SUMS_MOST = 16,
};
int sums_size(enum sums_kind kind);
void sums_add(enum sums_kind kind, double *cell, double w, double y, double x);
void sums_merge(enum sums_kind kind, double *into, const double *other);

struct moments {
    long n;    /* records */
    long hits; /* of them with y other than 0: the cases behind a share */
    double w, mean_y, mean_x, s_yy, s_xy, s_xx;
    struct sum sum_y; /* sum wy, which w mean_y gives only rounded: 24.999999999999996 */
    double top[2];    /* the two largest |wy| of single records, for dominance */
};

/* s_yy is exactly 0 and mean_y exactly y for a constant y here too: what is left below 1e-27 of
 * sum wyy is rounding. */
struct moments sums_moments(enum sums_kind kind, const double *cell);

void moments_add(struct moments *m, double w, double y, double x);
void moments_merge(struct moments *into, const struct moments *other);
/* The same records with their weights multiplied by g. */
void moments_scale(struct moments *m, double g);
/* All cells together in two passes, without a trace of their order. */
struct moments moments_all(const struct moments *cells, int count);

#endif
