/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folders of files: by WebDAV, or the page in which a web server lists one.  What a link leads to
 * counts only when it is below the folder; the first segment below it tells the county.
 */
#include "formats/xmltree.h"
#include "remote/instance.h"
#include "remote/servers.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 20000, MOST_FOLDERS = 2000, DEPTH = 6 };

/* A walk over the folders; paths are relative to the top and decoded, folders end in '/'. */
struct walk {
    struct link *link;
    const struct source *source;
    struct listing *out;
    struct arena arena;
    const char **folders;
    int count, room;
    struct map known;
};

static void folder_url(const struct link *l, const char *path, struct buf *url)
{
    buf_printf(url, "%s/", link_address(l));
    while (*path) {
        size_t n = strcspn(path, "/");
        char *segment = must_alloc(n + 1);
        memcpy(segment, path, n);
        url_escape(url, segment);
        free(segment);
        path += n;
        if (*path) {
            buf_putc(url, '/');
            path++;
        }
    }
}

static int depth_of(const char *path)
{
    int depth = 0;
    for (; *path; path++)
        depth += *path == '/';
    return depth;
}

/* Nothing hidden, no lock files of Office, no way up. */
static bool is_wanted(const char *path)
{
    for (const char *p = path; *p;) {
        size_t n = strcspn(p, "/");
        if (n == 0 || *p == '.' || starts_with(p, "~$"))
            return false;
        p += n + (p[n] == '/');
    }
    return *path != '\0';
}

/* An entry that the page of `base` links to as `reference`. */
static void add_entry(struct walk *w, const char *base, const char *reference, const char *version)
{
    struct buf top = {0};
    buf_printf(&top, "%s/", link_address(w->link));
    char *whole = url_resolve(base, reference);
    char *start = whole && url_same_server(whole, top.text) ? url_resolve(top.text, "./") : NULL;
    if (start && starts_with(whole, start) && !strpbrk(whole, "?#")) {
        char *path = url_unescape(whole + strlen(start), strlen(whole) - strlen(start));
        bool folder = ends_with(path, "/");
        if (!is_wanted(path) || !utf8_valid(path, strlen(path))) {
            /* not ours */
        } else if (!folder) {
            listing_add(w->out, path, version, "");
        } else if (depth_of(path) < DEPTH && map_add(&w->known, path, 1)) {
            GROW(w->folders, w->count, w->room);
            w->folders[w->count++] = arena_strdup(&w->arena, path);
        }
        free(path);
    }
    free(start);
    free(whole);
    buf_free(&top);
}

/* Read one folder after the other, as they are found. */
static int walk_folders(struct link *l, const struct source *s, struct listing *out,
                        int (*read)(struct walk *w, const char *url))
{
    struct walk w = {.link = l, .source = s, .out = out};
    int code = 0;
    GROW(w.folders, 0, w.room);
    w.folders[w.count++] = "";
    for (int i = 0; code == 0 && i < w.count; i++) {
        struct buf url = {0};
        folder_url(l, w.folders[i], &url);
        code = read(&w, url.text);
        buf_free(&url);
        if (code == 0 && (w.count > MOST_FOLDERS || out->count > MOST_FILES))
            code = error_at(s->place, "共享文件夹里的文件太多，网址也许写错了");
    }
    free(w.folders);
    map_free(&w.known);
    arena_free(&w.arena);
    return code;
}

static void address(const struct link *l, const struct source *s, const char *id, struct buf *url)
{
    (void)s;
    folder_url(l, id, url);
}

/* ---- WebDAV -------------------------------------------------------------------------------- */

