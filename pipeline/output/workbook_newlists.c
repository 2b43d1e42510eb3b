/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_new_private.h"

#include "output/workbook_list.h"
#include "output/workbook_text.h"
#include "review/answers.h"

#include <string.h>

enum {
    LIST_MAX = 100000, /* rows of a list; further ones are counted */
    LINKS_MAX = 65000, /* of a sheet; Excel's limit is 65530 */
    LINES_MAX = 22,    /* of a row; a row is at most 409 points high */
};

/* One of the lists while it is written. */
struct list {
    lxw_worksheet *sheet;
    const struct list_column *columns;
    int count, shown; /* columns; those from `shown` on are hidden */
    bool sheets;      /* any file has sheets: the column of their names is of use */
};

static void set_page(lxw_worksheet *sheet)
{
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_set_margins(sheet, 0.4, 0.4, 0.5, 0.5);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_repeat_rows(sheet, LIST_HEAD, LIST_HEAD);
    worksheet_set_footer(sheet, "&C第&P页，共&N页");
    worksheet_freeze_panes(sheet, LIST_HEAD + 1, 0);
    worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
}

static void put_heads(struct book *b, const struct list *l)
{
    for (int c = 0; c < l->count; c++) {
        bool of_sheets = c == ASKED_SHEET; /* the same place in both lists */
        lxw_row_col_options o = {.hidden = c >= l->shown || (of_sheets && !l->sheets)};
        lxw_col_t column = (lxw_col_t)c;
        worksheet_set_column_opt(l->sheet, column, column, l->columns[c].width, NULL, &o);
        book_check(
            b, worksheet_write_string(l->sheet, LIST_HEAD, column, l->columns[c].head, b->head));
    }
    worksheet_set_row(l->sheet, LIST_HEAD, 26, NULL);
}

/* A new sheet with title and instructions over the columns shown, and the heads. */
static void begin_list(struct book *b, struct list *l, const char *name, const char *title,
                       const char *notice)
{
    const struct problem_list *problems = b->in->problems;
    int width = 0;
    for (int i = 0; i < problems->count && !l->sheets; i++)
        l->sheets = *problems->items[i].sheet != '\0';
    for (int c = 0; c < l->shown; c++)
        width += l->columns[c].width;
    l->sheet = workbook_add_worksheet(b->file, name);
    set_page(l->sheet);
    lxw_col_t last = (lxw_col_t)(l->shown - 1);
    book_check(b, worksheet_merge_range(l->sheet, 0, 0, 0, last, title, b->title));
    worksheet_set_row(l->sheet, 0, 34, NULL);
    book_check(b, worksheet_merge_range(l->sheet, 1, 0, 1, last, notice, b->notice));
    worksheet_set_row(l->sheet, 1, 6 + 20.0 * text_lines(notice, width * 10 / 14), NULL);
    put_heads(b, l);
}

/* A line below the list when it is longer than LIST_MAX, and the filter over it. */
static void end_list(struct book *b, const struct list *l, int written, int rest)
{
    lxw_row_t last = (lxw_row_t)(LIST_HEAD + written);
    if (written > 0)
        worksheet_autofilter(l->sheet, LIST_HEAD, 0, last, (lxw_col_t)(l->shown - 1));
    if (rest <= 0)
        return;
    buf_clear(&b->text);
    buf_printf(&b->text, "另有%d项没有列出。请先处理以上各项，改正后重新报送", rest);
    book_check(b, worksheet_write_string(l->sheet, last + 1, 1, b->text.text, b->plain));
}

/* How many lines the text in b->text needs in a column, if that is more than `lines`. */
static void need_lines(const struct book *b, const struct list *l, int column, int *lines)
{
    int n = text_lines(buf_text(&b->text), l->columns[column].width * 10 / 13);
    if (column < l->shown && n > *lines)
        *lines = n;
}

static void set_height(const struct list *l, lxw_row_t row, int lines)
{
    worksheet_set_row(l->sheet, row, 6 + 18.0 * (lines > LINES_MAX ? LINES_MAX : lines), NULL);
}

/* ---- what the county is asked ------------------------------------------------------------- */

