/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of remote/link.c: one attempt at a request.
 */
#ifndef REMOTE_LINK_PRIVATE_H
#define REMOTE_LINK_PRIVATE_H

#include "remote/link.h"

#include <curl/curl.h>
#include <stdio.h>

struct link {
    char *address, *certificate, *password;
    struct curl_slist *secret; /* the header with the secret */
    CURLM *multi;
    long schemes; /* of authentication with the password that the server may want */
    int stall, tries;
};

/* One attempt at a request. */
struct attempt {
    struct link *link;
    struct request *request;
    CURL *easy;
    struct curl_slist *headers;
    char *url; /* where the last redirect led */
    FILE *file;
    long long had; /* bytes in the file before, which a range goes on from */
    size_t got;
    int redirects, retry_after;
    bool left; /* on another server now: without the secret */
    bool too_large, no_range, disk;
    char error[CURL_ERROR_SIZE];
};

/* Whether the address is of this machine, to which plain http:// may go. */
bool is_this_machine(const char *address);

static inline bool is_good_status(int status)
{
    return status >= 200 && status < 300;
}

/* ---- attempt.c ---- */
struct attempt attempt_new(struct link *l, struct request *r);
/* Hand it to the link's multi handle. */
void attempt_begin(struct attempt *a);
/* What came of it: fills the request.  Returns whether to try again. */
bool attempt_judge(struct attempt *a, CURLcode code);
/* Follow a redirect if it may.  Returns whether the attempt goes on. */
bool attempt_follow(struct attempt *a);
void attempt_end(struct attempt *a);

#endif
