/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/likely.h"

#include "review/numeral.h"
#include "simulate/draw.h"
#include "survey/days.h"
#include "survey/lookup.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 40, CODES_MOST = 64 };

struct guess {
    const struct question *question;
    enum { GUESS_WEIGHTS, GUESS_EVEN, GUESS_SKEWED, GUESS_SHARE, GUESS_AS, GUESS_LISTED } kind;
    double low, high;           /* numbers; shares */
    bool alone[CODES_MOST];     /* never with another */
    double weights[CODES_MOST]; /* by choice */
    const struct question *as;  /* the other question */
    const struct wsheet *list;  /* the file, with a column `unit` */
    double chance;              /* of being as that one, or from that file */
};

struct amount {
    const struct form *form;
    long records;
};

struct likely {
    struct guess *items;
    int count, room;
    struct amount *amounts;
    int amount_count, amount_room;
};

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_number(const struct question *q)
{
    return q->type == Q_INTEGER || q->type == Q_DECIMAL;
}

static bool is_before(const struct guess *g, const struct question *other)
{
    return other && other->repeat == g->question->repeat && other->index < g->question->index;
}

static int read_as(const char *text, const struct form *f, struct guess *g, struct place at)
{
    char name[128];
    int read = 0;
    g->kind = GUESS_AS;
    if (sscanf(text, "=%127s %lf%n", name, &g->chance, &read) != 2 || text[read])
        return error_at(at, "“%s”应写成 =题名 百分数，如 =a_gift 90", text);
    g->as = form_question(f, name);
    return is_before(g, g->as) ? 0 : error_at(at, "%s 不是本题前面、同一层的题", name);
}

static int read_listed(const char *text, const struct form *f, struct guess *g, struct place at)
{
    char name[128];
    const char *why = "";
    int read = 0;
    g->kind = GUESS_LISTED;
    if (sscanf(text, "@%127s %lf%n", name, &g->chance, &read) != 2 || text[read])
        return error_at(at, "“%s”应写成 @文件 百分数，如 @last 40", text);
    struct lookup *l = lookups_open(f->lookups, name, &why);
    if (!l || !lookup_has_column(l, "unit"))
        return error_at(at, "%s.csv %s", name, l ? "没有 unit 栏" : why);
    g->list = lookup_sheet(l);
    return 0;
}

/* What a share is of: the largest allowed, or an earlier question of the record. */
static int read_whole(const char *text, const struct form *f, struct guess *g, struct place at)
{
    text += strspn(text, " ");
    g->as = *text ? form_question(f, text) : NULL;
    return !*text || is_before(g, g->as) ? 0 : error_at(at, "%s 不是本题前面、同一层的题", text);
}

/* The first n bytes: a date; a number, with a % behind it where it is a share. */
static bool read_bound(const struct question *q, const char *text, size_t n, bool share,
                       double *out)
{
    char number[40], *end;
    snprintf(number, sizeof number, "%.*s", (int)n, text);
    if (q->type == Q_DATE)
        return days_from_text(number, out);
    *out = strtod(number, &end);
    return end != number && strcmp(end, share ? "%" : "") == 0;
}

static int read_range(const char *text, const struct form *f, struct guess *g, struct place at)
{
    const char *dots = strstr(text, ".."), *middle = dots ? dots : strchr(text, '~');
    const char *second = middle + (dots ? 2 : 1);
    bool share = middle > text && middle[-1] == '%';
    size_t n = share ? strcspn(second, "%") + 1 : strlen(second);
    g->kind = share ? GUESS_SHARE : dots ? GUESS_EVEN : GUESS_SKEWED;
    if ((share && (!dots || !strchr(second, '%'))) ||
        !(is_number(g->question) || (g->question->type == Q_DATE && g->kind == GUESS_EVEN)) ||
        !read_bound(g->question, text, (size_t)(middle - text), share, &g->low) ||
        !read_bound(g->question, second, n, share, &g->high) || g->high < g->low ||
        (g->kind == GUESS_SKEWED && g->low <= 0))
        return error_at(at,
                        "“%s”应写成 最小..最大、最小~最大或 百分数..百分数，只用于数字题；"
                        "日期题写 最早..最晚",
                        text);
    return share ? read_whole(second + n, f, g, at) : 0;
}

