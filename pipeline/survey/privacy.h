/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Personal data stay in the raw shard.  What follows it gets a keyed hash, by which the same
 * person can be found again in other counties and which tells nothing without the key.
 *
 *     struct privacy *p = privacy_open("data/.key");
 *     char hash[PRIVACY_TEXT];
 *     if (question->personal || is_personal_text(text))
 *         text = privacy_hash(p, text, hash);              // "hmac:0123456789abcdef"
 *     privacy_close(p);
 *
 * The hash is the first 64 bits of HMAC-SHA-256 (RFC 2104) of the text; numbers are hashed in
 * their plain form, so that 138 1234-5678 and １３８１２３４５６７８ are the same person.
 */
#ifndef SURVEY_PRIVACY_H
#define SURVEY_PRIVACY_H

#include <stdbool.h>

enum { PRIVACY_TEXT = 5 + 16 + 1 }; /* "hmac:", 16 hex digits, NUL */

struct privacy;
/* Reads the key file (64 hex digits); makes it with a random key, readable by its owner only,
 * when it is not there.  Of programs that make it at once one wins and all use its key.  Returns
 * NULL after a message. */
struct privacy *privacy_open(const char *key_path);
void privacy_close(struct privacy *p);

/* The hash of a text into `out`, and `out`. */
const char *privacy_hash(const struct privacy *p, const char *text, char out[PRIVACY_TEXT]);

/* Whether such a hash stands anywhere in the text. */
bool has_privacy_hash(const char *text);

/* Whether the whole text is a resident identity number (survey/checkdigit.h) or a mobile number
 * (1, 3 to 9, nine more digits; +86 in front or not), however it is written: full-width, in
 * groups, with hyphens, with an apostrophe in front, with ".0" behind. */
bool is_personal_text(const char *text);

#endif
