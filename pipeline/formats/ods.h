/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * OpenDocument spreadsheets (ISO/IEC 26300, .ods): sheets, hidden ones too, repeated rows and
 * cells, merged areas, numbers, dates, times, stored values of formulas.  Streamed twice, as
 * merged areas are wanted before the rows.
 *
 * Limits: those of formats/rowbuild.h and formats/zipfile.h; 256 MiB of text or 16 million cells
 * by repetition.
 */
#ifndef FORMATS_ODS_H
#define FORMATS_ODS_H

#include "formats/sheets.h"
#include "formats/zipfile.h"

/* What a zip with an OpenDocument mimetype or content is: FORMAT_ODS, _ENCRYPTED, _OTHER (text,
 * drawings …); FORMAT_ZIP when it is no OpenDocument file. */
enum file_format ods_detect(struct zipfile *z);

/* As sheets_read(). */
int ods_read(const char *path, const struct sheet_handler *h, char *why, size_t why_size);

#endif
