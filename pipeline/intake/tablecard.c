/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cards: one item a row, one record a column.  A record becomes one row of the raw store, whose
 * cells are the sheet's rows from the first (formats/cells.h); row.no is the number of its column.
 */
#include "intake/tables_private.h"

#include "base/arena.h"
#include "intake/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 3 };

static const struct cell *cell_at(const struct kept_row *row, int column)
{
    static const struct cell none = {CELL_EMPTY, "", 0};
    return column < row->cells.count ? &row->cells.items[column] : &none;
}

/* How well a column of labels names the questions of a level. */
static struct fit fit_labels(struct tables *t, int rows, int column)
{
    const char **texts = must_alloc((size_t)rows * sizeof *texts);
    for (int r = 0; r < rows; r++) {
        const struct cell *c = cell_at(&t->kept[r], column);
        texts[r] = c->kind == CELL_TEXT && c->len < 1000 ? c->text : NULL;
    }
    struct fit fit = heads_fit(t->heads, texts, rows);
    free(texts);
    return fit;
}

struct card {
    int rows;               /* kept rows that are looked at */
    int labels;             /* column of the labels */
    int level, units;       /* units: column of the units, or -1 */
    struct column *columns; /* by kept row */
    const char **printed;
    bool record[CARD_COLUMNS]; /* columns that are records */
    int width;
    long last; /* row number of the last item */
};

static bool is_units_column(struct tables *t, const struct card *c, int column)
{
    int units = 0;
    for (int r = 0; r < c->rows; r++) {
        const struct cell *cell = cell_at(&t->kept[r], column);
        if (!c->columns[r].question || !is_filled(cell))
            continue;
        if (cell->len > 60 || !*heads_unit(t->heads, cell->text))
            return false;
        units++;
    }
    return units > 0;
}

static bool has_answers(const struct tables *t, const struct card *c, int column)
{
    for (int r = 0; r < c->rows; r++)
        if (c->columns[r].question && is_filled(cell_at(&t->kept[r], column)))
            return true;
    return false;
}

/* A column headed 备注 or 说明 in the row above the first item holds no record. */
static bool is_remark(const struct tables *t, const struct card *c, int column)
{
    for (int r = 0; r < c->rows && !c->columns[r].question; r++) {
        const struct cell *cell = cell_at(&t->kept[r], column);
        if (is_filled(cell) &&
            (starts_with(cell->text, "备注") || starts_with(cell->text, "说明") ||
             starts_with(cell->text, "指标解释")))
            return true;
    }
    return false;
}

/* Whether a cell may answer the question beside it: digits where a number or a date belongs; for
 * one choice, a text that is not longer than they are. */
static bool may_answer(const struct question *q, const struct cell *cell)
{
    enum { LONGEST = 60 };
    bool digits = strpbrk(cell->text, "0123456789") != NULL;
    switch (q->type) {
    case Q_INTEGER:
    case Q_DECIMAL:
    case Q_DATE:
        return digits || cell->len <= 12; /* 不详, 十二, 两万五 */
    case Q_SELECT_ONE:
        return cell->len <= LONGEST;
    default:
        return true;
    }
}

/* How many of the questions a column answers, explains, or names a second time. */
struct look {
    int filled, unfit, named;
};

static struct look look_at(struct tables *t, const struct card *c, int column)
{
    struct look look = {0};
    for (int r = 0; r < c->rows; r++) {
        const struct question *q = c->columns[r].question;
        const struct cell *cell = cell_at(&t->kept[r], column);
        struct column named = {0};
        if (!q || !is_filled(cell))
            continue;
        if (cell->len < 1000)
            heads_columns(t->heads, c->level, &cell->text, 1, &named);
        look.filled++;
        look.named += named.question == q;
        look.unfit += !may_answer(q, cell);
    }
    return look;
}

/* Whether another column names the questions too: a list of questions, as a questionnaire is. */
static bool is_catalogue(struct tables *t, const struct card *c)
{
    for (int i = 0; i < c->width; i++) {
        struct look look = i == c->labels ? (struct look){0} : look_at(t, c, i);
        if (look.named > 3 && look.named * 2 > look.filled)
            return true;
    }
    return false;
}

static bool is_explanation(struct tables *t, const struct card *c, int column)
{
    struct look look = look_at(t, c, column);
    return look.unfit * 2 > look.filled;
}

static void find_records(struct tables *t, struct card *c)
{
    c->units = -1;
    for (int r = 0; r < c->rows; r++) {
        int count = t->kept[r].cells.count;
        c->width = count > c->width ? count : c->width;
        if (c->columns[r].question)
            c->last = t->kept[r].no;
    }
    c->width = c->width < CARD_COLUMNS ? c->width : CARD_COLUMNS;
    for (int i = c->labels + 1; i < c->width; i++) {
        if (c->units < 0 && is_units_column(t, c, i))
            c->units = i;
        else
            c->record[i] = has_answers(t, c, i) && !is_remark(t, c, i) && !is_explanation(t, c, i);
    }
}

