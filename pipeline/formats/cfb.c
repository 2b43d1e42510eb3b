/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cfb.h"

#include "base/arena.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 512, ENTRY = 128, MAX_FILE = 512 << 20, HEADER_DIFAT = 109 };
static const uint32_t LAST_SECTOR = 0xFFFFFFFA; /* numbers from here on mean something else */

struct cfb {
    unsigned char *bytes;
    size_t size;
    size_t sector, mini; /* bytes of a sector, of a mini sector */
    uint32_t cutoff;     /* streams below this size stand in the mini stream */
    uint32_t *fat;
    size_t fat_count;
    unsigned char *minifat, *directory, *ministream;
    size_t minifat_size, directory_size, ministream_size;
};

static uint32_t get16(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get32(const unsigned char *p)
{
    return get16(p) | get16(p + 2) << 16;
}

/* The bytes of a sector that are in the file; *n gets how many. */
static const unsigned char *sector_at(const struct cfb *c, uint32_t s, size_t *n)
{
    size_t start = ((size_t)s + 1) * c->sector;
    *n = start < c->size ? c->size - start : 0;
    *n = *n < c->sector ? *n : c->sector;
    return c->bytes + (*n ? start : 0);
}

/* Follow a chain of sectors; up to `wanted` bytes (0: all).  NULL when the chain is broken. */
static unsigned char *read_chain(const struct cfb *c, uint32_t s, size_t wanted, size_t *got)
{
    size_t room = wanted ? wanted : c->size, n;
    unsigned char *out = must_alloc(room + c->sector);
    *got = 0;
    for (size_t steps = 0; s < LAST_SECTOR && *got < room; steps++) {
        const unsigned char *from = sector_at(c, s, &n);
        if (s >= c->fat_count || n == 0 || steps > c->fat_count)
            break;
        memcpy(out + *got, from, n);
        *got += n;
        s = c->fat[s];
    }
    bool whole = wanted ? *got >= wanted : s >= LAST_SECTOR && *got > 0;
    if (whole && wanted)
        *got = wanted;
    if (whole)
        return out;
    free(out);
    return NULL;
}

/* Append the FAT part that stands in sector s. */
static bool add_fat(struct cfb *c, uint32_t s)
{
    size_t n;
    const unsigned char *p = sector_at(c, s, &n);
    if (s >= LAST_SECTOR || n < c->sector)
        return false;
    c->fat = must_realloc(c->fat, (c->fat_count + c->sector / 4) * sizeof *c->fat);
    for (size_t i = 0; i < c->sector / 4; i++)
        c->fat[c->fat_count++] = get32(p + 4 * i);
    return true;
}

static bool read_fat(struct cfb *c)
{
    uint32_t parts = get32(c->bytes + 44), next = get32(c->bytes + 68);
    if (parts == 0 || parts > c->size / c->sector)
        return false;
    for (uint32_t i = 0; i < parts && i < HEADER_DIFAT; i++)
        if (!add_fat(c, get32(c->bytes + 76 + 4 * i)))
            return false;
    for (uint32_t done = HEADER_DIFAT; done < parts;) {
        size_t n;
        const unsigned char *p = sector_at(c, next, &n);
        if (next >= LAST_SECTOR || n < c->sector)
            return false;
        for (size_t i = 0; i + 1 < c->sector / 4 && done < parts; i++, done++)
            if (!add_fat(c, get32(p + 4 * i)))
                return false;
        next = get32(p + c->sector - 4);
    }
    return true;
}

/* The entry with that number, or NULL. */
static const unsigned char *entry_at(const struct cfb *c, uint32_t number)
{
    return number < c->directory_size / ENTRY ? c->directory + (size_t)number * ENTRY : NULL;
}

static bool has_name(const unsigned char *entry, const char *name)
{
    size_t length = strlen(name);
    bool same = entry[66] != 0 && get16(entry + 64) == 2 * (length + 1);
    for (size_t i = 0; same && i < length; i++) {
        uint32_t unit = get16(entry + 2 * i);
        same = unit < 0x80 && tolower((int)unit) == tolower((unsigned char)name[i]);
    }
    return same;
}

/* The entry of that name directly below the root: what stands deeper belongs to objects inside
 * the document.  The entries of a storage are a tree by their left and right siblings. */
static const unsigned char *find_entry(const struct cfb *c, const char *name)
{
    uint32_t stack[64] = {get32(entry_at(c, 0) + 76)};
    size_t steps = 0;
    for (int depth = 1; depth > 0 && steps <= c->directory_size / ENTRY; steps++) {
        const unsigned char *e = entry_at(c, stack[--depth]);
        if (!e)
            continue;
        if (has_name(e, name))
            return e;
        for (int side = 68; side <= 72 && depth < 64; side += 4)
            stack[depth++] = get32(e + side);
    }
    return NULL;
}

static bool read_tables(struct cfb *c)
{
    unsigned shift = get16(c->bytes + 30), mini = get16(c->bytes + 32);
    if ((shift != 9 && shift != 12) || mini != 6)
        return false;
    c->sector = (size_t)1 << shift;
    c->mini = (size_t)1 << mini;
    c->cutoff = get32(c->bytes + 56);
    if (!read_fat(c))
        return false;
    c->directory = read_chain(c, get32(c->bytes + 48), 0, &c->directory_size);
    if (!c->directory || c->directory_size < ENTRY)
        return false;
    if (get32(c->bytes + 64))
        c->minifat = read_chain(c, get32(c->bytes + 60), 0, &c->minifat_size);
    const unsigned char *root = entry_at(c, 0);
    if (get32(root + 120))
        c->ministream = read_chain(c, get32(root + 116), get32(root + 120), &c->ministream_size);
    return true;
}

struct cfb *cfb_open(const char *path)
{
    FILE *f = fopen(path, "rb");
    long size = f && fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    struct cfb *c = NULL;
    if (size > HEADER && size <= MAX_FILE && fseek(f, 0, SEEK_SET) == 0) {
        c = must_alloc(sizeof *c);
        c->size = (size_t)size;
        c->bytes = must_alloc(c->size);
        if (fread(c->bytes, 1, c->size, f) != c->size || !read_tables(c)) {
            cfb_close(c);
            c = NULL;
        }
    }
    if (f)
        fclose(f);
    return c;
}

void cfb_close(struct cfb *c)
{
    if (!c)
        return;
    free(c->bytes);
    free(c->fat);
    free(c->minifat);
    free(c->directory);
    free(c->ministream);
    free(c);
}

bool cfb_has(const struct cfb *c, const char *name)
{
    return find_entry(c, name) != NULL;
}

static unsigned char *read_mini_chain(const struct cfb *c, uint32_t s, size_t wanted)
{
    unsigned char *out = must_alloc(wanted + c->mini);
    size_t got = 0;
    while (got < wanted && s < c->minifat_size / 4 &&
           ((size_t)s + 1) * c->mini <= c->ministream_size) {
        memcpy(out + got, c->ministream + (size_t)s * c->mini, c->mini);
        got += c->mini;
        s = get32(c->minifat + 4 * (size_t)s);
    }
    if (got >= wanted)
        return out;
    free(out);
    return NULL;
}

unsigned char *cfb_stream(const struct cfb *c, const char *name, size_t *n)
{
    const unsigned char *e = find_entry(c, name);
    if (!e)
        return NULL;
    uint32_t start = get32(e + 116), size = get32(e + 120);
    *n = size;
    if (size == 0 || size > c->size)
        return NULL;
    if (size < c->cutoff)
        return read_mini_chain(c, start, size);
    size_t got;
    return read_chain(c, start, size, &got);
}
