/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From an XLSForm expression to XPath for libxml2, in passes over its tokens: expr_tokens.c cuts
 * the text into tokens and checks their order, expr_names.c resolves names and expr_paths.c paths,
 * expr_write.c writes the XPath.
 *
 * Paths to questions (../name, current()/../name, /data/group/name) are references like ${name}.
 * Paths from instance('list') go through real nodes (survey/secondary.h): their steps and what is
 * between their brackets is left to libxml2, but for the references in it.
 */
#ifndef SURVEY_EXPR_SCAN_H
#define SURVEY_EXPR_SCAN_H

#include "base/text.h"
#include "survey/expr_private.h"

enum token_kind {
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_REF,
    TOKEN_SELF,
    TOKEN_DOTS, /* .. or ../.. */
    TOKEN_FUNCTION,
    TOKEN_COLUMN,
    TOKEN_STEP, /* /item behind an operand */
    TOKEN_OPEN, /* ( or [: op */
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_OPERATOR,
    TOKEN_END,
};

struct token {
    enum token_kind kind;
    int start, length;
    char op; /* + - * / (div) % (mod) < { (<=) > } (>=) = ! & |; of parentheses ( [ */
    const struct function *function; /* TOKEN_FUNCTION */
    int slot;                        /* in refs, constants or columns; dots: how many */
    int match;                       /* the parenthesis of the other side */
    int owner;                       /* the parenthesis around, -1 */
    int argument;                    /* its number in the owner's call, from 0 */
};

struct scan {
    struct expr *e;
    struct token *tokens;
    int count, room;
    int brackets; /* [ that are open while the text is cut */
    bool names_wrong;
};

/* Report a mistake at a byte offset of the text; returns -1. */
int mistake(const struct scan *s, int offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Cuts s->e->text into tokens, the last of them TOKEN_END. */
int tokens_cut(struct scan *s);
/* Operands and operators take turns, parentheses match (token->match, owner, argument), calls
 * have as many arguments as they need. */
int tokens_check(struct scan *s);
/* The last token of the operand that begins at i: a call, a group or a single token, with the
 * steps and brackets of a path behind it. */
int operand_end(const struct scan *s, int i);
/* Whether the token stands in the brackets of a path. */
bool in_brackets(const struct scan *s, const struct token *t);
/* References and columns get their slots in the expression. */
int names_resolve(struct scan *s);
/* The text between the quotes of a token; caller frees. */
char *token_quoted(const struct scan *s, const struct token *t);
/* What a path leads to: the index of a question in *question, or of a repeat in *repeat.  Returns
 * 0, or -1 after a message. */
int path_resolve(struct scan *s, const struct token *t, int *question, int *repeat);
/* instance('list')/root/item…, its name at i: list and columns must be there. */
int instance_check(struct scan *s, int i);
/* A bare name in brackets is a column of the list whose path they stand in. */
int instance_check_column(struct scan *s, int i);
/* Writes the tokens first..last, an expression of its own: by its loosest operators first. */
int write_range(struct scan *s, int first, int last, struct buf *out);

/* The function that the parenthesis at `open` belongs to, or NULL. */
const struct function *caller(const struct scan *s, int open);
/* The letter of function->arguments for an argument. */
char argument_letter(const struct function *f, int argument);
/* Whether `outer` is `inner` or one of the repeats around it; -1 is the form itself. */
bool is_around(const struct form *form, int outer, int inner);

#endif
