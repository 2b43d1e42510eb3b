/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/replicates.h"

#include "base/arena.h"
#include "base/message.h"
#include "estimate/hadamard.h"
#include "estimate/moments.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CACHED_DFS = 64 };

/* Degrees of freedom of the domains met lately, by a hash of their active units. */
struct df_cache {
    unsigned long hash[CACHED_DFS];
    int df[CACHED_DFS], next;
};

int replicate_type_by_name(const char *name)
{
    static const char *const names[] = {
        "JK1", "JKn", "BRR", "Fay", "bootstrap", "JK2", "ACS", "successive-difference", "other"};
    for (int i = 0; i < 9; i++)
        if (strcmp(name, names[i]) == 0)
            return REPLICATE_JK1 + i;
    return -1;
}

static struct replicates *new_replicates(int unit_count, int count, const struct replicate_plan *p)
{
    struct replicates *r = must_alloc(sizeof *r);
    r->unit_count = unit_count;
    r->count = count;
    r->scale = 1;
    r->mse = p->mse;
    r->rscales = must_alloc((size_t)count * sizeof *r->rscales);
    r->weight = must_alloc((size_t)unit_count * sizeof *r->weight);
    r->row = must_alloc((size_t)unit_count * sizeof *r->row);
    r->cache = must_alloc(sizeof *r->cache);
    for (int k = 0; k < count; k++)
        r->rscales[k] = 1;
    for (int i = 0; i < unit_count; i++)
        r->weight[i] = 1;
    for (int i = 0; i < CACHED_DFS; i++)
        r->cache->df[i] = -1;
    return r;
}

void replicates_free(struct replicates *r)
{
    if (!r)
        return;
    free(r->rscales);
    free(r->weight);
    free(r->row);
    free(r->multiplier);
    free(r->left_out);
    free(r->ratio);
    free(r->ratio_row);
    free(r->cache);
    free(r);
}

/* ---- jackknife ------------------------------------------------------------------------------- */

static double share_left(const struct stage *t, int psu)
{
    double n = t->drawn[t->stratum[psu]], all = t->population[psu];
    return isinf(all) ? 1 : (all - n) / all;
}

/* Adds the replicates of one PSU: none when its stratum was taken whole or is lonely. */
static void jackknife_psu(struct replicates *r, const struct stage *t, int psu, enum lonely lonely)
{
    int h = t->stratum[psu], n = t->drawn[h];
    double left = share_left(t, psu);
    if (left == 0 || (n == 1 && lonely != LONELY_ADJUST))
        return;
    double strata = t->stratum_count;
    r->left_out[r->count] = n > 1 ? psu : -1 - h;
    r->rscales[r->count++] = n > 1 ? left * (n - 1) / n : (strata - 1) / strata;
}

static struct replicates *jackknife(const struct sample *s, const struct replicate_plan *plan)
{
    const struct stage *t = &s->stages[0];
    struct replicates *r = new_replicates(s->unit_count, t->cluster_count, plan);
    r->left_out = must_alloc((size_t)t->cluster_count * sizeof *r->left_out);
    r->stage = t;
    r->row_count = t->cluster_count;
    r->count = 0;
    int rc = 0;
    if (plan->type == REPLICATE_JK1 && t->stratum_count > 1)
        rc = error("JK1 不能用于分层的样本。请在 design 表把 replicates 改为 JKn");
    for (int h = 0; h < t->stratum_count; h++)
        if (t->drawn[h] == 1 && s->lonely == LONELY_FAIL)
            rc = error("有一层只有一个样本单位，刀切法不能用。请合并层，或写明 lonely_psu");
    for (int i = 0; i < s->unit_count; i++)
        r->row[i] = t->cluster[i];
    for (int psu = 0; psu < t->cluster_count; psu++)
        jackknife_psu(r, t, psu, s->lonely);
    if (s->lonely == LONELY_AVERAGE && r->count)
        r->scale = (double)t->cluster_count / r->count;
    if (rc == 0)
        return r;
    replicates_free(r);
    return NULL;
}

