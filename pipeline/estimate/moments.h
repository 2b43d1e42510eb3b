/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sums to about 32 digits, and what those of weighted records come to (estimate/sums.h).
 *
 * A sum is a value and the rounding error that goes with it: products by Dekker's error-free
 * transformation with fma, sums by Knuth's two-sum, which has no branch (Ogita, Rump and Oishi
 * 2005, SIAM Journal on Scientific Computing 26, 1955-1988).
 *     struct sum s = {0};  sum_add(&s, 1e100);  …  double total = sum_value(&s);
 */
#ifndef ESTIMATE_MOMENTS_H
#define ESTIMATE_MOMENTS_H

#include <math.h>

/* Before functions whose loops are long: compiled twice, with fma as an instruction for processors
 * that have it.  The results are the same. */
#if defined __x86_64__ && defined __gnu_linux__ && defined __GNUC__ && !defined __clang__
#define LONG_LOOP __attribute__((target_clones("fma", "default")))
#else
#define LONG_LOOP
#endif

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

static inline struct sum sum_plus(struct sum a, struct sum b)
{
    double next = a.value + b.value, part = next - a.value;
    double lost = a.lost + ((a.value - (next - part)) + (b.value - part)) + b.lost;
    double value = next + lost;
    return (struct sum){value, lost - (value - next)};
}

static inline struct sum sum_times(struct sum a, double b)
{
    double p = a.value * b;
    return (struct sum){p, fma(a.value, b, -p) + a.lost * b};
}

/* a - b c: what of sum wa is beyond c = mean a times sum w, for one. */
static inline struct sum sum_excess(struct sum a, struct sum b, double c)
{
    return sum_plus(a, sum_times(b, -c));
}

/* The weighted count, the means and the central sums of records: w = sum w, mean_y = sum wy / w,
 * s_yy = sum w(y - mean_y)^2, s_xy and s_xx alike. */
struct moments {
    long n;       /* records of some weight */
    long dropped; /* and those without a value (estimate/inequality.h), which are among n */
    double w, mean_y, mean_x, s_yy, s_xy, s_xx;
    struct sum sum_y; /* sum wy, which w mean_y gives only rounded: 24.999999999999996 */
    double top[2];    /* the two largest |wy| of single records, for dominance */
};

#endif
