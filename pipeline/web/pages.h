/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pages: what the server knows, as a county or the staff reads it.  Each writes a whole page.
 */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/checks.h"
#include "web/page.h"

/* What a page is made from. */
struct view {
    struct catalog *catalog;
    struct checks *checks;
    const struct session *session; /* NULL: nobody is signed in */
    long upload_mb;                /* most that one upload may hold */
};

enum { PROBLEMS_SHOWN = 100 };

/* `code` is what was typed, `why` what was wrong with it: both may be "". */
void page_sign_in(struct buf *out, const char *token, const char *code, const char *why);

/* A message and a way on; kind: as that of page_notice(). */
void page_message(struct buf *out, const struct view *v, const char *kind, const char *title,
                  const char *why, const char *link, const char *link_text);

/* A county's topics; one topic is shown at once. */
void page_county(struct buf *out, const struct view *v);
void page_topic(struct buf *out, const struct view *v, struct submission *s);
/* After an upload.  `again`: the very same file had come before. */
void page_receipt(struct buf *out, const struct view *v, struct submission *s, const char *receipt,
                  bool again);
/* Counties by topics, and the list of those to be reminded. */
void page_overview(struct buf *out, const struct view *v);

/* Files that the county may fetch: path, caller frees.  NULL when there is none. */
char *county_workbook(const struct submission *s);
char *paper_form(const struct submission *s, int form);

#endif
