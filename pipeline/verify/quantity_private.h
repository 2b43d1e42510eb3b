/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files that read quantities: each reader looks at byte i of the scan and, when what
 * it knows stands there, fills *q (kind, from, to …) and returns true.
 */
#ifndef VERIFY_QUANTITY_PRIVATE_H
#define VERIFY_QUANTITY_PRIVATE_H

#include "verify/quantity.h"

bool read_document(const char *s, size_t i, struct quantity *q);
bool read_date(const char *s, size_t i, struct quantity *q);
bool read_number(const char *s, size_t i, struct quantity *q);

/* The number without measure: its digits or numeral, more and scale. */
struct core {
    double mantissa;     /* before `scale` */
    double scale;        /* 万 of Arabic digits: 10000 */
    double span;         /* more: the number is in [value, value + span); 0: no such word */
    double low, high;    /* 一、二 and 几十: the interval; 0, 0 otherwise */
    int decimals, zeros; /* of the mantissa: behind the point; trailing zeros */
    bool arabic;
    bool bare; /* a power of ten alone: 百家 */
    size_t to;
};
bool read_core(const char *s, size_t i, struct core *c);

/* The run of Chinese numeral signs at i: its end; at most 30 signs. */
size_t numeral_end(const char *s, size_t i);
/* Its value; false for fuzzy and bare ones. */
bool numeral_value(const char *s, struct extent run, double *value, int *zeros);

#endif
