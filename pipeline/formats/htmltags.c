/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/htmltags.h"

#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_TAG = 64 * 1024 };

/* Where `mark` stands at or behind p, or NULL. */
static const char *find(const char *p, const char *end, const char *mark)
{
    return memmem(p, (size_t)(end - p), mark, strlen(mark));
}

/* Behind the end of a tag that begins at p: '>' outside quotes, or after a quote that is never
 * closed any '>'; NULL when there is none near, or another tag begins first. */
static const char *tag_end(const char *p, const char *end)
{
    char quote = 0;
    end = end - p > MAX_TAG ? p + MAX_TAG : end;
    for (const char *q = p + 1; q < end; q++) {
        if (quote)
            quote = *q == quote ? 0 : quote;
        else if (*q == '>')
            return q + 1;
        else if (*q == '<')
            return NULL;
        else if ((*q == '"' || *q == '\'') && (q[-1] == '=' || isspace((unsigned char)q[-1])))
            quote = *q;
    }
    const char *plain = quote ? memchr(p, '>', (size_t)(end - p)) : NULL;
    return plain ? plain + 1 : NULL;
}

/* Behind </name>, or the end: what stands in scripts and styles is no text. */
static const char *skip_element(const char *p, const char *end, const char *name)
{
    size_t n = strlen(name);
    for (const char *q = p; (q = find(q, end, "</")); q += 2)
        if ((size_t)(end - q) > 2 + n && !strncasecmp(q + 2, name, n)) {
            const char *close = memchr(q, '>', (size_t)(end - q));
            return close ? close + 1 : end;
        }
    return end;
}

/* Behind a comment, declaration or instruction that begins at p; conditional comments of office
 * programs hide their own markup. */
static const char *skip_markup(const char *p, const char *end)
{
    bool comment = end - p >= 4 && !memcmp(p, "<!--", 4);
    const char *close = find(p, end, comment ? "-->" : ">");
    return close ? close + (comment ? 3 : 1) : end;
}

static bool begins_tag(const char *p, const char *end)
{
    return end - p >= 2 && (isalpha((unsigned char)p[1]) ||
                            (p[1] == '/' && end - p >= 3 && isalpha((unsigned char)p[2])));
}

/* Take the tag at s->at; false when it is none: the '<' then is text. */
static bool take_tag(struct html_scan *s, struct html_piece *piece)
{
    const char *p = s->at, *close = begins_tag(p, s->end) ? tag_end(p, s->end) : NULL;
    if (!close)
        return false;
    *piece = (struct html_piece){.closing = p[1] == '/'};
    p += 1 + piece->closing;
    size_t n = 0;
    for (; p < close && (isalnum((unsigned char)*p) || *p == ':'); p++)
        if (n + 1 < sizeof piece->name)
            piece->name[n++] = (char)tolower((unsigned char)*p);
    piece->text = p;
    piece->n = (size_t)(close - 1 - p);
    s->at = close;
    static const char *const silent[] = {"script", "style", "xml", "title", "noscript"};
    for (size_t i = 0; !piece->closing && i < sizeof silent / sizeof *silent; i++)
        if (!strcmp(piece->name, silent[i]) && !(piece->n && piece->text[piece->n - 1] == '/'))
            s->at = skip_element(s->at, s->end, silent[i]);
    return true;
}

bool html_next(struct html_scan *s, struct html_piece *piece)
{
    while (s->at < s->end) {
        if (*s->at == '<' && s->end - s->at > 1 && (s->at[1] == '!' || s->at[1] == '?')) {
            s->at = skip_markup(s->at, s->end);
            continue;
        }
        if (*s->at == '<' && take_tag(s, piece))
            return true;
        const char *next = memchr(s->at + 1, '<', (size_t)(s->end - s->at - 1));
        next = next ? next : s->end;
        *piece = (struct html_piece){.text = s->at, .n = (size_t)(next - s->at)};
        s->at = next;
        return true;
    }
    return false;
}

/* ---- texts -------------------------------------------------------------------------------- */

/* The character that the reference at p names (&amp; &#25143; &#x6237;); *used gets its bytes;
 * 0 when it is none. */
static uint32_t reference(const char *p, const char *end, size_t *used)
{
    char name[12];
    size_t n = 0;
    const char *q = p + 1;
    while (q < end && n + 1 < sizeof name && (isalnum((unsigned char)*q) || (*q == '#' && !n)))
        name[n++] = *q++;
    name[n] = '\0';
    *used = (size_t)(q - p) + (q < end && *q == ';');
    if (*name != '#') {
        const htmlEntityDesc *e = n ? htmlEntityLookup((const xmlChar *)name) : NULL;
        return e ? e->value : 0;
    }
    bool hex = name[1] == 'x' || name[1] == 'X';
    unsigned long code = strtoul(name + 1 + hex, NULL, hex ? 16 : 10);
    bool good = code && code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    return good ? (uint32_t)code : 0;
}

void html_text(struct buf *out, const char *text, size_t n)
{
    const char *end = text + n;
    while (text < end) {
        const char *mark = memchr(text, '&', (size_t)(end - text));
        mark = mark ? mark : end;
        buf_put(out, text, (size_t)(mark - text));
        if (mark == end)
            return;
        size_t used;
        uint32_t code = reference(mark, end, &used);
        if (code)
            buf_put_char(out, code);
        else
            buf_putc(out, '&');
        text = mark + (code ? used : 1);
    }
}

/* ---- attributes --------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return isspace((unsigned char)c) || c == '/';
}

bool html_attribute(const struct html_piece *piece, const char *name, char *out, size_t size)
{
    const char *p = piece->text, *end = p + piece->n;
    size_t length = strlen(name);
    while (p < end) {
        while (p < end && is_blank(*p))
            p++;
        const char *key = p;
        while (p < end && !is_blank(*p) && *p != '=')
            p++;
        bool mine = (size_t)(p - key) == length && !strncasecmp(key, name, length);
        while (p < end && isspace((unsigned char)*p))
            p++;
        const char *value = p, *stop = p;
        if (p < end && *p == '=') {
            for (p++; p < end && isspace((unsigned char)*p); p++)
                continue;
            char quote = p < end && (*p == '"' || *p == '\'') ? *p++ : 0;
            value = p;
            while (p < end && (quote ? *p != quote : !isspace((unsigned char)*p)))
                p++;
            stop = p;
            p += quote && p < end;
        }
        if (mine) {
            struct buf text = {0};
            html_text(&text, value, (size_t)(stop - value));
            size_t n = text.len < size ? text.len : size - 1;
            memcpy(out, buf_text(&text), n);
            out[n] = '\0';
            buf_free(&text);
            return true;
        }
    }
    return false;
}

bool html_is_tag(const char *name)
{
    static const char *const names[] = {"html",  "head",   "body", "table",  "meta",   "style",
                                        "div",   "center", "font", "script", "link",   "p",
                                        "span",  "br",     "tr",   "td",     "th",     "thead",
                                        "tbody", "h1",     "h2",   "h3",     "caption"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}
