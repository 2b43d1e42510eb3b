/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote/servers.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_BYTES = 256 << 20 };

void listing_add(struct listing *l, const char *id, const char *version, const char *state)
{
    if (!map_add(&l->ids, id, l->count))
        return;
    GROW(l->items, l->count, l->room);
    l->items[l->count++] =
        (struct item){arena_strdup(&l->arena, id), arena_strdup(&l->arena, version),
                      arena_strdup(&l->arena, state)};
}

int listing_check(const struct listing *l, const struct source *s, long long counted)
{
    if (counted < 0 || counted == l->count)
        return 0;
    return error_at(s->place,
                    "清单应有%lld份，只读到%d份（也许正有人在报送）。没有改动资料，请再运行一次",
                    counted, l->count);
}

void listing_free(struct listing *l)
{
    map_free(&l->ids);
    free(l->items);
    arena_free(&l->arena);
    *l = (struct listing){0};
}

void attachments_add(struct attachments *a, const char *name, const char *url)
{
    GROW(a->items, a->count, a->room);
    a->items[a->count++] =
        (struct attachment){arena_strdup(&a->arena, name), arena_strdup(&a->arena, url)};
}

const struct server *server_of(const struct source *s)
{
    static const struct server *const all[] = {
        [SOURCE_CENTRAL] = &SERVER_CENTRAL,   [SOURCE_KOBO] = &SERVER_KOBO,
        [SOURCE_OPENROSA] = &SERVER_OPENROSA, [SOURCE_WEBDAV] = &SERVER_WEBDAV,
        [SOURCE_HTTPS] = &SERVER_HTTPS,
    };
    return all[s->kind];
}

int enter_with_password(struct link *l, const struct source *s, const char *secret)
{
    if (strchr(secret, ':'))
        link_password(l, secret);
    else if (*secret)
        link_token(l, s->kind == SOURCE_KOBO ? "Token" : "Bearer", secret);
    return 0;
}

int fetch_answer(struct link *l, const struct source *s, const char *url, const char *header,
                 bool (*whole)(const struct request *), struct request *r)
{
    *r = (struct request){.url = url, .limit = LIST_BYTES, .whole = whole, .headers = {header}};
    link_run(l, r, 1);
    if (request_good(r) || r->status == 304)
        return 0;
    return error_at(s->place, "没有取到清单：%s", request_fault(r));
}
