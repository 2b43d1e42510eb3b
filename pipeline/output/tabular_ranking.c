/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/tabular_ranking.h"

#include "output/decimal.h"
#include "output/macro_call.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MOST = 9 };

/* 3, 2～5; — for 0. */
static void place_put(struct buf *out, int low, int high)
{
    if (low <= 0)
        buf_puts(out, "—");
    else if (low == high)
        buf_printf(out, "%d", low);
    else
        buf_printf(out, "%d～%d", low, high);
}

/* What the table shows; columns are added and cells put in the same order. */
struct maker {
    struct grid *g;
    const struct results *r;
    const struct ranking *k;
    struct grid_row *row;
    int column;
    bool coupling;
};

static void put_cell(struct maker *t, const char *text)
{
    t->row->cells[t->column++] = arena_strdup(&t->g->arena, text);
}

static void put_places(struct maker *t, int low, int high)
{
    struct buf b = {0};
    place_put(&b, low, high);
    put_cell(t, b.text);
    buf_free(&b);
}

static void put_score(struct maker *t, double score)
{
    struct buf b = {0};
    decimal_put(&b, score, SCORE_DECIMALS, t->r->rounding);
    put_cell(t, b.text);
    buf_free(&b);
}

/* The degree by one of the two formulas, and its band. */
static void put_degree(struct maker *t, const struct ranked_unit *u, const char *part)
{
    const struct index_figure *f =
        isnan(u->score) ? NULL : rankings_figure(&t->r->rankings, t->k->name, u->unit, part);
    put_score(t, f ? f->value : NAN);
    put_cell(t, f ? f->text : "—");
}

static void put_unit(struct maker *t, const struct ranked_unit *u)
{
    bool last = u - t->k->units >= t->k->placed - 1;
    t->row = grid_add_row(t->g, domain_label(t->r->topic, t->k->by->name, u->unit));
    t->column = 1;
    put_places(t, u->place, u->place);
    if (t->coupling) {
        put_degree(t, u, "D");
        put_degree(t, u, "D_modified");
    } else {
        put_score(t, u->score);
    }
    if (t->k->sampled)
        put_places(t, u->low, u->high);
    put_places(t, u->drop_low, u->drop_high);
    if (t->k->others)
        put_places(t, u->other, u->other);
    put_cell(t, last ? "—" : u->alike ? "不分先后" : "");
}

static void add_columns(const struct maker *t)
{
    struct grid *g = t->g;
    grid_set_columns(g, COLUMNS_MOST);
    grid_add_column(g, t->k->by->label, false);
    grid_add_column(g, "名次", false);
    if (t->coupling) {
        grid_add_column(g, "协调度", false);
        grid_add_column(g, "等级", true);
        grid_add_column(g, "修正公式", false);
        grid_add_column(g, "等级", true);
    } else {
        grid_add_column(g, "得分", false);
    }
    if (t->k->sampled)
        grid_add_column(g, "抽样名次区间", true);
    grid_add_column(g, "少一个指标的名次", true);
    if (t->k->others)
        grid_add_column(g, strcmp(t->k->kind, "topsis") == 0 ? "加权得分名次" : "TOPSIS名次", true);
    grid_add_column(g, "与下一名", true);
}

static const char *explain(const struct maker *t)
{
    struct buf b = {0};
    if (t->coupling)
        buf_puts(&b, "名次按通行公式的协调度排。");
    double beyond = 100 * significance(t->r->topic);
    if (t->k->sampled)
        buf_printf(&b, "抽样名次区间：按抽样设计反复重抽，%g\\%%的名次落在其中。", 100 - beyond);
    buf_puts(&b, "少一个指标的名次：依次去掉每一个指标重排，名次最前到最后。不分先后：得分相同，");
    if (t->k->sampled)
        buf_printf(&b, "或重抽时颠倒的占%g\\%%以上，", beyond);
    buf_puts(&b, "或去掉某一个指标就颠倒，不能说前一名比后一名强。");
    if (t->k->placed < t->k->count)
        buf_puts(&b, "没有名次的，是缺少某个指标的数，或那个数不公布。");
    const char *text = arena_strdup(&t->g->arena, b.text);
    buf_free(&b);
    return text;
}

int grid_ranking(struct grid *g, const struct results *r, const struct exhibit *x, struct place at,
                 const char **how)
{
    const struct ranking *k = rankings_find(&r->rankings, x->ranking);
    if (!k || !k->by || k->count == 0)
        return error_at(at, "指数 %s 没有排出名次（四象限和泰尔指数不排名）", x->ranking);
    struct maker t = {.g = g, .r = r, .k = k, .coupling = strcmp(k->kind, "coupling") == 0};
    add_columns(&t);
    for (int i = 0; i < k->count; i++)
        put_unit(&t, &k->units[i]);
    *how = explain(&t);
    return 0;
}
