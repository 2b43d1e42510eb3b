/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ALL, PART, 录取率 P%: a rate behind the two counts that make it.
 *
 *   参加高考的326人，被录取的318人，录取率97.5%
 *
 * The sentence must hold just these two counts before the rate, the second not above the first.
 * What they are counts of is the reader's to know, so a rate that they do not make is doubtful,
 * not wrong.  Rates of change and of interest (增长率, 利率) are none.
 */
#include "verify/check.h"

#include <string.h>

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

static bool is_rate(const struct check *c, const struct quantity *q)
{
    static const char *const others[] = {"增长率", "下降率", "增速率", "利率", "税率",
                                         "费率",   "汇率",   "自然率", NULL};
    return is_number(q) && q->dim == DIM_PERCENT && word_before(c->s, q->from, "率") &&
           !any_before(c->s, q->from, others);
}

static bool is_plain_count(const struct quantity *q)
{
    return q->kind == KIND_EXACT && q->value > 0 &&
           (q->dim == DIM_PERSON || q->dim == DIM_HOUSEHOLD || q->dim == DIM_THING);
}

/* The only two numbers of the sentence before the rate, if they are counts. */
static bool read_counts(const struct check *c, int rate, int *all, int *part)
{
    size_t sentence = item(c, rate)->sentence;
    int first = quantity_at(c, sentence), n = 0, found[2];
    for (int i = first; i < rate; i++) {
        if (item(c, i)->sentence != sentence || item(c, i)->kind == KIND_ORDINAL)
            continue;
        if (n == 2 || !is_plain_count(item(c, i)))
            return false;
        found[n++] = i;
    }
    if (n < 2 || item(c, found[1])->value > item(c, found[0])->value)
        return false;
    *all = found[0];
    *part = found[1];
    return true;
}

static struct interval per_cent(struct interval i)
{
    return (struct interval){100 * i.low, 100 * i.high};
}

void rule_rates(struct check *c)
{
    for (int i = 0; i < c->qs.count; i++) {
        int all, part;
        if (!is_rate(c, item(c, i)) || !read_counts(c, i, &all, &part))
            continue;
        const struct quantity *a = item(c, all), *b = item(c, part), *q = item(c, i);
        enum verdict v = compare(q, per_cent(quotient(at_its_word(b), at_its_word(a))),
                                 per_cent(quotient(if_rounded(b), if_rounded(a))));
        double right = 100 * b->value / a->value;
        cover(c, all);
        cover(c, part);
        cover(c, i);
        found(c, v == AGREES ? AGREES : DOUBT, a->from, q->to, "%s÷%s＝%s%%%s", words_of(c, part),
              words_of(c, all), plain(c, right, 2), v == AGREES ? "" : "，与文中的率不同，请核对");
    }
}
