/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/expr_native.h"

#include "base/arena.h"
#include "base/text.h"
#include "survey/days.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum node_kind {
    NODE_NUMBER,
    NODE_TEXT,
    NODE_VALUE, /* a question's value, or the question's own */
    NODE_COLUMN,
    NODE_OR,
    NODE_AND,
    NODE_EQUAL,
    NODE_UNEQUAL,
    NODE_LESS,
    NODE_LESS_EQUAL,
    NODE_GREATER,
    NODE_GREATER_EQUAL,
    NODE_ADD,
    NODE_SUBTRACT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_MODULO,
    NODE_NEGATIVE,
    NODE_NOT,
    NODE_TRUTH,
    NODE_IF,
    NODE_SELECTED,
    NODE_COUNT_SELECTED,
    NODE_REGEX,
};
struct node {
    enum node_kind kind;
    int a, b, c;   /* operands */
    enum use use;  /* NODE_VALUE */
    int slot;      /* of the reference or column; -1: the own value */
    bool typed;    /* its question has numbers or dates */
    double number; /* NODE_NUMBER; NODE_TRUTH */
    const char *text;
    struct pattern *pattern;
};

struct native {
    struct node *nodes;
    int count, room, top;
    struct arena texts;
};

/* ---- compiling: XPath's grammar, by its loosest operators first ------------------------------ */

struct parse {
    const struct expr *e;
    struct native *n;
    const char *p;
    int depth;
};

/* Each returns the index of a node, or -1 when the form is not ours. */
static int parse_or(struct parse *s);

static int add(struct parse *s, struct node node)
{
    struct native *n = s->n;
    GROW(n->nodes, n->count, n->room);
    n->nodes[n->count] = node;
    return n->count++;
}

static void skip_blanks(struct parse *s)
{
    s->p += strspn(s->p, " \t\r\n");
}

/* Takes the word or sign if it comes next. */
static bool take(struct parse *s, const char *word)
{
    size_t n = strlen(word);
    skip_blanks(s);
    if (strncmp(s->p, word, n) != 0)
        return false;
    s->p += n;
    return true;
}

static int parse_variable(struct parse *s)
{
    char letter = *s->p++;
    struct node node = {.kind = NODE_VALUE, .use = (enum use)letter, .slot = -1};
    if (*s->p == 's') {
        s->p++;
        node.typed = !s->e->self || question_is_typed(s->e->self);
    } else {
        char *end;
        node.slot = (int)strtol(s->p, &end, 10);
        if (end == s->p)
            return -1;
        s->p = end;
    }
    if (letter == 'c')
        return add(s, (struct node){.kind = NODE_NUMBER, .number = s->e->constants[node.slot]});
    if (letter == 'f')
        return add(s, (struct node){.kind = NODE_COLUMN, .slot = node.slot});
    if (letter != USE_TEXT && letter != USE_VALUE && letter != USE_NUMBER)
        return -1;
    if (node.slot >= 0) {
        const struct expr_ref *ref = &s->e->refs[node.slot];
        if (ref->path_count || ref->question < 0)
            return -1;
        node.typed = question_is_typed(&s->e->form->questions[ref->question]);
    }
    return add(s, node);
}

static int parse_string(struct parse *s)
{
    char quote = *s->p++;
    const char *end = strchr(s->p, quote);
    if (!end)
        return -1;
    const char *text = arena_strndup(&s->n->texts, s->p, (size_t)(end - s->p));
    s->p = end + 1;
    return add(s, (struct node){.kind = NODE_TEXT, .text = text});
}

/* Up to three arguments after the opening parenthesis; how many there were, -1 when there are
 * others. */
static int parse_arguments(struct parse *s, int out[3])
{
    int n = 0;
    if (take(s, ")"))
        return 0;
    do {
        if (n == 3 || (out[n++] = parse_or(s)) < 0)
            return -1;
    } while (take(s, ","));
    return take(s, ")") ? n : -1;
}

/* Whether a node is a text whatever is answered. */
static bool is_text(const struct parse *s, int i)
{
    const struct node *n = &s->n->nodes[i];
    return n->kind == NODE_TEXT || n->kind == NODE_COLUMN ||
           (n->kind == NODE_VALUE && (n->use == USE_TEXT || !n->typed));
}

