/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What hidden numbers of cases could be, all equations taken together: a linear programme, whose
 * corners are looked at by GLPK's simplex method.
 *
 *     possible_numbers(disclosure, exposed);
 *
 * Sets exposed[i] of every hidden number of cases that could be one number only or, unless it is
 * loose, not d->least or more, when every hidden one is at least 1, those with an answer are not
 * more than the cases that they follow, and all equations between numbers of cases hold.  A number
 * is let go as soon as the corners seen so far show enough; the first are those of all doubtful
 * ones together, then each has its own.
 */
#ifndef ESTIMATE_POSSIBLE_H
#define ESTIMATE_POSSIBLE_H

#include "estimate/disclosure.h"

void possible_numbers(const struct disclosure *d, bool *exposed);

#endif
