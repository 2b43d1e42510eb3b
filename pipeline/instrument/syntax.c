/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/syntax.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH = 60 };

struct reader {
    struct arena *arena;
    const char *p;
    int depth;
};

static const struct term *read_level(struct reader *r, int level);

static void skip_blanks(struct reader *r)
{
    r->p += strspn(r->p, " \t\r\n");
}

static bool is_name_char(const char *p)
{
    return (unsigned char)*p >= 0x80 || isalnum((unsigned char)*p) || *p == '_' || *p == '-' ||
           *p == '.' || *p == ':';
}

static size_t name_length(const char *p)
{
    size_t n = 0;
    while (is_name_char(p + n))
        n++;
    return n;
}

static struct term *new_term(struct reader *r, enum term_kind kind, const char *text, size_t n)
{
    struct term *t = arena_alloc(r->arena, sizeof *t);
    t->kind = kind;
    t->text = arena_strndup(r->arena, text, n);
    return t;
}

/* Operators by how loosely they bind; a word must end where the name ends. */
static const char *const levels[][5] = {
    {"or"}, {"and"}, {"!=", "="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "div", "mod"}};
enum { LEVELS = sizeof levels / sizeof *levels };

static const char *operator_here(const struct reader *r, int level)
{
    for (int i = 0; i < 5 && levels[level][i]; i++) {
        const char *word = levels[level][i];
        size_t n = strlen(word);
        if (strncmp(r->p, word, n) == 0 &&
            (!isalpha((unsigned char)*word) || !is_name_char(r->p + n)))
            return word;
    }
    return NULL;
}

static const struct term *read_arguments(struct reader *r, struct term *call)
{
    skip_blanks(r);
    while (*r->p != ')') {
        if (call->count == TERM_PARTS || !(call->parts[call->count] = read_level(r, 0)))
            return NULL;
        call->count++;
        skip_blanks(r);
        if (*r->p == ',')
            r->p++;
        else if (*r->p != ')')
            return NULL;
        skip_blanks(r);
    }
    r->p++;
    return call;
}

static const struct term *read_word(struct reader *r)
{
    size_t n = name_length(r->p);
    const char *start = r->p;
    r->p += n;
    const char *after = r->p + strspn(r->p, " \t\r\n");
    if (*after != '(')
        return new_term(r, TERM_NAME, start, n);
    r->p = after + 1;
    return read_arguments(r, new_term(r, TERM_CALL, start, n));
}

static const struct term *read_quoted(struct reader *r)
{
    const char *end = strchr(r->p + 1, *r->p);
    if (!end)
        return NULL;
    struct term *t = new_term(r, TERM_STRING, r->p + 1, (size_t)(end - r->p) - 1);
    r->p = end + 1;
    return t;
}

static const struct term *read_reference(struct reader *r)
{
    size_t n = strcspn(r->p, "}");
    if (!r->p[n])
        return NULL;
    struct term *t = new_term(r, TERM_REF, r->p + 2, n - 2);
    r->p += n + 1;
    return t;
}

static const struct term *read_number(struct reader *r)
{
    size_t n = strspn(r->p, "0123456789.");
    struct term *t = new_term(r, TERM_NUMBER, r->p, n);
    r->p += n;
    return t;
}

static const struct term *read_dots(struct reader *r)
{
    bool parent = r->p[1] == '.';
    struct term *t = new_term(r, parent ? TERM_PARENT : TERM_SELF, r->p, 1U + parent);
    r->p += 1 + parent;
    return *r->p == '/' ? NULL : t;
}

static const struct term *read_primary(struct reader *r)
{
    skip_blanks(r);
    if (*r->p == '(') {
        r->p++;
        const struct term *t = read_level(r, 0);
        skip_blanks(r);
        return t && *r->p == ')' ? (r->p++, t) : NULL;
    }
    if (*r->p == '-') {
        r->p++;
        struct term *t = new_term(r, TERM_OPERATOR, "-", 1);
        t->parts[t->count++] = read_level(r, LEVELS);
        return t->parts[0] ? t : NULL;
    }
    if (*r->p == '\'' || *r->p == '"')
        return read_quoted(r);
    if (starts_with(r->p, "${"))
        return read_reference(r);
    if (isdigit((unsigned char)*r->p) || (*r->p == '.' && isdigit((unsigned char)r->p[1])))
        return read_number(r);
    if (*r->p == '.')
        return read_dots(r);
    return is_name_char(r->p) ? read_word(r) : NULL;
}

static const struct term *read_level(struct reader *r, int level)
{
    if (++r->depth > DEPTH * LEVELS)
        return NULL;
    const struct term *left = level == LEVELS ? read_primary(r) : read_level(r, level + 1);
    while (left && level < LEVELS) {
        skip_blanks(r);
        const char *word = operator_here(r, level);
        if (!word)
            break;
        r->p += strlen(word);
        struct term *t = new_term(r, TERM_OPERATOR, word, strlen(word));
        t->parts[0] = left;
        t->parts[1] = read_level(r, level + 1);
        t->count = 2;
        left = t->parts[1] ? t : NULL;
    }
    r->depth--;
    return left;
}

const struct term *syntax_read(struct arena *a, const char *text)
{
    struct reader r = {a, text, 0};
    const struct term *t = read_level(&r, 0);
    skip_blanks(&r);
    return t && !*r.p ? t : NULL;
}

bool term_is(const struct term *t, const char *name)
{
    bool operation = t->kind == TERM_OPERATOR && t->count == 2;
    return (operation || t->kind == TERM_CALL) && strcmp(t->text, name) == 0;
}
