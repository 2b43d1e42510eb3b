/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/design.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- words and numbers of sheet design ---------------------------------------------------------
 */

static struct place at_design(const struct topic *t, const char *name)
{
    return (struct place){t->path, "design", 0, name, topic_design(t, name)};
}

static struct names split(struct arena *a, const char *text)
{
    struct names n = {arena_alloc(a, (strlen(text) / 2 + 2) * sizeof *n.items), 0};
    char *copy = arena_strdup(a, text);
    for (char *save, *p = strtok_r(copy, " \t", &save); p; p = strtok_r(NULL, " \t", &save))
        n.items[n.count++] = p;
    return n;
}

static struct names names_of(struct design *d, const char *name)
{
    return split(&d->arena, topic_design(d->topic, name));
}

/* A number of the sheet; `otherwise` when the cell is empty. */
static int number_of(const struct topic *t, const char *name, double otherwise, double *out)
{
    const char *text = topic_design(t, name);
    char *end = NULL;
    *out = *text ? strtod(text, &end) : otherwise;
    return *text && *end ? error_at(at_design(t, name), "应为数字") : 0;
}

static int yes_or_no(const struct topic *t, const char *name, bool otherwise, bool *out)
{
    const char *text = topic_design(t, name);
    bool yes = strcmp(text, "yes") == 0;
    *out = *text ? yes : otherwise;
    return *text && !yes && strcmp(text, "no") != 0
               ? error_at(at_design(t, name), "只能写 yes 或 no")
               : 0;
}

/* Two numbers, low and high, as in "0.5 2"; `-` for an end that is open. */
static int ends_of(struct design *d, const char *name, double *low, double *high)
{
    struct names n = names_of(d, name);
    double *ends[] = {low, high};
    *low = -INFINITY;
    *high = INFINITY;
    if (n.count == 0)
        return 0;
    bool good = n.count == 2;
    for (int i = 0; good && i < 2; i++) {
        char *end;
        if (strcmp(n.items[i], "-") == 0)
            continue;
        *ends[i] = strtod(n.items[i], &end);
        good = *end == '\0';
    }
    return good && *low < *high ? 0
                                : error_at(at_design(d->topic, name),
                                           "要写下限和上限两个数，如 0.5 2；没有下限时写 - 2");
}

/* ---- the parts ---------------------------------------------------------------------------------
 */

/* A level that was sampled needs a design. */
static int check_levels(const struct design *d)
{
    const struct topic *t = d->topic;
    for (int l = 0; l < t->level_count; l++)
        if (t->levels[l].sampled && !d->plain && !*topic_design(t, "frame"))
            return error("%s：%s的资料性质是抽样，design 表却没有写抽样设计：有抽样框的写 frame，"
                         "没有的写 weight、probability 或 fpc",
                         t->path, t->levels[l].label);
    return 0;
}

static int read_stages(struct design *d)
{
    const struct topic *t = d->topic;
    d->cluster = names_of(d, "cluster");
    d->strata = names_of(d, "strata");
    d->fpc = names_of(d, "fpc");
    d->weight = names_of(d, "weight");
    d->probability = names_of(d, "probability");
    d->replicate_weights = names_of(d, "replicate_weights");
    d->plain = !*topic_design(t, "frame") &&
               (d->cluster.count || d->strata.count || d->fpc.count || d->weight.count ||
                d->probability.count || d->replicate_weights.count);
    int rc = yes_or_no(t, "nest", false, &d->nest) | check_levels(d);
    const char *pps = topic_design(t, "pps");
    d->brewer = strcmp(pps, "brewer") == 0;
    if (*pps && !d->brewer)
        rc |= error_at(at_design(t, "pps"), "只能写 brewer；有放回的不等概率抽样只写 probability");
    if (d->weight.count && d->probability.count)
        rc |= error_at(at_design(t, "probability"), "weight 和 probability 只能写一个");
    int stages = d->cluster.count ? d->cluster.count : 1;
    if (stages > STAGES_MOST)
        rc |= error_at(at_design(t, "cluster"), "抽样最多%d个阶段", STAGES_MOST);
    if (d->fpc.count && d->fpc.count != stages)
        rc |= error_at(at_design(t, "fpc"),
                       "cluster 写了%d个阶段，fpc 要写同样多栏（某阶段有放回时，该栏填 Inf）",
                       stages);
    if (d->plain && !d->weight.count && !d->probability.count && !d->fpc.count)
        rc |= error_at(at_design(t, "weight"), "没有权数：请写 weight、probability 或 fpc");
    const char *lonely = topic_design(t, "lonely_psu");
    int policy = *lonely ? lonely_policy(lonely) : LONELY_FAIL;
    if (policy < 0)
        rc |= error("%s：design 表的 lonely_psu 是“%s”，只能写 fail、remove、certainty、adjust、"
                    "average",
                    t->path, lonely);
    d->lonely = policy < 0 ? LONELY_FAIL : (enum lonely)policy;
    return rc;
}

