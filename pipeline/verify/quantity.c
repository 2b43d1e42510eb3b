/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/quantity.h"

#include "verify/quantity_private.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLAUSE_MOST = 900, SENTENCE_MOST = 4000, NOUN_MOST = 12, NAME_MOST = 36, MOTTO_MOST = 96 };

/* ---- clauses and sentences ----------------------------------------------------------------- */

static bool ends_sentence(const char *s, size_t i)
{
    return s[i] == '\n' || s[i] == '!' || s[i] == '?' || word_at(s, i, "。") || s[i] == '\0';
}

bool ends_clause(const char *s, size_t i)
{
    return ends_sentence(s, i) || (s[i] && strchr(",;:()", s[i]));
}

size_t clause_end(const char *s, size_t i)
{
    size_t most = i + CLAUSE_MOST;
    while (i < most && !ends_clause(s, i))
        i = step_on(s, i);
    return i;
}

size_t sentence_end(const char *s, size_t i)
{
    size_t most = i + SENTENCE_MOST;
    while (i < most && !ends_sentence(s, i))
        i = step_on(s, i);
    return i;
}

struct extent label_of(const struct quantity *q)
{
    return (struct extent){q->clause, q->from};
}

bool is_number(const struct quantity *q)
{
    return q->kind == KIND_EXACT || q->kind == KIND_ROUNDED || q->kind == KIND_FUZZY;
}

/* ---- sorts --------------------------------------------------------------------------------- */

/* The last character of what is counted: of the noun behind, or else of the label before. */
static uint32_t counted_noun(const char *s, const struct quantity *q)
{
    if (q->noun.to > q->noun.from)
        return sign_before(s, q->noun.to);
    uint32_t before = q->from > q->clause ? sign_before(s, q->from) : 0;
    return is_han(before) ? before : 0;
}

static bool same_measure(const struct quantity *a, const struct quantity *b)
{
    return a->measure && b->measure && !strcmp(a->measure->text, b->measure->text);
}

int same_sort(const char *s, const struct quantity *a, const struct quantity *b)
{
    if (a->dim != b->dim)
        return 0;
    if (a->dim != DIM_THING && a->dim != DIM_OTHER && a->dim != DIM_NONE)
        return a->dim == DIM_TIME && !same_measure(a, b) ? 0 : 2;
    uint32_t x = counted_noun(s, a), y = counted_noun(s, b);
    bool alike = x && x == y;
    if (!same_measure(a, b))
        return alike && a->dim == DIM_THING ? 1 : 0;
    bool left_out = a->noun.to == a->noun.from || b->noun.to == b->noun.from;
    return alike || (left_out && strcmp(a->measure->text, "个") != 0) ? 2 : 1;
}

/* ---- one number ---------------------------------------------------------------------------- */

static void set_interval(struct quantity *q, double low, double high)
{
    q->kind = KIND_FUZZY;
    q->low = low;
    q->high = high;
}

/* The size of the last digit that is not a rounding 0: 10 of 840, 1 of 3, 1万 of 60万's 6 … */
static double place_of(const struct core *c, double factor)
{
    return pow(10, c->zeros - c->decimals) * c->scale * factor;
}

static void from_core(const struct core *c, double factor, struct quantity *q)
{
    q->unit = c->scale * factor;
    q->value = c->mantissa * q->unit;
    q->decimals = c->decimals;
    q->half = c->decimals ? 0.5 * pow(10, -c->decimals) * q->unit : 0;
    double wide = c->scale > 1 || c->decimals ? 0.5 * pow(10, -c->decimals) * q->unit : 0;
    if (!dimension_counted(q->dim) && q->dim != DIM_NONE && q->dim != DIM_TIME && wide == 0)
        wide = 0.5 * q->unit;
    q->low = q->value - wide;
    q->high = q->value + wide;
    q->kind = wide > 0 ? KIND_ROUNDED : KIND_EXACT;
    q->arabic = c->arabic;
    if (c->high > 0)
        set_interval(q, c->low * factor, c->high * factor);
    else if (c->span > 0)
        set_interval(q, q->value, q->value + c->span * factor);
}

