/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_package.h"

#include "base/arena.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

static const char RELATIONS_NS[] = "http://schemas.openxmlformats.org/package/2006/relationships";
enum { MTIME = 315619200 }; /* 1980-01-02: the same in every file */

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

/* Adds an entry; `source` may be NULL after a failure.  Parts of ours get one date. */
static int add_entry(zip_t *to, const char *name, zip_source_t *source, bool ours)
{
    zip_int64_t i = source ? zip_file_add(to, name, source, ZIP_FL_ENC_GUESS) : -1;
    if (i < 0) {
        zip_source_free(source);
        return -1;
    }
    return ours ? zip_file_set_mtime(to, (zip_uint64_t)i, MTIME, 0) : 0;
}

static int add_part(zip_t *to, const struct part *part)
{
    const char *bytes = buf_text(&part->bytes);
    return add_entry(to, part->name, zip_source_buffer(to, bytes, part->bytes.len, 0), true);
}

/* The entries in their order, changed or not, then the new ones. */
static int fill(struct package *p, zip_t *to)
{
    int rc = 0;
    for (int i = 0; i < package_count(p) && rc == 0; i++) {
        const char *name = package_name(p, i);
        const struct part *part = find_part(p, name);
        rc = part && part->changed
                 ? add_part(to, part)
                 : add_entry(to, name,
                             zip_source_zip(to, p->zip, (zip_uint64_t)i, ZIP_FL_COMPRESSED, 0, -1),
                             false);
    }
    for (int i = 0; i < p->count && rc == 0; i++)
        if (p->parts[i].changed && zip_name_locate(p->zip, p->parts[i].name, 0) < 0)
            rc = add_part(to, &p->parts[i]);
    return rc;
}

static int copy_out(zip_source_t *from, FILE *to)
{
    char chunk[65536];
    zip_int64_t n = -1;
    if (zip_source_open(from) < 0)
        return -1;
    while ((n = zip_source_read(from, chunk, sizeof chunk)) > 0)
        if (fwrite(chunk, 1, (size_t)n, to) != (size_t)n)
            break;
    zip_source_close(from);
    return n == 0 ? 0 : -1;
}

int package_write(struct package *p, FILE *to)
{
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = memory ? zip_open_from_source(memory, ZIP_TRUNCATE, NULL) : NULL;
    if (!zip) {
        zip_source_free(memory);
        return -1;
    }
    zip_source_keep(memory);
    int rc = fill(p, zip);
    if (rc == 0 && zip_close(zip) < 0)
        rc = -1;
    if (rc < 0)
        zip_discard(zip);
    else
        rc = copy_out(memory, to);
    zip_source_free(memory);
    return rc;
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
