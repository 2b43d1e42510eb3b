/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_problems.h"

#include "base/map.h"
#include "base/text.h"
#include "review/parse.h"
#include "review/rawread.h"

#include <stdlib.h>
#include <string.h>

static bool is_asked(const char *class_name)
{
    return strcmp(class_name, "returned") == 0 || strcmp(class_name, "held") == 0 ||
           strcmp(class_name, "soft") == 0 || strcmp(class_name, "file") == 0;
}

void problems_load(struct problem_list *list, struct store *clean)
{
    struct query *q =
        store_query(clean, "SELECT file, sheet, row, col, field, kind, class, original, corrected,"
                           " key, personal, raw_row FROM problem ORDER BY id");
    const char *before[10] = {"", "", "", "", "", "", "", "", "", ""}; /* shared where the same */
    while (query_next(q)) {
        struct problem p = {.copy = -1, .at_col = -1, .print = "", .shown = ""};
        const char **texts[] = {&p.file, &p.sheet,      &p.row,      &p.col,       &p.field,
                                &p.kind, &p.class_name, &p.original, &p.corrected, &p.key};
        for (int c = 0; c < 10; c++) {
            if (strcmp(before[c], col_text(q, c)) != 0)
                before[c] = arena_strdup(&list->arena, col_text(q, c));
            *texts[c] = before[c];
        }
        p.personal = col_long(q, 10);
        p.raw_row = col_long(q, 11);
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
        p->at_row = 0;
        p->print = p->shown = "";
        p->copy = p->at_col = -1;
    }
}

void problems_free(struct problem_list *list)
{
    free(list->items);
    arena_free(&list->arena);
    *list = (struct problem_list){0};
}

/* ---- personal texts ----------------------------------------------------------------------- */

static bool needs_text(const struct problem *p)
{
    return p->personal && p->raw_row && *p->field && !*p->original;
}

/* NUL as U+2400, as in all problems. */
static const char *text_of(struct arena *a, const struct cell *cell)
{
    struct buf b = {0};
    for (size_t i = 0; i < cell->len; i++)
        buf_puts(&b, cell->text[i] ? (char[]){cell->text[i], '\0'} : "␀");
    const char *text = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return text;
}

static void read_texts(struct problem_list *list, struct problem *p, struct parser *parser,
                       const struct raw_row *row)
{
    const struct raw_column *c = raw_column_named(row->block, p->field, p->col, p->row);
    struct cell cell = raw_row_cell(row, c);
    struct parsed parsed = {0};
    if (!c)
        return;
    p->original = text_of(&list->arena, &cell);
    parse_cell(parser, c->question, &cell, c->factor, NULL, &parsed);
    if (strcmp(p->class_name, "repaired") == 0 && parsed.state == PARSED_VALUE)
        p->corrected = arena_strdup(&list->arena, parsed.text.text);
    parsed_free(&parsed);
}

void problems_personal(struct problem_list *list, const char *raw_path, const struct topic *t,
                       const struct rules *rules)
{
    struct rawread *raw = NULL;
    struct parser *parser = NULL;
    struct raw_row row = {0};
    for (int i = 0; i < list->count; i++) {
        struct problem *p = &list->items[i];
        if (!needs_text(p))
            continue;
        if (!raw) {
            raw = rawread_open(raw_path, t);
            parser = parser_new(t, rules);
        }
        rawread_load(raw, p->raw_row, &row);
        read_texts(list, p, parser, &row);
        rawread_trim(raw);
    }
    raw_row_free(&row);
    parser_free(parser);
    if (raw)
        rawread_close(raw);
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
