/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All tables of a topic as one workbook: a list of them, then a sheet a table.  Heads stand in row
 * 1 and labels in column A, so that cells have the names that `make why` takes; numbers are
 * numbers, as printed; marks such as ※ and brackets are texts.
 */
#ifndef OUTPUT_TABLEBOOK_H
#define OUTPUT_TABLEBOOK_H

#include "output/macro.h"

/* Tables must have been numbered.  0, or -1 after a message. */
int tablebook_write(struct macros *m, const char *path);

#endif
