/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text of a .docx: one line a paragraph, table cells as paragraphs, tabs kept.  Deleted text,
 * field codes, notes and automatic numbers are not in it.
 */
#ifndef VERIFY_DOCX_H
#define VERIFY_DOCX_H

#include "base/text.h"

/* Appends the text.  Returns 0, or -1 after a message; `most` bounds its bytes. */
int docx_read(struct buf *out, const char *path, size_t most);

#endif
