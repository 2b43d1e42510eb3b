/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/rowbuild.h"

#include "base/arena.h"

#include <stdlib.h>

void rowbuild_begin(struct rowbuild *r)
{
    r->count = 0;
    r->repeated = 0;
    r->something = false;
    buf_clear(&r->texts);
    buf_put(&r->texts, "", 0);
}

/* Make the row reach to `column`. */
static void reach(struct rowbuild *r, int column)
{
    while (column >= r->cell_room || column >= r->offset_room) {
        GROW(r->cells, r->cell_room, r->cell_room);
        GROW(r->offsets, r->offset_room, r->offset_room);
    }
    for (; r->count <= column; r->count++) {
        r->cells[r->count] = (struct cell){CELL_EMPTY, "", 0};
        r->offsets[r->count] = 0;
    }
}

void rowbuild_set(struct rowbuild *r, int column, enum cell_kind kind, size_t start)
{
    size_t len = r->texts.len - start;
    reach(r, column);
    r->cells[column] = (struct cell){len ? kind : CELL_EMPTY, "", len};
    r->offsets[column] = start;
    r->something = r->something || len;
    buf_putc(&r->texts, '\0');
}

void rowbuild_repeat(struct rowbuild *r, int column, int from)
{
    reach(r, column);
    r->cells[column] = r->cells[from];
    r->offsets[column] = r->offsets[from];
    r->repeated += r->cells[from].len;
}

bool rowbuild_is_over(const struct rowbuild *r)
{
    return r->texts.len + r->repeated > SHEET_ROW_BYTES;
}

bool rowbuild_hand_on(struct rowbuild *r, const struct sheet_handler *h, long no)
{
    if (!r->something)
        return true;
    for (int i = 0; i < r->count; i++)
        if (r->cells[i].len)
            r->cells[i].text = r->texts.text + r->offsets[i];
    return h->row(h->user, no, r->cells, r->count, false);
}

void rowbuild_free(struct rowbuild *r)
{
    free(r->cells);
    free(r->offsets);
    buf_free(&r->texts);
    *r = (struct rowbuild){0};
}

void merges_add(struct merges *m, struct merge a)
{
    bool one = a.top == a.bottom && a.left == a.right;
    if (one || a.bottom < a.top || a.right < a.left || a.top < 0 || a.left < 0 ||
        a.right >= SHEET_COLUMNS || a.bottom >= SHEET_ROWS || m->count >= SHEET_MERGES)
        return;
    GROW(m->areas, m->count, m->room);
    m->areas[m->count++] = a;
}
