/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/xlsx.h"

#include "formats/number.h"
#include "formats/xlsxparts.h"
#include "formats/xmlstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COLUMNS = 16384, MAX_ROWS = 1048576, MAX_ROW_BYTES = 1 << 24, MAX_MERGES = 100000 };

/* ---- merged areas: they stand behind the cells, so they are looked for first ------------- */

/* "B12" -> 1, 11; returns the end of it, NULL when it is none. */
static const char *parse_reference(const char *p, const char *end, int *column, int *row)
{
    long c = 0, r = 0;
    for (; p < end && *p >= 'A' && *p <= 'Z' && c <= MAX_COLUMNS; p++)
        c = c * 26 + *p - 'A' + 1;
    for (; p < end && *p >= '0' && *p <= '9' && r <= MAX_ROWS; p++)
        r = r * 10 + *p - '0';
    *column = (int)c - 1;
    *row = (int)r - 1;
    return c > 0 && c <= MAX_COLUMNS && r > 0 && r <= MAX_ROWS ? p : NULL;
}

struct merging {
    struct merge *areas;
    int count, room;
};

/* Read the tags <mergeCell ref="A1:B2"/> that are whole in `text`; returns how many bytes need
 * not be seen again. */
static size_t take_merges(struct merging *m, const char *text, size_t n)
{
    static const char name[] = "mergeCell ", ref[] = "ref=";
    const char *p = text, *end = text + n, *at;
    while ((at = memmem(p, (size_t)(end - p), name, sizeof name - 1))) {
        const char *close = memchr(at, '>', (size_t)(end - at));
        if (!close)
            return (size_t)(at - text);
        p = close;
        struct merge a;
        at = memmem(at, (size_t)(close - at), ref, sizeof ref - 1);
        at = at ? parse_reference(at + sizeof ref, close, &a.left, &a.top) : NULL;
        if (!at || *at != ':' || !parse_reference(at + 1, close, &a.right, &a.bottom) ||
            a.right < a.left || a.bottom < a.top || m->count >= MAX_MERGES)
            continue;
        GROW(m->areas, m->count, m->room);
        m->areas[m->count++] = a;
    }
    return n - (n < sizeof name ? n : sizeof name);
}

/* Behind the end tag of the cells, if it is whole in `text`: its offset, else 0. */
static size_t cells_end(const char *text, size_t n)
{
    static const char name[] = "sheetData>";
    const char *p = text, *end = text + n, *at;
    while ((at = memmem(p, (size_t)(end - p), name, sizeof name - 1))) {
        p = at + sizeof name - 1;
        while (at > text && !strchr("<>/", at[-1])) /* a prefix, as in </x:sheetData> */
            at--;
        if (at > text && at[-1] == '/')
            return (size_t)(p - text);
    }
    return 0;
}

/* Collect the merged areas without parsing the cells.  Damage shows in the second pass. */
static void find_merges(struct zipfile *zip, int entry, struct merging *m)
{
    enum { CHUNK = 65536, KEEP = 64, MAX_TAG = 1 << 20 };
    struct zipstream *s = zipfile_stream(zip, entry);
    struct buf b = {0};
    char *chunk = must_alloc(CHUNK);
    bool behind = false;
    long got;
    while (s && (got = zipstream_read(s, chunk, CHUNK)) > 0 && b.len < MAX_TAG) {
        buf_put(&b, chunk, (size_t)got);
        size_t used = b.len > KEEP ? b.len - KEEP : 0;
        size_t end = behind ? 0 : cells_end(b.text, b.len);
        if (behind)
            used = take_merges(m, b.text, b.len);
        else if (end) {
            behind = true;
            used = end + take_merges(m, b.text + end, b.len - end);
        }
        b.len -= used;
        memmove(b.text, b.text + used, b.len);
    }
    zipstream_close(s);
    free(chunk);
    buf_free(&b);
}

/* ---- cells -------------------------------------------------------------------------------- */

struct sheet_reading {
    const struct xlsx_book *book;
    const struct sheet_handler *h;
    struct xml_events events;
    long no; /* of the row */
    struct cell *cells;
    int count, room; /* count: columns of this row seen so far */
    size_t *offsets; /* of the cells' texts in `texts` */
    int offset_room;
    struct buf texts;   /* of this row */
    struct buf value;   /* of the cell: <v>, or <is> */
    struct buf formula; /* <f> */
    int column;         /* of the cell */
    char type;          /* s shared, i inline, f formula string, b, e, d date, n */
    int style;
    bool in_value, in_formula, in_inline, has_formula, over;
    int phonetic;
    bool something;
};

