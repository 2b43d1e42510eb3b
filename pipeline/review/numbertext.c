/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/numbertext.h"

#include "survey/halftext.h"
#include "review/numeral.h"
#include "review/repair.h"

#include <string.h>

static const char YUAN[] = "元", WANYUAN[] = "万元", PERCENT[] = "%";

/* Units mix only within a kind: a sum of money is never 人, a count is never 元. */
enum unit_kind { UNIT_MONEY, UNIT_PERCENT, UNIT_COUNT };

static enum unit_kind unit_kind(const char *unit)
{
    if (!strcmp(unit, YUAN) || !strcmp(unit, WANYUAN))
        return UNIT_MONEY;
    return strcmp(unit, PERCENT) ? UNIT_COUNT : UNIT_PERCENT;
}

/* The longest unit word of the right kind at the end of text, or "". */
static const char *unit_at_end(const char *text, const char *unit, const struct words *words)
{
    const char *best = *unit && ends_with(text, unit) ? unit : "";
    for (int i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        if (unit_kind(word) == unit_kind(unit) && ends_with(text, word) &&
            strlen(word) > strlen(best))
            best = word;
    }
    return best;
}

/* 1,160 or -12,345,678.90: groups of three after a first one of at most three. */
static bool is_grouped(const char *text, char separator)
{
    const char *p = text + (*text == '-');
    size_t first = strspn(p, "0123456789");
    if (first < 1 || first > 3 || p[first] != separator)
        return false;
    p += first;
    while (*p == separator) {
        if (strspn(p + 1, "0123456789") != 3)
            return false;
        p += 4;
    }
    return *p == '\0' || (*p == '.' && strspn(p + 1, "0123456789") == strlen(p + 1));
}

/* Removes well-formed thousands separators from `body`. */
static bool ungroup(struct buf *body)
{
    static const char separators[] = {',', ' '};
    for (size_t i = 0; i < sizeof separators; i++)
        if (is_grouped(body->text, separators[i])) {
            remove_char(body, separators[i]);
            return true;
        }
    return false;
}

/* Power of ten from what the text's unit word says to the question's unit. */
static int unit_shift(const char *word, const char *unit)
{
    if (!strcmp(word, WANYUAN) && !strcmp(unit, YUAN))
        return 4;
    if (!strcmp(word, YUAN) && !strcmp(unit, WANYUAN))
        return -4;
    return 0;
}

/* Cuts n bytes and then blanks off the end. */
static void cut_end(struct buf *b, size_t n)
{
    b->len -= n;
    while (b->len > 0 && b->text[b->len - 1] == ' ')
        b->len--;
    b->text[b->len] = '\0';
}

/* A numeral in Chinese signs; without a scale of its own it is in the unit of the column. */
static bool read_numeral(struct buf *body, const char *word, const char *unit, double factor,
                         struct buf *out)
{
    bool scaled;
    remove_char(body, ' ');
    if (!numeral_read(body->text, out, &scaled))
        return false;
    if (scaled && !*word && !strcmp(unit, WANYUAN))
        return false; /* 3.5万 under 万元: of 元 or of 万元? */
    if (!scaled && !*word)
        decimal_scale(out, factor);
    buf_clear(body);
    buf_puts(body, out->text);
    return decimal_read(body->text, unit_shift(word, unit), out);
}

/* `body` is the plain text without its unit word. */
static bool read_body(struct buf *body, const char *word, const char *unit, double factor,
                      struct buf *out, unsigned *repairs)
{
    bool grouped = ungroup(body);
    int shift = unit_shift(word, unit);
    if (!decimal_read(body->text, shift, out)) {
        *repairs |= REPAIR_CN_NUMBER;
        return read_numeral(body, word, unit, factor, out);
    }
    if (grouped || (*word && shift <= 0))
        *repairs |= REPAIR_NUM_FORMAT;
    if (shift > 0)
        *repairs |= REPAIR_CN_NUMBER; /* 3.5万元 under 元 */
    if (!*word)
        decimal_scale(out, factor);
    return true;
}

bool numbertext_read(const char *text, const char *unit, double factor,
                     const struct words *unit_words, struct buf *out, unsigned *repairs)
{
    if (decimal_read(text, 0, out) || scientific_read(text, out)) {
        decimal_scale(out, factor);
        return true;
    }
    struct buf body = {0};
    *repairs |= half_text(&body, text) ? REPAIR_FULLWIDTH : 0;
    const char *word = unit_at_end(body.text, unit, unit_words);
    cut_end(&body, strlen(word));
    bool ok = body.len > 0 && read_body(&body, word, unit, factor, out, repairs);
    buf_free(&body);
    return ok;
}
