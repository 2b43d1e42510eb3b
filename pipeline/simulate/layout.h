/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The columns of a level's table in a style, their heads, and the cells of a record.
 */
#ifndef SIMULATE_LAYOUT_H
#define SIMULATE_LAYOUT_H

#include "simulate/made.h"
#include "simulate/style.h"

enum part {
    PART_QUESTION,
    PART_FLAG,   /* 0/1 of one choice */
    PART_LINK,   /* a question of the record above: its key or name */
    PART_SERIAL, /* 序号 */
    PART_INDEX,
    PART_UP, /* index of the record above */
    PART_FIXED,
    PART_EXTRA, /* not in the questionnaire */
};
struct layout_column {
    enum part part;
    const char *head, *group, *unit, *fixed;
    const struct question *question;
    const struct choice *choice;
    int nth; /* wide repeats: from 1 */
};
struct layout {
    const struct style *style;
    const struct level *level;
    struct layout_column *columns;
    int count, room;
    struct shown *cells; /* scratch, one a column */
};

/* Everything lives in the arena.  `unit_column` false leaves the unit's code out. */
struct layout *layout_new(const struct world *w, struct arena *a, const struct style *style,
                          const struct level *level, bool unit_column);

/* Fills l->cells; `serial` counts the rows of the sheet.  `m->index` must be set where rows below
 * refer to it. */
void layout_cells(struct layout *l, struct arena *a, const struct made *m, long serial);

/* The head of a question's column; nth from 1 in wide repeats, else 0; "" when there is none. */
const char *layout_head(const struct layout *l, const struct question *q, int nth);

#endif
