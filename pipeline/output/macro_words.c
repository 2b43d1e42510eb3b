/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The macros that put numbers into words: which is higher, by how much, about how many, of which.
 */
#include "output/decimal.h"
#include "output/macro_call.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- comparison ---------------------------------------------------------------------------- */

/* Two estimates of one indicator, first against second. */
struct pair {
    const struct indicator *ind;
    struct choice_of of[2];
    const struct stat_row *e[2];
    double gap; /* of the printed values, as printed */
    bool sampled, told_apart;
};

double significance(const struct topic *t)
{
    const char *confidence = topic_design(t, "confidence");
    return *confidence ? 1 - strtod(confidence, NULL) : 0.05;
}

int call_comparable(const struct macros *m, const struct call *c, const struct indicator *ind)
{
    if (strcmp(m->results->topic->levels[ind->level].evidence, "典型") != 0)
        return 0;
    return error_at(c->at, "典型资料是有意选取的例子，不能拿来比高低、排名次");
}

/* Asks the test; -1 after a message when there was none. */
static int test_pair(const struct macros *m, const struct call *c, struct pair *p)
{
    const struct results *r = m->results;
    const struct choice_of *a = &p->of[0], *b = &p->of[1];
    const char *level = strcmp(a->level, "all") == 0 ? b->level : a->level;
    bool same = strcmp(a->level, b->level) == 0 || strcmp(a->level, "all") == 0 ||
                strcmp(b->level, "all") == 0;
    const struct contrast_row *k =
        same ? results_contrast(r, p->ind->name, level, a->domain, b->domain) : NULL;
    if (!k || !isfinite(k->p))
        return error_at(c->at,
                        "这两个抽样推算数的差没有作过检验，不能写谁高谁低。县与县不直接比，"
                        "可以各与总体比，如 \\compare[county=411523]{%s}；中位数和总量不作检验",
                        p->ind->name);
    p->told_apart = k->p < significance(r->topic);
    return 0;
}

static int read_pair(struct macros *m, const struct call *c, struct pair *p)
{
    *p = (struct pair){.ind = call_indicator(m, c)};
    if (!p->ind)
        return -1;
    if (c->option_count == 0)
        return error_at(c->at,
                        "要写明比哪两组，如 [hh_type=1][hh_type=3]；只写一个方括号是与总体比");
    for (int i = 0; i < 2; i++) {
        if (call_options(m, c, i, &p->of[i]) < 0 ||
            !(p->e[i] = call_estimate(m, c, p->ind, &p->of[i])))
            return -1;
        if (!stat_shown(p->e[i]))
            return call_withheld(m, c);
    }
    if (call_comparable(m, c, p->ind) < 0)
        return -1;
    if (c->option_count == 1 && p->ind->statistic == STAT_TOTAL)
        return error_at(c->at, "总量不能与总体比：它是总体的一部分。占多少请用比例指标");
    double gap =
        stat_printed(m->results, p->ind, p->e[0]) - stat_printed(m->results, p->ind, p->e[1]);
    p->gap = decimal_rounded(gap, p->ind->decimals, m->results->rounding);
    p->sampled = p->e[0]->se > 0 || p->e[1]->se > 0;
    p->told_apart = p->gap != 0;
    return p->sampled ? test_pair(m, c, p) : 0;
}

int op_compare(struct macros *m, struct buf *out, const struct call *c)
{
    struct pair p;
    if (read_pair(m, c, &p) < 0)
        return -1;
    struct buf text = {0};
    if (p.gap == 0) {
        buf_puts(&text, "持平");
    } else {
        buf_puts(&text, p.gap > 0 ? "高" : "低");
        decimal_put(&text, fabs(p.gap), p.ind->decimals, m->results->rounding | DECIMAL_GROUP);
        buf_puts(&text, unit_is_percent(p.ind) ? "个百分点" : p.ind->unit);
    }
    call_link(m, out, p.ind->name, text.text);
    if (p.gap != 0 && !p.told_apart)
        buf_puts(out, "（差异不显著）");
    buf_free(&text);
    return 0;
}

static const char *name_of(const struct macros *m, const struct choice_of *o)
{
    return strcmp(o->level, "all") == 0 ? "总体"
                                        : domain_label(m->results->topic, o->level, o->domain);
}

int op_versus(struct macros *m, struct buf *out, const struct call *c)
{
    struct pair p;
    if (read_pair(m, c, &p) < 0)
        return -1;
    struct buf text = {0};
    const char *other = name_of(m, &p.of[1]);
    if (p.gap != 0 && p.told_apart)
        buf_printf(&text, "%s于%s", p.gap > 0 ? "高" : "低", other);
    else
        buf_printf(&text, "与%s%s", other, p.sampled ? "无显著差异" : "持平");
    call_link(m, out, p.ind->name, text.text);
    buf_free(&text);
    return 0;
}

/* ---- about how many ------------------------------------------------------------------------ */

