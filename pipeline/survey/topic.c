/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/topic.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- where the topic stands ------------------------------------------------------------- */

/* Cuts the last component off `path` and returns it, arena-owned: "a/b" gives "b" and leaves
 * "a"; "b" leaves "". */
static const char *cut_component(struct arena *a, char *path)
{
    char *slash = strrchr(path, '/');
    const char *last = arena_strdup(a, slash ? slash + 1 : path);
    *(slash ? slash : path) = '\0';
    return last;
}

static int locate(struct topic *t, const char *path)
{
    char *real = realpath(path, NULL);
    if (!real)
        return error("找不到课题工作簿 %s。请检查 plan= 和 topic= 是否写对", path);
    int slashes = 0;
    for (const char *p = path; *p; p++)
        slashes += *p == '/';
    /* A path given from the root of the project stays relative, so that messages are short. */
    char *rest = arena_strdup(&t->arena, slashes >= 3 ? path : real);
    free(real);
    cut_component(&t->arena, rest);
    t->folder = arena_strdup(&t->arena, rest);
    t->number = cut_component(&t->arena, rest);
    t->plan = cut_component(&t->arena, rest);
    cut_component(&t->arena, rest);
    t->root = *rest ? arena_strdup(&t->arena, rest) : ".";
    t->path = arena_strdup(&t->arena, path);
    return 0;
}

const char *topic_file(struct topic *t, const char *name)
{
    return arena_printf(&t->arena, "%s/%s", t->folder, name);
}

/* ---- name/value sheets ------------------------------------------------------------------ */

static const char *const NAME_VALUE_HEADS[] = {"name", "value", "note", NULL};

/* Appends the rows of a name/value sheet; a name that is there already wins, so that the topic
 * is read before the plan. */
static int read_settings(struct topic *t, const struct workbook *w, const char *sheet,
                         struct setting **items, int *count)
{
    const struct wsheet *s = workbook_sheet(w, sheet);
    if (!s)
        return 0;
    wsheet_check_heads(s, NAME_VALUE_HEADS);
    int before = *count, rc = 0;
    struct setting *all = arena_alloc(&t->arena, (size_t)(before + s->row_count) * sizeof *all);
    if (before)
        memcpy(all, *items, (size_t)before * sizeof *all);
    for (int r = 0; r < s->row_count; r++) {
        struct setting one = {wsheet_get(s, r, "name"), wsheet_get(s, r, "value")};
        bool known = false;
        for (int i = 0; i < *count && !known; i++) {
            known = strcmp(all[i].name, one.name) == 0;
            if (known && i >= before)
                rc = error_at(wsheet_place(s, r, "name"), "名称重复，请删去一行");
        }
        if (!known)
            all[(*count)++] = one;
    }
    *items = all;
    return rc;
}

static const char *lookup(const struct setting *items, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(items[i].name, name) == 0)
            return items[i].value;
    return "";
}

const char *topic_setting(const struct topic *t, const char *name)
{
    return lookup(t->settings, t->setting_count, name);
}

const char *topic_design(const struct topic *t, const char *name)
{
    return lookup(t->design, t->design_count, name);
}

const char *topic_rule(const struct topic *t, const char *name)
{
    return lookup(t->rules, t->rule_count, name);
}

/* ---- lists in one cell ------------------------------------------------------------------- */

static const char **split(struct arena *a, const char *text, const char *separators, int *count)
{
    char *copy = arena_strdup(a, text);
    const char **items = arena_alloc(a, (strlen(text) / 2 + 2) * sizeof *items);
    *count = 0;
    for (char *save, *p = strtok_r(copy, separators, &save); p;
         p = strtok_r(NULL, separators, &save))
        items[(*count)++] = p;
    return items;
}

/* ---- instruments ------------------------------------------------------------------------- */

