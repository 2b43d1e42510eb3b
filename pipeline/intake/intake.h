/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files of one county, one after the other, into the raw store: what each is, whether it was
 * read, and why not.  Archives are opened; their members are listed as 包名!包内路径.
 *
 *     struct intake *k = intake_new(raw, topic);
 *     for (…) intake_know(k, sha256);                  // all files of the folder
 *     for (…) intake_file(k, full_path, path, sha256, bytes);
 *     intake_free(k);
 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "intake/rawstore.h"

struct intake;
struct intake *intake_new(struct raw *r, const struct topic *t);
void intake_free(struct intake *k);

/* A file of the folder has these bytes: an archive that holds nothing else is a duplicate. */
void intake_know(struct intake *k, const char *sha256);

/* Read a file.  `path` is relative to the county's folder. */
void intake_file(struct intake *k, const char *full_path, const char *path, const char *sha256,
                 long long bytes);

/* How many files could not be read and go back to the county. */
int intake_refused(const struct intake *k);

#endif
