/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of intake/intake.c.
 */
#ifndef INTAKE_INTAKE_PRIVATE_H
#define INTAKE_INTAKE_PRIVATE_H

#include "base/arena.h"
#include "base/map.h"
#include "formats/sheets.h"
#include "intake/instances.h"
#include "intake/intake.h"
#include "intake/tables.h"

struct intake {
    const struct topic *topic;
    struct raw *raw;
    struct heads *heads;
    struct tables *tables;
    struct instances *instances;
    struct map outside; /* digests of files outside archives, and of members read */
    struct map read;    /* digest -> index in paths, of files that were read */
    struct map folders; /* folders in which an ODK instance lies */
    struct arena arena;
    const char **paths;
    int path_count, path_room;
    int depth; /* of archives */
    int refused;
};

/* A file under way. */
struct incoming {
    const char *full_path, *path, *sha256;
    long long bytes;
    enum file_format format;
    const char *encoding;
};

/* Add the file with a fate other than read, and a problem line when `kind` is not NULL. */
void intake_refuse(struct intake *k, const struct incoming *f, const char *format, const char *fate,
                   const char *reason, const char *kind, const char *class);
/* Add the file as read; returns its id. */
long intake_accept(struct intake *k, const struct incoming *f, const char *format);
void intake_problem(struct intake *k, const char *path, const char *kind, const char *class);

/* ---- filekind.c: what names tell ---- */
const char *name_of(const char *path);      /* behind the last / or ! */
/* Why a file is never data (lock file, mark, hidden file), or NULL. */
const char *ignored_name(const char *path);
bool is_correction(const struct topic *t, const char *path);
/* Whether the extension promises another format than the content has. */
bool extension_lies(const char *path, enum file_format format);
bool promises_table(const char *path); /* .csv .xlsx .xls .xml .zip … */
bool promises_prose(const char *path); /* .txt .doc .docx … */

/* ---- archive.c ---- */
void intake_archive(struct intake *k, const struct incoming *f);

#endif
