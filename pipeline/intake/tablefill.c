/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cells merged downwards: the village over its households, the household over its members.  Only
 * the first of them holds the text; people read it in every row.
 */
#include "intake/tables_private.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

static int by_top(const void *a, const void *b)
{
    const struct merge *x = a, *y = b;
    return (x->top > y->top) - (x->top < y->top);
}

void fills_begin(struct tables *t)
{
    if (t->merge_count)
        qsort(t->merges, (size_t)t->merge_count, sizeof *t->merges, by_top);
    t->next_merge = 0;
    t->fill_count = 0;
}

static void begin_fill(struct tables *t, const struct merge *m, const struct cell *cell)
{
    if (t->fill_count == t->fill_room) {
        int before = t->fill_room;
        GROW(t->fills, t->fill_count, t->fill_room);
        memset(t->fills + before, 0, (size_t)(t->fill_room - before) * sizeof *t->fills);
    }
    struct fill *f = &t->fills[t->fill_count++];
    f->column = m->left;
    f->bottom = m->bottom;
    f->kind = cell->kind;
    buf_clear(&f->text);
    buf_put(&f->text, cell->text, cell->len);
}

/* Forget those that end above row `at`. */
static void end_fills(struct tables *t, int at)
{
    for (int i = 0; i < t->fill_count;)
        if (t->fills[i].bottom >= at) {
            i++;
        } else {
            struct fill ended = t->fills[i];
            t->fills[i] = t->fills[--t->fill_count];
            t->fills[t->fill_count] = ended;
        }
}

/* Those that begin in the row; areas that begin above it, in the head or a title, hold nothing
 * for it. */
static void begin_fills(struct tables *t, int at, const struct cell *cells, int count)
{
    for (; t->next_merge < t->merge_count && t->merges[t->next_merge].top <= at; t->next_merge++) {
        const struct merge *m = &t->merges[t->next_merge];
        bool down = m->top == at && m->bottom > at && m->left == m->right;
        if (down && m->left < count && is_filled(&cells[m->left]))
            begin_fill(t, m, &cells[m->left]);
    }
}

const struct cell *fill_row(struct tables *t, long no, const struct cell *cells, int *count)
{
    int at = (int)no - 1, width = *count;
    end_fills(t, at);
    for (int i = 0; i < t->fill_count; i++)
        width = t->fills[i].column >= width ? t->fills[i].column + 1 : width;
    if (t->fill_count) {
        if (width > t->filled_room) {
            t->filled = must_realloc(t->filled, (size_t)width * sizeof *t->filled);
            t->filled_room = width;
        }
        memcpy(t->filled, cells, (size_t)*count * sizeof *cells);
        for (int i = *count; i < width; i++)
            t->filled[i] = (struct cell){CELL_EMPTY, "", 0};
        for (int i = 0; i < t->fill_count; i++) {
            const struct fill *f = &t->fills[i];
            if (!is_filled(&t->filled[f->column]))
                t->filled[f->column] = (struct cell){f->kind, f->text.text, f->text.len};
        }
        cells = t->filled;
        *count = width;
    }
    begin_fills(t, at, cells, *count);
    return cells;
}

void fills_free(struct tables *t)
{
    for (int i = 0; i < t->fill_room; i++)
        buf_free(&t->fills[i].text);
    free(t->fills);
    free(t->filled);
}
