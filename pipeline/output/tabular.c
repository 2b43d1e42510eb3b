/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/tabular.h"

#include "base/csvout.h"
#include "output/comparison.h"
#include "output/decimal.h"
#include "output/tabular_ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is known of the exhibit while its grid is made. */
struct plan {
    struct macros *m;
    struct results *r;
    const struct exhibit *x;
    const struct indicator **indicators;
    struct setting *values; /* of domain `by`, those with results */
    int value_count;
    struct grid *g;
    char marks[8]; /* marks met */
};

/* ---- figures ------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    enum print what;
    const char *head;
    bool centred, sampling; /* sampling: only samples have it */
} FIGURES[] = {
    {"estimate", PRINT_VALUE, "数值", false, false},
    {"ci", PRINT_INTERVAL, "95%置信区间", true, true},
    {"se", PRINT_SE, "标准误", false, true},
    {"rse", PRINT_RSE, "相对标准误（%）", false, true},
    {"n", PRINT_N, "样本量", false, false},
    {"deff", PRINT_DEFF, "设计效应", false, true},
    {"df", PRINT_DF, "自由度", false, true},
};
enum { FIGURE_COUNT = sizeof FIGURES / sizeof *FIGURES };

static bool has_word(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return true;
    return false;
}

static bool names_figures(const char *show)
{
    for (int i = 0; i < FIGURE_COUNT; i++)
        if (has_word(show, FIGURES[i].word))
            return true;
    return false;
}

/* Whether any of the exhibit's indicators was sampled. */
static bool any_sampled(const struct plan *p)
{
    for (int i = 0; i < p->x->indicator_count; i++)
        if (p->r->topic->levels[p->indicators[i]->level].sampled)
            return true;
    return false;
}

/* The figures to show, as indices into FIGURES. */
static int chosen_figures(const struct plan *p, int chosen[FIGURE_COUNT])
{
    const char *show = names_figures(p->x->show) ? p->x->show : "estimate ci rse n";
    bool sampled = any_sampled(p);
    int n = 0;
    for (int i = 0; i < FIGURE_COUNT; i++)
        if (has_word(show, FIGURES[i].word) && (sampled || !FIGURES[i].sampling))
            chosen[n++] = i;
    return n;
}

static const char *figure_head(const struct plan *p, int figure)
{
    if (FIGURES[figure].what == PRINT_N && !any_sampled(p))
        return "填报数";
    return FIGURES[figure].head;
}

/* Puts a figure into a cell; e may be NULL. */
static void put_figure(struct plan *p, struct grid_row *row, int column,
                       const struct indicator *ind, const struct stat_row *e, enum print what)
{
    struct buf b = {0};
    if (e && e->mark != ' ' && !strchr(p->marks, e->mark) && strlen(p->marks) < 7)
        strncat(p->marks, &e->mark, 1);
    stat_put(&b, p->r, ind, e, what, 0);
    row->cells[column] = arena_strdup(&p->g->arena, buf_text(&b));
    row->from[column] = e;
    buf_free(&b);
}

/* ---- making rows --------------------------------------------------------------------------- */

struct grid_row *grid_add_row(struct grid *g, const char *label)
{
    GROW(g->rows, g->row_count, g->room);
    struct grid_row *row = &g->rows[g->row_count++];
    *row =
        (struct grid_row){.cells = arena_alloc(&g->arena, (size_t)g->columns * sizeof *row->cells),
                          .from = arena_alloc(&g->arena, (size_t)g->columns * sizeof *row->from),
                          .value = NAN};
    for (int c = 0; c < g->columns; c++)
        row->cells[c] = "";
    row->cells[0] = label;
    return row;
}

void grid_set_columns(struct grid *g, int most)
{
    g->heads = arena_alloc(&g->arena, (size_t)most * sizeof *g->heads);
    g->centred = arena_alloc(&g->arena, (size_t)most * sizeof *g->centred);
    g->columns = 0;
}

void grid_add_column(struct grid *g, const char *head, bool centred)
{
    g->heads[g->columns] = head;
    g->centred[g->columns++] = centred;
}

/* The unit that all indicators share, or NULL. */
static const char *common_unit(const struct plan *p)
{
    for (int i = 1; i < p->x->indicator_count; i++)
        if (strcmp(p->indicators[i]->unit, p->indicators[0]->unit) != 0)
            return NULL;
    return p->indicators[0]->unit;
}

static const char *level_label(const struct plan *p, const struct indicator *ind)
{
    return p->r->topic->levels[ind->level].evidence;
}

static bool mixed_evidence(const struct plan *p)
{
    for (int i = 1; i < p->x->indicator_count; i++)
        if (strcmp(level_label(p, p->indicators[i]), level_label(p, p->indicators[0])) != 0)
            return true;
    return false;
}

