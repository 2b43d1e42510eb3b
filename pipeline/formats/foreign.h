/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that are known but not read: what they are and what the county is to do.
 */
#ifndef FORMATS_FOREIGN_H
#define FORMATS_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

struct foreign {
    enum {
        FOREIGN_NONE,     /* not known */
        FOREIGN_OTHER,    /* holds no table: pictures, sound, text without tables */
        FOREIGN_DOCUMENT, /* may hold a table: Word with tables, PDF */
        FOREIGN_DATA,     /* tables or an archive of files, in a format that is not read */
    } sort;
    const char *advice; /* what it is and what to do, a sentence in Chinese; "" for OTHER, NONE */
};

/* By the first bytes; NONE also for zip and compound files, which foreign_file() looks into. */
struct foreign foreign_head(const char *head, size_t n);

/* By the content of the whole file. */
struct foreign foreign_file(const char *path);

#endif
