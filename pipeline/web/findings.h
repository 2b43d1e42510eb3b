/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a county's check found, as its programs wrote it down: summary.csv by status -o, and
 * problems.csv by returns -l.  Both come from a process that read uploaded files, so nothing is
 * believed of them but that they are tables.
 *
 *     struct summary s;
 *     if (findings_summary("work/summary.csv", &s) < 0) …
 *     struct findings f = {0};
 *     findings_read(&f, "work/problems.csv", 200);
 *     for (int i = 0; i < f.count; i++) puts(f.items[i].text[FOUND_WRONG]);
 *     findings_free(&f);
 */
#ifndef WEB_FINDINGS_H
#define WEB_FINDINGS_H

#include "base/arena.h"

struct summary {
    long files, rows, accepted; /* files read, rows of data, rows among the records */
    long open;                  /* problems that the county is asked about */
    long repaired;              /* cells put right without asking */
};

enum found_text {
    FOUND_FILE,
    FOUND_SHEET,
    FOUND_ROW,
    FOUND_COLUMN,
    FOUND_KEY,
    FOUND_ORIGINAL,
    FOUND_WRONG,
    FOUND_EXPECTED,
    FOUND_TEXTS,
};
struct found {
    const char *text[FOUND_TEXTS];
};
struct findings {
    struct arena arena;
    struct found *items;
    int count, room, most;
    long total; /* with those beyond `most` */
};

/* Both return 0, or -1 without a message when the file is not there or not such a table. */
int findings_summary(const char *path, struct summary *out);
int findings_read(struct findings *f, const char *path, int most);
void findings_free(struct findings *f);

#endif
