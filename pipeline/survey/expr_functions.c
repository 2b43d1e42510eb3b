/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The functions of XLSForm for libxml2's XPath.  Their meaning is that of JavaRosa, the engine of
 * ODK Collect (org.javarosa.xpath.expr.XPathFuncExpr), except where a comment says otherwise.
 */
#include "survey/expr_private.h"

#include "base/text.h"
#include "survey/days.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

typedef xmlXPathParserContextPtr call;

static struct engine *engine_of(call c)
{
    return c->context->user;
}

/* Give up with a reason, which is told once per expression. */
static void give_up(call c, const char *why)
{
    engine_of(c)->failure = why;
    c->error = XPATH_EXPR_ERROR;
}

/* ---- arguments and results ------------------------------------------------------------------ */

/* An argument taken off the stack. */
struct taken {
    xmlXPathObjectPtr object;
    char number[PLAIN_TEXT];
};

static const char *text_of(struct taken *t)
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

static double number_of(const xmlXPathObject *o)
{
    if (!o)
        return NAN;
    if (o->type == XPATH_NUMBER)
        return o->floatval;
    if (o->type == XPATH_BOOLEAN)
        return o->boolval;
    return o->type == XPATH_STRING ? plain_number((const char *)o->stringval) : NAN;
}

static const char *take_text(call c, struct taken *t)
{
    t->object = valuePop(c);
    return text_of(t);
}

static void release(struct taken *t)
{
    xmlXPathFreeObject(t->object);
}

static double take_number(call c)
{
    xmlXPathObjectPtr o = valuePop(c);
    double number = number_of(o);
    xmlXPathFreeObject(o);
    return number;
}

static bool take_truth(call c)
{
    xmlXPathObjectPtr o = valuePop(c);
    bool truth = o && o->type != XPATH_USERS && xmlXPathCastToBoolean(o);
    xmlXPathFreeObject(o);
    return truth;
}

static void give_number(call c, double number)
{
    valuePush(c, xmlXPathNewFloat(number));
}

static void give_truth(call c, bool truth)
{
    valuePush(c, xmlXPathNewBoolean(truth));
}

static void give_text(call c, const char *text)
{
    if (strlen(text) > LONGEST_RESULT)
        give_up(c, "结果太长");
    else
        valuePush(c, xmlXPathNewString((const xmlChar *)text));
}

/* The value in its own form: numbers as numbers, dates as texts or as day numbers. */
static void give_value(call c, const struct value *v, bool days)
{
    if (*value_text(v) && !isnan(v->number) && (days || plain_number(v->text) == v->number))
        give_number(c, v->number);
    else
        give_text(c, value_text(v));
}

/* Takes n arguments off the stack, first one first; the caller frees them with free_all(). */
static xmlXPathObjectPtr *take_all(call c, int n)
{
    xmlXPathObjectPtr *all = must_alloc((size_t)(n + 1) * sizeof(*all));
    for (int i = n; i-- > 0;)
        all[i] = valuePop(c);
    return all;
}

static void free_all(xmlXPathObjectPtr *all, int n)
{
    for (int i = 0; i < n; i++)
        xmlXPathFreeObject(all[i]);
    free(all);
}

/* ---- numbers -------------------------------------------------------------------------------- */

double value_number(const struct value *v, bool dates)
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
        else
            add_number(&numbers, number_of(o));
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