static int read_weights(const char *text, struct guess *g, struct place at)
{
    const struct choice_list *list = g->question->list;
    char code[128];
    double weight;
    int read;
    g->kind = GUESS_WEIGHTS;
    for (const char *p = text; *p; p += read) {
        int found = -1;
        if (sscanf(p, " %127[^: ]:%lf%n", code, &weight, &read) != 2 || weight < 0)
            return error_at(at, "“%s”应写成 编码:权数，空格隔开，如 1:8 2:1", text);
        size_t n = strlen(code);
        bool alone = code[n - 1] == '!';
        code[alone ? n - 1 : n] = '\0';
        for (int i = 0; list && i < list->count && i < CODES_MOST && found < 0; i++)
            found = strcmp(list->choices[i].name, code) == 0 ? i : -1;
        if (found < 0)
            return error_at(at, "题目 %s 没有选项 %s", g->question->name, code);
        g->weights[found] = weight;
        g->alone[found] = alone;
        read += (int)strspn(p + read, " ");
    }
    return 0;
}

static int read_value(const struct form *f, const char *value, struct guess *g, struct place at)
{
    if (*value == '=')
        return read_as(value, f, g, at);
    if (*value == '@')
        return read_listed(value, f, g, at);
    return strstr(value, "..") || strchr(value, '~') ? read_range(value, f, g, at)
                                                     : read_weights(value, g, at);
}

static int read_amount(const struct form *f, const char *value, struct likely *l, struct place at)
{
    char *end;
    long n = strtol(value, &end, 10);
    if (n < 1 || n > 1000000 || *end)
        return error_at(at, "“%s”应写成份数：没有写题名的一行，是每县（或每村）编多少份", value);
    GROW(l->amounts, l->amount_count, l->amount_room);
    l->amounts[l->amount_count++] = (struct amount){f, n};
    return 0;
}

/* A row for one form, or without one for every form that has the question. */
static int read_row(const struct topic *t, const struct wsheet *s, int row, struct likely *l)
{
    const char *form = wsheet_get(s, row, "form"), *name = wsheet_get(s, row, "question");
    bool of_topic = s->path && strcmp(s->path, t->path) == 0;
    int rc = 0, forms = 0, found = 0;
    for (int i = 0; i < t->form_count; i++) {
        if (*form && strcmp(t->form_names[i], form) != 0)
            continue;
        forms++;
        if (*form && !*name) {
            found++;
            rc |= read_amount(t->forms[i], wsheet_get(s, row, "value"), l,
                              wsheet_place(s, row, "value"));
            continue;
        }
        const struct question *q = form_question(t->forms[i], name);
        if (!q)
            continue;
        found++;
        GROW(l->items, l->count, l->room);
        l->items[l->count] = (struct guess){.question = q};
        rc |= read_value(t->forms[i], wsheet_get(s, row, "value"), &l->items[l->count++],
                         wsheet_place(s, row, "value"));
    }
    if (of_topic && !forms)
        return error_at(wsheet_place(s, row, "form"), "instruments 表没有用这份问卷");
    if (of_topic && !found)
        return error_at(wsheet_place(s, row, "question"), "问卷中没有这个题目");
    return rc;
}

struct likely *likely_read(const struct topic *t)
{
    static const char *const heads[] = {"form", "question", "value", "note", NULL};
    const struct workbook *books[] = {t->book, t->plan_book}; /* the topic's rows go first */
    struct likely *l = must_alloc(sizeof *l);
    int rc = 0;
    for (int b = 0; b < 2; b++) {
        const struct wsheet *s = books[b] ? workbook_sheet(books[b], "simulate") : NULL;
        if (s)
            wsheet_check_heads(s, heads);
        for (int r = 0; s && r < s->row_count; r++)
            rc |= read_row(t, s, r, l);
    }
    if (rc == 0)
        return l;
    likely_free(l);
    return NULL;
}

void likely_free(struct likely *l)
{
    if (!l)
        return;
    free(l->items);
    free(l->amounts);
    free(l);
}

