/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/lockout.h"

#include "base/text.h"

#include <sodium.h>
#include <string.h>

/* What failures are counted by, and how many are borne. */
enum { BOTH, ADDRESS, ACCOUNT, WAYS };
static const int BORNE[WAYS] = {[BOTH] = 5, [ADDRESS] = 30, [ACCOUNT] = 60};

/* Keyed at random, so that no two names can be made to meet. */
static uint64_t key_of(int way, const char *account, const char *address)
{
    static unsigned char secret[crypto_shorthash_KEYBYTES];
    static bool known;
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t key;
    struct buf text = {0};
    if (!known)
        crypto_shorthash_keygen(secret);
    known = true;
    buf_printf(&text, "%d\t%s\t%s", way, way == ADDRESS ? "" : account,
               way == ACCOUNT ? "" : address);
    crypto_shorthash(out, (const unsigned char *)text.text, text.len, secret);
    buf_free(&text);
    memcpy(&key, out, sizeof key);
    return key ? key : 1;
}

static struct lockout_entry *find(const struct lockout *l, uint64_t key)
{
    for (int i = 0; i < LOCKOUT_ENTRIES; i++)
        if (l->entries[i].key == key)
            return (struct lockout_entry *)&l->entries[i];
    return NULL;
}

static struct lockout_entry *make(struct lockout *l, uint64_t key)
{
    struct lockout_entry *eldest = &l->entries[0];
    for (int i = 1; i < LOCKOUT_ENTRIES && eldest->key; i++)
        if (!l->entries[i].key || l->entries[i].last < eldest->last)
            eldest = &l->entries[i];
    *eldest = (struct lockout_entry){.key = key};
    return eldest;
}

bool lockout_holds(const struct lockout *l, const char *account, const char *address, time_t now)
{
    bool holds = false;
    for (int way = 0; way < WAYS; way++) {
        const struct lockout_entry *e = find(l, key_of(way, account, address));
        holds |= e && e->failures >= BORNE[way] && now - e->last < LOCKOUT_SECONDS;
    }
    return holds;
}

void lockout_count(struct lockout *l, const char *account, const char *address, time_t now)
{
    for (int way = 0; way < WAYS; way++) {
        uint64_t key = key_of(way, account, address);
        struct lockout_entry *e = find(l, key);
        if (!e)
            e = make(l, key);
        if (now - e->last >= LOCKOUT_SECONDS)
            e->failures = 0;
        e->failures++;
        e->last = now;
    }
}

void lockout_clear(struct lockout *l, const char *account, const char *address)
{
    struct lockout_entry *e = find(l, key_of(BOTH, account, address));
    if (e)
        *e = (struct lockout_entry){0};
}
