/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/expr_scan.h"

#include "survey/days.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- how a value is wanted ------------------------------------------------------------------ */

/* Whether a path into a list begins or ends at i, outside its brackets or in them. */
static bool is_path(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
    return t->kind == TOKEN_STEP || t->op == '[' ||
           (t->kind == TOKEN_COLUMN && in_brackets(s, t)) ||
           (t->kind == TOKEN_FUNCTION && t->function->result == 'p');
}

/* Whether the operand that begins or ends at i is a text whatever stands around it. */
static bool is_text_operand(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
    if (is_path(s, i))
        return true;
    if (t->kind == TOKEN_CLOSE && t->match > 0)
        t = &s->tokens[t->match - 1];
    return t->kind == TOKEN_STRING || (t->kind == TOKEN_FUNCTION && t->function->result == 't');
}

static bool is_operator(const struct token *t, const char *ops)
{
    return t->kind == TOKEN_OPERATOR && strchr(ops, t->op);
}

/* The letter for the operand in tokens first..last: an enum use, or a letter of a function's
 * argument list that allows more than one form. */
static char wanted(const struct scan *s, int first, int last)
{
    static const struct token none = {.kind = TOKEN_COMMA};
    const struct token *before = first > 0 ? &s->tokens[first - 1] : &none;
    const struct token *after = &s->tokens[last + 1];
    if (is_operator(before, "+-*/%<>{}") || is_operator(after, "+-*/%<>{}"))
        return USE_NUMBER;
    if (is_operator(before, "=!"))
        return is_text_operand(s, first - 2) ? USE_VALUE : USE_NUMBER;
    if (is_operator(after, "=!"))
        return is_text_operand(s, last + 2) ? USE_VALUE : USE_NUMBER;
    if (is_operator(before, "&|") || is_operator(after, "&|"))
        return USE_NUMBER;
    int open = s->tokens[first].owner;
    if (open < 0)
        return USE_VALUE;
    if (s->tokens[open].op == '[')
        return USE_NUMBER;
    const struct function *f = caller(s, open);
    if (!f)
        return wanted(s, open, s->tokens[open].match);
    char letter = argument_letter(f, s->tokens[first].argument);
    if (letter == 'b')
        return USE_NUMBER;
    return letter == 'i' ? wanted(s, open - 1, s->tokens[open].match) : letter;
}

/* ---- writing the XPath ---------------------------------------------------------------------- */

static int write_reference(struct scan *s, int i, struct buf *out)
{
    const struct token *t = &s->tokens[i];
    const struct expr_ref *ref = &s->e->refs[t->slot];
    char letter = wanted(s, i, i);
    if (letter == 'r' || letter == 'q') {
        s->e->refs[t->slot].by_index = true;
        buf_printf(out, "%d", t->slot);
        return 0;
    }
    if (letter == 'T' || letter == 'N')
        letter = ref->path_count ? USE_LIST : letter == 'T' ? USE_TEXT : USE_NUMBER;
    if (ref->path_count && letter != USE_LIST)
        return mistake(s, t->start,
                       "%.*s 在循环里，有多个值，要放在 sum()、count()、min()、max()、join()、"
                       "count-non-empty() 或 indexed-repeat() 里",
                       t->length, s->e->text + t->start);
    if (ref->question < 0 && is_around(s->e->form, ref->repeat, s->e->repeat))
        return mistake(s, t->start,
                       "不能在循环里面引用它自己：ODK 只看当前这一个；请在循环外另设 calculate 题");
    buf_printf(out, "$%c%d", letter, t->slot);
    return 0;
}

static int write_self(struct scan *s, int i, struct buf *out)
{
    if (s->tokens[i].op != 'c' && in_brackets(s, &s->tokens[i])) {
        buf_putc(out, '.');
        return 0;
    }
    char letter = wanted(s, i, i);
    if (letter == 'T')
        letter = USE_TEXT;
    if (letter == 'N')
        letter = USE_NUMBER;
    s->e->uses_self = true;
    buf_printf(out, "$%cs", letter);
    return 0;
}

/* Groups of the question's path that stand below its repeat: each is one step of `..`. */
static int groups_inside(const struct form *form, const char *group, int repeat)
{
    size_t outside = repeat >= 0 ? strlen(form->repeats[repeat].group) : 0;
    int steps = 0;
    if (strlen(group) > outside)
        for (const char *p = group + outside; p; p = strchr(p + 1, '/'))
            steps++;
    return steps;
}