/* A heading row where a group of categories begins, unless the table is only that group. */
static bool begins_group(const struct plan *p, int i)
{
    const char *group = p->indicators[i]->group;
    if (!*group)
        return false;
    bool alone = strcmp(p->indicators[0]->group, group) == 0 &&
                 strcmp(p->indicators[p->x->indicator_count - 1]->group, group) == 0;
    return !alone && (i == 0 || strcmp(p->indicators[i - 1]->group, group) != 0);
}

static struct grid_row *add_indicator_row(struct plan *p, int i, bool *inside)
{
    const struct indicator *ind = p->indicators[i];
    if (begins_group(p, i)) {
        grid_add_row(p->g, ind->group_label)->subhead = true;
        *inside = true;
    }
    if (!*ind->group)
        *inside = false;
    struct grid_row *row = grid_add_row(p->g, ind->label);
    row->indent = *inside;
    return row;
}

/* ---- the types ----------------------------------------------------------------------------- */

static void build_list(struct plan *p)
{
    struct grid *g = p->g;
    int chosen[FIGURE_COUNT], n = chosen_figures(p, chosen), first = 1;
    bool inside = false, units = !common_unit(p), evidence = mixed_evidence(p);
    grid_set_columns(g, n + 3);
    grid_add_column(g, "指标", false);
    if (units)
        grid_add_column(g, "单位", true), first++;
    for (int c = 0; c < n; c++)
        grid_add_column(g, figure_head(p, chosen[c]), FIGURES[chosen[c]].centred);
    if (evidence)
        grid_add_column(g, "资料", true);
    for (int i = 0; i < p->x->indicator_count; i++) {
        const struct indicator *ind = p->indicators[i];
        const struct stat_row *e = results_find(p->r, ind->name, "all", "all");
        struct grid_row *row = add_indicator_row(p, i, &inside);
        row->value = stat_printed(p->r, ind, e);
        if (units)
            row->cells[1] = ind->unit;
        for (int c = 0; c < n; c++)
            put_figure(p, row, first + c, ind, e, FIGURES[chosen[c]].what);
        if (evidence)
            row->cells[g->columns - 1] = level_label(p, ind);
    }
}

/* "96～107": the n of one row over all its indicators. */
static const char *range_of_n(struct plan *p, const char *level, const char *domain)
{
    long least = -1, most = -1;
    for (int i = 0; i < p->x->indicator_count; i++) {
        const struct stat_row *e = results_find(p->r, p->indicators[i]->name, level, domain);
        if (!e || !stat_n_shown(e))
            continue;
        if (least < 0 || e->n < least)
            least = e->n;
        if (e->n > most)
            most = e->n;
    }
    if (least < 0)
        return "—";
    struct buf b = {0};
    decimal_put(&b, (double)least, 0, DECIMAL_GROUP);
    if (most > least) {
        buf_puts(&b, "～");
        decimal_put(&b, (double)most, 0, DECIMAL_GROUP);
    }
    const char *text = arena_strdup(&p->g->arena, b.text);
    buf_free(&b);
    return text;
}

/* Whether n tells anything: not when every row is the report of one unit. */
static bool n_matters(const struct plan *p)
{
    if (any_sampled(p))
        return true;
    for (int v = 0; v < p->value_count; v++)
        for (int i = 0; i < p->x->indicator_count; i++) {
            const struct stat_row *e =
                results_find(p->r, p->indicators[i]->name, p->x->by, p->values[v].name);
            if (e && e->n > 1)
                return true;
        }
    return false;
}

static void by_row(struct plan *p, const char *level, const char *domain, const char *label,
                   const int *chosen, int n)
{
    struct grid_row *row = grid_add_row(p->g, label);
    for (int i = 0; i < p->x->indicator_count; i++) {
        const struct indicator *ind = p->indicators[i];
        const struct stat_row *e = results_find(p->r, ind->name, level, domain);
        if (i == 0)
            row->value = stat_printed(p->r, ind, e);
        if (n)
            for (int c = 0; c < n; c++)
                put_figure(p, row, 1 + c, ind, e, FIGURES[chosen[c]].what);
        else
            put_figure(p, row, 1 + i, ind, e, PRINT_VALUE);
    }
    if (!n && n_matters(p))
        row->cells[p->g->columns - 1] = range_of_n(p, level, domain);
}

static const char *head_with_unit(struct plan *p, const struct indicator *ind)
{
    if (common_unit(p) || !*ind->unit)
        return ind->short_label;
    return arena_printf(&p->g->arena, "%s（%s）", ind->short_label, ind->unit);
}