static int read_rscales(struct design *d)
{
    struct names n = names_of(d, "replicate_rscales");
    double *numbers = arena_alloc(&d->arena, (size_t)(n.count + 1) * sizeof *numbers);
    int rc = 0;
    for (int i = 0; i < n.count; i++) {
        char *end;
        numbers[i] = strtod(n.items[i], &end);
        if (*end || numbers[i] < 0)
            rc = error_at(at_design(d->topic, "replicate_rscales"), "应为不小于0的数，用空格隔开");
    }
    d->replicates.rscales = numbers;
    d->replicates.rscale_count = n.count;
    return rc;
}

static int read_replicates(struct design *d)
{
    const struct topic *t = d->topic;
    struct replicate_plan *p = &d->replicates;
    const char *type = topic_design(t, "replicates");
    int known = *type ? replicate_type_by_name(type) : REPLICATE_NONE;
    if (known < 0)
        return error_at(at_design(t, "replicates"),
                        "只能写 JK1、JKn、BRR、Fay、bootstrap；数据给出复制权数时还可写 JK2、ACS、"
                        "successive-difference、other");
    p->type = (enum replicate_type)known;
    if (d->replicate_weights.count && p->type == REPLICATE_NONE)
        return error_at(at_design(t, "replicates"), "有 replicate_weights 时要写明复制的类型");
    double count, seed;
    int rc = number_of(t, "fay_rho", 0.5, &p->rho);
    rc |= number_of(t, "replicate_count", 200, &count);
    rc |= number_of(t, "seed", 20250101, &seed);
    rc |= number_of(t, "replicate_scale", NAN, &p->scale);
    rc |= yes_or_no(t, "replicate_mse", false, &p->mse);
    rc |= yes_or_no(t, "replicate_combined", true, &d->combined);
    rc |= read_rscales(d);
    if (!(p->rho >= 0 && p->rho < 1))
        rc |= error_at(at_design(t, "fay_rho"), "应不小于0、小于1");
    if (!(count >= 2 && count <= 10000))
        rc |= error_at(at_design(t, "replicate_count"), "应在2到10000之间");
    p->count = (int)count;
    p->seed = seed >= 0 && seed < 4e9 ? (unsigned long)seed : 0;
    p->generator = *topic_design(t, "generator") ? topic_design(t, "generator") : "mt19937";
    return rc;
}

/* ---- calibration -------------------------------------------------------------------------------
 */

static int read_margin(struct design *d, const struct wsheet *s, int r, struct margin *m)
{
    const char *value = wsheet_get(s, r, "value"), *total = wsheet_get(s, r, "total");
    const char *variable = wsheet_get(s, r, "variable");
    char *end;
    m->questions = split(&d->arena, strcmp(variable, "all") == 0 ? "" : variable);
    m->answers = split(&d->arena, value);
    m->total = strtod(total, &end);
    m->label = *value ? arena_printf(&d->arena, "%s=%s", variable, value) : variable;
    int rc = 0;
    if (!*variable)
        rc |= error_at(wsheet_place(s, r, "variable"), "要写题名，全部记录写 all");
    if (!*total || *end || !isfinite(m->total))
        rc |= error_at(wsheet_place(s, r, "total"), "应为数字（总体中的个数或总量）");
    if (m->answers.count && m->answers.count != m->questions.count)
        rc |= error_at(wsheet_place(s, r, "value"), "有%d道题，就要写%d个答案的编码，用空格隔开",
                       m->questions.count, m->questions.count);
    if (!m->answers.count && m->questions.count > 1)
        rc |= error_at(wsheet_place(s, r, "value"), "几道题交叉时要写各题答案的编码");
    return rc;
}

static bool same_names(const struct names *a, const struct names *b)
{
    bool same = a->count == b->count;
    for (int i = 0; same && i < a->count; i++)
        same = strcmp(a->items[i], b->items[i]) == 0;
    return same;
}

