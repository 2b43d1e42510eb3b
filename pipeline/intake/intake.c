/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/intake_private.h"

#include "formats/foreign.h"
#include "intake/answerbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct intake *intake_new(struct raw *r, const struct topic *t)
{
    struct intake *k = must_alloc(sizeof *k);
    k->topic = t;
    k->raw = r;
    k->heads = heads_new(t);
    k->tables = tables_new(k->heads, r, t);
    k->instances = instances_new(r, t);
    return k;
}

void intake_free(struct intake *k)
{
    tables_free(k->tables);
    instances_free(k->instances);
    heads_free(k->heads);
    map_free(&k->outside);
    map_free(&k->read);
    map_free(&k->folders);
    arena_free(&k->arena);
    free(k->paths);
    free(k);
}

void intake_know(struct intake *k, const char *sha256)
{
    map_add(&k->outside, sha256, 1);
}

/* ---- fates -------------------------------------------------------------------------------- */

void intake_problem(struct intake *k, const char *path, const char *kind, const char *class)
{
    raw_add_problem(k->raw, &(struct raw_problem){.file = path, .kind = kind, .class = class});
}

static long add_file(struct intake *k, const struct incoming *f, const char *format,
                     const char *fate, const char *reason)
{
    return raw_add_file(k->raw, &(struct raw_file){.path = f->path,
                                                   .sha256 = f->sha256,
                                                   .bytes = f->bytes,
                                                   .format = format,
                                                   .encoding = f->encoding,
                                                   .correction = is_correction(k->topic, f->path),
                                                   .fate = fate,
                                                   .reason = reason});
}

void intake_refuse(struct intake *k, const struct incoming *f, const char *format, const char *fate,
                   const char *reason, const char *kind, const char *class)
{
    add_file(k, f, format, fate, reason);
    if (kind)
        intake_problem(k, f->path, kind, class);
    if (!strcmp(fate, "refused")) {
        k->refused++;
        warning_at((struct place){.file = f->path}, "没有读入：%s", reason);
    }
}

int intake_refused(const struct intake *k)
{
    return k->refused;
}

long intake_accept(struct intake *k, const struct incoming *f, const char *format)
{
    if (map_add(&k->read, f->sha256, k->path_count)) {
        GROW(k->paths, k->path_count, k->path_room);
        k->paths[k->path_count++] = arena_strdup(&k->arena, f->path);
    }
    if (extension_lies(f->path, f->format))
        intake_problem(k, f->path, "file_type", "file");
    return add_file(k, f, format, "read", "");
}

/* The folder of a path within the county, "" at the top. */
static const char *folder_of(struct intake *k, const char *path)
{
    return arena_strndup(&k->arena, path, (size_t)(name_of(path) - path));
}

/* A file without any table of the questionnaires: an attachment of a phone collection, a format
 * that is not read, prose, or something foreign. */
static void take_foreign(struct intake *k, const struct incoming *f, bool prose)
{
    struct foreign known = {FOREIGN_NONE, ""};
    if (f->format == FORMAT_OTHER)
        known = foreign_file(f->full_path);
    if (map_has(&k->folders, folder_of(k, f->path)))
        intake_refuse(k, f, "unknown", "ignored", "采集软件的附件", NULL, NULL);
    else if (known.sort == FOREIGN_DATA)
        intake_refuse(k, f, "unknown", "refused", known.advice, "file_format", "file");
    else if (known.sort == FOREIGN_DOCUMENT)
        intake_refuse(k, f, "unknown", "refused", known.advice, "unknown_form", "notice");
    else if (prose)
        intake_refuse(k, f, "text", "ignored", "说明文字，不是数据", NULL, NULL);
    else if (f->format == FORMAT_OTHER && promises_table(f->path))
        intake_refuse(k, f, "unknown", "refused",
                      "内容不是表格：可能损坏了，也可能是别的文件改了扩展名。请用原来的软件打开，"
                      "另存为.xlsx后重报",
                      "file_corrupt", "file");
    else
        intake_refuse(k, f, "unknown", "ignored", "不属于本课题问卷", "unknown_form", "notice");
}

/* ---- formats ------------------------------------------------------------------------------ */

/* A table, but none that can be told from its head. */
#define NO_HEAD                                                                                                                                  \
    "没有找到本课题问卷的表头，没有读入。若是本课题的资料，请照填报表写好表头（题目或短表头）后重" \
    "报"

