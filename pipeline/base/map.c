/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/map.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bits. */
static uint64_t hash(const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return h;
}

/* The slot that holds the key, or the empty slot where it would go. */
static int find_slot(const struct map *m, const char *key)
{
    unsigned mask = (unsigned)m->slot_count - 1;
    unsigned s = (unsigned)hash(key) & mask;
    while (m->slots[s] >= 0 && strcmp(m->entries[m->slots[s]].key, key) != 0)
        s = (s + 1) & mask;
    return (int)s;
}

static void grow_slots(struct map *m)
{
    m->slot_count = m->slot_count ? m->slot_count * 2 : 64;
    m->slots = must_realloc(m->slots, (size_t)m->slot_count * sizeof *m->slots);
    memset(m->slots, 0xFF, (size_t)m->slot_count * sizeof *m->slots);
    for (int i = 0; i < m->count; i++)
        m->slots[find_slot(m, m->entries[i].key)] = i;
}

static struct map_entry *find(const struct map *m, const char *key)
{
    if (m->count == 0)
        return NULL;
    int i = m->slots[find_slot(m, key)];
    return i < 0 ? NULL : &m->entries[i];
}

bool map_add(struct map *m, const char *key, long value)
{
    if (find(m, key))
        return false;
    if (2 * (m->count + 1) > m->slot_count)
        grow_slots(m);
    GROW(m->entries, m->count, m->room);
    m->entries[m->count] = (struct map_entry){must_strdup(key), value};
    m->slots[find_slot(m, key)] = m->count;
    m->count++;
    return true;
}

void map_put(struct map *m, const char *key, long value)
{
    struct map_entry *e = find(m, key);
    if (e)
        e->value = value;
    else
        map_add(m, key, value);
}

long map_get(const struct map *m, const char *key, long otherwise)
{
    const struct map_entry *e = find(m, key);
    return e ? e->value : otherwise;
}

bool map_has(const struct map *m, const char *key)
{
    return find(m, key) != NULL;
}

void map_free(struct map *m)
{
    for (int i = 0; i < m->count; i++)
        free(m->entries[i].key);
    free(m->entries);
    free(m->slots);
    *m = (struct map){0};
}
