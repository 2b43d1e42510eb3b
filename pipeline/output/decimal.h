/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers as a Chinese report prints them.
 *
 *     decimal_put(&out, 1030702.7, 0, DECIMAL_GROUP);   // 1,030,703
 *     decimal_put(&out, 12.25, 1, 0);                  // 12.2   (GB/T 8170)
 *     decimal_put(&out, 12.25, 1, DECIMAL_HALF_UP);     // 12.3   (四舍五入)
 *
 * The decimal form of 15 digits is what is rounded, so that 0.15 is a tie although the machine
 * holds a little less.  GB/T 8170-2008 rounds a tie to the even digit; a topic's rule
 * `rounding` = 四舍五入 rounds it away from zero.  A minus is U+2212; there is no minus zero.
 * NaN prints —.
 */
#ifndef OUTPUT_DECIMAL_H
#define OUTPUT_DECIMAL_H

#include "base/text.h"

enum {
    DECIMAL_GROUP = 1,   /* a comma every three digits, from five integer digits on (GB/T 15835) */
    DECIMAL_HALF_UP = 2, /* ties away from zero */
    DECIMAL_PLAIN = 4,   /* ASCII minus, for files that programs read */
};

void decimal_put(struct buf *out, double value, int decimals, int flags);

/* The number that decimal_put() prints, for comparisons that must agree with the print. */
double decimal_rounded(double value, int decimals, int flags);

#endif
