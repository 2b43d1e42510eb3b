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

static double design_effect(enum linear_statistic statistic, const struct linear *l, double se)
{
    double simple = simple_variance(statistic, l);
    return se > 0 && simple > 0 ? se * se / simple : NAN;
}

/* What rounding alone leaves of an estimate without error, such as the number of households
 * that a PPS sample gives, is 0. */
static double rounded_error(const struct sample *s, double value, const double *z,
                            const bool *active, int df)
{
    const double rounding = 1e-13; /* relative; a double carries 1e-16 */
    if (df <= 0 || isnan(value))
        return NAN;
    double se = sqrt(sample_variance(s, z, active));
    return se <= rounding * fabs(value) ? 0 : se;
}

static double standard_error(const struct sample *s, const struct linear *l, int df)
{
    return rounded_error(s, l->value, l->z, l->active, df);
}

struct estimate estimate_linear(enum linear_statistic statistic, const struct sample *s,
                                const struct moments *cells, enum share_interval share,
                                double level)
{
    struct linear *l = linearize(statistic, cells, s->psu_count);
    struct estimate e = {.n = l->all.n, .value = l->value, .share = {NAN, NAN}};
    sample_count(s, l->active, &e.n_psu, &e.n_strata);
    e.df = e.n_psu - e.n_strata;
    e.se = standard_error(s, l, e.df);
    e.t = interval_t(e.value, e.se, e.df, level);
    e.share = interval_share(share, e.value, e.se, e.df, (double)e.n, level);
    e.deff = design_effect(statistic, l, e.se);
    linear_free(l);
    return e;
}

struct estimate estimate_census(enum linear_statistic statistic, const struct moments *cells,
                                int count)
{
    struct linear *l = linearize(statistic, cells, count);
    struct estimate e = {.n = l->all.n,
                         .value = l->value,
                         .se = NAN,
                         .t = {NAN, NAN},
                         .share = {NAN, NAN},
                         .deff = NAN};
    linear_free(l);
    return e;
}

struct estimate estimate_linearized(const struct sample *s, double value, long n, const double *z,
                                    const bool *active, double level)
{
    struct estimate e = {
        .n = n, .value = value, .se = NAN, .t = {NAN, NAN}, .share = {NAN, NAN}, .deff = NAN};
    if (!s)
        return e;
    sample_count(s, active, &e.n_psu, &e.n_strata);
    e.df = e.n_psu - e.n_strata;
    e.se = rounded_error(s, value, z, active, e.df);
    e.t = interval_t(e.value, e.se, e.df, level);
    return e;
}

struct difference estimate_difference(enum linear_statistic statistic, const struct sample *s,
                                      const struct moments *a, const struct moments *b)
{
    struct linear *la = linearize(statistic, a, s->psu_count);
    struct linear *lb = linearize(statistic, b, s->psu_count);
    for (int i = 0; i < s->psu_count; i++) {
        la->z[i] -= lb->z[i];
        la->active[i] |= lb->active[i];
    }
    int psus, strata;
    sample_count(s, la->active, &psus, &strata);
    la->value -= lb->value;
    struct difference d = {.value = la->value, .df = psus - strata};
    d.se = standard_error(s, la, d.df);
    d.t = d.se > 0 ? d.value / d.se : NAN;
    d.p = t_p_value(d.t, d.df);
    linear_free(la);
    linear_free(lb);
    return d;
}