long likely_records(const struct likely *l, const struct form *form)
{
    for (int i = 0; l && i < l->amount_count; i++)
        if (l->amounts[i].form == form)
            return l->amounts[i].records;
    return 0;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static double pick_number(const struct guess *g, struct chance *c, const struct question *q,
                          const struct made *m)
{
    double u = chance_unit(c), scale = 1;
    struct ranges r;
    if (g->kind == GUESS_SKEWED)
        return g->low * pow(g->high / g->low, u);
    if (g->kind == GUESS_SHARE && g->as) {
        scale = m->truth.values[g->as->index].number / 100;
    } else if (g->kind == GUESS_SHARE) {
        ranges_find(q, &m->truth, &r);
        scale = r.count ? r.items[r.count - 1].high / 100 : NAN;
    }
    /* Both ends of a range of whole numbers are as likely as those between. */
    double ends = g->kind == GUESS_EVEN && q->type == Q_INTEGER ? 0.5 : 0;
    return scale * (g->low - ends + (g->high - g->low + 2 * ends) * u);
}

/* Whole numbers, or one decimal; dates. */
static void set_rounded(struct arena *a, const struct question *q, double x, struct value *out)
{
    char text[40];
    struct buf canonical = {0};
    if (q->type == Q_DATE) {
        days_to_text(lround(x), text);
        *out = (struct value){VALUE_OK, arena_strdup(a, text), round(x)};
        return;
    }
    x = q->type == Q_INTEGER ? round(x) : round(10 * x) / 10;
    if (x > 20000)
        x = round(x / 10) * 10;
    snprintf(text, sizeof text, "%.1f", x);
    decimal_read(text, 0, &canonical);
    *out = (struct value){VALUE_OK, arena_strdup(a, buf_text(&canonical)), strtod(text, NULL)};
    buf_free(&canonical);
}

static bool is_offered(const struct made *m, const struct question *q, int choice)
{
    if (!q->choice_filter)
        return true;
    struct result r =
        expr_eval_choice(q->choice_filter, &m->truth, q->list, &q->list->choices[choice]);
    return result_true(&r);
}

static const char *pick_one(const struct guess *g, struct chance *c, const struct made *m)
{
    const struct choice_list *list = g->question->list;
    double total = 0;
    int last = -1;
    for (int i = 0; i < list->count && i < CODES_MOST; i++)
        total += is_offered(m, g->question, i) ? g->weights[i] : 0;
    double at = chance_unit(c) * total;
    for (int i = 0; i < list->count && i < CODES_MOST && at >= 0; i++)
        if (g->weights[i] > 0 && is_offered(m, g->question, i)) {
            at -= g->weights[i];
            last = i;
        }
    return last < 0 ? "" : list->choices[last].name;
}

static const char *pick_several(const struct guess *g, struct chance *c, const struct made *m,
                                struct arena *a)
{
    const struct choice_list *list = g->question->list;
    const char *text = "";
    for (int i = 0; i < list->count && i < CODES_MOST; i++)
        if (g->alone[i] && is_offered(m, g->question, i) && chance_hits(c, g->weights[i] / 100))
            return list->choices[i].name;
    for (int i = 0; i < list->count && i < CODES_MOST; i++)
        if (!g->alone[i] && is_offered(m, g->question, i) && chance_hits(c, g->weights[i] / 100))
            text = arena_printf(a, *text ? "%s %s" : "%s%s", text, list->choices[i].name);
    return *text ? text : pick_one(g, c, m);
}

static bool draw_once(const struct guess *g, const struct world *w, struct arena *a,
                      const struct made *m, struct value *out)
{
    const struct question *q = g->question;
    const char *text;
    switch (g->kind) {
    case GUESS_AS:
        *out = m->truth.values[g->as->index];
        return out->missing == VALUE_OK;
    case GUESS_LISTED:
        text = g->list->row_count
                   ? wsheet_get(g->list, (int)chance_below(w->chance, g->list->row_count), "unit")
                   : "";
        *out = (struct value){VALUE_OK, text, NAN};
        return *text != '\0';
    case GUESS_WEIGHTS:
        text = q->type == Q_SELECT_MULTIPLE ? pick_several(g, w->chance, m, a)
                                            : pick_one(g, w->chance, m);
        *out = (struct value){VALUE_OK, text, NAN};
        return *text != '\0';
    default:
        set_rounded(a, q, pick_number(g, w->chance, q, m), out);
        return isfinite(out->number) && !looks_suspect(w->rules, q, out->number);
    }
}

static const struct guess *guess_of(const struct likely *l, const struct question *q)
{
    for (int i = 0; l && i < l->count; i++)
        if (l->items[i].question == q)
            return &l->items[i];
    return NULL;
}

double likely_blank(const struct likely *l, const struct question *q)
{
    return guess_of(l, q) ? 0.03 : 0.3;
}

bool likely_answer(const struct likely *l, const struct world *w, struct arena *a,
                   const struct made *m, const struct question *q, struct value *out)
{
    const struct guess *g = guess_of(l, q);
    bool by_chance = g && (g->kind == GUESS_AS || g->kind == GUESS_LISTED);
    if (!g || (by_chance && !chance_hits(w->chance, g->chance / 100)))
        return false;
    for (int i = 0; i < TRIES; i++)
        if (draw_once(g, w, a, m, out) && constraint_holds(q, &m->truth, out))
            return true;
    return false;
}
