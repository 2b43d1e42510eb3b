/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/xls.h"

#include "base/arena.h"
#include "formats/biff.h"
#include "formats/cfb.h"
#include "formats/number.h"
#include "formats/rowbuild.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct xls_sheet {
    size_t start; /* of its records in the stream */
    char *name;
    bool hidden;
};

/* A cell; its text is texts[offset, offset + length). */
struct xls_cell {
    unsigned row, column;
    enum cell_kind kind;
    size_t offset, length;
};

struct xls {
    unsigned char *bytes;
    size_t size;
    bool unicode, date1904, encrypted;
    struct xls_sheet *sheets;
    int sheet_count, sheet_room;
    int *formats; /* custom formats: id, is one of dates, … */
    int format_count, format_room;
    int *styles; /* format id by cell style */
    int style_count, style_room;
    struct buf strings;
    size_t *starts, string_count;
    /* The sheet being read. */
    struct xls_cell *cells;
    size_t cell_count, cell_room;
    struct buf texts;
    struct merge *merges;
    int merge_count, merge_room;
};

static void xls_free(struct xls *x)
{
    for (int i = 0; i < x->sheet_count; i++)
        free(x->sheets[i].name);
    free(x->bytes);
    free(x->sheets);
    free(x->formats);
    free(x->styles);
    free(x->starts);
    free(x->cells);
    free(x->merges);
    buf_free(&x->strings);
    buf_free(&x->texts);
}

/* ---- what stands before the sheets -------------------------------------------------------- */

static bool read_sheet_name(struct xls *x, struct biff *b)
{
    struct buf name = {0};
    if (b->length < 7)
        return false;
    size_t start = biff_u32(b->data);
    bool hidden = b->data[4] & 3, worksheet = b->data[5] == 0;
    if (!biff_string(b, 6, 1, &name)) {
        buf_free(&name);
        return false;
    }
    if (worksheet) {
        GROW(x->sheets, x->sheet_count, x->sheet_room);
        x->sheets[x->sheet_count++] = (struct xls_sheet){start, must_strdup(name.text), hidden};
    }
    buf_free(&name);
    return true;
}

static void read_format(struct xls *x, struct biff *b)
{
    struct buf code = {0};
    if (b->length >= 4) {
        int id = (int)biff_u16(b->data);
        if (biff_string(b, 2, x->unicode ? 2 : 1, &code)) {
            GROW(x->formats, x->format_count + 1, x->format_room);
            x->formats[x->format_count++] = id;
            x->formats[x->format_count++] = format_is_date(0, code.text);
        }
    }
    buf_free(&code);
}

static void read_style(struct xls *x, const struct biff *b)
{
    GROW(x->styles, x->style_count, x->style_room);
    x->styles[x->style_count++] = b->length >= 4 ? (int)biff_u16(b->data + 2) : 0;
}

/* Returns 0, or -1 when damaged. */
static int read_globals(struct xls *x)
{
    struct biff b = {.bytes = x->bytes, .size = x->size};
    if (!biff_next(&b) || b.type != BIFF_BOF || b.length < 4)
        return -1;
    b.unicode = x->unicode = biff_u16(b.data) >= 0x0600;
    while (biff_next(&b)) {
        if (b.type == BIFF_EOF)
            return 0;
        if (b.type == BIFF_FILEPASS) {
            x->encrypted = true;
            return 0;
        }
        if (b.type == BIFF_DATEMODE && b.length >= 2)
            x->date1904 = biff_u16(b.data) == 1;
        else if (b.type == BIFF_FORMAT)
            read_format(x, &b);
        else if (b.type == BIFF_XF)
            read_style(x, &b);
        else if (b.type == BIFF_BOUNDSHEET && !read_sheet_name(x, &b))
            return -1;
        else if (b.type == BIFF_SST && !x->starts)
            biff_shared(&b, &x->strings, &x->starts, &x->string_count);
    }
    return -1;
}

/* ---- cells -------------------------------------------------------------------------------- */

/* Begin a cell at the record's row and the given column; its text is put behind. */
static struct xls_cell *add_cell(struct xls *x, const struct biff *b, unsigned column)
{
    GROW(x->cells, x->cell_count, x->cell_room);
    struct xls_cell *c = &x->cells[x->cell_count++];
    *c = (struct xls_cell){biff_u16(b->data), column, CELL_EMPTY, x->texts.len, 0};
    return c;
}

static void end_cell(struct xls *x, struct xls_cell *c, enum cell_kind kind)
{
    c->length = x->texts.len - c->offset;
    c->kind = c->length ? kind : CELL_EMPTY;
    buf_putc(&x->texts, '\0');
}

static bool style_is_date(const struct xls *x, unsigned style)
{
    if ((int)style >= x->style_count)
        return false;
    int id = x->styles[style];
    for (int i = 0; i + 1 < x->format_count; i += 2)
        if (x->formats[i] == id)
            return x->formats[i + 1];
    return format_is_date(id, NULL);
}

