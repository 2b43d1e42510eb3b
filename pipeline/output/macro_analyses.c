/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The macros about tests and scales: \pvalue{name}, \tested{name} and \scale{name}.
 */
#include "output/decimal.h"
#include "output/macro_call.h"

#include <math.h>
#include <string.h>

enum { P_DECIMALS = 3, SCALE_DECIMALS = 2 };
static const double P_LEAST = 0.001;

static const struct analysis_row *find_analysis(const struct macros *m, const struct call *c)
{
    const char *sheet = strcmp(c->operation->name, "scale") == 0 ? "scales" : "tests";
    const struct analysis_row *a = results_analysis(m->results, sheet, c->argument);
    if (!a)
        error_at(c->at, "课题工作簿的 %s 表中没有 %s", sheet, c->argument);
    return a;
}

static void put_p(struct macros *m, struct buf *out, double p)
{
    buf_puts(out, p < P_LEAST ? "小于" : "");
    decimal_put(out, p < P_LEAST ? P_LEAST : p, P_DECIMALS, m->results->rounding);
}

/* 0.032, 小于0.001; 0.61 for a scale. */
int op_analysis(struct macros *m, struct buf *out, const struct call *c)
{
    const struct analysis_row *a = find_analysis(m, c);
    if (!a)
        return -1;
    if (isnan(a->value))
        return call_withheld(m, c);
    if (strcmp(c->operation->name, "scale") == 0)
        decimal_put(out, a->value, SCALE_DECIMALS, m->results->rounding);
    else
        put_p(m, out, a->value);
    return 0;
}

/* 差异显著（P值0.032）, 没有发现显著关联（P值0.350） */
int op_tested(struct macros *m, struct buf *out, const struct call *c)
{
    const struct analysis_row *a = find_analysis(m, c);
    if (!a)
        return -1;
    if (isnan(a->value))
        return call_withheld(m, c);
    bool found = a->value < significance(m->results->topic);
    if (a->association)
        buf_puts(out, found ? "有显著关联" : "没有发现显著关联");
    else
        buf_puts(out, found ? "差异显著" : "差异不显著");
    buf_puts(out, "（P值");
    put_p(m, out, a->value);
    buf_puts(out, "）");
    return 0;
}

int analysis_number(const struct macros *m, const struct call *c, double *value)
{
    const struct analysis_row *a = find_analysis(m, c);
    *value = a ? a->value : NAN;
    return a ? 0 : -1;
}
