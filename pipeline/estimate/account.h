/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The account of one estimate: which clean records count, which do not and why, and what each
 * shard adds.  It is made from the records and the weights, not from the tallies, so that it
 * checks them.
 *
 *     struct account *a = account_new(topic, indicator, domain, "411525");
 *     account_open(a, clean, weights);
 *     while (account_next(a, &c))                    // every record of the indicator's level
 *         if (c.fate == CASE_COUNTS) …
 *     account_close(a);                              // ready for the next shard
 *     account_free(a);
 *
 * The rule by which a record counts is that of estimate/tabulate.h.
 */
#ifndef ESTIMATE_ACCOUNT_H
#define ESTIMATE_ACCOUNT_H

#include "estimate/quantile.h"
#include "survey/records.h"

enum case_fate {
    CASE_COUNTS,
    CASE_ELSEWHERE, /* not in the domain */
    CASE_OUTSIDE,   /* not in the indicator's universe */
    CASE_UNKNOWN,   /* a needed answer is not known: returned, empty, 不详 … */
    CASE_NO_NUMBER, /* the expression gives no number: not asked, or empty */
    CASE_FATES
};

/* One record; all pointers are valid until the next one. */
struct account_case {
    const struct record *record;
    const char *key, *psu;
    long row; /* in the raw store */
    enum case_fate fate;
    const struct question *question; /* whose missing value kept it out; NULL when none did */
    enum missing missing;
    double y, x, w; /* of a record that counts: value, denominator (1 without one), weight */
};

/* What records add to an estimate. */
struct account_sums {
    long fates[CASE_FATES];
    struct sums sums[SUMS_LINES_MOST]; /* indicator_sums() */
    struct points points;              /* of statistics that need the values */
    struct sum wy, wx;                 /* weighted numerator and denominator */
};

struct account;

/* `domain` NULL: all records.  `results` is the store that has the estimate: what calibration and
 * the like made of the weights stands there.  NULL after messages: the design. */
struct account *account_new(const struct topic *t, const struct indicator *ind,
                            const struct domain *domain, const char *value, struct store *results);
void account_free(struct account *a);

/* The questions that the estimate rests on: those that the expressions and the domain name, and
 * those that calculations among them are made from; NULL-terminated, in the form's order. */
const struct question *const *account_questions(const struct account *a);

/* The shard of a county; the stores stay open until account_close(). */
void account_open(struct account *a, struct store *clean, struct store *weights);
bool account_next(struct account *a, struct account_case *c);
void account_close(struct account *a);

/* Where the value of a question stands: the record itself or the one enclosing it that has it;
 * NULL for a question of a repeat below. */
const struct record *account_holder(const struct record *r, const struct question *q);
/* The raw row of a record that account_next() gave, or of one enclosing it. */
long account_row(const struct account *a, const struct record *r);

void account_add(const struct account *a, struct account_sums *s, const struct account_case *c);
void account_sums_free(struct account_sums *s);
/* The estimate that the sums of all shards make: n and value, no errors. */
struct estimate account_estimate(const struct account *a, struct account_sums *shards, int count);

#endif