static struct counting take_counting(call c)
{
    struct counting counting = {0, 0};
    xmlXPathObjectPtr o = valuePop(c);
    if (o && o->type == XPATH_USERS)
        ref_each(o->user, visit_count, &counting);
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

/* Texts put together with a separator. */
struct joining {
    struct buf out;
    const char *separator;
    bool started, too_long;
};

static void add_text(struct joining *j, const char *text)
{
    if (j->out.len + strlen(text) + strlen(j->separator) > LONGEST_RESULT) {
        j->too_long = true;
        return;
    }
    if (j->started)
        buf_puts(&j->out, j->separator);
    buf_puts(&j->out, text);
    j->started = true;
}

static void visit_text(void *user, const struct value *v)
{
    add_text(user, value_text(v));
}

/* Joins arguments first..n-1. */
static void join(call c, xmlXPathObjectPtr *all, int first, int n, const char *separator)
{
    struct joining j = {.separator = separator};
    for (int i = first; i < n; i++) {
        struct taken t = {all[i], ""};
        if (all[i] && all[i]->type == XPATH_USERS)
            ref_each(all[i]->user, visit_text, &j);
        else
            add_text(&j, text_of(&t));
    }
    if (j.too_long)
        give_up(c, "结果太长");
    else
        give_text(c, buf_text(&j.out));
    buf_free(&j.out);
}

static void f_concat(call c, int n)
{
    xmlXPathObjectPtr *all = take_all(c, n);
    join(c, all, 0, n, "");
    free_all(all, n);
}

static void f_join(call c, int n)
{
    xmlXPathObjectPtr *all = take_all(c, n);
    struct taken separator = {all[0], ""};
    join(c, all, 1, n, text_of(&separator));
    free_all(all, n);
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
    const struct expr_ref *target = &e->refs[(int)number_of(all[0])];
    int outer = e->refs[(int)number_of(all[1])].repeat;
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
            if (e->refs[(int)number_of(all[i])].repeat == chain[steps])
                index = fmax(1, trunc(number_of(all[i + 1])));
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
    free_all(all, n);
}

static void f_indexed_repeat(call c, int n)
{
    indexed_repeat(c, n, false);
}

static void f_indexed_repeat_days(call c, int n)
{
    indexed_repeat(c, n, true);
}

/* ---- choices -------------------------------------------------------------------------------- */

/* Steps to the next word of a select_multiple; its length in *n, NULL at the end. */
static const char *next_word(const char *p, size_t *n)
{
    p += strspn(p, " ");
    *n = strcspn(p, " ");
    return *n ? p : NULL;
}

static void f_selected(call c, int n)
{
    (void)n;
    struct taken list, item;
    size_t wanted_length, length;
    const char *trimmed = text_trim(take_text(c, &item), &wanted_length);
    bool found = false;
    const char *p = take_text(c, &list);
    while (!found && (p = next_word(p, &length))) {
        found = length == wanted_length && memcmp(p, trimmed, length) == 0;
        p += length;
    }
    release(&list);
    release(&item);
    give_truth(c, found);
}

static void f_count_selected(call c, int n)
{
    (void)n;
    struct taken list;
    size_t length;
    double count = 0;
    for (const char *p = take_text(c, &list); (p = next_word(p, &length)); p += length)
        count++;
    release(&list);
    give_number(c, count);
}

static void f_selected_at(call c, int n)
{
    (void)n;
    struct taken list;
    double index = trunc(take_number(c));
    size_t length;
    const char *p = take_text(c, &list);
    char *word = NULL;
    for (double i = 0; !word && (p = next_word(p, &length)); i++, p += length)
        if (i == index) {
            word = must_strdup(p);
            word[length] = '\0';
        }
    give_text(c, word ? word : "");
    free(word);
    release(&list);
}

static void f_choice_name(call c, int n)
{
    (void)n;
    const struct expr *e = engine_of(c)->expr;
    const struct expr_ref *ref = &e->refs[(int)take_number(c)];
    const struct choice_list *list =
        ref->question < 0 ? NULL : e->form->questions[ref->question].list;
    struct taken name;
    take_text(c, &name);
    const struct choice *choice = list ? list_choice(list, text_of(&name)) : NULL;
    give_text(c, choice ? choice->label : "");
    release(&name);
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
    enum { BOOL = XPATH_BOOLEAN, NUMBER = XPATH_NUMBER };
    if (!a->object || !b->object)
        return false;
    if (a->object->type == BOOL || b->object->type == BOOL)
        return xmlXPathCastToBoolean(a->object) == xmlXPathCastToBoolean(b->object);
    if (a->object->type == NUMBER || b->object->type == NUMBER)
        return fabs(number_of(a->object) - number_of(b->object)) < 1e-12;
    return strcmp(text_of(a), text_of(b)) == 0;
}

static bool take_equal(call c)
{
    struct taken b = {valuePop(c), ""}, a = {valuePop(c), ""};
    bool same = equal(&a, &b);
    release(&a);
    release(&b);
    return same;
}

static void f_equal(call c, int n)
{
    (void)n;
    give_truth(c, take_equal(c));
}

static void f_not_equal(call c, int n)
{
    (void)n;
    give_truth(c, !take_equal(c));
}

static bool is_empty(const xmlXPathObject *o)
{
    return !o || (o->type == XPATH_STRING && (!o->stringval || !*o->stringval)) ||
           (o->type == XPATH_NUMBER && isnan(o->floatval));
}

static void f_coalesce(call c, int n)
{
    (void)n;
    xmlXPathObjectPtr second = valuePop(c), first = valuePop(c);
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

static void f_boolean_from_string(call c, int n)
{
    (void)n;
    struct taken t;
    const char *text = take_text(c, &t);
    bool truth = strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
    release(&t);
    give_truth(c, truth);
}

/* ---- texts ---------------------------------------------------------------------------------- */

static void f_string(call c, int n)
{
    (void)n;
    struct taken t;
    give_text(c, take_text(c, &t));
    release(&t);
}

/* substr(s, start[, end]): characters from 0, end exclusive, negative ones from the end. */
static void f_substr(call c, int n)
{
    double end = n > 2 ? trunc(take_number(c)) : INFINITY;
    double start = trunc(take_number(c));
    struct taken t;
    const char *text = take_text(c, &t), *p = text;
    double length = (double)utf8_length(text);
    start = isnan(start) ? 0 : start < 0 ? fmax(0, length + start) : fmin(start, length);
    end = isnan(end) ? 0 : end < 0 ? fmax(0, length + end) : fmin(end, length);
    for (double i = 0; i < start; i++)
        utf8_next(&p);
    const char *from = p;
    for (double i = start; i < end; i++)
        utf8_next(&p);
    valuePush(c, xmlXPathWrapString(xmlStrndup((const xmlChar *)from, (int)(p - from))));
    release(&t);
}

static void f_ends_with(call c, int n)
{
    (void)n;
    struct taken text, part;
    take_text(c, &part);
    take_text(c, &text);
    give_truth(c, ends_with(text_of(&text), text_of(&part)));
    release(&text);
    release(&part);
}

/* Numbers among the top n arguments become texts in our form: libxml2 writes 4.1e+11. */
static void numbers_to_texts(call c, int n)
{
    for (int i = c->valueNr - n; i < c->valueNr; i++) {
        xmlXPathObjectPtr o = i >= 0 ? c->valueTab[i] : NULL;
        char text[PLAIN_TEXT];
        if (!o || o->type != XPATH_NUMBER)
            continue;
        c->valueTab[i] = xmlXPathNewString((const xmlChar *)plain_text(o->floatval, text));
        xmlXPathFreeObject(o);
    }
    if (c->valueNr > 0)
        c->value = c->valueTab[c->valueNr - 1];
}

#define TEXT_FUNCTION(name, builtin)                                                               \
    static void name(call c, int n)                                                                \
    {                                                                                              \
        numbers_to_texts(c, n);                                                                    \
        builtin(c, n);                                                                             \
    }
TEXT_FUNCTION(f_string_length, xmlXPathStringLengthFunction)
TEXT_FUNCTION(f_normalize_space, xmlXPathNormalizeFunction)
TEXT_FUNCTION(f_translate, xmlXPathTranslateFunction)
TEXT_FUNCTION(f_contains, xmlXPathContainsFunction)
TEXT_FUNCTION(f_starts_with, xmlXPathStartsWithFunction)
TEXT_FUNCTION(f_substring_before, xmlXPathSubstringBeforeFunction)
TEXT_FUNCTION(f_substring_after, xmlXPathSubstringAfterFunction)

/* The compiled pattern of this text; NULL after giving up. */
static const struct pattern *pattern_for(call c, const char *source)
{
    struct expr *e = engine_of(c)->expr;
    for (int i = 0; i < e->pattern_count; i++)
        if (strcmp(pattern_source(e->patterns[i]), source) == 0)
            return e->patterns[i];
    const char *why;
    struct pattern *p = pattern_compile(source, &why);
    if (!p) {
        give_up(c, why);
        return NULL;
    }
    if (e->pattern_count == MOST_PATTERNS)
        pattern_free(e->patterns[--e->pattern_count]);
    return e->patterns[e->pattern_count++] = p;
}

/* The whole text must match, as java.util.regex.Pattern.matches has it. */
static void f_regex(call c, int n)
{
    (void)n;
    struct taken text, source;
    take_text(c, &source);
    take_text(c, &text);
    const struct pattern *p = pattern_for(c, text_of(&source));
    if (p)
        give_truth(c, pattern_matches(p, text_of(&text)));
    release(&text);
    release(&source);
}

/* ---- dates ---------------------------------------------------------------------------------- */

/* A date or a day number as days; NaN for anything else. */
static double take_days(call c)
{
    xmlXPathObjectPtr o = valuePop(c);
    double days = number_of(o);
    if (o && o->type == XPATH_STRING && !days_from_text((const char *)o->stringval, &days))
        days = plain_number((const char *)o->stringval);
    xmlXPathFreeObject(o);
    return days;
}

static void give_date(call c, double days)
{
    char text[DATE_TEXT] = "";
    if (fabs(days) < 1e7)
        days_to_text((long)floor(days), text);
    give_text(c, text);
}

static void f_date(call c, int n)
{
    (void)n;
    give_date(c, take_days(c));
}

static void f_date_days(call c, int n)
{
    (void)n;
    give_number(c, floor(take_days(c)));
}

static void f_date_time_days(call c, int n)
{
    (void)n;
    give_number(c, take_days(c));
}

static void f_date_time(call c, int n)
{
    (void)n;
    double days = take_days(c);
    char date[DATE_TEXT] = "", text[48] = "";
    if (fabs(days) < 1e7)
        days_to_text((long)floor(days), date);
    if (*date) {
        int second = (int)((days - floor(days)) * 86400 + 0.5);
        second = second > 86399 ? 86399 : second;
        snprintf(text, sizeof text, "%sT%02d:%02d:%02d", date, second / 3600, second / 60 % 60,
                 second % 60);
    }
    give_text(c, text);
}

/* Now, as days; midnight of the set day when expr_set_today() set one. */
static double now_days(call c)
{
    double days;
    if (days_from_text(engine_of(c)->today, &days))
        return days;
    time_t now = time(NULL);
    struct tm tm;
    localtime_r(&now, &tm);
    struct civil day = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
    return (double)days_from_civil(day) +
           (tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) / 86400.0;
}

static void f_today(call c, int n)
{
    (void)n;
    give_date(c, now_days(c));
}

static void f_today_days(call c, int n)
{
    (void)n;
    give_number(c, floor(now_days(c)));
}

static void f_now(call c, int n)
{
    give_number(c, now_days(c));
    f_date_time(c, n);
}

static void f_now_days(call c, int n)
{
    (void)n;
    give_number(c, now_days(c));
}

static void f_decimal_time(call c, int n)
{
    (void)n;
    double days = take_days(c);
    give_number(c, days - floor(days));
}

/* One escape of format-date(); false when there is no such. */
static bool put_date_part(struct buf *out, char letter, struct civil day, int second)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char week[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
    long days = days_from_civil(day);
    switch (letter) {
    case 'Y':
        buf_printf(out, "%04d", day.year);
        return true;
    case 'y':
        buf_printf(out, "%02d", day.year % 100);
        return true;
    case 'm':
        buf_printf(out, "%02d", day.month);
        return true;
    case 'n':
        buf_printf(out, "%d", day.month);
        return true;
    case 'b':
        buf_put(out, months + 3 * (day.month - 1), 3);
        return true;
    case 'd':
        buf_printf(out, "%02d", day.day);
        return true;
    case 'e':
        buf_printf(out, "%d", day.day);
        return true;
    case 'a':
        buf_put(out, week + 3 * ((days % 7 + 7) % 7), 3);
        return true;
    case 'H':
        buf_printf(out, "%02d", second / 3600);
        return true;
    case 'h':
        buf_printf(out, "%d", second / 3600);
        return true;
    case 'M':
        buf_printf(out, "%02d", second / 60 % 60);
        return true;
    case 'S':
        buf_printf(out, "%02d", second % 60);
        return true;
    case '3':
        buf_puts(out, "000");
        return true;
    default:
        return false;
    }
}

static void f_format_date(call c, int n)
{
    (void)n;
    struct taken format;
    take_text(c, &format);
    double days = take_days(c);
    struct buf out = {0};
    bool known = true, exists = fabs(days) < 719000;
    struct civil day = civil_from_days(exists ? (long)floor(days) : 0);
    int second = exists ? (int)((days - floor(days)) * 86400 + 0.5) : 0;
    for (const char *p = text_of(&format); *p && known && exists; p++) {
        if (*p != '%')
            buf_putc(&out, *p);
        else if (*++p == '%')
            buf_putc(&out, '%');
        else
            known = *p && put_date_part(&out, *p, day, second);
        if (!*p)
            break;
    }
    if (known)
        give_text(c, buf_text(&out));
    else
        give_up(c, "日期格式里有不认识的 % 记号，可用 %Y %y %m %n %d %e %H %h %M %S");
    buf_free(&out);
    release(&format);
}

/* ---- the table ------------------------------------------------------------------------------ */

static const struct function functions[] = {
    {"abs", "abs", NULL, 1, 1, "n", 'n', f_abs},
    {"acos", "acos", NULL, 1, 1, "n", 'n', f_acos},
    {"asin", "asin", NULL, 1, 1, "n", 'n', f_asin},
    {"atan", "atan", NULL, 1, 1, "n", 'n', f_atan},
    {"atan2", "atan2", NULL, 2, 2, "n", 'n', f_atan2},
    {"boolean", "boolean", NULL, 1, 1, "v", 'b', NULL},
    {"boolean-from-string", "boolean-from-string", NULL, 1, 1, "t", 'b', f_boolean_from_string},
    {"ceiling", "ceiling", NULL, 1, 1, "n", 'n', NULL},
    {"checklist", "checklist", NULL, 3, -1, "nnb", 'b', f_checklist},
    {"coalesce", "coalesce", NULL, 2, 2, "i", 'i', f_coalesce},
    {"concat", "concat", NULL, 1, -1, "T", 't', f_concat},
    {"contains", "contains", NULL, 2, 2, "t", 'b', f_contains},
    {"cos", "cos", NULL, 1, 1, "n", 'n', f_cos},
    {"count", "count", NULL, 1, 1, "l", 'n', f_count},
    {"count-non-empty", "count-non-empty", NULL, 1, 1, "l", 'n', f_count_non_empty},
    {"count-selected", "count-selected", NULL, 1, 1, "t", 'n', f_count_selected},
    {"date", "date", "date-days", 1, 1, "t", 'd', f_date},
    {"date-time", "date-time", "date-time-days", 1, 1, "t", 'd', f_date_time},
    {"decimal-date-time", "decimal-date-time", NULL, 1, 1, "t", 'n', f_date_time_days},
    {"decimal-time", "decimal-time", NULL, 1, 1, "t", 'n', f_decimal_time},
    {"ends-with", "ends-with", NULL, 2, 2, "t", 'b', f_ends_with},
    {"exp", "exp", NULL, 1, 1, "n", 'n', f_exp},
    {"exp10", "exp10", NULL, 1, 1, "n", 'n', f_exp10},
    {"false", "false", NULL, 0, 0, "", 'b', NULL},
    {"floor", "floor", NULL, 1, 1, "n", 'n', NULL},
    {"format-date", "format-date", NULL, 2, 2, "t", 't', f_format_date},
    {"format-date-time", "format-date", NULL, 2, 2, "t", 't', f_format_date},
    {"if", "if", NULL, 3, 3, "bii", 'i', f_if},
    {"indexed-repeat", "indexed-repeat", "indexed-repeat-days", 3, 11, "rrnrnrnrnrn", 'i',
     f_indexed_repeat},
    {"int", "int", NULL, 1, 1, "n", 'n', f_int},
    {"join", "join", NULL, 2, -1, "tT", 't', f_join},
    {"jr:choice-name", "choice-name", NULL, 2, 2, "tq", 't', f_choice_name},
    {"log", "log", NULL, 1, 1, "n", 'n', f_log},
    {"log10", "log10", NULL, 1, 1, "n", 'n', f_log10},
    {"max", "max", NULL, 1, -1, "N", 'n', f_max},
    {"min", "min", NULL, 1, -1, "N", 'n', f_min},
    {"normalize-space", "normalize-space", NULL, 1, 1, "t", 't', f_normalize_space},
    {"not", "not", NULL, 1, 1, "b", 'b', NULL},
    {"now", "now", "now-days", 0, 0, "", 'd', f_now},
    {"number", "number", NULL, 1, 1, "n", 'n', f_number},
    {"once", "once", "once-days", 1, 1, "i", 'i', f_once},
    {"pi", "pi", NULL, 0, 0, "", 'n', f_pi},
    {"position", "position", NULL, 1, 1, ".", 'n', NULL},
    {"pow", "pow", NULL, 2, 2, "n", 'n', f_pow},
    {"regex", "regex", NULL, 2, 2, "t", 'b', f_regex},
    {"round", "round", NULL, 1, 2, "n", 'n', f_round},
    {"selected", "selected", NULL, 2, 2, "t", 'b', f_selected},
    {"selected-at", "selected-at", NULL, 2, 2, "tn", 't', f_selected_at},
    {"sin", "sin", NULL, 1, 1, "n", 'n', f_sin},
    {"sqrt", "sqrt", NULL, 1, 1, "n", 'n', f_sqrt},
    {"starts-with", "starts-with", NULL, 2, 2, "t", 'b', f_starts_with},
    {"string", "string", NULL, 1, 1, "t", 't', f_string},
    {"string-length", "string-length", NULL, 1, 1, "t", 'n', f_string_length},
    {"substr", "substr", NULL, 2, 3, "tnn", 't', f_substr},
    {"substring-after", "substring-after", NULL, 2, 2, "t", 't', f_substring_after},
    {"substring-before", "substring-before", NULL, 2, 2, "t", 't', f_substring_before},
    {"sum", "sum", NULL, 1, 1, "l", 'n', f_sum},
    {"tan", "tan", NULL, 1, 1, "n", 'n', f_tan},
    {"today", "today", "today-days", 0, 0, "", 'd', f_today},
    {"translate", "translate", NULL, 3, 3, "t", 't', f_translate},
    {"true", "true", NULL, 0, 0, "", 'b', NULL},
};
enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };

const struct function *function_find(const char *name, size_t length)
{
    for (int i = 0; i < FUNCTION_COUNT; i++)
        if (strlen(functions[i].name) == length && memcmp(functions[i].name, name, length) == 0)
            return &functions[i];
    return NULL;
}

const char *function_nearest(const char *name)
{
    const char *best = NULL;
    int least = 3;
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        int d = text_distance(name, functions[i].name);
        if (d < least) {
            least = d;
            best = functions[i].name;
        }
    }
    return best;
}