static double jackknife_multiplier(const struct replicates *r, int psu, int k)
{
    int out = r->left_out[k], h = r->stage->stratum[psu];
    if (out < 0) {
        double strata = r->stage->stratum_count;
        return h == -1 - out ? 0 : strata / (strata - 1);
    }
    double n = r->stage->drawn[h];
    return psu == out ? 0 : h == r->stage->stratum[out] ? n / (n - 1) : 1;
}

/* All replicates in one pass: the whole, what the stratum gains, what the PSU loses. */
static void jackknife_sums(const struct replicates *r, const double *t, double *sums)
{
    const struct stage *stage = r->stage;
    struct sum whole = {0};
    struct sum *psus = must_alloc((size_t)stage->cluster_count * sizeof *psus);
    struct sum *strata = must_alloc((size_t)stage->stratum_count * sizeof *strata);
    for (int i = 0; i < r->unit_count; i++)
        sum_add(&psus[r->row[i]], t[i]);
    for (int c = 0; c < stage->cluster_count; c++) {
        sum_add(&strata[stage->stratum[c]], sum_value(&psus[c]));
        sum_add(&whole, sum_value(&psus[c]));
    }
    double all = sum_value(&whole);
    for (int k = 0; k < r->count; k++) {
        int out = r->left_out[k], h = out < 0 ? -1 - out : stage->stratum[out];
        double n = stage->drawn[h], count = stage->stratum_count;
        if (out < 0)
            sums[k] = (all - sum_value(&strata[h])) * count / (count - 1);
        else
            sums[k] = all + (sum_value(&strata[h]) - n * sum_value(&psus[out])) / (n - 1);
    }
    free(psus);
    free(strata);
}

/* ---- balanced half-samples ------------------------------------------------------------------- */

/* The pair of each PSU and whether it is the second of it.  Returns the number of pairs, or -1.
 * Pairs of the strata with many PSUs come first, as in R. */
static int make_pairs(const struct stage *t, int *pair, bool *second)
{
    int *seen = must_alloc((size_t)t->stratum_count * sizeof *seen);
    int *first = must_alloc((size_t)t->stratum_count * sizeof *first);
    int pairs = 0;
    for (int large = 1; large >= 0 && pairs >= 0; large--)
        for (int h = 0; h < t->stratum_count && pairs >= 0; h++) {
            if ((t->drawn[h] > 2) != large)
                continue;
            first[h] = pairs;
            pairs = t->drawn[h] % 2 ? -1 : pairs + t->drawn[h] / 2;
        }
    for (int c = 0; c < t->cluster_count && pairs >= 0; c++) {
        int h = t->stratum[c], nth = seen[h]++;
        pair[c] = first[h] + nth / 2;
        second[c] = nth % 2;
    }
    free(seen);
    free(first);
    if (pairs < 0)
        return error("平衡半样本（BRR）要求各层的样本单位是偶数个。请改用 JKn 或 bootstrap");
    return pairs;
}

static struct replicates *half_samples(const struct sample *s, const struct replicate_plan *plan)
{
    const struct stage *t = &s->stages[0];
    int *pair = must_alloc((size_t)t->cluster_count * sizeof *pair), size = 0;
    bool *second = must_alloc((size_t)t->cluster_count);
    int pairs = make_pairs(t, pair, second);
    unsigned char *h = pairs < 0 ? NULL : hadamard_matrix(pairs, &size);
    struct replicates *r = h ? new_replicates(s->unit_count, size, plan) : NULL;
    double rho = plan->type == REPLICATE_FAY ? plan->rho : 0;
    if (pairs >= 0 && !h)
        error("层太多，没有那么大的平衡半样本。请改用 JKn 或 bootstrap");
    if (r) {
        r->row_count = t->cluster_count;
        r->scale = 1 / (size * (1 - rho) * (1 - rho));
        r->multiplier = must_alloc((size_t)t->cluster_count * (size_t)size * sizeof(double));
        for (int c = 0; c < t->cluster_count; c++)
            for (int k = 0; k < size; k++)
                r->multiplier[c * size + k] =
                    (h[(1 + pair[c]) * size + k] != 0) != second[c] ? 2 - rho : rho;
        for (int i = 0; i < s->unit_count; i++)
            r->row[i] = t->cluster[i];
    }
    free(pair);
    free(second);
    free(h);
    return r;
}

