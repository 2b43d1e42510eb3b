/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small XML file as a tree: ODK submissions.  Limits: 16 MiB of text, 500000 elements, and
 * those of formats/xmlstream.h.
 *
 *     struct xmltree t;
 *     if (xmltree_read(&t, "instance.xml") == 0)
 *         puts(t.root->name);
 *     xmltree_free(&t);
 */
#ifndef FORMATS_XMLTREE_H
#define FORMATS_XMLTREE_H

#include "base/arena.h"

#include <stdbool.h>

struct xmlnode {
    const char *name; /* local name */
    const char *text; /* of a leaf: all of it; "" when it has children */
    struct xmlnode *first, *last, *next;
    struct xmlnode *parent;
};
struct xmltree {
    struct arena arena;
    struct xmlnode *root;
    /* Attributes of the root, "" when absent; those of ODK submissions. */
    const char *id, *version;
    bool encrypted; /* encrypted="yes" */
};

/* Returns 0, or a code of xml_stream().  Free it either way. */
int xmltree_read(struct xmltree *t, const char *path);
/* The same from memory. */
int xmltree_parse(struct xmltree *t, const char *bytes, size_t n);
void xmltree_free(struct xmltree *t);

/* The first child of that name, or NULL (also of NULL). */
const struct xmlnode *xmlnode_child(const struct xmlnode *n, const char *name);

#endif
