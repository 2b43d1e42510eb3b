/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/ods.h"

#include "base/arena.h"
#include "base/map.h"
#include "formats/number.h"
#include "formats/rowbuild.h"
#include "formats/xlsxparts.h"
#include "formats/xmlstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SHEETS = 4096, MAX_BLANKS = 1000 };
static const size_t MOST_REPEATED_BYTES = 256 << 20, MOST_REPEATED_CELLS = 16 << 20;

struct book {
    const struct sheet_handler *h;
    bool collecting; /* the first pass: merged areas */
    struct merges *sheets;
    int sheet_count, sheet_room;
    struct xml_events events;
    struct map hidden; /* names of table styles that do not show */
    char style[256];   /* the style being read */
    int sheet;         /* the one being read */
    int depth;         /* of tables: a table in a cell is none of the sheet */
    bool skipped;      /* the handler does not want the rows */
    struct rowbuild row;
    long no;      /* of the row, from 1 */
    long rows;    /* how often it stands there */
    int column;   /* of the cell, from 0 */
    long columns; /* how often it stands there */
    size_t repeated_bytes, repeated_cells;
    struct buf text; /* paragraphs of the cell */
    int paragraphs;
    char type[16], value[64], formula[1024];
    int note; /* depth of annotations, which are none of the cell */
    bool in_row, in_cell, in_paragraph, over;
};

static long number_attribute(const struct xml_tag *tag, const char *name, long otherwise)
{
    char text[32];
    long n = atol(xml_attribute_text(tag, name, text, sizeof text)), most = 1 << 30;
    return n > most ? most : n > 0 ? n : otherwise;
}

/* ---- sheets and rows ---------------------------------------------------------------------- */

static void begin_sheet(struct book *b, const struct xml_tag *tag)
{
    char name[512], style[256];
    if (b->depth++ > 0)
        return;
    b->sheet++;
    b->no = 1;
    b->rows = 0;
    if (b->collecting) {
        b->over = b->over || b->sheet >= MAX_SHEETS;
        GROW(b->sheets, b->sheet_count, b->sheet_room);
        b->sheets[b->sheet_count++] = (struct merges){0};
        return;
    }
    xml_attribute_text(tag, "name", name, sizeof name);
    xml_attribute_text(tag, "style-name", style, sizeof style);
    b->skipped = b->h->sheet && !b->h->sheet(b->h->user, name, map_has(&b->hidden, style));
    const struct merges *m = &b->sheets[b->sheet];
    if (!b->skipped && b->h->merges)
        b->h->merges(b->h->user, m->areas, m->count);
}

static void begin_row(struct book *b, const struct xml_tag *tag)
{
    b->no += b->rows;
    b->rows = number_attribute(tag, "number-rows-repeated", 1);
    b->column = 0;
    b->columns = 0;
    b->in_row = true;
    rowbuild_begin(&b->row);
}

static void end_row(struct book *b)
{
    b->in_row = false;
    if (b->collecting || b->skipped || !b->row.something)
        return;
    b->over = b->over || b->no + b->rows - 1 > SHEET_ROWS;
    size_t size = b->row.texts.len + b->row.repeated;
    for (long i = 0; i < b->rows && !b->over && !b->skipped; i++) {
        b->repeated_bytes += i ? size : 0;
        b->repeated_cells += i ? (size_t)b->row.count : 0;
        b->over =
            b->repeated_bytes > MOST_REPEATED_BYTES || b->repeated_cells > MOST_REPEATED_CELLS;
        b->skipped = !b->over && !rowbuild_hand_on(&b->row, b->h, b->no + i);
    }
}

/* ---- cells -------------------------------------------------------------------------------- */

static void begin_cell(struct book *b, const struct xml_tag *tag)
{
    b->columns = number_attribute(tag, "number-columns-repeated", 1);
    xml_attribute_text(tag, "value-type", b->type, sizeof b->type);
    static const char *const names[] = {"value", "date-value", "time-value", "boolean-value"};
    *b->value = '\0';
    for (int i = 0; i < 4 && !*b->value; i++)
        xml_attribute_text(tag, names[i], b->value, sizeof b->value);
    xml_attribute_text(tag, "formula", b->formula, sizeof b->formula);
    b->in_cell = true;
    b->paragraphs = 0;
    buf_clear(&b->text);
    buf_put(&b->text, "", 0);
    long down = number_attribute(tag, "number-rows-spanned", 1),
         across = number_attribute(tag, "number-columns-spanned", 1);
    if (b->collecting && down <= SHEET_ROWS && across <= SHEET_COLUMNS && b->no <= SHEET_ROWS)
        merges_add(&b->sheets[b->sheet],
                   (struct merge){(int)b->no - 1, b->column, (int)(b->no + down) - 2,
                                  b->column + (int)across - 1});
}