/* ---- bootstrap ------------------------------------------------------------------------------- */

static const gsl_rng_type *generator_by_name(const char *name)
{
    for (const gsl_rng_type **t = gsl_rng_types_setup(); *t; t++)
        if (strcmp((*t)->name, name) == 0)
            return *t;
    error("design 表的 generator 是“%s”，不是 GSL 的随机数发生器。请写 mt19937", name);
    return NULL;
}

static void draw_stratum(struct replicates *r, const int *psus, int n, gsl_rng *rng)
{
    double once = n / (n - 1.0);
    for (int k = 0; k < r->count; k++) {
        int *times = must_alloc((size_t)n * sizeof *times);
        for (int draw = 0; draw < n - 1; draw++)
            times[gsl_rng_uniform_int(rng, (unsigned long)n)]++;
        for (int i = 0; i < n; i++)
            r->multiplier[psus[i] * r->count + k] = n == 1 ? 1 : times[i] * once;
        free(times);
    }
}

static struct replicates *bootstrap(const struct sample *s, const struct replicate_plan *plan)
{
    const struct stage *t = &s->stages[0];
    const gsl_rng_type *type = generator_by_name(plan->generator);
    if (!type)
        return NULL;
    for (int h = 0; h < t->stratum_count; h++)
        if (t->drawn[h] == 1 && s->lonely != LONELY_REMOVE && s->lonely != LONELY_CERTAINTY) {
            error("有一层只有一个样本单位，自助法不能用。请合并层，或写明 lonely_psu 为 remove");
            return NULL;
        }
    gsl_rng *rng = gsl_rng_alloc(type);
    gsl_rng_set(rng, plan->seed);
    struct replicates *r = new_replicates(s->unit_count, plan->count, plan);
    r->row_count = t->cluster_count;
    r->scale = 1 / (plan->count - 1.0);
    r->multiplier = must_alloc((size_t)t->cluster_count * (size_t)plan->count * sizeof(double));
    int *psus = must_alloc((size_t)t->cluster_count * sizeof *psus);
    for (int h = 0; h < t->stratum_count; h++) {
        int n = 0;
        for (int c = 0; c < t->cluster_count; c++)
            if (t->stratum[c] == h)
                psus[n++] = c;
        draw_stratum(r, psus, n, rng);
    }
    for (int i = 0; i < s->unit_count; i++)
        r->row[i] = t->cluster[i];
    free(psus);
    gsl_rng_free(rng);
    return r;
}

struct replicates *replicates_make(const struct sample *s, const struct replicate_plan *plan)
{
    switch (plan->type) {
    case REPLICATE_JK1:
    case REPLICATE_JKN:
        return jackknife(s, plan);
    case REPLICATE_BRR:
    case REPLICATE_FAY:
        return half_samples(s, plan);
    case REPLICATE_BOOTSTRAP:
        return bootstrap(s, plan);
    default:
        error("没有复制权数的列（replicate_weights），replicates 只能写 "
              "JK1、JKn、BRR、Fay、bootstrap");
        return NULL;
    }
}

/* ---- given ----------------------------------------------------------------------------------- */

