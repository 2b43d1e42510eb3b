/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * UTF-8 text: a growable buffer, characters, trimming, folding for comparison.
 *
 *     struct buf b = {0};
 *     buf_printf(&b, "%d户", 20);
 *     puts(b.text);
 *     buf_free(&b);
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Growable text; text is always NUL-terminated once something was put (and "" is safe before
 * through buf_text()).  May hold NUL bytes inside: len is the truth. */
struct buf {
    char *text;
    size_t len, room;
};
void buf_put(struct buf *b, const char *bytes, size_t n);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_put_char(struct buf *b, uint32_t code); /* appends the UTF-8 form of a code point */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *b);
const char *buf_text(const struct buf *b);
void buf_free(struct buf *b);

/* Decode one character of NUL-terminated UTF-8 and step over it.  Invalid bytes give U+FFFD and
 * step one byte; the end gives 0 and does not step. */
uint32_t utf8_next(const char **p);
bool utf8_valid(const char *bytes, size_t n); /* strict: no overlong forms, no surrogates */
size_t utf8_length(const char *text);         /* characters */
bool is_han(uint32_t c);                      /* CJK ideograph, extensions included */

/* White space of office files: blanks, tabs, line ends, U+00A0, U+3000, U+200B, U+FEFF. */
bool is_space_char(uint32_t c);
bool text_is_blank(const char *text);
/* The part between leading and trailing white space; *n gets its length in bytes. */
const char *text_trim(const char *text, size_t *n);

/* Full-width ASCII (U+FF01..FF5E) to half-width, U+3000 to a blank; appends to out and tells
 * whether anything changed. */
bool text_halfwidth(struct buf *out, const char *text);

/* Whether `text` starts with / ends with `part`. */
bool starts_with(const char *text, const char *part);
bool ends_with(const char *text, const char *part);

/* Edit distance in characters, for "did you mean"; both texts at most 200 characters are
 * looked at. */
int text_distance(const char *a, const char *b);

#endif
