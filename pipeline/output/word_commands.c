/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands of the report's LaTeX in a Word document, and its tables.
 */
#include "output/word_reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- commands ------------------------------------------------------------------------------ */

static const struct {
    const char *name, *text;
} SYMBOLS[] = {
    {"textbackslash", "\\"}, {"textasciicircum", "^"}, {"textasciitilde", "~"},
    {"textasciigrave", "`"}, {"textquotesingle", "'"}, {"textquotedbl", "\""},
    {"textless", "<"},       {"textgreater", ">"},     {"textbar", "|"},
    {"wavedash", "～"},      {"ldots", "…"},           {"dots", "…"},
    {"quad", "　"},          {"qquad", "　　"},        {"textendash", "–"},
    {"textemdash", "—"},
};

/* Commands without arguments that change nothing in Word. */
static const char *const SILENT[] = {
    "noindent",    "nopagebreak",   "medskip",   "bigskip",       "smallskip",    "phantomsection",
    "raggedright", "raggedleft",    "song",      "hei",           "biao",         "toprule",
    "bottomrule",  "allowbreak",    "linewidth", "findingsstart", "contentspage", "indent",
    "sloppy",      "frenchspacing", NULL};

/* Sizes of the report, and the paragraph style that they stand for. */
static const struct {
    const char *name, *style;
} SIZES[] = {
    {"erhao", "Title"},      {"sihao", "Finding"},          {"xiaosi", "AnnexText"},
    {"normalsize", "Title"}, {"exhibitfont", "Definition"}, {"footnotesize", "Small"},
    {"small", "Small"},
};

static const struct {
    const char *name, *style, *character;
} STYLED[] = {
    {"textbf", "", "Strong"}, {"emph", "", "Emphasis"},       {"texttt", "", "Code"},
    {"textsf", "", "Strong"}, {"annexhead", "AnnexHead", ""},
};

