/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shares:  PART 占 [WHOLE 的] SHARE, PART1、PART2, 分别占 SHARE1、SHARE2.
 *
 * The part is the last number before 占 in its clause; when nothing but filling words stand
 * there, the last number of the clause before.  A subject without a number (女生占58%) has no part.
 *
 * The whole is certain, in this order, when
 *   1. it stands between 占 and the share (占840人的41.8%);
 *   2. parts with shares of the same sentence add up to a number printed before the shares;
 *   3. it is the last number of its sort before 其中, no part with a share itself (its share may be
 *      of the same whole), and nothing of its sort but parts with shares stands between 其中 and
 *      the part;
 *   4. it is the only number of its sort in the sentence, 占 names no other whole, and the part is
 *      of no place of its own.
 * Without a printed whole, parts whose shares add up to 100% are their own whole; a claim that
 * fails then is doubtful.  A share above 100% is wrong.  A claim also agrees with any number of its
 * sort before it in the paragraph.
 */
#include "verify/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS_MOST = 24, BACK_MOST = 40 };

struct pair {
    int part, share;
    int whole;            /* between 占 and the share; -1 */
    struct extent inside; /* the other words there */
};
struct group { /* of one sentence */
    struct pair pairs[PAIRS_MOST];
    int count;
};

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

/* ---- parts --------------------------------------------------------------------------------- */

static bool can_be_part(const struct quantity *q)
{
    return is_number(q) && q->dim != DIM_PERCENT && q->dim != DIM_POINT && q->dim != DIM_TIME &&
           q->dim != DIM_MULTIPLE && q->dim != DIM_SCORE && q->dim != DIM_NONE;
}

/* Whether the words hold nothing but what may stand between a part and 占. */
static bool only_filling(const char *s, struct extent e)
{
    static const char *const words[] = {"约",   "均",   "共",   "仅", "只",   "分别", "各",   "也",
                                        "就",   "且",   "比重", "还", "大约", "已",   "将近", "近",
                                        "总计", "合计", "、",   "和", "“",    "”",    NULL};
    while (e.from < e.to) {
        const char *word = any_at(s, e.from, words);
        if (!word)
            return false;
        e.from += strlen(word);
    }
    return true;
}

/* The last number that can be a part and stands in [from, to); -1. */
static int last_part(const struct check *c, size_t from, size_t to)
{
    int i = quantity_before(c, to);
    while (i >= 0 && item(c, i)->from >= from && !can_be_part(item(c, i)))
        i--;
    return i >= 0 && item(c, i)->from >= from ? i : -1;
}

/* 低于10万元的占60%, 50岁及以上的占26%: the number says which ones, not how many. */
static bool is_condition(const char *s, const struct quantity *q)
{
    static const char *const behind[] = {"的", "以上", "以下", "以内", "及以", "(含", NULL};
    static const char *const before[] = {"低于", "高于", "超过", "不足", "不到",
                                         "多于", "少于", "达到", NULL};
    return any_at(s, q->to, behind) && (any_before(s, q->from, before) || !word_at(s, q->to, "的"));
}

static int part_before(const struct check *c, const struct quantity *share, size_t zhan)
{
    int i = last_part(c, share->clause, zhan);
    if (i >= 0 && is_condition(c->s, item(c, i)))
        return -1;
    if (i >= 0 || !only_filling(c->s, (struct extent){share->clause, zhan}))
        return i;
    i = last_part(c, share->sentence, share->clause);
    return i >= 0 && clause_end(c->s, item(c, i)->to) + 1 >= share->clause ? i : -1;
}

/* Part number k of the n that stand behind another 分别 before 分别占, or else just before it. */
static int part_of_list(const struct check *c, const struct quantity *share, size_t zhan, int k,
                        int n)
{
    struct extent before = {share->sentence, share->clause};
    size_t each = find_in(c->s, before, "分别");
    int last = last_part(c, share->sentence, zhan);
    int first = each == NOWHERE ? last - n + 1 : quantity_at(c, each);
    last = first + n - 1;
    if (first < 0 || last >= c->qs.count || item(c, first)->from < share->sentence ||
        item(c, last)->from > zhan)
        return -1;
    for (int i = first; i <= last; i++)
        if (!can_be_part(item(c, i)) || !same_sort(c->s, item(c, i), item(c, last)))
            return -1;
    return first + k;
}

