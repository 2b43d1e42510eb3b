/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of output/workbook_own.c: its styles, the marking of a sheet.
 */
#ifndef OUTPUT_WORKBOOK_OWN_PRIVATE_H
#define OUTPUT_WORKBOOK_OWN_PRIVATE_H

#include "base/map.h"
#include "output/workbook_copies.h"
#include "output/workbook_package.h"

/* The styles of the county's workbook, to which those of the added sheets are appended. */
struct styles {
    xmlDoc *doc;
    xmlNode *formats; /* cellXfs */
    long count, first_added;
    long doubt_fill, held_fill;
    struct map tinted; /* "format:fill" -> format with that fill */
};

/* Appends the styles of `added`; both trees stay the caller's.  Returns 0 or -1. */
int styles_join(struct styles *s, xmlDoc *own, xmlDoc *added);
/* The format like `format` with another fill. */
long styles_tint(struct styles *s, long format, long fill);
void styles_free(struct styles *s); /* not the tree */

/* Colours the cells of a sheet that problems in order[0..count-1] of copy `copy` name. */
int sheet_mark(xmlDoc *sheet, struct styles *s, const struct copies *copies,
               const struct problem_list *problems, int copy);

#endif
