/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/keys.h"

#include "survey/days.h"
#include "survey/halftext.h"

#include <string.h>

enum { CODE_DIGITS = 12 }; /* of a unit's statistical code */

const struct level *top_level(const struct topic *t, const struct level *l)
{
    while (l->parent >= 0)
        l = &t->levels[l->parent];
    return l;
}

/* ---- the unit -------------------------------------------------------------------------------- */

static struct cell cell_of(const struct raw_row *row, const struct question *q)
{
    return raw_row_cell(row, raw_column(row->block, q, 0));
}

static bool is_code(const struct buf *text)
{
    return text->len == CODE_DIGITS && strspn(text->text, "0123456789") == CODE_DIGITS;
}

/* The code's cell without blanks and ".0"; *repairs gets what that took. */
static void read_code(const struct cell *cell, struct buf *code, unsigned *repairs)
{
    struct buf text = {0};
    *repairs = clean_text(cell, &text) ? REPAIR_CONTROL_CHAR : 0;
    *repairs |= half_text(code, text.text) ? REPAIR_FULLWIDTH : 0;
    size_t before = code->len;
    remove_char(code, ' ');
    if (code->len > 2 && ends_with(code->text, ".0")) {
        code->len -= 2;
        code->text[code->len] = '\0';
    }
    *repairs |= code->len != before ? REPAIR_NUM_FORMAT : 0;
    buf_free(&text);
}

static const struct unit *unit_named(const struct keyring *ring, const struct cell *cell)
{
    struct buf text = {0};
    clean_text(cell, &text);
    const struct unit *u = text.len ? frame_match(ring->frame, ring->county, text.text) : NULL;
    buf_free(&text);
    return u;
}

/* By the names in the cells of the code and of the name; when both name a unit, it must be the
 * same. */
static const struct unit *unit_by_name(const struct keyring *ring, const struct cell *code,
                                       const struct cell *name)
{
    const struct unit *a = unit_named(ring, code), *b = unit_named(ring, name);
    if (a && b && a != b)
        return NULL;
    return a ? a : b;
}

static const struct unit *unit_by_code(const struct keyring *ring, const char *code)
{
    const struct unit *u = frame_unit(ring->frame, code);
    return u && u->selected && !strcmp(u->county, ring->county) ? u : NULL;
}

static const struct unit *find_unit(const struct keyring *ring, const struct level *top,
                                    const struct raw_row *row, struct record_key *out)
{
    const struct question *code = form_question(top->form, top->psu);
    const struct question *name = form_question(top->form, top->psu_name);
    struct cell code_cell = cell_of(row, code), name_cell = cell_of(row, name);
    bool column = raw_column(row->block, code, 0);
    if (!column && (!name || !raw_column(row->block, name, 0)) && !*row->block->village)
        out->state = KEY_NONE;
    read_code(&code_cell, &out->psu, &out->repairs);
    const struct unit *known = unit_by_code(ring, out->psu.text);
    if (known || is_code(&out->psu)) /* a frame may have codes of its own */
        return known;
    out->repairs = 0;
    const struct unit *u = unit_by_name(ring, &code_cell, &name_cell);
    out->by_name = u != NULL;
    if (!u && !column && *row->block->village) {
        const char *village = row->block->village;
        bool digits =
            strlen(village) == CODE_DIGITS && strspn(village, "0123456789") == CODE_DIGITS;
        u = digits ? unit_by_code(ring, village) : frame_match(ring->frame, ring->county, village);
        out->by_sheet = u != NULL;
    }
    return u;
}

/* ---- units of a list --------------------------------------------------------------------------
 */

/* The day of a record: its answer to the rule's question, else that of the survey. */
static long record_day(const struct keyring *ring, const struct level *top,
                       const struct raw_row *row, struct record_key *out)
{
    const struct question *q = form_question(top->form, ring->rules->record_date);
    const struct raw_column *c = raw_column(row->block, q, 0);
    struct cell cell = raw_row_cell(row, c);
    if (c)
        parse_cell(ring->parser, q, &cell, 1, NULL, &out->parsed);
    bool dated = c && q->type == Q_DATE && out->parsed.state == PARSED_VALUE;
    return dated ? (long)out->parsed.number : topic_survey_day(ring->topic);
}

/* Whether the text tells anything of a unit; the answer is in `out`. */
static bool look_up(const struct keyring *ring, const struct level *top, const char *text, long day,
                    struct record_key *out)
{
    struct unit_query q = {top->unit_kind, ring->county, text, day};
    if (!*text)
        return false;
    unit_list_find(ring->frame->list, &q, &out->found);
    return out->found.state != UNIT_NONE;
}

/* A unit found by its code has a name too: one that the list does not have is said, one of another
 * unit makes two candidates of them. */