enum about { ABOUT, NEARLY, ABOVE, BELOW, PLAIN };
struct about_word {
    const char *text;
    enum about about;
};
static const struct about_word ABOUT_BEFORE[] = {
    {"约", ABOUT},    {"大约", ABOUT},  {"大概", ABOUT},   {"估计", ABOUT},   {"近", NEARLY},
    {"将近", NEARLY}, {"接近", NEARLY}, {"超过", ABOVE},   {"超", ABOVE},     {"逾", ABOVE},
    {"突破", ABOVE},  {"至少", ABOVE},  {"不少于", ABOVE}, {"不低于", ABOVE}, {"多于", ABOVE},
    {"不下", ABOVE},  {"不足", BELOW},  {"不到", BELOW},   {"不超过", BELOW}, {"不高于", BELOW},
    {"至多", BELOW},  {"最多", BELOW},  {"低于", BELOW},   {"少于", BELOW},
};
static const struct about_word ABOUT_BEHIND[] = {
    {"左右", ABOUT}, {"上下", ABOUT}, {"以上", ABOVE},
    {"以下", BELOW}, {"以内", BELOW}, {"多", ABOVE},
};

static enum about about_before(const char *s, size_t i)
{
    const struct about_word *best = NULL;
    for (size_t k = 0; k < sizeof ABOUT_BEFORE / sizeof *ABOUT_BEFORE; k++) {
        const struct about_word *w = &ABOUT_BEFORE[k];
        if (word_before(s, i, w->text) && (!best || strlen(w->text) > strlen(best->text)))
            best = w;
    }
    return best ? best->about : PLAIN;
}

static enum about about_behind(const char *s, size_t i)
{
    for (size_t k = 0; k < sizeof ABOUT_BEHIND / sizeof *ABOUT_BEHIND; k++)
        if (word_at(s, i, ABOUT_BEHIND[k].text))
            return ABOUT_BEHIND[k].about;
    return PLAIN;
}

static void apply_about(enum about about, double place, struct quantity *q)
{
    switch (about) {
    case ABOUT:
        set_interval(q, fmin(q->low, q->value - place / 2), fmax(q->high, q->value + place / 2));
        break;
    case NEARLY:
        set_interval(q, fmax(q->value - place, 0.8 * q->value), q->value);
        break;
    case ABOVE:
        set_interval(q, q->value, INFINITY);
        break;
    case BELOW:
        set_interval(q, -INFINITY, q->value);
        break;
    case PLAIN:
        break;
    }
}

/* 近3年 is "the last three years"; other fuzzy words count. */
static void read_about(const char *s, const struct core *c, struct quantity *q)
{
    double place = place_of(c, q->measure ? q->measure->factor : 1);
    enum about before = about_before(s, q->from), behind = about_behind(s, q->to);
    if (before == NEARLY && q->dim == DIM_TIME)
        before = PLAIN;
    apply_about(before, place, q);
    apply_about(behind, place, q);
}

/* 三成五: 35%. */
static void read_half_tenth(const char *s, struct quantity *q)
{
    double more;
    int zeros;
    size_t end = numeral_end(s, q->to);
    if (strcmp(q->measure->text, "成") != 0)
        return;
    q->low = q->value - 5;
    q->high = q->value + 5;
    if (end == q->to + 3 && numeral_value(s, (struct extent){q->to, end}, &more, &zeros)) {
        q->value += more;
        q->to = end;
        q->low = q->value - 1;
        q->high = q->value + 1;
    }
    q->kind = KIND_FUZZY;
}

static void set_measure(const char *s, const struct measure *m, const struct core *c,
                        struct quantity *q)
{
    q->measure = m;
    q->dim = m ? m->dim : DIM_NONE;
    from_core(c, m ? m->factor : 1, q);
    if (m) {
        q->to += strlen(m->text);
        read_half_tenth(s, q);
    }
    if (m && s[q->to] == '/') /* 元/亩 */
        q->dim = DIM_OTHER;
}

/* The second end of 50到60岁, 10%~15%, 5万~10万. */
static bool read_range(const char *s, const struct core *first, struct quantity *q)
{
    static const char *const joins[] = {"-", "--", "~", "至", "到", NULL};
    static const char *const from_words[] = {"从", "由", "自", NULL};
    const char *join = any_at(s, q->to, joins);
    struct core second;
    if (!join || any_before(s, q->from, from_words) ||
        !read_core(s, q->to + strlen(join), &second) || second.bare ||
        second.arabic != first->arabic)
        return false;
    const struct measure *m = measure_at(s, second.to, second.arabic), *own = q->measure;
    if (!m || m->dim == DIM_WORD || (own && own->dim != m->dim))
        return false;
    double scale = first->scale > 1 ? first->scale : second.scale;
    double low = first->mantissa * scale * (own ? own->factor : m->factor);
    double high = second.mantissa * second.scale * m->factor;
    if (low >= high)
        return false;
    q->to = second.to;
    set_measure(s, m, &second, q);
    set_interval(q, low, high);
    q->value = (low + high) / 2;
    return true;
}

