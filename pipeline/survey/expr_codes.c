/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Functions of XLSForm for digests and encodings.
 */
#include "survey/expr_call.h"

#include "base/text.h"

#include <nettle/nettle-meta.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_DIGEST = 64 };

/* MD5, SHA-1, SHA-256, SHA-384, SHA-512, with or without the hyphen, in any case. */
static const struct nettle_hash *find_hash(const char *name)
{
    static const char *const known[] = {"md5", "sha1", "sha256", "sha384", "sha512"};
    char plain[16] = "";
    for (size_t n = 0; *name && n + 1 < sizeof plain; name++)
        if (*name != '-')
            plain[n++] = *name;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(plain, known[i]) == 0)
            return nettle_lookup_hash(known[i]);
    return NULL;
}

static void give_digest(call c, const struct nettle_hash *h, const char *text, bool hex)
{
    uint8_t bytes[LONGEST_DIGEST];
    char shown[2 * LONGEST_DIGEST + 1];
    void *context = must_alloc(h->context_size);
    h->init(context);
    h->update(context, strlen(text), (const uint8_t *)text);
    h->digest(context, h->digest_size, bytes);
    free(context);
    if (hex)
        sodium_bin2hex(shown, sizeof shown, bytes, h->digest_size);
    else
        sodium_bin2base64(shown, sizeof shown, bytes, h->digest_size,
                          sodium_base64_VARIANT_ORIGINAL);
    give_text(c, shown);
}

/* digest(text, algorithm[, 'hex' or 'base64']) */
static void f_digest(call c, int n)
{
    struct taken encoding = {NULL, ""}, algorithm, text;
    const char *wanted = n > 2 ? take_text(c, &encoding) : "base64";
    const struct nettle_hash *h = find_hash(take_text(c, &algorithm));
    const char *of = take_text(c, &text);
    bool hex = strcasecmp(wanted, "hex") == 0;
    if (!h)
        give_up(c, "digest() 的算法应是 MD5、SHA-1、SHA-256、SHA-384 或 SHA-512");
    else if (!hex && strcasecmp(wanted, "base64") != 0)
        give_up(c, "digest() 的编码应是 hex 或 base64");
    else
        give_digest(c, h, of, hex);
    taken_free(&text);
    taken_free(&algorithm);
    taken_free(&encoding);
}

/* '' for what is no base64 of a text. */
static void f_base64_decode(call c, int n)
{
    (void)n;
    struct taken t;
    const char *text = take_text(c, &t);
    size_t room = strlen(text), length = 0;
    char *out = must_alloc(room + 1);
    bool good = sodium_base642bin((unsigned char *)out, room, text, room, " \r\n", &length, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) == 0;
    out[good ? length : 0] = '\0';
    give_text(c, strlen(out) == length && utf8_valid(out, length) ? out : "");
    free(out);
    taken_free(&t);
}

const struct function CODE_FUNCTIONS[] = {
    {"base64-decode", 1, 1, "t", 't', f_base64_decode, NULL},
    {"digest", 2, 3, "t", 't', f_digest, NULL},
    {0},
};
