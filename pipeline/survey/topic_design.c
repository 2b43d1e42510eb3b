/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/topic_private.h"

#include "base/text.h"

#include <string.h>

/* The names of sheet design that any program reads, by what gives strata and weights: a frame, or
 * columns of the data. */
static const char *const OF_FRAME[] = {
    "psu",       "psu_name",    "psu_parent", "county",     "county_name", "stratum",
    "size",      "p1",          "selected",   "take",       "levels",      "nonresponse",
    "variance",  "first_stage", "draw_list",  "draw_n",     "draw_take",   "draw_reserve",
    "draw_seed", "draw_levels", "draw_show",  "share_take", "share_part",  NULL};
static const char *const OF_COLUMNS[] = {
    "strata", "cluster", "fpc", "weight", "probability", "nest", "pps", "replicate_weights", NULL};
static const char *const OF_BOTH[] = {"frame",
                                      "lonely_psu",
                                      "replicates",
                                      "fay_rho",
                                      "replicate_count",
                                      "seed",
                                      "generator",
                                      "replicate_scale",
                                      "replicate_rscales",
                                      "replicate_combined",
                                      "replicate_mse",
                                      "respondent",
                                      "response_class",
                                      "calibration",
                                      "calibration_bounds",
                                      "calibration_epsilon",
                                      "calibration_iterations",
                                      "trim",
                                      "trim_strict",
                                      "confidence",
                                      "share_interval",
                                      "quantile_interval",
                                      "rank_replicates",
                                      "rank_seed",
                                      "n_withhold",
                                      "n_bracket",
                                      "rse_bracket",
                                      "rse_withhold",
                                      "df_withhold",
                                      "dominance_k",
                                      "dominance_p",
                                      NULL};

static bool is_among(const char *const *names, const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

static const char *nearest_among(const char *const *names, const char *name, const char *best)
{
    for (; *names; names++)
        if (!best || text_distance(name, *names) < text_distance(name, best))
            best = *names;
    return best;
}

static int refuse(struct place at, const char *name, bool frame)
{
    const char *near = nearest_among(OF_BOTH, name, NULL);
    near = nearest_among(frame ? OF_FRAME : OF_COLUMNS, name, near);
    if (text_distance(name, near) < 3)
        return error_at(at, "design 表没有 %s 这一项，是不是 %s？", name, near);
    return error_at(at, "design 表没有 %s 这一项；可以写的见 topics/README.md", name);
}

int topic_check_design(const struct topic *t)
{
    const struct wsheet *s = workbook_sheet(t->book, "design");
    bool frame = *topic_design(t, "frame");
    int rc = 0;
    for (int r = 0; s && r < s->row_count; r++) {
        const char *name = wsheet_get(s, r, "name");
        struct place at = wsheet_place(s, r, "name");
        if (is_among(frame ? OF_FRAME : OF_COLUMNS, name) || is_among(OF_BOTH, name))
            continue;
        if (is_among(OF_COLUMNS, name))
            rc = error_at(at, "%s 只用于没有抽样框的设计，不能与 frame 同写", name);
        else if (is_among(OF_FRAME, name))
            rc = error_at(at,
                          "%s 只用于有抽样框的设计：请写 frame；设计在数据的栏里的，写 strata、"
                          "cluster、fpc、weight 等",
                          name);
        else
            rc = refuse(at, name, frame);
    }
    return rc;
}
