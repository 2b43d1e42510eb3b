/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text files in the encodings that counties send, as a stream of UTF-8.
 *
 *     struct textfile *t = textfile_open("住户.csv", "gb18030");
 *     struct buf window = {0};
 *     while (textfile_more(t, &window) > 0) …            // appends decoded text
 *     textfile_close(t);
 */
#ifndef FORMATS_TEXTFILE_H
#define FORMATS_TEXTFILE_H

#include "base/text.h"

#include <stdbool.h>

/* What one pass over a file's bytes tells about it as text. */
struct text_kind {
    const char *encoding; /* "utf-8", "gb18030", "utf-16le", "utf-16be"; NULL: not text */
    bool blank;           /* nothing but white space, byte order marks and NULs */
};

/* Byte order mark first, then the NUL pattern of UTF-16, then strict UTF-8 over the whole file,
 * then strict GB18030; a character cut at the very end of the file is forgiven.  UTF-8 without
 * any CJK character yields to GB18030 when that gives some (女 alone in GBK is valid UTF-8).
 * Returns 0, or -1 when the file cannot be read. */
int textfile_kind(const char *path, struct text_kind *kind);

struct textfile;
/* NULL when it cannot be opened.  A byte order mark is skipped. */
struct textfile *textfile_open(const char *path, const char *encoding);
/* Append the next piece, decoded.  1: there was some; 0: end of the file; -1: read error. */
int textfile_more(struct textfile *t, struct buf *out);
/* The same in pieces of at most n bytes, for readers of streams: how many; 0 at the end, -1. */
long textfile_piece(void *t, char *bytes, size_t n);
void textfile_close(struct textfile *t);

/* Decode GB18030; bytes that are no character give U+FFFD.  `last` tells that nothing follows;
 * otherwise a cut character at the end is left.  Returns the number of bytes used. */
size_t gb18030_decode(struct buf *out, const char *bytes, size_t n, bool last);

#endif
