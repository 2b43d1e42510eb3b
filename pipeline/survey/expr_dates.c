/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Functions of XLSForm for dates.
 */
#include "survey/expr_call.h"

#include "base/text.h"
#include "survey/days.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- dates ---------------------------------------------------------------------------------- */

/* A date or a day number as days; NaN for anything else. */
static double take_days(call c)
{
    xmlXPathObjectPtr o = pop_plain(c);
    double days = object_number(o);
    if (o && o->type == XPATH_STRING && !days_from_text((const char *)o->stringval, &days))
        days = plain_number((const char *)o->stringval);
    xmlXPathFreeObject(o);
    return days;
}

static void give_date(call c, double days)
{
    char text[DATE_TEXT] = "";
    if (fabs(days) < 1e7)
        days_to_text((long)floor(days), text);
    give_text(c, text);
}

static void f_date(call c, int n)
{
    (void)n;
    give_date(c, take_days(c));
}

static void f_date_days(call c, int n)
{
    (void)n;
    give_number(c, floor(take_days(c)));
}

static void f_date_time_days(call c, int n)
{
    (void)n;
    give_number(c, take_days(c));
}

static void f_date_time(call c, int n)
{
    (void)n;
    double days = take_days(c);
    char date[DATE_TEXT] = "", text[48] = "";
    if (fabs(days) < 1e7)
        days_to_text((long)floor(days), date);
    if (*date) {
        int second = (int)((days - floor(days)) * 86400 + 0.5);
        second = second > 86399 ? 86399 : second;
        snprintf(text, sizeof text, "%sT%02d:%02d:%02d", date, second / 3600, second / 60 % 60,
                 second % 60);
    }
    give_text(c, text);
}

/* Now, as days; midnight of the set day when expr_set_today() set one. */
static double now_days(call c)
{
    double days;
    if (days_from_text(engine_of(c)->today, &days))
        return days;
    time_t now = time(NULL);
    struct tm tm;
    localtime_r(&now, &tm);
    struct civil day = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
    return (double)days_from_civil(day) +
           (tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) / 86400.0;
}

static void f_today(call c, int n)
{
    (void)n;
    give_date(c, now_days(c));
}

static void f_today_days(call c, int n)
{
    (void)n;
    give_number(c, floor(now_days(c)));
}

static void f_now(call c, int n)
{
    give_number(c, now_days(c));
    f_date_time(c, n);
}

static void f_now_days(call c, int n)
{
    (void)n;
    give_number(c, now_days(c));
}

static void f_decimal_time(call c, int n)
{
    (void)n;
    double days = take_days(c);
    give_number(c, days - floor(days));
}

/* One escape of format-date(); false when there is no such. */
static bool put_date_part(struct buf *out, char letter, struct civil day, int second)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char week[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
    long days = days_from_civil(day);
    switch (letter) {
    case 'Y':
        buf_printf(out, "%04d", day.year);
        return true;
    case 'y':
        buf_printf(out, "%02d", day.year % 100);
        return true;
    case 'm':
        buf_printf(out, "%02d", day.month);
        return true;
    case 'n':
        buf_printf(out, "%d", day.month);
        return true;
    case 'b':
        buf_put(out, months + 3 * (day.month - 1), 3);
        return true;
    case 'd':
        buf_printf(out, "%02d", day.day);
        return true;
    case 'e':
        buf_printf(out, "%d", day.day);
        return true;
    case 'a':
        buf_put(out, week + 3 * ((days % 7 + 7) % 7), 3);
        return true;
    case 'H':
        buf_printf(out, "%02d", second / 3600);
        return true;
    case 'h':
        buf_printf(out, "%d", second / 3600);
        return true;
    case 'M':
        buf_printf(out, "%02d", second / 60 % 60);
        return true;
    case 'S':
        buf_printf(out, "%02d", second % 60);
        return true;
    case '3':
        buf_puts(out, "000");
        return true;
    default:
        return false;
    }
}

static void f_format_date(call c, int n)
{
    (void)n;
    struct taken format;
    take_text(c, &format);
    double days = take_days(c);
    struct buf out = {0};
    bool known = true, exists = fabs(days) < 719000;
    struct civil day = civil_from_days(exists ? (long)floor(days) : 0);
    int second = exists ? (int)((days - floor(days)) * 86400 + 0.5) : 0;
    for (const char *p = taken_text(&format); *p && known && exists; p++) {
        if (*p != '%')
            buf_putc(&out, *p);
        else if (*++p == '%')
            buf_putc(&out, '%');
        else
            known = *p && put_date_part(&out, *p, day, second);
        if (!*p)
            break;
    }
    if (known)
        give_text(c, buf_text(&out));
    else
        give_up(c, "日期格式里有不认识的 % 记号，可用 %Y %y %m %n %d %e %H %h %M %S");
    buf_free(&out);
    taken_free(&format);
}

const struct function DATE_FUNCTIONS[] = {
    {"date", 1, 1, "t", 'd', f_date, f_date_days},
    {"date-time", 1, 1, "t", 'd', f_date_time, f_date_time_days},
    {"decimal-date-time", 1, 1, "t", 'n', f_date_time_days, NULL},
    {"decimal-time", 1, 1, "t", 'n', f_decimal_time, NULL},
    {"format-date", 2, 2, "t", 't', f_format_date, NULL},
    {"format-date-time", 2, 2, "t", 't', f_format_date, NULL},
    {"now", 0, 0, "", 'd', f_now, f_now_days},
    {"today", 0, 0, "", 'd', f_today, f_today_days},
    {0},
};
