/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Functions of XLSForm for texts and choices.
 */
#include "survey/expr_call.h"

#include "base/text.h"
#include "survey/lookup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

static void visit_node_text(void *user, const char *text)
{
    add_text(user, text);
}

/* Joins arguments first..n-1. */
static void join(call c, xmlXPathObjectPtr *all, int first, int n, const char *separator)
{
    struct joining j = {.separator = separator};
    for (int i = first; i < n; i++) {
        struct taken t = {all[i], ""};
        if (all[i] && all[i]->type == XPATH_USERS)
            ref_each(all[i]->user, visit_text, &j);
        else if (all[i] && all[i]->type == XPATH_NODESET)
            nodes_each(all[i], visit_node_text, &j);
        else
            add_text(&j, taken_text(&t));
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
    free_taken(all, n);
}

static void f_join(call c, int n)
{
    xmlXPathObjectPtr *all = take_all(c, n);
    struct taken separator = {all[0], ""};
    join(c, all, 1, n, taken_text(&separator));
    free_taken(all, n);
}

/* ---- choices -------------------------------------------------------------------------------- */

/* Steps to the next word of a select_multiple; its length in *n, NULL at the end. */
static const char *next_word(const char *p, size_t *n)
{
    p += strspn(p, " ");
    *n = strcspn(p, " ");
    return *n ? p : NULL;
}

bool list_selected(const char *list, const char *item)
{
    size_t n;
    item = text_trim(item, &n);
    for (const char *p = list;; p++) {
        if (strncmp(p, item, n) == 0 && (p[n] == ' ' || !p[n]))
            return true;
        if (!(p = strchr(p, ' ')))
            return false;
    }
}

static void f_selected(call c, int n)
{
    (void)n;
    struct taken list, item;
    take_text(c, &item);
    take_text(c, &list);
    give_truth(c, list_selected(taken_text(&list), taken_text(&item)));
    taken_free(&list);
    taken_free(&item);
}

static void f_count_selected(call c, int n)
{
    (void)n;
    struct taken list;
    size_t length;
    double count = 0;
    for (const char *p = take_text(c, &list); (p = next_word(p, &length)); p += length)
        count++;
    taken_free(&list);
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
    taken_free(&list);
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
    const struct choice *choice = list ? list_choice(list, taken_text(&name)) : NULL;
    give_text(c, choice ? choice->label : "");
    taken_free(&name);
}

/* pulldata('file', 'column', 'key column', key): names_resolve() saw to file and columns. */
static void f_pulldata(call c, int n)
{
    const char *why;
    struct taken t[4];
    const char *part[4] = {NULL};
    for (int i = n; i-- > 0;)
        part[i] = take_text(c, &t[i]);
    struct lookup *l = lookups_open(engine_of(c)->expr->form->lookups, part[0], &why);
    give_text(c, l ? lookup_value(l, part[1], part[2], part[3]) : "");
    for (int i = 0; i < n; i++)
        taken_free(&t[i]);
}

/* ---- texts ---------------------------------------------------------------------------------- */

static void f_string(call c, int n)
{
    (void)n;
    struct taken t;
    give_text(c, take_text(c, &t));
    taken_free(&t);
}

/* Steps over n characters of UTF-8, or to the end. */
static const char *skip_characters(const char *p, double n)
{
    for (; n > 0 && *p; n--)
        for (p++; (*p & 0xC0) == 0x80; p++)
            ;
    return p;
}

/* substr(s, start[, end]): characters from 0, end exclusive, negative ones from the end. */
static void f_substr(call c, int n)
{
    double end = n > 2 ? trunc(take_number(c)) : INFINITY;
    double start = trunc(take_number(c));
    struct taken t;
    const char *text = take_text(c, &t);
    double length = start < 0 || end < 0 ? (double)utf8_length(text) : 0;
    start = isnan(start) ? 0 : start < 0 ? fmax(0, length + start) : start;
    end = isnan(end) ? 0 : end < 0 ? fmax(0, length + end) : end;
    const char *from = skip_characters(text, start), *to = skip_characters(from, end - start);
    valuePush(c, xmlXPathWrapString(xmlStrndup((const xmlChar *)from, (int)(to - from))));
    taken_free(&t);
}

static void f_ends_with(call c, int n)
{
    (void)n;
    struct taken text, part;
    take_text(c, &part);
    take_text(c, &text);
    give_truth(c, ends_with(taken_text(&text), taken_text(&part)));
    taken_free(&text);
    taken_free(&part);
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
    const struct pattern *p = pattern_for(c, taken_text(&source));
    if (p)
        give_truth(c, pattern_matches(p, taken_text(&text)));
    taken_free(&text);
    taken_free(&source);
}

static void f_boolean_from_string(call c, int n)
{
    (void)n;
    struct taken t;
    const char *text = take_text(c, &t);
    bool truth = strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
    taken_free(&t);
    give_truth(c, truth);
}

const struct function TEXT_FUNCTIONS[] = {
    {"boolean-from-string", 1, 1, "t", 'b', f_boolean_from_string, NULL},
    {"concat", 1, -1, "T", 't', f_concat, NULL},
    {"contains", 2, 2, "t", 'b', f_contains, NULL},
    {"count-selected", 1, 1, "t", 'n', f_count_selected, NULL},
    {"ends-with", 2, 2, "t", 'b', f_ends_with, NULL},
    {"join", 2, -1, "tT", 't', f_join, NULL},
    {"jr:choice-name", 2, 2, "tq", 't', f_choice_name, NULL},
    {"normalize-space", 1, 1, "t", 't', f_normalize_space, NULL},
    {"pulldata", 4, 4, "ssst", 't', f_pulldata, NULL},
    {"regex", 2, 2, "t", 'b', f_regex, NULL},
    {"selected", 2, 2, "t", 'b', f_selected, NULL},
    {"selected-at", 2, 2, "tn", 't', f_selected_at, NULL},
    {"starts-with", 2, 2, "t", 'b', f_starts_with, NULL},
    {"string", 1, 1, "t", 't', f_string, NULL},
    {"string-length", 1, 1, "t", 'n', f_string_length, NULL},
    {"substr", 2, 3, "tnn", 't', f_substr, NULL},
    {"substring-after", 2, 2, "t", 't', f_substring_after, NULL},
    {"substring-before", 2, 2, "t", 't', f_substring_before, NULL},
    {"translate", 3, 3, "t", 't', f_translate, NULL},
    {0},
};