static void begin_row(struct sheet_reading *r, const struct xml_tag *tag)
{
    char text[32];
    long no = atol(xml_attribute_text(tag, "r", text, sizeof text));
    r->no = no > 0 && no <= MAX_ROWS ? no : r->no + 1;
    r->count = 0;
    r->column = -1;
    r->something = false;
    buf_clear(&r->texts);
    buf_put(&r->texts, "", 0);
}

static char cell_type(const struct xml_tag *tag)
{
    char t[16];
    xml_attribute_text(tag, "t", t, sizeof t);
    return !strcmp(t, "str") ? 'f' : *t ? *t : 'n';
}

static void begin_cell(struct sheet_reading *r, const struct xml_tag *tag)
{
    size_t n;
    int column, row;
    char style[16];
    const char *ref = xml_attribute(tag, "r", &n);
    if (!ref || !parse_reference(ref, ref + n, &column, &row))
        column = r->column + 1;
    r->over = r->over || column >= MAX_COLUMNS;
    r->column = column;
    r->type = cell_type(tag);
    r->style = atoi(xml_attribute_text(tag, "s", style, sizeof style));
    r->has_formula = false;
    buf_clear(&r->value);
    buf_clear(&r->formula);
}

static void on_start(void *user, const struct xml_tag *tag)
{
    struct sheet_reading *r = user;
    const char *name = tag->name;
    if (!strcmp(name, "c"))
        begin_cell(r, tag);
    else if (!strcmp(name, "v"))
        r->in_value = true;
    else if (!strcmp(name, "row"))
        begin_row(r, tag);
    else if (!strcmp(name, "f"))
        r->in_formula = r->has_formula = true;
    else if (!strcmp(name, "is"))
        r->in_inline = true;
    else if (!strcmp(name, "rPh"))
        r->phonetic++;
    else if (!strcmp(name, "t") && r->in_inline && !r->phonetic)
        r->in_value = true;
}

static void on_text(void *user, const char *bytes, size_t n)
{
    struct sheet_reading *r = user;
    if (r->in_value)
        buf_put(&r->value, bytes, n);
    else if (r->in_formula)
        buf_put(&r->formula, bytes, n);
    r->over = r->over || r->texts.len + r->value.len + r->formula.len > MAX_ROW_BYTES;
    r->events.stop = r->events.stop || r->over;
}

/* Put the cell's text into the row and tell its kind. */
static enum cell_kind put_shared(struct sheet_reading *r)
{
    char *end;
    long i = strtol(r->value.text, &end, 10);
    if (i < 0 || i >= r->book->string_count || end == r->value.text)
        return CELL_EMPTY;
    const size_t *start = &r->book->starts[i];
    buf_put(&r->texts, r->book->strings.text + start[0], start[1] - start[0]);
    return start[1] > start[0] ? CELL_TEXT : CELL_EMPTY;
}

/* Digits that number_text() would give back as they are: most numbers of a survey. */
static bool is_plain_integer(const struct buf *b)
{
    return b->len <= 15 && (b->text[0] != '0' || b->len == 1) &&
           strspn(b->text, "0123456789") == b->len;
}

static enum cell_kind put_number(struct sheet_reading *r)
{
    char *end, text[NUMBER_TEXT];
    bool date = r->style >= 0 && r->style < r->book->style_count && r->book->date_style[r->style];
    if (!date && is_plain_integer(&r->value)) {
        buf_put(&r->texts, r->value.text, r->value.len);
        return CELL_NUMBER;
    }
    double value = strtod(r->value.text, &end);
    if (end == r->value.text || *end) {
        buf_put(&r->texts, r->value.text, r->value.len);
        return CELL_TEXT;
    }
    date = date && serial_text(value, r->book->date1904, text);
    buf_puts(&r->texts, date ? text : number_text(value, text));
    return date ? CELL_DATE : CELL_NUMBER;
}

static enum cell_kind put_date(struct sheet_reading *r)
{
    const char *text = r->value.text;
    size_t n = r->value.len;
    if (n >= 19 && !strncmp(text + 10, "T00:00:00", 9))
        n = 10;
    buf_put(&r->texts, text, n < 19 ? n : 19);
    return CELL_DATE;
}

static enum cell_kind put_value(struct sheet_reading *r)
{
    if (!r->value.len) {
        if (!r->has_formula || r->type == 'f')
            return CELL_EMPTY;
        buf_putc(&r->texts, '=');
        buf_put(&r->texts, r->formula.text, r->formula.len);
        return CELL_FORMULA;
    }
    switch (r->type) {
    case 's':
        return put_shared(r);
    case 'f':
    case 'i': {
        size_t start = r->texts.len;
        buf_put(&r->texts, r->value.text, r->value.len);
        xlsx_unescape(&r->texts, start);
        return CELL_TEXT;
    }
    case 'b':
        buf_puts(&r->texts, *r->value.text == '1' || *r->value.text == 't' ? "TRUE" : "FALSE");
        return CELL_BOOL;
    case 'e':
        buf_put(&r->texts, r->value.text, r->value.len);
        return CELL_ERROR;
    case 'd':
        return put_date(r);
    default:
        return put_number(r);
    }
}

