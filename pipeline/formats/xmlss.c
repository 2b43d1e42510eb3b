/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/xmlss.h"

#include "base/arena.h"
#include "formats/number.h"
#include "formats/rowbuild.h"
#include "formats/textfile.h"
#include "formats/xmlstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SHEETS = 4096 };

/* What the first pass learns of a sheet. */
struct sheet_facts {
    bool hidden;
    struct merges merges;
};

struct book {
    const struct sheet_handler *h;
    bool collecting; /* the first pass */
    struct sheet_facts *sheets;
    int sheet_count, sheet_room;
    struct xml_events events;
    int sheet;    /* the one being read */
    bool skipped; /* the handler does not want its rows */
    struct rowbuild row;
    long no;        /* of the row, from 1 */
    long more_rows; /* Row ss:Span: rows of the same sort that follow without tags */
    int column;     /* of the cell, from 0 */
    int across;     /* further columns that the cell takes */
    char type;      /* of ss:Data: N number, D date, B boolean, E error, S string */
    size_t start;   /* of the cell's text in row.texts */
    int comment;    /* depth of Comment, whose Data is none of the cell */
    struct buf value;
    char formula[1024];
    bool in_cell, in_data, in_visible, over;
};

static long number_attribute(const struct xml_tag *tag, const char *name, long otherwise)
{
    char text[32];
    long n = atol(xml_attribute_text(tag, name, text, sizeof text));
    return n > 0 && n <= SHEET_ROWS ? n : otherwise;
}

/* ---- sheets and rows ---------------------------------------------------------------------- */

static void begin_sheet(struct book *b, const struct xml_tag *tag)
{
    char name[512];
    b->sheet++;
    b->no = b->more_rows = 0;
    if (b->collecting) {
        b->over = b->over || b->sheet >= MAX_SHEETS;
        GROW(b->sheets, b->sheet_count, b->sheet_room);
        b->sheets[b->sheet_count++] = (struct sheet_facts){0};
        return;
    }
    const struct sheet_facts *facts = &b->sheets[b->sheet];
    xml_attribute_text(tag, "Name", name, sizeof name);
    b->skipped = b->h->sheet && !b->h->sheet(b->h->user, name, facts->hidden);
    if (!b->skipped && b->h->merges)
        b->h->merges(b->h->user, facts->merges.areas, facts->merges.count);
}

static void begin_row(struct book *b, const struct xml_tag *tag)
{
    b->no = number_attribute(tag, "Index", b->no + 1 + b->more_rows);
    b->more_rows = number_attribute(tag, "Span", 0);
    b->over = b->over || b->no > SHEET_ROWS;
    b->column = -1;
    b->across = 0;
    rowbuild_begin(&b->row);
}

static void end_row(struct book *b)
{
    if (!b->collecting && b->sheet >= 0 && !b->skipped && !b->over)
        b->skipped = !rowbuild_hand_on(&b->row, b->h, b->no);
}

/* ---- cells -------------------------------------------------------------------------------- */

static void begin_cell(struct book *b, const struct xml_tag *tag)
{
    long next = b->column + 2 + b->across; /* counted from 1 */
    b->column = (int)number_attribute(tag, "Index", next) - 1;
    b->across = (int)number_attribute(tag, "MergeAcross", 0);
    long down = number_attribute(tag, "MergeDown", 0);
    b->over = b->over || b->column + b->across >= SHEET_COLUMNS || b->column < 0;
    b->in_cell = !b->over;
    b->type = 0;
    buf_clear(&b->value);
    buf_put(&b->value, "", 0);
    xml_attribute_text(tag, "Formula", b->formula, sizeof b->formula);
    if (b->collecting && !b->over && b->sheet >= 0)
        merges_add(&b->sheets[b->sheet].merges,
                   (struct merge){(int)b->no - 1, b->column, (int)(b->no - 1 + down),
                                  b->column + b->across});
}

static void begin_data(struct book *b, const struct xml_tag *tag)
{
    char type[16];
    xml_attribute_text(tag, "Type", type, sizeof type);
    b->type = *type ? *type : 'S';
    b->in_data = true;
}

