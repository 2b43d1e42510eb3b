/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_new_private.h"

#include "base/message.h"
#include "formats/cells.h"
#include "output/workbook_advice.h"
#include "output/workbook_list.h"
#include "output/workbook_text.h"

#include <stdlib.h>
#include <string.h>

enum {
    NOTES_MAX = 20000,   /* of a workbook */
    NOTE_TEXT_MAX = 600, /* UTF-16 units */
    WIDTH_LEAST = 8,     /* of a column */
    WIDTH_MOST = 30,
    FREEZE_MOST = 20, /* head rows that stay in sight */
};

/* ---- the county's sheets ------------------------------------------------------------------ */

static void make_tab(struct book *b, const struct copy *copy, struct tab *tab)
{
    lxw_worksheet *sheet = tab->sheet = workbook_add_worksheet(b->file, copy->tab);
    if (!sheet) {
        book_check(b, LXW_ERROR_PARAMETER_VALIDATION);
        return;
    }
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
    long head = copy->sheet_id ? copy->head_row : 1;
    if (head > 0 && head < FREEZE_MOST)
        worksheet_freeze_panes(sheet, (lxw_row_t)head, 0);
    if (copy->sparse && copy->sheet_id)
        worksheet_set_default_row(sheet, 15, LXW_TRUE); /* rows left out are hidden */
}

static void make_tabs(struct book *b)
{
    const struct copies *c = b->in->copies;
    b->tabs = must_alloc(((size_t)c->count + 1) * sizeof *b->tabs);
    for (int i = 0; i < c->count; i++)
        make_tab(b, &c->items[i], &b->tabs[i]);
}

/* A column takes at least `columns`, within limits. */
static void widen(struct tab *t, int column, int columns)
{
    if (column >= t->count) {
        int count = column + 32;
        t->widths = must_realloc(t->widths, (size_t)count * sizeof *t->widths);
        while (t->count < count)
            t->widths[t->count++] = WIDTH_LEAST;
    }
    columns = columns + 2 < WIDTH_MOST ? columns + 2 : WIDTH_MOST;
    if (columns > t->widths[column])
        t->widths[column] = columns;
}

static void set_widths(struct book *b)
{
    for (int i = 0; i < b->in->copies->count; i++)
        for (int c = 0; c < b->tabs[i].count; c++)
            worksheet_set_column(b->tabs[i].sheet, (lxw_col_t)c, (lxw_col_t)c, b->tabs[i].widths[c],
                                 NULL);
}

void book_free_copies(struct book *b)
{
    for (int i = 0; b->tabs && i < b->in->copies->count; i++)
        free(b->tabs[i].widths);
    free(b->tabs);
    free(b->waiting);
    buf_free(&b->waiting_texts);
}

/* The heads of a list of phone records. */
static void put_list_heads(struct book *b, int copy)
{
    const struct copy_block *block = &b->in->copies->blocks[b->in->copies->items[copy].block];
    struct tab *tab = &b->tabs[copy];
    book_check(b, worksheet_write_string(tab->sheet, 0, 0, "文件", b->copy_head));
    book_check(b, worksheet_write_string(tab->sheet, 0, 1, "第几个", b->copy_head));
    for (int i = 0; i < block->column_count; i++) {
        const struct copy_column *c = &block->columns[i];
        buf_clear(&b->text);
        put_head(&b->text, c->head, c->asks);
        widen(tab, c->pos + LIST_COLUMNS, text_columns(buf_text(&b->text)));
        book_check(b, worksheet_write_string(tab->sheet, 0, (lxw_col_t)(c->pos + LIST_COLUMNS),
                                             buf_text(&b->text), b->copy_head));
    }
}

/* What a row of the raw store becomes. */
struct shown_row {
    int copy;
    const struct copy_block *block;
    long no;
    const char *kind, *file;
    bool table;          /* of a table's head or data: its columns must be wide enough */
    const int *problems; /* in in->problems, by column */
    int problem_count;
};

/* Whether cell `pos` answers a question with a number. */
static bool is_number(const struct copy_block *block, int pos)
{
    for (int i = 0; block && i < block->column_count; i++) {
        const struct question *q = block->columns[i].asks;
        if (block->columns[i].pos == pos)
            return q && (q->type == Q_INTEGER || q->type == Q_DECIMAL);
    }
    return false;
}

/* Where a cell goes. */
struct spot {
    long row;
    int col;
    bool number;
};

