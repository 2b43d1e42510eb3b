/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/choicetext.h"

#include "base/arena.h"
#include "base/text.h"
#include "review/repair.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 400, TOKENS_MAX = 64 };

/* ---- folded text ----------------------------------------------------------------------------- */

/* Characters with differences of width undone; raw[] as they stood.  What a platform puts in 〖〗
 * behind a choice, the words of 其他, is left out. */
struct folded {
    uint32_t raw[TEXT_MAX], c[TEXT_MAX];
    int n;         /* -1: too long */
    bool left_out; /* something in 〖〗 */
};

static uint32_t fold_char(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c == 0x3001 || c == 0x250B)
        return ','; /* 、 and the ┋ of 问卷星 */
    if (is_space_char(c))
        return ' ';
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static void fold(const char *text, bool keep_blanks, struct folded *f)
{
    f->n = 0;
    f->left_out = false;
    for (uint32_t c; (c = utf8_next(&text));) {
        uint32_t folded = fold_char(c);
        const char *close = c == 0x3016 ? strstr(text, "〗") : NULL;
        if (close) {
            f->left_out = true;
            text = close + strlen("〗");
            continue;
        }
        if (folded == ' ' && !keep_blanks)
            continue;
        if (f->n == TEXT_MAX) {
            f->n = -1;
            return;
        }
        f->raw[f->n] = c;
        f->c[f->n++] = folded;
    }
}

/* A code or label folded once, without blanks. */
struct part {
    uint32_t *c;
    int n;
};
struct choice_index {
    const struct choice_list *list;
    struct part *codes, *labels; /* one a choice */
};

static struct part fold_part(const char *text)
{
    struct folded f;
    fold(text, false, &f);
    struct part part = {NULL, f.n > 0 ? f.n : 0};
    part.c = must_alloc((size_t)(part.n + 1) * sizeof *part.c);
    memcpy(part.c, f.c, (size_t)part.n * sizeof *part.c);
    return part;
}

struct choice_index *choice_index_new(const struct choice_list *list)
{
    struct choice_index *x = must_alloc(sizeof *x);
    x->list = list;
    x->codes = must_alloc((size_t)(list->count + 1) * sizeof *x->codes);
    x->labels = must_alloc((size_t)(list->count + 1) * sizeof *x->labels);
    for (int i = 0; i < list->count; i++) {
        x->codes[i] = fold_part(list->choices[i].name);
        x->labels[i] = fold_part(list->choices[i].label);
    }
    return x;
}

void choice_index_free(struct choice_index *x)
{
    if (!x)
        return;
    for (int i = 0; i < x->list->count; i++) {
        free(x->codes[i].c);
        free(x->labels[i].c);
    }
    free(x->codes);
    free(x->labels);
    free(x);
}

/* Position behind `part` when it stands at position p of f, blanks inside skipped; else -1. */
static int match(const struct folded *f, int p, const struct part *part)
{
    if (part->n <= 0)
        return -1;
    for (int i = 0; i < part->n; i++) {
        while (i > 0 && p < f->n && f->c[p] == ' ')
            p++;
        if (p >= f->n || f->c[p] != part->c[i])
            return -1;
        p++;
    }
    return p;
}

static int skip_blanks(const struct folded *f, int p)
{
    while (p < f->n && f->c[p] == ' ')
        p++;
    return p;
}

/* Position behind a choice's own code at p, written as a number before a label: 2. 2、 (2) 2) 2:
 * 2- or 2 alone; else -1. */
static int match_numbering(const struct folded *f, int p, const struct part *code)
{
    bool bracket = p < f->n && f->c[p] == '(';
    int after = match(f, p + bracket, code);
    if (after < 0)
        return -1;
    if (bracket)
        return after < f->n && f->c[after] == ')' ? after + 1 : -1;
    if (after < f->n && f->c[after] < 0x80 && strchr(".,):-", (int)f->c[after]))
        after++;
    return after;
}

/* ---- one choice ------------------------------------------------------------------------------ */

static bool is_allowed(const bool *allowed, int i)
{
    return !allowed || allowed[i];
}

/* How the whole text names choice i: 0 not at all, else the repair. */
static unsigned names_choice(const struct folded *text, const struct choice_index *x, int i)
{
    const struct part *code = &x->codes[i], *label = &x->labels[i];
    if (match(text, 0, code) == text->n)
        return text->left_out ? REPAIR_LABEL_VARIANT : REPAIR_FULLWIDTH;
    if (match(text, 0, label) == text->n)
        return REPAIR_LABEL_VARIANT;
    int p = match_numbering(text, 0, code);
    if (p < 0)
        return 0;
    bool bare = p == text->n || (p + 1 == text->n && text->c[p] == '0' && text->c[p - 1] == '.');
    return bare || match(text, p, label) == text->n ? REPAIR_LABEL_VARIANT : 0;
}

