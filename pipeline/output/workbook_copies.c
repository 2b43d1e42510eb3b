/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_copies.h"

#include "base/map.h"
#include "base/text.h"
#include "formats/cells.h"
#include "output/workbook_text.h"
#include "intake/answerbook.h"

#include <stdlib.h>
#include <string.h>

/* What is in hand while the problems are placed. */
struct placing {
    struct copies *copies;
    struct store *raw;
    const struct topic *topic;
    struct problem_list *problems;
    const char *own; /* path of the county's file, or NULL */
    struct map tabs; /* names given */
};

/* ---- the tables of the raw store ---------------------------------------------------------- */

static void read_blocks(struct placing *p)
{
    struct copies *c = p->copies;
    struct query *q = store_query(p->raw, "SELECT id, sheet, form, repeat, layout, head_row"
                                          " FROM block ORDER BY id");
    while (query_next(q)) {
        GROW(c->blocks, c->block_count, c->block_room);
        c->blocks[c->block_count++] =
            (struct copy_block){.id = col_long(q, 0),
                                .sheet = col_long(q, 1),
                                .level = topic_form_level(p->topic, col_text(q, 2), col_text(q, 3)),
                                .card = strcmp(col_text(q, 4), "card") == 0,
                                .head_row = col_long(q, 5),
                                .copy = -1};
    }
    query_end(q);
}

