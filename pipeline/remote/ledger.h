/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was fetched from one source, and which state of it.  A journal: a line is appended, and
 * flushed, for each thing brought, so that a run that is cut off goes on where it was; the last
 * line of a thing counts.  ledger_close() writes the journal anew, shortened.
 *
 *     struct ledger *g =
 * ledger_open("data/henan-2025/07/.fetched/07-household-1a2b3c4d/ledger.csv"); const struct entry
 * *e = ledger_find(g, "uuid:453e9095…"); if (!e || strcmp(e->version, version) != 0) …,
 * ledger_put(g, &(struct entry){.id = id, .version = version, .path = path, …}); ledger_close(g);
 */
#ifndef REMOTE_LEDGER_H
#define REMOTE_LEDGER_H

#include "base/digest.h"

#include <stdbool.h>

struct entry {
    const char *id;      /* on the server */
    const char *version; /* as the server names its state */
    const char *sha256;  /* of the file as fetched; "" when there is none */
    const char *path;    /* below the topic's data folder; "": not there (gone, rejected) */
    const char *state;   /* review state when it was last seen */
    bool media;          /* its attachments were brought too */
    bool seen;           /* by this run; not stored */
};

struct ledger;
/* Opens, or begins, the journal at that path.  NULL after a message. */
struct ledger *ledger_open(const char *path);
int ledger_count(const struct ledger *g);
struct entry *ledger_entry(const struct ledger *g, int i);
struct entry *ledger_find(const struct ledger *g, const char *id); /* or NULL */
/* Add or replace; texts are copied; `seen` becomes true.  0, or -1 after a message. */
int ledger_put(struct ledger *g, const struct entry *e);
/* Validator of the list that all entries are of; "" when the last run did not end well. */
const char *ledger_etag(const struct ledger *g);
int ledger_set_etag(struct ledger *g, const char *etag);
/* Shorten the journal and free.  0, or -1 after a message. */
int ledger_close(struct ledger *g);

#endif
