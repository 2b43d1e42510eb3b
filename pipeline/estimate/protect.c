/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/protect.h"

#include "base/text.h"
#include "estimate/protect_private.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct protection *protection_new(const struct topic *t, const struct level *l,
                                  const struct clusters *c, const struct quality *q)
{
    struct protection *p = must_alloc(sizeof *p);
    p->topic = t;
    p->level = l;
    p->quality = q;
    p->margins = margins_new(t, c);
    p->cells = disclosure_new(q->n_withhold);
    return p;
}

static void protection_free(struct protection *p)
{
    for (int s = 0; s < p->series_count; s++)
        answer_terms_free(&p->series[s].terms);
    for (int v = 0; v < p->quantity_count; v++)
        free(p->quantities[v].cells);
    disclosure_free(p->cells);
    margins_free(p->margins);
    map_free(&p->by_print);
    free(p->quantities);
    free(p->series);
    free(p->shown);
    free(p);
}

/* ---- quantities --------------------------------------------------------------------------------
 */

int protection_quantity(struct protection *p, bool measured)
{
    GROW(p->quantities, p->quantity_count, p->quantity_room);
    p->quantities[p->quantity_count] = (struct quantity){.measured = measured};
    return p->quantity_count++;
}

enum part { PART_CASES, PART_HITS, PART_SUM };

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u; /* splitmix64, one step a word */
    return hash ^ hash >> 29;
}

/* The quantity with these numbers in all cells that are not 0. */
static int quantity_of(struct protection *p, const struct tally_cells *cells, enum part part)
{
    uint64_t hash = 1;
    for (int i = 0; i < cells->layout->count; i++) {
        const struct sums *s = cell_sums_at(&cells->sums, i);
        double number = part == PART_CASES  ? s->value[SUM_N]
                        : part == PART_HITS ? s->lost[SUM_N]
                                            : s->value[SUM_WY];
        uint64_t word;
        if (number == 0)
            continue;
        memcpy(&word, &number, sizeof word);
        hash = mix(mix(hash, (uint64_t)i + 1), word);
    }
    struct buf name = {0};
    buf_printf(&name, "%c%016llx", part == PART_SUM ? 's' : 'n', (unsigned long long)hash);
    long known = map_get(&p->by_print, name.text, -1);
    int quantity = known >= 0 ? (int)known : protection_quantity(p, part == PART_SUM);
    map_put(&p->by_print, name.text, quantity);
    buf_free(&name);
    return quantity;
}

/* Whether all values are 0 or 1, so that sums are numbers of cases. */
static bool counts_answers(const struct tally_cells *cells)
{
    for (int i = 0; i < cells->layout->count; i++) {
        const struct sums *s = cell_sums_at(&cells->sums, i);
        if (s->value[SUM_WY] != s->value[SUM_WYY] || s->lost[SUM_WY] != s->lost[SUM_WYY])
            return false;
    }
    return true;
}

static enum says says_what(const struct indicator *ind, const struct tally_cells *cells)
{
    switch (ind->statistic) {
    case STAT_SHARE:
    case STAT_FGT:
        return SAYS_ANSWERS;
    case STAT_TOTAL:
    case STAT_MEAN:
        return counts_answers(cells) ? SAYS_ANSWERS : SAYS_SUM;
    default:
        return SAYS_NOTHING_MORE;
    }
}

void protection_begin(struct protection *p, const struct indicator *ind,
                      const struct tally_cells *cells)
{
    struct series s = {.indicator = ind, .says = says_what(ind, cells), .value = -1};
    s.cases = quantity_of(p, cells, PART_CASES);
    if (s.says != SAYS_NOTHING_MORE)
        s.value = quantity_of(p, cells, s.says == SAYS_ANSWERS ? PART_HITS : PART_SUM);
    answer_terms_find(p->topic, ind, &s.terms);
    GROW(p->series, p->series_count, p->series_room);
    p->series[p->series_count++] = s;
}

