/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/zipfile.h"

#include "base/arena.h"
#include "base/text.h"
#include "formats/textfile.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

static const zip_uint64_t MAX_ENTRY = 4ULL << 30, FREE_SIZE = 16ULL << 20, MAX_RATIO = 400;
enum { MAX_ENTRIES = 65535 };

struct zipfile {
    zip_t *zip;
    struct arena arena;
    const char **names;
    int count;
};

struct zipstream {
    zip_file_t *file;
    zip_uint64_t left; /* what the directory promises; more is damage */
};

static const char *decoded_name(struct zipfile *z, int i)
{
    const char *raw = zip_get_name(z->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
    if (!raw)
        return "";
    if (utf8_valid(raw, strlen(raw)))
        return arena_strdup(&z->arena, raw);
    struct buf b = {0};
    gb18030_decode(&b, raw, strlen(raw), true);
    const char *name = arena_strdup(&z->arena, buf_text(&b));
    buf_free(&b);
    return name;
}

struct zipfile *zipfile_open(const char *path)
{
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    if (!zip)
        return NULL;
    zip_int64_t n = zip_get_num_entries(zip, 0);
    if (n < 0 || n > MAX_ENTRIES) {
        zip_discard(zip);
        return NULL;
    }
    struct zipfile *z = must_alloc(sizeof *z);
    z->zip = zip;
    z->count = (int)n;
    z->names = arena_alloc(&z->arena, (size_t)(n + 1) * sizeof *z->names);
    for (int i = 0; i < z->count; i++)
        z->names[i] = decoded_name(z, i);
    return z;
}

void zipfile_close(struct zipfile *z)
{
    if (!z)
        return;
    zip_discard(z->zip);
    arena_free(&z->arena);
    free(z);
}

int zipfile_count(const struct zipfile *z)
{
    return z->count;
}

const char *zipfile_name(const struct zipfile *z, int i)
{
    return z->names[i];
}

int zipfile_find(const struct zipfile *z, const char *name)
{
    for (int i = 0; i < z->count; i++)
        if (!strcmp(z->names[i], name))
            return i;
    return -1;
}

bool zipfile_encrypted(const struct zipfile *z)
{
    zip_stat_t st;
    for (int i = 0; i < z->count; i++)
        if (zip_stat_index(z->zip, (zip_uint64_t)i, 0, &st) == 0 &&
            (st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
            return true;
    return false;
}

static bool within_limits(const zip_stat_t *st)
{
    if (!(st->valid & ZIP_STAT_SIZE) || st->size > MAX_ENTRY)
        return false;
    return st->size <= FREE_SIZE || st->size / MAX_RATIO <= st->comp_size;
}

struct zipstream *zipfile_stream(struct zipfile *z, int i)
{
    zip_stat_t st;
    if (i < 0 || zip_stat_index(z->zip, (zip_uint64_t)i, 0, &st) < 0 || !within_limits(&st))
        return NULL;
    zip_file_t *file = zip_fopen_index(z->zip, (zip_uint64_t)i, 0);
    if (!file)
        return NULL;
    struct zipstream *s = must_alloc(sizeof *s);
    *s = (struct zipstream){file, st.size};
    return s;
}

long zipstream_read(struct zipstream *s, char *bytes, size_t n)
{
    zip_int64_t got = zip_fread(s->file, bytes, n);
    if (got < 0 || (zip_uint64_t)got > s->left || (got == 0 && s->left && n))
        return -1;
    s->left -= (zip_uint64_t)got;
    return (long)got;
}

void zipstream_close(struct zipstream *s)
{
    if (!s)
        return;
    zip_fclose(s->file);
    free(s);
}
