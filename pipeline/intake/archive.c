/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Zip archives: each member is written to a temporary file and taken in like any other.
 */
#include "intake/intake_private.h"

#include "base/digest.h"
#include "base/message.h"
#include "formats/zipfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_DEPTH = 3 };
static const long long MAX_TOTAL = 8LL << 30;

struct member {
    int entry;
    const char *path; /* 包名!包内路径 */
    char sha256[DIGEST_TEXT];
    long long bytes;
};

struct archive {
    struct intake *k;
    const struct incoming *file;
    struct zipfile *zip;
    struct arena arena;
    struct member *members;
    int count;
    long long total;
    char temporary[4096];
};

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->path, ((const struct member *)b)->path);
}

static void list_members(struct archive *a)
{
    int n = zipfile_count(a->zip);
    a->members = arena_alloc(&a->arena, (size_t)(n + 1) * sizeof *a->members);
    for (int i = 0; i < n; i++) {
        const char *name = zipfile_name(a->zip, i);
        if (!*name || ends_with(name, "/"))
            continue;
        struct member *m = &a->members[a->count++];
        m->entry = i;
        m->path = arena_printf(&a->arena, "%s!%s", a->file->path, name);
    }
    qsort(a->members, (size_t)a->count, sizeof *a->members, by_path);
}

/* Write a member to the temporary file; returns its size, or -1 when it is damaged. */
static long long extract(struct archive *a, const struct member *m)
{
    char chunk[65536];
    long got = -1;
    long long size = 0;
    struct zipstream *s = zipfile_stream(a->zip, m->entry);
    FILE *out = s ? fopen(a->temporary, "wb") : NULL;
    if (s && !out)
        die(CANNOT, "临时文件%s写不了", a->temporary);
    while (s && (got = zipstream_read(s, chunk, sizeof chunk)) > 0) {
        size += got;
        if (a->total + size > MAX_TOTAL) {
            got = -1;
            break;
        }
        if (fwrite(chunk, 1, (size_t)got, out) != (size_t)got)
            die(CANNOT, "临时文件%s写不了，磁盘可能已满", a->temporary);
    }
    if (out && fclose(out) != 0)
        die(CANNOT, "临时文件%s写不了，磁盘可能已满", a->temporary);
    zipstream_close(s);
    return got < 0 ? -1 : size;
}

/* Digest every member; false when one is damaged. */
static bool digest_members(struct archive *a)
{
    for (int i = 0; i < a->count; i++) {
        struct member *m = &a->members[i];
        m->bytes = extract(a, m);
        if (m->bytes < 0 || digest_file(a->temporary, m->sha256) < 0)
            return false;
        a->total += m->bytes;
    }
    a->total = 0;
    return true;
}

/* Whether all that may be data is in the folder already. */
static bool holds_nothing_new(const struct archive *a)
{
    int data = 0;
    for (int i = 0; i < a->count; i++) {
        if (ignored_name(a->members[i].path))
            continue;
        if (!map_has(&a->k->outside, a->members[i].sha256))
            return false;
        data++;
    }
    return data > 0;
}

static void take_members(struct archive *a)
{
    for (int i = 0; i < a->count; i++) {
        const struct member *m = &a->members[i];
        long long size = extract(a, m);
        a->total += size > 0 ? size : 0;
        map_add(&a->k->outside, m->sha256, 1);
        intake_file(a->k, a->temporary, m->path, m->sha256, m->bytes);
    }
}

static void take_archive(struct archive *a)
{
    list_members(a);
    if (!digest_members(a)) {
        intake_refuse(a->k, a->file, "zip", "refused", "压缩包已损坏或不完整", "file_corrupt",
                      "file");
    } else if (holds_nothing_new(a)) {
        intake_refuse(a->k, a->file, "zip", "duplicate", "包内文件都已在文件夹中", "file_duplicate",
                      "file");
    } else {
        intake_accept(a->k, a->file, "zip");
        a->k->depth++;
        take_members(a);
        a->k->depth--;
    }
}

void intake_archive(struct intake *k, const struct incoming *f)
{
    struct archive a = {.k = k, .file = f};
    const char *folder = getenv("TMPDIR");
    snprintf(a.temporary, sizeof a.temporary, "%s/ingest-XXXXXX",
             folder && *folder ? folder : "/tmp");
    a.zip = k->depth < MAX_DEPTH ? zipfile_open(f->full_path) : NULL;
    if (!a.zip) {
        intake_refuse(k, f, "zip", "refused", "压缩包打不开，或层层套装过深", "file_corrupt",
                      "file");
        return;
    }
    int fd = mkstemp(a.temporary);
    if (fd < 0)
        die(CANNOT, "临时文件%s建不了，请检查TMPDIR", a.temporary);
    close(fd);
    take_archive(&a);
    unlink(a.temporary);
    zipfile_close(a.zip);
    arena_free(&a.arena);
}
