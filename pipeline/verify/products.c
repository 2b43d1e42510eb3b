/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What each one gets, how many they are, and the whole:
 *
 *   66名学生, 每生3000元, 共发放19.8万元          a rate: count x rate = whole
 *   4614户13044人, 户均2.83人                     an average: whole / count = average
 *
 * The word behind 每 (or before 均) says what is counted: 人 生 名 位 persons, 户 households,
 * 亩 area, and else the measure or noun itself (每村 … 个村).  Counts and wholes are looked for in
 * the sentence and, for a claim that agrees, in the paragraph before it.  The claim is wrong when
 * the sentence holds just one count and just one whole, and a total word (共, 合计, 总) stands
 * before the whole of a rate; doubtful when it lacks that word.
 * Rates per time (每年, 每月) are left alone, but for averages of events (平均每期).
 */
#include "verify/check.h"

#include <math.h>
#include <string.h>

enum { FEW = 12, REACH = 1500, GAP = 45 };

struct rate {
    int each;           /* the number of one */
    size_t from;        /* where 每 or 户均 begins */
    enum dimension per; /* dimension of what is counted */
    struct extent noun; /* its word */
    bool average;
};

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

/* ---- reading ------------------------------------------------------------------------------- */

static enum dimension dimension_of(const char *s, struct extent word)
{
    static const char *const persons[] = {"人", "生", "名", "位", NULL};
    if (any_at(s, word.from, persons))
        return DIM_PERSON;
    if (word_at(s, word.from, "户"))
        return DIM_HOUSEHOLD;
    if (word_at(s, word.from, "亩"))
        return DIM_AREA;
    return DIM_THING;
}

static bool per_time(const char *s, size_t i)
{
    static const char *const times[] = {"年", "月",   "天",   "日", "季", "周", "期",
                                        "次", "小时", "个月", "逢", "况", NULL};
    return any_at(s, i, times) != NULL;
}

/* 每X at i, or X均 whose 均 is at i. */
static bool read_head(const char *s, size_t i, struct rate *r)
{
    static const char *const averaged[] = {"人", "户", "村", "亩",   "校",   "县",
                                           "乡", "生", "家", "项目", "企业", NULL};
    const char *word;
    static const char *const events[] = {"期", "次", NULL}; /* counted, where an average is said */
    bool event = word_before(s, i, "平均") && any_at(s, i + 3, events);
    if (word_at(s, i, "每") && (event || !per_time(s, i + 3))) {
        size_t noun = i + strlen("每");
        bool measure = word_at(s, noun, "个") || word_at(s, noun, "一") ||
                       (word_at(s, noun, "家") && !word_at(s, noun, "家庭"));
        noun += measure ? 3 : 0;
        r->from = i;
        noun += word_at(s, noun, "家庭户") ? strlen("家庭") : 0;
        r->noun = (struct extent){noun, step_on(s, noun)};
        r->average = word_before(s, i, "平均");
    } else if (word_at(s, i, "均") && (word = any_before(s, i, averaged))) {
        r->from = i - strlen(word);
        r->noun = (struct extent){r->from, i};
        r->average = true;
    } else {
        return false;
    }
    r->per = dimension_of(s, r->noun);
    return true;
}

/* The number that the head is about: the next one, near, in the same clause, with no other 每. */
static int number_of(const struct check *c, size_t behind)
{
    int i = quantity_at(c, behind);
    if (i >= c->qs.count || !is_number(item(c, i)) || item(c, i)->from > behind + GAP ||
        item(c, i)->from >= clause_end(c->s, behind))
        return -1;
    static const char *const again[] = {"每", "均", "由", "从", "比", "较", "增长", "提高", NULL};
    size_t at;
    const struct quantity *q = item(c, i);
    if (any_in(c->s, (struct extent){behind, q->from}, again, &at) || q->dim == DIM_PERCENT ||
        q->dim == DIM_TIME || q->dim == DIM_NONE)
        return -1;
    return i;
}

/* ---- operands ------------------------------------------------------------------------------ */

/* Whether i counts what the rate is per. */
static bool is_count(const struct check *c, const struct rate *r, int i)
{
    const struct quantity *q = item(c, i);
    if (i == r->each || !is_number(q) || q->dim != r->per || q->value <= 0)
        return false;
    if (q->dim != DIM_THING)
        return true;
    char noun[16] = {0};
    size_t n = r->noun.to - r->noun.from;
    memcpy(noun, c->s + r->noun.from, n < sizeof noun ? n : sizeof noun - 1);
    struct extent around = {q->from, q->noun.to};
    return find_in(c->s, around, noun) != NOWHERE || word_before(c->s, q->from, noun);
}

static bool is_whole(const struct check *c, const struct rate *r, int i)
{
    const struct quantity *q = item(c, i), *each = item(c, r->each);
    return i != r->each && is_number(q) && same_sort(c->s, q, each) == 2 && q->high >= each->low;
}

typedef bool chooser(const struct check *c, const struct rate *r, int i);

