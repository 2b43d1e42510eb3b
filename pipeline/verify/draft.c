/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/draft.h"

#include "base/message.h"
#include "formats/textfile.h"
#include "verify/docx.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRAPPED_FROM = 15, QUOTE_MOST = 40 };

/* ---- reading ------------------------------------------------------------------------------- */

static int read_text(struct buf *out, const char *path)
{
    struct text_kind kind;
    struct place at = {.file = path};
    if (textfile_kind(path, &kind) < 0)
        return error_at(at, "打不开");
    if (!kind.encoding)
        return error_at(at, "不是文字文件。文稿请存成 .docx 或 .txt；PDF 请复制成文字");
    struct textfile *t = textfile_open(path, kind.encoding);
    if (!t)
        return error_at(at, "打不开");
    int more;
    while ((more = textfile_more(t, out)) > 0 && out->len <= DRAFT_MAX)
        ;
    textfile_close(t);
    if (more < 0)
        return error_at(at, "读文件出错");
    return out->len > DRAFT_MAX ? error_at(at, "文字太多，不像一份文稿") : 0;
}

/* The first bytes tell: PK a zip, D0 CF an old .doc, %PDF. */
static int read_any(struct buf *out, const char *path)
{
    char head[4] = {0};
    FILE *f = fopen(path, "rb");
    if (!f)
        return error_at((struct place){.file = path}, "打不开：%s", error_reason(errno));
    size_t n = fread(head, 1, sizeof head, f);
    fclose(f);
    if (n == 4 && !memcmp(head, "PK\3\4", 4))
        return docx_read(out, path, DRAFT_MAX);
    if (n == 4 && !memcmp(head, "\xD0\xCF\x11\xE0", 4))
        return error_at((struct place){.file = path},
                        "是旧版 .doc 或 .wps。请用 WPS 或 Word 另存为 .docx");
    if (n == 4 && !memcmp(head, "%PDF", 4))
        return error_at((struct place){.file = path}, "是 PDF。请复制成文字，存成 .txt 或 .docx");
    return read_text(out, path);
}

/* ---- from text to scan --------------------------------------------------------------------- */

static void put_scan(struct draft *d, const char *bytes, size_t n, size_t origin, size_t *room)
{
    for (size_t i = 0; i < n; i++) {
        GROW(d->origin, d->scan.len + 1, *room);
        d->origin[d->scan.len] = (uint32_t)(origin + i);
        buf_putc(&d->scan, bytes[i]);
    }
}

/* One code for every form of a sign; 0 leaves the sign out. */
static uint32_t plain_sign(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c = c - 0xFF01 + '!';
    switch (c) {
    case 0x3014:
    case 0x3010:
        return '[';
    case 0x3015:
    case 0x3011:
        return ']';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return '-';
    case 0x301C:
    case 0x223C:
    case 0x02DC:
        return '~';
    case 0x300C:
    case 0x300E:
        return 0x201C;
    case 0x300D:
    case 0x300F:
        return 0x201D;
    case 0x25CB:
        return 0x3007; /* ○ for 〇 */
    case 0xFF61:
        return 0x3002;
    default:
        break;
    }
    return c < ' ' || c == 0x7F ? 0 : c;
}

static bool is_word_char(uint32_t c)
{
    return c < 128 && isalnum((int)c);
}

static uint32_t sign_after_blanks(const char *p, const char *end)
{
    while (p < end) {
        uint32_t c = utf8_next(&p);
        if (!is_space_char(c))
            return plain_sign(c);
    }
    return 0;
}

/* Appends text[from, to), which holds no line end. */
static void scan_line(struct draft *d, size_t from, size_t to, size_t *room)
{
    const char *text = d->text.text, *p = text + from, *end = text + to;
    uint32_t last = 0;
    while (p < end) {
        size_t origin = (size_t)(p - text);
        uint32_t c = utf8_next(&p);
        if (c == '\t') {
            put_scan(d, ",", 1, origin, room);
            last = ',';
            continue;
        }
        if (is_space_char(c)) {
            if (is_word_char(last) && is_word_char(sign_after_blanks(p, end)))
                put_scan(d, " ", 1, origin, room);
            last = ' ';
            continue;
        }
        bool wide_comma = c == 0xFF0C;
        c = plain_sign(c);
        if (!c)
            continue;
        char sign[5];
        struct buf one = {0};
        buf_put_char(&one, wide_comma ? 0xFF0C : c);
        snprintf(sign, sizeof sign, "%s", buf_text(&one));
        buf_free(&one);
        put_scan(d, sign, strlen(sign), origin, room);
        last = c;
    }
}

static size_t trimmed_end(const char *text, size_t from, size_t to)
{
    size_t n;
    char *line = strndup(text + from, to - from);
    if (!line)
        die(CANNOT, "内存不够");
    const char *start = text_trim(line, &n);
    to = from + (size_t)(start - line) + n;
    free(line);
    return to;
}

/* The bytes of Arabic or else Chinese digits at p. */
static size_t counting_length(const char *p)
{
    static const char numerals[] = "一二三四五六七八九十";
    size_t n = strspn(p, "0123456789");
    if (n)
        return n;
    for (size_t i = 0; i + 3 <= sizeof numerals - 1;) {
        bool here = !strncmp(p + n, numerals + i, 3);
        n += here ? 3 : 0;
        i = here ? 0 : i + 3;
    }
    return n;
}

