/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The functions of XLSForm for libxml2's XPath: those that choose between values, and the table
 * of all.  Their meaning is that of JavaRosa, the engine of ODK Collect
 * (org.javarosa.xpath.expr.XPathFuncExpr), except where a comment says otherwise.
 */
#include "survey/expr_call.h"

#include "base/text.h"
#include "survey/secondary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- choices between values ------------------------------------------------------------------ */

static void f_if(call c, int n)
{
    (void)n;
    xmlXPathObjectPtr otherwise = valuePop(c), then = valuePop(c);
    bool truth = take_truth(c);
    valuePush(c, truth ? then : otherwise);
    xmlXPathFreeObject(truth ? otherwise : then);
}

/* JavaRosa's `=`: truths first, then numbers within 1e-12, else texts. */
static bool equal(struct taken *a, struct taken *b)
{
    if (!a->object || !b->object)
        return false;
    if (a->object->type == XPATH_BOOLEAN || b->object->type == XPATH_BOOLEAN)
        return xmlXPathCastToBoolean(a->object) == xmlXPathCastToBoolean(b->object);
    if (a->object->type == XPATH_NUMBER || b->object->type == XPATH_NUMBER)
        return fabs(object_number(a->object) - object_number(b->object)) < 1e-12;
    return strcmp(taken_text(a), taken_text(b)) == 0;
}

/* The text of a set's node; of another object a copy. */
static xmlXPathObjectPtr node_text(xmlXPathObjectPtr o, int node)
{
    if (!o || o->type != XPATH_NODESET)
        return xmlXPathObjectCopy(o);
    bool any = o->nodesetval && node < o->nodesetval->nodeNr;
    return any ? xmlXPathWrapString(xmlXPathCastNodeToString(o->nodesetval->nodeTab[node]))
               : xmlXPathNewCString("");
}

/* Whether a pair is equal, or is not, among the nodes on either side; no node is ''. */
static bool take_compared(call c, bool wanted)
{
    xmlXPathObjectPtr sides[2] = {NULL};
    sides[1] = valuePop(c);
    sides[0] = valuePop(c);
    bool found = false;
    int nodes[2];
    for (int k = 0; k < 2; k++)
        nodes[k] = sides[k] && sides[k]->type == XPATH_NODESET && sides[k]->nodesetval
                       ? sides[k]->nodesetval->nodeNr
                       : 0;
    for (int i = 0; i == 0 || i < nodes[0]; i++)
        for (int k = 0; (k == 0 || k < nodes[1]) && !found; k++) {
            struct taken a = {node_text(sides[0], i), ""}, b = {node_text(sides[1], k), ""};
            found = equal(&a, &b) == wanted;
            taken_free(&a);
            taken_free(&b);
        }
    xmlXPathFreeObject(sides[0]);
    xmlXPathFreeObject(sides[1]);
    return found;
}

static void f_equal(call c, int n)
{
    (void)n;
    give_truth(c, take_compared(c, true));
}

static void f_not_equal(call c, int n)
{
    (void)n;
    give_truth(c, take_compared(c, false));
}

static bool is_empty(const xmlXPathObject *o)
{
    return !o || (o->type == XPATH_STRING && (!o->stringval || !*o->stringval)) ||
           (o->type == XPATH_NUMBER && isnan(o->floatval));
}

static void f_coalesce(call c, int n)
{
    (void)n;
    xmlXPathObjectPtr second = valuePop(c), first = pop_plain(c);
    bool empty = is_empty(first);
    valuePush(c, empty ? second : first);
    xmlXPathFreeObject(empty ? first : second);
}

/* once(x): the question's own value when it has one, else x. */
static void once(call c, bool days)
{
    const struct value *self = engine_of(c)->self;
    if (!*value_text(self))
        return;
    xmlXPathFreeObject(valuePop(c));
    give_value(c, self, days);
}

static void f_once(call c, int n)
{
    (void)n;
    once(c, false);
}

static void f_once_days(call c, int n)
{
    (void)n;
    once(c, true);
}

/* The list as nodes; names_resolve() saw to it. */
static void f_instance(call c, int n)
{
    (void)n;
    struct taken t;
    const char *why;
    const struct form *f = engine_of(c)->expr->form;
    xmlDocPtr list = secondary_open(f->secondary, f, take_text(c, &t), &why);
    valuePush(c, xmlXPathNewNodeSet((xmlNodePtr)list));
    taken_free(&t);
}

/* The record that is number `index` of a repeat under `record`, or NULL. */
static const struct record *nth_child(const struct record *record, int repeat, double index)
{
    double seen = 0;
    for (int i = 0; i < record->child_count; i++)
        if (record->children[i]->repeat == repeat && ++seen == index)
            return record->children[i];
    return NULL;
}

/* indexed-repeat(${q}, ${outer}, i[, ${inner}, j …]): from the record around the first repeat
 * down to the question's, taking the numbered record of each; 1 where no number is given and for
 * numbers below 1, as in JavaRosa. */
