/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ODK Central.  What a submission is, stays with its first instance id (KEY, __id); an edit gives
 * it another meta/instanceID.
 */
#include "remote/json.h"
#include "remote/servers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Submissions of one page.  The ETag of 2026 covers the rows of the page only, so that a list of
 * more pages is read whole every time. */
enum { PAGE = 5000, MOST_PAGES = 100000 };

static void session_url(const struct link *l, struct buf *url)
{
    buf_printf(url, "%s/v1/sessions", link_address(l));
}

static char *session_body(const char *secret)
{
    const char *colon = strchr(secret, ':');
    json_t *j =
        json_pack("{s:s%, s:s}", "email", secret, (size_t)(colon - secret), "password", colon + 1);
    char *text = json_dumps(j, JSON_COMPACT);
    json_decref(j);
    return text;
}

static int take_token(struct link *l, const struct source *s, const struct request *r)
{
    char number[JSON_TEXT];
    json_t *j = json_of(r);
    const char *token = json_text(j, "token", number);
    int code = 0;
    if (!*token || strlen(token) > 1000 || strpbrk(token, "\r\n"))
        code = error_at(s->place, "服务器没有给出登录令牌，它不像是 ODK Central");
    else
        link_token(l, "Bearer", token);
    json_decref(j);
    return code;
}

static int enter(struct link *l, const struct source *s, const char *secret)
{
    if (!strchr(secret, ':'))
        return error_at(s->place,
                        "ODK Central 的密码要写成“邮箱:密码”（secret 栏所指的变量或文件）");
    struct buf url = {0};
    char *body = session_body(secret);
    if (!body)
        return error_at(s->place, "用户名或密码不是 UTF-8 文字");
    session_url(l, &url);
    struct request r = {.url = url.text,
                        .body = body,
                        .body_size = strlen(body),
                        .headers = {"Content-Type: application/json"},
                        .limit = 1 << 16,
                        .whole = json_is_whole};
    link_run(l, &r, 1);
    int code = request_good(&r) ? take_token(l, s, &r)
                                : error_at(s->place, "不能登录：%s", request_fault(&r));
    memset(body, 0, strlen(body));
    free(body);
    request_free(&r);
    buf_free(&url);
    return code;
}

static void leave(struct link *l, const struct source *s)
{
    struct buf url = {0};
    (void)s;
    session_url(l, &url);
    buf_puts(&url, "/current");
    struct request r = {.url = url.text, .method = "DELETE", .limit = 1 << 16, .tries = 1};
    link_run(l, &r, 1);
    request_free(&r);
    buf_free(&url);
}

void central_form_url(const struct link *l, const struct source *s, struct buf *url)
{
    buf_printf(url, "%s/v1/projects/%s/forms/", link_address(l), s->project);
    url_escape(url, s->form_id);
}

/* ---- the list ------------------------------------------------------------------------------ */

/* Add the submissions of a page.  How many rows it had, or -1. */
static int add_page(const json_t *page, struct listing *out)
{
    const json_t *rows = json_object_get(page, "value"), *row;
    size_t i;
    if (!json_is_array(rows))
        return -1;
    json_array_foreach(rows, i, row)
    {
        char a[JSON_TEXT], b[JSON_TEXT], c[JSON_TEXT], version[256];
        const json_t *system = json_object_get(row, "__system");
        const char *id = json_text(row, "__id", a), *state = json_text(system, "reviewState", b);
        const char *edits = json_text(system, "edits", c);
        char d[JSON_TEXT], e[JSON_TEXT];
        const char *updated = json_text(system, "updatedAt", d);
        if (!*id || !json_is_object(system))
            return -1;
        snprintf(version, sizeof version, "%s/%s", edits,
                 *updated ? updated : json_text(system, "submissionDate", e));
        listing_add(out, id, version, *state ? state : "received");
    }
    return (int)json_array_size(rows);
}

/* The address of the next page: the token of the link it gives, on the server that we know (the
 * link carries the configured domain).  False at the end. */
