/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/regression.h"

#include "estimate/covariance.h"
#include "estimate/hypothesis.h"
#include "estimate/resample.h"
#include "estimate/triangle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 60, HALVINGS_MAX = 30 };

struct fit {
    struct vectors *v;
    bool logistic;
    struct regression *r;
    int *used; /* columns that are not aliased */
    int count;
    struct triangle *triangle;
    double *b, *x, *score;
};

/* ---- columns ----------------------------------------------------------------------------------
 */

static void add_column(struct regression *r, int term, double value)
{
    r->columns = must_realloc(r->columns, (size_t)(r->count + 1) * sizeof *r->columns);
    r->columns[r->count++] = (struct coefficient){.term = term,
                                                  .value = value,
                                                  .estimate = NAN,
                                                  .se = NAN,
                                                  .t = NAN,
                                                  .p = NAN,
                                                  .interval = {NAN, NAN}};
}

static int add_columns(struct regression *r, struct vectors *v, const struct analysis *a)
{
    add_column(r, 0, NAN);
    for (int i = 1; i < a->variable_count; i++) {
        double levels[GROUPS_MAX];
        if (!a->variables[i].question) {
            add_column(r, i, NAN);
            continue;
        }
        int count = vectors_levels(v, i, levels);
        if (count < 0) {
            warning("模型 %s：%s 的答案超过%d种，不宜作自变量，没有计算", a->name,
                    a->variables[i].name, GROUPS_MAX);
            return -1;
        }
        for (int k = 1; k < count; k++)
            add_column(r, i, levels[k]);
    }
    return 0;
}

/* The used columns of a case. */
static void fill(const struct fit *f, const double *row, double *x)
{
    for (int i = 0; i < f->count; i++) {
        const struct coefficient *c = &f->r->columns[f->used[i]];
        x[i] = c->term == 0 ? 1 : isnan(c->value) ? row[c->term + 2] : row[c->term + 2] == c->value;
    }
}

static double predict(const struct fit *f, const double *x, const double *b)
{
    double eta = 0;
    for (int i = 0; i < f->count; i++)
        eta += x[i] * b[i];
    return eta;
}

static double logistic_mean(double eta)
{
    return eta >= 0 ? 1 / (1 + exp(-eta)) : exp(eta) / (1 + exp(eta));
}

/* ---- passes over the cases ----------------------------------------------------------------------
 */

/* The triangle of sum w x x' m' at b; of gaussian, with the outcome. */
static void pass_triangle(struct fit *f)
{
    triangle_clear(f->triangle);
    for (int i = 0; i < f->v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(f->v, i, &n);
        for (; n-- > 0; row += f->v->width + 2) {
            fill(f, row, f->x);
            double w = row[0] * row[1];
            if (f->logistic) {
                double m = logistic_mean(predict(f, f->x, f->b));
                w *= m * (1 - m);
            }
            triangle_add(f->triangle, f->x, row[2], w);
        }
    }
}

/* Score sum w x (y - m) of one cluster. */
static void cluster_score(const struct fit *f, int cluster, struct sum *score)
{
    int n;
    const double *row = vectors_rows(f->v, cluster, &n);
    for (; n-- > 0; row += f->v->width + 2) {
        fill(f, row, f->x);
        double eta = predict(f, f->x, f->b);
        double rest = row[2] - (f->logistic ? logistic_mean(eta) : eta);
        for (int k = 0; k < f->count; k++)
            sum_add(&score[k], row[0] * row[1] * f->x[k] * rest);
    }
}

static void pass_score(struct fit *f)
{
    struct sum *all = must_alloc((size_t)f->count * sizeof *all);
    for (int i = 0; i < f->v->cluster_count; i++)
        cluster_score(f, i, all);
    for (int k = 0; k < f->count; k++)
        f->score[k] = sum_value(&all[k]);
    free(all);
}

/* -2 log likelihood. */
static double pass_deviance(const struct fit *f, const double *b)
{
    struct sum all = {0};
    for (int i = 0; i < f->v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(f->v, i, &n);
        for (; n-- > 0; row += f->v->width + 2) {
            fill(f, row, f->x);
            double eta = predict(f, f->x, b), against = row[2] > 0 ? -eta : eta;
            double loss = against > 0 ? against + log1p(exp(-against)) : log1p(exp(against));
            sum_add(&all, 2 * row[0] * row[1] * loss);
        }
    }
    return sum_value(&all);
}

