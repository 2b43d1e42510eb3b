/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers that may be parts of a whole, and their sums: between the rules on 其中 and on 合计.
 */
#ifndef VERIFY_PARTS_H
#define VERIFY_PARTS_H

#include "verify/check.h"

enum { PARTS_MOST = 40 };

struct parts {
    int items[PARTS_MOST]; /* quantities, in the order of the draft */
    int count;
};

/* Whether a number can be a part or a whole: it is counted, money, an area, a length or a mass. */
bool adds(const struct quantity *q);

/* Whether it is what each one gets (每, 均), a change (增加20人), or what a share is of (占840人).
 */
bool is_no_part(const struct check *c, int i);

/* Numbers of the same sort as `whole`, at least as surely as `sort` (quantity.h), in [from, to);
 * the last ones when there are many. */
void collect_parts(const struct check *c, size_t from, size_t to, int whole, int sort,
                   struct parts *p);

/* The sum of parts[from, to), and what it allows at its word and with rounding. */
double sum_of_parts(const struct check *c, const struct parts *p, int from, int to,
                    struct interval *word, struct interval *wide);

/* 351人＋489人＝840人, in the unit of `like`. */
const char *addition(struct check *c, const struct parts *p, int from, int to,
                     const struct quantity *like);

/* The whole and parts[from, to) are part of a claim. */
void cover_parts(struct check *c, const struct parts *p, int from, int to, int whole);

#endif
