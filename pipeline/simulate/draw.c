/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/draw.h"

#include "review/numeral.h"
#include "simulate/likely.h"
#include "simulate/texts.h"
#include "survey/days.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 300, CHOICES_MOST = 256, RECORDS_MOST = 20 };

/* ---- numbers and dates ----------------------------------------------------------------------- */

bool looks_suspect(const struct rules *r, const struct question *q, double x)
{
    if (!strcmp(q->unit, "元"))
        return x > 0 && x < r->suspect_yuan_below;
    if (!strcmp(q->unit, "万元"))
        return r->suspect_wanyuan_from > 0 && x >= r->suspect_wanyuan_from;
    return false;
}

/* Whether other answers bound an answer from above (其中：…): one that the constraint names is as
 * large as the largest allowed, or stands in another record. */
static bool is_part(const struct made *m, const struct question *q, double high)
{
    int count = 0;
    const int *names = q->constraint ? expr_references(q->constraint, &count) : NULL;
    for (int i = 0; names && i < count; i++) {
        const struct value *v = &m->truth.values[names[i]];
        if (v->missing != VALUE_OK || v->number >= high)
            return true;
    }
    return false;
}

/* Small numbers are likelier where the range spans magnitudes, unless it is that of a part; a lone
 * 0 is likely. */
static double pick_number(struct chance *c, const struct ranges *r, bool part)
{
    int i = r->items[0].low == r->items[0].high && chance_hits(c, 0.3)
                ? 0
                : (int)chance_below(c, r->count);
    double low = r->items[i].low, high = r->items[i].high, x;
    double from = fmax(low, r->step);
    if (low >= 0 && high > 20 * from && !part)
        x = chance_hits(c, 0.05) ? low : from * pow(high / from, chance_unit(c) * 0.8);
    else
        x = low + (high - low + r->step) * chance_unit(c);
    x = floor(x / r->step + 1e-9) * r->step;
    return x > 20000 ? floor(x / 10) * 10 : x;
}

static void set_number(struct arena *a, struct value *out, double x)
{
    char text[40];
    struct buf canonical = {0};
    snprintf(text, sizeof text, "%.1f", x);
    decimal_read(text, 0, &canonical);
    *out = (struct value){VALUE_OK, arena_strdup(a, buf_text(&canonical)), strtod(text, NULL)};
    buf_free(&canonical);
}

static bool draw_number(const struct world *w, struct arena *a, const struct made *m,
                        const struct question *q, struct value *out)
{
    struct ranges r;
    ranges_find(q, &m->truth, &r);
    bool part = r.count && is_part(m, q, r.items[r.count - 1].high);
    for (int i = 0; i < TRIES && r.count; i++) {
        double x = pick_number(w->chance, &r, part);
        if (q->type == Q_DATE) {
            char day[DATE_TEXT];
            days_to_text(lround(x), day);
            *out = (struct value){VALUE_OK, arena_strdup(a, day), round(x)};
        } else {
            set_number(a, out, x);
        }
        if (!looks_suspect(w->rules, q, out->number) && constraint_holds(q, &m->truth, out))
            return true;
    }
    return false;
}

/* ---- choices --------------------------------------------------------------------------------- */

static int offered(const struct made *m, const struct question *q, int *out)
{
    int n = 0;
    for (int i = 0; i < q->list->count && n < CHOICES_MOST; i++) {
        struct result r = {.kind = RESULT_BOOL, .truth = true};
        if (q->choice_filter)
            r = expr_eval_choice(q->choice_filter, &m->truth, q->list, &q->list->choices[i]);
        if (result_true(&r))
            out[n++] = i;
    }
    return n;
}

/* Moves k random items to the front, those in the order of the list. */
static void choose(struct chance *c, int *items, int n, int k)
{
    for (int i = 0; i < k; i++) {
        long j = chance_between(c, i, n - 1);
        int swap = items[i];
        items[i] = items[j];
        items[j] = swap;
    }
    for (int i = 1; i < k; i++)
        for (int j = i; j > 0 && items[j] < items[j - 1]; j--) {
            int swap = items[j];
            items[j] = items[j - 1];
            items[j - 1] = swap;
        }
}

