/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/county.h"

#include "simulate/draw.h"
#include "simulate/likely.h"
#include "simulate/plant.h"

#include <limits.h>
#include <string.h>

enum { CORRECTIONS_MOST = 20, PENDING_AFTER = 3, ROWS_DEFAULT = 20 };

/* A mistake of a whole record. */
enum row_mistake {
    ROW_FINE,
    ROW_UNIT,
    ROW_AGAIN,
    ROW_NUMBER,
    ROW_REPLACED,
    ROW_REPLACED_TWICE,
    ROW_ORPHAN,
    ROW_BELOW,
    ROW_LOST, /* a row below whose link is wrong */
    ROW_LAST  /* how many there are */
};

struct run {
    const struct simulation *plan;
    const struct world *w;
    struct manner manner;
    struct upload *upload;
    struct arena record, held, kept; /* one record; a record to come again; corrections, cards */
    struct made *pending;            /* in `held`: to be written again, or a rival */
    int wait;                        /* records until then */
    bool pending_alone;
    struct made *corrections[CORRECTIONS_MOST];
    int correction_count;
    long last;  /* the largest number taken */
    long spare; /* numbers that the unit's records will not need */
};

/* ---- units ----------------------------------------------------------------------------------- */

static bool in_sample(const struct run *r, const struct level *l, const struct unit *u)
{
    return u->selected && !strcmp(u->county, r->w->county) && frame_serves(u, l);
}

/* Another unit's code that is not in this county's sample. */
static const char *foreign_code(struct run *r, struct arena *a, const struct level *l,
                                const struct unit *u)
{
    const struct frame *f = r->w->frame;
    for (int i = 0; i < 50 && chance_hits(r->w->chance, 0.9); i++) {
        const struct unit *o = &f->units[chance_below(r->w->chance, f->count)];
        if (!in_sample(r, l, o) && !strcmp(o->county, r->w->county))
            return o->code;
    }
    return arena_printf(a, "%.9s9%02ld", u->code, chance_below(r->w->chance, 100));
}

/* ---- mistakes of rows ------------------------------------------------------------------------ */

static void set_fate(struct made *m, const char *kind, const char *class)
{
    m->fate = kind;
    m->fate_class = class;
    for (int i = 0; i < m->child_count; i++)
        set_fate(m->children[i], kind, class);
}

/* The code and the name of a place that is none of the sample's, in the record and its rows
 * below. */
static void spoil_unit(struct run *r, struct arena *a, struct made *m)
{
    const struct level *l = m->level;
    const struct question *code = form_question(l->form, l->psu);
    const struct question *name = form_question(l->form, l->psu_name);
    struct shown wrong = {.look = LOOK_TEXT, .text = foreign_code(r, a, l, m->unit)};
    struct shown place = name ? m->shown[name->index] : wrong;
    if (name && chance_hits(r->w->chance, 0.3)) {
        wrong = (struct shown){.look = LOOK_NONE, .text = ""};
        place = (struct shown){.look = LOOK_TEXT, .text = "东山乡野狐岭村"};
    }
    for (int i = -1; i < m->child_count; i++) {
        struct made *one = i < 0 ? m : m->children[i];
        one->shown[code->index] = wrong;
        if (name)
            one->shown[name->index] = place;
    }
    set_fate(m, r->w->frame->of_list ? "unit_unknown" : "village_unknown", "held");
}

static bool can(const struct run *r, const struct level *l, enum row_mistake what)
{
    bool below = upload_has_tables_below(r->upload);
    bool numbered = numbered_question(l) != NULL && !upload_is_card(r->upload, l);
    switch (what) {
    case ROW_UNIT:
        return *l->psu && r->w->frame->count && !upload_by_unit_sheets(r->upload, l);
    case ROW_AGAIN:
    case ROW_NUMBER:
        return numbered && !r->pending;
    case ROW_REPLACED:
    case ROW_REPLACED_TWICE:
        return numbered && r->correction_count < CORRECTIONS_MOST;
    case ROW_ORPHAN:
        return numbered && below && r->spare > 0;
    case ROW_BELOW:
        return numbered && below;
    case ROW_LOST:
        return numbered && r->plan->style->repeats == REPEATS_KEY && r->spare > 0;
    default:
        return true;
    }
}

static enum row_mistake choose_mistake(struct run *r, const struct level *l)
{
    enum row_mistake what = ROW_FINE;
    if (chance_hits(r->w->chance, r->plan->rate))
        what = (enum row_mistake)chance_between(r->w->chance, ROW_UNIT, ROW_LAST - 1);
    return can(r, l, what) ? what : ROW_FINE;
}

/* ---- records --------------------------------------------------------------------------------- */

static void plant(struct run *r, struct arena *a, struct made *m)
{
    const struct level *l = m->level;
    struct manner how = r->manner;
    how.unit_column = !upload_by_unit_sheets(r->upload, l);
    if (!how.unit_column)
        how.abilities &= ~(unsigned)CAN_NAME;
    plant_record(r->w, a, &how, m);
    for (int i = 0; i < m->child_count && r->plan->style->repeats == REPEATS_KEY; i++)
        plant_link(r->w, a, &how, m->children[i]);
}

