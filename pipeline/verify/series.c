/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Enumerated lists.  An enumerator stands at the start of a clause:
 *
 *   一是 二是 · 一要 二要 · 一、 二、 · (一) (二) · 1. 1、 · (1) · ① ② · 第一, 第二,
 *
 * Number 1 opens a list; number k goes on the innermost open list of its style whose last number
 * is k - 1, and ends the lists inside it.  A heading line (#) ends all.
 */
#include "verify/check.h"

#include "verify/quantity_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum style { IS, MUST, HAN, HAN_ROUND, ARABIC, ARABIC_ROUND, CIRCLED, ORDINAL };
enum { OPEN_MOST = 64, HEAD_MOST = 30 };

struct mark {
    enum style style;
    int number;
    size_t to;
};

static int small_number(const char *s, size_t i, size_t *to, bool *arabic)
{
    double value;
    int zeros;
    size_t n = strspn(s + i, "0123456789");
    *arabic = n > 0;
    *to = n ? i + n : numeral_end(s, i);
    if (n)
        return n <= 2 ? atoi(s + i) : 0;
    if (*to == i || *to - i > 9 || !numeral_value(s, (struct extent){i, *to}, &value, &zeros))
        return 0;
    return value < 100 ? (int)value : 0;
}

static bool in_round(const char *s, size_t i, struct mark *m)
{
    bool arabic;
    m->number = s[i] == '(' ? small_number(s, i + 1, &m->to, &arabic) : 0;
    if (m->number == 0 || s[m->to] != ')')
        return false;
    m->style = arabic ? ARABIC_ROUND : HAN_ROUND;
    m->to++;
    return true;
}

static bool with_word(const char *s, size_t i, struct mark *m)
{
    bool arabic, first = word_at(s, i, "第");
    m->number = small_number(s, first ? i + strlen("第") : i, &m->to, &arabic);
    if (m->number == 0)
        return false;
    size_t to = m->to;
    if (first) {
        m->style = ORDINAL;
        m->to += 1;
        return s[to] == ',' || s[to] == ':';
    }
    if (arabic) {
        m->style = ARABIC;
        m->to += s[to] == '.' ? 1 : strlen("、");
        return (s[to] == '.' && !isdigit((unsigned char)s[to + 1])) || word_at(s, to, "、");
    }
    m->style = word_at(s, to, "是") ? IS : word_at(s, to, "要") ? MUST : HAN;
    m->to += strlen("是");
    return m->style != HAN || word_at(s, to, "、");
}

static bool circled(const char *s, size_t i, struct mark *m)
{
    uint32_t sign = sign_at(s, i);
    *m = (struct mark){CIRCLED, (int)sign - 0x2460 + 1, step_on(s, i)};
    return sign >= 0x2460 && sign <= 0x2473;
}

static void add_head(const char *s, struct series *list, const struct mark *m, size_t from)
{
    GROW(list->heads, list->count, list->room);
    struct extent head = {m->to, m->to};
    int n = 0;
    while (n++ < HEAD_MOST && !ends_clause(s, head.to))
        head.to = step_on(s, head.to);
    if (list->count == 0)
        list->from = from;
    list->heads[list->count++] = head;
    list->to = m->to;
}

/* The innermost open list that the mark goes on; -1. */
static int continued(const struct check *c, const struct mark *m)
{
    int least = c->series_count - OPEN_MOST;
    for (int i = c->series_count - 1; i >= 0 && i >= least; i--)
        if (c->series[i].open && c->series[i].style == (int)m->style &&
            c->series[i].count == m->number - 1)
            return i;
    return -1;
}

static void close_from(struct check *c, int first)
{
    for (int i = c->series_count - 1; i >= first && i >= c->series_count - OPEN_MOST; i--)
        c->series[i].open = false;
}

static void take(struct check *c, const struct mark *m, size_t from)
{
    int i;
    if (m->number == 1) {
        GROW(c->series, c->series_count, c->series_room);
        i = c->series_count++;
        c->series[i] = (struct series){.style = (int)m->style, .open = true};
    } else {
        i = continued(c, m);
        if (i < 0)
            return;
        close_from(c, i + 1);
    }
    add_head(c->s, &c->series[i], m, from);
}

void series_read(struct check *c)
{
    const char *s = c->s;
    bool starts = true;
    for (size_t i = 0; s[i]; i = step_on(s, i)) {
        struct mark m = {0};
        if (s[i] == '#')
            close_from(c, 0);
        if (starts && (in_round(s, i, &m) || circled(s, i, &m) || with_word(s, i, &m)))
            take(c, &m, i);
        starts = ends_clause(s, i) || s[i] == '#' || word_at(s, i, "“");
    }
}
