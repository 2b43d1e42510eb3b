/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/heads.h"

#include "base/text.h"
#include "intake/headmatrix.h"
#include "intake/headtext.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One way to write one question; those with the same key are chained. */
struct entry {
    const struct question *question;
    int level;
    int rank; /* index of the variant that gave the key: exact ones win */
    int next; /* or -1 */
};

struct heads {
    const struct topic *topic;
    struct map keys; /* key -> first entry */
    struct entry *entries;
    int count, room;
    struct headtext text; /* scratch */
    struct buf scratch, unit;
};

const char *column_role_name(enum column_role role)
{
    static const char *const names[] = {"",         "question",   "choice",  "index",  "parent",
                                        "instance", "deprecated", "version", "system", "extra"};
    return names[role];
}

/* ---- the catalogue ------------------------------------------------------------------------ */

static void add_key(struct heads *h, const char *key, int level, const struct question *q, int rank)
{
    int first = (int)map_get(&h->keys, key, -1);
    for (int i = first; i >= 0; i = h->entries[i].next)
        if (h->entries[i].level == level && h->entries[i].rank <= rank)
            return; /* a better or earlier question has it */
    GROW(h->entries, h->count, h->room);
    h->entries[h->count] = (struct entry){q, level, rank, first};
    map_put(&h->keys, key, h->count++);
}

static void add_text(struct heads *h, const char *text, int level, const struct question *q)
{
    if (!text || text_is_blank(text))
        return;
    headtext_set(&h->text, text);
    for (int v = 0; v < h->text.count; v++)
        add_key(h, headtext_variant(&h->text, v), level, q, v);
}

static void add_question(struct heads *h, int level, const struct question *q)
{
    const struct topic *t = h->topic;
    add_text(h, q->name, level, q);
    add_text(h, q->short_label, level, q);
    add_text(h, q->label, level, q);
    for (int i = 0; i < q->alias_count; i++)
        add_text(h, q->aliases[i], level, q);
    for (int i = 0; i < t->alias_count; i++)
        if (!strcmp(t->aliases[i].question, q->name) &&
            !strcmp(t->aliases[i].form_name, t->levels[level].form_name))
            add_text(h, t->aliases[i].head, level, q);
}

struct heads *heads_new(const struct topic *t)
{
    struct heads *h = must_alloc(sizeof *h);
    h->topic = t;
    for (int l = 0; l < t->level_count; l++) {
        const struct form *f = t->levels[l].form;
        for (int i = 0; i < f->question_count; i++)
            if (f->questions[i].repeat == t->levels[l].repeat &&
                question_has_data(&f->questions[i]))
                add_question(h, l, &f->questions[i]);
    }
    return h;
}

void heads_free(struct heads *h)
{
    if (!h)
        return;
    map_free(&h->keys);
    free(h->entries);
    headtext_free(&h->text);
    buf_free(&h->scratch);
    buf_free(&h->unit);
    free(h);
}

/* ---- one head ----------------------------------------------------------------------------- */

static const struct question *question_of_key(const struct heads *h, const char *key, int level)
{
    const struct entry *best = NULL;
    for (int i = (int)map_get(&h->keys, key, -1); i >= 0; i = h->entries[i].next)
        if (h->entries[i].level == level && (!best || h->entries[i].rank < best->rank))
            best = &h->entries[i];
    return best ? best->question : NULL;
}

/* The question of a level that h->text names. */
static const struct question *question_of_text(const struct heads *h, int level)
{
    const struct question *q = NULL;
    for (int v = 0; v < h->text.count && !q; v++)
        q = question_of_key(h, headtext_variant(&h->text, v), level);
    return q;
}

static bool is_above(const struct topic *t, int level, int above)
{
    for (int l = t->levels[level].parent; l >= 0; l = t->levels[l].parent)
        if (l == above)
            return true;
    return false;
}

static const struct choice *choice_of_text(struct heads *h, const struct question *q,
                                           const char *text)
{
    for (int i = 0; q->list && i < q->list->count; i++) {
        const struct choice *c = &q->list->choices[i];
        if (!strcmp(c->name, text) || headtext_same(&h->scratch, c->label, text))
            return c;
    }
    return NULL;
}

