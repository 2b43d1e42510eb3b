/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/uploads.h"

#include "base/digest.h"
#include "base/message.h"
#include "base/outfile.h"
#include "base/text.h"
#include "web/sessions.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    NAME_MOST = 120,          /* bytes of the county's own name that are kept */
    FOLDER_FILES_MOST = 2000, /* in one county's folder */
    FREE_MOST_MB = 512,       /* must stay free on the disk */
};

struct incoming {
    char *path; /* in the private folder */
    char name[STORED_NAME_TEXT];
    long long bytes;
};
struct upload {
    const char *folder;
    long long most, bytes;
    struct incoming files[UPLOAD_FILES_MAX];
    int count;
    int fd; /* of the last file, while it comes; else -1 */
    char why[256];
};

static int refuse(struct upload *u, const char *why)
{
    if (!*u->why)
        snprintf(u->why, sizeof u->why, "%s", why);
    return -1;
}

/* ---- names ---------------------------------------------------------------------------------- */

static bool is_unwanted(uint32_t c)
{
    return c < 0x20 || c == 0x7f || c == 0xFFFD || (c >= 0x80 && c < 0xA0) ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c < 0x80 && strchr("'\"$#`:;|&<>*?%~!", (int)c));
}

/* Cuts to NAME_MOST bytes, keeping the extension. */
static void cut(struct buf *name)
{
    if (name->len <= NAME_MOST)
        return;
    const char *dot = strrchr(name->text, '.');
    char extension[16] = "";
    if (dot && strlen(dot) < sizeof extension)
        snprintf(extension, sizeof extension, "%s", dot);
    size_t n = NAME_MOST - strlen(extension);
    while (n > 0 && ((unsigned char)name->text[n] & 0xC0) == 0x80)
        n--;
    name->text[n] = '\0';
    name->len = n;
    buf_puts(name, extension);
}

