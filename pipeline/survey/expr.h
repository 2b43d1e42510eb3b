/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * XLSForm expressions: XPath 1.0 with ODK's functions, over one record.  libxml2 evaluates;
 * each expression is compiled once.
 *
 *     struct expr *e = expr_compile("${hh_size} > 0 and . <= ${hh_size}", form, repeat, at);
 *     struct result r = expr_eval(e, &record, &self);
 *     if (!r.unknown && !result_true(&r)) …
 *
 * ${name} of the record's own level or of an enclosing one is that value; of a repeat below, it
 * may stand only inside sum(), count(), min(), max(), join(), count-non-empty() and means the
 * values of all its records.  `.` is the question's own value.  Dates compare as day numbers.
 *
 * The meaning is that of JavaRosa, ODK Collect's engine: regex() matches the whole text; substr()
 * counts from 0, end exclusive; round() takes halves up, of negative numbers towards zero; = takes
 * computed numbers within 1e-12 for equal; sum(), min() and max() skip what is no number; empty
 * values are '' and no number.  We differ from it where a wrong type stops it: date('x') is ''
 * here.  Clocks have no time zone, now() is to the second.
 *
 * Functions: if coalesce once selected count-selected selected-at jr:choice-name indexed-repeat
 * position(..) count count-non-empty sum min max join concat regex substr substring-before
 * substring-after string-length contains starts-with ends-with translate normalize-space string
 * number int round floor ceiling abs pow sqrt exp exp10 log log10 sin cos tan asin acos atan atan2
 * pi date date-time today now format-date format-date-time decimal-date-time decimal-time boolean
 * boolean-from-string not true false checklist weighted-checklist pulldata (survey/lookup.h) digest
 * base64-decode area distance geofence.  Paths: instance('list')/root/item[condition]/column, over
 * lists of options and CSV files (survey/secondary.h), with position() and last() in brackets;
 * ../name, current()/../name, /form/group/name, which are the same as ${name}.
 * Refused with a reason: random, uuid, randomize, property, version.
 */
#ifndef SURVEY_EXPR_H
#define SURVEY_EXPR_H

#include "base/message.h"
#include "survey/form.h"
#include "survey/value.h"

#include <stdbool.h>

/* One record of a form: the top level, or one member of a repeat. */
struct record {
    const struct form *form;
    int repeat;           /* level: index in form->repeats, or -1 */
    struct value *values; /* by question index; only those of this level are set */
    const struct record *parent;
    struct record **children; /* records of the repeats directly below, in order */
    int child_count;
    int position; /* from 1 in its repeat */
};

struct result {
    enum { RESULT_BOOL, RESULT_NUMBER, RESULT_TEXT } kind;
    bool truth;
    double number;
    const char *text; /* valid until the next expr_eval() */
    bool unknown;     /* an unknown value was looked up (value_unknown) */
    bool blank;       /* an optional answer of the record or one enclosing it was looked up and is
                         empty, and the expression does not say what that means: it neither
                         compares with '' nor calls coalesce() or string-length() */
    bool failed;      /* could not be evaluated; reported once */
};

/* Compile for a level of the form.  Reports undefined names and syntax with `at`; NULL then. */
struct expr *expr_compile(const char *text, const struct form *form, int repeat, struct place at);
/* The same for a cell of a question's row, with the list of its choice_filter or NULL: then bare
 * names are columns of the list, and position(..) counts the groups around the question. */
struct expr *expr_compile_for(const char *text, const struct form *form,
                              const struct question *self, const struct choice_list *list,
                              struct place at);
void expr_free(struct expr *e);

/* Evaluate over a record; `self` is the value of `.` (NULL when there is none).  `unknown` is
 * set when any value that the expression names is unknown, whether or not the result depends on
 * it: neither `and` nor if() hides one. */
struct result expr_eval(struct expr *e, const struct record *record, const struct value *self);
/* The same for a choice_filter: names of the list's filter columns are those of `choice`. */
struct result expr_eval_choice(struct expr *e, const struct record *record,
                               const struct choice_list *list, const struct choice *choice);

bool result_true(const struct result *r);
double result_number(const struct result *r); /* NaN when it is no finite number */
/* XPath's string() of the result, numbers in shortest exact form ("12.5", "3"); into buffer.  ""
 * for NaN and infinity: ODK stores a calculation without a number as blank. */
const char *result_text(const struct result *r, char *buffer, unsigned long size);

/* Questions that the expression names (indices in form->questions), for checks of order and
 * cycles.  The array belongs to the expression. */
const int *expr_references(const struct expr *e, int *count);
const char *expr_text(const struct expr *e); /* as written */

/* The day that today() means, YYYY-MM-DD; "" is the real one.  Set once by the program from the
 * topic's rules. */
void expr_set_today(const char *date);

#endif
