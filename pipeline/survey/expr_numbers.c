/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Functions of XLSForm that give numbers.
 */
#include "survey/expr_call.h"

#include "survey/days.h"

#include <math.h>

/* A value as a number (day number for dates); NaN when it is none.  `dates`: texts that look
 * like dates count. */
static double value_number(const struct value *v, bool dates)
{
    double days = NAN;
    if (!*value_text(v))
        return NAN;
    if (!isnan(v->number))
        return v->number;
    double number = plain_number(v->text);
    if (isnan(number) && dates && days_from_text(v->text, &days))
        return days;
    return number;
}

static void f_round(call c, int n)
{
    double places = n > 1 ? take_number(c) : 0;
    double number = take_number(c);
    give_number(c, isnan(places) ? NAN : plain_round(number, (int)fmax(-99, fmin(99, places))));
}

static void f_number(call c, int n)
{
    (void)n;
    give_number(c, take_number(c));
}

static void f_int(call c, int n)
{
    (void)n;
    give_number(c, trunc(take_number(c)));
}

static void f_pow(call c, int n)
{
    (void)n;
    double power = take_number(c);
    give_number(c, pow(take_number(c), power));
}

static void f_atan2(call c, int n)
{
    (void)n;
    double x = take_number(c);
    give_number(c, atan2(take_number(c), x));
}

static void f_pi(call c, int n)
{
    (void)n;
    give_number(c, M_PI);
}

#define NUMBER_FUNCTION(name, code)                                                                \
    static void name(call c, int n)                                                                \
    {                                                                                              \
        (void)n;                                                                                   \
        give_number(c, code(take_number(c)));                                                      \
    }
NUMBER_FUNCTION(f_abs, fabs)
NUMBER_FUNCTION(f_sqrt, sqrt)
NUMBER_FUNCTION(f_exp, exp)
NUMBER_FUNCTION(f_exp10, exp10)
NUMBER_FUNCTION(f_log, log)
NUMBER_FUNCTION(f_log10, log10)
NUMBER_FUNCTION(f_sin, sin)
NUMBER_FUNCTION(f_cos, cos)
NUMBER_FUNCTION(f_tan, tan)
NUMBER_FUNCTION(f_asin, asin)
NUMBER_FUNCTION(f_acos, acos)
NUMBER_FUNCTION(f_atan, atan)

/* ---- lists ---------------------------------------------------------------------------------- */

/* Numbers met so far, for sum(), min(), max(). */
struct numbers {
    double sum, least, most;
    long count;
};

static void add_number(struct numbers *n, double number)
{
    if (isnan(number))
        return;
    n->least = n->count && n->least < number ? n->least : number;
    n->most = n->count && n->most > number ? n->most : number;
    n->sum += number;
    n->count++;
}

static void visit_node_number(void *user, const char *text)
{
    add_number(user, plain_number(text));
}

static void visit_number(void *user, const struct value *v)
{
    add_number(user, value_number(v, true));
}

/* The numbers of all arguments; what is no number is skipped, as JavaRosa does. */
static struct numbers take_numbers(call c, int n)
{
    struct numbers numbers = {0, NAN, NAN, 0};
    for (int i = 0; i < n; i++) {
        xmlXPathObjectPtr o = valuePop(c);
        if (o && o->type == XPATH_USERS)
            ref_each(o->user, visit_number, &numbers);
        else if (o && o->type == XPATH_NODESET)
            nodes_each(o, visit_node_number, &numbers);
        else
            add_number(&numbers, object_number(o));
        xmlXPathFreeObject(o);
    }
    return numbers;
}

static void f_sum(call c, int n)
{
    give_number(c, take_numbers(c, n).sum);
}

static void f_min(call c, int n)
{
    give_number(c, take_numbers(c, n).least);
}

static void f_max(call c, int n)
{
    give_number(c, take_numbers(c, n).most);
}

struct counting {
    long all, non_empty;
};

