/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/xmltree.h"

#include "base/text.h"
#include "formats/xmlstream.h"

#include <stdio.h>
#include <string.h>

enum { MAX_TEXT = 1 << 24, MAX_NODES = 500000 };

struct building {
    struct xmltree *tree;
    struct xml_events events;
    struct xmlnode *here;
    struct buf text; /* of the innermost element */
    size_t total;
    int nodes;
    bool over;
};

static void read_root(struct xmltree *t, const struct xml_tag *tag)
{
    char value[1024];
    t->id = arena_strdup(&t->arena, xml_attribute_text(tag, "id", value, sizeof value));
    t->version = arena_strdup(&t->arena, xml_attribute_text(tag, "version", value, sizeof value));
    t->encrypted = !strcmp(xml_attribute_text(tag, "encrypted", value, sizeof value), "yes");
}

static void on_start(void *user, const struct xml_tag *tag)
{
    struct building *b = user;
    if (++b->nodes > MAX_NODES) {
        b->over = b->events.stop = true;
        return;
    }
    struct xmlnode *node = arena_alloc(&b->tree->arena, sizeof *node);
    *node = (struct xmlnode){
        .name = arena_strdup(&b->tree->arena, tag->name), .text = "", .parent = b->here};
    if (!b->here) {
        b->tree->root = node;
        read_root(b->tree, tag);
    } else if (b->here->last) {
        b->here->last->next = node;
    } else {
        b->here->first = node;
    }
    if (b->here)
        b->here->last = node;
    b->here = node;
    buf_clear(&b->text);
}

static void on_end(void *user, const char *name)
{
    struct building *b = user;
    (void)name;
    if (!b->here->first && b->text.len)
        b->here->text = arena_strndup(&b->tree->arena, b->text.text, b->text.len);
    buf_clear(&b->text);
    b->here = b->here->parent;
}

static void on_text(void *user, const char *bytes, size_t n)
{
    struct building *b = user;
    buf_put(&b->text, bytes, n);
    b->total += n;
    if (b->total > MAX_TEXT)
        b->over = b->events.stop = true;
}

static long read_file(void *source, char *bytes, size_t n)
{
    size_t got = fread(bytes, 1, n, source);
    return got == 0 && ferror((FILE *)source) ? -1 : (long)got;
}

static int build(struct xmltree *t, xml_reader *reader, void *source)
{
    *t = (struct xmltree){.id = "", .version = ""};
    struct building b = {.tree = t};
    b.events = (struct xml_events){.start = on_start, .end = on_end, .text = on_text, .user = &b};
    int code = xml_stream(reader, source, &b.events);
    buf_free(&b.text);
    return b.over || (code == 0 && !t->root) ? XML_BAD : code;
}

int xmltree_read(struct xmltree *t, const char *path)
{
    *t = (struct xmltree){.id = "", .version = ""};
    FILE *f = fopen(path, "rb");
    if (!f)
        return XML_READ;
    int code = build(t, read_file, f);
    fclose(f);
    return code;
}

struct piece {
    const char *bytes;
    size_t left;
};

static long read_piece(void *source, char *bytes, size_t n)
{
    struct piece *p = source;
    if (n > p->left)
        n = p->left;
    memcpy(bytes, p->bytes, n);
    p->bytes += n;
    p->left -= n;
    return (long)n;
}

int xmltree_parse(struct xmltree *t, const char *bytes, size_t n)
{
    struct piece p = {bytes, n};
    return build(t, read_piece, &p);
}

void xmltree_free(struct xmltree *t)
{
    arena_free(&t->arena);
    *t = (struct xmltree){0};
}

const struct xmlnode *xmlnode_child(const struct xmlnode *n, const char *name)
{
    for (const struct xmlnode *c = n ? n->first : NULL; c; c = c->next)
        if (!strcmp(c->name, name))
            return c;
    return NULL;
}