void upload_safe_name(const char *name, char out[STORED_NAME_TEXT])
{
    struct buf safe = {0};
    for (const char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    for (uint32_t c; (c = utf8_next(&name));)
        if (!is_unwanted(c) && !(safe.len == 0 && (c == '.' || c == '-' || is_space_char(c))))
            buf_put_char(&safe, is_space_char(c) ? '_' : c);
    cut(&safe);
    snprintf(out, STORED_NAME_TEXT, "%s", safe.len ? safe.text : "文件");
    buf_free(&safe);
}

/* ---- coming --------------------------------------------------------------------------------- */

struct upload *upload_begin(const char *folder, long long most)
{
    struct upload *u = must_alloc(sizeof *u);
    *u = (struct upload){.folder = folder, .most = most, .fd = -1};
    return u;
}

/* The last file's bytes are all there: they go to the disk. */
static int close_last(struct upload *u)
{
    int rc = 0;
    if (u->fd >= 0 && (fsync(u->fd) < 0 || close(u->fd) < 0))
        rc = refuse(u, "服务器的磁盘写不进去，文件没有收下。请告诉办公室");
    u->fd = -1;
    return rc;
}

static bool has_room(const char *folder)
{
    struct statvfs disk;
    return statvfs(folder, &disk) < 0 ||
           (unsigned long long)disk.f_bavail * disk.f_frsize >> 20 >= FREE_MOST_MB;
}

int upload_file(struct upload *u, const char *name)
{
    char token[TOKEN_TEXT];
    struct buf path = {0};
    if (close_last(u) < 0 || *u->why)
        return -1;
    if (u->count == UPLOAD_FILES_MAX)
        return refuse(u, "一次选的文件太多，一个也没有收下。请分几次报，或压缩成一个 .zip 再报");
    if (!has_room(u->folder))
        return refuse(u, "服务器的磁盘快满了，文件没有收下。请告诉办公室");
    struct incoming *f = &u->files[u->count];
    token_make(token);
    buf_printf(&path, "%s/%s", u->folder, token);
    u->fd = open(path.text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (u->fd < 0) {
        error("不能写 %s：%s", path.text, error_reason(errno));
        buf_free(&path);
        return refuse(u, "服务器现在收不了文件，文件没有收下。请过几分钟再试");
    }
    *f = (struct incoming){.path = path.text};
    upload_safe_name(name, f->name);
    u->count++;
    return 0;
}

int upload_bytes(struct upload *u, const char *bytes, size_t n)
{
    if (*u->why || u->fd < 0)
        return -1;
    if (u->bytes + (long long)n > u->most) {
        char why[160];
        snprintf(why, sizeof why,
                 "文件太大（超过%lldMB），没有收下。请去掉照片等再报，或压缩成 .zip 再报",
                 u->most >> 20);
        return refuse(u, why);
    }
    u->bytes += (long long)n;
    u->files[u->count - 1].bytes += (long long)n;
    while (n > 0) {
        ssize_t written = write(u->fd, bytes, n);
        if (written < 0 && errno != EINTR)
            return refuse(u, "服务器的磁盘写不进去，文件没有收下。请告诉办公室");
        if (written > 0) {
            bytes += written;
            n -= (size_t)written;
        }
    }
    return 0;
}

const char *upload_why(const struct upload *u)
{
    return u->why;
}

int upload_count(const struct upload *u)
{
    int n = 0;
    for (int i = 0; i < u->count; i++)
        n += u->files[i].bytes > 0;
    return n;
}

long long upload_size(const struct upload *u)
{
    return u->bytes;
}

/* ---- into the folder ------------------------------------------------------------------------ */

/* The stored file with the same bytes, or NULL. */
static const struct received *find_same(const struct incoming *f, const struct received_list *known,
                                        const struct submission *s)
{
    char mine[DIGEST_TEXT] = "", theirs[DIGEST_TEXT];
    const struct received *same = NULL;
    for (int i = 0; i < known->count && !same; i++) {
        struct buf path = {0};
        if (known->items[i].bytes != f->bytes)
            continue;
        buf_printf(&path, "%s/%s", s->folder, known->items[i].stored);
        if ((*mine || digest_file(f->path, mine) == 0) && digest_file(path.text, theirs) == 0 &&
            strcmp(mine, theirs) == 0)
            same = &known->items[i];
        buf_free(&path);
    }
    return same;
}

void upload_drop_known(struct upload *u, const struct submission *s, char receipt[RECEIPT_TEXT])
{
    struct received_list known;
    *receipt = '\0';
    close_last(u);
    received_read(&known, s);
    for (int i = 0; i < u->count; i++) {
        struct incoming *f = &u->files[i];
        const struct received *same = f->bytes ? find_same(f, &known, s) : NULL;
        if (!same)
            continue;
        memcpy(receipt, same->receipt, RECEIPT_TEXT);
        f->bytes = 0; /* as a file without anything in it: not stored */
    }
    if (upload_count(u))
        *receipt = '\0';
    received_free(&known);
}

/* The name in the county's folder, with `again` where two files of one upload have one name. */
static void put_stored_name(struct buf *out, const struct incoming *f, const char *receipt,
                            const char *mark, time_t now, int again)
{
    char when[32];
    struct tm local;
    localtime_r(&now, &local);
    strftime(when, sizeof when, "%Y%m%d-%H%M%S", &local);
    buf_printf(out, "%s-%s-", when, strchr(receipt, '-') + 1);
    if (again)
        buf_printf(out, "%d-", again);
    if (*mark && !strstr(f->name, mark))
        buf_printf(out, "%s-", mark);
    buf_puts(out, f->name);
}

/* link(2) never replaces. */
static int link_one(const struct incoming *f, const struct submission *s, const char *receipt,
                    const char *mark, time_t now)
{
    for (int again = 0; again <= UPLOAD_FILES_MAX; again++) {
        struct buf path = {0};
        buf_printf(&path, "%s/", s->folder);
        put_stored_name(&path, f, receipt, mark, now, again ? again + 1 : 0);
        int rc = link(f->path, path.text), why = errno;
        if (rc < 0 && why != EEXIST)
            error("不能写 %s：%s", path.text, error_reason(why));
        buf_free(&path);
        if (rc == 0 || why != EEXIST)
            return rc;
    }
    return error("%s 里同名的文件太多", s->folder);
}

static int sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0)
        close(fd);
    return rc;
}

static bool has_space_in(const struct submission *s, int more)
{
    struct received_list known;
    received_read(&known, s);
    bool ok = known.count + more <= FOLDER_FILES_MOST;
    received_free(&known);
    return ok;
}

int upload_finish(struct upload *u, const struct submission *s, const char *receipt,
                  const char *mark, time_t now)
{
    struct buf inside = {0};
    if (close_last(u) < 0 || *u->why)
        return -1;
    if (!has_space_in(s, upload_count(u)))
        return refuse(u, "您县的文件夹里文件太多了，这次的没有收下。请告诉办公室");
    buf_printf(&inside, "%s/.", s->folder);
    int rc = make_parent_folders(inside.text);
    buf_free(&inside);
    for (int i = 0; rc == 0 && i < u->count; i++)
        if (u->files[i].bytes)
            rc = link_one(&u->files[i], s, receipt, mark, now);
    if (rc == 0)
        rc = sync_folder(s->folder);
    return rc < 0 ? refuse(u, "服务器现在收不了文件，没有全部收下。请过几分钟再报一次") : 0;
}

void upload_free(struct upload *u)
{
    if (!u)
        return;
    if (u->fd >= 0)
        close(u->fd);
    for (int i = 0; i < u->count; i++) {
        unlink(u->files[i].path);
        free(u->files[i].path);
    }
    free(u);
}
