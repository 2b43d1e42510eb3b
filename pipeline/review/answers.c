/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/answers.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "review/problems.h"

#include <stdlib.h>
#include <string.h>

struct answer {
    const char *file, *sheet, *row, *column, *field, *kind, *original, *corrected, *explanation;
    const char *beside; /* what now stands in the workbook's copy of the cell, or NULL */
    bool same_file;     /* the file is still the one that was asked about */
    bool used;
    long load; /* number of the row in which it was applied last */
    int next;  /* of the same row */
};

struct answers {
    const struct topic *topic;
    struct arena arena;
    struct answer *items;
    int count, room;
    struct map rows;  /* place_key() -> first answer */
    struct map cards; /* "file\x1fsheet" of cards */
    struct buf key;
    long loads;
};

/* ---- reading ------------------------------------------------------------------------------ */

static const char *sheet_key(struct answers *a, const char *file, const char *sheet)
{
    buf_clear(&a->key);
    buf_printf(&a->key, "%s\x1f%s", file, sheet);
    return a->key.text;
}

/* Answers of a card are kept together: their rows are those of items or of records. */
static const char *place_key(struct answers *a, const char *file, const char *sheet,
                             const char *row)
{
    bool card = map_has(&a->cards, sheet_key(a, file, sheet));
    buf_printf(&a->key, "\x1f%s", card ? "*" : row);
    return a->key.text;
}

static void read_cards(struct answers *a, struct store *raw)
{
    struct query *q =
        store_query(raw, "SELECT file.path, sheet.name FROM block JOIN sheet ON sheet.id ="
                         " block.sheet JOIN file ON file.id = sheet.file"
                         " WHERE block.layout = 'card'");
    while (query_next(q))
        map_put(&a->cards, sheet_key(a, col_text(q, 0), col_text(q, 1)), 1);
    query_end(q);
}

static void read_answers(struct answers *a, struct store *raw)
{
    enum { FIELDS = 9, BESIDE = 9, SAME = 10 };
    struct query *q = store_query(
        raw, "SELECT file, sheet, row, col, field, kind, original, corrected, explanation, beside,"
             " EXISTS(SELECT 1 FROM file WHERE file.path = answer.file AND length(print) > 0 AND"
             " substr(file.sha256, 1, length(print)) = print) FROM answer ORDER BY id");
    while (query_next(q)) {
        struct answer one = {.next = -1, .same_file = col_long(q, SAME)};
        const char **texts[FIELDS] = {&one.file,     &one.sheet,     &one.row,
                                      &one.column,   &one.field,     &one.kind,
                                      &one.original, &one.corrected, &one.explanation};
        for (int i = 0; i < FIELDS; i++)
            *texts[i] = arena_strdup(&a->arena, col_text(q, i));
        if (!col_is_null(q, BESIDE))
            one.beside = arena_strdup(&a->arena, col_text(q, BESIDE));
        GROW(a->items, a->count, a->room);
        a->items[a->count++] = one;
    }
    query_end(q);
}

struct answers *answers_open(struct store *raw, const struct topic *t)
{
    struct answers *a = must_alloc(sizeof *a);
    a->topic = t;
    read_answers(a, raw);
    if (a->count)
        read_cards(a, raw);
    for (int i = a->count - 1; i >= 0; i--) {
        struct answer *one = &a->items[i];
        if (!one->same_file)
            continue;
        const char *key = place_key(a, one->file, one->sheet, one->row);
        one->next = (int)map_get(&a->rows, key, -1);
        map_put(&a->rows, key, i);
    }
    return a;
}

void answers_close(struct answers *a)
{
    free(a->items);
    map_free(&a->rows);
    map_free(&a->cards);
    buf_free(&a->key);
    arena_free(&a->arena);
    free(a);
}

/* ---- what an answer is about -------------------------------------------------------------- */

bool kind_is_check(const char *kind)
{
    return strcmp(kind, "balance") == 0 || strcmp(kind, "roster") == 0 ||
           strcmp(kind, "condition") == 0 || strcmp(kind, "near_duplicate") == 0 ||
           strcmp(kind, "similar_texts") == 0;
}

bool kind_confirmable(const char *kind, const struct question *q)
{
    bool suspicion = strcmp(kind, "unit_suspect") == 0;
    if (kind_is_check(kind))
        return true;
    return q && ((q->soft && (suspicion || strcmp(kind, "constraint") == 0)) ||
                 (suspicion && !q->constraint));
}

bool kind_of_unit(const char *kind)
{
    return strcmp(kind, "village_unknown") == 0 || strcmp(kind, "unit_several") == 0 ||
           strcmp(kind, "unit_ended") == 0 || strcmp(kind, "unit_unknown") == 0;
}

/* The question that mends a record held for `kind`: of an unknown village the one with the
 * village, of a number used twice the last of the key; NULL for others. */
static const struct question *kind_mends(const char *kind, const struct level *level,
                                  const struct topic *t)
{
    while (level->parent >= 0)
        level = &t->levels[level->parent];
    if (kind_of_unit(kind))
        return form_question(level->form, level->psu);
    if (strcmp(kind, "hhno_reused") == 0 && level->key_count > 0)
        return form_question(level->form, level->key[level->key_count - 1]);
    return NULL;
}

/* Texts as people see them: without white space around, NUL as U+2400. */
static bool same_text(const struct cell *cell, const char *shown)
{
    struct buf b = {0};
    size_t n, m;
    for (size_t i = 0; i < cell->len; i++)
        buf_puts(&b, cell->text[i] ? (char[]){cell->text[i], '\0'} : "␀");
    const char *x = text_trim(buf_text(&b), &n), *y = text_trim(shown, &m);
    bool same = n == m && memcmp(x, y, n) == 0;
    buf_free(&b);
    return same;
}

