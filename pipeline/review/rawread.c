/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/rawread.h"

#include "base/arena.h"
#include "base/message.h"
#include "base/text.h"
#include "review/parse.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS_KEPT = 256 };

struct rawread {
    const char *blank_words; /* of the topic's rules */
    const struct topic *topic;
    struct store *store;
    struct query *scan, *load, *place, *block, *columns;
    struct answers *answers;
    struct block **blocks; /* those in memory, in no order */
    int block_count, block_room;
};

/* ---- blocks ---------------------------------------------------------------------------------- */

static const struct level *level_of(struct rawread *r, const char *form, const char *repeat)
{
    const struct level *l = topic_form_level(r->topic, form, repeat);
    if (!l)
        die(CANNOT, "%s 与课题工作簿不符（没有 %s %s）。请删除它后重新运行 make",
            store_path(r->store), form, repeat);
    return l;
}

static int choice_index(const struct question *q, const char *name)
{
    for (int i = 0; q->list && i < q->list->count; i++)
        if (!strcmp(q->list->choices[i].name, name))
            return i;
    return -1;
}

/* Reads the row of table col that the query stands on. */
static void read_column(struct rawread *r, struct block *b, int *room)
{
    enum { POS, HEAD, ROLE, QUESTION, NTH, CHOICE, FACTOR };
    struct query *q = r->columns;
    const char *role = col_text(q, ROLE);
    int pos = (int)col_long(q, POS);
    if (!strcmp(role, "index"))
        b->index = pos;
    else if (!strcmp(role, "parent"))
        b->up = pos;
    else if (!strcmp(role, "instance"))
        b->instance = pos;
    else if (!strcmp(role, "deprecated"))
        b->deprecated = pos;
    const struct question *question = form_question(b->level->form, col_text(q, QUESTION));
    bool choice = !strcmp(role, "choice");
    if (!question || (!choice && strcmp(role, "question") != 0))
        return;
    struct raw_column c = {.pos = pos,
                           .head = arena_strdup(&b->arena, col_text(q, HEAD)),
                           .role = choice ? ROLE_CHOICE : ROLE_QUESTION,
                           .question = question,
                           .nth = (int)col_long(q, NTH),
                           .choice = choice ? choice_index(question, col_text(q, CHOICE)) : -1,
                           .factor = col_double(q, FACTOR)};
    GROW(b->columns, b->column_count, *room);
    b->columns[b->column_count++] = c;
    b->has_choices |= choice;
    if (c.nth > b->nth_max)
        b->nth_max = c.nth;
}

static int by_question(const void *x, const void *y)
{
    const struct raw_column *a = x, *b = y;
    if (a->nth != b->nth)
        return a->nth - b->nth;
    if (a->question->index != b->question->index)
        return a->question->index - b->question->index;
    return a->pos - b->pos;
}

/* Where each question stands; of several columns for one question the first counts. */
static void index_columns(struct block *b)
{
    int questions = b->level->form->question_count;
    size_t n = (size_t)(b->nth_max + 1) * (size_t)questions;
    if (b->column_count)
        qsort(b->columns, (size_t)b->column_count, sizeof *b->columns, by_question);
    b->places = must_alloc((n + 1) * sizeof *b->places);
    for (size_t i = 0; i < n; i++)
        b->places[i] = -1;
    for (int i = b->column_count - 1; i >= 0; i--)
        if (b->columns[i].role == ROLE_QUESTION)
            b->places[b->columns[i].nth * questions + b->columns[i].question->index] = i;
}

static struct block *load_block(struct rawread *r, long id)
{
    enum { FORM, REPEAT, PARENT, HEAD_ROW, LAYOUT, VILLAGE };
    struct block *b = must_alloc(sizeof *b);
    query_reset(r->block);
    query_long_at(r->block, 1, id);
    if (!query_next(r->block))
        die(CANNOT, "%s 已损坏（缺少表 %ld）。请删除它后重新运行 make", store_path(r->store), id);
    const char *layout = col_text(r->block, LAYOUT);
    *b = (struct block){
        .id = id,
        .level = level_of(r, col_text(r->block, FORM), col_text(r->block, REPEAT)),
        .layout = !strcmp(layout, "card")  ? LAYOUT_CARD
                  : !strcmp(layout, "odk") ? LAYOUT_ODK
                                           : LAYOUT_ROWS,
        .parent = col_long(r->block, PARENT),
        .head_row = col_long(r->block, HEAD_ROW),
        .index = -1,
        .up = -1,
        .instance = -1,
        .deprecated = -1,
    };
    b->village = arena_strdup(&b->arena, col_text(r->block, VILLAGE));
    query_reset(r->block);
    int room = 0;
    query_long_at(r->columns, 1, id);
    while (query_next(r->columns))
        read_column(r, b, &room);
    query_reset(r->columns);
    index_columns(b);
    return b;
}