/* Shares behind 占 in the clause of share p: how many, and which of them p is. */
static int count_shares(const struct check *c, int p, size_t zhan, int *position)
{
    const struct quantity *share = item(c, p);
    int n = 0;
    for (int i = quantity_at(c, zhan); i < c->qs.count && item(c, i)->clause == share->clause;
         i++) {
        if (item(c, i)->dim != DIM_PERCENT || !is_number(item(c, i)))
            continue;
        if (i == p)
            *position = n;
        n++;
    }
    return n;
}

/* Words that make a percentage behind 占 a change, not a share. */
static bool is_change(const char *s, struct extent e)
{
    static const char *const words[] = {"由",   "从",   "提高", "增长", "上升", "下降",
                                        "增加", "减少", "降低", "同比", NULL};
    size_t at;
    return any_in(s, e, words, &at) != NULL;
}

static bool read_pair(const struct check *c, int p, struct pair *pair)
{
    const struct quantity *share = item(c, p);
    size_t zhan = find_last_in(c->s, (struct extent){share->clause, share->from}, "占");
    if (zhan == NOWHERE)
        return false;
    struct extent inside = {zhan + strlen("占"), share->from};
    int position = 0, n = count_shares(c, p, zhan, &position);
    bool each = word_before(c->s, zhan, "分别") || find_in(c->s, inside, "分别") != NOWHERE;
    if (is_change(c->s, inside) || (position > 0 && !each))
        return false;
    *pair = (struct pair){.share = p, .whole = -1, .inside = inside};
    if (each) {
        pair->part = part_of_list(c, share, zhan, position, n);
        pair->inside.to = pair->inside.from;
        return pair->part >= 0;
    }
    pair->part = part_before(c, share, zhan);
    pair->whole = last_part(c, inside.from, inside.to);
    return pair->part >= 0;
}

/* ---- wholes -------------------------------------------------------------------------------- */

static bool can_be_whole(const struct check *c, int i, int part)
{
    const struct quantity *w = item(c, i), *q = item(c, part);
    return can_be_part(w) && same_sort(c->s, w, q) && w->high >= q->low && w->value > 0 &&
           w->paragraph == q->paragraph;
}

static bool is_part(const struct group *g, int i)
{
    for (int k = 0; k < g->count; k++)
        if (g->pairs[k].part == i)
            return true;
    return false;
}

/* A number before the group that the parts of pairs from..to add up to. */
static int whole_by_sum(const struct check *c, const struct group *g, int from, int to)
{
    double sum = 0, half = 0;
    for (int k = from; k <= to; k++) {
        if (!same_sort(c->s, item(c, g->pairs[k].part), item(c, g->pairs[from].part)))
            return -1;
        sum += item(c, g->pairs[k].part)->value;
        half += item(c, g->pairs[k].part)->half;
    }
    struct interval total = {sum - half, sum + half};
    int first = g->pairs[from].part, last = g->pairs[from].share;
    for (int i = last - 1; i >= 0 && i > last - BACK_MOST; i--)
        if (i != first && can_be_whole(c, i, first) && overlap(at_its_word(item(c, i)), total))
            return i;
    return -1;
}

/* Rule 2: the widest run of pairs around k that adds up to a printed number. */
static int whole_by_sums(const struct check *c, const struct group *g, int k)
{
    for (int n = g->count; n >= 2; n--)
        for (int from = k - n + 1 < 0 ? 0 : k - n + 1; from <= k && from + n <= g->count; from++) {
            int whole = whole_by_sum(c, g, from, from + n - 1);
            if (whole >= 0)
                return whole;
        }
    return -1;
}

