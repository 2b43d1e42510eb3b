/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/margins.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct margins *margins_new(const struct topic *t, const struct clusters *c)
{
    struct margins *m = must_alloc(sizeof *m);
    m->topic = t;
    m->clusters = c;
    return m;
}

void margins_free(struct margins *m)
{
    if (!m)
        return;
    free(m->entries);
    free(m->sums);
    free(m->parts);
    free(m->nested);
    map_free(&m->by_name);
    map_free(&m->coarse);
    arena_free(&m->arena);
    free(m);
}

static const char *entry_name(struct buf *b, int domain, const char *value)
{
    buf_clear(b);
    buf_printf(b, "%d %s", domain, value);
    return b->text;
}

int margins_entry(struct margins *m, const struct domain *d, const char *value)
{
    struct buf name = {0};
    int domain = d ? (int)(d - m->topic->domains) : -1;
    if (map_add(&m->by_name, entry_name(&name, domain, value), m->count)) {
        GROW(m->entries, m->count, m->room);
        m->entries[m->count++] = (struct margin_entry){domain, arena_strdup(&m->arena, value)};
    }
    int at = (int)map_get(&m->by_name, name.text, -1);
    buf_free(&name);
    return at;
}

/* ---- factors ----------------------------------------------------------------------------------
 */

static int factor_count(const struct margins *m, int domain)
{
    if (domain < 0)
        return 0;
    return m->topic->domains[domain].factor_count ? m->topic->domains[domain].factor_count : 1;
}

static int factor_of(const struct margins *m, int domain, int i)
{
    const struct domain *d = &m->topic->domains[domain];
    return d->factor_count ? d->factors[i] : domain;
}

/* The key of a fine value in m->coarse: "fine coarse value". */
static const char *coarse_key(struct buf *b, int fine, int coarse, const char *value)
{
    buf_clear(b);
    buf_printf(b, "%d %d %s", fine, coarse, value);
    return b->text;
}

/* Whether every value of one domain of the frame lies in one value of the other, which m->coarse
 * then finds. */
static bool find_nested(struct margins *m, int fine, int coarse)
{
    const struct clusters *c = m->clusters;
    const char *const *inner = c->attributes + (long)fine * c->count;
    const char *const *outer = c->attributes + (long)coarse * c->count;
    struct buf key = {0};
    bool nested = true;
    for (int i = 0; nested && i < c->count; i++) {
        if (!inner[i] || !outer[i])
            continue;
        coarse_key(&key, fine, coarse, inner[i]);
        long known = map_get(&m->coarse, key.text, -1);
        nested = known < 0 || strcmp(outer[known], outer[i]) == 0;
        map_put(&m->coarse, key.text, i);
    }
    buf_free(&key);
    return nested;
}

static void find_all_nested(struct margins *m)
{
    int n = m->topic->domain_count;
    m->nested = must_alloc((size_t)(n * n) + 1);
    for (int fine = 0; fine < n; fine++)
        for (int coarse = 0; coarse < n; coarse++)
            m->nested[fine * n + coarse] =
                fine == coarse ||
                (domain_of_psu(&m->topic->domains[fine]) &&
                 domain_of_psu(&m->topic->domains[coarse]) && find_nested(m, fine, coarse));
}

/* Where each factor of `lesser` can be had from those of `greater`; false when one cannot. */
static bool find_factors(const struct margins *m, int lesser, int greater, int *places)
{
    for (int i = 0; i < factor_count(m, lesser); i++) {
        int want = factor_of(m, lesser, i);
        places[i] = -1;
        for (int k = 0; k < factor_count(m, greater); k++) {
            int have = factor_of(m, greater, k);
            if (m->nested[have * m->topic->domain_count + want] && (places[i] < 0 || have == want))
                places[i] = k;
        }
        if (places[i] < 0)
            return false;
    }
    return lesser != greater;
}

/* Appends the part of a value at a place, as the factor `want` has it. */
static void put_part(const struct margins *m, int greater, const char *value, int place, int want,
                     struct buf *out)
{
    struct buf part = {0}, key = {0};
    const char *from = value;
    int have = factor_of(m, greater, place);
    for (int k = 0; k < place; k++)
        from += strcspn(from, " ") + (from[strcspn(from, " ")] == ' ');
    buf_put(&part, from, factor_count(m, greater) == 1 ? strlen(from) : strcspn(from, " "));
    if (have != want) {
        long cluster = map_get(&m->coarse, coarse_key(&key, have, want, buf_text(&part)), -1);
        buf_clear(&part);
        if (cluster >= 0)
            buf_puts(&part, m->clusters->attributes[(long)want * m->clusters->count + cluster]);
    }
    buf_puts(out, buf_text(&part));
    buf_free(&part);
    buf_free(&key);
}

/* The entry of the lesser domain that a value of the greater one is part of; -1: none. */
static int project(const struct margins *m, int lesser, int greater, const char *value,
                   const int *places)
{
    struct buf whole = {0}, name = {0};
    for (int i = 0; i < factor_count(m, lesser); i++) {
        if (i)
            buf_puts(&whole, " ");
        put_part(m, greater, value, places[i], factor_of(m, lesser, i), &whole);
    }
    const char *text = lesser < 0 ? "all" : buf_text(&whole);
    int at = (int)map_get(&m->by_name, entry_name(&name, lesser, text), -1);
    buf_free(&whole);
    buf_free(&name);
    return at;
}

/* ---- sums -------------------------------------------------------------------------------------
 */

/* The sums of one pair of domains; total_of[entry]: the entry it is part of, -1. */
static void add_sums(struct margins *m, const int *total_of)
{
    int *sum_of = must_alloc((size_t)(m->count + 1) * sizeof *sum_of);
    int *size = must_alloc((size_t)(m->count + 1) * sizeof *size);
    for (int i = 0; i < m->count; i++)
        if (total_of[i] >= 0)
            size[total_of[i]]++;
    for (int total = 0; total < m->count; total++) {
        if (size[total] == 0)
            continue;
        GROW(m->sums, m->sum_count, m->sum_room);
        sum_of[total] = m->sum_count;
        m->sums[m->sum_count++] = (struct margin_sum){total, m->part_count, 0};
        for (int k = 0; k < size[total]; k++) {
            GROW(m->parts, m->part_count, m->part_room);
            m->parts[m->part_count++] = -1;
        }
    }
    for (int i = 0; i < m->count; i++)
        if (total_of[i] >= 0) {
            struct margin_sum *sum = &m->sums[sum_of[total_of[i]]];
            m->parts[sum->first + sum->count++] = i;
        }
    free(sum_of);
    free(size);
}

static void relate(struct margins *m, int lesser, int greater)
{
    int places[3], *total_of = must_alloc((size_t)(m->count + 1) * sizeof *total_of);
    bool related = find_factors(m, lesser, greater, places);
    for (int i = 0; related && i < m->count; i++)
        total_of[i] = m->entries[i].domain == greater
                          ? project(m, lesser, greater, m->entries[i].value, places)
                          : -1;
    if (related)
        add_sums(m, total_of);
    free(total_of);
}

void margins_find(struct margins *m)
{
    find_all_nested(m);
    for (int greater = 0; greater < m->topic->domain_count; greater++)
        for (int lesser = -1; lesser < m->topic->domain_count; lesser++)
            relate(m, lesser, greater);
}
