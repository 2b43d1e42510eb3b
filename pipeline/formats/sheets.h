/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One reader for every tabular file: sheets of rows of cells, pushed to a handler in file order
 * with bounded memory.  What a file is, is told by its content, never by its name.
 *
 *     static int on_row(void *user, long no, const struct cell *cells, int count, bool cut) {…}
 *     struct sheet_handler h = {.row = on_row, .user = me};
 *     enum file_format f = sheets_detect(path, &encoding);
 *     if (sheets_read(path, f, encoding, &h) < 0) …      // message already printed
 */
#ifndef FORMATS_SHEETS_H
#define FORMATS_SHEETS_H

#include "formats/cells.h"

#include <stdbool.h>

enum file_format {
    FORMAT_EMPTY, /* no bytes, or nothing but white space */
    FORMAT_CSV,   /* delimited text; may turn out to be a plain note */
    FORMAT_XLSX,
    FORMAT_XLS,       /* OLE container with a Workbook stream */
    FORMAT_HTML,      /* a web page; its tables are what many platforms call .xls */
    FORMAT_XMLSS,     /* "XML spreadsheet 2003" */
    FORMAT_ODS,       /* OpenDocument spreadsheet */
    FORMAT_XML,       /* other XML text, perhaps an ODK submission */
    FORMAT_ZIP,       /* a zip that is no workbook */
    FORMAT_ENCRYPTED, /* a workbook that asks for a password, or a zip with encrypted entries */
    FORMAT_CORRUPT,   /* begins like a known format but is cut or damaged */
    FORMAT_OTHER,     /* known but not read: PDF, Word, pictures … (formats/foreign.h); unknown */
};
const char *format_name(enum file_format f); /* csv, xlsx, … as stored in raw.file.format */

/* A merged area, 0-based, inclusive. */
struct merge {
    int top, left, bottom, right;
};

struct sheet_handler {
    /* A sheet begins; name is "" for CSV and HTML.  Return false to skip its rows. */
    bool (*sheet)(void *user, const char *name, bool hidden);
    /* Merged areas of the sheet, known before its first row (may be NULL). */
    void (*merges)(void *user, const struct merge *areas, int count);
    /* A row that holds something.  `no` is the row number that a spreadsheet program shows, from
     * 1 (quoted line breaks do not count).  `cut` is true for a last CSV row without line end.
     * Texts are valid during the call only.  Return false to stop reading the sheet. */
    bool (*row)(void *user, long no, const struct cell *cells, int count, bool cut);
    void *user;
};

/* What the file is.  For text, *encoding gets "utf-8", "gb18030", "utf-16le" or "utf-16be"
 * (static text): BOM first, then strict UTF-8 over the whole file, then strict GB18030. */
enum file_format sheets_detect(const char *path, const char **encoding);

/* Whether sheets_read() reads files of that format. */
bool format_is_table(enum file_format f);

/* Read a table file.  The delimiter of a CSV file is told from the content.  Returns 0, or -1
 * with the reason in `why` (Chinese, for the county: what is wrong and what to do). */
int sheets_read(const char *path, enum file_format f, const char *encoding,
                const struct sheet_handler *h, char *why, size_t why_size);

/* "A", "B", … "AA" of a 0-based column; out holds at least 8 bytes. */
void column_letters(int column, char *out);

#endif
