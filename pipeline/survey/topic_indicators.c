/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sheet `indicators`.
 */
#include "survey/topic_private.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum statistic statistic;
} STATISTICS[] = {{"total", STAT_TOTAL},
                  {"mean", STAT_MEAN},
                  {"prop", STAT_SHARE},
                  {"ratio", STAT_RATIO},
                  {"median", STAT_MEDIAN},
                  {"variance", STAT_VARIANCE},
                  {"gini", STAT_GINI},
                  {"theil_t", STAT_THEIL_T},
                  {"theil_l", STAT_THEIL_L},
                  {"fgt0", STAT_FGT},
                  {"fgt1", STAT_FGT},
                  {"fgt2", STAT_FGT},
                  {NULL, 0}};

/* What identifies a person stays out of all results. */
static int refuse_personal(const struct form *f, const struct expr *e, struct place at)
{
    int count;
    const int *named = expr_references(e, &count);
    for (int i = 0; i < count; i++)
        if (f->questions[named[i]].personal)
            return error_at(at, "题目 %s 是个人信息，不能用来计算指标",
                            f->questions[named[i]].name);
    return 0;
}

static struct expr *compile_cell(const struct topic *t, const struct wsheet *s, int r,
                                 const char *head, int level, int *rc)
{
    const char *text = wsheet_get(s, r, head);
    if (!*text)
        return NULL;
    const struct level *l = &t->levels[level];
    struct expr *e = expr_compile(text, l->form, l->repeat, wsheet_place(s, r, head));
    if (!e || refuse_personal(l->form, e, wsheet_place(s, r, head)) < 0)
        *rc = -1;
    return e;
}

bool statistic_needs_values(enum statistic s)
{
    return s == STAT_MEDIAN || s == STAT_QUANTILE || s == STAT_GINI || s == STAT_LORENZ;
}

/* Whether a statistic has a second expression, in the column denominator. */
static bool statistic_has_denominator(enum statistic s)
{
    return s == STAT_RATIO || s == STAT_FGT;
}

/* The number from 1 to 99 of p25 or lorenz25, whose word is given; 0 for another text. */
static int percent_of(const char *text, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(text, word, n) != 0)
        return 0;
    size_t digits = strspn(text + n, "0123456789");
    bool good = (digits == 1 || digits == 2) && text[n + digits] == '\0' && text[n] != '0';
    return good ? atoi(text + n) : 0;
}

static int read_statistic(const struct wsheet *s, int r, struct indicator *out)
{
    out->statistic_name = wsheet_get(s, r, "statistic");
    for (int i = 0; STATISTICS[i].name; i++)
        if (strcmp(STATISTICS[i].name, out->statistic_name) == 0) {
            out->statistic = STATISTICS[i].statistic;
            out->quantile = out->statistic == STAT_MEDIAN ? 0.5 : 0;
            out->power = out->statistic == STAT_FGT ? atoi(out->statistic_name + 3) : 0;
            return 0;
        }
    int percentile = percent_of(out->statistic_name, "p");
    int ordinate = percent_of(out->statistic_name, "lorenz");
    if (percentile || ordinate) {
        out->statistic = percentile ? STAT_QUANTILE : STAT_LORENZ;
        out->quantile = (percentile + ordinate) / 100.0;
        return 0;
    }
    return error_at(
        wsheet_place(s, r, "statistic"),
        "统计量只能是 total、mean、prop、ratio、median、p1 至 p99（百分位数）、variance、"
        "categories、counts、gini、theil_t、theil_l、fgt0 至 fgt2（贫困）、lorenz1 至 lorenz99");
}

static int number_cell(const struct wsheet *s, int r, const char *head, double otherwise,
                       double *out)
{
    const char *text = wsheet_get(s, r, head);
    char *end = NULL;
    *out = *text ? strtod(text, &end) : otherwise;
    return *text && *end ? error_at(wsheet_place(s, r, head), "应为数字") : 0;
}

/* The parts that a plain indicator and a category of a select question share. */
static int read_common(struct topic *t, const struct wsheet *s, int r, struct indicator *out)
{
    double decimals;
    *out = (struct indicator){.name = wsheet_get(s, r, "name"),
                              .label = wsheet_get(s, r, "label"),
                              .unit = wsheet_get(s, r, "unit"),
                              .short_label = wsheet_get(s, r, "short"),
                              .better = wsheet_get(s, r, "better"),
                              .definition = wsheet_get(s, r, "definition"),
                              .source = wsheet_get(s, r, "source"),
                              .group = "",
                              .group_label = "",
                              .row = s->rows[r].no};
    if (!*out->short_label)
        out->short_label = out->label;
    const struct level *l = topic_level(t, wsheet_get(s, r, "level"));
    if (!l)
        return error_at(wsheet_place(s, r, "level"), "instruments 表中没有这个层次");
    out->level = (int)(l - t->levels);
    const char *statistic = wsheet_get(s, r, "statistic");
    if (l->sampled && l->stage == 3 &&
        (strcmp(statistic, "total") == 0 || strcmp(statistic, "counts") == 0))
        return error_at(
            wsheet_place(s, r, "statistic"),
            "层次 %s 是再抽的一部分（stage 3），不能推算总量，只能算比例、比率、平均数等", l->name);
    int rc = number_cell(s, r, "scale", 1, &out->scale);
    rc |= number_cell(s, r, "decimals", 0, &decimals);
    out->decimals = (int)decimals;
    return rc;
}

