/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CSV files beside a questionnaire, for pulldata(): each read once, when first named.
 *
 *     struct lookups *all = lookups_create("questionnaires/henan-2025/07-household.csv");
 *     struct lookup *l = lookups_open(all, "villages", &why);     // villages.csv beside it
 *     lookup_value(l, "hh", "code", "411523100201");              // "220"
 *     lookups_free(all);
 */
#ifndef SURVEY_LOOKUP_H
#define SURVEY_LOOKUP_H

#include <stdbool.h>

struct lookups;
struct lookup;
struct wsheet;

struct lookups *lookups_create(const char *form_path);
void lookups_free(struct lookups *all); /* NULL is allowed */

/* The file of that name, with or without .csv; NULL and a reason when it cannot be read (a message
 * about its content was printed then). */
struct lookup *lookups_open(struct lookups *all, const char *name, const char **why);
const struct wsheet *lookup_sheet(const struct lookup *l);
bool lookup_has_column(const struct lookup *l, const char *column);
/* The cell in `column` of the first row whose cell in `key_column` is `key`; "" when there is none.
 * Both columns must exist. */
const char *lookup_value(struct lookup *l, const char *column, const char *key_column,
                         const char *key);
/* Paths of the files that were read, number i from 0; NULL behind the last. */
const char *lookups_path(const struct lookups *all, int i);

#endif
