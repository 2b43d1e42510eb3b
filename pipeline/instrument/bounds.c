/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/bounds.h"

#include "instrument/syntax.h"
#include "survey/expr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 8 }; /* of constraints that name questions whose constraints name questions … */

static const struct bounds NONE = {NAN, NAN};

static struct bounds bounds_at(struct arena *a, const struct form *f, const struct question *q,
                               int depth);

/* What the other side of a comparison can be. */
static struct bounds side(struct arena *a, const struct form *f, const struct term *t, int depth)
{
    const struct question *q = t->kind == TERM_REF ? form_question(f, t->text) : NULL;
    if (t->kind == TERM_NUMBER)
        return (struct bounds){strtod(t->text, NULL), strtod(t->text, NULL)};
    return q ? bounds_at(a, f, q, depth + 1) : NONE;
}

static double pick(double a, double b, bool larger)
{
    return larger ? fmax(a, b) : fmin(a, b);
}

/* `. < 5`, `5 >= .`, `. = 0` */
static struct bounds of_comparison(struct arena *a, const struct form *f, const struct term *t,
                                   int depth)
{
    bool left = t->parts[0]->kind == TERM_SELF;
    if (t->text[0] == '!' || (!left && t->parts[1]->kind != TERM_SELF))
        return NONE;
    struct bounds other = side(a, f, t->parts[left], depth);
    if (t->text[0] == '=')
        return other;
    bool upper = (t->text[0] == '<') == left;
    return upper ? (struct bounds){NAN, other.greatest} : (struct bounds){other.least, NAN};
}

static struct bounds of_term(struct arena *a, const struct form *f, const struct term *t, int depth)
{
    bool both = term_is(t, "and");
    if (both || term_is(t, "or")) {
        struct bounds x = of_term(a, f, t->parts[0], depth);
        struct bounds y = of_term(a, f, t->parts[1], depth);
        /* fmin() and fmax() take the number where one is NaN: right for `and`; an `or` with a
         * free side is free. */
        if (!both && (isnan(x.least) || isnan(y.least)))
            x.least = y.least = NAN;
        if (!both && (isnan(x.greatest) || isnan(y.greatest)))
            x.greatest = y.greatest = NAN;
        return (struct bounds){pick(x.least, y.least, both), pick(x.greatest, y.greatest, !both)};
    }
    if (t->kind == TERM_OPERATOR && t->count == 2 && strchr("=!<>", t->text[0]))
        return of_comparison(a, f, t, depth);
    return NONE;
}

static struct bounds bounds_at(struct arena *a, const struct form *f, const struct question *q,
                               int depth)
{
    if (!q->constraint || depth > DEPTH)
        return NONE;
    const struct term *t = syntax_read(a, expr_text(q->constraint));
    return t ? of_term(a, f, t, depth) : NONE;
}

struct bounds question_bounds(const struct form *f, const struct question *q)
{
    struct arena a = {0};
    struct bounds b = bounds_at(&a, f, q, 0);
    arena_free(&a);
    return b;
}