static const char *form_path(struct topic *t, const char *name)
{
    static const char *const kinds[] = {"csv", "xlsx", NULL};
    for (int i = 0; kinds[i]; i++) {
        const char *path =
            arena_printf(&t->arena, "%s/questionnaires/%s/%s.%s", t->root, t->plan, name, kinds[i]);
        if (access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}

static struct form *load_form(struct topic *t, const char *name, struct place at)
{
    for (int i = 0; i < t->form_count; i++)
        if (strcmp(t->form_names[i], name) == 0)
            return t->forms[i];
    const char *path = form_path(t, name);
    if (!path) {
        error_at(at, "找不到问卷 questionnaires/%s/%s.csv（或 .xlsx）", t->plan, name);
        return NULL;
    }
    struct form *f = form_read(path);
    if (!f)
        return NULL;
    t->form_names[t->form_count] = name;
    t->forms[t->form_count++] = f;
    return f;
}

static int check_question(const struct level *l, const char *name, struct place at)
{
    if (!*name || form_question(l->form, name))
        return 0;
    return error_at(at, "问卷 %s 中没有题目 %s", l->form_name, name);
}

static int read_level(struct topic *t, const struct wsheet *s, int r, struct level *l)
{
    *l = (struct level){
        .name = wsheet_get(s, r, "level"),
        .label = wsheet_get(s, r, "label"),
        .form_name = wsheet_get(s, r, "form"),
        .repeat_name = wsheet_get(s, r, "repeat"),
        .repeat = -1,
        .parent = -1,
        .unit = wsheet_get(s, r, "unit"),
        .psu = wsheet_get(s, r, "psu"),
        .psu_name = wsheet_get(s, r, "psu_name"),
        .county = wsheet_get(s, r, "county"),
        .evidence = wsheet_get(s, r, "evidence"),
        .stage = atoi(wsheet_get(s, r, "stage")),
    };
    l->sampled = strcmp(l->evidence, "抽样") == 0;
    l->form = load_form(t, l->form_name, wsheet_place(s, r, "form"));
    if (!l->form)
        return -1;
    if (*l->repeat_name && (l->repeat = form_repeat(l->form, l->repeat_name)) < 0)
        return error_at(wsheet_place(s, r, "repeat"), "问卷 %s 中没有循环 %s", l->form_name,
                        l->repeat_name);
    l->key = split(&t->arena, wsheet_get(s, r, "key"), " ", &l->key_count);
    int rc = 0;
    for (int i = 0; i < l->key_count; i++)
        rc |= check_question(l, l->key[i], wsheet_place(s, r, "key"));
    rc |= check_question(l, l->psu, wsheet_place(s, r, "psu"));
    rc |= check_question(l, l->psu_name, wsheet_place(s, r, "psu_name"));
    rc |= check_question(l, l->county, wsheet_place(s, r, "county"));
    if (l->sampled && *topic_design(t, "frame") && l->stage != 1 && l->stage != 2)
        rc |= error_at(wsheet_place(s, r, "stage"),
                       "抽样的层次要写 1（群本身，如村）或 2（群内单位，如户）");
    return rc;
}

/* The level of the enclosing repeat, or of the form itself. */
static int parent_level(const struct topic *t, const struct level *l)
{
    if (l->repeat < 0)
        return -1;
    int up = l->form->repeats[l->repeat].parent;
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].form == l->form && t->levels[i].repeat == up)
            return i;
    return -1;
}

static int read_levels(struct topic *t)
{
    static const char *const heads[] = {"level", "label", "form",     "repeat", "unit",
                                        "key",   "psu",   "psu_name", "county", "evidence",
                                        "stage", "note",  NULL};
    const struct wsheet *s = workbook_sheet(t->book, "instruments");
    if (!s || s->row_count == 0)
        return error("%s：缺少工作表 instruments（问卷清单）", t->path);
    wsheet_check_heads(s, heads);
    t->levels = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->levels);
    t->forms = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->forms);
    t->form_names = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->form_names);
    int rc = 0;
    for (int r = 0; r < s->row_count; r++) {
        if (topic_level(t, wsheet_get(s, r, "level")))
            rc |= error_at(wsheet_place(s, r, "level"), "层次名重复");
        rc |= read_level(t, s, r, &t->levels[t->level_count]);
        t->level_count++;
    }
    for (int i = 0; rc == 0 && i < t->level_count; i++) {
        t->levels[i].parent = parent_level(t, &t->levels[i]);
        if (t->levels[i].repeat >= 0 && t->levels[i].parent < 0)
            rc |= error_at(wsheet_place(s, i, "repeat"), "问卷 %s 缺少上一级的层次",
                           t->levels[i].form_name);
    }
    return rc;
}

const struct level *topic_level(const struct topic *t, const char *name)
{
    for (int i = 0; i < t->level_count; i++)
        if (strcmp(t->levels[i].name, name) == 0)
            return &t->levels[i];
    return NULL;
}

const struct level *topic_form_level(const struct topic *t, const char *form_name,
                                     const char *repeat_name)
{
    for (int i = 0; i < t->level_count; i++)
        if (strcmp(t->levels[i].form_name, form_name) == 0 &&
            strcmp(t->levels[i].repeat_name, repeat_name) == 0)
            return &t->levels[i];
    return NULL;
}

