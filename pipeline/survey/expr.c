/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/expr_private.h"

#include "base/arena.h"
#include "survey/days.h"
#include "survey/expr_native.h"

#include <libxml/xpathInternals.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libxml2's context with our functions is dear (a hash of 80 functions), so all expressions
 * share one; it lives as long as any of them. */
static struct engine engine;

/* ---- values for libxml2 ---------------------------------------------------------------------- */

static void each_below(const struct record *record, const struct expr_ref *ref, int step,
                       value_visitor *visit, void *user)
{
    for (int i = 0; i < record->child_count; i++) {
        const struct record *child = record->children[i];
        if (child->repeat != ref->path[step])
            continue;
        if (step + 1 < ref->path_count) {
            each_below(child, ref, step + 1, visit, user);
            continue;
        }
        const struct value *v = ref->question < 0 ? NULL : &child->values[ref->question];
        if (!v || v->missing != NOT_ASKED)
            visit(user, v);
    }
}

void ref_each(const struct expr_ref *ref, value_visitor *visit, void *user)
{
    if (ref->path_count && ref->base)
        each_below(ref->base, ref, 0, visit, user);
    else if (!ref->path_count && ref->single && ref->single->missing != NOT_ASKED)
        visit(user, ref->single);
}

static xmlXPathObjectPtr text_object(const char *text)
{
    return xmlXPathNewString((const xmlChar *)text);
}

/* A value in the form that is wanted; `typed`: its question has numbers or dates.  Empty is ''
 * in every form, which is no number, as in XPath. */
static xmlXPathObjectPtr value_object(const struct value *v, enum use use, bool typed)
{
    const char *text = value_text(v);
    double days;
    if (!*text || use == USE_TEXT || !typed)
        return text_object(text);
    bool date = text[1] && text[2] && text[3] && text[4] == '-' && days_from_text(text, &days);
    if (date)
        return use == USE_VALUE ? text_object(text) : xmlXPathNewFloat(days);
    return isnan(v->number) ? text_object(text) : xmlXPathNewFloat(v->number);
}

static xmlXPathObjectPtr reference_object(const struct engine *g, enum use use, int slot)
{
    struct expr_ref *ref = &g->expr->refs[slot];
    if (use == USE_LIST) {
        xmlXPathObjectPtr list = xmlXPathNewFloat(0);
        if (list) {
            list->type = XPATH_USERS;
            list->user = ref;
        }
        return list;
    }
    return value_object(ref->single, use,
                        question_is_typed(&g->expr->form->questions[ref->question]));
}

static const char *column_text(const struct engine *g, int slot)
{
    int column = g->expr->columns[slot];
    if (!g->choice)
        return "";
    if (column == COLUMN_NAME)
        return g->choice->name;
    return column == COLUMN_LABEL ? g->choice->label : g->choice->filters[column];
}

static xmlXPathObjectPtr position_object(const struct engine *g, int levels)
{
    const struct record *r = g->record;
    while (r && levels-- > 0)
        r = r->parent;
    return xmlXPathNewFloat(r ? r->position : NAN);
}

/* Called by libxml2 for each variable; the names are those of expr_private.h. */
static xmlXPathObjectPtr look_up(void *user, const xmlChar *name, const xmlChar *space)
{
    const struct engine *g = user;
    int slot = 0;
    (void)space;
    if (name[1] == 's')
        return value_object(g->self, (enum use)name[0],
                            !g->expr->self || question_is_typed(g->expr->self));
    for (const xmlChar *p = name + 1; *p; p++)
        slot = slot * 10 + (*p - '0');
    switch (name[0]) {
    case 'c':
        return xmlXPathNewFloat(g->expr->constants[slot]);
    case 'f':
        return text_object(column_text(g, slot));
    case 'p':
        return position_object(g, slot);
    default:
        return reference_object(g, (enum use)name[0], slot);
    }
}

/* ---- compiling ------------------------------------------------------------------------------- */

