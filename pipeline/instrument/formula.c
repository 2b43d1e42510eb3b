/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/formula.h"

#include "formats/sheets.h"
#include "instrument/syntax.h"
#include "survey/expr.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A formula being written. */
struct writer {
    const struct sheet_cells *cells;
    const struct question *self; /* of `.`, or NULL */
    struct buf *out;
};

static bool put(struct writer *w, const struct term *t);

void formula_cell(struct buf *out, const struct sheet_cells *c, const struct question *q)
{
    char letters[8];
    column_letters(c->columns[q->index], letters);
    buf_printf(out, "$%s%d", letters, c->row + 1);
}

static void put_string(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; *text; text++)
        buf_printf(out, *text == '"' ? "\"\"" : "%c", *text);
    buf_putc(out, '"');
}

/* ---- questions and choices ---------------------------------------------------------------------
 */

/* The question of `.` or ${name} when its cell is in the sheet. */
static const struct question *question_of(const struct writer *w, const struct term *t)
{
    const struct question *q = t->kind == TERM_SELF  ? w->self
                               : t->kind == TERM_REF ? form_question(w->cells->form, t->text)
                                                     : NULL;
    return q && w->cells->columns[q->index] >= 0 ? q : NULL;
}

/* One chosen is shown by its text, several by their codes. */
static bool put_chosen(struct writer *w, const struct term *question, const struct term *code)
{
    const struct question *q = question_of(w, question);
    if (!q || !q->list || (code->kind != TERM_STRING && code->kind != TERM_NUMBER))
        return false;
    const struct choice *c = list_choice(q->list, code->text);
    if (!c)
        return false;
    if (q->type == Q_SELECT_MULTIPLE) {
        buf_printf(w->out, "ISNUMBER(SEARCH(\" %s \",\" \"&", c->name);
        formula_cell(w->out, w->cells, q);
        buf_puts(w->out, "&\" \"))");
    } else {
        formula_cell(w->out, w->cells, q);
        buf_putc(w->out, '=');
        put_string(w->out, c->label);
    }
    return true;
}

/* ---- operators ---------------------------------------------------------------------------------
 */

static bool put_call(struct writer *w, const char *name, const struct term *t)
{
    buf_printf(w->out, "%s(", name);
    for (int i = 0; i < t->count; i++) {
        if (i)
            buf_putc(w->out, ',');
        if (!put(w, t->parts[i]))
            return false;
    }
    buf_putc(w->out, ')');
    return true;
}

/* Whether the formula of the term gives text: a spreadsheet never takes "5" for 5. */
static bool is_text(const struct writer *w, const struct term *t)
{
    const struct question *q = question_of(w, t);
    if (q)
        return q->type != Q_INTEGER && q->type != Q_DECIMAL && q->type != Q_DATE;
    if (term_is(t, "if") && t->count == 3)
        return is_text(w, t->parts[1]) || is_text(w, t->parts[2]);
    return t->kind == TERM_STRING || term_is(t, "substr");
}

/* Comparisons of a choice are by its text; others by value. */
static bool put_comparison(struct writer *w, const struct term *t)
{
    const struct question *q = question_of(w, t->parts[0]);
    bool unequal = strcmp(t->text, "!=") == 0;
    bool empty = t->parts[1]->kind == TERM_STRING && !*t->parts[1]->text;
    if (q && q->list && !empty && (unequal || strcmp(t->text, "=") == 0)) {
        buf_puts(w->out, unequal ? "NOT(" : "");
        bool done = put_chosen(w, t->parts[0], t->parts[1]);
        buf_puts(w->out, unequal ? ")" : "");
        return done;
    }
    if (empty && q) {
        formula_cell(w->out, w->cells, q);
        buf_puts(w->out, unequal ? "<>\"\"" : "=\"\"");
        return true;
    }
    if (is_text(w, t->parts[0]) != is_text(w, t->parts[1]) || !put(w, t->parts[0]))
        return false;
    buf_puts(w->out, unequal ? "<>" : t->text);
    return put(w, t->parts[1]);
}

static bool put_operator(struct writer *w, const struct term *t)
{
    if (t->count == 1) {
        buf_putc(w->out, '-');
        return put(w, t->parts[0]);
    }
    if (term_is(t, "and") || term_is(t, "or"))
        return put_call(w, term_is(t, "and") ? "AND" : "OR", t);
    if (term_is(t, "mod"))
        return put_call(w, "MOD", t);
    if (strchr("=!<>", t->text[0]))
        return put_comparison(w, t);
    buf_putc(w->out, '(');
    if (!put(w, t->parts[0]))
        return false;
    buf_puts(w->out, term_is(t, "div") ? "/" : t->text);
    bool done = put(w, t->parts[1]);
    buf_putc(w->out, ')');
    return done;
}

