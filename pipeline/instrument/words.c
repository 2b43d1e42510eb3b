/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/words.h"

#include "instrument/syntax.h"

#include <ctype.h>
#include <string.h>

struct speaker {
    const struct form *form;
    struct buf *out;
};

/* ---- questions ---------------------------------------------------------------------------------
 */

static bool is_numeral(uint32_t c)
{
    static const uint32_t numerals[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D,
                                        0x4E03, 0x516B, 0x4E5D, 0x5341, 0x767E}; /* 一 … 十百 */
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (numerals[i] == c)
            return true;
    return false;
}

/* Bytes of "B3", "12" or "十二" in front of a point or 、; 0 when there is none. */
static size_t number_length(const char *label)
{
    const char *p = label;
    while (isalnum((unsigned char)*p))
        p++;
    while (p == label || (p > label && (unsigned char)p[-1] >= 0x80)) {
        const char *next = p;
        if (!is_numeral(utf8_next(&next)))
            break;
        p = next;
    }
    bool ends = *p == '.' || starts_with(p, "、") || starts_with(p, "．");
    return ends && p > label ? (size_t)(p - label) : 0;
}

const char *label_without_number(const char *label)
{
    size_t n = number_length(label);
    if (!n)
        return label;
    label += n + (label[n] == '.' ? 1 : 3);
    return label + strspn(label, " ");
}

/* The number of a question that its label begins with ("B3" of "B3. 您家…", "十二" of "十二、…");
 * its short label or label when it has none. */
static void words_question(struct buf *out, const struct question *q)
{
    size_t n = number_length(q->label);
    if (n)
        buf_put(out, q->label, n);
    else
        buf_printf(out, "“%s”", question_caption(q));
}

/* ---- conditions --------------------------------------------------------------------------------
 */

static bool say(struct speaker *s, const struct term *t);

static const struct question *question_of(const struct speaker *s, const struct term *t)
{
    return t->kind == TERM_REF ? form_question(s->form, t->text) : NULL;
}

/* A code of the question's list, or the number or text itself. */
static void say_value(struct speaker *s, const struct question *q, const struct term *value)
{
    const struct choice *c = q && q->list ? list_choice(q->list, value->text) : NULL;
    if (c)
        buf_printf(s->out, "“%s”", c->label);
    else
        buf_puts(s->out, value->text);
}

static bool is_value(const struct term *t)
{
    return t->kind == TERM_NUMBER || t->kind == TERM_STRING;
}

/* ${q} = '1' or ${q} = '2' …: collects the values; false when the parts are others. */
static bool same_question_values(const struct term *t, const char **name,
                                 const struct term **values, int *count)
{
    if (term_is(t, "or"))
        return same_question_values(t->parts[0], name, values, count) &&
               same_question_values(t->parts[1], name, values, count);
    bool selected = term_is(t, "selected") && t->count == 2;
    if (!(term_is(t, "=") || selected) || t->parts[0]->kind != TERM_REF || !is_value(t->parts[1]))
        return false;
    if ((*name && strcmp(*name, t->parts[0]->text) != 0) || *count == 16 || !*t->parts[1]->text)
        return false;
    *name = t->parts[0]->text;
    values[(*count)++] = t->parts[1];
    return true;
}

/* C7选“受雇务工”或“公益性岗位” */
static bool say_choices(struct speaker *s, const struct term *t)
{
    const struct term *values[16];
    const char *name = NULL;
    int count = 0;
    if (!same_question_values(t, &name, values, &count))
        return false;
    const struct question *q = form_question(s->form, name);
    if (!q)
        return false;
    words_question(s->out, q);
    buf_puts(s->out, q->list ? "选" : "是");
    for (int i = 0; i < count; i++) {
        buf_puts(s->out, !i ? "" : i + 1 < count ? "、" : "或");
        say_value(s, q, values[i]);
    }
    return true;
}

static bool say_operand(struct speaker *s, const struct term *t)
{
    const struct question *q = question_of(s, t);
    if (q)
        words_question(s->out, q);
    else if (is_value(t))
        buf_puts(s->out, t->text);
    else
        return false;
    return true;
}

static bool say_comparison(struct speaker *s, const struct term *t)
{
    static const char *const words[][2] = {{"=", "等于"}, {"!=", "不是"},   {"<", "小于"},
                                           {">", "大于"}, {"<=", "不超过"}, {">=", "不少于"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!term_is(t, words[i][0]))
            continue;
        const struct question *q = question_of(s, t->parts[0]);
        bool empty = t->parts[1]->kind == TERM_STRING && !*t->parts[1]->text;
        if (!say_operand(s, t->parts[0]))
            return false;
        if (empty) {
            buf_puts(s->out, strcmp(t->text, "=") == 0 ? "没有填" : "已填");
            return i < 2;
        }
        buf_puts(s->out, q && q->list && i == 1 ? "不选" : words[i][1]);
        if (is_value(t->parts[1])) {
            say_value(s, q, t->parts[1]);
            return true;
        }
        return say_operand(s, t->parts[1]);
    }
    return false;
}

/* Parts of `and` and `or` of the other kind are told apart by a comma. */
static bool say_both(struct speaker *s, const struct term *t)
{
    bool both = term_is(t, "and");
    if (!say(s, t->parts[0]))
        return false;
    bool mixed =
        term_is(t->parts[0], both ? "or" : "and") || term_is(t->parts[1], both ? "or" : "and");
    buf_puts(s->out, mixed ? (both ? "，并且" : "，或者") : both ? "且" : "或");
    return say(s, t->parts[1]);
}

static bool say(struct speaker *s, const struct term *t)
{
    size_t before = s->out->len;
    if (say_choices(s, t))
        return true;
    s->out->len = before;
    if (term_is(t, "and") || term_is(t, "or"))
        return say_both(s, t);
    if (term_is(t, "not") && t->count == 1) {
        buf_puts(s->out, "不符合（");
        bool done = say(s, t->parts[0]);
        buf_puts(s->out, "）");
        return done;
    }
    return say_comparison(s, t);
}

bool words_condition(struct buf *out, const struct form *f, const char *expression)
{
    struct arena a = {0};
    struct speaker s = {f, out};
    size_t before = out->len;
    const struct term *t = syntax_read(&a, expression);
    bool done = t && say(&s, t);
    if (!done && out->text) {
        out->len = before;
        out->text[before] = '\0';
    }
    arena_free(&a);
    return done;
}
