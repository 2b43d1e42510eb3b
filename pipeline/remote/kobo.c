/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * KoboToolbox, API v2.  A submission stays with its number _id; an edit gives it another _uuid.
 */
#include "remote/json.h"
#include "remote/servers.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000, MOST_PAGES = 100000 };

static void data_url(const struct link *l, const struct source *s, struct buf *url)
{
    buf_printf(url, "%s/api/v2/assets/", link_address(l));
    url_escape(url, s->form_id);
    buf_puts(url, "/data/");
}

/* Its validation states in the words of ODK Central. */
static const char *state_of(const json_t *row)
{
    static const char *const words[][2] = {{"validation_status_not_approved", "rejected"},
                                           {"validation_status_approved", "approved"},
                                           {"validation_status_on_hold", "hasIssues"}};
    char number[JSON_TEXT];
    const char *uid = json_text(json_object_get(row, "_validation_status"), "uid", number);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(uid, words[i][0]))
            return words[i][1];
    return "received";
}

/* How many rows the page had, or -1. */
static int add_page(const json_t *page, struct listing *out)
{
    const json_t *rows = json_object_get(page, "results"), *row;
    size_t i;
    if (!json_is_array(rows))
        return -1;
    json_array_foreach(rows, i, row)
    {
        char a[JSON_TEXT], b[JSON_TEXT];
        const char *id = json_text(row, "_id", a);
        if (!*id || strspn(id, "0123456789") != strlen(id))
            return -1;
        listing_add(out, id, json_text(row, "_uuid", b), state_of(row));
    }
    return (int)json_array_size(rows);
}

static void page_url(const struct link *l, const struct source *s, long start, struct buf *url)
{
    buf_clear(url);
    data_url(l, s, url);
    buf_printf(url, "?format=json&limit=%d&start=%ld&sort=", PAGE, start);
    url_escape(url, "{\"_id\":1}");
    buf_puts(url, "&fields=");
    url_escape(url, "[\"_id\",\"_uuid\",\"_validation_status\"]");
}

static int list(struct link *l, const struct source *s, const char *etag, struct listing *out)
{
    struct buf url = {0};
    int code = 0, rows = 1;
    long start = 0;
    long long counted = -1;
    (void)etag;
    for (int page = 0; code == 0 && rows > 0 && page < MOST_PAGES; page++) {
        struct request r;
        page_url(l, s, start, &url);
        code = fetch_answer(l, s, url.text, NULL, json_is_whole, &r);
        json_t *j = code == 0 ? json_of(&r) : NULL;
        rows = j ? add_page(j, out) : 0;
        if (rows < 0)
            code = error_at(s->place, "服务器的清单不是 KoboToolbox 的格式");
        else
            start += rows;
        if (json_is_integer(json_object_get(j, "count")))
            counted = json_integer_value(json_object_get(j, "count"));
        if (!json_is_string(json_object_get(j, "next")))
            rows = 0;
        json_decref(j);
        request_free(&r);
    }
    if (code == 0)
        code = listing_check(out, s, counted);
    buf_free(&url);
    return code;
}

static void address(const struct link *l, const struct source *s, const char *id, struct buf *url)
{
    data_url(l, s, url);
    buf_printf(url, "%s/?format=xml", id);
}

static int media(struct link *l, const struct source *s, const char *id, const char *bytes,
                 size_t n, struct attachments *out)
{
    struct buf url = {0};
    struct request r;
    (void)bytes;
    (void)n;
    data_url(l, s, &url);
    buf_printf(&url, "%s/?format=json", id);
    int code = fetch_answer(l, s, url.text, NULL, json_is_whole, &r);
    json_t *j = code == 0 ? json_of(&r) : NULL;
    const json_t *one;
    size_t i;
    json_array_foreach(json_object_get(j, "_attachments"), i, one)
    {
        char a[JSON_TEXT], b[JSON_TEXT];
        const char *name = json_text(one, "filename", a), *slash = strrchr(name, '/');
        char *full = url_resolve(link_address(l), json_text(one, "download_url", b));
        if (*name && full && !json_is_true(json_object_get(one, "is_deleted")))
            attachments_add(out, slash ? slash + 1 : name, full);
        free(full);
    }
    json_decref(j);
    request_free(&r);
    buf_free(&url);
    return code;
}

const struct server SERVER_KOBO = {
    .enter = enter_with_password, .list = list, .address = address, .media = media};