/* 一 … 九十九 */
static void put_numeral(struct buf *out, int n)
{
    static const char *const DIGITS[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    n = n > NUMERAL_MAX ? NUMERAL_MAX : n;
    if (n >= 20)
        buf_puts(out, DIGITS[n / 10]);
    if (n >= 10)
        buf_puts(out, "十");
    buf_puts(out, DIGITS[n % 10]);
}

static enum step put_heading(struct reader *r, const char *command, const char *style,
                             const char *number)
{
    reader_end_paragraph(r);
    r->style = style;
    reader_text(r, number);
    enum step s = reader_argument(r, command);
    reader_end_paragraph(r);
    return s;
}

static enum step read_section(struct reader *r)
{
    struct buf number = {0};
    r->subsection = r->subsubsection = 0;
    put_numeral(&number, ++r->section);
    buf_puts(&number, "、");
    enum step s = put_heading(r, "\\section", "Heading1", number.text);
    buf_free(&number);
    return s;
}

static enum step read_subsection(struct reader *r)
{
    struct buf number = {0};
    r->subsubsection = 0;
    buf_puts(&number, "（");
    put_numeral(&number, ++r->subsection);
    buf_puts(&number, "）");
    enum step s = put_heading(r, "\\subsection", "Heading2", number.text);
    buf_free(&number);
    return s;
}

static enum step read_subsubsection(struct reader *r)
{
    char number[24];
    snprintf(number, sizeof number, "%d. ", ++r->subsubsection);
    return put_heading(r, "\\subsubsection", "Heading3", number);
}

static enum step read_annex(struct reader *r)
{
    char number[ARGUMENT_MAX], head[ARGUMENT_MAX + 16];
    if (!reader_raw(r, number))
        return reader_refuse(r, "\\annex");
    reader_end_paragraph(r);
    r->page_break = true;
    snprintf(head, sizeof head, "附件%s", number);
    r->style = "AnnexNumber";
    reader_text(r, head);
    reader_end_paragraph(r);
    return put_heading(r, "\\annex", "AnnexTitle", "");
}

/* \numlink{indicator}{text}, \exhibitlink{tab:id}{text} */
static enum step read_link(struct reader *r, const char *prefix)
{
    char to[ARGUMENT_MAX];
    struct buf name = {0};
    if (!reader_raw(r, to))
        return reader_refuse(r, "\\numlink");
    if (!r->style)
        r->style = reader_style(r);
    reader_flush(r);
    buf_printf(&name, "%s%s", prefix, to);
    buf_puts(&r->runs, "<w:hyperlink w:anchor=\"");
    word_anchor(&r->runs, name.text);
    buf_puts(&r->runs, "\">");
    enum step s = reader_argument(r, "\\numlink");
    reader_flush(r);
    buf_puts(&r->runs, "</w:hyperlink>");
    buf_free(&name);
    return s;
}

static enum step read_target(struct reader *r)
{
    char name[ARGUMENT_MAX], nothing[ARGUMENT_MAX];
    if (!reader_raw(r, name) || !reader_raw(r, nothing))
        return reader_refuse(r, "\\hypertarget");
    reader_flush(r);
    word_bookmark(r->w, &r->runs, name);
    return STEP_MORE;
}

/* \definition{indicator}{head}{text} */
static enum step read_definition(struct reader *r)
{
    char name[ARGUMENT_MAX];
    struct buf target = {0};
    if (!reader_raw(r, name))
        return reader_refuse(r, "\\definition");
    if (r->style)
        reader_end_paragraph(r); /* targets that stand alone go with this one */
    r->style = "Definition";
    buf_printf(&target, "ind:%s", name);
    word_bookmark(r->w, &r->runs, target.text);
    buf_free(&target);
    const char *outside = r->format.character;
    r->format.character = "Strong";
    enum step s = reader_argument(r, "\\definition");
    reader_flush(r);
    r->format.character = outside;
    reader_text(r, "　");
    if (s == STEP_MORE)
        s = reader_argument(r, "\\definition");
    reader_end_paragraph(r);
    return s;
}

/* \rarechar{1F600} */
static enum step read_rare(struct reader *r)
{
    char code[ARGUMENT_MAX];
    struct buf text = {0};
    if (!reader_raw(r, code))
        return reader_refuse(r, "\\rarechar");
    long c = strtol(code, NULL, 16);
    if (c >= 0x20 && c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF))
        buf_put_char(&text, (uint32_t)c);
    reader_text(r, buf_text(&text));
    buf_free(&text);
    return STEP_MORE;
}

/* \wordexhibit{t}{number in the topic} */
static enum step read_exhibit(struct reader *r)
{
    char kind[ARGUMENT_MAX], index[ARGUMENT_MAX];
    if (!r->m || !reader_raw(r, kind) || !reader_raw(r, index))
        return reader_refuse(r, "\\wordexhibit");
    const struct topic *t = r->w->results->topic;
    bool chart = strcmp(kind, "chart") == 0;
    int i = atoi(index);
    if (i < 0 || i >= (chart ? t->chart_count : t->table_count))
        return reader_refuse(r, "\\wordexhibit");
    reader_end_paragraph(r);
    int rc = chart ? word_exhibit_chart(r->w, r->m, &t->charts[i], r->m->chart_numbers[i])
                   : word_exhibit_table(r->w, r->m, &t->tables[i], r->m->table_numbers[i]);
    return rc < 0 ? STEP_FAILED : STEP_MORE;
}

/* ---- tables that stand in LaTeX ------------------------------------------------------------ */

/* \multicolumn{n}{c}{text}: what the cell spans and how it stands. */
static enum step read_multicolumn(struct reader *r, int *span, char *align)
{
    char n[ARGUMENT_MAX], how[ARGUMENT_MAX];
    if (!reader_raw(r, n) || !reader_raw(r, how))
        return reader_refuse(r, "\\multicolumn");
    *span = atoi(n);
    *align = strchr(how, 'c') ? 'c' : strchr(how, 'r') ? 'r' : 'l';
    return reader_argument(r, "\\multicolumn");
}

