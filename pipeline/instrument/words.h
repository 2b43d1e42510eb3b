/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Conditions in words, for paper: ${hh_type} = '2' becomes “B3选“防止返贫监测户””.
 */
#ifndef INSTRUMENT_WORDS_H
#define INSTRUMENT_WORDS_H

#include "base/text.h"
#include "survey/form.h"

/* The label without that number. */
const char *label_without_number(const char *label);

/* Appends the condition; false, with nothing appended, when it cannot be said in few words. */
bool words_condition(struct buf *out, const struct form *f, const char *expression);

#endif
