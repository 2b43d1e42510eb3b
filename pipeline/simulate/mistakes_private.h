/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mistakes of the table in mistakes.c, one function each: changes s->shown and returns true,
 * or returns false where it does not fit; and what they share.
 */
#ifndef SIMULATE_MISTAKES_PRIVATE_H
#define SIMULATE_MISTAKES_PRIVATE_H

#include "simulate/mistakes.h"

#define PICK(s, list)                                                                              \
    ((list)[chance_below((s)->world->chance, (long)(sizeof(list) / sizeof *(list)))])

/* Shows the text; returns true. */
bool slot_show(struct slot *s, const char *text);
bool text_is_digits(const char *text);
/* The true number is whole and not negative. */
bool slot_is_whole(const struct slot *s);
bool slot_is_money(const struct slot *s); /* in 元 */
/* The final constraint allows it, for certain. */
bool slot_allows(const struct slot *s, const char *text);
const char *text_full_width(struct arena *a, const char *text);
/* "33600" -> "33,600" with any separator; NULL below 1000. */
const char *text_grouped(struct arena *a, const char *text, const char *separator);

/* ---- mistakes_numbers.c ---- */
bool number_full_width(struct slot *s);
bool number_commas(struct slot *s);
bool number_wide_commas(struct slot *s);
bool number_unit_word(struct slot *s);
bool number_in_yuan(struct slot *s);
bool number_chinese(struct slot *s);
bool number_chinese_short(struct slot *s);
bool number_in_wan(struct slot *s);
bool number_in_qian(struct slot *s);
bool number_own_wan(struct slot *s);
bool number_own_yuan(struct slot *s);
bool number_none(struct slot *s);
bool number_none_refused(struct slot *s);
bool number_suspect(struct slot *s);
bool number_vague(struct slot *s);
bool number_fraction(struct slot *s);
bool number_refused(struct slot *s);
bool number_miscounted(struct slot *s);
bool number_nines(struct slot *s);
bool number_zeros(struct slot *s);
bool number_point(struct slot *s);
bool date_form(struct slot *s);
bool date_wide_form(struct slot *s);
bool date_serial(struct slot *s);
bool date_full_width(struct slot *s);
bool date_vague(struct slot *s);
bool date_refused(struct slot *s);

/* ---- mistakes_choices.c ---- */
bool one_numbered(struct slot *s);
bool one_punctuation(struct slot *s);
bool one_blank_inside(struct slot *s);
bool one_full_width(struct slot *s);
bool one_unknown(struct slot *s);
bool one_filtered(struct slot *s);
bool county_other(struct slot *s);
bool many_separated(struct slot *s);
bool many_numbered(struct slot *s);
bool many_full_width(struct slot *s);
bool many_run_together(struct slot *s);
bool many_turned(struct slot *s);
bool many_unknown(struct slot *s);
bool many_refused(struct slot *s);
bool many_conflict(struct slot *s);

/* ---- mistakes_texts.c ---- */
bool code_spaced(struct slot *s);
bool code_lower(struct slot *s);
bool code_full_width(struct slot *s);
bool code_refused(struct slot *s);
bool id_wrong(struct slot *s);
bool code_with_nul(struct slot *s);
bool text_with_nul(struct slot *s);
bool any_blank(struct slot *s);
bool any_missing(struct slot *s);
bool code_missing(struct slot *s);
bool any_padded(struct slot *s);
bool calculation_wrong(struct slot *s);
bool calculation_grouped(struct slot *s);
bool calculation_left_out(struct slot *s);
bool unit_name(struct slot *s);
bool unit_lost(struct slot *s);
bool unit_point(struct slot *s);
bool skipped_answered(struct slot *s);

#endif
