/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include "base/message.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static void finish(crypto_hash_sha256_state *state, char hex[DIGEST_TEXT])
{
    unsigned char out[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(state, out);
    sodium_bin2hex(hex, DIGEST_TEXT, out, sizeof out);
}

int digest_file(const char *path, char hex[DIGEST_TEXT])
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return error("不能读 %s：%s", path, error_reason(errno));
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    unsigned char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, in)) > 0)
        crypto_hash_sha256_update(&state, piece, n);
    int bad = ferror(in);
    fclose(in);
    if (bad)
        return error("读 %s 时出错", path);
    finish(&state, hex);
    return 0;
}

void digest_bytes(const void *bytes, size_t n, char hex[DIGEST_TEXT])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, bytes, n);
    finish(&state, hex);
}

void digest_quick(const void *bytes, size_t n, char hex[DIGEST_TEXT])
{
    unsigned char out[crypto_generichash_BYTES_MIN];
    crypto_generichash(out, sizeof out, bytes, n, NULL, 0);
    sodium_bin2hex(hex, DIGEST_TEXT, out, sizeof out);
}
