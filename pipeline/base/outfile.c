/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/outfile.h"

#include "base/message.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_OPEN = 64 };

/* Temporary names that a signal or die() must remove. */
static char *volatile pending[MAX_OPEN];

static void on_signal(int number)
{
    for (int i = 0; i < MAX_OPEN; i++)
        if (pending[i])
            unlink(pending[i]);
    signal(number, SIG_DFL);
    raise(number);
}

static int pending_add(char *tmp_path)
{
    static int installed;
    if (!installed) {
        installed = 1;
        signal(SIGINT, on_signal);
        signal(SIGTERM, on_signal);
        signal(SIGHUP, on_signal);
        signal(SIGPIPE, on_signal);
    }
    for (int i = 0; i < MAX_OPEN; i++)
        if (!pending[i]) {
            pending[i] = tmp_path;
            return 0;
        }
    return error("同时打开的输出文件太多");
}

static void pending_remove(const char *tmp_path)
{
    for (int i = 0; i < MAX_OPEN; i++)
        if (pending[i] == tmp_path)
            pending[i] = NULL;
}

int make_parent_folders(const char *path)
{
    char *folder = strdup(path);
    int rc = 0;
    for (char *p = folder + 1; rc == 0 && (p = strchr(p, '/')); *p++ = '/') {
        *p = '\0';
        if (mkdir(folder, 0777) < 0 && errno != EEXIST)
            rc = error("不能建立文件夹 %s：%s", folder, error_reason(errno));
    }
    free(folder);
    return rc;
}

/* Temporary files of this output that a killed program left behind. */
static void remove_stale(const char *path)
{
    char *pattern;
    if (asprintf(&pattern, "%s.*.tmp", path) < 0)
        return;
    glob_t found;
    if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            long pid = atol(found.gl_pathv[i] + strlen(path) + 1);
            if (pid > 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH)
                unlink(found.gl_pathv[i]);
        }
        globfree(&found);
    }
    free(pattern);
}

int outfile_reserve(struct outfile *out, const char *path)
{
    *out = (struct outfile){0};
    if (make_parent_folders(path) < 0)
        return -1;
    remove_stale(path);
    out->path = strdup(path);
    if (asprintf(&out->tmp_path, "%s.%ld.tmp", path, (long)getpid()) < 0 || !out->path)
        return error("内存不足");
    return pending_add(out->tmp_path);
}

int outfile_open(struct outfile *out, const char *path)
{
    if (outfile_reserve(out, path) < 0)
        return -1;
    out->stream = fopen(out->tmp_path, "w");
    if (!out->stream) {
        error("不能写 %s：%s。请检查文件夹是否存在、磁盘是否已满、有无写权限", path,
              error_reason(errno));
        outfile_discard(out);
        return -1;
    }
    return 0;
}

static void forget(struct outfile *out)
{
    pending_remove(out->tmp_path);
    free(out->path);
    free(out->tmp_path);
    *out = (struct outfile){0};
}

static int finish_stream(struct outfile *out)
{
    if (!out->stream)
        return 0;
    int bad = ferror(out->stream);
    bad |= fflush(out->stream);
    bad |= fclose(out->stream);
    out->stream = NULL;
    return bad ? error("写 %s 时出错：%s。原有文件未改动", out->path, error_reason(errno)) : 0;
}

int outfile_commit(struct outfile *out)
{
    int rc = finish_stream(out);
    if (rc == 0 && rename(out->tmp_path, out->path) < 0)
        rc = error("不能更名为 %s：%s", out->path, error_reason(errno));
    if (rc < 0)
        unlink(out->tmp_path);
    forget(out);
    return rc;
}

static int same_bytes(const char *a, const char *b)
{
    FILE *fa = fopen(a, "rb"), *fb = fopen(b, "rb");
    int same = fa && fb;
    while (same) {
        char ba[65536], bb[65536];
        size_t na = fread(ba, 1, sizeof ba, fa), nb = fread(bb, 1, sizeof bb, fb);
        same = na == nb && memcmp(ba, bb, na) == 0;
        if (na == 0)
            break;
    }
    if (fa)
        fclose(fa);
    if (fb)
        fclose(fb);
    return same;
}

int outfile_commit_if_changed(struct outfile *out)
{
    if (finish_stream(out) < 0) {
        outfile_discard(out);
        return -1;
    }
    if (same_bytes(out->tmp_path, out->path)) {
        outfile_discard(out);
        return 0;
    }
    return outfile_commit(out) < 0 ? -1 : 1;
}

void outfile_discard(struct outfile *out)
{
    if (out->stream)
        fclose(out->stream);
    if (out->tmp_path)
        unlink(out->tmp_path);
    forget(out);
}

void outfile_discard_all(void)
{
    for (int i = 0; i < MAX_OPEN; i++)
        if (pending[i])
            unlink(pending[i]);
}
