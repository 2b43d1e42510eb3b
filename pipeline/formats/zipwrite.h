/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Zip archives as the project writes them: in memory first, and the same bytes for the same
 * content, whatever the date and the umask.
 *
 *     static int fill(zip_t *zip, void *data)
 *     {
 *         return zip_put(zip, "a.xml", zip_source_buffer(zip, bytes, n, 0));
 *     }
 *     if (zip_write(stream, fill, data) < 0) …
 */
#ifndef FORMATS_ZIPWRITE_H
#define FORMATS_ZIPWRITE_H

#include <stdio.h>
#include <zip.h>

/* Writes the archive whose entries `fill` adds, in that order.  fill returns 0, or -1 to give up.
 * Returns 0, or -1 without a message. */
int zip_write(FILE *to, int fill(zip_t *zip, void *data), void *data);

/* Adds an entry with the one date and mode of our archives.  Takes the source over, which may be
 * NULL after a failure.  Returns 0 or -1. */
int zip_put(zip_t *zip, const char *name, zip_source_t *source);

#endif
