/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "4.11499000000000E+17" -> "4.11499E+17" */
static void trim_mantissa(char *text)
{
    char *e = strchr(text, 'E'), *end = e;
    if (!e)
        return;
    while (end > text && end[-1] == '0')
        end--;
    if (end > text && end[-1] == '.')
        end--;
    memmove(end, e, strlen(e) + 1);
}

const char *number_text(double value, char out[NUMBER_TEXT])
{
    double size = fabs(value);
    if (size < 1e15 && size == floor(size)) {
        snprintf(out, NUMBER_TEXT, "%.0f", size == 0 ? 0 : value); /* no -0 */
        return out;
    }
    if (size < 1e15 && size >= 1e-4) {
        snprintf(out, NUMBER_TEXT, "%.15g", value);
        return out;
    }
    snprintf(out, NUMBER_TEXT, "%.14E", value);
    trim_mantissa(out);
    return out;
}

/* Digits that number_text() would give back as they are: most numbers of a survey. */
static bool is_plain_integer(const char *text, size_t n)
{
    return n > 0 && n <= 15 && (*text != '0' || n == 1) && strspn(text, "0123456789") == n;
}

bool number_append(struct buf *out, const char *text)
{
    char *end, form[NUMBER_TEXT];
    size_t n = strlen(text);
    if (is_plain_integer(text, n)) {
        buf_put(out, text, n);
        return true;
    }
    if (strspn(text, "0123456789+-.eE") != n)
        return false;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value))
        return false;
    buf_puts(out, number_text(value, form));
    return true;
}

/* Civil date of a day number since 1970-01-01 (days_from_civil's inverse, Hinnant 2013). */
static void civil(long day, long *year, int *month, int *date)
{
    long z = day + 719468;
    long era = (z >= 0 ? z : z - 146096) / 146097;
    long doe = z - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    *date = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}

const char *serial_text(double serial, bool date1904, char out[NUMBER_TEXT])
{
    enum { DAYS_1904 = 24107, DAYS_1900 = 25569, LAST = 2958466 }; /* day 0 to 1970-01-01 */
    if (!(serial >= 0 && serial < LAST))
        return NULL;
    long seconds = lround((serial - floor(serial)) * 86400), day = (long)floor(serial);
    if (seconds == 86400) {
        seconds = 0;
        day++;
    }
    int month, date, h = (int)(seconds / 3600), m = (int)(seconds / 60 % 60),
                     s = (int)(seconds % 60);
    long year;
    if (day == 0 && !date1904) {
        snprintf(out, NUMBER_TEXT, "%02d:%02d:%02d", h, m, s);
        return out;
    }
    bool false_day = !date1904 && day == 60;
    civil(date1904 ? day - DAYS_1904 : day - DAYS_1900 + (day < 60), &year, &month, &date);
    int n = false_day ? snprintf(out, NUMBER_TEXT, "1900-02-29")
                      : snprintf(out, NUMBER_TEXT, "%04ld-%02d-%02d", year, month, date);
    if (seconds)
        snprintf(out + n, NUMBER_TEXT - (size_t)n, "T%02d:%02d:%02d", h, m, s);
    return out;
}

/* Date letters outside quotes, escapes and brackets; [h] [m] [s] count. */
static bool code_is_date(const char *code)
{
    for (const char *p = code; *p && *p != ';'; p++) {
        if (*p == '"') {
            p = strchr(p + 1, '"');
            if (!p)
                return false;
        } else if (*p == '\\' || *p == '_' || *p == '*') {
            if (!*++p)
                return false;
        } else if (*p == '[') {
            if (p[1] && strchr("hHmMsS", p[1]) && (p[2] == ']' || p[2] == p[1]))
                return true;
            p = strchr(p, ']');
            if (!p)
                return false;
        } else if (strchr("yYmMdDhHsS", *p)) {
            return true;
        }
    }
    return false;
}

bool format_is_date(int id, const char *code)
{
    if (code)
        return code_is_date(code);
    /* ECMA-376 part 1, 18.8.30: 14-22 and 45-47 everywhere, 27-36 and 50-58 in Chinese. */
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}
