/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/answers.h"

#include "estimate/memo.h"

#include <math.h>
#include <stdlib.h>

enum { SCALE_MOST = 1000000, VALUE_MOST = 1000000000 };

/* Whether the expression depends on nothing but one answer, which *q then is, or on nothing. */
static bool asks_only(struct memo *m, const struct question **q)
{
    int count;
    expr_references(m->expr, &count);
    if (count == 0)
        return true;
    if (!m->question || m->question->type != Q_SELECT_ONE || (*q && *q != m->question))
        return false;
    *q = m->question;
    return true;
}

/* The indicator's value for one record; NaN: it does not count the record. */
static double value_for(enum statistic s, struct memo *universe, struct memo *expression,
                        const struct record *record)
{
    struct outcome in = universe->expr ? memo_eval(universe, record) : (struct outcome){0};
    if (universe->expr && (in.unknown || !in.truth))
        return NAN;
    struct outcome o = memo_eval(expression, record);
    if (o.unknown || (s == STAT_SHARE && o.blank))
        return NAN;
    return s == STAT_SHARE ? o.truth : o.number;
}

/* values[list->count + 1]: by choice, and without an answer. */
static void evaluate(enum statistic s, struct memo *universe, struct memo *expression,
                     const struct level *l, const struct question *q, double *values)
{
    struct value *answers = must_alloc((size_t)l->form->question_count * sizeof *answers);
    struct record record = {.form = l->form, .repeat = l->repeat, .values = answers, .position = 1};
    for (int i = 0; i < l->form->question_count; i++)
        answers[i] = (struct value){NOT_ASKED, "", NAN};
    values[q->list->count] = value_for(s, universe, expression, &record);
    for (int c = 0; c < q->list->count; c++) {
        answers[q->index] = (struct value){VALUE_OK, q->list->choices[c].name, NAN};
        values[c] = value_for(s, universe, expression, &record);
    }
    free(answers);
}

/* The indicator's values by answer, allocated; NULL when it depends on more than one answer. */
static double *find_values(const struct level *l, const struct indicator *ind,
                           const struct question **q)
{
    struct memo expression, universe = {0};
    double *values = NULL;
    memo_begin(&expression, ind->expression, ind->expression_text, l->form, l->repeat);
    if (ind->universe)
        memo_begin(&universe, ind->universe, ind->universe_text, l->form, l->repeat);
    *q = NULL;
    bool alone = asks_only(&expression, q) && (!ind->universe || asks_only(&universe, q));
    if (alone && *q && (*q)->list && (*q)->repeat == l->repeat) {
        values = must_alloc((size_t)((*q)->list->count + 1) * sizeof *values);
        evaluate(ind->statistic, &universe, &expression, l, *q, values);
    }
    memo_end(&expression);
    memo_end(&universe);
    return values;
}

/* The least power of ten that makes all values whole; 0: none does. */
static int find_scale(const double *values, int count)
{
    for (int scale = 1; scale <= SCALE_MOST; scale *= 10) {
        bool whole = true;
        for (int i = 0; i < count && whole; i++) {
            double x = values[i] * scale;
            whole = isnan(x) || (fabs(x) < VALUE_MOST && fabs(x - round(x)) < 1e-9);
        }
        if (whole)
            return scale;
    }
    return 0;
}

bool answer_terms_find(const struct topic *t, const struct indicator *ind, struct answer_terms *out)
{
    bool adds =
        ind->statistic == STAT_SHARE || ind->statistic == STAT_TOTAL || ind->statistic == STAT_MEAN;
    *out = (struct answer_terms){0};
    double *values = adds ? find_values(&t->levels[ind->level], ind, &out->question) : NULL;
    if (!values) {
        out->question = NULL;
        return false;
    }
    out->count = out->question->list->count + 1;
    out->scale = find_scale(values, out->count);
    out->cases = must_alloc((size_t)out->count * sizeof *out->cases);
    out->values = must_alloc((size_t)out->count * sizeof *out->values);
    for (int i = 0; i < out->count && out->scale; i++) {
        out->cases[i] = !isnan(values[i]);
        out->values[i] = isnan(values[i]) ? 0 : (int)lround(values[i] * out->scale);
    }
    free(values);
    bool whole = out->scale > 0;
    if (!whole)
        answer_terms_free(out);
    return whole;
}

void answer_terms_free(struct answer_terms *a)
{
    free(a->cases);
    free(a->values);
    *a = (struct answer_terms){0};
}
