/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON answers of servers (jansson): reading what is there, "" and NULL for what is not.
 */
#ifndef REMOTE_JSON_H
#define REMOTE_JSON_H

#include "remote/link.h"

#include <jansson.h>

/* The body of an answer; NULL when it is not JSON (cut off, or a page of some proxy).  The caller
 * gives it back with json_decref(). */
json_t *json_of(const struct request *r);
/* For request.whole. */
bool json_is_whole(const struct request *r);
/* The text under a name; a number or truth value as its text in `out` of 64 bytes; "" for others.
 */
const char *json_text(const json_t *object, const char *name, char *out);
enum { JSON_TEXT = 64 };

#endif
