/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/textfile.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024 };

/* ---- GB18030 ------------------------------------------------------------------------------ */

enum { TRAILS = 0xFF - 0x40 };
static uint16_t two_byte[0x7E * TRAILS]; /* lead 0x81.., trail 0x40..; 0: no character */
static iconv_t four_byte = (iconv_t)-1;

/* One GB18030 character through iconv; 0 when it is none. */
static uint32_t convert_one(const unsigned char *bytes, size_t n)
{
    char *in = (char *)(uintptr_t)bytes, out[4], *p = out;
    size_t left = n, room = sizeof out;
    iconv(four_byte, NULL, NULL, NULL, NULL);
    if (iconv(four_byte, &in, &left, &p, &room) == (size_t)-1 || left || room)
        return 0;
    const unsigned char *o = (const unsigned char *)out;
    return (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
}

static void gb18030_prepare(void)
{
    if (four_byte != (iconv_t)-1)
        return;
    four_byte = iconv_open("UTF-32BE", "GB18030");
    for (int lead = 0x81; lead <= 0xFE; lead++)
        for (int trail = 0x40; trail <= 0xFE; trail++) {
            unsigned char pair[2] = {(unsigned char)lead, (unsigned char)trail};
            two_byte[(lead - 0x81) * TRAILS + trail - 0x40] = (uint16_t)convert_one(pair, 2);
        }
}

/* The character at p (n bytes are there) and its length; *size 0: cut, code 0 with size 1: bad. */
static uint32_t gb18030_char(const unsigned char *p, size_t n, size_t *size)
{
    *size = 1;
    if (p[0] < 0x80)
        return p[0];
    if (p[0] == 0x80 || p[0] == 0xFF)
        return 0;
    if (n < 2)
        return *size = 0, 0;
    if (p[1] >= 0x40) {
        uint32_t code = p[1] <= 0xFE ? two_byte[(p[0] - 0x81) * TRAILS + p[1] - 0x40] : 0;
        return *size = code ? 2 : 1, code;
    }
    if (p[1] < 0x30 || p[1] > 0x39)
        return 0;
    if (n < 4)
        return *size = 0, 0;
    uint32_t code = convert_one(p, 4);
    return *size = code ? 4 : 1, code;
}

size_t gb18030_decode(struct buf *out, const char *bytes, size_t n, bool last)
{
    const unsigned char *p = (const unsigned char *)bytes, *end = p + n;
    gb18030_prepare();
    while (p < end) {
        const unsigned char *plain = p;
        while (p < end && *p < 0x80)
            p++;
        buf_put(out, (const char *)plain, (size_t)(p - plain));
        if (p == end)
            break;
        size_t size;
        uint32_t code = gb18030_char(p, (size_t)(end - p), &size);
        if (!size && !last)
            break;
        buf_put_char(out, size && code ? code : 0xFFFD);
        p += size ? size : (size_t)(end - p);
    }
    return (size_t)(p - (const unsigned char *)bytes);
}

/* ---- UTF-16 ------------------------------------------------------------------------------- */

static size_t utf16_decode(struct buf *out, const char *bytes, size_t n, bool big, bool last)
{
    const unsigned char *p = (const unsigned char *)bytes, *end = p + n;
    while (end - p >= 2) {
        uint32_t unit = big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
        size_t size = 2;
        if (unit >= 0xD800 && unit < 0xDC00) {
            if (end - p < 4 && !last)
                break;
            uint32_t low = end - p < 4 ? 0
                           : big       ? (uint32_t)p[2] << 8 | p[3]
                                       : (uint32_t)p[3] << 8 | p[2];
            bool pair = low >= 0xDC00 && low < 0xE000;
            unit = pair ? 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
            size = pair ? 4 : 2;
        } else if (unit >= 0xDC00 && unit < 0xE000) {
            unit = 0xFFFD;
        }
        buf_put_char(out, unit);
        p += size;
    }
    return last ? n : (size_t)(p - (const unsigned char *)bytes);
}

/* ---- what the bytes are ------------------------------------------------------------------- */

/* Length of the strictly valid UTF-8 character at p, 0 when invalid, -1 when cut. */
static int utf8_size(const unsigned char *p, size_t n)
{
    int size = p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    if (!size)
        return 0;
    for (int i = 1; i < size; i++) {
        if ((size_t)i >= n)
            return -1;
        unsigned char low = 0x80, high = 0xBF;
        if (i == 1 && p[0] == 0xE0)
            low = 0xA0;
        if (i == 1 && p[0] == 0xED)
            high = 0x9F;
        if (i == 1 && p[0] == 0xF0)
            low = 0x90;
        if (i == 1 && p[0] == 0xF4)
            high = 0x8F;
        if (p[i] < low || p[i] > high)
            return 0;
    }
    return size;
}

/* State of the pass over the bytes. */
struct scan {
    bool utf8_bad, gb_bad;
    long long odd, cjk;       /* non-ASCII characters, and CJK ones among them */
    long long gb_odd, gb_pua; /* the same under GB18030: all, private-use */
    long long nul, control;   /* ASCII: NUL; other control characters than white space */
    bool solid;               /* anything but white space, NUL and U+FEFF */
};

static void scan_ascii(struct scan *s, unsigned char c)
{
    if (c > ' ' && c != 0x7F)
        s->solid = true;
    else if (c == 0)
        s->nul++;
    else if (c < ' ' && !strchr("\t\n\v\f\r\x1A\x1B", c))
        s->control++;
}

/* Skip eight solid ASCII characters at a time: none below '!' and none above '~'. */
static const unsigned char *skip_ascii(struct scan *s, const unsigned char *p,
                                       const unsigned char *end)
{
    while (p < end && *p < 0x80) {
        uint64_t eight;
        if (end - p >= 8 && (memcpy(&eight, p, 8), !(eight & 0x8080808080808080u)) &&
            !((eight - 0x2020202020202020u) & 0x8080808080808080u)) {
            s->solid = s->solid || eight != 0x2020202020202020u;
            p += 8;
            continue;
        }
        scan_ascii(s, *p++);
    }
    return p;
}

static size_t scan_utf8(struct scan *s, const char *bytes, size_t n, bool last)
{
    const unsigned char *p = (const unsigned char *)bytes, *end = p + n;
    while ((p = skip_ascii(s, p, end)) < end) {
        int size = utf8_size(p, (size_t)(end - p));
        if (size < 0 && !last)
            break;
        if (size < 0)
            return n;
        if (!size)
            return s->utf8_bad = true, n;
        s->odd++;
        s->cjk += p[0] >= 0xE2;
        s->solid = s->solid || memcmp(p, "\xEF\xBB\xBF", 3) != 0;
        p += size;
    }
    return (size_t)(p - (const unsigned char *)bytes);
}

static size_t scan_gb18030(struct scan *s, const char *bytes, size_t n, bool last)
{
    const unsigned char *p = (const unsigned char *)bytes, *end = p + n;
    while ((p = skip_ascii(s, p, end)) < end) {
        size_t size;
        uint32_t code = gb18030_char(p, (size_t)(end - p), &size);
        if (!size)
            return last ? n : (size_t)(p - (const unsigned char *)bytes);
        if (!code)
            return s->gb_bad = true, n;
        s->gb_odd++;
        s->gb_pua += code >= 0xE000 && code <= 0xF8FF;
        s->cjk += is_han(code);
        s->solid = true;
        p += size;
    }
    return (size_t)(p - (const unsigned char *)bytes);
}

/* Run a scanner over the file in chunks, as long as `bad` stays false. */
static int scan_file(int fd, struct scan *s, bool *bad,
                     size_t (*scanner)(struct scan *, const char *, size_t, bool))
{
    char *chunk = must_alloc(CHUNK);
    size_t have = 0;
    ssize_t got = 0;
    if (lseek(fd, 0, SEEK_SET) < 0)
        got = -1;
    else
        while (!*bad && (got = read(fd, chunk + have, CHUNK - have)) >= 0) {
            have += (size_t)got;
            size_t used = scanner(s, chunk, have, got == 0);
            have -= used;
            memmove(chunk, chunk + used, have);
            if (got == 0)
                break;
        }
    free(chunk);
    return *bad || got >= 0 ? 0 : -1;
}

/* Whether units of UTF-16 are what Chinese tables are made of: ASCII, CJK and its punctuation,
 * full-width forms.  Of 8-bit text read so, hardly half of them are. */
static bool is_common_unit(unsigned unit)
{
    return (unit >= ' ' && unit < 0x7F) || unit == '\t' || unit == '\n' || unit == '\r' ||
           (unit >= 0x3000 && unit < 0x3040) || (unit >= 0x4E00 && unit < 0xA000) ||
           (unit >= 0xFF00 && unit < 0xFFF0) || (unit >= 0x2010 && unit < 0x2040);
}

/* UTF-16 without a byte order mark: the high bytes of its ASCII characters are NUL, on one side
 * only, and nearly all of the units are common ones. */
static const char *guess_utf16(const unsigned char *head, size_t n)
{
    size_t nul[2] = {0, 0}, common[2] = {0, 0}, units = n / 2;
    for (size_t i = 0; i + 1 < n; i += 2) {
        nul[0] += head[i] == 0;
        nul[1] += head[i + 1] == 0;
        common[0] += is_common_unit((unsigned)head[i] << 8 | head[i + 1]);
        common[1] += is_common_unit((unsigned)head[i + 1] << 8 | head[i]);
    }
    for (int side = 1; n >= 4 && side >= 0; side--)
        if (nul[side] * 20 > units && nul[!side] * 20 < nul[side] && common[side] * 20 > units * 19)
            return side ? "utf-16le" : "utf-16be";
    return NULL;
}

static bool too_binary(const struct scan *s, long long size)
{
    long long odd = s->nul + s->control;
    return s->solid && odd > 8 && odd * 20 > size;
}

static int kind_of_8bit(int fd, long long size, struct text_kind *kind)
{
    struct scan s = {0}, gb = {0};
    if (scan_file(fd, &s, &s.utf8_bad, scan_utf8) < 0)
        return -1;
    kind->blank = !s.utf8_bad && !s.solid;
    if (!s.utf8_bad && (!s.odd || s.cjk)) {
        kind->encoding = too_binary(&s, size) ? NULL : "utf-8";
        return 0;
    }
    gb18030_prepare();
    if (scan_file(fd, &gb, &gb.gb_bad, scan_gb18030) < 0)
        return -1;
    bool gb_good = !gb.gb_bad && gb.gb_pua * 50 <= gb.gb_odd && !too_binary(&gb, size);
    if (gb_good && (s.utf8_bad || gb.cjk))
        kind->encoding = "gb18030";
    else if (!s.utf8_bad)
        kind->encoding = "utf-8";
    return 0;
}

int textfile_kind(const char *path, struct text_kind *kind)
{
    *kind = (struct text_kind){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    unsigned char head[4096];
    ssize_t n = read(fd, head, sizeof head);
    off_t size = lseek(fd, 0, SEEK_END);
    int code = n < 0 || size < 0 ? -1 : 0;
    if (code == 0 && n >= 2 && head[0] == 0xFF && head[1] == 0xFE)
        kind->encoding = "utf-16le";
    else if (code == 0 && n >= 2 && head[0] == 0xFE && head[1] == 0xFF)
        kind->encoding = "utf-16be";
    else if (code == 0)
        kind->encoding = guess_utf16(head, (size_t)n);
    if (code == 0 && kind->encoding)
        kind->blank = size <= 2;
    else if (code == 0)
        code = kind_of_8bit(fd, size, kind);
    close(fd);
    return code;
}

/* ---- reading ------------------------------------------------------------------------------ */

struct textfile {
    int fd;
    enum { UTF8, GB18030, UTF16LE, UTF16BE } encoding;
    bool begun, ended;
    char *chunk;
    size_t have;      /* undecoded bytes at the start of chunk */
    struct buf ready; /* of textfile_piece() */
    size_t taken;     /* of it */
};

struct textfile *textfile_open(const char *path, const char *encoding)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct textfile *t = must_alloc(sizeof *t);
    t->fd = fd;
    t->encoding = !strcmp(encoding, "gb18030")    ? GB18030
                  : !strcmp(encoding, "utf-16le") ? UTF16LE
                  : !strcmp(encoding, "utf-16be") ? UTF16BE
                                                  : UTF8;
    t->chunk = must_alloc(CHUNK);
    return t;
}

/* UTF-8 was checked by textfile_kind(); only the cut character at the end can be wrong. */
static size_t utf8_copy(struct buf *out, const char *bytes, size_t n, bool last)
{
    size_t whole = n;
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned char c = (unsigned char)bytes[n - back];
        if (c < 0x80)
            break;
        if (c >= 0xC0) {
            whole = utf8_size((const unsigned char *)bytes + n - back, back) < 0 ? n - back : n;
            break;
        }
    }
    buf_put(out, bytes, whole);
    if (!last || whole == n)
        return whole;
    buf_put_char(out, 0xFFFD);
    return n;
}