/* One cell, up to what ends it. */
static enum step read_cell(struct reader *r, struct word_row *row, char align, bool *rule)
{
    int span = 1;
    enum step s = STEP_MORE;
    r->width = 0;
    while (s == STEP_MORE || s == STEP_GROUP) {
        reader_skip_blanks(r);
        if (starts_with(r->p, "\\midrule")) {
            *rule = true;
            r->p += strlen("\\midrule");
        } else if (starts_with(r->p, "\\multicolumn{")) {
            r->p += strlen("\\multicolumn");
            s = read_multicolumn(r, &span, &align);
        } else {
            s = reader_step(r);
        }
    }
    reader_flush(r);
    if (s == STEP_CELL || s == STEP_ROW)
        word_row_cell(row, &r->runs, span, r->width, align);
    buf_clear(&r->runs);
    r->style = NULL;
    return s;
}

static enum step read_rows(struct reader *r, struct word_table *t)
{
    enum step s = STEP_ROW;
    while (s == STEP_ROW) {
        struct word_row row = {0};
        bool rule = false;
        int column = 0;
        do
            s = read_cell(r, &row, column++ ? 'r' : 'l', &rule);
        while (s == STEP_CELL);
        if (rule)
            t->heads = t->count;
        if (row.count)
            *word_table_row(t) = row;
        else
            free(row.cells);
    }
    return s;
}

static enum step read_tabular(struct reader *r, bool star)
{
    char argument_text[ARGUMENT_MAX];
    struct word_table t = {0};
    if (!star && r->tables > 0) { /* lines inside a cell: Word breaks them itself */
        reader_skip_option(r, '[', ']');
        r->nested++;
        return reader_raw(r, argument_text) ? STEP_MORE : reader_refuse(r, "tabular");
    }
    if ((star && !reader_raw(r, argument_text)) || !reader_raw(r, argument_text))
        return reader_refuse(r, "tabular");
    reader_end_paragraph(r);
    r->tables++;
    enum step s = read_rows(r, &t);
    r->tables--;
    word_table_put(&r->w->body, &t);
    word_paragraph(&r->w->body, "Small", "");
    word_table_free(&t);
    return s == STEP_TABLE ? STEP_MORE : s == STEP_FAILED ? s : reader_refuse(r, "tabular");
}

/* The head and foot of a long table's further pages. */
static enum step skip_repeated(struct reader *r)
{
    const char *end = strstr(r->p, "\\endfoot");
    if (!end)
        return reader_refuse(r, "\\endfirsthead");
    r->p = end + strlen("\\endfoot");
    return STEP_MORE;
}

static enum step read_environment(struct reader *r, bool begin)
{
    static const char *const NAMES[] = {"tabular", "tabular*", "longtable"};
    char name[ARGUMENT_MAX];
    bool known =
        reader_raw(r, name) &&
        (strcmp(name, NAMES[0]) == 0 || strcmp(name, NAMES[1]) == 0 || strcmp(name, NAMES[2]) == 0);
    if (!known)
        return reader_refuse(r, begin ? "\\begin" : "\\end");
    if (begin)
        return read_tabular(r, strcmp(name, "tabular*") == 0);
    if (r->nested) {
        r->nested--;
        return STEP_MORE;
    }
    return r->tables ? STEP_TABLE : reader_refuse(r, "\\end");
}

/* ---- dispatch -----------------------------------------------------------------------------------
 */

static bool is_silent(const char *name)
{
    for (int i = 0; SILENT[i]; i++)
        if (strcmp(SILENT[i], name) == 0)
            return true;
    return false;
}

/* Fonts and symbols: commands without arguments.  False when it is none of them. */
static bool plain_command(struct reader *r, const char *name)
{
    for (size_t i = 0; i < sizeof SYMBOLS / sizeof *SYMBOLS; i++)
        if (strcmp(SYMBOLS[i].name, name) == 0) {
            reader_text(r, SYMBOLS[i].text);
            return true;
        }
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
        if (strcmp(SIZES[i].name, name) == 0) {
            r->format.style = SIZES[i].style;
            return true;
        }
    if (strcmp(name, "centering") == 0)
        r->format.centred = true;
    else if (strcmp(name, "kai") == 0)
        r->format.kai = true;
    else if (strcmp(name, "ttfamily") == 0)
        r->format.character = "Code";
    else if (strcmp(name, "bfseries") == 0)
        r->format.character = "Strong";
    else
        return is_silent(name);
    return true;
}

