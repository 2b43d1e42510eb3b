/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a row of a sheet is: group head, unit row, total, note.
 */
#include "intake/tables_private.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cells that hold more than white space; *first gets the column of the first one, or -1. */
int filled_cells(const struct cell *cells, int count, int *first)
{
    int filled = 0;
    if (first)
        *first = -1;
    for (int i = 0; i < count; i++) {
        if (!is_filled(&cells[i]))
            continue;
        if (first && *first < 0)
            *first = i;
        filled++;
    }
    return filled;
}

/* Whether a merged area joins a cell of this row with the one below it. */
static bool joins_below(const struct tables *t, long no)
{
    for (int i = 0; i < t->merge_count; i++)
        if (t->merges[i].top < no && t->merges[i].bottom >= no)
            return true; /* rows of merges count from 0, no from 1 */
    return false;
}

bool is_group_row(const struct tables *t, const struct kept_row *row, const struct kept_row *below)
{
    if (below->no != row->no + 1)
        return false;
    for (int i = 0; i < row->cells.count; i++) {
        const struct cell *c = &row->cells.items[i];
        if (c->len && (strchr(c->text, ':') || strstr(c->text, "：")))
            return false; /* 填报单位：… is no head */
    }
    return filled_cells(row->cells.items, row->cells.count, NULL) >= 2 || joins_below(t, row->no);
}

bool is_unit_row(struct tables *t, const struct cell *cells, int count)
{
    int units = 0;
    for (int i = 0; i < count; i++) {
        if (!is_filled(&cells[i]))
            continue;
        if (cells[i].len > 60)
            return false;
        struct buf plain = {0};
        const char *unit = heads_unit(t->heads, cells[i].text);
        bool whole = *unit && strlen(unit) + 24 > cells[i].len;
        bool word = text_halfwidth(&plain, cells[i].text) || plain.len;
        word = word &&
               (starts_with(buf_text(&plain), "单位") || starts_with(buf_text(&plain), "计量单位"));
        buf_free(&plain);
        if (!whole && !word)
            return false;
        units += whole;
    }
    return units > 0;
}

/* The text of a cell without any white space, at most n - 1 bytes of it. */
static const char *squeezed(const struct cell *cell, char *out, size_t n)
{
    size_t used = 0;
    const char *p = cell->text;
    for (const char *start = p; *p && used + 5 < n; start = p) {
        uint32_t c = utf8_next(&p);
        if (is_space_char(c))
            continue;
        memcpy(out + used, start, (size_t)(p - start));
        used += (size_t)(p - start);
    }
    out[used] = '\0';
    return out;
}

/* 合计, 何店村小计, 全县合计： */
static bool says_total(const char *text)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计"};
    static const char *const alone[] = {"平均", "平均数", "平均："};
    char bare[64];
    size_t n = strlen(text);
    n -= ends_with(text, "：") ? strlen("：") : ends_with(text, ":");
    snprintf(bare, sizeof bare, "%.*s", (int)n, text);
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (ends_with(bare, words[w]))
            return true;
    for (size_t w = 0; w < sizeof alone / sizeof *alone; w++)
        if (!strcmp(text, alone[w]))
            return true;
    return false;
}

bool is_total_row(const struct cell *cells, int count)
{
    char text[64];
    for (int i = 0, seen = 0; i < count && seen < 3; i++) {
        if (cells[i].kind != CELL_TEXT || !cells[i].len)
            continue;
        seen++;
        if (cells[i].len <= 40 && says_total(squeezed(&cells[i], text, sizeof text)))
            return true;
    }
    return false;
}

static bool begins_as_note(const char *text)
{
    static const char *const words[] = {
        "注：",       "注:",       "注1",        "备注：",    "备注:",      "说明：",
        "说明:",      "填表说明",  "审核人",     "填表人",    "填报人",     "制表人",
        "制表：",     "制表:",     "复核人",     "负责人",    "单位负责人", "分管领导",
        "审核：",     "审核:",     "联系人：",   "联系人:",   "填表日期：", "填表日期:",
        "填报日期：", "填报日期:", "报送日期",   "报出日期",  "填报单位：", "填报单位:",
        "（盖章",     "(盖章",     "单位（盖章", "单位(盖章", "统计负责人", "资料来源",
        "数据来源",   "附注",      "经办人",     "※",         "＊",         "*注"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (starts_with(text, words[i]))
            return true;
    return false;
}

bool is_note_row(const struct tables *t, const struct cell *cells, int count)
{
    char text[128];
    int first = 0, filled = filled_cells(cells, count, &first);
    if (filled == 0 || filled > 6 || filled * 2 > t->column_count + 1 ||
        cells[first].kind != CELL_TEXT)
        return false;
    if (begins_as_note(squeezed(&cells[first], text, sizeof text)))
        return true;
    /* A single text in a column that numbers the rows, or that has no head: a section title. */
    bool outside = first >= t->column_count || t->columns[first].role == COLUMN_NONE ||
                   t->columns[first].role == COLUMN_SYSTEM;
    return filled == 1 && outside;
}

bool may_be_head(struct tables *t, const struct cell *cells, int count)
{
    int looked = 0, known = 0;
    for (int i = 0; i < count && looked < 4; i++) {
        if (!cells[i].len)
            continue;
        looked++;
        bool plain = cells[i].kind == CELL_TEXT && cells[i].len < 200 &&
                     (cells[i].text[0] < '0' || cells[i].text[0] > '9');
        known += plain && heads_known(t->heads, cells[i].text);
    }
    return known >= 2;
}

struct fit fit_row(struct tables *t, const struct cell *cells, int count)
{
    const char **texts = must_alloc((size_t)(count + 1) * sizeof *texts);
    int numbers = 0;
    for (int i = 0; i < count; i++) {
        bool text = cells[i].kind == CELL_TEXT && cells[i].len < 1000;
        texts[i] = text ? cells[i].text : NULL;
        numbers += cells[i].kind == CELL_NUMBER || cells[i].kind == CELL_DATE;
    }
    struct fit fit = heads_fit(t->heads, texts, count);
    fit.heads += numbers;
    free(texts);
    return fit;
}
