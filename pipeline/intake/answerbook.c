/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/answerbook.h"

#include "base/arena.h"
#include "base/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const ANSWER_HEADS[HEAD_COUNT] = {
    [HEAD_FILE] = "文件全名",   [HEAD_PRINT] = "指纹",
    [HEAD_SHEET] = "工作表",    [HEAD_ROW] = "行",
    [HEAD_COLUMN] = "栏目原文", [HEAD_FIELD] = "题名",
    [HEAD_KIND] = "种类",       [HEAD_ORIGINAL] = "原来填的",
    [HEAD_CORRECTED] = "改为",  [HEAD_EXPLANATION] = "核实说明",
    [HEAD_TAB] = "所在表",      [HEAD_CELL] = "单元格",
    [HEAD_SHOWN] = "原表内容",
};

enum { HEAD_WITHIN = 20 }; /* the heads stand in one of the first rows */

struct row {
    const char *texts[HEAD_COUNT];
    const char *beside; /* what stands in the cell in question, NULL: as it was */
    int next;           /* of the same cell */
};

struct book {
    struct arena arena;
    struct row *rows;
    int count, room;
    bool is_one;
    int columns[HEAD_COUNT]; /* of the sheet under way; -1 before its heads were found */
    bool headed;
    struct map cells; /* "tab!B5" -> first row about it */
    const char *tab;  /* second reading: the sheet under way */
};

/* ---- the lists ---------------------------------------------------------------------------- */

static bool on_list(void *user, const char *name, bool hidden)
{
    struct book *b = user;
    (void)hidden;
    b->headed = false;
    return strcmp(name, ANSWER_SHEET) == 0 || strcmp(name, ANSWERED_SHEET) == 0;
}

static bool find_heads(struct book *b, const struct cell *cells, int count)
{
    int found = 0;
    for (int h = 0; h < HEAD_COUNT; h++) {
        b->columns[h] = -1;
        for (int i = 0; i < count && b->columns[h] < 0; i++) {
            size_t n;
            const char *text = text_trim(cells[i].text, &n);
            if (n == strlen(ANSWER_HEADS[h]) && memcmp(text, ANSWER_HEADS[h], n) == 0)
                b->columns[h] = i;
        }
        found += b->columns[h] >= 0;
    }
    return found == HEAD_COUNT;
}

static void take_row(struct book *b, const struct cell *cells, int count)
{
    struct row one = {.next = -1};
    for (int h = 0; h < HEAD_COUNT; h++) {
        int i = b->columns[h];
        one.texts[h] = arena_strdup(&b->arena, i < count ? cells[i].text : "");
    }
    if (!*one.texts[HEAD_FILE])
        return;
    GROW(b->rows, b->count, b->room);
    b->rows[b->count++] = one;
}

static bool on_list_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct book *b = user;
    (void)cut;
    if (b->headed)
        take_row(b, cells, count);
    else if (find_heads(b, cells, count))
        b->headed = b->is_one = true;
    return b->headed || no < HEAD_WITHIN;
}

/* ---- the cells in question ---------------------------------------------------------------- */

static bool is_open(const struct row *r)
{
    return text_is_blank(r->texts[HEAD_CORRECTED]) && text_is_blank(r->texts[HEAD_EXPLANATION]) &&
           *r->texts[HEAD_FIELD] && *r->texts[HEAD_TAB];
}

/* Rows without an answer, by the cell that they are about. */
static void index_cells(struct book *b)
{
    struct buf key = {0};
    for (int i = 0; i < b->count; i++) {
        struct row *r = &b->rows[i];
        if (!is_open(r))
            continue;
        buf_clear(&key);
        buf_printf(&key, "%s!%s", r->texts[HEAD_TAB], r->texts[HEAD_CELL]);
        r->next = (int)map_get(&b->cells, key.text, -1);
        map_put(&b->cells, key.text, i);
        r->beside = ""; /* a cell that is not there any more is empty */
    }
    buf_free(&key);
}

static bool on_copy(void *user, const char *name, bool hidden)
{
    struct book *b = user;
    (void)hidden;
    b->tab = arena_strdup(&b->arena, name);
    return true;
}

static bool on_copy_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct book *b = user;
    struct buf key = {0};
    (void)cut;
    for (int i = 0; i < count; i++) {
        char letters[8];
        if (cells[i].kind == CELL_EMPTY)
            continue;
        column_letters(i, letters);
        buf_clear(&key);
        buf_printf(&key, "%s!%s%ld", b->tab, letters, no);
        int first = (int)map_get(&b->cells, key.text, -1);
        for (int r = first; r >= 0; r = b->rows[r].next)
            b->rows[r].beside = arena_strdup(&b->arena, cells[i].text);
    }
    buf_free(&key);
    return true;
}

/* Forget the cells that are as they were. */
static void compare_cells(struct book *b)
{
    for (int i = 0; i < b->count; i++) {
        struct row *r = &b->rows[i];
        size_t n, m;
        const char *now = text_trim(r->beside ? r->beside : "", &n);
        const char *was = text_trim(r->texts[HEAD_SHOWN], &m);
        if (r->beside && n == m && memcmp(now, was, n) == 0)
            r->beside = NULL;
    }
}

/* ------------------------------------------------------------------------------------------- */

static bool is_answered(const struct row *r)
{
    return r->beside || !text_is_blank(r->texts[HEAD_CORRECTED]) ||
           !text_is_blank(r->texts[HEAD_EXPLANATION]);
}

static int write_answers(const struct book *b, struct raw *raw)
{
    int answered = 0;
    for (int i = 0; i < b->count; i++) {
        const struct row *r = &b->rows[i];
        if (!is_answered(r))
            continue;
        raw_add_answer(raw, &(struct raw_answer){.file = r->texts[HEAD_FILE],
                                                 .print = r->texts[HEAD_PRINT],
                                                 .sheet = r->texts[HEAD_SHEET],
                                                 .row = r->texts[HEAD_ROW],
                                                 .column = r->texts[HEAD_COLUMN],
                                                 .field = r->texts[HEAD_FIELD],
                                                 .kind = r->texts[HEAD_KIND],
                                                 .original = r->texts[HEAD_ORIGINAL],
                                                 .corrected = r->texts[HEAD_CORRECTED],
                                                 .explanation = r->texts[HEAD_EXPLANATION],
                                                 .beside = r->beside});
        answered++;
    }
    return answered;
}

int answerbook_read(struct raw *raw, const char *path, enum file_format format)
{
    char why[512];
    struct book b = {.count = 0};
    struct sheet_handler lists = {.sheet = on_list, .row = on_list_row, .user = &b};
    struct sheet_handler copies = {.sheet = on_copy, .row = on_copy_row, .user = &b};
    int answered = -1;
    if ((format == FORMAT_XLSX || format == FORMAT_XLS) &&
        sheets_read(path, format, "", &lists, why, sizeof why) == 0 && b.is_one) {
        index_cells(&b);
        if (sheets_read(path, format, "", &copies, why, sizeof why) == 0)
            compare_cells(&b);
        answered = write_answers(&b, raw);
    }
    free(b.rows);
    map_free(&b.cells);
    arena_free(&b.arena);
    return answered;
}