static const char PROPFIND[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><propfind xmlns=\"DAV:\"><prop><resourcetype/>"
    "<getetag/><getlastmodified/><getcontentlength/></prop></propfind>";

static bool xml_is_whole(const struct request *r)
{
    return instance_is_whole(buf_text(&r->answer), r->answer.len);
}

static const char *text_of(const struct xmlnode *n)
{
    return n ? n->text : "";
}

/* A response of a multi-status (RFC 4918, 14.24). */
static void add_response(struct walk *w, const char *url, const struct xmlnode *response)
{
    const char *href = text_of(xmlnode_child(response, "href"));
    for (const struct xmlnode *p = response->first; p; p = p->next) {
        const struct xmlnode *prop = strcmp(p->name, "propstat") ? NULL : xmlnode_child(p, "prop");
        if (!prop || !strstr(text_of(xmlnode_child(p, "status")), " 200"))
            continue;
        bool folder = xmlnode_child(xmlnode_child(prop, "resourcetype"), "collection") != NULL;
        const char *etag = text_of(xmlnode_child(prop, "getetag"));
        struct buf reference = {0}, version = {0};
        buf_printf(&reference, "%s%s", href, folder && !ends_with(href, "/") ? "/" : "");
        buf_printf(&version, "%s|%s|%s", etag, text_of(xmlnode_child(prop, "getlastmodified")),
                   text_of(xmlnode_child(prop, "getcontentlength")));
        add_entry(w, url, reference.text, version.text);
        buf_free(&version);
        buf_free(&reference);
    }
}

static int read_dav(struct walk *w, const char *url)
{
    struct xmltree t;
    struct request r = {.url = url,
                        .method = "PROPFIND",
                        .body = PROPFIND,
                        .body_size = sizeof PROPFIND - 1,
                        .headers = {"Depth: 1", "Content-Type: application/xml"},
                        .limit = 64 << 20,
                        .whole = xml_is_whole};
    link_run(w->link, &r, 1);
    int code = 0;
    if (!request_good(&r))
        code = error_at(w->source->place, "没有取到文件夹的清单：%s", request_fault(&r));
    else if (r.status != 207 || xmltree_parse(&t, buf_text(&r.answer), r.answer.len) != 0)
        code = error_at(w->source->place, "服务器不是 WebDAV，来源表 kind 栏可改为 https");
    if (code == 0) {
        for (const struct xmlnode *n = t.root->first; n; n = n->next)
            if (!strcmp(n->name, "response"))
                add_response(w, url, n);
        xmltree_free(&t);
    }
    request_free(&r);
    return code;
}

static int list_dav(struct link *l, const struct source *s, const char *etag, struct listing *out)
{
    (void)etag;
    return walk_folders(l, s, out, read_dav);
}

const struct server SERVER_WEBDAV = {
    .files = true, .enter = enter_with_password, .list = list_dav, .address = address};

/* ---- pages --------------------------------------------------------------------------------- */

/* Cut off, a page would list fewer files. */
static bool page_is_whole(const struct request *r)
{
    return r->answer.len && strstr(buf_text(&r->answer), "</html>");
}

static void add_links(struct walk *w, const char *url, const xmlNode *node)
{
    for (; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, "a")) {
            xmlChar *href = xmlGetNoNsProp(node, BAD_CAST "href");
            if (href)
                add_entry(w, url, (const char *)href, "");
            xmlFree(href);
        }
        if (node->type == XML_ELEMENT_NODE)
            add_links(w, url, node->children);
    }
}

static int read_page(struct walk *w, const char *url)
{
    struct request r;
    int code = fetch_answer(w->link, w->source, url, NULL, page_is_whole, &r);
    htmlDocPtr page = NULL;
    if (code == 0)
        page = htmlReadMemory(buf_text(&r.answer), (int)r.answer.len, NULL, "UTF-8",
                              HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    if (code == 0 && !page)
        code = error_at(w->source->place, "这个网址没有列出文件");
    if (page)
        add_links(w, url, xmlDocGetRootElement(page));
    xmlFreeDoc(page);
    request_free(&r);
    return code;
}

static int list_pages(struct link *l, const struct source *s, const char *etag, struct listing *out)
{
    (void)etag;
    return walk_folders(l, s, out, read_page);
}

const struct server SERVER_HTTPS = {
    .files = true, .enter = enter_with_password, .list = list_pages, .address = address};
