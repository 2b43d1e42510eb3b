/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pages of HTML that any browser shows, without script: large type, plain words.  Everything that
 * is not a constant of the program goes through page_text().
 *
 *     struct buf b = {0};
 *     page_begin(&b, &(struct page){.title = "报送", .session = s});
 *     buf_puts(&b, "<p>文件：");
 *     page_text(&b, name);
 *     page_end(&b);
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "base/text.h"
#include "web/sessions.h"

struct page {
    const char *title;
    const struct session *session; /* NULL: nobody is signed in */
    const char *who;               /* the name shown beside 退出; with a session */
    int refresh;                   /* seconds until it is fetched again; 0: never */
    bool wide;                     /* for tables */
};

void page_begin(struct buf *out, const struct page *p);
void page_end(struct buf *out);

/* The text with &, <, >, quotes as entities; control characters and those that turn the direction
 * of writing are left out, invalid UTF-8 is U+FFFD. */
void page_text(struct buf *out, const char *text);

/* A paragraph that a screen reader speaks at once: kind is good, bad or plain. */
void page_notice(struct buf *out, const char *kind, const char *text);

/* The hidden field that shows that a form is ours. */
void page_token(struct buf *out, const char *token);

/* 2025年11月22日 9:05 */
void page_time(struct buf *out, time_t when);
/* 12 KB, 3.4 MB */
void page_size(struct buf *out, long long bytes);

#endif
