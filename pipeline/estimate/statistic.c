/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/statistic.h"

#include "estimate/inequality.h"

#include <stdlib.h>
#include <string.h>

static int read_confidence(const struct topic *t, double *level)
{
    const char *text = topic_design(t, "confidence");
    char *end;
    *level = *text ? strtod(text, &end) : 0.95;
    if (*text && (*end || !(*level > 0 && *level < 1)))
        return error("%s：design 表的 confidence 是“%s”，应为0和1之间的数，如 0.95", t->path, text);
    return 0;
}

static int read_share_interval(const struct topic *t, enum share_interval *method)
{
    const char *word = topic_design(t, "share_interval");
    int found = *word ? share_interval_by_name(word) : SHARE_LOGIT;
    if (found < 0)
        return error("%s：design 表的 share_interval 是“%s”，只能写 logit、beta、wilson", t->path,
                     word);
    *method = (enum share_interval)found;
    return 0;
}

static int read_quantile_interval(const struct topic *t, bool *score)
{
    const char *word = topic_design(t, "quantile_interval");
    *score = strcmp(word, "score") == 0;
    if (*word && !*score && strcmp(word, "woodruff") != 0)
        return error("%s：design 表的 quantile_interval 是“%s”，只能写 woodruff、score", t->path,
                     word);
    return 0;
}

int estimation_read(const struct topic *t, struct estimation *out)
{
    return read_confidence(t, &out->confidence) | read_share_interval(t, &out->share_interval) |
           read_quantile_interval(t, &out->score_interval);
}

static void add_points(struct points *into, const struct points *p)
{
    points_append(into, p->items, p->count);
    points_sort(into);
}

struct dense dense_of(const struct tally_cells *cells, const struct grouping *g, int value,
                      int clusters)
{
    struct dense d = {.sums = cell_sums_new(cells->sums.kind, clusters)};
    if (cells->points)
        d.points = must_alloc((size_t)clusters * sizeof *d.points);
    for (int i = g->first[value]; i < g->first[value + 1]; i++) {
        int unit = cells->layout->units[g->cells[i]];
        sums_merge(d.sums.kind, cell_sums_at(&d.sums, unit),
                   cell_sums_at(&cells->sums, g->cells[i]));
        if (d.points)
            add_points(&d.points[unit], &cells->points[g->cells[i]]);
    }
    return d;
}

void dense_free(struct dense *d)
{
    for (int i = 0; d->points && i < d->sums.count; i++)
        points_free(&d->points[i]);
    free(d->points);
    cell_sums_free(&d->sums);
}

bool is_quantile(const struct indicator *ind)
{
    return ind->statistic == STAT_MEDIAN || ind->statistic == STAT_QUANTILE;
}

enum linear_statistic linear_of(const struct indicator *ind)
{
    switch (ind->statistic) {
    case STAT_TOTAL:
        return LINEAR_TOTAL;
    case STAT_RATIO:
        return LINEAR_RATIO;
    case STAT_VARIANCE:
        return LINEAR_VARIANCE;
    default:
        return LINEAR_MEAN;
    }
}

static struct estimate estimate_moments(const struct indicator *ind, const struct estimation *how,
                                        const struct sample *s, const struct dense *d,
                                        struct linear **linear)
{
    enum share_interval share = ind->statistic == STAT_SHARE ? how->share_interval : SHARE_NONE;
    struct linear *l = estimate_linearize(linear_of(ind), s, &d->sums);
    struct estimate e = estimate_linearized(linear_of(ind), s, l, share, how->confidence);
    if (linear)
        *linear = l;
    else
        linear_free(l);
    return e;
}

static struct estimate estimate_curve(const struct indicator *ind, const struct estimation *how,
                                      const struct sample *s, const struct dense *d,
                                      struct linear **linear)
{
    struct linear *l = inequality_linearize(ind->statistic, ind->quantile, s, &d->sums, d->points);
    struct estimate e = inequality_linearized(s, l, how->confidence);
    if (linear && s)
        *linear = l;
    else
        linear_free(l);
    return e;
}

struct estimate estimate_statistic(const struct indicator *ind, const struct estimation *how,
                                   const struct sample *s, const struct dense *d,
                                   struct linear **linear)
{
    if (linear)
        *linear = NULL;
    if (is_inequality(ind->statistic))
        return estimate_curve(ind, how, s, d, linear);
    if (is_quantile(ind) && !s)
        return estimate_quantile_census(d->points, d->sums.count, ind->quantile);
    if (is_quantile(ind))
        return (how->score_interval ? estimate_quantile_score : estimate_quantile)(
            s, d->points, ind->quantile, how->confidence);
    return s ? estimate_moments(ind, how, s, d, linear) : estimate_census(linear_of(ind), &d->sums);
}
