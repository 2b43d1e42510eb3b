/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/privacy.h"

#include "base/arena.h"
#include "base/message.h"
#include "base/outfile.h"
#include "base/text.h"
#include "survey/checkdigit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_DIGITS = 2 * crypto_auth_hmacsha256_KEYBYTES };

/* The state after the key: a hash then costs no work on the key. */
struct privacy {
    crypto_auth_hmacsha256_state keyed;
};

/* ---- numbers that name a person -------------------------------------------------------------- */

enum { NUMBER_MAX = 24 }; /* longer than any way of writing 18 digits without their blanks */

/* Characters that stand between the digits of a number. */
static bool is_between(uint32_t c)
{
    return is_space_char(c) || c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ||
           c == 0xFF0D || c == 0x200B || c == 0xFEFF;
}

/* Half-width, upper-case, without what stands between digits.  Returns false when the text is
 * too long for a number or has other characters. */
static bool compact(const char *text, char out[NUMBER_MAX + 1])
{
    int n = 0;
    for (uint32_t c; (c = utf8_next(&text));) {
        if (is_between(c) || (n == 0 && (c == '\'' || c == 0x2019)))
            continue;
        c = c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
        c = c == 'x' ? 'X' : c;
        if (n == NUMBER_MAX || !((c >= '0' && c <= '9') || c == 'X' || c == '.' || c == '+'))
            return false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
    if (n > 2 && !strcmp(out + n - 2, ".0"))
        out[n - 2] = '\0';
    return n > 0;
}

/* The number of a person that the text is, in `out`; NULL when it is none. */
static const char *personal_number(const char *text, char out[NUMBER_MAX + 1])
{
    if (!compact(text, out))
        return NULL;
    const char *number = strncmp(out, "+86", 3) == 0 ? out + 3 : out;
    bool mobile = strlen(number) == 11 && strspn(number, "0123456789") == 11 && number[0] == '1' &&
                  number[1] >= '3';
    return mobile || resident_id_valid(number) ? number : NULL;
}

bool is_personal_text(const char *text)
{
    char number[NUMBER_MAX + 1];
    return personal_number(text, number) != NULL;
}

/* ---- the key --------------------------------------------------------------------------------- */

/* Writes a new key beside its place and links it there, so that it is never seen half-written
 * and never replaces one. */
static int make_key(const char *path)
{
    unsigned char key[crypto_auth_hmacsha256_KEYBYTES];
    char hex[KEY_DIGITS + 1];
    struct outfile out;
    if (outfile_reserve(&out, path) < 0)
        return -1;
    crypto_auth_hmacsha256_keygen(key);
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    int fd = open(out.tmp_path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    bool ok = fd >= 0 && write(fd, hex, KEY_DIGITS) == KEY_DIGITS && write(fd, "\n", 1) == 1;
    ok = fd >= 0 && close(fd) == 0 && ok;
    ok = ok && (link(out.tmp_path, path) == 0 || errno == EEXIST);
    int why = errno;
    sodium_memzero(key, sizeof key);
    sodium_memzero(hex, sizeof hex);
    outfile_discard(&out);
    return ok ? 0 : error("不能写密钥文件 %s：%s", path, error_reason(why));
}

static int read_key(struct privacy *p, int fd, const char *path)
{
    unsigned char key[crypto_auth_hmacsha256_KEYBYTES];
    char hex[KEY_DIGITS + 1] = "";
    size_t n = 0;
    bool whole = read(fd, hex, KEY_DIGITS) == KEY_DIGITS &&
                 sodium_hex2bin(key, sizeof key, hex, KEY_DIGITS, NULL, &n, NULL) == 0 &&
                 n == sizeof key;
    if (whole)
        crypto_auth_hmacsha256_init(&p->keyed, key, sizeof key);
    sodium_memzero(key, sizeof key);
    sodium_memzero(hex, sizeof hex);
    return whole ? 0
                 : error("密钥文件 %s 坏了，应是一行%d位十六进制数。如有备份请恢复；没有就删除它，"
                         "下次运行会另生成一个，并把各县资料重新清理",
                         path, KEY_DIGITS);
}

struct privacy *privacy_open(const char *key_path)
{
    if (sodium_init() < 0)
        die(CANNOT, "密码库 libsodium 不能用");
    int fd = open(key_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        if (make_key(key_path) < 0)
            return NULL;
        fd = open(key_path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0) {
        error("不能读密钥文件 %s：%s", key_path, error_reason(errno));
        return NULL;
    }
    struct stat st;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        error("密钥 %s 不是文件。请改用别的路径", key_path);
        return NULL;
    }
    struct privacy *p = must_alloc(sizeof *p);
    (void)fchmod(fd, 0600); /* a file of somebody else, or a disk without modes, is used as it is */
    int rc = read_key(p, fd, key_path);
    close(fd);
    if (rc < 0) {
        privacy_close(p);
        return NULL;
    }
    return p;
}

void privacy_close(struct privacy *p)
{
    if (!p)
        return;
    sodium_memzero(p, sizeof *p);
    free(p);
}

const char *privacy_hash(const struct privacy *p, const char *text, char out[PRIVACY_TEXT])
{
    char number[NUMBER_MAX + 1];
    const char *plain = personal_number(text, number);
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state = p->keyed;
    text = plain ? plain : text;
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, mac);
    memcpy(out, "hmac:", 5);
    sodium_bin2hex(out + 5, PRIVACY_TEXT - 5, mac, 8);
    return out;
}

bool has_privacy_hash(const char *text)
{
    for (const char *p = strstr(text, "hmac:"); p; p = strstr(p + 1, "hmac:"))
        if (strspn(p + 5, "0123456789abcdef") >= 16)
            return true;
    return false;
}
