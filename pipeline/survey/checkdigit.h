/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Check characters of the two identity numbers that questionnaires ask for.
 */
#ifndef SURVEY_CHECKDIGIT_H
#define SURVEY_CHECKDIGIT_H

#include <stdbool.h>

/* Resident identity number, GB 11643-1999: 17 digits and 0-9 or X, the first not 0; the birth
 * date (digits 7 to 14) exists; sum of digit x weight (7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2),
 * mod 11, picks the last from 10X98765432. */
bool resident_id_valid(const char *text);

/* Unified social credit code, GB 32100-2015: 18 of 0123456789ABCDEFGHJKLMNPQRTUWXY (no I O S V
 * Z); characters count by their place in that row, weights 3^(i-1) mod 31, and the last is
 * (31 - sum mod 31) mod 31. */
bool credit_code_valid(const char *text);

#endif
