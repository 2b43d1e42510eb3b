/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between checks.c (sums, conditions), checks_near.c (nearly equal records) and checks_texts.c.
 */
#ifndef REVIEW_CHECKS_PRIVATE_H
#define REVIEW_CHECKS_PRIVATE_H

#include "review/checks.h"

enum check_kind {
    CHECK_BALANCE,
    CHECK_ROSTER,
    CHECK_CONDITION,
    CHECK_NEAR_DUPLICATE,
    CHECK_SIMILAR_TEXTS
};

struct check {
    const char *name, *kind_name, *message;
    enum check_kind kind;
    const struct level *level;
    double tolerance; /* NaN: by rule */
    /* balance, roster; condition has left and field */
    struct expr *left, *right;     /* right NULL: the sum of … */
    const struct level *other;     /* … this level's … */
    const struct question *summed; /* … question */
    const struct question *field;  /* where a difference is told; similar_texts: the text */
    /* near_duplicate */
    const struct question *group; /* NULL: the unit */
    const struct question **compared;
    int compared_count;
};

struct checks {
    struct topic *topic;
    struct check *items;
    int count;
};

/* The numbers that a sum is made of: how many, and the decimals of those with the most (records
 * do not keep 0s at the end). */
struct parts {
    long count;
    int decimals;
};

/* A run over one county. */
struct checking {
    const struct topic *topic;
    struct store *clean;
    struct rawread *raw;
    struct problems *problems;
    struct raw_row row;
    double sum; /* of the other level */
    struct parts parts;
};

/* Lists what was found in the record that stands in that row of the raw store (record `nth` of a
 * repeat where records stand side by side); field NULL: the record as a whole. */
void check_report(struct checking *g, const struct check *c, const struct question *field, long row,
                  int nth, const char *key, const char *found);

void check_near_duplicates(struct checking *g, const struct check *c);
void check_similar_texts(struct checking *g, const struct check *c);

#endif
