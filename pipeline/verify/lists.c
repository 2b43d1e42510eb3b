/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counts of what is listed.  N is a count of 2 to 60, or a quoted name that holds one (“六进”).
 *
 *   (A)  N个县(甲、乙、丙)                 the items in the brackets
 *   (B)  甲、乙、丙等N个县, 甲、乙两县       the items before it
 *   (C)  N个方面:甲、乙、丙   “四有”:即…   the items behind : or 即 up to the end of the sentence
 *   (D)  如下N点: 一是…二是…  以下N个: 1.… the numbered list right behind (series.c)
 *
 * Items are told apart by ; or , or 、, and 和 or 及 may join the last two: a count that fits any
 * of these readings agrees.  A name like 六有四好 counts the items that begin or end with 有, 好.
 * 等 before N allows more than are listed.  Wrong is only what no reading fits, in the clean forms:
 *   (A), (C)  the items are told apart by 、 alone, without 等 and brackets;
 *   (B)       N stands right behind the items, which are short, end alike, and are more than N; or
 *             names of two to four characters stand right before 两县, 三村, and are not as many;
 *   (D)       the words 以下, 如下, 下列 or a colon announce the list.
 */
#include "verify/check.h"

#include "verify/quantity_private.h"

#include <limits.h>
#include <string.h>

enum { LEAST = 2, MOST = 60, REGION_MOST = 1200, ITEM_MOST = 10, GAP = 12, NEAR = 90 };

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

static bool is_count(const struct quantity *q)
{
    bool sort = q->kind == KIND_NAME ? q->quoted.to > q->quoted.from && !q->arabic
                                     : q->kind == KIND_EXACT && dimension_counted(q->dim);
    return sort && q->value >= LEAST && q->value <= MOST && q->value == (int)q->value;
}

/* ---- counting items ------------------------------------------------------------------------ */

/* Occurrences of `sign` in e outside brackets, quotation marks and titles. */
static int count_signs(const char *s, struct extent e, const char *sign)
{
    int n = 0, depth = 0;
    for (size_t i = e.from; i < e.to; i = step_on(s, i)) {
        if (s[i] == '(' || word_at(s, i, "《") || word_at(s, i, "“"))
            depth++;
        else if (s[i] == ')' || word_at(s, i, "》") || word_at(s, i, "”"))
            depth -= depth > 0;
        else if (depth == 0 && word_at(s, i, sign))
            n++;
    }
    return n;
}

/* Whether a list that the sign tells apart may have n items; an empty last one does not count. */
static bool fits_sign(const char *s, struct extent e, const char *sign, int n)
{
    int k = count_signs(s, e, sign);
    if (k == 0)
        return false;
    if (word_before(s, e.to, sign))
        k--;
    int joins = count_signs(s, e, "和") + count_signs(s, e, "及") + count_signs(s, e, "与");
    return n == k + 1 || (joins > 0 && n > k + 1 && n <= k + 1 + joins && n <= k + 2);
}

static bool fits(const char *s, struct extent e, int n)
{
    return fits_sign(s, e, "、", n) || fits_sign(s, e, ",", n) || fits_sign(s, e, ";", n);
}

/* Items that stand between commas, semicolons and 、 and begin with, end with or hold `key`. */
static bool fits_key(const char *s, struct extent e, const char *key, int n)
{
    int begin = 0, end = 0, hold = 0;
    size_t from = e.from;
    for (size_t i = e.from; i <= e.to; i = i < e.to ? step_on(s, i) : i + 1) {
        bool stop =
            i >= e.to || s[i] == ',' || s[i] == ';' || word_at(s, i, "、") || word_at(s, i, "。");
        if (!stop)
            continue;
        struct extent one = {from, i};
        while (one.from < one.to && (word_at(s, one.from, "“") || s[one.from] == '('))
            one.from = step_on(s, one.from);
        while (one.to > one.from && (word_before(s, one.to, "”") || s[one.to - 1] == ')'))
            one.to = step_back(s, one.to);
        begin += word_at(s, one.from, key) && one.to > one.from;
        end += one.to > one.from && word_before(s, one.to, key);
        hold += find_in(s, one, key) != NOWHERE;
        from = i < e.to ? step_on(s, i) : e.to;
    }
    return begin == n || end == n || hold == n;
}

