/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files on their way into a county's folder: written to a private folder while they come, and, when
 * all of them are whole, linked under a time-stamped name that nothing else has.  So a file is in
 * the county's folder whole or not at all, and none is ever replaced.
 *
 *     struct upload *u = upload_begin("data/.receive/incoming", 50 << 20);
 *     upload_file(u, "C:\\住户.csv");
 *     upload_bytes(u, data, n); …
 *     if (upload_finish(u, submission, "20251122-0042", "更正", now) < 0) …
 *     upload_free(u);                                        // removes what was not linked
 *
 * The name: <day>-<time>-<number of the receipt>-<the county's own name, made safe>.
 */
#ifndef WEB_UPLOADS_H
#define WEB_UPLOADS_H

#include "web/catalog.h"
#include "web/journal.h"

enum { UPLOAD_FILES_MAX = 20, STORED_NAME_TEXT = 256 };

struct upload;

/* `folder` is on the same file system as the data.  `most`: bytes of all files together. */
struct upload *upload_begin(const char *folder, long long most);

/* A further file begins.  Returns 0, or -1: `why` is what to tell the county. */
int upload_file(struct upload *u, const char *name);
/* More bytes of it.  Same returns. */
int upload_bytes(struct upload *u, const char *bytes, size_t n);
/* What went wrong, in Chinese; "" while all is well. */
const char *upload_why(const struct upload *u);
/* Files that hold something. */
int upload_count(const struct upload *u);

/* Drops the files whose very bytes are in the county's folder already.  If that leaves none, the
 * receipt number under which the last of them came is put in `receipt`, else "". */
void upload_drop_known(struct upload *u, const struct submission *s, char receipt[RECEIPT_TEXT]);

/* Links all into the county's folder, which is made if need be; `mark` ("" or 更正) goes into the
 * names that do not have it.  Everything is on the disk when it returns.  0, or -1 as above. */
int upload_finish(struct upload *u, const struct submission *s, const char *receipt,
                  const char *mark, time_t now);
long long upload_size(const struct upload *u);
void upload_free(struct upload *u);

/* Takes a file that came by the page out of the county's folder: into `to`, which keeps it.  The
 * receipt it came under is put in `receipt`.  Returns 0, or -1 when there is no such file. */
int upload_withdraw(const struct submission *s, const char *stored, const char *to,
                    char receipt[RECEIPT_TEXT]);

/* The county's name of a file as it may stand in a folder: the last part of a path, without
 * control characters and what shells, make and Windows take for something else. */
void upload_safe_name(const char *name, char out[STORED_NAME_TEXT]);

/* ---- what is there -------------------------------------------------------------------------- */

struct received {
    const char *stored;         /* name in the folder */
    const char *shown;          /* the county's own name */
    char receipt[RECEIPT_TEXT]; /* "" when it was not sent by the page */
    time_t when;
    long long bytes;
};
struct received_list {
    struct arena arena;
    struct received *items; /* newest first */
    int count, room;
};
/* The files of the county's folder; folders in it count as one file. */
void received_read(struct received_list *list, const struct submission *s);
void received_free(struct received_list *list);

/* The newest change in the folder, zero when it is not there. */
struct timespec received_newest(const struct submission *s);

/* The county's own name within a stored one. */
const char *received_shown(const char *stored);

#endif