static struct block *find_block(struct rawread *r, long id)
{
    for (int i = r->block_count - 1; i >= 0; i--)
        if (r->blocks[i]->id == id) {
            struct block *b = r->blocks[i]; /* the last used stand last */
            memmove(&r->blocks[i], &r->blocks[i + 1],
                    (size_t)(r->block_count - 1 - i) * sizeof *r->blocks);
            return r->blocks[r->block_count - 1] = b;
        }
    GROW(r->blocks, r->block_count, r->block_room);
    return r->blocks[r->block_count++] = load_block(r, id);
}

static void free_block(struct block *b)
{
    free(b->columns);
    free(b->places);
    arena_free(&b->arena);
    free(b);
}

void rawread_trim(struct rawread *r)
{
    if (r->block_count <= BLOCKS_KEPT)
        return;
    int drop = r->block_count - BLOCKS_KEPT / 2;
    for (int i = 0; i < drop; i++)
        free_block(r->blocks[i]);
    r->block_count -= drop;
    memmove(r->blocks, r->blocks + drop, (size_t)r->block_count * sizeof *r->blocks);
}

const struct raw_column *raw_column(const struct block *b, const struct question *q, int nth)
{
    if (!q || nth > b->nth_max)
        return NULL;
    int i = b->places[nth * b->level->form->question_count + q->index];
    return i < 0 ? NULL : &b->columns[i];
}

