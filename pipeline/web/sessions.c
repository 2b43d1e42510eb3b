/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/sessions.h"

#include <sodium.h>
#include <string.h>

void token_make(char out[TOKEN_TEXT])
{
    unsigned char bytes[(TOKEN_TEXT - 1) / 2];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(out, TOKEN_TEXT, bytes, sizeof bytes);
}

bool token_valid(const char *text)
{
    return strlen(text) == TOKEN_TEXT - 1 && strspn(text, "0123456789abcdef") == TOKEN_TEXT - 1;
}

bool token_same(const char *a, const char *b)
{
    return token_valid(a) && token_valid(b) && sodium_memcmp(a, b, TOKEN_TEXT - 1) == 0;
}

struct session *sessions_begin(struct sessions *all, const struct account *account, time_t now)
{
    struct session *s = &all->items[0];
    for (int i = 1; i < SESSIONS_MAX && *s->id; i++)
        if (!*all->items[i].id || all->items[i].seen < s->seen)
            s = &all->items[i];
    *s = (struct session){.account = *account, .began = now, .seen = now};
    token_make(s->id);
    token_make(s->token);
    return s;
}

/* Whether the account is still what it was. */
static bool account_holds(const struct session *s, const struct accounts *accounts)
{
    const struct account *now = accounts_find(accounts, s->account.name);
    return now && strcmp(now->hash, s->account.hash) == 0;
}

struct session *sessions_find(struct sessions *all, const char *id, const struct accounts *accounts,
                              time_t now)
{
    struct session *found = NULL;
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (*all->items[i].id && token_same(all->items[i].id, id))
            found = &all->items[i];
    if (!found)
        return NULL;
    if (now - found->seen > SESSION_IDLE || now - found->began > SESSION_MOST ||
        !account_holds(found, accounts)) {
        sessions_end(found);
        return NULL;
    }
    found->seen = now;
    return found;
}

void sessions_end(struct session *s)
{
    sodium_memzero(s, sizeof *s);
}

bool session_is_staff(const struct session *s)
{
    return strcmp(s->account.name, STAFF_ACCOUNT) == 0;
}
