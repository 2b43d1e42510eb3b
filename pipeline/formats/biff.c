/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/biff.h"

#include "base/arena.h"
#include "formats/textfile.h"

#include <stdlib.h>
#include <string.h>

unsigned biff_u16(const unsigned char *p)
{
    return (unsigned)p[0] | (unsigned)p[1] << 8;
}

uint32_t biff_u32(const unsigned char *p)
{
    return biff_u16(p) | (uint32_t)biff_u16(p + 2) << 16;
}

double biff_double(const unsigned char *p)
{
    uint64_t bits = biff_u32(p) | (uint64_t)biff_u32(p + 4) << 32;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* [MS-XLS] 2.5.122: bit 0: divided by 100; bit 1: an integer of 30 bits, else the upper 30 bits
 * of a double. */
double biff_rk(uint32_t rk)
{
    double value;
    if (rk & 2) {
        value = (double)((int32_t)rk >> 2);
    } else {
        uint64_t bits = (uint64_t)(rk & 0xFFFFFFFCu) << 32;
        memcpy(&value, &bits, sizeof value);
    }
    return rk & 1 ? value / 100 : value;
}

bool biff_next(struct biff *b)
{
    if (b->size - b->next < 4)
        return false;
    const unsigned char *p = b->bytes + b->next;
    size_t length = biff_u16(p + 2);
    if (b->size - b->next - 4 < length)
        return false;
    b->type = biff_u16(p);
    b->length = length;
    b->data = p + 4;
    b->next += 4 + length;
    return true;
}

/* ---- strings ------------------------------------------------------------------------------ */

/* Reading on from record to record: the position in the present one. */
struct cursor {
    struct biff *b;
    size_t at;
};

/* Go to the CONTINUE record behind the present one, if there is one. */
static bool step_on(struct cursor *c)
{
    struct biff ahead = *c->b;
    if (!biff_next(&ahead) || ahead.type != BIFF_CONTINUE)
        return false;
    *c->b = ahead;
    c->at = 0;
    return true;
}

/* A piece of a record's own head never crosses records in whole bytes that we need at once. */
static bool take(struct cursor *c, size_t n, const unsigned char **p)
{
    while (c->at == c->b->length)
        if (!step_on(c))
            return false;
    if (c->b->length - c->at < n)
        return false;
    *p = c->b->data + c->at;
    c->at += n;
    return true;
}

static bool skip(struct cursor *c, size_t n)
{
    while (n > c->b->length - c->at) {
        n -= c->b->length - c->at;
        if (!step_on(c))
            return false;
    }
    c->at += n;
    return true;
}

/* Characters, one or two bytes each; a CONTINUE record begins with a new flag byte. */
static bool take_characters(struct cursor *c, size_t count, bool wide, struct buf *out)
{
    uint32_t high = 0;
    while (count > 0) {
        if (c->at == c->b->length) {
            const unsigned char *flags;
            if (!step_on(c) || !take(c, 1, &flags))
                return false;
            wide = *flags & 1;
        }
        const unsigned char *p;
        if (!take(c, wide ? 2 : 1, &p))
            return false;
        uint32_t unit = wide ? biff_u16(p) : *p;
        count--;
        bool low = unit >= 0xDC00 && unit < 0xE000;
        if (high)
            buf_put_char(out, low ? 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00) : 0xFFFD);
        bool joined = high && low;
        high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
        if (!high && !joined)
            buf_put_char(out, low ? 0xFFFD : unit);
    }
    if (high)
        buf_put_char(out, 0xFFFD);
    return true;
}

static bool take_unicode(struct cursor *c, size_t count, struct buf *out)
{
    const unsigned char *p;
    size_t runs = 0, phonetic = 0;
    if (!take(c, 1, &p))
        return false;
    unsigned flags = *p;
    if (flags & 8) {
        if (!take(c, 2, &p))
            return false;
        runs = biff_u16(p);
    }
    if (flags & 4) {
        if (!take(c, 4, &p))
            return false;
        phonetic = biff_u32(p);
    }
    return take_characters(c, count, flags & 1, out) && skip(c, 4 * runs) && skip(c, phonetic);
}

static bool take_string(struct cursor *c, int count_bytes, struct buf *out)
{
    const unsigned char *p;
    if (!take(c, (size_t)count_bytes, &p))
        return false;
    size_t count = count_bytes == 1 ? *p : biff_u16(p);
    if (c->b->unicode)
        return take_unicode(c, count, out);
    if (count && !take(c, count, &p))
        return false;
    gb18030_decode(out, (const char *)p, count, true);
    return true;
}

bool biff_string(struct biff *b, size_t offset, int count_bytes, struct buf *out)
{
    struct cursor c = {b, offset};
    buf_put(out, "", 0);
    return offset <= b->length && take_string(&c, count_bytes, out);
}

bool biff_shared(struct biff *b, struct buf *out, size_t **starts, size_t *count)
{
    struct cursor c = {b, 8};
    size_t room = 0;
    *count = 0;
    buf_put(out, "", 0);
    if (b->length < 8)
        return false;
    size_t promised = biff_u32(b->data + 4);
    bool good = true;
    while (good && *count < promised) {
        GROW(*starts, *count, room);
        (*starts)[(*count)++] = out->len;
        good = take_string(&c, 2, out);
    }
    *count -= !good; /* the last one is not whole */
    GROW(*starts, *count, room);
    (*starts)[*count] = out->len;
    return good;
}
