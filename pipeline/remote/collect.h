/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bring what is new or changed at one source into the counties' folders, and follow what was
 * deleted or rejected there.
 *
 *     struct collected done = {0};
 *     int code = collect(&shelf, &(struct collecting){.stall = 60, .tries = 6}, &done);
 *
 * Nothing in the data folder changes before the list is whole; each file is written under another
 * name first.  What was brought is in the ledger at once, so that the next run goes on from there.
 */
#ifndef REMOTE_COLLECT_H
#define REMOTE_COLLECT_H

#include "remote/shelf.h"

struct collecting {
    int stall, tries; /* as link_open() */
    bool media;       /* attachments too */
};

struct collected {
    int listed, added, changed, unchanged;
    int retired;  /* deleted or rejected now, and kept */
    int rejected; /* all that do not count by their review state */
    int unplaced; /* without a county; each was told */
    int failed;   /* could not be had; each was told */
    int media;
};

/* 0, or -1 after messages: no list, or some of it could not be had. */
int collect(const struct shelf *shelf, const struct collecting *how, struct collected *out);

#endif