static void compare_name(const struct keyring *ring, const struct level *top, const char *name,
                         struct record_key *out)
{
    struct unit_query q = {top->unit_kind, ring->county, name, out->day};
    struct unit_found by_name;
    bool same = false;
    if (!*name || out->found.unit < 0 || out->found.state == UNIT_ENDED)
        return;
    unit_list_find(ring->frame->list, &q, &by_name);
    for (int i = 0; i < by_name.candidate_count; i++)
        same |= by_name.candidates[i] == out->found.unit;
    out->name_differs = by_name.state == UNIT_NONE;
    if (out->name_differs || same || by_name.unit == out->found.unit)
        return;
    by_name.candidates[by_name.candidate_count < UNIT_CANDIDATES ? by_name.candidate_count++ : 0] =
        out->found.unit;
    by_name.state = UNIT_SEVERAL;
    by_name.unit = -1;
    out->found = by_name;
}

/* By the texts of the code, of the name, and of the sheet, the first that names one or several. */
static bool look_up_row(const struct keyring *ring, const struct level *top,
                        const struct raw_row *row, struct record_key *out)
{
    struct cell cells[] = {cell_of(row, form_question(top->form, top->psu)),
                           cell_of(row, form_question(top->form, top->psu_name))};
    struct buf code = {0}, name = {0};
    read_code(&cells[0], &out->psu, &out->repairs);
    clean_text(&cells[0], &code);
    clean_text(&cells[1], &name);
    bool found = look_up(ring, top, out->psu.text, out->day, out);
    if (!found) {
        out->repairs = 0;
        found = look_up(ring, top, buf_text(&code), out->day, out);
    }
    if (found)
        compare_name(ring, top, buf_text(&name), out);
    else if ((found = look_up(ring, top, buf_text(&name), out->day, out)) && code.len)
        out->how = "unit_code";
    if (!found && !code.len && !name.len && *row->block->village)
        out->by_sheet = found = look_up(ring, top, row->block->village, out->day, out);
    buf_free(&code);
    buf_free(&name);
    return found;
}

/* What the state of the text means for the record. */
static int settle_listed(const struct keyring *ring, long day, struct record_key *out)
{
    bool merged;
    int unit = out->found.unit;
    switch (out->found.state) {
    case UNIT_FORMER:
        out->how = "unit_former";
        break;
    case UNIT_ALIAS:
        out->how = "unit_alias";
        break;
    case UNIT_ENDED:
        out->how = "unit_successor";
        out->state = KEY_UNIT_ENDED;
        return ring->rules->follow_units
                   ? unit_list_successor(ring->frame->list, unit, day, &merged)
                   : -1;
    case UNIT_LATER:
        out->state = KEY_UNIT_ENDED;
        return -1;
    case UNIT_SEVERAL:
        out->state = KEY_UNIT_SEVERAL;
        return -1;
    default:
        break;
    }
    return unit;
}

static const struct unit *find_listed(const struct keyring *ring, const struct level *top,
                                      const struct raw_row *row, struct record_key *out)
{
    const struct question *code = form_question(top->form, top->psu);
    const struct question *name = form_question(top->form, top->psu_name);
    if (!raw_column(row->block, code, 0) && (!name || !raw_column(row->block, name, 0)) &&
        !*row->block->village) {
        out->state = KEY_NONE;
        return NULL;
    }
    if (!look_up_row(ring, top, row, out))
        return NULL;
    const struct unit *u = frame_listed(ring->frame, settle_listed(ring, out->day, out));
    if (u && !ring->frame->of_list && (!u->selected || strcmp(u->county, ring->county) != 0))
        u = NULL;
    if (u)
        out->state = KEY_WHOLE;
    return u;
}

const struct listed_unit *key_named(const struct keyring *ring, const char *kind, const char *text,
                                    long day, struct record_key *out)
{
    struct unit_query q = {kind, ring->county, text, day};
    out->state = KEY_UNIT_NOT_LISTED;
    out->how = NULL;
    unit_list_find(ring->frame->list, &q, &out->found);
    if (out->found.state == UNIT_NONE && !out->found.candidate_count) {
        q.county = "";
        unit_list_find(ring->frame->list, &q, &out->found);
    }
    int unit = out->found.state == UNIT_NONE ? -1 : settle_listed(ring, day, out);
    return unit < 0 ? NULL : &ring->frame->list->units[unit];
}

static void put_unit(const struct keyring *ring, int unit, struct buf *out)
{
    unit_list_put_name(ring->frame->list, unit, out);
    buf_printf(out, "（%s）", ring->frame->list->units[unit].key);
}

static void put_units(const struct keyring *ring, const int *units, int count, struct buf *out)
{
    for (int i = 0; i < count; i++) {
        buf_puts(out, i ? "、" : "");
        put_unit(ring, units[i], out);
    }
}

