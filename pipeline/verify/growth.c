/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Changes:
 *
 *   由 A 增长到 B, 增长 P%          P = (B - A) / A          增加到 提高到 上升到 下降到 减少到 …
 * 至 增长 N 倍          N = (B - A) / A: 增长2倍 is three times 翻一番 翻两番      B / A = 2, 4
 *                 提高 N 个百分点    B - A, of percentages only
 *                 增加 D             B - A
 *   B, 比上年增加 D, 增长 P%        P = D / (B - D)
 *   去年 A, 今年 B, 增长 P%         the two numbers of their sort in the sentence
 *   A 是 B 的 N 倍
 *
 * A disagreement is told only when nothing but words like 同比 stands between the numbers and the
 * word of change: …,贷款余额增长30% has a subject of its own.  年均 is left alone.
 * Wrong by themselves: a decrease of N 倍 or of more than 100%, 由…增长到 a smaller number, a
 * difference of two percentages called P% where it is P个百分点, 百分点 of what are no
 * percentages.  增长N倍 that nothing can check is doubtful: N+1 times, or N times?
 */
#include "verify/check.h"

#include <math.h>
#include <string.h>

/* Words of growing and of shrinking, and of what is reached by it. */
static const char *const UP[] = {"增长", "增加", "提高", "上升", "提升", "扩大",
                                 "增至", "升至", "发展", "增",   "升",   NULL};
static const char *const DOWN[] = {"下降", "减少", "降低", "缩短", "缩小", "下调",
                                   "减至", "降至", "压减", "降",   "减",   NULL};
static const char *const TO[] = {
    "增长到", "增加到", "提高到", "上升到", "提升到", "扩大到", "发展到", "增长至", "增加至",
    "提高至", "上升至", "提升至", "增长为", "增加为", "提高为", "增至",   "升至",   "升到",
    "增到",   "下降到", "减少到", "降低到", "缩短到", "下降至", "减少至", "降低至", "缩短至",
    "减少为", "下降为", "降到",   "降至",   "减至",   "减到",   "变为",   "达到",   NULL};

static const struct quantity *item(const struct check *c, int i)
{
    return &c->qs.items[i];
}

/* What a change is measured against. */
struct base {
    int from, to;   /* quantities A and B; -1: not printed */
    int difference; /* D, when A is not printed; -1 */
    bool certain;   /* its form leaves no doubt, so that the change can be wrong */
};

/* A and B of the base: what is not printed comes from D. */
static double first_value(const struct check *c, const struct base *b, bool down)
{
    double d = b->difference < 0 ? 0 : item(c, b->difference)->value * (down ? -1 : 1);
    return b->from >= 0 ? item(c, b->from)->value : item(c, b->to)->value - d;
}

static double last_value(const struct check *c, const struct base *b, bool down)
{
    double d = b->difference < 0 ? 0 : item(c, b->difference)->value * (down ? -1 : 1);
    return b->to >= 0 ? item(c, b->to)->value : item(c, b->from)->value + d;
}

