/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Option lists in CSV files beside the questionnaire: select_one_from_file villages.csv.
 */
#include "survey/form_private.h"

#include "base/map.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A file of options being read. */
struct choice_file {
    const struct wsheet *sheet;
    const char *value_head, *label_head;
    struct choice_list *list;
    struct map seen; /* codes */
    struct arena *arena;
};

/* A row's code and text; -1 after a message. */
static int add_row(struct choice_file *f, int row)
{
    const char *code = wsheet_get(f->sheet, row, f->value_head);
    if (!*code)
        return error_at(wsheet_place(f->sheet, row, f->value_head), "选项没有编码，请填写");
    if (!map_add(&f->seen, code, f->sheet->rows[row].no))
        return error_at(wsheet_place(f->sheet, row, f->value_head), "编码重复，第%ld行已经用过",
                        map_get(&f->seen, code, 0));
    const char *label = wsheet_get(f->sheet, row, f->label_head);
    struct choice_list *l = f->list;
    struct choice c = {arena_strdup(f->arena, code), arena_strdup(f->arena, *label ? label : code),
                       NULL};
    c.filters = arena_alloc(f->arena, ((size_t)l->filter_count + 1) * sizeof *c.filters);
    for (int i = 0; i < l->filter_count; i++)
        c.filters[i] = arena_strdup(f->arena, wsheet_get(f->sheet, row, l->filter_heads[i]));
    l->choices[l->count++] = c;
    return 0;
}

/* Every column may be used in a choice_filter; name and label are known by themselves. */
static void take_heads(struct choice_file *f)
{
    struct choice_list *l = f->list;
    size_t n = (size_t)f->sheet->head_count + 1;
    l->filter_heads = arena_alloc(f->arena, n * sizeof *l->filter_heads);
    for (int i = 0; i < f->sheet->head_count; i++) {
        const char *head = f->sheet->heads[i];
        if (*head && strcmp(head, "name") != 0 && strcmp(head, "label") != 0)
            l->filter_heads[l->filter_count++] = arena_strdup(f->arena, head);
    }
}

static int fill_list(struct choice_file *f)
{
    const char *const needed[] = {f->value_head, f->label_head};
    for (int i = 0; i < 2; i++)
        if (wsheet_column(f->sheet, needed[i]) < 0)
            return error_at(
                (struct place){f->sheet->path, NULL, f->sheet->head_no, needed[i], NULL},
                "选项文件缺少这一栏");
    take_heads(f);
    f->list->choices =
        arena_alloc(f->arena, ((size_t)f->sheet->row_count + 1) * sizeof *f->list->choices);
    for (int row = 0; row < f->sheet->row_count; row++)
        if (add_row(f, row) < 0)
            return -1;
    return 0;
}

static int read_file(struct choice_file *f, const char *path)
{
    struct workbook *book = workbook_read(path);
    if (!book)
        return -1;
    f->sheet = book->sheet_count ? &book->sheets[0] : NULL;
    int rc = f->sheet ? fill_list(f) : error_at((struct place){.file = path}, "选项文件是空的");
    map_free(&f->seen);
    workbook_free(book);
    return rc;
}

static struct choice_list *wrong_file(struct reading *r, int row, const char *why)
{
    error_at(wsheet_place(r->survey, row, "type"), "%s", why);
    r->wrong = true;
    return NULL;
}

/* The list's name for questions that read the same columns of the same file. */
static const char *list_name(struct reading *r, const char *file, const struct choice_file *f)
{
    if (!strcmp(f->value_head, "name") && !strcmp(f->label_head, "label"))
        return file;
    return arena_printf(&r->form->arena, "%s %s %s", file, f->value_head, f->label_head);
}

struct choice_list *read_choice_file(struct reading *r, int row, const char *file)
{
    struct form *form = r->form;
    struct parameter p[PARAMETERS_MOST];
    int n = parameters_read(wsheet_get(r->survey, row, "parameters"), p, PARAMETERS_MOST);
    const char *value = parameter_get(p, n, "value"), *label = parameter_get(p, n, "label");
    struct choice_file f = {.arena = &form->arena};
    f.value_head = value ? arena_strdup(f.arena, value) : "name";
    f.label_head = label ? arena_strdup(f.arena, label) : "label";
    if (strchr(file, '/') || strchr(file, '\\') || starts_with(file, "."))
        return wrong_file(r, row, "选项文件应和问卷放在同一个文件夹，这里只写文件名");
    if (ends_with(file, ".xml") || ends_with(file, ".geojson")) {
        warning_at(wsheet_place(r->survey, row, "type"),
                   "只能核对 .csv 选项文件，这道题的回答按文字收下");
        return NULL;
    }
    if (!ends_with(file, ".csv"))
        return wrong_file(r, row, "选项文件应是 .csv 文件");
    const char *name = list_name(r, file, &f);
    struct choice_list *known = find_list(form, name);
    if (known)
        return known;
    const char *slash = strrchr(form->path, '/');
    int folder = slash ? (int)(slash + 1 - form->path) : 0;
    const char *path = arena_printf(f.arena, "%.*s%s", folder, form->path, file);
    if (access(path, R_OK) != 0)
        return wrong_file(r, row, "没有找到这个选项文件，请把它和问卷放在同一个文件夹");
    f.list = &form->lists[form->list_count];
    f.list->name = name;
    if (read_file(&f, path) < 0) {
        r->wrong = true;
        return NULL;
    }
    form->list_count++;
    return f.list;
}
