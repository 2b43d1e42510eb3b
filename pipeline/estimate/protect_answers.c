/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/protect_private.h"

#include <stdlib.h>
#include <string.h>

/* The series that are functions of one question's answer.  Those with an answer are unknowns, even
 * where no indicator shows them. */
struct family {
    const struct question *question;
    int *series, count;
    int *answers; /* quantity of each answer; -1: no series counts it */
    int answer_count;
};

static struct family find_family(const struct protection *p, const struct question *q)
{
    struct family f = {.question = q,
                       .series = must_alloc((size_t)p->series_count * sizeof *f.series),
                       .answer_count = q->list->count + 1};
    for (int s = 0; s < p->series_count; s++)
        if (p->series[s].terms.question == q)
            f.series[f.count++] = s;
    f.answers = must_alloc((size_t)f.answer_count * sizeof *f.answers);
    return f;
}

static void family_free(struct family *f)
{
    free(f->series);
    free(f->answers);
}

/* Whether the series shows those with this answer, and nobody else. */
static bool is_answer(const struct series *s, int answer)
{
    for (int i = 0; i < s->terms.count; i++)
        if (s->terms.values[i] != (i == answer ? s->terms.scale : 0))
            return false;
    return s->says == SAYS_ANSWERS && s->terms.cases[answer];
}

/* The quantity of those with the answer; a new one, that nobody sees, when no series shows it. */
static void find_answer(struct protection *p, struct family *f, int answer)
{
    bool counted = false;
    f->answers[answer] = -1;
    for (int i = 0; i < f->count; i++) {
        const struct series *s = &p->series[f->series[i]];
        counted |= s->terms.cases[answer];
        if (is_answer(s, answer)) {
            f->answers[answer] = s->value;
            return;
        }
    }
    if (!counted)
        return;
    f->answers[answer] = protection_quantity(p, false);
    struct quantity *v = &p->quantities[f->answers[answer]];
    protection_begin_cells(p, v);
    for (int e = 0; e < p->margins->count; e++)
        for (int i = 0; i < f->count && v->cells[e] < 0; i++) {
            const struct series *s = &p->series[f->series[i]];
            if (!s->terms.cases[answer] || p->quantities[s->cases].cells[e] < 0)
                continue;
            v->cells[e] = disclosure_cell(p->cells, 0, 0, false, 0);
            p->cells->cells[v->cells[e]].hidden = p->cells->cells[v->cells[e]].unseen = true;
        }
}

/* Whether the quantity and entry has a cell that somebody may see. */
static bool is_seen(const struct protection *p, int cell)
{
    return cell >= 0 && !p->cells->cells[cell].unseen;
}

/* scale x total = sum of factor x those with the answer, in every entry: a sum of numbers of cases
 * where that is what it is. */
static void relate_terms(struct protection *p, const struct family *f, int total, int scale,
                         const int *factors)
{
    size_t most = (size_t)f->answer_count + 1;
    int *cells = must_alloc(most * sizeof *cells), *coefficients = must_alloc(most * sizeof *cells);
    for (int e = 0; e < p->margins->count; e++) {
        int n = 1;
        bool plain = scale == 1 && !p->quantities[total].measured;
        cells[0] = p->quantities[total].cells[e];
        coefficients[0] = scale;
        for (int k = 0; k < f->answer_count && cells[0] >= 0; k++) {
            int cell = f->answers[k] < 0 ? -1 : p->quantities[f->answers[k]].cells[e];
            if (cell < 0 || factors[k] == 0)
                continue;
            plain &= is_seen(p, cell) && factors[k] == 1;
            cells[n] = cell;
            coefficients[n++] = -factors[k];
        }
        if (cells[0] >= 0 && plain && n > 1)
            disclosure_equation(p->cells, cells[0], cells + 1, n - 1);
        else if (cells[0] >= 0)
            disclosure_relation(p->cells, cells, coefficients, n);
    }
    free(cells);
    free(coefficients);
}

/* Whether the cases of a quantity come to the total's. */
static bool adds_up(const struct protection *p, const struct quantity *v,
                    const struct margin_sum *sum)
{
    long n = 0;
    for (int k = 0; k < sum->count; k++) {
        int cell = v->cells[p->margins->parts[sum->first + k]];
        n += cell < 0 ? 0 : p->cells->cells[cell].n;
    }
    return v->cells[sum->total] >= 0 && p->cells->cells[v->cells[sum->total]].n == n;
}

/* An answer that no series shows adds up where the cases of a series that counts it do. */
static void relate_unseen(struct protection *p, const struct quantity *answer,
                          const struct quantity *cases)
{
    const struct margins *m = p->margins;
    size_t most = (size_t)m->count + 1;
    int *cells = must_alloc(most * sizeof *cells), *coefficients = must_alloc(most * sizeof *cells);
    for (int i = 0; i < m->sum_count; i++) {
        const struct margin_sum *sum = &m->sums[i];
        int n = 1;
        if (!adds_up(p, cases, sum) || answer->cells[sum->total] < 0)
            continue;
        cells[0] = answer->cells[sum->total];
        coefficients[0] = 1;
        for (int k = 0; k < sum->count; k++) {
            int cell = answer->cells[m->parts[sum->first + k]];
            if (cell < 0)
                continue;
            cells[n] = cell;
            coefficients[n++] = -1;
        }
        disclosure_relation(p->cells, cells, coefficients, n);
    }
    free(cells);
    free(coefficients);
}

