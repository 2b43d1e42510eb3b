/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From an XLSForm expression to XPath for libxml2, in four passes over its tokens: cut the text
 * into tokens, check their order and match the parentheses, resolve names, write the XPath.
 */
#include "survey/expr_private.h"

#include "base/text.h"
#include "survey/days.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum token_kind {
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_REF,
    TOKEN_SELF,
    TOKEN_DOTS, /* .. or ../.. */
    TOKEN_FUNCTION,
    TOKEN_COLUMN,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_OPERATOR,
    TOKEN_END,
};

struct token {
    enum token_kind kind;
    int start, length;
    char op;                         /* + - * / (div) % (mod) < { (<=) > } (>=) = ! & | */
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
    bool names_wrong;
};

/* Report a mistake at a byte offset of the text; the offset is told in characters. */
__attribute__((format(printf, 3, 4))) static int mistake(const struct scan *s, int offset,
                                                         const char *format, ...)
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

/* . or .. or ../.. */
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
    if (p[n] == '/')
        return mistake(s, start, "不支持路径，请写成 ${题名}");
    add_token(s, TOKEN_DOTS, start, n)->slot = levels;
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
    if (c == '/' || c == '@' || c == '[' || c == ']' || c == ':')
        return mistake(s, start, "不支持路径和方括号，请写成 ${题名}");
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
        add_token(s, *p == '(' ? TOKEN_OPEN : *p == ')' ? TOKEN_CLOSE : TOKEN_COMMA, start, 1);
        return 0;
    }
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

static int scan_all(struct scan *s)
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

/* The function that the parenthesis at `open` belongs to, or NULL. */
static const struct function *caller(const struct scan *s, int open)
{
    return open > 0 && s->tokens[open - 1].kind == TOKEN_FUNCTION ? s->tokens[open - 1].function
                                                                  : NULL;
}

