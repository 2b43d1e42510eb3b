/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a topic decides about the review of its answers: sheet `rules` of the topic workbook,
 * read once and checked.
 */
#ifndef REVIEW_RULES_H
#define REVIEW_RULES_H

#include "review/divisions.h"
#include "survey/topic.h"

struct words {
    const char **items;
    int count;
};

/* A question that must equal the number of accepted records of a repeat. */
struct count_check {
    const char *question, *repeat;
};

/* A question with a code, and how the code must begin ("" for any). */
struct code_question {
    const char *question, *start;
};

struct rules {
    const char *today;               /* what today() means, YYYY-MM-DD; "" is the real day */
    struct words missing;            /* codes of a missing answer, folded (half-width, upper) */
    struct words missing_if_invalid; /* the same, where the constraint is not met */
    struct words missing_text;       /* further ones, in the questions below only */
    struct words number_questions;   /* phone and identity numbers: missing codes apply */
    struct words none_zero;          /* texts that mean 0 in a number question */
    struct words unit_words;         /* units that may follow a number */
    struct words id_questions;       /* resident identity numbers: kind id_bad, not constraint */
    struct code_question *credit_questions; /* unified social credit codes */
    int credit_question_count;
    struct words division_questions; /* GB/T 2260 codes, of 6 or 12 digits */
    struct words code_questions;     /* all of these: blanks, hyphens, case do not matter */
    struct divisions *divisions;     /* NULL unless there are division_questions; rules_free() */
    long month;                      /* of the survey, 202506: codes must be valid then */
    const char *record_date;         /* question with a record's date, "": the survey's day */
    bool follow_units;               /* a unit that ended stands for its one successor */
    struct code_question *unit_questions; /* that name units of the list; `start` is their kind */
    int unit_question_count;
    double suspect_yuan_below;     /* 元: 0 < value < this is suspect; 0 is no check */
    double suspect_wanyuan_from;   /* 万元: value >= this is suspect; 0 is no check */
    double serial_from, serial_to; /* spreadsheet serials taken for dates; 0: none */
    struct count_check *counts;
    int count_checks;
};

/* Returns 0, or -1 after messages.  Everything but the divisions lives in the topic's arena. */
int rules_read(struct topic *t, struct rules *r);
void rules_free(struct rules *r);

bool words_have(const struct words *w, const char *text);

/* The kind of unit that a question names, "" for any; NULL: it names none. */
const char *rules_unit_kind(const struct rules *r, const char *question);

/* How a credit code question's codes begin; "" for any; NULL: it is none. */
const char *rules_credit_start(const struct rules *r, const char *question);

#endif
