/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The field's usual mistakes, one row of a table each: what is written into a cell instead of
 * the answer, and what the office's review rules make of it.
 *
 *     struct slot s = {…};                 // an answer as it would be shown without a mistake
 *     const struct mistake *m = mistake_make(&s);
 *     if (m) …                             // s.shown is changed; m->kinds are to be listed
 */
#ifndef SIMULATE_MISTAKES_H
#define SIMULATE_MISTAKES_H

#include "simulate/made.h"

/* Sorts of answers, for the table. */
enum sort {
    SORT_NUMBER = 1,
    SORT_DATE = 2,
    SORT_ONE = 4,
    SORT_MANY = 8,
    SORT_CODE = 16, /* a text with a constraint: telephone, identity number, interviewer */
    SORT_TEXT = 32,
    SORT_CALCULATION = 64,
    SORT_UNIT = 128,    /* the unit's code */
    SORT_COUNTY = 256,  /* the county's code */
    SORT_SKIPPED = 512, /* any question that was not asked */
};

/* What the format can show. */
enum ability {
    CAN_CONTROL = 1, /* control characters in cells */
    CAN_FLAGS = 2,   /* 0/1 columns of multiple choices */
    CAN_NAME = 4,    /* a column with the unit's name beside that of its code */
};

/* What becomes of the answer. */
enum after {
    AFTER_KEPT,
    AFTER_MISSING,  /* NO_ANSWER */
    AFTER_RETURNED, /* RETURNED */
    AFTER_BLANK,    /* BLANK */
    AFTER_SKIPPED,  /* NOT_ASKED */
};

struct slot {
    const struct world *world;
    struct arena *arena;
    struct made *made;
    const struct question *question;
    enum sort sort;
    unsigned abilities;
    double factor; /* what the column's unit is multiplied with: 1, or 10000 of 万元 */
    const struct value *true_value;
    const char *plain;        /* the canonical answer in the column's unit */
    bool key;                 /* part of a key: only repairs */
    const struct shown *name; /* the cell of the unit's name, to be changed with its code */
    struct shown *shown;
};

struct mistake {
    const char *kinds[2]; /* NULL: nothing is to be listed */
    const char *class;
    enum after after;
    unsigned sorts, needs; /* enum sort, enum ability */
    bool for_keys;         /* may stand in a key */
    bool (*make)(struct slot *s);
};

/* Tries the mistakes for this sort of answer in random order; NULL, and nothing changed, when
 * none fits. */
const struct mistake *mistake_make(struct slot *s);

/* A number in Chinese numerals, 两万五千二百; 0 < n < 10^9. */
void chinese_number(struct buf *out, long n);

/* Whether the final constraint says no, for certain, to `text`. */
bool surely_refused(const struct slot *s, const char *text);

#endif
