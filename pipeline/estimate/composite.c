/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/composite.h"

#include "base/arena.h"
#include "estimate/moments.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

void minmax(const double *x, int n, int m, const bool *negative, const double *base, double *scaled,
            bool *constant)
{
    for (int j = 0; j < m; j++) {
        double low = INFINITY, high = -INFINITY;
        for (int i = 0; i < n; i++) {
            low = fmin(low, x[i * m + j]);
            high = fmax(high, x[i * m + j]);
        }
        constant[j] = !(low < high);
        if (base && !isnan(base[2 * j])) {
            low = base[2 * j];
            high = base[2 * j + 1];
        }
        for (int i = 0; i < n; i++) {
            double up = negative[j] ? high - x[i * m + j] : x[i * m + j] - low;
            double share = low < high ? up / (high - low) : 0;
            scaled[i * m + j] = constant[j] ? 0 : fmin(fmax(share, 0), 1);
        }
    }
}

void normalize_weights(double *weights, int m, const bool *skip)
{
    double all = 0;
    for (int j = 0; j < m; j++)
        all += skip[j] ? 0 : weights[j];
    for (int j = 0; j < m; j++)
        weights[j] = skip[j] || all == 0 ? 0 : weights[j] / all;
}

void entropy_weights(const double *scaled, int n, int m, const bool *skip, double *entropy,
                     double *weights)
{
    for (int j = 0; j < m; j++) {
        double all = 0, e = 0;
        for (int i = 0; i < n; i++)
            all += scaled[i * m + j];
        for (int i = 0; i < n; i++) {
            double p = all > 0 ? scaled[i * m + j] / all : 0;
            e -= p > 0 ? p * log(p) : 0;
        }
        entropy[j] = skip[j] || n < 2 || all == 0 ? NAN : e / log(n);
        weights[j] = isnan(entropy[j]) ? 0 : 1 - entropy[j];
    }
    normalize_weights(weights, m, skip);
}

void weighted_scores(const double *scaled, int n, int m, const double *weights, double *scores)
{
    for (int i = 0; i < n; i++) {
        scores[i] = 0;
        for (int j = 0; j < m; j++)
            scores[i] += weights[j] * scaled[i * m + j];
    }
}

int topsis(const double *x, int n, int m, const bool *negative, const bool *skip,
           const double *weights, double *closeness)
{
    double *v = must_alloc((size_t)n * (size_t)m * sizeof *v);
    double *best = must_alloc((size_t)m * sizeof *best), *worst = must_alloc((size_t)m * sizeof *v);
    int rc = 0;
    for (int j = 0; j < m; j++) {
        double norm = 0;
        best[j] = -INFINITY;
        worst[j] = INFINITY;
        for (int i = 0; i < n; i++) {
            double one = x[i * m + j];
            if (negative[j] && !skip[j] && !(one > 0))
                rc = -1;
            v[i * m + j] = skip[j] ? 0 : negative[j] ? 1 / one : one;
            norm += v[i * m + j] * v[i * m + j];
        }
        for (int i = 0; i < n; i++) {
            v[i * m + j] *= norm > 0 ? weights[j] / sqrt(norm) : 0;
            best[j] = fmax(best[j], v[i * m + j]);
            worst[j] = fmin(worst[j], v[i * m + j]);
        }
    }
    for (int i = 0; i < n; i++) {
        double up = 0, down = 0;
        for (int j = 0; j < m; j++) {
            up += (best[j] - v[i * m + j]) * (best[j] - v[i * m + j]);
            down += (v[i * m + j] - worst[j]) * (v[i * m + j] - worst[j]);
        }
        closeness[i] = up + down > 0 ? sqrt(down) / (sqrt(up) + sqrt(down)) : NAN;
    }
    free(v);
    free(best);
    free(worst);
    return rc;
}

/* ---- AHP --------------------------------------------------------------------------------------
 */

static bool is_reciprocal(const double *a, int m)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < m; j++)
            if (!(a[i * m + j] > 0) || fabs(a[i * m + j] * a[j * m + i] - 1) > 1e-6)
                return false;
    return true;
}

