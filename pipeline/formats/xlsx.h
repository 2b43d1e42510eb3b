/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Office Open XML workbooks (ECMA-376), streamed: shared and inline strings, rich text without
 * its phonetic runs, dates by number format, date1904, merged areas, hidden sheets, stored
 * values of formulas.
 */
#ifndef FORMATS_XLSX_H
#define FORMATS_XLSX_H

#include "formats/sheets.h"
#include "formats/zipfile.h"

/* As sheets_read(). */
int xlsx_read(const char *path, const struct sheet_handler *h, char *why, size_t why_size);

/* Whether the zip holds a workbook that xlsx_read() can read. */
bool xlsx_is_workbook(struct zipfile *z);

#endif
