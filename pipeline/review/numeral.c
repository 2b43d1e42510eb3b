/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/numeral.h"

#include "base/arena.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 40, TOKENS_MAX = 40 };

/* ---- decimals -------------------------------------------------------------------------------- */

/* Collects the digits of text, zeros in front left out; *point gets how many stand before the
 * decimal point. */
static bool split_digits(const char *text, char digits[DIGITS_MAX + 1], int *point)
{
    size_t zeros = strspn(text, "0");
    int n = 0;
    *point = -1;
    for (const char *p = text + zeros; *p; p++) {
        if (*p == '.' && *point < 0)
            *point = n;
        else if (isdigit((unsigned char)*p) && n < DIGITS_MAX)
            digits[n++] = *p;
        else
            return false;
    }
    digits[n] = '\0';
    if (*point < 0)
        *point = n;
    return n > 0 || zeros > 0;
}

bool decimal_read(const char *text, int shift, struct buf *out)
{
    char digits[DIGITS_MAX + 1];
    int point;
    bool minus = *text == '-';
    if (!split_digits(text + minus, digits, &point))
        return false;
    point += shift;
    int n = (int)strlen(digits);
    while (n > 0 && n > point && digits[n - 1] == '0')
        n--;
    if ((n > point ? n : point) - (point < 0 ? point : 0) > DIGITS_MAX)
        return false;
    buf_clear(out);
    buf_puts(out, minus && strspn(digits, "0") < strlen(digits) ? "-" : "");
    bool begun = false;
    for (int i = 0; i < point; i++) {
        char digit = i < n ? digits[i] : '0';
        if ((begun = begun || digit != '0'))
            buf_putc(out, digit);
    }
    if (!begun)
        buf_putc(out, '0');
    if (n > 0 && n > point) {
        buf_putc(out, '.');
        for (int i = point; i < n; i++)
            buf_putc(out, i < 0 ? '0' : digits[i]);
    }
    return true;
}

bool scientific_read(const char *text, struct buf *out)
{
    enum { SHOWN_FROM = 11 };
    char mantissa[DIGITS_MAX + 3];
    size_t n = strcspn(text, "eE");
    if (n == 0 || n >= sizeof mantissa || !text[n])
        return false;
    const char *exponent = text + n + 1;
    size_t digits = *exponent == '+' || *exponent == '-' ? strspn(exponent + 1, "0123456789") : 0;
    if (digits < 2 || digits > 3 || exponent[1 + digits])
        return false;
    long shift = strtol(exponent, NULL, 10);
    memcpy(mantissa, text, n);
    mantissa[n] = '\0';
    return !(text[n] == 'E' && shift >= SHOWN_FROM) && decimal_read(mantissa, (int)shift, out);
}

void decimal_scale(struct buf *number, double factor)
{
    if (factor == 1)
        return;
    char *copy = must_strdup(buf_text(number));
    double power = round(log10(fabs(factor)));
    if (factor > 0 && fabs(power) < 12 && fabs(factor / pow(10, power) - 1) < 1e-12) {
        decimal_read(copy, (int)power, number);
    } else {
        char text[64];
        snprintf(text, sizeof text, "%.9f", strtod(copy, NULL) * factor);
        decimal_read(text, 0, number);
    }
    free(copy);
}

/* ---- Chinese numerals ------------------------------------------------------------------------ */

enum token_kind { TOKEN_NUMBER, TOKEN_UNIT, TOKEN_BIG, TOKEN_ZERO };
struct token {
    enum token_kind kind;
    long value;
    int digits; /* of an Arabic number; 0 for a Chinese digit */
};

