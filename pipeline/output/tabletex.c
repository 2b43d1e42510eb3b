/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing a grid: LaTeX three-line tables and CSV.
 */
#include "base/csvout.h"
#include "output/latex.h"
#include "output/tabular.h"

#include <stdlib.h>
#include <string.h>

/* Widths are counted in half characters: 2 for a CJK character, 1 for others.  A line of the
 * report is 156 mm; a table is set in 10.5 bp, so that 84 half characters fill it, and columns
 * stand 2 apart at the least. */
enum { LINE_WIDTH = 82, COLUMN_GAP = 2, LABEL_WIDTH = 30, LONG_ROWS = 30, WORD_MAX = 16 };

static int text_width(const char *text)
{
    int width = 0;
    for (const char *p = text; *p;)
        width += utf8_next(&p) < 0x2000 ? 1 : 2;
    return width;
}

static bool is_one_of(uint32_t c, const uint32_t *set)
{
    while (*set && *set != c)
        set++;
    return *set == c && c;
}

/* Bytes of the next piece that a line must not cut: a word or number of at most WORD_MAX, a short
 * bracket such as （万人）, or one character, with the punctuation that may not begin a line. */
static size_t piece_length(const char *text)
{
    static const uint32_t CLOSING[] = {0xFF0C, 0x3002, 0x3001, 0xFF1B, 0xFF1A, 0xFF09,
                                       0x300B, 0x201D, 0xFF05, '%',    0};
    const char *p = text, *close = starts_with(text, "（") ? strstr(text, "）") : NULL;
    uint32_t c = utf8_next(&p);
    if (close && close - text <= 15)
        p = close + strlen("）");
    while (c < 0x80 && *p && (unsigned char)*p < 0x80 && *p != ' ' && p - text < WORD_MAX)
        p++;
    for (const char *next = p; *p && is_one_of(utf8_next(&next), CLOSING);)
        p = next;
    return (size_t)(p - text);
}

static int piece_width(const char *text, size_t n)
{
    int width = 0;
    for (const char *p = text; p < text + n;)
        width += utf8_next(&p) < 0x2000 ? 1 : 2;
    return width;
}

/* Number of lines of at most `width` that the text needs; with out, writes them with \\ between
 * them. */
static int fill_lines(struct buf *out, const char *text, int width)
{
    int lines = 1, used = 0;
    struct buf line = {0};
    while (*text) {
        size_t n = piece_length(text);
        int w = piece_width(text, n);
        if (used && used + w > width) {
            if (out) {
                latex_text(out, line.text);
                buf_puts(out, "\\\\");
            }
            buf_clear(&line);
            lines++;
            used = 0;
        }
        buf_put(&line, text, n);
        used += w;
        text += n;
    }
    if (out)
        latex_text(out, buf_text(&line));
    buf_free(&line);
    return lines;
}

void table_text(struct buf *out, const char *text, int width, char align)
{
    if (text_width(text) <= width) {
        latex_text(out, text);
        return;
    }
    int lines = fill_lines(NULL, text, width);
    while (width > 4 && fill_lines(NULL, text, width - 1) == lines)
        width--;
    buf_printf(out, "\\begin{tabular}[b]{@{}%c@{}}", align);
    fill_lines(out, text, width);
    buf_puts(out, "\\end{tabular}");
}

/* ---- widths -------------------------------------------------------------------------------- */

static int body_width(const struct grid *g, int column)
{
    int width = 0;
    for (int r = 0; r < g->row_count; r++) {
        int w = text_width(g->rows[r].cells[column]) + (column ? 0 : 2 * g->rows[r].indent);
        if (w > width && !g->rows[r].subhead)
            width = w;
    }
    return width;
}

/* Widens the columns evenly while there is room, each up to its head divided by `parts`. */
static void widen_to_heads(const struct grid *g, int *widths, int *left, int parts)
{
    for (bool grew = true; *left > 1 && grew;) {
        grew = false;
        for (int c = 1; c<g->columns && * left> 1; c++) {
            int head = text_width(g->heads[c]);
            if (widths[c] < (head + parts - 1) / parts + (parts > 1 ? 2 : 0) && widths[c] < head) {
                widths[c] += 2;
                *left -= 2;
                grew = true;
            }
        }
    }
}

/* How wide each column's head (and the label column) may run, so that all fit the line: first
 * the figures, then labels of medium length, heads of two lines, all of the label, whole heads. */
