/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expressions against JavaRosa, the engine of ODK Collect: each row of
 * tests/reference/expressions/javarosa.csv is an expression, where it stands and what JavaRosa
 * (revision d686d1b, TZ=UTC) made of it over the record of record.csv; the expressions are
 * expressions.txt.
 */
#include "base/arena.h"
#include "base/text.h"
#include "formats/csv.h"
#include "survey/days.h"
#include "survey/expr_private.h"
#include "survey/pattern.h"
#include "survey/plain.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define FOLDER "tests/reference/expressions/"
enum { MEMBERS = 3, MESSAGES = 8192 };

static struct form *form;
static struct arena texts;
static struct record top, members[MEMBERS], *children[MEMBERS];
static char messages[MESSAGES];

/* ---- the record ------------------------------------------------------------------------------ */

static struct value make_value(const struct question *q, const char *text)
{
    struct value v = {*text ? VALUE_OK : OPTIONAL, arena_strdup(&texts, text), NAN};
    if (q->type == Q_INTEGER || q->type == Q_DECIMAL)
        v.number = *text ? strtod(text, NULL) : NAN;
    if (q->type == Q_DATE && *text)
        days_from_text(text, &v.number);
    return v;
}

static void make_record(struct record *r, int repeat, int position)
{
    *r = (struct record){.form = form, .repeat = repeat, .position = position};
    r->values = arena_alloc(&texts, (size_t)form->question_count * sizeof *r->values);
    for (int i = 0; i < form->question_count; i++)
        r->values[i] = (struct value){OPTIONAL, "", NAN};
    if (repeat >= 0)
        r->parent = &top;
}

static struct value *value_of(struct record *r, const char *name)
{
    const struct question *q = form_question(form, name);
    assert_non_null(q);
    return &r->values[q->index];
}

static void set(struct record *r, const char *name, const char *text)
{
    *value_of(r, name) = make_value(form_question(form, name), text);
}

static bool on_record_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    (void)user, (void)cut;
    assert_int_equal(count, 3);
    int level = atoi(cells[0].text);
    if (no > 1)
        set(level ? &members[level - 1] : &top, cells[1].text, cells[2].text);
    return true;
}

static void read_csv(const char *path, bool (*row)(void *, long, const struct cell *, int, bool),
                     void *user)
{
    struct sheet_handler h = {.row = row, .user = user};
    char why[512];
    assert_int_equal(csv_read(path, "utf-8", &h, why, sizeof why), 0);
}

static int setup(void **state)
{
    (void)state;
    form = form_read(FOLDER "form.csv");
    assert_non_null(form);
    make_record(&top, -1, 1);
    for (int i = 0; i < MEMBERS; i++) {
        make_record(&members[i], 0, i + 1);
        children[i] = &members[i];
    }
    top.children = children;
    top.child_count = MEMBERS;
    read_csv(FOLDER "record.csv", on_record_row, NULL);
    return 0;
}

static struct result run(const char *where, const char *text);

static int teardown(void **state)
{
    (void)state;
    run("", NULL);
    form_free(form);
    arena_free(&texts);
    return 0;
}

/* ---- against JavaRosa ------------------------------------------------------------------------ */

struct tally {
    int same, different;
};

static struct expr *compile(const char *where, const char *text)
{
    struct place at = {.file = "javarosa.csv"};
    bool self = strcmp(where, "self") == 0;
    message_capture(messages, sizeof messages);
    struct expr *e = self ? expr_compile_for(text, form, form_question(form, "self"), NULL, at)
                          : expr_compile(text, form, *where ? 0 : -1, at);
    message_capture(NULL, 0);
    return e;
}

static int native_count;

