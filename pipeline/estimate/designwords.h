/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A design in words, for the annex.
 *
 *     struct buf words = {0};
 *     design_words(&words, design);       // 标准误按抽样设计用泰勒线性化法计算（分层，…
 *     buf_clear(&words);
 *     design_in_r(&words, design);        // svydesign(ids = ~dnum + snum, …), or nothing
 *
 * Plain text; names of questions are in it.
 */
#ifndef ESTIMATE_DESIGNWORDS_H
#define ESTIMATE_DESIGNWORDS_H

#include "base/text.h"
#include "estimate/design.h"

/* How errors are computed, what a lonely stratum does, how weights came about. */
void design_words(struct buf *out, const struct design *d);
/* The call of R's survey package that makes the same design of the records; only of designs of
 * questions, and only as far as svydesign() goes. */
void design_in_r(struct buf *out, const struct design *d);

#endif
