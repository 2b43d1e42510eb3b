/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/parse.h"

#include "base/arena.h"
#include "base/text.h"
#include "review/choicetext.h"
#include "review/datetext.h"
#include "survey/days.h"
#include "survey/halftext.h"
#include "review/numbertext.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *repair_kind(int i)
{
    static const char *const kinds[REPAIR_KINDS] = {
        "control_char", "fullwidth", "num_format",    "cn_number",
        "date_format",  "multi_sep", "label_variant",
    };
    return kinds[i];
}

/* The indexes of the choice lists of one form. */
struct form_lists {
    const struct form *form;
    struct choice_index **indexes; /* one a list */
};
struct parser {
    const struct rules *rules;
    struct form_lists *forms;
    int form_count;
    struct buf text, folded; /* the cell's text cleaned; half-width and upper-case */
    bool *chosen;
};

struct parser *parser_new(const struct topic *t, const struct rules *r)
{
    struct parser *p = must_alloc(sizeof *p);
    int longest = 1;
    p->rules = r;
    p->form_count = t->form_count;
    p->forms = must_alloc((size_t)(t->form_count + 1) * sizeof *p->forms);
    for (int f = 0; f < t->form_count; f++) {
        const struct form *form = t->forms[f];
        struct choice_index **x = must_alloc((size_t)(form->list_count + 1) * sizeof *x);
        for (int i = 0; i < form->list_count; i++) {
            x[i] = choice_index_new(&form->lists[i]);
            if (form->lists[i].count > longest)
                longest = form->lists[i].count;
        }
        p->forms[f] = (struct form_lists){form, x};
    }
    p->chosen = must_alloc((size_t)longest * sizeof *p->chosen);
    return p;
}

void parser_free(struct parser *p)
{
    if (!p)
        return;
    for (int f = 0; f < p->form_count; f++) {
        for (int i = 0; i < p->forms[f].form->list_count; i++)
            choice_index_free(p->forms[f].indexes[i]);
        free(p->forms[f].indexes);
    }
    free(p->forms);
    free(p->chosen);
    buf_free(&p->text);
    buf_free(&p->folded);
    free(p);
}

void parsed_free(struct parsed *out)
{
    buf_free(&out->text);
}

/* ---- the text of a cell ---------------------------------------------------------------------- */

/* Control characters that are never white space: C0 but tab and line ends, DEL, C1.  Returns the
 * bytes it takes at p, or 0. */
