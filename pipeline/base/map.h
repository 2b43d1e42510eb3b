/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table from text to an integer or a pointer, in memory.
 *
 *     struct map m = {0};
 *     map_put(&m, "村代码", 7);
 *     long i = map_get(&m, "村代码", -1);   // 7; -1 when absent
 *     map_free(&m);
 *
 * Keys are copied.  Order of entry is kept in entries[0..count-1].
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map_entry {
    char *key;
    long value;
};
struct map {
    struct map_entry *entries;
    int *slots;
    int count, room, slot_count;
};

void map_put(struct map *m, const char *key, long value); /* adds or replaces */
bool map_add(struct map *m, const char *key, long value); /* false if it was there */
long map_get(const struct map *m, const char *key, long otherwise);
bool map_has(const struct map *m, const char *key);
void map_free(struct map *m);

#endif
