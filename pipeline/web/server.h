/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The upload page's server: one process, one thread, one loop (libmicrohttpd); children only for
 * the checks.  Memory is bounded by the number of connections, whatever they send.
 *
 *     struct server s = {.address = "127.0.0.1", .port = 8080, .root = ".", …};
 *     if (server_open(&s) < 0) return CANNOT;
 *     while (!stopped) server_turn(&s);
 *     server_close(&s);
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "base/text.h"
#include "web/checks.h"
#include "web/journal.h"
#include "web/lockout.h"
#include "web/sessions.h"

#include <stdint.h>

enum { CONNECTIONS_MAX = 400, CONNECTIONS_EACH = 250 }; /* in all, from one address */

struct line; /* a connection and the time by which it must have got on */
struct MHD_Daemon;

struct server {
    /* set by the caller */
    const char *address;           /* IPv4 or IPv6 */
    uint16_t port;                 /* 0: any; the one taken stands here afterwards */
    const char *root;              /* of the project: data/, pipeline/web/ */
    const char *certificate, *key; /* PEM files, or NULL: no TLS */
    bool proxied;                  /* a reverse proxy in front ends TLS and names the sender */
    long upload_mb;                /* most that one upload may hold */
    long idle;                     /* seconds for the head of a request, or between two */
    struct catalog catalog;
    struct checks checks;

    /* made by server_open() */
    struct MHD_Daemon *daemon;
    int lock; /* held while it runs: one server a data folder */
    struct accounts accounts;
    struct sessions sessions;
    struct lockout lockout;
    struct journal journal;
    char *incoming, *withdrawn, *accounts_path, *certificate_text, *key_text;
    struct buf style, script; /* of /style.css and /upload.js */
    struct line *lines;
    time_t swept;
};

/* Both return 0, or -1 after a message. */
int server_open(struct server *s);
void server_close(struct server *s);

/* Waits for something to do, a second at most, and does it. */
void server_turn(struct server *s);

/* Whether browsers reach it by HTTPS only. */
bool server_is_secure(const struct server *s);

#endif