/* The printed one of the two, for its unit. */
static const struct quantity *printed_of(const struct check *c, const struct base *b)
{
    return item(c, b->to >= 0 ? b->to : b->from);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* The word of a change just before the number: UP or DOWN words, with 了 and 约 between. */
static const char *change_before(const char *s, size_t i, bool *down)
{
    static const char *const between[] = {"了", "约", "近", "超过", "超", "达", "将近", NULL};
    const char *word;
    while ((word = any_before(s, i, between)))
        i -= strlen(word);
    if ((word = any_before(s, i, DOWN))) {
        *down = true;
        return word;
    }
    *down = false;
    return any_before(s, i, UP);
}

/* Whether nothing but such words stands before the word of change in its clause: a clause with a
 * subject of its own (…,贷款余额增长30%) speaks of something else than the numbers before it. */
static bool is_bare(const struct check *c, int i, const char *word)
{
    static const char *const words[] = {
        "同比", "比", "较", "上年", "去年", "同期", "增幅", "净", "共", "实际", "名义", "也",
        "则",   "均", "又", "已",   "总体", "整体", "年",   "底", "初", "与",   "相比", "上",
        "下",   "半", "一", "期",   "前",   "、",   "“",    "”",  "率", "(",    NULL};
    const struct quantity *q = item(c, i);
    size_t at = q->clause, end = q->from - strlen(word);
    while (at < end && end > q->clause) {
        const char *filling = any_at(c->s, at, words);
        int date = quantity_at(c, at);
        if (filling)
            at += strlen(filling);
        else if (date < c->qs.count && item(c, date)->from == at &&
                 item(c, date)->kind == KIND_DATE)
            at = item(c, date)->to;
        else
            return word_at(c->s, at, word) || word_before(c->s, end, "了");
    }
    return true;
}

/* Whether number b is what A changed to: 增长到 stands just before it. */
static const char *to_before(const struct check *c, int b)
{
    static const char *const between[] = {"了", "约", "近", "的", NULL};
    size_t i = item(c, b)->from;
    const char *word;
    while ((word = any_before(c->s, i, between)))
        i -= strlen(word);
    return any_before(c->s, i, TO);
}

/* 由 or 从 before number a in its clause, with no number between. */
static bool from_before(const struct check *c, int a)
{
    static const char *const words[] = {"由", "从", NULL};
    struct extent e = label_of(item(c, a));
    int before = quantity_before(c, item(c, a)->from);
    if (before >= 0 && item(c, before)->to > e.from && is_number(item(c, before)))
        e.from = item(c, before)->to;
    size_t at;
    return any_in(c->s, e, words, &at) != NULL;
}

/* Numbers that can grow. */
static bool grows(const struct quantity *q)
{
    return is_number(q) && q->dim != DIM_MULTIPLE && q->dim != DIM_POINT && q->dim != DIM_TIME;
}

/* 由A增长到B before the change at `end`, in its sentence. */
static bool read_from_to(const struct check *c, int end, struct base *b)
{
    size_t sentence = item(c, end)->sentence;
    for (int i = end - 1; i >= 0 && item(c, i)->sentence == sentence; i--) {
        if (!grows(item(c, i)) || !to_before(c, i))
            continue;
        for (int a = i - 1; a >= 0 && item(c, a)->sentence == sentence; a--) {
            if (!grows(item(c, a)) || same_sort(c->s, item(c, a), item(c, i)) == 0)
                continue;
            *b = (struct base){a, i, -1, from_before(c, a)};
            return b->certain;
        }
        return false;
    }
    return false;
}

/* Whether number i is what others are compared with: 与2010年的133972万人相比, 比去年的20人. */
static bool is_compared_with(const struct check *c, int i)
{
    static const char *const before[] = {"与", "比", "较", NULL};
    static const char *const behind[] = {"相比", "比较", "相较", NULL};
    size_t at;
    return any_at(c->s, item(c, i)->to, behind) || any_in(c->s, label_of(item(c, i)), before, &at);
}

/* B, 比上年增加D before the growth rate at `end`; or 与A相比, 增加D.  B is the nearest number of
 * the sort of D that is no change itself. */
static bool read_difference(const struct check *c, int end, struct base *b)
{
    bool down, other;
    int d = end - 1;
    if (d < 1 || item(c, d)->sentence != item(c, end)->sentence || !grows(item(c, d)) ||
        item(c, d)->dim == DIM_PERCENT)
        return false;
    const char *word = change_before(c->s, item(c, d)->from, &down);
    if (!word)
        return false;
    for (int i = d - 1; i >= 0 && item(c, i)->sentence == item(c, end)->sentence; i--) {
        if (!grows(item(c, i)) || same_sort(c->s, item(c, i), item(c, d)) < 2 ||
            change_before(c->s, item(c, i)->from, &other))
            continue;
        bool old = is_compared_with(c, i);
        *b = (struct base){old ? i : -1, old ? -1 : i, d, is_bare(c, d, word)};
        return item(c, i)->value > item(c, d)->value;
    }
    return false;
}

/* The only two numbers of one sort before the change, the older one marked by 去年, 上年, 同期. */
static bool read_two_years(const struct check *c, int end, struct base *b)
{
    static const char *const years[] = {"去年", "上年", "同期", "上一年", "前年", NULL};
    int pair[2], n = 0;
    for (int i = end - 1; i >= 0 && item(c, i)->sentence == item(c, end)->sentence; i--) {
        if (!grows(item(c, i)))
            continue;
        if (n == 2)
            return false;
        pair[n++] = i;
    }
    if (n < 2 || same_sort(c->s, item(c, pair[0]), item(c, pair[1])) == 0)
        return false;
    size_t at;
    bool newer = any_in(c->s, label_of(item(c, pair[0])), years, &at) != NULL;
    bool older = any_in(c->s, label_of(item(c, pair[1])), years, &at) != NULL;
    if (newer == older)
        return false;
    *b = newer ? (struct base){pair[0], pair[1], -1, true}
               : (struct base){pair[1], pair[0], -1, true};
    return true;
}

/* ---- verdicts ------------------------------------------------------------------------------ */

static void cover_base(struct check *c, const struct base *b, int change)
{
    cover(c, b->from);
    cover(c, b->to);
    cover(c, b->difference);
    cover(c, change);
}

static size_t start_of(const struct check *c, const struct base *b)
{
    int first = b->from >= 0 && (b->to < 0 || b->from < b->to) ? b->from : b->to;
    return item(c, first)->from;
}

/* From A to B as words. */
static const char *relative(struct check *c, const struct base *b, bool down)
{
    double a = first_value(c, b, down), z = last_value(c, b, down);
    const struct quantity *like = printed_of(c, b);
    return arena_printf(&c->arena, "从%s到%s，变化%s%%", value_like(c, a, like),
                        value_like(c, z, like), plain(c, 100 * (z - a) / a, 2));
}

static struct interval around(double value, double half)
{
    return (struct interval){value - half, value + half};
}

static double half_of(const struct check *c, int i)
{
    return i >= 0 ? item(c, i)->half : 0;
}

/* Rounding of the operands, at their word, moves the ratio B / A by so much. */
static double ratio_slack(const struct check *c, const struct base *b, double a, double z)
{
    double half = half_of(c, b->from) + half_of(c, b->to) + half_of(c, b->difference);
    return a > 0 ? half * (1 + z / a) / a : 0;
}

/* Reports a verdict; one that is not certain says nothing when it disagrees. */
static void tell(struct check *c, const struct base *b, int change, enum verdict v,
                 const char *reason)
{
    if (v == WRONG && !b->certain)
        return;
    cover_base(c, b, change);
    found(c, v, start_of(c, b), item(c, change)->to, "%s", reason);
}

static void judge_points(struct check *c, const struct base *b, int change, bool down)
{
    const struct quantity *q = item(c, change);
    double difference = last_value(c, b, down) - first_value(c, b, down);
    if (printed_of(c, b)->dim != DIM_PERCENT) {
        if (b->difference < 0)
            tell(c, b, change, WRONG,
                 arena_printf(&c->arena, "%s；百分点只能用于两个百分数之差", relative(c, b, down)));
        return;
    }
    double half = half_of(c, b->to) + half_of(c, b->from);
    struct interval right = around(down ? -difference : difference, half);
    enum verdict v = compare(q, right, right);
    bool opposite = v == WRONG && difference * (down ? -1 : 1) < 0;
    tell(c, b, change, v,
         arena_printf(&c->arena, "相差%s个百分点%s", plain(c, fabs(difference), 2),
                      opposite ? "，而且方向相反" : ""));
}

static void judge_percent(struct check *c, const struct base *b, int change, bool down)
{
    const struct quantity *q = item(c, change), *like = printed_of(c, b);
    double a = first_value(c, b, down), z = last_value(c, b, down);
    double sign = down ? -1 : 1, rate = 100 * (z - a) / a * sign, points = (z - a) * sign;
    if (a <= 0)
        return;
    struct interval right = around(rate, 100 * ratio_slack(c, b, a, z));
    enum verdict v = compare(q, right, right);
    bool meant_points =
        like->dim == DIM_PERCENT && fabs(points - q->value) <= like->half * 2 + q->half;
    if (v != WRONG)
        tell(c, b, change, v, relative(c, b, down));
    else if (meant_points)
        tell(c, b, change, WRONG,
             arena_printf(&c->arena, "两个百分数相差%s个百分点，不能写成%s", plain(c, points, 2),
                          words_of(c, change)));
    else
        tell(c, b, change, WRONG,
             arena_printf(&c->arena, "%s，应为%s", relative(c, b, down), value_like(c, rate, q)));
}

static void judge_times(struct check *c, const struct base *b, int change)
{
    const struct quantity *q = item(c, change);
    double a = first_value(c, b, false), z = last_value(c, b, false), ratio = z / a;
    if (a <= 0)
        return;
    double slack = ratio_slack(c, b, a, z);
    struct interval more = around(ratio - 1, slack);
    enum verdict v = compare(q, more, more);
    tell(c, b, change, v,
         arena_printf(&c->arena, "是原来的%s倍，%s增长%s倍", plain(c, ratio, 2),
                      v == AGREES ? "即" : "应为", plain(c, ratio - 1, 2)));
}

static void judge_amount(struct check *c, const struct base *b, int change, bool down)
{
    const struct quantity *q = item(c, change);
    if (same_sort(c->s, q, item(c, b->to)) < 2 || b->from < 0)
        return;
    double difference = (item(c, b->to)->value - item(c, b->from)->value) * (down ? -1 : 1);
    double half = item(c, b->to)->half + item(c, b->from)->half;
    struct interval right = around(difference, half);
    tell(c, b, change, compare(q, right, right),
         arena_printf(&c->arena, "%s与%s相差%s", words_of(c, b->from), words_of(c, b->to),
                      value_like(c, fabs(difference), item(c, b->to))));
}

/* A change without anything to check it by: wrong or doubtful by its form. */
static void judge_form(struct check *c, int change, const char *word, bool down)
{
    const struct quantity *q = item(c, change);
    size_t from = q->from - strlen(word);
    if (down && q->dim == DIM_MULTIPLE) {
        found(c, WRONG, from, q->to, "减少不能用“倍”，请改成百分数或分数");
        cover(c, change);
    } else if (down && q->dim == DIM_PERCENT && q->low > 100) {
        found(c, WRONG, from, q->to, "减少不会超过100%%");
        cover(c, change);
    } else if (q->dim == DIM_MULTIPLE) {
        found(c, DOUBT, from, q->to, "增长%s是原来的%s倍，请确认不是“增长到%s”",
              words_of(c, change), plain(c, q->value + 1, 2), words_of(c, change));
        cover(c, change);
    }
}

static bool read_base(const struct check *c, int change, struct base *b)
{
    return read_from_to(c, change, b) || read_difference(c, change, b) ||
           read_two_years(c, change, b);
}

/* 年均增长 is no change from A to B. */
static bool per_year(const struct check *c, const struct quantity *q)
{
    static const char *const words[] = {"年均", "平均每年", "年平均", NULL};
    size_t at;
    return any_in(c->s, label_of(q), words, &at) != NULL;
}

static void judge_change(struct check *c, const struct base *b, int i, bool down)
{
    switch (item(c, i)->dim) {
    case DIM_POINT:
        judge_points(c, b, i, down);
        break;
    case DIM_PERCENT:
        judge_percent(c, b, i, down);
        break;
    case DIM_MULTIPLE:
        judge_times(c, b, i);
        break;
    default:
        judge_amount(c, b, i, down);
    }
}

static void look_at_change(struct check *c, int i)
{
    const struct quantity *q = item(c, i);
    bool down;
    const char *word = to_before(c, i) ? NULL : change_before(c->s, q->from, &down);
    if (!word || per_year(c, q))
        return;
    struct base b;
    bool rate = q->dim == DIM_PERCENT || q->dim == DIM_POINT || q->dim == DIM_MULTIPLE;
    if ((down && q->dim == DIM_MULTIPLE) ||
        !(rate ? read_base(c, i, &b) : read_from_to(c, i, &b))) {
        judge_form(c, i, word, down);
        return;
    }
    b.certain = b.certain && is_bare(c, i, word);
    judge_change(c, &b, i, down);
}

/* 由A增长到B with B below A, and the other way round. */
static void look_at_direction(struct check *c, int i)
{
    const char *word = to_before(c, i);
    if (!word || i == 0 || !grows(item(c, i)))
        return;
    const struct quantity *b = item(c, i), *a = item(c, i - 1);
    if (a->sentence != b->sentence || !grows(a) || !from_before(c, i - 1) ||
        same_sort(c->s, a, b) == 0)
        return;
    bool down = any_at(word, 0, DOWN) != NULL, up = any_at(word, 0, UP) != NULL;
    if ((up && b->high < a->low) || (down && b->low > a->high)) {
        found(c, WRONG, a->from, b->to, "方向不符：从%s到%s是%s", words_of(c, i - 1),
              words_of(c, i), down ? "增加" : "减少");
        cover(c, i);
        cover(c, i - 1);
    }
}

/* 翻一番, 翻了两番 behind 由A增长到B. */
static void look_at_doubling(struct check *c, size_t at)
{
    size_t i = at + strlen("翻");
    i += word_at(c->s, i, "了") ? strlen("了") : 0;
    double n = word_at(c->s, i, "一番") ? 1 : word_at(c->s, i, "两番") ? 2 : 0;
    int next = quantity_at(c, at);
    struct base b = {-1, -1, -1, false};
    if (n == 0 || next == 0)
        return;
    for (int k = next - 1; k > 0 && item(c, k)->sentence == item(c, next - 1)->sentence; k--)
        if (to_before(c, k) && from_before(c, k - 1) && grows(item(c, k - 1)) &&
            same_sort(c->s, item(c, k), item(c, k - 1))) {
            b = (struct base){k - 1, k, -1, true};
            break;
        }
    if (b.to < 0 || sentence_end(c->s, item(c, b.to)->to) < at || item(c, b.from)->value <= 0)
        return;
    double ratio = item(c, b.to)->value / item(c, b.from)->value, wanted = pow(2, n);
    bool fits = ratio >= 0.95 * wanted && ratio <= 1.1 * wanted;
    cover_base(c, &b, b.to);
    found(c, fits ? AGREES : WRONG, item(c, b.from)->from, i + strlen("一番"),
          "是原来的%s倍，翻%s番应是%s倍", plain(c, ratio, 2), n > 1 ? "两" : "一",
          plain(c, wanted, 0));
}

/* A是B的N倍: the numbers of one sort before it in the sentence. */
static void look_at_multiple(struct check *c, int i)
{
    const struct quantity *q = item(c, i);
    if (q->dim != DIM_MULTIPLE || !is_number(q) || c->covered[i] || i < 2 ||
        !word_before(c->s, q->from, "的"))
        return;
    const struct quantity *b = item(c, i - 1), *a = item(c, i - 2);
    struct extent between = {a->to, b->from};
    if (a->sentence != q->sentence || !is_number(a) || !is_number(b) ||
        same_sort(c->s, a, b) == 0 || b->value <= 0 || find_in(c->s, between, "是") == NOWHERE)
        return;
    enum verdict v = compare(q, quotient(at_its_word(a), at_its_word(b)),
                             quotient(if_rounded(a), if_rounded(b)));
    cover(c, i), cover(c, i - 1), cover(c, i - 2);
    found(c, v, a->from, q->to, "%s÷%s＝%s", words_of(c, i - 2), words_of(c, i - 1),
          plain(c, a->value / b->value, 2));
}

void rule_growth(struct check *c)
{
    for (int i = 0; i < c->qs.count; i++) {
        if (!is_number(item(c, i)))
            continue;
        look_at_direction(c, i);
        look_at_change(c, i);
        look_at_multiple(c, i);
    }
    struct extent rest = {0, c->draft->scan.len};
    while ((rest.from = find_in(c->s, rest, "翻")) != NOWHERE) {
        look_at_doubling(c, rest.from);
        rest.from += strlen("翻");
    }
}
