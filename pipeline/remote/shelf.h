/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where what was fetched is put: the counties' folders of a topic, and beside them the hidden
 * folder .fetched, which ingest does not read:
 *
 *     data/henan-2025/07/411525-固始县/手机/07-household/453e9095-….xml
 *     data/henan-2025/07/.fetched/07-household-1a2b3c4d/ledger.csv
 *     data/henan-2025/07/.fetched/07-household-1a2b3c4d/kept/453e9095-….20260401T093012.replaced.xml
 *     data/henan-2025/07/.fetched/07-household-1a2b3c4d/unplaced/…      (no county known)
 *
 * Paths are relative to the topic's data folder.
 */
#ifndef REMOTE_SHELF_H
#define REMOTE_SHELF_H

#include "remote/sources.h"

#include "base/text.h"

struct shelf {
    const struct topic *topic;
    const struct source *source;
    const char *data; /* data/henan-2025/07 */
};

/* Folder of the county that the first of the answers, a line each, means that means one (a code, a
 * longer code that begins with one, a name): the one that is there, else <code>-<name>.  False when
 * none does. */
bool shelf_county(const struct shelf *s, const char *answers, struct buf *folder);

/* Append the path of a submission; `folder` NULL or "": unplaced. */
void shelf_submission(const struct shelf *s, const char *folder, const char *id, struct buf *path);
/* Append the path of a file of the county, from segments that another machine named; `inside` has
 * '/' between them. */
void shelf_file(const struct shelf *s, const char *folder, const char *inside, struct buf *path);
/* Append the path of the source's own file. */
void shelf_own(const struct shelf *s, const char *name, struct buf *path);
bool shelf_is_unplaced(const char *path);

/* The path with the data folder in front; caller frees. */
char *shelf_full(const struct shelf *s, const char *path);

/* Put bytes at `path`.  A file there with other bytes is kept (shelf_keep()).  0, or -1 after a
 * message. */
int shelf_put(const struct shelf *s, const char *path, const void *bytes, size_t n);
/* The same with the file `from` (full path), which is moved. */
int shelf_move(const struct shelf *s, const char *path, const char *from);
/* Take the file out of the county's folder into kept/, marked with the time and `why` (replaced,
 * deleted, rejected).  Nothing when it is not there. */
int shelf_retire(const struct shelf *s, const char *path, const char *why);

/* One name for a file made from any text: letters, digits, han, blanks and . _ - stay, others
 * become
 * '_'; never hidden, never a temporary name, at most 120 bytes. */
void safe_name(struct buf *out, const char *text, size_t n);

#endif
