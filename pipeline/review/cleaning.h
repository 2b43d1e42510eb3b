/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One county's rows as received -> typed records, every repair and every problem a row.
 *
 * Two passes over the raw store: review/assemble.h decides which rows are records, review/review.h
 * what their answers are.  Memory is that of one top-level record and those below it.
 */
#ifndef REVIEW_CLEANING_H
#define REVIEW_CLEANING_H

#include "review/checks.h"
#include "survey/frame.h"
#include "survey/privacy.h"
#include "review/rules.h"

/* Makes the clean store (SCHEMA_CLEAN) of a raw store.  Without `privacy` personal values are
 * kept (meta personal = 1).  Returns 0, or -1 after messages. */
int clean_county(struct topic *t, const struct rules *rules, struct checks *checks,
                 const struct frame *frame, const struct privacy *privacy, const char *raw_path,
                 const char *out_path);

#endif
