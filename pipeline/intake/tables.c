/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/tables_private.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

struct tables *tables_new(struct heads *h, struct raw *r, const struct topic *topic)
{
    struct tables *t = must_alloc(sizeof *t);
    t->heads = h;
    t->raw = r;
    t->topic = topic;
    return t;
}

void tables_free(struct tables *t)
{
    if (!t)
        return;
    tables_free(t->right);
    end_table(t);
    for (int i = 0; i < t->kept_room; i++)
        cells_free(&t->kept[i].cells);
    free(t->kept);
    free(t->merges);
    free(t->sheet_name);
    free(t->columns);
    free(t->printed);
    free(t->factors);
    free(t->seen);
    fills_free(t);
    buf_free(&t->packed);
    buf_free(&t->village);
    free(t);
}

/* ---- rows kept back ----------------------------------------------------------------------- */

static void keep_row(struct tables *t, long no, const struct cell *cells, int count)
{
    if (t->kept_count == t->kept_room) {
        int room = t->kept_room ? t->kept_room * 2 : 16;
        t->kept = must_realloc(t->kept, (size_t)room * sizeof *t->kept);
        memset(t->kept + t->kept_room, 0, (size_t)(room - t->kept_room) * sizeof *t->kept);
        t->kept_room = room;
    }
    struct kept_row *row = &t->kept[t->kept_count++];
    row->no = no;
    buf_clear(&t->packed);
    cells_pack(&t->packed, cells, count);
    cells_unpack(&row->cells, buf_text(&t->packed), t->packed.len);
    t->kept_cells += count;
}

/* Forget the first n kept rows; their memory serves the rows to come. */
static void forget(struct tables *t, int n)
{
    if (n == 0)
        return;
    struct kept_row *first = must_alloc((size_t)n * sizeof *first);
    memcpy(first, t->kept, (size_t)n * sizeof *first);
    t->kept_count -= n;
    memmove(t->kept, t->kept + n, (size_t)t->kept_count * sizeof *t->kept);
    memcpy(t->kept + t->kept_count, first, (size_t)n * sizeof *first);
    for (int i = 0; i < n; i++)
        t->kept_cells -= first[i].cells.count;
    free(first);
}

void write_rows(struct tables *t, int first, int end, const char *kind)
{
    bool written = t->beside && !strcmp(kind, "title"); /* by the reader of the left table */
    for (int i = first; i < end && !written; i++)
        raw_add_row(t->raw, t->sheet, 0, t->kept[i].no, kind, 0, t->kept[i].cells.items,
                    t->kept[i].cells.count);
}

/* The first n kept rows stand above a table, or alone: read the forms or the card that they may
 * be.  Returns how many were read. */
static int records_above(struct tables *t, int n)
{
    int done = read_form(t, n, false);
    return done == 0 && read_card(t, n) ? n : done;
}

/* Write the first n kept rows and forget them. */
static void flush(struct tables *t, int n, const char *kind)
{
    write_rows(t, 0, n, kind);
    forget(t, n);
}

/* ---- looking for a head ------------------------------------------------------------------- */

/* The kept row at `last` is the lowest of a head; those above it may belong to it. */
static void found_head(struct tables *t, int last)
{
    int first = last;
    while (first > 0 && last - first + 1 < HEAD_ROWS &&
           is_group_row(t, &t->kept[first - 1], &t->kept[first]) && !is_item_row(t, first - 1))
        first--;
    split_off(t, first, last);
    int done = t->beside ? 0 : records_above(t, first);
    bool table = begin_table(t, first, last);
    write_rows(t, done, first, table ? "title" : "unmapped");
    for (int i = first; i <= last; i++)
        raw_add_row(t->raw, t->sheet, t->block, t->kept[i].no, table ? "head" : "unmapped", 0,
                    t->kept[i].cells.items, t->kept[i].cells.count);
    forget(t, last + 1);
    t->head_waits = false;
}

static void filled_row(struct tables *t, long no, const struct cell *cells, int count, bool cut);

/* Give the columns behind the border to the reader of the right table; returns how many are left.
 */
