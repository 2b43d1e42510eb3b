/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Wholes and parts:
 *
 *   WHOLE, 其中 PART, PART …      parts until the end of the sentence or the next 其中
 *   WHOLE(PART、PART), WHOLE:PART、PART
 *   PART, PART …, 合计 TOTAL      共计, 总计, 总共, 一共, and 共 before a number or a verb
 *
 * Only numbers of the same sort as the whole are parts, and none with 每 or 均 before it.
 * 其中 does not promise that the parts are all: a sum below the whole says nothing, unless it is
 * near it (2%), or there are just men and women; a sum above it may be an overlap: doubtful.  The
 * parts of a 合计 may be fewer than the numbers before it: it agrees when the last two, three …
 * add up to it; it is wrong when none do and the sentence has no 其中.
 */
#include "verify/check.h"

#include <math.h>
#include <string.h>

enum { PARTS_MOST = 40, LOOK_MOST = 150, GAP_MOST = 60, BRACKETS_MOST = 600, REACH = 4000 };

struct parts {
    int items[PARTS_MOST];
    int count;
};

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

static bool adds(const struct quantity *q)
{
    return is_number(q) && (dimension_counted(q->dim) || q->dim == DIM_MONEY ||
                            q->dim == DIM_AREA || q->dim == DIM_LENGTH || q->dim == DIM_MASS);
}

static bool is_average(const struct check *c, const struct quantity *q)
{
    static const char *const words[] = {"每", "均", NULL};
    struct extent near = label_of(q);
    size_t at;
    if (near.to - near.from > GAP_MOST)
        near.from = near.to - GAP_MOST;
    return any_in(c->s, near, words, &at) != NULL;
}

/* The sum of parts[from..], its value and what it allows. */
static double sum_of(const struct check *c, const struct parts *p, int from, struct interval *word,
                     struct interval *wide)
{
    double sum = 0;
    *word = *wide = (struct interval){0, 0};
    for (int k = from; k < p->count; k++) {
        const struct quantity *q = item(c, p->items[k]);
        struct interval a = at_its_word(q), b = if_rounded(q);
        sum += q->value;
        *word = (struct interval){word->low + a.low, word->high + a.high};
        *wide = (struct interval){wide->low + b.low, wide->high + b.high};
    }
    return sum;
}

/* 351人＋489人＝840人 */
static const char *addition(struct check *c, const struct parts *p, int from, double sum,
                            const struct quantity *like)
{
    struct buf b = {0};
    for (int k = from; k < p->count; k++)
        buf_printf(&b, "%s%s", k > from ? "＋" : "", words_of(c, p->items[k]));
    struct interval word, wide;
    sum_of(c, p, from, &word, &wide);
    bool fuzzy = word.high - word.low > 2 * p->count * like->unit;
    if (fuzzy && !isinf(word.low) && !isinf(word.high))
        buf_printf(&b, "＝%s至%s", value_like(c, word.low, like), value_like(c, word.high, like));
    else
        buf_printf(&b, "＝%s", value_like(c, sum, like));
    const char *text = arena_strdup(&c->arena, b.text);
    buf_free(&b);
    return text;
}

static void cover_parts(struct check *c, const struct parts *p, int from, int whole)
{
    cover(c, whole);
    for (int k = from; k < p->count; k++)
        cover(c, p->items[k]);
}

/* Numbers of the same sort as `whole`, at least as surely as `sort`, in [from, to); the last ones
 * when there are many. */
static void collect(const struct check *c, size_t from, size_t to, int whole, int sort,
                    struct parts *p)
{
    int last = quantity_before(c, to), first = PARTS_MOST;
    for (int i = last; i >= 0 && i > last - LOOK_MOST && item(c, i)->from >= from; i--)
        if (i != whole && adds(item(c, i)) && first > 0 &&
            same_sort(c->s, item(c, i), item(c, whole)) >= sort && !is_average(c, item(c, i)))
            p->items[--first] = i;
    p->count = PARTS_MOST - first;
    memmove(p->items, p->items + first, (size_t)p->count * sizeof *p->items);
}

/* ---- 其中 ---------------------------------------------------------------------------------- */

/* The number that 其中 at `at` is about: the last one before it, in its sentence or, when it
 * begins one, in the sentence before, of the sort of the first number behind it. */
