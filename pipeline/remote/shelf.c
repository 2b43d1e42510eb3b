/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote/shelf.h"

#include "base/digest.h"
#include "base/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAME_BYTES = 120, COUNTY_DIGITS = 6 };

/* ---- names --------------------------------------------------------------------------------- */

static bool is_plain(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && c < 0x80 && strchr("._- ()+,=@", (int)c)) || is_han(c) ||
           (c >= 0xFF00 && c < 0xFFF0) || (c >= 0x3001 && c <= 0x3011);
}

void safe_name(struct buf *out, const char *text, size_t n)
{
    char *copy = must_alloc(n + 1);
    memcpy(copy, text, n);
    size_t start = out->len;
    const char *p = copy;
    for (uint32_t c; (c = utf8_next(&p)) && out->len - start < NAME_BYTES - 4;) {
        bool hidden = out->len == start && (c == '.' || c == ' ' || c == '-');
        buf_put_char(out, is_plain(c) && !hidden ? c : '_');
    }
    if (out->len == start || ends_with(out->text, ".tmp"))
        buf_putc(out, '_');
    free(copy);
}

/* The name of a submission's file: of uuid:… the part behind it, of a number itself; any other
 * id gets a digest, so that no two have one name. */
static void submission_name(struct buf *out, const char *id)
{
    static const char digits[] = "0123456789", plain[] = "0123456789abcdefABCDEF-";
    char hex[DIGEST_TEXT];
    bool uuid = starts_with(id, "uuid:") && strspn(id + 5, plain) == strlen(id + 5) && id[5] &&
                id[5] != '-' && strlen(id) < NAME_BYTES;
    if (uuid || (*id && strlen(id) < 20 && strspn(id, digits) == strlen(id))) {
        buf_puts(out, uuid ? id + 5 : id);
        return;
    }
    safe_name(out, id, strlen(id) > 80 ? 80 : strlen(id));
    digest_quick(id, strlen(id), hex);
    buf_printf(out, "-%.8s", hex);
}

/* ---- counties ------------------------------------------------------------------------------ */

/* The county of the topic that the answer means, or NULL. */
static const struct setting *known_county(const struct domain *d, const char *answer)
{
    const struct setting *best = NULL;
    for (int i = 0; d && i < d->value_count; i++) {
        const struct setting *v = &d->values[i];
        if (!strcmp(v->value, answer))
            return v;
        if (starts_with(answer, v->name) && (!best || strlen(v->name) > strlen(best->name)))
            best = v;
    }
    return best;
}

/* The folder there whose name begins with the code and no further digit. */
static bool folder_of_code(const struct shelf *s, const char *code, struct buf *folder)
{
    DIR *d = opendir(s->data);
    bool found = false;
    for (struct dirent *e; d && !found && (e = readdir(d));) {
        size_t n = strlen(code);
        found = !strncmp(e->d_name, code, n) && !(e->d_name[n] >= '0' && e->d_name[n] <= '9');
        if (found)
            buf_puts(folder, e->d_name);
    }
    if (d)
        closedir(d);
    return found;
}

/* `answer` is trimmed. */
static bool county_of_answer(const struct shelf *s, const char *answer, struct buf *folder)
{
    const struct domain *d = topic_domain(s->topic, "county");
    const struct setting *known = known_county(d, answer);
    char code[COUNTY_DIGITS + 1] = "";
    if (!known && !(d && d->value_count) && strspn(answer, "0123456789") >= COUNTY_DIGITS)
        memcpy(code, answer, COUNTY_DIGITS);
    if (!known && !*code)
        return false;
    if (folder_of_code(s, known ? known->name : code, folder))
        return true;
    buf_puts(folder, known ? known->name : code);
    if (known && strcmp(known->value, known->name) != 0) {
        buf_putc(folder, '-');
        safe_name(folder, known->value, strlen(known->value));
    }
    return true;
}

bool shelf_county(const struct shelf *s, const char *answers, struct buf *folder)
{
    char *copy = must_strdup(answers), *rest = copy, *line;
    bool found = false;
    while (!found && (line = strsep(&rest, "\n"))) {
        size_t n;
        char *start = line + (text_trim(line, &n) - line);
        start[n] = '\0';
        found = *start && county_of_answer(s, start, folder);
    }
    free(copy);
    return found;
}

