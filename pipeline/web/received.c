/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The second half of web/uploads.h: what a county's folder holds. */
#include "base/arena.h"
#include "base/text.h"
#include "web/uploads.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STAMP = 21 }; /* 20251122-001530-0042- ; the number may have more digits */

/* Bytes of the stamp in front of a stored name, 0 when it has none. */
static size_t stamp_length(const char *stored)
{
    static const size_t digits[] = {8, 6, 4};
    const char *p = stored;
    for (int i = 0; i < 3; i++) {
        size_t n = strspn(p, "0123456789");
        if ((i < 2 ? n != digits[i] : n < digits[i] || n > 9) || p[n] != '-')
            return 0;
        p += n + 1;
    }
    return (size_t)(p - stored);
}

const char *received_shown(const char *stored)
{
    return stored + stamp_length(stored);
}

static bool is_listed(const char *name)
{
    return name[0] != '.' && strcmp(name, "SIMULATED") != 0;
}

static void read_stamp(struct received *r)
{
    struct tm local = {.tm_isdst = -1};
    size_t n = stamp_length(r->stored);
    if (!n)
        return;
    snprintf(r->receipt, sizeof r->receipt, "%.8s-%.*s", r->stored, (int)(n - 1 - 16),
             r->stored + 16);
    if (strptime(r->stored, "%Y%m%d-%H%M%S", &local))
        r->when = mktime(&local);
}

static int newest_first(const void *a, const void *b)
{
    const struct received *x = a, *y = b;
    if (x->when != y->when)
        return x->when < y->when ? 1 : -1;
    return strcmp(y->stored, x->stored);
}

void received_read(struct received_list *list, const struct submission *s)
{
    *list = (struct received_list){0};
    DIR *d = opendir(s->folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        struct stat st;
        if (!is_listed(e->d_name) || fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        struct received one = {.stored = arena_strdup(&list->arena, e->d_name),
                               .when = st.st_mtime,
                               .bytes = (long long)st.st_size};
        one.shown = received_shown(one.stored);
        read_stamp(&one);
        GROW(list->items, list->count, list->room);
        list->items[list->count++] = one;
    }
    if (d)
        closedir(d);
    if (list->count)
        qsort(list->items, (size_t)list->count, sizeof *list->items, newest_first);
}

void received_free(struct received_list *list)
{
    free(list->items);
    arena_free(&list->arena);
    *list = (struct received_list){0};
}

struct timespec received_newest(const struct submission *s)
{
    struct stat st;
    struct timespec newest = {0};
    if (stat(s->folder, &st) == 0)
        newest = st.st_mtim;
    return newest;
}
