/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void buf_reserve(struct buf *b, size_t more)
{
    if (b->len + more + 1 <= b->room)
        return;
    size_t room = b->room ? b->room : 64;
    while (room < b->len + more + 1)
        room *= 2;
    b->text = must_realloc(b->text, room);
    b->room = room;
}

void buf_put(struct buf *b, const char *bytes, size_t n)
{
    buf_reserve(b, n);
    if (n)
        memcpy(b->text + b->len, bytes, n);
    b->len += n;
    b->text[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

void buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_put_char(struct buf *b, uint32_t c)
{
    char u[4];
    size_t n;
    if (c < 0x80) {
        u[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        u[0] = (char)(0xC0 | c >> 6);
        u[1] = (char)(0x80 | (c & 0x3F));
        n = 2;
    } else if (c < 0x10000) {
        u[0] = (char)(0xE0 | c >> 12);
        u[1] = (char)(0x80 | (c >> 6 & 0x3F));
        u[2] = (char)(0x80 | (c & 0x3F));
        n = 3;
    } else {
        u[0] = (char)(0xF0 | c >> 18);
        u[1] = (char)(0x80 | (c >> 12 & 0x3F));
        u[2] = (char)(0x80 | (c >> 6 & 0x3F));
        u[3] = (char)(0x80 | (c & 0x3F));
        n = 4;
    }
    buf_put(b, u, n);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    buf_reserve(b, 0);
    size_t left = b->room - b->len;
    int n = vsnprintf(b->text + b->len, left, format, args);
    if ((size_t)n >= left) {
        buf_reserve(b, (size_t)n);
        vsnprintf(b->text + b->len, (size_t)n + 1, format, again);
    }
    b->len += (size_t)n;
    va_end(again);
    va_end(args);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->text)
        b->text[0] = '\0';
}

const char *buf_text(const struct buf *b)
{
    return b->text ? b->text : "";
}

void buf_free(struct buf *b)
{
    free(b->text);
    *b = (struct buf){0};
}

/* Bytes of the sequence that starts with `lead`, and its least code point; 0 if none. */
static int sequence_length(unsigned char lead, uint32_t *least)
{
    if (lead < 0x80) {
        *least = 0;
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        *least = 0x80;
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *least = 0x800;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *least = 0x10000;
        return 4;
    }
    return 0;
}

/* Decodes at most n bytes; returns the length of a valid sequence or 0. */
static int decode(const unsigned char *s, size_t n, uint32_t *code)
{
    uint32_t least = 0;
    int len = n ? sequence_length(s[0], &least) : 0;
    if (len == 0 || (size_t)len > n)
        return 0;
    uint32_t c = len == 1 ? s[0] : s[0] & (0xFFu >> (len + 1));
    for (int i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3F);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *code = c;
    return len;
}

uint32_t utf8_next(const char **p)
{
    if (!**p)
        return 0;
    uint32_t c;
    int len = decode((const unsigned char *)*p, strnlen(*p, 4), &c);
    if (len == 0) {
        ++*p;
        return 0xFFFD;
    }
    *p += len;
    return c;
}

bool utf8_valid(const char *bytes, size_t n)
{
    const unsigned char *s = (const unsigned char *)bytes, *end = s + n;
    while (s < end) {
        uint32_t c;
        int len = decode(s, (size_t)(end - s), &c);
        if (len == 0)
            return false;
        s += len;
    }
    return true;
}

size_t utf8_length(const char *text)
{
    size_t n = 0;
    while (utf8_next(&text))
        n++;
    return n;
}

bool is_han(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3007 ||
           (c >= 0x20000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF);
}

bool is_space_char(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 || c == 0x200B ||
           c == 0xFEFF;
}

/* Whether the character that ends there is none of the spaces. */
static bool ends_in_ink(const char *start, const char *end)
{
    const char *p = end - 1;
    while (p > start && ((unsigned char)*p & 0xC0) == 0x80)
        p--;
    uint32_t c = utf8_next(&p);
    return p == end && !is_space_char(c);
}

const char *text_trim(const char *text, size_t *n)
{
    const char *start = text, *p = text;
    uint32_t c = utf8_next(&p);
    size_t all = strlen(text);
    if (!all || (!is_space_char(c) && ends_in_ink(text, text + all))) { /* most texts */
        *n = all;
        return text;
    }
    p = text;
    while (is_space_char(c = utf8_next(&p)))
        start = p;
    const char *end = start;
    for (p = start; (c = utf8_next(&p));)
        if (!is_space_char(c))
            end = p;
    *n = (size_t)(end - start);
    return start;
}

bool text_is_blank(const char *text)
{
    size_t n;
    text_trim(text, &n);
    return n == 0;
}

bool text_halfwidth(struct buf *out, const char *text)
{
    bool changed = false;
    for (const char *p = text; *p;) {
        const char *start = p;
        uint32_t c = utf8_next(&p);
        if (c >= 0xFF01 && c <= 0xFF5E) {
            buf_putc(out, (char)(c - 0xFEE0));
            changed = true;
        } else if (c == 0x3000) {
            buf_putc(out, ' ');
            changed = true;
        } else {
            buf_put(out, start, (size_t)(p - start));
        }
    }
    if (!out->text)
        buf_puts(out, "");
    return changed;
}

bool starts_with(const char *text, const char *part)
{
    return strncmp(text, part, strlen(part)) == 0;
}

bool ends_with(const char *text, const char *part)
{
    size_t n = strlen(text), m = strlen(part);
    return n >= m && strcmp(text + n - m, part) == 0;
}

enum { DISTANCE_MAX = 200 };

static int code_points(const char *text, uint32_t *codes)
{
    int n = 0;
    uint32_t c;
    while (n < DISTANCE_MAX && (c = utf8_next(&text)))
        codes[n++] = c;
    return n;
}

static int least3(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

int text_distance(const char *a, const char *b)
{
    uint32_t ca[DISTANCE_MAX], cb[DISTANCE_MAX];
    int na = code_points(a, ca), nb = code_points(b, cb), row[DISTANCE_MAX + 1];
    for (int j = 0; j <= nb; j++)
        row[j] = j;
    for (int i = 1; i <= na; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= nb; j++) {
            int above = row[j];
            row[j] = least3(above + 1, row[j - 1] + 1, diagonal + (ca[i - 1] != cb[j - 1]));
            diagonal = above;
        }
    }
    return row[nb];
}
