/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_new.h"

#include "formats/cells.h"
#include "output/workbook_advice.h"
#include "output/workbook_list.h"
#include "output/workbook_text.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum {
    LIST_MAX = 100000,   /* rows of a list; further ones are counted */
    LINKS_MAX = 65000,   /* of a sheet; Excel's limit is 65530 */
    NOTES_MAX = 20000,   /* of a workbook */
    NOTE_TEXT_MAX = 600, /* UTF-16 units */
    HEAD_ROW = 2,        /* of both lists, 0-based; title and instructions above */
    LINE_POINTS = 17,    /* height of a line of the lists */
    CREATED = 1735660800 /* the same in every file, so that equal answers give equal bytes */
};

/* The writer's state: formats, the sheets of copies, and a buffer for texts. */
struct book {
    const struct return_book *in;
    lxw_workbook *file;
    lxw_format *title, *notice, *head, *cell, *small, *link, *answer, *plain, *copy_head, *doubt,
        *held;
    lxw_worksheet **tabs; /* by copy */
    struct buf text;
    int notes;
    lxw_error bad; /* first failure */
};

static void check(struct book *b, lxw_error e)
{
    if (e != LXW_NO_ERROR && b->bad == LXW_NO_ERROR)
        b->bad = e;
}

/* ---- formats ------------------------------------------------------------------------------ */

static lxw_format *new_format(struct book *b, const char *font, double size, uint32_t fill)
{
    lxw_format *f = workbook_add_format(b->file);
    format_set_font_name(f, font);
    format_set_font_size(f, size);
    format_set_num_format(f, "@");
    format_set_text_wrap(f);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    if (fill) {
        format_set_pattern(f, LXW_PATTERN_SOLID);
        format_set_bg_color(f, fill);
    }
    return f;
}

static lxw_format *bordered(lxw_format *f)
{
    format_set_border(f, LXW_BORDER_THIN);
    return f;
}

static void make_formats(struct book *b)
{
    enum { YELLOW = 0xFFFF99, RED = 0xFFB3B3, ORANGE = 0xFFE0B3, GREY = 0xE7E6E6 };
    b->title = new_format(b, "黑体", 20, 0);
    b->notice = new_format(b, "宋体", 14, 0);
    b->head = bordered(new_format(b, "黑体", 13, GREY));
    format_set_align(b->head, LXW_ALIGN_CENTER);
    b->cell = bordered(new_format(b, "宋体", 13, 0));
    b->small = bordered(new_format(b, "宋体", 11, 0));
    b->link = bordered(new_format(b, "宋体", 13, 0));
    format_set_font_color(b->link, 0x0000FF);
    format_set_underline(b->link, LXW_UNDERLINE_SINGLE);
    b->answer = bordered(new_format(b, "宋体", 13, YELLOW));
    b->plain = new_format(b, "宋体", 11, 0);
    b->copy_head = new_format(b, "黑体", 11, GREY);
    b->doubt = bordered(new_format(b, "宋体", 11, RED));
    b->held = new_format(b, "宋体", 11, ORANGE);
}

/* ---- the two lists ------------------------------------------------------------------------ */

static void begin_list(struct book *b, lxw_worksheet *sheet, const struct list_column *columns,
                       int count, int shown)
{
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9); /* A4 */
    worksheet_set_margins(sheet, 0.4, 0.4, 0.5, 0.5);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_repeat_rows(sheet, HEAD_ROW, HEAD_ROW);
    worksheet_set_footer(sheet, "&C第&P页，共&N页");
    worksheet_freeze_panes(sheet, HEAD_ROW + 1, 0);
    for (int c = 0; c < count; c++) {
        lxw_row_col_options hidden = {.hidden = c >= shown};
        worksheet_set_column_opt(sheet, (lxw_col_t)c, (lxw_col_t)c, columns[c].width, NULL,
                                 &hidden);
        check(b, worksheet_write_string(sheet, HEAD_ROW, (lxw_col_t)c, columns[c].head, b->head));
    }
    worksheet_set_row(sheet, HEAD_ROW, 26, NULL);
    worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
}