static void put_cell(struct book *b, const struct shown_row *r, struct spot at,
                     const struct cell *cell, lxw_format *f)
{
    if (at.row >= SHEET_ROWS_MAX || at.col >= SHEET_COLUMNS_MAX)
        return;
    struct waiting_cell w = {.row = at.row,
                             .col = at.col,
                             .seq = b->waiting_count,
                             .format = f,
                             .text = b->waiting_texts.len,
                             .number = at.number && cell->kind == CELL_NUMBER &&
                                       !strchr(cell->text, 'E')};
    text_for_cell(&b->waiting_texts, cell->text, cell->len, CELL_TEXT_MAX);
    buf_put(&b->waiting_texts, "", 1);
    if (r->table)
        widen(&b->tabs[r->copy], at.col, text_columns(b->waiting_texts.text + w.text));
    GROW(b->waiting, b->waiting_count, b->waiting_room);
    b->waiting[b->waiting_count++] = w;
}

static int by_row(const void *a, const void *b)
{
    const struct waiting_cell *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return x->col != y->col ? x->col - y->col : x->seq - y->seq;
}

/* Writes the cells that wait: those of one row of a table, of all cards of a sheet. */
static void write_waiting(struct book *b, int copy)
{
    if (b->waiting_count > 0) /* else there is no array */
        qsort(b->waiting, (size_t)b->waiting_count, sizeof *b->waiting, by_row);
    for (int i = 0; i < b->waiting_count; i++) {
        const struct waiting_cell *w = &b->waiting[i];
        const char *text = b->waiting_texts.text + w->text;
        lxw_worksheet *sheet = b->tabs[copy].sheet;
        lxw_row_t row = (lxw_row_t)w->row;
        lxw_col_t col = (lxw_col_t)w->col;
        if (w->number)
            book_check(b, worksheet_write_number(sheet, row, col, strtod(text, NULL), w->format));
        else if (*text)
            book_check(b, worksheet_write_string(sheet, row, col, text, w->format));
        else if (w->format != b->plain)
            book_check(b, worksheet_write_blank(sheet, row, col, w->format));
    }
    b->waiting_count = 0;
    buf_clear(&b->waiting_texts);
}

/* One note for all problems of a cell; `problems` are those from the first on, returns how many
 * stand there. */
static int put_note(struct book *b, const struct shown_row *r, int first)
{
    const struct problem *items = b->in->problems->items;
    const struct problem *p = &items[r->problems[first]];
    int n = 0;
    buf_clear(&b->text);
    for (; first + n < r->problem_count; n++) {
        const struct problem *one = &items[r->problems[first + n]];
        if (one->at_row != p->at_row || one->at_col != p->at_col)
            break;
        buf_puts(&b->text, n ? "\n" : "");
        advice_wrong(&b->text, one);
        buf_puts(&b->text, "\n");
        advice_expected(&b->text, one);
    }
    if (b->notes++ >= NOTES_MAX)
        return n;
    struct buf note = {0};
    text_for_cell(&note, b->text.text, b->text.len, NOTE_TEXT_MAX);
    lxw_comment_options options = {.author = LIST_ASKED,
                                   .width = 300,
                                   .height = (uint16_t)(20 + 19 * text_lines(note.text, 36)),
                                   .font_name = "宋体",
                                   .font_size = 11};
    book_check(b, worksheet_write_comment_opt(b->tabs[r->copy].sheet, (lxw_row_t)p->at_row,
                                              (lxw_col_t)(p->at_col < 0 ? 0 : p->at_col), note.text,
                                              &options));
    buf_free(&note);
    return n;
}

static bool is_doubted(const struct book *b, const struct shown_row *r, struct spot at)
{
    for (int i = 0; i < r->problem_count; i++) {
        const struct problem *p = &b->in->problems->items[r->problems[i]];
        if (p->at_row == at.row && p->at_col == at.col)
            return true;
    }
    return false;
}

/* Where cell i of the row stands in its sheet: a card's records are columns. */
static struct spot locate(const struct shown_row *r, long list_row, int i)
{
    bool number = is_number(r->block, i);
    if (r->block && r->block->card)
        return (struct spot){card_row(i, r->block->head_row) - 1, card_column(i, r->no), number};
    if (r->block && !r->block->sheet)
        return (struct spot){list_row, i + LIST_COLUMNS, number};
    return (struct spot){r->no - 1, i, number};
}

static lxw_format *base_format(const struct book *b, const struct shown_row *r)
{
    if (strcmp(r->kind, "head") == 0)
        return b->copy_head;
    for (int i = 0; i < r->problem_count; i++)
        if (b->in->problems->items[r->problems[i]].at_col < 0)
            return b->held;
    return b->plain;
}

