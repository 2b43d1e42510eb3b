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
    p->relations = relations_new();
    return p;
}

static void protection_free(struct protection *p)
{
    for (int v = 0; v < p->quantity_count; v++)
        free(p->quantities[v].cells);
    disclosure_free(p->cells);
    margins_free(p->margins);
    relations_free(p->relations);
    map_free(&p->by_print);
    map_free(&p->by_units);
    arena_free(&p->arena);
    free(p->answers);
    free(p->quantities);
    free(p->series);
    free(p->shown);
    free(p);
}

/* ---- quantities --------------------------------------------------------------------------------
 */

enum part { PART_CASES, PART_HITS, PART_SUM, PART_BASE };

static double number_of(const struct sums *s, enum part part)
{
    return part == PART_CASES  ? s->value[SUM_N]
           : part == PART_HITS ? s->lost[SUM_N]
           : part == PART_SUM  ? s[0].value[SUM_WY]
                               : s[1].value[SUM_WX];
}

/* The same with the records' weights; of PART_HITS where values are 0 or 1. */
static double weighted_of(const struct sums *s, enum part part)
{
    return part == PART_CASES  ? s[0].value[SUM_W]
           : part == PART_BASE ? s[1].value[SUM_WX]
                               : s[0].value[SUM_WY];
}

uint64_t protection_mix(uint64_t print, uint64_t word)
{
    print = (print ^ word) * 0x9e3779b97f4a7c15u; /* splitmix64, one step a word */
    return print ^ print >> 29;
}