static int read_indicator(struct topic *t, const struct wsheet *s, int r)
{
    struct indicator *out = &t->indicators[t->indicator_count];
    if (read_common(t, s, r, out) < 0 || read_statistic(s, r, out) < 0)
        return -1;
    int rc = 0;
    if (!*wsheet_get(s, r, "expression"))
        rc |= error_at(wsheet_place(s, r, "expression"), "缺少算式");
    if (statistic_has_denominator(out->statistic) != (*wsheet_get(s, r, "denominator") != '\0'))
        rc |= error_at(wsheet_place(s, r, "denominator"),
                       "比率（ratio）要写分母，fgt0 至 fgt2 要写贫困线，其他统计量不写");
    out->expression_text = wsheet_get(s, r, "expression");
    out->denominator_text = wsheet_get(s, r, "denominator");
    out->universe_text = wsheet_get(s, r, "universe");
    out->expression = compile_cell(t, s, r, "expression", out->level, &rc);
    out->denominator = compile_cell(t, s, r, "denominator", out->level, &rc);
    out->universe = compile_cell(t, s, r, "universe", out->level, &rc);
    t->indicator_count++;
    return rc;
}

/* `categories` makes one share for every choice of a select question, named <name>.<code>, of
 * those who answered it; `counts` makes totals in the same way. */
static bool is_categories(const struct wsheet *s, int r)
{
    const char *statistic = wsheet_get(s, r, "statistic");
    return strcmp(statistic, "categories") == 0 || strcmp(statistic, "counts") == 0;
}

static int read_categories(struct topic *t, const struct wsheet *s, int r)
{
    struct indicator common;
    if (read_common(t, s, r, &common) < 0)
        return -1;
    const struct level *l = &t->levels[common.level];
    const char *name = wsheet_get(s, r, "expression");
    const struct question *q = form_question(l->form, name);
    if (!q || !q->list || q->repeat != l->repeat)
        return error_at(wsheet_place(s, r, "expression"), "本层次没有名为 %s 的选择题", name);
    const char *also = wsheet_get(s, r, "universe");
    const char *universe =
        arena_printf(&t->arena, *also ? "${%s} != '' and (%s)" : "${%s} != ''", name, also);
    struct place at = wsheet_place(s, r, "expression");
    bool share = strcmp(wsheet_get(s, r, "statistic"), "categories") == 0;
    for (int c = 0; c < q->list->count; c++) {
        struct indicator *out = &t->indicators[t->indicator_count++];
        const char *code = q->list->choices[c].name;
        *out = common;
        out->statistic = share ? STAT_SHARE : STAT_TOTAL;
        out->statistic_name = share ? "prop" : "total";
        out->name = arena_printf(&t->arena, "%s.%s", common.name, code);
        out->group = common.name;
        out->group_label = common.label;
        out->label = out->short_label = q->list->choices[c].label;
        out->definition = arena_printf(&t->arena, "%s：%s", common.label, out->label);
        out->expression_text = arena_printf(
            &t->arena, share ? "selected(${%s}, '%s')" : "if(selected(${%s}, '%s'), 1, 0)", name,
            code);
        out->denominator_text = "";
        out->universe_text = universe;
        out->expression = expr_compile(out->expression_text, l->form, l->repeat, at);
        out->universe = expr_compile(universe, l->form, l->repeat, at);
        if (!out->expression || !out->universe)
            return -1;
    }
    return 0;
}

/* An upper bound of the indicators that the sheet makes. */
static int count_indicators(const struct topic *t, const struct wsheet *s)
{
    int longest = 1;
    for (int f = 0; f < t->form_count; f++)
        for (int l = 0; l < t->forms[f]->list_count; l++)
            if (t->forms[f]->lists[l].count > longest)
                longest = t->forms[f]->lists[l].count;
    int n = 0;
    for (int r = 0; r < s->row_count; r++)
        n += is_categories(s, r) ? longest : 1;
    return n;
}

int topic_read_indicators(struct topic *t)
{
    static const char *const heads[] = {"name",      "label",      "unit",        "level",
                                        "statistic", "expression", "denominator", "universe",
                                        "scale",     "decimals",   "better",      "definition",
                                        "source",    "short",      "note",        NULL};
    const struct wsheet *s = workbook_sheet(t->book, "indicators");
    if (!s)
        return error("%s：缺少工作表 indicators（指标）", t->path);
    wsheet_check_heads(s, heads);
    t->indicators = arena_alloc(&t->arena, (size_t)count_indicators(t, s) * sizeof *t->indicators);
    int rc = 0;
    struct map seen = {0};
    for (int r = 0; r < s->row_count; r++) {
        if (!map_add(&seen, wsheet_get(s, r, "name"), r))
            rc |= error_at(wsheet_place(s, r, "name"), "指标名重复");
        rc |= is_categories(s, r) ? read_categories(t, s, r) : read_indicator(t, s, r);
    }
    map_free(&seen);
    return rc;
}

const struct indicator *topic_indicator(const struct topic *t, const char *name)
{
    for (int i = 0; i < t->indicator_count; i++)
        if (strcmp(t->indicators[i].name, name) == 0)
            return &t->indicators[i];
    return NULL;
}
