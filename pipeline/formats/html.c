/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/html.h"

#include "base/arena.h"
#include "formats/htmltags.h"
#include "formats/number.h"
#include "formats/rowbuild.h"
#include "formats/textfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAGE = 256 << 20, MAX_COLSPAN = 1000 };

struct page {
    const struct sheet_handler *h;
    bool collecting; /* first pass: merged areas only */
    struct merges merges;
    int first_merge; /* of the table being read */
    struct rowbuild row;
    long no; /* of the row, from 1; the last one ended when none is open */
    bool in_row, in_cell, stop, over;
    int tables;   /* that are open */
    int column;   /* next one of the row */
    size_t start; /* of the cell's text in row.texts */
    struct buf outside;
    struct buf piece;
    char number[64];           /* the cell's as stored: x:num, sdval */
    int colspan, rowspan;      /* of the cell */
    long until[SHEET_COLUMNS]; /* last row that a cell from above reaches down to */
    int until_count;           /* columns in use of it */
};

/* ---- texts -------------------------------------------------------------------------------- */

/* Append a text; white space between two characters becomes one blank.  *from is where the cell
 * began. */
static void put_collapsed(struct buf *out, size_t from, const struct buf *text)
{
    for (const char *p = text->text, *end = p + text->len; p < end; p++) {
        if (!strchr(" \t\r\n\f", *p) || !*p) {
            buf_putc(out, *p);
            continue;
        }
        char last = out->len > from ? out->text[out->len - 1] : ' ';
        if (last != ' ' && last != '\n')
            buf_putc(out, ' ');
    }
}

static void trim_end(struct buf *b, size_t from)
{
    while (b->len > from && strchr(" \n", b->text[b->len - 1]))
        b->len--;
    if (b->text)
        b->text[b->len] = '\0';
}

static void take_text(struct page *g, const struct html_piece *p)
{
    buf_clear(&g->piece);
    buf_put(&g->piece, "", 0);
    html_text(&g->piece, p->text, p->n);
    if (g->in_cell)
        put_collapsed(&g->row.texts, g->start, &g->piece);
    else
        put_collapsed(&g->outside, 0, &g->piece);
    g->over = g->over || rowbuild_is_over(&g->row) || g->outside.len > SHEET_ROW_BYTES;
}

/* ---- cells and rows ----------------------------------------------------------------------- */

static void begin_row(struct page *g)
{
    g->in_row = true;
    g->no++;
    g->column = 0;
    g->over = g->over || g->no > SHEET_ROWS;
    rowbuild_begin(&g->row);
}

/* The display of a cell is that of a number: then the stored one has all its digits. */
static bool is_number_display(const char *text)
{
    return *text && strspn(text, "0123456789+-.,eE %") == strlen(text);
}

static void end_cell(struct page *g)
{
    if (!g->in_cell)
        return;
    g->in_cell = false;
    struct buf *texts = &g->row.texts;
    trim_end(texts, g->start);
    enum cell_kind kind = CELL_TEXT;
    if (*g->number && is_number_display(texts->text + g->start)) {
        size_t end = texts->len;
        if (number_append(texts, g->number)) {
            g->start = end;
            kind = CELL_NUMBER;
        }
    }
    rowbuild_set(&g->row, g->column, kind, g->start);
    struct merge area = {(int)g->no - 1, g->column, (int)g->no + g->rowspan - 2,
                         g->column + g->colspan - 1};
    if (g->collecting)
        merges_add(&g->merges, area);
    for (int i = 0; i < g->colspan; i++)
        g->until[g->column++] = g->no + g->rowspan - 1;
    g->until_count = g->column > g->until_count ? g->column : g->until_count;
}

static void end_row(struct page *g)
{
    end_cell(g);
    if (g->in_row && !g->collecting)
        g->stop = !rowbuild_hand_on(&g->row, g->h, g->no);
    g->in_row = false;
}

/* Text outside of tables is a row of one cell. */
static void end_line(struct page *g)
{
    trim_end(&g->outside, 0);
    if (g->outside.len && !g->in_row) {
        begin_row(g);
        size_t start = g->row.texts.len;
        buf_put(&g->row.texts, g->outside.text, g->outside.len);
        rowbuild_set(&g->row, 0, CELL_TEXT, start);
        end_row(g);
        buf_clear(&g->outside);
    }
}

static int span(const struct html_piece *p, const char *name, int most)
{
    char text[16];
    int n = html_attribute(p, name, text, sizeof text) ? atoi(text) : 1;
    return n < 1 ? 1 : n > most ? most : n;
}

