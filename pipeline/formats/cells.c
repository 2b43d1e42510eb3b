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
        head[0] = (char)cells[i].kind;
        buf_put(out, head, 1 + put_size(head + 1, cells[i].len));
        buf_put(out, cells[i].text, cells[i].len);
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

int cells_unpack(struct cells *c, const void *blob, size_t n)
{
    const unsigned char *p = blob, *end = p + n;
    c->count = 0;
    buf_clear(&c->bytes);
    buf_put(&c->bytes, "", 0);
    while (p < end) {
        unsigned char kind = *p++;
        size_t len = get_size(&p, end);
        if (!is_kind(kind) || len > (size_t)(end - p))
            return -1;
        GROW(c->items, c->count, c->room);
        /* The buffer may still move: keep offsets now, pointers at the end. */
        c->items[c->count++] = (struct cell){kind, (const char *)(uintptr_t)c->bytes.len, len};
        buf_put(&c->bytes, (const char *)p, len);
        buf_putc(&c->bytes, '\0');
        p += len;
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
