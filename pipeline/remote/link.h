/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests to one server (libcurl), a few at a time over kept connections.
 *
 *     struct link *l = link_open("https://odk.example.org", NULL, 60, 6);
 *     link_password(l, "user:password");
 *     struct request r = {.url = "https://odk.example.org/v1/projects", .limit = 1 << 20};
 *     link_run(l, &r, 1);
 *     if (!request_good(&r))
 *         error("%s", request_fault(&r));
 *     request_free(&r);
 *     link_close(l);
 *
 * What holds for every request:
 *   - certificates are verified; http:// is refused but to this machine itself;
 *   - the secret goes to the server of the link's address and nowhere else;
 *   - a redirect is followed on the same server; to another one only where the request says that
 *     it may leave, to https:// and without the secret;
 *   - an answer larger than the limit (after decompression) is refused;
 *   - a connection that stalls, a cut or half answer, 408, 429 and 5xx are tried again, after 0.5,
 *     1, 2 … seconds or what Retry-After asks for (at most two minutes).
 */
#ifndef REMOTE_LINK_H
#define REMOTE_LINK_H

#include "base/text.h"

struct link;

/* `address`: of the server, perhaps with a path.  `certificate`: PEM file of the office's own
 * authority, or NULL for the system's.  `stall`: seconds without progress that end an attempt.
 * `tries`: attempts a request.  NULL after a message. */
struct link *link_open(const char *address, const char *certificate, int stall, int tries);
void link_close(struct link *l); /* wipes the secret */
/* The address without trailing slashes. */
const char *link_address(const struct link *l);
/* Answer with "user:password" where the server asks (Basic or Digest). */
void link_password(struct link *l, const char *user_password);
/* Send `Authorization: <scheme> <token>` with every request. */
void link_token(struct link *l, const char *scheme, const char *token);

enum { REQUEST_HEADERS = 3, VALIDATOR_ROOM = 256 };
struct request {
    const char *url;                      /* must live as long as this */
    const char *method;                   /* NULL: GET, or POST with a body */
    const void *body;                     /* or NULL */
    size_t body_size;                     /* bytes */
    const char *headers[REQUEST_HEADERS]; /* "Name: value"; NULL ends them */
    const char *path;                     /* where a good answer goes: a file; NULL: `answer`.
                                             A part left there by an earlier attempt is completed
                                             if the server still has the same file. */
    size_t limit;                         /* bytes of the answer */
    int tries;                            /* attempts, if fewer than the link's; 0: as many */
    bool may_leave;                       /* may be on, or redirected to, another server */
    /* Whether a good answer is whole; false: it is tried again.  NULL: not looked at. */
    bool (*whole)(const struct request *r);
    void *user;

    /* out */
    int status;                    /* of HTTP; 0: none came */
    struct buf answer;             /* the body, when there is no path or the status is not good */
    char etag[VALIDATOR_ROOM];     /* "" when absent */
    char modified[VALIDATOR_ROOM]; /* Last-Modified, "" when absent */
    char why[256];                 /* why there is no whole answer; "" when there is one */
};

/* Run them all and fill the out part of each. */
void link_run(struct link *l, struct request *requests, int count);

/* 2xx with a whole answer. */
bool request_good(const struct request *r);
/* What is wrong with one that is not good, in Chinese: for a message.  Lives until the next
 * call. */
const char *request_fault(const struct request *r);
void request_free(struct request *r);

/* Append text percent-encoded as one segment of a path or one value of a query. */
void url_escape(struct buf *out, const char *text);
/* The decoded form of n bytes of a path, NUL-terminated; "" when it holds a NUL; caller frees. */
char *url_unescape(const char *text, size_t n);
/* The address that `reference` in the answer of `base` means; NULL when it is none; caller
 * frees. */
char *url_resolve(const char *base, const char *reference);
/* Whether two addresses have the same scheme, host and port. */
bool url_same_server(const char *a, const char *b);

#endif
