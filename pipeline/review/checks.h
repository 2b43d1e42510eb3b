/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Checks of records against each other, sheet `checks` of the topic workbook: name, level, kind,
 * left, right, tolerance, message.  What they find is listed as class soft: the values stay, and
 * the county may confirm them (情况属实), which makes it class confirmed.
 *
 *   balance         left = right, two expressions over the record, such as ${total} and
 *                   ${a} + ${b} or sum(${m_out}); or right is level.question: the sum over all
 *                   records of another level (a county's form against its villages').  They may
 *                   differ by what rounding can do: half a unit in the last printed place for
 *                   every part.  A number in `tolerance` takes the place of that rule.
 *   roster          the same without any tolerance: persons against rows
 *   condition       `left` is true; when it is not, `message` is what is asked, nothing added
 *   near_duplicate  records of the same value of question `left` (the unit when blank) whose
 *                   answers are equal but for a few: at least the share `tolerance` (0.95) of the
 *                   questions in `right` (all but keys, dates, calculations and personal ones)
 *   similar_texts   records of one county whose answers to the text question `left` are alike
 *                   (survey/likeness.h): at least `tolerance` (0.9); short texts are not judged.
 *                   Texts of different counties are compared when the counties are put together
 *                   (estimate/alike.h)
 *
 *     struct checks *c = checks_read(topic);
 *     checks_run(c, clean, raw, problems);           // after the records are written
 *     checks_free(c);
 *
 * A record with an unknown value is not judged.
 */
#ifndef REVIEW_CHECKS_H
#define REVIEW_CHECKS_H

#include "review/problems.h"

struct checks;
/* An empty list when the topic has no such sheet; NULL after messages. */
struct checks *checks_read(struct topic *t);
void checks_free(struct checks *c);

void checks_run(struct checks *c, struct store *clean, struct rawread *raw, struct problems *p);

/* What rounding can make of a sum of `parts` numbers printed with `decimals` decimals. */
double rounding_tolerance(long parts, int decimals);

#endif
