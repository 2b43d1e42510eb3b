/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An output file that either is whole or is not there: written under a temporary name in the
 * same folder, flushed, closed, checked, renamed.  A program that dies or is killed by a signal
 * leaves the old file as it was.
 *
 *     struct outfile out;
 *     if (outfile_open(&out, "problems.csv") < 0) return CANNOT;
 *     fprintf(out.stream, "...");
 *     return outfile_commit(&out) < 0 ? CANNOT : DONE;
 */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <stdio.h>

struct outfile {
    FILE *stream;   /* write here */
    char *path;     /* final name, owned */
    char *tmp_path; /* temporary name, owned; other writers (sqlite, xlsxwriter) may use it */
};

/* Open for writing, making missing folders.  Returns 0, or -1 after a message. */
int outfile_open(struct outfile *out, const char *path);

/* As outfile_open(), but only reserves the temporary name: out->stream is NULL and somebody
 * else writes out->tmp_path. */
int outfile_reserve(struct outfile *out, const char *path);

/* Flush, close and rename; any write error since opening is found here.  Returns 0 or -1 after
 * a message, and the temporary file is gone either way. */
int outfile_commit(struct outfile *out);

/* As outfile_commit(), but an existing file with the same bytes keeps its time stamp, so that
 * make sees nothing new.  Returns 1 if the file changed, 0 if not, -1 after a message. */
int outfile_commit_if_changed(struct outfile *out);

/* Drop one, or all that are open (called by die() and on signals). */
void outfile_discard(struct outfile *out);
void outfile_discard_all(void);

/* Make the folder of `path` and its parents. Returns 0 or -1 after a message. */
int make_parent_folders(const char *path);

#endif