const char *function_refused(const char *name)
{
    static const char *const rows[][2] = {
        {"random", "每次结果不同，清理时无法复核"},
        {"uuid", "每次结果不同，清理时无法复核"},
        {"randomize", "每次结果不同，清理时无法复核"},
        {"pulldata", "清理时没有手机上的外部数据表"},
        {"instance", "不支持路径；选项文字请用 jr:choice-name(${题名}, '${题名}')"},
        {"current", "不支持路径，请写成 ${题名}"},
        {"property", "清理时没有手机的设置"},
        {"version", "清理时没有手机的设置"},
        {"substring", "XLSForm 里用 substr(文字, 起, 止)，起从0数"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i][0], name) == 0)
            return rows[i][1];
    return NULL;
}

static void register_one(xmlXPathContextPtr context, const char *name, xmlXPathFunction code)
{
    xmlXPathRegisterFunc(context, (const xmlChar *)name, NULL); /* forget libxml2's own */
    xmlXPathRegisterFunc(context, (const xmlChar *)name, code);
}

void functions_register(xmlXPathContextPtr context)
{
    for (int i = 0; i < FUNCTION_COUNT; i++)
        if (functions[i].code)
            register_one(context, functions[i].xpath, functions[i].code);
    register_one(context, "equal", f_equal);
    register_one(context, "not-equal", f_not_equal);
    register_one(context, "date-days", f_date_days);
    register_one(context, "date-time-days", f_date_time_days);
    register_one(context, "indexed-repeat-days", f_indexed_repeat_days);
    register_one(context, "once-days", f_once_days);
    register_one(context, "today-days", f_today_days);
    register_one(context, "now-days", f_now_days);
}
