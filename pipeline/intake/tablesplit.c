/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two tables beside each other on a sheet, with a blank column between them: the right one is read
 * by a reader of its own, which sees the columns from the border on.
 */
#include "intake/tables_private.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

/* ---- the border --------------------------------------------------------------------------- */

/* The lowest text of a head in a column, or NULL. */
static const char *head_at(const struct tables *t, int first, int last, int column)
{
    for (int r = last; r >= first; r--) {
        const struct cells *c = &t->kept[r].cells;
        if (column < c->count && is_filled(&c->items[column]))
            return c->items[column].kind == CELL_TEXT ? c->items[column].text : NULL;
    }
    return NULL;
}

/* Questions that both parts ask. */
static int asked_twice(const struct tables *t, int level, const char *const *texts, int border,
                       int count)
{
    struct column *columns = must_alloc((size_t)count * sizeof *columns);
    bool *seen = must_alloc((size_t)t->topic->levels[level].form->question_count + 1);
    int twice = 0;
    heads_columns(t->heads, level, texts, border, columns);
    for (int i = 0; i < border; i++)
        if (columns[i].role == COLUMN_QUESTION && columns[i].level == level && !columns[i].nth)
            seen[columns[i].question->index] = true;
    heads_columns(t->heads, level, texts + border, count - border, columns);
    for (int i = 0; i < count - border; i++)
        twice += columns[i].role == COLUMN_QUESTION && columns[i].level == level &&
                 !columns[i].nth && seen[columns[i].question->index];
    free(columns);
    free(seen);
    return twice;
}

/* Whether the heads before and behind the border are those of two tables: each is one by itself,
 * and they are of different levels or ask the same questions. */
static bool are_two(const struct tables *t, const char *const *texts, int border, int count)
{
    struct fit left = heads_fit(t->heads, texts, border),
               right = heads_fit(t->heads, texts + border, count - border);
    if (!fit_is_head(&left) || !fit_is_head(&right))
        return false;
    return left.level != right.level || asked_twice(t, left.level, texts, border, count) >= 2;
}

/* The first column of a second table whose head is in the kept rows first..last; 0: none. */
static int find_border(const struct tables *t, int first, int last)
{
    int count = 0, border = 0;
    for (int r = first; r <= last; r++)
        count = t->kept[r].cells.count > count ? t->kept[r].cells.count : count;
    const char **texts = must_alloc((size_t)(count + 1) * sizeof *texts);
    for (int i = 0; i < count; i++)
        texts[i] = head_at(t, first, last, i);
    for (int i = 2, tried = 0; i < count - 1 && !border && tried < 16; i++)
        if (texts[i] && !texts[i - 1]) {
            border = are_two(t, texts, i, count) ? i : 0;
            tried++;
        }
    free(texts);
    return border;
}

/* ---- the right table ---------------------------------------------------------------------- */

void feed_right(struct tables *t, long no, const struct cell *cells, int count, bool cut)
{
    bool something = false;
    struct cell *masked = must_alloc((size_t)(count + 1) * sizeof *masked);
    for (int i = 0; i < count; i++) {
        masked[i] = i < t->border ? (struct cell){CELL_EMPTY, "", 0} : cells[i];
        something = something || masked[i].len;
    }
    if (something)
        tables_handler(t->right).row(t->right, no, masked, count, cut);
    free(masked);
}

static void begin_right(struct tables *t)
{
    struct tables *right = t->right = tables_new(t->heads, t->raw, t->topic);
    right->file = t->file;
    right->path = t->path;
    right->sheet = t->sheet;
    right->sheet_name = must_strdup(t->sheet_name);
    right->in_sheet = right->beside = true;
    right->merge_count = t->merge_count;
    right->merges = must_alloc((size_t)(t->merge_count + 1) * sizeof *right->merges);
    if (t->merge_count)
        memcpy(right->merges, t->merges, (size_t)t->merge_count * sizeof *right->merges);
}

void split_off(struct tables *t, int first, int last)
{
    int border = t->right ? 0 : find_border(t, first, last);
    if (!border)
        return;
    begin_right(t);
    t->border = 0; /* titles are for both */
    for (int r = 0; r <= last; r++) {
        struct kept_row *row = &t->kept[r];
        t->border = r < first ? 0 : border;
        feed_right(t, row->no, row->cells.items, row->cells.count, false);
        if (r >= first && row->cells.count > border) {
            t->kept_cells -= row->cells.count - border;
            row->cells.count = border;
        }
    }
}
