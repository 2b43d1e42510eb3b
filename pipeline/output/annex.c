/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The annexes: method and response, data quality, definitions, signs.
 */
#include "base/arena.h"
#include "estimate/designwords.h"
#include "output/decimal.h"
#include "output/document.h"
#include "output/latex.h"
#include "output/macro_call.h"
#include "output/tabular.h"
#include "survey/days.h"
#include "survey/panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_count(struct buf *out, long n)
{
    decimal_put(out, (double)n, 0, DECIMAL_GROUP);
}

static const char *county_name(const struct results *r, const char *code)
{
    if (!topic_domain(r->topic, "county") && r->county_count == 1)
        return topic_setting(r->topic, "issuer");
    return domain_label(r->topic, "county", code);
}

static const char *county_head(const struct results *r)
{
    const struct domain *d = topic_domain(r->topic, "county");
    return d ? d->label : "报送单位";
}

static bool any_sampled(const struct topic *t)
{
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].sampled)
            return true;
    return false;
}

/* ---- method -------------------------------------------------------------------------------- */

static long accepted(const struct results *r, const char *county, const char *level)
{
    struct buf what = {0};
    buf_printf(&what, "accepted:%s", level);
    long n = results_count(r, county, what.text);
    buf_free(&what);
    return n;
}

/* Whether the topic has a level that is (or is not) sampled. */
static bool any_level(const struct topic *t, bool sampled)
{
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].sampled == sampled)
            return true;
    return false;
}

/* 住户（抽样）874户；样本村（抽样）48村… */
static void put_levels(struct buf *out, const struct results *r)
{
    const struct topic *t = r->topic;
    buf_puts(out, "本次调研的资料：");
    for (int i = 0; i < t->level_count; i++) {
        const struct level *l = &t->levels[i];
        buf_puts(out, i ? "；" : "");
        latex_text(out, l->label);
        buf_puts(out, "（");
        latex_text(out, l->evidence);
        buf_puts(out, "）");
        put_count(out, accepted(r, NULL, l->name));
        latex_text(out, l->unit);
    }
    buf_puts(out, "。");
    if (any_level(t, true))
        buf_puts(out, "抽样资料推算总体并给出误差；");
    if (any_level(t, false))
        buf_puts(out,
                 "普查资料和部门资料是填报数的汇总，没有抽样误差，也不能推算到没有填报的单位；");
    buf_puts(out, "本次调研结果不是政府统计数据。\\par\n");
}

/* What `say` says of the topic's design, after `before` when it says anything. */
static void put_design(struct buf *out, const struct topic *t, const char *before,
                       void say(struct buf *words, const struct design *d))
{
    struct design *d = design_read(t);
    struct buf words = {0};
    if (d)
        say(&words, d);
    if (words.len) {
        buf_puts(out, before);
        latex_text(out, words.text);
    }
    buf_free(&words);
    design_free(d);
}

static const char *share_interval_words(const struct topic *t)
{
    const char *name = topic_design(t, "share_interval");
    return strcmp(name, "beta") == 0     ? "比例的区间用 Korn-Graubard 法（beta）"
           : strcmp(name, "wilson") == 0 ? "比例的区间用 Wilson 法"
                                         : "比例的区间越出0或100\\%的用logit变换";
}

/* 95 */
static void put_confidence(struct buf *out, const struct topic *t)
{
    const char *confidence = topic_design(t, "confidence");
    buf_printf(out, "%.10g", *confidence ? strtod(confidence, NULL) * 100 : 95);
}

static void put_estimation(struct buf *out, const struct results *r)
{
    const struct topic *t = r->topic;
    buf_puts(out, "抽样资料的各项比例、均值、总量和比率都是加权估计。");
    put_design(out, t, "", design_words);
    put_confidence(out, t);
    buf_printf(out, "\\%%置信区间为估计值加减标准误与t分位数之积，%s，中位数用%s。",
               share_interval_words(t),
               strcmp(topic_design(t, "quantile_interval"), "score") == 0 ? "得分检验法"
                                                                          : "Woodruff法");
    buf_puts(out, "退回、不详的数据项不参加该项指标的计算，权数不再调整。"
                  "分组的数用同一抽样设计按子总体估计；两组数谁高谁低按设计的t检验（5\\%"
                  "水平）判断，检验不出差别的写“无显著差异”。\\par\n");
}

