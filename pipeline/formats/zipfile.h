/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Zip archives as counties send them, with limits against archives that expand without end.
 *
 *     struct zipfile *z = zipfile_open("包.zip");
 *     for (int i = 0; i < zipfile_count(z); i++)
 *         puts(zipfile_name(z, i));
 *     struct zipstream *s = zipfile_stream(z, 0);
 *     long n = zipstream_read(s, chunk, sizeof chunk);    // 0 at the end, -1 damaged
 *     zipstream_close(s);
 *     zipfile_close(z);
 *
 * Limits: 65535 entries; an entry of at most 4 GiB, and at most 400 times its compressed size
 * once it is above 16 MiB.
 */
#ifndef FORMATS_ZIPFILE_H
#define FORMATS_ZIPFILE_H

#include <stdbool.h>
#include <stddef.h>

struct zipfile;
struct zipstream;

struct zipfile *zipfile_open(const char *path); /* NULL: no zip, cut, or too many entries */
void zipfile_close(struct zipfile *z);
int zipfile_count(const struct zipfile *z);
/* UTF-8; names in GBK, as Windows writes them, are decoded.  Folders end in '/'. */
const char *zipfile_name(const struct zipfile *z, int i);
int zipfile_find(const struct zipfile *z, const char *name); /* or -1; case counts */
bool zipfile_encrypted(const struct zipfile *z);             /* any entry is */

struct zipstream *zipfile_stream(struct zipfile *z, int i); /* NULL: encrypted or over a limit */
long zipstream_read(struct zipstream *s, char *bytes, size_t n);
void zipstream_close(struct zipstream *s);

#endif