/* ---- functions ---------------------------------------------------------------------------------
 */

/* date('2025-04-11') */
static bool put_date(struct writer *w, const struct term *t)
{
    int year, month, day, n = 0;
    const char *text = t->count == 1 && t->parts[0]->kind == TERM_STRING ? t->parts[0]->text : "";
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &n) != 3 || text[n])
        return false;
    buf_printf(w->out, "DATE(%d,%d,%d)", year, month, day);
    return true;
}

static bool put_count_selected(struct writer *w, const struct term *t)
{
    const struct question *q = t->count == 1 ? question_of(w, t->parts[0]) : NULL;
    if (!q || q->type != Q_SELECT_MULTIPLE)
        return false;
    buf_puts(w->out, "LEN(TRIM(");
    formula_cell(w->out, w->cells, q);
    buf_puts(w->out, "))-LEN(SUBSTITUTE(TRIM(");
    formula_cell(w->out, w->cells, q);
    buf_puts(w->out, "),\" \",\"\"))+1");
    return true;
}

/* substr(text, start, end) counts from 0, end exclusive. */
static bool put_substring(struct writer *w, const struct term *t)
{
    if (t->count != 3 || t->parts[1]->kind != TERM_NUMBER || t->parts[2]->kind != TERM_NUMBER)
        return false;
    int start = atoi(t->parts[1]->text), end = atoi(t->parts[2]->text);
    buf_puts(w->out, "MID(");
    bool done = put(w, t->parts[0]);
    buf_printf(w->out, ",%d,%d)", start + 1, end - start);
    return done;
}

/* The length of all texts that a pattern ^…$ of single characters, classes and {n} fits; 0 when
 * it is no such pattern.  *digits tells whether they are of digits alone. */
static int pattern_length(const char *p, bool *digits)
{
    int length = 0;
    *digits = true;
    if (*p++ != '^')
        return 0;
    while (*p && *p != '$') {
        if (*p == '[') {
            const char *end = strchr(p, ']');
            *digits = *digits && end && strspn(p + 1, "0123456789-") == (size_t)(end - p - 1);
            if (!end)
                return 0;
            p = end + 1;
        } else if (isalnum((unsigned char)*p)) {
            *digits = *digits && isdigit((unsigned char)*p);
            p++;
        } else {
            return 0;
        }
        int times = 1, n = 0;
        if (*p == '{' && (sscanf(p, "{%3d}%n", &times, &n) != 1 || !n))
            return 0;
        p += n;
        length += times;
    }
    return strcmp(p, "$") == 0 ? length : 0;
}

/* A formula knows no patterns; it can count characters, and see that they are digits. */
static bool put_pattern(struct writer *w, const struct term *t)
{
    bool digits;
    int length = t->count == 2 && t->parts[1]->kind == TERM_STRING
                     ? pattern_length(t->parts[1]->text, &digits)
                     : 0;
    const struct question *q = length ? question_of(w, t->parts[0]) : NULL;
    if (!q || (digits && length > 15))
        return false;
    buf_puts(w->out, "LEN(");
    formula_cell(w->out, w->cells, q);
    buf_printf(w->out, ")=%d", length);
    if (digits) {
        buf_puts(w->out, ",ISNUMBER(-");
        formula_cell(w->out, w->cells, q);
        buf_putc(w->out, ')');
    }
    return true;
}

static bool put_function(struct writer *w, const struct term *t)
{
    static const char *const same[][2] = {
        {"not", "NOT"},      {"if", "IF"},      {"int", "INT"},           {"round", "ROUND"},
        {"number", "VALUE"}, {"abs", "ABS"},    {"string-length", "LEN"}, {"today", "TODAY"},
        {"true", "TRUE"},    {"false", "FALSE"}};
    if (term_is(t, "selected"))
        return t->count == 2 && put_chosen(w, t->parts[0], t->parts[1]);
    if (term_is(t, "count-selected"))
        return put_count_selected(w, t);
    if (term_is(t, "date"))
        return put_date(w, t);
    if (term_is(t, "substr"))
        return put_substring(w, t);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (term_is(t, same[i][0]))
            return (i != 3 || t->count == 2) && put_call(w, same[i][1], t);
    return false;
}

static bool put(struct writer *w, const struct term *t)
{
    const struct question *q = question_of(w, t);
    switch (t->kind) {
    case TERM_NUMBER:
        buf_puts(w->out, t->text);
        return true;
    case TERM_STRING:
        put_string(w->out, t->text);
        return true;
    case TERM_SELF:
    case TERM_REF:
        if (!q || q->list)
            return false;
        formula_cell(w->out, w->cells, q);
        return true;
    case TERM_CALL:
        return put_function(w, t);
    case TERM_OPERATOR:
        return put_operator(w, t);
    default:
        return false;
    }
}