static int whole_before(const struct check *c, size_t at, int first)
{
    size_t sentence = item(c, first)->sentence;
    bool begins = at - sentence < 4;
    for (int i = quantity_before(c, at); i >= 0; i--) {
        const struct quantity *q = item(c, i);
        if (q->paragraph != item(c, first)->paragraph || (!begins && q->sentence != sentence))
            return -1;
        if (adds(q) && same_sort(c->s, q, item(c, first)) == 2)
            return i;
    }
    return -1;
}

static bool has_word(const struct check *c, int i, const char *word)
{
    return find_in(c->s, label_of(item(c, i)), word) != NOWHERE;
}

static bool men_and_women(const struct check *c, const struct parts *p)
{
    if (p->count != 2)
        return false;
    int a = p->items[0], b = p->items[1];
    return (has_word(c, a, "男") && has_word(c, b, "女")) ||
           (has_word(c, a, "女") && has_word(c, b, "男"));
}

static void judge_of_which(struct check *c, int whole, const struct parts *p, size_t from)
{
    struct interval word, wide;
    const struct quantity *w = item(c, whole), *first = item(c, p->items[0]);
    size_t to = item(c, p->items[p->count - 1])->to;
    double sum = sum_of(c, p, 0, &word, &wide), off = fabs(sum - w->value);
    const char *text = addition(c, p, 0, sum, w);
    if (first->low > w->high) {
        found(c, WRONG, from, first->to, "其中的%s大于整体%s", words_of(c, p->items[0]),
              words_of(c, whole));
    } else if (p->count < 2) {
        return;
    } else if (compare(w, word, wide) == AGREES) {
        found(c, AGREES, from, to, "%s", text);
    } else if (men_and_women(c, p)) {
        found(c, WRONG, from, to, "%s，与总数%s不符", text, words_of(c, whole));
    } else if (sum > w->value && !overlap(wide, if_rounded(w))) {
        found(c, DOUBT, from, to, "%s，超过总数%s，各项如有交叉请注明", text, words_of(c, whole));
    } else if (off <= 0.02 * w->value) {
        found(c, DOUBT, from, to, "%s，与总数%s差%s，请核对是否漏项", text, words_of(c, whole),
              value_like(c, off, w));
    } else {
        return;
    }
    cover_parts(c, p, 0, whole);
}

static void look_at_of_which(struct check *c, size_t at)
{
    size_t behind = at + strlen("其中"), end = sentence_end(c->s, behind);
    size_t next = find_in(c->s, (struct extent){behind, end}, "其中");
    int first = quantity_at(c, behind);
    while (first < c->qs.count && item(c, first)->from < end && !adds(item(c, first)))
        first++;
    if (first >= c->qs.count || item(c, first)->from >= end)
        return;
    int whole = whole_before(c, at, first);
    if (whole < 0)
        return;
    struct parts p;
    collect(c, behind, next == NOWHERE ? end : next, whole, 2, &p);
    if (p.count)
        judge_of_which(c, whole, &p, item(c, whole)->from);
}

/* ---- (…) and :… ---------------------------------------------------------------------------- */

/* Whether every number in [from, to) is one of the parts. */
static bool all_are_parts(const struct check *c, size_t from, size_t to, const struct parts *p)
{
    int n = 0;
    for (int i = quantity_at(c, from); i < c->qs.count && item(c, i)->to <= to; i++)
        n += is_number(item(c, i));
    return n == p->count;
}

/* The ) of the ( at i, or a place too far off. */
static size_t bracket_end(const char *s, size_t i)
{
    size_t end = i;
    while (end <= i + BRACKETS_MOST && s[end] && s[end] != ')' && s[end] != '\n')
        end++;
    return end;
}

static void look_at_breakdown(struct check *c, int whole)
{
    static const char *const open_ended[] = {"其中", "等", "含", "包括", "含有", NULL};
    const struct quantity *w = item(c, whole);
    size_t at = w->noun.to, end;
    struct parts p;
    struct interval word, wide;
    if (!adds(w) || (c->s[at] != '(' && c->s[at] != ':'))
        return;
    end = c->s[at] == '(' ? bracket_end(c->s, at) : sentence_end(c->s, at + 1);
    if (end - at > BRACKETS_MOST)
        return;
    collect(c, at + 1, end, whole, 2, &p);
    size_t word_place;
    bool open = any_in(c->s, (struct extent){at, end}, open_ended, &word_place) != NULL;
    if (p.count < 2 || (open && find_in(c->s, (struct extent){at, end}, "其中") != NOWHERE))
        return;
    double sum = sum_of(c, &p, 0, &word, &wide);
    enum verdict v = compare(w, word, wide);
    if (v != AGREES && (open || !all_are_parts(c, at, end, &p)))
        return;
    cover_parts(c, &p, 0, whole);
    found(c, v, w->from, item(c, p.items[p.count - 1])->to, "%s%s%s", addition(c, &p, 0, sum, w),
          v == AGREES ? "" : "，与总数不符：", v == AGREES ? "" : words_of(c, whole));
}

