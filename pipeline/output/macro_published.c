/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The macros about what a source prints.
 */
#include "output/comparison.h"
#include "output/latex.h"
#include "output/macro_call.h"

#include <math.h>

static const struct published *find_published(const struct macros *m, const struct call *c)
{
    const struct published *p = topic_published(m->results->topic, c->argument);
    if (!p)
        error_at(c->at, "课题工作簿的 published 表中没有 %s", c->argument);
    return p;
}

int op_published(struct macros *m, struct buf *out, const struct call *c)
{
    const struct published *p = find_published(m, c);
    if (!p)
        return -1;
    latex_text(out, p->text);
    return 0;
}

int published_number(const struct macros *m, const struct call *c, double *value)
{
    const struct published *p = find_published(m, c);
    *value = p ? p->value : NAN;
    return p ? 0 : -1;
}

/* 男生占比（原文41.2%，按资料算41.8%）、…; 没有 when all agree. */
int op_differences(struct macros *m, struct buf *out, const struct call *c)
{
    const struct results *r = m->results;
    (void)c;
    struct buf text = {0};
    for (int i = 0; i < r->topic->published_count; i++) {
        const struct published *p = &r->topic->published[i];
        if (published_compare(r, p) != DIFFERS)
            continue;
        if (text.len)
            buf_puts(&text, "、");
        published_label(&text, r->topic, p);
        buf_printf(&text, "（原文%s，按资料算", p->text);
        stat_put(&text, r, p->indicator, published_estimate(r, p), PRINT_VALUE, PRINT_UNIT);
        buf_puts(&text, "）");
    }
    latex_text(out, text.len ? text.text : "没有");
    buf_free(&text);
    return 0;
}
