/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 15, ROOM = 400 };

/* The decimal digits of |value|, DIGITS of them; *point is how many stand before the point. */
static void digits_of(double value, char digits[DIGITS + 1], int *point)
{
    char text[64];
    snprintf(text, sizeof text, "%.*e", DIGITS - 1, fabs(value));
    digits[0] = text[0];
    memcpy(digits + 1, text + 2, DIGITS - 1);
    digits[DIGITS] = '\0';
    *point = atoi(strchr(text, 'e') + 1) + 1;
}

/* Whether the digits from `keep` on round the ones before them up. */
static bool rounds_up(const char *digits, int keep, int flags)
{
    if (keep < 0 || keep >= DIGITS)
        return false;
    if (digits[keep] != '5')
        return digits[keep] > '5';
    bool tie = strspn(digits + keep + 1, "0") == strlen(digits + keep + 1);
    if (!tie || (flags & DECIMAL_HALF_UP))
        return true;
    return keep > 0 && (digits[keep - 1] - '0') % 2 == 1;
}

/* Adds one to the last of `n` digits; true when a new digit 1 stands in front. */
static bool increment(char *digits, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        if (digits[i] != '9') {
            digits[i]++;
            return false;
        }
        digits[i] = '0';
    }
    memmove(digits + 1, digits, (size_t)n);
    digits[0] = '1';
    return true;
}

/* "-1234.50": rounded, ASCII, no grouping. */
static void rounded_text(double value, int decimals, int flags, char text[ROOM])
{
    char digits[DIGITS + 2];
    int point;
    digits_of(value, digits, &point);
    int keep = point + decimals;
    if (keep >= DIGITS) {
        snprintf(text, ROOM, "%.*f", decimals, value);
        return;
    }
    bool up = rounds_up(digits, keep, flags);
    int n = keep < 0 ? 0 : keep;
    if (up && increment(digits, n))
        point++, n++;
    digits[n] = '\0';
    char *out = text;
    if (value < 0 && strspn(digits, "0") < (size_t)n)
        *out++ = '-';
    for (int i = point > 0 ? 0 : point - 1; i < point + decimals; i++) {
        if (i == point && out > text && decimals > 0)
            *out++ = '.';
        *out++ = i >= 0 && i < n ? digits[i] : '0';
    }
    *out = '\0';
}

static void put_grouped(struct buf *out, const char *text)
{
    size_t whole = strcspn(text, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i && whole > 4 && (whole - i) % 3 == 0)
            buf_putc(out, ',');
        buf_putc(out, text[i]);
    }
    buf_puts(out, text + whole);
}

void decimal_put(struct buf *out, double value, int decimals, int flags)
{
    if (!isfinite(value)) {
        buf_puts(out, flags & DECIMAL_PLAIN ? "" : "—");
        return;
    }
    char text[ROOM];
    rounded_text(value, decimals, flags, text);
    const char *p = text;
    if (*p == '-') {
        buf_puts(out, flags & DECIMAL_PLAIN ? "-" : "−");
        p++;
    }
    if (flags & DECIMAL_GROUP)
        put_grouped(out, p);
    else
        buf_puts(out, p);
}

double decimal_rounded(double value, int decimals, int flags)
{
    if (!isfinite(value))
        return value;
    char text[ROOM];
    rounded_text(value, decimals, flags, text);
    return strtod(text, NULL);
}
