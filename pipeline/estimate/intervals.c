/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/intervals.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static const struct interval NONE = {NAN, NAN};

double t_factor(double level, double df)
{
    return df > 0 ? gsl_cdf_tdist_Pinv(0.5 + level / 2, df) : NAN;
}

double t_p_value(double t, double df)
{
    /* Through the beta distribution: GSL's own t tail loses digits below 1e-10. */
    return df > 0 && !isnan(t) ? gsl_cdf_beta_P(df / (df + t * t), df / 2, 0.5) : NAN;
}

struct interval interval_t(double value, double se, double df, double level)
{
    double half = t_factor(level, df) * se;
    return isnan(half) ? NONE : (struct interval){value - half, value + half};
}

static bool is_inner_share(double p, double se, double df)
{
    return p > 0 && p < 1 && se > 0 && df > 0;
}

/* t interval of log(p/(1-p)), carried back: R's svyciprop(method = "logit") (Wald). */
static struct interval interval_logit(double p, double se, double df, double level)
{
    if (!is_inner_share(p, se, df))
        return NONE;
    double middle = log(p / (1 - p)), half = t_factor(level, df) * se / (p * (1 - p));
    return (struct interval){1 / (1 + exp(-(middle - half))), 1 / (1 + exp(-(middle + half)))};
}

struct interval interval_beta(double p, double se, double df, double n, double level)
{
    if (!is_inner_share(p, se, df) || n < 2)
        return NONE;
    double correction = t_factor(level, n - 1) / t_factor(level, df);
    double effective = p * (1 - p) / (se * se) * correction * correction;
    double tail = (1 - level) / 2, yes = effective * p, no = effective * (1 - p);
    return (struct interval){gsl_cdf_beta_Pinv(tail, yes, no + 1),
                             gsl_cdf_beta_Qinv(tail, yes + 1, no)};
}

struct interval interval_wilson(double p, double se, double df, double level)
{
    if (!is_inner_share(p, se, df))
        return NONE;
    double n = p * (1 - p) / (se * se), t = t_factor(level, df), tt = t * t / n;
    double half = sqrt(p * (1 - p) * tt + tt * tt / 4);
    return (struct interval){(p + tt / 2 - half) / (1 + tt), (p + tt / 2 + half) / (1 + tt)};
}

int share_interval_by_name(const char *name)
{
    static const char *const names[] = {"logit", "beta", "wilson"};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0)
            return SHARE_LOGIT + i;
    return -1;
}

struct interval interval_share(enum share_interval method, double p, double se, double df, double n,
                               double level)
{
    switch (method) {
    case SHARE_LOGIT:
        return interval_logit(p, se, df, level);
    case SHARE_BETA:
        return interval_beta(p, se, df, n, level);
    case SHARE_WILSON:
        return interval_wilson(p, se, df, level);
    default:
        return NONE;
    }
}
