/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two places of a draft that say different things:
 *
 *   lists        两处编号的清单, as many items, all ending in the same two characters, which stand
 *                just before both lists (三大机制。一是…机制; 运行机制 (一)…机制), and not the same
 *                items
 *   frequencies  每年…一次X and 二年一次Y of different periods, where a word of two characters of
 *                one activity occurs in the other's sentence and is rare in the draft
 *   figures      the same clause of six characters and more about the whole county, city or
 *                province with another number in it, under the same place and year
 */
#include "base/map.h"
#include "verify/check.h"
#include "verify/quantity_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    SERIES_MOST = 500,
    HEAD_LEAST = 4,
    INTRO = 60,
    FREQUENCIES_MOST = 100,
    RARE = 3,
    ACTIVITY_MOST = 12,
    CLAUSE_LEAST = 6
};

/* ---- lists --------------------------------------------------------------------------------- */

static bool same_text(const char *s, struct extent a, struct extent b)
{
    return a.to - a.from == b.to - b.from && !memcmp(s + a.from, s + b.from, a.to - a.from);
}

/* The two characters that all heads end with and that stand just before the list. */
static bool common_noun(const struct check *c, const struct series *l, struct extent *noun)
{
    const char *s = c->s;
    for (int k = 0; k < l->count; k++) {
        struct extent h = l->heads[k];
        struct extent end = {step_back(s, step_back(s, h.to)), h.to};
        if (extent_length(s, h) < HEAD_LEAST || !is_han(sign_at(s, end.from)))
            return false;
        if (k == 0)
            *noun = end;
        else if (!same_text(s, *noun, end))
            return false;
    }
    char word[16] = {0};
    memcpy(word, s + noun->from, noun->to - noun->from);
    struct extent intro = {l->from > INTRO ? l->from - INTRO : 0, l->from};
    return l->count >= 2 && find_in(s, intro, word) != NOWHERE;
}

static int common_heads(const char *s, const struct series *a, const struct series *b)
{
    int n = 0;
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++)
            n += same_text(s, a->heads[i], b->heads[k]);
    return n;
}

static const char *heads_of(struct check *c, const struct series *l)
{
    struct buf b = {0};
    for (int k = 0; k < l->count; k++) {
        buf_puts(&b, k ? "、" : "");
        draft_quote(c->draft, l->heads[k].from, l->heads[k].to, &b);
    }
    const char *text = arena_strdup(&c->arena, buf_text(&b));
    buf_free(&b);
    return text;
}

static void compare_lists(struct check *c)
{
    for (int i = 0; i < c->series_count && i < SERIES_MOST; i++) {
        struct extent a, b;
        const struct series *x = &c->series[i];
        if (!common_noun(c, x, &a))
            continue;
        for (int k = i + 1; k < c->series_count && k < SERIES_MOST; k++) {
            const struct series *y = &c->series[k];
            if (y->count != x->count || y->from < x->to || !common_noun(c, y, &b) ||
                !same_text(c->s, a, b) || common_heads(c->s, x, y) == x->count)
                continue;
            found(c, CONFLICT, y->from, y->heads[y->count - 1].to,
                  "这里的%d项%.*s是%s，第%ld行的%d项是%s", y->count, (int)(b.to - b.from),
                  c->s + b.from, heads_of(c, y), draft_line(c->draft, x->from), x->count,
                  heads_of(c, x));
        }
    }
}

/* ---- frequencies --------------------------------------------------------------------------- */

struct frequency {
    size_t from, to, end; /* the words; the end of the sentence */
    double per_year;
    struct extent activity;
};

static double periods_in_year(const char *s, size_t i, size_t *to)
{
    static const struct {
        const char *text;
        double n;
    } periods[] = {{"半年", 2},  {"年", 1},  {"季度", 4}, {"季", 4},
                   {"个月", 12}, {"月", 12}, {"周", 52},  {"天", 365}};
    for (size_t k = 0; k < sizeof periods / sizeof *periods; k++)
        if (word_at(s, i, periods[k].text)) {
            *to = i + strlen(periods[k].text);
            return periods[k].n;
        }
    return 0;
}

