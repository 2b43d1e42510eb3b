/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lies in counties' folders besides the answers: a note, the lock file of an open workbook,
 * an empty file, a copy, a damaged copy, a table of something else.
 */
#include "simulate/upload_private.h"

#include "base/outfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int put_file(struct upload *u, const char *name, const void *bytes, size_t n)
{
    struct outfile out;
    struct buf path = {0};
    buf_printf(&path, "%s/%s", u->folder, name);
    int code = outfile_open(&out, path.text);
    buf_free(&path);
    if (code < 0)
        return -1;
    fwrite(bytes, 1, n, out.stream);
    return outfile_commit(&out);
}

static int put_text(struct upload *u, const char *name, const char *text)
{
    return put_file(u, name, text, strlen(text));
}

static void tell(struct upload *u, const char *name, const char *kind, const char *class)
{
    truth_line(u->truth, &(struct problem_line){.file = name, .kind = kind, .class = class});
}

/* Reads one of the files written; the caller frees. */
static char *read_back(struct upload *u, const char *name, size_t *n)
{
    struct buf path = {0}, all = {0};
    char bytes[65536];
    buf_printf(&path, "%s/%s", u->folder, name);
    FILE *f = fopen(path.text, "rb");
    for (size_t got; f && (got = fread(bytes, 1, sizeof bytes, f)) > 0;)
        buf_put(&all, bytes, got);
    if (f)
        fclose(f);
    buf_free(&path);
    *n = all.len;
    return all.text;
}

/* The first table's file again under another name, and its first half under a third. */
static int put_copies(struct upload *u, const char *name)
{
    const char *ext = u->style->extension;
    int stem = (int)(strlen(name) - strlen(ext) - 1);
    const char *copy = arena_printf(&u->arena, "%.*s（副本）.%s", stem, name, ext);
    const char *half = arena_printf(&u->arena, "%.*s（未传完）.xlsx", stem, name);
    size_t n;
    char *bytes = read_back(u, name, &n);
    int code = bytes ? put_file(u, copy, bytes, n) : -1;
    tell(u, copy, "file_duplicate", "file");
    if (code == 0 && u->style->container == AS_XLSX) {
        code = put_file(u, half, bytes, n / 2);
        tell(u, half, "file_corrupt", "file");
    }
    free(bytes);
    return code;
}

int clutter_add(struct upload *u, const char *first)
{
    const char *county = u->world->county_name;
    const char *empty = arena_printf(&u->arena, "%s补充.csv", county);
    const char *foreign = arena_printf(&u->arena, "%s党员花名册.csv", county);
    int code = put_text(u, "报送说明.txt", "各村资料已经核对，请查收。（模拟）\n");
    if (code == 0)
        code = put_text(u, arena_printf(&u->arena, "~$%s.xlsx", county), "wps\1\2\3user");
    if (code == 0)
        code = put_text(u, empty, "");
    if (code == 0)
        code = put_text(u, foreign,
                        "支部,党员,入党时间,党费\n一支部,王某,1990,12\n二支部,李某,1991,12\n");
    if (code == 0)
        code = put_copies(u, first);
    tell(u, empty, "file_empty", "file");
    tell(u, foreign, "unknown_form", "notice");
    return code;
}
