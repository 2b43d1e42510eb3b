/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sheets `tables`, `charts`, `findings` and `aliases`.
 */
#include "survey/topic_private.h"

#include <string.h>

/* The indicators that a list in a cell names; "needs.*" stands for all categories of needs. */
static int resolve_indicators(struct topic *t, const struct wsheet *s, int r, struct exhibit *x)
{
    int words, rc = 0;
    const char **names = topic_split(&t->arena, wsheet_get(s, r, "indicators"), " ", &words);
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

/* A table of type `ranking` names a row of sheet `indices` in place of indicators. */
static int resolve_ranking(const struct topic *t, const struct wsheet *s, int r, struct exhibit *x)
{
    const struct wsheet *indices = workbook_sheet(t->book, "indices");
    x->ranking = wsheet_get(s, r, "indicators");
    for (int i = 0; indices && i < indices->row_count; i++)
        if (*x->ranking && strcmp(wsheet_get(indices, i, "name"), x->ranking) == 0)
            return 0;
    return error_at(wsheet_place(s, r, "indicators"),
                    "排序表的 indicators 栏写 indices 表中一个指数的 name");
}

int topic_read_exhibits(struct topic *t, const char *sheet, struct exhibit **items, int *count)
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
                              .ranking = "",
                              .by = wsheet_get(s, r, "by"),
                              .show = wsheet_get(s, r, "show"),
                              .note = wsheet_get(s, r, "note"),
                              .source = wsheet_get(s, r, "source"),
                              .row = s->rows[r].no};
        if (strcmp(sheet, "tables") == 0 && strcmp(x->type, "ranking") == 0)
            rc |= resolve_ranking(t, s, r, x);
        else
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

void topic_read_findings(struct topic *t)
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

int topic_read_aliases(struct topic *t, const struct workbook *w)
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