static void begin_cell(struct page *g, const struct html_piece *p)
{
    end_cell(g);
    if (!g->in_row) {
        end_line(g);
        begin_row(g);
    }
    while (g->column < SHEET_COLUMNS && g->until[g->column] >= g->no)
        g->column++;
    g->colspan = span(p, "colspan", MAX_COLSPAN);
    g->rowspan = span(p, "rowspan", SHEET_ROWS);
    g->over = g->over || g->column + g->colspan > SHEET_COLUMNS;
    if (!html_attribute(p, "x:num", g->number, sizeof g->number) &&
        !html_attribute(p, "sdval", g->number, sizeof g->number))
        *g->number = '\0';
    g->in_cell = !g->over;
    g->start = g->row.texts.len;
}

/* ---- tables ------------------------------------------------------------------------------- */

/* Cells do not reach down beyond their table, nor into one inside them. */
static void forget_spans(struct page *g)
{
    memset(g->until, 0, (size_t)g->until_count * sizeof *g->until);
    g->until_count = 0;
    for (int i = g->first_merge; i < g->merges.count; i++) {
        struct merge *m = &g->merges.areas[i];
        m->bottom = m->bottom < g->no - 1 ? m->bottom : (int)g->no - 1;
    }
    g->first_merge = g->merges.count;
}

static void begin_table(struct page *g)
{
    end_row(g);
    end_line(g);
    forget_spans(g);
    g->tables++;
}

static void end_table(struct page *g)
{
    end_row(g);
    end_line(g);
    forget_spans(g);
    g->tables -= g->tables > 0;
}

/* The end of a line within a cell or outside. */
static void break_line(struct page *g, bool always)
{
    struct buf *b = &g->row.texts;
    if (!g->in_cell) {
        end_line(g);
        return;
    }
    if (b->len > g->start && (always || b->text[b->len - 1] != '\n'))
        buf_putc(b, '\n');
}

static bool is_block(const char *name)
{
    static const char *const names[] = {"p", "div", "li", "center", "caption", "dt", "dd", "form"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2];
}

static void take_tag(struct page *g, const struct html_piece *p)
{
    bool cell = !strcmp(p->name, "td") || !strcmp(p->name, "th");
    if (!strcmp(p->name, "table"))
        p->closing ? end_table(g) : begin_table(g);
    else if (cell && !p->closing)
        begin_cell(g, p);
    else if (cell)
        end_cell(g);
    else if (!strcmp(p->name, "tr")) {
        end_row(g);
        if (!p->closing) {
            end_line(g);
            begin_row(g);
        }
    } else if (!strcmp(p->name, "br"))
        break_line(g, true);
    else if (is_block(p->name))
        break_line(g, false);
}

static void read_page(struct page *g, const struct buf *text)
{
    struct html_scan scan = {text->text, text->text + text->len};
    struct html_piece piece;
    while (!g->stop && !g->over && html_next(&scan, &piece)) {
        if (*piece.name)
            take_tag(g, &piece);
        else
            take_text(g, &piece);
    }
    if (!g->stop && !g->over)
        end_table(g);
}

/* ---- the file ----------------------------------------------------------------------------- */

static int load(const char *path, const char *encoding, struct buf *text)
{
    struct textfile *t = textfile_open(path, encoding);
    int more = t ? 1 : -1;
    buf_put(text, "", 0);
    while (more > 0 && text->len <= MAX_PAGE)
        more = textfile_more(t, text);
    textfile_close(t);
    return more == 0 ? 0 : -1;
}

static void page_free(struct page *g)
{
    free(g->merges.areas);
    rowbuild_free(&g->row);
    buf_free(&g->outside);
    buf_free(&g->piece);
    free(g);
}

/* One pass over the page; false when it is over a limit. */
static bool pass(const struct sheet_handler *h, const struct buf *text, bool collecting)
{
    struct page *g = must_alloc(sizeof *g);
    g->h = h;
    g->collecting = collecting;
    rowbuild_begin(&g->row);
    read_page(g, text);
    bool good = !g->over;
    if (collecting && good)
        h->merges(h->user, g->merges.areas, g->merges.count);
    page_free(g);
    return good;
}

int html_read(const char *path, const char *encoding, const struct sheet_handler *h, char *why,
              size_t why_size)
{
    struct buf text = {0};
    int code = load(path, encoding, &text);
    if (code < 0)
        snprintf(why, why_size, "网页表格读不了或超过256MB，请用WPS或Excel另存为.xlsx后再报");
    if (code == 0 && (!h->sheet || h->sheet(h->user, "", false))) {
        bool good = (!h->merges || pass(h, &text, true)) && pass(h, &text, false);
        code = good ? 0 : -1;
        if (!good)
            snprintf(
                why, why_size,
                "网页表格过宽或过长（超过16384栏或1048576行），请用WPS或Excel另存为.xlsx后再报");
    }
    buf_free(&text);
    return code;
}