static void plan_widths(const struct grid *g, int *widths)
{
    int left = LINE_WIDTH - COLUMN_GAP * (g->columns - 1);
    for (int c = 1; c < g->columns; c++) {
        widths[c] = body_width(g, c) > 6 ? body_width(g, c) : 6;
        left -= widths[c];
    }
    int label =
        body_width(g, 0) > text_width(g->heads[0]) ? body_width(g, 0) : text_width(g->heads[0]);
    widths[0] = label > LABEL_WIDTH ? LABEL_WIDTH : label;
    if (widths[0] > left)
        widths[0] = left > 12 ? left : 12;
    left -= widths[0];
    widen_to_heads(g, widths, &left, 2);
    if (left > 0 && widths[0] < label) {
        int more = label - widths[0] < left ? label - widths[0] : left;
        widths[0] += more;
        left -= more;
    }
    widen_to_heads(g, widths, &left, 1);
}

/* ---- LaTeX --------------------------------------------------------------------------------- */

static void put_head_row(struct buf *out, const struct grid *g, const int *widths)
{
    for (int c = 0; c < g->columns; c++) {
        if (c)
            buf_puts(out, " & ");
        table_text(out, g->heads[c], widths[c], c == 0 ? 'l' : g->centred[c] ? 'c' : 'r');
    }
    buf_puts(out, " \\\\\n");
}

/* A figure, in the report as a link to its definition. */
static void put_figure(struct buf *out, const struct grid_row *row, int column, bool linked)
{
    const struct stat_row *from = linked && row->from ? row->from[column] : NULL;
    if (from)
        buf_printf(out, "\\numlink{%s}{", from->indicator);
    latex_text(out, row->cells[column]);
    if (from)
        buf_putc(out, '}');
}

static void put_row(struct buf *out, const struct grid *g, const struct grid_row *row,
                    const int *widths, bool linked)
{
    if (row->subhead) {
        buf_printf(out, "\\multicolumn{%d}{@{}l}{", g->columns);
        latex_text(out, row->cells[0]);
        buf_puts(out, "} \\\\\n");
        return;
    }
    for (int c = 0; c < g->columns; c++) {
        if (c)
            buf_puts(out, " & ");
        for (int i = 0; c == 0 && i < row->indent; i++)
            buf_puts(out, "\\hspace*{1em}");
        if (c == 0)
            table_text(out, row->cells[c], widths[c] - 2 * row->indent, 'l');
        else
            put_figure(out, row, c, linked);
    }
    buf_puts(out, " \\\\\n");
}

static void put_columns(struct buf *out, const struct grid *g)
{
    buf_puts(out, "{@{}l@{\\extracolsep{\\fill}}");
    for (int c = 1; c < g->columns; c++)
        buf_putc(out, g->centred[c] ? 'c' : 'r');
    buf_puts(out, "@{}}\n");
}

static void put_unit(struct buf *out, const struct grid *g)
{
    if (!*g->unit)
        return;
    buf_puts(out, "{\\raggedleft\\footnotesize 单位：");
    latex_text(out, g->unit);
    buf_puts(out, "\\par}\\nopagebreak\n");
}

static void put_notes(struct buf *out, const struct grid *g)
{
    if (!*g->source)
        return;
    buf_puts(out, "{\\footnotesize\\raggedright\n");
    if (*g->note)
        buf_printf(out, "\\noindent 注：%s\\par\n", g->note);
    buf_printf(out, "\\noindent 资料来源：%s\\par}\n", g->source);
}

static void put_short_table(struct buf *out, const struct grid *g, const int *widths, bool linked)
{
    buf_puts(out, "\\noindent\\begin{tabular*}{\\linewidth}");
    put_columns(out, g);
    buf_puts(out, "\\toprule\n");
    put_head_row(out, g, widths);
    buf_puts(out, "\\midrule\n");
    for (int r = 0; r < g->row_count; r++)
        put_row(out, g, &g->rows[r], widths, linked);
    buf_puts(out, "\\bottomrule\n\\end{tabular*}\\par\\smallskip\n");
    put_notes(out, g);
}

static void put_long_table(struct buf *out, const struct grid *g, const int *widths,
                           const char *caption, bool linked)
{
    buf_puts(out, "{\\setlength{\\LTleft}{0pt}\\setlength{\\LTright}{0pt}"
                  "\\setlength{\\LTpre}{0pt}\\setlength{\\LTpost}{3pt}\n\\begin{longtable}");
    put_columns(out, g);
    buf_puts(out, "\\toprule\n");
    put_head_row(out, g, widths);
    buf_puts(out, "\\midrule\n\\endfirsthead\n");
    buf_printf(out, "\\multicolumn{%d}{@{}l@{}}{%s}\\\\\n\\toprule\n", g->columns, caption);
    put_head_row(out, g, widths);
    buf_puts(out, "\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n");
    for (int r = 0; r < g->row_count; r++)
        put_row(out, g, &g->rows[r], widths, linked);
    buf_puts(out, "\\end{longtable}}\n");
    put_notes(out, g);
}

