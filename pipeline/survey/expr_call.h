/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a function of expr_numbers.c, expr_texts.c, expr_dates.c and their like gets its
 * arguments from libxml2's stack (last one first) and gives its result.
 *
 *     static void f_pow(call c, int n)
 *     {
 *         double power = take_number(c);
 *         give_number(c, pow(take_number(c), power));
 *     }
 */
#ifndef SURVEY_EXPR_CALL_H
#define SURVEY_EXPR_CALL_H

#include "survey/expr_private.h"

typedef xmlXPathParserContextPtr call;

struct engine *engine_of(call c);
/* Give up with a reason, which is told once per expression. */
void give_up(call c, const char *why);

/* The last argument; nodes become the text of the first, as XPath has it. */
xmlXPathObjectPtr pop_plain(call c);
/* Calls `visit` with the text of every node of a set. */
void nodes_each(const xmlXPathObject *o, void (*visit)(void *user, const char *text), void *user);

/* A text argument taken off the stack; free it after use. */
struct taken {
    xmlXPathObjectPtr object;
    char number[PLAIN_TEXT];
};
const char *take_text(call c, struct taken *t);
const char *taken_text(struct taken *t); /* again; numbers as XPath writes them */
void taken_free(struct taken *t);
double take_number(call c);
bool take_truth(call c);
/* n arguments, first one first; the caller frees them with free_taken(). */
xmlXPathObjectPtr *take_all(call c, int n);
void free_taken(xmlXPathObjectPtr *all, int n);
double object_number(const xmlXPathObject *o);

void give_number(call c, double number);
void give_truth(call c, bool truth);
void give_text(call c, const char *text); /* gives up when it is too long */
/* The value in its own form: numbers as numbers, dates as texts or as day numbers. */
void give_value(call c, const struct value *v, bool days);

/* The tables of functions, ended by a row without name. */
extern const struct function NUMBER_FUNCTIONS[], TEXT_FUNCTIONS[], DATE_FUNCTIONS[],
    VALUE_FUNCTIONS[], PLACE_FUNCTIONS[], CODE_FUNCTIONS[];

#endif
