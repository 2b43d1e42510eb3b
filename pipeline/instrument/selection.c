/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/selection.h"

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MILLION = 1000000 };

static unsigned long long digest_number(const char *seed, const char *what)
{
    char hex[DIGEST_TEXT];
    struct buf text = {0};
    buf_printf(&text, "%s:%s", seed, what);
    digest_bytes(text.text, text.len, hex);
    buf_free(&text);
    hex[15] = '\0'; /* 60 bits: what 10^9 takes away from an even spread is below 1e-9 */
    return strtoull(hex, NULL, 16);
}

double selection_random(const char *seed, const char *what, int decimals)
{
    unsigned long long parts = 1;
    for (int i = 0; i < decimals; i++)
        parts *= 10;
    return (double)(1 + digest_number(seed, what) % (parts - 1)) / (double)parts;
}

/* ---- villages -------------------------------------------------------------------------------- */

int pps_probabilities(const double *sizes, int count, int n, double *p)
{
    int certain = 0, before = -1;
    for (int i = 0; i < count; i++)
        p[i] = n >= count;
    if (n >= count)
        return count;
    while (certain != before) {
        double total = 0;
        before = certain;
        for (int i = 0; i < count; i++)
            total += p[i] < 1 ? sizes[i] : 0;
        for (int i = 0; i < count; i++)
            if (p[i] < 1) {
                p[i] = fmin(1, (n - before) * sizes[i] / total);
                certain += p[i] == 1;
            }
    }
    return certain;
}

struct pps_draw pps_systematic(const double *sizes, const double *p, int count, int n,
                               double random, bool *selected)
{
    struct pps_draw d = {0};
    for (int i = 0; i < count; i++) {
        d.certain += p[i] == 1;
        d.total += p[i] < 1 ? sizes[i] : 0;
    }
    int wanted = n > count ? 0 : n - d.certain;
    d.interval = wanted > 0 ? d.total / wanted : 0;
    d.start = random * d.interval;
    d.drawn = d.certain;
    double sum = 0;
    long hits = 0; /* steps that the sum has reached */
    for (int i = 0; i < count; i++) {
        selected[i] = p[i] == 1;
        if (selected[i] || wanted <= 0)
            continue;
        sum += sizes[i];
        long reached = (long)floor(sum * wanted / d.total - random) + 1;
        selected[i] = reached > hits;
        d.drawn += selected[i];
        hits = reached;
    }
    return d;
}

/* ---- households -------------------------------------------------------------------------------
 */

long systematic_number(long random, int i, long size, int take)
{
    long long steps = (random + (long long)i * MILLION) * size, whole = (long long)take * MILLION;
    return (long)((steps + whole - 1) / whole);
}

long reserve_number(long random, int step, long size, int take)
{
    long behind = random + MILLION / 2;
    return systematic_number(behind <= MILLION ? behind : behind - MILLION, step, size, take);
}

struct ordered {
    unsigned long long key;
    int step;
};

static int by_key(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

void reserve_steps(const char *seed, const char *what, int take, int count, int *steps)
{
    struct ordered *all = must_alloc((size_t)take * sizeof *all);
    struct buf name = {0};
    for (int i = 0; i < take; i++) {
        buf_clear(&name);
        buf_printf(&name, "%s:%d", what, i + 1);
        all[i] = (struct ordered){digest_number(seed, name.text), i};
    }
    qsort(all, (size_t)take, sizeof *all, by_key);
    for (int i = 0; i < count; i++)
        steps[i] = all[i].step;
    buf_free(&name);
    free(all);
}

/* ---- how many ---------------------------------------------------------------------------------
 */

double sample_size(const struct precision *p, double *simple)
{
    double z = gsl_cdf_ugaussian_Pinv(0.5 + p->confidence / 2);
    double n = z * z * p->share * (1 - p->share) / (p->margin * p->margin);
    if (p->population > 0)
        n /= 1 + (n - 1) / p->population;
    *simple = n;
    return n * p->deff / p->response;
}