static int make_call(struct parse *s, const char *name, size_t length, const int *arg, int n)
{
    static const struct {
        const char *name;
        int arguments;
        enum node_kind kind;
        int texts; /* so many first arguments must be texts */
        double number;
    } calls[] = {{"if", 3, NODE_IF, 0, 0},
                 {"not", 1, NODE_NOT, 0, 0},
                 {"true", 0, NODE_TRUTH, 0, 1},
                 {"false", 0, NODE_TRUTH, 0, 0},
                 {"regex", 2, NODE_REGEX, 2, 0},
                 {"selected", 2, NODE_SELECTED, 2, 0},
                 {"count-selected", 1, NODE_COUNT_SELECTED, 1, 0}};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strlen(calls[i].name) != length || memcmp(calls[i].name, name, length) != 0 ||
            calls[i].arguments != n)
            continue;
        for (int k = 0; k < calls[i].texts; k++)
            if (!is_text(s, arg[k]))
                return -1;
        struct node node = {.kind = calls[i].kind, .number = calls[i].number};
        node.a = n > 0 ? arg[0] : -1;
        node.b = n > 1 ? arg[1] : -1;
        node.c = n > 2 ? arg[2] : -1;
        if (node.kind == NODE_REGEX) {
            const char *why = NULL;
            const struct node *source = &s->n->nodes[node.b];
            node.pattern = source->kind == NODE_TEXT ? pattern_compile(source->text, &why) : NULL;
            if (!node.pattern)
                return -1;
        }
        return add(s, node);
    }
    return -1;
}

static int parse_call(struct parse *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz-0123456789";
    const char *name = s->p;
    size_t length = strspn(name, letters);
    int arg[3];
    s->p += length;
    if (!length || !take(s, "("))
        return -1;
    int n = parse_arguments(s, arg);
    return n < 0 ? -1 : make_call(s, name, length, arg, n);
}

static int parse_primary(struct parse *s)
{
    skip_blanks(s);
    if (*s->p == '$') {
        s->p++;
        return parse_variable(s);
    }
    if (*s->p == '\'' || *s->p == '"')
        return parse_string(s);
    if (take(s, "(")) {
        int inner = parse_or(s);
        return inner >= 0 && take(s, ")") ? inner : -1;
    }
    size_t digits = strspn(s->p, "0123456789");
    if (digits == 0)
        return parse_call(s);
    double number = strtod(s->p, NULL);
    s->p += digits;
    return digits > 15 || *s->p == '.'
               ? -1
               : add(s, (struct node){.kind = NODE_NUMBER, .number = number});
}

static int parse_unary(struct parse *s)
{
    if (!take(s, "-"))
        return parse_primary(s);
    int a = ++s->depth > DEEPEST_EXPRESSION ? -1 : parse_unary(s);
    s->depth--;
    return a < 0 ? -1 : add(s, (struct node){.kind = NODE_NEGATIVE, .a = a});
}

struct operator
{
    const char *sign;
    enum node_kind kind;
};

/* Operands of `next`, joined from the left by any of the operators (longer signs first). */
static int parse_chain(struct parse *s, const struct operator* ops, int (*next)(struct parse *))
{
    int a = next(s);
    while (a >= 0) {
        const struct operator* op = ops;
        while (op->sign && !take(s, op->sign))
            op++;
        if (!op->sign)
            return a;
        int b = next(s);
        a = b < 0 ? -1 : add(s, (struct node){.kind = op->kind, .a = a, .b = b});
    }
    return -1;
}

static int parse_product(struct parse *s)
{
    static const struct operator ops[] = {
        {"*", NODE_MULTIPLY}, {"div ", NODE_DIVIDE}, {"mod ", NODE_MODULO}, {0}};
    return parse_chain(s, ops, parse_unary);
}

static int parse_sum(struct parse *s)
{
    static const struct operator ops[] = {{"+", NODE_ADD}, {"-", NODE_SUBTRACT}, {0}};
    return parse_chain(s, ops, parse_product);
}

static int parse_relation(struct parse *s)
{
    static const struct operator ops[] = {{"<=", NODE_LESS_EQUAL},
                                          {">=", NODE_GREATER_EQUAL},
                                          {"<", NODE_LESS},
                                          {">", NODE_GREATER},
                                          {0}};
    return parse_chain(s, ops, parse_sum);
}

static int parse_equality(struct parse *s)
{
    static const struct operator ops[] = {{"!=", NODE_UNEQUAL}, {"=", NODE_EQUAL}, {0}};
    return parse_chain(s, ops, parse_relation);
}

static int parse_and(struct parse *s)
{
    static const struct operator ops[] = {{"and ", NODE_AND}, {0}};
    return parse_chain(s, ops, parse_equality);
}

static int parse_or(struct parse *s)
{
    static const struct operator ops[] = {{"or ", NODE_OR}, {0}};
    int a = ++s->depth > DEEPEST_EXPRESSION ? -1 : parse_chain(s, ops, parse_and);
    s->depth--;
    return a;
}

struct native *native_compile(const struct expr *e)
{
    struct native *n = must_alloc(sizeof *n);
    struct parse s = {.e = e, .n = n, .p = e->rewritten};
    n->top = parse_or(&s);
    skip_blanks(&s);
    if (n->top >= 0 && !*s.p && n->count <= DEEPEST_EXPRESSION)
        return n;
    native_free(n);
    return NULL;
}

void native_free(struct native *n)
{
    if (!n)
        return;
    for (int i = 0; i < n->count; i++)
        pattern_free(n->nodes[i].pattern);
    free(n->nodes);
    arena_free(&n->texts);
    free(n);
}

/* ---- evaluating ------------------------------------------------------------------------------ */

typedef struct result value_t;