/* The scale that svrepdesign() takes for a type when none is given. */
static double default_scale(const struct replicates *r, const struct replicate_plan *p)
{
    double n = r->count;
    switch (p->type) {
    case REPLICATE_JK1:
        return (n - 1) / n;
    case REPLICATE_BRR:
        return 1 / n;
    case REPLICATE_FAY:
        return 1 / (n * (1 - p->rho) * (1 - p->rho));
    case REPLICATE_BOOTSTRAP:
        return 1 / (n - 1);
    case REPLICATE_ACS:
    case REPLICATE_SUCCESSIVE:
        return 4 / n;
    default:
        return 1;
    }
}

static int read_scales(struct replicates *r, const struct replicate_plan *p)
{
    bool fixed = p->type == REPLICATE_BRR || p->type == REPLICATE_FAY || p->type == REPLICATE_ACS ||
                 p->type == REPLICATE_SUCCESSIVE || p->type == REPLICATE_JK2;
    r->scale = isnan(p->scale) || fixed ? default_scale(r, p) : p->scale;
    if (p->type == REPLICATE_JKN && p->rscale_count == 0)
        return error("replicates 为 JKn、复制权数由数据给出时，design 表要写 replicate_rscales");
    if (p->rscale_count > 1 && p->rscale_count != r->count)
        return error("design 表的 replicate_rscales 有%d个数，复制权数有%d列", p->rscale_count,
                     r->count);
    bool ignored =
        p->type == REPLICATE_ACS || p->type == REPLICATE_SUCCESSIVE || p->type == REPLICATE_JK2;
    for (int k = 0; k < r->count && p->rscale_count && !ignored; k++)
        r->rscales[k] = p->rscales[p->rscale_count > 1 ? k : 0];
    return 0;
}

struct replicates *replicates_given(double *multiplier, int unit_count, int count,
                                    const struct replicate_plan *plan)
{
    struct replicates *r = new_replicates(unit_count, count, plan);
    r->multiplier = multiplier;
    r->row_count = unit_count;
    for (int i = 0; i < unit_count; i++)
        r->row[i] = i;
    if (read_scales(r, plan) == 0)
        return r;
    replicates_free(r);
    return NULL;
}

/* ---- use ------------------------------------------------------------------------------------- */

double replicates_multiplier(const struct replicates *r, int unit, int k)
{
    double m = r->multiplier ? r->multiplier[(size_t)r->row[unit] * (size_t)r->count + (size_t)k]
                             : jackknife_multiplier(r, r->row[unit], k);
    return r->ratio ? m * r->ratio[(size_t)r->ratio_row[unit] * (size_t)r->count + (size_t)k] : m;
}

void replicates_sums(const struct replicates *r, const double *t, double *sums)
{
    if (r->left_out && !r->ratio) {
        jackknife_sums(r, t, sums);
        return;
    }
    struct sum *all = must_alloc((size_t)r->count * sizeof *all);
    for (int i = 0; i < r->unit_count; i++)
        for (int k = 0; t[i] != 0 && k < r->count; k++)
            sum_add(&all[k], t[i] * replicates_multiplier(r, i, k));
    for (int k = 0; k < r->count; k++)
        sums[k] = sum_value(&all[k]);
    free(all);
}

double replicates_variance(const struct replicates *r, const double *thetas, double theta)
{
    struct sum total = {0}, squares = {0};
    int counted = 0, valued = 0;
    for (int k = 0; k < r->count; k++) {
        valued += !isnan(thetas[k]);
        if (isnan(thetas[k]) || !(r->rscales[k] > 0))
            continue;
        sum_add(&total, thetas[k]);
        counted++;
    }
    if (valued == 0)
        return NAN;
    double centre = r->mse ? theta : counted ? sum_value(&total) / counted : theta;
    for (int k = 0; k < r->count; k++) {
        double d = thetas[k] - centre;
        if (!isnan(thetas[k]))
            sum_add(&squares, r->rscales[k] * d * d);
    }
    return r->scale * sum_value(&squares);
}