static const struct sign {
    const char *text;
    enum token_kind kind;
    long value;
} SIGNS[] = {
    {"零", TOKEN_ZERO, 0},    {"〇", TOKEN_ZERO, 0},    {"一", TOKEN_NUMBER, 1},
    {"二", TOKEN_NUMBER, 2},  {"两", TOKEN_NUMBER, 2},  {"三", TOKEN_NUMBER, 3},
    {"四", TOKEN_NUMBER, 4},  {"五", TOKEN_NUMBER, 5},  {"六", TOKEN_NUMBER, 6},
    {"七", TOKEN_NUMBER, 7},  {"八", TOKEN_NUMBER, 8},  {"九", TOKEN_NUMBER, 9},
    {"壹", TOKEN_NUMBER, 1},  {"贰", TOKEN_NUMBER, 2},  {"叁", TOKEN_NUMBER, 3},
    {"肆", TOKEN_NUMBER, 4},  {"伍", TOKEN_NUMBER, 5},  {"陆", TOKEN_NUMBER, 6},
    {"柒", TOKEN_NUMBER, 7},  {"捌", TOKEN_NUMBER, 8},  {"玖", TOKEN_NUMBER, 9},
    {"十", TOKEN_UNIT, 10},   {"拾", TOKEN_UNIT, 10},   {"百", TOKEN_UNIT, 100},
    {"佰", TOKEN_UNIT, 100},  {"千", TOKEN_UNIT, 1000}, {"仟", TOKEN_UNIT, 1000},
    {"万", TOKEN_BIG, 10000}, {"萬", TOKEN_BIG, 10000}, {"亿", TOKEN_BIG, 100000000},
};

static const struct sign *find_sign(const char *p)
{
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (starts_with(p, SIGNS[i].text))
            return &SIGNS[i];
    return NULL;
}

/* Splits the text; returns the number of tokens, or 0 when something else occurs. */
static int tokenize(const char *p, struct token *tokens)
{
    int n = 0;
    while (*p && n < TOKENS_MAX) {
        const struct sign *s = find_sign(p);
        int digits = (int)strspn(p, "0123456789");
        if (s) {
            tokens[n++] = (struct token){s->kind, s->value, 0};
            p += strlen(s->text);
        } else if (digits > 0 && digits <= 8) {
            tokens[n++] = (struct token){TOKEN_NUMBER, strtol(p, NULL, 10), digits};
            p += digits;
        } else {
            return 0;
        }
    }
    return *p ? 0 : n;
}

/* The state of adding up 亿-, 万- and small parts from left to right. */
struct sum {
    long long total, section;
    long unit;    /* last 千百十 in this section; 10000 at its start */
    long big;     /* last 万 or 亿 */
    long trail;   /* last unit of any kind; 0 at the start */
    long pending; /* a digit whose unit has not come yet; -1: none */
    int digits;   /* of an Arabic pending number */
    bool zero;    /* 零 just before */
};

static bool add_unit(struct sum *s, long unit)
{
    if (s->pending < 0 && unit == 10)
        s->pending = 1; /* 十二, 一百十二 */
    if (s->pending < 1 || s->pending > 9 || unit >= s->unit)
        return false;
    s->section += s->pending * unit;
    s->unit = s->trail = unit;
    s->pending = -1;
    s->zero = false;
    return true;
}

static bool add_big(struct sum *s, long big)
{
    if (s->pending >= 0) {
        if (!s->zero && s->unit > 10 && s->unit < 10000)
            return false; /* 三千五万: 3500万 or 3005万 */
        s->section += s->pending;
        s->pending = -1;
    }
    if (s->section == 0 || big >= s->big)
        return false;
    s->total += s->section * big;
    s->section = 0;
    s->unit = 10000;
    s->big = s->trail = big;
    s->zero = false;
    return true;
}

/* A last number without unit: 三千五, 3万5, 3万5000, 三千零五. */
static bool add_last(struct sum *s)
{
    if (s->pending < 0)
        return !s->zero;
    bool literal = s->zero || s->trail <= 10;
    if (s->digits > 1) {
        if (s->trail < 10000 || (!s->zero && s->digits != 4) || s->pending >= 10000)
            return false;
        literal = true;
    }
    s->section += literal ? s->pending : s->pending * (s->trail / 10);
    return true;
}