/* The first columns of a list: the file, and which record of the repeat. */
static void put_origin(struct book *b, const struct shown_row *r, long row, lxw_format *f)
{
    lxw_worksheet *sheet = b->tabs[r->copy].sheet;
    widen(&b->tabs[r->copy], 0, WIDTH_MOST);
    book_check(b, worksheet_write_string(sheet, (lxw_row_t)row, 0, r->file, f));
    if (r->no > 0)
        book_check(b, worksheet_write_number(sheet, (lxw_row_t)row, 1, (double)r->no, f));
}

static void put_row(struct book *b, const struct shown_row *r, const struct cells *cells)
{
    const struct problem *items = b->in->problems->items;
    long list_row = r->problem_count ? items[r->problems[0]].at_row : 0;
    lxw_format *base = base_format(b, r);
    int last = cells->count;
    for (int i = 0; r->block && i < r->block->column_count; i++)
        if (r->problem_count && r->block->columns[i].pos >= last)
            last = r->block->columns[i].pos + 1;
    if (b->in->copies->items[r->copy].own)
        last = 0;
    for (int i = 0; i < last; i++) {
        static const struct cell empty = {CELL_EMPTY, "", 0};
        struct spot at = locate(r, list_row, i);
        put_cell(b, r, at, i < cells->count ? &cells->items[i] : &empty,
                 is_doubted(b, r, at) ? b->doubt : base);
    }
    if (!b->in->copies->items[r->copy].cards)
        write_waiting(b, r->copy);
    if (r->block && !r->block->sheet)
        put_origin(b, r, list_row, base);
    for (int i = 0; i < r->problem_count;)
        i += put_note(b, r, i);
}

static bool is_shown(const struct book *b, const struct shown_row *r)
{
    if (r->copy < 0)
        return false;
    const struct copy *copy = &b->in->copies->items[r->copy];
    return r->problem_count || !copy->sparse ||
           (copy->sheet_id && r->no <= copy->head_row && copy->head_row < 100);
}

/* The problems of a row of the raw store: in the copies' order, by row. */
static void find_problems(const struct book *b, long raw_row, struct shown_row *r)
{
    const struct copies *c = b->in->copies;
    const struct problem *items = b->in->problems->items;
    int low = 0, high = c->order_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (items[c->order[middle]].raw_row < raw_row)
            low = middle + 1;
        else
            high = middle;
    }
    r->problems = c->order + low;
    while (low < c->order_count && items[c->order[low]].raw_row == raw_row) {
        low++;
        r->problem_count++;
    }
}

void book_write_copies(struct book *b)
{
    const struct copies *c = b->in->copies;
    struct cells cells = {0};
    int before = -1;
    make_tabs(b);
    for (int i = 0; i < c->count && b->bad == LXW_NO_ERROR; i++)
        if (!c->items[i].sheet_id)
            put_list_heads(b, i);
    /* Tables beside each other are row by row together; records of a list are in their order. */
    struct query *q = store_query(
        b->in->raw, "SELECT row.id, row.sheet, row.block, row.no, row.kind, row.cells, file.path"
                    " FROM row JOIN sheet ON sheet.id = row.sheet JOIN file ON file.id = sheet.file"
                    " LEFT JOIN block ON block.id = row.block ORDER BY row.sheet,"
                    " iif(row.block IS NOT NULL AND block.sheet IS NULL, 0, row.no), row.id");
    while (query_next(q) && b->bad == LXW_NO_ERROR) {
        struct shown_row r = {.block = copies_block(c, col_long(q, 2)),
                              .no = col_long(q, 3),
                              .kind = col_text(q, 4),
                              .file = col_text(q, 6)};
        find_problems(b, col_long(q, 0), &r);
        r.table = strcmp(r.kind, "data") == 0 || strcmp(r.kind, "head") == 0;
        r.copy = r.block && !r.block->sheet ? r.block->copy : c->by_sheet[col_long(q, 1)];
        if (b->waiting_count && r.copy != before)
            write_waiting(b, before);
        before = r.copy;
        size_t n;
        const void *blob = col_blob(q, 5, &n);
        if (is_shown(b, &r) && cells_unpack(&cells, blob, n) == 0)
            put_row(b, &r, &cells);
        progress("写行", col_long(q, 0));
    }
    query_end(q);
    if (b->waiting_count)
        write_waiting(b, before);
    progress_end();
    cells_free(&cells);
    if (b->bad == LXW_NO_ERROR)
        set_widths(b);
}
