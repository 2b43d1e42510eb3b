/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * WHOLE, 其中 PART, PART …
 *
 * The whole is a number before 其中 in its sentence, or in the sentence before when 其中 begins
 * one; the parts stand behind it, to the end of the sentence, of the brackets, or the next 其中.
 * Semicolons part several breakdowns of one whole.  The claim agrees when all parts, those of one
 * breakdown, or the first ones add up to one of the numbers before.
 *
 * 其中 does not promise that the parts are all: a sum below the whole says nothing, unless it is
 * near it (2%), or there are just men and women, which is wrong.  A sum above it may be an overlap:
 * doubtful for money, and for three parts and more of one kind.  A first part above every whole is
 * wrong.
 */
#include "verify/parts.h"

#include <math.h>
#include <string.h>

enum { WHOLES_MOST = 6, LOOK_MOST = 40 };

struct breakdown {
    int wholes[WHOLES_MOST]; /* nearest first */
    int whole_count;
    size_t from, to; /* where the parts stand */
    struct parts all;
};

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

/* Numbers before 其中 at `at` of the sort of the first part. */
static void read_wholes(const struct check *c, size_t at, int first, struct breakdown *b)
{
    size_t sentence = item(c, first)->sentence, least = sentence;
    int i = quantity_before(c, at);
    if (at - sentence < 4 && i >= 0 && item(c, i)->paragraph == item(c, first)->paragraph)
        least = item(c, i)->sentence;
    for (int n = 0; i >= 0 && item(c, i)->from >= least && n < LOOK_MOST; i--, n++)
        if (adds(item(c, i)) && same_sort(c->s, item(c, i), item(c, first)) == 2 &&
            !is_no_part(c, i) && b->whole_count < WHOLES_MOST)
            b->wholes[b->whole_count++] = i;
}

static size_t end_of_parts(const struct check *c, size_t at, size_t behind)
{
    size_t end = sentence_end(c->s, behind);
    size_t next = find_in(c->s, (struct extent){behind, end}, "其中");
    end = next == NOWHERE ? end : next;
    size_t close = NOWHERE;
    if (at > 0 && c->s[at - 1] == '(')
        close = find_in(c->s, (struct extent){behind, end}, ")");
    return close == NOWHERE ? end : close;
}

static bool read_breakdown(const struct check *c, size_t at, struct breakdown *b)
{
    *b = (struct breakdown){.from = at + strlen("其中")};
    b->to = end_of_parts(c, at, b->from);
    int first = quantity_at(c, b->from);
    while (first < c->qs.count && item(c, first)->from < b->to &&
           (!adds(item(c, first)) || is_no_part(c, first)))
        first++;
    if (first >= c->qs.count || item(c, first)->from >= b->to)
        return false;
    read_wholes(c, at, first, b);
    if (b->whole_count == 0)
        return false;
    collect_parts(c, b->from, b->to, b->wholes[0], 2, &b->all);
    return b->all.count > 0;
}

/* ---- sums ---------------------------------------------------------------------------------- */

/* Whether parts [from, to) add up to a whole; tells so. */
static bool tell_sum(struct check *c, const struct breakdown *b, int from, int to)
{
    struct interval word, wide;
    if (to - from < 2)
        return false;
    sum_of_parts(c, &b->all, from, to, &word, &wide);
    for (int k = 0; k < b->whole_count; k++) {
        const struct quantity *w = item(c, b->wholes[k]);
        if (compare(w, word, wide) != AGREES)
            continue;
        cover_parts(c, &b->all, from, to, b->wholes[k]);
        found(c, AGREES, w->from, item(c, b->all.items[to - 1])->to, "%s",
              addition(c, &b->all, from, to, w));
        return true;
    }
    return false;
}

/* Breakdowns parted by semicolons, each on its own. */
static bool tell_segments(struct check *c, const struct breakdown *b)
{
    bool told = false;
    size_t start = b->from;
    for (int from = 0; from < b->all.count;) {
        size_t stop = start;
        while (stop < b->to && c->s[stop] != ';')
            stop++;
        int to = from;
        while (to < b->all.count && item(c, b->all.items[to])->from < stop)
            to++;
        told = tell_sum(c, b, from, to) || told;
        from = to;
        if (stop >= b->to)
            break;
        start = stop + 1;
    }
    return told;
}

/* All parts, each breakdown, or the first ones. */
static bool tell_agreement(struct check *c, const struct breakdown *b)
{
    if (tell_sum(c, b, 0, b->all.count) || tell_segments(c, b))
        return true;
    for (int to = b->all.count - 1; to >= 2; to--)
        if (tell_sum(c, b, 0, to))
            return true;
    return false;
}

/* ---- what does not add up ------------------------------------------------------------------ */

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

/* Whether the labels of the parts end alike: 养殖类, 种植类, 家政类. */
static bool of_one_kind(const struct check *c, const struct parts *p)
{
    uint32_t tail = sign_before(c->s, item(c, p->items[0])->from);
    for (int k = 1; k < p->count; k++)
        if (sign_before(c->s, item(c, p->items[k])->from) != tail)
            return false;
    return p->count >= 3 && is_han(tail);
}

static double largest(const struct check *c, const struct breakdown *b)
{
    double most = 0;
    for (int k = 0; k < b->whole_count; k++)
        most = fmax(most, item(c, b->wholes[k])->high);
    return most;
}

static void tell_difference(struct check *c, const struct breakdown *b)
{
    struct interval word, wide;
    const struct parts *p = &b->all;
    int whole = b->wholes[0];
    const struct quantity *w = item(c, whole), *first = item(c, p->items[0]);
    size_t from = w->from, to = item(c, p->items[p->count - 1])->to;
    double sum = sum_of_parts(c, p, 0, p->count, &word, &wide), off = fabs(sum - w->value);
    bool one = find_in(c->s, (struct extent){b->from, to}, ";") == NOWHERE && p->count >= 2;
    const char *text = addition(c, p, 0, p->count, w);
    if (first->low > largest(c, b))
        found(c, WRONG, from, first->to, "其中的%s大于整体%s", words_of(c, p->items[0]),
              words_of(c, whole));
    else if (men_and_women(c, p))
        found(c, WRONG, from, to, "%s，与总数%s不符", text, words_of(c, whole));
    else if (one && sum > w->value && (of_one_kind(c, p) || w->dim == DIM_MONEY) &&
             !overlap(wide, if_rounded(w)))
        found(c, DOUBT, from, to, "%s，超过总数%s，各项如有交叉请注明", text, words_of(c, whole));
    else if (one && off <= 0.02 * w->value)
        found(c, DOUBT, from, to, "%s，与总数%s差%s，请核对是否漏项", text, words_of(c, whole),
              value_like(c, off, w));
    else
        return;
    cover_parts(c, p, 0, p->count, whole);
}

void rule_of_which(struct check *c)
{
    struct extent rest = {0, c->draft->scan.len};
    while ((rest.from = find_in(c->s, rest, "其中")) != NOWHERE) {
        struct breakdown b;
        if (read_breakdown(c, rest.from, &b) && !tell_agreement(c, &b))
            tell_difference(c, &b);
        rest.from += strlen("其中");
    }
}
