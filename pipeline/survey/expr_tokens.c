/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/expr_scan.h"

#include <stdlib.h>
#include <string.h>

/* ---- tokens ------------------------------------------------------------------------------- */

static struct token *add_token(struct scan *s, enum token_kind kind, int start, int length)
{
    GROW(s->tokens, s->count, s->room);
    struct token *t = &s->tokens[s->count++];
    *t = (struct token){.kind = kind, .start = start, .length = length, .match = -1, .owner = -1};
    return t;
}

static bool name_start(const char *p)
{
    return (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '_' ||
           is_han(utf8_next(&(const char *){p}));
}

static bool name_char(const char *p)
{
    return name_start(p) || (*p >= '0' && *p <= '9') || *p == '-' || *p == '.';
}

static int char_length(const char *p)
{
    const char *next = p;
    utf8_next(&next);
    return (int)(next - p);
}

static int name_length(const char *p)
{
    int n = 0;
    while (name_char(p + n))
        n += char_length(p + n);
    return n;
}

/* Whether an operand may stand after the last token; decides what * and `and` mean. */
static bool operand_expected(const struct scan *s)
{
    if (s->count == 0)
        return true;
    enum token_kind k = s->tokens[s->count - 1].kind;
    return k == TOKEN_OPEN || k == TOKEN_COMMA || k == TOKEN_OPERATOR || k == TOKEN_FUNCTION;
}

static int scan_string(struct scan *s, int start)
{
    const char *text = s->e->text;
    const char *end = strchr(text + start + 1, text[start]);
    if (!end)
        return mistake(s, start, "引号没有成对");
    add_token(s, TOKEN_STRING, start, (int)(end + 1 - (text + start)));
    return 0;
}

static int scan_number(struct scan *s, int start)
{
    const char *p = s->e->text + start;
    int n = 0, points = 0;
    while ((p[n] >= '0' && p[n] <= '9') || p[n] == '.')
        points += p[n++] == '.';
    if (points > 1 || name_start(p + n))
        return mistake(s, start, "数字写得不对");
    struct expr *e = s->e;
    GROW(e->constants, e->constant_count, e->constant_room);
    e->constants[e->constant_count] = strtod(p, NULL);
    add_token(s, TOKEN_NUMBER, start, n)->slot = e->constant_count++;
    return 0;
}

static int scan_reference(struct scan *s, int start)
{
    const char *p = s->e->text + start;
    const char *end = strchr(p, '}');
    if (!end)
        return mistake(s, start, "${ 后面缺少 }");
    add_token(s, TOKEN_REF, start, (int)(end + 1 - p));
    return 0;
}

/* Steps /name or /.. that follow p; their length. */
static int steps_length(const char *p)
{
    int n = 0;
    for (;;) {
        int name = p[n] != '/' ? 0 : strncmp(p + n, "/..", 3) == 0 ? 2 : name_length(p + n + 1);
        if (!name)
            return n;
        n += 1 + name;
    }
}

/* . or .. or ../.., or ../name. */
static int scan_dots(struct scan *s, int start)
{
    const char *p = s->e->text + start;
    if (p[1] != '.') {
        add_token(s, TOKEN_SELF, start, 1);
        return 0;
    }
    int levels = 1, n = 2;
    while (strncmp(p + n, "/..", 3) == 0) {
        n += 3;
        levels++;
    }
    if (p[n] == '/' && !s->brackets)
        add_token(s, TOKEN_REF, start, n + steps_length(p + n));
    else
        add_token(s, TOKEN_DOTS, start, n)->slot = levels;
    return 0;
}

/* current(), which is the question itself, and the path behind it. */
static int scan_current(struct scan *s, int start, int n)
{
    const char *p = s->e->text + start;
    int path = steps_length(p + n);
    if (path)
        add_token(s, TOKEN_REF, start, n + path);
    else
        add_token(s, TOKEN_SELF, start, n + 2 * (p[n] == '/' && p[n + 1] == '.'))->op = 'c';
    return 0;
}

/* /data/group/name, or behind an operand /item. */
static int scan_slash(struct scan *s, int start)
{
    const char *p = s->e->text + start;
    int step = p[1] == '.' ? 2 + (p[2] == '.') : 1 + name_length(p + 1);
    if (operand_expected(s) && steps_length(p))
        add_token(s, TOKEN_REF, start, steps_length(p));
    else if (!operand_expected(s) && step > 1)
        add_token(s, TOKEN_STEP, start, step);
    else
        return mistake(s, start, "路径写得不对；“除以”写 div");
    return 0;
}

static int scan_bracket(struct scan *s, int start, bool open)
{
    enum token_kind last = s->count ? s->tokens[s->count - 1].kind : TOKEN_END;
    if (open && last != TOKEN_STEP && last != TOKEN_CLOSE)
        return mistake(s, start, "方括号只能写在 instance('选项表')/root/item 后面");
    s->brackets += open ? 1 : -1;
    add_token(s, open ? TOKEN_OPEN : TOKEN_CLOSE, start, 1)->op = '[';
    return 0;
}

static char word_operator(const char *p, int n)
{
    static const struct {
        const char *word;
        char op;
    } words[] = {{"and", '&'}, {"or", '|'}, {"div", '/'}, {"mod", '%'}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if ((int)strlen(words[i].word) == n && memcmp(words[i].word, p, (size_t)n) == 0)
            return words[i].op;
    return 0;
}

static int unknown_function(struct scan *s, int start, int n)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", n, s->e->text + start);
    const char *why = function_refused(name);
    if (why)
        return mistake(s, start, "函数 %s() 不能用：%s", name, why);
    const char *near = function_nearest(name);
    return mistake(s, start, "没有函数 %s()%s%s%s", name, near ? "，是不是 " : "", near ? near : "",
                   near ? "()？" : "");
}

static int scan_word(struct scan *s, int start)
{
    const char *p = s->e->text + start;
    int n = name_length(p);
    char op = word_operator(p, n);
    if (op && !operand_expected(s)) {
        add_token(s, TOKEN_OPERATOR, start, n)->op = op;
        return 0;
    }
    if (p[n] == ':' && name_start(p + n + 1)) /* jr:choice-name */
        n += 1 + name_length(p + n + 1);
    const char *after = p + n + strspn(p + n, " \t\r\n");
    if (*after != '(') {
        add_token(s, TOKEN_COLUMN, start, n);
        return 0;
    }
    int empty = (int)(after - p) + 1;
    empty += (int)strspn(p + empty, " \t\r\n");
    if (n == 7 && memcmp(p, "current", 7) == 0 && p[empty] == ')')
        return scan_current(s, start, empty + 1);
    const struct function *f = function_find(p, (size_t)n);
    if (!f)
        return unknown_function(s, start, n);
    add_token(s, TOKEN_FUNCTION, start, n)->function = f;
    return 0;
}

static int scan_comparison(struct scan *s, int start)
{
    const char *p = s->e->text + start;
    int n = p[1] == '=' && *p != '=' ? 2 : 1;
    if (*p == '!' && n == 1)
        return mistake(s, start, "“不等于”写 !=，“不是”写 not(…)");
    if (*p == '=' && p[1] == '=')
        return mistake(s, start, "“等于”只写一个 =");
    char op = *p == '<' ? (n == 2 ? '{' : '<') : *p == '>' ? (n == 2 ? '}' : '>') : *p;
    add_token(s, TOKEN_OPERATOR, start, n)->op = op;
    return 0;
}

static int strange_character(struct scan *s, int start)
{
    const char *p = s->e->text + start;
    int n = char_length(p);
    uint32_t c = utf8_next(&p);
    if (c == 0x2018 || c == 0x2019 || c == 0x201C || c == 0x201D)
        return mistake(s, start, "引号请用英文半角 ' ");
    if ((c >= 0xFF01 && c <= 0xFF5E) || is_space_char(c))
        return mistake(s, start, "“%.*s”是全角字符，请改成半角", n, s->e->text + start);
    if (c == '@' || c == ':')
        return mistake(s, start, "不支持这样的路径，请写成 ${题名}");
    return mistake(s, start, "这里不能用“%.*s”", n, s->e->text + start);
}

/* One token at `start`; its length is found in the token. */
static int scan_one(struct scan *s, int start)
{
    const char *p = s->e->text + start;
    if (*p == '\'' || *p == '"')
        return scan_string(s, start);
    if ((*p >= '0' && *p <= '9') || (*p == '.' && p[1] >= '0' && p[1] <= '9'))
        return scan_number(s, start);
    if (*p == '$' && p[1] == '{')
        return scan_reference(s, start);
    if (*p == '.')
        return scan_dots(s, start);
    if (*p == '(' || *p == ')' || *p == ',') {
        add_token(s,
                  *p == '('   ? TOKEN_OPEN
                  : *p == ')' ? TOKEN_CLOSE
                              : TOKEN_COMMA,
                  start, 1)
            ->op = '(';
        return 0;
    }
    if (*p == '[' || *p == ']')
        return scan_bracket(s, start, *p == '[');
    if (*p == '/')
        return scan_slash(s, start);
    if (*p == '+' || *p == '-' || *p == '*') {
        add_token(s, TOKEN_OPERATOR, start, 1)->op = *p;
        return 0;
    }
    if (*p == '<' || *p == '>' || *p == '=' || *p == '!')
        return scan_comparison(s, start);
    if (name_start(p))
        return scan_word(s, start);
    return strange_character(s, start);
}

int tokens_cut(struct scan *s)
{
    const char *text = s->e->text;
    int at = 0;
    while (text[at += (int)strspn(text + at, " \t\r\n")]) {
        if (scan_one(s, at) < 0)
            return -1;
        at += s->tokens[s->count - 1].length;
        if (s->count > MOST_TOKENS)
            return mistake(s, at, "表达式太长");
    }
    add_token(s, TOKEN_END, at, 0);
    return s->count > 1 ? 0 : mistake(s, 0, "表达式是空的");
}

/* ---- order and parentheses ----------------------------------------------------------------- */

static bool is_operand(const struct token *t)
{
    return t->kind <= TOKEN_DOTS || t->kind == TOKEN_COLUMN;
}

static int check_arguments(const struct scan *s, int open, int close)
{
    const struct function *f = caller(s, open);
    if (s->tokens[open].op != s->tokens[close].op)
        return mistake(s, s->tokens[close].start, "括号没有成对：圆括号配圆括号，方括号配方括号");
    if (!f)
        return close == open + 1 ? mistake(s, s->tokens[open].start, "括号里是空的") : 0;
    int n = close == open + 1 ? 0 : s->tokens[close].argument + 1;
    if (n >= f->least && (f->most < 0 || n <= f->most))
        return 0;
    char most[32] = "";
    if (f->most < 0)
        snprintf(most, sizeof most, "至少%d", f->least);
    else if (f->most > f->least)
        snprintf(most, sizeof most, "%d到%d", f->least, f->most);
    else
        snprintf(most, sizeof most, "%d", f->least);
    return mistake(s, s->tokens[open - 1].start, "函数 %s() 应有%s个参数，这里有%d个", f->name,
                   most, n);
}

/* State of the order check. */
struct nesting {
    int open, argument, depth;
};

static int check_close(struct scan *s, int i, struct nesting *now)
{
    struct token *t = &s->tokens[i];
    if (now->open < 0)
        return mistake(s, t->start, "多了一个右括号");
    struct token *open = &s->tokens[now->open];
    t->match = now->open;
    t->argument = now->argument;
    open->match = i;
    t->owner = open->owner;
    if (check_arguments(s, now->open, i) < 0)
        return -1;
    *now = (struct nesting){open->owner, open->argument, now->depth - 1};
    return 0;
}

static int check_open(struct scan *s, int i, struct nesting *now)
{
    if (now->depth + 1 > DEEPEST_EXPRESSION)
        return mistake(s, s->tokens[i].start, "括号套得太深，最多%d层", DEEPEST_EXPRESSION);
    *now = (struct nesting){i, 0, now->depth + 1};
    return 0;
}

static int missing_operand(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
    if (t->kind == TOKEN_END)
        return mistake(s, t->start, "表达式没有写完");
    return mistake(s, t->start, "“%.*s”前面缺少内容", t->length, s->e->text + t->start);
}

int tokens_check(struct scan *s)
{
    struct nesting now = {-1, 0, 0};
    bool operand = true; /* an operand is expected */
    for (int i = 0; i < s->count; i++) {
        struct token *t = &s->tokens[i];
        t->owner = now.open;
        t->argument = now.argument;
        bool starts = is_operand(t) || t->kind == TOKEN_OPEN || t->kind == TOKEN_FUNCTION;
        bool minus = t->kind == TOKEN_OPERATOR && t->op == '-';
        bool further = t->kind == TOKEN_STEP || (t->kind == TOKEN_OPEN && t->op == '[');
        bool nothing = t->kind == TOKEN_CLOSE && i > 0 && s->tokens[i - 1].kind == TOKEN_OPEN;
        if (operand && (!starts || further) && !minus && !nothing)
            return missing_operand(s, i);
        if (!operand && starts && !further)
            return mistake(s, t->start, "“%.*s”前面缺少运算符或逗号", t->length,
                           s->e->text + t->start);
        if (t->kind == TOKEN_COMMA && (now.open < 0 || !caller(s, now.open)))
            return mistake(s, t->start, "逗号只能用在函数的括号里");
        if (t->kind == TOKEN_OPEN && check_open(s, i, &now) < 0)
            return -1;
        if (t->kind == TOKEN_CLOSE && check_close(s, i, &now) < 0)
            return -1;
        if (t->kind == TOKEN_COMMA)
            now.argument++;
        operand = !(is_operand(t) || t->kind == TOKEN_CLOSE || t->kind == TOKEN_STEP);
    }
    return now.open < 0 ? 0 : mistake(s, s->tokens[now.open].start, "这个左括号没有配上右括号");
}