static int share_row(struct tables *t, long no, const struct cell *cells, int count, bool cut)
{
    if (!t->right)
        return count;
    feed_right(t, no, cells, count, cut);
    return count < t->border ? count : t->border;
}

/* Enough rows are kept: read the forms that are among them, or else let the upper half go, so that
 * the search for forms costs each row a constant. */
static void make_room(struct tables *t)
{
    if (t->kept_count < KEPT_ROWS && t->kept_cells <= KEPT_CELLS)
        return;
    int done = read_form(t, t->kept_count, true);
    if (done > 0)
        forget(t, done);
    else
        flush(t, (t->kept_count + 1) / 2, t->found.read ? "note" : "unmapped");
}

static void seek_row(struct tables *t, long no, const struct cell *cells, int count, bool cut)
{
    struct fit fit = fit_row(t, cells, count);
    bool head = fit_is_head(&fit) && !looks_like_form(t, no, cells, count);
    if (t->head_waits) {
        if (head) {
            keep_row(t, no, cells, count);
            found_head(t, t->kept_count - 1);
        } else {
            bool shared = t->right;
            found_head(t, t->kept_count - 1);
            if (!shared)
                count = share_row(t, no, cells, count, cut);
            cut = cut && !t->right;
            if (t->block)
                filled_row(t, no, cells, count, cut);
            else
                seek_row(t, no, cells, count, cut);
        }
        return;
    }
    make_room(t);
    keep_row(t, no, cells, count);
    t->head_waits = head;
}

/* ---- in a table --------------------------------------------------------------------------- */

/* The head again, as on the next printed page. */
static bool is_same_head(const struct tables *t, const struct cell *cells, int count)
{
    int same = 0, other = 0;
    for (int i = 0; i < count && i < t->column_count && other < 4 + same; i++)
        if (cells[i].len && !strcmp(cells[i].text, t->printed[i]))
            same++;
        else
            other += is_filled(&cells[i]);
    return same > 0 && same >= other * 4;
}

static const char *kind_of_row(struct tables *t, const struct cell *cells, int count, bool cut)
{
    if (t->rows_below == 1 && is_unit_row(t, cells, count)) {
        take_unit_row(t, cells, count);
        return "unit";
    }
    if (is_same_head(t, cells, count))
        return "head";
    if (is_total_row(cells, count))
        return "total";
    if (is_note_row(t, cells, count) || (t->after_note && filled_cells(cells, count, NULL) == 1))
        return "note";
    return cut && count < t->width ? "truncated" : "data";
}

static void write_row(struct tables *t, long no, const struct cell *cells, int count, bool cut)
{
    t->rows_below++;
    const char *kind = kind_of_row(t, cells, count, cut);
    t->after_note = *kind == 'n';
    if (strcmp(kind, "unit") != 0)
        write_columns(t);
    if (*kind == 'd')
        note_headless(t, cells, count);
    buf_clear(&t->packed);
    cells_pack(&t->packed, cells, count);
    raw_add_packed(t->raw, t->sheet, t->block, no, kind, *kind == 'd' ? t->above : 0, &t->packed);
}

/* Write the rows held back: no new table began below them.  A text alone above the head, printed
 * again, is a title. */
static void release(struct tables *t, bool above_head)
{
    t->held = false;
    for (int i = 0; i < t->kept_count; i++) {
        const struct cells *c = &t->kept[i].cells;
        if (above_head && filled_cells(c->items, c->count, NULL) == 1)
            raw_add_row(t->raw, t->sheet, t->block, t->kept[i].no, "note", 0, c->items, c->count);
        else
            write_row(t, t->kept[i].no, c->items, c->count, false);
    }
    forget(t, t->kept_count);
}

static bool is_new_head(struct tables *t, const struct cell *cells, int count)
{
    if (is_same_head(t, cells, count))
        return false;
    struct fit fit = fit_row(t, cells, count);
    return fit_is_head(&fit) && fit.own >= 3;
}

/* Rows behind a gap, and a single text in the first column, may be the title or the upper head
 * of another table: they are held until three rows have come. */
