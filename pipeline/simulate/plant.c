/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/plant.h"

#include "simulate/draw.h"
#include "review/numeral.h"

#include <math.h>
#include <string.h>

/* Adds a problem line of a record; `original` NULL takes the shown text. */
static void plant_add(struct arena *a, struct made *m, const struct question *q, const char *kind,
               const char *class, const char *corrected)
{
    if (m->planted_count == m->planted_room) {
        int room = m->planted_room ? 2 * m->planted_room : 8;
        struct planted *more = arena_alloc(a, (size_t)room * sizeof *more);
        if (m->planted_count)
            memcpy(more, m->planted, (size_t)m->planted_count * sizeof *more);
        m->planted = more;
        m->planted_room = room;
    }
    const char *original = m->shown[q->index].text;
    m->planted[m->planted_count++] =
        (struct planted){q, kind, class, original ? original : "", corrected};
}

/* ---- an answer as it is without a mistake ---------------------------------------------------- */

/* 33600 -> 3.36 where the column is in 万元. */
static const char *in_unit(struct arena *a, const char *text, double factor)
{
    struct buf b = {0};
    const char *out = text;
    if (factor == 10000 && decimal_read(text, -4, &b))
        out = arena_strdup(a, b.text);
    buf_free(&b);
    return out;
}

static bool by_label(const struct world *w, const struct manner *how)
{
    return how->style->choices == CHOICE_LABELS ||
           (how->style->choices == CHOICE_MIXED && chance_hits(w->chance, 0.5));
}

static const char *labels_of(struct arena *a, const struct question *q, const char *codes,
                             const char *between)
{
    const char *out = "";
    for (const char *p = codes; *p;) {
        size_t n = strcspn(p, " ");
        const char *code = arena_strndup(a, p, n);
        const struct choice *c = list_choice(q->list, code);
        out = arena_printf(a, "%s%s%s", out, *out ? between : "", c ? c->label : code);
        p += n + (p[n] == ' ');
    }
    return out;
}

/* Numbers kept as texts, codes as numbers: no mistake where cells have kinds. */
static void vary_look(const struct world *w, const struct question *q, struct shown *s)
{
    bool digits = *s->text && strspn(s->text, "0123456789") == strlen(s->text);
    if (q->type == Q_CALCULATE && s->look == LOOK_NUMBER && chance_hits(w->chance, 0.3))
        s->look = LOOK_FORMULA;
    else if (s->look == LOOK_NUMBER && chance_hits(w->chance, 0.1))
        s->look = LOOK_TEXT;
    else if (s->look == LOOK_TEXT && digits && strlen(s->text) < 15 && s->text[0] != '0' &&
             (q->list || q->constraint) && chance_hits(w->chance, 0.5))
        s->look = LOOK_NUMBER;
}

static void show_plain(const struct world *w, struct arena *a, const struct manner *how,
                       const struct question *q, const struct value *v, double factor,
                       struct shown *out)
{
    *out = (struct shown){.look = LOOK_NONE, .text = ""};
    if (v->missing != VALUE_OK || !*v->text)
        return;
    out->text = v->text;
    out->look = LOOK_TEXT;
    switch (q->type) {
    case Q_INTEGER:
    case Q_DECIMAL:
    case Q_CALCULATE:
        out->look = LOOK_NUMBER;
        out->text = in_unit(a, v->text, factor);
        break;
    case Q_DATE:
        out->look = LOOK_DATE;
        break;
    case Q_SELECT_ONE:
        if (by_label(w, how))
            out->text = labels_of(a, q, v->text, "");
        break;
    case Q_SELECT_MULTIPLE:
        out->choices = v->text;
        if (by_label(w, how))
            out->text = labels_of(a, q, v->text, how->style->between ? how->style->between : "、");
        break;
    default:
        break;
    }
    vary_look(w, q, out);
}

/* The unit's name with or without the township, where that is enough. */
static void show_unit_name(const struct world *w, const struct made *m, struct shown *out)
{
    const struct unit *u = m->unit;
    bool short_one = frame_match(w->frame, w->county, u->name) == u;
    *out =
        (struct shown){.look = LOOK_TEXT,
                       .text = short_one && chance_hits(w->chance, 0.3) ? u->name : u->full_name};
}

/* ---- one answer ------------------------------------------------------------------------------ */

static enum sort sort_of(const struct made *m, const struct question *q)
{
    const struct level *l = m->level;
    if (m->unit && !strcmp(q->name, l->psu))
        return SORT_UNIT;
    if (!strcmp(q->name, l->county))
        return SORT_COUNTY;
    switch (q->type) {
    case Q_INTEGER:
    case Q_DECIMAL:
        return SORT_NUMBER;
    case Q_DATE:
        return SORT_DATE;
    case Q_SELECT_ONE:
        return SORT_ONE;
    case Q_SELECT_MULTIPLE:
        return SORT_MANY;
    case Q_CALCULATE:
        return SORT_CALCULATION;
    default:
        return q->constraint ? SORT_CODE : SORT_TEXT;
    }
}

