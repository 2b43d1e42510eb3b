/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates and document numbers in running text.
 */
#include "survey/days.h"
#include "verify/quantity_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t digits(const char *s, size_t i)
{
    return strspn(s + i, "0123456789");
}

static int number(const char *s, size_t i, size_t n)
{
    int value = 0;
    for (size_t k = 0; k < n && k < 9; k++)
        value = value * 10 + (s[i + k] - '0');
    return value;
}

static bool is_year(int y)
{
    return y >= 1800 && y <= 2199;
}

/* A day that may exist; year 0 is unknown and allows 29 February. */
static bool is_day(int year, int month, int day)
{
    struct civil c = {year ? year : 2024, month, day};
    return civil_valid(c);
}

/* The months and days that three or four digits may have been before 月 was lost. */
static void guess_day(const char *s, size_t i, size_t n, char *hint, size_t size)
{
    size_t used = 0;
    hint[0] = '\0';
    for (size_t k = 1; k <= 2 && k < n; k++) {
        int month = number(s, i, k), day = number(s, i + k, n - k);
        if (s[i + k] == '0' || n - k > 2 || !is_day(0, month, day))
            continue;
        int more = snprintf(hint + used, size - used, "%s%d月%d日", used ? "或" : "", month, day);
        used += more > 0 && (size_t)more < size - used ? (size_t)more : 0;
    }
}

/* ---- document numbers ---------------------------------------------------------------------- */

static bool damaged_document(const char *s, size_t from, size_t i, size_t n, struct quantity *q)
{
    *q = (struct quantity){.kind = KIND_DAMAGED, .from = from, .to = i + n + strlen("号")};
    snprintf(q->hint, sizeof q->hint, "文号缺括号，可能是〔%.4s〕%.*s号", s + i, (int)(n - 4),
             s + i + 4);
    return true;
}

bool read_document(const char *s, size_t i, struct quantity *q)
{
    bool open = s[i] == '[' || s[i] == '(';
    size_t year = open ? i + 1 : i, n = digits(s, year);
    if (n < 4 || !is_year(number(s, year, 4)))
        return false;
    if (n > 4)
        return n <= 8 && word_at(s, year + n, "号") && (open || !word_before(s, i, "第")) &&
               damaged_document(s, i, year, n, q);
    size_t close = year + 4;
    if (s[close] != ']' && s[close] != ')')
        return false;
    size_t no = close + 1;
    no += word_at(s, no, "第") ? strlen("第") : 0;
    size_t m = digits(s, no);
    if (m == 0 || !word_at(s, no + m, "号"))
        return false;
    *q = (struct quantity){.kind = KIND_DOCUMENT, .from = i, .to = no + m + strlen("号")};
    return true;
}

/* ---- dates --------------------------------------------------------------------------------- */

static const char *const DAY[] = {"日", "号", NULL};
static const char *const JOINS[] = {"和", "、", "至", "到", "-", "~", "--", NULL};

static bool put(struct quantity *q, size_t from, size_t to, bool exists)
{
    *q = (struct quantity){
        .kind = exists ? KIND_DATE : KIND_IMPOSSIBLE, .from = from, .to = to, .arabic = true};
    return true;
}

/* 至20日, 、9月3日 behind a day: the end of the last one. */
static size_t more_days(const char *s, size_t i)
{
    for (;;) {
        const char *join = any_at(s, i, JOINS);
        if (!join)
            return i;
        size_t at = i + strlen(join), n = digits(s, at);
        if (n == 0 || n > 2)
            return i;
        if (word_at(s, at + n, "月")) {
            at += n + strlen("月");
            n = digits(s, at);
        }
        if (n == 0 || n > 2 || !any_at(s, at + n, DAY))
            return i;
        i = at + n + strlen("日");
    }
}

/* What follows 月 at i: a day, or nothing. */
static bool with_day(const char *s, size_t from, size_t i, int year, int month, struct quantity *q)
{
    size_t n = digits(s, i);
    if (n == 0 || !any_at(s, i + n, DAY))
        return put(q, from, i, month >= 1 && month <= 12);
    int day = number(s, i, n);
    return put(q, from, more_days(s, i + n + strlen("日")), n <= 2 && is_day(year, month, day));
}

static bool damaged_day(const char *s, size_t from, size_t i, size_t n, struct quantity *q)
{
    *q = (struct quantity){.kind = KIND_DAMAGED, .from = from, .to = i + n + strlen("日")};
    q->to = more_days(s, q->to);
    char guess[60];
    guess_day(s, i, n, guess, sizeof guess);
    snprintf(q->hint, sizeof q->hint, "日期缺字%s%s", *guess ? "，可能是" : "", guess);
    return true;
}

/* Behind 2025年 at i. */
static bool after_year(const char *s, size_t from, size_t i, int year, struct quantity *q)
{
    size_t n = digits(s, i);
    if (n >= 1 && n <= 2 && word_at(s, i + n, "月") && !word_at(s, i + n, "月均"))
        return with_day(s, from, i + n + strlen("月"), year, number(s, i, n), q);
    if (n >= 3 && n <= 4 && word_at(s, i + n, "日"))
        return damaged_day(s, from, i, n, q);
    return put(q, from, i, true);
}