static int check_arguments(const struct scan *s, int open, int close)
{
    const struct function *f = caller(s, open);
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

static int check_order(struct scan *s)
{
    struct nesting now = {-1, 0, 0};
    bool operand = true; /* an operand is expected */
    for (int i = 0; i < s->count; i++) {
        struct token *t = &s->tokens[i];
        t->owner = now.open;
        t->argument = now.argument;
        bool starts = is_operand(t) || t->kind == TOKEN_OPEN || t->kind == TOKEN_FUNCTION;
        bool minus = t->kind == TOKEN_OPERATOR && t->op == '-';
        bool nothing = t->kind == TOKEN_CLOSE && i > 0 && s->tokens[i - 1].kind == TOKEN_OPEN;
        if (operand && !starts && !minus && !nothing)
            return missing_operand(s, i);
        if (!operand && starts)
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
        operand = !(is_operand(t) || t->kind == TOKEN_CLOSE);
    }
    return now.open < 0 ? 0 : mistake(s, s->tokens[now.open].start, "这个左括号没有配上右括号");
}

/* ---- how a value is wanted ------------------------------------------------------------------ */

/* The letter of function->arguments for an argument. */
static char argument_letter(const struct function *f, int argument)
{
    int n = (int)strlen(f->arguments);
    return n ? f->arguments[argument < n ? argument : n - 1] : 't';
}

/* The last token of the operand that begins at i (a call, a group or a single token). */
static int operand_end(const struct scan *s, int i)
{
    if (s->tokens[i].kind == TOKEN_FUNCTION)
        return s->tokens[i + 1].match;
    return s->tokens[i].kind == TOKEN_OPEN ? s->tokens[i].match : i;
}

/* Whether the operand that begins or ends at i is a text whatever stands around it. */
static bool is_text_operand(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
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
    const struct function *f = caller(s, open);
    if (!f)
        return wanted(s, open, s->tokens[open].match);
    char letter = argument_letter(f, s->tokens[first].argument);
    if (letter == 'b')
        return USE_NUMBER;
    return letter == 'i' ? wanted(s, open - 1, s->tokens[open].match) : letter;
}

/* ---- names ---------------------------------------------------------------------------------- */

/* The nearest name of a question or repeat, or NULL. */
static const char *nearest_name(const struct form *form, const char *name)
{
    const char *best = NULL;
    int least = 3;
    for (int i = 0; i < form->question_count + form->repeat_count; i++) {
        const char *other = i < form->question_count ? form->questions[i].name
                                                     : form->repeats[i - form->question_count].name;
        int d = text_distance(name, other);
        if (d < least) {
            least = d;
            best = other;
        }
    }
    return best;
}

static int undefined_name(struct scan *s, int start, const char *name)
{
    const char *near = nearest_name(s->e->form, name);
    s->names_wrong = true;
    mistake(s, start, "问卷里没有 %s 这道题%s%s%s", name, near ? "，是不是 " : "", near ? near : "",
            near ? "？" : "");
    return -1;
}

/* Whether `outer` is `inner` or one of the repeats around it; -1 is the form itself. */
static bool is_around(const struct form *form, int outer, int inner)
{
    while (inner != outer && inner >= 0)
        inner = form->repeats[inner].parent;
    return inner == outer;
}

/* Fills ups and path of a reference to something that stands directly in `repeat`. */
static bool locate(struct expr_ref *ref, const struct expr *e, int repeat)
{
    int base = e->repeat;
    while (!is_around(e->form, base, repeat)) {
        base = e->form->repeats[base].parent;
        ref->ups++;
    }
    for (int r = repeat; r != base; r = e->form->repeats[r].parent)
        if (++ref->path_count > (int)(sizeof ref->path / sizeof *ref->path))
            return false;
    int step = ref->path_count;
    for (int r = repeat; r != base; r = e->form->repeats[r].parent)
        ref->path[--step] = r;
    return true;
}

static int resolve_reference(struct scan *s, struct token *t)
{
    struct expr *e = s->e;
    size_t n;
    char *inside = must_strdup(e->text + t->start + 2);
    inside[t->length - 3] = '\0';
    char *name = must_strdup(text_trim(inside, &n));
    name[n] = '\0';
    free(inside);
    struct expr_ref ref = {.question = (int)map_get(&e->form->names, name, -1)};
    int repeat = ref.question < 0 ? form_repeat(e->form, name) : -1, rc = 0;
    ref.repeat = ref.question < 0 ? repeat : e->form->questions[ref.question].repeat;
    if (ref.question < 0 && repeat < 0)
        rc = undefined_name(s, t->start, name);
    else if (ref.question >= 0 && !locate(&ref, e, e->form->questions[ref.question].repeat))
        rc = mistake(s, t->start, "循环套得太深");
    else if (repeat >= 0 && is_around(e->form, repeat, e->repeat)) {
        /* a repeat around us: all records beside the one we are in */
        int up = e->repeat;
        for (ref.ups = 1; up != repeat; ref.ups++)
            up = e->form->repeats[up].parent;
        ref.path[ref.path_count++] = repeat;
    } else if (repeat >= 0 && !locate(&ref, e, repeat))
        rc = mistake(s, t->start, "循环套得太深");
    free(name);
    GROW(e->refs, e->ref_count, e->ref_room);
    e->refs[e->ref_count] = ref;
    t->slot = e->ref_count++;
    return rc;
}

/* A bare name is a column of the choice list, and only in a choice_filter. */
static int resolve_column(struct scan *s, struct token *t)
{
    struct expr *e = s->e;
    char name[128];
    snprintf(name, sizeof name, "%.*s", t->length, e->text + t->start);
    int column = -3;
    if (e->list && strcmp(name, "name") == 0)
        column = COLUMN_NAME;
    else if (e->list && strcmp(name, "label") == 0)
        column = COLUMN_LABEL;
    for (int i = 0; e->list && i < e->list->filter_count; i++)
        if (strcmp(e->list->filter_heads[i], name) == 0)
            column = i;
    if (column < COLUMN_LABEL) {
        s->names_wrong = true;
        if (e->list)
            return mistake(s, t->start, "选项表 %s 没有“%s”栏；题目要写成 ${题名}", e->list->name,
                           name);
        return mistake(s, t->start, "“%s”不是函数；题目要写成 ${%s}，文字要加引号", name, name);
    }
    GROW(e->columns, e->column_count, e->column_room);
    e->columns[e->column_count] = column;
    t->slot = e->column_count++;
    return 0;
}

/* jr:choice-name(${q}, '${q}'): the quoted reference becomes a reference. */
static int resolve_quoted(struct scan *s, int i)
{
    struct token *t = &s->tokens[i];
    const char *p = s->e->text + t->start;
    if (t->kind != TOKEN_STRING || strncmp(p + 1, "${", 2) != 0 || p[t->length - 2] != '}')
        return mistake(s, t->start, "jr:choice-name() 的第二个参数应写成 '${题名}'");
    t->kind = TOKEN_REF;
    t->start++;
    t->length -= 2;
    return 0;
}

static int resolve_names(struct scan *s)
{
    for (int i = 0; i < s->count; i++) {
        struct token *t = &s->tokens[i];
        const struct function *f = t->owner >= 0 ? caller(s, t->owner) : NULL;
        char letter = f ? argument_letter(f, t->argument) : 0;
        if (letter == 'q' && t->kind != TOKEN_COMMA && t->kind != TOKEN_CLOSE &&
            resolve_quoted(s, i) < 0)
            return -1;
        if (t->kind == TOKEN_REF)
            resolve_reference(s, t);
        else if (t->kind == TOKEN_COLUMN)
            resolve_column(s, t);
    }
    return s->names_wrong ? -1 : 0;
}

/* ---- writing the XPath ---------------------------------------------------------------------- */

static int write_reference(struct scan *s, int i, struct buf *out)
{
    const struct token *t = &s->tokens[i];
    const struct expr_ref *ref = &s->e->refs[t->slot];
    char letter = wanted(s, i, i);
    const struct token *after = &s->tokens[i + 1], *before = i > 0 ? &s->tokens[i - 1] : after;
    bool alone = (after->kind == TOKEN_COMMA || after->kind == TOKEN_CLOSE) &&
                 (before->kind == TOKEN_COMMA || before->kind == TOKEN_OPEN);
    if (letter == 'r' || letter == 'q') {
        if (!alone)
            return mistake(s, t->start, "这里只能写 ${题名} 本身");
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
    if (letter == USE_LIST && !alone)
        return mistake(s, t->start, "这个函数的括号里只能写一个 ${题名}");
    buf_printf(out, "$%c%d", letter, t->slot);
    return 0;
}

static int write_self(struct scan *s, int i, struct buf *out)
{
    char letter = wanted(s, i, i);
    if (letter == 'T')
        letter = USE_TEXT;
    if (letter == 'N')
        letter = USE_NUMBER;
    if (letter == 'r' || letter == 'q' || letter == USE_LIST)
        return mistake(s, s->tokens[i].start, "这里应写 ${题名}");
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
    char letter = wanted(s, i, i);
    if (letter == 'r' || letter == USE_LIST)
        return mistake(s, t->start, "这里应写 ${题名}");
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

static int write_range(struct scan *s, int first, int last, struct buf *out);

/* Writes a call whose name stands at i: its name and its arguments. */
static int write_call(struct scan *s, int i, struct buf *out)
{
    const struct function *f = s->tokens[i].function;
    int open = i + 1, close = s->tokens[open].match, from = open + 1;
    if (f->arguments[0] == '.')
        return write_position(s, i, out);
    char letter = f->days ? wanted(s, i, close) : 0;
    if (strcmp(f->name, "once") == 0)
        s->e->uses_self = true;
    buf_puts(out, letter == USE_NUMBER || letter == 'N' ? f->days : f->xpath);
    buf_putc(out, '(');
    for (int k = from; k <= close; k = operand_end(s, k) + 1) {
        if (k < close && s->tokens[k].kind != TOKEN_COMMA)
            continue;
        if (k > from && write_range(s, from, k - 1, out) < 0)
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

/* Writes the token, call or group that begins at i. */
static int write_operand(struct scan *s, int i, struct buf *out)
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

/* a = b.  JavaRosa takes numbers within 1e-12 for equal (0.1 + 0.2 = 0.3 is true), XPath does not:
 * where a side computes, the comparison becomes a call of our own. */
static int write_equality(struct scan *s, int first, int op, int last, struct buf *out)
{
    bool own = computes(s, first, op - 1) || computes(s, op + 1, last);
    bool equal = s->tokens[op].op == '=';
    if (own)
        buf_puts(out, equal ? "equal(" : "not-equal(");
    if (write_range(s, first, op - 1, out) < 0)
        return -1;
    buf_puts(out, own ? "," : equal ? " = " : " != ");
    if (write_range(s, op + 1, last, out) < 0)
        return -1;
    if (own)
        buf_putc(out, ')');
    return 0;
}

/* Writes the tokens first..last, an expression of its own: by its loosest operators first. */
static int write_range(struct scan *s, int first, int last, struct buf *out)
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

int expr_scan(struct expr *e)
{
    struct scan s = {.e = e};
    struct buf out = {0};
    int rc = strlen(e->text) > LONGEST_EXPRESSION
                 ? mistake(&s, 0, "表达式太长，最多%d字节", LONGEST_EXPRESSION)
             : !utf8_valid(e->text, strlen(e->text)) ? mistake(&s, 0, "表达式不是UTF-8文字")
                                                     : 0;
    if (rc == 0)
        rc = scan_all(&s) < 0 || check_order(&s) < 0 || resolve_names(&s) < 0 ||
                     write_range(&s, 0, s.count - 2, &out) < 0
                 ? -1
                 : 0;
    e->rewritten = must_strdup(buf_text(&out));
    buf_free(&out);
    free(s.tokens);
    return rc;
}
