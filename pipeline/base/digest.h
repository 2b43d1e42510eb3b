/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 fingerprints (libsodium).
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

enum { DIGEST_TEXT = 65 }; /* 64 hex digits and the NUL */

/* Hex digest of a file's bytes.  Returns 0 or -1 after a message. */
int digest_file(const char *path, char hex[DIGEST_TEXT]);

/* Hex digest of bytes in memory. */
void digest_bytes(const void *bytes, size_t n, char hex[DIGEST_TEXT]);

/* A shorter one, of 32 hex digits, that costs a fraction (BLAKE2b): to tell texts apart within
 * one run. */
void digest_quick(const void *bytes, size_t n, char hex[DIGEST_TEXT]);

#endif
