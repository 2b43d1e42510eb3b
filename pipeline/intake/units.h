/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Units of measurement that heads name: 元, 万元, 亩, 公顷, 人, 万人 …
 */
#ifndef INTAKE_UNITS_H
#define INTAKE_UNITS_H

#include <stdbool.h>

/* Whether the text is the name of a unit. */
bool unit_known(const char *unit);

/* What a number in `from` is to be multiplied with to be one in `to`; false when the two do not
 * measure the same thing, or one of them is unknown. */
bool unit_factor(const char *from, const char *to, double *factor);

#endif