/* ---- fitting ----------------------------------------------------------------------------------
 */

/* Takes out columns until none depends on the others; the triangle is then that of the rest. */
static void drop_dependent(struct fit *f)
{
    for (;;) {
        pass_triangle(f);
        int k = triangle_dependent(f->triangle);
        if (k < 0)
            return;
        f->r->columns[f->used[k]].aliased = true;
        f->count--;
        for (int i = k; i < f->count; i++)
            f->used[i] = f->used[i + 1];
        triangle_free(f->triangle);
        f->triangle = triangle_new(f->count);
    }
}

static void fit_linear(struct fit *f)
{
    triangle_solve(f->triangle, f->b);
    for (int refinement = 0; refinement < 2; refinement++) {
        pass_score(f);
        triangle_solve_for(f->triangle, f->score);
        for (int k = 0; k < f->count; k++)
            f->b[k] += f->score[k];
    }
    f->r->converged = true;
    f->r->passes = 1;
}

/* b + the step, or the greatest half, quarter … of it that does not raise the deviance; false when
 * none does. */
static bool take_step(struct fit *f, double *deviance)
{
    double *next = must_alloc((size_t)f->count * sizeof *next), share = 1, d = NAN;
    int halvings = 0;
    for (; halvings < HALVINGS_MAX; halvings++, share /= 2) {
        for (int k = 0; k < f->count; k++)
            next[k] = f->b[k] + share * f->score[k];
        d = pass_deviance(f, next);
        if (d <= *deviance * (1 + 1e-12))
            break;
    }
    if (halvings < HALVINGS_MAX) {
        *deviance = d;
        for (int k = 0; k < f->count; k++)
            f->b[k] = next[k];
    }
    free(next);
    return halvings < HALVINGS_MAX;
}

static bool is_small_step(const struct fit *f)
{
    double size = 0, step = 0;
    for (int k = 0; k < f->count; k++) {
        size = fmax(size, fabs(f->b[k]) * sqrt(f->triangle->norm[k]));
        step = fmax(step, fabs(f->score[k]) * sqrt(f->triangle->norm[k]));
    }
    return step <= 1e-10 * fmax(size, 1e-3);
}

/* Whether hardly any case tells a column's coefficient any more: its answers determine the
 * outcome. */
static bool is_separated(const struct fit *f, const double *norm_before)
{
    for (int k = 0; k < f->count; k++)
        if (f->triangle->norm[k] < 1e-9 * norm_before[k])
            return true;
    return false;
}

static void fit_logistic(struct fit *f)
{
    size_t size = (size_t)f->count * sizeof(double);
    double deviance = pass_deviance(f, f->b);
    double *norm = must_alloc(size);
    memcpy(norm, f->triangle->norm, size);
    while (f->r->passes++ < STEPS_MAX && !f->r->converged) {
        pass_triangle(f);
        if (triangle_dependent(f->triangle) >= 0)
            break; /* fitted shares of 0 and 1 only */
        pass_score(f);
        triangle_solve_for(f->triangle, f->score);
        bool small = is_small_step(f);
        if (!take_step(f, &deviance) && !small)
            break;
        f->r->converged = small;
    }
    pass_triangle(f);
    f->r->converged = f->r->converged && !is_separated(f, norm);
    free(norm);
}

static void fit_coefficients(struct fit *f)
{
    (f->logistic ? fit_logistic : fit_linear)(f);
}

/* ---- covariance -------------------------------------------------------------------------------
 */

/* The same columns fitted to a replicate, from where the whole sample's fit ended. */
static void replicate_coefficients(struct vectors *v, void *context, double *out)
{
    struct fit f = *(const struct fit *)context;
    struct regression r = *f.r;
    size_t n = (size_t)f.count;
    (void)v;
    r.converged = false;
    r.passes = 0;
    f.r = &r;
    f.triangle = triangle_new(f.count);
    f.score = must_alloc(n * sizeof *f.score);
    double *start = f.b;
    f.b = out;
    memcpy(out, start, n * sizeof *out);
    pass_triangle(&f);
    bool dependent = triangle_dependent(f.triangle) >= 0;
    if (!dependent)
        fit_coefficients(&f);
    for (size_t k = 0; k < n && (dependent || !r.converged); k++)
        out[k] = NAN;
    triangle_free(f.triangle);
    free(f.score);
}