/* ---- whole conditions --------------------------------------------------------------------------
 */

static void cut_back(struct buf *out, size_t length)
{
    out->len = length;
    if (out->text)
        out->text[length] = '\0';
}

static bool put_whole(struct writer *w, const struct term *t)
{
    size_t before = w->out->len;
    if (t && put(w, t))
        return true;
    cut_back(w->out, before);
    return false;
}

bool formula_condition(struct buf *out, const struct sheet_cells *c, const char *expression)
{
    struct arena a = {0};
    struct writer w = {c, NULL, out};
    bool done = put_whole(&w, syntax_read(&a, expression));
    arena_free(&a);
    return done;
}

/* What stands around the parts of a check. */
static size_t frame_length(const struct sheet_cells *c)
{
    return strlen("=OR($ABC1000=\"\",AND())") + utf8_length(c->no_answer);
}

/* A part of the check, joined to what is there, when it still fits. */
static void add_part(struct writer *w, const struct term *t)
{
    size_t before = w->out->len;
    if (before)
        buf_putc(w->out, ',');
    bool pattern = term_is(t, "regex");
    if (!(pattern ? put_pattern(w, t) : put(w, t)) ||
        utf8_length(buf_text(w->out)) + frame_length(w->cells) > FORMULA_MOST)
        cut_back(w->out, before);
}

static void add_parts(struct writer *w, const struct term *t)
{
    if (term_is(t, "and")) {
        add_parts(w, t->parts[0]);
        add_parts(w, t->parts[1]);
    } else {
        add_part(w, t);
    }
}

static void add_type(struct writer *w)
{
    const struct question *q = w->self;
    if (q->type != Q_INTEGER && q->type != Q_DECIMAL && q->type != Q_DATE)
        return;
    buf_puts(w->out, "ISNUMBER(");
    formula_cell(w->out, w->cells, q);
    buf_putc(w->out, ')');
    if (q->type != Q_INTEGER)
        return;
    buf_putc(w->out, ',');
    formula_cell(w->out, w->cells, q);
    buf_puts(w->out, "=INT(");
    formula_cell(w->out, w->cells, q);
    buf_putc(w->out, ')');
}

/* Every code between two blanks is taken out; nothing may be left. */
static void add_codes(struct writer *w)
{
    const struct question *q = w->self;
    struct buf test = {0};
    for (int i = 0; i < q->list->count; i++)
        buf_puts(&test, "SUBSTITUTE(");
    buf_puts(&test, "\" \"&SUBSTITUTE(");
    formula_cell(&test, w->cells, q);
    buf_puts(&test, ",\" \",\"  \")&\" \"");
    for (int i = 0; i < q->list->count; i++) {
        buf_printf(&test, ",\" %s \",\"\")", q->list->choices[i].name);
    }
    buf_puts(&test, "=\"\"");
    bool quoted = false;
    for (int i = 0; i < q->list->count; i++)
        quoted = quoted || strchr(q->list->choices[i].name, '"');
    if (!quoted && q->list->count <= 60 &&
        utf8_length(test.text) + frame_length(w->cells) <= FORMULA_MOST)
        buf_puts(w->out, test.text);
    buf_free(&test);
}

bool formula_check(struct buf *out, const struct sheet_cells *c, const struct question *q,
                   const char *constraint)
{
    struct arena a = {0};
    struct buf parts = {0};
    struct writer w = {c, q, &parts};
    add_type(&w);
    if (q->type == Q_SELECT_MULTIPLE)
        add_codes(&w);
    const struct term *t = *constraint ? syntax_read(&a, constraint) : NULL;
    if (t)
        add_parts(&w, t);
    if (parts.len) {
        buf_puts(out, "OR(");
        formula_cell(out, c, q);
        buf_putc(out, '=');
        put_string(out, c->no_answer);
        buf_printf(out, ",AND(%s))", parts.text);
    }
    bool any = parts.len > 0;
    buf_free(&parts);
    arena_free(&a);
    return any;
}

/* The length of a regex() among the parts of the term. */
static int length_in(const struct term *t)
{
    bool digits;
    if (term_is(t, "regex") && t->count == 2 && t->parts[1]->kind == TERM_STRING)
        return pattern_length(t->parts[1]->text, &digits);
    for (int i = 0; i < t->count && term_is(t, "and"); i++) {
        int length = length_in(t->parts[i]);
        if (length)
            return length;
    }
    return 0;
}

int formula_text_length(const struct question *q)
{
    struct arena a = {0};
    const struct term *t = q->constraint ? syntax_read(&a, expr_text(q->constraint)) : NULL;
    int length = t ? length_in(t) : 0;
    arena_free(&a);
    return length;
}
