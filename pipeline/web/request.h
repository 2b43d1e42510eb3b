/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One request: who asks, for what, the form that comes with it, and the answer.  The functions are
 * those that libmicrohttpd calls.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "web/server.h"

#include <microhttpd.h>

enum MHD_Result request_answer(void *server, struct MHD_Connection *c, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **state);
void request_ended(void *server, struct MHD_Connection *c, void **state,
                   enum MHD_RequestTerminationCode why);

/* Gives the connection so many seconds; web/server.c ends it when they are over. */
void line_allow(struct MHD_Connection *c, long seconds);

enum {
    SECONDS_ANSWER = 600, /* to fetch an answer */
    BYTES_A_SECOND = 4096 /* the slowest upload that is borne */
};

#endif