/* ---- words that are no numbers ------------------------------------------------------------- */

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

/* Letters, a plus, a colon or a slash make it a name: G20, 1+1, 3:1, 1/3. */
static bool is_code(const char *s, size_t from, size_t to)
{
    char before = from ? s[from - 1] : '\0', behind = s[to];
    bool digit_before = from > 1 && isdigit((unsigned char)s[from - 2]);
    return is_letter(before) || is_letter(behind) || before == '+' || behind == '+' ||
           before == '.' || (strchr(":/", behind) && behind && isdigit((unsigned char)s[to + 1])) ||
           (before && strchr(":/", before) && digit_before);
}

/* Behind 第 or 前; before 届, 号, 世纪, 等奖; an enumerator 1. 一、 (一) 一是 at the start of a
 * clause.
 */
static bool is_ordinal(const char *s, size_t from, size_t to)
{
    static const char *const behind[] = {"届",   "号",   "世纪",      "年代",    "等奖", "年级",
                                         "等功", "分制", "%置信区间", "%的置信", NULL};
    static const char *const items[] = {"是", "要", "、", NULL};
    if (word_before(s, from, "第") || word_before(s, from, "前") || any_at(s, to, behind))
        return true;
    bool starts = from == 0 || ends_clause(s, step_back(s, from)) || s[from - 1] == '#';
    if (!starts)
        return false;
    bool point = s[to] == '.' && !isdigit((unsigned char)s[to + 1]);
    return point || any_at(s, to, items) || (s[from - (from > 0)] == '(' && s[to] == ')');
}

/* A name by its quotation marks: short ones, or a motto of Chinese counts. */
static bool is_quoted_name(const char *s, struct quantity *q)
{
    struct extent title;
    if (enclosed(s, q->from, "《", "》", 240, &title))
        return true;
    bool inside = enclosed(s, q->from, "“", "”", MOTTO_MOST, &q->quoted) ||
                  enclosed(s, q->from, "‘", "’", MOTTO_MOST, &q->quoted);
    if (!inside)
        return false;
    bool loose = q->dim == DIM_NONE || q->dim == DIM_THING || q->dim == DIM_TIME;
    size_t length = q->quoted.to - q->quoted.from;
    return loose && (!q->arabic || length <= NAME_MOST);
}

/* 一个, 一年, 一度 say nothing of a number; 二十大 is a congress, not twenty. */
static bool is_phrase(const struct quantity *q)
{
    if (!strcmp(q->measure->text, "大"))
        return q->value > 9;
    return q->value == 1 && q->kind != KIND_FUZZY &&
           (q->dim == DIM_THING || q->dim == DIM_OTHER || q->dim == DIM_TIME);
}

