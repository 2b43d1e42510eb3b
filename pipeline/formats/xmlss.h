/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "XML spreadsheet 2003" (SpreadsheetML, urn:schemas-microsoft-com:office:spreadsheet), which
 * report systems write as .xml or .xls: sheets, hidden ones too, merged areas, numbers, dates,
 * stored values of formulas.  Streamed twice, as what is merged or hidden stands behind the cells.
 */
#ifndef FORMATS_XMLSS_H
#define FORMATS_XMLSS_H

#include "formats/sheets.h"

/* As sheets_read(). */
int xmlss_read(const char *path, const char *encoding, const struct sheet_handler *h, char *why,
               size_t why_size);

#endif
