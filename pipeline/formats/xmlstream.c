/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/xmlstream.h"

#include "base/arena.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 * 1024, MAX_TAG = 64 * 1024 };

/* Watches the raw bytes so that no tag reaches the parser that is longer than MAX_TAG: libxml2
 * takes quadratic time over the attributes of one tag. */
struct guard {
    enum { IN_TEXT, IN_TAG, IN_MARKUP } state; /* IN_MARKUP: <! or <? */
    char quote;
    size_t length;
};

static bool guard_pass(struct guard *g, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];
        if (g->state == IN_TEXT) {
            const char *next = memchr(bytes + i, '<', n - i);
            if (!next)
                return true;
            i = (size_t)(next - bytes);
            *g = (struct guard){IN_TAG, 0, 0};
            continue;
        }
        if (++g->length > MAX_TAG && g->state == IN_TAG)
            return false;
        if (g->length == 1 && (c == '!' || c == '?'))
            g->state = IN_MARKUP;
        else if (g->quote)
            g->quote = c == g->quote ? 0 : g->quote;
        else if (c == '>')
            g->state = IN_TEXT;
        else if (g->state == IN_TAG && (c == '"' || c == '\''))
            g->quote = c;
    }
    return true;
}

struct stream {
    struct xml_events *events;
    xmlParserCtxtPtr parser;
    bool dtd;
};

static void sax_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                      int namespaces, const xmlChar **ns, int count, int defaulted,
                      const xmlChar **attributes)
{
    struct stream *s = ctx;
    (void)prefix, (void)uri, (void)namespaces, (void)ns, (void)defaulted;
    struct xml_tag tag = {(const char *)name, attributes, count};
    if (s->events->start && !s->events->stop)
        s->events->start(s->events->user, &tag);
}

static void sax_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct stream *s = ctx;
    (void)prefix, (void)uri;
    if (s->events->end && !s->events->stop)
        s->events->end(s->events->user, (const char *)name);
}

static void sax_text(void *ctx, const xmlChar *text, int n)
{
    struct stream *s = ctx;
    if (s->events->text && !s->events->stop)
        s->events->text(s->events->user, (const char *)text, (size_t)n);
}

static void sax_dtd(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct stream *s = ctx;
    (void)name, (void)external, (void)system;
    s->dtd = true;
    xmlStopParser(s->parser);
}

static void silent(void *ctx, const char *format, ...)
{
    (void)ctx, (void)format;
}

static void silent_error(void *ctx, xmlErrorPtr e)
{
    (void)ctx, (void)e;
}

static int push_all(struct stream *s, xml_reader *reader, void *source)
{
    char *chunk = must_alloc(CHUNK);
    struct guard guard = {0};
    long got = 0;
    int code = 0;
    while (code == 0 && !s->events->stop && (got = reader(source, chunk, CHUNK)) > 0) {
        if (!guard_pass(&guard, chunk, (size_t)got) ||
            xmlParseChunk(s->parser, chunk, (int)got, 0) != 0)
            code = XML_BAD;
    }
    if (got < 0)
        code = XML_READ;
    if (code == 0 && !s->events->stop &&
        (xmlParseChunk(s->parser, NULL, 0, 1) != 0 || !s->parser->wellFormed))
        code = XML_BAD;
    free(chunk);
    return s->dtd ? XML_DTD : code;
}

int xml_stream(xml_reader *reader, void *source, struct xml_events *events)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = sax_start,
                         .endElementNs = sax_end,
                         .characters = sax_text,
                         .ignorableWhitespace = sax_text,
                         .cdataBlock = sax_text,
                         .internalSubset = sax_dtd,
                         .warning = silent,
                         .error = silent,
                         .serror = silent_error};
    struct stream s = {.events = events};
    s.parser = xmlCreatePushParserCtxt(&sax, &s, NULL, 0, NULL);
    if (!s.parser)
        return XML_READ;
    xmlCtxtUseOptions(s.parser, XML_PARSE_NONET | (events->utf8 ? XML_PARSE_IGNORE_ENC : 0));
    int code = push_all(&s, reader, source);
    xmlFreeParserCtxt(s.parser);
    return code;
}

const char *xml_attribute(const struct xml_tag *tag, const char *name, size_t *n)
{
    const xmlChar *const *a = tag->attributes;
    for (int i = 0; i < tag->count; i++, a += 5)
        if (!strcmp((const char *)a[0], name)) {
            *n = (size_t)(a[4] - a[3]);
            return (const char *)a[3];
        }
    *n = 0;
    return NULL;
}

const char *xml_attribute_text(const struct xml_tag *tag, const char *name, char *out, size_t size)
{
    size_t n;
    const char *value = xml_attribute(tag, name, &n);
    n = n < size ? n : size - 1;
    if (value)
        memcpy(out, value, n);
    out[n] = '\0';
    return out;
}
