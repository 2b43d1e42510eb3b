/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A repeat as a grid: a row per question, a column per record.  Answers of a few digits are
 * written in the grid, choices by their codes; long numbers stand in lines below it.
 */
#include "instrument/paper_private.h"

#include "instrument/bounds.h"
#include "output/latex.h"

#include <math.h>
#include <string.h>

enum {
    COLUMNS = 6,      /* records side by side */
    BOXES_MOST = 5,   /* digits that a column has room for */
    RECORDS_MOST = 60 /* more are copied on further pages */
};

/* How many records there may be: what the question that counts them admits. */
static int records_of(struct paper *p, const struct node *repeat)
{
    const char *count = repeat->repeat->count_question;
    const struct question *q = count ? form_question(p->form, count) : NULL;
    double most = q ? question_bounds(p->form, q).greatest : NAN;
    return most >= 1 ? (int)fmin(most, RECORDS_MOST) : COLUMNS;
}

static bool fits_column(struct paper *p, const struct question *q)
{
    int decimals, boxes = answer_boxes(p, q, &decimals);
    if (q->type == Q_DATE || q->type == Q_DATETIME)
        return false;
    return q->type != Q_TEXT || boxes <= BOXES_MOST;
}

/* 1男　2女 */
static void put_codes(struct paper *p, const struct question *q)
{
    if (!q->list)
        return;
    buf_puts(p->out, "\\codes{");
    for (int i = 0; i < q->list->count; i++) {
        if (i)
            buf_puts(p->out, "\\codegap ");
        buf_puts(p->out, "\\mbox{");
        latex_text(p->out, q->list->choices[i].name);
        buf_puts(p->out, "\\,");
        latex_text(p->out, q->list->choices[i].label);
        buf_puts(p->out, "}");
    }
    buf_puts(p->out, "}");
}

static void put_row(struct paper *p, const struct node *n, int columns)
{
    const struct question *q = n->question;
    put_question(p, n);
    if (!fits_column(p, q)) {
        buf_printf(p->out, "&\\multicolumn{%d}{c|}{\\kai 写在表后}\\\\\\hline\n", columns);
        return;
    }
    put_codes(p, q);
    if (*q->unit && !strstr(q->label, q->unit)) {
        buf_puts(p->out, "\\hfill\\mbox{（");
        latex_text(p->out, q->unit);
        buf_puts(p->out, "）}");
    }
    for (int i = 0; i < columns; i++)
        buf_puts(p->out, "&");
    buf_puts(p->out, "\\\\\\hline\n");
}

/* Rows of the grid; groups within the repeat are only their questions. */
static void put_rows(struct paper *p, const struct node *container, int columns)
{
    for (const struct node *n = container->first; n; n = n->next)
        if (n->kind == NODE_GROUP)
            put_rows(p, n, columns);
        else if (n->kind == NODE_QUESTION && on_paper(n) && n->question->type != Q_NOTE)
            put_row(p, n, columns);
}

static void put_grid(struct paper *p, const struct node *repeat, int first, int last)
{
    int columns = last - first + 1;
    buf_printf(p->out, "\\begin{roster}{%d}\n题　　目", columns);
    for (int i = first; i <= last; i++)
        buf_printf(p->out, "&\\hei %d", i);
    buf_puts(p->out, "\\\\\\hline\\endhead\n");
    put_rows(p, repeat, columns);
    buf_puts(p->out, "\\end{roster}\n");
}

/* 1 □□□□□□□□□□□□□□□□□□ for every record, below the grid. */
static void put_lines(struct paper *p, const struct node *container, int records)
{
    for (const struct node *n = container->first; n; n = n->next) {
        if (n->kind == NODE_GROUP)
            put_lines(p, n, records);
        if (n->kind != NODE_QUESTION || !on_paper(n) || n->question->type == Q_NOTE ||
            fits_column(p, n->question))
            continue;
        buf_puts(p->out, "\\linehead{");
        put_question(p, n);
        buf_puts(p->out, "}\n");
        for (int i = 1; i <= records; i++) {
            buf_printf(p->out, "\\lineitem{%d}{", i);
            put_answer(p, n);
            buf_puts(p->out, "}\n");
        }
    }
}

static void put_inner(struct paper *p, const struct node *container)
{
    for (const struct node *n = container->first; n; n = n->next)
        if (n->kind == NODE_REPEAT)
            put_roster(p, n);
        else if (n->kind == NODE_GROUP)
            put_inner(p, n);
}

void put_roster(struct paper *p, const struct node *repeat)
{
    int records = records_of(p, repeat);
    buf_puts(p->out, "\\formsection{");
    latex_text(p->out, *repeat->repeat->label ? repeat->repeat->label : repeat->name);
    buf_puts(p->out, "}");
    put_condition(p, repeat);
    if (repeat->repeat->parent >= 0) {
        buf_puts(p->out, "{\\kai （每个");
        latex_text(p->out, p->form->repeats[repeat->repeat->parent].label);
        buf_puts(p->out, "填一张，另附纸）}");
    }
    buf_puts(p->out, "\\par\\nopagebreak\n{\\kai 一列填一个；选择题写代码，可选几项的代码之间空开。"
                     "不够用时另附纸。}\\par\\nopagebreak\n");
    for (int first = 1; first <= records; first += COLUMNS)
        put_grid(p, repeat, first, first + COLUMNS - 1 < records ? first + COLUMNS - 1 : records);
    put_lines(p, repeat, records);
    put_inner(p, repeat);
}
