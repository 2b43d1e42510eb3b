/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether two rows say the same: a fingerprint of a row's answers.
 *
 * The key, the unit's name and numbers that only count positions are left out, and so are blank
 * cells, columns that are no questions, and the order of columns.  What counts is what was
 * received: an answer to one of two copies of a record does not make them two records.
 */
#ifndef REVIEW_CONTENT_H
#define REVIEW_CONTENT_H

#include "base/digest.h"
#include "review/parse.h"
#include "review/rawread.h"

struct content;
struct content *content_new(const struct topic *t, struct parser *parser);
void content_free(struct content *c);

/* One fingerprint of several rows.  `values`: compare values where they can be read (33,600 and
 * 33600 are the same then), else the texts as they stand. */
void content_begin(struct content *c);
void content_add(struct content *c, const struct raw_row *row, bool values);
void content_end(struct content *c, char hash[DIGEST_TEXT]);

/* Of one row. */
void content_hash(struct content *c, const struct raw_row *row, bool values,
                  char hash[DIGEST_TEXT]);

#endif
