/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms: one record whose items stand beside each other, label and value by turns
 *
 *     户主姓名 | 张三 | 联系电话 | 13900000000
 *     户籍人口数 | 4  | 劳动力人数 | 2
 *
 * It becomes a card of one record (formats/cells.h); the row of heads holds every cell that is no
 * value.
 */
#include "intake/tables_private.h"

#include "base/arena.h"
#include "intake/units.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_ITEMS = 4, MOST_CELLS = 20000 };

/* A filled cell of the form. */
struct spot {
    int row, column; /* of the kept rows; of the sheet, from 0 */
    const struct cell *cell;
    int value;  /* of a label: index of the value's place, -1: nothing is filled in */
    bool taken; /* it is a value, or the unit of one */
};

struct form_sheet {
    struct tables *t;
    int from, rows; /* the kept rows that are looked at: first, and behind the last */
    struct spot *spots;
    const char **texts; /* of the places; NULL where no label can be */
    struct column *columns;
    int count, room;
    int level;
    long head_row; /* of the first item */
};

/* ---- the cells ---------------------------------------------------------------------------- */

static void list_spots(struct form_sheet *f)
{
    for (int r = f->from; r < f->rows; r++) {
        const struct cells *cells = &f->t->kept[r].cells;
        for (int c = 0; c < cells->count && c < CARD_COLUMNS_SIDE; c++)
            if (is_filled(&cells->items[c])) {
                GROW(f->spots, f->count, f->room);
                f->spots[f->count++] = (struct spot){r, c, &cells->items[c], -1, false};
            }
    }
    f->texts = must_alloc((size_t)(f->count + 1) * sizeof *f->texts);
    f->columns = must_alloc((size_t)(f->count + 1) * sizeof *f->columns);
    for (int i = 0; i < f->count; i++) {
        const struct cell *c = f->spots[i].cell;
        f->texts[i] = c->kind == CELL_TEXT && c->len < 1000 ? c->text : NULL;
    }
}

static bool is_label(const struct form_sheet *f, int i)
{
    return f->columns[i].question != NULL;
}

static bool is_unit(const struct form_sheet *f, int i)
{
    const struct cell *c = f->spots[i].cell;
    return c->kind == CELL_TEXT && c->len <= 60 && *heads_unit(f->t->heads, c->text);
}

/* The value of a label: the next filled cell of the row before the next label; a unit alone is
 * none where another cell follows. */
static void find_values(struct form_sheet *f)
{
    for (int i = 0; i < f->count; i++) {
        if (!is_label(f, i))
            continue;
        int next = i + 1;
        bool there = next < f->count && f->spots[next].row == f->spots[i].row && !is_label(f, next);
        bool further = there && next + 1 < f->count && !is_label(f, next + 1) &&
                       f->spots[next + 1].row == f->spots[i].row;
        if (further && is_unit(f, next)) {
            f->spots[next].taken = true;
            next++;
        }
        if (there) {
            f->spots[i].value = next;
            f->spots[next].taken = true;
        }
    }
}

/* ---- whether it is a form ----------------------------------------------------------------- */

static bool is_key(const struct level *l, const struct question *q)
{
    bool key = !strcmp(q->name, l->psu) || !strcmp(q->name, l->psu_name);
    for (int k = 0; k < l->key_count; k++)
        key = key || !strcmp(q->name, l->key[k]);
    return key;
}

/* How many items of the level there are, in all forms together; 0 when they do not stand side by
 * side, name no key, or are lost among other texts. */
static int count_items(struct form_sheet *f, int level)
{
    const struct level *l = &f->t->topic->levels[level];
    int items = 0, beside = 0, keys = 0, last_row = -1, last = -1;
    for (int i = 0; i < f->count; i++) {
        const struct question *q =
            f->texts[i] ? heads_question(f->t->heads, level, f->texts[i]) : NULL;
        if (!q)
            continue;
        items++;
        keys += is_key(l, q);
        beside += f->spots[i].row == last_row && last < i - 1;
        last_row = f->spots[i].row;
        last = i;
    }
    bool good = items >= LEAST_ITEMS && beside >= 2 && keys && items * 3 >= f->count;
    return good ? items : 0;
}

static bool find_level(struct form_sheet *f)
{
    int best = 0;
    for (int l = 0; l < f->t->topic->level_count; l++) {
        int items = f->t->topic->levels[l].parent < 0 ? count_items(f, l) : 0;
        if (items > best) {
            best = items;
            f->level = l;
        }
    }
    return best > 0;
}

