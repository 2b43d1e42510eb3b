/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The numeric claims of a draft, each with its verdict.
 *
 *     struct check c;
 *     check_open(&c, &draft);              // reads the numbers
 *     check_rules(&c, results);            // results may be NULL
 *     for (int i = 0; i < c.count; i++) …  // claims in the order of the draft
 *     check_close(&c);
 *
 * What counts as agreement.  A number printed with d decimals stands for half a unit of its last
 * place on either side; a fuzzy number for its interval; a count for itself.  A claim agrees when
 * the interval of what is printed and that of what is computed from the printed numbers overlap.
 * Whole numbers of 万 and 亿 are taken at their word first (3万元 is 30000); when a claim holds
 * only if they were rounded, it is doubtful.
 * A claim is called wrong only when its operands are certain: the rules say when, each in its file.
 * Where any reading near the claim makes it right, it is right.
 */
#ifndef VERIFY_CHECK_H
#define VERIFY_CHECK_H

#include "output/results.h"
#include "verify/draft.h"
#include "verify/quantity.h"

enum verdict {
    AGREES,    /* 相符 */
    UNCHECKED, /* 无从核对 */
    OFFER,     /* 提示: a figure that the draft does not print */
    DOUBT,     /* 存疑: may be right, ask */
    WRONG,     /* 不符 */
    DAMAGED,   /* 疑有缺损 */
    CONFLICT,  /* 前后不一 */
    VERDICTS,
};
extern const char *const VERDICT_NAMES[VERDICTS];

struct claim {
    enum verdict verdict;
    size_t from, to; /* in the scan */
    const char *reason;
};

/* An enumerated list: 一是 … 二是 …, (一) (二), 1. 2., 第一, ①. */
struct series {
    int style;            /* an index of the styles in series.c */
    int count;            /* how many items, numbered 1 … count */
    size_t from, to;      /* of the first enumerator; behind the last one */
    struct extent *heads; /* behind the enumerator up to the first punctuation; owned */
    int room;
    bool open;
};

struct check {
    const struct draft *draft;
    const char *s; /* draft->scan.text */
    struct quantities qs;
    struct series *series;
    int series_count, series_room;
    struct claim *claims;
    int count, room;
    bool *covered; /* of each quantity: some finding is about it */
    struct arena arena;
};

void check_open(struct check *c, const struct draft *d);
/* Runs every rule; findings come out sorted.  results NULL: the draft against itself only. */
void check_rules(struct check *c, struct results *results);
void check_close(struct check *c);

/* Adds a finding about the words [from, to) of the scan. */
void found(struct check *c, enum verdict v, size_t from, size_t to, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* A finding takes part of quantity i. */
void cover(struct check *c, int i);

/* ---- for the rules ------------------------------------------------------------------------- */

struct interval {
    double low, high;
};
/* What a number allows: at its word (decimals and fuzzy words only), or with whole numbers of
 * 万 rounded, too. */
struct interval at_its_word(const struct quantity *q);
struct interval if_rounded(const struct quantity *q);
bool overlap(struct interval a, struct interval b);
/* Quotient of non-negative intervals. */
struct interval quotient(struct interval a, struct interval b);
struct interval product(struct interval a, struct interval b);

/* The three-valued comparison of a printed number with a computed one: AGREES, DOUBT, WRONG. */
enum verdict compare(const struct quantity *printed, struct interval word, struct interval wide);

/* The words of quantity i as written, and a value as quantity `like` would print it (its unit,
 * its decimals or more); both in the check's arena. */
const char *words_of(struct check *c, int i);
const char *value_like(struct check *c, double value, const struct quantity *like);
/* A plain number with at most `decimals` decimals and no trailing zeros. */
const char *plain(struct check *c, double value, int decimals);

/* The first quantity that begins at or behind byte `at`; qs.count when there is none. */
int quantity_at(const struct check *c, size_t at);
/* The last quantity that ends at or before `at`, or -1. */
int quantity_before(const struct check *c, size_t at);

/* ---- the rules, each in its file ----------------------------------------------------------- */

void series_read(struct check *c);    /* series.c: c->series */
void rule_damage(struct check *c);    /* damage.c */
void rule_shares(struct check *c);    /* shares.c */
void rule_rates(struct check *c);    /* rates.c: 录取率 */
void rule_of_which(struct check *c);  /* ofwhich.c: 其中 */
void rule_totals(struct check *c);    /* parts.c: 合计, brackets */
void rule_products(struct check *c);  /* products.c: 每, 人均 */
void rule_grants(struct check *c);    /* grants.c: what was received and what was given */
void rule_offers(struct check *c);    /* grants.c: sums that the draft does not print */
void rule_growth(struct check *c);    /* growth.c */
void rule_lists(struct check *c);     /* lists.c: counts of what is listed */
void rule_conflicts(struct check *c); /* conflicts.c */
void rule_results(struct check *c, struct results *r); /* compare.c */

#endif
