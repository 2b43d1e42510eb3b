/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/pattern.h"

#include "base/arena.h"
#include "base/text.h"

#include <locale.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_REPEATS = 1000, MOST_STATES = 20000, LONGEST_TEXT = 64 * 1024 };

struct pattern {
    char *source;
    regex_t regex;
    locale_t utf8;
};

/* Translation in progress. */
struct translation {
    const char *p;  /* next byte of the Java pattern */
    struct buf out; /* POSIX so far */
    const char *why;
    double states; /* upper bound of the automaton's size, so that (a{999}){999} is refused */
};

static bool refuse(struct translation *t, const char *why)
{
    t->why = why;
    return false;
}

/* What \d and its kin stand for inside brackets; NULL for other letters. */
static const char *class_members(char letter)
{
    switch (letter) {
    case 'd':
        return "0-9";
    case 'w':
        return "A-Za-z0-9_";
    case 's':
        return " \t\n\v\f\r";
    default:
        return NULL;
    }
}

/* The character that an escape (its letter at t->p) means, stepping over it; 0 when it is none. */
static uint32_t escaped_char(struct translation *t)
{
    char letter = *t->p++;
    int hex = letter == 'u' ? 4 : letter == 'x' ? 2 : 0;
    if (hex) {
        char digits[5] = {0};
        for (int i = 0; i < hex; i++) {
            if (!strchr("0123456789abcdefABCDEF", *t->p) || !*t->p)
                return 0;
            digits[i] = *t->p++;
        }
        return (uint32_t)strtoul(digits, NULL, 16);
    }
    if (letter == 't')
        return '\t';
    if (letter == 'n')
        return '\n';
    if (letter == 'r')
        return '\r';
    bool plain = letter && !(letter >= '0' && letter <= '9') && !(letter >= 'A' && letter <= 'Z') &&
                 !(letter >= 'a' && letter <= 'z') && !((unsigned char)letter & 0x80);
    return plain ? (uint32_t)letter : 0;
}

/* One character outside brackets, escaped when POSIX gives it a meaning. */
static void put_literal(struct translation *t, uint32_t c)
{
    if (c < 0x80 && strchr(".[]\\()*+?{}|^$", (int)c))
        buf_putc(&t->out, '\\');
    buf_put_char(&t->out, c);
}

/* [ … ]: POSIX has no escapes there, so ] goes first, ^ never first and - last. */
static bool translate_brackets(struct translation *t)
{
    struct buf members = {0};
    bool negated = *t->p == '^', closing = false, caret = false, dash = false, empty = true;
    t->p += negated;
    while (*t->p != ']' || empty) {
        if (!*t->p || (*t->p == ']' && empty)) {
            buf_free(&members);
            return refuse(t, "方括号没有写完");
        }
        if (*t->p == '[' || (t->p[0] == '&' && t->p[1] == '&')) {
            buf_free(&members);
            return refuse(t, "方括号里不能再套方括号");
        }
        empty = false;
        uint32_t c;
        if (*t->p == '\\' && class_members(t->p[1])) {
            buf_puts(&members, class_members(t->p[1]));
            t->p += 2;
            continue;
        }
        if (*t->p == '\\') {
            t->p++;
            c = escaped_char(t);
        } else {
            c = utf8_next(&t->p);
        }
        if (!c) {
            buf_free(&members);
            return refuse(t, "方括号里的反斜杠写法不支持");
        }
        bool range = t->p[0] == '-' && t->p[1] && t->p[1] != ']';
        if (!range) {
            if (c == ']')
                closing = true;
            else if (c == '^')
                caret = true;
            else if (c == '-')
                dash = true;
            else
                buf_put_char(&members, c);
            continue;
        }
        t->p++;
        uint32_t last;
        if (*t->p == '\\') {
            t->p++;
            last = escaped_char(t);
        } else {
            last = utf8_next(&t->p);
        }
        if (last < c || c == ']' || last == ']' || c == '^' || c == '-' || last == '-') {
            buf_free(&members);
            return refuse(t, "方括号里的范围写反了，或者范围的一端不能用");
        }
        buf_put_char(&members, c);
        buf_putc(&members, '-');
        buf_put_char(&members, last);
    }
    t->p++;
    if (caret && !negated && !closing && members.len == 0) {
        buf_puts(&t->out, dash ? "(\\^|-)" : "\\^");
    } else {
        buf_puts(&t->out, negated ? "[^" : "[");
        buf_puts(&t->out, closing ? "]" : "");
        buf_puts(&t->out, buf_text(&members));
        buf_puts(&t->out, caret ? "^" : "");
        buf_puts(&t->out, dash ? "-]" : "]");
    }
    buf_free(&members);
    return true;
}

