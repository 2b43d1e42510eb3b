/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of servers: how each lists what it has, and where one thing of it is.
 *
 * Sources of the formats: ODK Central's API (docs.getodk.org/central-api), the KoboToolbox API v2,
 * the Briefcase Aggregate API of OpenRosa servers (docs.getodk.org/briefcase-api), WebDAV
 * (RFC 4918), and the pages in which web servers list a folder.
 */
#ifndef REMOTE_SERVERS_H
#define REMOTE_SERVERS_H

#include "base/map.h"
#include "remote/link.h"
#include "remote/sources.h"

/* A submission, or a file of a folder. */
struct item {
    const char *id;      /* stays the same when the submission is edited; path of a file */
    const char *version; /* differs when it was edited; "": the server does not say */
    const char *state;   /* review state: received, edited, hasIssues, approved, rejected; "" */
};

struct listing {
    struct arena arena;
    struct item *items;
    int count, room;
    struct map ids;
    char etag[VALIDATOR_ROOM]; /* of the list as a whole, "" when the server gives none */
    bool unchanged;            /* the list is still the one of the ETag that was asked with */
};
/* Adds an item; one that is there already (a page that shifted) is left alone. */
void listing_add(struct listing *l, const char *id, const char *version, const char *state);
/* Whether it has as many items as the server counted (-1: it did not): a list that lost some while
 * it was read would make them look deleted.  0, or -1 after a message. */
int listing_check(const struct listing *l, const struct source *s, long long counted);
void listing_free(struct listing *l);

/* An attachment of a submission. */
struct attachment {
    const char *name, *url;
};
struct attachments {
    struct arena arena;
    struct attachment *items;
    int count, room;
};
void attachments_add(struct attachments *a, const char *name, const char *url);

struct server {
    bool files; /* its things are files of any kind, no submissions */
    /* Sign in.  0, or -1 after a message. */
    int (*enter)(struct link *l, const struct source *s, const char *secret);
    /* The whole list.  `etag` is that of the last list, or "".  0, or -1 after a message. */
    int (*list)(struct link *l, const struct source *s, const char *etag, struct listing *out);
    /* Append the address of one thing. */
    void (*address)(const struct link *l, const struct source *s, const char *id, struct buf *url);
    /* The attachments of a submission, whose answer was `bytes`; NULL: has none. */
    int (*media)(struct link *l, const struct source *s, const char *id, const char *bytes,
                 size_t n, struct attachments *out);
    void (*leave)(struct link *l, const struct source *s); /* or NULL */
};
const struct server *server_of(const struct source *s);

extern const struct server SERVER_CENTRAL, SERVER_KOBO, SERVER_OPENROSA, SERVER_WEBDAV,
    SERVER_HTTPS;

/* For sign-in with "user:password"; any other secret is a token of that scheme. */
int enter_with_password(struct link *l, const struct source *s, const char *secret);

/* ODK Central: append the address of the source's form. */
void central_form_url(const struct link *l, const struct source *s, struct buf *url);

/* GET into memory.  The request is filled, good or 304; else -1 after a message that says what
 * could not be had.  request_free() it. */
int fetch_answer(struct link *l, const struct source *s, const char *url, const char *header,
                 bool (*whole)(const struct request *), struct request *r);

#endif
