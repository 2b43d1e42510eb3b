/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The macros about tests and scales: \pvalue{name} and \scale{name}.
 */
#include "output/decimal.h"
#include "output/macro_call.h"

#include <math.h>
#include <string.h>

enum { P_DECIMALS = 3, SCALE_DECIMALS = 2 };
static const double P_LEAST = 0.001;

static int find_value(const struct macros *m, const struct call *c, double *value)
{
    const char *sheet = strcmp(c->operation->name, "scale") == 0 ? "scales" : "tests";
    const struct analysis_row *a = results_analysis(m->results, sheet, c->argument);
    if (!a)
        return error_at(c->at, "课题工作簿的 %s 表中没有 %s", sheet, c->argument);
    *value = a->value;
    return 0;
}

/* 0.032, 小于0.001; 0.61 for a scale. */
int op_analysis(struct macros *m, struct buf *out, const struct call *c)
{
    bool scale = strcmp(c->operation->name, "scale") == 0;
    double value = NAN;
    if (find_value(m, c, &value) < 0)
        return -1;
    if (isnan(value))
        return call_withheld(m, c);
    bool small = !scale && value < P_LEAST;
    buf_puts(out, small ? "小于" : "");
    decimal_put(out, small ? P_LEAST : value, scale ? SCALE_DECIMALS : P_DECIMALS,
                m->results->rounding);
    return 0;
}

int analysis_number(const struct macros *m, const struct call *c, double *value)
{
    return find_value(m, c, value);
}