/* ---- domains by the answers -------------------------------------------------------------------
 */

static int factor_count(const struct topic *t, int domain)
{
    return domain < 0 ? 0 : t->domains[domain].factor_count ? t->domains[domain].factor_count : 1;
}

static int factor_of(const struct topic *t, int domain, int i)
{
    return t->domains[domain].factor_count ? t->domains[domain].factors[i] : domain;
}

static bool is_by(const struct topic *t, int domain, const struct question *q)
{
    const struct domain *d = &t->domains[domain];
    return strcmp(d->source, "question") == 0 && !d->of && strcmp(d->column, q->name) == 0;
}

/* Where the greater domain has the question, when its other factors are those of the lesser, in
 * order; -1: it is not so. */
static int added_factor(const struct topic *t, int lesser, int greater, const struct question *q)
{
    int at = -1, i = 0;
    if (factor_count(t, greater) != factor_count(t, lesser) + 1)
        return -1;
    for (int k = 0; k < factor_count(t, greater); k++) {
        int factor = factor_of(t, greater, k);
        if (i < factor_count(t, lesser) && factor_of(t, lesser, i) == factor)
            i++;
        else if (at < 0 && is_by(t, factor, q))
            at = k;
        else
            return -1;
    }
    return at;
}

/* The answer that a value of the greater domain has in that place; -1: no choice of the list. */
static int answer_in(const struct topic *t, const struct question *q, const struct margin_entry *e,
                     int place)
{
    const char *from = e->value;
    for (int k = 0; k < place; k++)
        from += strcspn(from, " ") + (from[strcspn(from, " ")] == ' ');
    size_t n = factor_count(t, e->domain) == 1 ? strlen(from) : strcspn(from, " ");
    for (int c = 0; c < q->list->count; c++)
        if (strlen(q->list->choices[c].name) == n && !strncmp(q->list->choices[c].name, from, n))
            return c;
    return -1;
}

static void relate_same(struct protection *p, int cases, int answer)
{
    if (p->cells->cells[answer].unseen)
        disclosure_relation(p->cells, (int[]){cases, answer}, (int[]){1, -1}, 2);
    else if (cases != answer)
        disclosure_equation(p->cells, cases, &answer, 1);
}

/* The cases of a domain by the answer are those with the answer. */
static void relate_values(struct protection *p, const struct family *f, const struct series *s)
{
    const struct margins *m = p->margins;
    for (int i = 0; i < m->sum_count; i++) {
        const struct margin_sum *sum = &m->sums[i];
        for (int k = 0; k < sum->count; k++) {
            int part = m->parts[sum->first + k], cases = p->quantities[s->cases].cells[part];
            int place = added_factor(p->topic, m->entries[sum->total].domain,
                                     m->entries[part].domain, f->question);
            int answer =
                place < 0 ? -1 : answer_in(p->topic, f->question, &m->entries[part], place);
            if (answer < 0 || !s->terms.cases[answer] || cases < 0)
                continue;
            int with = p->quantities[f->answers[answer]].cells[sum->total];
            if (with >= 0)
                relate_same(p, cases, with);
        }
    }
}

/* ------------------------------------------------------------------------------------------- */

/* Whether a series before this one in the family has the same cases or value. */
static bool is_again(const struct protection *p, const struct family *f, int at, bool value)
{
    const struct series *s = &p->series[f->series[at]];
    for (int i = 0; i < at; i++) {
        const struct series *before = &p->series[f->series[i]];
        if (value ? before->value == s->value : before->cases == s->cases)
            return true;
    }
    return false;
}

static bool is_one_answer(const struct family *f, int quantity)
{
    for (int k = 0; k < f->answer_count; k++)
        if (f->answers[k] == quantity)
            return true;
    return false;
}

static void relate_cases(struct protection *p, const struct family *f, const struct series *s,
                         int seen)
{
    relate_terms(p, f, s->cases, 1, s->terms.cases);
    relate_values(p, f, s);
    for (int k = 0; k < f->answer_count; k++)
        if (f->answers[k] >= seen && s->terms.cases[k])
            relate_unseen(p, &p->quantities[f->answers[k]], &p->quantities[s->cases]);
}

static void relate_family(struct protection *p, const struct question *q)
{
    struct family f = find_family(p, q);
    int seen = p->quantity_count;
    for (int k = 0; k < f.answer_count; k++)
        find_answer(p, &f, k);
    for (int i = 0; i < f.count; i++) {
        const struct series *s = &p->series[f.series[i]];
        if (!is_again(p, &f, i, false))
            relate_cases(p, &f, s, seen);
        if (s->value >= 0 && s->value != s->cases && !is_one_answer(&f, s->value) &&
            !is_again(p, &f, i, true))
            relate_terms(p, &f, s->value, s->terms.scale, s->terms.values);
    }
    family_free(&f);
}

void protection_relate_answers(struct protection *p)
{
    for (int s = 0; s < p->series_count; s++) {
        const struct question *q = p->series[s].terms.question;
        bool first = q != NULL;
        for (int before = 0; before < s && first; before++)
            first = p->series[before].terms.question != q;
        if (first)
            relate_family(p, q);
    }
}
