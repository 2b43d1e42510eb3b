/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/sample.h"

#include "base/arena.h"
#include "estimate/calibration.h"
#include "estimate/moments.h"
#include "estimate/replicates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double ALL_TAKEN = 1e-7; /* a share left out below this is none, as in R */

static void *copy_of(const void *items, size_t size)
{
    void *copy = must_alloc(size);
    if (size)
        memcpy(copy, items, size);
    return copy;
}

struct sample *sample_begin(int unit_count, enum lonely lonely)
{
    struct sample *s = must_alloc(sizeof *s);
    s->unit_count = unit_count;
    s->lonely = lonely;
    return s;
}

void sample_add_stage(struct sample *s, const int *cluster, int cluster_count, const int *stratum,
                      int stratum_count, const int *parent, const double *population)
{
    struct stage *t = &s->stages[s->stage_count++];
    size_t clusters = (size_t)cluster_count, strata = (size_t)stratum_count;
    t->cluster_count = cluster_count;
    t->stratum_count = stratum_count;
    t->cluster = copy_of(cluster, (size_t)s->unit_count * sizeof *cluster);
    t->stratum = copy_of(stratum, clusters * sizeof *stratum);
    t->population = copy_of(population, clusters * sizeof *population);
    t->parent =
        parent ? copy_of(parent, strata * sizeof *parent) : must_alloc(strata * sizeof *t->parent);
    t->drawn = must_alloc(strata * sizeof *t->drawn);
    t->of_units = cluster_count == s->unit_count;
    for (int i = 0; i < s->unit_count; i++)
        t->of_units &= cluster[i] == i;
    for (int c = 0; c < cluster_count; c++)
        t->drawn[stratum[c]]++;
}

struct sample *sample_new(const int *stratum, int unit_count, int stratum_count,
                          const double *population, enum lonely lonely)
{
    struct sample *s = sample_begin(unit_count, lonely);
    int *cluster = must_alloc((size_t)unit_count * sizeof *cluster);
    double *of_cluster = must_alloc((size_t)unit_count * sizeof *of_cluster);
    for (int i = 0; i < unit_count; i++) {
        cluster[i] = i;
        of_cluster[i] = population ? population[stratum[i]] : INFINITY;
    }
    sample_add_stage(s, cluster, unit_count, stratum, stratum_count, NULL, of_cluster);
    free(cluster);
    free(of_cluster);
    return s;
}

