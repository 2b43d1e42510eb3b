/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clean store as a stream of records, each top-level record with its children.
 *
 *     struct records *r = records_open(store, topic, "07-household");
 *     for (const struct record *rec; (rec = records_next(r));)
 *         use(rec->values[i], rec->children, records_key(r), records_psu(r));
 *     records_close(r);
 *
 * Memory is that of one top-level record; it is reused by the next call.  Values of questions
 * that stand at another level of the form are empty.  Repeats that the topic does not list among
 * its instruments are not stored.
 */
#ifndef SURVEY_RECORDS_H
#define SURVEY_RECORDS_H

#include "store/store.h"
#include "survey/privacy.h"
#include "survey/topic.h"

struct records;
struct records *records_open(struct store *clean, const struct topic *t, const char *form_name);
/* The same with no more than what one level needs: the values of the questions that `wanted` names
 * (by index in the form), the records of the level, of those enclosing it and of repeats with a
 * wanted question; all else is empty and without children. */
struct records *records_open_some(struct store *clean, const struct topic *t,
                                  const struct level *level, const bool *wanted);
const struct record *records_next(struct records *r); /* NULL at the end */
const char *records_key(const struct records *r);     /* of the current top-level record */
const char *records_psu(const struct records *r);
long records_row(const struct records *r, const struct record *rec); /* its row in the raw store */
void records_close(struct records *r);

/* The same tables being written.
 *
 *     struct record_writer *w = record_writer_create(store, topic, privacy);
 *     long id = record_writer_put(w, household, rec, 0, "411523100201-29", "411523100201", row);
 *     for (int i = 0; i < rec->child_count; i++)
 *         record_writer_put(w, member, rec->children[i], id, key, psu, row);
 *     record_writer_close(w);
 *
 * create() makes a table for each level of the topic and fills `level` and `question`; NULL after
 * messages when a level's name cannot be a table.  put() writes one record without its children
 * and returns its _id; children follow their parent before the next parent, in their order.  A
 * calculation with a number (value.number) is stored as a number, else as text.  Personal values
 * are stored as their hash; as they are when `privacy` is NULL. */
struct record_writer;
struct record_writer *record_writer_create(struct store *clean, const struct topic *t,
                                           const struct privacy *privacy);
long record_writer_put(struct record_writer *w, const struct level *level, const struct record *rec,
                       long parent_id, const char *key, const char *psu, long row);
void record_writer_close(struct record_writer *w);

/* Whether a value is personal: that of a personal question, and a text that as a whole is the
 * number of a person (survey/privacy.h) wherever it stands. */
bool value_is_personal(const struct form *f, const struct question *q, const struct value *v);

#endif
