/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/lookup.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "survey/workbook.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lookup {
    const char *name;
    struct workbook *book;
    const struct wsheet *sheet;
    struct map *rows; /* by column: cell -> row, made when the column is first a key */
};

struct lookups {
    struct arena arena;
    const char *form_path;
    struct lookup **files;
    int count, room;
};

struct lookups *lookups_create(const char *form_path)
{
    struct lookups *all = must_alloc(sizeof *all);
    all->form_path = arena_strdup(&all->arena, form_path);
    return all;
}

void lookups_free(struct lookups *all)
{
    if (!all)
        return;
    for (int i = 0; i < all->count; i++) {
        struct lookup *l = all->files[i];
        for (int c = 0; c < l->sheet->head_count; c++)
            map_free(&l->rows[c]);
        workbook_free(l->book);
    }
    free(all->files);
    arena_free(&all->arena);
    free(all);
}

static struct lookup *add_file(struct lookups *all, const char *name, struct workbook *book)
{
    struct lookup *l = arena_alloc(&all->arena, sizeof *l);
    l->name = arena_strdup(&all->arena, name);
    l->book = book;
    l->sheet = &book->sheets[0];
    l->rows = arena_alloc(&all->arena, ((size_t)l->sheet->head_count + 1) * sizeof *l->rows);
    GROW(all->files, all->count, all->room);
    return all->files[all->count++] = l;
}

struct lookup *lookups_open(struct lookups *all, const char *name, const char **why)
{
    for (int i = 0; i < all->count; i++)
        if (strcmp(all->files[i]->name, name) == 0)
            return all->files[i];
    const char *slash = strrchr(all->form_path, '/');
    int folder = slash ? (int)(slash + 1 - all->form_path) : 0;
    const char *path = arena_printf(&all->arena, "%.*s%s%s", folder, all->form_path, name,
                                    ends_with(name, ".csv") ? "" : ".csv");
    struct workbook *book = NULL;
    *why = "数据文件应和问卷放在同一个文件夹，这里只写文件名";
    if (!*name || strpbrk(name, "/\\") || starts_with(name, "."))
        return NULL;
    *why = "没有找到这个数据文件（.csv），请把它和问卷放在同一个文件夹";
    if (access(path, R_OK) != 0 || !(book = workbook_read(path)))
        return NULL;
    if (book->sheet_count)
        return add_file(all, name, book);
    *why = "数据文件是空的";
    workbook_free(book);
    return NULL;
}

const struct wsheet *lookup_sheet(const struct lookup *l)
{
    return l->sheet;
}

bool lookup_has_column(const struct lookup *l, const char *column)
{
    return wsheet_column(l->sheet, column) >= 0;
}

const char *lookup_value(struct lookup *l, const char *column, const char *key_column,
                         const char *key)
{
    int at = wsheet_column(l->sheet, key_column);
    struct map *rows = &l->rows[at];
    if (!rows->count)
        for (int i = 0; i < l->sheet->row_count; i++)
            map_add(rows, l->sheet->rows[i].cells[at], i);
    long row = map_get(rows, key, -1);
    return row < 0 ? "" : wsheet_get(l->sheet, (int)row, column);
}

const char *lookups_path(const struct lookups *all, int i)
{
    return i < all->count ? all->files[i]->book->path : NULL;
}