/* position(..): which repeat the dots lead to.  Writes $p<n>, or 1 for a group. */
static int write_position(struct scan *s, int i, struct buf *out)
{
    const struct expr *e = s->e;
    const struct form *form = e->form;
    const struct token *dots = &s->tokens[i + 2];
    if (dots->kind == TOKEN_CLOSE && in_brackets(s, dots)) {
        buf_puts(out, "position()");
        return 0;
    }
    if (dots->kind != TOKEN_DOTS)
        return mistake(s, s->tokens[i].start, "position() 里只能写 .. ，表示所在的循环");
    const char *group = e->self          ? e->self->group
                        : e->repeat >= 0 ? form->repeats[e->repeat].group
                                         : "";
    int left = dots->slot, repeat = e->repeat, depth = 0;
    for (;; depth++) {
        int inside = groups_inside(form, group, repeat);
        if (left <= inside || repeat < 0) {
            buf_puts(out, "1");
            return 0;
        }
        left -= inside + 1;
        if (left == 0)
            break;
        group = form->repeats[repeat].group;
        repeat = form->repeats[repeat].parent;
    }
    buf_printf(out, "$p%d", depth);
    return 0;
}

/* A pattern in quotes is translated now, so that its mistakes are found now. */
static int check_pattern(struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
    struct expr *e = s->e;
    char *java = must_strdup(e->text + t->start + 1);
    java[t->length - 2] = '\0';
    const char *why = NULL;
    struct pattern *p = e->pattern_count < MOST_PATTERNS ? pattern_compile(java, &why) : NULL;
    free(java);
    if (why)
        return mistake(s, t->start, "正则表达式不能用：%s", why);
    if (p)
        e->patterns[e->pattern_count++] = p;
    return 0;
}

/* date('2025-02-30') is a mistake of the questionnaire. */
static int check_date(struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
    char text[40];
    double days;
    snprintf(text, sizeof text, "%.*s", t->length - 2, s->e->text + t->start + 1);
    if (!*text || days_from_text(text, &days))
        return 0;
    return mistake(s, t->start, "不是日期，日期应写成 '2025-04-11'");
}

static int write_string(struct scan *s, int i, struct buf *out)
{
    const struct token *t = &s->tokens[i];
    const struct function *f = t->owner >= 0 ? caller(s, t->owner) : NULL;
    if (f && strcmp(f->name, "regex") == 0 && t->argument == 1 &&
        s->tokens[i + 1].kind == TOKEN_CLOSE && s->tokens[i - 1].kind == TOKEN_COMMA &&
        check_pattern(s, i) < 0)
        return -1;
    if (f && f->result == 'd' && check_date(s, i) < 0)
        return -1;
    buf_put(out, s->e->text + t->start, (size_t)t->length);
    return 0;
}

static int write_number(struct scan *s, int i, struct buf *out)
{
    const struct token *t = &s->tokens[i];
    double value = s->e->constants[t->slot];
    if (value < 1e9 && value == (double)(long)value)
        buf_printf(out, "%ld", (long)value);
    else
        buf_printf(out, "$c%d", t->slot); /* libxml2 loses digits of other constants */
    return 0;
}

/* Writes an argument, tokens from..last.  Where a function wants the question or repeat itself,
 * there must be nothing but its ${name}. */
static int write_argument(struct scan *s, const struct function *f, int from, int last,
                          struct buf *out)
{
    const struct token *t = &s->tokens[from];
    char letter = argument_letter(f, t->argument);
    bool path =
        t->kind == TOKEN_FUNCTION && t->function->result == 'p' && operand_end(s, from) == last;
    if (strchr("lrq", letter) && !(letter == 'l' && path) && (last > from || t->kind != TOKEN_REF))
        return mistake(s, t->start, "%s() 的第%d个参数只能写 ${题名} 本身%s", f->name,
                       t->argument + 1, letter == 'l' ? "或 instance() 的路径" : "");
    return write_range(s, from, last, out);
}

/* Writes a call whose name stands at i: its name and its arguments. */
static int write_call(struct scan *s, int i, struct buf *out)
{
    const struct function *f = s->tokens[i].function;
    int open = i + 1, close = s->tokens[open].match, from = open + 1;
    if (f->arguments[0] == '.')
        return write_position(s, i, out);
    char letter = f->days_code ? wanted(s, i, close) : 0, name[FUNCTION_NAME];
    if (strcmp(f->name, "once") == 0)
        s->e->uses_self = true;
    buf_puts(out, function_xpath(f, letter == USE_NUMBER || letter == 'N', name));
    buf_putc(out, '(');
    for (int k = from; k <= close; k = operand_end(s, k) + 1) {
        if (k < close && s->tokens[k].kind != TOKEN_COMMA)
            continue;
        if (k > from && write_argument(s, f, from, k - 1, out) < 0)
            return -1;
        buf_putc(out, s->tokens[k].kind == TOKEN_COMMA ? ',' : ')');
        from = k + 1;
    }
    return 0;
}