static struct made *make(struct run *r, struct arena *a, const struct level *l,
                         const struct unit *u, long no)
{
    struct made *m = draw_record(r->w, a, l, u, no);
    if (m)
        plant(r, a, m);
    return m;
}

static void flush_pending(struct run *r)
{
    if (r->pending)
        upload_write(r->upload, &r->held, r->pending,
                     r->plan->style->again_apart ? SERIES_FURTHER : SERIES_FIRST, r->pending_alone);
    r->pending = NULL;
    arena_reset(&r->held);
}

/* Written now and once more, some records later. */
static void repeat_later(struct run *r, struct made *m)
{
    upload_write(r->upload, &r->held, m, SERIES_FIRST, false);
    set_fate(m, "duplicate", "dropped");
    r->pending = m;
    r->wait = PENDING_AFTER;
    r->pending_alone = r->plan->style->repeats == REPEATS_KEY && chance_hits(r->w->chance, 0.5);
    if (r->plan->style->container == AS_ODK)
        r->pending_alone = true;
}

/* Another record takes the same number. */
static int rival_later(struct run *r, struct made *m, long no)
{
    set_fate(m, "hhno_reused", "held");
    upload_write(r->upload, &r->record, m, SERIES_FIRST, false);
    r->pending = make(r, &r->held, m->level, m->unit, no);
    r->wait = PENDING_AFTER;
    r->pending_alone = false;
    if (r->pending)
        set_fate(r->pending, "hhno_reused", "held");
    return r->pending ? 0 : -1;
}

/* The correction takes the place of this record, and of another one of the same number; a phone's
 * second version replaces the first, and is replaced itself. */
static int replace_later(struct run *r, struct made *m, long no, bool twice)
{
    set_fate(m, "superseded", "dropped");
    upload_write(r->upload, &r->record, m, SERIES_FIRST, false);
    if (twice) {
        struct made *second = make(r, &r->record, m->level, m->unit, no);
        if (!second)
            return -1;
        second->deprecated = m->instance;
        set_fate(second, "superseded", "dropped");
        upload_write(r->upload, &r->record, second, SERIES_FIRST, false);
        m = second;
    }
    struct made *better = make(r, &r->kept, m->level, m->unit, no);
    if (!better)
        return -1;
    better->deprecated = m->instance ? arena_strdup(&r->kept, m->instance) : NULL;
    r->corrections[r->correction_count++] = better;
    return 0;
}

/* A row below that refers to nobody: of the number `no`, which no record has. */
static int add_orphan(struct run *r, const struct made *m, long no)
{
    struct made *other = make(r, &r->record, m->level, m->unit, no);
    if (!other)
        return -1;
    if (!other->child_count)
        return 0;
    other->index = LONG_MAX / 4096; /* no row has this number */
    struct made *row = other->children[0];
    set_fate(row, "orphan_member", "held");
    upload_write_below(r->upload, &r->record, row);
    return 0;
}

/* The last row below has another number, which no record has: the record is one short. */
static int lose_below(struct run *r, const struct level *l, const struct unit *u, long no)
{
    const struct question *q = numbered_question(l);
    struct made *m = draw_record(r->w, &r->record, l, u, no);
    struct made *lost = NULL;
    if (!m)
        return -1;
    if (m->child_count) {
        lost = m->children[--m->child_count];
        m->final.child_count--;
    }
    plant(r, &r->record, m);
    upload_write(r->upload, &r->record, m, SERIES_FIRST, false);
    if (!lost)
        return 0;
    m->children[m->child_count++] = lost;
    struct made whole = *m;
    plant(r, &r->record, &whole); /* its own cells */
    lost->shown[q->index] =
        (struct shown){.look = LOOK_NUMBER, .text = arena_printf(&r->record, "%ld", no + 1)};
    set_fate(lost, "orphan_member", "held");
    upload_write_below(r->upload, &r->record, lost);
    return 0;
}

static void repeat_below(struct run *r, struct made *m)
{
    upload_write(r->upload, &r->record, m, SERIES_FIRST, false);
    if (!m->child_count)
        return;
    struct made *row = m->children[chance_below(r->w->chance, m->child_count)];
    set_fate(row, "duplicate", "dropped");
    upload_write_below(r->upload, &r->record, row);
}

/* Writes record `no`; returns the last number taken, or -1. */
static long write_record(struct run *r, const struct level *l, const struct unit *u, long no)
{
    enum row_mistake what = choose_mistake(r, l);
    if (what == ROW_LOST) {
        int lost = lose_below(r, l, u, no);
        arena_reset(&r->record);
        return lost < 0 ? -1 : no + 1;
    }
    struct arena *a = what == ROW_AGAIN ? &r->held : &r->record;
    if (upload_is_card(r->upload, l))
        a = &r->kept;
    struct made *m = make(r, a, l, u, no);
    int code = m ? 0 : -1;
    if (m && what == ROW_UNIT)
        spoil_unit(r, a, m);
    if (m && what == ROW_AGAIN)
        repeat_later(r, m);
    else if (m && what == ROW_NUMBER)
        code = rival_later(r, m, no);
    else if (m && (what == ROW_REPLACED || what == ROW_REPLACED_TWICE))
        code = replace_later(r, m, no, what == ROW_REPLACED_TWICE);
    else if (m && what == ROW_BELOW)
        repeat_below(r, m);
    else if (m)
        upload_write(r->upload, a, m, SERIES_FIRST, false);
    if (m && what == ROW_ORPHAN)
        code = add_orphan(r, m, ++no);
    arena_reset(&r->record);
    if (r->pending && what != ROW_AGAIN && what != ROW_NUMBER && --r->wait <= 0)
        flush_pending(r);
    return code < 0 ? -1 : no;
}