/* The character behind the numeral of a quoted name: 有 of 四有. */
static void key_of(const char *s, const struct quantity *q, char key[8])
{
    size_t at = numeral_end(s, q->from), n = step_on(s, at) - at;
    key[0] = '\0';
    if (at > q->from && n == 3 && is_han(sign_at(s, at)) && !word_at(s, at, "个")) {
        memcpy(key, s + at, n);
        key[n] = '\0';
    }
}

static bool fits_any(const char *s, struct extent e, const struct quantity *q)
{
    char key[8] = "";
    if (q->kind == KIND_NAME)
        key_of(s, q, key);
    return fits(s, e, (int)q->value) || (*key && fits_key(s, e, key, (int)q->value));
}

/* Told apart by 、 alone, complete, without anything inside that could hold more items. */
static bool is_clean(const char *s, struct extent e)
{
    static const char *const unclear[] = {"等", ",", ";",  "(",  ":",    "…",  "和", "及",
                                          "与", "“", "《", "。", "其中", "或", NULL};
    size_t at;
    return count_signs(s, e, "、") > 0 && !any_in(s, e, unclear, &at);
}

/* The least or the most characters of an item of e. */
static void item_lengths(const char *s, struct extent e, int *least, int *most)
{
    *least = INT_MAX;
    *most = 0;
    for (size_t at = e.from; at < e.to;) {
        size_t next = find_in(s, (struct extent){at, e.to}, "、");
        struct extent one = {at, next == NOWHERE ? e.to : next};
        int n = extent_length(s, one);
        *least = n < *least ? n : *least;
        *most = n > *most ? n : *most;
        at = next == NOWHERE ? e.to : next + strlen("、");
    }
}

/* ---- (A) and (C): behind the count --------------------------------------------------------- */

static void verdict_on(struct check *c, int i, struct extent list, bool clean)
{
    const struct quantity *q = item(c, i);
    int n = (int)q->value;
    if (fits_any(c->s, list, q)) {
        found(c, AGREES, q->from, list.to, "列出%d项", n);
    } else if (clean) {
        found(c, WRONG, q->from, list.to, "说是%d，列出的是%d项", n,
              count_signs(c->s, list, "、") + 1);
    } else {
        return;
    }
    cover(c, i);
}

/* Where the words behind the count end: at the quotation mark that closes around it, or with the
 * noun. */
static size_t behind_count(const char *s, const struct quantity *q)
{
    size_t at = q->kind == KIND_NAME ? q->quoted.to : q->noun.to;
    if (word_at(s, at, "”") || word_at(s, at, "’"))
        at = step_on(s, at);
    return q->kind == KIND_NAME ? han_at(s, at, ITEM_MOST).to : at;
}

static bool holds_number(const struct check *c, struct extent e)
{
    int first = quantity_at(c, e.from);
    return first < c->qs.count && item(c, first)->from < e.to;
}

static bool look_in_brackets(struct check *c, int i)
{
    const char *s = c->s;
    size_t at = behind_count(s, item(c, i));
    if (s[at] != '(')
        return false;
    struct extent rest = {at, at + strnlen(s + at, REGION_MOST)};
    size_t close = find_in(s, rest, ")");
    struct extent list = {at + 1, close};
    if (close == NOWHERE || (count_signs(s, list, "、") == 0 && count_signs(s, list, ",") == 0))
        return false;
    int least, most;
    item_lengths(s, list, &least, &most);
    if (most < 2) /* 21个省(区、市): other names of the unit */
        return false;
    verdict_on(c, i, list, !holds_number(c, list) && is_clean(s, list));
    return true;
}