static void build_by(struct plan *p)
{
    struct grid *g = p->g;
    int chosen[FIGURE_COUNT], n = 0;
    if (p->x->indicator_count == 1)
        n = chosen_figures(p, chosen);
    grid_set_columns(g, p->x->indicator_count + FIGURE_COUNT + 2);
    grid_add_column(g, topic_domain(p->r->topic, p->x->by)->label, false);
    for (int c = 0; c < n; c++)
        grid_add_column(g, figure_head(p, chosen[c]), FIGURES[chosen[c]].centred);
    for (int i = 0; !n && i < p->x->indicator_count; i++)
        grid_add_column(g, head_with_unit(p, p->indicators[i]), false);
    bool counted = !n && n_matters(p);
    if (counted)
        grid_add_column(g, any_sampled(p) ? "样本量" : "填报数", false);
    if (!has_word(p->x->show, "nototal"))
        by_row(p, "all", "all", "合计", chosen, n);
    for (int v = 0; v < p->value_count; v++)
        by_row(p, p->x->by, p->values[v].name, p->values[v].value, chosen, n);
    if (p->value_count == 0)
        by_row(p, p->x->by, "", "没有符合条件的记录", chosen, n);
}

static void build_cross(struct plan *p)
{
    struct grid *g = p->g;
    bool total = !has_word(p->x->show, "nototal"), inside = false;
    grid_set_columns(g, p->value_count + 2);
    grid_add_column(g, "指标", false);
    if (total)
        grid_add_column(g, "合计", false);
    for (int v = 0; v < p->value_count; v++)
        grid_add_column(g, p->values[v].value, false);
    for (int i = 0; i < p->x->indicator_count; i++) {
        const struct indicator *ind = p->indicators[i];
        struct grid_row *row = add_indicator_row(p, i, &inside);
        const struct stat_row *all = results_find(p->r, ind->name, "all", "all");
        row->value = stat_printed(p->r, ind, all);
        if (!common_unit(p))
            row->cells[0] = head_with_unit(p, ind);
        if (total)
            put_figure(p, row, 1, ind, all, PRINT_VALUE);
        for (int v = 0; v < p->value_count; v++)
            put_figure(p, row, 1 + total + v, ind,
                       results_find(p->r, ind->name, p->x->by, p->values[v].name), PRINT_VALUE);
    }
    struct grid_row *last = grid_add_row(g, any_sampled(p) ? "样本量" : "填报数");
    last->value = -INFINITY;
    if (total)
        last->cells[1] = range_of_n(p, "all", "all");
    for (int v = 0; v < p->value_count; v++)
        last->cells[1 + total + v] = range_of_n(p, p->x->by, p->values[v].name);
}

static bool shows(const struct plan *p, const struct indicator *ind)
{
    for (int i = 0; i < p->x->indicator_count; i++)
        if (p->indicators[i] == ind)
            return true;
    return false;
}

static void build_published(struct plan *p)
{
    struct grid *g = p->g;
    const struct topic *t = p->r->topic;
    bool units = !common_unit(p);
    grid_set_columns(g, 5);
    grid_add_column(g, "指标", false);
    if (units)
        grid_add_column(g, "单位", true);
    grid_add_column(g, "原文数字", false);
    grid_add_column(g, "资料计算", false);
    grid_add_column(g, "核对", true);
    for (int i = 0; i < t->published_count; i++) {
        const struct published *figure = &t->published[i];
        if (!figure->indicator || !shows(p, figure->indicator))
            continue;
        struct buf label = {0};
        published_label(&label, t, figure);
        struct grid_row *row = grid_add_row(g, arena_strdup(&g->arena, label.text));
        buf_free(&label);
        if (units)
            row->cells[1] = figure->indicator->unit;
        row->cells[units + 1] = figure->text;
        put_figure(p, row, units + 2, figure->indicator, published_estimate(p->r, figure),
                   PRINT_VALUE);
        row->cells[units + 3] = agreement_word(published_compare(p->r, figure));
    }
}

/* ---- order and notes ----------------------------------------------------------------------- */

static double sort_value(const struct grid_row *row)
{
    return isnan(row->value) ? -1e300 : row->value;
}

/* Insertion sort, stable: rows by falling value; the row 合计 stays first. */
static void sort_rows(struct grid *g, int first)
{
    for (int i = first + 1; i < g->row_count; i++) {
        struct grid_row row = g->rows[i];
        int at = i;
        while (at > first && sort_value(&g->rows[at - 1]) < sort_value(&row)) {
            g->rows[at] = g->rows[at - 1];
            at--;
        }
        g->rows[at] = row;
    }
}

