/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The check of what a county sent: ingest, clean, returns and status over its folder, as children
 * with no more rights than they need (web/confine.h), two counties at a time, the others in turn.
 * A county waits in the queue once, however many files come.
 *
 *     struct checks k = {.catalog = &catalog, .programs = "build/bin", .memory_mb = 1024};
 *     checks_want(&k, submission);
 *     for (;;) { …; checks_turn(&k, now); }      // submission->state becomes CHECK_DONE
 *     checks_stop(&k);
 */
#ifndef WEB_CHECKS_H
#define WEB_CHECKS_H

#include "web/catalog.h"

struct checks {
    struct catalog *catalog;
    const char *programs; /* folder with ingest, clean, returns, status */
    long memory_mb;       /* of each program; 0: no limit */
    unsigned long turns;  /* given out so far */
    int running;
};

/* Sees to it that a check of all that is there now will run; nothing to do for an empty folder. */
void checks_want(struct checks *k, struct submission *s);

/* The same if something came since the last check, or what it made is gone. */
void checks_want_if_new(struct checks *k, struct submission *s);

/* Reaps what ended, ends what took too long, begins what waits.  Never blocks. */
void checks_turn(struct checks *k, time_t now);

/* Whether checks_turn() has something to do soon. */
bool checks_busy(const struct checks *k);

/* Ends all children. */
void checks_stop(struct checks *k);

/* Paths of what a check makes, in the submission's work folder; caller frees. */
char *check_file(const struct submission *s, const char *name);
#define CHECK_RETURNS "returns.xlsx"
#define CHECK_PROBLEMS "problems.csv"
#define CHECK_SUMMARY "summary.csv"

#endif