static bool add_token(struct sum *s, const struct token *t)
{
    switch (t->kind) {
    case TOKEN_UNIT:
        return add_unit(s, t->value);
    case TOKEN_BIG:
        return add_big(s, t->value);
    case TOKEN_ZERO:
        if (s->pending >= 0 || s->zero || s->trail == 0)
            return false;
        s->zero = true;
        return true;
    case TOKEN_NUMBER:
        break;
    }
    if (s->pending >= 0)
        return false; /* 两三万 */
    s->pending = t->value;
    s->digits = t->digits;
    return true;
}

static bool sum_tokens(const struct token *tokens, int n, struct buf *out)
{
    struct sum s = {.unit = 10000, .big = 1000000000, .pending = -1};
    for (int i = 0; i < n; i++)
        if (!add_token(&s, &tokens[i]))
            return false;
    if (!add_last(&s))
        return false;
    buf_clear(out);
    buf_printf(out, "%lld", s.total + s.section);
    return true;
}

/* 一九八五, 二〇二五: four digits or more; 三四 would be "three or four". */
static bool digit_string(const struct token *tokens, int n, struct buf *out)
{
    if (n < 4)
        return false;
    for (int i = 0; i < n; i++)
        if (tokens[i].digits || (tokens[i].kind != TOKEN_NUMBER && tokens[i].kind != TOKEN_ZERO))
            return false;
    buf_clear(out);
    for (int i = 0; i < n; i++)
        buf_putc(out, (char)('0' + tokens[i].value));
    return true;
}

/* 3.5万, 1.2千万: Arabic digits with a point, then only units. */
static bool decimal_with_units(const char *text, struct buf *out)
{
    size_t n = strspn(text, "0123456789.");
    if (n == 0 || n > DIGITS_MAX || !memchr(text, '.', n))
        return false;
    int shift = 0;
    const char *p = text + n;
    if (!*p)
        return false;
    while (*p) {
        const struct sign *s = find_sign(p);
        if (!s || (s->kind != TOKEN_UNIT && s->kind != TOKEN_BIG) || shift > 8)
            return false;
        shift += (int)(log10((double)s->value) + 0.5);
        p += strlen(s->text);
    }
    char number[DIGITS_MAX + 1];
    memcpy(number, text, n);
    number[n] = '\0';
    return decimal_read(number, shift, out);
}

/* 三点五: a numeral, 点, single digits. */
static bool spoken_decimal(const char *text, struct buf *out)
{
    const char *point = strstr(text, "点");
    struct token tokens[TOKENS_MAX];
    bool scaled;
    if (!point)
        return false;
    char *whole = strndup(text, (size_t)(point - text));
    bool zero = !strcmp(whole, "零") || !strcmp(whole, "〇");
    bool ok = zero || numeral_read(whole, out, &scaled);
    free(whole);
    int n = tokenize(point + strlen("点"), tokens);
    if (!ok || n == 0)
        return false;
    struct buf number = {0};
    buf_printf(&number, "%s.", zero ? "0" : buf_text(out));
    for (int i = 0; i < n && ok; i++) {
        ok = !tokens[i].digits && (tokens[i].kind == TOKEN_NUMBER || tokens[i].kind == TOKEN_ZERO);
        buf_putc(&number, (char)('0' + tokens[i].value % 10));
    }
    ok = ok && decimal_read(number.text, 0, out);
    buf_free(&number);
    return ok;
}

bool numeral_read(const char *text, struct buf *out, bool *scaled)
{
    struct token tokens[TOKENS_MAX];
    *scaled = strstr(text, "千") || strstr(text, "仟") || strstr(text, "万") ||
              strstr(text, "萬") || strstr(text, "亿");
    if (decimal_with_units(text, out) || spoken_decimal(text, out))
        return true;
    int n = tokenize(text, tokens);
    if (n == 0 || (n == 1 && tokens[0].digits))
        return false;
    if (n == 1 && tokens[0].kind == TOKEN_ZERO) {
        buf_clear(out);
        buf_putc(out, '0');
        return true;
    }
    return digit_string(tokens, n, out) || sum_tokens(tokens, n, out);
}