static size_t decode(struct textfile *t, struct buf *out, bool last)
{
    switch (t->encoding) {
    case GB18030:
        return gb18030_decode(out, t->chunk, t->have, last);
    case UTF16LE:
    case UTF16BE:
        return utf16_decode(out, t->chunk, t->have, t->encoding == UTF16BE, last);
    default:
        return utf8_copy(out, t->chunk, t->have, last);
    }
}

static void skip_mark(struct textfile *t, struct buf *out, size_t start)
{
    bool first = !t->begun && out->len > start;
    t->begun = t->begun || first;
    if (!first || out->len - start < 3 || memcmp(out->text + start, "\xEF\xBB\xBF", 3) != 0)
        return;
    memmove(out->text + start, out->text + start + 3, out->len - start - 3);
    out->len -= 3;
    out->text[out->len] = '\0';
}

int textfile_more(struct textfile *t, struct buf *out)
{
    size_t start = out->len;
    while (out->len == start && !t->ended) {
        ssize_t got = read(t->fd, t->chunk + t->have, CHUNK - t->have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        t->ended = got == 0;
        t->have += (size_t)got;
        size_t used = decode(t, out, t->ended);
        t->have -= used;
        memmove(t->chunk, t->chunk + used, t->have);
        skip_mark(t, out, start);
    }
    return out->len > start;
}

long textfile_piece(void *source, char *bytes, size_t n)
{
    struct textfile *t = source;
    if (t->taken == t->ready.len) {
        buf_clear(&t->ready);
        t->taken = 0;
        int more = textfile_more(t, &t->ready);
        if (more <= 0)
            return more;
    }
    size_t rest = t->ready.len - t->taken;
    n = n < rest ? n : rest;
    memcpy(bytes, t->ready.text + t->taken, n);
    t->taken += n;
    return (long)n;
}

void textfile_close(struct textfile *t)
{
    if (!t)
        return;
    close(t->fd);
    free(t->chunk);
    buf_free(&t->ready);
    free(t);
}