static void put_weights(struct buf *out, const struct results *r)
{
    double least = INFINITY, most = 0;
    for (int i = 0; i < r->psu_count; i++) {
        if (r->psus[i].weight <= 0)
            continue;
        least = fmin(least, r->psus[i].weight);
        most = fmax(most, r->psus[i].weight);
    }
    if (most == 0)
        return;
    buf_puts(out, "入库样本的最终权数在");
    decimal_put(out, least, 1, DECIMAL_GROUP);
    buf_puts(out, "与");
    decimal_put(out, most, 1, DECIMAL_GROUP);
    buf_puts(out, "之间。");
}

/* The same design in the words of Stata and R, over the records that `export` writes. */
static void put_software(struct buf *out, const struct results *r)
{
    const struct topic *t = r->topic;
    const struct level *sampled = NULL;
    for (int i = 0; i < t->level_count && !sampled; i++)
        if (t->levels[i].sampled && t->levels[i].stage == 2)
            sampled = &t->levels[i];
    put_design(out, t, "用 R 复核时（d 是记录文件），抽样设计写作：", design_in_r);
    if (!sampled || !*sampled->psu)
        return;
    const char *stratum = *sampled->county ? sampled->county : topic_design(t, "stratum");
    buf_puts(out, "用统计软件复核时，抽样设计写作（记录文件 records/");
    latex_text(out, sampled->name);
    buf_puts(out, ".csv）：\\par\n{\\noindent\\footnotesize\\ttfamily Stata: svyset ");
    latex_text(out, sampled->psu);
    buf_puts(out, " {[}pweight=weight{]}, strata(");
    latex_text(out, stratum);
    buf_puts(out, ")\\\\\nR: survey::svydesign(ids=\\textasciitilde{}");
    latex_text(out, sampled->psu);
    buf_puts(out, ", strata=\\textasciitilde{}");
    latex_text(out, stratum);
    buf_puts(out, ", weights=\\textasciitilde{}weight, data=d, nest=TRUE)\\par}\n");
}

/* A grid of the annexes, with the label of a county first. */
static struct grid county_grid(const struct results *r, int columns)
{
    struct grid g = {.id = "", .title = "", .unit = "", .note = "", .source = ""};
    grid_set_columns(&g, columns);
    grid_add_column(&g, county_head(r), false);
    return g;
}

static void put_grid(struct buf *out, struct grid *g)
{
    grid_latex(out, g, GRID_ANNEX, 0);
    grid_free(g);
}

static void put_cell(struct grid *g, struct grid_row *row, int column, double value, int decimals,
                     int how)
{
    struct buf b = {0};
    decimal_put(&b, value, decimals, how);
    row->cells[column] = arena_strdup(&g->arena, b.text);
    buf_free(&b);
}

static void response_row(struct grid *g, const struct results *r, const char *county,
                         const char *name)
{
    long psus = 0, drawn = 0, got = 0;
    for (int i = 0; i < r->psu_count; i++) {
        if (county && strcmp(r->psus[i].county, county) != 0)
            continue;
        psus++;
        drawn += r->psus[i].drawn;
        got += r->psus[i].accepted;
    }
    struct grid_row *row = grid_add_row(g, name);
    put_cell(g, row, 1, (double)psus, 0, DECIMAL_GROUP);
    put_cell(g, row, 2, (double)drawn, 0, DECIMAL_GROUP);
    put_cell(g, row, 3, (double)got, 0, DECIMAL_GROUP);
    put_cell(g, row, 4, drawn ? 100.0 * (double)got / (double)drawn : NAN, 1, r->rounding);
}

/* The counts of PSUs are those of units drawn within them. */
static bool any_second_stage(const struct topic *t)
{
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].sampled && t->levels[i].stage == 2)
            return true;
    return false;
}

static void put_response(struct buf *out, const struct results *r)
{
    struct grid g = county_grid(r, 5);
    grid_add_column(&g, "样本群（个）", false);
    grid_add_column(&g, "应调查数", false);
    grid_add_column(&g, "入库数", false);
    grid_add_column(&g, "入库率（%）", false);
    response_row(&g, r, NULL, "合计");
    for (int i = 0; i < r->county_count; i++)
        response_row(&g, r, r->counties[i], county_name(r, r->counties[i]));
    buf_puts(out, "\\annexhead{样本和入库情况}\n");
    put_grid(out, &g);
}

