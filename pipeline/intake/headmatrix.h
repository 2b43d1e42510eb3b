/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heads of a matrix question: 您对下列服务是否满意：岗位信息, …：技能培训, ….  Platforms ask
 * questions with the same answers as the rows of one matrix and head each column with the matrix
 * and the row.  Used by heads.c only.
 */
#ifndef INTAKE_HEADMATRIX_H
#define INTAKE_HEADMATRIX_H

#include "intake/heads.h"

/* Two or more unknown columns side by side whose heads are the same up to the last colon, dash or
 * brackets are taken for as many questions of the level, one behind the other in the
 * questionnaire and with the same choices, where the label of each holds the row's text of its
 * column and of no other, and no other such questions do. */
void headmatrix_match(const struct topic *t, int level, const char *const *texts, int count,
                      struct column *columns);

#endif