const struct raw_column *raw_column_named(const struct block *b, const char *question,
                                          const char *head, const char *row)
{
    if (b->layout == LAYOUT_ODK)
        return raw_column(b, form_question(b->level->form, question), 0);
    for (int i = 0; i < b->column_count; i++) {
        const struct raw_column *c = &b->columns[i];
        bool here = b->layout != LAYOUT_CARD || card_row(c->pos, b->head_row) == strtol(row, NULL, 10);
        if (here && c->role == ROLE_QUESTION && !strcmp(c->question->name, question) &&
            !strcmp(c->head, head))
            return c;
    }
    return NULL;
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define ROW_COLUMNS "SELECT id, block, no, kind, parent, cells, sheet FROM row "

struct rawread *rawread_open(const char *path, const struct topic *t)
{
    struct rawread *r = must_alloc(sizeof *r);
    r->topic = t;
    r->blank_words = topic_rule(t, "blank_words");
    r->store = store_open(path, &SCHEMA_RAW);
    r->scan = store_query(r->store, ROW_COLUMNS "WHERE kind IN ('data', 'truncated') AND"
                                                " block IS NOT NULL ORDER BY id");
    r->load = store_query(r->store, ROW_COLUMNS "WHERE id = ?");
    r->place = store_query(r->store, "SELECT file.path, sheet.name, file.correction FROM sheet"
                                     " JOIN file ON file.id = sheet.file WHERE sheet.id = ?");
    r->block = store_query(r->store, "SELECT form, repeat, parent, head_row, layout, village"
                                     " FROM block WHERE id = ?");
    r->columns = store_query(r->store, "SELECT pos, head, role, question, nth, choice, factor"
                                       " FROM col WHERE block = ? ORDER BY pos");
    r->answers = answers_open(r->store, t);
    return r;
}

void rawread_close(struct rawread *r)
{
    answers_close(r->answers);
    query_end(r->scan);
    query_end(r->load);
    query_end(r->place);
    query_end(r->block);
    query_end(r->columns);
    store_close(r->store);
    for (int i = 0; i < r->block_count; i++)
        free_block(r->blocks[i]);
    free(r->blocks);
    free(r);
}

struct store *rawread_store(struct rawread *r)
{
    return r->store;
}

struct answers *rawread_answers(struct rawread *r)
{
    return r->answers;
}

/* Words by which platforms say that nothing was answered, (跳过)|(空): the cell is empty. */
static void empty_blank_words(const char *words, struct cells *cells)
{
    for (int i = 0; *words && i < cells->count; i++) {
        struct cell *c = &cells->items[i];
        for (const char *w = words; *w && c->len; w += strspn(w, "|")) {
            size_t n = strcspn(w, "|");
            if (n == c->len && !memcmp(w, c->text, n))
                *c = (struct cell){CELL_EMPTY, "", 0};
            w += n;
        }
    }
}

/* The names of the row's file and sheet, which are mostly those of the row before. */
static void take_place(struct rawread *r, long sheet_id, struct raw_row *row)
{
    enum { FILE_PATH, SHEET, CORRECTION };
    struct query *q = r->place;
    if (row->names.len && row->sheet_id == sheet_id)
        return;
    query_long_at(q, 1, sheet_id);
    if (!query_next(q))
        die(CANNOT, "%s 已损坏（缺少工作表 %ld）。请删除它后重新运行 make", store_path(r->store),
            sheet_id);
    row->sheet_id = sheet_id;
    row->correction = col_long(q, CORRECTION) != 0;
    buf_clear(&row->names);
    buf_puts(&row->names, col_text(q, FILE_PATH));
    size_t sheet = row->names.len + 1;
    buf_putc(&row->names, '\0');
    buf_puts(&row->names, col_text(q, SHEET));
    row->file = row->names.text;
    row->sheet = row->names.text + sheet;
    query_reset(q);
}

static void take_row(struct rawread *r, struct query *q, struct raw_row *row)
{
    enum { ID, BLOCK, NO, KIND, PARENT, CELLS, SHEET };
    size_t size;
    row->id = col_long(q, ID);
    row->no = col_long(q, NO);
    row->truncated = !strcmp(col_text(q, KIND), "truncated");
    row->parent = col_long(q, PARENT);
    take_place(r, col_long(q, SHEET), row);
    const void *blob = col_blob(q, CELLS, &size);
    if (cells_unpack(&row->cells, blob, size) < 0)
        die(CANNOT, "%s 已损坏（第 %ld 行）。请删除它后重新运行 make", store_path(r->store),
            row->id);
    empty_blank_words(r->blank_words, &row->cells);
    row->block = find_block(r, col_long(q, BLOCK));
    row->answers = r->answers;
    row->replaced_count = 0;
    answers_apply(r->answers, row);
}

bool rawread_next(struct rawread *r, struct raw_row *row)
{
    if (!query_next(r->scan))
        return false;
    take_row(r, r->scan, row);
    return true;
}

void rawread_load(struct rawread *r, long id, struct raw_row *row)
{
    query_long_at(r->load, 1, id);
    if (!query_next(r->load))
        die(CANNOT, "%s 已损坏（缺少行 %ld）。请删除它后重新运行 make", store_path(r->store), id);
    take_row(r, r->load, row);
    query_reset(r->load);
}

void raw_row_free(struct raw_row *row)
{
    cells_free(&row->cells);
    free(row->replaced);
    buf_free(&row->names);
}

struct cell raw_row_cell(const struct raw_row *row, const struct raw_column *c)
{
    if (c && c->pos < row->cells.count)
        return row->cells.items[c->pos];
    return (struct cell){CELL_EMPTY, "", 0};
}

struct cell raw_row_received(const struct raw_row *row, const struct raw_column *c)
{
    for (int i = 0; c && i < row->replaced_count; i++)
        if (row->replaced[i].pos == c->pos)
            return row->replaced[i].was; /* the first is the oldest */
    return raw_row_cell(row, c);
}

void raw_row_text(const struct raw_row *row, int pos, struct buf *out)
{
    struct cell none = {CELL_EMPTY, "", 0};
    clean_text(pos >= 0 && pos < row->cells.count ? &row->cells.items[pos] : &none, out);
}

bool raw_row_has_nth(const struct raw_row *row, int repeat, int nth)
{
    const struct block *b = row->block;
    for (int i = 0; i < b->column_count; i++) {
        const struct raw_column *c = &b->columns[i];
        if (c->nth == nth && c->question->repeat == repeat && c->question->type != Q_CALCULATE &&
            c->role == ROLE_QUESTION && !text_is_blank(raw_row_cell(row, c).text))
            return true;
    }
    return false;
}