/* ---- domains ----------------------------------------------------------------------------- */

static void values_from_choices(struct topic *t, struct domain *d, const struct choice_list *l)
{
    d->values = arena_alloc(&t->arena, (size_t)l->count * sizeof *d->values);
    for (int i = 0; i < l->count; i++)
        d->values[d->value_count++] = (struct setting){l->choices[i].name, l->choices[i].label};
}

static int values_from_question(struct topic *t, struct domain *d, struct place at)
{
    for (int i = 0; i < t->form_count; i++) {
        const struct question *q = form_question(t->forms[i], d->column);
        if (q && q->list) {
            values_from_choices(t, d, q->list);
            return 0;
        }
    }
    return error_at(at, "各问卷中没有名为 %s 的选择题", d->column);
}

static int values_from_frame(struct topic *t, struct domain *d, const struct workbook *frame,
                             struct place at)
{
    const struct wsheet *s = frame && frame->sheet_count ? &frame->sheets[0] : NULL;
    if (!s)
        return error_at(at, "没有抽样框，不能按 %s 分组。请在 design 表写明 frame", d->column);
    if (wsheet_column(s, d->column) < 0)
        return error_at(at, "抽样框 %s 中没有这一栏", s->path);
    if (*d->label_column && wsheet_column(s, d->label_column) < 0)
        return error_at(at, "抽样框 %s 中没有 %s 栏", s->path, d->label_column);
    const char *label = *d->label_column ? d->label_column : d->column;
    struct map seen = {0};
    d->values = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *d->values);
    for (int r = 0; r < s->row_count; r++) {
        const char *value = wsheet_get(s, r, d->column);
        if (map_add(&seen, value, r))
            d->values[d->value_count++] = (struct setting){
                arena_strdup(&t->arena, value), arena_strdup(&t->arena, wsheet_get(s, r, label))};
    }
    map_free(&seen);
    return 0;
}

/* Value "411525 1", label "嵩县·脱贫户", for every pair or triple. */
static void cross_values(struct topic *t, struct domain *d)
{
    int count = 1;
    for (int f = 0; f < d->factor_count; f++)
        count *= t->domains[d->factors[f]].value_count;
    d->values = arena_alloc(&t->arena, (size_t)count * sizeof *d->values);
    for (int i = 0; i < count; i++) {
        struct setting *v = &d->values[d->value_count++];
        *v = (struct setting){"", ""};
        for (int f = d->factor_count - 1, rest = i; f >= 0; f--) {
            const struct domain *factor = &t->domains[d->factors[f]];
            const struct setting *one = &factor->values[rest % factor->value_count];
            rest /= factor->value_count;
            bool last = !*v->name;
            v->name = arena_printf(&t->arena, last ? "%s" : "%s %s", one->name, v->name);
            v->value = arena_printf(&t->arena, last ? "%s" : "%s·%s", one->value, v->value);
        }
    }
}

/* A record has at most one value of it. */
static bool is_single(const struct topic *t, const struct domain *d)
{
    for (int i = 0; strcmp(d->source, "question") == 0 && i < t->form_count; i++) {
        const struct question *q = form_question(t->forms[i], d->column);
        if (q && q->type == Q_SELECT_MULTIPLE)
            return false;
    }
    return true;
}

static int values_from_cross(struct topic *t, struct domain *d, struct place at)
{
    int words;
    const char **names = split(&t->arena, d->column, " ", &words);
    if (words != 2 && words != 3)
        return error_at(at, "交叉分组要写两个或三个分组名，用空格隔开");
    for (int w = 0; w < words; w++) {
        const struct domain *factor = topic_domain(t, names[w]);
        if (!factor || factor == d || factor->factor_count)
            return error_at(at, "%s 不是上面已列出的 frame 或 question 分组", names[w]);
        if (!is_single(t, factor))
            return error_at(at, "%s 是多选题，不能交叉", factor->column);
        for (int v = 0; v < factor->value_count; v++)
            if (strchr(factor->values[v].name, ' '))
                return error_at(at, "%s 的值“%s”中有空格，不能交叉", names[w],
                                factor->values[v].name);
        d->factors[d->factor_count++] = (int)(factor - t->domains);
    }
    cross_values(t, d);
    return 0;
}

