/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/weights.h"

#include "base/message.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int nonresponse_by_name(const char *name)
{
    if (!*name || strcmp(name, "psu") == 0)
        return NONRESPONSE_PSU;
    return strcmp(name, "none") == 0 ? NONRESPONSE_NONE : -1;
}

double unit_weight(double p1, double size, long drawn, long accepted, enum nonresponse n)
{
    if (accepted == 0)
        return 0;
    double p2 = (double)drawn < size ? (double)drawn / size : 1;
    double made_up = n == NONRESPONSE_PSU ? (double)drawn / (double)accepted : 1;
    return 1 / (p1 * p2) * made_up;
}

static void add_rows(struct weights *w, struct query *q)
{
    while (query_next(q)) {
        GROW(w->psus, w->count, w->room);
        w->psus[w->count++] = (struct psu){
            .code = arena_strdup(&w->arena, col_text(q, 0)),
            .name = arena_strdup(&w->arena, col_text(q, 1)),
            .county = arena_strdup(&w->arena, col_text(q, 2)),
            .stratum = arena_strdup(&w->arena, col_text(q, 3)),
            .n_sample = col_long(q, 4),
            .n_accepted = col_long(q, 5),
            .weight = col_double(q, 6),
            .stratum_psus = col_double(q, 7),
            .first_weight = col_double(q, 8),
        };
    }
    query_end(q);
}

void weights_add(struct weights *w, struct store *tally)
{
    add_rows(w, store_query(tally, "SELECT code, name, county, stratum, n_sample, n_accepted,"
                                   " weight, stratum_psus, 0.0 FROM psu ORDER BY code"));
}

static int compare_psus(const void *left, const void *right)
{
    const struct psu *a = left, *b = right;
    return strcmp(a->code, b->code);
}

void weights_sort(struct weights *w)
{
    if (w->count)
        qsort(w->psus, (size_t)w->count, sizeof *w->psus, compare_psus);
    for (int i = 0; i < w->count; i++)
        if (!map_add(&w->by_code, w->psus[i].code, i))
            die(CANNOT, "样本单位 %s 在两个县的汇总中都有。请检查各县资料是否放重",
                w->psus[i].code);
}

struct weights *weights_read(struct store *s)
{
    struct weights *w = must_alloc(sizeof *w);
    add_rows(w, store_query(s, "SELECT code, name, county, stratum, n_sample, n_accepted,"
                               " weight, stratum_psus, 1 / p1 FROM psu ORDER BY code"));
    weights_sort(w);
    return w;
}

void weights_free(struct weights *w)
{
    if (!w)
        return;
    free(w->psus);
    map_free(&w->by_code);
    arena_free(&w->arena);
    free(w);
}

const struct psu *weights_psu(const struct weights *w, const char *code)
{
    long i = map_get(&w->by_code, code, -1);
    return i < 0 ? NULL : &w->psus[i];
}
