/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_problems.h"

#include "base/map.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_asked(const char *class_name)
{
    return strcmp(class_name, "returned") == 0 || strcmp(class_name, "held") == 0 ||
           strcmp(class_name, "file") == 0;
}

void problems_load(struct problem_list *list, struct store *clean)
{
    struct query *q =
        store_query(clean, "SELECT file, sheet, row, col, field, kind, class, original, corrected,"
                           " key FROM problem ORDER BY id");
    while (query_next(q)) {
        struct problem p = {.copy = -1, .at_col = -1, .next = -1, .print = "", .shown = ""};
        const char **texts[] = {&p.file, &p.sheet,      &p.row,      &p.col,       &p.field,
                                &p.kind, &p.class_name, &p.original, &p.corrected, &p.key};
        for (int c = 0; c < 10; c++)
            *texts[c] = arena_strdup(&list->arena, col_text(q, c));
        p.asked = is_asked(p.class_name);
        list->asked += p.asked;
        GROW(list->items, list->count, list->room);
        list->items[list->count++] = p;
    }
    query_end(q);
}

void problems_unplace(struct problem_list *list)
{
    for (int i = 0; i < list->count; i++) {
        struct problem *p = &list->items[i];
        p->level = NULL;
        p->question = NULL;
        p->raw_row = 0;
        p->print = p->shown = "";
        p->copy = p->at_col = p->next = -1;
    }
}

void problems_free(struct problem_list *list)
{
    free(list->items);
    arena_free(&list->arena);
    *list = (struct problem_list){0};
}

/* ---- earlier answers ---------------------------------------------------------------------- */

static const char *answer_key(struct buf *key, const struct problem *p)
{
    buf_clear(key);
    buf_printf(key, "%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s", p->file, p->sheet, p->row, p->col, p->field,
               p->original);
    return key->text;
}

void problems_explained(struct problem_list *list, struct store *raw)
{
    struct map told = {0};
    struct buf key = {0};
    struct query *q = store_query(raw, "SELECT file, sheet, row, col, field, original FROM answer"
                                       " WHERE explanation <> '' AND corrected = ''");
    while (query_next(q)) {
        struct problem p = {.file = col_text(q, 0),
                            .sheet = col_text(q, 1),
                            .row = col_text(q, 2),
                            .col = col_text(q, 3),
                            .field = col_text(q, 4),
                            .original = col_text(q, 5)};
        map_put(&told, answer_key(&key, &p), 1);
    }
    query_end(q);
    for (int i = 0; told.count && i < list->count; i++)
        list->items[i].explained = map_has(&told, answer_key(&key, &list->items[i]));
    map_free(&told);
    buf_free(&key);
}
