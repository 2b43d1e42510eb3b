/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/estimate.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>

/* Variance of the same statistic from n cases drawn singly with replacement: s^2/n of y for a
 * mean, W^2 s^2/n for a total, of the residuals (y - Rx)/X for a ratio.  As deff = "replace" in
 * R's survey. */
static double simple_variance(enum linear_statistic statistic, const struct linear *l)
{
    const struct moments *m = &l->all;
    double r = l->value, squares = m->s_yy, n = (double)m->n, scale = 1;
    if (statistic == LINEAR_RATIO) {
        squares = m->s_yy - 2 * r * m->s_xy + r * r * m->s_xx;
        scale = 1 / m->mean_x;
    } else if (statistic == LINEAR_TOTAL) {
        scale = m->w;
    } else if (statistic == LINEAR_VARIANCE) {
        return NAN;
    }
    return n > 1 ? squares / m->w / (n - 1) * scale * scale : NAN;
}

/* Of a ratio that of the total of its residuals, as R has it; with replicate weights it is not
 * quite the ratio's own. */
static double design_effect(enum linear_statistic statistic, const struct sample *s,
                            const struct linear *l, double se)
{
    double simple = simple_variance(statistic, l), variance = se * se;
    if (s->replicates && statistic == LINEAR_RATIO)
        variance = sample_variance(s, l->z, l->active);
    return se > 0 && simple > 0 ? variance / simple : NAN;
}

/* ---- replicates ------------------------------------------------------------------------------ */

static double replicate_value(enum linear_statistic statistic, const struct linear *l, double w,
                              double y, double x, double yy)
{
    double n = (double)l->all.n;
    if (w == 0)
        return statistic == LINEAR_TOTAL ? 0 : NAN;
    switch (statistic) {
    case LINEAR_TOTAL:
        return w * l->all.mean_y + y;
    case LINEAR_MEAN:
        return l->all.mean_y + y / w;
    case LINEAR_RATIO:
        return (w * l->all.mean_y + y) / (w * l->all.mean_x + x);
    default:
        return n / (n - 1) * (yy / w - y / w * (y / w));
    }
}

/* NaN where a replicate has no weight or no denominator. */
static void estimate_replicates(enum linear_statistic statistic, const struct replicates *r,
                                const struct linear *l, const struct cell_sums *cells,
                                double *thetas)
{
    size_t units = (size_t)l->count, count = (size_t)r->count;
    double *numbers = must_alloc(4 * (units + count) * sizeof *numbers);
    double *t[4], *sums[4];
    for (size_t k = 0; k < 4; k++) {
        t[k] = numbers + k * units;
        sums[k] = numbers + 4 * units + k * count;
    }
    linear_centred(l, cells, t);
    for (int k = 0; k < 4; k++)
        replicates_sums(r, t[k], sums[k]);
    for (size_t k = 0; k < count; k++)
        thetas[k] = replicate_value(statistic, l, sums[0][k], sums[1][k], sums[2][k], sums[3][k]);
    free(numbers);
}

/* ---- estimates ------------------------------------------------------------------------------- */

/* What rounding alone leaves of an estimate without error, such as the number of households
 * that a PPS sample gives, is 0. */
static double standard_error(double variance, double value, int df)
{
    const double rounding = 1e-13; /* relative; a double carries 1e-16 */
    if (df <= 0 || isnan(value))
        return NAN;
    double se = sqrt(variance);
    return se <= rounding * fabs(value) ? 0 : se;
}

struct linear *estimate_linearize(enum linear_statistic statistic, const struct sample *s,
                                  const struct cell_sums *cells)
{
    struct linear *l = linearize(statistic, cells);
    if (s->replicates && l->all.n) {
        l->thetas = must_alloc((size_t)s->replicates->count * sizeof *l->thetas);
        estimate_replicates(statistic, s->replicates, l, cells, l->thetas);
    }
    return l;
}

struct estimate estimate_linearized(enum linear_statistic statistic, const struct sample *s,
                                    const struct linear *l, enum share_interval share, double level)
{
    struct estimate e = {.n = l->all.n, .value = l->value, .share = {NAN, NAN}};
    sample_count(s, l->active, &e.n_psu, &e.n_strata);
    e.df = s->replicates ? sample_df(s, l->active) : e.n_psu - e.n_strata;
    double v = l->thetas ? replicates_variance(s->replicates, l->thetas, l->value)
                         : sample_variance(s, l->z, l->active);
    e.se = standard_error(v, e.value, e.df);
    e.t = interval_t(e.value, e.se, e.df, level);
    e.share = interval_share(share, e.value, e.se, e.df, (double)e.n, level);
    e.deff = design_effect(statistic, s, l, e.se);
    return e;
}

struct estimate estimate_linear(enum linear_statistic statistic, const struct sample *s,
                                const struct cell_sums *cells, enum share_interval share,
                                double level)
{
    struct linear *l = estimate_linearize(statistic, s, cells);
    struct estimate e = estimate_linearized(statistic, s, l, share, level);
    linear_free(l);
    return e;
}

struct estimate estimate_census(enum linear_statistic statistic, const struct cell_sums *cells)
{
    struct linear *l = linearize(statistic, cells);
    struct estimate e = {.n = l->all.n,
                         .value = l->value,
                         .se = NAN,
                         .t = {NAN, NAN},
                         .share = {NAN, NAN},
                         .deff = NAN};
    linear_free(l);
    return e;
}

/* The replicates of b are taken from those of a. */
static double difference_of_replicates(const struct replicates *r, const struct linear *a,
                                       const struct linear *b)
{
    double *thetas = must_alloc((size_t)r->count * sizeof *thetas);
    for (int k = 0; k < r->count; k++)
        thetas[k] = a->thetas && b->thetas ? a->thetas[k] - b->thetas[k] : NAN;
    double v = replicates_variance(r, thetas, a->value - b->value);
    free(thetas);
    return v;
}

struct estimate estimate_with_variance(const struct sample *s, double value, long n,
                                       double variance, const bool *active, double level)
{
    struct estimate e = {
        .n = n, .value = value, .se = NAN, .t = {NAN, NAN}, .share = {NAN, NAN}, .deff = NAN};
    if (!s)
        return e;
    sample_count(s, active, &e.n_psu, &e.n_strata);
    e.df = sample_df(s, active);
    e.se = standard_error(variance, value, e.df);
    e.t = interval_t(e.value, e.se, e.df, level);
    return e;
}

struct difference estimate_difference(const struct sample *s, const struct linear *a,
                                      const struct linear *b)
{
    double *z = must_alloc((size_t)s->unit_count * sizeof *z);
    bool *active = must_alloc((size_t)s->unit_count * sizeof *active);
    for (int i = 0; i < s->unit_count; i++) {
        z[i] = a->z[i] - b->z[i];
        active[i] = a->active[i] || b->active[i];
    }
    double v = s->replicates ? difference_of_replicates(s->replicates, a, b)
                             : sample_variance(s, z, active);
    struct difference d = {.value = a->value - b->value, .df = sample_df(s, active)};
    d.se = standard_error(v, d.value, d.df);
    d.t = d.se > 0 ? d.value / d.se : NAN;
    d.p = t_p_value(d.t, d.df);
    free(z);
    free(active);
    return d;
}