static double factor_of(struct tables *t, const struct card *c, int r)
{
    const struct question *q = c->columns[r].question;
    double factor = 1;
    if (!q || !*q->unit || c->columns[r].role != COLUMN_QUESTION)
        return 1;
    const char *unit = heads_unit(t->heads, c->printed[r]);
    if (!*unit && c->units >= 0)
        unit = heads_unit(t->heads, cell_at(&t->kept[r], c->units)->text);
    return *unit && unit_factor(unit, q->unit, &factor) ? factor : 1;
}

static void write_items(struct tables *t, const struct card *c, int first, long block)
{
    for (int r = first; r < c->rows; r++) {
        const struct column *column = &c->columns[r];
        if (column->role == COLUMN_NONE || t->kept[r].no > c->last)
            continue;
        bool item = false; /* an unknown label beside which nothing stands is a section title */
        for (int i = c->labels + 1; i < c->width; i++)
            item = item || (c->record[i] && is_filled(cell_at(&t->kept[r], i)));
        if (column->role == COLUMN_EXTRA && !item)
            continue;
        double factor = factor_of(t, c, r);
        raw_add_column(t->raw, block, (int)t->kept[r].no - 1, c->printed[r], column, factor);
        if (column->role == COLUMN_EXTRA)
            tell_head(t, t->kept[r].no, c->printed[r], "", "extra_field", "notice");
        else if (factor != 1)
            tell_head(t, t->kept[r].no, c->printed[r], column->question->name, "unit_header",
                      "repaired");
    }
}

/* The cells of one column of the sheet, from row 1 to the last item.  Returns the row's id. */
static long write_column(struct tables *t, const struct card *c, int column, long block,
                         const char *kind)
{
    struct cell *cells = must_alloc((size_t)c->last * sizeof *cells);
    for (long i = 0; i < c->last; i++)
        cells[i] = (struct cell){CELL_EMPTY, "", 0};
    for (int r = 0; r < c->rows && t->kept[r].no <= c->last; r++)
        cells[t->kept[r].no - 1] = *cell_at(&t->kept[r], column);
    long row = raw_add_row(t->raw, t->sheet, block, column + 1, kind, 0, cells, (int)c->last);
    free(cells);
    return row;
}

static void write_card(struct tables *t, struct card *c, int first)
{
    write_rows(t, 0, first, "title");
    const char *village = village_of_table(t, c->level, c->columns, c->rows, first);
    long block = raw_add_block(t->raw, &(struct raw_block){.sheet = t->sheet,
                                                           .level = c->level,
                                                           .layout = "card",
                                                           .village = village,
                                                           .file = t->path,
                                                           .head_row = t->kept[first].no});
    write_items(t, c, first, block);
    write_column(t, c, c->labels, block, "head");
    int records = 0;
    for (int i = c->labels + 1; i < c->width; i++)
        if (c->record[i]) {
            t->above = write_column(t, c, i, block, "data");
            records++;
        }
    t->above = records == 1 ? t->above : 0; /* of several, none is the one above a table */
    t->above_level = c->level;
    int end = c->rows;
    while (end > first && t->kept[end - 1].no > c->last)
        end--;
    write_rows(t, end, c->rows, "note");
    t->found.read++;
}

bool read_card(struct tables *t, int rows)
{
    struct card c = {.rows = rows, .labels = -1};
    struct fit best = {.level = -1};
    if (rows == 0 || t->kept[rows - 1].no > CARD_ROWS)
        return false;
    for (int i = 0; i < LABEL_COLUMNS; i++) {
        struct fit fit = fit_labels(t, rows, i);
        if (fit.own > best.own) {
            best = fit;
            c.labels = i;
        }
    }
    if (best.own < 4 || best.own * 2 < best.heads)
        return false;
    size_t n = (size_t)rows;
    c.level = best.level;
    c.columns = must_alloc(n * sizeof *c.columns);
    c.printed = must_alloc(n * sizeof *c.printed);
    for (size_t r = 0; r < n; r++)
        c.printed[r] = cell_at(&t->kept[r], c.labels)->text;
    heads_columns(t->heads, c.level, c.printed, rows, c.columns);
    find_records(t, &c);
    int first = 0, records = 0;
    while (!c.columns[first].question)
        first++;
    for (int i = 0; i < CARD_COLUMNS; i++)
        records += c.record[i];
    const char *village = village_of_table(t, c.level, c.columns, rows, first);
    if (!has_key(t, c.level, c.columns, rows, village) || is_catalogue(t, &c))
        records = 0;
    if (records)
        write_card(t, &c, first);
    free(c.columns);
    free(c.printed);
    return records > 0;
}
