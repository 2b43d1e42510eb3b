/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ingest: one county's files for one topic, any format, any encoding -> <county>.raw.db.
 *
 * Every cell is stored as received with where it stood; every file gets a fate.  Nothing is
 * interpreted beyond which column is which question.  Exit 1: some file could not be read and goes
 * back to the county.
 */
#include "base/arena.h"
#include "base/digest.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "intake/intake.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *topic_path, *output, *county = "";

static const struct option_row OPTIONS[] = {
    {'t', "课题", &topic_path, NULL, "课题工作簿，如 topics/henan-2025/07/topic.csv", true},
    {'o', "文件", &output, NULL, "输出的原始库，如 411525.raw.db", true},
    {'c', "代码", &county, NULL, "县的代码；不写时取文件夹名开头的数字", false},
    {0},
};
static const struct program ME = {"ingest", "读入一个县报来的全部文件，或其中一个文件",
                                  "-t 课题工作簿 -o 原始库 县文件夹|文件", OPTIONS};

struct received {
    char *full_path, *path; /* path: in the county's folder */
    char sha256[DIGEST_TEXT];
    long long bytes;
};
struct folder {
    struct received *files;
    int count, room;
};

static void add_file(struct folder *f, const char *full, const char *path, const struct stat *st)
{
    GROW(f->files, f->count, f->room);
    f->files[f->count++] =
        (struct received){must_strdup(full), must_strdup(path), "", (long long)st->st_size};
}

/* List the regular files below `full`, whose path in the county's folder is `path`. */
static int list_files(struct folder *f, const char *full, const char *path)
{
    DIR *d = opendir(full);
    if (!d)
        return error_at((struct place){.file = full}, "打不开：%s", error_reason(errno));
    int code = 0;
    for (struct dirent *e; code == 0 && (e = readdir(d));) {
        struct stat st;
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        struct buf name = {0}, inner = {0};
        buf_printf(&name, "%s/%s", full, e->d_name);
        buf_printf(&inner, "%s%s%s", path, *path ? "/" : "", e->d_name);
        if (lstat(name.text, &st) == 0 && S_ISDIR(st.st_mode)) {
            code = list_files(f, name.text, inner.text);
        } else if (stat(name.text, &st) == 0 && S_ISREG(st.st_mode)) {
            add_file(f, name.text, inner.text, &st);
        }
        buf_free(&name);
        buf_free(&inner);
    }
    closedir(d);
    return code;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct received *)a)->path, ((const struct received *)b)->path);
}

static int list_folder(struct folder *f, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
        add_file(f, path, strrchr(path, '/') ? strrchr(path, '/') + 1 : path, &st);
    else if (list_files(f, path, "") < 0)
        return -1;
    if (f->count == 0)
        return 0;
    qsort(f->files, (size_t)f->count, sizeof *f->files, by_path);
    for (int i = 0; i < f->count; i++)
        if (digest_file(f->files[i].full_path, f->files[i].sha256) < 0)
            return -1;
    return 0;
}

static void free_folder(struct folder *f)
{
    for (int i = 0; i < f->count; i++) {
        free(f->files[i].full_path);
        free(f->files[i].path);
    }
    free(f->files);
}

/* ---- what is known of the whole ----------------------------------------------------------- */

static bool is_simulated(const char *folder)
{
    struct buf b = {0};
    buf_printf(&b, "%s/SIMULATED", folder);
    bool found = access(b.text, F_OK) == 0;
    buf_clear(&b);
    buf_printf(&b, "%s/../SIMULATED", folder);
    found = found || access(b.text, F_OK) == 0;
    buf_free(&b);
    return found;
}

/* Last segment of a path without trailing slashes; caller frees. */
static char *folder_name(const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    char *copy = must_strdup(path);
    copy[n] = '\0';
    const char *slash = strrchr(copy, '/');
    char *name = must_strdup(slash ? slash + 1 : copy);
    free(copy);
    return name;
}

static void write_meta(struct raw *r, const struct topic *t, const struct folder *f,
                       const char *path)
{
    char *name = folder_name(path), code[7] = "", hex[DIGEST_TEXT];
    struct buf all = {0};
    if (strspn(name, "0123456789") >= 6)
        memcpy(code, name, 6);
    for (int i = 0; i < f->count; i++)
        buf_printf(&all, "%s\t%s\n", f->files[i].path, f->files[i].sha256);
    digest_bytes(buf_text(&all), all.len, hex);
    raw_meta(r, "plan", t->plan);
    raw_meta(r, "topic", t->number);
    raw_meta(r, "county", *county ? county : code);
    raw_meta(r, "folder", name);
    raw_meta(r, "simulated", is_simulated(path) ? "1" : "");
    raw_meta(r, "fingerprint", hex);
    buf_free(&all);
    free(name);
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct folder folder = {0};
    struct topic *t = topic_read(topic_path);
    if (!t || list_folder(&folder, argv[first]) < 0) {
        free_folder(&folder);
        topic_free(t);
        return CANNOT;
    }
    struct raw *r = raw_create(output, t);
    write_meta(r, t, &folder, argv[first]);
    struct intake *k = intake_new(r, t);
    for (int i = 0; i < folder.count; i++)
        intake_know(k, folder.files[i].sha256);
    for (int i = 0; i < folder.count; i++) {
        const struct received *f = &folder.files[i];
        progress("读入文件", i + 1);
        intake_file(k, f->full_path, f->path, f->sha256, f->bytes);
    }
    progress_end();
    bool refused = intake_refused(k) > 0;
    intake_free(k);
    raw_finish(r);
    free_folder(&folder);
    topic_free(t);
    return refused ? DATA_FAILED : DONE;
}
