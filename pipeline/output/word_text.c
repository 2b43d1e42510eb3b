/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * LaTeX of the report's subset into WordprocessingML.
 */
#include "output/word_reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- XML ----------------------------------------------------------------------------------- */

void word_escape(struct buf *out, const char *text)
{
    for (const char *p = text; *p;) {
        uint32_t c = utf8_next(&p);
        if (c == '<')
            buf_puts(out, "&lt;");
        else if (c == '>')
            buf_puts(out, "&gt;");
        else if (c == '&')
            buf_puts(out, "&amp;");
        else if (c == '"')
            buf_puts(out, "&quot;");
        else if (c >= 0x20 && c != 0xFFFE && c != 0xFFFF)
            buf_put_char(out, c);
        else if (c == '\n' || c == '\t')
            buf_putc(out, ' ');
    }
}

static void put_run(struct buf *out, const char *text, const char *character)
{
    buf_puts(out, "<w:r>");
    if (*character)
        buf_printf(out, "<w:rPr><w:rStyle w:val=\"%s\"/></w:rPr>", character);
    buf_puts(out, "<w:t xml:space=\"preserve\">");
    word_escape(out, text);
    buf_puts(out, "</w:t></w:r>");
}

void word_run(struct buf *out, const char *text)
{
    put_run(out, text, "");
}

void word_paragraph(struct buf *out, const char *style, const char *runs)
{
    buf_puts(out, "<w:p>");
    if (strcmp(style, "Normal") != 0)
        buf_printf(out, "<w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", style);
    buf_printf(out, "%s</w:p>", runs);
}

void word_anchor(struct buf *out, const char *name)
{
    int n = 0;
    for (const char *p = name; *p && n < 40; p++, n++)
        buf_putc(out, isalnum((unsigned char)*p) ? *p : '_');
}

void word_bookmark(struct word *w, struct buf *out, const char *name)
{
    buf_printf(out, "<w:bookmarkStart w:id=\"%d\" w:name=\"", w->bookmarks);
    word_anchor(out, name);
    buf_printf(out, "\"/><w:bookmarkEnd w:id=\"%d\"/>", w->bookmarks++);
}

/* ---- messages ------------------------------------------------------------------------------ */

enum step reader_refuse(const struct reader *r, const char *what)
{
    struct place at = {.file = *r->file ? r->file : NULL, .row = r->line, .text = what};
    error_at(at,
             "Word 版不支持这种写法。正文里请只用小标题、普通段落、\\textbf、\\emph 和数字的宏");
    return STEP_FAILED;
}

/* ---- text and paragraphs ------------------------------------------------------------------- */

void reader_flush(struct reader *r)
{
    if (r->text.len)
        put_run(&r->runs, r->text.text, r->format.character);
    buf_clear(&r->text);
}

const char *reader_style(const struct reader *r)
{
    if (strcmp(r->format.style, "Title") == 0 && r->format.kai)
        return "Subtitle";
    return *r->format.style ? r->format.style : "Normal";
}

void reader_text(struct reader *r, const char *text)
{
    if (!r->style)
        r->style = reader_style(r);
    buf_puts(&r->text, text);
    for (const char *p = text; *p;)
        r->width += utf8_next(&p) < 0x2000 ? 1 : 2;
}

/* Ends the paragraph, if one was begun; a page break goes before its text. */
void reader_end_paragraph(struct reader *r)
{
    reader_flush(r);
    if (r->runs.len && r->nested == 0) {
        struct buf runs = {0};
        if (r->page_break && r->style)
            buf_puts(&runs, "<w:r><w:br w:type=\"page\"/></w:r>");
        if (r->style)
            r->page_break = false;
        buf_puts(&runs, r->runs.text);
        word_paragraph(&r->w->body, r->style ? r->style : "Small", runs.text);
        buf_free(&runs);
        buf_clear(&r->runs);
    }
    r->style = NULL;
    r->width = 0;
}

/* Whether a blank at this place shows: not beside Chinese, nor at the ends of a paragraph. */
static bool blank_shows(const struct reader *r)
{
    const char *next = r->p + strspn(r->p, " \t\n");
    if (!r->text.len || !*next || *next == '}' || strncmp(next, "\\par", 4) == 0)
        return false;
    unsigned char before = (unsigned char)r->text.text[r->text.len - 1];
    return before < 0xC0 && before < 0x80 && (unsigned char)*next < 0x80;
}

static enum step read_blank(struct reader *r)
{
    int lines = 0;
    bool shows = blank_shows(r);
    for (; *r->p && strchr(" \t\n", *r->p); r->p++)
        lines += *r->p == '\n';
    r->line += lines;
    if (lines > 1)
        reader_end_paragraph(r);
    else if (shows)
        reader_text(r, " ");
    return STEP_MORE;
}

/* A comment; "%@ file:line" tells where the next text comes from. */
static enum step read_comment(struct reader *r)
{
    size_t n = strcspn(r->p, "\n");
    const char *colon = memrchr(r->p, ':', n);
    if (starts_with(r->p, "%@ ") && r->arguments) {
        r->line = r->argument_line;
        return reader_refuse(r, "{……没有 }");
    }
    if (starts_with(r->p, "%@ ") && colon) {
        size_t length = (size_t)(colon - r->p - 3);
        length = length < sizeof r->file ? length : sizeof r->file - 1;
        memcpy(r->file, r->p + 3, length);
        r->file[length] = '\0';
        r->line = strtol(colon + 1, NULL, 10) - 1;
    }
    r->p += n;
    if (*r->p) {
        r->p++;
        r->line++;
    }
    return STEP_MORE;
}