/* Title and instructions over the columns shown. */
static void put_top(struct book *b, lxw_worksheet *sheet, const char *title, const char *notice,
                    const struct list_column *columns, int shown)
{
    int width = 0;
    for (int c = 0; c < shown; c++)
        width += columns[c].width;
    lxw_col_t last = (lxw_col_t)(shown - 1);
    check(b, worksheet_merge_range(sheet, 0, 0, 0, last, title, b->title));
    check(b, worksheet_merge_range(sheet, 1, 0, 1, last, notice, b->notice));
    worksheet_set_row(sheet, 0, 34, NULL);
    worksheet_set_row(sheet, 1, 6 + 20.0 * text_lines(notice, width * 10 / 13), NULL);
}

/* Lines that the text in b->text needs in a column of a list. */
static int lines_in(const struct book *b, int width)
{
    return text_lines(buf_text(&b->text), width * 11 / 13);
}

static void put_link(struct book *b, lxw_worksheet *sheet, int row, const struct problem *p)
{
    struct buf target = {0};
    buf_printf(&target, "internal:'%s'!", b->in->copies->items[p->copy].tab);
    put_cell_name(&target, p->at_row, p->at_col < 0 ? 0 : p->at_col);
    check(b, worksheet_write_url_opt(sheet, (lxw_row_t)row, ASKED_CELL, target.text, b->link,
                                     buf_text(&b->text), NULL));
    buf_free(&target);
}

/* The choices as a drop-down list in 改为; other entries stay possible. */
static void offer_choices(struct book *b, lxw_worksheet *sheet, int row, const struct problem *p)
{
    const struct question *q = p->question;
    char *labels[64];
    size_t size = 0;
    if (!q || q->type != Q_SELECT_ONE || !*p->field || q->choice_filter || q->list->count > 60)
        return;
    for (int i = 0; i < q->list->count; i++) {
        labels[i] = (char *)q->list->choices[i].label; /* only read */
        size += utf8_length(labels[i]) + 1;
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
    check(b, worksheet_data_validation_cell(sheet, (lxw_row_t)row, ASKED_CORRECTED, &v));
}

static void put_asked(struct book *b, lxw_worksheet *sheet, const struct problem *p, int no)
{
    int row = HEAD_ROW + no, lines = 1;
    check(b, worksheet_write_number(sheet, (lxw_row_t)row, ASKED_NO, no, b->cell));
    for (int c = ASKED_NO + 1; c < ASKED_COLUMNS; c++) {
        lxw_format *f = c == ASKED_CORRECTED || c == ASKED_EXPLANATION ? b->answer
                        : c == ASKED_FILE || c == ASKED_KEY            ? b->small
                                                                       : b->cell;
        asked_cell(&b->text, p, b->in->copies, (enum asked_column)c);
        if (c < ASKED_FIELD && lines_in(b, ASKED_LIST[c].width) > lines)
            lines = lines_in(b, ASKED_LIST[c].width);
        if (b->text.len == 0)
            check(b, worksheet_write_blank(sheet, (lxw_row_t)row, (lxw_col_t)c, f));
        else if (c == ASKED_CELL && no <= LINKS_MAX)
            put_link(b, sheet, row, p);
        else
            check(b, worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)c, b->text.text, f));
    }
    worksheet_set_row(sheet, (lxw_row_t)row, 6 + LINE_POINTS * (lines > 22 ? 22 : lines), NULL);
    if (no <= LINKS_MAX)
        offer_choices(b, sheet, row, p);
}

/* A line below the list when it is longer than LIST_MAX. */
static void put_rest(struct book *b, lxw_worksheet *sheet, int rest)
{
    buf_clear(&b->text);
    buf_printf(&b->text, "另有%d项没有列出。请先处理以上各项，改正后重新报送", rest);
    if (rest > 0)
        check(b, worksheet_write_string(sheet, HEAD_ROW + 1 + LIST_MAX, 1, b->text.text, b->cell));
}