/* 2025-05-29 or 2025-05-29T08:30:00; a time of midnight is none. */
static enum cell_kind put_date(struct buf *out, const char *text)
{
    size_t n = strlen(text);
    bool timed = n >= 19 && strncmp(text + 10, "T00:00:00", 9) != 0;
    buf_put(out, text, timed ? 19 : n < 10 ? n : 10);
    return CELL_DATE;
}

/* PT08H30M00S as 08:30:00; other durations as they are shown. */
static enum cell_kind put_time(struct book *b)
{
    int h, m, s;
    if (sscanf(b->value, "PT%2dH%2dM%2d", &h, &m, &s) == 3 && h >= 0 && h < 24 && m >= 0 &&
        s >= 0) {
        buf_printf(&b->row.texts, "%02d:%02d:%02d", h, m, s);
        return CELL_DATE;
    }
    buf_put(&b->row.texts, b->text.text, b->text.len);
    return CELL_TEXT;
}

static enum cell_kind put_value(struct book *b)
{
    struct buf *out = &b->row.texts;
    const char *type = b->type;
    bool number =
        !strcmp(type, "float") || !strcmp(type, "percentage") || !strcmp(type, "currency");
    if (number && number_append(out, b->value))
        return CELL_NUMBER;
    if (!strcmp(type, "date") && *b->value)
        return put_date(out, b->value);
    if (!strcmp(type, "time") && *b->value)
        return put_time(b);
    if (!strcmp(type, "boolean")) {
        buf_puts(out, *b->value == 't' ? "TRUE" : "FALSE");
        return CELL_BOOL;
    }
    if (!*type && !b->text.len && *b->formula) {     /* no value was stored */
        const char *colon = strchr(b->formula, ':'); /* of: oooc: before the = */
        buf_puts(out, colon && colon[1] == '=' ? colon + 1 : b->formula);
        return CELL_FORMULA;
    }
    buf_put(out, b->text.text, b->text.len);
    return *b->formula && *b->text.text == '#' ? CELL_ERROR : CELL_TEXT;
}

static void end_cell(struct book *b)
{
    b->in_cell = false;
    size_t start = b->row.texts.len;
    enum cell_kind kind = b->collecting ? CELL_EMPTY : put_value(b);
    bool filled = b->row.texts.len > start;
    if (b->columns > SHEET_COLUMNS - b->column) {
        b->over = b->over || filled;
        b->column = SHEET_COLUMNS;
        return;
    }
    if (filled) {
        rowbuild_set(&b->row, b->column, kind, start);
        for (int i = 1; i < b->columns; i++)
            rowbuild_repeat(&b->row, b->column + i, b->column);
        b->over = b->over || rowbuild_is_over(&b->row);
    }
    b->column += (int)b->columns;
}

/* ---- texts -------------------------------------------------------------------------------- */

static void begin_paragraph(struct book *b)
{
    if (b->paragraphs++)
        buf_putc(&b->text, '\n');
    b->in_paragraph = true;
}

/* Blanks, tabs and line ends are tags. */
static void put_blank(struct book *b, const struct xml_tag *tag)
{
    long n = !strcmp(tag->name, "s") ? number_attribute(tag, "c", 1) : 1;
    char c = !strcmp(tag->name, "s") ? ' ' : !strcmp(tag->name, "tab") ? '\t' : '\n';
    for (long i = 0; i < n && i < MAX_BLANKS; i++)
        buf_putc(&b->text, c);
}

/* ---- events ------------------------------------------------------------------------------- */

static void on_style_tag(struct book *b, const struct xml_tag *tag)
{
    char display[16];
    if (!strcmp(tag->name, "style"))
        xml_attribute_text(tag, "name", b->style, sizeof b->style);
    else if (!strcmp(tag->name, "table-properties") &&
             !strcmp(xml_attribute_text(tag, "display", display, sizeof display), "false"))
        map_put(&b->hidden, b->style, 1);
}

static bool is_cell(const char *name)
{
    return !strcmp(name, "table-cell") || !strcmp(name, "covered-table-cell");
}