static enum step styled_command(struct reader *r, const char *name)
{
    for (size_t i = 0; i < sizeof STYLED / sizeof *STYLED; i++) {
        if (strcmp(STYLED[i].name, name) != 0)
            continue;
        if (*STYLED[i].style)
            return put_heading(r, name, STYLED[i].style, "");
        reader_flush(r);
        const char *outside = r->format.character;
        r->format.character = STYLED[i].character;
        enum step s = reader_argument(r, name);
        reader_flush(r);
        r->format.character = outside;
        return s;
    }
    return STEP_END;
}

static enum step named_command(struct reader *r, const char *name)
{
    static const struct {
        const char *name;
        enum step (*read)(struct reader *r);
    } READERS[] = {
        {"section", read_section},
        {"subsection", read_subsection},
        {"subsubsection", read_subsubsection},
        {"annex", read_annex},
        {"hypertarget", read_target},
        {"definition", read_definition},
        {"rarechar", read_rare},
        {"wordexhibit", read_exhibit},
        {"endfirsthead", skip_repeated},
    };
    char ignored[ARGUMENT_MAX];
    for (size_t i = 0; i < sizeof READERS / sizeof *READERS; i++)
        if (strcmp(READERS[i].name, name) == 0)
            return READERS[i].read(r);
    if (strcmp(name, "numlink") == 0)
        return read_link(r, "ind:");
    if (strcmp(name, "exhibitlink") == 0)
        return read_link(r, "");
    if (strcmp(name, "begin") == 0 || strcmp(name, "end") == 0)
        return read_environment(r, *name == 'b');
    if (strcmp(name, "par") == 0 || strcmp(name, "clearpage") == 0 ||
        strcmp(name, "findingsstop") == 0) {
        reader_end_paragraph(r);
        r->page_break |= *name != 'p';
        return STEP_MORE;
    }
    if (strcmp(name, "addcontentsline") == 0)
        return reader_raw(r, ignored) && reader_raw(r, ignored) && reader_raw(r, ignored)
                   ? STEP_MORE
                   : reader_refuse(r, name);
    if (strcmp(name, "setlength") == 0)
        return reader_raw(r, ignored) && reader_raw(r, ignored) ? STEP_MORE
                                                                : reader_refuse(r, name);
    return STEP_END;
}

/* \\ */
static enum step read_line_end(struct reader *r)
{
    if (r->nested)
        return STEP_MORE;
    if (r->tables)
        return STEP_ROW;
    reader_flush(r);
    buf_puts(&r->runs, "<w:r><w:br/></w:r>");
    return STEP_MORE;
}

enum step reader_command(struct reader *r)
{
    char name[WORD_MAX] = "", one[2] = {r->p[1], '\0'};
    size_t n = 0;
    const char *start = r->p;
    r->p++;
    while (isalpha((unsigned char)r->p[n]))
        n++;
    if (n == 0) {
        r->p += *r->p != '\0';
        if (one[0] == '\\')
            return read_line_end(r);
        if (one[0] && strchr("%&#_{}$ ,/", one[0]))
            return reader_text(r, strchr(",/", one[0]) ? "" : one), STEP_MORE;
        return reader_refuse(r, start);
    }
    if (n >= sizeof name)
        return reader_refuse(r, start);
    memcpy(name, r->p, n);
    r->p += n;
    if (*r->p == ' ' || *r->p == '\n')
        reader_skip_blanks(r);
    reader_flush(r);
    if (plain_command(r, name))
        return STEP_MORE;
    enum step s = styled_command(r, name);
    if (s == STEP_END)
        s = named_command(r, name);
    return s == STEP_END ? reader_refuse(r, start) : s;
}