/* What staff need to know to use the fragment in a document of their own. */
static void put_fragment_head(struct buf *out, const struct grid *g)
{
    buf_puts(out, "% 在导言区写：\\usepackage{booktabs,longtable}，用 xelatex 和 ctex 编译；\n"
                  "% 正文写：\\input{");
    buf_printf(out, "%s}，引用写：表\\ref{tab:%s}\n", g->id, g->id);
    buf_puts(out, LATEX_RARECHAR);
}

/* What stands before and after the table itself, and what its further pages call it. */
static void put_opening(struct buf *out, const struct grid *g, enum grid_style style, int number,
                        struct buf *again)
{
    bool is_long = g->row_count > LONG_ROWS;
    struct buf title = {0};
    latex_text(&title, g->title);
    if (style == GRID_FRAGMENT) {
        put_fragment_head(out, g);
        buf_puts(out, is_long ? "{\\small\\tabcolsep=3pt\\refstepcounter{table}"
                              : "\\begin{table}[htbp]\\small\\tabcolsep=3pt\n");
        if (is_long)
            buf_printf(out, "\\label{tab:%s}\n\\begin{center}表\\thetable\\quad %s\\end{center}\n",
                       g->id, title.text);
        else
            buf_printf(out, "\\caption{%s}\\label{tab:%s}\n", title.text, g->id);
        buf_puts(again, "续表\\thetable");
    } else if (style == GRID_REPORT) {
        buf_printf(out, "\\begin{%s}\n\\tabletitle{%s}{表%d}{%s}\n",
                   is_long ? "longexhibit" : "tableexhibit", g->id, number, title.text);
        buf_printf(again, "续表%d", number);
    } else {
        buf_puts(out, "{\\exhibitfont\n");
        buf_puts(again, "续表");
    }
    buf_free(&title);
}

static void put_closing(struct buf *out, const struct grid *g, enum grid_style style)
{
    bool is_long = g->row_count > LONG_ROWS;
    if (style == GRID_FRAGMENT)
        buf_puts(out, is_long ? "}\n" : "\\end{table}\n");
    else if (style == GRID_REPORT)
        buf_printf(out, "\\end{%s}\n", is_long ? "longexhibit" : "tableexhibit");
    else
        buf_puts(out, "\\par}\n");
}

void grid_latex(struct buf *out, const struct grid *g, enum grid_style style, int number)
{
    int *widths = must_alloc((size_t)g->columns * sizeof *widths);
    struct buf again = {0};
    plan_widths(g, widths);
    put_opening(out, g, style, number, &again);
    put_unit(out, g);
    if (g->row_count > LONG_ROWS)
        put_long_table(out, g, widths, again.text, style == GRID_REPORT);
    else
        put_short_table(out, g, widths, style == GRID_REPORT);
    put_closing(out, g, style);
    buf_free(&again);
    free(widths);
}

/* ---- CSV ----------------------------------------------------------------------------------- */

static bool looks_like_formula(const char *text)
{
    return strchr("=+-@\t\r", *text) && *text;
}

/* A figure without its separators of thousands and with an ASCII minus. */
static void put_figure_field(struct csvout *csv, const char *text)
{
    struct buf b = {0};
    for (const char *p = text; *p;) {
        uint32_t c = utf8_next(&p);
        if (c == 0x2212)
            buf_putc(&b, '-');
        else if (c != ',')
            buf_put_char(&b, c);
    }
    csv_field(csv, buf_text(&b));
    buf_free(&b);
}

static void put_label_field(struct csvout *csv, const char *text, int indent)
{
    struct buf b = {0};
    if (looks_like_formula(text))
        buf_putc(&b, '\'');
    for (int i = 0; i < indent; i++)
        buf_puts(&b, "　");
    buf_puts(&b, text);
    csv_field(csv, b.text);
    buf_free(&b);
}

void grid_csv(FILE *out, const struct grid *g)
{
    struct csvout csv;
    csv_begin(&csv, out);
    for (int c = 0; c < g->columns; c++)
        put_label_field(&csv, g->heads[c], 0);
    csv_end(&csv);
    for (int r = 0; r < g->row_count; r++) {
        put_label_field(&csv, g->rows[r].cells[0], g->rows[r].indent);
        for (int c = 1; c < g->columns; c++)
            put_figure_field(&csv, g->rows[r].cells[c]);
        csv_end(&csv);
    }
}
