/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables of web pages, which statistical platforms and government systems save as .xls: rows of
 * all tables one below the other on one sheet, as a spreadsheet program opens them; rowspan and
 * colspan as merged areas; text between the tables as rows of one cell; a table inside a cell as
 * rows of its own.  Nothing of a page is followed, run or loaded: only tags, texts and character
 * references are looked at.
 *
 * Text cells come as text; a number that Excel or LibreOffice stored beside
 * its display (x:num, sdval) as a number.
 * Limits: 256 MiB of text, tags of 64 KiB (longer ones are text), those of formats/rowbuild.h.
 */
#ifndef FORMATS_HTML_H
#define FORMATS_HTML_H

#include "formats/sheets.h"

/* As sheets_read(). */
int html_read(const char *path, const char *encoding, const struct sheet_handler *h, char *why,
              size_t why_size);

#endif
