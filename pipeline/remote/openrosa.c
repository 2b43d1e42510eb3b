/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * OpenRosa servers that speak the Briefcase Aggregate API (ODK Aggregate, Ona, KoboToolbox's older
 * interface): a list of ids in chunks, then one submission at a time.  An id is of one version: an
 * edited submission has another.
 */
#include "formats/xmltree.h"
#include "remote/instance.h"
#include "remote/servers.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1000, MOST_CHUNKS = 100000 };
static const char VERSION_HEADER[] = "X-OpenRosa-Version: 1.0";

static bool xml_is_whole(const struct request *r)
{
    return instance_is_whole(buf_text(&r->answer), r->answer.len);
}

static void chunk_url(const struct link *l, const struct source *s, const char *cursor,
                      struct buf *url)
{
    buf_clear(url);
    buf_printf(url, "%s/view/submissionList?formId=", link_address(l));
    url_escape(url, s->form_id);
    buf_printf(url, "&numEntries=%d", CHUNK);
    if (*cursor)
        buf_puts(url, "&cursor=");
    url_escape(url, cursor);
}

/* Add the ids of a chunk; `cursor` gets that of the next.  How many there were, or -1. */
static int add_chunk(const struct request *r, struct listing *out, struct buf *cursor)
{
    struct xmltree t;
    int rows = -1;
    if (xmltree_parse(&t, buf_text(&r->answer), r->answer.len) == 0 &&
        !strcmp(t.root->name, "idChunk")) {
        const struct xmlnode *ids = xmlnode_child(t.root, "idList");
        const struct xmlnode *next = xmlnode_child(t.root, "resumptionCursor");
        rows = 0;
        for (const struct xmlnode *n = ids ? ids->first : NULL; n; n = n->next, rows++)
            if (*n->text)
                listing_add(out, n->text, "", "received");
        buf_clear(cursor);
        buf_puts(cursor, next ? next->text : "");
    }
    xmltree_free(&t);
    return rows;
}

static int list(struct link *l, const struct source *s, const char *etag, struct listing *out)
{
    struct buf url = {0}, cursor = {0}, last = {0};
    int code = 0, rows = 1;
    (void)etag;
    for (int chunk = 0; code == 0 && rows > 0 && chunk < MOST_CHUNKS; chunk++) {
        struct request r;
        buf_clear(&last);
        buf_puts(&last, buf_text(&cursor));
        chunk_url(l, s, buf_text(&cursor), &url);
        code = fetch_answer(l, s, url.text, VERSION_HEADER, xml_is_whole, &r);
        rows = code == 0 ? add_chunk(&r, out, &cursor) : 0;
        if (rows < 0)
            code = error_at(s->place, "服务器的清单不是 OpenRosa 的格式");
        if (!*buf_text(&cursor) || !strcmp(buf_text(&cursor), buf_text(&last)))
            rows = 0;
        request_free(&r);
    }
    buf_free(&last);
    buf_free(&cursor);
    buf_free(&url);
    return code;
}

static const char *top_name(const struct source *s)
{
    return *s->project ? s->project : "data";
}

/* formId=<form>[@version=null and @uiVersion=null]/<top element>[@key=<id>] */
static void address(const struct link *l, const struct source *s, const char *id, struct buf *url)
{
    struct buf key = {0};
    buf_printf(&key, "%s[@version=null and @uiVersion=null]/%s[@key=%s]", s->form_id, top_name(s),
               id);
    buf_printf(url, "%s/view/downloadSubmission?formId=", link_address(l));
    url_escape(url, key.text);
    buf_free(&key);
}

static int media(struct link *l, const struct source *s, const char *id, const char *bytes,
                 size_t n, struct attachments *out)
{
    struct xmltree t;
    (void)s;
    (void)id;
    int code = xmltree_parse(&t, bytes, n);
    for (const struct xmlnode *m = code == 0 ? t.root->first : NULL; m; m = m->next) {
        const struct xmlnode *name = xmlnode_child(m, "filename"),
                             *at = xmlnode_child(m, "downloadUrl");
        char *full = at ? url_resolve(link_address(l), at->text) : NULL;
        if (!strcmp(m->name, "mediaFile") && name && full)
            attachments_add(out, name->text, full);
        free(full);
    }
    xmltree_free(&t);
    return 0;
}

const struct server SERVER_OPENROSA = {
    .enter = enter_with_password, .list = list, .address = address, .media = media};
