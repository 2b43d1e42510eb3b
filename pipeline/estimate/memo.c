/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/memo.h"

#include "base/arena.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ANSWERS_MAX = 4096, /* combinations of a select_multiple that are remembered */
    ANSWER_TEXT = 64,   /* longer answers are not */
    NUMBERS_MAX = 1024, /* numbers below this are */
};

/* Functions whose result depends on nothing but their arguments, and operators that may stand
 * before a parenthesis. */
static const char *const PURE[] = {"and",           "or",       "div",         "mod",
                                   "not",           "if",       "selected",    "count-selected",
                                   "selected-at",   "true",     "false",       "boolean",
                                   "number",        "string",   "int",         "round",
                                   "string-length", "contains", "starts-with", "ends-with",
                                   "substr",        "coalesce", "regex",       NULL};

static bool is_pure(const char *name, size_t n)
{
    for (int i = 0; PURE[i]; i++)
        if (strlen(PURE[i]) == n && strncmp(PURE[i], name, n) == 0)
            return true;
    return false;
}

static size_t word_length(const char *p)
{
    size_t n = 0;
    while (isalnum((unsigned char)p[n]) || p[n] == '-' || p[n] == '_' || p[n] == ':')
        n++;
    return n;
}

/* Whether the text has no paths and calls pure functions only. */
static bool depends_on_answers_only(const char *p)
{
    while (*p) {
        size_t n = word_length(p);
        if (*p == '\'' || *p == '"') {
            const char *end = strchr(p + 1, *p);
            n = end ? (size_t)(end - p) + 1 : strlen(p);
        } else if (n) {
            const char *next = p + n + strspn(p + n, " \t\r\n");
            if (*next == '(' && !is_pure(p, n))
                return false;
        } else if (*p == '/' || *p == '@' || *p == '[') {
            return false;
        } else {
            n = 1;
        }
        p += n;
    }
    return true;
}

static bool is_visible(const struct form *f, int repeat, int of)
{
    for (int r = repeat;; r = f->repeats[r].parent) {
        if (r == of)
            return true;
        if (r < 0)
            return false;
    }
}

void memo_begin(struct memo *m, struct expr *expr, const char *text, const struct form *form,
                int repeat)
{
    *m = (struct memo){.expr = expr};
    int count;
    const int *questions = expr_references(expr, &count);
    const struct question *q = count == 1 ? &form->questions[questions[0]] : NULL;
    if (!q || !is_visible(form, repeat, q->repeat) || !depends_on_answers_only(text))
        return;
    if (q->type == Q_INTEGER || q->type == Q_DECIMAL)
        m->numbers = must_alloc(NUMBERS_MAX * sizeof *m->numbers);
    if (m->numbers || q->type == Q_SELECT_ONE || q->type == Q_SELECT_MULTIPLE)
        m->question = q;
}

static struct outcome evaluate(struct memo *m, const struct record *record)
{
    struct result r = expr_eval(m->expr, record, NULL);
    if (r.unknown || r.failed)
        return (struct outcome){.unknown = true, .number = NAN};
    bool truth = result_true(&r);
    return (struct outcome){.blank = r.blank,
                            .truth = truth,
                            .number = r.kind == RESULT_BOOL ? truth : result_number(&r)};
}

/* The question's value; NULL when nothing is remembered. */
static const struct value *answer_of(const struct memo *m, const struct record *record)
{
    while (record && m->question && record->repeat != m->question->repeat)
        record = record->parent;
    return record && m->question ? &record->values[m->question->index] : NULL;
}

/* A choice with its reason as a key; NULL when it is not one to remember. */
static const char *choice_key(const struct value *v, char key[ANSWER_TEXT])
{
    size_t n = strlen(v->text);
    if (n > ANSWER_TEXT - 2)
        return NULL;
    key[0] = (char)v->missing;
    memcpy(key + 1, v->text, n + 1);
    return key;
}

static bool is_small(double number)
{
    return number >= 0 && number < NUMBERS_MAX && number == (int)number;
}

static void keep(struct memo *m, struct outcome o)
{
    GROW(m->outcomes, m->count, m->room);
    m->outcomes[m->count++] = o;
}

static struct outcome of_number(struct memo *m, const struct record *record, const struct value *v)
{
    if (v->missing != VALUE_OK || !is_small(v->number))
        return evaluate(m, record);
    int *known = &m->numbers[(int)v->number];
    if (*known == 0) {
        keep(m, evaluate(m, record));
        *known = m->count;
    }
    return m->outcomes[*known - 1];
}

static struct outcome of_choice(struct memo *m, const struct record *record, const struct value *v)
{
    char text[ANSWER_TEXT];
    const char *key = choice_key(v, text);
    long known = key ? map_get(&m->seen, key, -1) : -1;
    if (known >= 0)
        return m->outcomes[known];
    struct outcome o = evaluate(m, record);
    if (key && m->seen.count < ANSWERS_MAX) {
        map_put(&m->seen, key, m->count);
        keep(m, o);
    }
    return o;
}

struct outcome memo_eval(struct memo *m, const struct record *record)
{
    const struct value *v = answer_of(m, record);
    if (!v)
        return evaluate(m, record);
    return m->numbers ? of_number(m, record, v) : of_choice(m, record, v);
}

void memo_end(struct memo *m)
{
    map_free(&m->seen);
    free(m->numbers);
    free(m->outcomes);
    *m = (struct memo){0};
}
