/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/pattern.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_REPEATS = 1000, MOST_STEPS = 20000, DEEPEST = 50, LAST_CHARACTER = 0x10FFFF };

/* ---- the tree -------------------------------------------------------------------------------- */

struct range {
    uint32_t first, last;
};
struct set {
    struct range *ranges;
    int count, room;
    bool negated;
};

enum node_kind { NODE_SET, NODE_BEGIN, NODE_END, NODE_SEQUENCE, NODE_CHOICE, NODE_REPEAT };
struct node {
    enum node_kind kind;
    struct set *set;
    int least, most;           /* NODE_REPEAT; most < 0: no bound */
    struct node *child, *next; /* first child; next one of the same parent */
};

/* What the program of a pattern does; each step takes a character or only branches. */
enum step_kind { STEP_SET, STEP_BEGIN, STEP_END, STEP_SPLIT, STEP_JUMP, STEP_DONE };
struct step {
    enum step_kind kind;
    const struct set *set;
    int to, or_to;
};

struct pattern {
    char *source;
    struct arena tree;
    struct set **sets;
    int set_count, set_room;
    struct step *steps;
    int step_count, step_room;
    int emitted; /* nodes written: bounds empty groups repeated without end */
    /* Scratch of a match: steps that are alive now and after the next character. */
    int *now, *then, *stack, *seen;
};

struct parse {
    struct pattern *pattern;
    const char *p;
    const char *why;
    int depth;
};

static struct node *refuse(struct parse *s, const char *why)
{
    if (!s->why)
        s->why = why;
    return NULL;
}

static struct node *new_node(struct parse *s, enum node_kind kind)
{
    struct node *n = arena_alloc(&s->pattern->tree, sizeof *n);
    n->kind = kind;
    return n;
}

static struct node *new_set(struct parse *s)
{
    struct pattern *p = s->pattern;
    struct node *n = new_node(s, NODE_SET);
    n->set = must_alloc(sizeof *n->set);
    GROW(p->sets, p->set_count, p->set_room);
    p->sets[p->set_count++] = n->set;
    return n;
}

static void add_range(struct set *set, uint32_t first, uint32_t last)
{
    GROW(set->ranges, set->count, set->room);
    set->ranges[set->count++] = (struct range){first, last};
}

/* \d \w \s and their opposites, as Java has them without flags: ASCII only. */
static bool add_class(struct set *set, char letter)
{
    static const struct range digits[] = {{'0', '9'}}, blanks[] = {{'\t', '\r'}, {' ', ' '}},
                              words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
    char lower = (char)(letter | 0x20);
    const struct range *members = lower == 'd' ? digits : lower == 'w' ? words : blanks;
    int count = lower == 'd' ? 1 : lower == 'w' ? 4 : 2;
    if (!strchr("dws", lower))
        return false;
    uint32_t from = 0;
    for (int i = 0; i < count; i++) {
        if (letter == lower)
            add_range(set, members[i].first, members[i].last);
        else if (members[i].first > from)
            add_range(set, from, members[i].first - 1);
        from = members[i].last + 1;
    }
    if (letter != lower)
        add_range(set, from, LAST_CHARACTER);
    return true;
}

/* The character that an escape means; its letter stands at s->p and is stepped over.  0 when it
 * is none that we know. */