/* Whether a line that starts like this begins something of its own: a heading, an item. */
static bool begins_anew(const char *p)
{
    static const char *const marks[] = {"#", "*", "【", "①", "●", "■", "—", "-"};
    static const char *const behind[] = {".", "、", "．", "是", "要", ")", "）"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (starts_with(p, marks[i]))
            return true;
    p += *p == '(' ? 1 : starts_with(p, "（") ? strlen("（") : 0;
    size_t n = counting_length(p);
    for (size_t i = 0; n && i < sizeof behind / sizeof *behind; i++)
        if (starts_with(p + n, behind[i]))
            return true;
    return false;
}

/* Whether the line text[from, to) was broken by its width and goes on at `next`. */
static bool is_wrapped(const char *text, size_t from, size_t to, const char *next)
{
    static const char *const ends[] = {"。", "！", "？", "；", "：", "!", "?", ";", ":", "…", "】"};
    char *line = strndup(text + from, to - from);
    if (!line)
        die(CANNOT, "内存不够");
    bool wrapped = utf8_length(line) >= WRAPPED_FROM;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        wrapped = wrapped && !ends_with(line, ends[i]);
    size_t n = strlen(line);
    if (n > 0 && isdigit((unsigned char)line[n - 1]) && isdigit((unsigned char)*next))
        wrapped = false;
    wrapped = wrapped && *line != '#' && *next && !begins_anew(next);
    free(line);
    return wrapped;
}

/* The first character at or behind `from` that is no white space. */
static size_t next_sign(const struct buf *text, size_t from)
{
    const char *p = text->text + from, *end = text->text + text->len;
    while (p < end) {
        const char *at = p;
        if (!is_space_char(utf8_next(&p)))
            return (size_t)(at - text->text);
    }
    return text->len;
}

/* The line ends of text, and scan line by line. */
static void scan_lines(struct draft *d, size_t *room)
{
    const char *text = buf_text(&d->text);
    int lines_room = 0;
    size_t from = 0, next = 0;
    while (from < d->text.len) {
        const char *newline = memchr(text + from, '\n', d->text.len - from);
        size_t to = newline ? (size_t)(newline - text) : d->text.len;
        GROW(d->lines, d->line_count, lines_room);
        d->lines[d->line_count++] = from;
        size_t end = trimmed_end(text, from, to);
        scan_line(d, from, end, room);
        if (next <= to)
            next = next_sign(&d->text, to);
        if (end > from && !is_wrapped(text, from, end, text + next))
            put_scan(d, "\n", 1, to, room);
        from = to + 1;
    }
}

static bool is_digit_at(const char *p)
{
    return isdigit((unsigned char)*p);
}

/* The bytes of 12,345,678 at p; 0 when it is not such a number.  p is at its first digit. */
static size_t grouped_length(const char *p)
{
    size_t n = strspn(p, "0123456789");
    if (n > 3 || *p == '0' || p[n] != ',')
        return 0;
    while (p[n] == ',' && strspn(p + n + 1, "0123456789") == 3)
        n += 4;
    return p[n] == ',' && is_digit_at(p + n + 1) ? 0 : n;
}

/* Takes thousands separators out and makes the wide comma an ASCII one, in place. */
static void settle_commas(struct draft *d)
{
    char *s = d->scan.text;
    size_t out = 0, grouped_to = 0;
    for (size_t i = 0; i < d->scan.len; i++) {
        bool starts = is_digit_at(s + i) && (i == 0 || !strchr("0123456789.,", s[i - 1]));
        if (starts && i >= grouped_to)
            grouped_to = i + grouped_length(s + i);
        if (i < grouped_to && s[i] == ',')
            continue;
        d->origin[out] = d->origin[i];
        if (starts_with(s + i, "，")) {
            s[out++] = ',';
            i += 2;
        } else {
            s[out++] = s[i];
        }
    }
    d->origin[out] = d->origin[d->scan.len];
    s[out] = '\0';
    d->scan.len = out;
}

static void make_scan(struct draft *d)
{
    size_t room = 0;
    char *p = d->text.text;
    for (size_t i = 0; i < d->text.len; i++)
        if (p[i] == '\0' || p[i] == '\r' || p[i] == '\f' || p[i] == '\v')
            p[i] = p[i] == '\r' && p[i + 1] != '\n' ? '\n' : ' ';
    scan_lines(d, &room);
    put_scan(d, "\n", 1, d->text.len, &room);
    GROW(d->origin, d->scan.len + 1, room);
    d->origin[d->scan.len] = (uint32_t)d->text.len;
    settle_commas(d);
}

int draft_read(struct draft *d, const char *path)
{
    *d = (struct draft){.path = path};
    if (read_any(&d->text, path) < 0)
        return -1;
    buf_puts(&d->text, "");
    make_scan(d);
    return 0;
}

void draft_from_text(struct draft *d, const char *text)
{
    *d = (struct draft){.path = ""};
    buf_puts(&d->text, text);
    make_scan(d);
}

void draft_free(struct draft *d)
{
    buf_free(&d->text);
    buf_free(&d->scan);
    free(d->origin);
    free(d->lines);
    *d = (struct draft){0};
}

/* ---- back to the draft --------------------------------------------------------------------- */

long draft_line(const struct draft *d, size_t at)
{
    size_t origin = d->origin[at < d->scan.len ? at : d->scan.len];
    int low = 0, high = d->line_count;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (d->lines[middle] <= origin)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

void draft_quote(const struct draft *d, size_t from, size_t to, struct buf *out)
{
    if (from >= to)
        return;
    const char *p = d->text.text + d->origin[from];
    size_t last = d->origin[to - 1];
    const char *end = d->text.text + last + 1;
    int n = 0;
    while (p < end && *p) {
        uint32_t c = utf8_next(&p);
        if (c < ' ' || c == 0x7F)
            continue;
        if (++n > QUOTE_MOST) {
            buf_puts(out, "…");
            return;
        }
        buf_put_char(out, c);
    }
}