/* The column that the answer names, or that mends the record; NULL when the row has none. */
static const struct raw_column *column_of(const struct answers *a, const struct answer *one,
                                          const struct raw_row *row)
{
    const struct block *b = row->block;
    if (!*one->field)
        return raw_column(b, kind_mends(one->kind, b->level, a->topic), 0);
    return raw_column_named(b, one->field, one->column, one->row);
}

/* Whether an answer to a cell speaks of this one; an answer to a record names no text, but in a
 * card it must name its column. */
static bool speaks_of(const struct answer *one, const struct raw_row *row,
                      const struct raw_column *c)
{
    char place[24];
    struct cell cell = raw_row_cell(row, c);
    if (*one->field)
        return same_text(&cell, one->original);
    return row->block->layout != LAYOUT_CARD || strcmp(record_place(row, place), one->row) == 0;
}

static int first_answer(struct answers *a, const struct raw_row *row)
{
    char place[24];
    if (a->count == 0)
        return -1;
    return (int)map_get(&a->rows, place_key(a, row->file, row->sheet, record_place(row, place)),
                        -1);
}

/* ---- corrections -------------------------------------------------------------------------- */

static void put_text(struct raw_row *row, int pos, const char *text)
{
    static const struct cell empty = {CELL_EMPTY, "", 0};
    while (row->cells.count <= pos) {
        GROW(row->cells.items, row->cells.count, row->cells.room);
        row->cells.items[row->cells.count++] = empty;
    }
    GROW(row->replaced, row->replaced_count, row->replaced_room);
    row->replaced[row->replaced_count++] = (struct replaced){pos, row->cells.items[pos]};
    size_t n;
    const char *trimmed = text_trim(text, &n);
    bool clear = n == strlen(ANSWER_CLEAR) && memcmp(trimmed, ANSWER_CLEAR, n) == 0;
    row->cells.items[pos] = clear ? empty : (struct cell){CELL_TEXT, text, strlen(text)};
}

static void correct(struct raw_row *row, const struct raw_column *c, const char *text)
{
    put_text(row, c->pos, text);
    for (int i = 0; i < row->block->column_count; i++) {
        const struct raw_column *flag = &row->block->columns[i];
        if (flag->role == ROLE_CHOICE && flag->question == c->question && flag->nth == c->nth)
            put_text(row, flag->pos, "");
    }
}

/* Applies one answer if it speaks of the row as it is now. */
static bool apply(struct answers *a, struct answer *one, struct raw_row *row)
{
    if (one->load == a->loads || text_is_blank(one->corrected))
        return false;
    const struct raw_column *c = column_of(a, one, row);
    if (!c || !speaks_of(one, row, c))
        return false;
    correct(row, c, one->corrected);
    one->load = a->loads;
    one->used = true;
    return true;
}

void answers_apply(struct answers *a, struct raw_row *row)
{
    int first = first_answer(a, row);
    bool more = first >= 0;
    a->loads++;
    while (more) {
        more = false;
        for (int i = first; i >= 0; i = a->items[i].next)
            more |= apply(a, &a->items[i], row);
    }
}

/* ---- confirmations ------------------------------------------------------------------------ */

bool explanation_holds(const char *text)
{
    const char *at = strstr(text, ANSWER_TRUE);
    int said = 0;
    for (const char *p = text; at && *p;) {
        if (p == at) {
            p += strlen(ANSWER_TRUE);
            continue;
        }
        uint32_t c = utf8_next(&p);
        said += is_han(c) || (c >= '0' && c <= '9') || (c | 32) - 'a' < 26u;
    }
    return said >= 2;
}

bool answers_confirm(struct answers *a, const struct raw_row *row, const struct raw_column *c)
{
    for (int i = c ? first_answer(a, row) : -1; i >= 0; i = a->items[i].next) {
        struct answer *one = &a->items[i];
        if (!kind_is_check(one->kind) && kind_confirmable(one->kind, c->question) &&
            explanation_holds(one->explanation) && text_is_blank(one->corrected) &&
            column_of(a, one, row) == c && speaks_of(one, row, c))
            return one->used = true;
    }
    return false;
}

bool answers_confirm_check(struct answers *a, const struct raw_row *row, const struct raw_column *c,
                           const char *kind)
{
    for (int i = first_answer(a, row); i >= 0; i = a->items[i].next) {
        struct answer *one = &a->items[i];
        bool here = c ? column_of(a, one, row) == c : !*one->field;
        if (strcmp(one->kind, kind) == 0 && here && text_is_blank(one->corrected) &&
            explanation_holds(one->explanation) && speaks_of(one, row, c))
            return one->used = true;
    }
    return false;
}

/* ---- the rest ----------------------------------------------------------------------------- */

void answers_finish(struct answers *a, struct problems *p)
{
    for (int i = 0; i < a->count; i++) {
        const struct answer *one = &a->items[i];
        bool changed = one->beside && text_is_blank(one->corrected) && !one->used;
        bool stale = !text_is_blank(one->corrected) && !one->used;
        if (!changed && !stale)
            continue;
        const struct question *q = NULL;
        for (int f = 0; f < a->topic->form_count && !q; f++)
            q = form_question(a->topic->forms[f], one->field);
        problem_at(p, &(struct problem_line){.file = one->file,
                                             .sheet = one->sheet,
                                             .row = one->row,
                                             .column = one->column,
                                             .field = one->field,
                                             .kind = changed ? "answer_in_place" : "answer_stale",
                                             .class = "notice",
                                             .original = changed ? one->beside : one->corrected,
                                             .personal = q && q->personal});
    }
}