static bool next_page(const json_t *page, const char *first, struct buf *url)
{
    char number[JSON_TEXT];
    const char *link = json_text(page, "@odata.nextLink", number);
    static const char *const names[] = {"$skiptoken=", "%24skiptoken="};
    for (int i = 0; i < 2; i++) {
        const char *token = strstr(link, names[i]);
        if (!token)
            continue;
        token += strlen(names[i]);
        buf_clear(url);
        buf_printf(url, "%s&%%24skiptoken=%.*s", first, (int)strcspn(token, "&#"), token);
        return true;
    }
    return false;
}

/* Read pages until one is the last.  Deleted rows of a page that is read make the count differ. */
static int read_pages(struct link *l, const struct source *s, const char *first, const char *etag,
                      struct listing *out)
{
    struct buf url = {0}, header = {0};
    int code = 0;
    long long counted = -1;
    buf_puts(&url, first);
    if (*etag)
        buf_printf(&header, "If-None-Match: %s", etag);
    for (int page = 0; code == 0 && page < MOST_PAGES; page++) {
        struct request r;
        code = fetch_answer(l, s, url.text, page || !*etag ? NULL : header.text, json_is_whole, &r);
        json_t *j = code == 0 && r.status != 304 ? json_of(&r) : NULL;
        out->unchanged = page == 0 && r.status == 304;
        int rows = j ? add_page(j, out) : 0;
        const json_t *count = json_object_get(j, "@odata.count");
        if (json_is_integer(count))
            counted = json_integer_value(count);
        if (rows < 0)
            code = error_at(s->place, "服务器的清单不是 ODK Central 的格式");
        bool more = rows > 0 && next_page(j, first, &url);
        if (page == 0 && !more)
            snprintf(out->etag, sizeof out->etag, "%s", r.etag);
        json_decref(j);
        request_free(&r);
        if (!more)
            break;
    }
    if (code == 0)
        code = listing_check(out, s, counted);
    buf_free(&header);
    buf_free(&url);
    return code;
}

static int list(struct link *l, const struct source *s, const char *etag, struct listing *out)
{
    struct buf url = {0};
    central_form_url(l, s, &url);
    buf_printf(&url, ".svc/Submissions?%%24select=__id,__system&%%24count=true&%%24top=%d", PAGE);
    int code = read_pages(l, s, url.text, etag, out);
    buf_free(&url);
    return code;
}

/* ---- one submission ------------------------------------------------------------------------ */

static void submission_url(const struct link *l, const struct source *s, const char *id,
                           struct buf *url)
{
    central_form_url(l, s, url);
    buf_puts(url, "/submissions/");
    url_escape(url, id);
}

static void address(const struct link *l, const struct source *s, const char *id, struct buf *url)
{
    submission_url(l, s, id, url);
    buf_puts(url, ".xml");
}

static void add_attachments(const json_t *list_of, const char *url, struct attachments *out)
{
    const json_t *one;
    size_t i;
    json_array_foreach(list_of, i, one)
    {
        char number[JSON_TEXT];
        const char *name = json_text(one, "name", number);
        struct buf address_of = {0};
        if (!*name || !json_is_true(json_object_get(one, "exists")))
            continue;
        buf_printf(&address_of, "%s/", url);
        url_escape(&address_of, name);
        attachments_add(out, name, address_of.text);
        buf_free(&address_of);
    }
}

static int media(struct link *l, const struct source *s, const char *id, const char *bytes,
                 size_t n, struct attachments *out)
{
    struct buf url = {0};
    struct request r;
    (void)bytes;
    (void)n;
    submission_url(l, s, id, &url);
    buf_puts(&url, "/attachments");
    int code = fetch_answer(l, s, url.text, NULL, json_is_whole, &r);
    if (code == 0) {
        json_t *j = json_of(&r);
        add_attachments(j, url.text, out);
        json_decref(j);
    }
    request_free(&r);
    buf_free(&url);
    return code;
}

const struct server SERVER_CENTRAL = {
    .enter = enter, .list = list, .address = address, .media = media, .leave = leave};
