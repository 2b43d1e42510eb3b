/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the reader of topic.csv share.  Each reads sheets of t->book into t; what is
 * wrong is printed with its place.  All return 0 or -1.  In this order, since each names things of
 * those before it: levels, aliases, domains, indicators, exhibits.
 */
#ifndef SURVEY_TOPIC_PRIVATE_H
#define SURVEY_TOPIC_PRIVATE_H

#include "survey/topic.h"

/* The words of a text between separators; owned by the arena. */
const char **topic_split(struct arena *a, const char *text, const char *separators, int *count);

/* Whether sheet design has the names that there are, of one kind of design. */
int topic_check_design(const struct topic *t);
int topic_read_levels(struct topic *t);                               /* instruments */
int topic_read_aliases(struct topic *t, const struct workbook *book); /* added to those there are */
int topic_read_domains(struct topic *t);
int topic_read_indicators(struct topic *t);
/* The sheet `tables` or `charts`. */
int topic_read_exhibits(struct topic *t, const char *sheet, struct exhibit **items, int *count);
void topic_read_findings(struct topic *t);

#endif
