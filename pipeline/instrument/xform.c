/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/xform_private.h"

#include <stdlib.h>
#include <string.h>

void node_mistake(struct xform *x, const struct node *n, const char *head, const char *why)
{
    error_at(node_place(x->o, n, head), "%s", why);
    x->wrong = true;
}

/* ---- attributes -------------------------------------------------------------------------------
 */

void attribute_set(struct xform *x, const char *name, const char *value)
{
    int i = 0;
    while (i < x->attribute_count && strcmp(x->attributes[i].name, name) != 0)
        i++;
    if (i == ATTRIBUTES_MOST)
        return;
    x->attributes[i] = (struct attribute){name, value};
    x->attribute_count += i == x->attribute_count;
}

/* A name with at most one prefix: "jr:noAppErrorString". */
static bool is_attribute_name(struct xform *x, const char *name)
{
    const char *colon = strchr(name, ':');
    if (!colon)
        return is_xml_name(name);
    return is_xml_name(arena_strndup(&x->arena, name, (size_t)(colon - name))) &&
           is_xml_name(colon + 1);
}

void attributes_from_columns(struct xform *x, const struct node *n, const char *prefix)
{
    size_t length = strlen(prefix);
    for (int i = 0; n->row >= 0 && i < x->o->survey->head_count; i++) {
        const char *head = x->o->survey->heads[i];
        const char *text = x->o->survey->rows[n->row].cells[i];
        if (!*text || strncmp(head, prefix, length) != 0)
            continue;
        if (is_attribute_name(x, head + length))
            attribute_set(x, head + length, expand(x, text, n, false));
        else
            warning_at(node_place(x->o, n, head), "“%s”不能作属性名，这一栏没有采用",
                       head + length);
    }
}

void attributes_write(struct xform *x)
{
    for (int i = 0; i < x->attribute_count; i++)
        xmlout_attribute(&x->xml, x->attributes[i].name, x->attributes[i].value);
    x->attribute_count = 0;
}

/* ---- actions ----------------------------------------------------------------------------------
 */

void write_action(struct xform *x, const char *tag, const struct node *n, const char *event,
                  const char *value)
{
    xmlout_begin(&x->xml, tag);
    xmlout_attribute(&x->xml, "ref", node_path(x, n));
    xmlout_attribute(&x->xml, "event", event);
    if (value && *value)
        xmlout_attribute(&x->xml, "value", value);
    xmlout_end(&x->xml);
}

bool default_is_computed(const struct xform *x, const struct node *n)
{
    return n->question && n->row >= 0 &&
           form_default_is_computed(n->question, node_cell(x->o, n, "default"));
}

bool is_triggered_by(const struct xform *x, const struct node *n, const struct node *question)
{
    size_t length = strlen(question->name);
    for (const char *p = node_cell(x->o, n, "trigger"); (p = strstr(p, "${"));) {
        p += 2;
        if (strncmp(p, question->name, length) == 0 && p[length] == '}')
            return true;
    }
    return false;
}

static void collect_triggered(struct xform *x)
{
    x->triggered = arena_alloc(&x->arena, ((size_t)x->o->count + 1) * sizeof *x->triggered);
    for (int i = 0; i < x->o->count; i++)
        if (*node_cell(x->o, x->o->nodes[i], "trigger"))
            x->triggered[x->triggered_count++] = x->o->nodes[i];
}

/* ---- the document -----------------------------------------------------------------------------
 */

const char *setting(const struct xform *x, const char *head)
{
    const struct wsheet *s = workbook_sheet(x->form->book, "settings");
    return s ? wsheet_get(s, 0, head) : "";
}

/* prefix="uri" pairs of the settings, divided by blanks. */
static void write_namespaces(struct xform *x)
{
    char *text = arena_strdup(&x->arena, setting(x, "namespaces")), *rest;
    for (char *pair = strtok_r(text, " \n", &rest); pair; pair = strtok_r(NULL, " \n", &rest)) {
        char *uri = strchr(pair, '=');
        if (!uri)
            continue;
        *uri++ = '\0';
        size_t quotes = strspn(uri, "'\""), n = strcspn(uri + quotes, "'\"");
        static const char *const own[] = {"h", "ev", "xsd", "jr", "orx", "odk"};
        bool known = !is_xml_name(pair);
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            known = known || strcmp(own[i], pair) == 0;
        if (!known)
            xmlout_attribute(&x->xml, arena_printf(&x->arena, "xmlns:%s", pair),
                             arena_strndup(&x->arena, uri + quotes, n));
    }
}

static void write_document(struct xform *x)
{
    static const char *const namespaces[][2] = {
        {"xmlns", "http://www.w3.org/2002/xforms"},
        {"xmlns:h", "http://www.w3.org/1999/xhtml"},
        {"xmlns:ev", "http://www.w3.org/2001/xml-events"},
        {"xmlns:xsd", "http://www.w3.org/2001/XMLSchema"},
        {"xmlns:jr", "http://openrosa.org/javarosa"},
        {"xmlns:orx", "http://openrosa.org/xforms"},
        {"xmlns:odk", "http://www.opendatakit.org/xforms"},
    };
    buf_puts(x->xml.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xmlout_begin(&x->xml, "h:html");
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        xmlout_attribute(&x->xml, namespaces[i][0], namespaces[i][1]);
    write_namespaces(x);
    xmlout_begin(&x->xml, "h:head");
    xmlout_leaf(&x->xml, "h:title", x->form->title);
    write_model(x);
    xmlout_end(&x->xml);
    xmlout_begin(&x->xml, "h:body");
    if (*setting(x, "style"))
        xmlout_attribute(&x->xml, "class", setting(x, "style"));
    write_body(x);
    xmlout_end(&x->xml);
    xmlout_end(&x->xml);
}

int xform_write(const struct form *form, struct buf *out)
{
    struct xform x = {.form = form, .xml = {.out = out}};
    x.o = outline_read(form);
    if (!x.o)
        return -1;
    collect_texts(&x);
    collect_triggered(&x);
    write_document(&x);
    outline_free(x.o);
    free(x.itexts);
    map_free(&x.itext_ids);
    arena_free(&x.arena);
    return x.wrong ? -1 : 0;
}