static void put_link(struct book *b, lxw_worksheet *sheet, lxw_row_t row, const struct problem *p)
{
    struct buf target = {0};
    buf_puts(&target, "internal:'");
    for (const char *c = b->in->copies->items[p->copy].tab; *c; c++)
        buf_puts(&target, *c == '\'' ? "''" : (char[]){*c, '\0'});
    buf_puts(&target, "'!");
    put_cell_name(&target, p->at_row, p->at_col < 0 ? 0 : p->at_col);
    book_check(b, worksheet_write_url_opt(sheet, row, ASKED_CELL, target.text, b->link,
                                          buf_text(&b->text), NULL));
    buf_free(&target);
}

/* The choices as a drop-down list in 改为; other entries stay possible.  Lists of more than 255
 * bytes have none: the format takes 255 characters, but libxlsxwriter 1.1.4 keeps as many bytes. */
static void offer_choices(struct book *b, lxw_worksheet *sheet, lxw_row_t row,
                          const struct problem *p)
{
    const struct question *q = p->question;
    char *labels[64];
    size_t size = 0;
    if (!q || q->type != Q_SELECT_ONE || !*p->field || q->choice_filter || q->list->count > 60)
        return;
    for (int i = 0; i < q->list->count; i++) {
        labels[i] = (char *)q->list->choices[i].label; /* only read */
        size += strlen(labels[i]) + 1;
        if (strpbrk(labels[i], ",\""))
            return;
    }
    labels[q->list->count] = NULL;
    if (size > 255)
        return;
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST,
                             .value_list = labels,
                             .error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION,
                             .error_title = "请核对",
                             .error_message = "填写的内容不在问卷的选项里。不知道的写“不详”。",
                             .ignore_blank = LXW_VALIDATION_ON,
                             .show_error = LXW_VALIDATION_ON,
                             .dropdown = LXW_VALIDATION_ON};
    book_check(b, worksheet_data_validation_cell(sheet, row, ASKED_CORRECTED, &v));
}

static lxw_format *asked_format(const struct book *b, int column)
{
    if (column == ASKED_CORRECTED || column == ASKED_EXPLANATION)
        return b->answer;
    return column == ASKED_FILE || column == ASKED_KEY ? b->small : b->cell;
}

static void put_asked(struct book *b, const struct list *l, const struct problem *p, int no)
{
    lxw_row_t row = (lxw_row_t)(LIST_HEAD + no);
    int lines = 1;
    book_check(b, worksheet_write_number(l->sheet, row, ASKED_NO, no, b->cell));
    for (int c = ASKED_NO + 1; c < ASKED_COLUMNS; c++) {
        lxw_format *f = asked_format(b, c);
        asked_cell(&b->text, p, b->in->copies, (enum asked_column)c);
        need_lines(b, l, c, &lines);
        if (b->text.len == 0)
            book_check(b, worksheet_write_blank(l->sheet, row, (lxw_col_t)c, f));
        else if (c == ASKED_CELL && no <= LINKS_MAX)
            put_link(b, l->sheet, row, p);
        else
            book_check(b, worksheet_write_string(l->sheet, row, (lxw_col_t)c, b->text.text, f));
    }
    set_height(l, row, lines);
    if (no <= LINKS_MAX)
        offer_choices(b, l->sheet, row, p);
}

static void put_notice(struct buf *out, int asked)
{
    if (asked == 0) {
        buf_puts(out, "没有需要核实的内容。谢谢！");
        return;
    }
    buf_printf(out,
               "共有%d处需要核实，一行一处；原表中的位置已经涂色，点蓝色的单元格号就到。"
               "请把正确的内容填在黄色的“改为”栏。“应怎样填”里说可以写“" ANSWER_TRUE "”的，"
               "核实无误就在“核实说明”栏写“" ANSWER_TRUE "”和原因。"
               "填好存盘，把这个文件放回（发回）原来的文件夹即可。其他地方请不要改动。",
               asked);
}

void book_write_asked(struct book *b)
{
    const struct problem_list *problems = b->in->problems;
    struct list l = {.columns = ASKED_LIST, .count = ASKED_COLUMNS, .shown = ASKED_FIELD};
    struct buf notice = {0}, title = {0};
    buf_printf(&title, "%s%s回填单：%s", b->in->simulated ? "【模拟资料，仅供演练】" : "",
               b->in->county, b->in->topic->title);
    put_notice(&notice, problems->asked);
    begin_list(b, &l, LIST_ASKED, title.text, notice.text);
    int no = 0;
    for (int i = 0; i < problems->count && no < LIST_MAX; i++)
        if (problems->items[i].asked)
            put_asked(b, &l, &problems->items[i], ++no);
    end_list(b, &l, no, problems->asked - no);
    worksheet_activate(l.sheet);
    buf_free(&title);
    buf_free(&notice);
}

