/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the expression module share: expr_scan.c reads an expression and rewrites it
 * for libxml2, expr_functions.c has ODK's functions, expr.c evaluates.
 *
 * In the rewritten text every value is a variable, whose first letter tells the form in which it
 * is wanted there (enum use), and whose rest tells which value it is:
 *     t0 v0 n0 l0   refs[0]          ts vs ns ls   the question's own value (.)
 *     c0            constants[0]     f0            columns[0] of the choice (choice_filter)
 *     p0            position in the repeat, p1 in the repeat around it …
 */
#ifndef SURVEY_EXPR_PRIVATE_H
#define SURVEY_EXPR_PRIVATE_H

#include "survey/expr.h"
#include "survey/pattern.h"
#include "survey/plain.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

enum {
    LONGEST_EXPRESSION = 64 * 1024,
    DEEPEST_EXPRESSION = 100,
    MOST_TOKENS = 8192,
    LONGEST_RESULT = 1024 * 1024,
    MOST_PATTERNS = 16,
};

enum use {
    USE_TEXT = 't',   /* the canonical text */
    USE_VALUE = 'v',  /* a number if the question is numeric, else the text */
    USE_NUMBER = 'n', /* as USE_VALUE, and dates as day numbers */
    USE_LIST = 'l',   /* all values of a repeat below, for sum() and its kin */
};

/* One ${name} of an expression: where its value stands, seen from the record. */
struct expr_ref {
    int question;   /* index in form->questions, -1: a repeat itself */
    int repeat;     /* the repeat itself, or the one that the question stands in */
    bool by_index;  /* for indexed-repeat() and jr:choice-name(): not looked up as such */
    int ups;        /* records to go up first */
    int path[8];    /* then down through all records of these repeats */
    int path_count; /* 0: a single value */
    /* During one evaluation: */
    const struct record *base;  /* after going up */
    const struct value *single; /* the value, when path_count is 0 */
};

struct expr {
    char *text, *rewritten;
    const struct form *form;
    int repeat;
    const struct question *self;
    const struct choice_list *list; /* choice_filter, or NULL */
    struct place at;                /* its strings are owned */
    xmlXPathCompExprPtr compiled;
    struct native *native; /* survey/expr_native.h; NULL when libxml2 must evaluate */
    struct expr_ref *refs;
    int ref_count, ref_room;
    int *questions; /* of the refs, each once */
    int question_count;
    double *constants;
    int constant_count, constant_room;
    int *columns; /* choice_filter: index in list->filter_heads, or COLUMN_NAME, COLUMN_LABEL */
    int column_count, column_room;
    struct pattern *patterns[MOST_PATTERNS];
    int pattern_count;
    bool uses_self, reported;
    bool minds_empty; /* see result.blank */
};
enum { COLUMN_NAME = -1, COLUMN_LABEL = -2 };

/* The one XPath context and what it works on; context->user points to it. */
struct engine {
    xmlXPathContextPtr context;
    int users;              /* expressions that are alive */
    xmlXPathObjectPtr last; /* result of the last evaluation */
    struct expr *expr;
    const struct record *record;
    const struct value *self;
    const struct choice *choice;
    const char *failure; /* why a function gave up; NULL */
    bool unknown, blank; /* as in struct result */
    char today[16];
    bool libxml2_only; /* for tests */
};

/* Leaves all expressions to libxml2, to compare it with survey/expr_native.h. */
void expr_set_libxml2_only(bool only);
/* Whether an expression is evaluated without libxml2. */
bool expr_is_native(const struct expr *e);

/* Whether values of a question may be numbers. */
static inline bool question_is_typed(const struct question *q)
{
    return q->type == Q_INTEGER || q->type == Q_DECIMAL || q->type == Q_CALCULATE ||
           q->type == Q_DATE || q->type == Q_DATETIME;
}

/* A function of XLSForm. */
struct function {
    const char *name; /* as written; "=" and "!=" are not written as calls, but become calls */
    int least, most;  /* arguments; most < 0: any number */
    /* How each argument is wanted, the last letter repeated: t v n as enum use; l a list; i as
     * the call itself; b a condition; T a list or texts; N a list or numbers; r a reference to a
     * question or repeat; q the name of a question in quotes; s a text in quotes; . a path of
     * dots. */
    const char *arguments;
    char result;                /* t text, n number, b truth, d date, i as its arguments */
    xmlXPathFunction code;      /* NULL: libxml2's own */
    xmlXPathFunction days_code; /* its twin that gives dates as day numbers, or NULL */
};
enum { FUNCTION_NAME = 64 };

/* The function of that name, or NULL. */
const struct function *function_find(const char *name, size_t length);
/* The name nearest to it, for "did you mean", or NULL. */
const char *function_nearest(const char *name);
/* Functions of ODK that cannot be recomputed here, with the reason; NULL for all others. */
const char *function_refused(const char *name);
/* The name under which libxml2 knows the function, or its twin for day numbers. */
const char *function_xpath(const struct function *f, bool days, char name[FUNCTION_NAME]);
void functions_register(xmlXPathContextPtr context);

/* Reads e->text, checks it and fills rewritten, refs, constants, columns, patterns.  Returns 0,
 * or -1 after messages. */
int expr_scan(struct expr *e);

/* The values of a list reference in order: calls `visit` with each (NULL for records of a
 * repeat).  Values that were not asked are left out, as ODK leaves out irrelevant nodes. */
typedef void value_visitor(void *user, const struct value *value);
void ref_each(const struct expr_ref *ref, value_visitor *visit, void *user);

/* selected(): whether the item, blanks around it apart, stands between blanks in " list ".  As in
 * JavaRosa and Web Forms, nothing is selected where the list is empty and the item too. */
bool list_selected(const char *list, const char *item);

static inline const char *value_text(const struct value *v)
{
    return v && v->text ? v->text : "";
}

#endif
