/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An Office Open XML package (ECMA-376 part 2) to which parts are added and in which some are
 * changed; all others keep their compressed bytes as they are.
 *
 *     struct package *p = package_open("县表.xlsx");
 *     xmlDoc *styles = package_xml(p, "xl/styles.xml");
 *     … change it …
 *     package_set_xml(p, "xl/styles.xml", styles);
 *     package_write(p, out.stream);
 *     package_close(p);
 */
#ifndef OUTPUT_WORKBOOK_PACKAGE_H
#define OUTPUT_WORKBOOK_PACKAGE_H

#include "base/text.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdio.h>

enum { PART_MAX = 16 << 20 }; /* bytes of a part that is read */

struct package;
struct package *package_open(const char *path); /* NULL: no zip */
void package_close(struct package *p);

int package_count(const struct package *p); /* parts of the file opened */
const char *package_name(const struct package *p, int i);
bool package_has(const struct package *p, const char *name);

/* A part's bytes as they are now, until the next call.  NULL: absent, damaged or too big. */
const struct buf *package_bytes(struct package *p, const char *name);
/* The part as a tree, caller frees; NULL besides: not well-formed, or it has a DTD. */
xmlDoc *package_xml(struct package *p, const char *name);

/* Adds or replaces a part; takes the bytes over / frees the tree. */
void package_set(struct package *p, const char *name, struct buf *bytes);
void package_set_xml(struct package *p, const char *name, xmlDoc *doc);

/* Writes the package.  Returns 0, or -1 (damaged input, a name twice, write error). */
int package_write(struct package *p, FILE *to);

/* ---- relations ---- */

/* The name of the part that lists the relations of `part` into `out`: a/_rels/b.rels of a/b. */
void package_relations(struct buf *out, const char *part);

/* The part that a relation of `part` ("" for the package's own) leads to: the first whose type
 * ends in `type`, or, when id is not NULL, the one of that id.  Writes its name to `out`
 * (replaced) and returns true; false when there is none or it is external. */
bool package_related(struct package *p, const char *part, const char *type, const char *id,
                     struct buf *out);
/* Adds a relation of `part` to a part named from the root (without the first '/'); `id` must be
 * new.  Returns 0 or -1. */
int package_relate(struct package *p, const char *part, const char *id, const char *type,
                   const char *target);
/* States a part's content type.  Returns 0 or -1. */
int package_declare(struct package *p, const char *part, const char *content_type);
/* The content type of a part, as stated for it alone; "" when it is not.  Caller frees. */
char *package_type(struct package *p, const char *part);

/* ---- trees ---- */

bool node_is(const xmlNode *n, const char *name); /* an element of that local name */
xmlNode *child_named(const xmlNode *parent, const char *name);
int child_count(const xmlNode *parent, const char *name);
/* An attribute as a number; `otherwise` when absent. */
long node_number(const xmlNode *n, const char *attribute, long otherwise);
void node_set_number(xmlNode *n, const char *attribute, long value);

#endif