/* ---- what it answered before -------------------------------------------------------------- */

/* Stays in every later workbook: the county may send this one in the place of the one before. */
static void put_answered(struct book *b, const struct list *l, struct query *q, int no)
{
    lxw_row_t row = (lxw_row_t)(LIST_HEAD + no);
    int lines = 1;
    struct problem p = {.file = col_text(q, 0),
                        .print = col_text(q, 1),
                        .sheet = col_text(q, 2),
                        .row = col_text(q, 3),
                        .col = col_text(q, 4),
                        .field = col_text(q, 5),
                        .kind = col_text(q, 6),
                        .original = col_text(q, 7),
                        .key = "",
                        .shown = "",
                        .copy = -1};
    book_check(b, worksheet_write_number(l->sheet, row, ASKED_NO, no, b->small));
    for (int c = ASKED_NO + 1; c < ASKED_COLUMNS; c++) {
        asked_cell(&b->text, &p, b->in->copies, (enum asked_column)c);
        if (c == ASKED_CORRECTED || c == ASKED_EXPLANATION) {
            const char *answer = col_text(q, c == ASKED_CORRECTED ? 8 : 9);
            text_for_cell(&b->text, answer, strlen(answer), CELL_TEXT_MAX);
        }
        need_lines(b, l, c, &lines);
        book_check(b, worksheet_write_string(l->sheet, row, (lxw_col_t)c, b->text.text, b->small));
    }
    set_height(l, row, lines);
}

void book_write_answered(struct book *b)
{
    struct list l = {.columns = ASKED_LIST, .count = ASKED_COLUMNS, .shown = ASKED_FIELD};
    int no = 0;
    struct query *q =
        store_query(b->in->raw, "SELECT file, print, sheet, row, col, field, kind, original,"
                                " corrected, explanation FROM answer"
                                " WHERE corrected <> '' OR explanation <> '' ORDER BY id");
    while (query_next(q)) {
        if (no == 0)
            begin_list(b, &l, LIST_ANSWERED, LIST_ANSWERED,
                       "以下是以前回填单里的答复，列出供查对，请不要改动。"
                       "答复以后仍有疑问的，在“" LIST_ASKED "”里另列。");
        if (no < LIST_MAX)
            put_answered(b, &l, q, ++no);
    }
    query_end(q);
    if (no > 0)
        end_list(b, &l, no, 0);
}

/* ---- what it is told ---------------------------------------------------------------------- */

static void put_told(struct book *b, const struct list *l, const struct problem *p, int no)
{
    lxw_row_t row = (lxw_row_t)(LIST_HEAD + no);
    int lines = 1;
    book_check(b, worksheet_write_number(l->sheet, row, TOLD_NO, no, b->small));
    for (int c = TOLD_NO + 1; c < TOLD_COLUMNS; c++) {
        told_cell(&b->text, p, (enum told_column)c);
        need_lines(b, l, c, &lines);
        book_check(b, worksheet_write_string(l->sheet, row, (lxw_col_t)c, b->text.text, b->small));
    }
    set_height(l, row, lines);
}

void book_write_told(struct book *b)
{
    const struct problem_list *problems = b->in->problems;
    struct list l = {.columns = TOLD_LIST, .count = TOLD_COLUMNS, .shown = TOLD_COLUMNS};
    int told = problems->count - problems->asked, no = 0;
    if (told == 0)
        return;
    begin_list(b, &l, LIST_TOLD, LIST_TOLD,
               "以下内容已经按问卷的写法规范，或属于重复、更正等情况，列出供查对，不需要回填。"
               "如有改得不对的，请告诉我们。");
    for (int i = 0; i < problems->count && no < LIST_MAX; i++)
        if (!problems->items[i].asked)
            put_told(b, &l, &problems->items[i], ++no);
    end_list(b, &l, no, told - no);
}