/* What is evaluated without libxml2 gives the same as with it, to the bit. */
static void same_without_libxml2(struct expr *e, const struct record *r, const struct value *self)
{
    char ours[4000], theirs[4000];
    if (!expr_is_native(e))
        return;
    native_count++;
    struct result a = expr_eval(e, r, self);
    snprintf(ours, sizeof ours, "%d %d %a %s %d", (int)a.kind, a.kind == RESULT_BOOL && a.truth,
             a.number, a.text, a.unknown);
    expr_set_libxml2_only(true);
    struct result b = expr_eval(e, r, self);
    snprintf(theirs, sizeof theirs, "%d %d %a %s %d", (int)b.kind, b.kind == RESULT_BOOL && b.truth,
             b.number, b.text, b.unknown);
    expr_set_libxml2_only(false);
    if (!b.failed && strcmp(ours, theirs) != 0 &&
        !(isnan(a.number) && isnan(b.number) && a.kind == RESULT_NUMBER && b.kind == RESULT_NUMBER))
        fail_msg("%s: %s, with libxml2 %s", expr_text(e), ours, theirs);
    assert_false(b.failed);
}

static struct result evaluate(struct expr *e, const char *where)
{
    bool member = *where >= '1' && *where <= '3';
    const struct record *r = member ? &members[*where - '1'] : &top;
    const struct value *self = strcmp(where, "self") == 0 ? value_of(&top, "self") : NULL;
    same_without_libxml2(e, r, self);
    return expr_eval(e, r, self);
}

/* The number as Java prints it: 15 digits are compared, for libxml2 reads and divides in its own
 * order. */
static bool same_number(double ours, const char *theirs)
{
    if (strcmp(theirs, "NaN") == 0)
        return isnan(ours);
    if (strcmp(theirs, "Infinity") == 0 || strcmp(theirs, "-Infinity") == 0)
        return isinf(ours) && (ours > 0) == (*theirs != '-');
    double value = strtod(theirs, NULL);
    return fabs(ours - value) <= 1e-15 * fabs(value) * 4;
}

static bool same_result(const struct result *r, const char *kind, const char *value)
{
    char text[2000];
    if (strcmp(kind, "bool") == 0)
        return r->kind == RESULT_BOOL && r->truth == (strcmp(value, "true") == 0);
    if (strcmp(kind, "number") == 0)
        return r->kind == RESULT_NUMBER && same_number(r->number, value);
    return r->kind == RESULT_TEXT && strcmp(result_text(r, text, sizeof text), value) == 0;
}

static bool on_expression(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct tally *t = user;
    (void)cut;
    if (no == 1)
        return true;
    const char *where = cells[0].text, *text = cells[1].text, *kind = cells[2].text;
    const char *value = count > 3 ? cells[3].text : "";
    struct expr *e = compile(where, text);
    struct result r = {.failed = true};
    if (e)
        r = evaluate(e, where);
    char ours[2000];
    bool same =
        strcmp(kind, "error") == 0 ? r.failed || !e : !r.failed && same_result(&r, kind, value);
    *(same ? &t->same : &t->different) += 1;
    if (!same)
        print_message("row %ld, at '%s': %s\n  JavaRosa: %s %s\n  ours: %d %s %s\n", no, where,
                      text, kind, value, (int)r.kind,
                      r.failed ? "failed" : result_text(&r, ours, sizeof ours), e ? "" : messages);
    expr_free(e);
    return true;
}

static void same_as_javarosa(void **state)
{
    struct tally t = {0, 0};
    (void)state;
    read_csv(FOLDER "javarosa.csv", on_expression, &t);
    print_message("%d expressions as in JavaRosa\n", t.same);
    assert_int_equal(t.different, 0);
    assert_true(t.same > 250);
    print_message("%d of them without libxml2\n", native_count);
    assert_true(native_count > 100);
}

/* ---- what JavaRosa does not know of ------------------------------------------------------------
 */

/* Evaluates; the result's text lives until the next call.  NULL frees what is kept. */
static struct result run(const char *where, const char *text)
{
    static struct expr *last;
    expr_free(last);
    last = text ? compile(where, text) : NULL;
    if (!last && text)
        fail_msg("%s", messages);
    return last ? evaluate(last, where) : (struct result){.failed = true};
}

static void assert_text(const char *where, const char *text, const char *wanted)
{
    struct result r = run(where, text);
    char got[400];
    if (r.failed || strcmp(result_text(&r, got, sizeof got), wanted) != 0)
        fail_msg("%s gives '%s', not '%s'", text, result_text(&r, got, sizeof got), wanted);
}

/* Any unknown value that an expression names makes the result unknown; what was not asked, or
 * need not be answered, is known to be empty. */