static void open_group(struct reader *r)
{
    r->groups[r->depth++] = r->format;
}

static void close_group(struct reader *r)
{
    reader_flush(r);
    r->format = r->groups[--r->depth];
}

/* ---- arguments ----------------------------------------------------------------------------- */

void reader_skip_blanks(struct reader *r)
{
    for (; *r->p && strchr(" \t\n", *r->p); r->p++)
        r->line += *r->p == '\n';
}

/* The text between braces as it stands; false when there is none, or it is too long. */
bool reader_raw(struct reader *r, char out[ARGUMENT_MAX])
{
    reader_skip_blanks(r);
    if (*r->p != '{')
        return false;
    int depth = 0;
    const char *start = r->p + 1, *p = r->p;
    for (; *p; p++) {
        depth += *p == '{' ? 1 : *p == '}' ? -1 : 0;
        if (*p == '\\' && p[1])
            p++;
        else if (depth == 0)
            break;
    }
    size_t n = (size_t)(p - start);
    if (!*p || n >= ARGUMENT_MAX)
        return false;
    memcpy(out, start, n);
    out[n] = '\0';
    r->p = p + 1;
    return true;
}

/* [...] or (...) where it stands. */
void reader_skip_option(struct reader *r, char open, char close)
{
    if (*r->p != open)
        return;
    const char *end = strchr(r->p, close);
    r->p = end ? end + 1 : r->p + 1;
}

/* Converts the text between braces in place. */
enum step reader_argument(struct reader *r, const char *command)
{
    reader_skip_blanks(r);
    if (*r->p != '{' || r->depth >= GROUPS_MAX)
        return reader_refuse(r, command);
    r->p++;
    if (r->arguments++ == 0)
        r->argument_line = r->line;
    open_group(r);
    int outside = r->depth - 1;
    enum step s;
    do
        s = reader_step(r);
    while (s == STEP_MORE || (s == STEP_GROUP && r->depth > outside));
    r->arguments--;
    return s == STEP_GROUP ? STEP_MORE : s == STEP_FAILED ? s : reader_refuse(r, command);
}

/* ---- one step ------------------------------------------------------------------------------ */

/* ASCII that means something: quotes and dashes make ligatures. */
static bool read_ligature(struct reader *r)
{
    static const struct {
        const char *latex, *text;
    } LIGATURES[] = {{"---", "—"}, {"--", "–"}, {"``", "“"}, {"''", "”"},
                     {"`", "‘"},   {"'", "’"},  {"~", " "}};
    for (size_t i = 0; i < sizeof LIGATURES / sizeof *LIGATURES; i++)
        if (starts_with(r->p, LIGATURES[i].latex)) {
            reader_text(r, LIGATURES[i].text);
            r->p += strlen(LIGATURES[i].latex);
            return true;
        }
    return false;
}

enum step reader_step(struct reader *r)
{
    switch (*r->p) {
    case '\0':
        return STEP_END;
    case '\\':
        return reader_command(r);
    case '%':
        return read_comment(r);
    case '{':
        if (r->depth >= GROUPS_MAX)
            return reader_refuse(r, r->p);
        r->p++;
        reader_flush(r);
        open_group(r);
        return STEP_MORE;
    case '}':
        if (r->depth == 0)
            return reader_refuse(r, r->p);
        r->p++;
        close_group(r);
        return STEP_GROUP;
    case '&':
        if (!r->tables)
            return reader_refuse(r, r->p);
        r->p++;
        return STEP_CELL;
    case ' ':
    case '\t':
    case '\n':
        return read_blank(r);
    case '$':
    case '^':
    case '_':
    case '#':
        return reader_refuse(r, r->p);
    }
    if (read_ligature(r))
        return STEP_MORE;
    char one[8] = "";
    const char *next = r->p;
    utf8_next(&next);
    memcpy(one, r->p, (size_t)(next - r->p));
    reader_text(r, one);
    r->p = next;
    return STEP_MORE;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void reader_free(struct reader *r)
{
    buf_free(&r->runs);
    buf_free(&r->text);
}

/* A group that ends here is one that began in the text and not in an argument. */
static enum step read_all(struct reader *r)
{
    enum step s;
    do
        s = reader_step(r);
    while (s == STEP_MORE || s == STEP_GROUP);
    return s == STEP_END && r->depth ? reader_refuse(r, "{……没有 }") : s;
}

int word_inline(struct word *w, struct buf *runs, const char *latex)
{
    struct reader r = {.w = w, .p = latex, .format = {"", "", false, false}};
    enum step s = read_all(&r);
    reader_flush(&r);
    buf_puts(runs, buf_text(&r.runs));
    reader_free(&r);
    return s == STEP_END ? 0 : -1;
}

int word_convert(struct word *w, struct macros *m, const char *body)
{
    struct reader r = {.w = w, .m = m, .p = body, .format = {"", "", false, false}};
    enum step s = read_all(&r);
    reader_end_paragraph(&r);
    reader_free(&r);
    return s == STEP_END ? 0 : -1;
}

int word_show(struct buf *out, struct macros *m, const struct exhibit *x, bool chart)
{
    const struct topic *t = m->results->topic;
    buf_printf(out, "\n\n\\wordexhibit{%s}{%d}\n\n", chart ? "chart" : "table",
               (int)(x - (chart ? t->charts : t->tables)));
    return 0;
}

struct word *word_new(const struct results *r, const char *pictures)
{
    struct word *w = must_alloc(sizeof *w);
    w->results = r;
    w->pictures = pictures;
    return w;
}

void word_free(struct word *w)
{
    if (!w)
        return;
    buf_free(&w->body);
    free(w->media);
    arena_free(&w->arena);
    free(w);
}