/* The principal eigenvector by power iteration, which converges for positive matrices; the sum of
 * A w is the eigenvalue when w sums to 1. */
static double principal(const double *a, int m, double *w)
{
    double next[AHP_MOST], lambda = 0;
    for (int i = 0; i < m; i++)
        w[i] = 1.0 / m;
    for (int step = 0; step < 1000; step++) {
        double all = 0, change = 0;
        for (int i = 0; i < m; i++) {
            next[i] = 0;
            for (int j = 0; j < m; j++)
                next[i] += a[i * m + j] * w[j];
            all += next[i];
        }
        for (int i = 0; i < m; i++) {
            change = fmax(change, fabs(next[i] / all - w[i]));
            w[i] = next[i] / all;
        }
        lambda = all;
        if (change < 1e-16)
            break;
    }
    return lambda;
}

int ahp_weights(const double *matrix, int m, double *weights, struct consistency *c)
{
    static const double random_index[] = {0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49};
    if (m < 1 || m > AHP_MOST || !is_reciprocal(matrix, m))
        return -1;
    c->lambda = principal(matrix, m, weights);
    c->ci = m > 1 ? (c->lambda - m) / (m - 1) : 0;
    c->cr = m > 2 ? c->ci / random_index[m - 1] : 0;
    return 0;
}

/* ---- coupling coordination ----------------------------------------------------------------------
 */

struct coupling coupling_of(const double *u, const double *alpha, int k)
{
    double product = 1, mean = 0, most = 0, apart = 0, relative = 1;
    struct coupling c = {0};
    for (int i = 0; i < k; i++) {
        mean += u[i] / k;
        most = fmax(most, u[i]);
        c.t += alpha[i] * u[i];
        for (int j = 0; j < i; j++)
            apart += fabs(u[i] - u[j]);
    }
    if (!(most > 0) || k < 2)
        return c;
    for (int i = 0; i < k; i++) {
        product *= u[i] / mean;
        relative *= u[i] / most;
    }
    c.c = pow(product, 1.0 / k);
    c.d = sqrt(c.c * c.t);
    c.c_modified = sqrt((1 - apart / (k * (k - 1) / 2.0)) * pow(relative, 1.0 / (k - 1)));
    c.d_modified = sqrt(c.c_modified * c.t);
    return c;
}

const char *coordination_band(double d)
{
    static const char *const names[] = {"极度失调", "严重失调", "中度失调", "轻度失调", "濒临失调",
                                        "勉强协调", "初级协调", "中级协调", "良好协调", "优质协调"};
    int band = (int)floor(d * 10 + 1e-12);
    return isnan(d) ? "" : names[band < 0 ? 0 : band > 9 ? 9 : band];
}

const char *importance_quadrant(double importance, double performance, double mean_importance,
                                double mean_performance)
{
    if (importance >= mean_importance)
        return performance >= mean_performance ? "优势保持" : "重点改进";
    return performance >= mean_performance ? "供给有余" : "次要关注";
}

void ranks_of(const double *scores, int n, int *ranks)
{
    for (int i = 0; i < n; i++) {
        ranks[i] = 1;
        for (int j = 0; j < n; j++)
            ranks[i] += scores[j] > scores[i];
    }
}

struct theil_parts theil_parts(const double *w, const double *y, const double *t, int groups,
                               bool is_l)
{
    struct sum all_w = {0}, all_y = {0}, within = {0}, between = {0};
    for (int g = 0; g < groups; g++) {
        sum_add(&all_w, w[g]);
        sum_add(&all_y, y[g]);
    }
    for (int g = 0; g < groups; g++) {
        double p = w[g] / sum_value(&all_w), s = y[g] / sum_value(&all_y);
        sum_add(&within, (is_l ? p : s) * t[g]);
        sum_add(&between, is_l ? p * log(p / s) : s * log(s / p));
    }
    return (struct theil_parts){sum_value(&within), sum_value(&between)};
}
