/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A compiled phone form and its attachments onto ODK Central: as a draft, which the office can try
 * on a phone, and on request for use in the field.
 */
#ifndef REMOTE_PUBLISHING_H
#define REMOTE_PUBLISHING_H

#include "remote/link.h"
#include "remote/sources.h"

struct publishing {
    const char *folder; /* <folder>/<questionnaire>.xml and the attachments beside it */
    bool live;          /* publish the draft */
    int stall, tries;   /* as link_open() */
};

/* What stands on the server already is left as it is; what was done is told.  0, or -1 after a
 * message. */
int publish(const struct source *s, const struct publishing *how);

#endif