static void write_asked(struct book *b)
{
    const struct problem_list *list = b->in->problems;
    lxw_worksheet *sheet = workbook_add_worksheet(b->file, LIST_ASKED);
    struct buf notice = {0}, title = {0};
    buf_printf(&title, "%s%s回填单：%s", b->in->simulated ? "【模拟资料，仅供演练】" : "",
               b->in->county, b->in->topic->title);
    if (list->asked)
        buf_printf(&notice,
                   "共有%d处需要核实，一行一处，原表中的位置已经涂色（点蓝色的单元格号就到）。"
                   "请把正确的内容填在黄色的“改为”栏。“应怎样填”一栏说可以写“" ANSWER_TRUE "”的，"
                   "核实无误就在“核实说明”栏写“" ANSWER_TRUE "”和原因。"
                   "填好后存盘，把这个文件放回（发回）原来的文件夹。别的地方请不要改动。",
                   list->asked);
    else
        buf_puts(&notice, "没有需要核实的内容。谢谢！");
    begin_list(b, sheet, ASKED_LIST, ASKED_COLUMNS, ASKED_FIELD);
    put_top(b, sheet, title.text, notice.text, ASKED_LIST, ASKED_FIELD);
    int no = 0;
    for (int i = 0; i < list->count && no < LIST_MAX; i++)
        if (list->items[i].asked)
            put_asked(b, sheet, &list->items[i], ++no);
    put_rest(b, sheet, list->asked - no);
    if (no > 0)
        worksheet_autofilter(sheet, HEAD_ROW, 0, (lxw_row_t)(HEAD_ROW + no), ASKED_EXPLANATION);
    worksheet_activate(sheet);
    buf_free(&title);
    buf_free(&notice);
}

static void write_told(struct book *b)
{
    const struct problem_list *list = b->in->problems;
    int told = list->count - list->asked, no = 0;
    if (told == 0)
        return;
    lxw_worksheet *sheet = workbook_add_worksheet(b->file, LIST_TOLD);
    begin_list(b, sheet, TOLD_LIST, TOLD_COLUMNS, TOLD_COLUMNS);
    put_top(b, sheet, LIST_TOLD,
            "以下内容已经按问卷的写法规范，或属于重复、更正等情况，列出供查对，不需要回填。"
            "如有改得不对的，请告诉我们。",
            TOLD_LIST, TOLD_COLUMNS);
    for (int i = 0; i < list->count && no < LIST_MAX; i++) {
        if (list->items[i].asked)
            continue;
        lxw_row_t row = (lxw_row_t)(HEAD_ROW + ++no);
        check(b, worksheet_write_number(sheet, row, TOLD_NO, no, b->small));
        for (int c = TOLD_NO + 1; c < TOLD_COLUMNS; c++) {
            told_cell(&b->text, &list->items[i], (enum told_column)c);
            check(b, worksheet_write_string(sheet, row, (lxw_col_t)c, b->text.text, b->small));
        }
    }
    put_rest(b, sheet, told - no);
    worksheet_autofilter(sheet, HEAD_ROW, 0, (lxw_row_t)(HEAD_ROW + no), TOLD_COLUMNS - 1);
}

/* ---- the county's sheets ------------------------------------------------------------------ */

static void make_tabs(struct book *b)
{
    const struct copies *c = b->in->copies;
    b->tabs = must_alloc(((size_t)c->count + 1) * sizeof *b->tabs);
    for (int i = 0; i < c->count; i++) {
        const struct copy *copy = &c->items[i];
        lxw_worksheet *sheet = workbook_add_worksheet(b->file, copy->tab);
        if (!sheet) {
            check(b, LXW_ERROR_PARAMETER_VALIDATION);
            return;
        }
        b->tabs[i] = sheet;
        worksheet_set_column(sheet, 0, SHEET_COLUMNS_MAX - 1, 12, b->plain);
        worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
        long head = copy->sheet_id ? copy->head_row : 1;
        if (head > 0 && head < 20)
            worksheet_freeze_panes(sheet, (lxw_row_t)head, 0);
        if (copy->sparse && copy->sheet_id)
            worksheet_set_default_row(sheet, 15, LXW_TRUE);
    }
}

