/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/comparison.h"

#include "output/decimal.h"

#include <math.h>
#include <string.h>

const struct stat_row *published_estimate(const struct results *r, const struct published *p)
{
    return p->indicator ? results_find(r, p->indicator->name, p->level, p->domain) : NULL;
}

enum agreement published_compare(const struct results *r, const struct published *p)
{
    const struct stat_row *e = published_estimate(r, p);
    if (p->state == PUBLISHED_FUZZY)
        return FUZZY;
    if (p->state == PUBLISHED_DAMAGED)
        return DAMAGED;
    if (!e || !stat_shown(e) || !isfinite(e->value))
        return NOT_COVERED;
    if (r->simulated)
        return REHEARSED;
    double ours = decimal_rounded(e->value * p->indicator->scale, p->decimals, r->rounding);
    return ours == p->value ? AGREES : DIFFERS;
}

const char *agreement_word(enum agreement a)
{
    static const char *const WORDS[] = {"一致",         "不一致",   "约数，不作数",
                                        "残损，待核实", "没有资料", "模拟数，不对照"};
    return WORDS[a];
}

void published_label(struct buf *out, const struct topic *t, const struct published *p)
{
    if (*p->label || !p->indicator) {
        buf_puts(out, *p->label ? p->label : p->id);
        return;
    }
    if (strcmp(p->level, "all") != 0)
        buf_printf(out, "%s：", domain_label(t, p->level, p->domain));
    buf_puts(out, p->indicator->label);
}

int published_count(const struct results *r, enum agreement a)
{
    int n = 0;
    for (int i = 0; i < r->topic->published_count; i++)
        n += published_compare(r, &r->topic->published[i]) == a;
    return n;
}