static void add_number(struct xls *x, const struct biff *b, unsigned column, unsigned style,
                       double value)
{
    char text[NUMBER_TEXT];
    struct xls_cell *c = add_cell(x, b, column);
    bool date = style_is_date(x, style) && serial_text(value, x->date1904, text);
    buf_puts(&x->texts, date ? text : number_text(value, text));
    end_cell(x, c, date ? CELL_DATE : CELL_NUMBER);
}

static bool add_shared(struct xls *x, const struct biff *b)
{
    size_t i = biff_u32(b->data + 6);
    if (i >= x->string_count || x->texts.len > sheet_text_budget(x->size))
        return false;
    struct xls_cell *c = add_cell(x, b, biff_u16(b->data + 2));
    buf_put(&x->texts, x->strings.text + x->starts[i], x->starts[i + 1] - x->starts[i]);
    end_cell(x, c, CELL_TEXT);
    return true;
}

static const char *error_name(unsigned code)
{
    switch (code) {
    case 0x00:
        return "#NULL!";
    case 0x07:
        return "#DIV/0!";
    case 0x0F:
        return "#VALUE!";
    case 0x17:
        return "#REF!";
    case 0x1D:
        return "#NAME?";
    case 0x24:
        return "#NUM!";
    default:
        return "#N/A";
    }
}

static void add_bool_or_error(struct xls *x, const struct biff *b, unsigned value, bool error)
{
    struct xls_cell *c = add_cell(x, b, biff_u16(b->data + 2));
    buf_puts(&x->texts, error ? error_name(value) : value ? "TRUE" : "FALSE");
    end_cell(x, c, error ? CELL_ERROR : CELL_BOOL);
}

/* The stored result of a formula; a text stands in a STRING record behind it. */
static bool add_formula(struct xls *x, struct biff *b)
{
    if (b->length < 14)
        return false;
    unsigned column = biff_u16(b->data + 2);
    const unsigned char *result = b->data + 6;
    if (biff_u16(result + 6) != 0xFFFF) {
        add_number(x, b, column, biff_u16(b->data + 4), biff_double(result));
        return true;
    }
    if (result[0] == 1 || result[0] == 2) {
        add_bool_or_error(x, b, result[2], result[0] == 2);
        return true;
    }
    struct xls_cell *c = add_cell(x, b, column);
    bool good = true;
    if (result[0] == 0) {
        struct biff ahead = *b;
        while (biff_next(&ahead) && ahead.type != BIFF_STRING && ahead.type != BIFF_FORMULA &&
               ahead.type != BIFF_EOF && ahead.type != BIFF_LABELSST)
            continue; /* shared formulas and arrays stand between */
        good = ahead.type == BIFF_STRING && biff_string(&ahead, 0, 2, &x->texts);
        if (good)
            *b = ahead;
    }
    end_cell(x, c, CELL_TEXT);
    return good;
}

static bool add_many(struct xls *x, const struct biff *b)
{
    unsigned column = biff_u16(b->data + 2);
    for (size_t at = 4; at + 6 + 2 <= b->length; at += 6)
        add_number(x, b, column++, biff_u16(b->data + at), biff_rk(biff_u32(b->data + at + 2)));
    return true;
}

static bool add_label(struct xls *x, struct biff *b)
{
    struct xls_cell *c = add_cell(x, b, biff_u16(b->data + 2));
    bool good = biff_string(b, 6, 2, &x->texts);
    end_cell(x, c, CELL_TEXT);
    return good;
}

static void add_merges(struct xls *x, const struct biff *b)
{
    size_t count = b->length >= 2 ? biff_u16(b->data) : 0;
    for (size_t i = 0; i < count && 2 + 8 * (i + 1) <= b->length; i++) {
        const unsigned char *p = b->data + 2 + 8 * i;
        GROW(x->merges, x->merge_count, x->merge_room);
        x->merges[x->merge_count++] = (struct merge){(int)biff_u16(p), (int)biff_u16(p + 4),
                                                     (int)biff_u16(p + 2), (int)biff_u16(p + 6)};
    }
}

static bool read_record(struct xls *x, struct biff *b)
{
    switch (b->type) {
    case BIFF_LABELSST:
        return b->length >= 10 && add_shared(x, b);
    case BIFF_NUMBER:
        return b->length >= 14 && (add_number(x, b, biff_u16(b->data + 2), biff_u16(b->data + 4),
                                              biff_double(b->data + 6)),
                                   true);
    case BIFF_RK:
        return b->length >= 10 && (add_number(x, b, biff_u16(b->data + 2), biff_u16(b->data + 4),
                                              biff_rk(biff_u32(b->data + 6))),
                                   true);
    case BIFF_MULRK:
        return b->length >= 6 && add_many(x, b);
    case BIFF_LABEL:
    case BIFF_RSTRING:
        return b->length >= 8 && add_label(x, b);
    case BIFF_BOOLERR:
        return b->length >= 8 && (add_bool_or_error(x, b, b->data[6], b->data[7] != 0), true);
    case BIFF_FORMULA:
        return add_formula(x, b);
    case BIFF_MERGES:
        add_merges(x, b);
        return true;
    default:
        return true;
    }
}

