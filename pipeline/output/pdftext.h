/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text that can be searched and copied: fonts of the character collection Adobe-GB1 (Fandol) get
 * the ToUnicode map that xdvipdfmx leaves out because readers may know the collection.  Those
 * that do not would find no text at all.
 *
 *     pdf_add_unicode(&pdf, cmap, text);
 *
 * pdf   as xdvipdfmx -C 0x40 writes it: every object by itself, a table of cross references.  An
 *       incremental update (ISO 32000-1, 7.5.6) is appended.
 * cmap  text of the file Adobe-GB1-UCS2: from CID to Unicode
 * text  holds every character that the document prints (and may hold others): only these go into
 *       the map
 */
#ifndef OUTPUT_PDFTEXT_H
#define OUTPUT_PDFTEXT_H

#include "base/text.h"

/* Returns how many fonts got the map, or -1 after a message when the PDF is not of that kind. */
int pdf_add_unicode(struct buf *pdf, const char *cmap, const char *text);

#endif