static void on_start(void *user, const struct xml_tag *tag)
{
    struct book *b = user;
    const char *name = tag->name;
    if (!strcmp(name, "table"))
        begin_sheet(b, tag);
    else if (b->depth == 0)
        on_style_tag(b, tag);
    else if (!strcmp(name, "annotation"))
        b->note++;
    else if (b->depth > 1 || b->note)
        return;
    else if (!strcmp(name, "table-row"))
        begin_row(b, tag);
    else if (b->in_row && is_cell(name) && !b->in_cell)
        begin_cell(b, tag);
    else if (b->in_cell && !strcmp(name, "p"))
        begin_paragraph(b);
    else if (b->in_paragraph &&
             (!strcmp(name, "s") || !strcmp(name, "tab") || !strcmp(name, "line-break")))
        put_blank(b, tag);
    b->events.stop = b->over;
}

static void on_end(void *user, const char *name)
{
    struct book *b = user;
    if (!strcmp(name, "table"))
        b->depth--;
    else if (!strcmp(name, "annotation"))
        b->note -= b->note > 0;
    else if (b->depth != 1 || b->note)
        return;
    else if (!strcmp(name, "p"))
        b->in_paragraph = false;
    else if (b->in_cell && is_cell(name))
        end_cell(b);
    else if (!strcmp(name, "table-row") && b->in_row)
        end_row(b);
    b->events.stop = b->over;
}

static void on_text(void *user, const char *bytes, size_t n)
{
    struct book *b = user;
    if (b->in_paragraph && b->depth == 1 && !b->note)
        buf_put(&b->text, bytes, n);
    b->over = b->over || b->text.len > SHEET_ROW_BYTES;
    b->events.stop = b->over;
}

/* ---- the file ----------------------------------------------------------------------------- */

static int pass(struct book *b, struct zipfile *zip, int entry, bool collecting)
{
    struct zipstream *s = zipfile_stream(zip, entry);
    if (!s)
        return -1;
    b->collecting = collecting;
    b->sheet = -1;
    b->depth = b->note = 0;
    b->in_row = b->in_cell = b->in_paragraph = b->skipped = false;
    b->events = (struct xml_events){.start = on_start, .end = on_end, .text = on_text, .user = b};
    int code = xml_stream(xlsx_piece, s, &b->events);
    zipstream_close(s);
    return b->over ? -1 : code;
}

int ods_read(const char *path, const struct sheet_handler *h, char *why, size_t why_size)
{
    struct book b = {.h = h};
    struct zipfile *zip = zipfile_open(path);
    int entry = zip ? zipfile_find(zip, "content.xml") : -1;
    int code = entry >= 0 ? pass(&b, zip, entry, true) : -1;
    if (code == 0)
        code = pass(&b, zip, entry, false);
    if (code < 0)
        snprintf(why, why_size,
                 "OpenDocument表格已损坏、不完整或过大，请用WPS或LibreOffice另存为.xlsx后再报");
    for (int i = 0; i < b.sheet_count; i++)
        free(b.sheets[i].areas);
    free(b.sheets);
    map_free(&b.hidden);
    rowbuild_free(&b.row);
    buf_free(&b.text);
    zipfile_close(zip);
    return code < 0 ? -1 : 0;
}

/* ---- what the zip is ---------------------------------------------------------------------- */

/* The first bytes of an entry as text; "" when there is none. */
static const char *first_bytes(struct zipfile *z, const char *name, char *out, size_t size)
{
    int entry = zipfile_find(z, name);
    struct zipstream *s = entry < 0 ? NULL : zipfile_stream(z, entry);
    size_t have = 0;
    long got;
    while (s && have + 1 < size && (got = zipstream_read(s, out + have, size - 1 - have)) > 0)
        have += (size_t)got;
    out[have] = '\0';
    zipstream_close(s);
    return out;
}

enum file_format ods_detect(struct zipfile *z)
{
    static const char type[] = "application/vnd.oasis.opendocument.";
    char text[8192];
    first_bytes(z, "mimetype", text, sizeof text);
    bool document = starts_with(text, type),
         sheet = document && starts_with(text + sizeof type - 1, "spreadsheet");
    if (!document && zipfile_find(z, "content.xml") >= 0) {
        first_bytes(z, "content.xml", text, sizeof text);
        document = sheet = strstr(text, "urn:oasis:names:tc:opendocument:xmlns:office:1.0") &&
                           !*first_bytes(z, "mimetype", text, sizeof text);
    }
    if (!document)
        return FORMAT_ZIP;
    if (strstr(first_bytes(z, "META-INF/manifest.xml", text, sizeof text), "encryption-data"))
        return FORMAT_ENCRYPTED;
    return sheet ? FORMAT_ODS : FORMAT_OTHER;
}