double replicates_total_variance(const struct replicates *r, const double *z)
{
    double *thetas = must_alloc((size_t)r->count * sizeof *thetas);
    struct sum whole = {0};
    for (int i = 0; i < r->unit_count; i++)
        sum_add(&whole, z[i]);
    replicates_sums(r, z, thetas);
    double v = replicates_variance(r, thetas, sum_value(&whole));
    free(thetas);
    return v;
}

/* ---- degrees of freedom ---------------------------------------------------------------------- */

/* Of a jackknife without calibration.  The rows of a stratum's active PSUs are independent unless
 * all its PSUs are active; then they span the constant and n-1 directions, and all such strata
 * share the constant. */
static int jackknife_rank(const struct replicates *r, const bool *active)
{
    const struct stage *t = r->stage;
    bool *seen = must_alloc((size_t)t->cluster_count);
    int *psus = must_alloc((size_t)t->stratum_count * sizeof *psus), rank = 0, whole = 0;
    for (int i = 0; i < r->unit_count; i++)
        if (active[i] && !seen[t->cluster[i]]) {
            seen[t->cluster[i]] = true;
            psus[t->stratum[t->cluster[i]]]++;
        }
    for (int h = 0; h < t->stratum_count; h++) {
        bool full = psus[h] > 0 && psus[h] == t->drawn[h];
        rank += full ? psus[h] - 1 : psus[h];
        whole |= full;
    }
    free(seen);
    free(psus);
    return rank + whole;
}

/* Rank of the columns of m, rows x columns, which are overwritten. */
static int column_rank(double *m, int rows, int columns)
{
    const double lost = 1e-5;
    int rank = 0;
    for (int c = 0; c < columns && rank < rows; c++) {
        double *v = m + (size_t)c * (size_t)rows, before = 0, after = 0;
        for (int i = 0; i < rows; i++)
            before += v[i] * v[i];
        for (int pass = 0; pass < 2; pass++)
            for (int j = 0; j < rank; j++) {
                const double *u = m + (size_t)j * (size_t)rows;
                double share = 0;
                for (int i = 0; i < rows; i++)
                    share += u[i] * v[i];
                for (int i = 0; i < rows; i++)
                    v[i] -= share * u[i];
            }
        for (int i = 0; i < rows; i++)
            after += v[i] * v[i];
        if (!(sqrt(after) > lost * sqrt(before)))
            continue;
        double *kept = m + (size_t)rank++ * (size_t)rows, length = sqrt(after);
        for (int i = 0; i < rows; i++)
            kept[i] = v[i] / length;
    }
    return rank;
}

static int matrix_rank(const struct replicates *r, const bool *active)
{
    int rows = 0;
    for (int i = 0; i < r->unit_count; i++)
        rows += active[i];
    double *m = must_alloc((size_t)rows * (size_t)r->count * sizeof *m);
    int row = 0;
    for (int i = 0; i < r->unit_count; i++) {
        for (int k = 0; active[i] && k < r->count; k++)
            m[(size_t)k * (size_t)rows + (size_t)row] =
                r->weight[i] * replicates_multiplier(r, i, k);
        row += active[i];
    }
    int rank = column_rank(m, rows, r->count);
    free(m);
    return rank;
}

static unsigned long hash_of(const bool *active, int count)
{
    unsigned long hash = 14695981039346656037ul; /* FNV-1a */
    for (int i = 0; i < count; i++)
        hash = (hash ^ active[i]) * 1099511628211ul;
    return hash;
}

int replicates_df(const struct replicates *r, const bool *active)
{
    struct df_cache *cache = r->cache;
    unsigned long hash = hash_of(active, r->unit_count);
    for (int i = 0; i < CACHED_DFS; i++)
        if (cache->df[i] >= 0 && cache->hash[i] == hash)
            return cache->df[i] - 1;
    int rank = r->left_out && !r->ratio ? jackknife_rank(r, active) : matrix_rank(r, active);
    cache->hash[cache->next] = hash;
    cache->df[cache->next] = rank;
    cache->next = (cache->next + 1) % CACHED_DFS;
    return rank - 1;
}