void key_about(const struct keyring *ring, const struct record_key *key, struct buf *out)
{
    const struct unit_found *f = &key->found;
    char date[DATE_TEXT];
    if (!ring->frame->list || !f->candidate_count)
        return;
    const struct listed_unit *u = &ring->frame->list->units[f->candidates[0]];
    switch (f->state) {
    case UNIT_NONE:
        buf_puts(out, "名称相近的有");
        put_units(ring, f->candidates, f->candidate_count, out);
        break;
    case UNIT_SEVERAL:
        buf_puts(out, "可能是");
        put_units(ring, f->candidates, f->candidate_count, out);
        break;
    case UNIT_ENDED:
        days_to_text(unit_spell_last(ring->frame->list, f->unit)->to, date);
        put_unit(ring, f->unit, out);
        buf_printf(out, "%s停用", date);
        buf_puts(out, u->successor_count ? "，接续的是" : "");
        put_units(ring, u->successors, u->successor_count, out);
        break;
    default:
        put_unit(ring, f->candidates[0], out);
        buf_puts(out, "那时还没有");
    }
}

const char *key_county(const struct keyring *ring, const char *text)
{
    const char *name;
    struct unit_found f;
    struct unit_query q = {"", "", text, topic_survey_day(ring->topic)};
    if (!ring->frame->list)
        return "";
    unit_list_find(ring->frame->list, &q, &f);
    return f.unit < 0 ? "" : unit_list_county(ring->frame->list, f.unit, &name);
}

static void read_unit(const struct keyring *ring, const struct level *top,
                      const struct raw_row *row, struct record_key *out)
{
    if (!ring->frame->count) { /* a census: the code counts as it stands */
        struct cell cell = cell_of(row, form_question(top->form, top->psu));
        read_code(&cell, &out->psu, &out->repairs);
        out->repairs = 0;
        out->state = out->psu.len ? KEY_WHOLE : KEY_PART;
        return;
    }
    if (!ring->frame->of_list)
        out->unit = find_unit(ring, top, row, out);
    if (!out->unit && ring->frame->list)
        out->unit = find_listed(ring, top, row, out);
    if (out->unit && !frame_serves(out->unit, top))
        out->unit = NULL;
    if (out->unit) {
        buf_clear(&out->psu);
        buf_puts(&out->psu, out->unit->code);
        return;
    }
    if (!is_code(&out->psu))
        buf_clear(&out->psu);
    if (out->state == KEY_WHOLE)
        out->state = ring->frame->of_list ? KEY_UNIT_NOT_LISTED : KEY_UNIT_UNKNOWN;
}

/* ---- the key --------------------------------------------------------------------------------- */

/* The value of another question of the key, "" when there is none. */
static const char *key_part(const struct keyring *ring, const struct level *top,
                            const struct raw_row *row, const char *name, struct record_key *out)
{
    if (!strcmp(name, top->county))
        return ring->county;
    const struct question *q = form_question(top->form, name);
    const struct raw_column *c = raw_column(row->block, q, 0);
    struct cell cell = raw_row_cell(row, c);
    parse_cell(ring->parser, q, &cell, c ? c->factor : 1, NULL, &out->parsed);
    const char *text = out->parsed.state == PARSED_VALUE ? out->parsed.text.text : "";
    bool personal = *text && (q->personal || is_personal_text(text));
    return personal && ring->privacy ? privacy_hash(ring->privacy, text, out->hash) : text;
}

void key_read(const struct keyring *ring, const struct level *top, const struct raw_row *row,
              struct record_key *out)
{
    *out = (struct record_key){.text = out->text, .psu = out->psu, .parsed = out->parsed};
    buf_clear(&out->text);
    buf_put(&out->text, "", 0);
    buf_clear(&out->psu);
    buf_put(&out->psu, "", 0);
    if (ring->frame->list)
        out->day = record_day(ring, top, row, out);
    if (*top->psu)
        read_unit(ring, top, row, out);
    if (top->key_count == 0) /* every row is a record of its own */
        buf_printf(&out->text, "%ld", row->id);
    for (int i = 0; i < top->key_count; i++) {
        bool psu = !strcmp(top->key[i], top->psu);
        const char *part = psu ? out->psu.text : key_part(ring, top, row, top->key[i], out);
        if (!*part && out->state == KEY_WHOLE)
            out->state = KEY_PART;
        buf_puts(&out->text, i ? "-" : "");
        buf_puts(&out->text, part);
    }
    if (out->state >= KEY_UNIT_UNKNOWN && !out->psu.len)
        buf_clear(&out->text);
}

void record_key_free(struct record_key *key)
{
    buf_free(&key->text);
    buf_free(&key->psu);
    parsed_free(&key->parsed);
}
