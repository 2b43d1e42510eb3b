/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A filling sheet: title, the questions in full, short heads, then one record a row.
 */
#include "instrument/countybook_private.h"

#include "output/workbook_text.h"
#include "survey/expr.h"

#include <math.h>
#include <string.h>

enum {
    ROWS_MANY = 5000, /* records of a sampled level or of a repeat */
    ROWS_FEW = 300,
    WIDTH_LEAST = 9,
    WIDTH_MOST = 24,
    WIDTH_PAGE = 185, /* of A4 across, at a size that can be read: three quarters */
};

/* ---- columns -----------------------------------------------------------------------------------
 */

static void add_column(struct county_sheet *s, const struct question *q)
{
    if (!q || s->columns[q->index] >= 0)
        return;
    s->columns[q->index] = s->count;
    s->questions[s->count++] = q;
}

/* A repeat's records begin with the keys of the record that they belong to. */
static void choose_columns(struct county_sheet *s)
{
    const struct form *f = s->level->form;
    size_t n = (size_t)f->question_count + 1;
    s->columns = arena_alloc(&s->book->arena, n * sizeof *s->columns);
    s->questions = arena_alloc(&s->book->arena, n * sizeof *s->questions);
    for (int i = 0; i < f->question_count; i++)
        s->columns[i] = -1;
    if (s->level != s->top) {
        add_column(s, form_question(f, s->top->county));
        add_column(s, form_question(f, s->top->psu));
        add_column(s, form_question(f, s->top->psu_name));
        for (int i = 0; i < s->top->key_count; i++)
            add_column(s, form_question(f, s->top->key[i]));
    }
    for (int i = 0; i < f->question_count; i++)
        if (f->questions[i].repeat == s->level->repeat && is_typed(&f->questions[i]))
            add_column(s, &f->questions[i]);
}

static lxw_format *column_format(const struct county_sheet *s, const struct question *q)
{
    switch (q->type) {
    case Q_INTEGER:
        return s->book->number;
    case Q_DECIMAL:
        return s->book->decimal;
    case Q_DATE:
        return s->book->date;
    default:
        return s->book->text;
    }
}

/* Wide enough for the head in two lines, for the longest choice, for a code. */
static double column_width(const struct question *q, const char *head)
{
    int width = text_columns(head) / 2 + 3;
    for (int i = 0; q->type == Q_SELECT_ONE && i < q->list->count; i++) {
        int choice = text_columns(q->list->choices[i].label) + 2;
        width = choice > width ? choice : width;
    }
    int least = q->type == Q_TEXT || q->type == Q_DATE ? 14 : WIDTH_LEAST;
    int code = q->type == Q_TEXT ? formula_text_length(q) + 4 : 0;
    least = code > least ? code : least;
    return width < least ? least : width > WIDTH_MOST ? WIDTH_MOST : width;
}

/* ---- heads -------------------------------------------------------------------------------------
 */

static const char *sheet_title(struct county_sheet *s)
{
    struct county_book *b = s->book;
    return arena_printf(&b->arena, "%s：%s%s%s", s->level->form->title, s->level->label,
                        *b->county_name ? "　" : "", b->county_name);
}

static void write_heads(struct county_sheet *s)
{
    struct county_book *b = s->book;
    book_check(b, worksheet_write_string(s->sheet, ROW_TITLE, 0, sheet_title(s), b->title));
    book_check(b,
               worksheet_write_string(
                   s->sheet, ROW_NOTE, 0,
                   "一行填一条。橙色表头的必须填；格子变灰的不用填；格子右边有箭头的从下拉表里选。",
                   b->note));
    for (int i = 0; i < s->count; i++) {
        const struct question *q = s->questions[i];
        const char *head = question_head(&b->arena, q);
        lxw_col_t column = (lxw_col_t)i;
        book_check(b, worksheet_set_column(s->sheet, column, column, column_width(q, head),
                                           column_format(s, q)));
        bool needed = q->required && !q->relevant;
        book_check(b, worksheet_write_string(s->sheet, ROW_QUESTION, column,
                                             *q->label ? q->label : head, b->question));
        book_check(b, worksheet_write_string(s->sheet, ROW_HEAD, column, head,
                                             needed ? b->head_needed : b->head));
    }
}

/* The columns that say whose row it is, from the first to the last; false when they are too many to
 * stand on every page. */
static bool naming_columns(const struct county_sheet *s, int *first, int *last)
{
    const struct form *f = s->level->form;
    *first = s->count;
    *last = -1;
    for (int i = 0; i <= s->top->key_count; i++) {
        const char *name = i < s->top->key_count ? s->top->key[i] : s->top->psu_name;
        const struct question *q = form_question(f, name);
        int column = q ? s->columns[q->index] : -1;
        if (column >= 0) {
            *first = column < *first ? column : *first;
            *last = column > *last ? column : *last;
        }
    }
    return *last >= *first && *last - *first < 4;
}