static void write_operator(const struct token *t, struct buf *out)
{
    static const char *const words[128] = {
        ['/'] = "div", ['%'] = "mod", ['{'] = "<=", ['}'] = ">=", ['!'] = "!=",
        ['&'] = "and", ['|'] = "or",  ['+'] = "+",  ['-'] = "-",  ['*'] = "*",
        ['<'] = "<",   ['>'] = ">",   ['='] = "="};
    buf_printf(out, " %s ", words[(int)t->op]);
}

/* Writes the token, call or group that begins at i, without what a path has behind it. */
static int write_primary(struct scan *s, int i, struct buf *out)
{
    const struct token *t = &s->tokens[i];
    int rc = 0;
    switch (t->kind) {
    case TOKEN_STRING:
        return write_string(s, i, out);
    case TOKEN_NUMBER:
        return write_number(s, i, out);
    case TOKEN_REF:
        return write_reference(s, i, out);
    case TOKEN_SELF:
        return write_self(s, i, out);
    case TOKEN_DOTS:
        return mistake(s, t->start, ".. 只能用在 position(..) 里；题目写成 ${题名}");
    case TOKEN_FUNCTION:
        return write_call(s, i, out);
    case TOKEN_COLUMN:
        if (in_brackets(s, t))
            buf_put(out, s->e->text + t->start, (size_t)t->length);
        else
            buf_printf(out, "$f%d", t->slot);
        return 0;
    case TOKEN_OPEN:
        buf_putc(out, '(');
        rc = write_range(s, i + 1, t->match - 1, out);
        buf_putc(out, ')');
        return rc;
    default:
        write_operator(t, out);
        return 0;
    }
}

static int write_operand(struct scan *s, int i, struct buf *out)
{
    const struct token *t = &s->tokens[i];
    int last = operand_end(s, i), rc = write_primary(s, i, out);
    int k = t->kind == TOKEN_FUNCTION ? s->tokens[i + 1].match
            : t->kind == TOKEN_OPEN   ? t->match
                                      : i;
    while (rc == 0 && ++k <= last) {
        t = &s->tokens[k];
        buf_put(out, s->e->text + t->start, (size_t)t->length);
        if (t->kind == TOKEN_STEP)
            continue;
        rc = write_range(s, k + 1, t->match - 1, out);
        buf_putc(out, ']');
        k = t->match;
    }
    return rc;
}

/* The first (or last) operator of `ops` in the range, outside parentheses; -1 when none. */
static int find_operator(const struct scan *s, int first, int last, const char *ops, bool want_last)
{
    int found = -1;
    for (int i = first; i <= last; i = operand_end(s, i) + 1)
        if (is_operator(&s->tokens[i], ops) && (found < 0 || want_last))
            found = i;
    return found;
}

/* Whether the range may give a number with a rounding error: it computes. */
static bool computes(const struct scan *s, int first, int last)
{
    if (first < last && find_operator(s, first, last, "+-*/%", false) >= 0)
        return true;
    const struct token *t = &s->tokens[first];
    if (t->kind == TOKEN_OPEN)
        return computes(s, first + 1, t->match - 1);
    return t->kind == TOKEN_FUNCTION && (t->function->result == 'n' || t->function->result == 'i');
}

/* a = b.  JavaRosa takes numbers within 1e-12 for equal (0.1 + 0.2 = 0.3 is true), and a path that
 * leads nowhere for ''; XPath does neither: where a side computes or is a path, the comparison
 * becomes a call of our own. */
static int write_equality(struct scan *s, int first, int op, int last, struct buf *out)
{
    bool own = computes(s, first, op - 1) || computes(s, op + 1, last) || is_path(s, op - 1) ||
               is_path(s, last);
    bool equal = s->tokens[op].op == '=';
    char name[FUNCTION_NAME];
    if (own)
        buf_printf(out, "%s(",
                   function_xpath(function_find(equal ? "=" : "!=", equal ? 1 : 2), false, name));
    if (write_range(s, first, op - 1, out) < 0)
        return -1;
    buf_puts(out, own ? "," : equal ? " = " : " != ");
    if (write_range(s, op + 1, last, out) < 0)
        return -1;
    if (own)
        buf_putc(out, ')');
    return 0;
}

int write_range(struct scan *s, int first, int last, struct buf *out)
{
    for (int pass = 0; pass < 2; pass++) {
        int op = find_operator(s, first, last, pass ? "&" : "|", false);
        if (op < 0)
            continue;
        for (; op >= 0; op = find_operator(s, first, last, pass ? "&" : "|", false)) {
            if (write_range(s, first, op - 1, out) < 0)
                return -1;
            write_operator(&s->tokens[op], out);
            first = op + 1;
        }
        return write_range(s, first, last, out);
    }
    int op = find_operator(s, first, last, "=!", true);
    if (op >= 0)
        return write_equality(s, first, op, last, out);
    for (int i = first; i <= last; i = operand_end(s, i) + 1)
        if (write_operand(s, i, out) < 0)
            return -1;
    return 0;
}
