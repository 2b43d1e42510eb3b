/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * .xls workbooks, Excel 5 to 2003 and WPS ([MS-XLS]): strings with their continuations, dates by
 * number format, 1904 dates, merged areas, hidden sheets, stored values of formulas.
 */
#ifndef FORMATS_XLS_H
#define FORMATS_XLS_H

#include "formats/sheets.h"

/* What a compound file is: FORMAT_XLS, _ENCRYPTED, _OTHER (Word …) or _CORRUPT. */
enum file_format xls_detect(const char *path);

/* As sheets_read(). */
int xls_read(const char *path, const struct sheet_handler *h, char *why, size_t why_size);

#endif