static uint32_t escaped_character(struct parse *s)
{
    char letter = *s->p;
    int hex = letter == 'u' ? 4 : letter == 'x' ? 2 : 0;
    static const char names[] = "tnrf", values[] = "\t\n\r\f";
    if (!letter || (letter & 0x80))
        return 0;
    s->p++;
    if (hex) {
        char digits[5] = {0};
        for (int i = 0; i < hex; i++, s->p++) {
            if (!*s->p || !strchr("0123456789abcdefABCDEF", *s->p))
                return 0;
            digits[i] = *s->p;
        }
        return (uint32_t)strtoul(digits, NULL, 16);
    }
    const char *name = strchr(names, letter);
    if (name)
        return (uint32_t)values[name - names];
    bool alphanumeric =
        (letter >= '0' && letter <= '9') || ((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z');
    return alphanumeric ? 0 : (uint32_t)letter;
}

static struct node *parse_escape(struct parse *s)
{
    struct node *n = new_set(s);
    if (*s->p && add_class(n->set, *s->p)) {
        s->p++;
        return n;
    }
    uint32_t c = escaped_character(s);
    if (!c)
        return refuse(s, "这个反斜杠写法不支持，可用的有 \\d \\w \\s \\uXXXX 和标点");
    add_range(n->set, c, c);
    return n;
}

/* One character inside brackets; 0 after refusing. */
static uint32_t bracket_character(struct parse *s)
{
    uint32_t c = 0;
    if (!*s->p)
        refuse(s, "方括号没有写完");
    else if (*s->p == '[' || strncmp(s->p, "&&", 2) == 0)
        refuse(s, "方括号里不能再套方括号");
    else if (*s->p != '\\')
        c = utf8_next(&s->p);
    else if (s->p++, (c = escaped_character(s)) == 0)
        refuse(s, "方括号里的反斜杠写法不支持");
    return c;
}

/* [ … ], s->p stands after the bracket.  A ] that comes first is a mistake in Java. */
static struct node *parse_brackets(struct parse *s)
{
    struct node *n = new_set(s);
    n->set->negated = *s->p == '^';
    s->p += n->set->negated;
    if (*s->p == ']')
        return refuse(s, "方括号里是空的");
    while (*s->p != ']') {
        if (*s->p == '\\' && s->p[1] && add_class(n->set, s->p[1])) {
            s->p += 2;
            continue;
        }
        uint32_t first = bracket_character(s), last = first;
        if (first && *s->p == '-' && s->p[1] != ']') {
            s->p++;
            last = bracket_character(s);
        }
        if (!first || !last)
            return NULL;
        if (last < first)
            return refuse(s, "方括号里的范围前后颠倒");
        add_range(n->set, first, last);
    }
    s->p++;
    return n;
}

static struct node *parse_choice(struct parse *s);

static struct node *parse_group(struct parse *s)
{
    if (s->p[0] == '?' && s->p[1] != ':')
        return refuse(s, "(?…) 这类写法不支持");
    s->p += *s->p == '?' ? 2 : 0;
    if (++s->depth > DEEPEST)
        return refuse(s, "括号套得太深");
    struct node *n = parse_choice(s);
    s->depth--;
    if (n && *s->p != ')')
        return refuse(s, "左括号没有配上右括号");
    s->p++;
    return n;
}

static struct node *parse_atom(struct parse *s)
{
    uint32_t c = utf8_next(&s->p);
    struct node *n;
    switch (c) {
    case '(':
        return parse_group(s);
    case '[':
        return parse_brackets(s);
    case '\\':
        return parse_escape(s);
    case '^':
        return new_node(s, NODE_BEGIN);
    case '$':
        return new_node(s, NODE_END);
    case '*':
    case '+':
    case '?':
    case '{':
        return refuse(s, "重复记号前面没有内容");
    case '.':
        n = new_set(s);
        n->set->negated = true;
        add_range(n->set, '\n', '\n');
        add_range(n->set, '\r', '\r');
        add_range(n->set, 0x85, 0x85);
        add_range(n->set, 0x2028, 0x2029);
        return n;
    default:
        n = new_set(s);
        add_range(n->set, c, c);
        return n;
    }
}

/* A number of at most four digits at s->p; -1 when there is none. */
static int parse_count(struct parse *s)
{
    int value = -1;
    for (int digits = 0; *s->p >= '0' && *s->p <= '9' && digits < 4; digits++)
        value = (value < 0 ? 0 : value) * 10 + (*s->p++ - '0');
    return value;
}

/* {n} {n,} {n,m}, s->p stands after the brace; false after refusing. */
static bool parse_bounds(struct parse *s, int *least, int *most)
{
    *least = *most = parse_count(s);
    if (*least >= 0 && *s->p == ',') {
        s->p++;
        *most = parse_count(s);
    }
    if (*least < 0 || *s->p != '}')
        return refuse(s, "花括号里应是重复次数，如 {4} 或 {1,3}");
    s->p++;
    if (*least > MOST_REPEATS || *most > MOST_REPEATS || (*most >= 0 && *most < *least))
        return refuse(s, "重复次数应从小到大，且不超过1000");
    return true;
}

static struct node *parse_repeat(struct parse *s)
{
    struct node *n = parse_atom(s);
    if (!n || !*s->p || !strchr("*+?{", *s->p))
        return n;
    struct node *repeat = new_node(s, NODE_REPEAT);
    repeat->child = n;
    char mark = *s->p++;
    repeat->least = mark == '+';
    repeat->most = mark == '?' ? 1 : -1;
    if (mark == '{' && !parse_bounds(s, &repeat->least, &repeat->most))
        return NULL;
    if (*s->p == '?') /* lazy: the same when the whole text must match */
        s->p++;
    if (*s->p && strchr("*+?{", *s->p))
        return refuse(s, "占有量词（如 *+）和连写的重复记号不支持");
    return repeat;
}

static struct node *parse_sequence(struct parse *s)
{
    struct node *sequence = new_node(s, NODE_SEQUENCE), **end = &sequence->child;
    while (*s->p && *s->p != '|' && *s->p != ')') {
        *end = parse_repeat(s);
        if (!*end)
            return NULL;
        end = &(*end)->next;
    }
    return sequence;
}

static struct node *parse_choice(struct parse *s)
{
    struct node *choice = new_node(s, NODE_CHOICE), **end = &choice->child;
    for (;;) {
        *end = parse_sequence(s);
        if (!*end)
            return NULL;
        end = &(*end)->next;
        if (*s->p != '|')
            return choice;
        s->p++;
    }
}

/* ---- the program ----------------------------------------------------------------------------- */

/* Appends a step and returns its number; -1 when the program is full. */
static int add_step(struct pattern *p, enum step_kind kind)
{
    if (p->step_count >= MOST_STEPS)
        return -1;
    GROW(p->steps, p->step_count, p->step_room);
    p->steps[p->step_count] = (struct step){.kind = kind, .to = p->step_count + 1};
    return p->step_count++;
}

static bool emit(struct pattern *p, const struct node *n);

/* Each alternative but the last: split to it or to the next one, then jump behind all. */
static bool emit_choice(struct pattern *p, const struct node *n)
{
    int jumps = -1; /* chain of jumps to be set, linked by or_to */
    for (const struct node *c = n->child; c; c = c->next) {
        int split = c->next ? add_step(p, STEP_SPLIT) : 0;
        if (split < 0 || !emit(p, c))
            return false;
        if (!c->next)
            break;
        int jump = add_step(p, STEP_JUMP);
        if (jump < 0)
            return false;
        p->steps[jump].or_to = jumps;
        jumps = jump;
        p->steps[split].or_to = p->step_count;
    }
    while (jumps >= 0) {
        int before = p->steps[jumps].or_to;
        p->steps[jumps].to = p->step_count;
        jumps = before;
    }
    return true;
}

static bool emit_repeat(struct pattern *p, const struct node *n)
{
    for (int i = 0; i < n->least; i++)
        if (!emit(p, n->child))
            return false;
    if (n->most < 0) {
        int split = add_step(p, STEP_SPLIT);
        if (split < 0 || !emit(p, n->child))
            return false;
        int jump = add_step(p, STEP_JUMP);
        if (jump < 0)
            return false;
        p->steps[jump].to = split;
        p->steps[split].or_to = p->step_count;
    }
    for (int i = n->least; i < n->most; i++) {
        int split = add_step(p, STEP_SPLIT);
        if (split < 0 || !emit(p, n->child))
            return false;
        p->steps[split].or_to = p->step_count;
    }
    return true;
}

static bool emit(struct pattern *p, const struct node *n)
{
    static const enum step_kind kinds[] = {STEP_SET, STEP_BEGIN, STEP_END};
    if (++p->emitted > 4 * MOST_STEPS)
        return false;
    if (n->kind == NODE_CHOICE)
        return emit_choice(p, n);
    if (n->kind == NODE_REPEAT)
        return emit_repeat(p, n);
    if (n->kind == NODE_SEQUENCE) {
        for (const struct node *c = n->child; c; c = c->next)
            if (!emit(p, c))
                return false;
        return true;
    }
    int step = add_step(p, kinds[n->kind]);
    if (step >= 0)
        p->steps[step].set = n->set;
    return step >= 0;
}

struct pattern *pattern_compile(const char *java, const char **why)
{
    struct pattern *p = must_alloc(sizeof *p);
    struct parse s = {.pattern = p, .p = java};
    p->source = must_strdup(java);
    struct node *tree = parse_choice(&s);
    if (tree && *s.p)
        refuse(&s, "多了一个右括号");
    else if (tree && (!emit(p, tree) || add_step(p, STEP_DONE) < 0))
        refuse(&s, "重复次数相乘太大");
    *why = s.why;
    arena_free(&p->tree);
    if (s.why) {
        pattern_free(p);
        return NULL;
    }
    size_t size = (size_t)p->step_count * sizeof(int);
    p->now = must_alloc(size);
    p->then = must_alloc(size);
    p->stack = must_alloc(2 * size + sizeof(int));
    p->seen = must_alloc(size);
    return p;
}

/* ---- matching -------------------------------------------------------------------------------- */

static bool set_has(const struct set *set, uint32_t c)
{
    for (int i = 0; i < set->count; i++)
        if (c >= set->ranges[i].first && c <= set->ranges[i].last)
            return !set->negated;
    return set->negated;
}

/* Adds `step` and all that it leads to without a character to the list; each step once per
 * round.  Returns the new length, or -1 when the end of the pattern is reached at the end of the
 * text. */
static int follow(const struct pattern *p, int step, int *list, int length, int round, bool first,
                  bool last)
{
    int depth = 0;
    p->stack[depth++] = step;
    while (depth > 0) {
        int at = p->stack[--depth];
        const struct step *s = &p->steps[at];
        if (p->seen[at] == round)
            continue;
        p->seen[at] = round;
        if (s->kind == STEP_DONE && last)
            return -1;
        if (s->kind == STEP_SET)
            list[length++] = at;
        else if (s->kind == STEP_SPLIT)
            p->stack[depth++] = s->or_to;
        bool passes = s->kind == STEP_SPLIT || s->kind == STEP_JUMP ||
                      (s->kind == STEP_BEGIN && first) || (s->kind == STEP_END && last);
        if (passes)
            p->stack[depth++] = s->to;
    }
    return length;
}

bool pattern_matches(const struct pattern *p, const char *text)
{
    int *now = p->now, *then = p->then, round = 1;
    memset(p->seen, 0, (size_t)p->step_count * sizeof *p->seen);
    int count = follow(p, 0, now, 0, round, true, !*text);
    while (count > 0 && *text) {
        uint32_t c = utf8_next(&text);
        int next = 0;
        round++;
        for (int i = 0; i < count && next >= 0; i++)
            if (set_has(p->steps[now[i]].set, c))
                next = follow(p, now[i] + 1, then, next, round, false, !*text);
        count = next;
        int *swap = now;
        now = then;
        then = swap;
    }
    return count < 0;
}

const char *pattern_source(const struct pattern *p)
{
    return p->source;
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->set_count; i++) {
        free(p->sets[i]->ranges);
        free(p->sets[i]);
    }
    free(p->sets);
    free(p->steps);
    free(p->now);
    free(p->then);
    free(p->stack);
    free(p->seen);
    free(p->source);
    free(p);
}
