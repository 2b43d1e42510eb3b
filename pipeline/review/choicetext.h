/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The choices that a cell's text names, by code or label, in the ways that people write them.
 *
 *     struct choice_index *x = choice_index_new(list);
 *     int i = choicetext_one(x, "(2)女", NULL, &repairs);          // 1, REPAIR_LABEL_VARIANT
 *     choicetext_many(x, "1，4", NULL, chosen, &repairs);           // REPAIR_MULTI_SEP
 *     choice_index_free(x);
 *
 * Only what fits one choice for certain counts; likeness is never enough.  What 问卷星 puts in 〖〗
 * behind a choice (其他〖修路〗) is left out, a label variant.
 */
#ifndef REVIEW_CHOICETEXT_H
#define REVIEW_CHOICETEXT_H

#include "survey/form.h"

#include <stdbool.h>

/* A list prepared for reading; the list must outlive it. */
struct choice_index;
struct choice_index *choice_index_new(const struct choice_list *list);
void choice_index_free(struct choice_index *x);

/* Index of the one choice that trimmed `text` names: its code or label as they stand, a code in
 * full-width digits, a label with other width of punctuation or with its own code before it
 * (2.女, 2、女, (2)女, 2 女).  `allowed` (one flag a choice, NULL for all) leaves choices out.
 * -1 when none or more than one fits.  Or's bits of enum repair into *repairs. */
int choicetext_one(const struct choice_index *x, const char *text, const bool *allowed,
                   unsigned *repairs);

/* Sets chosen[i] for every choice that trimmed `text` lists: codes or labels, between them blanks
 * or any of 、，,；;/|+┋ .  Labels may hold such characters themselves.  False when a part fits no
 * choice, or codes and labels are mixed. */
bool choicetext_many(const struct choice_index *x, const char *text, const bool *allowed,
                     bool *chosen, unsigned *repairs);

#endif
