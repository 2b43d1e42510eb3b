/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of an .xlsx beside its sheets: relations, sheet list, styles, shared strings.
 */
#ifndef FORMATS_XLSXPARTS_H
#define FORMATS_XLSXPARTS_H

#include "base/arena.h"
#include "base/text.h"
#include "formats/zipfile.h"

#include <stdbool.h>

struct xlsx_sheet {
    const char *name, *part; /* part: name of the zip entry */
    bool hidden;
};

struct xlsx_book {
    struct arena arena;
    struct zipfile *zip;
    struct xlsx_sheet *sheets;
    int sheet_count;
    bool date1904;
    bool *date_style; /* by cell style */
    int style_count;
    struct buf strings; /* shared strings, one behind the other */
    size_t *starts;     /* string i is strings[starts[i], starts[i + 1]) */
    int string_count;
};

/* Read all but the cells.  Returns 0, or -1: damaged, or beyond a limit. */
int xlsx_book_read(struct xlsx_book *book, struct zipfile *zip);
void xlsx_book_free(struct xlsx_book *book);

/* The entry of the workbook part, or -1 when the zip is no workbook. */
int xlsx_workbook_entry(struct zipfile *zip, struct arena *arena);

/* Undo _xHHHH_ escapes (ST_Xstring) from `start` to the end of the buffer, in place. */
void xlsx_unescape(struct buf *b, size_t start);

/* xml_reader of a zip entry. */
long xlsx_piece(void *source, char *bytes, size_t n);

#endif