/* A small number in Arabic digits or Chinese numerals; 0 when there is none. */
static double count_at(const char *s, size_t i, size_t *to)
{
    double value = 0;
    int zeros;
    size_t n = 0;
    while (n < 4 && isdigit((unsigned char)s[i + n]))
        n++;
    *to = n ? i + n : numeral_end(s, i);
    if (n)
        return n <= 3 ? (double)strtol(s + i, NULL, 10) : 0;
    if (*to == i || !numeral_value(s, (struct extent){i, *to}, &value, &zeros))
        return 0;
    return value;
}

/* N次 at or behind i in the clause. */
static double times_behind(const char *s, size_t i, size_t *from, size_t *to)
{
    size_t end = clause_end(s, i);
    for (size_t k = i; k < end; k = step_on(s, k)) {
        double n = count_at(s, k, to);
        if (n > 0 && word_at(s, *to, "次")) {
            *from = k;
            *to += strlen("次");
            return n;
        }
        if (n > 0)
            k = *to > k ? step_back(s, *to) : k;
    }
    return 0;
}

/* 每年…一次, 每两年…一次; 二年一次, 一年两次. */
static bool read_frequency(const char *s, size_t i, struct frequency *f)
{
    bool each = word_at(s, i, "每");
    size_t at = each ? i + strlen("每") : i, period, number, to;
    double many = count_at(s, at, &period);
    if (!each && (many == 0 || (i > 0 && numeral_end(s, step_back(s, i)) > i)))
        return false;
    if (many == 0) {
        many = 1;
        period = at;
    }
    double in_year = periods_in_year(s, period, &period);
    double times = in_year > 0 ? times_behind(s, period, &number, &to) : 0;
    if (times == 0 || (!each && number != period))
        return false;
    *f = (struct frequency){
        .from = i, .to = to, .end = sentence_end(s, to), .per_year = in_year * times / many};
    f->activity = han_at(s, to, ACTIVITY_MOST);
    if (f->activity.to == f->activity.from)
        f->activity = (struct extent){period, number};
    return true;
}

/* Occurrences of the word, not of the name of an association (促进会); counts to RARE + 1. */
static int occurrences(const struct check *c, const char *word)
{
    int n = 0;
    struct extent rest = {0, c->draft->scan.len};
    while (n <= RARE && (rest.from = find_in(c->s, rest, word)) != NOWHERE) {
        rest.from += strlen(word);
        n += !word_at(c->s, rest.from, "会");
    }
    return n;
}

/* A rare word of two characters of the activity that stands in the text; "" when none does. */
static void shared_word(const struct check *c, struct extent activity, struct extent text,
                        char word[16])
{
    static const char *const general[] = {"活动", "会议", "工作", "组织", "情况", "老区", "大会",
                                          "一次", "检查", "进行", "开展", "召开", "举办", NULL};
    const char *s = c->s;
    for (size_t i = activity.from; i < activity.to; i = step_on(s, i)) {
        size_t to = step_on(s, step_on(s, i));
        if (to > activity.to || to - i >= 16 || !is_han(sign_at(s, i)) || any_at(s, i, general))
            continue;
        memcpy(word, s + i, to - i);
        word[to - i] = '\0';
        if (find_in(s, text, word) != NOWHERE && occurrences(c, word) <= RARE)
            return;
    }
    word[0] = '\0';
}

static void compare_frequencies(struct check *c)
{
    struct frequency all[FREQUENCIES_MOST];
    int n = 0;
    for (size_t i = 0; c->s[i] && n < FREQUENCIES_MOST; i = step_on(c->s, i))
        if (read_frequency(c->s, i, &all[n]))
            i = step_back(c->s, all[n++].to);
    for (int i = 0; i < n; i++)
        for (int k = i + 1; k < n; k++) {
            const struct frequency *a = &all[i], *b = &all[k];
            char word[16];
            if (a->per_year == b->per_year || a->end == b->end)
                continue;
            shared_word(c, b->activity, (struct extent){a->from, a->end}, word);
            if (!*word)
                shared_word(c, a->activity, (struct extent){b->from, b->end}, word);
            if (!*word)
                continue;
            struct buf other = {0};
            draft_quote(c->draft, a->from, a->activity.to > a->to ? a->activity.to : a->to, &other);
            found(c, CONFLICT, b->from, b->activity.to > b->to ? b->activity.to : b->to,
                  "第%ld行说“%s”，两处都讲“%s”而周期不同，请核对是不是一件事",
                  draft_line(c->draft, a->from), buf_text(&other), word);
            buf_free(&other);
        }
}

