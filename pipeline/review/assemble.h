/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From rows to records: every data row of a county gets its key, its parent and its fate, and
 * what is accepted comes back record by record.
 *
 *     struct assembly *a = assemble(&ring, raw, clean, problems);
 *     struct family f = {0};
 *     while (assembly_next(a, &f))
 *         review and write f.rows[0] (the top-level record) and its children
 *     assembly_finish(a);                 // table fate
 *
 * Rules (the office's, sections 5 and 6).  Held: a cut last row (truncated_row); a unit that is
 * not for certain a selected one of the county (village_unknown); one key, several contents
 * (hhno_reused, all of them); a child without its parent (orphan_member; so are
 * more than 2000 under one record, which share its key by mistake); a child of a held
 * record is held with it.  Dropped: what a correction file or a deprecatedID replaces, with all
 * its children (superseded); the same key and content again, or the same child again within one
 * record (duplicate; the first stays).  Content is the answers, key and calculated positions
 * aside; where keys collide, ways of writing do not make a difference.
 *
 * Memory does not grow with the number of rows: the work is done in a temporary table.
 */
#ifndef REVIEW_ASSEMBLE_H
#define REVIEW_ASSEMBLE_H

#include "review/keys.h"
#include "review/problems.h"

/* One row of a family: the top-level record, or one below it. */
struct relative {
    struct raw_row row;
    long parent; /* row id of the record above, 0 for the first */
};

/* An accepted top-level row and the accepted rows below it, parents before children, otherwise
 * in the order of the files.  Zero it before the first call; it is reused. */
struct family {
    struct relative *rows;
    int count, room;
};

struct assembly;
/* Reads all data rows, decides, and lists what is held or dropped in `p`.  `clean` must already
 * hold the table `level`. */
struct assembly *assemble(const struct keyring *ring, struct rawread *raw, struct store *clean,
                          struct problems *p);
bool assembly_next(struct assembly *a, struct family *f);
void family_free(struct family *f);

/* A row with records of a repeat side by side became `n` records of that level. */
void assembly_count(struct assembly *a, long row, const struct level *l, int n);

/* Writes table fate and frees. */
void assembly_finish(struct assembly *a);

#endif
