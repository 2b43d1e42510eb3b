/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The columns of a table: its heads of one to three rows, their units, and what is told about
 * them.
 */
#include "intake/tables_private.h"

#include "base/arena.h"
#include "base/message.h"
#include "intake/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the head's texts --------------------------------------------------------------------- */

static const struct merge *merge_at(const struct tables *t, long no, int column)
{
    for (int i = 0; i < t->merge_count; i++) {
        const struct merge *m = &t->merges[i];
        if (m->top < no && m->bottom >= no - 1 && m->left <= column && m->right >= column)
            return m;
    }
    return NULL;
}

static const char *text_at(const struct kept_row *row, int column)
{
    const struct cell *c = column < row->cells.count ? &row->cells.items[column] : NULL;
    return c && is_filled(c) ? c->text : NULL;
}

/* The printed head of a column: the lowest cell that is filled; a merged area counts with the
 * text of its upper left cell where it is one column wide. */
static const char *head_text(const struct tables *t, int first, int last, int column)
{
    for (int r = last; r >= first; r--) {
        const char *text = text_at(&t->kept[r], column);
        const struct merge *m = merge_at(t, t->kept[r].no, column);
        bool group = m && m->right > m->left && r < last;
        if (text && !group)
            return text;
    }
    return "";
}

/* The group above a column: the nearest filled cell to the left in a row above the head's. */
static const char *group_text(const struct tables *t, int first, int last, int column)
{
    for (int r = last - 1; r >= first; r--) {
        const struct merge *m = merge_at(t, t->kept[r].no, column);
        int left = m ? m->left : column;
        const char *text = text_at(&t->kept[r], left);
        while (!m && !text && left > 0 && !merge_at(t, t->kept[r].no, left - 1))
            text = text_at(&t->kept[r], --left);
        if (text)
            return text;
    }
    return "";
}

/* ---- units -------------------------------------------------------------------------------- */

/* Whether a cell above the table says 单位：…, and not 填报单位：…. */
static bool names_unit(const char *text)
{
    const char *at = strstr(text, "单位");
    size_t before = at ? (size_t)(at - text) : 0;
    return at && (before == 0 || at[-1] == '(' || at[-1] == ' ' ||
                  (before >= 3 && !strncmp(at - 3, "（", 3)) ||
                  (before >= 6 && !strncmp(at - 6, "计量", 6)));
}

/* The unit named above the table that converts to the question's, or "". */
static const char *table_unit(struct tables *t, int first, const char *to)
{
    double factor;
    for (int r = 0; r < first; r++)
        for (int i = 0; i < t->kept[r].cells.count; i++) {
            const char *text = text_at(&t->kept[r], i);
            const char *unit = text && names_unit(text) ? heads_unit(t->heads, text) : "";
            if (*unit && unit_factor(unit, to, &factor))
                return unit;
        }
    return "";
}

static double factor_of(const char *from, const char *to)
{
    double factor;
    return *to && unit_factor(from, to, &factor) ? factor : 1;
}

/* Unit named by the head, the group above it or the table, in this order. */
static void set_factor(struct tables *t, int first, int last, int column)
{
    const struct question *q = t->columns[column].question;
    if (!q || !*q->unit || t->columns[column].role != COLUMN_QUESTION)
        return;
    double factor;
    const char *own = heads_unit(t->heads, t->printed[column]);
    if (*own) {
        t->factors[column] = factor_of(own, q->unit);
        return;
    }
    const char *group = heads_unit(t->heads, group_text(t, first, last, column));
    if (!*group || !unit_factor(group, q->unit, &factor))
        group = table_unit(t, first, q->unit);
    t->factors[column] = factor_of(group, q->unit);
}

void take_unit_row(struct tables *t, const struct cell *cells, int count)
{
    for (int i = 0; i < count && i < t->column_count; i++) {
        const struct question *q = t->columns[i].question;
        if (q && cells[i].len && t->columns[i].role == COLUMN_QUESTION &&
            !*heads_unit(t->heads, t->printed[i]))
            t->factors[i] = factor_of(heads_unit(t->heads, cells[i].text), q->unit);
    }
}

/* ---- the block ---------------------------------------------------------------------------- */

static void make_room(struct tables *t, int count)
{
    if (count <= t->column_room)
        return;
    size_t n = (size_t)count;
    t->columns = must_realloc(t->columns, n * sizeof *t->columns);
    t->printed = must_realloc(t->printed, n * sizeof *t->printed);
    t->factors = must_realloc(t->factors, n * sizeof *t->factors);
    t->seen = must_realloc(t->seen, n * sizeof *t->seen);
    t->column_room = count;
}

static bool is_named(const struct column *c, const char *name)
{
    return c->question && !strcmp(c->question->name, name);
}

