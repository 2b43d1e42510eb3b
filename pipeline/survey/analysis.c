/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/analysis.h"

#include "base/text.h"
#include "survey/topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool is_model(enum analysis_kind k)
{
    return k == MODEL_GAUSSIAN || k == MODEL_BINOMIAL;
}

bool is_rank_test(enum analysis_kind k)
{
    return k >= TEST_WILCOXON && k <= TEST_KRUSKAL;
}

bool is_scale(enum analysis_kind k)
{
    return k == SCALE_ALPHA || k == SCALE_KAPPA;
}

/* A sheet, its kinds and the columns that hold variables. */
struct layout {
    const char *sheet, *kind_head, *kinds;
    const char *parts[2]; /* one variable each, but for the last one of models and scales */
    bool many;
};
static const struct layout LAYOUTS[] = {
    {"tests",
     "kind",
     "chisq、ttest、wilcoxon、vanderwaerden、median、kruskal、paired、contrast",
     {"row", "column"},
     false},
    {"models", "family", "gaussian、binomial", {"outcome", "terms"}, true},
    {"scales", "kind", "alpha、kappa", {NULL, "items"}, true},
};
static const struct {
    const char *name;
    enum analysis_kind kind;
    int layout;
} KINDS[] = {{"chisq", TEST_CHISQ, 0},        {"ttest", TEST_T, 0},
             {"wilcoxon", TEST_WILCOXON, 0},  {"vanderwaerden", TEST_VANDERWAERDEN, 0},
             {"median", TEST_MEDIAN, 0},      {"kruskal", TEST_KRUSKAL, 0},
             {"paired", TEST_PAIRED, 0},      {"contrast", TEST_CONTRAST, 0},
             {"gaussian", MODEL_GAUSSIAN, 1}, {"binomial", MODEL_BINOMIAL, 1},
             {"alpha", SCALE_ALPHA, 2},       {"kappa", SCALE_KAPPA, 2}};

static int find_kind(const struct wsheet *s, int r, int layout, struct analysis *a)
{
    const char *head = LAYOUTS[layout].kind_head;
    a->kind_name = wsheet_get(s, r, head);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (KINDS[i].layout == layout && strcmp(KINDS[i].name, a->kind_name) == 0) {
            a->kind = KINDS[i].kind;
            return 0;
        }
    return error_at(wsheet_place(s, r, head), "只能写 %s", LAYOUTS[layout].kinds);
}

/* Whether the part of the layout that a variable stands in makes groups. */
static bool makes_groups(enum analysis_kind k, int part)
{
    return k == TEST_CHISQ || k == SCALE_KAPPA ||
           (part == 1 && k != SCALE_ALPHA && k != TEST_PAIRED);
}

static int read_variable(struct topic *t, struct analysis *a, int part, const char *text,
                         struct place at)
{
    const struct level *l = &t->levels[a->level];
    struct variable *v = &a->variables[a->variable_count++];
    *v = (struct variable){.truth = a->kind == MODEL_BINOMIAL && part == 0};
    if (a->kind == SCALE_ALPHA && *text == '-') {
        v->reversed = true;
        text++;
    }
    v->name = text;
    const struct question *q = form_question(l->form, text);
    if (q && q->type == Q_SELECT_ONE && makes_groups(a->kind, part)) {
        v->question = q;
        return 0;
    }
    if (q && (q->type == Q_TEXT || q->type == Q_SELECT_MULTIPLE))
        return error_at(at, "%s 是%s题，这里要单选题或数字题。请改问卷里的题型，或写成条件", text,
                        q->type == Q_TEXT ? "文字" : "多选");
    const char *code = q ? arena_printf(&t->arena, "${%s}", text) : text;
    v->expression = expr_compile(code, l->form, l->repeat, at);
    return v->expression ? 0 : -1;
}

/* The variables of one cell. */
static int read_part(struct topic *t, struct analysis *a, const struct layout *layout, int part,
                     const struct wsheet *s, int r)
{
    const char *head = layout->parts[part];
    if (!head)
        return 0;
    char *text = arena_strdup(&t->arena, wsheet_get(s, r, head));
    struct place at = wsheet_place(s, r, head);
    bool several = layout->many && part == 1;
    const char *separators = !several ? "\n" : strpbrk(text, "$;") ? ";" : " ";
    int before = a->variable_count, rc = 0;
    for (char *save, *p = strtok_r(text, separators, &save); p;
         p = strtok_r(NULL, separators, &save)) {
        p += strspn(p, " ");
        if (*p)
            rc |= read_variable(t, a, part, p, at);
    }
    if (a->variable_count == before)
        return error_at(at, "没有写题名或算式");
    return rc;
}

static size_t most_variables(const struct layout *layout, const struct wsheet *s, int r)
{
    return strlen(wsheet_get(s, r, layout->parts[1])) / 2 + 3;
}

