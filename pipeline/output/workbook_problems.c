/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_problems.h"

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
        struct problem p = {.copy = -1, .at_col = -1, .next = -1};
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
        p->copy = p->at_col = p->next = -1;
    }
}

void problems_free(struct problem_list *list)
{
    free(list->items);
    arena_free(&list->arena);
    *list = (struct problem_list){0};
}

const struct question *problem_answers(const struct problem *p, const struct topic *t)
{
    const struct level *l = p->level;
    if (*p->field || !l)
        return p->question;
    while (l->parent >= 0)
        l = &t->levels[l->parent];
    if (strcmp(p->kind, "village_unknown") == 0)
        return form_question(l->form, l->psu);
    if (strcmp(p->kind, "hhno_reused") == 0 && l->key_count > 0)
        return form_question(l->form, l->key[l->key_count - 1]);
    return NULL;
}
