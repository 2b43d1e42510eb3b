/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by upload.c, clutter.c and instances.c.
 */
#ifndef SIMULATE_UPLOAD_PRIVATE_H
#define SIMULATE_UPLOAD_PRIVATE_H

#include "simulate/layout.h"
#include "simulate/table.h"
#include "simulate/upload.h"

struct phone;

/* A table: where the records of a level (of a unit) go. */
struct target {
    const struct level *level;
    const struct unit *unit; /* sheets by unit, else NULL */
    enum series series;
    struct layout *layout;
    struct sheet *sheet;
    long serial; /* rows of records so far */
    struct made **cards;
    int card_count, card_room;
};
struct upload {
    const struct world *world;
    const struct style *style;
    struct truth *truth;
    struct files *files;
    struct phone *phone; /* XML */
    char *folder;
    struct arena arena; /* layouts, cards */
    struct target **targets;
    int count, room;
};

/* instances.c: submissions of phones. */
struct phone *phone_new(const struct world *w, const struct style *style, const char *folder,
                        struct truth *truth);
void phone_write(struct phone *p, struct arena *a, struct made *m, bool again);
int phone_close(struct phone *p);

/* clutter.c: what lies in such folders besides; `first` is one of the files.  Returns 0 or -1. */
int clutter_add(struct upload *u, const char *first);

#endif