/* libxml2's messages are never printed; what matters of them is told by us. */
static void quiet(void *user, xmlErrorPtr why)
{
    (void)user;
    (void)why;
}

static void engine_use(void)
{
    if (engine.users++ > 0)
        return;
    engine.context = xmlXPathNewContext(NULL);
    if (!engine.context)
        die(CANNOT, "内存不足");
    engine.context->error = quiet;
    engine.context->user = &engine;
    xmlXPathContextSetCache(engine.context, 1, -1, 0);
    functions_register(engine.context);
    xmlXPathRegisterVariableLookup(engine.context, look_up, &engine);
}

static void engine_leave(void)
{
    if (--engine.users > 0)
        return;
    xmlXPathFreeObject(engine.last);
    xmlXPathFreeContext(engine.context);
    engine.last = NULL;
    engine.context = NULL;
}

static char *copy(const char *text)
{
    return text ? must_strdup(text) : NULL;
}

static void collect_questions(struct expr *e)
{
    e->questions = must_alloc((size_t)(e->ref_count + 1) * sizeof *e->questions);
    for (int i = 0; i < e->ref_count; i++) {
        bool seen = e->refs[i].question < 0;
        for (int k = 0; k < e->question_count; k++)
            seen = seen || e->questions[k] == e->refs[i].question;
        if (!seen)
            e->questions[e->question_count++] = e->refs[i].question;
    }
}

static struct expr *compile(struct expr *e, const char *text, struct place at)
{
    engine_use();
    e->text = must_strdup(text);
    e->at = (struct place){copy(at.file), copy(at.sheet), at.row, copy(at.column), NULL};
    if (expr_scan(e) < 0) {
        expr_free(e);
        return NULL;
    }
    e->compiled = xmlXPathCtxtCompile(engine.context, (const xmlChar *)e->rewritten);
    if (!e->compiled) {
        at.text = e->text;
        error_at(at, "表达式不合语法（第%d个字符附近）", engine.context->lastError.int1 + 1);
        expr_free(e);
        return NULL;
    }
    collect_questions(e);
    e->native = native_compile(e);
    return e;
}

struct expr *expr_compile(const char *text, const struct form *form, int repeat, struct place at)
{
    struct expr *e = must_alloc(sizeof *e);
    e->form = form;
    e->repeat = repeat;
    return compile(e, text, at);
}

struct expr *expr_compile_for(const char *text, const struct form *form,
                              const struct question *self, const struct choice_list *list,
                              struct place at)
{
    struct expr *e = must_alloc(sizeof *e);
    e->form = form;
    e->repeat = self->repeat;
    e->self = self;
    e->list = list;
    return compile(e, text, at);
}

void expr_free(struct expr *e)
{
    if (!e)
        return;
    xmlXPathFreeCompExpr(e->compiled);
    native_free(e->native);
    for (int i = 0; i < e->pattern_count; i++)
        pattern_free(e->patterns[i]);
    free(e->refs);
    free(e->questions);
    free(e->constants);
    free(e->columns);
    free((char *)e->at.file);
    free((char *)e->at.sheet);
    free((char *)e->at.column);
    free(e->text);
    free(e->rewritten);
    free(e);
    engine_leave();
}

const int *expr_references(const struct expr *e, int *count)
{
    *count = e->question_count;
    return e->questions;
}

const char *expr_text(const struct expr *e)
{
    return e->text;
}

void expr_set_today(const char *date)
{
    snprintf(engine.today, sizeof engine.today, "%s", date);
}

void expr_set_libxml2_only(bool only)
{
    engine.libxml2_only = only;
}

bool expr_is_native(const struct expr *e)
{
    return e->native != NULL;
}

/* ---- evaluating ------------------------------------------------------------------------------ */

static void visit_unknown(void *user, const struct value *v)
{
    bool *unknown = user;
    *unknown = *unknown || (v && value_unknown(v));
}

