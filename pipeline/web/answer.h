/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers over HTTP, all with the headers that keep a browser from doing more than it should.
 */
#ifndef WEB_ANSWER_H
#define WEB_ANSWER_H

#include "web/server.h"

#include <microhttpd.h>

/* Takes the text over. */
enum MHD_Result answer_page(const struct server *s, struct MHD_Connection *c, unsigned status,
                            struct buf *html, const char *cookie);
/* To another page of ours, after a form (303).  `cookie` is set, or NULL. */
enum MHD_Result answer_redirect(const struct server *s, struct MHD_Connection *c, const char *path,
                                const char *cookie);
/* A file to save under the name; NULL as `shown` shows it in the browser. */
enum MHD_Result answer_file(const struct server *s, struct MHD_Connection *c, const char *path,
                            const char *type, const char *ascii, const char *shown);
/* style.css and upload.js: the text stays the caller's. */
enum MHD_Result answer_fixed(const struct server *s, struct MHD_Connection *c,
                             const struct buf *text, const char *type);

enum { COOKIE_TEXT = 160 };
/* A Set-Cookie of ours; an empty value ends it. */
void cookie_make(const struct server *s, const char *name, const char *value,
                 char out[COOKIE_TEXT]);

#endif
