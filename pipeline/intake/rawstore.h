/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing the raw store (SCHEMA_RAW, store/schema.c): files, sheets, blocks, rows and the
 * problems of files and heads.
 */
#ifndef INTAKE_RAWSTORE_H
#define INTAKE_RAWSTORE_H

#include "formats/cells.h"
#include "store/store.h"
#include "intake/heads.h"

struct raw_file {
    long id; /* given by raw_add_file() */
    const char *path, *sha256, *format, *encoding, *fate, *reason;
    long long bytes;
    bool correction;
};

/* A table found.  Kept in memory until raw_finish(), so that links can be made at the end. */
struct raw_block {
    long id, sheet;                      /* sheet 0: NULL */
    int level;                           /* index in topic->levels */
    const char *layout, *village, *file; /* file: its path */
    long parent, head_row;
    bool has_index, has_parent; /* columns of that role */
};

struct raw_problem {
    const char *file, *sheet, *row, *column, *field, *kind, *class, *original;
};

/* What a county answered in a return workbook; see table answer. */
struct raw_answer {
    const char *file, *print, *sheet, *row, *column, *field, *kind, *original, *corrected,
        *explanation;
    const char *beside; /* may be NULL */
};

struct raw;
struct raw *raw_create(const char *path, const struct topic *t);
/* Link child blocks to their parents, write the blocks, commit and free. */
void raw_finish(struct raw *r);
void raw_meta(struct raw *r, const char *name, const char *value);

/* Between these two, raw_undo() takes everything back that was added since raw_mark(). */
void raw_mark(struct raw *r);
void raw_undo(struct raw *r);
void raw_keep(struct raw *r);

long raw_add_file(struct raw *r, const struct raw_file *f);
void raw_set_fate(struct raw *r, long file, const char *fate, const char *reason);
long raw_add_sheet(struct raw *r, long file, const char *name, bool hidden);
/* The texts of the block are copied. */
long raw_add_block(struct raw *r, const struct raw_block *b);
/* `head` is the printed head.  factor: received x factor = the questionnaire's unit. */
void raw_add_column(struct raw *r, long block, int pos, const char *head,
                    const struct column *column, double factor);
/* block 0 and parent 0: NULL.  Returns the row's id. */
long raw_add_row(struct raw *r, long sheet, long block, long no, const char *kind, long parent,
                 const struct cell *cells, int count);
long raw_add_packed(struct raw *r, long sheet, long block, long no, const char *kind, long parent,
                    const struct buf *packed);
void raw_add_problem(struct raw *r, const struct raw_problem *p);
void raw_add_answer(struct raw *r, const struct raw_answer *a); /* once, however often added */

#endif