static gsl_matrix *linearized_covariance(struct fit *f, const bool *active)
{
    int count = f->count;
    double **z = must_alloc((size_t)count * sizeof *z);
    struct sum *score = must_alloc((size_t)count * sizeof *score);
    for (int k = 0; k < count; k++)
        z[k] = must_alloc((size_t)f->v->cluster_count * sizeof **z);
    for (int i = 0; i < f->v->cluster_count; i++) {
        for (int k = 0; k < count; k++)
            score[k] = (struct sum){0};
        cluster_score(f, i, score);
        for (int k = 0; k < count; k++)
            f->score[k] = sum_value(&score[k]);
        triangle_solve_for(f->triangle, f->score);
        for (int k = 0; k < count; k++)
            z[k][i] = f->score[k];
    }
    gsl_matrix *v = sample_covariance(f->v->sample, z, count, active);
    for (int k = 0; k < count; k++)
        free(z[k]);
    free(z);
    free(score);
    return v;
}

static void put_coefficients(struct fit *f, const bool *active, double level)
{
    int count = f->count;
    gsl_matrix *v = NULL;
    if (is_resampled(f->v))
        v = resample_covariance(f->v, count, f->b, replicate_coefficients, f);
    else if (f->v->sample)
        v = linearized_covariance(f, active);
    for (int k = 0; k < count; k++) {
        struct coefficient *c = &f->r->columns[f->used[k]];
        c->estimate = f->b[k];
        c->se = v && f->r->df > 0 ? sqrt(gsl_matrix_get(v, (size_t)k, (size_t)k)) : NAN;
        c->t = c->se > 0 ? c->estimate / c->se : NAN;
        c->p = t_p_value(c->t, f->r->df);
        c->interval = interval_t(c->estimate, c->se, f->r->df, level);
        for (int l = 0; v && l < count; l++)
            f->r->covariance[f->used[k] * f->r->count + f->used[l]] =
                gsl_matrix_get(v, (size_t)k, (size_t)l);
    }
    gsl_matrix_free(v);
}

static void fit_columns(struct fit *f, const bool *active, double level)
{
    size_t n = (size_t)f->r->count;
    f->used = must_alloc(n * sizeof *f->used);
    f->b = must_alloc(n * sizeof *f->b);
    f->x = must_alloc(n * sizeof *f->x);
    f->score = must_alloc(n * sizeof *f->score);
    f->r->covariance = must_alloc(n * n * sizeof(double));
    for (int k = 0; k < f->r->count; k++)
        f->used[f->count++] = k;
    for (size_t k = 0; k < n * n; k++)
        f->r->covariance[k] = NAN;
    f->triangle = triangle_new(f->count);
    drop_dependent(f);
    f->r->df += 1 - f->count;
    if (f->count) {
        fit_coefficients(f);
        if (f->r->converged)
            put_coefficients(f, active, level);
    }
    triangle_free(f->triangle);
    free(f->used);
    free(f->b);
    free(f->x);
    free(f->score);
}

struct regression *regression_fit(struct vectors *v, const struct analysis *a, double level)
{
    struct regression *r = must_alloc(sizeof *r);
    bool *active = must_alloc((size_t)v->cluster_count);
    struct test_result count = test_count(v, active);
    r->n = count.n;
    r->n_psu = count.n_psu;
    r->df = count.df;
    struct fit f = {.v = v, .logistic = a->kind == MODEL_BINOMIAL, .r = r};
    if (add_columns(r, v, a) < 0) {
        regression_free(r);
        r = NULL;
    } else {
        fit_columns(&f, active, level);
    }
    free(active);
    return r;
}

void regression_free(struct regression *r)
{
    if (!r)
        return;
    free(r->columns);
    free(r->covariance);
    free(r);
}