static bool look_behind_colon(struct check *c, int i)
{
    static const char *const openers[] = {":", ",即", "即", "分别是", "分别为", ":即", NULL};
    const char *s = c->s;
    size_t at = behind_count(s, item(c, i));
    const char *opener = any_at(s, at, openers);
    if (!opener)
        return false;
    struct extent list = {at + strlen(opener), 0};
    list.from += word_at(s, list.from, "即") ? strlen("即") : 0;
    list.to = sentence_end(s, list.from);
    if (list.to > list.from + REGION_MOST || list.to <= list.from)
        return false;
    verdict_on(c, i, list, !holds_number(c, list) && is_clean(s, list));
    return c->covered[i];
}

/* ---- (B): before the count ----------------------------------------------------------------- */

struct before {
    struct extent list;
    int items;
    bool open;  /* 等 */
    bool clean; /* short items that end alike */
    bool names; /* items of two to four characters each */
};

static bool ends_alike(const char *s, struct extent e)
{
    uint32_t tail = sign_before(s, e.to);
    size_t at = e.from;
    for (;;) {
        size_t next = find_in(s, (struct extent){at, e.to}, "、");
        struct extent one = {at, next == NOWHERE ? e.to : next};
        bool first = at == e.from;
        if (sign_before(s, one.to) != tail || (!first && extent_length(s, one) > ITEM_MOST) ||
            extent_length(s, one) < 2)
            return false;
        if (next == NOWHERE)
            return true;
        at = next + strlen("、");
    }
}

/* The items right before the count, from the start of its clause. */
static bool read_before(const struct check *c, const struct quantity *q, struct before *b)
{
    static const char *const ends[] = {"等", "共", "这", "共计", "等共", "等这", NULL};
    const char *s = c->s;
    *b = (struct before){.list = {q->clause, q->from}};
    const char *word = any_before(s, b->list.to, ends);
    if (word) {
        b->open = strstr(word, "等") != NULL;
        b->list.to -= strlen(word);
    }
    size_t quote = find_last_in(s, b->list, "“");
    if (quote != NOWHERE && word_before(s, b->list.to, "”"))
        return false; /* quoted items: by commas, below */
    if (holds_number(c, b->list))
        return false;
    b->items = count_signs(s, b->list, "、") + 1;
    b->clean = b->items > 1 && ends_alike(s, b->list);
    int least, most;
    item_lengths(s, b->list, &least, &most);
    b->names = b->items > 1 && least >= 2 && most <= 4;
    return b->list.to > b->list.from && is_han(sign_before(s, b->list.to));
}

/* More items in the clauses before, as far as they end with the character of the last item. */
static int items_over_commas(const char *s, const struct before *b, size_t sentence)
{
    uint32_t tail = sign_before(s, b->list.to);
    int n = b->items;
    size_t at = b->list.from;
    while (at > sentence && s[at - 1] == ',' && n <= MOST) {
        size_t to = at - 1, from = to;
        if (sign_before(s, to) != tail)
            break;
        while (from > sentence && !ends_clause(s, step_back(s, from)))
            from = step_back(s, from);
        n += count_signs(s, (struct extent){from, to}, "、") + 1;
        at = from;
    }
    return n;
}

/* “甲”,“乙”两大主题, “甲,乙,丙”三项建议: quoted items right before the count. */
static bool fits_quoted(const char *s, const struct quantity *q)
{
    struct extent inner;
    size_t at = q->from;
    int n = 0;
    while (n < MOST && word_before(s, at, "”") &&
           enclosed(s, at - strlen("”"), "“", "”", REGION_MOST, &inner)) {
        if (n++ == 0 && fits(s, inner, (int)q->value))
            return true;
        at = inner.from - strlen("“");
        at -= at > 0 && s[at - 1] == ',' ? 1 : word_before(s, at, "、") ? strlen("、") : 0;
    }
    return n > 1 && n == (int)q->value;
}