/* Rule 3. */
static int whole_by_of_which(const struct check *c, const struct group *g, int part)
{
    const struct quantity *q = item(c, part);
    size_t of_which = find_last_in(c->s, (struct extent){q->sentence, q->from}, "其中");
    if (of_which == NOWHERE)
        return -1;
    int i = part - 1, whole = -1;
    for (; i >= 0 && item(c, i)->from > of_which; i--)
        if (same_sort(c->s, item(c, i), q) && can_be_part(item(c, i)) && !is_part(g, i))
            return -1;
    for (; i >= 0 && item(c, i)->sentence == q->sentence && whole < 0; i--)
        if (can_be_part(item(c, i)) && same_sort(c->s, item(c, i), q))
            whole = i;
    bool certain = whole >= 0 && !is_part(g, whole) && can_be_whole(c, whole, part) &&
                   same_sort(c->s, item(c, whole), q) == 2;
    return certain ? whole : -1;
}

/* Whether 占 names a whole of its own (占全县总人口的). */
static bool names_whole(const char *s, struct extent inside)
{
    static const char *const words[] = {"约",   "了",   "比",   "总数", "总人数", "总额", "的",
                                        "比例", "比重", "达",   "到",   "为",     "近",   "将",
                                        "超过", "其",   "大约", "不足", "超",     "不到", "总量",
                                        "高",   ":",    "是",   NULL};
    while (inside.from < inside.to) {
        const char *word = any_at(s, inside.from, words);
        if (!word)
            return true;
        inside.from += strlen(word);
    }
    return false;
}

static bool of_a_place(const char *s, const struct quantity *part)
{
    static const char *const places[] = {"省", "市", "县", "区", "乡", "镇", "村", NULL};
    size_t at;
    return any_in(s, label_of(part), places, &at) != NULL;
}

/* Rule 4. */
static int only_whole(const struct check *c, const struct group *g, int part)
{
    int whole = -1;
    for (int i = part - 1; i >= 0 && item(c, i)->sentence == item(c, part)->sentence; i--) {
        if (!can_be_part(item(c, i)) || is_part(g, i) ||
            !same_sort(c->s, item(c, i), item(c, part)))
            continue;
        if (whole >= 0 || same_sort(c->s, item(c, i), item(c, part)) < 2)
            return -1;
        whole = i;
    }
    return whole >= 0 && can_be_whole(c, whole, part) ? whole : -1;
}

static int certain_whole(const struct check *c, const struct group *g, int k)
{
    const struct pair *p = &g->pairs[k];
    if (p->whole >= 0)
        return p->whole;
    if (names_whole(c->s, p->inside))
        return -1;
    int whole = whole_by_sums(c, g, k);
    if (whole < 0)
        whole = whole_by_of_which(c, g, p->part);
    if (whole < 0 && !of_a_place(c->s, item(c, p->part)))
        whole = only_whole(c, g, p->part);
    return whole;
}

/* ---- verdicts ------------------------------------------------------------------------------ */

static struct interval per_cent(struct interval i)
{
    return (struct interval){100 * i.low, 100 * i.high};
}

static enum verdict share_verdict(const struct check *c, const struct pair *p, int whole)
{
    const struct quantity *a = item(c, p->part), *b = item(c, whole);
    return compare(item(c, p->share), per_cent(quotient(at_its_word(a), at_its_word(b))),
                   per_cent(quotient(if_rounded(a), if_rounded(b))));
}

static void report(struct check *c, const struct pair *p, int whole, enum verdict v)
{
    const struct quantity *a = item(c, p->part), *b = item(c, whole), *share = item(c, p->share);
    double value = 100 * a->value / b->value;
    int decimals = share->decimals + 1 < 2 ? 2 : share->decimals + 1;
    const char *sum = arena_printf(&c->arena, "%s÷%s＝%s%%", words_of(c, p->part),
                                   words_of(c, whole), plain(c, value, decimals));
    cover(c, p->part);
    cover(c, p->share);
    cover(c, whole);
    if (v == WRONG && share->kind == KIND_FUZZY)
        found(c, v, a->from, share->to, "%s，与“%s”不合", sum, words_of(c, p->share));
    else if (v == WRONG)
        found(c, v, a->from, share->to, "%s，应为%s", sum, value_like(c, value, share));
    else if (v == DOUBT)
        found(c, v, a->from, share->to, "%s，两数取整之前才可能相符，请核对", sum);
    else
        found(c, v, a->from, share->to, "%s", sum);
}

