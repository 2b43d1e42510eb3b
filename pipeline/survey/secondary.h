/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The option lists of a questionnaire, and CSV files beside it, as the XML through which the paths
 * of instance('name') go: root, in it an item for each row, in it an element for each column.
 *
 *     struct secondary *all = secondary_create();
 *     xmlDocPtr d = secondary_open(all, form, "crops", &why);
 *     secondary_has_column(d, "label");
 *     secondary_free(all);
 */
#ifndef SURVEY_SECONDARY_H
#define SURVEY_SECONDARY_H

#include "survey/form.h"

#include <libxml/tree.h>

struct secondary;

struct secondary *secondary_create(void);
void secondary_free(struct secondary *all); /* NULL is allowed */

/* The list of that name on sheet choices (name, label in the form's language, further columns), or
 * the file name.csv beside the questionnaire; made when first named, and kept.  NULL and a reason
 * when there is neither. */
xmlDocPtr secondary_open(struct secondary *all, const struct form *form, const char *name,
                         const char **why);
bool secondary_has_column(xmlDocPtr instance, const char *column);

#endif