/* svc_kinds/3, svc_kinds_3, 享受服务种类-技能培训: a multiple choice and one of its choices. */
static bool match_choice(struct heads *h, const char *text, int level, struct column *out)
{
    static const char separators[] = "/.:-_(";
    struct headtext whole = {0};
    struct buf left = {0};
    bool found = false;
    headtext_set(&whole, text);
    const char *plain = headtext_plain(&whole);
    size_t n = strlen(plain);
    for (size_t i = n; i-- > 1 && !found;) {
        if (!strchr(separators, plain[i]) || i + 1 >= n)
            continue;
        buf_clear(&left);
        buf_put(&left, plain, i);
        headtext_set(&h->text, left.text);
        const struct question *q = question_of_text(h, level);
        if (!q || q->type != Q_SELECT_MULTIPLE)
            continue;
        buf_clear(&left);
        buf_put(&left, plain + i + 1, n - i - 1 - (plain[i] == '(' && plain[n - 1] == ')'));
        const struct choice *c = choice_of_text(h, q, left.text);
        if (c)
            *out = (struct column){COLUMN_CHOICE, q, c, level, 0};
        found = c != NULL;
    }
    headtext_free(&whole);
    buf_free(&left);
    return found;
}

/* A column of this level: a question, or one choice of it. */
static bool match_own(struct heads *h, const char *text, int level, struct column *out)
{
    /* 享受服务种类（职业介绍）: with the choice in brackets the bare head fits as well. */
    if (ends_with(text, ")") || ends_with(text, "）"))
        if (match_choice(h, text, level, out))
            return true;
    headtext_set(&h->text, text);
    const struct question *q = question_of_text(h, level);
    if (!q)
        return match_choice(h, text, level, out);
    *out = (struct column){COLUMN_QUESTION, q, NULL, level, 0};
    return true;
}

/* A question of level l, the repeat named by `word` before `rest`, or in it when word is "". */
static bool match_nth(struct heads *h, int l, const struct wide_head *parts, struct column *out)
{
    const struct level *level = &h->topic->levels[l];
    const char *rest = parts->rest;
    if (!*parts->word) { /* 第2个成员工资 */
        const char *behind = headtext_without_repeat(rest, level->repeat_name, level->label);
        return (behind && match_own(h, behind, l, out)) || match_own(h, rest, l, out);
    }
    if (!headtext_names_repeat(parts->word, level->repeat_name, level->label))
        return false;
    if (match_own(h, rest, l, out))
        return true;
    char joined[sizeof parts->word + sizeof parts->rest]; /* 品牌1名称: it is 品牌名称 */
    snprintf(joined, sizeof joined, "%s%s", parts->word, rest);
    return match_own(h, joined, l, out);
}

/* member2_m_wage, 成员2工资, 第2个成员的工资: a record of a repeat, side by side with others. */
static bool match_wide(struct heads *h, const char *text, int level, struct column *out)
{
    const struct topic *t = h->topic;
    struct wide_head parts;
    bool found = false;
    headtext_set(&h->text, text);
    if (!headtext_wide(&h->text, &parts))
        return false;
    for (int l = 0; l < t->level_count && !found; l++)
        found = t->levels[l].parent == level && match_nth(h, l, &parts, out);
    out->nth = found ? parts.number : 0;
    return found;
}

/* 姓名2: a question of a repeat with a number behind it. */
static bool match_wide_suffix(struct heads *h, const char *text, int level, struct column *out)
{
    const struct topic *t = h->topic;
    struct wide_head parts;
    bool found = false;
    headtext_set(&h->text, text);
    if (!headtext_numbered(&h->text, &parts))
        return false;
    for (int l = 0; l < t->level_count && !found; l++)
        found = t->levels[l].parent == level && match_own(h, parts.rest, l, out);
    out->nth = found ? parts.number : 0;
    return found;
}