/* The heads of a list of phone records. */
static void put_list_heads(struct book *b, int copy)
{
    const struct copy_block *block = &b->in->copies->blocks[b->in->copies->items[copy].block];
    lxw_worksheet *sheet = b->tabs[copy];
    worksheet_set_column(sheet, 0, 0, 40, b->plain);
    check(b, worksheet_write_string(sheet, 0, 0, "文件", b->copy_head));
    check(b, worksheet_write_string(sheet, 0, 1, "第几个", b->copy_head));
    for (int i = 0; i < block->column_count; i++) {
        const struct copy_column *c = &block->columns[i];
        buf_clear(&b->text);
        text_for_cell(&b->text, c->head, strlen(c->head), CELL_TEXT_MAX);
        check(b, worksheet_write_string(sheet, 0, (lxw_col_t)(c->pos + LIST_COLUMNS),
                                        buf_text(&b->text), b->copy_head));
    }
}

/* What a row of the raw store becomes. */
struct shown_row {
    int copy;
    const struct copy_block *block;
    long no;
    const char *kind, *file;
    const int *problems; /* in in->problems, by column */
    int problem_count;
};

static const struct question *column_question(const struct copy_block *block, int pos)
{
    for (int i = 0; block && i < block->column_count; i++)
        if (block->columns[i].pos == pos)
            return block->columns[i].asks;
    return NULL;
}

static void put_cell(struct book *b, const struct shown_row *r, long row, int col,
                     const struct cell *cell, lxw_format *f)
{
    lxw_worksheet *sheet = b->tabs[r->copy];
    const struct question *q = column_question(r->block, cell->kind == CELL_NUMBER ? col : -1);
    if (row >= SHEET_ROWS_MAX || col >= SHEET_COLUMNS_MAX || (cell->len == 0 && f == b->plain))
        return;
    buf_clear(&b->text);
    text_for_cell(&b->text, cell->text, cell->len, CELL_TEXT_MAX);
    if (cell->len == 0)
        check(b, worksheet_write_blank(sheet, (lxw_row_t)row, (lxw_col_t)col, f));
    else if (q && (q->type == Q_INTEGER || q->type == Q_DECIMAL) && !strchr(cell->text, 'E'))
        check(b, worksheet_write_number(sheet, (lxw_row_t)row, (lxw_col_t)col,
                                        strtod(cell->text, NULL), f));
    else
        check(b, worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)col, b->text.text, f));
}

/* One note for all problems of a cell; `problems` are those from the first on, returns how many
 * stand there. */
static int put_note(struct book *b, const struct shown_row *r, int first)
{
    const struct problem *items = b->in->problems->items;
    const struct problem *p = &items[r->problems[first]];
    int n = 0;
    buf_clear(&b->text);
    for (; first + n < r->problem_count; n++) {
        const struct problem *one = &items[r->problems[first + n]];
        if (one->at_row != p->at_row || one->at_col != p->at_col)
            break;
        buf_puts(&b->text, n ? "\n" : "");
        advice_wrong(&b->text, one);
        buf_puts(&b->text, "\n");
        advice_expected(&b->text, one);
    }
    if (b->notes++ >= NOTES_MAX)
        return n;
    struct buf note = {0};
    text_for_cell(&note, b->text.text, b->text.len, NOTE_TEXT_MAX);
    lxw_comment_options options = {.author = LIST_ASKED,
                                   .width = 300,
                                   .height = (uint16_t)(20 + 19 * text_lines(note.text, 36)),
                                   .font_name = "宋体",
                                   .font_size = 11};
    check(b, worksheet_write_comment_opt(b->tabs[r->copy], (lxw_row_t)p->at_row,
                                         (lxw_col_t)(p->at_col < 0 ? 0 : p->at_col), note.text,
                                         &options));
    buf_free(&note);
    return n;
}

static bool is_doubted(const struct book *b, const struct shown_row *r, long row, int col)
{
    for (int i = 0; i < r->problem_count; i++) {
        const struct problem *p = &b->in->problems->items[r->problems[i]];
        if (p->at_row == row && p->at_col == col)
            return true;
    }
    return false;
}

/* Where cell i of the row stands in its sheet: a card's records are columns. */
static void locate(const struct shown_row *r, long list_row, int i, long *row, int *col)
{
    bool card = r->block && r->block->card;
    bool list = r->block && !r->block->sheet;
    *row = card ? i : list ? list_row : r->no - 1;
    *col = card ? (int)r->no - 1 : i + (list ? LIST_COLUMNS : 0);
}