static void visit_count(void *user, const struct value *v)
{
    struct counting *counting = user;
    counting->all++;
    counting->non_empty += *value_text(v) != '\0';
}

static void visit_node_count(void *user, const char *text)
{
    struct counting *counting = user;
    counting->all++;
    counting->non_empty += *text != '\0';
}

static struct counting take_counting(call c)
{
    struct counting counting = {0, 0};
    xmlXPathObjectPtr o = valuePop(c);
    if (o && o->type == XPATH_USERS)
        ref_each(o->user, visit_count, &counting);
    else if (o && o->type == XPATH_NODESET)
        nodes_each(o, visit_node_count, &counting);
    xmlXPathFreeObject(o);
    return counting;
}

static void f_count(call c, int n)
{
    (void)n;
    give_number(c, (double)take_counting(c).all);
}

static void f_count_non_empty(call c, int n)
{
    (void)n;
    give_number(c, (double)take_counting(c).non_empty);
}

/* How many of the conditions hold, between the first two arguments; below 0: no bound. */
static void f_checklist(call c, int n)
{
    double count = 0;
    for (int i = 2; i < n; i++)
        count += take_truth(c);
    double most = take_number(c), least = take_number(c);
    give_truth(c, (least < 0 || count >= least) && (most < 0 || count <= most));
}

/* The same with a weight behind each condition. */
static void f_weighted_checklist(call c, int n)
{
    double sum = 0;
    if (n % 2)
        give_up(c, "weighted-checklist() 的条件和权数应成对写");
    for (int i = 2; i + 1 < n; i += 2) {
        double weight = take_number(c);
        sum += take_truth(c) ? weight : 0;
    }
    double most = take_number(c), least = take_number(c);
    give_truth(c, (least < 0 || sum >= least) && (most < 0 || sum <= most));
}

const struct function NUMBER_FUNCTIONS[] = {
    {"abs", 1, 1, "n", 'n', f_abs, NULL},
    {"acos", 1, 1, "n", 'n', f_acos, NULL},
    {"asin", 1, 1, "n", 'n', f_asin, NULL},
    {"atan", 1, 1, "n", 'n', f_atan, NULL},
    {"atan2", 2, 2, "n", 'n', f_atan2, NULL},
    {"ceiling", 1, 1, "n", 'n', NULL, NULL},
    {"checklist", 3, -1, "nnb", 'b', f_checklist, NULL},
    {"cos", 1, 1, "n", 'n', f_cos, NULL},
    {"count", 1, 1, "l", 'n', f_count, NULL},
    {"count-non-empty", 1, 1, "l", 'n', f_count_non_empty, NULL},
    {"exp", 1, 1, "n", 'n', f_exp, NULL},
    {"exp10", 1, 1, "n", 'n', f_exp10, NULL},
    {"floor", 1, 1, "n", 'n', NULL, NULL},
    {"int", 1, 1, "n", 'n', f_int, NULL},
    {"log", 1, 1, "n", 'n', f_log, NULL},
    {"log10", 1, 1, "n", 'n', f_log10, NULL},
    {"max", 1, -1, "N", 'n', f_max, NULL},
    {"min", 1, -1, "N", 'n', f_min, NULL},
    {"number", 1, 1, "n", 'n', f_number, NULL},
    {"pi", 0, 0, "", 'n', f_pi, NULL},
    {"pow", 2, 2, "n", 'n', f_pow, NULL},
    {"round", 1, 2, "n", 'n', f_round, NULL},
    {"sin", 1, 1, "n", 'n', f_sin, NULL},
    {"sqrt", 1, 1, "n", 'n', f_sqrt, NULL},
    {"sum", 1, 1, "l", 'n', f_sum, NULL},
    {"tan", 1, 1, "n", 'n', f_tan, NULL},
    {"weighted-checklist", 4, -1, "nnbnbnbnbnbnbnbnbnbn", 'b', f_weighted_checklist, NULL},
    {0},
};
