/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/datetext.h"

#include "survey/halftext.h"
#include "review/numeral.h"
#include "review/repair.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Up to `most` digits at *p, at least `least`; -1 when there are fewer or more. */
static int digits_at(const char **p, int least, int most)
{
    int n = (int)strspn(*p, "0123456789"), value = 0;
    if (n < least || n > most)
        return -1;
    for (int i = 0; i < n; i++)
        value = value * 10 + (*(*p)++ - '0');
    return value;
}

static bool skip(const char **p, const char *word)
{
    if (!starts_with(*p, word))
        return false;
    *p += strlen(word);
    return true;
}

/* 2025-4-11, 2025/4/11, 2025.4.11: one separator for both. */
static bool separated(const char *p, struct civil *c)
{
    c->year = digits_at(&p, 4, 4);
    char separator = *p;
    if (c->year < 0 || !separator || !strchr("-/.", separator))
        return false;
    p++;
    c->month = digits_at(&p, 1, 2);
    if (c->month < 0 || *p++ != separator)
        return false;
    c->day = digits_at(&p, 1, 2);
    return c->day >= 0 && !*p;
}

/* 2025年4月11日, 2025年4月11号, 2025年4月11 */
static bool with_words(const char *p, struct civil *c)
{
    c->year = digits_at(&p, 4, 4);
    if (c->year < 0 || !skip(&p, "年"))
        return false;
    c->month = digits_at(&p, 1, 2);
    if (c->month < 0 || !skip(&p, "月"))
        return false;
    c->day = digits_at(&p, 1, 2);
    if (c->day < 0)
        return false;
    if (!skip(&p, "日"))
        skip(&p, "号");
    return !*p;
}

static bool eight_digits(const char *p, struct civil *c)
{
    if (strlen(p) != 8 || strspn(p, "0123456789") != 8)
        return false;
    int all = atoi(p);
    *c = (struct civil){all / 10000, all / 100 % 100, all % 100};
    return true;
}

/* The Chinese numeral between p and the word `end`, as Arabic digits into out. */
static const char *numeral_before(const char *p, const char *end, struct buf *out)
{
    const char *stop = strstr(p, end);
    bool scaled;
    if (!stop)
        return NULL;
    char *part = strndup(p, (size_t)(stop - p));
    bool ok = numeral_read(part, out, &scaled);
    free(part);
    return ok ? stop + strlen(end) : NULL;
}

/* 二〇二五年四月十一日 */
static bool in_numerals(const char *p, struct civil *c)
{
    static const char *const ends[] = {"年", "月", "日"};
    struct buf digits = {0}, whole = {0};
    for (int i = 0; i < 3 && p; i++) {
        p = numeral_before(p, ends[i], &digits);
        buf_printf(&whole, "%s%s", buf_text(&digits), ends[i]);
    }
    bool ok = p && !*p && with_words(whole.text, c);
    buf_free(&digits);
    buf_free(&whole);
    return ok;
}

static bool serial(const char *text, const struct rules *rules, struct civil *c)
{
    char *end;
    double n = strtod(text, &end);
    if (!isdigit((unsigned char)*text) || *end || strspn(text, "0123456789.") != strlen(text) ||
        n < rules->serial_from || n > rules->serial_to || rules->serial_to <= 0)
        return false;
    *c = civil_from_days((long)n - 25569); /* 1970-01-01 is serial 25569 of the 1900 system */
    return true;
}

/* Cuts a clock off: "2025-05-20 10:23:00", "2025-05-20T10:23:00.000+08:00". */
static void cut_clock(struct buf *b)
{
    char *p = strpbrk(b->text, " T");
    if (p && strchr(p, ':') && strspn(p + 1, "0123456789:.+-Z ") == strlen(p + 1)) {
        *p = '\0';
        b->len = (size_t)(p - b->text);
    }
}

bool datetext_read(const char *text, const struct rules *rules, char out[DATE_TEXT],
                   unsigned *repairs)
{
    struct buf half = {0};
    struct civil c = {0};
    *repairs |= half_text(&half, text) ? REPAIR_FULLWIDTH : 0;
    bool ok = half.len > 0 && half.len < 64;
    if (ok) {
        bool plain = half.len == 10 && separated(half.text, &c) && half.text[4] == '-';
        cut_clock(&half);
        remove_char(&half, ' ');
        ok = plain || separated(half.text, &c) || with_words(half.text, &c) ||
             eight_digits(half.text, &c) || in_numerals(half.text, &c) ||
             serial(half.text, rules, &c);
        *repairs |= plain ? 0 : REPAIR_DATE_FORMAT;
    }
    buf_free(&half);
    if (!ok || !civil_valid(c))
        return false;
    days_to_text(days_from_civil(c), out);
    return true;
}
