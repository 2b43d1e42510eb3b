/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What both forms of the codebook say of a variable.
 */
#ifndef INSTRUMENT_CODEBOOK_PRIVATE_H
#define INSTRUMENT_CODEBOOK_PRIVATE_H

#include "instrument/codebook.h"

struct codebook {
    const struct form *form;
    const struct topic *topic; /* or NULL */
    struct arena arena;
};

/* Record file of a repeat (-1: of the form): the topic's level, else the repeat's or form's name.
 */
const char *file_name(struct codebook *b, int repeat);
const char *file_label(struct codebook *b, int repeat);
bool holds_number(const struct question *q);
const char *type_name(const struct question *q); /* 整数, 单选 … */
/* When it is asked, in words; the expression when it has none; "" when always. */
const char *asked_when(struct codebook *b, const struct question *q);
/* "1至15", "不少于0"; "" when the constraint sets no end that a number shows. */
const char *range_text(struct codebook *b, const struct question *q);

#endif
