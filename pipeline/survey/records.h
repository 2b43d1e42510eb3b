/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clean store as a stream of records, each top-level record with its children.
 *
 *     struct records *r = records_open(store, topic, "07-household");
 *     for (const struct record *rec; (rec = records_next(r));)
 *         use(rec->values[i], rec->children, records_key(r), records_psu(r));
 *     records_close(r);
 *
 * Memory is that of one top-level record; it is reused by the next call.
 */
#ifndef SURVEY_RECORDS_H
#define SURVEY_RECORDS_H

#include "store/store.h"
#include "survey/topic.h"

struct records;
struct records *records_open(struct store *clean, const struct topic *t, const char *form_name);
const struct record *records_next(struct records *r); /* NULL at the end */
const char *records_key(const struct records *r);     /* of the current top-level record */
const char *records_psu(const struct records *r);
long records_row(const struct records *r, const struct record *rec); /* its row in the raw store */
void records_close(struct records *r);

#endif