static void unknown_values(void **state)
{
    static const struct {
        enum missing missing;
        bool unknown;
    } rows[] = {{NOT_ASKED, false}, {OPTIONAL, false}, {NO_ANSWER, true},   {RETURNED, true},
                {BLANK, true},      {UNDECIDED, true}, {NOT_COMPUTED, true}};
    struct value *gone = value_of(&top, "gone"), *age = value_of(&members[1], "age");
    struct value gone_before = *gone, age_before = *age;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gone->missing = age->missing = rows[i].missing;
        assert_int_equal(run("", "${gone} > 0").unknown, rows[i].unknown);
        assert_int_equal(run("", "${n} = 0 and ${gone} > 0").unknown, rows[i].unknown);
        assert_int_equal(run("", "if(${n} > 0, 1, ${gone})").unknown, rows[i].unknown);
        assert_int_equal(run("", "sum(${age})").unknown, rows[i].unknown);
        assert_int_equal(run("2", "${age} + 1").unknown, rows[i].unknown);
        assert_int_equal(run("", "indexed-repeat(${age}, ${member}, 2)").unknown, rows[i].unknown);
        assert_false(run("", "indexed-repeat(${age}, ${member}, 1)").unknown);
        assert_false(run("1", "${age} + 1").unknown);
        assert_false(run("", "count(${member})").unknown);
        assert_false(run("", "${n} > 0").unknown);
    }
    *gone = gone_before;
    *age = age_before;
    struct value self = {RETURNED, "", NAN};
    struct expr *e = compile("self", ". > 1");
    assert_true(expr_eval(e, &top, &self).unknown);
    expr_free(e);
}

/* An optional answer that is empty makes a condition about it neither true nor false, unless the
 * expression says what empty means. */
static void left_empty(void **state)
{
    static const struct {
        const char *text;
        bool blank;
    } rows[] = {{"${gone} > 0", true},
                {"not(${gone} > 0)", true},
                {"selected(${gone}, 1)", true},
                {"${n} > 0 or ${gone} > 0", true},
                {"${gone} != ''", false},
                {"${gone} = \"\" or ${gone} > 0", false},
                {"coalesce(${gone}, 0) > 0", false},
                {"string-length(${gone}) > 0", false},
                {"${n} > 0", false},
                {"sum(${age}) > 0", false}};
    struct value *gone = value_of(&top, "gone"), *age = value_of(&members[1], "age");
    struct value gone_before = *gone, age_before = *age;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gone->missing = age->missing = OPTIONAL;
        assert_int_equal(run("", rows[i].text).blank, rows[i].blank);
        gone->missing = age->missing = NOT_ASKED;
        assert_false(run("", rows[i].text).blank);
    }
    *gone = gone_before;
    *age = age_before;
}

/* Records of a repeat that were not asked a question have no node for it. */
static void not_asked_is_no_node(void **state)
{
    struct value *age = value_of(&members[1], "age"), before = *age;
    (void)state;
    age->missing = NOT_ASKED;
    assert_text("", "count(${age})", "2");
    assert_text("", "join('|', ${age})", "30|45");
    *age = before;
    assert_text("", "join('|', ${age})", "30||45");
}

static void names_of_choices(void **state)
{
    (void)state;
    assert_text("", "jr:choice-name(${yes}, '${yes}')", "是");
    assert_text("", "jr:choice-name('13', '${multi}')", "十三");
    assert_text("", "jr:choice-name('99', '${multi}')", "");
    assert_text("2", "jr:choice-name(${flag}, '${flag}')", "否");
}

static void today_can_be_set(void **state)
{
    (void)state;
    expr_set_today("2025-12-31");
    assert_text("", "today()", "2025-12-31");
    assert_text("", "today() - date('2025-12-01')", "30");
    assert_text("", "format-date(now(), '%Y/%m/%d %H:%M')", "2025/12/31 00:00");
    assert_true(run("", "${day} <= today()").truth);
    expr_set_today("");
    time_t now = time(NULL);
    char text[40];
    strftime(text, sizeof text, "%Y-%m-%d", localtime(&now));
    assert_text("", "today()", text);
}