/* 2025-4-11, 2025/4/11, 2025.4.11 */
static bool separated(const char *s, size_t i, struct quantity *q)
{
    char sign = s[i + 4];
    size_t month = i + 5, n = digits(s, month);
    if (!sign || !strchr("-/.", sign) || n < 1 || n > 2 || s[month + n] != sign)
        return false;
    size_t day = month + n + 1, m = digits(s, day);
    if (m < 1 || m > 2)
        return false;
    return put(q, i, day + m, is_day(number(s, i, 4), number(s, month, n), number(s, day, m)));
}

static bool read_year(const char *s, size_t i, struct quantity *q)
{
    if (!is_year(number(s, i, 4)))
        return false;
    if (word_at(s, i + 4, "年"))
        return after_year(s, i, i + 4 + strlen("年"), number(s, i, 4), q);
    if (separated(s, i, q))
        return true;
    const char *join = any_at(s, i + 4, JOINS);
    size_t second = i + 4 + (join ? strlen(join) : 0);
    if (join && digits(s, second) == 4 && is_year(number(s, second, 4)))
        return put(q, i, second + 4 + (word_at(s, second + 4, "年") ? strlen("年") : 0), true);
    struct core c;
    bool counts = read_core(s, i, &c) && (c.to > i + 4 || measure_at(s, c.to, true));
    return !counts && number(s, i, 4) >= 1900 && put(q, i, i + 4, true);
}

/* Six to eight digits that begin with a year: 20250411 is a date, 2021128 alone on its line a
 * damaged one. */
static bool read_run(const char *s, size_t i, size_t n, struct quantity *q)
{
    if (!is_year(number(s, i, 4)) || measure_at(s, i + n, true) || s[i + n] == '.')
        return false;
    if (n == 8 && is_day(number(s, i, 4), number(s, i + 4, 2), number(s, i + 6, 2)))
        return put(q, i, i + n, true);
    if (n == 8 || s[i + n] != '\n' || (i > 0 && !strchr("\n:", s[i - 1])))
        return false;
    *q = (struct quantity){.kind = KIND_DAMAGED, .from = i, .to = i + n};
    char guess[50];
    guess_day(s, i + 4, n - 4, guess, sizeof guess);
    snprintf(q->hint, sizeof q->hint, "日期缺字%s%.4s%s%s", *guess ? "，可能是" : "",
             *guess ? s + i : "", *guess ? "年" : "", guess);
    return true;
}

static bool read_month(const char *s, size_t i, size_t n, struct quantity *q)
{
    size_t at = i + n;
    if (s[at] == '-' || s[at] == '~') { /* 1-6月 */
        size_t m = digits(s, at + 1);
        if (m < 1 || m > 2 || !word_at(s, at + 1 + m, "月"))
            return false;
        return put(q, i, at + 1 + m + strlen("月"), number(s, at + 1, m) <= 12);
    }
    if (!word_at(s, at, "月") || word_at(s, at, "月均"))
        return false;
    return with_day(s, i, at + strlen("月"), 0, number(s, i, n), q);
}

/* 13日; 514日 is damaged when a month and a day are in it: 365日 and 45日 are durations. */
static bool read_day(const char *s, size_t i, size_t n, struct quantity *q)
{
    static const char *const others[] = {"日元", "日均", "日产", "日处理", NULL};
    char guess[60];
    if (!word_at(s, i + n, "日") || any_at(s, i + n, others) || n > 4)
        return false;
    if (n <= 2 && number(s, i, n) >= 1 && number(s, i, n) <= 31) {
        put(q, i, more_days(s, i + n + strlen("日")), true);
        q->bare_day = true;
        return true;
    }
    guess_day(s, i, n, guess, sizeof guess);
    return n > 2 && *guess && damaged_day(s, i, i, n, q);
}

/* 二〇二五年四月十一日, 四月, 十一日 */
static bool read_chinese_date(const char *s, size_t i, struct quantity *q)
{
    static const char *const parts[] = {"年", "月", "日", NULL};
    size_t at = i, to = i;
    for (;;) {
        size_t end = numeral_end(s, at);
        const char *part = end > at ? any_at(s, end, parts) : NULL;
        if (!part || (part == parts[0] && end - at != 12))
            break;
        at = to = end + strlen(part);
    }
    return to > i && put(q, i, to, true);
}

bool read_date(const char *s, size_t i, struct quantity *q)
{
    size_t n = digits(s, i);
    if (n == 0)
        return read_chinese_date(s, i, q);
    if (n == 4 && read_year(s, i, q))
        return true;
    if (n >= 6 && n <= 8 && read_run(s, i, n, q))
        return true;
    if (n <= 2 && s[i + n] == ':' && digits(s, i + n + 1) == 2) /* 8:30 */
        return put(q, i, i + n + 3, true);
    if (n <= 2 && (word_at(s, i + n, "时") || word_at(s, i + n, "点钟")))
        return put(q, i, i + n + strlen("时"), true);
    return (n <= 2 && read_month(s, i, n, q)) || read_day(s, i, n, q);
}