static bool is_known_head(struct tables *t, const struct cell *c)
{
    return c->kind == CELL_TEXT && c->len < 200 && is_filled(c) && heads_known(t->heads, c->text);
}

/* Whether a row, whose number is `no`, has labels and all of them stand below labels of the row
 * above it. */
static bool goes_on(struct tables *t, const struct kept_row *above, long no,
                    const struct cell *cells, int count)
{
    int labels = 0;
    for (int i = 0; i < count; i++) {
        if (!is_known_head(t, &cells[i]))
            continue;
        if (i >= above->cells.count || !is_known_head(t, &above->cells.items[i]))
            return false;
        labels++;
    }
    return labels > 0 && above->no + 1 == no;
}

bool looks_like_form(struct tables *t, long no, const struct cell *cells, int count)
{
    int labels = 0, values = 0, before = 0, last = -2;
    for (int i = 0; i < count && labels < 4; i++) {
        if (!is_filled(&cells[i]))
            continue;
        bool label = is_known_head(t, &cells[i]);
        if (label && last == i - 1)
            return false; /* as in a head */
        last = label ? i : last;
        labels += label;
        values += !label && labels;
        before += !label && !labels; /* the name of a section may stand before the labels */
        if (values > labels || before > 1)
            return false;
    }
    const struct kept_row *above = t->kept_count ? &t->kept[t->kept_count - 1] : NULL;
    return labels >= 2 && (values > 0 || (above && goes_on(t, above, no, cells, count)));
}

bool is_item_row(struct tables *t, int row)
{
    for (; row >= 0; row--) {
        const struct kept_row *r = &t->kept[row];
        if (looks_like_form(t, 0, r->cells.items, r->cells.count))
            return true;
        if (row == 0 || !goes_on(t, r - 1, r->no, r->cells.items, r->cells.count))
            return false;
    }
    return false;
}

/* ---- writing ------------------------------------------------------------------------------ */

static int position(const struct form_sheet *f, int row, int column)
{
    return (int)(f->t->kept[row].no - f->head_row) + CARD_ROWS * (column + 1);
}

static double factor_of(const struct form_sheet *f, int label)
{
    const struct question *q = f->columns[label].question;
    const struct spot *p = &f->spots[label];
    double factor = 1;
    if (!*q->unit || f->columns[label].role != COLUMN_QUESTION)
        return 1;
    const char *unit = heads_unit(f->t->heads, p->cell->text);
    if (!*unit && p->value > label + 1)
        unit = heads_unit(f->t->heads, f->spots[label + 1].cell->text);
    return *unit && unit_factor(unit, q->unit, &factor) ? factor : 1;
}

/* An unknown label has a text behind it that nothing else has taken. */
static bool is_extra(const struct form_sheet *f, int i)
{
    const struct spot *p = &f->spots[i], *next = p + 1;
    return !is_label(f, i) && !p->taken && f->texts[i] && i + 1 < f->count && !next->taken &&
           !is_label(f, i + 1) && next->row == p->row;
}

static void write_items(struct form_sheet *f, long block)
{
    static const struct column unknown = {.role = COLUMN_EXTRA};
    for (int i = 0; i < f->count; i++) {
        const struct spot *p = &f->spots[i];
        long no = f->t->kept[p->row].no;
        if (is_label(f, i)) {
            int column = p->value < 0 ? p->column + 1 : f->spots[p->value].column;
            double factor = factor_of(f, i);
            raw_add_column(f->t->raw, block, position(f, p->row, column), p->cell->text,
                           &f->columns[i], factor);
            if (factor != 1)
                tell_head(f->t, no, p->cell->text, f->columns[i].question->name, "unit_header",
                          "repaired");
        } else if (is_extra(f, i)) {
            raw_add_column(f->t->raw, block, position(f, p->row, f->spots[i + 1].column),
                           p->cell->text, &unknown, 1);
            tell_head(f->t, no, p->cell->text, "", "extra_field", "notice");
            f->spots[i + 1].taken = true;
        }
    }
}

/* The cells that are values, or all others, as one row. */
static long write_cells(struct form_sheet *f, long block, bool values, const char *kind, long no)
{
    int width = CARD_ROWS * (CARD_COLUMNS_SIDE + 1);
    struct cell *cells = must_alloc((size_t)width * sizeof *cells);
    for (int i = 0; i < width; i++)
        cells[i] = (struct cell){CELL_EMPTY, "", 0};
    int last = 0;
    for (int i = 0; i < f->count; i++) {
        const struct spot *p = &f->spots[i];
        if (p->taken != values)
            continue;
        int at = position(f, p->row, p->column);
        cells[at] = *p->cell;
        last = at > last ? at : last;
    }
    long row = raw_add_row(f->t->raw, f->t->sheet, block, no, kind, 0, cells, last + 1);
    free(cells);
    return row;
}

