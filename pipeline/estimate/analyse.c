/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/analyse.h"

#include "estimate/hypothesis.h"
#include "estimate/regression.h"
#include "estimate/scales.h"

#include <limits.h>
#include <math.h>

struct job {
    const struct topic *topic;
    const struct quality *quality;
    double level;
    struct query *test, *coefficient, *scale;
};

static const struct level *level_of(const struct job *j, const struct analysis *a)
{
    return &j->topic->levels[a->level];
}

/* The fewest cases of an answer to a variable. */
static long fewest_of(struct vectors *v, int which)
{
    double levels[GROUPS_MAX];
    long cases[GROUPS_MAX] = {0}, fewest = LONG_MAX;
    int count = vectors_levels(v, which, levels);
    for (int i = 0; count > 0 && i < v->cluster_count; i++) {
        int n;
        const double *row = vectors_rows(v, i, &n);
        for (; n-- > 0; row += v->width + 2)
            if (row[0] > 0)
                cases[level_place(levels, count, row[which + 2])] += (long)row[1];
    }
    for (int g = 0; g < count; g++)
        fewest = cases[g] < fewest ? cases[g] : fewest;
    return fewest;
}

/* The fewest cases behind one of the numbers: where units can be recognised, of a group whose mean
 * is compared, or of an answer that has a coefficient of its own; else all. */
static long cases_behind(const struct job *j, const struct analysis *a, struct vectors *v, long n)
{
    bool apart = a->kind != TEST_CHISQ && quality_confidential(j->quality, level_of(j, a));
    for (int i = 1; apart && i < a->variable_count; i++)
        if (a->variables[i].question) {
            long fewest = fewest_of(v, i);
            n = fewest < n ? fewest : n;
        }
    return n;
}

/* A relative error means nothing for numbers that may be about 0, as p and kappa. */
static const char *mark_of(const struct job *j, double value, long n)
{
    return isnan(value) ? "-" : (double)n < j->quality->n_withhold ? "x" : "";
}

static void put_test(struct job *j, const struct analysis *a, const struct test_result *r,
                     long behind)
{
    struct query *q = j->test;
    query_text_at(q, 1, a->name);
    query_text_at(q, 2, a->kind_name);
    long counts[] = {r->n, r->n_psu, r->df, r->rows, r->columns};
    for (int i = 0; i < 5; i++)
        query_long_at(q, 3 + i, counts[i]);
    double numbers[] = {r->estimate, r->se, r->t.low, r->t.high,   r->statistic, r->ndf,
                        r->ddf,      r->p,  r->chisq, r->chisq_df, r->chisq_p};
    for (int i = 0; i < 11; i++)
        query_double_at(q, 8 + i, numbers[i]);
    query_text_at(q, 19, level_of(j, a)->evidence);
    query_text_at(q, 20, mark_of(j, r->p, behind));
    query_run(q);
}

static void put_coefficient(struct job *j, const struct analysis *a, const struct regression *r,
                            int i, long behind)
{
    const struct coefficient *c = &r->columns[i];
    const struct question *question = a->variables[c->term].question;
    const struct choice *choice =
        c->term && question ? &question->list->choices[(int)c->value - 1] : NULL;
    struct query *q = j->coefficient;
    query_text_at(q, 1, a->name);
    query_long_at(q, 2, i);
    query_text_at(q, 3, a->kind_name);
    query_text_at(q, 4, c->term ? a->variables[c->term].name : "1");
    query_text_at(q, 5, choice ? choice->name : "");
    query_text_at(q, 6, choice ? choice->label : "");
    query_long_at(q, 7, r->n);
    query_long_at(q, 8, r->n_psu);
    query_long_at(q, 9, r->df);
    double numbers[] = {c->estimate, c->se, c->interval.low, c->interval.high, c->t, c->p};
    for (int k = 0; k < 6; k++)
        query_double_at(q, 10 + k, numbers[k]);
    query_text_at(q, 16, level_of(j, a)->evidence);
    query_text_at(q, 17, mark_of(j, c->estimate, behind));
    query_run(q);
}

static void put_model(struct job *j, const struct analysis *a, struct vectors *v)
{
    struct regression *r = regression_fit(v, a, j->level);
    if (!r)
        return;
    if (!r->converged)
        warning("模型 %s 不能估计：没有记录，或某个答案完全决定结果（分离）", a->name);
    long behind = cases_behind(j, a, v, r->n);
    for (int i = 0; i < r->count; i++) {
        if (r->converged && r->columns[i].aliased)
            warning("模型 %s：%s 由前面的自变量决定，没有系数", a->name,
                    r->columns[i].term ? a->variables[r->columns[i].term].name : "常数");
        put_coefficient(j, a, r, i, behind);
    }
    regression_free(r);
}

static void put_scale(struct job *j, const struct analysis *a, struct vectors *v)
{
    struct estimate e =
        a->kind == SCALE_ALPHA ? estimate_alpha(v, j->level) : estimate_kappa(v, j->level);
    struct query *q = j->scale;
    query_text_at(q, 1, a->name);
    query_text_at(q, 2, a->kind_name);
    query_long_at(q, 3, a->variable_count);
    query_long_at(q, 4, e.n);
    query_long_at(q, 5, e.n_psu);
    query_long_at(q, 6, e.df);
    double numbers[] = {e.value, e.se, e.t.low, e.t.high};
    for (int i = 0; i < 4; i++)
        query_double_at(q, 7 + i, numbers[i]);
    query_text_at(q, 11, level_of(j, a)->evidence);
    query_text_at(q, 12, mark_of(j, e.value, e.n));
    query_run(q);
}

static void put_test_of(struct job *j, const struct analysis *a, struct vectors *v)
{
    struct test_result r =
        a->kind == TEST_CHISQ    ? test_twoway(v)
        : a->kind == TEST_PAIRED ? test_paired(v, j->level)
        : a->kind == TEST_CONTRAST
            ? test_contrast(v, a->coefficients, a->variables[1].question->list->count, j->level)
            : test_groups(v, a->kind, j->level);
    if (a->kind == TEST_T && r.columns > 2)
        warning("检验 %s：%s 不止两组，t检验只比较两组，没有计算。请用 kruskal，或在 universe "
                "中只留两组",
                a->name, a->variables[1].name);
    else if (r.rows < 0 || r.columns < 0)
        warning("检验 %s：答案超过%d种，没有计算", a->name, GROUPS_MAX);
    put_test(j, a, &r, cases_behind(j, a, v, r.n));
}

void analyse_all(const struct topic *t, const struct tallies *tallies, const struct quality *q,
                 double level, struct store *results)
{
    struct job j = {.topic = t, .quality = q, .level = level};
    j.test = store_query(results, "INSERT INTO test VALUES"
                                  " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    j.coefficient = store_query(results, "INSERT INTO coefficient VALUES"
                                         " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    j.scale = store_query(results, "INSERT INTO scale VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < t->analysis_count; i++) {
        const struct analysis *a = &t->analyses[i];
        struct vectors *v = vectors_open(tallies, a);
        if (is_model(a->kind))
            put_model(&j, a, v);
        else if (is_scale(a->kind))
            put_scale(&j, a, v);
        else
            put_test_of(&j, a, v);
        vectors_close(v);
    }
    query_end(j.test);
    query_end(j.coefficient);
    query_end(j.scale);
}