static value_t eval(const struct native *n, int i, const struct engine *g);

static value_t of_truth(bool truth)
{
    return (value_t){.kind = RESULT_BOOL, .truth = truth, .number = NAN, .text = ""};
}

static value_t of_number(double number)
{
    return (value_t){.kind = RESULT_NUMBER, .number = number, .text = ""};
}

static value_t of_text(const char *text)
{
    return (value_t){.kind = RESULT_TEXT, .number = NAN, .text = text};
}

/* XPath's number(); texts as libxml2 reads them. */
static double to_number(const value_t *v)
{
    return v->kind == RESULT_BOOL     ? v->truth
           : v->kind == RESULT_NUMBER ? v->number
                                      : xmlXPathCastStringToNumber((const xmlChar *)v->text);
}

static bool equals(const value_t *a, const value_t *b)
{
    if (a->kind == RESULT_BOOL || b->kind == RESULT_BOOL)
        return result_true(a) == result_true(b);
    if (a->kind == RESULT_NUMBER || b->kind == RESULT_NUMBER)
        return to_number(a) == to_number(b);
    return strcmp(a->text, b->text) == 0;
}

static const char *column_of(const struct engine *g, int slot)
{
    int column = g->expr->columns[slot];
    if (!g->choice)
        return "";
    return column == COLUMN_NAME    ? g->choice->name
           : column == COLUMN_LABEL ? g->choice->label
                                    : g->choice->filters[column];
}

static value_t of_value(const struct node *node, const struct engine *g)
{
    const struct value *v = node->slot < 0 ? g->self : g->expr->refs[node->slot].single;
    const char *text = value_text(v);
    double days;
    if (!*text || node->use == USE_TEXT || !node->typed)
        return of_text(text);
    if (text[1] && text[2] && text[3] && text[4] == '-' && days_from_text(text, &days))
        return node->use == USE_VALUE ? of_text(text) : of_number(days);
    return isnan(v->number) ? of_text(text) : of_number(v->number);
}

static int count_words(const char *text)
{
    int n = 0;
    for (const char *p = text + strspn(text, " "); *p; p += strspn(p, " ")) {
        p += strcspn(p, " ");
        n++;
    }
    return n;
}

static double compute(enum node_kind kind, double x, double y)
{
    switch (kind) {
    case NODE_ADD:
        return x + y;
    case NODE_SUBTRACT:
        return x - y;
    case NODE_MULTIPLY:
        return x * y;
    case NODE_DIVIDE:
        return x / y;
    default:
        return y == 0 ? NAN : fmod(x, y);
    }
}

static bool related(enum node_kind kind, double x, double y)
{
    switch (kind) {
    case NODE_LESS:
        return x < y;
    case NODE_LESS_EQUAL:
        return x <= y;
    case NODE_GREATER:
        return x > y;
    default:
        return x >= y;
    }
}

static value_t eval_pair(const struct node *node, const value_t *a, const value_t *b)
{
    if (node->kind == NODE_EQUAL || node->kind == NODE_UNEQUAL)
        return of_truth(equals(a, b) == (node->kind == NODE_EQUAL));
    double x = to_number(a), y = to_number(b);
    return node->kind >= NODE_ADD ? of_number(compute(node->kind, x, y))
                                  : of_truth(related(node->kind, x, y));
}

static value_t eval_simple(const struct node *node, const struct engine *g)
{
    switch (node->kind) {
    case NODE_NUMBER:
        return of_number(node->number);
    case NODE_TEXT:
        return of_text(node->text);
    case NODE_COLUMN:
        return of_text(column_of(g, node->slot));
    case NODE_TRUTH:
        return of_truth(node->number != 0);
    default:
        return of_value(node, g);
    }
}

static value_t eval(const struct native *n, int i, const struct engine *g)
{
    const struct node *node = &n->nodes[i];
    value_t a, b;
    if (node->kind <= NODE_COLUMN || node->kind == NODE_TRUTH)
        return eval_simple(node, g);
    a = eval(n, node->a, g);
    switch (node->kind) {
    case NODE_OR:
    case NODE_AND:
        if (result_true(&a) == (node->kind == NODE_OR))
            return of_truth(node->kind == NODE_OR);
        b = eval(n, node->b, g);
        return of_truth(result_true(&b));
    case NODE_NOT:
        return of_truth(!result_true(&a));
    case NODE_NEGATIVE:
        return of_number(-to_number(&a));
    case NODE_IF:
        return eval(n, result_true(&a) ? node->b : node->c, g);
    case NODE_COUNT_SELECTED:
        return of_number(count_words(a.text));
    case NODE_REGEX:
        return of_truth(pattern_matches(node->pattern, a.text));
    default:
        b = eval(n, node->b, g);
        return node->kind == NODE_SELECTED ? of_truth(list_selected(a.text, b.text))
                                           : eval_pair(node, &a, &b);
    }
}

struct result native_eval(const struct native *n, const struct engine *g)
{
    return eval(n, n->top, g);
}
