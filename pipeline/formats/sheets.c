/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/sheets.h"

#include "formats/csv.h"
#include "formats/foreign.h"
#include "formats/html.h"
#include "formats/htmltags.h"
#include "formats/ods.h"
#include "formats/textfile.h"
#include "formats/xls.h"
#include "formats/xlsx.h"
#include "formats/xmlss.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *format_name(enum file_format f)
{
    static const char *const names[] = {
        [FORMAT_EMPTY] = "empty",     [FORMAT_CSV] = "csv",
        [FORMAT_XLSX] = "xlsx",       [FORMAT_XLS] = "xls",
        [FORMAT_HTML] = "html",       [FORMAT_XMLSS] = "xmlss",
        [FORMAT_ODS] = "ods",         [FORMAT_XML] = "xml",
        [FORMAT_ZIP] = "zip",         [FORMAT_ENCRYPTED] = "encrypted",
        [FORMAT_CORRUPT] = "corrupt", [FORMAT_OTHER] = "unknown",
    };
    return names[f];
}

void column_letters(int column, char *out)
{
    char reversed[8];
    int n = 0;
    for (column++; column > 0 && n < 7; column = (column - 1) / 26)
        reversed[n++] = (char)('A' + (column - 1) % 26);
    while (n)
        *out++ = reversed[--n];
    *out = '\0';
}

/* ---- text --------------------------------------------------------------------------------- */

/* The first piece of a text file, decoded. */
static void read_head(const char *path, const char *encoding, struct buf *out)
{
    struct textfile *t = textfile_open(path, encoding);
    buf_put(out, "", 0);
    if (t)
        textfile_more(t, out);
    textfile_close(t);
}

/* The name of the first tag behind blanks, instructions, comments and declarations, in lower
 * case; "" when there is none, or text before it. */
static const char *first_tag(const struct buf *text, struct html_piece *piece)
{
    struct html_scan scan = {text->text, text->text + text->len};
    while (html_next(&scan, piece)) {
        if (*piece->name)
            return piece->name;
        for (size_t i = 0; i < piece->n; i++)
            if (!strchr(" \t\r\n", piece->text[i]))
                return "";
    }
    return "";
}

static bool holds(const struct buf *text, const char *part)
{
    return memmem(text->text, text->len, part, strlen(part)) != NULL;
}

/* Text by its first tag: a web page, a spreadsheet or another XML file; else a table.  Behind an
 * XML declaration only XHTML is a page: an ODK submission may be called <p>. */
static enum file_format kind_of_text(const struct buf *text)
{
    struct html_piece piece;
    const char *tag = first_tag(text, &piece);
    size_t n;
    const char *start = text_trim(text->text, &n);
    bool xml = starts_with(start, "<?xml");
    if (!strcmp(tag, "workbook") && holds(text, "urn:schemas-microsoft-com:office:spreadsheet"))
        return FORMAT_XMLSS;
    if (xml ? !strcmp(tag, "html") : html_is_tag(tag))
        return FORMAT_HTML;
    return xml || *tag || starts_with(start, "<!") ? FORMAT_XML : FORMAT_CSV;
}

static enum file_format detect_text(const char *path, const char **encoding, const char *head,
                                    size_t n)
{
    struct text_kind kind;
    struct buf text = {0};
    if (textfile_kind(path, &kind) < 0)
        return FORMAT_CORRUPT;
    if (kind.blank)
        return FORMAT_EMPTY;
    if (!kind.encoding) /* XML in an encoding of its own is left to the parser */
        return n >= 5 && !memcmp(head, "<?xml", 5) ? FORMAT_XML : FORMAT_OTHER;
    read_head(path, kind.encoding, &text);
    enum file_format f = kind_of_text(&text);
    buf_free(&text);
    if (f != FORMAT_XML)
        *encoding = kind.encoding;
    return f;
}

/* ---- all files ---------------------------------------------------------------------------- */