/* A whole in the paragraph that makes the claim right; the nearest one. */
static int agreeing_whole(const struct check *c, const struct pair *p)
{
    for (int i = p->share - 1; i >= 0 && i > p->share - BACK_MOST; i--)
        if (i != p->part && can_be_whole(c, i, p->part) && share_verdict(c, p, i) == AGREES)
            return i;
    return -1;
}

/* The sum of the parts of pairs from..to, when their shares add up to 100%; -1. */
static double whole_of_run(const struct check *c, const struct group *g, int from, int to)
{
    double shares = 0, parts = 0, half = 0.01;
    for (int k = from; k <= to; k++) {
        const struct quantity *part = item(c, g->pairs[k].part), *p = item(c, g->pairs[k].share);
        if (!same_sort(c->s, part, item(c, g->pairs[from].part)) || p->kind == KIND_FUZZY)
            return -1;
        shares += p->value;
        parts += part->value;
        half += 0.5 * pow(10, -p->decimals);
    }
    return fabs(shares - 100) <= half && parts > 0 ? parts : -1;
}

/* Parts of the sentence whose shares add up to 100% are their own whole; *in tells whether pair k
 * is one of them.  -1 when none do. */
static double own_whole(const struct check *c, const struct group *g, int k, bool *in)
{
    for (int n = g->count; n >= 2; n--)
        for (int from = 0; from + n <= g->count; from++) {
            double whole = whole_of_run(c, g, from, from + n - 1);
            *in = k >= from && k < from + n;
            if (whole > 0 &&
                same_sort(c->s, item(c, g->pairs[k].part), item(c, g->pairs[from].part)))
                return whole;
        }
    return -1;
}

static void without_whole(struct check *c, const struct group *g, int k)
{
    const struct pair *p = &g->pairs[k];
    const struct quantity *a = item(c, p->part), *share = item(c, p->share);
    bool in = false;
    double whole = names_whole(c->s, p->inside) ? -1 : own_whole(c, g, k, &in);
    double value = whole > 0 ? 100 * a->value / whole : 0;
    bool agrees = whole > 0 && compare(share, (struct interval){value, value},
                                       (struct interval){value, value}) == AGREES;
    cover(c, p->part);
    cover(c, p->share);
    if (agrees || in)
        found(c, agrees ? AGREES : DOUBT, a->from, share->to, "占各项之和%s的%s%%%s",
              value_like(c, whole, a), plain(c, value, share->decimals + 1),
              agrees ? "" : "，请核对");
    else
        found(c, UNCHECKED, a->from, share->to, "找不到确定的总数");
}

static void judge(struct check *c, const struct group *g, int k)
{
    const struct pair *p = &g->pairs[k];
    int sure = certain_whole(c, g, k);
    enum verdict v = sure >= 0 ? share_verdict(c, p, sure) : UNCHECKED;
    int other = v == AGREES ? sure : p->whole >= 0 ? -1 : agreeing_whole(c, p);
    if (other >= 0)
        report(c, p, other, AGREES);
    else if (sure >= 0)
        report(c, p, sure, v);
    else
        without_whole(c, g, k);
}

static void look_at_limits(struct check *c, int p)
{
    const struct quantity *share = item(c, p);
    struct extent before = {share->clause, share->from};
    size_t zhan = find_last_in(c->s, before, "占");
    if (zhan == NOWHERE || is_change(c->s, (struct extent){zhan, share->from}) || share->low <= 100)
        return;
    cover(c, p);
    found(c, WRONG, zhan, share->to, "所占的份额不能超过100%%");
}

void rule_shares(struct check *c)
{
    struct group g = {.count = 0};
    for (int i = 0; i <= c->qs.count; i++) {
        bool ends = i == c->qs.count ||
                    (g.count && item(c, i)->sentence != item(c, g.pairs[0].share)->sentence);
        if (ends || g.count == PAIRS_MOST) {
            for (int k = 0; k < g.count; k++)
                judge(c, &g, k);
            g.count = 0;
        }
        if (i == c->qs.count || item(c, i)->dim != DIM_PERCENT || !is_number(item(c, i)))
            continue;
        look_at_limits(c, i);
        if (!c->covered[i] && read_pair(c, i, &g.pairs[g.count]))
            g.count++;
    }
}