static bool is_key(const struct level *l, const struct question *q)
{
    for (int i = 0; i < l->key_count; i++)
        if (!strcmp(l->key[i], q->name))
            return true;
    return false;
}

/* A separator of the platform's own is to be listed for every cell that has it. */
static void plant_separator(const struct manner *how, struct arena *a, struct made *m,
                            const struct question *q)
{
    const struct shown *s = &m->shown[q->index];
    if (q->type == Q_SELECT_MULTIPLE && how->style->between && s->text &&
        strstr(s->text, how->style->between))
        plant_add(a, m, q, "multi_sep", "repaired", m->truth.values[q->index].text);
}

static void apply(struct arena *a, struct made *m, const struct slot *s, const struct mistake *how)
{
    static const struct {
        enum after after;
        enum missing missing;
    } effects[] = {{AFTER_MISSING, NO_ANSWER},
                   {AFTER_RETURNED, RETURNED},
                   {AFTER_BLANK, BLANK},
                   {AFTER_SKIPPED, NOT_ASKED}};
    struct value *v = &m->final.values[s->question->index];
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (how->after == effects[i].after)
            *v = (struct value){effects[i].missing, "", NAN};
    for (int i = 0; i < 2 && how->kinds[i]; i++)
        plant_add(a, m, s->question, how->kinds[i], how->class,
                  strcmp(how->class, "repaired") ? "" : v->text);
}

static bool is_skipped(const struct made *m, const struct question *q)
{
    struct result r = {.kind = RESULT_BOOL, .truth = true};
    if (q->relevant)
        r = expr_eval(q->relevant, &m->final, NULL);
    return !result_true(&r);
}

/* Whether what decides the skip is known. */
static bool skip_is_known(const struct made *m, const struct question *q)
{
    struct result r = {.kind = RESULT_BOOL, .truth = true};
    if (q->relevant)
        r = expr_eval(q->relevant, &m->final, NULL);
    return !r.unknown && !r.failed;
}

static enum sort sort_to_plant(const struct made *m, const struct question *q)
{
    const struct value *truth = &m->truth.values[q->index];
    if (truth->missing == NOT_ASKED)
        return SORT_SKIPPED;
    return truth->missing == VALUE_OK ? sort_of(m, q) : 0;
}

/* The number of records below that stay is another one than the answer says. */
static bool is_miscounted(const struct world *w, const struct made *m, const struct question *q)
{
    const struct value *v = &m->final.values[q->index];
    for (int i = 0; i < w->rules->count_checks; i++) {
        const struct count_check *c = &w->rules->counts[i];
        int repeat = form_repeat(m->level->form, c->repeat), n = 0;
        if (strcmp(c->question, q->name) != 0 || v->missing != VALUE_OK)
            continue;
        for (int k = 0; k < m->final.child_count; k++)
            n += m->final.children[k]->repeat == repeat;
        if (v->number != n)
            return true;
    }
    return false;
}

static void plant_miscount(struct arena *a, struct made *m, const struct question *q)
{
    while (m->planted_count && m->planted[m->planted_count - 1].question == q)
        m->planted_count--; /* a returned answer is listed once */
    m->final.values[q->index] = (struct value){RETURNED, "", NAN};
    plant_add(a, m, q, "count_mismatch", "returned", "");
}

static void plant_answer(const struct world *w, struct arena *a, const struct manner *how,
                         struct made *m, const struct question *q)
{
    double factor = style_factor(how->style, q);
    struct value *truth = &m->truth.values[q->index];
    struct shown *shown = &m->shown[q->index];
    m->final.values[q->index] = *truth;
    show_plain(w, a, how, q, truth, factor, shown);
    struct slot s = {.world = w,
                     .arena = a,
                     .made = m,
                     .question = q,
                     .sort = sort_to_plant(m, q),
                     .abilities = how->abilities,
                     .factor = factor,
                     .true_value = truth,
                     .plain = shown->text,
                     .key = m->level->repeat < 0 && is_key(m->level, q),
                     .shown = shown};
    const struct question *name = form_question(m->level->form, m->level->psu_name);
    if (m->unit && s.sort == SORT_UNIT && name)
        s.name = &m->shown[name->index];
    if (m->unit && !strcmp(q->name, m->level->psu_name)) {
        show_unit_name(w, m, shown);
        return;
    }
    bool known = skip_is_known(m, q), shows = s.sort != SORT_UNIT || how->unit_column;
    const struct mistake *mistake = NULL;
    if (!known && truth->missing == NOT_ASKED && q->required)
        m->final.values[q->index].missing = UNDECIDED;
    if (known && is_skipped(m, q) && truth->missing != NOT_ASKED) {
        /* without the records below that do not stay it was not asked */
        m->final.values[q->index] = (struct value){NOT_ASKED, "", NAN};
        if (truth->missing == VALUE_OK)
            plant_add(a, m, q, "skip_violation", "returned", "");
        return;
    }
    if (s.sort && shows && known && chance_hits(w->chance, how->rate))
        mistake = mistake_make(&s);
    if (mistake)
        apply(a, m, &s, mistake);
    if (!mistake || !mistake->kinds[0])
        plant_separator(how, a, m, q);
    if (is_miscounted(w, m, q))
        plant_miscount(a, m, q);
}

