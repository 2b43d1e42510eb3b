/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three-line tables of a Word document.
 */
#include "output/figure.h"
#include "output/word_private.h"

#include <stdlib.h>
#include <string.h>

enum { THICK = 8, THIN = 4, LABEL_MAX = 40, HEAD_LINES = 2, COLUMN_MIN = 5 };

struct word_row *word_table_row(struct word_table *t)
{
    GROW(t->rows, t->count, t->room);
    t->rows[t->count] = (struct word_row){0};
    return &t->rows[t->count++];
}

void word_row_cell(struct word_row *r, struct buf *runs, int span, int width, char align)
{
    GROW(r->cells, r->count, r->room);
    r->cells[r->count++] =
        (struct word_cell){must_strdup(buf_text(runs)), span > 0 ? span : 1, width, align};
}

void word_table_free(struct word_table *t)
{
    for (int r = 0; r < t->count; r++) {
        for (int c = 0; c < t->rows[r].count; c++)
            free(t->rows[r].cells[c].runs);
        free(t->rows[r].cells);
    }
    free(t->rows);
    *t = (struct word_table){0};
}

static int columns_of(const struct word_table *t)
{
    int most = 1;
    for (int r = 0; r < t->count; r++) {
        int n = 0;
        for (int c = 0; c < t->rows[r].count; c++)
            n += t->rows[r].cells[c].span;
        most = n > most ? n : most;
    }
    return most;
}

/* Widths in proportion to the longest text; heads may run over lines, labels too when long. */
static void plan_widths(const struct word_table *t, int *widths, int columns)
{
    int total = 0, used = 0;
    for (int c = 0; c < columns; c++)
        widths[c] = COLUMN_MIN;
    for (int r = 0; r < t->count; r++)
        for (int i = 0, c = 0; i < t->rows[r].count; c += t->rows[r].cells[i++].span) {
            const struct word_cell *cell = &t->rows[r].cells[i];
            int w = r < t->heads ? (cell->width + HEAD_LINES - 1) / HEAD_LINES : cell->width;
            w = w > LABEL_MAX ? LABEL_MAX : w;
            if (cell->span == 1 && c < columns && w > widths[c])
                widths[c] = w;
        }
    for (int c = 0; c < columns; c++)
        total += widths[c] += 2;
    for (int c = 0; c < columns; c++)
        used += widths[c] = (int)((long)widths[c] * WORD_WIDTH / total);
    widths[0] += WORD_WIDTH - used;
}

static void put_borders(struct buf *out, int top, int bottom)
{
    if (!top && !bottom)
        return;
    buf_puts(out, "<w:tcBorders>");
    if (top)
        buf_printf(out, "<w:top w:val=\"single\" w:sz=\"%d\" w:space=\"0\" w:color=\"000000\"/>",
                   top);
    if (bottom)
        buf_printf(out, "<w:bottom w:val=\"single\" w:sz=\"%d\" w:space=\"0\" w:color=\"000000\"/>",
                   bottom);
    buf_puts(out, "</w:tcBorders>");
}