/* ---- estimates --------------------------------------------------------------------------------
 */

/* Whether one or two can be told by their answer: to have it, or, of a share, not to. */
static bool few_answers(const struct protection *p, const struct series *s, long n, long hits)
{
    double least = p->quality->n_withhold;
    bool others = s->indicator->statistic != STAT_FGT || s->indicator->power == 0;
    return s->says == SAYS_ANSWERS && quality_personal(p->quality, p->level) &&
           ((hits > 0 && (double)hits < least) ||
            (others && hits < n && (double)(n - hits) < least));
}

void protection_add(struct protection *p, const struct domain *d, const char *value,
                    const struct estimate *e, const struct protected_sums *sums)
{
    const struct series *s = &p->series[p->series_count - 1];
    if (!isfinite(e->value))
        return;
    struct shown x = {.series = p->series_count - 1,
                      .entry = margins_entry(p->margins, d, value),
                      .n = e->n,
                      .hits = sums->hits,
                      .sum = sums->sum,
                      .need = s->says == SAYS_SUM ? sums->need : 0,
                      .absent = sums->mark == 'x'};
    x.few = (double)e->n < p->quality->n_withhold && quality_confidential(p->quality, p->level);
    x.few_answers = few_answers(p, s, e->n, sums->hits);
    p->primary |= x.few || x.few_answers || x.need > 0;
    GROW(p->shown, p->shown_count, p->shown_room);
    p->shown[p->shown_count++] = x;
}

void protection_begin_cells(const struct protection *p, struct quantity *v)
{
    v->cells = must_alloc((size_t)p->margins->count * sizeof *v->cells);
    for (int e = 0; e < p->margins->count; e++)
        v->cells[e] = -1;
}

/* The cell of a quantity and entry, made when there is none; what several estimates show is absent,
 * or loose, when all of them say so. */
static int cell_at(struct protection *p, int quantity, int entry, long n, double sum, bool absent,
                   bool loose)
{
    struct quantity *v = &p->quantities[quantity];
    bool made = v->cells[entry] < 0;
    if (made)
        v->cells[entry] = disclosure_cell(p->cells, n, v->measured ? sum : (double)n, false, 0);
    struct disclosure_cell *c = &p->cells->cells[v->cells[entry]];
    c->measured = v->measured;
    c->value = v->measured && sum != 0 ? sum : c->value;
    c->absent = absent && (made || c->absent);
    c->loose = loose && (made || c->loose);
    return v->cells[entry];
}

static void make_primary(struct disclosure_cell *c, bool few, double need)
{
    c->primary |= few || need > 0;
    c->hidden |= c->primary && c->n > 0;
    c->need = fmax(c->need, need);
}

static void make_cells(struct protection *p)
{
    for (int v = 0; v < p->quantity_count; v++)
        protection_begin_cells(p, &p->quantities[v]);
    for (int i = 0; i < p->shown_count; i++) {
        const struct shown *x = &p->shown[i];
        const struct series *s = &p->series[x->series];
        int cases = cell_at(p, s->cases, x->entry, x->n, 0, false, false);
        make_primary(&p->cells->cells[cases], x->few, 0);
        if (s->value < 0)
            continue;
        long n = s->says == SAYS_ANSWERS ? x->hits : x->n;
        int value = cell_at(p, s->value, x->entry, n, x->sum, x->absent, true);
        make_primary(&p->cells->cells[value], x->few_answers, x->need);
        if (value != cases)
            disclosure_follow(p->cells, cases, value);
    }
}

/* ---- what adds up -----------------------------------------------------------------------------
 */

/* Each quantity over the domains. */
static void relate_domains(struct protection *p, int quantity)
{
    const struct margins *m = p->margins;
    const int *cells = p->quantities[quantity].cells;
    int *parts = must_alloc((size_t)m->count * sizeof *parts);
    for (int i = 0; i < m->sum_count; i++) {
        const struct margin_sum *sum = &m->sums[i];
        int n = 0;
        for (int k = 0; k < sum->count; k++)
            if (cells[m->parts[sum->first + k]] >= 0)
                parts[n++] = cells[m->parts[sum->first + k]];
        if (n && cells[sum->total] >= 0)
            disclosure_equation(p->cells, cells[sum->total], parts, n);
    }
    free(parts);
}