/* Records of a level that nobody drew: as the topic says, or a default; at most `most`. */
static long records_of(const struct run *r, const struct level *l, long most)
{
    long said = likely_records(r->w->likely, l->form), wanted = said ? said : ROWS_DEFAULT;
    return wanted < most ? wanted : most;
}

static int write_unit(struct run *r, const struct level *l, const struct unit *u, long *total)
{
    const struct question *number = numbered_question(l);
    long most = most_numbers(l), wanted = r->plan->rows;
    if (!number)
        wanted = 1;
    else if (number->list) /* each choice once: a village of the list, a department */
        wanted = wanted && wanted < most ? wanted : most;
    else if (!wanted)
        wanted = u && u->take > 0 ? u->take : records_of(r, l, most);
    if (wanted > most)
        return error("“%s”每村最多能编 %ld 份（受问卷约束），不能编 %ld 份", l->label, most,
                     wanted);
    long spread = most == LONG_MAX ? 20 : most / (wanted + 1) / 2, no = 0;
    if (spread > 20)
        spread = 20;
    for (long i = 0; i < wanted; i++) {
        long next = no + 1 + (spread > 0 ? chance_below(r->w->chance, spread) : 0);
        r->spare = most - next - (wanted - i - 1) * (spread > 1 ? spread : 1);
        no = write_record(r, l, u, next);
        if (no < 0)
            return -1;
        r->last = no > r->last ? no : r->last;
        progress("编写答卷", ++*total);
    }
    flush_pending(r);
    return 0;
}

static int write_level(struct run *r, const struct level *l, long *total)
{
    const struct frame *f = r->w->frame;
    if (!*l->psu || !f->count)
        return write_unit(r, l, NULL, total);
    for (int i = 0; i < f->count; i++)
        if (in_sample(r, l, &f->units[i]) && write_unit(r, l, &f->units[i], total) < 0)
            return -1;
    return 0;
}

static void write_corrections(struct run *r)
{
    for (int i = 0; i < r->correction_count; i++)
        upload_write(r->upload, &r->kept, r->corrections[i], SERIES_CORRECTION, false);
}

/* The last row of the first table with rows below, or of the first one, is cut. */
static int cut_last(struct run *r)
{
    const struct topic *t = r->w->topic;
    const struct unit *u = NULL;
    for (int i = 0; i < r->w->frame->count && *t->levels[0].psu && !u; i++)
        if (in_sample(r, &t->levels[0], &r->w->frame->units[i]))
            u = &r->w->frame->units[i];
    struct made *m = make(r, &r->record, &t->levels[0], u, r->last + 1);
    if (!m)
        return -1;
    if (r->plan->style->repeats == REPEATS_KEY && chance_hits(r->w->chance, 0.5)) {
        for (int i = 0; i < m->child_count; i++) {
            set_fate(m->children[i], "orphan_member", "held");
            upload_write_below(r->upload, &r->record, m->children[i]);
        }
    } else if (upload_has_tables_below(r->upload)) {
        m = m->child_count ? m->children[0] : NULL;
    }
    if (m)
        upload_cut(r->upload, &r->record, m);
    return 0;
}

static struct manner manner_of(const struct simulation *s)
{
    const struct style *y = s->style;
    struct manner m = {.style = y, .unit_column = true, .abilities = CAN_NAME, .rate = s->rate};
    if (y->container == AS_CSV)
        m.abilities |= CAN_CONTROL;
    if (y->flags)
        m.abilities |= CAN_FLAGS;
    return m;
}

int simulate_county(const struct simulation *s)
{
    struct truth *truth = truth_new(s->world, s->answers);
    if (!truth)
        return -1;
    struct run r = {.plan = s, .w = s->world, .manner = manner_of(s)};
    r.upload = upload_new(s->world, s->style, s->folder, truth);
    int code = 0;
    long total = 0;
    for (int i = 0; i < s->world->topic->level_count && code == 0; i++)
        if (s->world->topic->levels[i].parent < 0)
            code = write_level(&r, &s->world->topic->levels[i], &total);
    write_corrections(&r);
    if (code == 0 && s->rate > 0 && s->style->container == AS_CSV && !s->style->footer &&
        !s->style->cards)
        code = cut_last(&r);
    progress_end();
    if (upload_close(r.upload) < 0 || code < 0)
        code = -1;
    if (truth_close(truth) < 0)
        code = -1;
    arena_free(&r.record);
    arena_free(&r.held);
    arena_free(&r.kept);
    return code;
}
