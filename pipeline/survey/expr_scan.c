/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/expr_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The offset is told in characters. */
int mistake(const struct scan *s, int offset, const char *format, ...)
{
    char why[600];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    char *before = must_strdup(s->e->text);
    before[offset] = '\0';
    size_t characters = utf8_length(before) + 1;
    free(before);
    struct place at = s->e->at;
    at.text = s->e->text;
    return error_at(at, "表达式第%zu个字符处：%s", characters, why);
}

const struct function *caller(const struct scan *s, int open)
{
    return open > 0 && s->tokens[open - 1].kind == TOKEN_FUNCTION ? s->tokens[open - 1].function
                                                                  : NULL;
}

char argument_letter(const struct function *f, int argument)
{
    int n = (int)strlen(f->arguments);
    return n ? f->arguments[argument < n ? argument : n - 1] : 't';
}

int operand_end(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
    int end = t->kind == TOKEN_FUNCTION ? s->tokens[i + 1].match
              : t->kind == TOKEN_OPEN   ? t->match
                                        : i;
    for (;;) {
        const struct token *next = &s->tokens[end + 1];
        if (next->kind == TOKEN_OPEN && next->op == '[')
            end = next->match;
        else if (next->kind == TOKEN_STEP)
            end++;
        else
            return end;
    }
}

bool in_brackets(const struct scan *s, const struct token *t)
{
    int open = t->owner;
    while (open >= 0 && s->tokens[open].op != '[')
        open = s->tokens[open].owner;
    return open >= 0;
}

char *token_quoted(const struct scan *s, const struct token *t)
{
    char *text = must_strdup(s->e->text + t->start + 1);
    text[t->length - 2] = '\0';
    return text;
}

bool is_around(const struct form *form, int outer, int inner)
{
    while (inner != outer && inner >= 0)
        inner = form->repeats[inner].parent;
    return inner == outer;
}

/* Whether the expression says what an empty answer means. */
static bool minds_empty(const struct scan *s)
{
    for (int i = 0; i < s->count; i++) {
        const struct token *t = &s->tokens[i];
        if (t->kind == TOKEN_STRING && t->length == 2)
            return true;
        if (t->kind == TOKEN_FUNCTION && (strcmp(t->function->name, "coalesce") == 0 ||
                                          strcmp(t->function->name, "string-length") == 0))
            return true;
    }
    return false;
}

int expr_scan(struct expr *e)
{
    struct scan s = {.e = e};
    struct buf out = {0};
    int rc = strlen(e->text) > LONGEST_EXPRESSION
                 ? mistake(&s, 0, "表达式太长，最多%d字节", LONGEST_EXPRESSION)
             : !utf8_valid(e->text, strlen(e->text)) ? mistake(&s, 0, "表达式不是UTF-8文字")
                                                     : 0;
    if (rc == 0)
        rc = tokens_cut(&s) < 0 || tokens_check(&s) < 0 || names_resolve(&s) < 0 ||
                     write_range(&s, 0, s.count - 2, &out) < 0
                 ? -1
                 : 0;
    e->minds_empty = minds_empty(&s);
    e->rewritten = must_strdup(buf_text(&out));
    buf_free(&out);
    free(s.tokens);
    return rc;
}