static void take_sheets(struct intake *k, const struct incoming *f)
{
    char why[512] = "";
    if (answerbook_read(k->raw, f->full_path, f->format) >= 0) {
        add_file(k, f, format_name(f->format), "read", "回填单，只读取其中的答复");
        return;
    }
    raw_mark(k->raw);
    long file = intake_accept(k, f, format_name(f->format));
    tables_file(k->tables, file, f->path);
    struct sheet_handler h = tables_handler(k->tables);
    int code = sheets_read(f->full_path, f->format, f->encoding, &h, why, sizeof why);
    struct tables_found found = tables_end(k->tables);
    bool none = found.read == 0 && found.keyless == 0;
    bool prose = none && f->format == FORMAT_CSV && (found.widest <= 2 || promises_prose(f->path));
    if (code < 0 || prose)
        raw_undo(k->raw);
    raw_keep(k->raw);
    if (code < 0)
        intake_refuse(k, f, format_name(f->format), "refused", why, "file_corrupt", "file");
    else if (prose)
        take_foreign(k, f, true);
    else if (none) {
        raw_set_fate(k->raw, file, "ignored", NO_HEAD);
        intake_problem(k, f->path, "unknown_form", "notice");
        warning_at((struct place){.file = f->path}, NO_HEAD);
    } else if (found.read == 0) {
        raw_set_fate(k->raw, file, "refused", "表里没有编号栏，没有读入。请补上编号栏后重报");
        k->refused++;
    }
}

static void take_xml(struct intake *k, const struct incoming *f)
{
    struct xmltree tree;
    int code = xmltree_read(&tree, f->full_path);
    if (code < 0)
        intake_refuse(k, f, "odk", "refused", "XML不完整或已损坏", "file_corrupt", "file");
    else if (tree.encrypted)
        intake_refuse(k, f, "odk", "refused", "问卷已加密，请在采集平台解密后再报",
                      "file_encrypted", "file");
    else if (instance_form(k->topic, &tree) < 0)
        take_foreign(k, f, false);
    else {
        map_add(&k->folders, folder_of(k, f->path), 1);
        instances_add(k->instances, intake_accept(k, f, "odk"), f->path, &tree);
    }
    xmltree_free(&tree);
}

static void take_format(struct intake *k, const struct incoming *f)
{
    switch (f->format) {
    case FORMAT_EMPTY:
        intake_refuse(k, f, "unknown", "refused", "空文件，请重报", "file_empty", "file");
        break;
    case FORMAT_ENCRYPTED:
        intake_refuse(k, f, "unknown", "refused", "文件加了密码，请去掉密码后重报",
                      "file_encrypted", "file");
        break;
    case FORMAT_CORRUPT:
        intake_refuse(k, f, "unknown", "refused", "文件已损坏或不完整，请重报", "file_corrupt",
                      "file");
        break;
    case FORMAT_CSV:
    case FORMAT_XLSX:
    case FORMAT_XLS:
    case FORMAT_HTML:
    case FORMAT_XMLSS:
    case FORMAT_ODS:
        take_sheets(k, f);
        break;
    case FORMAT_XML:
        take_xml(k, f);
        break;
    case FORMAT_ZIP:
        intake_archive(k, f);
        break;
    case FORMAT_OTHER:
        take_foreign(k, f, promises_prose(f->path) && !promises_table(f->path));
        break;
    }
}

void intake_file(struct intake *k, const char *full_path, const char *path, const char *sha256,
                 long long bytes)
{
    struct incoming f = {
        .full_path = full_path, .path = path, .sha256 = sha256, .bytes = bytes, .encoding = ""};
    const char *ignored = ignored_name(path);
    if (ignored) {
        intake_refuse(k, &f, "unknown", "ignored", ignored, NULL, NULL);
        return;
    }
    f.format = sheets_detect(full_path, &f.encoding);
    long earlier = f.format == FORMAT_XML ? -1 : map_get(&k->read, sha256, -1);
    if (earlier >= 0) {
        const char *reason = arena_printf(&k->arena, "与%s内容相同", k->paths[earlier]);
        intake_refuse(k, &f, format_name(f.format), "duplicate", reason, "file_duplicate", "file");
        return;
    }
    take_format(k, &f);
}
