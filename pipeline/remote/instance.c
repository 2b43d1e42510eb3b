/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote/instance.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

static void ignore(void *user, const char *format, ...)
{
    (void)user;
    (void)format;
}

/* NULL when it is not well-formed or has a DTD, without which there are no entities. */
static xmlDoc *parse(const char *bytes, size_t n)
{
    if (n == 0 || n > INT32_MAX)
        return NULL;
    xmlSetGenericErrorFunc(NULL, ignore);
    xmlDoc *doc = xmlReadMemory(bytes, (int)n, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (doc && (doc->intSubset || doc->extSubset || !xmlDocGetRootElement(doc))) {
        xmlFreeDoc(doc);
        return NULL;
    }
    return doc;
}

bool instance_is_whole(const char *bytes, size_t n)
{
    xmlDoc *doc = parse(bytes, n);
    bool whole = doc != NULL;
    xmlFreeDoc(doc);
    return whole;
}

static bool is_named(const xmlNode *node, const char *name, size_t n)
{
    return node && node->type == XML_ELEMENT_NODE && !strncmp((const char *)node->name, name, n) &&
           !node->name[n];
}

static xmlNode *first_element(const xmlNode *parent)
{
    xmlNode *n = parent ? parent->children : NULL;
    while (n && n->type != XML_ELEMENT_NODE)
        n = n->next;
    return n;
}

/* The instance within <submission><data>, or the root itself. */
static xmlNode *unwrap(xmlDoc *doc)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    if (!is_named(root, "submission", 10) || !is_named(first_element(root), "data", 4))
        return root;
    return first_element(first_element(root));
}

/* The next node after `n` in document order below `top`. */
static xmlNode *next_node(xmlNode *n, const xmlNode *top)
{
    if (n->children && n->type == XML_ELEMENT_NODE)
        return n->children;
    while (n != top && !n->next)
        n = n->parent;
    return n == top ? NULL : n->next;
}

static void find_answer(struct buf *out, xmlNode *top, const char *question, size_t length)
{
    for (xmlNode *n = top; n; n = next_node(n, top))
        if (is_named(n, question, length)) {
            xmlChar *text = xmlNodeGetContent(n);
            buf_puts(out, text ? (const char *)text : "");
            xmlFree(text);
            return;
        }
}

static void find_answers(struct buf *out, xmlNode *top, const char *questions)
{
    for (const char *p = questions; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        find_answer(out, top, p, n);
        buf_putc(out, '\n');
        p += n;
    }
}

/* The element as a document of its own. */
static void write_alone(struct buf *out, xmlNode *node)
{
    xmlDoc *alone = xmlNewDoc(BAD_CAST "1.0");
    xmlNode *copy = xmlDocCopyNode(node, alone, 1);
    xmlChar *bytes = NULL;
    int n = 0;
    xmlDocSetRootElement(alone, copy);
    xmlReconciliateNs(alone, copy);
    xmlDocDumpMemoryEnc(alone, &bytes, &n, "UTF-8");
    if (bytes)
        buf_put(out, (const char *)bytes, (size_t)n);
    xmlFree(bytes);
    xmlFreeDoc(alone);
}

int instance_take(struct instance *out, const char *bytes, size_t n, const char *own_id,
                  const char *given_id, const char *questions)
{
    *out = (struct instance){{0}, {0}};
    xmlDoc *doc = parse(bytes, n);
    xmlNode *top = doc ? unwrap(doc) : NULL;
    if (!top) {
        xmlFreeDoc(doc);
        return INSTANCE_BAD;
    }
    xmlChar *attribute = xmlGetNoNsProp(top, BAD_CAST "id");
    const char *id = attribute ? (const char *)attribute : (const char *)top->name;
    bool same = !strcmp(id, own_id);
    int code = same || !strcmp(id, given_id) ? 0 : INSTANCE_OTHER_FORM;
    xmlFree(attribute);
    if (code == 0) {
        if (!same)
            xmlSetProp(top, BAD_CAST "id", BAD_CAST own_id);
        find_answers(&out->county, top, questions);
        if (same && top == xmlDocGetRootElement(doc))
            buf_put(&out->xml, bytes, n);
        else
            write_alone(&out->xml, top);
    }
    xmlFreeDoc(doc);
    return code;
}

void instance_free(struct instance *i)
{
    buf_free(&i->xml);
    buf_free(&i->county);
}
