/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_text.h"

#include <string.h>

static uint32_t for_xml(uint32_t c)
{
    return c == 0xFFFE || c == 0xFFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : c;
}

/* Whether "_xHHHH_" stands here, which programs would take for a character's number. */
static bool is_escape(const char *p)
{
    return p[0] == '_' && p[1] == 'x' && strspn(p + 2, "0123456789abcdefABCDEF") >= 4 &&
           p[6] == '_';
}

void text_for_cell(struct buf *out, const char *bytes, size_t n, int most)
{
    const char *p = bytes, *end = bytes + n;
    for (int units = 0; p < end;) {
        const char *guard = is_escape(p) ? "_x005F" : "";
        uint32_t c = for_xml(utf8_next(&p));
        if (c == 0) {
            c = 0x2400;
            p++;
        }
        units += (c > 0xFFFF ? 2 : 1) + (int)strlen(guard);
        if (units >= most && p < end) {
            buf_puts(out, "…");
            return;
        }
        buf_puts(out, guard);
        buf_put_char(out, c);
    }
}

/* ---- sheet names -------------------------------------------------------------------------- */

/* Appends up to `most` UTF-16 units of text, with what sheet names must not have as '_'. */
static void put_tab(struct buf *out, const char *text, size_t n, int most)
{
    const char *end = text + n;
    for (int units = 0; text < end; units++) {
        uint32_t c = for_xml(utf8_next(&text));
        if (units >= most || c == 0)
            return;
        if (c < 0x20 || c > 0xFFFF || c == 0x7F || (c < 0x80 && strchr("[]:*?/\\'", (int)c)))
            c = '_';
        buf_put_char(out, c);
    }
}

/* The last component of a path, without its extension. */
static const char *stem(const char *path, size_t *n)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    *n = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    return name;
}

static bool take(struct map *taken, const char *name)
{
    struct buf low = {0};
    for (const char *p = name; *p; p++)
        buf_putc(&low, *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p);
    bool fresh = map_add(taken, buf_text(&low), 1);
    buf_free(&low);
    return fresh;
}

/* Candidate number i, from 0: the sheet's name, then with the file's, then numbered. */
static void put_candidate(struct buf *out, const char *path, const char *sheet, int i)
{
    enum { WHOLE = 26, HALF = 12 }; /* of 31; the rest is for ~2, ~3 … */
    size_t n;
    const char *file = stem(path, &n);
    bool named = !text_is_blank(sheet);
    buf_clear(out);
    if (named)
        put_tab(out, sheet, strlen(sheet), i == 0 ? WHOLE : HALF);
    if (named && i > 0)
        buf_putc(out, '-');
    if (!named || i > 0)
        put_tab(out, file, n, named ? HALF : WHOLE);
    if (text_is_blank(buf_text(out)))
        buf_puts(out, "表");
    if (i > 1 || (i > 0 && !named))
        buf_printf(out, "~%d", i + 1);
}

const char *text_tab_name(struct arena *a, struct map *taken, const char *path, const char *sheet)
{
    struct buf name = {0};
    int i = 0;
    do
        put_candidate(&name, path, sheet, i++);
    while (!take(taken, name.text));
    const char *given = arena_strdup(a, name.text);
    buf_free(&name);
    return given;
}

/* ---- sizes -------------------------------------------------------------------------------- */

static int width_of(uint32_t c)
{
    return c < 0x1100 ? 1 : 2;
}

int text_columns(const char *text)
{
    int widest = 0, now = 0;
    while (*text) {
        uint32_t c = utf8_next(&text);
        now = c == '\n' ? 0 : now + width_of(c);
        widest = now > widest ? now : widest;
    }
    return widest;
}

int text_lines(const char *text, int columns)
{
    int lines = 1, now = 0;
    while (*text) {
        uint32_t c = utf8_next(&text);
        if (c == '\n' || now + width_of(c) > columns) {
            lines++;
            now = 0;
        }
        if (c != '\n')
            now += width_of(c);
    }
    return lines;
}