static int put_method(struct buf *out, struct macros *m, int *number)
{
    const struct results *r = m->results;
    const struct topic *t = r->topic;
    int rc = 0;
    buf_printf(out, "\\annex{%d}{调研方法}\n{\\xiaosi\n", ++*number);
    if (*topic_setting(t, "method")) {
        rc = macros_expand_cell(m, out, topic_setting(t, "method"), "settings", 0);
        buf_puts(out, "\\par\n");
    }
    put_levels(out, r);
    if (r->frame_simulated && !r->simulated)
        buf_puts(
            out,
            "\\textbf{注意：本次使用的抽样框是演练用的模拟名单，权数和推算数不能用于正式报告。}"
            "\\par\n");
    if (any_sampled(t)) {
        put_estimation(out, r);
        put_weights(out, r);
        put_software(out, r);
    }
    buf_puts(out, "\\par}\n");
    if (r->psu_count && any_second_stage(t))
        put_response(out, r);
    return rc;
}

/* ---- data quality -------------------------------------------------------------------------- */

static const struct {
    const char *what, *head;
} CLASSES[] = {{"repaired", "规范"},
               {"returned", "退回"},
               {"soft", "核实"},
               {"held", "暂缓"},
               {"dropped", "剔除"}};
enum { CLASS_COUNT = sizeof CLASSES / sizeof *CLASSES };

static void quality_row(struct grid *g, const struct results *r, const char *county,
                        const char *name)
{
    const struct topic *t = r->topic;
    struct grid_row *row = grid_add_row(g, name);
    int column = 1;
    for (int i = 0; i < t->level_count; i++)
        put_cell(g, row, column++, (double)accepted(r, county, t->levels[i].name), 0,
                 DECIMAL_GROUP);
    for (int i = 0; i < CLASS_COUNT; i++)
        put_cell(g, row, column++, (double)results_count(r, county, CLASSES[i].what), 0,
                 DECIMAL_GROUP);
}

static void put_quality_table(struct buf *out, const struct results *r)
{
    const struct topic *t = r->topic;
    struct grid g = county_grid(r, 1 + t->level_count + CLASS_COUNT);
    for (int i = 0; i < t->level_count; i++)
        grid_add_column(&g, arena_printf(&g.arena, "入库%s", t->levels[i].label), false);
    for (int i = 0; i < CLASS_COUNT; i++)
        grid_add_column(&g, CLASSES[i].head, false);
    quality_row(&g, r, NULL, "合计");
    for (int i = 0; i < r->county_count; i++)
        quality_row(&g, r, r->counties[i], county_name(r, r->counties[i]));
    put_grid(out, &g);
}

static void put_missing_counties(struct buf *out, const struct results *r)
{
    const struct domain *d = topic_domain(r->topic, "county");
    int missing = 0;
    struct buf names = {0};
    for (int i = 0; d && i < d->value_count; i++) {
        bool sent = false;
        for (int c = 0; c < r->county_count && !sent; c++)
            sent = strcmp(r->counties[c], d->values[i].name) == 0;
        if (sent)
            continue;
        if (missing++)
            buf_puts(&names, "、");
        latex_text(&names, d->values[i].value);
    }
    if (missing)
        buf_printf(out, "尚未报送的%d个：%s。", missing, names.text);
    buf_free(&names);
}

static long panel_n(const struct results *r, const char *panel, const char *what)
{
    struct buf name = {0};
    buf_printf(&name, "panel:%s:%s", panel, what);
    long n = results_count(r, NULL, name.text);
    buf_free(&name);
    return n;
}

static void put_round(struct buf *out, const struct results *r, const struct panel *p,
                      const struct level *l)
{
    char date[DATE_TEXT];
    days_to_text(p->then, date);
    latex_text(out, l->label);
    buf_printf(out, "按单位名单与%s的一轮", date);
    if (*topic_rule(r->topic, "survey_date")) /* else each record has a day of its own */
        buf_printf(out, "（相隔%ld天）", p->now - p->then);
    buf_printf(out, "对照：两轮都有的%ld%s，其中", panel_n(r, p->name, "matched"), l->unit);
    buf_printf(out, "改名、改代码或接续的%ld%s，合并的%ld%s；", panel_n(r, p->name, "renamed"),
               l->unit, panel_n(r, p->name, "merged"), l->unit);
    buf_printf(out, "合并前没有报齐、不作对照的%ld%s；只有这一轮的%ld%s；",
               panel_n(r, p->name, "merged_part"), l->unit, panel_n(r, p->name, "new"), l->unit);
    buf_printf(out, "上一轮有、这一轮没有入库的%ld%s；已拆分、撤销的%ld%s。",
               panel_n(r, p->name, "absent"), l->unit, panel_n(r, p->name, "gone"), l->unit);
}