/* ---- 合计 ---------------------------------------------------------------------------------- */

static const char *const TOTALS[] = {"合计", "共计", "总计", "总共", "一共", NULL};

/* 共 as "in all", and not in 共同, 公共. */
static bool is_in_all(const char *s, size_t i)
{
    static const char *const others[] = {"共同", "共产", "共青", "共建", "共享", "共筑", "共和",
                                         "共识", "共鸣", "共性", "共进", "共赢", "共富", NULL};
    static const char *const before[] = {"公", "中", "一", "总", "国", "反", NULL};
    return word_at(s, i, "共") && !any_at(s, i, others) && !any_before(s, i, before) &&
           !word_at(s, i, "共计");
}

/* The number behind a total word that ends at `at`: in the same clause, GAP_MOST bytes off. */
static int total_behind(const struct check *c, size_t at)
{
    int i = quantity_at(c, at);
    if (i >= c->qs.count || item(c, i)->from > at + GAP_MOST ||
        item(c, i)->from > clause_end(c->s, at))
        return -1;
    return adds(item(c, i)) && item(c, i)->kind != KIND_FUZZY ? i : -1;
}

/* Where the last numbers that add up to the total begin in p; -1. */
static int summing_tail(const struct check *c, const struct parts *p, int total)
{
    struct interval word, wide;
    for (int from = 0; from + 2 <= p->count; from++) {
        sum_of(c, p, from, &word, &wide);
        if (compare(item(c, total), word, wide) == AGREES)
            return from;
    }
    return -1;
}

static void judge_total(struct check *c, size_t at, int total, bool strict)
{
    const struct quantity *t = item(c, total);
    struct parts p;
    struct interval word, wide;
    /* 镇8个、乡4个,合计12个: the noun of a total right behind its word is left out. */
    int sort = strict && t->noun.to == t->noun.from ? 1 : 2;
    collect(c, t->sentence, at, total, sort, &p);
    bool here = p.count >= 2;
    if (!here)
        collect(c, at - t->paragraph < REACH ? t->paragraph : t->sentence, at, total, sort, &p);
    int from = summing_tail(c, &p, total);
    if (from >= 0) {
        double sum = sum_of(c, &p, from, &word, &wide);
        cover_parts(c, &p, from, total);
        found(c, AGREES, item(c, p.items[from])->from, t->to, "%s", addition(c, &p, from, sum, t));
        return;
    }
    bool of_which = find_in(c->s, (struct extent){t->sentence, at}, "其中") != NOWHERE;
    double sum = sum_of(c, &p, 0, &word, &wide);
    bool likely = strict || (t->dim == DIM_MONEY && t->value < 2 * sum && t->value > sum / 2);
    if (!here || of_which || !likely)
        return;
    cover_parts(c, &p, 0, total);
    found(c, strict ? WRONG : DOUBT, item(c, p.items[0])->from, t->to, "%s，文中%s%s",
          addition(c, &p, 0, sum, t), strict ? "合计" : "共", words_of(c, total));
}

static void look_at_total(struct check *c, size_t i)
{
    const char *word = any_at(c->s, i, TOTALS);
    bool loose = !word && is_in_all(c->s, i);
    if (!word && !loose)
        return;
    size_t behind = i + strlen(word ? word : "共");
    int total = total_behind(c, behind);
    if (total >= 0)
        judge_total(c, i, total, word || item(c, total)->from == behind);
}

void rule_parts(struct check *c)
{
    for (size_t i = 0; c->s[i]; i++) {
        if (word_at(c->s, i, "其中"))
            look_at_of_which(c, i);
        else
            look_at_total(c, i);
    }
    for (int i = 0; i < c->qs.count; i++)
        look_at_breakdown(c, i);
}
