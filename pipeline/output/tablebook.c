/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/tablebook.h"

#include "output/document.h"
#include "output/tabular.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xlsxwriter.h>

enum { DECIMALS_MOST = 6, LABEL_WIDTH_MAX = 44, COLUMN_WIDTH = 13 };

struct tablebook {
    lxw_workbook *file;
    lxw_format *head, *label, *text, *title, *link;
    lxw_format *numbers[DECIMALS_MOST + 1][2]; /* by decimals; with separators of thousands */
};

static lxw_format *new_format(struct tablebook *b, const char *font)
{
    lxw_format *f = workbook_add_format(b->file);
    format_set_font_name(f, font);
    format_set_font_size(f, 11);
    return f;
}

static void make_formats(struct tablebook *b)
{
    b->head = new_format(b, "黑体");
    format_set_text_wrap(b->head);
    format_set_align(b->head, LXW_ALIGN_CENTER);
    format_set_top(b->head, LXW_BORDER_MEDIUM);
    format_set_bottom(b->head, LXW_BORDER_THIN);
    b->label = new_format(b, "宋体");
    b->text = new_format(b, "宋体");
    format_set_align(b->text, LXW_ALIGN_RIGHT);
    b->title = new_format(b, "黑体");
    b->link = new_format(b, "宋体");
    format_set_font_color(b->link, 0x0000FF);
    format_set_underline(b->link, LXW_UNDERLINE_SINGLE);
    for (int d = 0; d <= DECIMALS_MOST; d++)
        for (int grouped = 0; grouped < 2; grouped++) {
            char code[32];
            snprintf(code, sizeof code, "%s%s%.*s", grouped ? "#,##0" : "0", d ? "." : "", d,
                     "000000");
            b->numbers[d][grouped] = new_format(b, "宋体");
            format_set_num_format(b->numbers[d][grouped], code);
        }
}

/* Reads a printed number: digits, separators, one point, U+2212 for minus.  False for all else. */
static bool read_number(const char *text, double *value, int *decimals, bool *grouped)
{
    char plain[64];
    size_t n = 0;
    *decimals = -1;
    *grouped = false;
    for (const char *p = text; *p;) {
        uint32_t c = utf8_next(&p);
        if (c == ',') {
            *grouped = true;
            continue;
        }
        if (c == 0x2212 && n == 0)
            c = '-';
        else if (c == '.' && *decimals < 0)
            *decimals = 0;
        else if (c < '0' || c > '9')
            return false;
        else if (*decimals >= 0)
            ++*decimals;
        if (n + 1 >= sizeof plain)
            return false;
        plain[n++] = (char)c;
    }
    plain[n] = '\0';
    *decimals = *decimals < 0 ? 0 : *decimals;
    char *end;
    *value = strtod(plain, &end);
    return n > 0 && isdigit((unsigned char)plain[n - 1]) && !*end && *decimals <= DECIMALS_MOST;
}

static int put_cell(struct tablebook *b, lxw_worksheet *sheet, int row, int column,
                    const char *text)
{
    double value;
    int decimals;
    bool grouped;
    if (read_number(text, &value, &decimals, &grouped))
        return worksheet_write_number(sheet, (lxw_row_t)row, (lxw_col_t)column, value,
                                      b->numbers[decimals][grouped]);
    return worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)column, text, b->text);
}

static int put_rows(struct tablebook *b, lxw_worksheet *sheet, const struct grid *g)
{
    int bad = 0, width = 12;
    for (int c = 0; c < g->columns; c++)
        bad |= worksheet_write_string(sheet, 0, (lxw_col_t)c, g->heads[c], b->head);
    for (int r = 0; r < g->row_count; r++) {
        struct buf label = {0};
        for (int i = 0; i < g->rows[r].indent; i++)
            buf_puts(&label, "　");
        buf_puts(&label, g->rows[r].cells[0]);
        int used = (int)utf8_length(buf_text(&label)) * 2 + 2;
        width = used > width ? used : width;
        bad |= worksheet_write_string(sheet, (lxw_row_t)r + 1, 0, buf_text(&label), b->label);
        for (int c = 1; c < g->columns && !g->rows[r].subhead; c++)
            bad |= put_cell(b, sheet, r + 1, c, g->rows[r].cells[c]);
        buf_free(&label);
    }
    width = width > LABEL_WIDTH_MAX ? LABEL_WIDTH_MAX : width;
    bad |= worksheet_set_column(sheet, 0, 0, width, NULL);
    bad |= worksheet_set_column(sheet, 1, (lxw_col_t)g->columns, COLUMN_WIDTH, NULL);
    worksheet_freeze_panes(sheet, 1, 1);
    return bad;
}