/* choice_filter: bare names are columns of the list. */
static void filters_of_choices(void **state)
{
    const char *filters[3][2] = {{"3", ""}, {"4", "x"}, {"", ""}};
    const char *heads[] = {"place", "other"};
    struct choice choices[] = {
        {"31", "郑州市", filters[0]}, {"41", "长三角", filters[1]}, {"99", "其他", filters[2]}};
    struct choice_list list = {"dest", choices, 3, heads, 2};
    struct place at = {.file = "f"};
    const struct question *q = form_question(form, "yes");
    struct expr *e = expr_compile_for("place = ${n} - 1 or name = '99'", form, q, &list, at);
    (void)state;
    assert_non_null(e);
    assert_false(expr_eval_choice(e, &top, &list, &choices[0]).truth);
    assert_true(expr_eval_choice(e, &top, &list, &choices[1]).truth);
    assert_true(expr_eval_choice(e, &top, &list, &choices[2]).truth);
    int count;
    const int *used = expr_references(e, &count);
    assert_int_equal(count, 1);
    assert_int_equal(used[0], form_question(form, "n")->index);
    expr_free(e);
    message_capture(messages, sizeof messages);
    assert_null(expr_compile_for("plase = 1", form, q, &list, at));
    message_capture(NULL, 0);
    assert_non_null(strstr(messages, "选项表 dest 没有“plase”栏"));
}

/* Each mistake is told with the place in the text and what to do. */
static void mistakes_are_told(void **state)
{
    static const char *const rows[][2] = {
        {"${nn} > 0", "没有 nn 这道题，是不是 n？"},
        {"${n} > ${zzzzzzzz}", "第8个字符处：问卷里没有 zzzzzzzz"},
        {"n > 0", "题目要写成 ${n}"},
        {"${age} > 3", "在循环里，有多个值"},
        {"sum(${age} + 1)", "sum() 的第1个参数只能写 ${题名} 本身"},
        {"sum(3)", "第1个参数只能写 ${题名}"},
        {"${n} >", "没有写完"},
        {"${n} > > 3", "前面缺少内容"},
        {"${n} 3", "前面缺少运算符或逗号"},
        {"(${n} > 3", "没有配上右括号"},
        {"${n} > 3)", "多了一个右括号"},
        {"'abc", "引号没有成对"},
        {"${n", "后面缺少 }"},
        {"‘a’ = 'a'", "引号请用英文半角"},
        {"${n} ＞ 3", "全角"},
        {"${n} == 3", "只写一个 ="},
        {"! ${n}", "not("},
        {"${n} & 3", "不能用"},
        {"1.2.3", "数字写得不对"},
        {"3abc", "数字写得不对"},
        {"if(1, 2)", "应有3个参数，这里有2个"},
        {"substr('a')", "应有2到3个参数"},
        {"concat()", "至少1"},
        {"roud(3)", "是不是 round()？"},
        {"frobnicate(3)", "没有函数 frobnicate()"},
        {"random()", "每次结果不同"},
        {"pulldata('a', 'b', 'c', 'd')", "没有找到这个数据文件"},
        {"/data/m", "没有这个路径"},
        {"${n}[1]", "方括号只能写在 instance("},
        {"../n", "不能用相对路径"},
        {"1 / 2", "“除以”写 div"},
        {"..", "position(..)"},
        {"position(${n})", "只能写 .."},
        {"(1, 2)", "逗号只能用在函数的括号里"},
        {"()", "括号里是空的"},
        {"   ", "是空的"},
        {"date('2025-02-30')", "不是日期"},
        {"regex('a', '(a')", "左括号没有配上右括号"},
        {"regex('a', '(?i)a')", "不支持"},
        {"regex('a', '[b-a]')", "前后颠倒"},
        {"regex('a', 'a{1001}')", "不超过1000"},
        {"regex('a', '((a{100}){100}){100}')", "相乘太大"},
        {"regex('a', '((){1000}){1000}')", "相乘太大"},
        {"regex('a', 'a*+')", "占有量词"},
        {"regex('a', '\\p{L}')", "反斜杠写法不支持"},
        {"jr:choice-name('1', 'yes')", "'${题名}'"},
        {"indexed-repeat('a', ${member}, 1)", "第1个参数只能写 ${题名}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct expr *e = compile("", rows[i][0]);
        if (e || !strstr(messages, rows[i][1]))
            fail_msg("%s: wanted “%s”, told: %s", rows[i][0], rows[i][1], e ? "nothing" : messages);
    }
    assert_null(compile("1", "count(${member})"));
    assert_non_null(strstr(messages, "不能在循环里面引用它自己"));
}

static char *repeated(const char *part, int times, const char *end)
{
    struct buf b = {0};
    for (int i = 0; i < times; i++)
        buf_puts(&b, part);
    buf_puts(&b, end);
    return b.text;
}

static void limits_hold(void **state)
{
    (void)state;
    char *deep = repeated("(", 101, "1"), *longest = repeated("1+", 40000, "1");
    char *tokens = repeated("1+", 5000, "1"), *wide = repeated("1 or ", 3000, "1");
    assert_null(compile("", deep));
    assert_non_null(strstr(messages, "套得太深"));
    assert_null(compile("", longest));
    assert_non_null(strstr(messages, "太长"));
    assert_null(compile("", tokens));
    struct expr *e = compile("", wide); /* accepted or refused, but nothing else */
    if (e)
        evaluate(e, "");
    expr_free(e);
    free(deep);
    free(longest);
    free(tokens);
    free(wide);
}

/* A result that grows beyond a megabyte is a failure that is told once. */
static void results_are_bounded(void **state)
{
    struct value *name = value_of(&top, "name"), before = *name;
    char *big = repeated("x", 400 * 1024, "");
    (void)state;
    name->text = big;
    struct expr *e = compile("", "concat(${name}, ${name}, ${name})");
    assert_non_null(e);
    message_capture(messages, sizeof messages);
    assert_true(expr_eval(e, &top, NULL).failed);
    assert_non_null(strstr(messages, "结果太长"));
    message_capture(messages, sizeof messages);
    assert_true(expr_eval(e, &top, NULL).failed);
    assert_string_equal(messages, "");
    message_capture(NULL, 0);
    expr_free(e);
    free(big);
    *name = before;
}

/* Patterns that make backtracking matchers hang. */
static void patterns_take_linear_time(void **state)
{
    const char *why;
    char *text = repeated("a", 20000, "!");
    static const char *const patterns[] = {"(a*)*b", "(a|a)*b", "(a|aa)+$b", "(.*)(.*)(.*)b"};
    (void)state;
    clock_t start = clock();
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct pattern *p = pattern_compile(patterns[i], &why);
        assert_non_null(p);
        assert_false(pattern_matches(p, text));
        pattern_free(p);
    }
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2);
    free(text);
}

