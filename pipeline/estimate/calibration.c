/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/calibration.h"

#include "base/arena.h"
#include "base/message.h"
#include "estimate/moments.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct calibration {
    struct auxiliaries a;
    int unit_count;
    int *row;
    double *d;
    long *n;
    /* After solving: */
    struct basis *basis;
    double *g; /* by row */
    bool rake;
};

/* Columns that span those of x and are orthonormal in weights d by row: sum d q q' = 1. */
struct basis {
    int rows, columns;
    double *q;      /* [column * rows + row] */
    double *totals; /* of the columns */
};

int calibration_by_name(const char *name)
{
    static const char *const names[] = {"none",   "poststratify", "rake",
                                        "raking", "linear",       "logit"};
    for (int i = 0; i < 6; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return *name ? -1 : CALIBRATE_NONE;
}

static double *copy_numbers(const double *numbers, int count)
{
    double *copy = must_alloc((size_t)count * sizeof *copy);
    if (count)
        memcpy(copy, numbers, (size_t)count * sizeof *copy);
    return copy;
}

struct calibration *calibration_new(const struct auxiliaries *a, const int *row, const double *d,
                                    const long *n, int unit_count)
{
    struct calibration *c = must_alloc(sizeof *c);
    c->a = *a;
    c->a.x = copy_numbers(a->x, a->row_count * a->column_count);
    c->a.totals = copy_numbers(a->totals, a->column_count);
    c->a.category = must_alloc((size_t)(a->row_count * a->margin_count) * sizeof *c->a.category);
    for (int i = 0; i < a->row_count * a->margin_count; i++)
        c->a.category[i] = a->category[i];
    c->unit_count = unit_count;
    c->d = copy_numbers(d, unit_count);
    c->row = must_alloc((size_t)unit_count * sizeof *c->row);
    c->n = must_alloc((size_t)unit_count * sizeof *c->n);
    for (int i = 0; i < unit_count; i++) {
        c->row[i] = row[i];
        c->n[i] = n[i];
    }
    return c;
}

static void basis_free(struct basis *b)
{
    if (!b)
        return;
    free(b->q);
    free(b->totals);
    free(b);
}

void calibration_free(struct calibration *c)
{
    if (!c)
        return;
    basis_free(c->basis);
    free(c->a.x);
    free(c->a.totals);
    free(c->a.category);
    free(c->d);
    free(c->row);
    free(c->n);
    free(c->g);
    free(c);
}

/* ---- the basis ------------------------------------------------------------------------------- */

static double dot(const double *a, const double *b, const double *d, int n)
{
    struct sum s = {0};
    for (int i = 0; i < n; i++)
        sum_add(&s, a[i] * b[i] * d[i]);
    return sum_value(&s);
}

/* Takes the columns before out of column k, twice, and its total along (Gram and Schmidt; twice
 * is enough: Giraud, Langou and Rozložník 2005).  Returns its length. */
static double orthogonalize(struct basis *b, int k, const double *d)
{
    double *v = b->q + (size_t)k * (size_t)b->rows;
    for (int pass = 0; pass < 2; pass++)
        for (int j = 0; j < k; j++) {
            const double *u = b->q + (size_t)j * (size_t)b->rows;
            double share = dot(u, v, d, b->rows);
            for (int i = 0; i < b->rows; i++)
                v[i] -= share * u[i];
            b->totals[k] -= share * b->totals[j];
        }
    return sqrt(dot(v, v, d, b->rows));
}

/* A column that follows from those before it is left out; its total must follow from theirs. */
static int add_column(struct basis *b, const struct auxiliaries *a, int column, const double *d)
{
    const double dependent = 1e-9, contradiction = 1e-6; /* relative */
    int k = b->columns;
    double *v = b->q + (size_t)k * (size_t)b->rows;
    for (int i = 0; i < b->rows; i++)
        v[i] = a->x[i * a->column_count + column];
    b->totals[k] = a->totals[column];
    double before = sqrt(dot(v, v, d, b->rows)), after = orthogonalize(b, k, d);
    if (after <= dependent * before) {
        if (fabs(b->totals[k]) <= contradiction * (1 + fabs(a->totals[column])))
            return 0;
        return error(before == 0 ? "margins 表：样本中没有%s，不能校准到它的总数%.15g。请合并类别"
                                 : "margins 表：%s的总数%.15g与其他各行的总数互相矛盾，请核对",
                     a->names[column], a->totals[column]);
    }
    for (int i = 0; i < b->rows; i++)
        v[i] /= after;
    b->totals[k] /= after;
    b->columns++;
    return 0;
}

static struct basis *make_basis(const struct auxiliaries *a, const double *d)
{
    struct basis *b = must_alloc(sizeof *b);
    b->rows = a->row_count;
    b->q = must_alloc((size_t)a->row_count * (size_t)a->column_count * sizeof *b->q);
    b->totals = must_alloc((size_t)a->column_count * sizeof *b->totals);
    int rc = 0;
    for (int k = 0; k < a->column_count; k++)
        rc |= add_column(b, a, k, d);
    if (rc == 0)
        return b;
    basis_free(b);
    return NULL;
}

/* ---- g --------------------------------------------------------------------------------------- */

/* F(u) - 1 and its derivative, as survey's cal.linear, cal.raking, cal.logit. */
static double distance(const struct calibration_rule *r, double u, double *slope)
{
    double f;
    if (r->method == CALIBRATE_LOGIT) {
        double l = r->low, h = r->high, a = (h - l) / ((h - 1) * (1 - l)), e = exp(a * u);
        double below = h - 1 + (1 - l) * e;
        *slope = e * (h - l) * (h - l) / (below * below);
        return (l * (h - 1) + h * (1 - l) * e) / below - 1;
    }
    bool exponential = r->method == CALIBRATE_RAKING || r->method == CALIBRATE_RAKE;
    f = exponential ? exp(u) : 1 + u;
    *slope = f < r->low || f > r->high ? 0 : exponential ? f : 1;
    return fmax(r->low, fmin(r->high, f)) - 1;
}

/* One Newton iteration's g and derivative by row at lambda. */
struct newton {
    const struct basis *basis;
    const double *d; /* by row */
    double *lambda, *step, *g, *slope, *misfit;
};

static bool evaluate(const struct calibration_rule *rule, struct newton *w)
{
    const struct basis *b = w->basis;
    bool finite = true;
    for (int i = 0; i < b->rows; i++) {
        double u = 0;
        for (int k = 0; k < b->columns; k++)
            u += b->q[(size_t)k * (size_t)b->rows + (size_t)i] * w->lambda[k];
        w->g[i] = 1 + distance(rule, u, &w->slope[i]);
        finite = finite && isfinite(w->g[i]) && isfinite(w->slope[i]);
    }
    for (int k = 0; k < b->columns; k++)
        w->misfit[k] = b->totals[k] - dot(b->q + (size_t)k * (size_t)b->rows, w->g, w->d, b->rows);
    return finite;
}

/* step = (sum d F' q q')^-1 misfit; by singular values, since cut weights may leave a direction
 * without any (R: MASS::ginv). */
static void solve_step(struct newton *w)
{
    const struct basis *b = w->basis;
    size_t p = (size_t)b->columns;
    gsl_matrix *m = gsl_matrix_alloc(p, p), *v = gsl_matrix_alloc(p, p);
    gsl_vector *s = gsl_vector_alloc(p), *work = gsl_vector_alloc(p);
    for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k <= j; k++) {
            struct sum sum = {0};
            for (size_t i = 0; i < (size_t)b->rows; i++)
                sum_add(&sum, b->q[j * (size_t)b->rows + i] * b->q[k * (size_t)b->rows + i] *
                                  w->d[i] * w->slope[i]);
            gsl_matrix_set(m, j, k, sum_value(&sum));
            gsl_matrix_set(m, k, j, sum_value(&sum));
        }
    gsl_linalg_SV_decomp(m, v, s, work);
    for (size_t k = 1; k < p; k++)
        if (gsl_vector_get(s, k) < 1e-12 * gsl_vector_get(s, 0))
            gsl_vector_set(s, k, 0);
    gsl_vector_view right = gsl_vector_view_array(w->misfit, p);
    gsl_vector_view step = gsl_vector_view_array(w->step, p);
    gsl_linalg_SV_solve(m, v, s, &right.vector, &step.vector);
    gsl_matrix_free(m);
    gsl_matrix_free(v);
    gsl_vector_free(s);
    gsl_vector_free(work);
}

