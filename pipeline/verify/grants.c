/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Money that came in and went out, and sums that the draft leaves to the reader.
 *
 *   争取…奖学金20万元 … 共发放奖学金19.8万元     the same noun before two amounts of a paragraph,
 *       with a word of receiving and a word of giving: less given is a remainder to be explained,
 *       more given is doubtful.  Below four fifths it is a part, and nothing is said.
 *   A投资80万元 … B投资3028万元 … C投资1449万元   three amounts or more of a paragraph with the
 *       same verb and different givers: their sum is offered, as a sum of what is printed and
 *       not as a total, for one giver's money may hold another's.
 */
#include "verify/check.h"

#include <math.h>
#include <string.h>

enum { BACK_MOST = 200, NOUN_LEAST = 2, NOUN_MOST = 6 };

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

static bool is_amount(const struct quantity *q)
{
    return q->dim == DIM_MONEY && (q->kind == KIND_EXACT || q->kind == KIND_ROUNDED) &&
           q->value > 0;
}

/* ---- received and given -------------------------------------------------------------------- */

static const char *const RECEIVED[] = {"争取", "获得", "筹集", "募集", "收到", "到位", "下达",
                                       "安排", "拨付", "接受", "筹款", "募捐", NULL};
static const char *const GIVEN[] = {"发放", "支出", "支付", "使用", "用于", "兑付", "拨出", NULL};

/* The noun of the amount, without words like 总额 between. */
static struct extent money_noun(const char *s, const struct quantity *q)
{
    static const char *const between[] = {"总额", "总计", "合计", "共计", "共", "资金总额", NULL};
    size_t to = q->from;
    const char *word;
    while ((word = any_before(s, to, between)))
        to -= strlen(word);
    struct extent e = han_before(s, to, NOUN_MOST);
    return e.from < q->clause ? (struct extent){q->clause, to} : e;
}

/* Characters that the two nouns have in common at their ends. */
static int common_end(const char *s, struct extent a, struct extent b)
{
    int n = 0;
    while (a.to > a.from && b.to > b.from && sign_before(s, a.to) == sign_before(s, b.to)) {
        a.to = step_back(s, a.to);
        b.to = step_back(s, b.to);
        n++;
    }
    return n;
}

static bool has_any(const struct check *c, struct extent e, const char *const *words)
{
    size_t at;
    return any_in(c->s, e, words, &at) != NULL;
}

static void judge_grant(struct check *c, int in, int out)
{
    const struct quantity *a = item(c, in), *b = item(c, out);
    double rest = a->value - b->value;
    if (overlap(at_its_word(a), at_its_word(b))) {
        found(c, AGREES, b->from, b->to, "与前面的%s一致", words_of(c, in));
    } else if (rest > 0 && b->value >= 0.8 * a->value) {
        found(c, DOUBT, b->from, b->to, "前面说%s，这里用去%s，余下的%s没有交代", words_of(c, in),
              words_of(c, out), value_like(c, rest, a));
    } else if (rest < 0 && a->value >= 0.8 * b->value) {
        found(c, DOUBT, b->from, b->to, "前面只有%s，这里用去%s，多出的%s没有交代", words_of(c, in),
              words_of(c, out), value_like(c, -rest, a));
    } else {
        return;
    }
    cover(c, in);
    cover(c, out);
}

/* The nearest amount received before `out` in its paragraph under the same noun; -1. */
static int received_before(const struct check *c, int out)
{
    const struct quantity *b = item(c, out);
    struct extent noun = money_noun(c->s, b);
    for (int i = out - 1; i >= 0 && i > out - BACK_MOST; i--) {
        const struct quantity *a = item(c, i);
        if (a->paragraph != b->paragraph)
            return -1;
        if (is_amount(a) && has_any(c, label_of(a), RECEIVED) && !has_any(c, label_of(a), GIVEN) &&
            common_end(c->s, money_noun(c->s, a), noun) >= NOUN_LEAST)
            return i;
    }
    return -1;
}

void rule_grants(struct check *c)
{
    static const char *const each[] = {"每", "均", "其中", NULL};
    for (int i = 0; i < c->qs.count; i++) {
        const struct quantity *q = item(c, i);
        if (!is_amount(q) || !has_any(c, label_of(q), GIVEN) || has_any(c, label_of(q), each))
            continue;
        int in = received_before(c, i);
        if (in >= 0)
            judge_grant(c, in, i);
    }
}

/* ---- sums to offer ------------------------------------------------------------------------- */

static const char *const VERBS[] = {"投资", "投入",     "拨付", "捐款", "捐资", "筹资",
                                    "筹措", "争取资金", "出资", "补助", NULL};

/* The verb just before the amount, when somebody is named before it in the clause. */
static const char *verb_of(const struct check *c, const struct quantity *q)
{
    const char *verb = is_amount(q) ? any_before(c->s, q->from, VERBS) : NULL;
    return verb && q->from - strlen(verb) >= q->clause + 6 ? verb : NULL;
}

struct sum {
    const char *verb;
    int terms, first, last;
    double value;
};

static bool printed_in_paragraph(const struct check *c, size_t paragraph, double value)
{
    for (int i = quantity_at(c, paragraph); i < c->qs.count && item(c, i)->paragraph == paragraph;
         i++)
        if (is_amount(item(c, i)) && fabs(item(c, i)->value - value) <= item(c, i)->half + 1e-6)
            return true;
    return false;
}

static void offer(struct check *c, const struct sum *sum)
{
    const struct quantity *first = item(c, sum->first), *last = item(c, sum->last);
    if (sum->terms < 3 || printed_in_paragraph(c, first->paragraph, sum->value))
        return;
    found(c, OFFER, first->from - strlen(sum->verb), last->to,
          "本段%d处“%s…”相加是%s，原文没有印合计。各单位口径可能重叠（一笔钱由几家分别"
          "上报），这个数不能当作总数引用",
          sum->terms, sum->verb, value_like(c, sum->value, first));
}

void rule_offers(struct check *c)
{
    for (const char *const *verb = VERBS; *verb; verb++) {
        struct sum sum = {.verb = *verb};
        for (int i = 0; i <= c->qs.count; i++) {
            bool ends = i == c->qs.count ||
                        (sum.terms && item(c, i)->paragraph != item(c, sum.first)->paragraph);
            if (ends) {
                offer(c, &sum);
                sum = (struct sum){.verb = *verb};
            }
            if (i == c->qs.count || verb_of(c, item(c, i)) != *verb)
                continue;
            if (sum.terms++ == 0)
                sum.first = i;
            sum.last = i;
            sum.value += item(c, i)->value;
        }
    }
}