static int block_index(const struct copies *c, long id)
{
    int low = 0, high = c->block_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (c->blocks[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->block_count && c->blocks[low].id == id ? low : -1;
}

const struct copy_block *copies_block(const struct copies *c, long id)
{
    int i = block_index(c, id);
    return i < 0 ? NULL : &c->blocks[i];
}

static void read_columns(struct placing *p)
{
    struct copies *c = p->copies;
    struct query *q = store_query(p->raw, "SELECT block, pos, head, role, question, factor FROM col"
                                          " ORDER BY block, pos");
    while (query_next(q)) {
        int i = block_index(c, col_long(q, 0));
        if (i < 0)
            continue;
        struct copy_block *b = &c->blocks[i];
        struct copy_column one = {.pos = (int)col_long(q, 1),
                                  .head = arena_strdup(&c->arena, col_text(q, 2)),
                                  .role = arena_strdup(&c->arena, col_text(q, 3)),
                                  .question = arena_strdup(&c->arena, col_text(q, 4)),
                                  .scaled = col_double(q, 5) != 1};
        if (b->level && strcmp(one.role, "question") == 0)
            one.asks = form_question(b->level->form, one.question);
        GROW(b->columns, b->column_count, b->column_room);
        b->columns[b->column_count++] = one;
    }
    query_end(q);
}

/* Names the file of every problem by its bytes too, so that an answer is not taken for one to
 * another file of that name. */
static void read_prints(struct placing *p)
{
    struct map files = {0};
    struct query *q = store_query(p->raw, "SELECT path, substr(sha256, 1, :n) FROM file");
    const char **prints = NULL;
    int count = 0, room = 0;
    query_long(q, ":n", PRINT_DIGITS);
    while (query_next(q)) {
        GROW(prints, count, room);
        map_put(&files, col_text(q, 0), count);
        prints[count++] = arena_strdup(&p->copies->arena, col_text(q, 1));
    }
    query_end(q);
    for (int i = 0; i < p->problems->count; i++) {
        long file = map_get(&files, p->problems->items[i].file, -1);
        p->problems->items[i].print = file < 0 ? "" : prints[file];
    }
    free(prints);
    map_free(&files);
}

static void read_sheets(struct placing *p)
{
    struct copies *c = p->copies;
    struct query *q = store_query(p->raw, "SELECT sheet.id, file.path, sheet.name FROM sheet JOIN"
                                          " file ON file.id = sheet.file ORDER BY sheet.id");
    while (query_next(q)) {
        if (p->own && strcmp(col_text(q, 1), p->own) == 0)
            text_tab_name(&c->arena, &p->tabs, "", col_text(q, 2)); /* taken */
        c->sheet_count = col_long(q, 0);
    }
    query_end(q);
    c->by_sheet = must_alloc(((size_t)c->sheet_count + 1) * sizeof *c->by_sheet);
    for (long i = 0; i <= c->sheet_count; i++)
        c->by_sheet[i] = -1;
}

/* ---- which sheets are shown --------------------------------------------------------------- */

/* The column of a block that the problem names: the head and the question best, then the
 * question alone, then the head alone; NULL when none does. */
static const struct copy_column *find_column(const struct copy_block *b, const struct problem *one)
{
    const struct copy_column *best = NULL;
    int best_fit = 0;
    for (int i = 0; i < b->column_count; i++) {
        const struct copy_column *c = &b->columns[i];
        bool same_head = *one->col && strcmp(c->head, one->col) == 0;
        bool same_question = *one->field && strcmp(c->question, one->field) == 0;
        int fit = same_question * 2 + same_head;
        if (fit > best_fit) {
            best = c;
            best_fit = fit;
        }
    }
    return best;
}

/* A data row of the raw store. */
struct found_row {
    long id, sheet, no;
    const struct copy_block *block; /* NULL: in no table */
    struct cells cells;
};

static int add_copy(struct placing *p, struct copy one)
{
    struct copies *c = p->copies;
    if (c->count >= COPIES_MAX)
        return -1;
    one.own = one.sheet_id && p->own && strcmp(one.file, p->own) == 0;
    one.tab = one.own ? one.sheet : text_tab_name(&c->arena, &p->tabs, one.file, one.sheet);
    GROW(c->items, c->count, c->room);
    c->items[c->count] = one;
    return c->count++;
}

static int copy_of_list(struct placing *p, int block)
{
    struct copy_block *b = &p->copies->blocks[block];
    if (b->copy < 0 && b->level)
        b->copy = add_copy(p, (struct copy){.file = b->level->form_name,
                                            .sheet = b->level->label,
                                            .block = block,
                                            .sparse = true,
                                            .rows = 1});
    return b->copy;
}

static int copy_of_sheet(struct placing *p, long sheet, const struct problem *one)
{
    struct copies *c = p->copies;
    if (c->by_sheet[sheet] >= 0)
        return c->by_sheet[sheet];
    struct copy copy = {.file = one->file, .sheet = one->sheet, .sheet_id = sheet};
    for (int i = 0; i < c->block_count; i++) {
        const struct copy_block *b = &c->blocks[i];
        if (b->sheet == sheet && b->card)
            copy.cards = true;
        else if (b->sheet == sheet && !copy.head_row)
            copy.head_row = b->head_row;
    }
    return c->by_sheet[sheet] = add_copy(p, copy);
}

/* ---- placing ------------------------------------------------------------------------------ */

static const char *text_of(struct placing *p, const struct cell *cell)
{
    struct buf b = {0};
    text_for_cell(&b, cell->text, cell->len, CELL_TEXT_MAX);
    const char *text = arena_strdup(&p->copies->arena, buf_text(&b));
    buf_free(&b);
    return text;
}

static void place(struct placing *p, struct problem *one, const struct found_row *r)
{
    const struct copy_block *b = r->block;
    const struct copy_column *column = b ? find_column(b, one) : NULL;
    one->level = b ? b->level : NULL;
    if (one->level && *one->field)
        one->question = form_question(one->level->form, one->field);
    bool list = b && !b->sheet;
    one->copy =
        list ? copy_of_list(p, (int)(b - p->copies->blocks)) : copy_of_sheet(p, r->sheet, one);
    one->scaled = column && column->scaled;
    if (column && column->pos < r->cells.count)
        one->shown = text_of(p, &r->cells.items[column->pos]);
    one->at_row = r->no - 1;
    one->at_col = column ? column->pos + (list ? LIST_COLUMNS : 0) : -1;
    if (b && b->card) {
        one->at_row = (column ? card_row(column->pos, b->head_row) : b->head_row) - 1;
        one->at_col = column ? card_column(column->pos, r->no) : (int)r->no - 1;
    }
    if (one->at_row >= SHEET_ROWS_MAX || one->at_col >= SHEET_COLUMNS_MAX)
        one->copy = -1;
}

static bool find_row(struct placing *p, struct query *q, struct found_row *r, long id)
{
    query_reset(q);
    query_long(q, ":id", id);
    if (!query_next(q))
        return false;
    size_t n;
    const void *blob = col_blob(q, 3, &n);
    *r = (struct found_row){.id = id,
                            .sheet = col_long(q, 0),
                            .no = col_long(q, 2),
                            .block = copies_block(p->copies, col_long(q, 1)),
                            .cells = r->cells};
    return r->sheet >= 1 && r->sheet <= p->copies->sheet_count &&
           cells_unpack(&r->cells, blob, n) == 0;
}

/* The problems in c->order, which is by row. */
static void place_all(struct placing *p)
{
    const struct copies *c = p->copies;
    struct found_row r = {0};
    bool found = false;
    struct query *q = store_query(p->raw, "SELECT sheet, block, no, cells FROM row WHERE id = :id");
    for (int k = 0; k < c->order_count; k++) {
        struct problem *one = &p->problems->items[c->order[k]];
        if (one->raw_row != r.id)
            found = find_row(p, q, &r, one->raw_row);
        if (found)
            place(p, one, &r);
        progress("核对行", r.id);
    }
    query_end(q);
    cells_free(&r.cells);
    progress_end();
}

/* The questions of problems without a row: the form that has one of that name. */
static void guess_questions(struct placing *p)
{
    for (int i = 0; i < p->problems->count; i++) {
        struct problem *one = &p->problems->items[i];
        for (int f = 0; *one->field && !one->question && f < p->topic->form_count; f++)
            one->question = form_question(p->topic->forms[f], one->field);
    }
}

static void mark_sparse(struct placing *p)
{
    struct copies *c = p->copies;
    struct query *q = store_query(p->raw, "SELECT sheet, COUNT(*) FROM row GROUP BY sheet");
    while (query_next(q)) {
        long sheet = col_long(q, 0);
        if (sheet >= 1 && sheet <= c->sheet_count && c->by_sheet[sheet] >= 0 &&
            col_long(q, 1) > COPY_ROWS_MAX)
            c->items[c->by_sheet[sheet]].sparse = !c->items[c->by_sheet[sheet]].own;
    }
    query_end(q);
}

/* ---- order -------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b, void *user)
{
    const struct problem *items = user;
    const struct problem *x = &items[*(const int *)a], *y = &items[*(const int *)b];
    if (x->raw_row != y->raw_row)
        return x->raw_row < y->raw_row ? -1 : 1;
    if (x->at_col != y->at_col)
        return x->at_col < y->at_col ? -1 : 1;
    if (x->at_row != y->at_row)
        return x->at_row < y->at_row ? -1 : 1;
    return *(const int *)a - *(const int *)b;
}

/* The problems asked about whose row is known, by row; `placed`: only those shown, by place. */
static void order_problems(struct copies *c, const struct problem_list *problems, bool placed)
{
    c->order_count = 0;
    for (int i = 0; i < problems->count; i++) {
        const struct problem *one = &problems->items[i];
        if (one->asked && one->raw_row && (!placed || one->copy >= 0))
            c->order[c->order_count++] = i;
    }
    qsort_r(c->order, (size_t)c->order_count, sizeof *c->order, by_place, problems->items);
}

/* The records of lists, in order. */
static void number_records(struct copies *c, struct problem_list *problems)
{
    long last = 0;
    for (int k = 0; k < c->order_count; k++) {
        struct problem *one = &problems->items[c->order[k]];
        struct copy *copy = &c->items[one->copy];
        if (copy->sheet_id)
            continue;
        copy->rows += one->raw_row != last;
        last = one->raw_row;
        one->at_row = copy->rows - 1;
    }
}

void copies_place(struct copies *c, struct store *raw, const struct topic *t,
                  struct problem_list *problems, const char *own)
{
    struct placing p = {.copies = c, .raw = raw, .topic = t, .problems = problems, .own = own};
    static const char *const reserved[] = {ANSWER_SHEET, ANSWERED_SHEET, "已规范的内容", "history"};
    for (int i = 0; i < 4; i++)
        map_put(&p.tabs, reserved[i], 1);
    read_blocks(&p);
    read_columns(&p);
    read_sheets(&p);
    read_prints(&p);
    c->order = must_alloc(((size_t)problems->count + 1) * sizeof *c->order);
    order_problems(c, problems, false);
    place_all(&p);
    guess_questions(&p);
    mark_sparse(&p);
    order_problems(c, problems, true);
    number_records(c, problems);
    map_free(&p.tabs);
}

void copies_free(struct copies *c)
{
    for (int i = 0; i < c->block_count; i++)
        free(c->blocks[i].columns);
    free(c->blocks);
    free(c->items);
    free(c->by_sheet);
    free(c->order);
    arena_free(&c->arena);
    *c = (struct copies){0};
}