/* |sum - total| / (1 + |total|) of a column of the auxiliaries. */
static double misfit_of(const struct auxiliaries *a, int column, const double *d, const double *g,
                        double *reached)
{
    struct sum s = {0};
    for (int i = 0; i < a->row_count; i++)
        sum_add(&s, a->x[i * a->column_count + column] * d[i] * g[i]);
    *reached = sum_value(&s);
    return fabs(*reached - a->totals[column]) / (1 + fabs(a->totals[column]));
}

static double worst_misfit(const struct auxiliaries *a, const double *d, const double *g)
{
    double worst = 0, reached;
    for (int k = 0; k < a->column_count; k++)
        worst = fmax(worst, misfit_of(a, k, d, g, &reached));
    return worst;
}

static int report_misfits(const struct auxiliaries *a, const struct calibration_rule *rule,
                          const double *d, const double *g)
{
    error("权数校准没有收敛（最多%d次迭代%s）。达不到总数的各行：", rule->iterations,
          isfinite(rule->low) || isfinite(rule->high) ? "，调整系数限定在界限内" : "");
    for (int k = 0; k < a->column_count; k++) {
        double reached;
        if (misfit_of(a, k, d, g, &reached) > rule->epsilon)
            error("margins 表：%s 应为%.15g，只能到%.15g", a->names[k], a->totals[k], reached);
    }
    return error("请核对总数，合并人数少的类别，或放宽 design 表的 calibration_bounds");
}

