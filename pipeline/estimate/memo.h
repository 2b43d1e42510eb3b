/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An expression over many records, evaluated once per different answer where that is enough:
 * one that names a single question of choices or numbers of the record or of one enclosing it, and
 * is built only of operators and functions of their arguments, has the same result for the same
 * answer.  Choices are remembered by their texts, small whole numbers by themselves.
 *
 *     struct memo m;
 *     memo_begin(&m, expr, "${status} = '1' or ${status} = '2'", form, repeat);
 *     struct outcome o = memo_eval(&m, record);
 *     memo_end(&m);
 *
 * Other expressions are evaluated every time.
 */
#ifndef ESTIMATE_MEMO_H
#define ESTIMATE_MEMO_H

#include "base/map.h"
#include "survey/expr.h"

struct outcome {
    bool unknown;  /* an unknown answer was looked up, or the evaluation failed */
    bool blank;    /* as in struct result: a condition is not known then */
    bool truth;    /* as a condition; false when unknown */
    double number; /* as a number; NaN when it is none, or unknown */
};
struct memo {
    struct expr *expr;
    const struct question *question; /* NULL: nothing is remembered */
    struct map seen;                 /* reason and text of a choice -> index in outcomes */
    int *numbers;                    /* of each small number: 1 + index in outcomes; 0: not yet */
    struct outcome *outcomes;
    int count, room;
};

/* `text` is what `expr` was compiled from, for records of the repeat (-1: the top). */
void memo_begin(struct memo *m, struct expr *expr, const char *text, const struct form *form,
                int repeat);
struct outcome memo_eval(struct memo *m, const struct record *record);
void memo_end(struct memo *m);

#endif