static bool is_bare_unit(const struct quantity *q)
{
    static const char *const units[] = {"县", "市", "区", "乡", "镇", "村",
                                        "校", "省", "家", "级", NULL};
    return q->measure && any_at(q->measure->text, 0, units) && strlen(q->measure->text) == 3;
}

static bool look_before(struct check *c, int i)
{
    const struct quantity *q = item(c, i);
    struct before b;
    int n = (int)q->value;
    if (q->kind == KIND_NAME || !read_before(c, q, &b))
        return false;
    int joins = count_signs(c->s, b.list, "和") + count_signs(c->s, b.list, "与") +
                count_signs(c->s, b.list, "及");
    bool list = b.items > 1 || joins > 0;
    if (!list)
        return false;
    int over = items_over_commas(c->s, &b, q->sentence);
    bool agrees = n == b.items || n == over || (n > b.items && n <= b.items + joins);
    bool sure = joins == 0 && over == b.items;
    bool apposition = b.names && !q->arabic && is_bare_unit(q) && !b.open;
    bool too_many = sure && b.items > n && (b.clean || apposition);
    bool too_few = sure && b.items < n && apposition;
    if (!agrees && !too_many && !too_few)
        return false;
    cover(c, i);
    if (agrees)
        found(c, AGREES, b.list.from, q->noun.to, "列出%d项", n);
    else
        found(c, WRONG, b.list.from, q->noun.to, "列出%d项，文中说%d", b.items, n);
    return true;
}

/* ---- (D): a numbered list behind ----------------------------------------------------------- */

/* The list that begins right behind the sentence, or the colon, of the count; NULL. */
static const struct series *list_behind(const struct check *c, const struct quantity *q)
{
    size_t end = sentence_end(c->s, q->to), colon = clause_end(c->s, q->to);
    size_t limit = (c->s[colon] == ':' ? colon : end) + GAP;
    int low = 0, high = c->series_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (c->series[middle].from < q->to)
            low = middle + 1;
        else
            high = middle;
    }
    const struct series *l = low < c->series_count ? &c->series[low] : NULL;
    return l && l->from <= limit && l->count > 1 ? l : NULL;
}

static bool look_at_series(struct check *c, int i)
{
    static const char *const announce[] = {"以下", "如下", "下列", NULL};
    const struct quantity *q = item(c, i);
    const struct series *l = q->dim == DIM_THING && is_number(q) ? list_behind(c, q) : NULL;
    if (!l)
        return false;
    /* Another count nearer to the list speaks of it. */
    for (int k = i + 1; k < c->qs.count && item(c, k)->from < l->from; k++)
        if (is_count(item(c, k)))
            return false;
    size_t at, end = clause_end(c->s, q->noun.to);
    struct extent around = {q->clause, q->to};
    bool announced = any_in(c->s, around, announce, &at) ||
                     (c->s[end] == ':' && end - q->to < NEAR && l->from <= end + 8);
    if (l->count == (int)q->value)
        found(c, AGREES, q->from, q->noun.to, "下文列出%d项", l->count);
    else if (announced)
        found(c, WRONG, q->from, q->noun.to, "下文只列到第%d项", l->count);
    else
        return false;
    cover(c, i);
    return true;
}

void rule_lists(struct check *c)
{
    for (int i = 0; i < c->qs.count; i++) {
        const struct quantity *q = item(c, i);
        if (!is_count(q))
            continue;
        if (look_in_brackets(c, i) || look_behind_colon(c, i) || look_at_series(c, i) ||
            look_before(c, i))
            continue;
        if (q->kind == KIND_EXACT && fits_quoted(c->s, q)) {
            found(c, AGREES, q->from, q->noun.to, "列出%d项", (int)q->value);
            cover(c, i);
        }
    }
}
