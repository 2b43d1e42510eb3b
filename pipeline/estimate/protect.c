/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/protect.h"

#include "base/text.h"
#include "estimate/disclosure.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const struct domain *domain; /* NULL: the whole */
    const char *value;
};
struct protection {
    const struct topic *topic;
    struct disclosure *cells; /* index as entries */
    struct entry *entries;
    int count, room;
    struct arena arena;
    bool primary;
    const struct clusters *clusters;
    bool *nested;      /* [fine * domains + coarse] */
    struct map coarse; /* coarse_key() -> a cluster that has both values */
};

struct protection *protection_new(const struct topic *t, const struct clusters *c, double least)
{
    struct protection *p = must_alloc(sizeof *p);
    p->topic = t;
    p->clusters = c;
    p->cells = disclosure_new(least);
    return p;
}

void protection_add(struct protection *p, const struct domain *d, const char *value, long n,
                    double estimate, bool primary, double need)
{
    GROW(p->entries, p->count, p->room);
    p->entries[p->count++] = (struct entry){d, arena_strdup(&p->arena, value)};
    disclosure_cell(p->cells, n, estimate, primary, need);
    p->primary |= primary;
}

/* ---- what adds up to what ----------------------------------------------------------------------
 */

static int factor_count(const struct domain *d)
{
    return !d ? 0 : d->factor_count ? d->factor_count : 1;
}

static int factor_of(const struct topic *t, const struct domain *d, int i)
{
    return d->factor_count ? d->factors[i] : (int)(d - t->domains);
}

/* The key of a fine value in p->coarse: "fine coarse value". */
static const char *coarse_key(struct buf *b, int fine, int coarse, const char *value)
{
    buf_clear(b);
    buf_printf(b, "%d %d %s", fine, coarse, value);
    return b->text;
}

/* Whether every value of one domain of the frame lies in one value of the other, which p->coarse
 * then finds. */
static bool find_nested(struct protection *p, int fine, int coarse)
{
    const struct clusters *c = p->clusters;
    const char *const *inner = c->attributes + (long)fine * c->count;
    const char *const *outer = c->attributes + (long)coarse * c->count;
    struct buf key = {0};
    bool nested = true;
    for (int i = 0; nested && i < c->count; i++) {
        if (!inner[i] || !outer[i])
            continue;
        coarse_key(&key, fine, coarse, inner[i]);
        long known = map_get(&p->coarse, key.text, -1);
        nested = known < 0 || strcmp(outer[known], outer[i]) == 0;
        map_put(&p->coarse, key.text, i);
    }
    buf_free(&key);
    return nested;
}

static void find_all_nested(struct protection *p)
{
    int n = p->topic->domain_count;
    p->nested = must_alloc((size_t)(n * n));
    for (int fine = 0; fine < n; fine++)
        for (int coarse = 0; coarse < n; coarse++)
            p->nested[fine * n + coarse] =
                fine == coarse ||
                (domain_of_psu(&p->topic->domains[fine]) &&
                 domain_of_psu(&p->topic->domains[coarse]) && find_nested(p, fine, coarse));
}

/* Where each factor of `lesser` can be had from those of `greater`; false when one cannot. */
static bool find_factors(const struct protection *p, const struct domain *lesser,
                         const struct domain *greater, int *places)
{
    const struct topic *t = p->topic;
    for (int i = 0; i < factor_count(lesser); i++) {
        int want = factor_of(t, lesser, i);
        places[i] = -1;
        for (int k = 0; k < factor_count(greater); k++) {
            int have = factor_of(t, greater, k);
            if (p->nested[have * t->domain_count + want] && (places[i] < 0 || have == want))
                places[i] = k;
        }
        if (places[i] < 0)
            return false;
    }
    return lesser != greater;
}