static const struct value *indexed_value(const struct engine *g, xmlXPathObjectPtr *all, int n)
{
    const struct expr *e = g->expr;
    const struct form *form = e->form;
    const struct expr_ref *target = &e->refs[(int)object_number(all[0])];
    int outer = e->refs[(int)object_number(all[1])].repeat;
    const struct record *r = g->record;
    int chain[16], steps = 0, around = target->repeat;
    for (; around >= 0 && steps < 16; around = form->repeats[around].parent) {
        chain[steps++] = around;
        if (around == outer)
            break;
    }
    if (target->question < 0 || around != outer || outer < 0)
        return NULL;
    while (r && r->repeat != form->repeats[outer].parent)
        r = r->parent;
    while (r && steps-- > 0) {
        double index = 1;
        for (int i = 1; i + 1 < n; i += 2)
            if (e->refs[(int)object_number(all[i])].repeat == chain[steps])
                index = fmax(1, trunc(object_number(all[i + 1])));
        r = nth_child(r, chain[steps], index);
    }
    return r ? &r->values[target->question] : NULL;
}

static void indexed_repeat(call c, int n, bool days)
{
    xmlXPathObjectPtr *all = take_all(c, n);
    const struct value *v = n % 2 ? indexed_value(engine_of(c), all, n) : NULL;
    if (n % 2 == 0)
        give_up(c, "indexed-repeat() 的循环和序号应成对写");
    else
        give_value(c, v, days);
    if (v && value_unknown(v))
        engine_of(c)->unknown = true;
    free_taken(all, n);
}

static void f_indexed_repeat(call c, int n)
{
    indexed_repeat(c, n, false);
}

static void f_indexed_repeat_days(call c, int n)
{
    indexed_repeat(c, n, true);
}

const struct function VALUE_FUNCTIONS[] = {
    {"boolean", 1, 1, "v", 'b', NULL, NULL},
    {"coalesce", 2, 2, "i", 'i', f_coalesce, NULL},
    {"false", 0, 0, "", 'b', NULL, NULL},
    {"if", 3, 3, "bii", 'i', f_if, NULL},
    {"indexed-repeat", 3, 11, "rrnrnrnrnrn", 'i', f_indexed_repeat, f_indexed_repeat_days},
    {"instance", 1, 1, "s", 'p', f_instance, NULL},
    {"last", 0, 0, "", 'n', NULL, NULL},
    {"not", 1, 1, "b", 'b', NULL, NULL},
    {"once", 1, 1, "i", 'i', f_once, f_once_days},
    {"position", 0, 1, ".", 'n', NULL, NULL},
    {"true", 0, 0, "", 'b', NULL, NULL},
    {"=", 2, 2, "vv", 'b', f_equal, NULL},
    {"!=", 2, 2, "vv", 'b', f_not_equal, NULL},
    {0},
};

/* ---- all functions ----------------------------------------------------------------------------
 */

static const struct function *const tables[] = {NUMBER_FUNCTIONS, TEXT_FUNCTIONS,  DATE_FUNCTIONS,
                                                VALUE_FUNCTIONS,  PLACE_FUNCTIONS, CODE_FUNCTIONS};
enum { TABLE_COUNT = sizeof tables / sizeof *tables };

const struct function *function_find(const char *name, size_t length)
{
    for (int t = 0; t < TABLE_COUNT; t++)
        for (const struct function *f = tables[t]; f->name; f++)
            if (strlen(f->name) == length && memcmp(f->name, name, length) == 0)
                return f;
    return NULL;
}

const char *function_nearest(const char *name)
{
    const char *best = NULL;
    int least = 3;
    for (int t = 0; t < TABLE_COUNT; t++)
        for (const struct function *f = tables[t]; f->name; f++) {
            int d = text_distance(name, f->name);
            if (d < least) {
                least = d;
                best = f->name;
            }
        }
    return best;
}

const char *function_refused(const char *name)
{
    static const char *const rows[][2] = {
        {"random", "每次结果不同，办公室无法按它核对；要用就另设 calculate 题 "
                   "once(random())，条件里写那道题"},
        {"uuid",
         "每次结果不同，办公室无法按它核对；要用就另设 calculate 题 once(uuid())，条件里写那道题"},
        {"randomize", "每次结果不同，办公室无法按它核对；要用就另设 calculate 题 "
                      "once(random())，条件里写那道题"},
        {"property", "清理时没有手机的设置"},
        {"version", "清理时没有手机的设置"},
        {"substring", "XLSForm 里用 substr(文字, 起, 止)，起从0数"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i][0], name) == 0)
            return rows[i][1];
    return NULL;
}

const char *function_xpath(const struct function *f, bool days, char name[FUNCTION_NAME])
{
    const char *plain = strcmp(f->name, "=") == 0     ? "equal"
                        : strcmp(f->name, "!=") == 0  ? "not-equal"
                        : starts_with(f->name, "jr:") ? f->name + 3
                                                      : f->name;
    snprintf(name, FUNCTION_NAME, "%s%s", plain, days ? "-days" : "");
    return name;
}

static void register_one(xmlXPathContextPtr context, const char *name, xmlXPathFunction code)
{
    xmlXPathRegisterFunc(context, (const xmlChar *)name, NULL); /* forget libxml2's own */
    xmlXPathRegisterFunc(context, (const xmlChar *)name, code);
}

void functions_register(xmlXPathContextPtr context)
{
    char name[FUNCTION_NAME];
    for (int t = 0; t < TABLE_COUNT; t++)
        for (const struct function *f = tables[t]; f->name; f++) {
            if (f->code)
                register_one(context, function_xpath(f, false, name), f->code);
            if (f->days_code)
                register_one(context, function_xpath(f, true, name), f->days_code);
        }
}
