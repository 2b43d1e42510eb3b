/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/plain.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double plain_number(const char *text)
{
    const char *p = text + strspn(text, " \t\r\n"), *start = p;
    int digits = 0, points = 0;
    p += *p == '-';
    for (; (*p >= '0' && *p <= '9') || *p == '.'; p++)
        *p == '.' ? points++ : digits++;
    if (!digits || points > 1 || p[strspn(p, " \t\r\n")])
        return NAN;
    return strtod(start, NULL);
}

/* Digits d.ddd…e±x with the fewest digits that read back as the same double. */
static void shortest(double number, char text[40])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 40, "%.*e", digits - 1, number);
        if (strtod(text, NULL) == number)
            return;
    }
}

/* The digits and the decimal exponent as a plain decimal number. */
static void write_plain(const char *scientific, char text[PLAIN_TEXT])
{
    char digits[40];
    int n = 0, exponent = atoi(strchr(scientific, 'e') + 1);
    bool negative = *scientific == '-';
    for (const char *p = scientific; *p != 'e'; p++)
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    char *out = text;
    if (negative)
        *out++ = '-';
    if (exponent < 0) {
        *out++ = '0';
        *out++ = '.';
        for (int i = -1; i > exponent; i--)
            *out++ = '0';
    }
    for (int i = 0; i < n || i <= exponent; i++) {
        if (i > 0 && i == exponent + 1 && exponent >= 0)
            *out++ = '.';
        *out++ = i < n ? digits[i] : '0';
    }
    *out = '\0';
}

/* snprintf's %ld at a fraction of its cost: texts of numbers are made by the million. */
static const char *whole_text(long number, char text[PLAIN_TEXT])
{
    char *p = text + PLAIN_TEXT - 1;
    unsigned long left = number < 0 ? -(unsigned long)number : (unsigned long)number;
    *p = '\0';
    do
        *--p = (char)('0' + left % 10);
    while (left /= 10);
    if (number < 0)
        *--p = '-';
    return p;
}

/* A number of few decimals: one that is the quotient of a whole number of at most 15 digits and a
 * power of ten reads back as that quotient.  false: it is none. */
static bool decimal_text(double number, char text[PLAIN_TEXT], const char **out)
{
    enum { DECIMALS_MOST = 6 };
    double power = 1, whole = 0;
    int places = 0;
    do {
        power *= 10;
        whole = nearbyint(fabs(number) * power);
        places++;
    } while (places < DECIMALS_MOST && whole / power != fabs(number));
    if (whole >= 1e15 || whole / power != fabs(number))
        return false;
    char *p = text + PLAIN_TEXT - 1;
    unsigned long left = (unsigned long)whole;
    *p = '\0';
    for (; places > 0; places--, left /= 10)
        *--p = (char)('0' + left % 10);
    *--p = '.';
    do
        *--p = (char)('0' + left % 10);
    while (left /= 10);
    if (number < 0)
        *--p = '-';
    *out = p;
    return true;
}

const char *plain_text(double number, char text[PLAIN_TEXT])
{
    if (isnan(number))
        return "NaN";
    if (isinf(number))
        return number > 0 ? "Infinity" : "-Infinity";
    if (number == 0)
        return "0";
    if (fabs(number) < 1e15 && number == (double)(long)number)
        return whole_text((long)number, text);
    const char *decimal;
    if (decimal_text(number, text, &decimal))
        return decimal;
    char scientific[40];
    shortest(number, scientific);
    write_plain(scientific, text);
    return text;
}

/* JavaRosa rounds the shortest decimal form of the number: halves go up for positive and towards
 * zero for negative numbers (round(2.5) = 3, round(-2.5) = -2, round(2.675, 2) = 2.68).  Negative
 * places round left of the point by the same rule. */
double plain_round(double number, int places)
{
    char scientific[40], rounded[64];
    if (!isfinite(number) || number == 0)
        return number;
    if (places > 30 || places < -30)
        return NAN;
    shortest(number, scientific);
    int exponent = atoi(strchr(scientific, 'e') + 1);
    char digits[24] = "0"; /* room for a carry */
    int n = 1;
    for (const char *p = scientific; *p != 'e'; p++)
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    int keep = 2 + exponent + places; /* leading zero and digits up to the last place */
    if (keep >= n)
        return number;
    if (keep < 1)
        return 0;
    bool beyond = digits[keep] > '5';
    for (int i = keep + 1; i < n && digits[keep] == '5'; i++)
        beyond = beyond || digits[i] != '0';
    bool up = beyond || (digits[keep] == '5' && number > 0);
    for (int i = keep - 1; up; i--) {
        up = digits[i] == '9';
        digits[i] = up ? '0' : (char)(digits[i] + 1);
    }
    digits[keep] = '\0';
    snprintf(rounded, sizeof rounded, "%s%se%d", number < 0 ? "-" : "", digits, -places);
    return strtod(rounded, NULL);
}
