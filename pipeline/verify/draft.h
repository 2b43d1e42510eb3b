/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A draft as it is checked: a text in any encoding that counties use, or a .docx.
 *
 *     struct draft d = {0};
 *     if (draft_read(&d, "讲话稿.docx") == 0)
 *         printf("第%ld行", draft_line(&d, 120));
 *     draft_free(&d);
 *
 * `text` is what was read, one line a line (of a .docx: one a paragraph).  `scan` is what the
 * rules look at:
 *   - full-width letters, digits and punctuation are ASCII: ，；：（）！？％ are , ; : ( ) ! ? %;
 *     〔〕［］【】 are [ ], every dash is '-', every wave '~'; 。、“”《》 stay;
 *   - blanks are left out, but for one between two ASCII letters or digits; a tab is a comma;
 *   - thousands separators are left out of 12,345 (ASCII commas only: ，never separates thousands);
 *   - a line that was broken by its width (15 characters or more, no punctuation at its end) is
 *     joined to the next one, with no regard to blank lines between; every other line end is '\n'.
 * origin[i] is where byte i of scan stands in text.
 */
#ifndef VERIFY_DRAFT_H
#define VERIFY_DRAFT_H

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

enum { DRAFT_MAX = 2 << 20 }; /* bytes of text; more is refused */

struct draft {
    const char *path;
    struct buf text, scan;
    uint32_t *origin; /* of scan.len + 1 bytes */
    size_t *lines;    /* where each line of text starts */
    int line_count;
};

/* Returns 0, or -1 after a message.  `path` must live as long as the draft. */
int draft_read(struct draft *d, const char *path);
/* The same from text in memory, with "" as its path. */
void draft_from_text(struct draft *d, const char *text);
void draft_free(struct draft *d);

/* The line, from 1, on which a place of scan stands. */
long draft_line(const struct draft *d, size_t at);

/* Appends the words of the draft between two places of scan, as written, at most 40 characters of
 * them; line ends and control characters are left out. */
void draft_quote(const struct draft *d, size_t from, size_t to, struct buf *out);

#endif