/* Every double is written so that it reads back as itself, without exponent. */
static void numbers_read_back(void **state)
{
    uint64_t seed = 20250411;
    char text[PLAIN_TEXT];
    (void)state;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        union {
            uint64_t bits;
            double number;
        } u = {seed ^ seed >> 29};
        if (!isfinite(u.number))
            continue;
        const char *written = plain_text(u.number, text);
        if (strtod(written, NULL) != u.number || strpbrk(written, "eE"))
            fail_msg("%.17g is written %s", u.number, written);
    }
    assert_string_equal(plain_text(411523100201.0, text), "411523100201");
    assert_string_equal(plain_text(-0.0, text), "0");
    assert_string_equal(plain_text(1e21, text), "1000000000000000000000");
}

/* A decimal of up to 15 digits comes back as it was written. */
static void decimals_come_back(void **state)
{
    (void)state;
    char written[40], text[PLAIN_TEXT];
    for (uint64_t i = 1; i <= 100000; i++) {
        uint64_t seed = i * 0x9E3779B97F4A7C15u;
        unsigned long whole = (unsigned long)(seed >> 32) % 100000 * 10 + i % 9 + 1;
        if (i % 3 == 0)
            whole = (unsigned long)(seed >> 14) / 10 * 10 + i % 9 + 1;
        int places = 1 + (int)(i % 8);
        unsigned long power = 1;
        for (int k = 0; k < places; k++)
            power *= 10;
        if (whole >= 1000000000000000u)
            continue;
        snprintf(written, sizeof written, "%s%lu.%0*lu", i % 2 ? "-" : "", whole / power, places,
                 whole % power);
        assert_string_equal(plain_text(strtod(written, NULL), text), written);
    }
}