/* An escape outside brackets; t->p stands after the backslash. */
static bool translate_escape(struct translation *t)
{
    char lower = (char)(*t->p | 0x20);
    if (class_members(lower)) {
        buf_puts(&t->out, *t->p == lower ? "[" : "[^");
        buf_puts(&t->out, class_members(lower));
        buf_putc(&t->out, ']');
        t->p++;
        return true;
    }
    uint32_t c = escaped_char(t);
    if (!c)
        return refuse(t, "这个反斜杠写法不支持，可用的有 \\d \\w \\s \\uXXXX 和标点");
    put_literal(t, c);
    return true;
}

/* {n}, {n,}, {n,m}: t->p stands after the brace. */
static bool translate_count(struct translation *t)
{
    char *end;
    const char *start = t->p;
    long least = strtol(t->p, &end, 10), most = least;
    if (end == t->p || *t->p == '-' || *t->p == '+' || *t->p == ' ')
        return refuse(t, "花括号里应是重复次数，如 {4} 或 {1,3}");
    if (*end == ',') {
        const char *second = end + 1;
        most = *second == '}' ? least : strtol(second, &end, 10);
        if (*second == '}')
            end = (char *)second;
        else if (end == second || *second == '-' || *second == '+' || *second == ' ')
            return refuse(t, "花括号里应是重复次数，如 {4} 或 {1,3}");
    }
    if (*end != '}')
        return refuse(t, "花括号没有写完");
    if (least > MOST_REPEATS || most > MOST_REPEATS || most < least)
        return refuse(t, "重复次数应从小到大，且不超过1000");
    t->states *= most > 1 ? (double)most : 1;
    buf_putc(&t->out, '{');
    buf_put(&t->out, start, (size_t)(end + 1 - start));
    t->p = end + 1;
    return true;
}

/* After a quantifier: lazy is the same when the whole text must match; possessive is not. */
static bool after_quantifier(struct translation *t)
{
    if (*t->p == '?')
        t->p++;
    else if (*t->p == '+')
        return refuse(t, "占有量词（如 *+）不支持");
    if (*t->p && strchr("*+?{", *t->p))
        return refuse(t, "重复记号连写了两个");
    return true;
}

static bool translate_one(struct translation *t)
{
    const char *before = t->p;
    uint32_t c = utf8_next(&t->p);
    t->states++;
    switch (c) {
    case '\\':
        return translate_escape(t);
    case '[':
        return translate_brackets(t);
    case '.':
        buf_puts(&t->out, "[^\n\r]");
        return true;
    case '(':
        if (t->p[0] == '?' && t->p[1] != ':')
            return refuse(t, "(?…) 这类写法不支持");
        t->p += *t->p == '?' ? 2 : 0;
        buf_putc(&t->out, '(');
        return true;
    case '{':
        return translate_count(t) && after_quantifier(t);
    case '*':
    case '+':
    case '?':
        buf_put(&t->out, before, 1);
        return after_quantifier(t);
    case ']':
    case '}':
        put_literal(t, c);
        return true;
    default:
        buf_put(&t->out, before, (size_t)(t->p - before));
        return true;
    }
}

static bool translate(struct translation *t)
{
    buf_puts(&t->out, "^(");
    while (*t->p)
        if (!translate_one(t))
            return false;
    if (t->states > MOST_STATES)
        return refuse(t, "重复次数相乘太大");
    buf_puts(&t->out, ")$");
    return true;
}

struct pattern *pattern_compile(const char *java, const char **why)
{
    struct translation t = {.p = java, .states = 1};
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    struct pattern *p = NULL;
    if (!utf8)
        t.why = "本机没有 C.UTF-8 语言环境";
    else if (translate(&t)) {
        p = must_alloc(sizeof *p);
        locale_t old = uselocale(utf8);
        bool bad = regcomp(&p->regex, t.out.text, REG_EXTENDED | REG_NOSUB) != 0;
        uselocale(old);
        if (bad) {
            free(p);
            p = NULL;
            t.why = "括号不配对，或者重复记号前面没有字";
        }
    }
    buf_free(&t.out);
    *why = t.why;
    if (!p) {
        if (utf8)
            freelocale(utf8);
        return NULL;
    }
    p->source = must_strdup(java);
    p->utf8 = utf8;
    return p;
}

bool pattern_matches(const struct pattern *p, const char *text)
{
    if (strlen(text) > LONGEST_TEXT)
        return false;
    locale_t old = uselocale(p->utf8);
    bool found = regexec(&p->regex, text, 0, NULL, 0) == 0;
    uselocale(old);
    return found;
}

const char *pattern_source(const struct pattern *p)
{
    return p->source;
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    regfree(&p->regex);
    freelocale(p->utf8);
    free(p->source);
    free(p);
}