/* Cases = sum of those with each answer, where the answers exclude each other: series first ..
 * end - 1 are those of one question (with terms, protect_answers.c does it). */
static void relate_group(struct protection *p, int first, int end)
{
    const int *cases = p->quantities[p->series[first].cases].cells;
    int *parts = must_alloc((size_t)(end - first) * sizeof *parts);
    for (int e = 0; e < p->margins->count; e++) {
        int n = 0;
        for (int s = first; s < end; s++) {
            int cell = p->series[s].value < 0 ? -1 : p->quantities[p->series[s].value].cells[e];
            if (cell >= 0)
                parts[n++] = cell;
        }
        if (n && cases[e] >= 0)
            disclosure_equation(p->cells, cases[e], parts, n);
    }
    free(parts);
}

static void relate_groups(struct protection *p)
{
    for (int s = 0, end; s < p->series_count; s = end) {
        const char *group = p->series[s].indicator->group;
        for (end = s + 1; *group && end < p->series_count &&
                          strcmp(p->series[end].indicator->group, group) == 0;)
            end++;
        if (*group && !p->series[s].terms.question)
            relate_group(p, s, end);
    }
}

/* ---- marks ------------------------------------------------------------------------------------
 */

struct marking {
    struct query *mark, *cut;
};

/* What is withheld already keeps its mark. */
static struct marking marking_begin(struct store *results)
{
    return (struct marking){
        store_query(results,
                    "UPDATE estimate SET mark = CASE WHEN :primary = 1 OR mark = 'x' THEN 'x'"
                    " ELSE 's' END, n_hidden = :cases WHERE indicator = :indicator AND"
                    " level = :level AND domain = :domain"),
        store_query(results, "DELETE FROM contrast WHERE indicator = :indicator AND"
                             " (level = :level AND :domain IN (domain_a, domain_b)"
                             " OR :domain = 'all' AND domain_b = 'all')")};
}

static void run_for(const struct protection *p, struct query *q, const struct shown *x)
{
    const struct margin_entry *e = &p->margins->entries[x->entry];
    query_text(q, ":indicator", p->series[x->series].indicator->name);
    query_text(q, ":level", e->domain < 0 ? "all" : p->topic->domains[e->domain].name);
    query_text(q, ":domain", e->value);
    query_run(q);
}

static int mark_estimates(const struct protection *p, struct store *results)
{
    struct marking m = marking_begin(results);
    int secondary = 0;
    for (int i = 0; i < p->shown_count; i++) {
        const struct shown *x = &p->shown[i];
        const struct series *s = &p->series[x->series];
        bool few = p->cells->cells[p->quantities[s->cases].cells[x->entry]].hidden;
        bool told =
            s->value >= 0 && p->cells->cells[p->quantities[s->value].cells[x->entry]].hidden;
        bool primary = x->few || x->few_answers || x->need > 0;
        if (!few && !told)
            continue;
        query_long(m.mark, ":primary", primary);
        query_long(m.mark, ":cases", few);
        run_for(p, m.mark, x);
        run_for(p, m.cut, x);
        secondary += !primary;
    }
    query_end(m.mark);
    query_end(m.cut);
    return secondary;
}

int protection_end(struct protection *p, struct store *results)
{
    int secondary = 0;
    if (p->primary) {
        margins_find(p->margins);
        make_cells(p);
        for (int v = 0, count = p->quantity_count; v < count; v++)
            relate_domains(p, v);
        relate_groups(p);
        protection_relate_answers(p);
        disclosure_protect(p->cells);
        secondary = mark_estimates(p, results);
    }
    protection_free(p);
    return secondary;
}
