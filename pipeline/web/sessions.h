/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is signed in, in memory: ends with the server, after two hours without a request, twelve
 * hours after it began, or when the account gets a new passphrase.
 *
 *     struct sessions all = {0};
 *     struct session *s = sessions_begin(&all, account, now);
 *     … Set-Cookie: session=<s->id>; forms carry s->token …
 *     s = sessions_find(&all, cookie, &accounts, now);        // NULL: sign in
 */
#ifndef WEB_SESSIONS_H
#define WEB_SESSIONS_H

#include "web/accounts.h"

enum { SESSIONS_MAX = 512, TOKEN_TEXT = 65, SESSION_IDLE = 2 * 3600, SESSION_MOST = 12 * 3600 };

struct session {
    char id[TOKEN_TEXT];    /* of the cookie; "": free */
    char token[TOKEN_TEXT]; /* in every form, against requests forged by other sites */
    struct account account; /* as it was at the beginning */
    time_t began, seen;
};
struct sessions {
    struct session items[SESSIONS_MAX];
};

/* 64 random hex digits. */
void token_make(char out[TOKEN_TEXT]);
/* Whether a text looks like one. */
bool token_valid(const char *text);
/* Whether two texts are the same token, in a time that tells nothing. */
bool token_same(const char *a, const char *b);

/* The one that was idle longest gives way when all are taken. */
struct session *sessions_begin(struct sessions *all, const struct account *account, time_t now);
struct session *sessions_find(struct sessions *all, const char *id, const struct accounts *accounts,
                              time_t now);
void sessions_end(struct session *s);
bool session_is_staff(const struct session *s);

#endif
