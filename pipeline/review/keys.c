/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/keys.h"

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
    out->unit = find_unit(ring, top, row, out);
    if (out->unit && !frame_serves(out->unit, top))
        out->unit = NULL;
    if (out->unit) {
        buf_clear(&out->psu);
        buf_puts(&out->psu, out->unit->code);
        return;
    }
    if (!is_code(&out->psu))
        buf_clear(&out->psu);
    if (out->state != KEY_NONE)
        out->state = KEY_UNIT_UNKNOWN;
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