/* The numbers of the sentence that `choose` takes; at most FEW. */
static int in_sentence(const struct check *c, const struct rate *r, chooser *choose, int *out)
{
    int n = 0;
    size_t sentence = item(c, r->each)->sentence;
    for (int i = quantity_at(c, sentence);
         i < c->qs.count && item(c, i)->sentence == sentence && n < FEW; i++)
        if (choose(c, r, i))
            out[n++] = i;
    return n;
}

/* The numbers before the rate in its paragraph, nearest first, and those behind it in the
 * sentence. */
static int near_by(const struct check *c, const struct rate *r, chooser *choose, int *out)
{
    const struct quantity *each = item(c, r->each);
    int n = 0;
    for (int i = r->each + 1; i < c->qs.count && item(c, i)->sentence == each->sentence; i++)
        if (n < FEW / 2 && choose(c, r, i))
            out[n++] = i;
    for (int i = r->each - 1; i >= 0 && n < FEW; i--) {
        if (item(c, i)->paragraph != each->paragraph || each->from - item(c, i)->from > REACH)
            break;
        if (choose(c, r, i))
            out[n++] = i;
    }
    return n;
}

/* ---- verdicts ------------------------------------------------------------------------------ */

/* How many of what the rate is per: 亩, and not square metres. */
static double amount_of(const struct quantity *count, double value)
{
    return count->dim == DIM_AREA ? value * 15 / 10000 : value;
}

static struct interval amounts(const struct quantity *count, struct interval i)
{
    return (struct interval){amount_of(count, i.low), amount_of(count, i.high)};
}

static enum verdict rate_verdict(const struct check *c, const struct rate *r, int count, int whole)
{
    const struct quantity *each = item(c, r->each), *n = item(c, count), *all = item(c, whole);
    struct interval word = amounts(n, at_its_word(n)), wide = amounts(n, if_rounded(n));
    if (r->average)
        return compare(each, quotient(at_its_word(all), word), quotient(if_rounded(all), wide));
    return compare(all, product(word, at_its_word(each)), product(wide, if_rounded(each)));
}

/* A likely slip: the figure is off by a power of ten. */
static const char *slip(double printed, double right)
{
    double ratio = printed > 0 && right > 0 ? printed / right : 1;
    static const double powers[] = {10, 100, 1e4};
    for (int k = 0; k < 3; k++) {
        double more = ratio / powers[k], less = ratio * powers[k];
        if ((more > 0.995 && more < 1.005) || (less > 0.995 && less < 1.005))
            return k == 2 ? "，像是“元”与“万元”写错" : "，像是小数点或位数写错";
    }
    return "";
}

static void report(struct check *c, const struct rate *r, int count, int whole, enum verdict v)
{
    const struct quantity *each = item(c, r->each), *n = item(c, count), *all = item(c, whole);
    double amount = amount_of(n, n->value);
    bool range = each->kind == KIND_FUZZY && !r->average && !isinf(each->high);
    double right = r->average ? all->value / amount : amount * each->value;
    const struct quantity *result = r->average ? each : all;
    double printed = result->value;
    size_t from = r->from < n->from && r->from < all->from ? r->from
                  : n->from < all->from                    ? n->from
                                                           : all->from;
    size_t to = each->to > all->to ? each->to : all->to;
    const char *sum;
    if (r->average)
        sum = arena_printf(&c->arena, "%s÷%s＝%s", words_of(c, whole), words_of(c, count),
                           value_like(c, right, each));
    else
        sum = arena_printf(&c->arena, "%s×%s＝%s%s%s", words_of(c, count), words_of(c, r->each),
                           value_like(c, range ? amount * each->low : right, all),
                           range ? "至" : "", range ? value_like(c, amount * each->high, all) : "");
    cover(c, r->each);
    cover(c, count);
    cover(c, whole);
    if (v == AGREES)
        found(c, v, from, to, "%s", sum);
    else
        found(c, v, from, to, "%s，文中为%s%s", sum, words_of(c, r->average ? r->each : whole),
              slip(printed, right));
}

static bool has_total_word(const struct check *c, int i)
{
    static const char *const words[] = {"共", "合计", "总", "累计", "计", NULL};
    size_t at;
    return any_in(c->s, label_of(item(c, i)), words, &at) != NULL;
}

static void judge(struct check *c, const struct rate *r)
{
    int counts[FEW], wholes[FEW];
    int n = near_by(c, r, is_count, counts), m = near_by(c, r, is_whole, wholes);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m; k++)
            if (rate_verdict(c, r, counts[i], wholes[k]) == AGREES) {
                report(c, r, counts[i], wholes[k], AGREES);
                return;
            }
    n = in_sentence(c, r, is_count, counts);
    m = in_sentence(c, r, is_whole, wholes);
    if (n != 1 || m != 1)
        return;
    enum verdict v = rate_verdict(c, r, counts[0], wholes[0]);
    if (v == WRONG && !r->average && !has_total_word(c, wholes[0]))
        return;
    report(c, r, counts[0], wholes[0], v);
}

void rule_products(struct check *c)
{
    for (size_t i = 0; c->s[i]; i++) {
        struct rate r = {0};
        if (!read_head(c->s, i, &r))
            continue;
        size_t behind = r.noun.to > i ? r.noun.to : i + strlen("均");
        r.each = number_of(c, behind);
        if (r.each >= 0)
            judge(c, &r);
    }
}
