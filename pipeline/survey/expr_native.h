/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The common forms of expressions evaluated without libxml2 (a tenth of its time): comparisons,
 * and, or, arithmetic, if(), not(), selected(), count-selected(), regex() with a pattern in
 * quotes, over single values and constants.  They mean what XPath 1.0 says, to the bit; all other
 * expressions are left to libxml2.
 */
#ifndef SURVEY_EXPR_NATIVE_H
#define SURVEY_EXPR_NATIVE_H

#include "survey/expr_private.h"

struct native;
/* From the rewritten text of a compiled expression (expr_private.h); NULL when it has another
 * form. */
struct native *native_compile(const struct expr *e);
void native_free(struct native *n);

/* After the engine has located the values; texts of the result live as long as those. */
struct result native_eval(const struct native *n, const struct engine *g);

#endif