/* Counts of eight digits and more, not rounded to thousands. */
static void look_at_size(const char *s, size_t from, size_t to, struct quantity *q)
{
    size_t n = to - from;
    if (!q->arabic || !dimension_counted(q->dim) || n < 8 || strspn(s + from, "0123456789") != n ||
        !strncmp(s + to - 3, "000", 3))
        return;
    q->kind = KIND_DAMAGED;
    snprintf(q->hint, sizeof q->hint, "数字有%zu位，大得不合情理", n);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* 百分之四十一点二, 三分之一 */
static bool read_fraction(const char *s, size_t i, struct quantity *q)
{
    static const char OF[] = "分之";
    size_t end = numeral_end(s, i);
    double parts;
    int zeros;
    if (end == i || !word_at(s, end, OF))
        return false;
    if (!numeral_value(s, (struct extent){i, end}, &parts, &zeros))
        parts = word_at(s, i, "百") ? 100 : word_at(s, i, "千") ? 1000 : 10000;
    struct core c;
    size_t at = end + strlen(OF);
    if (!read_core(s, at, &c) || c.high > 0)
        return false;
    size_t run = numeral_end(s, at);
    if (!c.arabic && c.decimals == 0 && word_at(s, run, "点")) {
        size_t to = numeral_end(s, run + 3);
        for (size_t k = run + 3; k < to; k += 3) {
            double digit;
            if (!numeral_value(s, (struct extent){k, k + 3}, &digit, &zeros))
                return false;
            c.mantissa += digit * pow(10, -++c.decimals);
        }
        c.zeros = 0;
        c.to = to;
    }
    *q = (struct quantity){.from = i, .to = c.to, .dim = DIM_PERCENT};
    from_core(&c, 100 / parts, q);
    if (parts < 100) /* 三分之一 is never meant to the point */
        set_interval(q, q->value - 2.5, q->value + 2.5);
    else
        read_about(s, &c, q);
    return true;
}

/* Shares in words. */
static bool read_half(const char *s, size_t i, struct quantity *q)
{
    static const struct {
        const char *text;
        double low, high;
    } words[] = {{"一半以上", 50, 100}, {"半数以上", 50, 100}, {"过半", 50, 100},
                 {"超半数", 50, 100},   {"超一半", 50, 100},   {"近半", 40, 50},
                 {"近一半", 40, 50},    {"一半", 47, 53},      {"半数", 47, 53}};
    if (!word_before(s, i, "占") && !word_before(s, i, "占了") && !word_before(s, i, "占比"))
        return false;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (word_at(s, i, words[k].text)) {
            *q = (struct quantity){.from = i,
                                   .to = i + strlen(words[k].text),
                                   .unit = 1,
                                   .value = 50,
                                   .dim = DIM_PERCENT};
            set_interval(q, words[k].low, words[k].high);
            return true;
        }
    return false;
}

static void make_word(enum kind kind, size_t to, struct quantity *q)
{
    q->kind = kind;
    q->to = to > q->to ? to : q->to;
}

bool read_number(const char *s, size_t i, struct quantity *q)
{
    struct core c;
    if (read_fraction(s, i, q) || read_half(s, i, q))
        return true;
    if (!read_core(s, i, &c))
        return false;
    const struct measure *m = measure_at(s, c.to, c.arabic);
    *q = (struct quantity){.from = i, .to = c.to, .arabic = c.arabic};
    if (c.arabic ? is_code(s, i, c.to) : false)
        return make_word(KIND_NAME, c.to, q), true;
    if (is_ordinal(s, i, c.to))
        return make_word(KIND_ORDINAL, c.to, q), true;
    if (c.bare || (m && m->dim == DIM_WORD))
        return make_word(KIND_NAME, c.to, q), m != NULL;
    set_measure(s, m, &c, q);
    if (!read_range(s, &c, q))
        read_about(s, &c, q);
    look_at_size(s, i, c.to, q);
    if (is_quoted_name(s, q))
        q->kind = KIND_NAME;
    else if (!c.arabic && !m)
        return false;
    else if (!c.arabic && is_phrase(q))
        q->kind = KIND_ORDINAL;
    return true;
}

static bool read_one(const char *s, size_t i, struct quantity *q)
{
    bool digit = isdigit((unsigned char)s[i]);
    if (digit || s[i] == '[' || s[i] == '(')
        if (read_document(s, i, q))
            return true;
    if (!digit && !is_han(sign_at(s, i)) && !word_at(s, i, "〇"))
        return false;
    return read_date(s, i, q) || read_number(s, i, q);
}

static void append(struct quantities *qs, const struct quantity *q, const char *s, size_t clause,
                   size_t sentence, size_t paragraph)
{
    GROW(qs->items, qs->count, qs->room);
    struct quantity *to = &qs->items[qs->count++];
    *to = *q;
    to->noun = han_at(s, q->to, NOUN_MOST);
    to->clause = clause;
    to->sentence = sentence;
    to->paragraph = paragraph;
}

void quantities_read(struct quantities *qs, const struct draft *d)
{
    const char *s = d->scan.text;
    size_t clause = 0, sentence = 0, paragraph = 0, skip_to = 0;
    for (size_t i = 0; s[i];) {
        struct quantity q;
        if (i >= skip_to && read_one(s, i, &q)) {
            append(qs, &q, s, clause, sentence, paragraph);
            i = q.to;
            continue;
        }
        /* A run of digits or numerals that is no quantity is not looked into. */
        if (i >= skip_to)
            skip_to =
                isdigit((unsigned char)s[i]) ? i + strspn(s + i, "0123456789.") : numeral_end(s, i);
        size_t next = step_on(s, i);
        if (ends_clause(s, i) || next - clause > CLAUSE_MOST)
            clause = next;
        if (ends_sentence(s, i) || next - sentence > SENTENCE_MOST)
            sentence = next;
        if (s[i] == '\n')
            paragraph = next;
        i = next;
    }
}

void quantities_free(struct quantities *qs)
{
    free(qs->items);
    *qs = (struct quantities){0};
}