/* 2025-05-29T00:00:00.000 is a date; of the day 1899-12-31, or the one before it, a time. */
static void put_date(struct buf *out, const char *text)
{
    size_t n = strlen(text);
    if (n >= 19 && (starts_with(text, "1899-12-31T") || starts_with(text, "1899-12-30T")))
        buf_put(out, text + 11, 8);
    else
        buf_put(out, text,
                n >= 19 && strncmp(text + 10, "T00:00:00", 9) != 0 ? 19
                : n < 10                                           ? n
                                                                   : 10);
}

static enum cell_kind put_value(struct book *b)
{
    struct buf *out = &b->row.texts;
    const char *text = b->value.text;
    switch (b->type) {
    case 'N':
        if (number_append(out, text))
            return CELL_NUMBER;
        break;
    case 'D':
        put_date(out, text);
        return CELL_DATE;
    case 'B':
        buf_puts(out, *text == '1' ? "TRUE" : "FALSE");
        return CELL_BOOL;
    case 'E':
        buf_put(out, text, b->value.len);
        return CELL_ERROR;
    case 0: /* no value was stored */
        buf_puts(out, b->formula);
        return CELL_FORMULA;
    }
    buf_put(out, text, b->value.len);
    return CELL_TEXT;
}

static void end_cell(struct book *b)
{
    b->in_cell = false;
    if (b->collecting)
        return;
    size_t start = b->row.texts.len;
    rowbuild_set(&b->row, b->column, put_value(b), start);
    b->over = b->over || rowbuild_is_over(&b->row);
}

/* ---- events ------------------------------------------------------------------------------- */

static void on_start(void *user, const struct xml_tag *tag)
{
    struct book *b = user;
    const char *name = tag->name;
    if (!strcmp(name, "Comment"))
        b->comment++;
    else if (!strcmp(name, "Data") && b->in_cell && !b->comment)
        begin_data(b, tag);
    else if (!strcmp(name, "Cell"))
        begin_cell(b, tag);
    else if (!strcmp(name, "Row"))
        begin_row(b, tag);
    else if (!strcmp(name, "Worksheet"))
        begin_sheet(b, tag);
    else if (!strcmp(name, "Visible"))
        b->in_visible = true;
    b->events.stop = b->over;
}

static void on_end(void *user, const char *name)
{
    struct book *b = user;
    if (!strcmp(name, "Comment"))
        b->comment--;
    else if (!strcmp(name, "Data"))
        b->in_data = false;
    else if (!strcmp(name, "Cell") && b->in_cell)
        end_cell(b);
    else if (!strcmp(name, "Row"))
        end_row(b);
    else if (!strcmp(name, "Visible"))
        b->in_visible = false;
    b->events.stop = b->over;
}

static void on_text(void *user, const char *bytes, size_t n)
{
    struct book *b = user;
    if (b->in_data && !b->comment)
        buf_put(&b->value, bytes, n);
    else if (b->in_visible && b->collecting && b->sheet >= 0 && n >= 5 &&
             !memcmp(bytes, "Sheet", 5))
        b->sheets[b->sheet].hidden = true; /* SheetHidden, SheetVeryHidden */
    b->over = b->over || b->value.len > SHEET_ROW_BYTES;
    b->events.stop = b->over;
}

/* ---- the file ----------------------------------------------------------------------------- */

static int pass(struct book *b, const char *path, const char *encoding, bool collecting)
{
    struct textfile *t = textfile_open(path, encoding);
    if (!t)
        return -1;
    b->collecting = collecting;
    b->sheet = -1;
    b->comment = 0;
    b->in_cell = b->in_data = b->in_visible = b->skipped = false;
    b->events = (struct xml_events){
        .start = on_start, .end = on_end, .text = on_text, .user = b, .utf8 = true};
    rowbuild_begin(&b->row);
    int code = xml_stream(textfile_piece, t, &b->events);
    textfile_close(t);
    return b->over ? -1 : code;
}

int xmlss_read(const char *path, const char *encoding, const struct sheet_handler *h, char *why,
               size_t why_size)
{
    struct book b = {.h = h};
    int code = pass(&b, path, encoding, true);
    if (code == 0)
        code = pass(&b, path, encoding, false);
    if (code < 0)
        snprintf(why, why_size,
                 "XML电子表格已损坏、不完整或过大，请用WPS或Excel打开后另存为.xlsx再报");
    for (int i = 0; i < b.sheet_count; i++)
        free(b.sheets[i].merges.areas);
    free(b.sheets);
    rowbuild_free(&b.row);
    buf_free(&b.value);
    return code < 0 ? -1 : 0;
}
