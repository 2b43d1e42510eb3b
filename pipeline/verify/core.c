/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/numeral.h"
#include "verify/quantity_private.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MOST = 15, NUMERAL_MOST = 30 };

static const char *const NUMERALS[] = {"零", "〇", "一", "二", "两", "三", "四", "五", "六", "七",
                                       "八", "九", "十", "百", "千", "万", "亿", "壹", "贰", "叁",
                                       "肆", "伍", "陆", "柒", "捌", "玖", "拾", "佰", "仟", NULL};
static const char *const POWERS[] = {"十", "百", "千", "万", "亿", NULL};

struct scale {
    const char *text;
    double value;
};
static const struct scale SCALES[] = {{"万亿", 1e12}, {"千亿", 1e11}, {"百亿", 1e10}, {"亿", 1e8},
                                      {"千万", 1e7},  {"百万", 1e6},  {"十万", 1e5},  {"万", 1e4},
                                      {"千", 1e3},    {"百", 1e2}};

size_t numeral_end(const char *s, size_t i)
{
    const char *sign;
    for (int n = 0; n < NUMERAL_MOST && (sign = any_at(s, i, NUMERALS)); n++)
        i += strlen(sign);
    return i;
}

bool numeral_value(const char *s, struct extent run, double *value, int *zeros)
{
    struct buf text = {0}, number = {0};
    bool scaled;
    buf_put(&text, s + run.from, run.to - run.from);
    bool ok =
        run.to > run.from && run.to - run.from < 90 && numeral_read(text.text, &number, &scaled);
    if (ok) {
        *value = strtod(number.text, NULL);
        *zeros = 0;
        for (size_t n = number.len; n > 1 && number.text[n - 1] == '0'; n--)
            ++*zeros;
    }
    buf_free(&text);
    buf_free(&number);
    return ok;
}

/* 多, 余, 来, 几 behind a number; 来 and 几 only before a measure that is no date. */
static bool skip_more(const char *s, size_t *i)
{
    static const char *const words[] = {"多", "余", "几", NULL};
    static const char *const others[] = {"多于", "多元", "多样", "多数", "余额", NULL};
    const char *word = any_at(s, *i, words);
    if (!word || (any_at(s, *i, others) && !word_at(s, *i, "多元")))
        return false;
    *i += strlen(word);
    return true;
}

static double skip_scale(const char *s, size_t *i)
{
    for (size_t k = 0; k < sizeof SCALES / sizeof *SCALES; k++) {
        if (!word_at(s, *i, SCALES[k].text))
            continue;
        size_t to = *i + strlen(SCALES[k].text);
        if (word_at(s, to, "米") || word_at(s, to, "克") || word_at(s, to, "瓦"))
            return 1; /* 3千米 */
        *i = to;
        return SCALES[k].value;
    }
    return 1;
}

/* The words behind the mantissa, which ends at c->to. */
static void read_tail(const char *s, struct core *c)
{
    double place = pow(10, c->zeros - c->decimals);
    bool more = skip_more(s, &c->to);
    c->scale = skip_scale(s, &c->to);
    if (!more && c->scale > 1)
        more = skip_more(s, &c->to);
    if (more)
        c->span = place * c->scale;
}

/* 1亿2000万: a smaller part behind the first scale. */
static void add_smaller(const char *s, struct core *c)
{
    size_t i = c->to;
    size_t n = strspn(s + i, "0123456789");
    if (c->scale < 1e8 || c->span > 0 || n == 0 || n > 4)
        return;
    double part = strtod(s + i, NULL);
    i += n;
    double scale = skip_scale(s, &i);
    if (scale <= 1 || scale >= c->scale)
        return;
    c->mantissa = (c->mantissa * c->scale + part * scale) / scale;
    c->scale = scale;
    c->decimals = c->zeros = 0;
    c->to = i;
}

static bool read_arabic(const char *s, size_t i, struct core *c)
{
    size_t n = strspn(s + i, "0123456789");
    if (n == 0 || n > DIGITS_MOST)
        return false;
    size_t whole = n;
    if (s[i + n] == '.' && isdigit((unsigned char)s[i + n + 1])) {
        c->decimals = (int)strspn(s + i + n + 1, "0123456789");
        if (c->decimals > DIGITS_MOST)
            return false;
        n += 1 + (size_t)c->decimals;
    }
    for (size_t k = whole; c->decimals == 0 && k > 1 && s[i + k - 1] == '0'; k--)
        c->zeros++;
    c->mantissa = strtod(s + i, NULL);
    c->arabic = true;
    c->to = i + n;
    read_tail(s, c);
    add_smaller(s, c);
    return true;
}

