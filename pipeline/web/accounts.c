/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/accounts.h"

#include "base/arena.h"
#include "base/message.h"
#include "base/outfile.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert((int)ACCOUNT_HASH_TEXT >= (int)crypto_pwhash_STRBYTES, "a hash fits");

enum { TYPED_MAX = 64 };

bool account_name_valid(const char *name)
{
    size_t n = strlen(name);
    return strcmp(name, STAFF_ACCOUNT) == 0 ||
           (n >= 4 && n <= 12 && strspn(name, "0123456789") == n);
}

/* What is hashed: the typed text in half-width characters, without blanks and hyphens. */
static void plain(const char *typed, char out[TYPED_MAX + 1])
{
    struct buf half = {0};
    size_t n = 0;
    text_halfwidth(&half, typed);
    for (const char *p = buf_text(&half); *p && n < TYPED_MAX; p++)
        if (!strchr(" \t\r\n-", *p))
            out[n++] = *p;
    out[n] = '\0';
    sodium_memzero(half.text, half.len);
    buf_free(&half);
}

static int make_hash(const char *typed, char hash[ACCOUNT_HASH_TEXT])
{
    char text[TYPED_MAX + 1];
    plain(typed, text);
    int rc = crypto_pwhash_str(hash, text, strlen(text), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                               crypto_pwhash_MEMLIMIT_INTERACTIVE);
    sodium_memzero(text, sizeof text);
    return rc < 0 ? error("内存不足，不能生成口令") : 0;
}

/* ---- reading -------------------------------------------------------------------------------- */

static void add(struct accounts *a, const char *name, const char *hash)
{
    GROW(a->items, a->count, a->room);
    struct account *one = &a->items[a->count++];
    snprintf(one->name, sizeof one->name, "%s", name);
    snprintf(one->hash, sizeof one->hash, "%s", hash);
}

static int read_all(struct accounts *a, FILE *in)
{
    char line[ACCOUNT_NAME_MAX + ACCOUNT_HASH_TEXT + 8];
    a->count = 0;
    for (long row = 1; fgets(line, sizeof line, in); row++) {
        line[strcspn(line, "\r\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (tab)
            *tab = '\0';
        if (!tab || !account_name_valid(line) || strncmp(tab + 1, "$argon2id$", 10) != 0)
            return error("%s 第%ld行坏了，这以后的账号都没有读。请删去这一行，再用 make county "
                         "给有关的县重发口令",
                         a->path, row);
        add(a, line, tab + 1);
    }
    return ferror(in) ? error("读 %s 时出错", a->path) : 0;
}

int accounts_refresh(struct accounts *a)
{
    struct stat st;
    FILE *in = fopen(a->path, "re");
    if (!in && errno == ENOENT) {
        a->count = 0;
        return 0;
    }
    if (!in || fstat(fileno(in), &st) < 0) {
        if (in)
            fclose(in);
        return error("不能读账号文件 %s：%s", a->path, error_reason(errno));
    }
    int rc = 0;
    bool same = st.st_mtim.tv_sec == a->changed.tv_sec &&
                st.st_mtim.tv_nsec == a->changed.tv_nsec && (size_t)st.st_size == a->bytes;
    if (!same) {
        rc = read_all(a, in);
        a->changed = st.st_mtim;
        a->bytes = (size_t)st.st_size;
    }
    fclose(in);
    return rc;
}

const struct account *accounts_find(const struct accounts *a, const char *name)
{
    for (int i = 0; i < a->count; i++)
        if (strcmp(a->items[i].name, name) == 0)
            return &a->items[i];
    return NULL;
}

void accounts_free(struct accounts *a)
{
    free(a->items);
    *a = (struct accounts){.path = a->path};
}

bool accounts_verify(const struct accounts *a, const char *name, const char *typed)
{
    static char nobody[ACCOUNT_HASH_TEXT]; /* of a passphrase that nobody knows */
    char text[TYPED_MAX + 1], unknown[PASSPHRASE_TEXT];
    const struct account *one = accounts_find(a, name);
    if (!*nobody) {
        randombytes_buf(unknown, sizeof unknown - 1);
        unknown[sizeof unknown - 1] = '\0';
        if (make_hash(unknown, nobody) < 0)
            return false;
    }
    plain(typed, text);
    bool right = crypto_pwhash_str_verify(one ? one->hash : nobody, text, strlen(text)) == 0;
    sodium_memzero(text, sizeof text);
    return right && one;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void make_passphrase(char out[PASSPHRASE_TEXT])
{
    for (int i = 0; i < PASSPHRASE_TEXT - 1; i++)
        out[i] = i % 5 == 4 ? '-' : (char)('0' + randombytes_uniform(10));
    out[PASSPHRASE_TEXT - 1] = '\0';
}

static int write_all(const struct accounts *a)
{
    struct outfile out;
    if (outfile_reserve(&out, a->path) < 0)
        return -1;
    int fd = open(out.tmp_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    out.stream = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out.stream) {
        error("不能写 %s：%s", a->path, error_reason(errno));
        outfile_discard(&out);
        return -1;
    }
    for (int i = 0; i < a->count; i++)
        fprintf(out.stream, "%s\t%s\n", a->items[i].name, a->items[i].hash);
    return outfile_commit(&out);
}

/* Reads, changes and writes while nobody else does. */
static int change(const char *path, const char *name, const char *hash)
{
    struct accounts a = {.path = path};
    int rc = accounts_refresh(&a);
    struct account *one = (struct account *)accounts_find(&a, name);
    if (one)
        snprintf(one->hash, sizeof one->hash, "%s", hash);
    else
        add(&a, name, hash);
    if (rc == 0)
        rc = write_all(&a);
    accounts_free(&a);
    return rc;
}

int accounts_reset(const char *path, const char *name, char passphrase[PASSPHRASE_TEXT])
{
    char hash[ACCOUNT_HASH_TEXT];
    struct buf lock = {0};
    buf_printf(&lock, "%s.lock", path);
    int fd =
        make_parent_folders(path) < 0 ? -1 : open(lock.text, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int rc =
        fd < 0 || flock(fd, LOCK_EX) < 0 ? error("不能写 %s：%s", lock.text, error_reason(errno)) : 0;
    make_passphrase(passphrase);
    if (rc == 0)
        rc = make_hash(passphrase, hash);
    if (rc == 0)
        rc = change(path, name, hash);
    if (fd >= 0)
        close(fd);
    buf_free(&lock);
    return rc;
}