/* Word, PowerPoint, binary workbooks, OFD …: one file to its user, not an archive. */
static bool is_document(const struct zipfile *z)
{
    static const char *const parts[] = {"[Content_Types].xml", "mimetype", "OFD.xml",
                                        "Index/Document.iwa"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (zipfile_find(z, parts[i]) >= 0)
            return true;
    return false;
}

static enum file_format detect_zip(const char *path)
{
    struct zipfile *z = zipfile_open(path);
    if (!z)
        return FORMAT_CORRUPT;
    enum file_format f = ods_detect(z);
    if (zipfile_encrypted(z))
        f = FORMAT_ENCRYPTED;
    else if (f != FORMAT_ZIP)
        ; /* OpenDocument */
    else if (xlsx_is_workbook(z))
        f = FORMAT_XLSX;
    else if (is_document(z))
        f = FORMAT_OTHER;
    zipfile_close(z);
    return f;
}

enum file_format sheets_detect(const char *path, const char **encoding)
{
    char head[512];
    *encoding = "";
    FILE *f = fopen(path, "rb");
    if (!f)
        return FORMAT_CORRUPT;
    size_t n = fread(head, 1, sizeof head, f);
    fclose(f);
    if (n == 0)
        return FORMAT_EMPTY;
    if (n >= 4 && (!memcmp(head, "PK\3\4", 4) || !memcmp(head, "PK\5\6", 4)))
        return detect_zip(path);
    if (n >= 8 && !memcmp(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8))
        return xls_detect(path);
    if (foreign_head(head, n).sort != FOREIGN_NONE)
        return FORMAT_OTHER;
    return detect_text(path, encoding, head, n);
}

bool format_is_table(enum file_format f)
{
    return f == FORMAT_CSV || f == FORMAT_XLSX || f == FORMAT_XLS || f == FORMAT_HTML ||
           f == FORMAT_XMLSS || f == FORMAT_ODS;
}

/* ---- reading ------------------------------------------------------------------------------ */

/* A few bytes of a workbook may name a long text again and again: what a file may unfold to is
 * bounded by its own size.  Files of surveys stay below 60 times. */
enum { GROWTH_ANY = 64 << 20, GROWTH_TIMES = 256 };

struct growth {
    const struct sheet_handler *inner;
    size_t bytes, most;
};

static bool is_over(const struct growth *g)
{
    return g->bytes > g->most;
}

static bool grown_sheet(void *user, const char *name, bool hidden)
{
    struct growth *g = user;
    return !is_over(g) && (!g->inner->sheet || g->inner->sheet(g->inner->user, name, hidden));
}

static void grown_merges(void *user, const struct merge *areas, int count)
{
    struct growth *g = user;
    if (g->inner->merges)
        g->inner->merges(g->inner->user, areas, count);
}

static bool grown_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct growth *g = user;
    for (int i = 0; i < count; i++)
        g->bytes += cells[i].len;
    return !is_over(g) && g->inner->row(g->inner->user, no, cells, count, cut);
}

static int read_format(const char *path, enum file_format f, const char *encoding,
                       const struct sheet_handler *h, char *why, size_t why_size)
{
    switch (f) {
    case FORMAT_CSV:
        return csv_read(path, encoding, h, why, why_size);
    case FORMAT_XLSX:
        return xlsx_read(path, h, why, why_size);
    case FORMAT_XLS:
        return xls_read(path, h, why, why_size);
    case FORMAT_HTML:
        return html_read(path, encoding, h, why, why_size);
    case FORMAT_XMLSS:
        return xmlss_read(path, encoding, h, why, why_size);
    case FORMAT_ODS:
        return ods_read(path, h, why, why_size);
    default:
        snprintf(why, why_size, "不是表格文件");
        return -1;
    }
}

int sheets_read(const char *path, enum file_format f, const char *encoding,
                const struct sheet_handler *h, char *why, size_t why_size)
{
    struct stat st;
    size_t size = stat(path, &st) == 0 ? (size_t)st.st_size : 0;
    struct growth g = {.inner = h, .most = GROWTH_ANY + GROWTH_TIMES * size};
    struct sheet_handler bounded = {grown_sheet, grown_merges, grown_row, &g};
    int rc = read_format(path, f, encoding, &bounded, why, why_size);
    if (rc == 0 && is_over(&g)) {
        snprintf(why, why_size,
                 "展开后的内容超过文件大小的%d倍，不像正常的报表；请另存为新的工作簿再报",
                 GROWTH_TIMES);
        return -1;
    }
    return rc;
}