static void note_variable(struct design *d, const struct margin *m)
{
    for (int i = 0; i < d->margin_variable_count; i++)
        if (same_names(&d->margin_variables[i], &m->questions))
            return;
    if (m->answers.count)
        d->margin_variables[d->margin_variable_count++] = m->questions;
}

static int read_margins(struct design *d)
{
    static const char *const heads[] = {"variable", "value", "total", "note", NULL};
    const struct wsheet *s = workbook_sheet(d->topic->book, "margins");
    if (!s)
        return 0;
    wsheet_check_heads(s, heads);
    d->margins = arena_alloc(&d->arena, (size_t)(s->row_count + 1) * sizeof *d->margins);
    d->margin_variables =
        arena_alloc(&d->arena, (size_t)(s->row_count + 1) * sizeof *d->margin_variables);
    int rc = 0;
    for (int r = 0; r < s->row_count; r++) {
        rc |= read_margin(d, s, r, &d->margins[d->margin_count]);
        note_variable(d, &d->margins[d->margin_count++]);
    }
    return rc;
}

/* What a method asks of the margins and bounds. */
static int check_calibration(const struct design *d)
{
    const struct topic *t = d->topic;
    const struct calibration_rule *c = &d->calibration;
    if (c->method == CALIBRATE_NONE)
        return d->margin_count
                   ? error_at(at_design(t, "calibration"), "有 margins 表，请写明校准的方法")
                   : 0;
    if (d->margin_count == 0)
        return error_at(at_design(t, "calibration"), "缺少 margins 表（各类的总数）");
    if (c->method == CALIBRATE_LOGIT && !(isfinite(c->low) && isfinite(c->high)))
        return error_at(at_design(t, "calibration_bounds"), "logit 要写上下限，如 0.5 2");
    if ((isfinite(c->low) && c->low >= 1) || (isfinite(c->high) && c->high <= 1))
        return error_at(at_design(t, "calibration_bounds"), "下限要小于1，上限要大于1");
    if (c->method == CALIBRATE_POSTSTRATIFY && d->margin_variable_count != 1)
        return error_at(at_design(t, "calibration"),
                        "事后分层（poststratify）的 margins 表只能有一组题；几组题请用 raking");
    return 0;
}

static int read_calibration(struct design *d)
{
    const struct topic *t = d->topic;
    int method = calibration_by_name(topic_design(t, "calibration"));
    if (method < 0)
        return error_at(at_design(t, "calibration"),
                        "只能写 poststratify、raking、rake、linear、logit、none");
    double iterations;
    d->calibration.method = (enum calibration_method)method;
    int rc = ends_of(d, "calibration_bounds", &d->calibration.low, &d->calibration.high);
    rc |= number_of(t, "calibration_epsilon", 1e-7, &d->calibration.epsilon);
    rc |= number_of(t, "calibration_iterations", 50, &iterations);
    rc |= ends_of(d, "trim", &d->trim_low, &d->trim_high);
    rc |= yes_or_no(t, "trim_strict", false, &d->trim_strict);
    rc |= read_margins(d);
    d->calibration.iterations = (int)iterations;
    d->respondent = topic_design(t, "respondent");
    d->response_class = names_of(d, "response_class");
    if (rc == 0)
        rc = check_calibration(d);
    return rc;
}

struct design *design_read(const struct topic *t)
{
    struct design *d = must_alloc(sizeof *d);
    d->topic = t;
    int rc = read_stages(d);
    rc |= read_replicates(d);
    rc |= read_calibration(d);
    if (rc == 0)
        return d;
    design_free(d);
    return NULL;
}

void design_free(struct design *d)
{
    if (!d)
        return;
    arena_free(&d->arena);
    free(d);
}

int design_stages(const struct design *d)
{
    return d->plain && d->fpc.count ? d->fpc.count : 1;
}

/* ---- questions of a form -----------------------------------------------------------------------
 */

/* "0" and "1" in `cluster` stand for the record itself, as in R's formulas. */
static bool is_record(const char *name)
{
    return strcmp(name, "1") == 0 || strcmp(name, "0") == 0;
}

static int add_question(struct design *d, const struct level *l, const char *row, const char *name,
                        struct question_list *out)
{
    const struct question *q = form_question(l->form, name);
    if (!q || q->repeat >= 0)
        return error_at(at_design(d->topic, row), "问卷 %s 的主表中没有题目 %s", l->form_name,
                        name);
    for (int i = 0; i < out->count; i++)
        if (out->items[i] == q->index && strcmp(row, "margins") == 0)
            return 0;
    out->items[out->count++] = q->index;
    return 0;
}

