/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_package.h"

#include "base/arena.h"
#include "formats/zipwrite.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

static const char RELATIONS_NS[] = "http://schemas.openxmlformats.org/package/2006/relationships";

struct part {
    char *name;
    struct buf bytes;
    bool changed;
};

struct package {
    zip_t *zip;
    struct part *parts; /* read or changed */
    int count, room;
};

struct package *package_open(const char *path)
{
    int code;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    if (!zip)
        return NULL;
    struct package *p = must_alloc(sizeof *p);
    p->zip = zip;
    return p;
}

void package_close(struct package *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->count; i++) {
        free(p->parts[i].name);
        buf_free(&p->parts[i].bytes);
    }
    free(p->parts);
    zip_discard(p->zip);
    free(p);
}

int package_count(const struct package *p)
{
    return (int)zip_get_num_entries(p->zip, 0);
}

const char *package_name(const struct package *p, int i)
{
    const char *name = zip_get_name(p->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
    return name ? name : "";
}

static struct part *find_part(const struct package *p, const char *name)
{
    for (int i = 0; i < p->count; i++)
        if (strcmp(p->parts[i].name, name) == 0)
            return &p->parts[i];
    return NULL;
}

bool package_has(const struct package *p, const char *name)
{
    return find_part(p, name) || zip_name_locate(p->zip, name, 0) >= 0;
}

static struct part *new_part(struct package *p, const char *name)
{
    GROW(p->parts, p->count, p->room);
    p->parts[p->count] = (struct part){.name = must_strdup(name)};
    return &p->parts[p->count++];
}

/* Reads an entry whole, at most PART_MAX bytes. */
static bool read_entry(zip_t *zip, const char *name, struct buf *out)
{
    char chunk[65536];
    zip_file_t *f = zip_fopen(zip, name, 0);
    zip_int64_t n = -1;
    while (f && out->len <= PART_MAX && (n = zip_fread(f, chunk, sizeof chunk)) > 0)
        buf_put(out, chunk, (size_t)n);
    return f && zip_fclose(f) == 0 && n == 0;
}

const struct buf *package_bytes(struct package *p, const char *name)
{
    struct part *part = find_part(p, name);
    if (part)
        return &part->bytes;
    struct buf bytes = {0};
    if (zip_name_locate(p->zip, name, 0) < 0 || !read_entry(p->zip, name, &bytes)) {
        buf_free(&bytes);
        return NULL;
    }
    part = new_part(p, name);
    part->bytes = bytes;
    return &part->bytes;
}

void package_set(struct package *p, const char *name, struct buf *bytes)
{
    struct part *part = find_part(p, name);
    if (!part)
        part = new_part(p, name);
    buf_free(&part->bytes);
    part->bytes = *bytes;
    part->changed = true;
    *bytes = (struct buf){0};
}

/* ---- writing ------------------------------------------------------------------------------ */

static int add_part(zip_t *to, const struct part *part)
{
    return zip_put(to, part->name,
                   zip_source_buffer(to, buf_text(&part->bytes), part->bytes.len, 0));
}

/* An entry that stays as it is, with its own date. */
static int keep_entry(zip_t *to, const struct package *p, int i)
{
    zip_source_t *source = zip_source_zip(to, p->zip, (zip_uint64_t)i, ZIP_FL_COMPRESSED, 0, -1);
    if (source && zip_file_add(to, package_name(p, i), source, ZIP_FL_ENC_GUESS) >= 0)
        return 0;
    zip_source_free(source);
    return -1;
}

/* The entries in their order, changed or not, then the new ones. */
static int fill(zip_t *to, void *package)
{
    const struct package *p = package;
    int rc = 0;
    for (int i = 0; i < package_count(p) && rc == 0; i++) {
        const struct part *part = find_part(p, package_name(p, i));
        rc = part && part->changed ? add_part(to, part) : keep_entry(to, p, i);
    }
    for (int i = 0; i < p->count && rc == 0; i++)
        if (p->parts[i].changed && zip_name_locate(p->zip, p->parts[i].name, 0) < 0)
            rc = add_part(to, &p->parts[i]);
    return rc;
}

int package_write(struct package *p, FILE *to)
{
    return zip_write(to, fill, p);
}

/* ---- trees -------------------------------------------------------------------------------- */

xmlDoc *package_xml(struct package *p, const char *name)
{
    const struct buf *bytes = package_bytes(p, name);
    if (!bytes || bytes->len == 0 || memmem(bytes->text, bytes->len, "<!DOCTYPE", 9))
        return NULL;
    xmlDoc *doc = xmlReadMemory(bytes->text, (int)bytes->len, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (doc && (doc->intSubset || doc->extSubset || !xmlDocGetRootElement(doc))) {
        xmlFreeDoc(doc);
        doc = NULL;
    }
    return doc;
}

void package_set_xml(struct package *p, const char *name, xmlDoc *doc)
{
    xmlChar *text;
    int n;
    struct buf bytes = {0};
    xmlDocDumpMemoryEnc(doc, &text, &n, "UTF-8");
    buf_put(&bytes, (const char *)text, (size_t)n);
    package_set(p, name, &bytes);
    xmlFree(text);
    xmlFreeDoc(doc);
}

bool node_is(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

xmlNode *child_named(const xmlNode *parent, const char *name)
{
    for (xmlNode *n = parent ? parent->children : NULL; n; n = n->next)
        if (node_is(n, name))
            return n;
    return NULL;
}

int child_count(const xmlNode *parent, const char *name)
{
    int count = 0;
    for (xmlNode *n = parent ? parent->children : NULL; n; n = n->next)
        count += node_is(n, name);
    return count;
}

long node_number(const xmlNode *n, const char *attribute, long otherwise)
{
    xmlChar *text = xmlGetNoNsProp(n, BAD_CAST attribute);
    long value = text ? strtol((const char *)text, NULL, 10) : otherwise;
    xmlFree(text);
    return value;
}

void node_set_number(xmlNode *n, const char *attribute, long value)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", value);
    xmlSetProp(n, BAD_CAST attribute, BAD_CAST text);
}

/* ---- relations ---------------------------------------------------------------------------- */

void package_relations(struct buf *out, const char *part)
{
    const char *slash = strrchr(part, '/');
    size_t folder = slash ? (size_t)(slash - part) + 1 : 0;
    buf_clear(out);
    buf_put(out, part, folder);
    buf_printf(out, "_rels/%s.rels", part + folder);
}

/* Resolves a target as seen from `part`, "../" included. */
static void resolve(struct buf *out, const char *part, const char *target)
{
    buf_clear(out);
    buf_put(out, "", 0);
    if (*target == '/') {
        buf_puts(out, target + 1);
        return;
    }
    const char *slash = strrchr(part, '/');
    size_t n = slash ? (size_t)(slash - part) : 0;
    for (; starts_with(target, "../"); target += 3)
        while (n > 0 && part[--n] != '/')
            ;
    buf_put(out, part, n);
    buf_printf(out, "%s%s", n ? "/" : "", starts_with(target, "./") ? target + 2 : target);
}

static bool is_wanted(const xmlNode *n, const char *type, const char *id)
{
    xmlChar *value = xmlGetNoNsProp(n, BAD_CAST(id ? "Id" : "Type"));
    xmlChar *mode = xmlGetNoNsProp(n, BAD_CAST "TargetMode");
    const char *text = value ? (const char *)value : "";
    bool fits = id ? strcmp(text, id) == 0 : ends_with(text, type);
    bool inside = !mode || strcmp((const char *)mode, "External") != 0;
    xmlFree(value);
    xmlFree(mode);
    return fits && inside;
}

bool package_related(struct package *p, const char *part, const char *type, const char *id,
                     struct buf *out)
{
    package_relations(out, part);
    xmlDoc *doc = package_xml(p, out->text);
    bool found = false;
    xmlNode *n = doc ? xmlDocGetRootElement(doc)->children : NULL;
    for (; n && !found; n = n->next)
        if (node_is(n, "Relationship") && is_wanted(n, type, id)) {
            xmlChar *target = xmlGetNoNsProp(n, BAD_CAST "Target");
            resolve(out, part, target ? (const char *)target : "");
            xmlFree(target);
            found = true;
        }
    xmlFreeDoc(doc);
    return found;
}

static xmlDoc *new_relations(void)
{
    xmlDoc *doc = xmlNewDoc(BAD_CAST "1.0");
    xmlNode *root = xmlNewDocNode(doc, NULL, BAD_CAST "Relationships", NULL);
    xmlDocSetRootElement(doc, root);
    xmlSetNs(root, xmlNewNs(root, BAD_CAST RELATIONS_NS, NULL));
    return doc;
}

int package_relate(struct package *p, const char *part, const char *id, const char *type,
                   const char *target)
{
    struct buf name = {0}, absolute = {0};
    package_relations(&name, part);
    xmlDoc *doc = package_has(p, name.text) ? package_xml(p, name.text) : new_relations();
    if (doc) {
        xmlNode *root = xmlDocGetRootElement(doc);
        xmlNode *n = xmlNewChild(root, root->ns, BAD_CAST "Relationship", NULL);
        buf_printf(&absolute, "/%s", target);
        xmlNewProp(n, BAD_CAST "Id", BAD_CAST id);
        xmlNewProp(n, BAD_CAST "Type", BAD_CAST type);
        xmlNewProp(n, BAD_CAST "Target", BAD_CAST absolute.text);
        package_set_xml(p, name.text, doc);
    }
    buf_free(&name);
    buf_free(&absolute);
    return doc ? 0 : -1;
}

/* ---- content types ------------------------------------------------------------------------ */

static const char TYPES[] = "[Content_Types].xml";

int package_declare(struct package *p, const char *part, const char *content_type)
{
    struct buf name = {0};
    xmlDoc *doc = package_xml(p, TYPES);
    if (!doc)
        return -1;
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *n = xmlNewChild(root, root->ns, BAD_CAST "Override", NULL);
    buf_printf(&name, "/%s", part);
    xmlNewProp(n, BAD_CAST "PartName", BAD_CAST name.text);
    xmlNewProp(n, BAD_CAST "ContentType", BAD_CAST content_type);
    package_set_xml(p, TYPES, doc);
    buf_free(&name);
    return 0;
}

char *package_type(struct package *p, const char *part)
{
    struct buf type = {0};
    xmlDoc *doc = package_xml(p, TYPES);
    for (xmlNode *n = doc ? xmlDocGetRootElement(doc)->children : NULL; n; n = n->next) {
        xmlChar *name = xmlGetNoNsProp(n, BAD_CAST "PartName");
        xmlChar *value = xmlGetNoNsProp(n, BAD_CAST "ContentType");
        if (node_is(n, "Override") && name && value && name[0] == '/' &&
            strcmp((const char *)name + 1, part) == 0) {
            buf_clear(&type);
            buf_puts(&type, (const char *)value);
        }
        xmlFree(name);
        xmlFree(value);
    }
    xmlFreeDoc(doc);
    return type.text ? type.text : must_strdup("");
}