static bool draw_choices(const struct world *w, struct arena *a, const struct made *m,
                         const struct question *q, struct value *out)
{
    int items[CHOICES_MOST];
    int n = q->list ? offered(m, q, items) : 0;
    for (int i = 0; i < TRIES && n; i++) {
        int k = q->type == Q_SELECT_ONE ? 1 : (int)chance_between(w->chance, 1, n < 3 ? n : 3);
        const char *text = "";
        choose(w->chance, items, n, k);
        for (int j = 0; j < k; j++)
            text = arena_printf(a, "%s%s%s", text, j ? " " : "", q->list->choices[items[j]].name);
        *out = (struct value){VALUE_OK, text, NAN};
        if (constraint_holds(q, &m->truth, out))
            return true;
    }
    return false;
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* The pattern in the constraint's first regex(., '…'); false when there is none. */
static bool pattern_of(const struct question *q, char *out, size_t size)
{
    const char *at = q->constraint ? strstr(expr_text(q->constraint), "regex(") : NULL;
    const char *open = at ? strchr(at, '\'') : NULL, *close = open ? strchr(open + 1, '\'') : NULL;
    if (!close || (size_t)(close - open) > size)
        return false;
    snprintf(out, size, "%.*s", (int)(close - open - 1), open + 1);
    return true;
}

static const char *patterned(const struct world *w, struct arena *a, const struct question *q)
{
    static const char UNUSED[] = "154"; /* no such telephone numbers are given out */
    char pattern[256];
    struct buf text = {0};
    if (!pattern_of(q, pattern, sizeof pattern) || !text_of_pattern(&text, w->chance, pattern)) {
        buf_free(&text);
        return chance_hits(w->chance, 0.5) ? short_phrase(w->chance) : document_text(a, w->chance);
    }
    if (q->personal && text.len == 11 && text.text[0] == '1')
        memcpy(text.text, UNUSED, strlen(UNUSED));
    const char *kept = arena_strdup(a, buf_text(&text));
    buf_free(&text);
    return kept;
}

/* A year of birth that the constraint's other questions hold, or any. */
static int year_near(const struct world *w, const struct made *m, const struct question *q)
{
    int count;
    const int *names = q->constraint ? expr_references(q->constraint, &count) : NULL;
    for (int i = 0; names && i < count; i++) {
        const struct value *v = &m->truth.values[names[i]];
        if (v->missing == VALUE_OK && v->number > 1900 && v->number < 2100)
            return (int)v->number;
    }
    return (int)chance_between(w->chance, 1950, 2000);
}

static const char *free_text(const struct world *w, struct arena *a, const struct question *q)
{
    if (q->personal)
        return person_name(a, w->chance);
    return q->required ? short_phrase(w->chance) : opinion(w->chance);
}

static bool draw_text(const struct world *w, struct arena *a, const struct made *m,
                      const struct question *q, struct value *out)
{
    bool id = words_have(&w->rules->id_questions, q->name);
    const char *credit = rules_credit_start(w->rules, q->name);
    for (int i = 0; i < TRIES; i++) {
        const char *text = credit ? credit_code(a, w->chance, credit)
                           : id   ? identity_number(a, w->chance, w->county, year_near(w, m, q))
                           : q->constraint ? patterned(w, a, q)
                                           : free_text(w, a, q);
        *out = (struct value){VALUE_OK, text, NAN};
        if (constraint_holds(q, &m->truth, out))
            return true;
    }
    return false;
}

bool draw_answer(const struct world *w, struct arena *a, struct made *m, const struct question *q,
                 struct value *out)
{
    if (likely_answer(w->likely, w, a, m, q, out))
        return true;
    switch (q->type) {
    case Q_INTEGER:
    case Q_DECIMAL:
    case Q_DATE:
        return draw_number(w, a, m, q, out);
    case Q_SELECT_ONE:
    case Q_SELECT_MULTIPLE:
        return draw_choices(w, a, m, q, out);
    default:
        return draw_text(w, a, m, q, out);
    }
}

struct value calculated(struct arena *a, const struct question *q, const struct record *record)
{
    char text[512];
    struct result r = expr_eval(q->calculation, record, NULL);
    if (r.unknown || r.failed)
        return (struct value){NOT_COMPUTED, "", NAN};
    double number = r.kind == RESULT_TEXT ? NAN : result_number(&r);
    result_text(&r, text, sizeof text);
    return (struct value){*text ? VALUE_OK : NOT_COMPUTED, arena_strdup(a, text), number};
}

/* ---- records --------------------------------------------------------------------------------- */

static struct made *new_made(struct arena *a, const struct level *level, struct made *parent)
{
    size_t n = (size_t)level->form->question_count + 1;
    struct made *m = arena_alloc(a, sizeof *m);
    m->level = level;
    m->parent = parent;
    m->shown = arena_alloc(a, n * sizeof *m->shown);
    struct record *records[] = {&m->truth, &m->final};
    for (int r = 0; r < 2; r++) {
        *records[r] = (struct record){.form = level->form, .repeat = level->repeat, .position = 1};
        records[r]->values = arena_alloc(a, n * sizeof *records[r]->values);
        for (size_t i = 0; i < n; i++)
            records[r]->values[i] = (struct value){OPTIONAL, "", NAN};
    }
    if (parent) {
        m->unit = parent->unit;
        m->county = parent->county;
        m->key = parent->key;
        m->truth.parent = &parent->truth;
        m->final.parent = &parent->final;
    }
    return m;
}

const struct question *numbered_question(const struct level *level)
{
    for (int i = 0; i < level->key_count; i++) {
        const struct question *q = form_question(level->form, level->key[i]);
        if (strcmp(q->name, level->psu) != 0 && strcmp(q->name, level->county) != 0 &&
            q->type != Q_CALCULATE)
            return q;
    }
    return NULL;
}

long most_numbers(const struct level *level)
{
    const struct question *q = numbered_question(level);
    if (!q || q->type != Q_INTEGER)
        return q && q->list ? q->list->count : LONG_MAX;
    struct ranges r;
    struct arena a = {0};
    struct made *m = new_made(&a, level, NULL);
    ranges_find(q, &m->truth, &r);
    long most = r.count ? (long)r.items[r.count - 1].high : 0;
    arena_free(&a);
    return most;
}

int most_records(const struct form *f, int repeat)
{
    static const double LARGE = 1e6; /* of other answers, that they set no bound */
    const char *name = f->repeats[repeat].count_question;
    const struct question *q = name ? form_question(f, name) : NULL;
    if (!q || !q->constraint)
        return RECORDS_MOST;
    struct arena a = {0};
    struct record r = {.form = f, .repeat = -1, .position = 1};
    r.values = arena_alloc(&a, (size_t)(f->question_count + 1) * sizeof *r.values);
    for (int i = 0; i < f->question_count; i++)
        r.values[i] = (struct value){VALUE_OK, "1000000", LARGE};
    int n = RECORDS_MOST;
    while (n > 0) {
        char text[16];
        snprintf(text, sizeof text, "%d", n);
        struct value self = {VALUE_OK, text, n};
        if (constraint_holds(q, &r, &self))
            break;
        n--;
    }
    arena_free(&a);
    return n ? n : RECORDS_MOST;
}

/* A unit of the list, of a kind, in the county where there are such; NULL without. */
static const struct unit *any_unit(const struct world *w, const char *kind)
{
    const struct frame *f = w->frame;
    const struct unit *found = NULL;
    int from = f->of_list && f->count ? (int)chance_below(w->chance, f->count) : 0;
    for (int i = 0; f->of_list && i < f->count; i++) {
        const struct unit *u = &f->units[(from + i) % f->count];
        if (!u->selected || (*kind && strcmp(u->kind, kind) != 0))
            continue;
        if (!strcmp(u->county, w->county))
            return u;
        found = found ? found : u;
    }
    return found;
}

/* The answers that the sample decides: codes, names, numbers in the list, and what the frame has
 * under the question's name. */
static bool settled(const struct world *w, struct arena *a, struct made *m,
                    const struct question *q, long no, struct value *v)
{
    const struct level *l = m->level;
    const struct unit *u = m->unit;
    const char *credit = rules_credit_start(w->rules, q->name);
    const char *kind = rules_unit_kind(w->rules, q->name);
    const struct unit *named = kind ? any_unit(w, kind) : NULL;
    if (named) {
        *v = (struct value){VALUE_OK, named->code, NAN};
        return true;
    }
    if (l->repeat >= 0)
        return false;
    if (!strcmp(q->name, l->county)) {
        *v = (struct value){VALUE_OK, w->county, NAN};
    } else if (u && !strcmp(q->name, l->psu)) {
        *v = unit_answer(u, q);
    } else if (u && !strcmp(q->name, l->psu_name)) {
        *v = (struct value){VALUE_OK, u->full_name, NAN};
    } else if (u && w->frame->sheet && wsheet_column(w->frame->sheet, q->name) >= 0) {
        *v = (struct value){VALUE_OK, frame_value(w->frame, u, q->name), NAN};
    } else if (q == numbered_question(l)) {
        if (q->type == Q_INTEGER || q->type == Q_DECIMAL)
            set_number(a, v, (double)no);
        else if (q->list)
            *v = (struct value){VALUE_OK, q->list->choices[(no - 1) % q->list->count].name, NAN};
        else if (credit)
            *v = (struct value){VALUE_OK, credit_code(a, w->chance, credit), NAN};
        else
            *v = (struct value){VALUE_OK, arena_printf(a, "%s%05ld", w->county, no), NAN};
    } else {
        return false;
    }
    return true;
}

static bool draw_questions(const struct world *w, struct arena *a, struct made *m, long no);

static const struct level *level_of_repeat(const struct world *w, const struct form *f, int repeat)
{
    for (int i = 0; i < w->topic->level_count; i++)
        if (w->topic->levels[i].form == f && w->topic->levels[i].repeat == repeat)
            return &w->topic->levels[i];
    return NULL;
}

static int record_count(const struct world *w, const struct made *m, int repeat)
{
    const struct repeat *r = &m->truth.form->repeats[repeat];
    if (!r->count)
        return (int)chance_below(w->chance, 4);
    struct result result = expr_eval(r->count, &m->truth, NULL);
    double n = result_number(&result);
    return n > 0 ? (int)fmin(n, RECORDS_MOST) : 0;
}

/* Draws the records of a repeat; a repeat that is no level of the topic stays empty. */
static bool draw_repeat(const struct world *w, struct arena *a, struct made *m, int repeat)
{
    const struct level *level = level_of_repeat(w, m->level->form, repeat);
    int n = level ? record_count(w, m, repeat) : 0, before = m->child_count;
    size_t all = (size_t)(before + n) + 1;
    struct made **children = arena_alloc(a, all * sizeof(struct made *));
    struct record **truths = arena_alloc(a, all * sizeof(struct record *));
    struct record **finals = arena_alloc(a, all * sizeof(struct record *));
    for (int i = 0; i < before + n; i++) {
        children[i] = i < before ? m->children[i] : new_made(a, level, m);
        truths[i] = &children[i]->truth;
        finals[i] = &children[i]->final;
        if (i >= before)
            truths[i]->position = finals[i]->position = i - before + 1;
    }
    m->children = children;
    m->truth.children = truths;
    m->final.children = finals;
    m->child_count = m->truth.child_count = m->final.child_count = before + n;
    for (int i = before; i < before + n; i++)
        if (!draw_questions(w, a, children[i], 0))
            return false;
    return true;
}

static bool draw_question(const struct world *w, struct arena *a, struct made *m,
                          const struct question *q, long no)
{
    struct value *v = &m->truth.values[q->index];
    struct result asked = {.kind = RESULT_BOOL, .truth = true};
    if (q->relevant)
        asked = expr_eval(q->relevant, &m->truth, NULL);
    if (!result_true(&asked)) {
        *v = (struct value){NOT_ASKED, "", NAN};
        return true;
    }
    if (q->type == Q_CALCULATE) {
        if (q->calculation)
            *v = calculated(a, q, &m->truth);
        return true;
    }
    if (settled(w, a, m, q, no, v))
        return true;
    if (!q->required && chance_hits(w->chance, likely_blank(w->likely, q)))
        return true;
    return draw_answer(w, a, m, q, v);
}

static bool draw_questions(const struct world *w, struct arena *a, struct made *m, long no)
{
    const struct form *f = m->level->form;
    int done = -1;
    for (int i = 0; i < f->question_count; i++) {
        const struct question *q = &f->questions[i];
        if (q->repeat == m->truth.repeat) {
            if (question_has_data(q) && !draw_question(w, a, m, q, no))
                return false;
        } else if (q->repeat >= 0 && q->repeat != done &&
                   f->repeats[q->repeat].parent == m->truth.repeat) {
            done = q->repeat;
            if (!draw_repeat(w, a, m, done))
                return false;
        }
    }
    return true;
}

static void set_key(struct arena *a, struct made *m)
{
    const struct level *l = m->level;
    m->key = "";
    for (int i = 0; i < l->key_count; i++) {
        const struct question *q = form_question(l->form, l->key[i]);
        m->key = arena_printf(a, "%s%s%s", m->key, i ? "-" : "", m->truth.values[q->index].text);
    }
    for (int i = 0; i < m->child_count; i++)
        m->children[i]->key = m->key;
}

struct made *draw_record(const struct world *w, struct arena *a, const struct level *level,
                         const struct unit *unit, long no)
{
    for (int i = 0; i < TRIES; i++) {
        struct made *m = new_made(a, level, NULL);
        m->unit = unit;
        m->county = w->county;
        if (draw_questions(w, a, m, no)) {
            set_key(a, m);
            return m;
        }
    }
    error_at((struct place){.file = level->form->path},
             "按问卷的约束条件编不出一份“%s”答卷。请检查 constraint 是否互相矛盾", level->label);
    return NULL;
}