/* The value of a single sign 一 … 九, or 0. */
static int single(const char *s, size_t i)
{
    static const char *const signs[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    for (int k = 0; k < 9; k++)
        if (word_at(s, i, signs[k]))
            return k + 1;
    return word_at(s, i, "两") ? 2 : 0;
}

/* 一、二件, 一二十人, 两三万元: two digits in a row, then powers. */
static bool read_two_digits(const char *s, size_t i, struct core *c)
{
    int a = single(s, i);
    size_t next = i + 3;
    if (a && word_at(s, next, "、"))
        next += strlen("、");
    int b = a ? single(s, next) : 0;
    if (b != a + 1)
        return false;
    size_t to = next + 3;
    double power = 1;
    const char *sign;
    while ((sign = any_at(s, to, POWERS))) {
        power *= !strcmp(sign, "十")   ? 10
                 : !strcmp(sign, "百") ? 100
                 : !strcmp(sign, "千") ? 1e3
                 : !strcmp(sign, "万") ? 1e4
                                       : 1e8;
        to += strlen(sign);
    }
    if (numeral_end(s, to) != to)
        return false;
    *c =
        (struct core){.mantissa = a, .scale = power, .low = a * power, .high = b * power, .to = to};
    return true;
}

/* 几十, 数百, 十几, 二十几 */
static bool read_some(const char *s, size_t i, struct core *c)
{
    bool some = word_at(s, i, "几") || word_at(s, i, "数");
    size_t from = some ? i + 3 : i, to = numeral_end(s, from);
    double value;
    int zeros;
    if (some) {
        bool power = any_at(s, from, POWERS) && to > from;
        if (!power || !numeral_value(s, (struct extent){from, from + 3}, &value, &zeros))
            value = word_at(s, from, "百")   ? 100
                    : word_at(s, from, "千") ? 1e3
                    : word_at(s, from, "万") ? 1e4
                                             : 1e8;
        if (!power || to > from + 6)
            return false;
        if (to == from + 6)
            value *= word_at(s, from + 3, "万") ? 1e4 : 1e8; /* 几十万 */
        *c = (struct core){
            .mantissa = 2 * value, .scale = 1, .low = 2 * value, .high = 10 * value, .to = to};
        return true;
    }
    if (to == i || !word_at(s, to, "几") || !word_before(s, to, "十") ||
        !numeral_value(s, (struct extent){i, to}, &value, &zeros))
        return false;
    *c = (struct core){
        .mantissa = value, .scale = 1, .low = value + 1, .high = value + 9, .to = to + 3};
    c->scale = skip_scale(s, &c->to);
    c->low *= c->scale;
    c->high *= c->scale;
    return true;
}

static bool read_chinese(const char *s, size_t i, struct core *c)
{
    struct extent run = {i, numeral_end(s, i)};
    if (run.to == i)
        return false;
    c->to = run.to;
    c->scale = 1;
    if (!numeral_value(s, run, &c->mantissa, &c->zeros)) {
        const char *sign;
        while (i < run.to && (sign = any_at(s, i, POWERS)))
            i += strlen(sign);
        return c->bare = i == run.to;
    }
    if (word_at(s, run.to, "点") && single(s, run.to + 3)) { /* 三点五倍 */
        size_t to = numeral_end(s, run.to + 3);
        static const char *const behind[] = {"倍", "万", "亿", "个百分点", "元", "%", NULL};
        double fraction;
        int zeros;
        struct extent digits = {run.to + 3, to};
        if (to == run.to + 6 && any_at(s, to, behind) &&
            numeral_value(s, digits, &fraction, &zeros)) {
            c->mantissa += fraction / 10;
            c->decimals = 1;
            c->zeros = 0;
            c->to = to;
        }
    }
    read_tail(s, c);
    return true;
}

bool read_core(const char *s, size_t i, struct core *c)
{
    *c = (struct core){.scale = 1};
    if (isdigit((unsigned char)s[i]))
        return read_arabic(s, i, c);
    if (read_some(s, i, c) || read_two_digits(s, i, c))
        return true;
    *c = (struct core){.scale = 1};
    return read_chinese(s, i, c);
}
