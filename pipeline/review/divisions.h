/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GB/T 2260 codes of counties, cities and provinces with their history: a code is valid at a
 * date, not for ever (沙县 350427 until 2021).
 *
 *     struct divisions *d = divisions_read("topics/gb2260.csv");
 *     if (division_check(d, "350427", 202006) == DIVISION_WRONG) …
 *     divisions_free(d);
 *
 * The list (sheet `divisions`: code, name, from, to; sheet `settings`: state) is made of the lists
 * that were published from time to time, so a change is known to lie between two of them: both the
 * old and the new code are valid between them.  After the month `state` the list is not complete:
 * a code that it does not have may be a new one.
 */
#ifndef REVIEW_DIVISIONS_H
#define REVIEW_DIVISIONS_H

enum division {
    DIVISION_VALID,
    DIVISION_WRONG,
    DIVISION_UNKNOWN, /* in a known province or city, and possibly newer than the list */
};

struct divisions;
/* NULL after messages. */
struct divisions *divisions_read(const char *path);
void divisions_free(struct divisions *d);

/* A code of 6 digits, or of 12 of which the first 6 are looked up, in a month (202006). */
enum division division_check(const struct divisions *d, const char *code, long month);
/* Its name in that month; NULL unless it is valid. */
const char *division_name(const struct divisions *d, const char *code, long month);
/* The last month for which the list is complete. */
long divisions_state(const struct divisions *d);

#endif
