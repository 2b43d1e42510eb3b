/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text of a column head, taken apart.  Used by heads.c only.
 */
#ifndef INTAKE_HEADTEXT_H
#define INTAKE_HEADTEXT_H

#include "base/text.h"
#include "intake/heads.h"

/* Forms of a head, from exact to bare: plain (half-width, lower case, no blanks); last segment
 * of a path (g_id/hh_no, g_id-hh_no); without numbering; without a unit in brackets at the end;
 * without any brackets at the end and question mark. */
enum { HEAD_VARIANTS = 5 };
struct headtext {
    struct buf bytes;
    size_t starts[HEAD_VARIANTS];
    int count; /* different ones */
};
void headtext_set(struct headtext *h, const char *text);
const char *headtext_variant(const struct headtext *h, int i);
const char *headtext_plain(const struct headtext *h); /* variant 0 */
void headtext_free(struct headtext *h);

/* Whether two texts are the same in their plain form.  `scratch` is overwritten. */
bool headtext_same(struct buf *scratch, const char *a, const char *b);

/* A head with a number in it. */
struct wide_head {
    char word[64]; /* before the number: member, 成员 */
    int number;
    char rest[512]; /* behind it */
};
/* word, number, rest: member2_m_wage, member/2/m_wage, 成员2工资; of 第二个成员工资 the word is
 * empty and the rest 成员工资. */
bool headtext_wide(const struct headtext *h, struct wide_head *out);
/* rest, number: 姓名2, 姓名（2）. */
bool headtext_numbered(const struct headtext *h, struct wide_head *out);
/* Whether the word names the repeat: its name, its label, or the label's start or end (品牌 of
 * 劳务品牌). */
bool headtext_names_repeat(const char *word, const char *name, const char *label);
/* What stands in `rest` behind such a word (of the label's ends the longest); NULL when it begins
 * with none. */
const char *headtext_without_repeat(const char *rest, const char *name, const char *label);

/* Role of a column of the platform or of the sheet itself: COLUMN_SYSTEM, _INDEX, _PARENT;
 * COLUMN_NONE when the text is none. */
enum column_role headtext_system(const char *text);

/* Append the unit that a head or a unit cell names, if any. */
void headtext_unit(struct buf *out, const char *text);

#endif