/* The records of another topic that are looked up by a question. */
static void put_looked_up(struct buf *out, const struct results *r, const struct panel *p,
                          const struct level *l)
{
    const struct question *q = form_question(l->form, p->unit);
    latex_text(out, l->label);
    buf_puts(out, "按“");
    latex_text(out, question_caption(q));
    if (*p->number)
        buf_printf(out, "”与课题%ld的登记对照", strtol(p->number, NULL, 10));
    else
        buf_puts(out, "”与另一份登记对照");
    buf_printf(out, "：对上的%ld个，对不上的%ld个。", panel_n(r, p->name, "matched"),
               panel_n(r, p->name, "new"));
}

/* Each earlier round that the topic is compared with, and the units of both. */
static void put_panels(struct buf *out, const struct results *r)
{
    struct arena a = {0};
    struct panel *panels;
    int count = panels_read(&a, r->topic, &panels);
    for (int i = 0; i < count; i++) {
        const struct level *l = topic_level(r->topic, panels[i].level);
        if (l && panels[i].by_list)
            put_round(out, r, &panels[i], l);
        else if (l)
            put_looked_up(out, r, &panels[i], l);
    }
    arena_free(&a);
}

static void put_quality(struct buf *out, const struct results *r, int *number)
{
    buf_printf(out,
               "\\annex{%d}{资料审核情况}\n\\hypertarget{ind:" COUNTS_TARGET "}{}"
               "{\\xiaosi\n",
               ++*number);
    buf_puts(out,
             "报来的资料逐条审核。能够确定的写法差异予以规范（“规范”，处）；不能确定的退回核实，"
             "退回的数据项在计算中按缺失处理（“退回”，处）；数值可疑但可能属实的请县里核实，照原数"
             "计算（“核实”，处）；整条暂不入库的记为“暂缓”（条），"
             "重复和已被更正的记为“剔除”（条）。收到的每一行资料在审核台账中都有去向。");
    put_missing_counties(out, r);
    put_panels(out, r);
    if (*r->fingerprint)
        buf_printf(out, "结果库指纹\\texttt{%.16s}。", r->fingerprint);
    buf_puts(out, "\\par}\\medskip\n");
    put_quality_table(out, r);
}

/* ---- definitions --------------------------------------------------------------------------- */

const char *statistic_label(enum statistic s)
{
    switch (s) {
    case STAT_TOTAL:
        return "总量";
    case STAT_MEAN:
        return "均值";
    case STAT_SHARE:
        return "比例";
    case STAT_RATIO:
        return "比率";
    case STAT_MEDIAN:
        return "中位数";
    case STAT_QUANTILE:
        return "分位数";
    case STAT_VARIANCE:
        return "方差";
    case STAT_FGT:
        return "FGT贫困指数";
    case STAT_GINI:
        return "基尼系数";
    case STAT_THEIL_T:
        return "泰尔指数";
    case STAT_THEIL_L:
        return "平均对数离差";
    case STAT_LORENZ:
        return "洛伦兹曲线";
    }
    return "";
}

/* The questions that the indicator's expressions use, as people know them. */
static void put_questions(struct buf *out, const struct topic *t, const struct indicator *ind)
{
    const struct form *f = t->levels[ind->level].form;
    struct expr *parts[] = {ind->expression, ind->denominator, ind->universe};
    struct map seen = {0};
    for (int p = 0; p < 3; p++) {
        int n = 0;
        const int *refs = parts[p] ? expr_references(parts[p], &n) : NULL;
        for (int i = 0; i < n; i++) {
            const struct question *q = &f->questions[refs[i]];
            if (!map_add(&seen, q->name, 1))
                continue;
            buf_puts(out, seen.count > 1 ? "；" : "题目：");
            latex_text(out, *q->label ? q->label : question_caption(q));
        }
    }
    if (seen.count && !ends_with(buf_text(out), "？"))
        buf_puts(out, "。");
    map_free(&seen);
}

/* All choices of a categories row share one definition; it stands at the first. */
static bool continues_group(const struct topic *t, int i)
{
    return i > 0 && *t->indicators[i].group &&
           strcmp(t->indicators[i].group, t->indicators[i - 1].group) == 0;
}