/* Appends the part of a value at a place, as the factor `want` has it. */
static void put_part(const struct protection *p, const struct domain *greater, const char *value,
                     int place, int want, struct buf *out)
{
    struct buf part = {0}, key = {0};
    const char *from = value;
    int have = factor_of(p->topic, greater, place);
    for (int k = 0; k < place; k++)
        from += strcspn(from, " ") + (from[strcspn(from, " ")] == ' ');
    buf_put(&part, from, factor_count(greater) == 1 ? strlen(from) : strcspn(from, " "));
    if (have != want) {
        long cluster = map_get(&p->coarse, coarse_key(&key, have, want, buf_text(&part)), -1);
        buf_clear(&part);
        if (cluster >= 0)
            buf_puts(&part, p->clusters->attributes[(long)want * p->clusters->count + cluster]);
    }
    buf_puts(out, buf_text(&part));
    buf_free(&part);
    buf_free(&key);
}

/* The value of the lesser domain that a value of the greater one is part of. */
static void project(const struct protection *p, const struct domain *lesser,
                    const struct domain *greater, const char *value, const int *places,
                    struct buf *out)
{
    buf_clear(out);
    for (int i = 0; i < factor_count(lesser); i++) {
        if (i)
            buf_puts(out, " ");
        put_part(p, greater, value, places[i], factor_of(p->topic, lesser, i), out);
    }
    if (!lesser)
        buf_puts(out, "all");
}

static void relate(struct protection *p, const struct domain *lesser, const struct domain *greater)
{
    int places[3], *parts = must_alloc((size_t)p->count * sizeof *parts);
    struct buf value = {0};
    bool related = find_factors(p, lesser, greater, places);
    for (int total = 0; related && total < p->count; total++) {
        int n = 0;
        if (p->entries[total].domain != lesser)
            continue;
        for (int i = 0; i < p->count; i++) {
            if (p->entries[i].domain != greater)
                continue;
            project(p, lesser, greater, p->entries[i].value, places, &value);
            if (strcmp(buf_text(&value), p->entries[total].value) == 0)
                parts[n++] = i;
        }
        if (n)
            disclosure_equation(p->cells, total, parts, n);
    }
    buf_free(&value);
    free(parts);
}

static void relate_all(struct protection *p)
{
    const struct topic *t = p->topic;
    find_all_nested(p);
    for (int g = 0; g < t->domain_count; g++) {
        relate(p, NULL, &t->domains[g]);
        for (int l = 0; l < t->domain_count; l++)
            relate(p, &t->domains[l], &t->domains[g]);
    }
}

/* ---- marks ------------------------------------------------------------------------------------
 */

static void run_for(struct query *q, const char *indicator, const struct entry *e)
{
    query_text(q, ":indicator", indicator);
    query_text(q, ":level", e->domain ? e->domain->name : "all");
    query_text(q, ":domain", e->value);
    query_run(q);
}

static int mark_cells(const struct protection *p, const char *indicator, struct store *results)
{
    struct query *mark[2], *cut;
    int secondary = 0;
    mark[0] = store_query(results, "UPDATE estimate SET mark = 's' WHERE indicator = :indicator AND"
                                   " level = :level AND domain = :domain");
    mark[1] = store_query(results, "UPDATE estimate SET mark = 'x' WHERE indicator = :indicator AND"
                                   " level = :level AND domain = :domain");
    cut = store_query(results, "DELETE FROM contrast WHERE indicator = :indicator AND"
                               " (level = :level AND :domain IN (domain_a, domain_b)"
                               " OR :domain = 'all' AND domain_b = 'all')");
    for (int i = 0; i < p->count; i++) {
        const struct disclosure_cell *c = &p->cells->cells[i];
        if (!c->hidden)
            continue;
        secondary += !c->primary;
        run_for(mark[c->primary], indicator, &p->entries[i]);
        run_for(cut, indicator, &p->entries[i]);
    }
    query_end(mark[0]);
    query_end(mark[1]);
    query_end(cut);
    return secondary;
}

int protection_end(struct protection *p, const char *indicator, struct store *results)
{
    int secondary = 0;
    if (p->primary) {
        relate_all(p);
        disclosure_protect(p->cells);
        secondary = mark_cells(p, indicator, results);
    }
    disclosure_free(p->cells);
    free(p->entries);
    free(p->nested);
    map_free(&p->coarse);
    arena_free(&p->arena);
    free(p);
    return secondary;
}
