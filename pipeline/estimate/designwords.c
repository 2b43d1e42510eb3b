/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/designwords.h"

#include <math.h>
#include <string.h>

static bool by_probabilities(const struct design *d)
{
    return d->brewer || (!d->plain && strcmp(topic_design(d->topic, "variance"), "brewer") == 0);
}

static bool has_populations(const struct design *d)
{
    return d->plain ? d->fpc.count > 0
                    : strcmp(topic_design(d->topic, "variance"), "without_replacement") == 0;
}

static void put_sampling(struct buf *out, const struct design *d)
{
    bool strata = !d->plain || d->strata.count;
    buf_puts(out, strata ? "分层，" : "不分层，");
    if (!d->plain)
        buf_puts(out, "以样本村等初级抽样单位为群，");
    else if (d->cluster.count > 1 && has_populations(d))
        buf_printf(out, "%d个阶段，", d->cluster.count);
    if (by_probabilities(d))
        buf_puts(out, "不等概率、无放回，用 Brewer 近似");
    else if (has_populations(d))
        buf_puts(out, design_stages(d) > 1 ? "各阶段都作有限总体校正" : "第一阶段作有限总体校正");
    else
        buf_puts(out, "有放回");
}

static void put_lonely(struct buf *out, const struct design *d)
{
    static const char *const words[] = {
        [LONELY_FAIL] = "有一层只有一个样本单位的，不给误差",
        [LONELY_REMOVE] = "只有一个样本单位的层不计入误差",
        [LONELY_CERTAINTY] = "只有一个样本单位的层，其单位作必选，不计入误差",
        [LONELY_ADJUST] = "只有一个样本单位的层，其单位与总平均数相比计入误差",
        [LONELY_AVERAGE] = "只有一个样本单位的层，按其他层的平均计入误差",
    };
    buf_printf(out, "%s。", words[d->lonely]);
}

static void put_replicates(struct buf *out, const struct design *d)
{
    const struct replicate_plan *p = &d->replicates;
    buf_printf(out, "标准误用复制权数法（%s）计算，", topic_design(d->topic, "replicates"));
    if (d->replicate_weights.count)
        buf_puts(out, "复制权数由数据给出，");
    else if (p->type == REPLICATE_BOOTSTRAP)
        buf_printf(out, "每层n个样本单位有放回地抽n−1个，重复%d次，随机数用 GSL 的 %s，种子%lu，",
                   p->count, p->generator, p->seed);
    else if (p->type == REPLICATE_FAY)
        buf_printf(out, "Fay 系数%g，", p->rho);
    buf_puts(out, "自由度为复制权数的秩减1；");
}

static void put_calibration(struct buf *out, const struct design *d)
{
    static const char *const words[] = {
        [CALIBRATE_POSTSTRATIFY] = "事后分层",
        [CALIBRATE_RAKE] = "迭代比例法（raking）",
        [CALIBRATE_RAKING] = "迭代比例法（raking）",
        [CALIBRATE_LINEAR] = "线性校准（广义回归）",
        [CALIBRATE_LOGIT] = "logit 校准",
    };
    const struct calibration_rule *c = &d->calibration;
    if (*d->respondent)
        buf_puts(out, "没有答成的单位，由同一类中答成的单位补足权数。");
    if (c->method != CALIBRATE_NONE) {
        buf_printf(out, "权数用%s与已知的%d个总数取得一致", words[c->method], d->margin_count);
        if (isfinite(c->low) || isfinite(c->high))
            buf_printf(out, "，调整系数限在%s之间", topic_design(d->topic, "calibration_bounds"));
        buf_puts(out, "，误差按校准后的残差计算。");
    }
    if (isfinite(d->trim_low) || isfinite(d->trim_high))
        buf_printf(out, "权数按界限（%s）截尾。", topic_design(d->topic, "trim"));
}

void design_words(struct buf *out, const struct design *d)
{
    if (d->replicates.type == REPLICATE_NONE) {
        buf_puts(out, "标准误按抽样设计用泰勒线性化法计算（");
        put_sampling(out, d);
        buf_puts(out, "），自由度为有样本的群数减层数；");
    } else {
        put_replicates(out, d);
    }
    put_lonely(out, d);
    put_calibration(out, d);
}

static void put_formula(struct buf *out, const char *argument, const struct names *n)
{
    if (n->count == 0)
        return;
    buf_printf(out, ", %s = ~", argument);
    for (int i = 0; i < n->count; i++)
        buf_printf(out, i ? " + %s" : "%s", n->items[i]);
}

void design_in_r(struct buf *out, const struct design *d)
{
    if (!d->plain || d->replicate_weights.count)
        return;
    buf_puts(out, "survey::svydesign(data = d");
    if (d->cluster.count)
        put_formula(out, "ids", &d->cluster);
    else
        buf_puts(out, ", ids = ~1");
    put_formula(out, "strata", &d->strata);
    put_formula(out, "fpc", &d->fpc);
    put_formula(out, "weights", &d->weight);
    put_formula(out, "probs", &d->probability);
    buf_puts(out, d->nest ? ", nest = TRUE" : "");
    buf_puts(out, d->brewer ? ", pps = \"brewer\")" : ")");
}
