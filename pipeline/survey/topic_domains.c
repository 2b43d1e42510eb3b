/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sheet `domains`.
 */
#include "survey/topic_private.h"

#include <string.h>

static void values_from_choices(struct topic *t, struct domain *d, const struct choice_list *l)
{
    d->values = arena_alloc(&t->arena, (size_t)l->count * sizeof *d->values);
    for (int i = 0; i < l->count; i++)
        d->values[d->value_count++] = (struct setting){l->choices[i].name, l->choices[i].label};
}

/* The choices of a question; of a calculated one those of the list that label_column names. */
static const struct choice_list *choices_of(const struct form *f, const struct question *q,
                                            const char *list)
{
    for (int i = 0; !q->list && *list && i < f->list_count; i++)
        if (strcmp(f->lists[i].name, list) == 0)
            return &f->lists[i];
    return q->list;
}

static int values_from_question(struct topic *t, struct domain *d, struct place at)
{
    for (int i = 0; i < t->form_count; i++) {
        const struct question *q = form_question(t->forms[i], d->column);
        const struct choice_list *list = q ? choices_of(t->forms[i], q, d->label_column) : NULL;
        if (list) {
            values_from_choices(t, d, list);
            return 0;
        }
    }
    return error_at(at, "各问卷中没有名为 %s 的选择题", d->column);
}

/* What the record of the PSU itself says, such as a village's, for all records in it. */
static int values_from_level(struct topic *t, struct domain *d, struct place at)
{
    const struct question *q = form_question(d->of->form, d->column);
    const struct choice_list *list = q ? choices_of(d->of->form, q, d->label_column) : NULL;
    if (!*topic_design(t, "frame") || d->of->stage != 1 || d->of->repeat >= 0)
        return error_at(
            at, "层次 %s 不是有抽样框的第一阶段单位（如样本村），不能按它的题给别的层次分组",
            d->source);
    if (!list || q->type == Q_SELECT_MULTIPLE || q->repeat >= 0 || q->personal)
        return error_at(at,
                        "问卷 %s 中没有名为 %s 的单选题；是计算题的，在 label_column 写选项表名",
                        d->of->form_name, d->column);
    values_from_choices(t, d, list);
    return 0;
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
    const char **names = topic_split(&t->arena, d->column, " ", &words);
    if (words != 2 && words != 3)
        return error_at(at, "交叉分组要写两个或三个分组名，用空格隔开");
    for (int w = 0; w < words; w++) {
        const struct domain *factor = topic_domain(t, names[w]);
        if (!factor || factor == d || factor->factor_count)
            return error_at(at, "%s 不是上面已列出的分组，或本身是交叉分组", names[w]);
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

int topic_read_domains(struct topic *t)
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
        d->of = topic_level(t, d->source);
        if (strcmp(d->source, "frame") == 0)
            rc |= values_from_frame(t, d, frame, at);
        else if (strcmp(d->source, "question") == 0)
            rc |= values_from_question(t, d, at);
        else if (strcmp(d->source, "cross") == 0)
            rc |= values_from_cross(t, d, at);
        else if (d->of)
            rc |= values_from_level(t, d, at);
        else
            rc |= error_at(
                wsheet_place(s, r, "source"),
                "只能写 frame（抽样框的栏）、question（题目）、cross（交叉）或样本村一级的层次名");
    }
    workbook_free(frame);
    return rc;
}

bool domain_of_psu(const struct domain *d)
{
    return d->of || strcmp(d->source, "frame") == 0;
}

const struct domain *topic_domain(const struct topic *t, const char *name)
{
    for (int i = 0; i < t->domain_count; i++)
        if (strcmp(t->domains[i].name, name) == 0)
            return &t->domains[i];
    return NULL;
}