static int read_domains(struct topic *t)
{
    static const char *const heads[] = {"name",         "label", "source", "column",
                                        "label_column", "note",  NULL};
    const struct wsheet *s = workbook_sheet(t->book, "domains");
    if (!s)
        return 0;
    wsheet_check_heads(s, heads);
    const char *file = topic_design(t, "frame");
    struct workbook *frame = *file ? workbook_read(topic_file(t, file)) : NULL;
    t->domains = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->domains);
    int rc = *file && !frame ? -1 : 0;
    for (int r = 0; r < s->row_count; r++) {
        struct domain *d = &t->domains[t->domain_count++];
        *d = (struct domain){.name = wsheet_get(s, r, "name"),
                             .label = wsheet_get(s, r, "label"),
                             .source = wsheet_get(s, r, "source"),
                             .column = wsheet_get(s, r, "column"),
                             .label_column = wsheet_get(s, r, "label_column")};
        struct place at = wsheet_place(s, r, "column");
        if (strcmp(d->source, "frame") == 0)
            rc |= values_from_frame(t, d, frame, at);
        else if (strcmp(d->source, "question") == 0)
            rc |= values_from_question(t, d, at);
        else if (strcmp(d->source, "cross") == 0)
            rc |= values_from_cross(t, d, at);
        else
            rc |= error_at(wsheet_place(s, r, "source"),
                           "只能写 frame（抽样框的栏）、question（题目）或 cross（交叉）");
    }
    workbook_free(frame);
    return rc;
}

const struct domain *topic_domain(const struct topic *t, const char *name)
{
    for (int i = 0; i < t->domain_count; i++)
        if (strcmp(t->domains[i].name, name) == 0)
            return &t->domains[i];
    return NULL;
}

/* ---- indicators -------------------------------------------------------------------------- */

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

static struct expr *compile_cell(const struct topic *t, const struct wsheet *s, int r,
                                 const char *head, int level, int *rc)
{
    const char *text = wsheet_get(s, r, head);
    if (!*text)
        return NULL;
    const struct level *l = &t->levels[level];
    struct expr *e = expr_compile(text, l->form, l->repeat, wsheet_place(s, r, head));
    if (!e)
        *rc = -1;
    return e;
}

bool statistic_needs_values(enum statistic s)
{
    return s == STAT_MEDIAN || s == STAT_QUANTILE || s == STAT_GINI || s == STAT_LORENZ;
}

bool statistic_has_denominator(enum statistic s)
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

static int read_indicators(struct topic *t)
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

/* ---- tables, charts, findings, aliases --------------------------------------------------- */

/* The indicators that a list in a cell names; "needs.*" stands for all categories of needs. */
static int resolve_indicators(struct topic *t, const struct wsheet *s, int r, struct exhibit *x)
{
    int words, rc = 0;
    const char **names = split(&t->arena, wsheet_get(s, r, "indicators"), " ", &words);
    x->indicators = arena_alloc(&t->arena, (size_t)(words + t->indicator_count * words + 1) *
                                               sizeof *x->indicators);
    for (int w = 0; w < words; w++) {
        size_t n = strlen(names[w]);
        bool all = n > 2 && strcmp(names[w] + n - 2, ".*") == 0;
        int before = x->indicator_count;
        for (int i = 0; i < t->indicator_count; i++) {
            const char *name = t->indicators[i].name;
            if (all ? strncmp(name, names[w], n - 1) == 0 : strcmp(name, names[w]) == 0)
                x->indicators[x->indicator_count++] = name;
        }
        if (x->indicator_count == before)
            rc |=
                error_at(wsheet_place(s, r, "indicators"), "indicators 表中没有指标 %s", names[w]);
    }
    return rc;
}

