/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory that is freed all at once: everything read from a workbook lives in one arena.
 *
 *     struct arena a = {0};
 *     char *s = arena_strdup(&a, "村");
 *     arena_free(&a);           // frees s too
 *
 * Allocation never fails: out of memory ends the program with CANNOT.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *blocks;
};

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t n);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_free(struct arena *a);
/* Forget the contents but keep the memory for reuse. */
void arena_reset(struct arena *a);

/* malloc family that ends the program instead of returning NULL; the caller frees. */
void *must_alloc(size_t size); /* zeroed */
void *must_realloc(void *old, size_t size);
char *must_strdup(const char *text);

/* Grow a dynamic array so that element n exists: GROW(items, n, room). */
#define GROW(items, n, room)                                                                       \
    do {                                                                                           \
        if ((size_t)(n) >= (size_t)(room)) {                                                       \
            (room) = (room) ? (room)*2 : 16;                                                       \
            (items) = must_realloc((items), (size_t)(room) * sizeof *(items));                     \
        }                                                                                          \
    } while (0)

#endif
