/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/sample.h"

#include "base/arena.h"
#include "estimate/moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sample *sample_new(const int *stratum, int psu_count, int stratum_count,
                          const double *population, enum lonely lonely)
{
    struct sample *s = must_alloc(sizeof *s);
    s->psu_count = psu_count;
    s->stratum_count = stratum_count;
    s->lonely = lonely;
    s->stratum = must_alloc((size_t)psu_count * sizeof *s->stratum);
    s->drawn = must_alloc((size_t)stratum_count * sizeof *s->drawn);
    s->population = must_alloc((size_t)stratum_count * sizeof *s->population);
    for (int i = 0; i < psu_count; i++) {
        s->stratum[i] = stratum[i];
        s->drawn[stratum[i]]++;
    }
    for (int h = 0; h < stratum_count; h++)
        s->population[h] = population ? population[h] : INFINITY;
    return s;
}

void sample_free(struct sample *s)
{
    if (!s)
        return;
    free(s->stratum);
    free(s->drawn);
    free(s->population);
    free(s);
}

int lonely_policy(const char *name)
{
    static const char *const names[] = {"fail", "remove", "certainty", "adjust", "average"};
    for (int i = 0; i < 5; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return -1;
}

/* What one stratum brings together: a first pass sums z, a second the squared deviations. */
struct stratum_sums {
    struct sum z, squares;
    int active;
};

static void add_squares(const struct sample *s, const double *z, const bool *active,
                        struct stratum_sums *sums)
{
    for (int i = 0; i < s->psu_count; i++) {
        struct stratum_sums *h = &sums[s->stratum[i]];
        if (active[i]) {
            sum_add(&h->z, z[i]);
            h->active++;
        }
    }
    for (int i = 0; i < s->psu_count; i++) {
        int h = s->stratum[i];
        bool centred = s->drawn[h] > 1 || s->lonely != LONELY_ADJUST;
        double mean = centred ? sum_value(&sums[h].z) / s->drawn[h] : 0;
        double d = (active[i] ? z[i] : 0) - mean;
        sum_add(&sums[h].squares, d * d);
    }
}

double sample_variance(const struct sample *s, const double *z, const bool *active)
{
    struct stratum_sums *sums = must_alloc((size_t)s->stratum_count * sizeof *sums);
    add_squares(s, z, active, sums);
    struct sum total = {0};
    int strata = 0, lonely = 0;
    for (int h = 0; h < s->stratum_count; h++) {
        if (sums[h].active == 0)
            continue;
        int n = s->drawn[h];
        double rest = isinf(s->population[h]) ? 1 : (s->population[h] - n) / s->population[h];
        bool all_taken = rest < 1e-7;
        strata++;
        if (n == 1 && !all_taken && (s->lonely == LONELY_FAIL || s->lonely == LONELY_AVERAGE))
            lonely++;
        else if (!all_taken)
            sum_add(&total, rest * (n > 1 ? n / (n - 1.0) : 1) * sum_value(&sums[h].squares));
    }
    free(sums);
    if (lonely && (s->lonely == LONELY_FAIL || lonely == strata))
        return NAN;
    return lonely ? sum_value(&total) * strata / (strata - lonely) : sum_value(&total);
}

void sample_count(const struct sample *s, const bool *active, int *psus, int *strata)
{
    bool *seen = must_alloc((size_t)s->stratum_count);
    *psus = *strata = 0;
    for (int i = 0; i < s->psu_count; i++) {
        if (!active[i])
            continue;
        ++*psus;
        *strata += !seen[s->stratum[i]];
        seen[s->stratum[i]] = true;
    }
    free(seen);
}
