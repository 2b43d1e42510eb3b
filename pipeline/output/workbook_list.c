/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_list.h"

#include "formats/sheets.h"
#include "output/workbook_advice.h"
#include "output/workbook_text.h"

#include <string.h>

const struct list_column ASKED_LIST[ASKED_COLUMNS] = {
    [ASKED_NO] = {"序号", 5},           [ASKED_FILE] = {"文件", 15},
    [ASKED_SHEET] = {"工作表", 8},      [ASKED_ROW] = {"行", 5},
    [ASKED_COLUMN] = {"栏", 13},        [ASKED_CELL] = {"单元格", 8},
    [ASKED_KEY] = {"记录（编号）", 14}, [ASKED_ORIGINAL] = {"原来填的", 15},
    [ASKED_WRONG] = {"问题", 22},       [ASKED_EXPECTED] = {"应怎样填", 36},
    [ASKED_CORRECTED] = {"改为", 15},   [ASKED_EXPLANATION] = {"核实说明", 18},
    [ASKED_FIELD] = {"题名", 8},        [ASKED_KIND] = {"种类", 8},
    [ASKED_PATH] = {"文件全名", 8},     [ASKED_PRINT] = {"指纹", 8},
    [ASKED_HEAD] = {"栏目原文", 8},     [ASKED_TAB] = {"所在表", 8},
    [ASKED_SHOWN] = {"原表内容", 8},
};

const struct list_column TOLD_LIST[TOLD_COLUMNS] = {
    [TOLD_NO] = {"序号", 7},
    [TOLD_FILE] = {"文件", 26},
    [TOLD_SHEET] = {"工作表", 10},
    [TOLD_ROW] = {"行", 7},
    [TOLD_COLUMN] = {"栏", 20},
    [TOLD_KEY] = {"记录（编号）", 20},
    [TOLD_ORIGINAL] = {"原来填的", 24},
    [TOLD_CORRECTED] = {"采用的", 24},
    [TOLD_WHAT] = {"说明", 44},
};

static void put_text(struct buf *out, const char *text)
{
    text_for_cell(out, text, strlen(text), CELL_TEXT_MAX);
}

void put_cell_name(struct buf *out, long row, int column)
{
    char letters[8];
    column_letters(column, letters);
    buf_printf(out, "%s%ld", letters, row + 1);
}

static bool has_han(const char *text)
{
    while (*text)
        if (is_han(utf8_next(&text)))
            return true;
    return false;
}

void put_head(struct buf *out, const char *head, const struct question *q)
{
    bool plain = *head && (has_han(head) || !q);
    if (!plain && q)
        put_text(out, question_caption(q));
    if (!plain && q && *head)
        buf_puts(out, "\n");
    put_text(out, head);
}

static void put_column(struct buf *out, const struct problem *p)
{
    if (*p->col || p->question)
        put_head(out, p->col, p->question);
    else
        buf_puts(out, *p->row || *p->key ? "（整条记录）" : "（整个文件）");
}

/* A phone record's file stands in a folder of the same name: once is enough. */
static void put_file(struct buf *out, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t n = dot ? (size_t)(dot - name) : 0;
    bool twice = n > 0 && slash && (size_t)(slash - path) >= n && !strncmp(slash - n, name, n);
    put_text(out, twice ? name : path);
}

void asked_cell(struct buf *out, const struct problem *p, const struct copies *c,
                enum asked_column column)
{
    const char *const plain[ASKED_COLUMNS] = {
        [ASKED_PATH] = p->file,         [ASKED_SHEET] = p->sheet, [ASKED_ROW] = p->row,
        [ASKED_KEY] = p->key,           [ASKED_FIELD] = p->field, [ASKED_KIND] = p->kind,
        [ASKED_ORIGINAL] = p->original, [ASKED_PRINT] = p->print, [ASKED_SHOWN] = p->shown,
        [ASKED_HEAD] = p->col,
    };
    buf_clear(out);
    buf_put(out, "", 0);
    if (plain[column])
        put_text(out, plain[column]);
    else if (column == ASKED_FILE)
        put_file(out, p->file);
    else if (column == ASKED_COLUMN)
        put_column(out, p);
    else if (column == ASKED_WRONG)
        advice_wrong(out, p);
    else if (column == ASKED_EXPECTED)
        advice_expected(out, p);
    else if (column == ASKED_CELL && p->copy >= 0)
        put_cell_name(out, p->at_row, p->at_col < 0 ? 0 : p->at_col);
    else if (column == ASKED_TAB && p->copy >= 0)
        buf_puts(out, c->items[p->copy].tab);
}

void told_cell(struct buf *out, const struct problem *p, enum told_column column)
{
    const char *const plain[TOLD_COLUMNS] = {
        [TOLD_SHEET] = p->sheet,
        [TOLD_ROW] = p->row,
        [TOLD_KEY] = p->key,
        [TOLD_ORIGINAL] = p->original,
        [TOLD_CORRECTED] = p->corrected,
    };
    buf_clear(out);
    buf_put(out, "", 0);
    if (plain[column])
        put_text(out, plain[column]);
    else if (column == TOLD_FILE)
        put_file(out, p->file);
    else if (column == TOLD_COLUMN)
        put_column(out, p);
    else if (column == TOLD_WHAT)
        advice_wrong(out, p);
}
