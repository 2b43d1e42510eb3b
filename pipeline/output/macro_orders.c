/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The macros about the order of domains or answers: \max, \min, \maxest, \minest, \top, \distinct,
 * \rank.
 */
#include "output/latex.h"
#include "output/macro_call.h"

#include <stdlib.h>
#include <string.h>

struct ranked {
    const char *label, *domain;
    const struct indicator *ind;
    const struct stat_row *e;
    double value; /* as printed */
    int pos;      /* order before sorting, for ties */
};

static int by_value_down(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return x->pos - y->pos;
}

static int rank_domain(struct macros *m, const struct indicator *ind, const char *by,
                       struct ranked **items)
{
    struct setting *values;
    int n = 0, count = results_domain_values(m->results, by, &ind->name, 1, &values);
    *items = must_alloc((size_t)(count + 1) * sizeof **items);
    for (int i = 0; i < count; i++) {
        const struct stat_row *e = results_find(m->results, ind->name, by, values[i].name);
        if (!stat_shown(e))
            continue;
        (*items)[n] = (struct ranked){
            values[i].value, values[i].name, ind, e, stat_printed(m->results, ind, e), n};
        n++;
    }
    qsort(*items, (size_t)n, sizeof **items, by_value_down);
    return n;
}

static int rank_categories(struct macros *m, const char *group, struct ranked **items)
{
    const struct topic *t = m->results->topic;
    int n = 0;
    *items = must_alloc((size_t)(t->indicator_count + 1) * sizeof **items);
    for (int i = 0; i < t->indicator_count; i++) {
        const struct indicator *ind = &t->indicators[i];
        const struct stat_row *e = results_find(m->results, ind->name, "all", "all");
        if (strcmp(ind->group, group) != 0 || !stat_shown(e))
            continue;
        (*items)[n] =
            (struct ranked){ind->label, "all", ind, e, stat_printed(m->results, ind, e), n};
        n++;
    }
    qsort(*items, (size_t)n, sizeof **items, by_value_down);
    return n;
}

static int rank_call(struct macros *m, const struct call *c, const struct choice_of *o,
                     struct ranked **items)
{
    *items = NULL;
    if (!*o->by)
        return error_at(c->at, "要在方括号内写明分组，如 [county]");
    int n;
    if (strcmp(o->by, "categories") == 0) {
        n = rank_categories(m, c->argument, items);
    } else {
        const struct indicator *ind = call_indicator(m, c);
        if (!ind || call_comparable(m, c, ind) < 0)
            return -1;
        n = rank_domain(m, ind, o->by, items);
    }
    if (n > 0)
        return n;
    free(*items);
    *items = NULL;
    m->withheld++;
    return m->lenient ? -1 : error_at(c->at, "没有可以公布、可以比较的数据");
}

/* \max \min: the names; \maxest \minest: the value. */
int op_extreme(struct macros *m, struct buf *out, const struct call *c)
{
    struct choice_of o;
    struct ranked *items;
    if (call_options(m, c, 0, &o) < 0)
        return -1;
    int n = rank_call(m, c, &o, &items);
    if (n < 0)
        return -1;
    double extreme = items[starts_with(c->operation->name, "max") ? 0 : n - 1].value;
    struct buf text = {0};
    for (int i = 0; i < n; i++) {
        if (items[i].value != extreme)
            continue;
        if (ends_with(c->operation->name, "est")) {
            if (call_figure(m, &text, items[i].ind, items[i].e, PRINT_VALUE, &o))
                call_remark(&text, out);
            break;
        }
        if (text.len)
            buf_puts(&text, "、");
        buf_puts(&text, items[i].label);
    }
    call_link(m, out, items[0].ind->name, buf_text(&text));
    buf_free(&text);
    free(items);
    return 0;
}

/* 新县（45.3%）, or 江苏、上海与新疆（均为3县） of `ties` equal ones. */
static void put_place(struct macros *m, struct buf *out, const struct ranked *items, int ties,
                      const struct choice_of *o)
{
    struct buf text = {0};
    buf_puts(&text, ties > 1 ? "均为" : "");
    bool doubtful = call_figure(m, &text, items->ind, items->e, PRINT_VALUE, o);
    if (!o->plain && !unit_is_percent(items->ind))
        buf_puts(&text, items->ind->unit);
    for (int i = 0; i < ties; i++) {
        buf_puts(out, i == 0 ? "" : i == ties - 1 ? "与" : "、");
        latex_text(out, items[i].label);
    }
    buf_puts(out, "（");
    if (doubtful)
        call_remark(&text, out);
    call_link(m, out, items->ind->name, text.text);
    buf_puts(out, "）");
    buf_free(&text);
}

int op_top(struct macros *m, struct buf *out, const struct call *c)
{
    struct choice_of o;
    struct ranked *items;
    if (call_options(m, c, 0, &o) < 0)
        return -1;
    int n = rank_call(m, c, &o, &items);
    if (n < 0)
        return -1;
    for (int i = 0, ties; i < n && (o.top == 0 || i < o.top); i += ties) {
        for (ties = 1; i + ties < n && items[i + ties].value == items[i].value; ties++)
            ;
        buf_puts(out, i ? "、" : "");
        put_place(m, out, items + i, ties, &o);
    }
    free(items);
    return 0;
}

/* \distinct: how many values or categories are not 0. */
int op_distinct(struct macros *m, struct buf *out, const struct call *c)
{
    struct choice_of o;
    struct ranked *items;
    int distinct = 0;
    if (call_options(m, c, 0, &o) < 0)
        return -1;
    if (!*o.by)
        o.by = "categories";
    int n = rank_call(m, c, &o, &items);
    if (n < 0)
        return -1;
    for (int i = 0; i < n; i++)
        distinct += items[i].value != 0;
    buf_printf(out, "%d", distinct);
    free(items);
    return 0;
}

int op_rank(struct macros *m, struct buf *out, const struct call *c)
{
    struct choice_of o;
    const struct indicator *ind = call_indicator(m, c);
    if (!ind || call_options(m, c, 0, &o) < 0 || call_comparable(m, c, ind) < 0)
        return -1;
    if (strcmp(o.level, "all") == 0)
        return error_at(c->at, "要在方括号内写明是哪一个，如 [county=411523]");
    const struct stat_row *e = call_estimate(m, c, ind, &o);
    if (!e)
        return -1;
    if (!stat_shown(e))
        return call_withheld(m, c);
    struct ranked *items;
    int n = rank_domain(m, ind, o.level, &items), better = 0;
    double own = stat_printed(m->results, ind, e);
    for (int i = 0; i < n; i++)
        better += strcmp(ind->better, "low") == 0 ? items[i].value < own : items[i].value > own;
    buf_printf(out, "%d", better + 1);
    free(items);
    return 0;
}