static lxw_format *base_format(const struct book *b, const struct shown_row *r)
{
    if (strcmp(r->kind, "head") == 0)
        return b->copy_head;
    for (int i = 0; i < r->problem_count; i++)
        if (b->in->problems->items[r->problems[i]].at_col < 0)
            return b->held;
    return b->plain;
}

static void put_row(struct book *b, const struct shown_row *r, const struct cells *cells)
{
    const struct problem *items = b->in->problems->items;
    long list_row = r->problem_count ? items[r->problems[0]].at_row : 0;
    lxw_format *base = base_format(b, r);
    int last = cells->count;
    for (int i = 0; r->block && i < r->block->column_count; i++)
        if (r->problem_count && r->block->columns[i].pos >= last)
            last = r->block->columns[i].pos + 1;
    for (int i = 0; i < last; i++) {
        static const struct cell empty = {CELL_EMPTY, "", 0};
        long row;
        int col;
        locate(r, list_row, i, &row, &col);
        put_cell(b, r, row, col, i < cells->count ? &cells->items[i] : &empty,
                 is_doubted(b, r, row, col) ? b->doubt : base);
    }
    if (r->block && !r->block->sheet) {
        check(b, worksheet_write_string(b->tabs[r->copy], (lxw_row_t)list_row, 0, r->file, base));
        if (r->no > 0)
            check(b, worksheet_write_number(b->tabs[r->copy], (lxw_row_t)list_row, 1, (double)r->no,
                                            base));
    }
    for (int i = 0; i < r->problem_count;)
        i += put_note(b, r, i);
}

static bool is_shown(const struct book *b, const struct shown_row *r)
{
    if (r->copy < 0)
        return false;
    const struct copy *copy = &b->in->copies->items[r->copy];
    return r->problem_count || !copy->sparse ||
           (copy->sheet_id && r->no <= copy->head_row && copy->head_row < 100);
}

static void write_copies(struct book *b)
{
    const struct copies *c = b->in->copies;
    struct cells cells = {0};
    for (int i = 0; i < c->count; i++)
        if (!c->items[i].sheet_id)
            put_list_heads(b, i);
    struct query *q = store_query(
        b->in->raw, "SELECT row.id, row.sheet, row.block, row.no, row.kind, row.cells, file.path"
                    " FROM row JOIN sheet ON sheet.id = row.sheet JOIN file ON file.id = sheet.file"
                    " ORDER BY row.id");
    int used = 0;
    while (query_next(q) && b->bad == LXW_NO_ERROR) {
        long id = col_long(q, 0), sheet = col_long(q, 1);
        struct shown_row r = {.block = copies_block(c, col_long(q, 2)),
                              .no = col_long(q, 3),
                              .kind = col_text(q, 4),
                              .file = col_text(q, 6),
                              .problems = c->order + used};
        while (used < c->order_count && b->in->problems->items[c->order[used]].raw_row == id) {
            used++;
            r.problem_count++;
        }
        r.copy = r.block && !r.block->sheet ? r.block->copy : c->by_sheet[sheet];
        size_t n;
        const void *blob = col_blob(q, 5, &n);
        if (is_shown(b, &r) && cells_unpack(&cells, blob, n) == 0)
            put_row(b, &r, &cells);
        progress("写行", id);
    }
    query_end(q);
    progress_end();
    cells_free(&cells);
}

/* ------------------------------------------------------------------------------------------- */

int workbook_new_write(const struct return_book *in, const char *path)
{
    struct book b = {.in = in, .file = workbook_new(path)};
    if (!b.file)
        return error("内存不足");
    lxw_doc_properties properties = {.title = LIST_ASKED, .created = CREATED};
    check(&b, workbook_set_properties(b.file, &properties));
    make_formats(&b);
    write_asked(&b);
    write_told(&b);
    make_tabs(&b);
    if (b.bad == LXW_NO_ERROR)
        write_copies(&b);
    lxw_error closed = workbook_close(b.file);
    check(&b, closed);
    free(b.tabs);
    buf_free(&b.text);
    return b.bad == LXW_NO_ERROR ? 0
                                 : error("不能写回填单 %s：%s。请检查磁盘是否已满、有无写权限",
                                         path, lxw_strerror(b.bad));
}
