/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A value of a record, and why it is missing when it is.
 */
#ifndef SURVEY_VALUE_H
#define SURVEY_VALUE_H

#include <stdbool.h>

/* Why a value is not there.  The letters stand in the record tables' "_missing". */
enum missing {
    VALUE_OK = '.',
    NOT_ASKED = 's',    /* skipped by `relevant` (or answered although skipped, and cleared) */
    NO_ANSWER = 'm',    /* asked, a missing code was given: 不详, 拒答, -99 … */
    RETURNED = 'r',     /* given, but sent back to the county */
    BLANK = 'b',        /* required and empty; sent back */
    OPTIONAL = 'o',     /* not required and empty */
    UNDECIDED = 'u',    /* empty, and whether it was asked is not known */
    NOT_COMPUTED = 'c', /* a calculation that refers to an unknown value */
};

struct value {
    enum missing missing;
    const char *text; /* canonical form; "" when missing */
    double number;    /* numbers; dates as days since 1970-01-01; NaN otherwise */
};

/* Unknown: somebody has an answer, we do not.  (NOT_ASKED and OPTIONAL are known to be empty.) */
static inline bool value_unknown(const struct value *v)
{
    return v->missing == NO_ANSWER || v->missing == RETURNED || v->missing == BLANK ||
           v->missing == UNDECIDED || v->missing == NOT_COMPUTED;
}

#endif
