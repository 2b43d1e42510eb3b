/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/protect_private.h"

#include "base/text.h"

#include <string.h>

static const char *units_name(struct buf *b, uint64_t print)
{
    buf_clear(b);
    buf_printf(b, "%016llx", (unsigned long long)print);
    return b->text;
}

/* Of the numbers by unit of a group's cells; 0: all are 0. */
static uint64_t print_of(const struct tally_cells *cells, const struct cell_group *g, bool hits)
{
    uint64_t print = 0;
    for (int i = g->first; i < g->first + g->count; i++) {
        long n = hits ? cell_sums_hits(&cells->sums, i) : cell_sums_n(&cells->sums, i);
        if (n)
            print = protection_mix(protection_mix(print, (uint64_t)cells->layout->units[i] + 1),
                                   (uint64_t)n);
    }
    return print;
}

static bool is_by_answer(const struct domain *d)
{
    return d && strcmp(d->source, "question") == 0;
}

void protection_note_answers(struct protection *p, const struct tally_cells *cells, int quantity,
                             bool hits)
{
    struct buf name = {0};
    for (int k = 0; k < cells->layout->group_count; k++) {
        const struct cell_group *g = &cells->layout->groups[k];
        const struct domain *d = topic_domain(p->topic, g->domain);
        uint64_t print = print_of(cells, g, hits);
        if (print && strcmp(g->domain, "all") == 0)
            map_add(&p->by_units, units_name(&name, print), quantity);
        if (!print || hits || !is_by_answer(d))
            continue;
        GROW(p->answers, p->answer_count, p->answer_room);
        p->answers[p->answer_count++] = (struct answer_cases){
            quantity, (int)(d - p->topic->domains), arena_strdup(&p->arena, g->value), print};
    }
    buf_free(&name);
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

/* Where the greater domain has the answer, when its other factors are those of the lesser, in
 * order; -1: it is not so. */
static int added_factor(const struct topic *t, int lesser, int greater, int answer)
{
    int at = -1, i = 0;
    if (factor_count(t, greater) != factor_count(t, lesser) + 1)
        return -1;
    for (int k = 0; k < factor_count(t, greater); k++) {
        int factor = factor_of(t, greater, k);
        if (i < factor_count(t, lesser) && factor_of(t, lesser, i) == factor)
            i++;
        else if (at < 0 && factor == answer)
            at = k;
        else
            return -1;
    }
    return at;
}

/* Whether a value of a domain has the part in that place. */
static bool has_part(const struct topic *t, const struct margin_entry *e, int place,
                     const char *part)
{
    const char *from = e->value;
    for (int k = 0; k < place; k++)
        from += strcspn(from, " ") + (from[strcspn(from, " ")] == ' ');
    size_t n = factor_count(t, e->domain) == 1 ? strlen(from) : strcspn(from, " ");
    return strlen(part) == n && strncmp(part, from, n) == 0;
}

static void relate_answer(struct protection *p, const struct answer_cases *a, int with)
{
    const struct margins *m = p->margins;
    for (int i = 0; i < m->sum_count; i++) {
        const struct margin_sum *sum = &m->sums[i];
        int lesser = m->entries[sum->total].domain;
        int greater = m->entries[m->parts[sum->first]].domain;
        int place = added_factor(p->topic, lesser, greater, a->domain);
        int answer = p->quantities[with].cells[sum->total];
        for (int k = 0; k < sum->count && place >= 0 && answer >= 0; k++) {
            int part = m->parts[sum->first + k], cases = p->quantities[a->quantity].cells[part];
            if (cases < 0 || cases == answer ||
                !has_part(p->topic, &m->entries[part], place, a->value))
                continue;
            disclosure_equation(p->cells, cases, &answer, 1);
            if (p->cells->cells[answer].dear > p->cells->cells[cases].dear)
                p->cells->cells[cases].dear = p->cells->cells[answer].dear;
        }
    }
}

void protection_relate_answers(struct protection *p)
{
    struct buf name = {0};
    for (int i = 0; i < p->answer_count; i++) {
        const struct answer_cases *a = &p->answers[i];
        long with = map_get(&p->by_units, units_name(&name, a->print), -1);
        if (with >= 0)
            relate_answer(p, a, (int)with);
    }
    buf_free(&name);
}
