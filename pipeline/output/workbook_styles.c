/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_own_private.h"

#include "output/workbook_new.h"

#include <stdio.h>
#include <string.h>

/* Appends copies of all elements of the section to that of `own`; *first gets the number of the
 * first one there. */
static int join_section(xmlDoc *own, xmlDoc *added, const char *name, const char *item, long *first)
{
    xmlNode *to = child_named(xmlDocGetRootElement(own), name);
    xmlNode *from = child_named(xmlDocGetRootElement(added), name);
    if (!to || !from)
        return -1;
    *first = child_count(to, item);
    for (xmlNode *n = from->children; n; n = n->next)
        if (node_is(n, item))
            xmlAddChild(to, xmlDocCopyNode(n, own, 1));
    node_set_number(to, "count", child_count(to, item));
    return 0;
}

/* A solid fill; returns its number. */
static long add_fill(xmlDoc *own, uint32_t colour)
{
    char rgb[12];
    xmlNode *fills = child_named(xmlDocGetRootElement(own), "fills");
    xmlNode *fill = xmlNewChild(fills, fills->ns, BAD_CAST "fill", NULL);
    xmlNode *pattern = xmlNewChild(fill, fills->ns, BAD_CAST "patternFill", NULL);
    snprintf(rgb, sizeof rgb, "FF%06X", (unsigned)colour & 0xFFFFFF);
    xmlNewProp(pattern, BAD_CAST "patternType", BAD_CAST "solid");
    xmlNewProp(xmlNewChild(pattern, fills->ns, BAD_CAST "fgColor", NULL), BAD_CAST "rgb",
               BAD_CAST rgb);
    xmlNewProp(xmlNewChild(pattern, fills->ns, BAD_CAST "bgColor", NULL), BAD_CAST "indexed",
               BAD_CAST "64");
    long count = child_count(fills, "fill");
    node_set_number(fills, "count", count);
    return count - 1;
}

static void shift(xmlNode *n, const char *attribute, long by)
{
    node_set_number(n, attribute, node_number(n, attribute, 0) + by);
}

int styles_join(struct styles *s, xmlDoc *own, xmlDoc *added)
{
    long font, fill, border;
    if (join_section(own, added, "fonts", "font", &font) < 0 ||
        join_section(own, added, "fills", "fill", &fill) < 0 ||
        join_section(own, added, "borders", "border", &border) < 0 ||
        join_section(own, added, "cellXfs", "xf", &s->first_added) < 0)
        return -1;
    s->doc = own;
    s->formats = child_named(xmlDocGetRootElement(own), "cellXfs");
    s->count = child_count(s->formats, "xf");
    s->doubt_fill = add_fill(own, DOUBT_COLOUR);
    s->held_fill = add_fill(own, HELD_COLOUR);
    long i = 0;
    for (xmlNode *n = s->formats->children; n; n = n->next) {
        if (!node_is(n, "xf") || i++ < s->first_added)
            continue;
        shift(n, "fontId", font);
        shift(n, "fillId", fill);
        shift(n, "borderId", border);
        node_set_number(n, "xfId", 0);
    }
    return 0;
}

static xmlNode *format_at(const struct styles *s, long format)
{
    for (xmlNode *n = s->formats->children; n; n = n->next)
        if (node_is(n, "xf") && format-- == 0)
            return n;
    return NULL;
}

long styles_tint(struct styles *s, long format, long fill)
{
    char key[48];
    snprintf(key, sizeof key, "%ld:%ld", format, fill);
    long known = map_get(&s->tinted, key, -1);
    xmlNode *like = known < 0 ? format_at(s, format) : NULL;
    if (known >= 0 || !like)
        return known >= 0 ? known : format;
    xmlNode *tinted = xmlAddChild(s->formats, xmlDocCopyNode(like, s->doc, 1));
    node_set_number(tinted, "fillId", fill);
    node_set_number(tinted, "applyFill", 1);
    node_set_number(s->formats, "count", ++s->count);
    map_put(&s->tinted, key, s->count - 1);
    return s->count - 1;
}

void styles_free(struct styles *s)
{
    map_free(&s->tinted);
}