/* Finds where each reference stands, seen from the record, and sets engine.unknown and blank. */
static void locate_values(struct expr *e, const struct record *record)
{
    bool unknown = false, blank = false;
    for (int i = 0; i < e->ref_count; i++) {
        struct expr_ref *ref = &e->refs[i];
        const struct record *r = record;
        for (int up = ref->ups; up > 0 && r; up--)
            r = r->parent;
        ref->base = r;
        ref->single =
            r && !ref->path_count && ref->question >= 0 ? &r->values[ref->question] : NULL;
        if (ref->by_index)
            continue;
        if (ref->single) { /* a value that was not asked is not unknown */
            unknown = unknown || value_unknown(ref->single);
            blank = blank || ref->single->missing == OPTIONAL;
        } else {
            ref_each(ref, visit_unknown, &unknown);
        }
    }
    engine.unknown = unknown;
    engine.blank = blank && !e->minds_empty;
}

static struct result make_result(xmlXPathObjectPtr o)
{
    struct result r = {.kind = RESULT_TEXT, .number = NAN, .text = ""};
    if (o->type == XPATH_BOOLEAN) {
        r.kind = RESULT_BOOL;
        r.truth = o->boolval;
    } else if (o->type == XPATH_NUMBER) {
        r.kind = RESULT_NUMBER;
        r.number = o->floatval;
    } else if (o->type == XPATH_STRING && o->stringval) {
        r.text = (const char *)o->stringval;
    }
    return r;
}

static struct result report_failure(struct expr *e)
{
    if (!e->reported) {
        struct place at = e->at;
        at.text = e->text;
        error_at(at, "表达式算不出来：%s", engine.failure ? engine.failure : "层次或长度超限");
        e->reported = true;
    }
    return (struct result){.kind = RESULT_TEXT, .number = NAN, .text = "", .failed = true};
}

static struct result evaluate(struct expr *e, const struct record *record, const struct value *self,
                              const struct choice *choice)
{
    engine.expr = e;
    engine.record = record;
    engine.self = self;
    engine.choice = choice;
    engine.failure = NULL;
    locate_values(e, record);
    engine.unknown = engine.unknown || (e->uses_self && self && value_unknown(self));
    if (e->native && !engine.libxml2_only) {
        struct result native = native_eval(e->native, &engine);
        native.unknown = engine.unknown;
        native.blank = engine.blank;
        return native;
    }
    xmlXPathFreeObject(engine.last);
    engine.last = xmlXPathCompiledEval(e->compiled, engine.context);
    if (engine.last && engine.last->type == XPATH_NODESET)
        engine.last = xmlXPathConvertString(engine.last);
    struct result r = engine.last ? make_result(engine.last) : report_failure(e);
    r.unknown = engine.unknown;
    r.blank = engine.blank;
    return r;
}

struct result expr_eval(struct expr *e, const struct record *record, const struct value *self)
{
    return evaluate(e, record, self, NULL);
}

struct result expr_eval_choice(struct expr *e, const struct record *record,
                               const struct choice_list *list, const struct choice *choice)
{
    return evaluate(e, record, NULL, list == e->list ? choice : NULL);
}

bool result_true(const struct result *r)
{
    if (r->kind == RESULT_BOOL)
        return r->truth;
    if (r->kind == RESULT_NUMBER)
        return r->number != 0 && !isnan(r->number);
    return *r->text != '\0';
}

double result_number(const struct result *r)
{
    double number = r->kind == RESULT_BOOL     ? r->truth
                    : r->kind == RESULT_NUMBER ? r->number
                                               : plain_number(r->text);
    return isfinite(number) ? number : NAN;
}

const char *result_text(const struct result *r, char *buffer, unsigned long size)
{
    char number[PLAIN_TEXT];
    const char *text = r->text;
    if (r->kind == RESULT_BOOL)
        text = r->truth ? "true" : "false";
    else if (r->kind == RESULT_NUMBER)
        text = isfinite(r->number) ? plain_text(r->number, number) : "";
    size_t n = strlen(text);
    n = n < size ? n : size - 1;
    memcpy(buffer, text, n);
    buffer[n] = '\0';
    return buffer;
}
