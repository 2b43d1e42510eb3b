/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing XML, indented.  An element that holds text is written on one line, as white space would
 * change the text.
 *
 *     struct xmlout x = {.out = &buf};
 *     xmlout_begin(&x, "label"); xmlout_attribute(&x, "lang", "zh"); xmlout_text(&x, "a < b");
 * xmlout_end(&x);
 *
 * Characters that XML 1.0 does not have become U+FFFD.
 */
#ifndef INSTRUMENT_XMLOUT_H
#define INSTRUMENT_XMLOUT_H

#include "base/text.h"

enum { XML_DEPTH = 128 };

struct xmlout {
    struct buf *out;
    int depth;
    bool tag_open; /* attributes may still come */
    struct {
        const char *tag; /* must stay valid until the element ends */
        bool has_text, has_children;
    } open[XML_DEPTH];
};

void xmlout_begin(struct xmlout *x, const char *tag);
void xmlout_attribute(struct xmlout *x, const char *name, const char *value);
void xmlout_text(struct xmlout *x, const char *text);
void xmlout_end(struct xmlout *x);
/* An element with a text alone. */
void xmlout_leaf(struct xmlout *x, const char *tag, const char *text);

#endif
