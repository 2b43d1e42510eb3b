/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/form_private.h"

#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- key=value ------------------------------------------------------------------------------ */

static const char *skip_gaps(const char *p)
{
    return p + strspn(p, " \t\r\n,;");
}

/* Copies a word, lower-cased when `lower`; returns what follows, NULL when it is empty or long. */
static const char *take_word(const char *p, char *out, size_t size, bool lower)
{
    size_t n = strcspn(p, " \t\r\n=,;");
    if (n == 0 || n >= size)
        return NULL;
    for (size_t i = 0; i < n; i++)
        out[i] = (char)(lower ? tolower((unsigned char)p[i]) : p[i]);
    out[n] = '\0';
    return p + n;
}

int parameters_read(const char *text, struct parameter *out, int most)
{
    int count = 0;
    for (const char *p = skip_gaps(text); *p; p = skip_gaps(p)) {
        if (count == most)
            return -1;
        struct parameter *one = &out[count++];
        p = take_word(p, one->key, sizeof one->key, true);
        if (!p || *(p = skip_gaps(p)) != '=')
            return -1;
        bool file_column = !strcmp(one->key, "label") || !strcmp(one->key, "value");
        p = take_word(skip_gaps(p + 1), one->value, sizeof one->value, !file_column);
        if (!p)
            return -1;
    }
    return count;
}

const char *parameter_get(const struct parameter *parameters, int count, const char *key)
{
    for (int i = count - 1; i >= 0; i--)
        if (strcmp(parameters[i].key, key) == 0)
            return parameters[i].value;
    return NULL;
}

/* ---- range ---------------------------------------------------------------------------------- */

static bool read_decimal(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && isfinite(*out);
}

/* A value given or the default; false when it is no number. */
static bool range_value(const struct parameter *p, int count, const char *key,
                        const char *otherwise, double *out)
{
    const char *text = parameter_get(p, count, key);
    return read_decimal(text ? text : otherwise, out);
}

const char *range_read(const char *text, struct range *r)
{
    struct parameter p[PARAMETERS_MOST];
    int n = parameters_read(text, p, PARAMETERS_MOST);
    if (n < 0)
        return "应写成 名字=值，用空格隔开，如 start=0 end=10 step=1";
    double optional[2];
    static const char *const more[] = {"tick_interval", "placeholder"};
    bool numbers = range_value(p, n, "start", "1", &r->start) &&
                   range_value(p, n, "end", "10", &r->end) &&
                   range_value(p, n, "step", "1", &r->step);
    for (int i = 0; i < 2; i++)
        numbers = range_value(p, n, more[i], "0", &optional[i]) && numbers;
    if (!numbers)
        return "start、end、step 应是数";
    if (r->step == 0 || fabs(r->step) > fabs(r->end - r->start))
        return "step 应大于0，且不超过 start 与 end 之差";
    r->whole = r->start == floor(r->start) && r->end == floor(r->end) &&
               r->step == floor(r->step) && optional[0] == floor(optional[0]) &&
               optional[1] == floor(optional[1]);
    r->low = fmin(r->start, r->end);
    r->high = fmax(r->start, r->end);
    return NULL;
}
