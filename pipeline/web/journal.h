/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happened, in lines that are only ever added: time, event, account, topic, receipt, files,
 * bytes.  No names of files, no addresses, nothing that was typed.  It also gives out receipt
 * numbers, 20251122-0042: the day and a running number, which no two uploads share, whatever
 * happened to the first.
 *
 *     struct journal j;
 *     if (journal_open(&j, "data/.receive/journal") < 0) …
 *     journal_receipt(&j, now, receipt);
 *     journal_add(&j, now, (struct entry){"upload", "411525", "henan-2025/07", receipt, 2, 51234});
 */
#ifndef WEB_JOURNAL_H
#define WEB_JOURNAL_H

#include <time.h>

enum { RECEIPT_TEXT = 24 };

struct journal {
    int fd;
    char day[9]; /* of the last receipt */
    int last;    /* its number */
};
struct entry {
    const char *event;           /* sign-in, sign-in-failed, locked, sign-out, upload … */
    const char *account;         /* an account that exists, else NULL */
    const char *topic, *receipt; /* or NULL */
    int files;
    long long bytes;
};

/* Opens for adding and finds the last receipt.  Returns 0, or -1 after a message. */
int journal_open(struct journal *j, const char *path);
void journal_receipt(struct journal *j, time_t now, char out[RECEIPT_TEXT]);
/* Returns when the line is on the disk.  0, or -1 after a message. */
int journal_add(struct journal *j, time_t now, struct entry e);
void journal_close(struct journal *j);

#endif
