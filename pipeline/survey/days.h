/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates as day numbers: days since 1970-01-01 in the proleptic Gregorian calendar.
 *
 *     double d;
 *     days_from_text("2025-04-11", &d);      // 20189
 *     char text[DATE_TEXT];
 *     days_to_text(20189, text);             // 2025-04-11
 */
#ifndef SURVEY_DAYS_H
#define SURVEY_DAYS_H

#include <stdbool.h>

enum { DATE_TEXT = 16 };

struct civil {
    int year, month, day;
};

/* Whether year 1..9999, month and day make a date that exists. */
bool civil_valid(struct civil c);
long days_from_civil(struct civil c);
struct civil civil_from_days(long days);

/* YYYY-MM-DD, or YYYY-MM-DDThh:mm[:ss[.fff]][Z|+hh:mm] (the clock as written becomes the
 * fraction of the day, the zone is ignored).  False, and *days untouched, for anything else. */
bool days_from_text(const char *text, double *days);

/* YYYY-MM-DD; "" outside the years 1 to 9999. */
void days_to_text(long days, char text[DATE_TEXT]);

#endif