/* ---- paths --------------------------------------------------------------------------------- */

void shelf_own(const struct shelf *s, const char *name, struct buf *path)
{
    buf_printf(path, ".fetched/%s/%s", s->source->name, name);
}

void shelf_submission(const struct shelf *s, const char *folder, const char *id, struct buf *path)
{
    if (folder && *folder)
        buf_printf(path, "%s/手机/%s/", folder, s->source->questionnaire);
    else
        shelf_own(s, "unplaced/", path);
    submission_name(path, id);
    buf_puts(path, ".xml");
}

void shelf_file(const struct shelf *s, const char *folder, const char *inside, struct buf *path)
{
    if (folder && *folder)
        buf_printf(path, "%s/%s", folder, s->source->questionnaire);
    else
        shelf_own(s, "unplaced", path);
    while (*inside) {
        size_t n = strcspn(inside, "/");
        buf_putc(path, '/');
        safe_name(path, inside, n);
        inside += n + (inside[n] == '/');
    }
}

bool shelf_is_unplaced(const char *path)
{
    return starts_with(path, ".fetched/");
}

char *shelf_full(const struct shelf *s, const char *path)
{
    struct buf full = {0};
    buf_printf(&full, "%s/%s", s->data, path);
    return full.text;
}

/* ---- putting and keeping ------------------------------------------------------------------- */

static bool has_bytes(const char *path, const void *bytes, size_t n)
{
    char here[DIGEST_TEXT], there[DIGEST_TEXT];
    struct stat st;
    if (stat(path, &st) < 0 || (size_t)st.st_size != n || digest_file(path, there) < 0)
        return false;
    digest_bytes(bytes, n, here);
    return !strcmp(here, there);
}

/* A free path below kept/ for the file. */
static char *kept_path(const struct shelf *s, const char *path, const char *why)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm t;
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(name, '.');
    int stem = dot ? (int)(dot - name) : (int)strlen(name);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", localtime_r(&now, &t));
    for (int i = 0;; i++) {
        struct buf own = {0};
        shelf_own(s, "kept/", &own);
        buf_printf(&own, "%.*s.%s", stem, name, stamp);
        if (i)
            buf_printf(&own, ".%d", i);
        buf_printf(&own, ".%s%s", why, dot ? dot : "");
        char *full = shelf_full(s, own.text);
        buf_free(&own);
        if (access(full, F_OK) != 0)
            return full;
        free(full);
    }
}

/* Move the file into kept/; with `copy` it stays where it is, too. */
static int keep_old(const struct shelf *s, const char *path, const char *why, bool copy)
{
    char *full = shelf_full(s, path);
    int code = 0;
    if (access(full, F_OK) == 0) {
        char *kept = kept_path(s, path, why);
        code = make_parent_folders(kept);
        /* Where the file system has no links, it is away for a moment. */
        if (code == 0 && !(copy && link(full, kept) == 0) && rename(full, kept) < 0)
            code = error("不能把旧版 %s 移到 %s：%s", full, kept, error_reason(errno));
        free(kept);
    }
    free(full);
    return code;
}

int shelf_retire(const struct shelf *s, const char *path, const char *why)
{
    return keep_old(s, path, why, false);
}

int shelf_put(const struct shelf *s, const char *path, const void *bytes, size_t n)
{
    char *full = shelf_full(s, path);
    struct outfile out;
    int code = 0;
    if (!has_bytes(full, bytes, n)) {
        code = keep_old(s, path, "replaced", true);
        if (code == 0)
            code = outfile_open(&out, full);
        if (code == 0) {
            fwrite(bytes, 1, n, out.stream);
            code = outfile_commit(&out);
        }
    }
    free(full);
    return code;
}

int shelf_move(const struct shelf *s, const char *path, const char *from)
{
    char *full = shelf_full(s, path), here[DIGEST_TEXT], there[DIGEST_TEXT];
    int code = digest_file(from, here);
    if (code == 0 && access(full, F_OK) == 0 && digest_file(full, there) == 0 &&
        !strcmp(here, there)) {
        unlink(from);
    } else if (code == 0) {
        code = keep_old(s, path, "replaced", true);
        if (code == 0)
            code = make_parent_folders(full);
        if (code == 0 && rename(from, full) < 0)
            code = error("不能更名为 %s：%s", full, error_reason(errno));
    }
    free(full);
    return code;
}