/* 31 -> 约三成, 33 -> 三成多, 38 -> 近四成; fives are 一半. */
static void put_tenths(struct buf *out, double percent)
{
    static const char *const TENTHS[] = {"零成", "一成", "两成", "三成", "四成",
                                         "一半", "六成", "七成", "八成", "九成"};
    int tenths = (int)floor(percent / 10);
    double over = percent - 10 * tenths;
    if (percent <= 0 || percent >= 100)
        buf_puts(out, percent <= 0 ? "没有" : "全部");
    else if (percent < 7)
        buf_puts(out, "不到一成");
    else if (over <= 1 || (over >= 9 && tenths < 9))
        buf_printf(out, "约%s", TENTHS[tenths + (over > 1)]);
    else if (over >= 7 && tenths < 9)
        buf_printf(out, "近%s", TENTHS[tenths + 1]);
    else
        buf_printf(out, "%s%s", TENTHS[tenths], tenths == 5 ? "以上" : "多");
}

int op_about(struct macros *m, struct buf *out, const struct call *c)
{
    struct choice_of o;
    const struct indicator *ind = call_indicator(m, c);
    const struct stat_row *e =
        ind && call_options(m, c, 0, &o) == 0 ? call_estimate(m, c, ind, &o) : NULL;
    if (!e)
        return -1;
    if (!unit_is_percent(ind) || strcmp(ind->statistic_name, "prop") != 0)
        return error_at(c->at, "只有比例（prop，单位%%）可以说“几成”");
    if (!stat_shown(e))
        return call_withheld(m, c);
    if (e->mark == 'b')
        return error_at(c->at, "这个数误差较大，不能说成“几成”，请用 \\est");
    struct buf text = {0};
    put_tenths(&text, stat_printed(m->results, ind, e));
    call_link(m, out, ind->name, text.text);
    buf_free(&text);
    return 0;
}

/* ---- a part, and a change ------------------------------------------------------------------ */

int op_ofwhich(struct macros *m, struct buf *out, const struct call *c)
{
    struct choice_of o;
    const struct indicator *ind = call_indicator(m, c);
    if (!ind || call_options(m, c, 0, &o) < 0)
        return -1;
    if (strcmp(o.level, "all") == 0)
        return error_at(c->at, "要在方括号内写明是哪一部分，如 [county=411523]");
    if (ind->statistic != STAT_TOTAL)
        return error_at(c->at,
                        "“其中”只用于总量（total、counts）：比例和平均数的分组不是它的一部分");
    const struct stat_row *e = call_estimate(m, c, ind, &o);
    if (!e)
        return -1;
    if (!stat_shown(e))
        return call_withheld(m, c);
    struct buf text = {0};
    buf_printf(&text, "其中%s", name_of(m, &o));
    stat_put(&text, m->results, ind, e, PRINT_VALUE, 0);
    buf_puts(&text, ind->unit);
    call_link(m, out, ind->name, text.text);
    buf_free(&text);
    return 0;
}

/* The earlier value: the indicator that the option names. */
static const struct stat_row *earlier(struct macros *m, const struct call *c,
                                      const struct indicator *after)
{
    struct call before = *c;
    struct choice_of whole = {.level = "all", .domain = "all"};
    if (c->option_count == 0) {
        error_at(c->at, "要在方括号内写明以前的指标，如 \\change[road_before]{road_now}");
        return NULL;
    }
    memcpy(before.argument, c->options[0], sizeof before.argument);
    const struct indicator *ind = call_indicator(m, &before);
    if (ind && (strcmp(ind->unit, after->unit) != 0 || ind->statistic != after->statistic ||
                ind->level != after->level)) {
        error_at(c->at, "前后两个指标的层次、统计量和单位要相同");
        return NULL;
    }
    return ind ? call_estimate(m, &before, ind, &whole) : NULL;
}

int op_change(struct macros *m, struct buf *out, const struct call *c)
{
    const struct results *r = m->results;
    struct choice_of whole = {.level = "all", .domain = "all"};
    const struct indicator *ind = call_indicator(m, c);
    const struct stat_row *after = ind ? call_estimate(m, c, ind, &whole) : NULL;
    const struct stat_row *before = after ? earlier(m, c, ind) : NULL;
    if (!before)
        return -1;
    if (!stat_shown(before) || !stat_shown(after))
        return call_withheld(m, c);
    double from = stat_printed(r, ind, before), to = stat_printed(r, ind, after);
    bool percent = unit_is_percent(ind);
    if (!percent && from <= 0)
        return error_at(c->at, "以前的数是%g，不能算增长百分之几", from);
    double change = percent ? to - from : 100 * (to - from) / from;
    struct buf text = {0}, size = {0};
    decimal_put(&size, fabs(change), percent ? ind->decimals : 1, r->rounding);
    bool none = strspn(buf_text(&size), "0.") == size.len;
    if (none)
        buf_puts(&text, "持平");
    else
        buf_printf(&text, "%s%s%s", change > 0 ? percent ? "提高" : "增长" : "下降", size.text,
                   percent ? "个百分点" : "%");
    call_link(m, out, ind->name, text.text);
    if (!none && (before->se > 0 || after->se > 0))
        buf_puts(out, "（前后之差未作检验）");
    buf_free(&size);
    buf_free(&text);
    return 0;
}