static void put_definition(struct buf *out, const struct topic *t, int i)
{
    const struct indicator *ind = &t->indicators[i];
    const struct level *l = &t->levels[ind->level];
    if (continues_group(t, i)) {
        buf_printf(out, "\\hypertarget{ind:%s}{}", ind->name);
        return;
    }
    buf_printf(out, "\n\\definition{%s}{", ind->name);
    latex_text(out, *ind->group ? ind->group_label : ind->label);
    buf_puts(out, "}{（");
    latex_text(out, ind->unit);
    buf_printf(out, "%s%s；", *ind->unit ? "；" : "", statistic_label(ind->statistic));
    latex_text(out, l->label);
    buf_puts(out, "，");
    latex_text(out, l->evidence);
    buf_puts(out, "）");
    latex_text(out, *ind->group ? "各选项分别计算" : ind->definition);
    buf_puts(out, *ind->group || *ind->definition ? "。" : "");
    put_questions(out, t, ind);
    if (*ind->source) {
        buf_puts(out, "依据：");
        latex_text(out, ind->source);
        buf_puts(out, "。");
    }
    buf_puts(out, "}");
}

static const char *index_method(const struct ranking *k)
{
    return strcmp(k->kind, "topsis") == 0     ? "TOPSIS法，各指标离最好和最差的距离"
           : strcmp(k->kind, "coupling") == 0 ? "各系统极差标准化后加权，算耦合协调度"
                                              : "各指标极差标准化后加权平均";
}

static const char *weights_method(const struct ranking *k)
{
    return strcmp(k->weights, "equal") == 0                     ? "等权"
           : strcmp(k->weights, "ahp") == 0                     ? "层次分析法"
           : !*k->weights || strcmp(k->weights, "entropy") == 0 ? "熵权法"
                                                                : "事先给定";
}

/* What a ranked index is made of, and with which weights. */
static void put_index(struct buf *out, const struct results *r, const struct ranking *k)
{
    buf_printf(out, "\n\\definition{index:%s}{", k->name);
    latex_text(out, k->label);
    buf_printf(out, "}{（指数；%s；权数：%s）由", index_method(k), weights_method(k));
    for (int i = 0; i < k->indicator_count; i++) {
        struct buf part = {0};
        buf_printf(&part, "weight:%s", k->indicators[i]->name);
        const struct index_figure *weight = rankings_figure(&r->rankings, k->name, "", part.text);
        buf_puts(out, i ? "、" : "");
        latex_text(out, k->indicators[i]->label);
        buf_puts(out, "（");
        if (weight && *weight->text)
            latex_text(out, weight->text);
        else
            decimal_put(out, weight ? weight->value : NAN, 3, r->rounding);
        buf_puts(out, "）");
        buf_free(&part);
    }
    buf_puts(out, "合成，括号内是权数。}");
}

static void put_definitions(struct buf *out, const struct results *r, int *number)
{
    const struct topic *t = r->topic;
    buf_printf(out, "\\annex{%d}{指标解释}\n{\\exhibitfont\\raggedright\n", ++*number);
    for (int i = 0; i < t->indicator_count; i++)
        put_definition(out, t, i);
    for (int i = 0; i < r->rankings.count; i++)
        if (r->rankings.items[i].count)
            put_index(out, r, &r->rankings.items[i]);
    buf_puts(out, "\n\\par}\n");
}

/* ---- signs --------------------------------------------------------------------------------- */

static void put_signs(struct buf *out, const struct results *r, int *number)
{
    buf_printf(out, "\\annex{%d}{符号说明}\n{\\xiaosi\n", ++*number);
    buf_puts(out, "“—”表示不适用或没有数据。\\par\n");
    if (any_sampled(r->topic)) {
        buf_puts(out, "“（　）”括号内的数误差较大，仅供参考。\\par\n"
                      "“※”表示样本过少或误差过大，不予公布。\\par\n"
                      "“～”连接");
        put_confidence(out, r->topic);
        buf_puts(out, "\\%置信区间的两端。\\par\n"
                      "“样本量”是参加该项计算的样本数，没有加权；一行中各指标的样本量不同的，写出最"
                      "少和最多。\\par\n"
                      "“相对标准误”是标准误与估计值之比。\\par\n");
    }
    buf_puts(
        out,
        "“抽样”“普查”“部门”“典型”是资料的性质：“抽样”按概率抽样调查推算，有误差；“普查”是全部单位"
        "的填报；“部门”是有关部门填报的数字，未经抽样核对；“典型”是有意选取的例子，不代表总体。\\pa"
        "r\n"
        "各项相加与合计不等的，是四舍五入，或有的记录没有填报、退回了分组的题造成的，未作调整。\\par\n}\n");
}

int annexes_write(struct buf *out, struct macros *m, int *number)
{
    int rc = put_method(out, m, number);
    put_quality(out, m->results, number);
    put_definitions(out, m->results, number);
    put_signs(out, m->results, number);
    return rc;
}
