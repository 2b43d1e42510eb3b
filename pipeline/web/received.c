/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The second half of web/uploads.h: what a county's folder holds, and taking it back. */
#include "web/uploads.h"

#include "base/arena.h"
#include "base/message.h"
#include "base/outfile.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* ---- taking back ---------------------------------------------------------------------------- */

static int move(const struct submission *s, const char *stored, const char *to)
{
    struct buf from = {0}, kept = {0};
    buf_printf(&from, "%s/%s", s->folder, stored);
    buf_printf(&kept, "%s/%s/%s/%s", to, s->offered->id, s->county, stored);
    int rc = make_parent_folders(kept.text);
    if (rc == 0 && (link(from.text, kept.text) < 0 || unlink(from.text) < 0))
        rc = error("不能撤回 %s：%s", from.text, error_reason(errno));
    buf_free(&from);
    buf_free(&kept);
    return rc;
}

int upload_withdraw(const struct submission *s, const char *stored, const char *to,
                    char receipt[RECEIPT_TEXT])
{
    struct received_list list;
    int rc = -1;
    received_read(&list, s); /* only a name that stands in the list is ever part of a path */
    for (int i = 0; i < list.count; i++)
        if (*list.items[i].receipt && strcmp(list.items[i].stored, stored) == 0) {
            memcpy(receipt, list.items[i].receipt, RECEIPT_TEXT);
            rc = move(s, stored, to);
            break;
        }
    received_free(&list);
    return rc;
}
