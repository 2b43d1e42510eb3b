/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cells.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static size_t put_size(char *out, size_t n)
{
    size_t used = 0;
    do {
        unsigned char byte = n & 0x7F;
        n >>= 7;
        out[used++] = (char)(byte | (n ? 0x80 : 0));
    } while (n);
    return used;
}

void cells_pack(struct buf *out, const struct cell *cells, int count)
{
    for (int i = 0; i < count; i++) {
        char head[12];
        size_t n = cells[i].len, more = 0;
        head[0] = (char)cells[i].kind;
        if (cells[i].kind == CELL_EMPTY) {
            while (i + 1 < count && cells[i + 1].kind == CELL_EMPTY)
                i++, more++;
            n = 0;
        }
        buf_put(out, head, 1 + put_size(head + 1, n ? n : more));
        buf_put(out, cells[i].text, n);
    }
}

/* LEB128 at *p, not beyond end; SIZE_MAX when damaged. */
static size_t get_size(const unsigned char **p, const unsigned char *end)
{
    size_t n = 0;
    for (int shift = 0; shift < 35 && *p < end; shift += 7) {
        unsigned char byte = *(*p)++;
        n |= (size_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return n;
    }
    return SIZE_MAX;
}

static bool is_kind(unsigned char c)
{
    return c && strchr("etndbxf", c);
}

static void add(struct cells *c, enum cell_kind kind, const unsigned char *text, size_t len)
{
    GROW(c->items, c->count, c->room);
    /* The buffer may still move: keep offsets now, pointers at the end. */
    c->items[c->count++] = (struct cell){kind, (const char *)(uintptr_t)c->bytes.len, len};
    buf_put(&c->bytes, (const char *)text, len);
    buf_putc(&c->bytes, '\0');
}

int cells_unpack(struct cells *c, const void *blob, size_t n)
{
    const unsigned char *p = blob, *end = p + n;
    c->count = 0;
    buf_clear(&c->bytes);
    buf_put(&c->bytes, "", 0);
    while (p < end) {
        unsigned char kind = *p++;
        size_t len = get_size(&p, end), empty = kind == CELL_EMPTY ? len + 1 : 0;
        if (!is_kind(kind) || (!empty && len > (size_t)(end - p)) ||
            (size_t)c->count + empty >= CELLS_MOST)
            return -1;
        for (size_t i = 0; i < empty; i++)
            add(c, CELL_EMPTY, p, 0);
        if (!empty) {
            add(c, kind, p, len);
            p += len;
        }
    }
    for (int i = 0; i < c->count; i++)
        c->items[i].text = c->bytes.text + (uintptr_t)c->items[i].text;
    return 0;
}

void cells_free(struct cells *c)
{
    free(c->items);
    buf_free(&c->bytes);
    *c = (struct cells){0};
}