void sample_free(struct sample *s)
{
    if (!s)
        return;
    for (int k = 0; k < s->stage_count; k++) {
        free(s->stages[k].cluster);
        free(s->stages[k].stratum);
        free(s->stages[k].parent);
        free(s->stages[k].drawn);
        free(s->stages[k].population);
    }
    calibration_free(s->calibration);
    replicates_free(s->replicates);
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

/* ---- the variance of one stage --------------------------------------------------------------- */

/* What one stratum brings together: a first pass sums z, a second the squared deviations. */
struct stratum_sums {
    struct sum z, squares;
    double mean;  /* of its clusters */
    int active;   /* clusters */
    bool not_all; /* some cluster has a share left out */
};

/* What one cluster of the stage before brings together; at the first stage there is one. */
struct parent_sums {
    struct sum variance;
    int strata, lonely;
};

static double left_out(const struct stage *t, int cluster)
{
    double all = t->population[cluster];
    return isinf(all) ? 1 : (all - t->drawn[t->stratum[cluster]]) / all;
}

/* Totals of z by cluster, and which have an active unit.  Of a stage whose clusters are the units
 * they are z and active themselves. */
struct cluster_totals {
    double *own;
    bool *own_present;
    const double *z;
    const bool *present;
};

static struct cluster_totals sum_clusters(const struct sample *s, const struct stage *t,
                                          const double *z, const bool *active)
{
    struct cluster_totals c = {.z = z, .present = active};
    if (t->of_units)
        return c;
    size_t count = (size_t)t->cluster_count;
    struct sum *totals = must_alloc(count * sizeof *totals);
    c.z = c.own = must_alloc(count * sizeof *c.own);
    c.present = c.own_present = must_alloc(count * sizeof *c.own_present);
    for (int i = 0; i < s->unit_count; i++)
        if (active[i]) {
            sum_add(&totals[t->cluster[i]], z[i]);
            c.own_present[t->cluster[i]] = true;
        }
    for (size_t k = 0; k < count; k++)
        c.own[k] = sum_value(&totals[k]);
    free(totals);
    return c;
}

/* The end of the run of clusters of one stratum that begins at c; most strata are one run. */
static int run_end(const struct stage *t, int c)
{
    int h = t->stratum[c];
    while (c < t->cluster_count && t->stratum[c] == h)
        c++;
    return c;
}

static void sum_strata(const struct stage *t, enum lonely lonely, const struct cluster_totals *of,
                       struct stratum_sums *sums)
{
    for (int c = 0, end; c < t->cluster_count; c = end) {
        struct stratum_sums h = sums[t->stratum[c]];
        end = run_end(t, c);
        for (int i = c; i < end; i++) {
            sum_add(&h.z, of->z[i]);
            h.active += of->present[i];
        }
        sums[t->stratum[c]] = h;
    }
    for (int h = 0; h < t->stratum_count; h++)
        if (t->drawn[h] > 1 || lonely != LONELY_ADJUST)
            sums[h].mean = sum_value(&sums[h].z) / t->drawn[h];
    for (int c = 0, end; c < t->cluster_count; c = end) {
        struct stratum_sums h = sums[t->stratum[c]];
        end = run_end(t, c);
        for (int i = c; h.active && i < end; i++) {
            double d = of->z[i] - h.mean, rest = left_out(t, i);
            sum_add(&h.squares, rest * d * d);
            h.not_all |= rest >= ALL_TAKEN;
        }
        sums[t->stratum[c]] = h;
    }
}

static void sum_parents(const struct stage *t, enum lonely lonely, const struct stratum_sums *sums,
                        struct parent_sums *parents)
{
    for (int h = 0; h < t->stratum_count; h++) {
        struct parent_sums *p = &parents[t->parent[h]];
        int n = t->drawn[h];
        if (sums[h].active == 0)
            continue;
        p->strata++;
        if (n == 1 && sums[h].not_all && (lonely == LONELY_FAIL || lonely == LONELY_AVERAGE))
            p->lonely++;
        else if (sums[h].not_all)
            sum_add(&p->variance, (n > 1 ? n / (n - 1.0) : 1) * sum_value(&sums[h].squares));
    }
}

/* NaN when not estimable. */
static double parent_variance(const struct parent_sums *p, enum lonely lonely)
{
    if (p->lonely && (lonely == LONELY_FAIL || p->lonely == p->strata))
        return NAN;
    double v = sum_value(&p->variance);
    return p->lonely ? v * p->strata / (p->strata - p->lonely) : v;
}

/* `share` is the product of the shares drawn, by cluster of the stage before. */
static double stage_variance(const struct sample *s, int k, const double *z, const bool *active,
                             const double *share)
{
    const struct stage *t = &s->stages[k];
    int parent_count = k ? s->stages[k - 1].cluster_count : 1;
    struct cluster_totals totals = sum_clusters(s, t, z, active);
    struct stratum_sums *sums = must_alloc((size_t)t->stratum_count * sizeof *sums);
    struct parent_sums *parents = must_alloc((size_t)parent_count * sizeof *parents);
    sum_strata(t, s->lonely, &totals, sums);
    sum_parents(t, s->lonely, sums, parents);
    struct sum all = {0};
    for (int p = 0; p < parent_count; p++)
        if (share[p] > 0 && parents[p].strata)
            sum_add(&all, share[p] * parent_variance(&parents[p], s->lonely));
    free(totals.own);
    free(totals.own_present);
    free(sums);
    free(parents);
    return sum_value(&all);
}

/* The product of the shares drawn up to and with a stage, by its clusters; frees `before`. */
static double *shares_drawn(const struct stage *t, double *before)
{
    double *share = must_alloc((size_t)t->cluster_count * sizeof *share);
    for (int c = 0; c < t->cluster_count; c++) {
        int h = t->stratum[c];
        share[c] = before[t->parent[h]] * t->drawn[h] / t->population[c];
    }
    free(before);
    return share;
}

static double design_variance(const struct sample *s, const double *z, const bool *active)
{
    double *share = must_alloc(sizeof *share);
    struct sum all = {0};
    *share = 1;
    for (int k = 0; k < s->stage_count; k++) {
        sum_add(&all, stage_variance(s, k, z, active, share));
        if (k + 1 < s->stage_count)
            share = shares_drawn(&s->stages[k], share);
    }
    free(share);
    return sum_value(&all);
}

double sample_variance(const struct sample *s, const double *z, const bool *active)
{
    if (s->replicates)
        return replicates_total_variance(s->replicates, z);
    if (!s->calibration)
        return design_variance(s, z, active);
    size_t n = (size_t)s->unit_count;
    double *residual = must_alloc(n * sizeof *residual);
    bool *everywhere = must_alloc(n * sizeof *everywhere);
    memset(everywhere, true, n);
    calibration_residuals(s->calibration, z, residual);
    double v = design_variance(s, residual, everywhere);
    free(residual);
    free(everywhere);
    return v;
}

/* ---- counting ------------------------------------------------------------------------------- */

void sample_count(const struct sample *s, const bool *active, int *psus, int *strata)
{
    const struct stage *t = &s->stages[0];
    bool *cluster_seen = must_alloc((size_t)t->cluster_count);
    bool *stratum_seen = must_alloc((size_t)t->stratum_count);
    *psus = *strata = 0;
    for (int i = 0; i < s->unit_count; i++)
        cluster_seen[t->cluster[i]] |= active[i];
    for (int c = 0; c < t->cluster_count; c++) {
        stratum_seen[t->stratum[c]] |= cluster_seen[c];
        *psus += cluster_seen[c];
    }
    for (int h = 0; h < t->stratum_count; h++)
        *strata += stratum_seen[h];
    free(cluster_seen);
    free(stratum_seen);
}

int sample_df(const struct sample *s, const bool *active)
{
    if (s->replicates)
        return replicates_df(s->replicates, active);
    int psus, strata;
    sample_count(s, active, &psus, &strata);
    return psus - strata;
}