bool has_key(const struct tables *t, int level, const struct column *columns, int count,
             const char *village)
{
    if (t->above && t->topic->levels[level].parent == t->above_level)
        return true;
    const struct level *top = &t->topic->levels[level];
    while (top->parent >= 0)
        top = &t->topic->levels[top->parent];
    if (!*top->psu || (top->key_count == 1 && *village))
        return true;
    for (int i = 0; i < count; i++) {
        const struct column *c = &columns[i];
        if (c->role == COLUMN_PARENT || c->role == COLUMN_INSTANCE || is_named(c, top->psu_name))
            return true;
        for (int k = 0; k < top->key_count; k++)
            if (is_named(c, top->key[k]))
                return true;
    }
    return false;
}

static void add_block(struct tables *t, const char *village)
{
    t->block = raw_add_block(t->raw, &(struct raw_block){.sheet = t->sheet,
                                                         .level = t->level,
                                                         .layout = "rows",
                                                         .village = village,
                                                         .file = t->path,
                                                         .head_row = t->head_row});
}

/* A table without the key's column: nobody knows whose its rows are.  One with few questions may
 * be of something else. */
static void tell_keyless(struct tables *t, const struct fit *fit, long row)
{
    if (!fit_is_certain(fit))
        return;
    t->found.keyless++;
    tell_head(t, row, "", "", "key_missing", "file");
    warning_at((struct place){.file = t->path, .sheet = t->sheet_name, .row = row},
               "这张“%s”表没有编号栏，不知道各行是谁的，没有读入。请补上编号栏后重报",
               t->topic->levels[fit->level].label);
}

bool begin_table(struct tables *t, int first, int last)
{
    int count = 0;
    for (int r = first; r <= last; r++)
        count = t->kept[r].cells.count > count ? t->kept[r].cells.count : count;
    make_room(t, count);
    for (int i = 0; i < count; i++) {
        t->printed[i] = must_strdup(head_text(t, first, last, i));
        t->factors[i] = 1;
        t->seen[i] = false;
    }
    struct fit fit = heads_fit(t->heads, (const char *const *)t->printed, count);
    heads_columns(t->heads, fit.level, (const char *const *)t->printed, count, t->columns);
    t->column_count = count;
    const char *village = village_of_table(t, fit.level, t->columns, count, first);
    if (!has_key(t, fit.level, t->columns, count, village)) {
        tell_keyless(t, &fit, t->kept[last].no);
        end_table(t);
        return false;
    }
    t->level = fit.level;
    t->width = t->kept[last].cells.count;
    t->head_row = t->kept[last].no;
    t->rows_below = 0;
    t->written = t->after_note = t->continued = false;
    for (int i = 0; i < count; i++)
        set_factor(t, first, last, i);
    if (t->topic->levels[t->level].parent != t->above_level)
        t->above = 0;
    t->of_village = *village && village != t->sheet_name;
    add_block(t, village);
    t->found.read++;
    return true;
}

void continue_table(struct tables *t, const char *village)
{
    write_columns(t);
    t->rows_below = 0;
    t->continued = true;
    t->written = t->after_note = false;
    add_block(t, village);
}

void tell_head(struct tables *t, long row, const char *column, const char *field, const char *kind,
               const char *class)
{
    char place[24];
    snprintf(place, sizeof place, "%ld", row);
    raw_add_problem(t->raw, &(struct raw_problem){.file = t->path,
                                                  .sheet = t->sheet_name,
                                                  .row = place,
                                                  .column = column,
                                                  .field = field,
                                                  .kind = kind,
                                                  .class = class});
}

/* About the head of a column, once where the table goes on under another title. */
static void tell(struct tables *t, const char *column, const char *field, const char *kind,
                 const char *class)
{
    if (!t->continued)
        tell_head(t, t->head_row, column, field, kind, class);
}

void write_columns(struct tables *t)
{
    if (t->written)
        return;
    t->written = true;
    for (int i = 0; i < t->column_count; i++) {
        const struct column *c = &t->columns[i];
        if (c->role == COLUMN_NONE)
            continue;
        raw_add_column(t->raw, t->block, i, t->printed[i], c, t->factors[i]);
        if (c->role == COLUMN_EXTRA)
            tell(t, t->printed[i], "", "extra_field", "notice");
        else if (t->factors[i] != 1)
            tell(t, t->printed[i], c->question->name, "unit_header", "repaired");
    }
}

/* Remember columns without a head in which something stands. */
void note_headless(struct tables *t, const struct cell *cells, int count)
{
    for (int i = 0; i < count && i < t->column_count; i++)
        if (t->columns[i].role == COLUMN_NONE && !t->seen[i] && is_filled(&cells[i]))
            t->seen[i] = true;
}

void end_table(struct tables *t)
{
    char letters[16], name[64];
    if (t->block)
        write_columns(t);
    for (int i = 0; i < t->column_count; i++) {
        if (t->block && t->seen[i]) {
            column_letters(i, letters);
            snprintf(name, sizeof name, "%s列（无表头）", letters);
            tell(t, name, "", "extra_field", "notice");
        }
        free(t->printed[i]);
    }
    t->column_count = 0;
    t->block = 0;
}
