/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Indices without places: importance-performance quadrants, Theil's measure in parts.
 */
#include "estimate/ranking_private.h"


#include <math.h>
#include <stdlib.h>

static double value_of_all(const struct ranking_job *j, const struct indicator *ind)
{
    const struct clusters *c = tallies_clusters(j->tallies, ind->level);
    struct tally_cells cells = tallies_cells(j->tallies, ind);
    struct grouping g = grouping_make(j->topic, c, &cells, NULL);
    double value = NAN;
    if (g.count) {
        struct dense d = dense_of(&cells, &g, 0, c->count);
        struct estimate e = estimate_statistic(ind, j->how, c->sample, &d, NULL);
        value = ranking_withheld(j, ind, NULL, "all") ? NAN : e.value;
        dense_free(&d);
    }
    grouping_free(&g);
    tally_cells_free(&cells);
    return value;
}

/* Importance and performance of each item, against their means over the items. */
void ranking_quadrants(struct ranking_job *j)
{
    int items = j->x->count / 2, known = 0;
    double *v = must_alloc((size_t)j->x->count * sizeof *v), importance = 0, performance = 0;
    for (int k = 0; k < j->x->count; k++)
        v[k] = value_of_all(j, j->x->indicators[k]);
    for (int i = 0; i < items; i++)
        if (!isnan(v[2 * i]) && !isnan(v[2 * i + 1])) {
            importance += v[2 * i];
            performance += v[2 * i + 1];
            known++;
        }
    importance /= known;
    performance /= known;
    ranking_detail(j, "", "mean_importance", "", known ? importance : NAN, "十字线：各项平均数");
    ranking_detail(j, "", "mean_performance", "", known ? performance : NAN, "十字线：各项平均数");
    for (int i = 0; i < items; i++) {
        const char *name = j->x->indicators[2 * i + 1]->name;
        bool has = !isnan(v[2 * i]) && !isnan(v[2 * i + 1]);
        ranking_detail(j, name, "importance", "", v[2 * i], "");
        ranking_detail(j, name, "performance", "", v[2 * i + 1], "");
        ranking_detail(j, name, "quadrant", "", NAN,
                       has ? importance_quadrant(v[2 * i], v[2 * i + 1], importance, performance)
                           : "");
    }
    free(v);
}

void ranking_theil(struct ranking_job *j)
{
    const struct indicator *ind = j->x->indicators[0];
    const struct clusters *c = tallies_clusters(j->tallies, ind->level);
    struct tally_cells cells = tallies_cells(j->tallies, ind);
    struct grouping g = grouping_make(j->topic, c, &cells, j->x->by);
    double *w = must_alloc((size_t)g.count * sizeof *w),
           *y = must_alloc((size_t)g.count * sizeof *y);
    double *t = must_alloc((size_t)g.count * sizeof *t);
    int kept = 0;
    bool whole = true;
    for (int v = 0; v < g.count; v++) {
        struct dense d = dense_of(&cells, &g, v, c->count);
        struct moments all = cell_sums_all(&d.sums);
        w[kept] = all.w;
        y[kept] = all.w * all.mean_x;
        t[kept] = estimate_statistic(ind, j->how, NULL, &d, NULL).value;
        bool shown = !isnan(t[kept]) && (double)(all.n - all.dropped) >= j->quality->n_withhold &&
                     !ranking_withheld(j, ind, j->x->by, g.values[v]);
        whole &= shown || isnan(t[kept]);
        ranking_detail(j, g.values[v], "theil", "", shown ? t[kept] : NAN, "");
        kept += !isnan(t[kept]);
        dense_free(&d);
    }
    /* With one group hidden, what is within would give it away. */
    if (kept && whole && !ranking_withheld(j, ind, NULL, "all")) {
        struct theil_parts p = theil_parts(w, y, t, kept, ind->statistic == STAT_THEIL_L);
        ranking_detail(j, "", "within", "", p.within, "组内差异");
        ranking_detail(j, "", "between", "", p.between, "组间差异");
        ranking_detail(j, "", "total", "", p.within + p.between, "");
        ranking_detail(j, "", "between_share", "", p.between / (p.within + p.between), "");
    }
    free(w);
    free(y);
    free(t);
    grouping_free(&g);
    tally_cells_free(&cells);
}