/* On A4, as many pages side by side as it takes to be read, each with the heads and with the
 * columns that name the row. */
static void set_print(struct county_sheet *s)
{
    int first, last;
    bool named = naming_columns(s, &first, &last);
    double width = 0, repeated = 0;
    for (int i = 0; i < s->count; i++) {
        const struct question *q = s->questions[i];
        double own = column_width(q, question_head(&s->book->arena, q));
        width += own;
        repeated += named && i >= first && i <= last ? own : 0;
    }
    double pages = ceil((width - repeated) / (WIDTH_PAGE - repeated));
    worksheet_set_landscape(s->sheet);
    worksheet_set_paper(s->sheet, 9); /* A4 */
    worksheet_set_margins(s->sheet, 0.4, 0.4, 0.5, 0.6);
    worksheet_fit_to_pages(s->sheet, (uint16_t)fmax(1, pages), 0);
    worksheet_gridlines(s->sheet, LXW_SHOW_ALL_GRIDLINES);
    book_check(s->book, worksheet_repeat_rows(s->sheet, ROW_QUESTION, ROW_HEAD));
    if (named)
        book_check(s->book, worksheet_repeat_columns(s->sheet, (lxw_col_t)first, (lxw_col_t)last));
    book_check(s->book, worksheet_set_footer(s->sheet, "&L&A&R第&P页　共&N页"));
}

static void set_view(struct county_sheet *s)
{
    lxw_col_t fixed = s->level == s->top ? 0 : (lxw_col_t)(s->top->key_count + 1);
    worksheet_freeze_panes(s->sheet, ROW_FIRST, fixed < s->count ? fixed : 0);
    book_check(s->book, worksheet_set_row(s->sheet, ROW_TITLE, 30, NULL));
    book_check(s->book, worksheet_set_row(s->sheet, ROW_QUESTION, 62, NULL));
    book_check(s->book, worksheet_set_row(s->sheet, ROW_HEAD, 36, NULL));
    /* Heads cannot be changed; rows can be added, sorted and taken out. */
    lxw_protection open = {.format_columns = 1,
                           .format_rows = 1,
                           .format_cells = 1,
                           .insert_rows = 1,
                           .delete_rows = 1,
                           .sort = 1,
                           .autofilter = 1};
    worksheet_protect(s->sheet, NULL, &open);
}

/* ---- what is known beforehand ------------------------------------------------------------------
 */

static void write_fixed(struct county_sheet *s, int row, const char *question, const char *text)
{
    const struct question *q = form_question(s->level->form, question);
    if (q && s->columns[q->index] >= 0 && *text)
        book_check(s->book,
                   worksheet_write_string(s->sheet, (lxw_row_t)(ROW_FIRST + row),
                                          (lxw_col_t)s->columns[q->index], text, s->book->fixed));
}

/* The county's one row, and a row for every sample unit where the level is one of units. */
static void prefill(struct county_sheet *s)
{
    struct county_book *b = s->book;
    const struct level *l = s->level;
    if (!*b->county || l != s->top)
        return;
    bool of_county = l->key_count == 1 && strcmp(l->key[0], l->county) == 0;
    bool of_units = l->key_count == 1 && *l->psu && strcmp(l->key[0], l->psu) == 0;
    int count = 0;
    const struct unit **units = sample_units(b, l, &count);
    if (of_county)
        write_fixed(s, 0, l->county, b->county_name);
    for (int i = 0; of_units && i < count; i++) {
        write_fixed(s, i, l->county, b->county_name);
        write_fixed(s, i, l->psu, unit_text(l, units[i]));
        write_fixed(s, i, l->psu_name, units[i]->full_name);
    }
}

static const struct level *top_of(const struct topic *t, const struct level *l)
{
    while (l->parent >= 0)
        l = &t->levels[l->parent];
    return l;
}

void write_sheet(struct county_book *b, const struct level *l)
{
    struct map taken = {0};
    struct county_sheet s = {.book = b, .level = l, .top = top_of(b->topic, l)};
    bool many = l->repeat >= 0 || (l->sampled && l->stage > 1);
    s.rows = many ? ROWS_MANY : ROWS_FEW;
    choose_columns(&s);
    s.sheet = workbook_add_worksheet(b->file, text_tab_name(&b->arena, &taken, l->label, ""));
    map_free(&taken);
    if (!s.sheet) {
        book_check(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    write_heads(&s);
    set_view(&s);
    set_print(&s);
    prefill(&s);
    add_checks(&s);
}