/* Title, unit and the topic's own note below the table, so that its cells keep their names. */
static int put_below(struct tablebook *b, lxw_worksheet *sheet, const struct grid *g, int number,
                     const struct exhibit *x)
{
    struct buf text = {0};
    lxw_row_t row = (lxw_row_t)g->row_count + 2;
    buf_printf(&text, "表%d　%s%s%s%s", number, g->title, *g->unit ? "（单位：" : "", g->unit,
               *g->unit ? "）" : "");
    int bad = worksheet_write_string(sheet, row, 0, text.text, b->title);
    if (*x->note && !strchr(x->note, '\\'))
        bad |= worksheet_write_string(sheet, row + 1, 0, x->note, b->label);
    buf_free(&text);
    return bad;
}

static int put_table(struct tablebook *b, struct macros *m, const struct exhibit *x, int number)
{
    struct grid g = {0};
    char name[32];
    snprintf(name, sizeof name, "表%d", number);
    int rc = grid_build(&g, m, x);
    lxw_worksheet *sheet = rc == 0 ? workbook_add_worksheet(b->file, name) : NULL;
    if (sheet)
        rc = put_rows(b, sheet, &g) | put_below(b, sheet, &g, number, x) ? -1 : 0;
    grid_free(&g);
    return sheet ? rc : -1;
}

static int put_contents(struct tablebook *b, const struct macros *m)
{
    const struct topic *t = m->results->topic;
    lxw_worksheet *sheet = workbook_add_worksheet(b->file, "目录");
    int bad = worksheet_write_string(sheet, 0, 0, t->title, b->title);
    if (m->results->simulated)
        bad |= worksheet_write_string(sheet, 1, 0, "模拟数据 · 仅供演练", b->title);
    for (int i = 0; i < t->table_count; i++) {
        char link[64];
        lxw_row_t row = (lxw_row_t)m->table_numbers[i] + 2;
        snprintf(link, sizeof link, "internal:'表%d'!A1", m->table_numbers[i]);
        bad |= worksheet_write_url(sheet, row, 0, link, b->link);
        snprintf(link, sizeof link, "表%d", m->table_numbers[i]);
        bad |= worksheet_write_string(sheet, row, 0, link, b->link);
        bad |= worksheet_write_string(sheet, row, 1, t->tables[i].title, b->label);
    }
    bad |= worksheet_set_column(sheet, 0, 0, 8, NULL);
    bad |= worksheet_set_column(sheet, 1, 1, 60, NULL);
    return bad ? -1 : 0;
}

int tablebook_write(struct macros *m, const char *path)
{
    const struct topic *t = m->results->topic;
    struct tablebook b = {.file = workbook_new(path)};
    if (!b.file)
        return error("内存不足");
    lxw_doc_properties properties = {.title = (char *)t->title, .created = document_epoch(t)};
    workbook_set_properties(b.file, &properties);
    make_formats(&b);
    int rc = put_contents(&b, m);
    for (int number = 1; number <= t->table_count && rc == 0; number++)
        for (int i = 0; i < t->table_count && rc == 0; i++)
            if (m->table_numbers[i] == number)
                rc = put_table(&b, m, &t->tables[i], number);
    lxw_error closed = workbook_close(b.file);
    if (closed != LXW_NO_ERROR)
        return error("不能写出 %s：%s", path, lxw_strerror(closed));
    return rc;
}
