/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/check.h"

#include "survey/plain.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const VERDICT_NAMES[VERDICTS] = {
    [AGREES] = "相符", [UNCHECKED] = "无从核对", [OFFER] = "提示",        [DOUBT] = "存疑",
    [WRONG] = "不符",  [DAMAGED] = "疑有缺损",   [CONFLICT] = "前后不一",
};

void check_open(struct check *c, const struct draft *d)
{
    *c = (struct check){.draft = d, .s = d->scan.text};
    quantities_read(&c->qs, d);
    c->covered = must_alloc((size_t)c->qs.count + 1);
    series_read(c);
}

void check_close(struct check *c)
{
    quantities_free(&c->qs);
    for (int i = 0; i < c->series_count; i++)
        free(c->series[i].heads);
    free(c->series);
    free(c->claims);
    free(c->covered);
    arena_free(&c->arena);
    *c = (struct check){0};
}

void found(struct check *c, enum verdict v, size_t from, size_t to, const char *format, ...)
{
    char reason[600];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    while (!utf8_valid(reason, strlen(reason))) /* cut within a character */
        reason[strlen(reason) - 1] = '\0';
    GROW(c->claims, c->count, c->room);
    c->claims[c->count++] = (struct claim){v, from, to, arena_strdup(&c->arena, reason)};
}

void cover(struct check *c, int i)
{
    if (i >= 0)
        c->covered[i] = true;
}

/* ---- arithmetic ---------------------------------------------------------------------------- */

struct interval at_its_word(const struct quantity *q)
{
    if (q->kind == KIND_FUZZY)
        return (struct interval){q->low, q->high};
    return (struct interval){q->value - q->half, q->value + q->half};
}

struct interval if_rounded(const struct quantity *q)
{
    return (struct interval){q->low, q->high};
}

/* Sums of doubles are off by less than this part of the larger one. */
static const double NOISE = 1e-9;

bool overlap(struct interval a, struct interval b)
{
    double noise = NOISE * fmax(1e-3, fmax(fabs(a.low), fabs(b.low)));
    return a.low <= b.high + noise && b.low <= a.high + noise;
}

struct interval quotient(struct interval a, struct interval b)
{
    double low = fmax(a.low, 0), least = fmax(b.low, 0);
    return (struct interval){isinf(b.high) ? 0 : low / b.high,
                             least > 0 ? a.high / least : INFINITY};
}

struct interval product(struct interval a, struct interval b)
{
    return (struct interval){fmax(a.low, 0) * fmax(b.low, 0), a.high * b.high};
}

enum verdict compare(const struct quantity *printed, struct interval word, struct interval wide)
{
    if (overlap(at_its_word(printed), word))
        return AGREES;
    return overlap(if_rounded(printed), wide) ? DOUBT : WRONG;
}

/* ---- words --------------------------------------------------------------------------------- */

const char *words_of(struct check *c, int i)
{
    struct buf b = {0};
    draft_quote(c->draft, c->qs.items[i].from, c->qs.items[i].to, &b);
    const char *words = arena_strdup(&c->arena, buf_text(&b));
    buf_free(&b);
    return words;
}

const char *plain(struct check *c, double value, int decimals)
{
    char text[PLAIN_TEXT];
    return arena_strdup(&c->arena, plain_text(plain_round(value, decimals), text));
}

const char *value_like(struct check *c, double value, const struct quantity *like)
{
    double unit = like->unit > 0 ? like->unit : 1;
    int decimals = like->decimals;
    if (like->dim != DIM_PERCENT && like->dim != DIM_POINT && decimals < 2)
        decimals = 4; /* sums and products in full */
    const char *scale = unit >= 1e8 && fmod(unit, 1e8) == 0   ? "亿"
                        : unit >= 1e4 && fmod(unit, 1e4) == 0 ? "万"
                                                              : "";
    double factor = like->measure ? like->measure->factor : 1;
    double shown = *scale ? (strcmp(scale, "万") ? 1e8 : 1e4) * factor : factor;
    if (like->dim == DIM_PERCENT && like->measure && factor == 10)
        shown = 1; /* 成 as % */
    const char *measure = like->dim == DIM_PERCENT ? "%" : like->measure ? like->measure->text : "";
    return arena_printf(&c->arena, "%s%s%s", plain(c, value / shown, decimals), scale, measure);
}

/* ---- places -------------------------------------------------------------------------------- */

int quantity_at(const struct check *c, size_t at)
{
    int low = 0, high = c->qs.count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (c->qs.items[middle].from < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int quantity_before(const struct check *c, size_t at)
{
    int i = quantity_at(c, at) - 1;
    while (i >= 0 && c->qs.items[i].to > at)
        i--;
    return i;
}

/* ---- all rules ----------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (int)y->verdict - (int)x->verdict;
}

/* Numbers with a measure that no rule could take up. */
static void list_unchecked(struct check *c)
{
    for (int i = 0; i < c->qs.count; i++) {
        const struct quantity *q = &c->qs.items[i];
        if (c->covered[i] || !is_number(q) || q->dim == DIM_NONE)
            continue;
        found(c, UNCHECKED, q->from, q->noun.to, "%s",
              q->kind == KIND_FUZZY ? "约数，文中没有可以对照的数" : "文中没有可以对照的数");
    }
}

void check_rules(struct check *c, struct results *results)
{
    if (c->qs.count == 0)
        return; /* a text without numbers claims nothing */
    rule_damage(c);
    rule_shares(c);
    rule_rates(c);
    rule_of_which(c);
    rule_totals(c);
    rule_products(c);
    rule_grants(c);
    rule_offers(c);
    rule_growth(c);
    rule_lists(c);
    rule_conflicts(c);
    if (results)
        rule_results(c, results);
    list_unchecked(c);
    if (c->count)
        qsort(c->claims, (size_t)c->count, sizeof *c->claims, by_place);
}
