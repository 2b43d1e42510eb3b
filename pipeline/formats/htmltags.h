/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTML as a sequence of tags and texts, as tolerant as browsers and in time proportional to its
 * length: comments, scripts and styles are left out, character references are read.
 *
 *     struct html_scan s = {.at = page, .end = page + n};
 *     struct html_piece p;
 *     while (html_next(&s, &p))
 *         if (!p.name[0])
 *             html_text(&out, p.text, p.n);
 *         else if (!p.closing && !strcmp(p.name, "td"))
 *             html_attribute(&p, "colspan", value, sizeof value);
 */
#ifndef FORMATS_HTMLTAGS_H
#define FORMATS_HTMLTAGS_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct html_scan {
    const char *at, *end;
};

/* A tag, its name in lower case and cut to fit; or a text, with an empty name. */
struct html_piece {
    char name[16];
    bool closing;     /* </name> */
    const char *text; /* the text as written, or what stands behind the name */
    size_t n;
};

bool html_next(struct html_scan *s, struct html_piece *p);

/* The value of an attribute, cut to fit and with its references read; false when absent. */
bool html_attribute(const struct html_piece *p, const char *name, char *out, size_t size);

/* Append a text with its character references read; white space stays. */
void html_text(struct buf *out, const char *text, size_t n);

/* Whether a text that begins with this tag is a web page. */
bool html_is_tag(const char *name);

#endif