/* ---- without libxml2 ------------------------------------------------------------------------- */

static uint64_t chance = 20251121;
static int below(int n)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (int)((chance >> 33) % (uint64_t)n);
}

/* A random expression over the test form, of the forms that are ours. */
static void put_random(struct buf *b, int depth)
{
    static const char *const leaves[] = {
        "${n}",  "${name}",      "${age}", "1",       "0",  "2.5",           "'1'",
        "''",    "'abc'",        "' 2 '",  "'-3'",    "-7", "1000000000000", "'1e3'",
        "'0x1'", "'2025-04-11'", "true()", "false()", "."};
    static const char *const between[] = {" and ", " or ", " = ", " != ", " < ",   " <= ", " > ",
                                          " >= ",  " + ",  " - ", " * ",  " div ", " mod "};
    int kind = depth > 0 ? below(8) : 7;
    if (kind >= 6) {
        buf_puts(b, leaves[below((int)(sizeof leaves / sizeof *leaves))]);
    } else if (kind == 5) {
        static const char *const calls[] = {"not(", "if("};
        int call = below(2);
        buf_puts(b, calls[call]);
        put_random(b, depth - 1);
        for (int i = 0; call == 1 && i < 2; i++) {
            buf_puts(b, ", ");
            put_random(b, depth - 1);
        }
        buf_putc(b, ')');
    } else {
        bool group = below(3) == 0;
        buf_puts(b, group ? "(" : "");
        put_random(b, depth - 1);
        buf_puts(b, between[below((int)(sizeof between / sizeof *between))]);
        put_random(b, depth - 1);
        buf_puts(b, group ? ")" : "");
    }
}

static void random_expressions(void **state)
{
    (void)state;
    static const char *const places[] = {"self", "1", "2", "3"};
    struct buf text = {0};
    int before = native_count, compiled = 0;
    for (int i = 0; i < 20000; i++) {
        buf_clear(&text);
        put_random(&text, 1 + below(4));
        const char *where = strchr(text.text, '.') ? "self" : places[below(4)];
        struct expr *e = compile(where, text.text);
        if (!e)
            continue;
        compiled++;
        evaluate(e, where);
        expr_free(e);
    }
    buf_free(&text);
    print_message("%d expressions, %d without libxml2\n", compiled, native_count - before);
    assert_true(native_count - before > 5000);
}

static void native_forms(void **state)
{
    (void)state;
    static const struct {
        const char *where, *text;
        bool native;
    } rows[] = {
        {"self", ". >= 1 and . <= 2000", true},
        {"self", ". = 0 or (. >= 100 and . <= ${n})", true},
        {"self", "not(selected(., '9') and count-selected(.) > 1)", true},
        {"self", "regex(., '^1[3-9][0-9]{9}$')", true},
        {"", "if(${n} = '3' or ${n} = '4', 1, 0)", true},
        {"", "${n} - 2 * ${n} div 3", true},
        {"", "sum(${age})", false},
        {"", "concat(${name}, 'x')", false},
        {"", "${n} + 1 = 3", false}, /* within 1e-12 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct expr *e = compile(rows[i].where, rows[i].text);
        if (!e)
            fail_msg("%s", messages);
        if (expr_is_native(e) != rows[i].native)
            fail_msg("%s", rows[i].text);
        evaluate(e, rows[i].where);
        expr_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_javarosa),
        cmocka_unit_test(unknown_values),
        cmocka_unit_test(left_empty),
        cmocka_unit_test(not_asked_is_no_node),
        cmocka_unit_test(names_of_choices),
        cmocka_unit_test(today_can_be_set),
        cmocka_unit_test(filters_of_choices),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(results_are_bounded),
        cmocka_unit_test(patterns_take_linear_time),
        cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(decimals_come_back),
        cmocka_unit_test(random_expressions),
        cmocka_unit_test(native_forms),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
