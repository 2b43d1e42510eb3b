/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A return workbook that is the county's own .xlsx: its sheets stay as they are, but for the
 * colour of the doubtful cells and a note on each; the lists and what stands in the county's
 * other files are added as further sheets.
 *
 * The added sheets and all notes are those of a workbook that workbook_new_write() made with
 * copies of which the county's own are marked `own`: the two packages are put together here.
 */
#ifndef OUTPUT_WORKBOOK_OWN_H
#define OUTPUT_WORKBOOK_OWN_H

#include "base/text.h"
#include "output/workbook_copies.h"

#include <stdio.h>

/* The file of the county that the workbook can be made from: an .xlsx that was read, not inside
 * an archive, the one with most questions.  Its path in the folder into `out`, its sha256 into
 * `sha256`; false when there is none. */
bool own_choose(struct store *raw, const struct problem_list *problems, struct buf *out,
                struct buf *sha256);

/* Puts the county's file `own_path` and the workbook `added_path` together.  Returns 0, or -1
 * without a message when the file is not as simple as that (macros, another schema, a part
 * beyond PART_MAX, damaged): then a new workbook does. */
int workbook_own_write(const struct copies *copies, const struct problem_list *problems,
                       const char *own_path, const char *added_path, FILE *to);

#endif