static bool may_be_title(const struct tables *t, long no, const struct cell *cells, int count)
{
    int first;
    if (t->held)
        return t->kept_count < HEAD_ROWS;
    if (t->rows_below == 0)
        return false;
    if (no > t->last_row + 1)
        return true;
    return count && cells[0].kind == CELL_TEXT && t->column_count > 2 &&
           filled_cells(cells, count, &first) == 1 && first == 0;
}

/* Another village's title within a table that has no column for it: the table goes on below. */
static bool is_next_village(struct tables *t, const struct cell *cells, int count)
{
    return t->of_village && filled_cells(cells, count, NULL) * 2 <= t->column_count &&
           names_village(t, cells, count);
}

static void table_row(struct tables *t, long no, const struct cell *cells, int count, bool cut)
{
    if (may_be_head(t, cells, count) &&
        (is_new_head(t, cells, count) || looks_like_form(t, no, cells, count))) {
        end_table(t);
        t->held = false; /* the rows held are above this one */
        seek_row(t, no, cells, count, cut);
        return;
    }
    if (is_next_village(t, cells, count)) {
        if (t->held)
            release(t, false);
        raw_add_row(t->raw, t->sheet, 0, no, "title", 0, cells, count);
        continue_table(t, t->village.text);
        return;
    }
    bool same_head = t->held && is_same_head(t, cells, count);
    if (!cut && !same_head && may_be_title(t, no, cells, count)) {
        keep_row(t, no, cells, count);
        t->held = true;
        return;
    }
    if (t->held)
        release(t, same_head);
    write_row(t, no, cells, count, cut);
}

static void filled_row(struct tables *t, long no, const struct cell *cells, int count, bool cut)
{
    const struct cell *filled = t->merge_count ? fill_row(t, no, cells, &count) : cells;
    table_row(t, no, filled, count, cut);
}

/* ---- the handler -------------------------------------------------------------------------- */

static void end_sheet(struct tables *t)
{
    if (!t->in_sheet)
        return;
    if (t->head_waits)
        found_head(t, t->kept_count - 1);
    if (t->held)
        release(t, false);
    end_table(t);
    int done = records_above(t, t->kept_count);
    write_rows(t, done, t->kept_count, t->found.read ? "note" : "unmapped");
    forget(t, t->kept_count);
    if (t->right) {
        end_sheet(t->right);
        t->found.read += t->right->found.read;
        t->found.keyless += t->right->found.keyless;
        tables_free(t->right);
        t->right = NULL;
    }
    t->above = 0;
    t->in_sheet = t->head_waits = t->held = false;
}

static bool on_sheet(void *user, const char *name, bool hidden)
{
    struct tables *t = user;
    end_sheet(t);
    free(t->sheet_name);
    t->sheet_name = must_strdup(name);
    t->sheet = raw_add_sheet(t->raw, t->file, name, hidden);
    t->hidden = hidden;
    t->in_sheet = true;
    t->merge_count = 0;
    fills_begin(t);
    t->last_row = 0;
    return true;
}

static void on_merges(void *user, const struct merge *areas, int count)
{
    struct tables *t = user;
    t->merges = must_realloc(t->merges, (size_t)(count + 1) * sizeof *areas);
    if (count)
        memcpy(t->merges, areas, (size_t)count * sizeof *areas);
    t->merge_count = count;
    fills_begin(t);
}

static bool on_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct tables *t = user;
    if (count > t->found.widest)
        t->found.widest = count;
    count = share_row(t, no, cells, count, cut);
    if (t->right && filled_cells(cells, count, NULL) == 0)
        return true;
    cut = cut && !t->right;
    if (t->hidden)
        raw_add_row(t->raw, t->sheet, 0, no, "hidden", 0, cells, count);
    else if (t->block)
        filled_row(t, no, cells, count, cut);
    else
        seek_row(t, no, cells, count, cut);
    t->last_row = no;
    return true;
}

void tables_file(struct tables *t, long file, const char *path)
{
    t->file = file;
    t->path = path;
    t->found = (struct tables_found){0};
}

struct sheet_handler tables_handler(struct tables *t)
{
    return (struct sheet_handler){.sheet = on_sheet, .merges = on_merges, .row = on_row, .user = t};
}

struct tables_found tables_end(struct tables *t)
{
    end_sheet(t);
    return t->found;
}