static struct column match(struct heads *h, const char *text, int level)
{
    struct column c = {.role = COLUMN_NONE};
    if (!text || text_is_blank(text))
        return c;
    if (match_own(h, text, level, &c) || match_wide(h, text, level, &c))
        return c;
    for (int l = h->topic->levels[level].parent; l >= 0; l = h->topic->levels[l].parent)
        if (match_own(h, text, l, &c))
            return c;
    c = (struct column){.role = headtext_system(text)};
    if (c.role == COLUMN_NONE && !match_wide_suffix(h, text, level, &c))
        c.role = COLUMN_EXTRA;
    return c;
}

/* ---- a row of heads ----------------------------------------------------------------------- */

static bool is_below_or_same(const struct topic *t, int level, int other)
{
    return other == level || is_above(t, other, level);
}

/* A question counts once: answers that happen to be heads repeat in a row of a card. */
static bool is_first(bool *seen, const struct column *c)
{
    if (c->role != COLUMN_QUESTION || c->nth)
        return true;
    bool first = !seen[c->question->index];
    seen[c->question->index] = true;
    return first;
}

static struct fit fit_level(struct heads *h, int level, const char *const *texts, int count)
{
    struct fit fit = {.level = level};
    bool *seen = must_alloc((size_t)h->topic->levels[level].form->question_count + 1);
    for (int i = 0; i < count; i++) {
        struct column c = match(h, texts[i], level);
        bool first = is_first(seen, &c);
        fit.heads += c.role != COLUMN_NONE;
        fit.again += !first;
        fit.known += c.role != COLUMN_NONE && c.role != COLUMN_EXTRA && first;
        fit.own += c.question && is_below_or_same(h->topic, level, c.level) && first;
    }
    free(seen);
    return fit;
}

struct fit heads_fit(struct heads *h, const char *const *texts, int count)
{
    struct fit best = {.level = -1};
    for (int i = 0; i < count; i++)
        best.heads += texts[i] && !text_is_blank(texts[i]);
    for (int l = 0; l < h->topic->level_count && best.heads; l++) {
        struct fit fit = fit_level(h, l, texts, count);
        if (fit.own > best.own || (fit.own == best.own && fit.own && fit.known > best.known))
            best = fit;
    }
    return best;
}

bool fit_is_certain(const struct fit *fit)
{
    return fit->own >= 8; /* no row of answers names so many questions */
}

bool fit_is_head(const struct fit *fit)
{
    int foreign = fit->heads - fit->known;
    return fit_is_certain(fit) || (fit->own >= 3 && foreign <= 2 * fit->known) ||
           (fit->own == 2 && foreign <= 1 && !fit->again);
}

void heads_columns(struct heads *h, int level, const char *const *texts, int count,
                   struct column *out)
{
    struct map seen = {0};
    for (int i = 0; i < count; i++) {
        out[i] = match(h, texts[i], level);
        if (out[i].role != COLUMN_QUESTION && out[i].role != COLUMN_CHOICE)
            continue;
        struct buf key = {0};
        buf_printf(&key, "%d %s %d %s", out[i].level, out[i].question->name, out[i].nth,
                   out[i].choice ? out[i].choice->name : "-");
        if (!map_add(&seen, key.text, i))
            out[i] = (struct column){.role = COLUMN_EXTRA}; /* the first one holds */
        buf_free(&key);
    }
    map_free(&seen);
    headmatrix_match(h->topic, level, texts, count, out);
}

bool heads_known(struct heads *h, const char *text)
{
    headtext_set(&h->text, text);
    for (int v = 0; v < h->text.count; v++)
        if (map_has(&h->keys, headtext_variant(&h->text, v)))
            return true;
    return false;
}

const struct question *heads_question(struct heads *h, int level, const char *text)
{
    headtext_set(&h->text, text);
    return question_of_text(h, level);
}

const char *heads_unit(struct heads *h, const char *text)
{
    buf_clear(&h->unit);
    headtext_unit(&h->unit, text);
    return buf_text(&h->unit);
}
