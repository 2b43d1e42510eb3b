/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/paper_private.h"

#include "instrument/bounds.h"
#include "instrument/formula.h"
#include "output/latex.h"

#include <string.h>

enum { LINE_MOST = 15 }; /* characters of a choice that are not broken */

bool on_paper(const struct node *n)
{
    const struct question *q = n->question;
    if (!q || q->type == Q_CALCULATE || q->type == Q_META)
        return false;
    return q->type != Q_NOTE || !strstr(q->label, "${");
}

/* ---- how many digits ---------------------------------------------------------------------------
 */

int answer_boxes(const struct paper *p, const struct question *q, int *decimals)
{
    *decimals = 0;
    if (q->type == Q_TEXT) {
        int length = formula_text_length(q);
        return length <= DIGITS_MOST ? length : 0;
    }
    if (q->type != Q_INTEGER && q->type != Q_DECIMAL)
        return 0;
    if (q->type == Q_DECIMAL)
        *decimals = strstr(q->hint, "1位小数") ? 1 : 2;
    double most = question_bounds(p->form, q).greatest;
    if (!(most >= 1))
        return 6;
    int digits = 1;
    for (double limit = 10; limit <= most && digits < DIGITS_MOST; limit *= 10)
        digits++;
    return digits;
}

/* ---- places ------------------------------------------------------------------------------------
 */

static void put_boxes(struct paper *p, int count)
{
    for (int i = 0; i < count; i++)
        buf_puts(p->out, "\\bx");
    buf_puts(p->out, "\\bxend{}");
}

static int longest_code(const struct choice_list *l)
{
    size_t most = 0;
    for (int i = 0; i < l->count; i++) {
        size_t n = utf8_length(l->choices[i].name);
        most = n > most ? n : most;
    }
    return most <= DIGITS_MOST ? (int)most : 0;
}

/* □1 脱贫户  □2 防止返贫监测户 */
static void put_choices(struct paper *p, const struct question *q)
{
    for (int i = 0; i < q->list->count; i++) {
        bool wide = utf8_length(q->list->choices[i].label) > LINE_MOST;
        buf_puts(p->out, wide ? "\\longchoice{" : "\\choice{");
        latex_text(p->out, q->list->choices[i].name);
        buf_puts(p->out, "}{");
        latex_text(p->out, q->list->choices[i].label);
        buf_puts(p->out, "} ");
    }
}

static void put_number(struct paper *p, const struct question *q, int boxes, int decimals)
{
    put_boxes(p, boxes);
    if (decimals) {
        buf_puts(p->out, "\\point ");
        put_boxes(p, decimals);
    }
    buf_puts(p->out, "\\ ");
    latex_text(p->out, q->unit);
}

static void put_date(struct paper *p, bool time)
{
    put_boxes(p, 4);
    buf_puts(p->out, "年");
    put_boxes(p, 2);
    buf_puts(p->out, "月");
    put_boxes(p, 2);
    buf_puts(p->out, "日");
    if (time) {
        put_boxes(p, 2);
        buf_puts(p->out, "时");
        put_boxes(p, 2);
        buf_puts(p->out, "分");
    }
}

/* One of many: its name and its code. */
static void put_coded(struct paper *p, const struct question *q)
{
    buf_puts(p->out, "\\blank{32mm}　代码\\ ");
    int code = longest_code(q->list);
    if (code)
        put_boxes(p, code);
    else
        buf_puts(p->out, "\\blank{30mm}");
}

static bool is_long_text(const struct paper *p, const struct node *n)
{
    return strstr(node_cell(p->o, n, "appearance"), "multiline") != NULL;
}

/* A rank is written as codes in order, below the choices. */
static void put_rank(struct paper *p, const struct question *q)
{
    put_choices(p, q);
    buf_puts(p->out, "\\par 按次序写代码：");
    for (int i = 0; i < q->list->count; i++)
        buf_puts(p->out, "\\blank{9mm}\\ ");
}

static void put_other(struct paper *p, const struct node *n)
{
    if (n->question->list)
        put_rank(p, n->question);
    else if (node_has_type(n, "acknowledge") || node_has_type(n, "trigger"))
        buf_puts(p->out, "\\choice{}{已确认}");
    else
        buf_puts(p->out, "{\\kai （用手机采集，纸表不填）}");
}

void put_answer(struct paper *p, const struct node *n)
{
    const struct question *q = n->question;
    int decimals, boxes = answer_boxes(p, q, &decimals);
    if (q->type == Q_SELECT_ONE && q->list->count > LIST_MOST)
        put_coded(p, q);
    else if (q->type == Q_SELECT_ONE || q->type == Q_SELECT_MULTIPLE)
        put_choices(p, q);
    else if (q->type == Q_DATE || q->type == Q_DATETIME)
        put_date(p, q->type == Q_DATETIME);
    else if (q->type == Q_TIME)
        buf_puts(p->out, "\\blank{14mm}时\\blank{14mm}分");
    else if (q->type == Q_OTHER)
        put_other(p, n);
    else if (boxes)
        put_number(p, q, boxes, decimals);
    else if (is_long_text(p, n))
        buf_puts(p->out, "\\lines{4}");
    else
        buf_puts(p->out, "\\blank{\\linewidth}");
}