/* The row above the first item and the one below the last. */
static void find_extent(const struct form_sheet *f, int *first, int *end)
{
    *first = *end = -1;
    for (int i = 0; i < f->count; i++)
        if (is_label(f, i)) {
            *first = *first < 0 ? f->spots[i].row : *first;
            *end = f->spots[i].row + 1;
        }
}

/* Leave out the cells of the rows above and below. */
static void keep_extent(struct form_sheet *f, int first, int end)
{
    int n = 0;
    for (int i = 0; i < f->count; i++) {
        if (f->spots[i].row < first || f->spots[i].row >= end)
            continue;
        f->spots[n] = f->spots[i];
        f->texts[n] = f->texts[i];
        f->columns[n++] = f->columns[i];
    }
    f->count = n;
}

static void write_form(struct form_sheet *f, int first, int end)
{
    struct tables *t = f->t;
    write_rows(t, f->from, first, "title");
    const char *village = village_of_table(t, f->level, f->columns, f->count, first);
    f->head_row = t->kept[first].no;
    long block = raw_add_block(t->raw, &(struct raw_block){.sheet = t->sheet,
                                                           .level = f->level,
                                                           .layout = "card",
                                                           .village = village,
                                                           .file = t->path,
                                                           .head_row = f->head_row});
    write_items(f, block);
    int column = f->spots[0].column + 1;
    write_cells(f, block, false, "head", column);
    t->above = write_cells(f, block, true, "data", column + 1);
    t->above_level = f->level;
    write_rows(t, end, f->rows, "note");
    t->found.read++;
}

static void free_spots(struct form_sheet *f)
{
    free(f->spots);
    free(f->texts);
    free(f->columns);
    *f = (struct form_sheet){.t = f->t};
}

/* ---- forms below each other --------------------------------------------------------------- */

/* The first label of the forms in f: where it stands again, the next form begins. */
struct opening {
    const struct question *question;
    int column;
};

static struct opening find_opening(const struct form_sheet *f)
{
    for (int i = 0;; i++) {
        const struct question *q =
            f->texts[i] ? heads_question(f->t->heads, f->level, f->texts[i]) : NULL;
        if (q)
            return (struct opening){q, f->spots[i].column};
    }
}

static bool opens(struct tables *t, int level, const struct opening *o, int row)
{
    const struct cells *c = &t->kept[row].cells;
    return o->column < c->count && c->items[o->column].kind == CELL_TEXT &&
           is_filled(&c->items[o->column]) &&
           heads_question(t->heads, level, c->items[o->column].text) == o->question;
}

/* Whether an item of the key is filled in; else the form is an empty one to be copied. */
static bool is_filled_in(const struct form_sheet *f)
{
    bool filled = false;
    for (int i = 0; i < f->count; i++)
        filled = filled || (is_label(f, i) && f->spots[i].value >= 0 &&
                            is_key(&f->t->topic->levels[f->level], f->columns[i].question));
    return filled;
}

static void write_one(struct tables *t, int level, int from, int end)
{
    struct form_sheet f = {.t = t, .from = from, .rows = end, .level = level};
    list_spots(&f);
    heads_columns(t->heads, level, f.texts, f.count, f.columns);
    int first, below;
    find_extent(&f, &first, &below);
    keep_extent(&f, first, below);
    find_values(&f);
    if (is_filled_in(&f))
        write_form(&f, first, below);
    else
        write_rows(t, from, end, "note");
    free_spots(&f);
}

/* Whether the rows from..end - 1 are few enough for the numbers of a card's cells. */
static bool is_short(const struct tables *t, int from, int end)
{
    return end > from && t->kept[end - 1].no - t->kept[from].no < CARD_ROWS;
}

int read_form(struct tables *t, int rows, bool more)
{
    struct form_sheet f = {.t = t, .rows = rows};
    list_spots(&f);
    bool found = f.count <= MOST_CELLS && find_level(&f);
    struct opening o = found ? find_opening(&f) : (struct opening){NULL, 0};
    int level = f.level, from = 0;
    free_spots(&f);
    for (int r = 0, opened = 0; found && r <= rows - more; r++)
        if ((r == rows || (opens(t, level, &o, r) && opened++)) && is_short(t, from, r)) {
            write_one(t, level, from, r);
            from = r;
        }
    return from;
}
