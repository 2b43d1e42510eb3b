/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An XLSForm expression as a tree, for turning it into words or into a spreadsheet formula.  Its
 * meaning is survey/expr.h; form_read() has checked it.
 *
 *     const struct term *t = syntax_read(&arena, "${age} > 15 and . != ''");
 *     t->kind == TERM_OPERATOR && t->text is "and"; t->parts[0] is the comparison
 */
#ifndef INSTRUMENT_SYNTAX_H
#define INSTRUMENT_SYNTAX_H

#include "base/arena.h"

#include <stdbool.h>

enum term_kind {
    TERM_NUMBER,   /* text as written */
    TERM_STRING,   /* text without quotation marks */
    TERM_SELF,     /* . */
    TERM_REF,      /* text is the question's name */
    TERM_NAME,     /* a bare name: a column of a choice list */
    TERM_PARENT,   /* .. */
    TERM_CALL,     /* text is the function, parts its arguments */
    TERM_OPERATOR, /* and or = != < <= > >= + - * div mod, with two parts; - with one */
};

enum { TERM_PARTS = 8 };

struct term {
    enum term_kind kind;
    const char *text;
    const struct term *parts[TERM_PARTS];
    int count;
};

/* Everything lives in the arena; NULL when the text is beyond this grammar. */
const struct term *syntax_read(struct arena *a, const char *text);

/* Whether the term is an operator of that name with two parts, or a call of that function. */
bool term_is(const struct term *t, const char *name);

#endif
