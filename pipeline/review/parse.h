/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One cell as received -> the value that it says, and the certain repairs that this took.
 *
 *     struct parser *p = parser_new(topic, &rules);
 *     struct parsed v = {0};
 *     parse_cell(p, question, &cell, 1, NULL, &v);
 *     if (v.state == PARSED_VALUE)
 *         use(v.text.text, v.number, v.repairs);
 *     parsed_free(&v);
 *     parser_free(p);
 *
 * Whether the value is allowed is not asked here (review/review.h); nothing is guessed.
 */
#ifndef REVIEW_PARSE_H
#define REVIEW_PARSE_H

#include "formats/cells.h"
#include "review/repair.h"
#include "review/rules.h"

#include <stdbool.h>

struct parser;

enum parsed_state {
    PARSED_BLANK, /* nothing but white space and control characters */
    PARSED_VALUE,
    PARSED_MISSING, /* a code that says: asked, no answer */
    PARSED_BAD,     /* no value of this question's type for certain */
};

struct parsed {
    enum parsed_state state;
    unsigned repairs;   /* enum repair */
    bool none_zero;     /* "无" in a number question: 0, if 0 is allowed */
    bool maybe_missing; /* 999: missing, if the constraint does not allow it */
    bool missing_words; /* a text that would be a missing code elsewhere: no answer where none is
                           due */
    struct buf text;    /* canonical: number, YYYY-MM-DD, code, codes joined by a blank, text */
    double number;      /* numbers; dates as days since 1970-01-01; NaN otherwise */
};

/* Both the topic and the rules must outlive it. */
struct parser *parser_new(const struct topic *t, const struct rules *r);
void parser_free(struct parser *p);

/* Reads the cell as an answer to q; calculations are read as numbers where they are numbers.
 * `factor`: received number x factor = the question's unit.  `allowed` (one flag a choice of the
 * list, NULL for all) leaves choices out.  `out` is reused from call to call. */
void parse_cell(struct parser *p, const struct question *q, const struct cell *cell, double factor,
                const bool *allowed, struct parsed *out);

/* The cell's text without control characters and outer white space, line ends as LF, into `out`
 * (replaced).  Tells whether control characters were removed. */
bool clean_text(const struct cell *cell, struct buf *out);

void parsed_free(struct parsed *out);

#endif