static void plant_calculation(const struct world *w, struct arena *a, const struct manner *how,
                              struct made *m, const struct question *q)
{
    struct value *truth = &m->truth.values[q->index], *final = &m->final.values[q->index];
    *final = *truth;
    struct result r = {.kind = RESULT_BOOL, .truth = true};
    if (q->relevant)
        r = expr_eval(q->relevant, &m->final, NULL);
    if (r.unknown)
        *final = (struct value){NOT_COMPUTED, "", NAN};
    else if (truth->missing != NOT_ASKED && q->calculation)
        *final = calculated(a, q, &m->final);
    double factor = style_factor(how->style, q);
    show_plain(w, a, how, q, truth, factor, &m->shown[q->index]);
    struct slot s = {.world = w,
                     .arena = a,
                     .made = m,
                     .question = q,
                     .sort = SORT_CALCULATION,
                     .abilities = how->abilities,
                     .factor = 1,
                     .true_value = truth,
                     .plain = truth->text,
                     .shown = &m->shown[q->index]};
    if (!how->style->calculations || is_key(m->level, q) || truth->missing != VALUE_OK)
        return;
    bool changed = final->missing == VALUE_OK && strcmp(final->text, truth->text) != 0;
    if (changed) { /* records below that do not stay were counted */
        plant_add(a, m, q, "calc_mismatch", "repaired", final->text);
        return;
    }
    if (factor != 1 || !chance_hits(w->chance, how->rate))
        return;
    const struct mistake *mistake = mistake_make(&s);
    for (int i = 0; mistake && i < 2 && mistake->kinds[i]; i++)
        plant_add(a, m, q, mistake->kinds[i], mistake->class, final->text);
}

/* ---- records --------------------------------------------------------------------------------- */

static void plant_repeat(const struct world *w, struct arena *a, const struct manner *how,
                         struct made *m, int repeat)
{
    for (int i = 0; i < m->child_count; i++)
        if (m->children[i]->truth.repeat == repeat)
            plant_record(w, a, how, m->children[i]);
}

/* The unit's name is shown before its code, which a mistake may leave to the name. */
static void plant_unit_name(const struct world *w, struct arena *a, const struct manner *how,
                            struct made *m)
{
    const struct question *name =
        m->unit && m->level->repeat < 0 ? form_question(m->level->form, m->level->psu_name) : NULL;
    if (name)
        plant_answer(w, a, how, m, name);
}

void plant_record(const struct world *w, struct arena *a, const struct manner *how, struct made *m)
{
    const struct form *f = m->level->form;
    int done = -1;
    m->planted_count = 0;
    plant_unit_name(w, a, how, m);
    for (int i = 0; i < f->question_count; i++) {
        const struct question *q = &f->questions[i];
        bool name = m->unit && !strcmp(q->name, m->level->psu_name);
        if (q->repeat == m->truth.repeat && question_has_data(q) && !name) {
            if (q->type == Q_CALCULATE)
                plant_calculation(w, a, how, m, q);
            else
                plant_answer(w, a, how, m, q);
        } else if (q->repeat >= 0 && q->repeat != done &&
                   f->repeats[q->repeat].parent == m->truth.repeat) {
            done = q->repeat;
            plant_repeat(w, a, how, m, done);
        }
    }
}

void plant_link(const struct world *w, struct arena *a, const struct manner *how, struct made *m)
{
    const struct made *top = m->parent;
    const struct level *l = top->level;
    const struct question *name = form_question(l->form, l->psu_name);
    if (top->unit && name)
        show_unit_name(w, top, &m->shown[name->index]);
    for (int i = 0; i < l->key_count; i++) {
        const struct question *q = form_question(l->form, l->key[i]);
        const struct value *truth = &top->truth.values[q->index];
        show_plain(w, a, how, q, truth, 1, &m->shown[q->index]);
        struct slot s = {.world = w,
                         .arena = a,
                         .made = m,
                         .question = q,
                         .sort = sort_of(top, q),
                         .abilities = how->abilities,
                         .factor = 1,
                         .true_value = truth,
                         .plain = m->shown[q->index].text,
                         .key = true,
                         .name = top->unit && name ? &m->shown[name->index] : NULL,
                         .shown = &m->shown[q->index]};
        bool shows = s.sort != SORT_UNIT || how->unit_column;
        if (!shows || s.sort == SORT_COUNTY || !chance_hits(w->chance, how->rate))
            continue;
        const struct mistake *mistake = mistake_make(&s);
        for (int k = 0; mistake && k < 2 && mistake->kinds[k]; k++)
            plant_add(a, m, q, mistake->kinds[k], mistake->class, truth->text);
    }
}
