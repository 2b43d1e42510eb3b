/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/rawstore.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

struct raw {
    const struct topic *topic;
    struct store *store;
    struct arena arena;
    struct query *file, *fate, *sheet, *column, *row, *problem, *answer;
    long files, sheets, rows;
    struct raw_block *blocks;
    long block_count, block_room;
    long marked_files, marked_sheets, marked_rows, marked_blocks;
    struct buf packed;
};

struct raw *raw_create(const char *path, const struct topic *t)
{
    struct raw *r = must_alloc(sizeof *r);
    struct store *s = store_create(path, &SCHEMA_RAW);
    r->topic = t;
    r->store = s;
    r->file = store_query(s, "INSERT INTO file(id, path, bytes, sha256, format, encoding, "
                             "correction, fate, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    r->fate = store_query(s, "UPDATE file SET fate = ?, reason = ? WHERE id = ?");
    r->sheet = store_query(s, "INSERT INTO sheet(id, file, name, hidden) VALUES (?, ?, ?, ?)");
    r->column =
        store_query(s, "INSERT INTO col(block, pos, head, role, question, nth, choice, factor) "
                       "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    r->row = store_query(s, "INSERT INTO row(id, sheet, block, no, kind, parent, cells) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?)");
    r->problem = store_query(s, "INSERT INTO problem(file, sheet, row, col, field, kind, class, "
                                "original, corrected, key) "
                                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '')");
    r->answer = store_query(s, "INSERT OR IGNORE INTO answer(file, print, sheet, row, col, field,"
                               " kind, original, corrected, explanation, beside)"
                               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    return r;
}

void raw_meta(struct raw *r, const char *name, const char *value)
{
    store_set_meta(r->store, name, value);
}

/* ---- undo --------------------------------------------------------------------------------- */

void raw_mark(struct raw *r)
{
    r->marked_files = r->files;
    r->marked_sheets = r->sheets;
    r->marked_rows = r->rows;
    r->marked_blocks = r->block_count;
    store_exec(r->store, "SAVEPOINT mark");
}

void raw_undo(struct raw *r)
{
    store_exec(r->store, "ROLLBACK TO mark");
    r->files = r->marked_files;
    r->sheets = r->marked_sheets;
    r->rows = r->marked_rows;
    r->block_count = r->marked_blocks;
}

void raw_keep(struct raw *r)
{
    store_exec(r->store, "RELEASE mark");
}

/* ---- rows --------------------------------------------------------------------------------- */

long raw_add_file(struct raw *r, const struct raw_file *f)
{
    struct query *q = r->file;
    query_long_at(q, 1, ++r->files);
    query_text_at(q, 2, f->path);
    query_long_at(q, 3, (long)f->bytes);
    query_text_at(q, 4, f->sha256);
    query_text_at(q, 5, f->format);
    query_text_at(q, 6, f->encoding);
    query_long_at(q, 7, f->correction);
    query_text_at(q, 8, f->fate);
    query_text_at(q, 9, f->reason);
    query_run(q);
    return r->files;
}

void raw_set_fate(struct raw *r, long file, const char *fate, const char *reason)
{
    query_text_at(r->fate, 1, fate);
    query_text_at(r->fate, 2, reason);
    query_long_at(r->fate, 3, file);
    query_run(r->fate);
}

long raw_add_sheet(struct raw *r, long file, const char *name, bool hidden)
{
    query_long_at(r->sheet, 1, ++r->sheets);
    query_long_at(r->sheet, 2, file);
    query_text_at(r->sheet, 3, name);
    query_long_at(r->sheet, 4, hidden);
    query_run(r->sheet);
    return r->sheets;
}

long raw_add_block(struct raw *r, const struct raw_block *b)
{
    GROW(r->blocks, r->block_count, r->block_room);
    struct raw_block *mine = &r->blocks[r->block_count++];
    *mine = *b;
    mine->id = r->block_count;
    mine->village = arena_strdup(&r->arena, b->village);
    mine->file = arena_strdup(&r->arena, b->file);
    return mine->id;
}

void raw_add_column(struct raw *r, long block, int pos, const char *head,
                    const struct column *column, double factor)
{
    struct raw_block *b = &r->blocks[block - 1];
    b->has_index = b->has_index || column->role == COLUMN_INDEX;
    b->has_parent = b->has_parent || column->role == COLUMN_PARENT;
    query_long_at(r->column, 1, block);
    query_long_at(r->column, 2, pos);
    query_text_at(r->column, 3, head);
    query_text_at(r->column, 4, column_role_name(column->role));
    query_text_at(r->column, 5, column->question ? column->question->name : "");
    query_long_at(r->column, 6, column->nth);
    query_text_at(r->column, 7, column->choice ? column->choice->name : "");
    query_double_at(r->column, 8, factor);
    query_run(r->column);
}

static long add_row(struct raw *r, long sheet, long block, long no, const char *kind, long parent,
                    const struct buf *packed)
{
    struct query *q = r->row;
    query_long_at(q, 1, ++r->rows);
    query_long_at(q, 2, sheet);
    if (block)
        query_long_at(q, 3, block);
    else
        query_null_at(q, 3);
    query_long_at(q, 4, no);
    query_text_at(q, 5, kind);
    if (parent)
        query_long_at(q, 6, parent);
    else
        query_null_at(q, 6);
    query_blob_at(q, 7, buf_text(packed), packed->len);
    query_run(q);
    return r->rows;
}

long raw_add_row(struct raw *r, long sheet, long block, long no, const char *kind, long parent,
                 const struct cell *cells, int count)
{
    buf_clear(&r->packed);
    cells_pack(&r->packed, cells, count);
    return add_row(r, sheet, block, no, kind, parent, &r->packed);
}

long raw_add_packed(struct raw *r, long sheet, long block, long no, const char *kind, long parent,
                    const struct buf *packed)
{
    return add_row(r, sheet, block, no, kind, parent, packed);
}

void raw_add_problem(struct raw *r, const struct raw_problem *p)
{
    const char *const texts[] = {p->file,  p->sheet, p->row,   p->column,
                                 p->field, p->kind,  p->class, p->original};
    for (int i = 0; i < 8; i++)
        query_text_at(r->problem, i + 1, texts[i] ? texts[i] : "");
    query_run(r->problem);
}

void raw_add_answer(struct raw *r, const struct raw_answer *a)
{
    const char *const texts[] = {a->file,      a->print,       a->sheet, a->row,
                                 a->column,    a->field,       a->kind,  a->original,
                                 a->corrected, a->explanation, a->beside};
    for (int i = 0; i < 11; i++)
        query_text_at(r->answer, i + 1, texts[i]);
    query_run(r->answer);
}

/* ---- links between blocks ----------------------------------------------------------------- */

/* Length of the path without the extension: what the files of one export share. */
static size_t stem(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    return dot && (!slash || dot > slash) ? (size_t)(dot - path) : strlen(path);
}

/* How well `parent` may be what `child` points into: 0 not at all; the same file best, then the
 * file whose name is the longest beginning of the child's. */
static size_t likeness(const struct topic *t, const struct raw_block *child,
                       const struct raw_block *parent)
{
    if (!parent->has_index || t->levels[child->level].parent != parent->level)
        return 0;
    if (!strcmp(child->file, parent->file))
        return (size_t)-1;
    size_t n = stem(parent->file);
    return !strncmp(child->file, parent->file, n) ? n + 1 : 1;
}

static void link_blocks(struct raw *r)
{
    for (long c = 0; c < r->block_count; c++) {
        struct raw_block *child = &r->blocks[c];
        size_t best = 0;
        for (long p = 0; child->has_parent && p < r->block_count; p++) {
            size_t like = likeness(r->topic, child, &r->blocks[p]);
            if (like > best) {
                best = like;
                child->parent = r->blocks[p].id;
            }
        }
    }
}

static void write_blocks(struct raw *r)
{
    struct query *q = store_query(
        r->store, "INSERT INTO block(id, sheet, form, repeat, parent, head_row, layout, village) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (long i = 0; i < r->block_count; i++) {
        const struct raw_block *b = &r->blocks[i];
        const struct level *l = &r->topic->levels[b->level];
        query_long_at(q, 1, b->id);
        if (b->sheet)
            query_long_at(q, 2, b->sheet);
        else
            query_null_at(q, 2);
        query_text_at(q, 3, l->form_name);
        query_text_at(q, 4, l->repeat_name);
        if (b->parent)
            query_long_at(q, 5, b->parent);
        else
            query_null_at(q, 5);
        query_long_at(q, 6, b->head_row);
        query_text_at(q, 7, b->layout);
        query_text_at(q, 8, b->village);
        query_run(q);
    }
    query_end(q);
}

void raw_finish(struct raw *r)
{
    link_blocks(r);
    write_blocks(r);
    struct query *const queries[] = {r->file, r->fate,    r->sheet, r->column,
                                     r->row,  r->problem, r->answer};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        query_end(queries[i]);
    store_commit(r->store);
    free(r->blocks);
    buf_free(&r->packed);
    arena_free(&r->arena);
    free(r);
}
