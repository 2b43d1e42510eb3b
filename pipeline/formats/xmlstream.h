/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile XML as a stream of events (libxml2, SAX2 push): memory bounded, no DTD, no entities
 * but the five built-in ones, no network, tags of at most 64 KiB.
 *
 *     struct xml_events e = {.start = on_start, .end = on_end, .text = on_text, .user = me};
 *     int code = xml_stream(read_piece, source, &e);
 */
#ifndef FORMATS_XMLSTREAM_H
#define FORMATS_XMLSTREAM_H

#include <stdbool.h>
#include <stddef.h>

/* A start tag.  Names are local names, without prefix. */
struct xml_tag {
    const char *name;
    const void *attributes; /* libxml2's array */
    int count;
};

/* The value of an attribute, *n bytes, not NUL-terminated; NULL when absent. */
const char *xml_attribute(const struct xml_tag *tag, const char *name, size_t *n);
/* The same, cut to fit `out`; "" when absent. */
const char *xml_attribute_text(const struct xml_tag *tag, const char *name, char *out, size_t size);

struct xml_events {
    void (*start)(void *user, const struct xml_tag *tag);
    void (*end)(void *user, const char *name);
    void (*text)(void *user, const char *bytes, size_t n); /* may come in pieces */
    void *user;
    bool utf8; /* the reader gives UTF-8, whatever the XML declaration says */
    bool stop; /* a handler sets it to end the reading early, without error */
};

/* Fills `bytes` with up to n bytes; 0 at the end, -1 on error. */
typedef long xml_reader(void *source, char *bytes, size_t n);

enum { XML_BAD = -1, XML_DTD = -2, XML_READ = -3 };
/* Returns 0; XML_BAD: not well-formed or over a limit; XML_DTD: has a DTD; XML_READ. */
int xml_stream(xml_reader *reader, void *source, struct xml_events *events);

#endif
