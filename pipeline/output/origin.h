/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the answers behind an estimate stood in the files of one county, and what was done to
 * them.
 *
 *     struct origin *o = origin_open("411525.raw.db", clean, topic, level, questions);
 *     origin_put_files(&out, o);         // which files, rows and columns
 *     origin_put_edits(&out, o);         // what was done to the questions, how many times
 *     origin_put_record(&out, o, account, &c);
 *     origin_close(o);
 *
 * Personal answers are never printed.
 */
#ifndef OUTPUT_ORIGIN_H
#define OUTPUT_ORIGIN_H

#include "base/text.h"
#include "estimate/account.h"

struct origin;

/* `questions` ends with NULL (account_questions()); `clean` stays the caller's. */
struct origin *origin_open(const char *raw_path, struct store *clean, const struct topic *t,
                           const struct level *level, const struct question *const *questions);
void origin_close(struct origin *o);

/* Lines for people, each ended.  Of files the first few and how many there are. */
void origin_put_files(struct buf *out, struct origin *o);
void origin_put_edits(struct buf *out, const struct origin *o);
/* A record: its key and place, then a line a question: where it stood, the text received, what is
 * used, and what was done to it.  Only the question `only`, unless that is NULL. */
void origin_put_record(struct buf *out, struct origin *o, const struct account *a,
                       const struct account_case *c, const struct question *only);

/* The kind of problem for which an answer was returned; "" when none is known. */
const char *origin_returned(struct origin *o, const struct account *a,
                            const struct account_case *c);

/* 退回, 未填 … */
const char *missing_word(enum missing m);

#endif
