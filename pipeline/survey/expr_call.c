/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/expr_call.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct engine *engine_of(call c)
{
    return c->context->user;
}

void give_up(call c, const char *why)
{
    engine_of(c)->failure = why;
    c->error = XPATH_EXPR_ERROR;
}

const char *taken_text(struct taken *t)
{
    const xmlXPathObject *o = t->object;
    if (!o)
        return "";
    if (o->type == XPATH_STRING)
        return o->stringval ? (const char *)o->stringval : "";
    if (o->type == XPATH_BOOLEAN)
        return o->boolval ? "true" : "false";
    return o->type == XPATH_NUMBER ? plain_text(o->floatval, t->number) : "";
}

xmlXPathObjectPtr pop_plain(call c)
{
    xmlXPathObjectPtr o = valuePop(c);
    return o && o->type == XPATH_NODESET ? xmlXPathConvertString(o) : o;
}

double object_number(const xmlXPathObject *o)
{
    if (!o)
        return NAN;
    if (o->type == XPATH_NUMBER)
        return o->floatval;
    if (o->type == XPATH_BOOLEAN)
        return o->boolval;
    return o->type == XPATH_STRING ? plain_number((const char *)o->stringval) : NAN;
}

const char *take_text(call c, struct taken *t)
{
    t->object = pop_plain(c);
    return taken_text(t);
}

void taken_free(struct taken *t)
{
    xmlXPathFreeObject(t->object);
}

double take_number(call c)
{
    xmlXPathObjectPtr o = pop_plain(c);
    double number = object_number(o);
    xmlXPathFreeObject(o);
    return number;
}

bool take_truth(call c)
{
    xmlXPathObjectPtr o = valuePop(c);
    bool truth = o && o->type != XPATH_USERS && xmlXPathCastToBoolean(o);
    xmlXPathFreeObject(o);
    return truth;
}

void give_number(call c, double number)
{
    valuePush(c, xmlXPathNewFloat(number));
}

void give_truth(call c, bool truth)
{
    valuePush(c, xmlXPathNewBoolean(truth));
}

void give_text(call c, const char *text)
{
    if (strlen(text) > LONGEST_RESULT)
        give_up(c, "结果太长");
    else
        valuePush(c, xmlXPathNewString((const xmlChar *)text));
}

void give_value(call c, const struct value *v, bool days)
{
    if (*value_text(v) && !isnan(v->number) && (days || plain_number(v->text) == v->number))
        give_number(c, v->number);
    else
        give_text(c, value_text(v));
}

void nodes_each(const xmlXPathObject *o, void (*visit)(void *user, const char *text), void *user)
{
    for (int i = 0; o->nodesetval && i < o->nodesetval->nodeNr; i++) {
        xmlChar *text = xmlNodeGetContent(o->nodesetval->nodeTab[i]);
        visit(user, text ? (const char *)text : "");
        xmlFree(text);
    }
}

xmlXPathObjectPtr *take_all(call c, int n)
{
    xmlXPathObjectPtr *all = must_alloc((size_t)(n + 1) * sizeof(*all));
    for (int i = n; i-- > 0;)
        all[i] = valuePop(c);
    return all;
}

void free_taken(xmlXPathObjectPtr *all, int n)
{
    for (int i = 0; i < n; i++)
        xmlXPathFreeObject(all[i]);
    free(all);
}
