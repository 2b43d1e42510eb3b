/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Totals:
 *
 *   PART, PART …, 合计 TOTAL      共计, 总计, 总共, 一共, and 共 before a number or a verb
 *   WHOLE(PART、PART), WHOLE:PART、PART
 *
 * Only numbers of the same sort as the total are parts, and none of those of is_no_part().  The
 * numbers before a total may be more than its parts: it agrees when the last two, three … add up to
 * it; it is wrong when none do, the sentence has no 其中, and the total word is strict (共 only
 * right before the number); 共 before a verb is doubtful, for money of about the same size.
 */
#include "verify/parts.h"

#include <math.h>
#include <string.h>

enum { LOOK_MOST = 150, GAP_MOST = 60, BRACKETS_MOST = 600, REACH = 4000 };

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

bool adds(const struct quantity *q)
{
    return is_number(q) && (dimension_counted(q->dim) || q->dim == DIM_MONEY ||
                            q->dim == DIM_AREA || q->dim == DIM_LENGTH || q->dim == DIM_MASS);
}

bool is_no_part(const struct check *c, int i)
{
    static const char *const words[] = {"每", "均", "占", NULL};
    static const char *const changes[] = {"增加", "减少",   "增长",   "下降", "净增",
                                          "新增", "增加了", "减少了", NULL};
    const struct quantity *q = item(c, i);
    struct extent near = label_of(q);
    if (i > 0 && item(c, i - 1)->to > near.from)
        near.from = item(c, i - 1)->to;
    if (near.to - near.from > GAP_MOST)
        near.from = near.to - GAP_MOST;
    size_t at;
    return any_in(c->s, near, words, &at) || any_before(c->s, q->from, changes);
}

double sum_of_parts(const struct check *c, const struct parts *p, int from, int to,
                    struct interval *word, struct interval *wide)
{
    double sum = 0;
    *word = *wide = (struct interval){0, 0};
    for (int k = from; k < to; k++) {
        const struct quantity *q = item(c, p->items[k]);
        struct interval a = at_its_word(q), b = if_rounded(q);
        sum += q->value;
        *word = (struct interval){word->low + a.low, word->high + a.high};
        *wide = (struct interval){wide->low + b.low, wide->high + b.high};
    }
    return sum;
}

const char *addition(struct check *c, const struct parts *p, int from, int to,
                     const struct quantity *like)
{
    struct buf b = {0};
    for (int k = from; k < to; k++)
        buf_printf(&b, "%s%s", k > from ? "＋" : "", words_of(c, p->items[k]));
    struct interval word, wide;
    double sum = sum_of_parts(c, p, from, to, &word, &wide);
    bool fuzzy = word.high - word.low > 2 * (to - from) * like->unit;
    if (fuzzy && !isinf(word.low) && !isinf(word.high))
        buf_printf(&b, "＝%s至%s", value_like(c, word.low, like), value_like(c, word.high, like));
    else
        buf_printf(&b, "＝%s", value_like(c, sum, like));
    const char *text = arena_strdup(&c->arena, buf_text(&b));
    buf_free(&b);
    return text;
}

void cover_parts(struct check *c, const struct parts *p, int from, int to, int whole)
{
    cover(c, whole);
    for (int k = from; k < to; k++)
        cover(c, p->items[k]);
}

void collect_parts(const struct check *c, size_t from, size_t to, int whole, int sort,
                   struct parts *p)
{
    int last = quantity_before(c, to), first = PARTS_MOST;
    for (int i = last; i >= 0 && i > last - LOOK_MOST && item(c, i)->from >= from; i--)
        if (i != whole && adds(item(c, i)) && first > 0 &&
            same_sort(c->s, item(c, i), item(c, whole)) >= sort && !is_no_part(c, i))
            p->items[--first] = i;
    p->count = PARTS_MOST - first;
    memmove(p->items, p->items + first, (size_t)p->count * sizeof *p->items);
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
    collect_parts(c, at + 1, end, whole, 2, &p);
    size_t word_place;
    bool open = any_in(c->s, (struct extent){at, end}, open_ended, &word_place) != NULL;
    if (p.count < 2 || (open && find_in(c->s, (struct extent){at, end}, "其中") != NOWHERE))
        return;
    sum_of_parts(c, &p, 0, p.count, &word, &wide);
    enum verdict v = compare(w, word, wide);
    if (v != AGREES && (open || !all_are_parts(c, at, end, &p)))
        return;
    cover_parts(c, &p, 0, p.count, whole);
    found(c, v, w->from, item(c, p.items[p.count - 1])->to, "%s%s%s",
          addition(c, &p, 0, p.count, w), v == AGREES ? "" : "，与总数不符：",
          v == AGREES ? "" : words_of(c, whole));
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

/* Where the last numbers that add up to the total begin in p, or come nearest to it; *agrees tells
 * which. */
static int summing_tail(const struct check *c, const struct parts *p, int total, bool *agrees)
{
    struct interval word, wide;
    const struct quantity *t = item(c, total);
    double least = INFINITY;
    int best = 0;
    *agrees = true;
    for (int from = 0; from + 2 <= p->count; from++) {
        double off = fabs(sum_of_parts(c, p, from, p->count, &word, &wide) - t->value);
        if (compare(t, word, wide) == AGREES)
            return from;
        if (off < least) {
            least = off;
            best = from;
        }
    }
    *agrees = false;
    return best;
}

static void judge_total(struct check *c, size_t at, int total, bool strict)
{
    const struct quantity *t = item(c, total);
    struct parts p;
    struct interval word, wide;
    /* 镇8个、乡4个,合计12个: the noun of a total right behind its word is left out. */
    int sort = strict && t->noun.to == t->noun.from ? 1 : 2;
    collect_parts(c, t->sentence, at, total, sort, &p);
    bool here = p.count >= 2, agrees;
    if (!here)
        collect_parts(c, at - t->paragraph < REACH ? t->paragraph : t->sentence, at, total, sort,
                      &p);
    int from = summing_tail(c, &p, total, &agrees);
    if (p.count < 2)
        return;
    const char *text = addition(c, &p, from, p.count, t);
    double sum = sum_of_parts(c, &p, from, p.count, &word, &wide);
    bool of_which = find_in(c->s, (struct extent){t->sentence, at}, "其中") != NOWHERE;
    bool likely = strict || (t->dim == DIM_MONEY && t->value < 2 * sum && t->value > sum / 2);
    if (!agrees && (!here || of_which || !likely))
        return;
    cover_parts(c, &p, from, p.count, total);
    if (agrees)
        found(c, AGREES, item(c, p.items[from])->from, t->to, "%s", text);
    else
        found(c, strict ? WRONG : DOUBT, item(c, p.items[from])->from, t->to, "%s，文中%s%s", text,
              strict ? "合计" : "共", words_of(c, total));
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

void rule_totals(struct check *c)
{
    for (size_t i = 0; c->s[i]; i++)
        look_at_total(c, i);
    for (int i = 0; i < c->qs.count; i++)
        look_at_breakdown(c, i);
}