/* Collect a sheet's cells.  Charts and the like inside it have their own BOF and EOF. */
static int collect(struct xls *x, size_t start)
{
    struct biff b = {.bytes = x->bytes, .size = x->size, .next = start, .unicode = x->unicode};
    x->cell_count = 0;
    x->merge_count = 0;
    buf_clear(&x->texts);
    buf_put(&x->texts, "", 0);
    if (start >= x->size || !biff_next(&b) || b.type != BIFF_BOF)
        return -1;
    for (int depth = 1; biff_next(&b);) {
        if (b.type == BIFF_BOF)
            depth++;
        else if (b.type == BIFF_EOF && --depth == 0)
            return 0;
        else if (depth == 1 && !read_record(x, &b))
            return -1;
    }
    return -1;
}

/* ---- rows --------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const struct xls_cell *c = a, *d = b;
    if (c->row != d->row)
        return c->row < d->row ? -1 : 1;
    return c->column < d->column ? -1 : c->column > d->column;
}

/* Hand on the row that begins at cells[*i]; false when the handler wants no more. */
static bool hand_on(struct xls *x, const struct sheet_handler *h, size_t *i, struct cell **row,
                    size_t *room)
{
    size_t first = *i, count = 0;
    bool something = false;
    for (; *i < x->cell_count && x->cells[*i].row == x->cells[first].row; ++*i) {
        const struct xls_cell *c = &x->cells[*i];
        while (c->column >= *room)
            GROW(*row, *room, *room);
        while (count <= c->column)
            (*row)[count++] = (struct cell){CELL_EMPTY, "", 0};
        (*row)[c->column] = (struct cell){c->kind, x->texts.text + c->offset, c->length};
        something = something || c->kind != CELL_EMPTY;
    }
    return !something || h->row(h->user, (long)x->cells[first].row + 1, *row, (int)count, false);
}

static int read_sheet(struct xls *x, const struct xls_sheet *s, const struct sheet_handler *h)
{
    if (collect(x, s->start) < 0)
        return -1;
    if (h->sheet && !h->sheet(h->user, s->name, s->hidden))
        return 0;
    if (h->merges)
        h->merges(h->user, x->merges, x->merge_count);
    if (x->cell_count)
        qsort(x->cells, x->cell_count, sizeof *x->cells, by_place);
    struct cell *row = NULL;
    size_t room = 0;
    for (size_t i = 0; i < x->cell_count && hand_on(x, h, &i, &row, &room);)
        continue;
    free(row);
    return 0;
}

/* ---- the file ----------------------------------------------------------------------------- */

static int xls_open(struct xls *x, const char *path)
{
    struct cfb *c = cfb_open(path);
    if (c)
        x->bytes = cfb_stream(c, cfb_has(c, "Workbook") ? "Workbook" : "Book", &x->size);
    cfb_close(c);
    return x->bytes ? read_globals(x) : -1;
}

enum file_format xls_detect(const char *path)
{
    struct cfb *c = cfb_open(path);
    if (!c)
        return FORMAT_CORRUPT;
    enum file_format f = FORMAT_OTHER;
    if (cfb_has(c, "EncryptedPackage"))
        f = FORMAT_ENCRYPTED;
    else if (!cfb_has(c, "WordDocument") && (cfb_has(c, "Workbook") || cfb_has(c, "Book")))
        f = FORMAT_XLS;
    cfb_close(c);
    if (f != FORMAT_XLS)
        return f;
    struct xls x = {0};
    if (xls_open(&x, path) < 0)
        f = FORMAT_CORRUPT;
    else if (x.encrypted)
        f = FORMAT_ENCRYPTED;
    xls_free(&x);
    return f;
}

int xls_read(const char *path, const struct sheet_handler *h, char *why, size_t why_size)
{
    struct xls x = {0};
    const char *sheet = NULL;
    int code = xls_open(&x, path);
    for (int i = 0; code == 0 && i < x.sheet_count; i++) {
        sheet = x.sheets[i].name;
        code = read_sheet(&x, &x.sheets[i], h);
    }
    if (code < 0)
        snprintf(why, why_size, "工作簿%s%s%s已损坏或不完整，请用WPS或Excel重新保存后再报",
                 sheet ? "的工作表“" : "", sheet ? sheet : "", sheet ? "”" : "");
    xls_free(&x);
    return code;
}
