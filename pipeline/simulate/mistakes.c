/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/mistakes_private.h"

#include "survey/days.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- helpers --------------------------------------------------------------------------------- */

bool slot_show(struct slot *s, const char *text)
{
    s->shown->look = LOOK_TEXT;
    s->shown->text = text;
    return true;
}

bool text_is_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

bool slot_is_whole(const struct slot *s)
{
    double x = s->true_value->number;
    return x >= 0 && x == floor(x);
}

bool slot_is_money(const struct slot *s)
{
    return !strcmp(s->question->unit, "元");
}

bool surely_refused(const struct slot *s, const char *text)
{
    double number = NAN;
    if (s->question->type == Q_DATE)
        days_from_text(text, &number);
    else if (s->question->type == Q_INTEGER || s->question->type == Q_DECIMAL)
        number = strtod(text, NULL);
    struct value self = {VALUE_OK, text, number};
    if (!s->question->constraint)
        return false;
    struct result r = expr_eval(s->question->constraint, &s->made->final, &self);
    return !r.unknown && !r.failed && !result_true(&r);
}

/* The same the other way: allowed for certain. */
bool slot_allows(const struct slot *s, const char *text)
{
    struct value self = {VALUE_OK, text, strtod(text, NULL)};
    if (!s->question->constraint)
        return true;
    struct result r = expr_eval(s->question->constraint, &s->made->final, &self);
    return !r.unknown && !r.failed && result_true(&r);
}

const char *text_full_width(struct arena *a, const char *text)
{
    struct buf b = {0};
    for (uint32_t c; (c = utf8_next(&text));)
        buf_put_char(&b, c > 0x20 && c < 0x7F ? c + 0xFEE0 : c);
    const char *kept = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return kept;
}

/* "33600" -> "33,600" with any separator; NULL below 1000. */
const char *text_grouped(struct arena *a, const char *text, const char *separator)
{
    struct buf b = {0};
    size_t whole = strspn(text, "0123456789");
    if (whole < 4)
        return NULL;
    for (size_t i = 0; i < whole; i++)
        buf_printf(&b, "%s%c", i && (whole - i) % 3 == 0 ? separator : "", text[i]);
    buf_puts(&b, text + whole);
    const char *kept = arena_strdup(a, b.text);
    buf_free(&b);
    return kept;
}

/* ---- the table ------------------------------------------------------------------------------- */

