/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csvout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void csv_begin(struct csvout *out, FILE *stream)
{
    *out = (struct csvout){.stream = stream};
    fputs("\xEF\xBB\xBF", stream);
}

void csv_field(struct csvout *out, const char *text)
{
    if (out->in_row)
        fputc(',', out->stream);
    out->in_row = true;
    if (!text)
        return;
    if (!strpbrk(text, ",\"\n\r")) {
        fputs(text, out->stream);
        return;
    }
    fputc('"', out->stream);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out->stream);
        fputc(*text, out->stream);
    }
    fputc('"', out->stream);
}

void csv_number(struct csvout *out, double value)
{
    if (isnan(value)) {
        csv_field(out, NULL);
        return;
    }
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value)
        snprintf(text, sizeof text, "%.17g", value);
    csv_field(out, text);
}

void csv_long(struct csvout *out, long value)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", value);
    csv_field(out, text);
}

void csv_end(struct csvout *out)
{
    fputc('\n', out->stream);
    out->in_row = false;
}
