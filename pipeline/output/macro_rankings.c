/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The macros about indices and tests: \place, \alike, \coupling, \consistency, \tested.  A place is
 * never printed without how far it could have moved.
 */
#include "output/decimal.h"
#include "output/latex.h"
#include "output/macro_call.h"
#include "output/tabular_ranking.h"

#include <math.h>
#include <string.h>

static const struct ranking *find_ranking(const struct macros *m, const struct call *c)
{
    const struct ranking *k = rankings_find(&m->results->rankings, c->argument);
    if (!k)
        error_at(c->at, "课题工作簿的 indices 表中没有 %s", c->argument);
    else if (!k->by || k->count == 0)
        error_at(c->at, "指数 %s 没有排出名次（四象限和泰尔指数不排名）", k->name);
    else
        return k;
    return NULL;
}

/* The unit that [county=411525] names; NULL after a message. */
static const struct ranked_unit *find_unit(struct macros *m, const struct call *c,
                                           const struct ranking *k)
{
    struct choice_of o;
    if (call_options(m, c, 0, &o) < 0)
        return NULL;
    if (strcmp(o.level, k->by->name) != 0) {
        error_at(c->at, "要写明是哪一个%s，如 \\%s[%s=…]{%s}", k->by->label, c->operation->name,
                 k->by->name, k->name);
        return NULL;
    }
    const struct ranked_unit *u = ranking_unit(k, o.domain);
    if (!u)
        error_at(c->at, "%s没有数据（可能尚未报送）",
                 domain_label(m->results->topic, o.level, o.domain));
    else if (u->place == 0 || isnan(u->score))
        call_withheld(m, c);
    else
        return u;
    return NULL;
}

static void put_range(struct buf *out, int low, int high)
{
    buf_printf(out, low == high ? "第%d" : "第%d至第%d", low, high);
}

/* 第3名（抽样误差内为第2至第5，去掉任何一个指标为第3至第4） */
int op_place(struct macros *m, struct buf *out, const struct call *c)
{
    const struct ranking *k = find_ranking(m, c);
    const struct ranked_unit *u = k ? find_unit(m, c, k) : NULL;
    if (!u)
        return -1;
    buf_printf(out, "第%d名", u->place);
    if (!u->low && !u->drop_low)
        return 0;
    buf_puts(out, "（");
    if (u->low) {
        buf_puts(out, "抽样误差内为");
        put_range(out, u->low, u->high);
    }
    if (u->drop_low) {
        buf_puts(out, u->low ? "，去掉任何一个指标为" : "去掉任何一个指标为");
        put_range(out, u->drop_low, u->drop_high);
    }
    buf_puts(out, "）");
    return 0;
}

/* The neighbours that can (or cannot) be told apart: 新县与嵩县、嵩县与鲁山县 */
static void put_pairs(const struct macros *m, struct buf *out, const struct ranking *k, bool alike)
{
    const struct topic *t = m->results->topic;
    struct buf pairs = {0};
    for (int i = 0; i + 1 < k->placed; i++)
        if (k->units[i].alike == alike)
            buf_printf(&pairs, "%s%s与%s", pairs.len ? "、" : "",
                       domain_label(t, k->by->name, k->units[i].unit),
                       domain_label(t, k->by->name, k->units[i + 1].unit));
    latex_text(out, buf_text(&pairs));
    buf_free(&pairs);
}

/* 名次相邻而不分先后的有：新县与嵩县、…; when they are the most, the others are named. */
int op_alike(struct macros *m, struct buf *out, const struct call *c)
{
    const struct ranking *k = find_ranking(m, c);
    if (!k)
        return -1;
    int pairs = k->placed - 1, alike = 0;
    for (int i = 0; i < pairs; i++)
        alike += k->units[i].alike;
    if (alike == 0) {
        buf_printf(out, "名次相邻的%s都分得出先后", k->by->label);
    } else if (2 * alike <= pairs) {
        buf_puts(out, "名次相邻而不分先后的有：");
        put_pairs(m, out, k, true);
    } else {
        buf_puts(out, alike < pairs ? "除" : "");
        put_pairs(m, out, k, false);
        buf_printf(out, "%s名次相邻的%s都不分先后", alike < pairs ? "外，" : "", k->by->label);
    }
    return 0;
}

static void put_degree(struct macros *m, struct buf *out, const struct index_figure *f)
{
    decimal_put(out, f->value, SCORE_DECIMALS, m->results->rounding);
    buf_printf(out, "（%s）", f->text);
}

/* 0.713（中级协调），按修正公式为0.652（初级协调） */
int op_coupling(struct macros *m, struct buf *out, const struct call *c)
{
    const struct ranking *k = find_ranking(m, c);
    const struct ranked_unit *u = k ? find_unit(m, c, k) : NULL;
    if (!u)
        return -1;
    const struct rankings *all = &m->results->rankings;
    const struct index_figure *d = rankings_figure(all, k->name, u->unit, "D");
    const struct index_figure *modified = rankings_figure(all, k->name, u->unit, "D_modified");
    if (!d || !modified)
        return error_at(c->at, "指数 %s 不是耦合协调度（coupling）", k->name);
    put_degree(m, out, d);
    buf_puts(out, "，按修正公式为");
    put_degree(m, out, modified);
    return 0;
}

int op_consistency(struct macros *m, struct buf *out, const struct call *c)
{
    const struct rankings *all = &m->results->rankings;
    if (!rankings_find(all, c->argument))
        return error_at(c->at, "课题工作簿的 indices 表中没有 %s", c->argument);
    const struct index_figure *cr = rankings_figure(all, c->argument, "", "ahp_cr");
    if (!cr)
        return error_at(c->at, "指数 %s 的权数不是层次分析法（ahp）定的", c->argument);
    decimal_put(out, cr->value, SCORE_DECIMALS, m->results->rounding);
    return 0;
}