/* The code or the label as they stand; -1 when neither. */
static int exact(const struct choice_list *list, const char *text, const bool *allowed)
{
    for (int i = 0; i < list->count; i++)
        if (is_allowed(allowed, i) && !strcmp(list->choices[i].name, text))
            return i;
    int found = -1;
    for (int i = 0; i < list->count; i++)
        if (is_allowed(allowed, i) && !strcmp(list->choices[i].label, text)) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

int choicetext_one(const struct choice_index *x, const char *text, const bool *allowed,
                   unsigned *repairs)
{
    int found = exact(x->list, text, allowed);
    if (found >= 0)
        return found;
    struct folded f;
    fold(text, false, &f);
    unsigned repair = 0;
    for (int i = 0; i < x->list->count && f.n > 0; i++) {
        unsigned how = is_allowed(allowed, i) ? names_choice(&f, x, i) : 0;
        if (how && found >= 0)
            return -1;
        if (how) {
            found = i;
            repair = how;
        }
    }
    *repairs |= repair;
    return found;
}

/* ---- many choices ---------------------------------------------------------------------------- */

struct token {
    int choice, start, end;
};
struct listing {
    const struct choice_index *index;
    const bool *allowed;
    struct folded text;
    bool by_code;            /* this attempt reads codes, the other one labels */
    bool dead[TEXT_MAX + 1]; /* positions from which nothing fits */
    struct token tokens[TOKENS_MAX];
    int count;
};

static bool is_separator(uint32_t c)
{
    return c < 0x80 && c && strchr(" ,;/|+", (int)c);
}

/* Position behind choice i at p, or -1; a part ends at a separator or at the end. */
static int match_token(const struct listing *l, int p, int i)
{
    const struct part *code = &l->index->codes[i], *label = &l->index->labels[i];
    int end = match(&l->text, p, l->by_code ? code : label);
    if (end < 0 && !l->by_code) {
        int behind = match_numbering(&l->text, p, code);
        if (behind >= 0)
            end = match(&l->text, skip_blanks(&l->text, behind), label);
    }
    return end < l->text.n && end >= 0 && !is_separator(l->text.c[end]) ? -1 : end;
}

/* The longest part at p that ends before `limit` and fits exactly one choice; choice -1: none. */
static struct token longest_token(const struct listing *l, int p, int limit)
{
    struct token best = {-1, p, -1};
    for (int i = 0; i < l->index->list->count; i++) {
        int end = is_allowed(l->allowed, i) ? match_token(l, p, i) : -1;
        if (end < 0 || end >= limit || end < best.end)
            continue;
        best.choice = end == best.end ? -1 : i;
        best.end = end;
    }
    return best;
}

/* Reads the rest of the text from p, longest part first; remembers positions from which nothing
 * fits, so that the work stays proportional to the text. */
static bool read_tokens(struct listing *l, int p)
{
    while (p < l->text.n && is_separator(l->text.c[p]))
        p++;
    if (p >= l->text.n)
        return l->count > 0;
    if (l->dead[p] || l->count == TOKENS_MAX)
        return false;
    struct token t = longest_token(l, p, l->text.n + 1);
    for (; t.end >= 0; t = longest_token(l, p, t.end)) {
        l->tokens[l->count++] = t;
        if (t.choice >= 0 && read_tokens(l, t.end))
            return true;
        l->count--;
    }
    l->dead[p] = true;
    return false;
}

/* Whether the characters from a to b, between two parts, are the one separator that the rules
 * ask for; nothing may stand before the first and behind the last part. */
static bool proper_gap(const struct listing *l, int a, int b, bool between)
{
    if (!between)
        return a == b;
    return b == a + 1 && l->text.raw[a] == (l->by_code ? ' ' : 0x3001u);
}

static bool as_it_stands(const struct listing *l, const struct token *t)
{
    const struct choice *choice = &l->index->list->choices[t->choice];
    const char *p = l->by_code ? choice->name : choice->label;
    for (int i = t->start; i < t->end; i++)
        if (utf8_next(&p) != l->text.raw[i])
            return false;
    return !*p;
}

static unsigned listing_repairs(const struct listing *l)
{
    unsigned repairs = 0;
    int at = 0;
    for (int i = 0; i < l->count; i++) {
        const struct token *t = &l->tokens[i];
        if (!proper_gap(l, at, t->start, i > 0))
            repairs |= REPAIR_MULTI_SEP;
        if (!as_it_stands(l, t))
            repairs |= l->by_code ? REPAIR_FULLWIDTH : REPAIR_LABEL_VARIANT;
        at = t->end;
    }
    if (l->text.left_out)
        repairs |= REPAIR_LABEL_VARIANT;
    return proper_gap(l, at, l->text.n, false) ? repairs : repairs | REPAIR_MULTI_SEP;
}

static bool read_listing(struct listing *l)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        l->by_code = attempt == 0;
        l->count = 0;
        memset(l->dead, 0, sizeof l->dead);
        if (read_tokens(l, 0))
            return true;
    }
    return false;
}

/* Codes with one blank between them, the common case, without folding anything. */
static bool plain_codes(const struct choice_list *list, const char *text, const bool *allowed,
                        bool *chosen)
{
    memset(chosen, 0, (size_t)list->count * sizeof *chosen);
    for (;;) {
        size_t n = strcspn(text, " ");
        int found = -1;
        for (int i = 0; i < list->count && found < 0; i++)
            if (is_allowed(allowed, i) && strlen(list->choices[i].name) == n &&
                !strncmp(list->choices[i].name, text, n))
                found = i;
        if (found < 0)
            return false;
        chosen[found] = true;
        text += n;
        if (!*text)
            return true;
        text++;
    }
}

bool choicetext_many(const struct choice_index *x, const char *text, const bool *allowed,
                     bool *chosen, unsigned *repairs)
{
    if (plain_codes(x->list, text, allowed, chosen))
        return true;
    memset(chosen, 0, (size_t)x->list->count * sizeof *chosen);
    struct listing l = {.index = x, .allowed = allowed};
    fold(text, true, &l.text);
    if (l.text.n <= 0 || !read_listing(&l))
        return false;
    *repairs |= listing_repairs(&l);
    for (int i = 0; i < l.count; i++)
        chosen[l.tokens[i].choice] = true;
    return true;
}
