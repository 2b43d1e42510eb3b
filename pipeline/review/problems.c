/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/problems.h"

#include "base/arena.h"
#include "base/text.h"
#include "formats/sheets.h"
#include "survey/privacy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct problems {
    struct store *store;
    struct query *add;
    bool keep_personal;
    struct buf column, original;
};

struct problems *problems_new(struct store *clean, bool keep_personal)
{
    struct problems *p = must_alloc(sizeof *p);
    p->store = clean;
    p->keep_personal = keep_personal;
    store_exec(clean, "CREATE TEMP TABLE found(id INTEGER PRIMARY KEY, file TEXT, sheet TEXT,"
                      " row TEXT, col TEXT, field TEXT, kind TEXT, class TEXT, original TEXT,"
                      " corrected TEXT, key TEXT, personal INTEGER, raw_row INTEGER)");
    p->add = store_query(clean, "INSERT INTO temp.found(file, sheet, row, col, field, kind, class,"
                                " original, corrected, key, personal,"
                                " raw_row) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    return p;
}

static bool is_person(const char *text)
{
    return text && is_personal_text(text);
}

void problem_at(struct problems *p, const struct problem_line *l)
{
    enum { COLUMN = 3, ORIGINAL = 7, CORRECTED = 8 };
    const char *const texts[] = {l->file, l->sheet, l->row,      l->column,    l->field,
                                 l->kind, l->class, l->original, l->corrected, l->key};
    bool hidden[10] = {[COLUMN] = is_person(l->column),
                       [ORIGINAL] = l->personal || is_person(l->original),
                       [CORRECTED] = l->personal || is_person(l->corrected)};
    bool personal = false;
    for (int i = 0; i < 10; i++) {
        hidden[i] = hidden[i] && texts[i] && *texts[i];
        personal = personal || hidden[i];
        query_text_at(p->add, i + 1, !texts[i] || (hidden[i] && !p->keep_personal) ? "" : texts[i]);
    }
    query_long_at(p->add, 11, personal);
    query_long_at(p->add, 12, l->raw_row);
    query_run(p->add);
}

/* ---- places ---------------------------------------------------------------------------------- */

const char *record_place(const struct raw_row *row, char out[24])
{
    const struct block *b = row->block;
    bool instance = b->layout == LAYOUT_ODK && b->level->repeat < 0;
    bool form = b->layout == LAYOUT_CARD && b->column_count && b->columns[0].pos >= CARD_ROWS;
    if (form)
        snprintf(out, 24, "%ld", b->head_row);
    else if (b->layout == LAYOUT_CARD)
        column_letters((int)row->no - 1, out);
    else
        snprintf(out, 24, "%.*ld", instance ? 0 : 1, instance ? 0L : row->no);
    return out;
}

/* A cell of a card stands in the row of its item. */
static const char *cell_place(const struct raw_row *row, const struct raw_column *c, char out[24])
{
    if (row->block->layout != LAYOUT_CARD || !c)
        return record_place(row, out);
    snprintf(out, 24, "%ld", card_row(c->pos, row->block->head_row));
    return out;
}

/* The head as printed; in an instance the node's path, in a repeat with its position. */
static const char *column_text(struct problems *p, const struct raw_row *row,
                               const struct question *q, const struct raw_column *c)
{
    const struct block *b = row->block;
    if (c && b->layout != LAYOUT_ODK)
        return c->head;
    buf_clear(&p->column);
    if (b->layout != LAYOUT_ODK)
        return buf_text(&p->column);
    if (q->repeat >= 0)
        buf_printf(&p->column, "%s[%ld]/", b->level->form->repeats[q->repeat].name, row->no);
    else if (*q->group)
        buf_printf(&p->column, "%s/", q->group);
    buf_puts(&p->column, q->name);
    return p->column.text;
}

static const char *original_text(struct problems *p, const struct cell *cell)
{
    buf_clear(&p->original);
    buf_put(&p->original, "", 0);
    for (size_t i = 0; cell && i < cell->len; i++) {
        if (cell->text[i])
            buf_putc(&p->original, cell->text[i]);
        else
            buf_puts(&p->original, "␀");
    }
    return p->original.text;
}

/* The first 0/1 column when a multiple choice has no other. */
static const struct raw_column *place_of(const struct raw_row *row, const struct question *q,
                                         int nth)
{
    const struct raw_column *c = raw_column(row->block, q, nth);
    for (int i = 0; !c && i < row->block->column_count; i++)
        if (row->block->columns[i].question == q && row->block->columns[i].nth == nth)
            c = &row->block->columns[i];
    return c;
}

void problem_cell(struct problems *p, const struct raw_row *row, const struct question *q, int nth,
                  const char *kind, const char *class, const struct cell *original,
                  const char *corrected, const char *key)
{
    char place[24];
    const struct raw_column *c = place_of(row, q, nth);
    struct problem_line l = {row->file,
                             row->sheet,
                             cell_place(row, c, place),
                             column_text(p, row, q, c),
                             q->name,
                             kind,
                             class,
                             original_text(p, original),
                             corrected,
                             key,
                             q->personal,
                             row->id};
    problem_at(p, &l);
}

void problem_row(struct problems *p, const struct raw_row *row, const char *kind,
                       const char *class, const char *about, const char *key)
{
    char place[24];
    struct problem_line l = {.file = row->file,
                             .sheet = row->sheet,
                             .row = record_place(row, place),
                             .kind = kind,
                             .class = class,
                             .corrected = about,
                             .key = key,
                             .raw_row = row->id};
    problem_at(p, &l);
}

void problem_sheet(struct problems *p, const struct raw_row *row, const struct question *psu,
                   const char *corrected)
{
    char place[24];
    snprintf(place, sizeof place, "%ld", row->block->head_row);
    struct problem_line l = {.file = row->file,
                             .sheet = row->sheet,
                             .row = place,
                             .field = psu->name,
                             .kind = "village_name",
                             .class = "repaired",
                             .original = row->block->village,
                             .corrected = corrected};
    problem_at(p, &l);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void copy_raw(struct problems *p, struct store *raw)
{
    struct query *q = store_query(raw, "SELECT file, sheet, row, col, field, kind, class,"
                                       " original, corrected, key FROM problem ORDER BY rowid");
    while (query_next(q))
        problem_at(p, &(struct problem_line){.file = col_text(q, 0),
                                             .sheet = col_text(q, 1),
                                             .row = col_text(q, 2),
                                             .column = col_text(q, 3),
                                             .field = col_text(q, 4),
                                             .kind = col_text(q, 5),
                                             .class = col_text(q, 6),
                                             .original = col_text(q, 7),
                                             .corrected = col_text(q, 8),
                                             .key = col_text(q, 9)});
    query_end(q);
}

void problems_finish(struct problems *p, struct store *raw)
{
    copy_raw(p, raw);
    query_end(p->add);
    store_exec(
        p->store,
        "INSERT INTO problem(file, sheet, row, col, field, kind, class, original,"
        " corrected, key, personal, raw_row)"
        " SELECT file, sheet, row, col, field, kind, class, original, corrected, key,"
        " personal, raw_row FROM temp.found ORDER BY file, sheet, CAST(row AS INTEGER), row, id;"
        " DROP TABLE temp.found");
    buf_free(&p->column);
    buf_free(&p->original);
    free(p);
}
