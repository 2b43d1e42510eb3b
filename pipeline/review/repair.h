/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The certain repairs of one cell, as bits: a cell may have several, and each is listed as a
 * problem of class "repaired" of that kind.
 */
#ifndef REVIEW_REPAIR_H
#define REVIEW_REPAIR_H

enum repair {
    REPAIR_CONTROL_CHAR = 1 << 0,
    REPAIR_FULLWIDTH = 1 << 1,
    REPAIR_NUM_FORMAT = 1 << 2,
    REPAIR_CN_NUMBER = 1 << 3,
    REPAIR_DATE_FORMAT = 1 << 4,
    REPAIR_MULTI_SEP = 1 << 5,
    REPAIR_LABEL_VARIANT = 1 << 6,
    REPAIR_KINDS = 7,
};

/* The kind that bit number i (0..REPAIR_KINDS-1) stands for, as in problems.csv. */
const char *repair_kind(int i);

#endif