static int read_exhibits(struct topic *t, const char *sheet, struct exhibit **items, int *count)
{
    static const char *const heads[] = {"id",   "title", "type",   "indicators", "by",
                                        "show", "note",  "source", NULL};
    const struct wsheet *s = workbook_sheet(t->book, sheet);
    if (!s)
        return 0;
    wsheet_check_heads(s, heads);
    *items = arena_alloc(&t->arena, (size_t)s->row_count * sizeof **items);
    int rc = 0;
    for (int r = 0; r < s->row_count; r++) {
        struct exhibit *x = &(*items)[(*count)++];
        *x = (struct exhibit){.id = wsheet_get(s, r, "id"),
                              .title = wsheet_get(s, r, "title"),
                              .type = wsheet_get(s, r, "type"),
                              .by = wsheet_get(s, r, "by"),
                              .show = wsheet_get(s, r, "show"),
                              .note = wsheet_get(s, r, "note"),
                              .source = wsheet_get(s, r, "source"),
                              .row = s->rows[r].no};
        rc |= resolve_indicators(t, s, r, x);
        if (*x->by && !topic_domain(t, x->by))
            rc |= error_at(wsheet_place(s, r, "by"), "domains 表中没有这个分组");
        for (int i = 0; i < *count - 1; i++)
            if (strcmp((*items)[i].id, x->id) == 0)
                rc |= error_at(wsheet_place(s, r, "id"), "编号重复");
        if (!*x->id || strspn(x->id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(x->id))
            rc |=
                error_at(wsheet_place(s, r, "id"), "编号要用小写字母、数字和短横线，它就是文件名");
    }
    return rc;
}

static void read_findings(struct topic *t)
{
    static const char *const heads[] = {"id", "when", "text", "note", NULL};
    const struct wsheet *s = workbook_sheet(t->book, "findings");
    if (!s)
        return;
    wsheet_check_heads(s, heads);
    t->findings = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->findings);
    for (int r = 0; r < s->row_count; r++)
        t->findings[t->finding_count++] =
            (struct finding){wsheet_get(s, r, "id"), wsheet_get(s, r, "when"),
                             wsheet_get(s, r, "text"), s->rows[r].no};
}

static int read_aliases(struct topic *t, const struct workbook *w)
{
    static const char *const heads[] = {"form", "question", "head", "note", NULL};
    const struct wsheet *s = workbook_sheet(w, "aliases");
    if (!s)
        return 0;
    wsheet_check_heads(s, heads);
    int before = t->alias_count, rc = 0;
    struct alias *all = arena_alloc(&t->arena, (size_t)(before + s->row_count) * sizeof *all);
    if (before)
        memcpy(all, t->aliases, (size_t)before * sizeof *all);
    for (int r = 0; r < s->row_count; r++) {
        struct alias one = {wsheet_get(s, r, "form"), wsheet_get(s, r, "question"),
                            wsheet_get(s, r, "head")};
        const struct level *l = topic_form_level(t, one.form_name, "");
        if (l && !form_question(l->form, one.question))
            rc |= error_at(wsheet_place(s, r, "question"), "问卷 %s 中没有这个题目", one.form_name);
        if (l)
            all[t->alias_count++] = one;
    }
    t->aliases = all;
    return rc;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static int read_sheets(struct topic *t)
{
    int rc = 0;
    const struct workbook *books[] = {t->book, t->plan_book};
    for (int i = 0; i < 2; i++) {
        if (!books[i])
            continue;
        rc |= read_settings(t, books[i], "settings", &t->settings, &t->setting_count);
        rc |= read_settings(t, books[i], "design", &t->design, &t->design_count);
        rc |= read_settings(t, books[i], "rules", &t->rules, &t->rule_count);
    }
    t->title = topic_setting(t, "title");
    expr_set_today(topic_rule(t, "today"));
    if (read_levels(t) < 0)
        return -1;
    for (int i = 0; i < 2; i++)
        if (books[i])
            rc |= read_aliases(t, books[i]);
    rc |= read_domains(t);
    rc |= read_indicators(t);
    rc |= analyses_read(t);
    if (rc < 0)
        return -1;
    rc |= read_exhibits(t, "tables", &t->tables, &t->table_count);
    rc |= read_exhibits(t, "charts", &t->charts, &t->chart_count);
    read_findings(t);
    return rc | published_read(t);
}

/* The plan's own settings, rules and aliases stand behind those of its topics. */
static struct workbook *read_plan(struct topic *t)
{
    const char *path = arena_printf(&t->arena, "%s/topics/%s/plan.csv", t->root, t->plan);
    return access(path, R_OK) == 0 ? workbook_read(path) : NULL;
}

struct topic *topic_read(const char *path)
{
    struct topic *t = must_alloc(sizeof *t);
    if (locate(t, path) < 0 || !(t->book = workbook_read(path))) {
        topic_free(t);
        return NULL;
    }
    t->plan_book = read_plan(t);
    if (read_sheets(t) < 0) {
        topic_free(t);
        return NULL;
    }
    return t;
}

void topic_free(struct topic *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->indicator_count; i++) {
        expr_free(t->indicators[i].expression);
        expr_free(t->indicators[i].denominator);
        expr_free(t->indicators[i].universe);
    }
    analyses_free(t);
    for (int i = 0; i < t->form_count; i++)
        form_free(t->forms[i]);
    workbook_free(t->plan_book);
    workbook_free(t->book);
    arena_free(&t->arena);
    free(t);
}
