/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/days.h"

#include <stdio.h>

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool civil_valid(struct civil c)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1)
        return false;
    return c.day <= lengths[c.month - 1] + (c.month == 2 && leap(c.year));
}

/* Years begin in March here, so that the leap day is the last of its year; 400 years have
 * 146097 days, and 719468 days lie between 0000-03-01 and 1970-01-01. */
long days_from_civil(struct civil c)
{
    long y = c.year - (c.month <= 2);
    long era = y / 400, year_of_era = y % 400;
    long day_of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

struct civil civil_from_days(long days)
{
    days += 719468;
    long era = (days >= 0 ? days : days - 146096) / 146097;
    long doe = days - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    struct civil c;
    c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c.year = (int)(yoe + era * 400 + (c.month <= 2));
    return c;
}

/* Exactly n digits at *p; steps over them.  -1 when they are not there. */
static int digits(const char **p, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (**p < '0' || **p > '9')
            return -1;
        value = value * 10 + (*(*p)++ - '0');
    }
    return value;
}

/* The clock after the T as a fraction of the day, -1 when it is not one. */
static double clock_fraction(const char *p)
{
    int hour = digits(&p, 2);
    if (hour < 0 || hour > 24 || *p++ != ':')
        return -1;
    int minute = digits(&p, 2);
    if (minute < 0 || minute > 59)
        return -1;
    double second = 0;
    if (*p == ':') {
        p++;
        int whole = digits(&p, 2);
        if (whole < 0 || whole > 60)
            return -1;
        second = whole;
        if (*p == '.')
            for (double place = 0.1; *++p >= '0' && *p <= '9'; place /= 10)
                second += place * (*p - '0');
    }
    if (*p && *p != 'Z' && *p != '+' && *p != '-')
        return -1;
    return (hour * 3600 + minute * 60 + second) / 86400;
}

bool days_from_text(const char *text, double *days)
{
    const char *p = text;
    struct civil c;
    if ((c.year = digits(&p, 4)) < 0 || *p++ != '-' || (c.month = digits(&p, 2)) < 0 ||
        *p++ != '-' || (c.day = digits(&p, 2)) < 0 || !civil_valid(c))
        return false;
    double fraction = 0;
    if (*p == 'T')
        fraction = clock_fraction(p + 1);
    else if (*p)
        return false;
    if (fraction < 0)
        return false;
    *days = (double)days_from_civil(c) + fraction;
    return true;
}

void days_to_text(long days, char text[DATE_TEXT])
{
    text[0] = '\0';
    if (days < -719162 || days > 2932896) /* 0001-01-01 .. 9999-12-31 */
        return;
    struct civil c = civil_from_days(days);
    snprintf(text, DATE_TEXT, "%04d-%02d-%02d", c.year % 10000, c.month % 100, c.day % 100);
}
