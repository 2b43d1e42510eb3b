/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Failures to sign in, so that passphrases cannot be tried out: after 5 from one address for one
 * account, 30 from one address or 60 for one account, further tries are refused until nobody has
 * tried for 15 minutes.  In memory; the eldest entry gives way when the table is full.
 *
 *     struct lockout l = {0};
 *     if (lockout_holds(&l, "411525", "203.0.113.7", now)) …      // do not even look
 *     lockout_count(&l, "411525", "203.0.113.7", now);            // another failure
 *     lockout_clear(&l, "411525", "203.0.113.7");                 // signed in
 */
#ifndef WEB_LOCKOUT_H
#define WEB_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { LOCKOUT_ENTRIES = 1024, LOCKOUT_SECONDS = 15 * 60 };

struct lockout {
    struct lockout_entry {
        uint64_t key; /* of account, address or both; 0: free */
        int failures;
        time_t last;
    } entries[LOCKOUT_ENTRIES];
};

bool lockout_holds(const struct lockout *l, const char *account, const char *address, time_t now);
void lockout_count(struct lockout *l, const char *account, const char *address, time_t now);
/* Forgets the failures of that account from that address. */
void lockout_clear(struct lockout *l, const char *account, const char *address);

#endif