static void set_cell(struct sheet_reading *r, int column, enum cell_kind kind, size_t offset,
                     size_t len)
{
    while (column >= r->room) {
        GROW(r->cells, r->room, r->room);
        GROW(r->offsets, r->offset_room, r->offset_room);
    }
    for (; r->count <= column; r->count++) {
        r->cells[r->count] = (struct cell){CELL_EMPTY, "", 0};
        r->offsets[r->count] = 0;
    }
    r->cells[column] = (struct cell){kind, "", len};
    r->offsets[column] = offset;
}

static void end_cell(struct sheet_reading *r)
{
    size_t start = r->texts.len;
    buf_put(&r->value, "", 0);
    enum cell_kind kind = put_value(r);
    set_cell(r, r->column, kind, start, r->texts.len - start);
    buf_putc(&r->texts, '\0');
    r->something = r->something || kind != CELL_EMPTY;
}

static void end_row(struct sheet_reading *r)
{
    for (int i = 0; i < r->count; i++)
        if (r->cells[i].len)
            r->cells[i].text = r->texts.text + r->offsets[i];
    if (r->something && !r->h->row(r->h->user, r->no, r->cells, r->count, false))
        r->events.stop = true;
}

static void on_end(void *user, const char *name)
{
    struct sheet_reading *r = user;
    if (!strcmp(name, "c"))
        end_cell(r);
    else if (!strcmp(name, "v") || !strcmp(name, "t"))
        r->in_value = false;
    else if (!strcmp(name, "row"))
        end_row(r);
    else if (!strcmp(name, "f"))
        r->in_formula = false;
    else if (!strcmp(name, "is"))
        r->in_inline = false;
    else if (!strcmp(name, "rPh"))
        r->phonetic--;
}

static int read_cells(const struct xlsx_book *book, int entry, const struct sheet_handler *h)
{
    struct sheet_reading r = {.book = book, .h = h, .column = -1};
    r.events = (struct xml_events){.start = on_start, .end = on_end, .text = on_text, .user = &r};
    struct zipstream *s = zipfile_stream(book->zip, entry);
    int code = s ? xml_stream(xlsx_piece, s, &r.events) : XML_READ;
    zipstream_close(s);
    free(r.cells);
    free(r.offsets);
    buf_free(&r.texts);
    buf_free(&r.value);
    buf_free(&r.formula);
    return r.over ? XML_BAD : code;
}

static int read_sheet(const struct xlsx_book *book, const struct xlsx_sheet *sheet,
                      const struct sheet_handler *h)
{
    int entry = zipfile_find(book->zip, sheet->part);
    if (entry < 0)
        return XML_READ;
    if (h->sheet && !h->sheet(h->user, sheet->name, sheet->hidden))
        return 0;
    if (h->merges) {
        struct merging m = {0};
        find_merges(book->zip, entry, &m);
        h->merges(h->user, m.areas, m.count);
        free(m.areas);
    }
    return read_cells(book, entry, h);
}

bool xlsx_is_workbook(struct zipfile *z)
{
    struct arena arena = {0};
    int entry = xlsx_workbook_entry(z, &arena);
    bool found = entry >= 0 && zipfile_find(z, "word/document.xml") < 0 &&
                 zipfile_find(z, "ppt/presentation.xml") < 0;
    arena_free(&arena);
    return found;
}

int xlsx_read(const char *path, const struct sheet_handler *h, char *why, size_t why_size)
{
    struct xlsx_book book = {0};
    struct zipfile *zip = zipfile_open(path);
    int code = zip ? xlsx_book_read(&book, zip) : -1;
    const char *sheet = NULL;
    for (int i = 0; code == 0 && i < book.sheet_count; i++) {
        sheet = book.sheets[i].name;
        code = read_sheet(&book, &book.sheets[i], h);
    }
    if (code < 0 && sheet)
        snprintf(why, why_size, "工作表“%s”已损坏或不完整，请用WPS或Excel重新保存后再报", sheet);
    else if (code < 0)
        snprintf(why, why_size, "工作簿已损坏或不完整，请用WPS或Excel重新保存后再报");
    xlsx_book_free(&book);
    zipfile_close(zip);
    return code < 0 ? -1 : 0;
}
