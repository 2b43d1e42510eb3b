/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/possible.h"

#include "base/arena.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

struct programme {
    const struct disclosure *d;
    glp_prob *lp;
    int *column; /* of each cell; 0: it is no unknown */
    int *cell;   /* of each column, from 1 */
    int count;
    double *low, *high; /* of each column, as far as seen */
};

static bool is_unknown(const struct disclosure_cell *c)
{
    return c->hidden && !c->measured;
}

/* None is unbounded: far above all is as good. */
static void add_columns(struct programme *p)
{
    double most = 1000 * p->d->least;
    for (int i = 0; i < p->d->cell_count; i++)
        most = fmax(most, 2 * (double)p->d->cells[i].n);
    for (int i = 0; i < p->d->cell_count; i++) {
        const struct disclosure_cell *c = &p->d->cells[i];
        if (!is_unknown(c))
            continue;
        int k = ++p->count;
        p->column[i] = k;
        p->cell[k] = i;
        p->low[k] = p->high[k] = (double)c->n;
        glp_add_cols(p->lp, 1);
        glp_set_col_bnds(p->lp, k, GLP_DB, 1, most);
    }
}

/* The unknown members of an equation, which come to what they are; others are known, unless they
 * are hidden sums, which leave it open. */
static void add_equation(struct programme *p, const struct disclosure_equation *e, int *columns,
                         double *coefficients)
{
    double right = 0;
    int n = 0;
    for (int i = 0; i < e->count; i++) {
        const struct disclosure_cell *c = &p->d->cells[e->cells[i]];
        if (c->hidden && c->measured)
            return;
        if (!p->column[e->cells[i]])
            continue;
        columns[++n] = p->column[e->cells[i]];
        coefficients[n] = e->coefficients ? e->coefficients[i] : i ? -1 : 1;
        right += coefficients[n] * (double)c->n;
    }
    if (n == 0)
        return;
    int row = glp_add_rows(p->lp, 1);
    glp_set_mat_row(p->lp, row, n, columns, coefficients);
    glp_set_row_bnds(p->lp, row, GLP_FX, right, right);
}

/* Those with an answer are not more than the cases. */
static void add_answers(struct programme *p, int cases, int answers)
{
    int k = p->column[answers];
    if (!k)
        return;
    if (p->column[cases]) {
        int row = glp_add_rows(p->lp, 1);
        glp_set_mat_row(p->lp, row, 2, (int[]){0, p->column[cases], k}, (double[]){0, 1, -1});
        glp_set_row_bnds(p->lp, row, GLP_LO, 0, 0);
    } else {
        double most = fmin(glp_get_col_ub(p->lp, k), (double)p->d->cells[cases].n);
        glp_set_col_bnds(p->lp, k, most > 1 ? GLP_DB : GLP_FX, 1, most);
    }
}

static void programme_begin(struct programme *p, const struct disclosure *d)
{
    size_t room = (size_t)d->cell_count + 2;
    int longest = 0;
    *p = (struct programme){.d = d,
                            .lp = glp_create_prob(),
                            .column = must_alloc(room * sizeof *p->column),
                            .cell = must_alloc(room * sizeof *p->cell),
                            .low = must_alloc(room * sizeof *p->low),
                            .high = must_alloc(room * sizeof *p->high)};
    glp_term_out(GLP_OFF);
    glp_set_obj_dir(p->lp, GLP_MAX);
    add_columns(p);
    for (int e = 0; e < d->equation_count; e++)
        longest = d->equations[e].count > longest ? d->equations[e].count : longest;
    int *columns = must_alloc((size_t)(longest + 1) * sizeof *columns);
    double *coefficients = must_alloc((size_t)(longest + 1) * sizeof *coefficients);
    for (int e = 0; e < d->equation_count; e++)
        add_equation(p, &d->equations[e], columns, coefficients);
    for (int i = 0; i < d->cell_count; i++)
        for (int f = d->cells[i].follower; f >= 0; f = d->followers[f].next)
            add_answers(p, i, d->followers[f].cell);
    free(columns);
    free(coefficients);
}

static void programme_end(struct programme *p)
{
    glp_delete_prob(p->lp);
    glp_free_env();
    free(p->column);
    free(p->cell);
    free(p->low);
    free(p->high);
}

/* To the corner that the objective leads to. */
static void go(struct programme *p)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    if (glp_simplex(p->lp, &how) != 0 || glp_get_status(p->lp) != GLP_OPT)
        return;
    for (int k = 1; k <= p->count; k++) {
        double x = glp_get_col_prim(p->lp, k);
        p->low[k] = fmin(p->low[k], x);
        p->high[k] = fmax(p->high[k], x);
    }
}

static bool is_doubtful(const struct programme *p, int k)
{
    const double rounding = 1e-6;
    const struct disclosure_cell *c = &p->d->cells[p->cell[k]];
    return p->high[k] - p->low[k] < 1 - rounding ||
           (!c->loose && p->high[k] < p->d->least - rounding);
}

/* Up and down for all doubtful ones at once, with weights that differ. */
static int look_around(struct programme *p)
{
    int doubtful = 0;
    for (int way = -1; way <= 1; way += 2) {
        for (int k = 1; k <= p->count; k++)
            glp_set_obj_coef(p->lp, k, is_doubtful(p, k) ? way * (1 + k * 7 % 5) : 0);
        go(p);
    }
    for (int k = 1; k <= p->count; k++) {
        doubtful += is_doubtful(p, k);
        glp_set_obj_coef(p->lp, k, 0);
    }
    return doubtful;
}

static void look_at(struct programme *p, int k)
{
    for (int way = 1; way >= -1 && is_doubtful(p, k); way -= 2) {
        glp_set_obj_coef(p->lp, k, way);
        go(p);
    }
    glp_set_obj_coef(p->lp, k, 0);
}

void possible_numbers(const struct disclosure *d, bool *exposed)
{
    struct programme p;
    programme_begin(&p, d);
    int doubtful = p.count, before;
    do {
        before = doubtful;
        doubtful = look_around(&p);
    } while (doubtful > 0 && doubtful < before);
    for (int k = 1; k <= p.count; k++) {
        if (is_doubtful(&p, k))
            look_at(&p, k);
        exposed[p.cell[k]] |= is_doubtful(&p, k);
    }
    programme_end(&p);
}