enum {
    ANY_ANSWER = SORT_NUMBER | SORT_DATE | SORT_ONE | SORT_MANY,
};
static const struct mistake MISTAKES[] = {
    {{"fullwidth"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, true, number_full_width},
    {{"num_format"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_commas},
    {{"fullwidth", "num_format"},
     "repaired",
     AFTER_KEPT,
     SORT_NUMBER,
     0,
     false,
     number_wide_commas},
    {{"num_format"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_unit_word},
    {{"num_format"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_in_yuan},
    {{"cn_number"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_chinese},
    {{"cn_number"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_chinese_short},
    {{"cn_number"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_in_wan},
    {{"cn_number"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_in_qian},
    {{"cn_number"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_own_wan},
    {{"num_format"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_own_yuan},
    {{"none_zero"}, "repaired", AFTER_KEPT, SORT_NUMBER, 0, false, number_none},
    {{"missing_code"}, "repaired", AFTER_MISSING, SORT_NUMBER, 0, false, number_nines},
    {{"unit_suspect"}, "returned", AFTER_RETURNED, SORT_NUMBER, 0, false, number_suspect},
    {{"bad_value"}, "returned", AFTER_RETURNED, SORT_NUMBER, 0, false, number_vague},
    {{"bad_value"}, "returned", AFTER_RETURNED, SORT_NUMBER, 0, false, number_fraction},
    {{"bad_value"}, "returned", AFTER_RETURNED, SORT_NUMBER, 0, false, number_none_refused},
    {{"constraint"}, "returned", AFTER_RETURNED, SORT_NUMBER, 0, false, number_refused},
    {{"count_mismatch"}, "returned", AFTER_RETURNED, SORT_NUMBER, 0, false, number_miscounted},
    {{"control_char"},
     "repaired",
     AFTER_KEPT,
     SORT_NUMBER | SORT_CODE,
     CAN_CONTROL,
     false,
     code_with_nul},
    {{NULL}, "", AFTER_KEPT, SORT_NUMBER, 0, true, number_zeros},
    {{NULL}, "", AFTER_KEPT, SORT_NUMBER, 0, false, number_point},
    {{"fullwidth", "date_format"}, "repaired", AFTER_KEPT, SORT_DATE, 0, false, date_wide_form},
    {{"label_variant"}, "repaired", AFTER_KEPT, SORT_ONE, 0, false, one_blank_inside},
    {{"bad_value"}, "returned", AFTER_RETURNED, SORT_MANY, 0, false, many_run_together},
    {{NULL}, "", AFTER_KEPT, SORT_MANY, 0, false, many_turned},
    {{"date_format"}, "repaired", AFTER_KEPT, SORT_DATE, 0, false, date_form},
    {{"date_format"}, "repaired", AFTER_KEPT, SORT_DATE, 0, false, date_serial},
    {{"fullwidth"}, "repaired", AFTER_KEPT, SORT_DATE, 0, false, date_full_width},
    {{"bad_value"}, "returned", AFTER_RETURNED, SORT_DATE, 0, false, date_vague},
    {{"constraint"}, "returned", AFTER_RETURNED, SORT_DATE, 0, false, date_refused},
    {{"label_variant"}, "repaired", AFTER_KEPT, SORT_ONE | SORT_COUNTY, 0, false, one_numbered},
    {{"label_variant"}, "repaired", AFTER_KEPT, SORT_ONE, 0, false, one_punctuation},
    {{"fullwidth"}, "repaired", AFTER_KEPT, SORT_ONE, 0, false, one_full_width},
    {{"bad_value"}, "returned", AFTER_RETURNED, SORT_ONE, 0, false, one_unknown},
    {{"bad_value"}, "returned", AFTER_RETURNED, SORT_ONE, 0, false, one_filtered},
    {{"county_code"}, "repaired", AFTER_KEPT, SORT_COUNTY, 0, true, county_other},
    {{"multi_sep"}, "repaired", AFTER_KEPT, SORT_MANY, 0, false, many_separated},
    {{"label_variant"}, "repaired", AFTER_KEPT, SORT_MANY, 0, false, many_numbered},
    {{"fullwidth"}, "repaired", AFTER_KEPT, SORT_MANY, 0, false, many_full_width},
    {{"bad_value"}, "returned", AFTER_RETURNED, SORT_MANY, 0, false, many_unknown},
    {{"constraint"}, "returned", AFTER_RETURNED, SORT_MANY, 0, false, many_refused},
    {{"multi_conflict"}, "returned", AFTER_RETURNED, SORT_MANY, CAN_FLAGS, false, many_conflict},
    {{"num_format"}, "repaired", AFTER_KEPT, SORT_CODE, 0, false, code_spaced},
    {{"num_format"}, "repaired", AFTER_KEPT, SORT_CODE, 0, false, code_lower},
    {{"fullwidth"}, "repaired", AFTER_KEPT, SORT_CODE, 0, false, code_full_width},
    {{"constraint"}, "returned", AFTER_RETURNED, SORT_CODE, 0, false, code_refused},
    {{"id_bad"}, "returned", AFTER_RETURNED, SORT_CODE, 0, false, id_wrong},
    {{"missing_code"}, "repaired", AFTER_MISSING, SORT_CODE, 0, false, code_missing},
    {{"missing_code"}, "repaired", AFTER_MISSING, ANY_ANSWER | SORT_COUNTY, 0, false, any_missing},
    {{"control_char"}, "repaired", AFTER_KEPT, SORT_TEXT, CAN_CONTROL, false, text_with_nul},
    {{"required_blank"},
     "returned",
     AFTER_BLANK,
     ANY_ANSWER | SORT_TEXT | SORT_CODE,
     0,
     false,
     any_blank},
    {{NULL}, "", AFTER_KEPT, ANY_ANSWER | SORT_TEXT | SORT_CODE | SORT_UNIT, 0, true, any_padded},
    {{"calc_mismatch"}, "repaired", AFTER_KEPT, SORT_CALCULATION, 0, false, calculation_wrong},
    {{NULL}, "", AFTER_KEPT, SORT_CALCULATION, 0, false, calculation_grouped},
    {{NULL}, "", AFTER_KEPT, SORT_CALCULATION, 0, false, calculation_left_out},
    {{"village_name"}, "repaired", AFTER_KEPT, SORT_UNIT, 0, true, unit_name},
    {{"village_name"}, "repaired", AFTER_KEPT, SORT_UNIT, CAN_NAME, true, unit_lost},
    {{"num_format"}, "repaired", AFTER_KEPT, SORT_UNIT, 0, true, unit_point},
    {{"fullwidth"}, "repaired", AFTER_KEPT, SORT_UNIT, 0, true, code_full_width},
    {{"skip_violation"}, "returned", AFTER_SKIPPED, SORT_SKIPPED, 0, false, skipped_answered},
    {{NULL}, "", AFTER_SKIPPED, SORT_SKIPPED, 0, false, any_missing},
};
enum { MISTAKE_COUNT = sizeof MISTAKES / sizeof *MISTAKES };

static bool applies(const struct mistake *m, const struct slot *s)
{
    return (m->sorts & s->sort) && (m->needs & ~s->abilities) == 0 && (!s->key || m->for_keys);
}

const struct mistake *mistake_make(struct slot *s)
{
    const struct mistake *fitting[MISTAKE_COUNT];
    int n = 0;
    for (int i = 0; i < MISTAKE_COUNT; i++)
        if (applies(&MISTAKES[i], s))
            fitting[n++] = &MISTAKES[i];
    while (n > 0) {
        int i = (int)chance_below(s->world->chance, n);
        struct shown before = *s->shown;
        if (fitting[i]->make(s))
            return fitting[i];
        *s->shown = before;
        fitting[i] = fitting[--n];
    }
    return NULL;
}