static const char *mark_notes(const char *marks)
{
    bool doubtful = strchr(marks, 'b'), withheld = strchr(marks, 'x'), beside = strchr(marks, 's');
    if (doubtful && beside)
        return "括号内的数误差较大，仅供参考；※表示样本过少、误差过大，或可用来推算这类数，不予公布"
               "。";
    if (beside)
        return "※表示样本过少、误差过大，或可用来推算这类数，不予公布。";
    if (doubtful && withheld)
        return "括号内的数误差较大，仅供参考；※表示样本过少或误差过大，不予公布。";
    if (doubtful)
        return "括号内的数误差较大，仅供参考。";
    return withheld ? "※表示样本过少或误差过大，不予公布。" : "";
}

/* A cell of the workbook with its macros expanded, arena-owned. */
static int expand_cell(struct arena *a, struct macros *m, const char *text, const char *sheet,
                       long row, const char **out)
{
    struct buf b = {0};
    bool links = m->links;
    m->links = false;
    int rc = macros_expand_cell(m, &b, text, sheet, row);
    m->links = links;
    *out = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return rc;
}

/* What the reader must know of cases chosen on purpose, unless the note says it. */
static const char *evidence_note(const struct topic *t, const struct exhibit *x)
{
    for (int i = 0; i < x->indicator_count && !strstr(x->note, "典型"); i++) {
        const struct indicator *ind = topic_indicator(t, x->indicators[i]);
        if (ind && strcmp(t->levels[ind->level].evidence, "典型") == 0)
            return "典型资料，不代表总体。";
    }
    return "";
}

int exhibit_notes(struct arena *a, struct macros *m, const struct exhibit *x, bool chart,
                  const char *marks, const char **note, const char **source)
{
    const struct topic *t = m->results->topic;
    const char *own, *sheet = chart ? "charts" : "tables";
    const char *from = *x->source ? x->source : topic_setting(t, "source_text");
    int rc = expand_cell(a, m, x->note, sheet, x->row, &own);
    rc |= expand_cell(a, m, from, sheet, x->row, source);
    if (!*from)
        *source = arena_printf(a, "%s%s。", topic_setting(t, "issuer"),
                               *topic_setting(t, "issuer") ? "本次调查" : "本次调查资料");
    else if (rc == 0 && !ends_with(*source, "。"))
        *source = arena_printf(a, "%s。", *source);
    *note = arena_printf(a, "%s%s%s", own, evidence_note(t, x), mark_notes(marks));
    return rc;
}

/* ---- building ------------------------------------------------------------------------------ */

static int build_type(struct plan *p, struct place at)
{
    bool by = *p->x->by != '\0';
    if (strcmp(p->x->type, "list") == 0)
        build_list(p);
    else if (strcmp(p->x->type, "by") == 0 && by)
        build_by(p);
    else if (strcmp(p->x->type, "cross") == 0 && by)
        build_cross(p);
    else if (strcmp(p->x->type, "published") == 0)
        build_published(p);
    else
        return error_at(at, "type 只能是 list、by、cross、published、ranking；by 和 cross 要在 by "
                            "栏写明分组");
    if (p->g->row_count == 0)
        return error_at(at, "没有可列的行：published 表中没有这些指标的数字");
    return 0;
}

static int build_ranking(struct grid *g, struct macros *m, const struct exhibit *x, struct place at)
{
    const char *how;
    g->unit = "";
    if (grid_ranking(g, m->results, x, at, &how) < 0 ||
        exhibit_notes(&g->arena, m, x, false, "", &g->note, &g->source) < 0)
        return -1;
    g->note = arena_printf(&g->arena, "%s%s", g->note, how);
    return 0;
}

int grid_build(struct grid *g, struct macros *m, const struct exhibit *x)
{
    struct results *r = m->results;
    struct place at = {.file = r->topic->path, .sheet = "tables", .row = x->row, .text = x->id};
    *g = (struct grid){.id = x->id, .title = x->title};
    if (*x->ranking)
        return build_ranking(g, m, x, at);
    if (x->indicator_count == 0)
        return error_at(at, "indicators 栏是空的");
    struct plan p = {.m = m, .r = r, .x = x, .g = g};
    p.indicators = arena_alloc(&g->arena, (size_t)x->indicator_count * sizeof *p.indicators);
    for (int i = 0; i < x->indicator_count; i++)
        p.indicators[i] = topic_indicator(r->topic, x->indicators[i]);
    if (*x->by)
        p.value_count =
            results_domain_values(r, x->by, x->indicators, x->indicator_count, &p.values);
    if (build_type(&p, at) < 0)
        return -1;
    const char *unit = common_unit(&p);
    g->unit = unit ? unit : "";
    if (has_word(x->show, "sorted"))
        sort_rows(g, strcmp(x->type, "by") == 0 && !has_word(x->show, "nototal"));
    return exhibit_notes(&g->arena, m, x, false, p.marks, &g->note, &g->source);
}

void grid_free(struct grid *g)
{
    free(g->rows);
    arena_free(&g->arena);
    *g = (struct grid){0};
}
