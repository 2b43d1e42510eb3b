/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/xmlout.h"

#include <stdlib.h>

static bool is_xml_char(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/* In attributes line ends and tabs must be written as references, else readers make them blanks. */
static void put_escaped(struct buf *out, const char *text, bool attribute)
{
    for (uint32_t c; (c = utf8_next(&text));) {
        if (c == '&')
            buf_puts(out, "&amp;");
        else if (c == '<')
            buf_puts(out, "&lt;");
        else if (c == '>')
            buf_puts(out, "&gt;");
        else if (c == '"' && attribute)
            buf_puts(out, "&quot;");
        else if (c == '\r' || ((c == '\n' || c == '\t') && attribute))
            buf_printf(out, "&#%u;", (unsigned)c);
        else
            buf_put_char(out, is_xml_char(c) ? c : 0xFFFD);
    }
}

static void close_tag(struct xmlout *x)
{
    if (x->tag_open)
        buf_putc(x->out, '>');
    x->tag_open = false;
}

static void new_line(struct xmlout *x)
{
    buf_putc(x->out, '\n');
    for (int i = 0; i < x->depth; i++)
        buf_puts(x->out, "  ");
}

void xmlout_begin(struct xmlout *x, const char *tag)
{
    if (x->depth == XML_DEPTH)
        abort(); /* the tree is bounded before it is written */
    close_tag(x);
    bool inline_with_text = x->depth > 0 && x->open[x->depth - 1].has_text;
    if (x->depth > 0) {
        x->open[x->depth - 1].has_children = true;
        if (!inline_with_text)
            new_line(x);
    }
    buf_printf(x->out, "<%s", tag);
    x->open[x->depth].tag = tag;
    x->open[x->depth].has_text = inline_with_text;
    x->open[x->depth].has_children = false;
    x->depth++;
    x->tag_open = true;
}

void xmlout_attribute(struct xmlout *x, const char *name, const char *value)
{
    buf_printf(x->out, " %s=\"", name);
    put_escaped(x->out, value, true);
    buf_putc(x->out, '"');
}

void xmlout_text(struct xmlout *x, const char *text)
{
    close_tag(x);
    x->open[x->depth - 1].has_text = true;
    put_escaped(x->out, text, false);
}

void xmlout_end(struct xmlout *x)
{
    x->depth--;
    if (x->tag_open)
        buf_puts(x->out, "/>");
    else {
        if (x->open[x->depth].has_children && !x->open[x->depth].has_text)
            new_line(x);
        buf_printf(x->out, "</%s>", x->open[x->depth].tag);
    }
    x->tag_open = false;
    if (x->depth == 0)
        buf_putc(x->out, '\n');
}

void xmlout_leaf(struct xmlout *x, const char *tag, const char *text)
{
    xmlout_begin(x, tag);
    if (*text)
        xmlout_text(x, text);
    xmlout_end(x);
}
