/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A submission as a server hands it out, made ready for ingest.
 *
 * ODK Central hands out what the phone sent, which is kept byte for byte.  An OpenRosa server
 * wraps it into <submission><data>…; KoboToolbox gives the form an id of its own.  Then the
 * instance alone, with the questionnaire's form id, is written anew.
 */
#ifndef REMOTE_INSTANCE_H
#define REMOTE_INSTANCE_H

#include "base/text.h"

/* Whether the bytes are well-formed XML without a DTD. */
bool instance_is_whole(const char *bytes, size_t n);

struct instance {
    struct buf xml;    /* the instance */
    struct buf county; /* the answers to `questions`, a line each */
};
enum { INSTANCE_BAD = -1, INSTANCE_OTHER_FORM = -2 };
/* `own_id` is the questionnaire's form id, `given_id` the one that it has on the server; it becomes
 * the questionnaire's.  `questions` are names with blanks between.  An instance of any other form
 * is INSTANCE_OTHER_FORM.  Returns 0 or a code. */
int instance_take(struct instance *out, const char *bytes, size_t n, const char *own_id,
                  const char *given_id, const char *questions);
void instance_free(struct instance *i);

#endif