/* Newton's iteration, with halved steps where F or its derivative overflow, as survey's grake(). */
static int iterate(const struct auxiliaries *a, const struct calibration_rule *rule,
                   struct newton *w)
{
    int columns = w->basis->columns;
    evaluate(rule, w);
    for (int turn = 0; turn < rule->iterations; turn++) {
        solve_step(w);
        for (int k = 0; k < columns; k++)
            w->lambda[k] += w->step[k];
        while (!evaluate(rule, w) && turn < rule->iterations) {
            turn++;
            for (int k = 0; k < columns; k++) {
                w->step[k] /= 2;
                w->lambda[k] -= w->step[k];
            }
        }
        if (worst_misfit(a, w->d, w->g) < rule->epsilon)
            return 0;
    }
    return report_misfits(a, rule, w->d, w->g);
}

static double *sum_by_row(const struct calibration *c, const double *values)
{
    struct sum *sums = must_alloc((size_t)c->a.row_count * sizeof *sums);
    double *by_row = must_alloc((size_t)c->a.row_count * sizeof *by_row);
    for (int i = 0; i < c->unit_count; i++)
        sum_add(&sums[c->row[i]], values[i]);
    for (int r = 0; r < c->a.row_count; r++)
        by_row[r] = sum_value(&sums[r]);
    free(sums);
    return by_row;
}

static int solve(const struct calibration *c, const struct calibration_rule *rule,
                 const struct basis *b, const double *d, double *g)
{
    size_t p = (size_t)b->columns, n = (size_t)b->rows;
    double *numbers = must_alloc((3 * p + n) * sizeof *numbers);
    struct newton w = {.basis = b,
                       .d = d,
                       .lambda = numbers,
                       .step = numbers + p,
                       .misfit = numbers + 2 * p,
                       .slope = numbers + 3 * p,
                       .g = g};
    int rc = iterate(&c->a, rule, &w);
    free(numbers);
    return rc;
}

int calibration_solve_for(const struct calibration *c, const struct calibration_rule *rule,
                          const double *d, double *g)
{
    double *by_row = sum_by_row(c, d);
    struct basis *b = make_basis(&c->a, by_row);
    int rc = b ? solve(c, rule, b, by_row, g) : -1;
    basis_free(b);
    free(by_row);
    return rc;
}

int calibration_solve(struct calibration *c, const struct calibration_rule *rule, double *g)
{
    double *by_row = sum_by_row(c, c->d);
    c->basis = make_basis(&c->a, by_row);
    c->rake = rule->method == CALIBRATE_RAKE;
    int rc = c->basis ? solve(c, rule, c->basis, by_row, g) : -1;
    free(by_row);
    if (rc == 0)
        c->g = copy_numbers(g, c->a.row_count);
    return rc;
}

/* ---- residuals ------------------------------------------------------------------------------- */

static void regression_residuals(const struct calibration *c, const double *z, double *residual)
{
    const struct basis *b = c->basis;
    double *per_g = must_alloc((size_t)c->unit_count * sizeof *per_g);
    for (int i = 0; i < c->unit_count; i++)
        per_g[i] = z[i] == 0 ? 0 : z[i] / c->g[c->row[i]];
    double *by_row = sum_by_row(c, per_g);
    double *fitted = must_alloc((size_t)b->rows * sizeof *fitted);
    for (int k = 0; k < b->columns; k++) {
        const double *q = b->q + (size_t)k * (size_t)b->rows;
        struct sum s = {0};
        for (int i = 0; i < b->rows; i++)
            sum_add(&s, q[i] * by_row[i]);
        for (int i = 0; i < b->rows; i++)
            fitted[i] += sum_value(&s) * q[i];
    }
    for (int i = 0; i < c->unit_count; i++)
        residual[i] = z[i] - c->d[i] * c->g[c->row[i]] * fitted[c->row[i]];
    free(per_g);
    free(by_row);
    free(fitted);
}

/* The records of a unit under rake() have one weight; z/w summed over them is z n / (d g). */
static void rake_margin(const struct calibration *c, int margin, double *residual)
{
    int rows = c->a.row_count, margins = c->a.margin_count;
    struct sum *means = must_alloc((size_t)rows * sizeof *means);
    double *n = must_alloc((size_t)rows * sizeof *n);
    for (int i = 0; i < c->unit_count; i++) {
        int category = c->a.category[c->row[i] * margins + margin];
        double w = c->d[i] * c->g[c->row[i]];
        sum_add(&means[category], w == 0 ? 0 : residual[i] * (double)c->n[i] / w);
        n[category] += (double)c->n[i];
    }
    for (int i = 0; i < c->unit_count; i++) {
        int category = c->a.category[c->row[i] * margins + margin];
        residual[i] -= c->d[i] * c->g[c->row[i]] * sum_value(&means[category]) / n[category];
    }
    free(means);
    free(n);
}

void calibration_residuals(const struct calibration *c, const double *z, double *residual)
{
    enum { ROUNDS = 10 };
    if (!c->rake) {
        regression_residuals(c, z, residual);
        return;
    }
    memcpy(residual, z, (size_t)c->unit_count * sizeof *residual);
    for (int round = 0; round < ROUNDS; round++)
        for (int m = 0; m < c->a.margin_count; m++)
            rake_margin(c, m, residual);
}