static int add_questions(struct design *d, const struct level *l, const char *row,
                         const struct names *names, struct question_list *out)
{
    int rc = 0;
    *out = (struct question_list){
        arena_alloc(&d->arena, (size_t)(names->count + 1) * sizeof *out->items), 0};
    for (int i = 0; i < names->count; i++)
        if (strcmp(row, "cluster") == 0 && is_record(names->items[i]))
            out->items[out->count++] = -1;
        else
            rc |= add_question(d, l, row, names->items[i], out);
    return rc;
}

/* "repw*" fits repw1: one * stands for any text. */
static bool fits(const char *pattern, const char *name)
{
    const char *star = strchr(pattern, '*');
    if (!star)
        return strcmp(pattern, name) == 0;
    return strncmp(pattern, name, (size_t)(star - pattern)) == 0 &&
           strlen(name) >= strlen(pattern) - 1 && ends_with(name, star + 1);
}

static int add_replicates(struct design *d, const struct level *l, struct question_list *out)
{
    const struct form *f = l->form;
    *out = (struct question_list){
        arena_alloc(&d->arena, (size_t)(f->question_count + 1) * sizeof *out->items), 0};
    for (int p = 0; p < d->replicate_weights.count; p++) {
        int before = out->count;
        for (int i = 0; i < f->question_count && out->count < f->question_count; i++)
            if (f->questions[i].repeat < 0 && question_has_data(&f->questions[i]) &&
                fits(d->replicate_weights.items[p], f->questions[i].name))
                out->items[out->count++] = i;
        if (out->count == before)
            return error_at(at_design(d->topic, "replicate_weights"), "问卷 %s 中没有题目 %s",
                            l->form_name, d->replicate_weights.items[p]);
    }
    if (d->replicate_weights.count && out->count < 2)
        return error_at(at_design(d->topic, "replicate_weights"), "复制权数至少要有两列");
    return 0;
}

/* With a frame, a form without the questions of the margins keeps its weights. */
static bool has_margins(const struct design *d, const struct level *l)
{
    for (int v = 0; v < d->margin_count; v++)
        for (int i = 0; i < d->margins[v].questions.count; i++)
            if (!form_question(l->form, d->margins[v].questions.items[i]))
                return false;
    return d->margin_count > 0;
}

static int add_margins(struct design *d, const struct level *l, struct design_columns *out)
{
    size_t most = (size_t)l->form->question_count + 1;
    out->classes = (struct question_list){arena_alloc(&d->arena, most * sizeof(int)), 0};
    out->numbers = (struct question_list){arena_alloc(&d->arena, most * sizeof(int)), 0};
    int rc = 0;
    out->calibrated = d->margin_count && (d->plain || has_margins(d, l));
    for (int m = 0; out->calibrated && m < d->margin_count; m++)
        for (int i = 0; i < d->margins[m].questions.count; i++)
            rc |= add_question(d, l, "margins", d->margins[m].questions.items[i],
                               d->margins[m].answers.count ? &out->classes : &out->numbers);
    for (int i = 0; i < d->response_class.count; i++)
        rc |= add_question(d, l, "margins", d->response_class.items[i], &out->classes);
    return rc;
}

int design_columns(struct design *d, const struct level *l, struct design_columns *out)
{
    *out = (struct design_columns){.weight_matters = false};
    int rc = 0;
    if (d->plain) {
        rc |= add_questions(d, l, "cluster", &d->cluster, &out->cluster);
        rc |= add_questions(d, l, "strata", &d->strata, &out->strata);
        rc |= add_questions(d, l, "fpc", &d->fpc, &out->fpc);
        rc |= add_questions(d, l, "weight", &d->weight, &out->weight);
        rc |= add_questions(d, l, "probability", &d->probability, &out->probability);
        rc |= add_replicates(d, l, &out->replicates);
    }
    rc |= add_margins(d, l, out);
    out->weight_matters = isfinite(d->trim_low) || isfinite(d->trim_high) ||
                          d->calibration.method == CALIBRATE_RAKE ||
                          (out->replicates.count && d->combined);
    if (*d->respondent)
        out->respondent =
            expr_compile(d->respondent, l->form, -1, at_design(d->topic, "respondent"));
    return rc < 0 || (*d->respondent && !out->respondent) ? -1 : 0;
}