/* ---- figures ------------------------------------------------------------------------------- */

/* The last place named before byte i of the paragraph: two to four characters with 县 … behind. */
static struct extent place_before(const struct check *c, const struct quantity *q)
{
    static const char *const kinds[] = {"省", "市", "县", "区", "乡", "镇", NULL};
    static const char *const all[] = {"全", "我", "各", "本", "该", NULL};
    for (size_t i = q->from; i > q->paragraph && q->from - i < 1200; i = step_back(c->s, i)) {
        if (!any_before(c->s, i, kinds))
            continue;
        size_t from = step_back(c->s, i);
        if (any_before(c->s, from, all))
            continue;
        struct extent name = han_before(c->s, from, 2);
        return (struct extent){name.from, i};
    }
    return (struct extent){0, 0};
}

/* The last date with a year before the number in its paragraph. */
static struct extent year_before(const struct check *c, int i)
{
    for (int k = i - 1; k >= 0 && k > i - 100; k--) {
        const struct quantity *q = &c->qs.items[k];
        if (q->paragraph != c->qs.items[i].paragraph)
            break;
        if (q->kind == KIND_DATE && find_in(c->s, (struct extent){q->from, q->to}, "年") != NOWHERE)
            return (struct extent){q->from, q->to};
    }
    return (struct extent){0, 0};
}

/* The clause with # for the number; "" when it says too little. */
static void key_of(const struct check *c, int i, struct buf *key)
{
    static const char *const scopes[] = {"全省", "全市", "全县", "全区", "全国",   "我省",
                                         "我市", "我县", "覆盖", "总数", "总人口", NULL};
    static const char *const relative[] = {"其中", "去年", "上年", "今年", "当年",
                                           "每",   "新增", "增",   "减",   NULL};
    const struct quantity *q = &c->qs.items[i];
    struct extent clause = {q->clause, clause_end(c->s, q->to)};
    struct extent behind = {q->to, clause.to}, place = place_before(c, q), year = year_before(c, i);
    size_t at;
    buf_clear(key);
    if (!any_in(c->s, clause, scopes, &at) || any_in(c->s, clause, relative, &at) ||
        extent_length(c->s, label_of(q)) + extent_length(c->s, behind) < CLAUSE_LEAST)
        return;
    for (size_t k = clause.from; k < clause.to; k++)
        if (k < q->from || k >= q->to)
            buf_putc(key, isdigit((unsigned char)c->s[k]) ? '0' : c->s[k]);
        else if (k == q->from)
            buf_putc(key, '#');
    buf_printf(key, "\t%.*s\t%.*s\t%s", (int)(place.to - place.from), c->s + place.from,
               (int)(year.to - year.from), c->s + year.from, q->measure ? q->measure->text : "");
}

static void compare_figures(struct check *c)
{
    struct map first = {0};
    struct buf key = {0};
    for (int i = 0; i < c->qs.count; i++) {
        const struct quantity *q = &c->qs.items[i];
        if (!is_number(q) || q->kind == KIND_FUZZY || q->dim == DIM_NONE || q->dim == DIM_TIME)
            continue;
        key_of(c, i, &key);
        if (key.len == 0 || map_add(&first, key.text, i))
            continue;
        int other = (int)map_get(&first, key.text, -1);
        if (overlap(if_rounded(q), if_rounded(&c->qs.items[other])))
            continue;
        cover(c, i);
        cover(c, other);
        found(c, CONFLICT, q->clause, q->noun.to, "第%ld行同样的话里是%s",
              draft_line(c->draft, c->qs.items[other].from), words_of(c, other));
    }
    buf_free(&key);
    map_free(&first);
}

void rule_conflicts(struct check *c)
{
    compare_lists(c);
    compare_frequencies(c);
    compare_figures(c);
}
