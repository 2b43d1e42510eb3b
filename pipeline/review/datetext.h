/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The date that a cell's text says.
 */
#ifndef REVIEW_DATETEXT_H
#define REVIEW_DATETEXT_H

#include "survey/days.h"
#include "review/rules.h"

#include <stdbool.h>

/* Reads trimmed `text`: 2025-04-11, 2025年4月11日, 2025.4.11, 2025/4/11, 20250411,
 * 二〇二五年四月十一日, a clock behind the date, or a spreadsheet serial of the topic's range.
 * Year first, four digits, and a day that exists; anything else (2025年5月, 25.4.11, 5/11/2025)
 * is false.  Or's bits of enum repair into *repairs: none for YYYY-MM-DD. */
bool datetext_read(const char *text, const struct rules *rules, char out[DATE_TEXT],
                   unsigned *repairs);

#endif