static size_t control_at(const char *p, const char *end)
{
    unsigned char c = (unsigned char)*p;
    if (c == 0x7F || (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
        return 1;
    if (c == 0xC2 && p + 1 < end && (unsigned char)p[1] >= 0x80 && (unsigned char)p[1] < 0xA0)
        return 2;
    return 0;
}

/* Whether nothing in the text but white space around it is to be removed. */
static bool is_clean(const struct cell *cell)
{
    for (size_t i = 0; i < cell->len; i++) {
        unsigned char c = (unsigned char)cell->text[i];
        if (c < 0x20 || c == 0x7F || c == 0xC2)
            return false;
    }
    return true;
}

/* The text without control characters, line ends as LF. */
static void put_clean(const struct cell *cell, struct buf *out, bool *removed)
{
    const char *end = cell->text + cell->len, *plain = cell->text;
    for (const char *p = cell->text; p < end;) {
        size_t control = control_at(p, end);
        if (!control && *p != '\r') {
            p++;
            continue;
        }
        buf_put(out, plain, (size_t)(p - plain));
        if (!control)
            buf_putc(out, '\n');
        *removed |= control > 0;
        p += control ? control : p + 1 < end && p[1] == '\n' ? 2 : 1;
        plain = p;
    }
    buf_put(out, plain, (size_t)(end - plain));
}

bool clean_text(const struct cell *cell, struct buf *out)
{
    bool removed = false;
    size_t n;
    buf_clear(out);
    if (is_clean(cell))
        buf_put(out, cell->text, cell->len);
    else
        put_clean(cell, out, &removed);
    const char *start = text_trim(out->text, &n);
    if (start != out->text)
        memmove(out->text, start, n);
    out->text[n] = '\0';
    out->len = n;
    return removed;
}

static void set_text(struct parsed *out, const char *text)
{
    buf_clear(&out->text);
    buf_puts(&out->text, text);
}

/* ---- readers, one a kind of question --------------------------------------------------------- */

/* Plain and upper-case, as the words of the rules are. */
static void fold_text(struct parser *p)
{
    half_text(&p->folded, p->text.text);
    upper_case(&p->folded);
}

static bool is_word(const struct parser *p, const struct words *words)
{
    return words_have(words, p->folded.text);
}

/* A text question with a constraint, or one that the rules call a code, holds a number or code:
 * blanks, hyphens, an apostrophe in front, ".0" behind and lower case are ways of writing it. */
static void read_code(struct parser *p, struct parsed *out)
{
    struct buf *plain = &p->folded;
    out->repairs |= half_text(plain, p->text.text) ? REPAIR_FULLWIDTH : 0;
    set_text(out, plain->text);
    remove_char(&out->text, ' ');
    remove_char(&out->text, '-');
    size_t front = strspn(out->text.text, "'");
    memmove(out->text.text, out->text.text + front, out->text.len - front + 1);
    out->text.len -= front;
    size_t digits = strspn(out->text.text, "0123456789");
    if (digits > 0 && !strcmp(out->text.text + digits, ".0"))
        out->text.text[out->text.len = digits] = '\0';
    upper_case(&out->text);
    out->repairs |= strcmp(out->text.text, plain->text) ? REPAIR_NUM_FORMAT : 0;
    out->state = PARSED_VALUE;
}

static void read_text(struct parser *p, const struct question *q, struct parsed *out)
{
    bool numbers = words_have(&p->rules->number_questions, q->name);
    fold_text(p);
    out->missing_words = is_word(p, &p->rules->missing);
    out->maybe_missing = numbers && is_word(p, &p->rules->missing_if_invalid);
    if (numbers && (out->missing_words || is_word(p, &p->rules->missing_text))) {
        out->state = PARSED_MISSING;
    } else if (q->constraint || numbers || words_have(&p->rules->code_questions, q->name)) {
        read_code(p, out);
    } else {
        set_text(out, p->text.text);
        out->state = PARSED_VALUE;
    }
}

/* A number cell too large for its digits: 1E+20. */
static bool read_large(const struct parser *p, const struct cell *cell, double factor,
                       struct parsed *out)
{
    char *end;
    double n = cell->kind == CELL_NUMBER ? strtod(p->text.text, &end) * factor : NAN;
    if (!isfinite(n))
        return false;
    buf_clear(&out->text);
    buf_printf(&out->text, "%.15g", n);
    return true;
}

static void read_number(struct parser *p, const struct question *q, const struct cell *cell,
                        double factor, struct parsed *out)
{
    fold_text(p);
    if (is_word(p, &p->rules->missing)) {
        out->state = PARSED_MISSING;
        return;
    }
    out->none_zero = is_word(p, &p->rules->none_zero);
    out->maybe_missing = is_word(p, &p->rules->missing_if_invalid);
    if (out->none_zero)
        set_text(out, "0");
    else if (!numbertext_read(p->text.text, q->unit, factor, &p->rules->unit_words, &out->text,
                              &out->repairs) &&
             !read_large(p, cell, factor, out))
        return;
    if (factor == 1 && !(out->repairs & ~(REPAIR_CONTROL_CHAR | REPAIR_FULLWIDTH))) {
        out->maybe_missing |= words_have(&p->rules->missing_if_invalid, out->text.text); /* 999.0 */
        if (words_have(&p->rules->missing, out->text.text)) {
            out->state = PARSED_MISSING; /* -99.00 */
            return;
        }
    }
    out->number = strtod(out->text.text, NULL);
    out->state = PARSED_VALUE;
}

static void read_date(struct parser *p, struct parsed *out)
{
    char text[DATE_TEXT];
    fold_text(p);
    if (is_word(p, &p->rules->missing)) {
        out->state = PARSED_MISSING;
    } else if (datetext_read(p->text.text, p->rules, text, &out->repairs)) {
        set_text(out, text);
        days_from_text(text, &out->number);
        out->state = PARSED_VALUE;
    }
}

/* A true date cell says its date whatever its format shows. */
static void read_date_cell(struct parser *p, struct parsed *out)
{
    p->text.text[p->text.len < 10 ? p->text.len : 10] = '\0';
    p->text.len = strlen(p->text.text);
    read_date(p, out);
}

static const struct choice_index *list_index(const struct parser *p, const struct question *q)
{
    for (int f = 0; f < p->form_count; f++) {
        const struct form *form = p->forms[f].form;
        if (q->list >= form->lists && q->list < form->lists + form->list_count)
            return p->forms[f].indexes[q->list - form->lists];
    }
    return NULL;
}

/* A text that names no choice may be a missing code. */
static void read_no_choice(struct parser *p, struct parsed *out)
{
    fold_text(p);
    if (is_word(p, &p->rules->missing))
        out->state = PARSED_MISSING;
}

static void read_one(struct parser *p, const struct question *q, const bool *allowed,
                     struct parsed *out)
{
    int i = choicetext_one(list_index(p, q), p->text.text, allowed, &out->repairs);
    if (i < 0) {
        read_no_choice(p, out);
        return;
    }
    set_text(out, q->list->choices[i].name);
    out->state = PARSED_VALUE;
}

static void put_code(struct buf *out, const char *code)
{
    if (out->len)
        buf_putc(out, ' ');
    buf_puts(out, code);
}

static void read_many(struct parser *p, const struct question *q, const bool *allowed,
                      struct parsed *out)
{
    if (!choicetext_many(list_index(p, q), p->text.text, allowed, p->chosen, &out->repairs)) {
        read_no_choice(p, out);
        return;
    }
    for (int i = 0; i < q->list->count; i++)
        if (p->chosen[i])
            put_code(&out->text, q->list->choices[i].name);
    out->state = PARSED_VALUE;
}

/* What was sent for a calculation: a number if it is one, else the text. */
static void read_calculation(struct parser *p, const struct question *q, const struct cell *cell,
                             double factor, struct parsed *out)
{
    read_number(p, q, cell, factor, out);
    if (out->state != PARSED_BAD)
        return;
    set_text(out, p->text.text);
    out->state = PARSED_VALUE;
}

void parse_cell(struct parser *p, const struct question *q, const struct cell *cell, double factor,
                const bool *allowed, struct parsed *out)
{
    *out = (struct parsed){.state = PARSED_BAD, .text = out->text, .number = NAN};
    buf_clear(&out->text);
    if (clean_text(cell, &p->text))
        out->repairs |= REPAIR_CONTROL_CHAR;
    if (!p->text.len) {
        out->state = PARSED_BLANK;
        return;
    }
    if (cell->kind == CELL_FORMULA || cell->kind == CELL_ERROR)
        return; /* a formula without a value, or #REF! */
    switch (q->type) {
    case Q_INTEGER:
    case Q_DECIMAL:
        read_number(p, q, cell, factor, out);
        break;
    case Q_DATE:
        if (cell->kind == CELL_DATE)
            read_date_cell(p, out);
        else
            read_date(p, out);
        break;
    case Q_SELECT_ONE:
        read_one(p, q, allowed, out);
        break;
    case Q_SELECT_MULTIPLE:
        read_many(p, q, allowed, out);
        break;
    case Q_CALCULATE:
        read_calculation(p, q, cell, factor, out);
        break;
    default:
        read_text(p, q, out);
        break;
    }
}