static int check_count(const struct analysis *a, const struct layout *layout,
                       const struct wsheet *s, int r)
{
    struct place at = wsheet_place(s, r, layout->parts[1]);
    if (a->kind == SCALE_ALPHA && a->variable_count < 3)
        return error_at(at, "少于3题的量表不算克隆巴赫系数");
    if (a->kind == SCALE_KAPPA && a->variable_count != 2)
        return error_at(at, "一致性系数（kappa）要写两道题，一人一道");
    return 0;
}

static int read_coefficient(struct analysis *a, const struct choice_list *list, char *text,
                            struct place at)
{
    char *equals = strchr(text, '='), *end = NULL;
    if (equals)
        *equals = '\0';
    for (int i = 0; equals && i < list->count; i++)
        if (strcmp(list->choices[i].name, text) == 0) {
            a->coefficients[i] = strtod(equals + 1, &end);
            return end > equals + 1 && !*end ? 0 : error_at(at, "“%s”不是数", equals + 1);
        }
    return error_at(at, "要写“选项=系数”，“%s”不是 %s 的选项", text, a->variables[1].name);
}

/* 1=1 2=-0.5 3=-0.5 */
static int read_coefficients(struct topic *t, struct analysis *a, const struct wsheet *s, int r)
{
    struct place at = wsheet_place(s, r, "coefficients");
    if (a->kind != TEST_CONTRAST)
        return *wsheet_get(s, r, "coefficients") ? error_at(at, "只有 contrast 写系数") : 0;
    const struct question *groups = a->variables[1].question;
    if (!groups)
        return error_at(wsheet_place(s, r, "column"), "contrast 按一道单选题分组");
    a->coefficients = arena_alloc(&t->arena, (size_t)groups->list->count * sizeof *a->coefficients);
    int rc = 0, n = 0;
    char *text = arena_strdup(&t->arena, wsheet_get(s, r, "coefficients"));
    for (char *save, *p = strtok_r(text, " ", &save); p; p = strtok_r(NULL, " ", &save), n++)
        rc |= read_coefficient(a, groups->list, p, at);
    return n ? rc : error_at(at, "contrast 要写各组的系数，如 1=1 2=-0.5 3=-0.5");
}

static int read_analysis(struct topic *t, int layout, const struct wsheet *s, int r)
{
    const struct layout *form = &LAYOUTS[layout];
    struct analysis *a = &t->analyses[t->analysis_count];
    *a = (struct analysis){.name = wsheet_get(s, r, "name"),
                           .label = wsheet_get(s, r, "label"),
                           .universe_text = wsheet_get(s, r, "universe")};
    const struct level *l = topic_level(t, wsheet_get(s, r, "level"));
    if (!l)
        return error_at(wsheet_place(s, r, "level"), "instruments 表中没有这个层次");
    a->level = (int)(l - t->levels);
    for (int i = 0; i < t->analysis_count; i++)
        if (strcmp(t->analyses[i].name, a->name) == 0)
            return error_at(wsheet_place(s, r, "name"), "名称重复");
    if (!*a->name)
        return error_at(wsheet_place(s, r, "name"), "没有名称");
    if (find_kind(s, r, layout, a) < 0)
        return -1;
    a->variables = arena_alloc(&t->arena, most_variables(form, s, r) * sizeof *a->variables);
    t->analysis_count++;
    int rc = read_part(t, a, form, 0, s, r) | read_part(t, a, form, 1, s, r);
    if (is_rank_test(a->kind))
        a->variables[a->variable_count++] = (struct variable){0};
    if (*a->universe_text) {
        a->universe =
            expr_compile(a->universe_text, l->form, l->repeat, wsheet_place(s, r, "universe"));
        rc |= a->universe ? 0 : -1;
    }
    if (rc == 0)
        rc = read_coefficients(t, a, s, r);
    return rc | check_count(a, form, s, r);
}

int analyses_read(struct topic *t)
{
    static const char *const heads[] = {"name",     "label",  "kind",         "family", "level",
                                        "row",      "column", "outcome",      "terms",  "items",
                                        "universe", "note",   "coefficients", NULL};
    int rows = 0, rc = 0;
    const struct wsheet *sheets[3];
    for (int i = 0; i < 3; i++) {
        sheets[i] = workbook_sheet(t->book, LAYOUTS[i].sheet);
        rows += sheets[i] ? sheets[i]->row_count : 0;
    }
    t->analyses = arena_alloc(&t->arena, (size_t)rows * sizeof *t->analyses);
    for (int i = 0; i < 3; i++) {
        if (!sheets[i])
            continue;
        wsheet_check_heads(sheets[i], heads);
        for (int r = 0; r < sheets[i]->row_count; r++)
            rc |= read_analysis(t, i, sheets[i], r);
    }
    return rc;
}

void analyses_free(struct topic *t)
{
    for (int i = 0; i < t->analysis_count; i++) {
        struct analysis *a = &t->analyses[i];
        for (int v = 0; v < a->variable_count; v++)
            expr_free(a->variables[v].expression);
        expr_free(a->universe);
    }
}