static void put_cell(struct buf *out, const struct word_cell *cell, int width, int top, int bottom)
{
    const char *align = cell->align == 'c' ? "center" : cell->align == 'r' ? "right" : "left";
    buf_printf(out, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>", width);
    if (cell->span > 1)
        buf_printf(out, "<w:gridSpan w:val=\"%d\"/>", cell->span);
    put_borders(out, top, bottom);
    buf_printf(out,
               "<w:vAlign w:val=\"center\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"TableText\"/>"
               "<w:jc w:val=\"%s\"/></w:pPr>%s</w:p></w:tc>",
               align, cell->runs);
}

static void put_row(struct buf *out, const struct word_table *t, int r, const int *widths,
                    int columns)
{
    const struct word_row *row = &t->rows[r];
    int top = r == 0 ? THICK : 0;
    int bottom = r == t->count - 1 ? THICK : r == t->heads - 1 ? THIN : 0;
    buf_puts(out, "<w:tr><w:trPr><w:cantSplit/>");
    buf_puts(out, r < t->heads ? "<w:tblHeader/></w:trPr>" : "</w:trPr>");
    int c = 0;
    for (int i = 0; i < row->count; i++) {
        int width = 0;
        for (int k = 0; k < row->cells[i].span && c < columns; k++)
            width += widths[c++];
        put_cell(out, &row->cells[i], width, top, bottom);
    }
    for (; c < columns; c++)
        put_cell(out, &(struct word_cell){"", 1, 0, 'l'}, widths[c], top, bottom);
    buf_puts(out, "</w:tr>");
}

void word_table_put(struct buf *out, const struct word_table *t)
{
    if (t->count == 0)
        return;
    int columns = columns_of(t);
    int *widths = must_alloc((size_t)columns * sizeof *widths);
    plan_widths(t, widths, columns);
    buf_printf(out,
               "<w:tbl><w:tblPr><w:tblStyle w:val=\"ThreeLine\"/><w:tblW w:w=\"%d\" "
               "w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/>"
               "</w:tblPr><w:tblGrid>",
               WORD_WIDTH);
    for (int c = 0; c < columns; c++)
        buf_printf(out, "<w:gridCol w:w=\"%d\"/>", widths[c]);
    buf_puts(out, "</w:tblGrid>");
    for (int r = 0; r < t->count; r++)
        put_row(out, t, r, widths, columns);
    buf_puts(out, "</w:tbl>");
    free(widths);
}

/* ---- tables of the topic ------------------------------------------------------------------- */

static int half_characters(const char *text)
{
    int n = 0;
    for (const char *p = text; *p;)
        n += utf8_next(&p) < 0x2000 ? 1 : 2;
    return n;
}

/* `from`: the estimate that the text shows, whose definition it links to; or NULL. */
static void add_text_cell(struct word_row *row, const char *text, const struct stat_row *from,
                          int indent, int span, char align)
{
    struct buf runs = {0}, padded = {0};
    for (int i = 0; i < indent; i++)
        buf_puts(&padded, "　");
    buf_puts(&padded, text);
    if (from) {
        struct buf name = {0};
        buf_printf(&name, "ind:%s", from->indicator);
        buf_puts(&runs, "<w:hyperlink w:anchor=\"");
        word_anchor(&runs, name.text);
        buf_puts(&runs, "\">");
        buf_free(&name);
    }
    if (*text)
        word_run(&runs, buf_text(&padded));
    buf_puts(&runs, from ? "</w:hyperlink>" : "");
    word_row_cell(row, &runs, span, half_characters(buf_text(&padded)), align);
    buf_free(&padded);
    buf_free(&runs);
}

static void fill_table(struct word_table *t, const struct grid *g)
{
    struct word_row *head = word_table_row(t);
    t->heads = 1;
    for (int c = 0; c < g->columns; c++)
        add_text_cell(head, g->heads[c], NULL, 0, 1, c == 0 ? 'l' : g->centred[c] ? 'c' : 'r');
    for (int r = 0; r < g->row_count; r++) {
        const struct grid_row *from = &g->rows[r];
        struct word_row *row = word_table_row(t);
        for (int c = 0; c < (from->subhead ? 1 : g->columns); c++)
            add_text_cell(row, from->cells[c], from->from ? from->from[c] : NULL,
                          c ? 0 : from->indent, from->subhead ? g->columns : 1,
                          c == 0          ? 'l'
                          : g->centred[c] ? 'c'
                                          : 'r');
    }
}

static void put_caption(struct word *w, const struct exhibit *x, bool chart, int number)
{
    struct buf runs = {0}, text = {0}, name = {0};
    buf_printf(&name, "%s:%s", chart ? "fig" : "tab", x->id);
    word_bookmark(w, &runs, name.text);
    buf_printf(&text, "%s%d　%s", chart ? "图" : "表", number, x->title);
    word_run(&runs, text.text);
    word_paragraph(&w->body, chart ? "FigureCaption" : "TableCaption", runs.text);
    buf_free(&name);
    buf_free(&text);
    buf_free(&runs);
}

static int put_notes(struct word *w, const char *note, const char *source)
{
    struct buf runs = {0};
    int rc = 0;
    if (*note) {
        word_run(&runs, "注：");
        rc = word_inline(w, &runs, note);
        word_paragraph(&w->body, "Note", buf_text(&runs));
        buf_clear(&runs);
    }
    word_run(&runs, "资料来源：");
    rc |= word_inline(w, &runs, source);
    word_paragraph(&w->body, "NoteLast", buf_text(&runs));
    buf_free(&runs);
    return rc;
}

int word_exhibit_table(struct word *w, struct macros *m, const struct exhibit *x, int number)
{
    struct grid g = {0};
    struct word_table t = {0};
    struct buf runs = {0};
    int rc = grid_build(&g, m, x);
    if (rc == 0) {
        put_caption(w, x, false, number);
        if (*g.unit) {
            struct buf unit = {0};
            buf_printf(&unit, "单位：%s", g.unit);
            word_run(&runs, unit.text);
            word_paragraph(&w->body, "TableUnit", runs.text);
            buf_free(&unit);
        }
        fill_table(&t, &g);
        word_table_put(&w->body, &t);
        rc = put_notes(w, g.note, g.source);
    }
    buf_free(&runs);
    word_table_free(&t);
    grid_free(&g);
    return rc;
}

/* ---- charts -------------------------------------------------------------------------------- */

/* Width and height of a PNG, from its header (ISO/IEC 15948, 11.2.2). */
static int picture_size(const char *path, long *width, long *height)
{
    unsigned char head[24];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(head, 1, sizeof head, f) : 0;
    if (f)
        fclose(f);
    if (n != sizeof head || memcmp(head, "\x89PNG\r\n\x1a\n", 8) != 0)
        return error("缺少图 %s，或者它不是 PNG 图片", path);
    *width = (long)head[16] << 24 | head[17] << 16 | head[18] << 8 | head[19];
    *height = (long)head[20] << 24 | head[21] << 16 | head[22] << 8 | head[23];
    return *width > 0 && *height > 0 ? 0 : error("图 %s 是空的", path);
}

static void put_drawing(struct word *w, const char *title, const char *words, long width,
                        long height)
{
    int id = w->media_count;
    struct buf alt = {0}, runs = {0};
    long cx = WORD_WIDTH_EMU, cy = (long)((double)cx * (double)height / (double)width);
    word_escape(&alt, title);
    word_escape(&alt, "。");
    word_escape(&alt, words);
    buf_printf(
        &runs,
        "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">"
        "<wp:extent cx=\"%ld\" cy=\"%ld\"/><wp:docPr id=\"%d\" name=\"图%d\" descr=\"%s\"/>"
        "<a:graphic><a:graphicData "
        "uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
        "<pic:nvPicPr><pic:cNvPr id=\"%d\" name=\"image%d.png\"/><pic:cNvPicPr/></pic:nvPicPr>"
        "<pic:blipFill><a:blip r:embed=\"rPicture%d\"/><a:stretch><a:fillRect/></a:stretch>"
        "</pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%ld\" cy=\"%ld\"/>"
        "</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        cx, cy, id, id, alt.text, id, id, id, cx, cy);
    word_paragraph(&w->body, "Figure", runs.text);
    buf_free(&alt);
    buf_free(&runs);
}

int word_exhibit_chart(struct word *w, struct macros *m, const struct exhibit *x, int number)
{
    const char *note, *source;
    long width = 0, height = 0;
    const char *path = arena_printf(&w->arena, "%s/%s.png", w->pictures, x->id);
    struct buf words = {0};
    char marks[4];
    if (picture_size(path, &width, &height) < 0 || figure_alt(&words, marks, m, x) < 0 ||
        exhibit_notes(&w->arena, m, x, true, marks, &note, &source) < 0)
        return -1;
    GROW(w->media, w->media_count, w->media_room);
    w->media[w->media_count++] = path;
    put_drawing(w, x->title, buf_text(&words), width, height);
    buf_free(&words);
    put_caption(w, x, true, number);
    return put_notes(w, note, source);
}