/* Of the numbers in all cells that are not 0. */
static uint64_t print_of(const struct tally_cells *cells, enum part part)
{
    uint64_t print = 1;
    for (int i = 0; i < cells->layout->count; i++) {
        double number = number_of(cell_sums_at(&cells->sums, i), part);
        uint64_t word;
        if (number == 0)
            continue;
        memcpy(&word, &number, sizeof word);
        print = protection_mix(protection_mix(print, (uint64_t)i + 1), word);
    }
    return print;
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

static int column_of(struct protection *p, const struct tally_cells *cells, enum part part)
{
    if (part == PART_HITS && !counts_answers(cells))
        return -1;
    int column = relations_column(p->relations);
    for (int i = 0; i < cells->layout->count; i++)
        relations_put(p->relations, column, (uint64_t)i,
                      weighted_of(cell_sums_at(&cells->sums, i), part));
    return column;
}

/* The quantity with these numbers. */
static int quantity_of(struct protection *p, const struct tally_cells *cells, enum part part)
{
    bool measured = part == PART_SUM || part == PART_BASE;
    struct buf name = {0};
    buf_printf(&name, "%c%016llx", measured ? 's' : 'n', (unsigned long long)print_of(cells, part));
    if (map_add(&p->by_print, name.text, p->quantity_count)) {
        GROW(p->quantities, p->quantity_count, p->quantity_room);
        p->quantities[p->quantity_count++] = (struct quantity){.measured = measured, .column = -1};
        if (!measured)
            protection_note_answers(p, cells, p->quantity_count - 1, part == PART_HITS);
    }
    int quantity = (int)map_get(&p->by_print, name.text, -1);
    if (p->quantities[quantity].column < 0)
        p->quantities[quantity].column = column_of(p, cells, part);
    buf_free(&name);
    return quantity;
}

static enum says says_what(const struct protection *p, const struct indicator *ind,
                           const struct tally_cells *cells)
{
    switch (ind->statistic) {
    case STAT_SHARE:
    case STAT_FGT:
        return SAYS_ANSWERS;
    case STAT_TOTAL:
    case STAT_MEAN:
        return counts_answers(cells) ? SAYS_ANSWERS : SAYS_SUM;
    case STAT_RATIO:
        return quality_secret(p->quality, p->level) ? SAYS_SUM : SAYS_NOTHING_MORE;
    default:
        return SAYS_NOTHING_MORE;
    }
}

void protection_begin(struct protection *p, const struct indicator *ind,
                      const struct tally_cells *cells)
{
    struct series s = {.indicator = ind, .says = says_what(p, ind, cells), .value = -1, .base = -1};
    s.cases = quantity_of(p, cells, PART_CASES);
    if (s.says != SAYS_NOTHING_MORE)
        s.value = quantity_of(p, cells, s.says == SAYS_ANSWERS ? PART_HITS : PART_SUM);
    if (s.says == SAYS_SUM && ind->statistic == STAT_RATIO)
        s.base = quantity_of(p, cells, PART_BASE);
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

static bool is_primary(const struct shown *x)
{
    return x->few || x->few_answers || x->few_beyond || x->sums.value.need > 0 ||
           x->sums.base.need > 0;
}

/* A quantile, or the share of the poorest, with few cases above or below: their own values. */
static bool few_beyond(const struct protection *p, const struct indicator *ind, long n)
{
    double side = fmin(ind->quantile, 1 - ind->quantile);
    return ind->quantile > 0 && quality_personal(p->quality, p->level) &&
           (double)n * side < p->quality->n_withhold;
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
                      .sums = *sums};
    x.few = (double)e->n < p->quality->n_withhold && quality_confidential(p->quality, p->level);
    x.few_answers = few_answers(p, s, e->n, sums->hits);
    x.few_beyond = few_beyond(p, s->indicator, e->n);
    if (s->says != SAYS_SUM)
        x.sums.value = x.sums.base = (struct protected_sum){0};
    p->primary |= is_primary(&x);
    GROW(p->shown, p->shown_count, p->shown_room);
    p->shown[p->shown_count++] = x;
}

/* The cell of a quantity and entry, made when there is none; what several estimates show is absent,
 * or loose, when all of them say so.  Wholes are dear, most of all those of indicators with a name,
 * which reports cite. */
static struct disclosure_cell *cell_at(struct protection *p, int quantity, const struct shown *x,
                                       long n, double sum)
{
    struct quantity *v = &p->quantities[quantity];
    bool made = v->cells[x->entry] < 0;
    bool cases = quantity == p->series[x->series].cases;
    if (made)
        v->cells[x->entry] = disclosure_cell(p->cells, n, v->measured ? sum : (double)n, false, 0);
    struct disclosure_cell *c = &p->cells->cells[v->cells[x->entry]];
    c->measured = v->measured;
    c->absent = !cases && x->sums.mark == 'x' && (made || c->absent);
    c->loose = !cases && (made || c->loose);
    if (p->margins->entries[x->entry].domain < 0)
        c->dear = *p->series[x->series].indicator->group && c->dear < 2 ? 1 : 2;
    return c;
}

static void make_primary(struct disclosure_cell *c, bool few, double need)
{
    c->primary |= few || need > 0;
    c->hidden |= c->primary && c->n > 0;
    c->need = fmax(c->need, need);
}

/* The cells of one estimate. */
static void make_cells_of(struct protection *p, const struct shown *x)
{
    const struct series *s = &p->series[x->series];
    const struct protected_sum *value = &x->sums.value, *base = &x->sums.base;
    make_primary(cell_at(p, s->cases, x, x->n, 0), x->few, 0);
    if (s->value >= 0) {
        long n = s->says == SAYS_ANSWERS ? x->sums.hits : x->n;
        make_primary(cell_at(p, s->value, x, n, value->sum), x->few_answers, value->need);
    }
    if (s->base >= 0)
        make_primary(cell_at(p, s->base, x, x->n, base->sum), false, base->need);
    int cases = p->quantities[s->cases].cells[x->entry];
    for (int k = 0; k < 2; k++) {
        int quantity = k ? s->base : s->value;
        if (quantity >= 0 && quantity != s->cases)
            disclosure_follow(p->cells, cases, p->quantities[quantity].cells[x->entry]);
    }
}

static void make_cells(struct protection *p)
{
    for (int v = 0; v < p->quantity_count; v++) {
        int *cells = must_alloc((size_t)p->margins->count * sizeof *cells);
        for (int e = 0; e < p->margins->count; e++)
            cells[e] = -1;
        p->quantities[v].cells = cells;
    }
    for (int i = 0; i < p->shown_count; i++)
        make_cells_of(p, &p->shown[i]);
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

/* A linear relation in one entry: a sum of numbers of cases where that is what it is.  What has no
 * cell there is 0. */
static void relate_entry(struct protection *p, const struct relation *r, const int *quantities,
                         int entry)
{
    int *cells = must_alloc((size_t)r->count * sizeof *cells);
    int *coefficients = must_alloc((size_t)r->count * sizeof *coefficients);
    int n = 0, above = 0, below = 0, total = -1;
    bool plain = true;
    for (int k = 0; k < r->count; k++) {
        const struct quantity *q = &p->quantities[quantities[r->columns[k]]];
        if (q->cells[entry] < 0)
            continue;
        cells[n] = q->cells[entry];
        coefficients[n++] = r->coefficients[k];
        plain &= !q->measured && abs(r->coefficients[k]) == 1;
        above += r->coefficients[k] > 0;
        below += r->coefficients[k] < 0;
    }
    for (int k = 0; k < n && total < 0; k++)
        if (above == 1 ? coefficients[k] > 0 : below == 1 && coefficients[k] < 0)
            total = k;
    if (plain && total >= 0 && n > 1) {
        int first = cells[0];
        cells[0] = cells[total];
        cells[total] = first;
        disclosure_equation(p->cells, cells[0], cells + 1, n - 1);
    } else if (n > 1) {
        disclosure_relation(p->cells, cells, coefficients, n);
    }
    free(cells);
    free(coefficients);
}

static void relate_quantities(struct protection *p)
{
    int *quantities = must_alloc((size_t)(p->relations->column_count + 1) * sizeof *quantities);
    for (int v = 0; v < p->quantity_count; v++)
        if (p->quantities[v].column >= 0)
            quantities[p->quantities[v].column] = v;
    relations_find(p->relations);
    for (int i = 0; i < p->relations->count; i++)
        for (int e = 0; e < p->margins->count; e++)
            relate_entry(p, &p->relations->items[i], quantities, e);
    free(quantities);
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

static bool is_hidden(const struct protection *p, int quantity, int entry)
{
    return quantity >= 0 && p->cells->cells[p->quantities[quantity].cells[entry]].hidden;
}

static int mark_estimates(const struct protection *p, struct store *results)
{
    struct marking m = marking_begin(results);
    int secondary = 0;
    for (int i = 0; i < p->shown_count; i++) {
        const struct shown *x = &p->shown[i];
        const struct series *s = &p->series[x->series];
        bool few = is_hidden(p, s->cases, x->entry);
        if (!few && !x->few_beyond && !is_hidden(p, s->value, x->entry) &&
            !is_hidden(p, s->base, x->entry))
            continue;
        query_long(m.mark, ":primary", is_primary(x));
        query_long(m.mark, ":cases", few);
        run_for(p, m.mark, x);
        run_for(p, m.cut, x);
        secondary += !is_primary(x);
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
        for (int v = 0; v < p->quantity_count; v++)
            relate_domains(p, v);
        relate_quantities(p);
        protection_relate_answers(p);
        disclosure_protect(p->cells);
        secondary = mark_estimates(p, results);
    }
    protection_free(p);
    return secondary;
}
