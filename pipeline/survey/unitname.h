/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names of villages, firms and other units as they are compared: half-width, without blanks, with
 * or without the suffix that people add or leave out (村 村委会 行政村 社区 居委会 …).
 *
 *     unit_name_fold(&key, "马湾镇 孙营村委会", true);   // 马湾镇孙营
 */
#ifndef SURVEY_UNITNAME_H
#define SURVEY_UNITNAME_H

#include "base/text.h"

/* Appends the name to `key`; with `stem` without one suffix, but never without all of the name. */
void unit_name_fold(struct buf *key, const char *name, bool stem);

#endif
