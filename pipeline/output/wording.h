/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words that the evidence does not bear.  Looked at sentence by sentence, in the narrative and in
 * the findings, where a sentence holds a number's macro or names a table or chart:
 *
 *   典型 (cases chosen on purpose)   says nothing of a whole: no 全省, 全县, 各县, 总体, 普遍 …
 *                                   titles and notes of its tables and charts, names and
 *                                   definitions of its indicators neither
 *   any number                      no 全省 or 全国, unless the topic's setting `represents` names
 *                                   it: numbers stand for the counties that reported
 *   a number of a group, or a comparison of groups   no word of cause (导致, 带动了 …): a cross
 *                                   table shows what occurs together
 *   部门 (figures of departments)    not 调查显示, 据调查, 推算出 …
 *
 * Titles in 《》 and places still to be filled, 【】, are left out; a sentence that denies (不能,
 * 不等于, 不说明 …) may name a cause.
 */
#ifndef OUTPUT_WORDING_H
#define OUTPUT_WORDING_H

#include "output/macro.h"

/* Returns 0, or -1 after a message for every mistake, with its line. */
int wording_check_workbook(struct macros *m);
int wording_check(struct macros *m, const char *text, const char *file, long line);

#endif
