/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The codebook of a questionnaire: every variable that the record tables keep, with its question,
 * codes, range, unit, and when it was asked.
 */
#ifndef INSTRUMENT_CODEBOOK_H
#define INSTRUMENT_CODEBOOK_H

#include "base/csvout.h"
#include "base/text.h"
#include "survey/topic.h"

/* Appends a DDI-Codebook 2.5 document (namespace ddi:codebook:2_5): study, one file per level,
 * variables with categories.  `topic` may be NULL; it lends the study's title, issuer, method and
 * the names of the record files.  Personal questions are there, marked as not released. */
void codebook_ddi(const struct form *form, const struct topic *topic, struct buf *out);

/* The same for people: one row a variable, heads in Chinese. */
void codebook_csv(const struct form *form, const struct topic *topic, struct csvout *out);

/* The same to be printed, as LaTeX: a table for each record file. */
void codebook_tex(const struct form *form, const struct topic *topic, struct buf *out);

#endif
