/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looking at words around a place in UTF-8 text: what the rules are written with.
 */
#ifndef VERIFY_WORDS_H
#define VERIFY_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extent {
    size_t from, to; /* bytes [from, to) */
};

#define NOWHERE ((size_t)-1)

/* Whether `word` begins, or ends, at byte i of text. */
bool word_at(const char *text, size_t i, const char *word);
bool word_before(const char *text, size_t i, const char *word);

/* The longest word of a NULL-terminated list that begins, or ends, at i; NULL when none does. */
const char *any_at(const char *text, size_t i, const char *const *words);
const char *any_before(const char *text, size_t i, const char *const *words);

/* Where the first, or last, occurrence of `word` in the extent begins; NOWHERE. */
size_t find_in(const char *text, struct extent in, const char *word);
size_t find_last_in(const char *text, struct extent in, const char *word);
/* The first occurrence of any word of the list, or NULL; *at gets its place. */
const char *any_in(const char *text, struct extent in, const char *const *words, size_t *at);

/* Start of the character before i (i > 0); the character at i. */
size_t step_back(const char *text, size_t i);
uint32_t sign_at(const char *text, size_t i);
uint32_t sign_before(const char *text, size_t i); /* 0 at the start */
size_t step_on(const char *text, size_t i);

/* The run of CJK ideographs that begins at i, or ends at i, of at most `most` characters. */
struct extent han_at(const char *text, size_t i, int most);
struct extent han_before(const char *text, size_t i, int most);

/* Characters in the extent. */
int extent_length(const char *text, struct extent e);

/* Whether i stands between `open` and `close` on one line, the two at most `most` bytes apart;
 * *inner gets what is between them. */
bool enclosed(const char *text, size_t i, const char *open, const char *close, size_t most,
              struct extent *inner);

#endif
