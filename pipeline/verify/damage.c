/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers that lost characters, and dates that do not exist.
 *
 *   514日            from the reader of dates; the hint tells what it may have been
 *   16414912人       where nothing near its size is counted in the draft, and not of the nation;
 *                    it may have been two numbers, 1641户4912人: offered where just one split gives
 * a size of household like those printed beside it 13日             where other dates of the draft
 * lost their 月, a day of two digits at the start of a clause, with no month before it, may have
 * lost it too “阳光11计划”     where the same words with a plus between the digits occur, too
 */
#include "verify/check.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Persons per household where the draft prints N户M人; the widest usual range when it does not. */
static struct interval household_sizes(const struct check *c)
{
    struct interval r = {INFINITY, 0};
    for (int i = 0; i + 1 < c->qs.count; i++) {
        const struct quantity *a = &c->qs.items[i], *b = a + 1;
        if (a->dim != DIM_HOUSEHOLD || b->dim != DIM_PERSON || b->from > a->to + 3 ||
            !is_number(a) || !is_number(b) || a->value <= 0)
            continue;
        r.low = fmin(r.low, b->value / a->value);
        r.high = fmax(r.high, b->value / a->value);
    }
    return r.high > 0 ? (struct interval){r.low * 0.7, r.high * 1.4} : (struct interval){1.5, 6};
}

/* The only split of the digits into households and persons, or 0. */
static long split_households(const char *digits, size_t n, struct interval sizes, long *persons)
{
    long found_households = 0;
    for (size_t k = n / 2 - (n / 2 > 0 && n % 2 == 0 ? 1 : 0); k <= n / 2 + 1 && k < n; k++) {
        if (k == 0 || digits[k] == '0')
            continue;
        char first[24], second[24];
        snprintf(first, sizeof first, "%.*s", (int)k, digits);
        snprintf(second, sizeof second, "%.*s", (int)(n - k), digits + k);
        double ratio = strtod(second, NULL) / strtod(first, NULL);
        if (ratio < sizes.low || ratio > sizes.high)
            continue;
        if (found_households)
            return 0;
        found_households = strtol(first, NULL, 10);
        *persons = strtol(second, NULL, 10);
    }
    return found_households;
}

/* The two largest different values of a dimension. */
struct largest {
    double first, second;
};

static void read_largest(const struct check *c, struct largest *of)
{
    for (int i = 0; i < c->qs.count; i++) {
        const struct quantity *q = &c->qs.items[i];
        struct largest *l = &of[q->dim];
        if (q->value > l->first) {
            l->second = l->first;
            l->first = q->value;
        } else if (q->value < l->first && q->value > l->second) {
            l->second = q->value;
        }
    }
}

/* Counts that the reader took for damaged by their length alone are none when they are of the
 * nation, or when the draft counts others of their size. */
static void restore_large(struct check *c)
{
    static const char *const wide[] = {"全国", "全省", "世界", "全球", "我国", NULL};
    struct largest of[DIM_OTHER + 1] = {0};
    size_t at;
    read_largest(c, of);
    for (int i = 0; i < c->qs.count; i++) {
        struct quantity *q = &c->qs.items[i];
        if (q->kind != KIND_DAMAGED || !q->measure)
            continue;
        double other = q->value < of[q->dim].first ? of[q->dim].first : of[q->dim].second;
        if (other >= q->value / 20 ||
            any_in(c->s, (struct extent){q->sentence, q->from}, wide, &at))
            q->kind = KIND_EXACT;
    }
}

static void look_at_damaged(struct check *c, int i)
{
    const struct quantity *q = &c->qs.items[i];
    long persons = 0, households = 0;
    size_t n = strspn(c->s + q->from, "0123456789");
    cover(c, i);
    if (q->dim == DIM_PERSON && n >= 8 && n < 20)
        households = split_households(c->s + q->from, n, household_sizes(c), &persons);
    if (households)
        found(c, DAMAGED, q->from, q->to, "%s，可能是“%ld户%ld人”（户均%s人），请查原件", q->hint,
              households, persons, plain(c, (double)persons / (double)households, 2));
    else
        found(c, DAMAGED, q->from, q->to, "%s，请查原件", q->hint);
}

static bool is_date_without_month(const struct quantity *q)
{
    return q->kind == KIND_DAMAGED && starts_with(q->hint, "日期缺字");
}

/* Whether a month stands before quantity i in its sentence. */
static bool has_month(const struct check *c, int i)
{
    for (int k = i - 1; k >= 0 && c->qs.items[k].sentence == c->qs.items[i].sentence; k--) {
        const struct quantity *q = &c->qs.items[k];
        if (q->kind == KIND_DATE && find_in(c->s, (struct extent){q->from, q->to}, "月") != NOWHERE)
            return true;
    }
    return false;
}

static void look_at_bare_day(struct check *c, int i)
{
    static const char *const before[] = {"于", "在", NULL};
    const struct quantity *q = &c->qs.items[i];
    const char *s = c->s;
    bool starts = q->from == q->clause || any_before(s, q->from, before);
    bool two = isdigit((unsigned char)s[q->from]) && isdigit((unsigned char)s[q->from + 1]);
    if (!starts || !two || s[q->from + 1] == '0' || s[q->from] == '0' || has_month(c, i))
        return;
    cover(c, i);
    found(c, DAMAGED, q->from, q->to, "只有日没有月，而文中别处日期缺字，可能是%c月%c日，请查原件",
          s[q->from], s[q->from + 1]);
}

/* The quoted name with a plus put between two digits, where the draft has it. */
static void look_at_name(struct check *c, int i)
{
    const struct quantity *q = &c->qs.items[i];
    struct extent e = q->quoted;
    if (q->kind != KIND_NAME || !q->arabic || e.to <= e.from || e.to - e.from > 90)
        return;
    for (size_t k = e.from + 1; k < e.to; k++) {
        if (!isdigit((unsigned char)c->s[k - 1]) || !isdigit((unsigned char)c->s[k]))
            continue;
        struct buf whole = {0};
        buf_put(&whole, c->s + e.from, k - e.from);
        buf_putc(&whole, '+');
        buf_put(&whole, c->s + k, e.to - k);
        bool there = strstr(c->s, whole.text) != NULL;
        if (there)
            found(c, DAMAGED, e.from, e.to, "别处写作“%s”，此处缺“+”", whole.text);
        buf_free(&whole);
        if (there)
            return;
    }
}

void rule_damage(struct check *c)
{
    bool lost_months = false;
    restore_large(c);
    for (int i = 0; i < c->qs.count; i++)
        lost_months = lost_months || is_date_without_month(&c->qs.items[i]);
    for (int i = 0; i < c->qs.count; i++) {
        const struct quantity *q = &c->qs.items[i];
        if (q->kind == KIND_DAMAGED)
            look_at_damaged(c, i);
        else if (q->kind == KIND_IMPOSSIBLE)
            found(c, WRONG, q->from, q->to, "没有这一天");
        else if (q->bare_day && lost_months)
            look_at_bare_day(c, i);
        else
            look_at_name(c, i);
    }
}
