/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The measure words and units behind a number, and what may be added to or divided by what.
 */
#ifndef VERIFY_MEASURE_H
#define VERIFY_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

enum dimension {
    DIM_NONE,  /* no measure word */
    DIM_WORD,  /* the "number" is part of a word: 两位数, 三位一体 */
    DIM_THING, /* counted by a general measure word: 个, 家, 项; the noun tells of what */
    DIM_PERSON,
    DIM_VISIT, /* 人次 */
    DIM_HOUSEHOLD,
    DIM_MONEY,   /* base: 元 */
    DIM_PERCENT, /* base: 1% */
    DIM_POINT,   /* 百分点 */
    DIM_MULTIPLE,
    DIM_AREA,   /* base: square metre */
    DIM_LENGTH, /* base: metre */
    DIM_MASS,   /* base: kilogram */
    DIM_TIME,   /* durations and ages; never a part of a sum */
    DIM_SCORE,
    DIM_OTHER,
};

struct measure {
    const char *text;
    enum dimension dim;
    double factor; /* of the base unit; DIM_THING: 1 */
};

/* The longest measure that begins at byte i, or NULL.  `arabic` tells that the number before it
 * is in Arabic digits: 十分 and 四里 are words, 90分 and 4里 measures. */
const struct measure *measure_at(const char *text, size_t i, bool arabic);

/* Whether things of this dimension are counted one by one, so that a whole number is exact. */
bool dimension_counted(enum dimension d);

#endif
