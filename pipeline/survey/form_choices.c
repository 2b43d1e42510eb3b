/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/form_private.h"


#include <string.h>

static const char *const known_heads[] = {"list_name", "list name", "name",   "value",  "label*",
                                          "media*",    "image*",    "audio*", "video*", NULL};

static bool is_known_head(const char *head)
{
    for (int i = 0; known_heads[i]; i++) {
        size_t n = strlen(known_heads[i]);
        bool prefix = known_heads[i][n - 1] == '*';
        if (prefix ? strncmp(head, known_heads[i], n - 1) == 0 : strcmp(head, known_heads[i]) == 0)
            return true;
    }
    return false;
}

/* The head under which a column stands: its modern or its old name. */
static const char *head_of(const struct wsheet *s, const char *modern, const char *old)
{
    return wsheet_column(s, modern) < 0 && wsheet_column(s, old) >= 0 ? old : modern;
}

struct choice_list *find_list(const struct form *f, const char *name)
{
    for (int i = 0; i < f->list_count; i++)
        if (strcmp(f->lists[i].name, name) == 0)
            return &f->lists[i];
    return NULL;
}

const struct choice *list_choice(const struct choice_list *l, const char *name)
{
    for (int i = 0; i < l->count; i++)
        if (strcmp(l->choices[i].name, name) == 0)
            return &l->choices[i];
    return NULL;
}

static struct choice_list *add_list(struct form *f, const struct wsheet *s, const char *name,
                                    const char **heads, int head_count)
{
    struct choice_list *l = &f->lists[f->list_count++];
    l->name = name;
    l->filter_heads = heads;
    l->filter_count = head_count;
    l->choices = arena_alloc(&f->arena, ((size_t)s->row_count + 1) * sizeof *l->choices);
    return l;
}

static void add_choice(struct reading *r, struct choice_list *l, const struct wsheet *s, int row,
                       bool duplicates_allowed)
{
    const char *name_head = head_of(s, "name", "value");
    struct choice c = {wsheet_get(s, row, name_head), form_text(r->form, s, row, "label"), NULL};
    if (!*c.name) {
        error_at(wsheet_place(s, row, name_head), "选项没有编码，请填写");
        r->wrong = true;
        return;
    }
    const struct choice *twin = list_choice(l, c.name);
    if (twin && !duplicates_allowed) {
        error_at(wsheet_place(s, row, name_head), "选项表 %s 里编码重复（已用于“%s”）", l->name,
                 twin->label);
        r->wrong = true;
    }
    if (!*c.label) {
        warning_at(wsheet_place(s, row, "label"), "选项 %s 没有文字，先用编码代替", c.name);
        c.label = c.name;
    }
    c.filters = arena_alloc(&r->form->arena, (size_t)(l->filter_count + 1) * sizeof *c.filters);
    for (int i = 0; i < l->filter_count; i++)
        c.filters[i] = wsheet_get(s, row, l->filter_heads[i]);
    l->choices[l->count++] = c;
}

void read_choices(struct reading *r)
{
    struct form *f = r->form;
    const struct wsheet *s = workbook_sheet(f->book, "choices");
    size_t most = (size_t)(s ? s->row_count : 0) + (size_t)r->survey->row_count + 1;
    f->lists = arena_alloc(&f->arena, most * sizeof *f->lists);
    if (!s)
        return;
    const struct wsheet *settings = workbook_sheet(f->book, "settings");
    bool duplicates = settings && cell_is_yes(wsheet_get(settings, 0, "allow_choice_duplicates"));
    const char *list_head = head_of(s, "list_name", "list name");
    const char **heads = arena_alloc(&f->arena, (size_t)(s->head_count + 1) * sizeof *heads);
    int head_count = 0;
    for (int i = 0; i < s->head_count; i++)
        if (*s->heads[i] && !is_known_head(s->heads[i]))
            heads[head_count++] = s->heads[i];
    for (int row = 0; row < s->row_count; row++) {
        const char *name = wsheet_get(s, row, list_head);
        if (!*name) {
            error_at(wsheet_place(s, row, list_head), "选项没有写属于哪个选项表");
            r->wrong = true;
            continue;
        }
        struct choice_list *l = find_list(f, name);
        add_choice(r, l ? l : add_list(f, s, name, heads, head_count), s, row, duplicates);
    }
    f->sheet_list_count = f->list_count;
}

void add_other_choice(struct form *f, struct choice_list *l)
{
    if (list_choice(l, "other"))
        return;
    struct choice c = {"other", "其他", NULL};
    c.filters = arena_alloc(&f->arena, (size_t)(l->filter_count + 1) * sizeof *c.filters);
    for (int i = 0; i < l->filter_count; i++)
        c.filters[i] = "";
    l->choices[l->count++] = c; /* add_list() left room for it */
}
