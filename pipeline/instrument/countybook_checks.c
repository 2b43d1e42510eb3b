/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists to choose from, checks with messages, and cells that turn grey where a question is
 * skipped.
 */
#include "instrument/countybook_private.h"

#include "formats/sheets.h"
#include "survey/expr.h"

#include <stdio.h>
#include <string.h>

enum { TITLE_MOST = 32, MESSAGE_MOST = 255 }; /* characters that Excel takes */

/* ---- lists on the hidden sheet -----------------------------------------------------------------
 */

/* Writes the labels below each other in a new column; returns the range as a formula. */
static const char *list_range(struct county_book *b, const char *name, const char *const *labels,
                              int count)
{
    char letters[8];
    if (!b->lists && !(b->lists = workbook_add_worksheet(b->file, "选项"))) {
        book_check(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return "";
    }
    int column = (int)map_get(&b->list_ranges, name, 0) - 1;
    if (column < 0) {
        column = b->list_count++;
        map_put(&b->list_ranges, name, column + 1);
        for (int i = 0; i < count; i++)
            book_check(b, worksheet_write_string(b->lists, (lxw_row_t)i, (lxw_col_t)column,
                                                 labels[i], NULL));
    }
    column_letters(column, letters);
    return arena_printf(&b->arena, "='选项'!$%s$1:$%s$%d", letters, letters, count);
}

/* The choices of a list; of the list of counties, the county of the book alone. */
static const char *choices_range(struct county_sheet *s, const struct question *q)
{
    struct county_book *b = s->book;
    const struct choice_list *l = q->list;
    const char **labels = arena_alloc(&b->arena, ((size_t)l->count + 2) * sizeof *labels);
    bool of_county = *b->county && strcmp(q->name, s->top->county) == 0;
    int count = 0;
    for (int i = 0; i < l->count; i++)
        if (!of_county || strcmp(l->choices[i].name, b->county) == 0)
            labels[count++] = l->choices[i].label;
    if (*b->no_answer && strcmp(q->name, s->top->county) != 0)
        labels[count++] = b->no_answer;
    return list_range(b, arena_printf(&b->arena, "%p", (const void *)l), labels, count);
}

/* The codes, or the names, of the county's sample units. */
static const char *units_range(struct county_sheet *s, bool names)
{
    int count;
    const struct unit **units = sample_units(s->book, s->top, &count);
    const char **texts = arena_alloc(&s->book->arena, ((size_t)count + 1) * sizeof *texts);
    for (int i = 0; i < count; i++)
        texts[i] = names ? units[i]->full_name : unit_text(s->top, units[i]);
    const char *list = arena_printf(&s->book->arena, "unit %s of %s", names ? "names" : "codes",
                                    s->top->name);
    return count ? list_range(s->book, list, texts, count) : NULL;
}

/* The list for a question's cells, or NULL. */
static const char *list_of(struct county_sheet *s, const struct question *q)
{
    if (q->type == Q_SELECT_ONE)
        return choices_range(s, q);
    if (strcmp(q->name, s->top->psu) == 0)
        return units_range(s, false);
    if (strcmp(q->name, s->top->psu_name) == 0)
        return units_range(s, true);
    return NULL;
}

/* ---- messages ----------------------------------------------------------------------------------
 */

/* At most `most` characters of the text. */
static char *cut(struct arena *a, const char *text, int most)
{
    const char *p = text;
    for (int i = 0; i < most - 1 && *p; i++)
        utf8_next(&p);
    return *p && utf8_length(p) > 1 ? arena_printf(a, "%.*s…", (int)(p - text), text)
                                    : arena_strdup(a, text);
}

static const char *wrong_message(struct arena *a, const struct question *q, bool list)
{
    if (list)
        return "请从下拉表里选，不要自己写。";
    if (q->type == Q_SELECT_MULTIPLE)
        return arena_printf(a, "请填选项编码，几项之间空一格，如 1 3。编码见“填报说明”。%s",
                            q->constraint_message);
    if (*q->constraint_message)
        return q->constraint_message;
    switch (q->type) {
    case Q_INTEGER:
        return "请填整数，不写单位。";
    case Q_DECIMAL:
        return "请填数，不写单位。";
    case Q_DATE:
        return "请填日期，如 2025-05-09。";
    default:
        return "填写的内容不对，请核对。";
    }
}

/* Codes to type, or the names behind the unit codes; what does not fit stands in the guide. */
static const char *prompt_text(struct county_sheet *s, const struct question *q)
{
    struct buf text = {0};
    int count = 0;
    bool units = strcmp(q->name, s->top->psu) == 0;
    const struct unit **list = units ? sample_units(s->book, s->top, &count) : NULL;
    for (int i = 0; i < count; i++)
        buf_printf(&text, "%s%s %s", i ? "\n" : "", list[i]->code, list[i]->full_name);
    if (q->list && q->type != Q_SELECT_ONE) {
        buf_puts(&text, q->type == Q_SELECT_MULTIPLE ? "填编码，几项之间空一格：\n"
                                                     : "按次序填编码，空格隔开：\n");
        for (int i = 0; i < q->list->count; i++)
            buf_printf(&text, "%s%s %s", i ? "；" : "", q->list->choices[i].name,
                       q->list->choices[i].label);
    } else if (!units) {
        buf_puts(&text, q->hint);
    }
    const char *kept = arena_strdup(&s->book->arena, buf_text(&text));
    buf_free(&text);
    return kept;
}

/* ---- one column --------------------------------------------------------------------------------
 */

static void add_check(struct county_sheet *s, const struct question *q,
                      const struct sheet_cells *cells)
{
    struct arena *a = &s->book->arena;
    const char *list = list_of(s, q);
    struct buf formula = {0};
    buf_putc(&formula, '=');
    bool check =
        !list && formula_check(&formula, cells, q, q->constraint ? expr_text(q->constraint) : "");
    char *prompt = cut(a, prompt_text(s, q), MESSAGE_MOST);
    lxw_data_validation v = {
        .validate = list    ? LXW_VALIDATION_TYPE_LIST_FORMULA
                    : check ? LXW_VALIDATION_TYPE_CUSTOM_FORMULA
                            : LXW_VALIDATION_TYPE_ANY,
        .value_formula = list ? (char *)list : formula.text,
        .error_title = "填写有误",
        .error_message = cut(a, wrong_message(a, q, list != NULL), MESSAGE_MOST),
        .input_title = *prompt ? cut(a, question_caption(q), TITLE_MOST) : NULL,
        .input_message = *prompt ? prompt : NULL,
        .error_type = q->soft ? LXW_VALIDATION_ERROR_TYPE_WARNING : LXW_VALIDATION_ERROR_TYPE_STOP,
    };
    lxw_col_t column = (lxw_col_t)cells->columns[q->index];
    if (list || check || *prompt)
        book_check(s->book, worksheet_data_validation_range(s->sheet, ROW_FIRST, column,
                                                            (lxw_row_t)(ROW_FIRST + s->rows - 1),
                                                            column, &v));
    buf_free(&formula);
}

static void add_rule(struct county_sheet *s, int column, const char *formula, lxw_format *format)
{
    lxw_conditional_format rule = {
        .type = LXW_CONDITIONAL_TYPE_FORMULA, .value_string = (char *)formula, .format = format};
    book_check(s->book, worksheet_conditional_format_range(s->sheet, ROW_FIRST, (lxw_col_t)column,
                                                           (lxw_row_t)(ROW_FIRST + s->rows - 1),
                                                           (lxw_col_t)column, &rule));
}

/* A skipped question's cell is grey, in rows that something is filled in; all others have lines.
 * Both rules have the same range, so that every program lets the first one win. */
static void add_looks(struct county_sheet *s, const struct question *q,
                      const struct sheet_cells *cells)
{
    struct buf formula = {0};
    char last[8];
    int column = cells->columns[q->index];
    column_letters(s->count - 1, last);
    buf_printf(&formula, "=AND(COUNTA($A%d:$%s%d)>0,NOT(", ROW_FIRST + 1, last, ROW_FIRST + 1);
    if (q->repeat == s->level->repeat && q->relevant &&
        formula_condition(&formula, cells, expr_text(q->relevant))) {
        buf_puts(&formula, "))");
        add_rule(s, column, formula.text, s->book->skipped);
    }
    add_rule(s, column, "=TRUE", s->book->grid);
    buf_free(&formula);
}

void add_checks(struct county_sheet *s)
{
    struct sheet_cells cells = {s->level->form, s->columns, ROW_FIRST, s->book->no_answer};
    for (int i = 0; i < s->count; i++) {
        add_check(s, s->questions[i], &cells);
        add_looks(s, s->questions[i], &cells);
    }
}
