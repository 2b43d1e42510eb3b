/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the review share: review_plan.c prepares, review_answer.c looks at one answer,
 * review.c goes through a record.
 */
#ifndef REVIEW_REVIEW_PRIVATE_H
#define REVIEW_REVIEW_PRIVATE_H

#include "review/review.h"

#include "base/arena.h"

/* What a question is besides its type. */
enum part {
    PART_PLAIN,
    PART_UNIT,      /* the unit's code: settled by the key */
    PART_UNIT_NAME, /* its name: taken from the frame */
    PART_COUNTY,    /* the unit's county decides */
};
struct plan {
    enum part part;
    bool is_id, is_division;
    const char *credit;    /* how its credit code begins; NULL: it has none */
    const char *unit_kind; /* of the unit of the list that it names; NULL: it names none */
    bool uncompared;       /* a calculated position */
    int count_of;          /* repeat whose number of records it must equal, -1 */
};
struct form_plan {
    const struct form *form;
    struct plan *questions;
};

struct reviewer {
    const struct keyring *ring;
    const struct rules *rules;
    struct problems *problems;
    struct form_plan *forms;
    struct arena arena; /* entries and texts, until reviewer_clear() */
    struct parsed parsed;
    struct record_key key;
    struct buf text;
    bool *chosen, *allowed; /* one flag a choice of the longest list */
};

/* The question at hand. */
struct item {
    struct entry *e;
    const struct question *q;
    const struct plan *plan;
    struct value *value;
    const struct raw_column *column;
    struct cell cell;
    const char *confirmed; /* the doubt that the county has answered with 情况属实, or NULL */
};

enum answer { NO, YES, UNKNOWN };
/* An expression about the item; UNKNOWN when it names a value that is. */
enum answer item_judge(struct expr *e, const struct item *it, const struct value *self);

/* The item has no value, and why. */
void item_missing(struct item *it, enum missing why);
/* A repair of the item: its kind, and what stands there now. */
void item_repaired(struct reviewer *v, const struct item *it, const char *kind,
                   const char *corrected);
/* All of a set of REPAIR_* bits. */
void item_repairs(struct reviewer *v, const struct item *it, unsigned repairs,
                  const char *corrected);

/* Review an answer that the unit did not settle: it->value becomes what the cell says, or missing
 * with its reason; repairs and doubts become problems. */
void review_answer(struct reviewer *v, struct item *it);

#endif
