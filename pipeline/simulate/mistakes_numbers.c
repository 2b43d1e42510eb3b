/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/mistakes_private.h"

#include "simulate/draw.h"
#include "survey/days.h"
#include "review/numeral.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers --------------------------------------------------------------------------------- */

void chinese_number(struct buf *out, long n)
{
    static const char *const digits[] = {"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    static const char *const units[] = {"", "十", "百", "千"};
    if (n >= 10000) {
        chinese_number(out, n / 10000);
        if (!strcmp(buf_text(out), "二"))
            buf_clear(out), buf_puts(out, "两");
        buf_puts(out, "万");
        if (n % 10000 && n % 10000 < 1000)
            buf_puts(out, "零");
        n %= 10000;
        if (n >= 10 && n < 20) /* 一万零一十 */
            buf_puts(out, "一");
    }
    bool gap = false, any = false;
    for (int i = 3, scale = 1000; i >= 0; i--, scale /= 10) {
        int digit = (int)(n / scale % 10);
        if (digit == 0) {
            gap = any;
            continue;
        }
        if (gap)
            buf_puts(out, "零");
        gap = false;
        bool bare_ten = i == 1 && digit == 1 && !any;
        if (!bare_ten)
            buf_puts(out, i == 3 && digit == 2 ? "两" : digits[digit]);
        buf_puts(out, units[i]);
        any = true;
    }
}

bool number_full_width(struct slot *s)
{
    return slot_show(s, text_full_width(s->arena, s->plain));
}

bool number_commas(struct slot *s)
{
    static const char *const separators[] = {",", " "};
    const char *text = text_grouped(s->arena, s->plain, PICK(s, separators));
    return text && slot_show(s, text);
}

bool number_wide_commas(struct slot *s)
{
    const char *text = text_grouped(s->arena, s->plain, "，");
    return text && slot_show(s, text);
}

/* 62600元; and with thousands. */
bool number_unit_word(struct slot *s)
{
    const char *unit = s->question->unit;
    if (!*unit || (strcmp(unit, "万元") != 0 && !words_have(&s->world->rules->unit_words, unit)))
        return false;
    const char *text = text_grouped(s->arena, s->plain, ",");
    if (!text || s->factor != 1 || chance_hits(s->world->chance, 0.7))
        text = s->plain;
    return s->factor == 1 && slot_show(s, arena_printf(s->arena, "%s%s", text, unit));
}

/* 202000元 under 万元. */
bool number_in_yuan(struct slot *s)
{
    struct buf b = {0};
    bool ok = !strcmp(s->question->unit, "万元") && decimal_read(s->plain, 4, &b) &&
              s->true_value->number > 0;
    if (ok)
        slot_show(s, arena_printf(s->arena, "%s元", b.text));
    buf_free(&b);
    return ok;
}

bool number_chinese(struct slot *s)
{
    struct buf b = {0};
    double x = s->true_value->number;
    if (!slot_is_whole(s) || x < 1 || x > 1e8 || s->factor != 1 ||
        (!strcmp(s->question->unit, "万元") && x >= 1000))
        return false;
    if (x >= 1900 && x < 2100 && !slot_is_money(s))
        return false; /* years are not written so */
    chinese_number(&b, (long)x);
    slot_show(s, arena_printf(s->arena, "%s%s", b.text,
                              slot_is_money(s) && chance_hits(s->world->chance, 0.4) ? "元" : ""));
    buf_free(&b);
    return true;
}

/* 三千五, 两万五: the last unit left out. */
bool number_chinese_short(struct slot *s)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    static const char *const units[] = {"万", "千", "百"};
    long n = slot_is_whole(s) ? (long)s->true_value->number : 0;
    int i = 0;
    for (long scale = 10000; i < 3; scale /= 10, i++) {
        long a = n / scale, b = n % scale / (scale / 10);
        if (a >= 1 && a <= 9 && b && n == a * scale + b * (scale / 10) && slot_is_money(s) &&
            s->factor == 1)
            return slot_show(s, arena_printf(s->arena, "%s%s%s", a == 2 ? "两" : digits[a],
                                             units[i], digits[b]));
    }
    return false;
}

/* 3.5万, 3.5万元, 3万5 */
bool number_in_wan(struct slot *s)
{
    long n = slot_is_whole(s) ? (long)s->true_value->number : 0;
    if (!slot_is_money(s) || s->factor != 1 || n < 10000 || n % 100)
        return false;
    long rest = n % 10000;
    if (rest && rest % 1000 == 0 && chance_hits(s->world->chance, 0.3))
        return slot_show(s, arena_printf(s->arena, "%ld万%ld", n / 10000, rest / 1000));
    return slot_show(s, arena_printf(s->arena, "%.10g万%s", (double)n / 10000,
                                     chance_hits(s->world->chance, 0.5) ? "元" : ""));
}

/* 3.5千 */
bool number_in_qian(struct slot *s)
{
    long n = slot_is_whole(s) ? (long)s->true_value->number : 0;
    if (!slot_is_money(s) || s->factor != 1 || n < 1000 || n >= 10000 || n % 100)
        return false;
    return slot_show(s, arena_printf(s->arena, "%.10g千%s", (double)n / 1000,
                                     chance_hits(s->world->chance, 0.3) ? "元" : ""));
}

/* A column in 万元: the cell says its own unit. */
bool number_own_wan(struct slot *s)
{
    return s->factor == 10000 && s->true_value->number > 0 &&
           slot_show(s, arena_printf(s->arena, "%s万元", s->plain));
}

bool number_own_yuan(struct slot *s)
{
    return s->factor == 10000 && s->true_value->number > 0 &&
           slot_show(s, arena_printf(s->arena, "%s元", s->true_value->text));
}

bool number_none(struct slot *s)
{
    if (s->true_value->number != 0 || !slot_allows(s, "0") || !s->world->rules->none_zero.count)
        return false;
    return slot_show(s, s->world->rules->none_zero.items[0]);
}

/* 无 where the question does not take 0. */
bool number_none_refused(struct slot *s)
{
    const struct words *none = &s->world->rules->none_zero;
    return none->count && surely_refused(s, "0") && slot_show(s, none->items[0]);
}

/* Yuan written as ten thousands, and the other way round. */
bool number_suspect(struct slot *s)
{
    bool wan = !strcmp(s->question->unit, "万元");
    struct buf b = {0};
    bool ok = (wan || slot_is_money(s)) && s->factor == 1 &&
              decimal_read(s->plain, wan ? 4 : -4, &b) &&
              looks_suspect(s->world->rules, s->question, strtod(b.text, NULL));
    if (ok) {
        slot_show(s, arena_strdup(s->arena, b.text));
        s->shown->look = LOOK_NUMBER;
    }
    buf_free(&b);
    return ok;
}

bool number_vague(struct slot *s)
{
    static const char *const texts[] = {"几千",  "好几百", "两三万", "不到1万", "3OOO",
                                        "1.2.5", "说不准", "看情况", "二十多",  "3-5千"};
    switch (chance_below(s->world->chance, 6)) {
    case 0:
        return slot_show(s, arena_printf(s->arena, "约%s", s->plain));
    case 1:
        return slot_show(s, arena_printf(s->arena, "%s多", s->plain));
    case 2:
        return slot_show(s, arena_printf(s->arena, "%s左右", s->plain));
    case 3:
        return slot_show(
            s, arena_printf(s->arena, "%s-%ld", s->plain, (long)s->true_value->number + 500));
    default:
        return slot_show(s, PICK(s, texts));
    }
}

bool number_fraction(struct slot *s)
{
    double x = s->true_value->number + 0.5;
    if (s->question->type != Q_INTEGER || s->factor != 1 || x < 0 ||
        looks_suspect(s->world->rules, s->question, x))
        return false;
    slot_show(s, arena_printf(s->arena, "%.10g", x));
    s->shown->look = LOOK_NUMBER;
    return true;
}

static bool is_marked_missing(const struct slot *s, const char *text)
{
    return words_have(&s->world->rules->missing, text) ||
           words_have(&s->world->rules->missing_if_invalid, text);
}

bool number_refused(struct slot *s)
{
    double x = s->true_value->number;
    const double tries[] = {x * 10, x + 1,    -1,    x * 100 + 7, 9999999,
                            -500,   x * 3000, x - 1, 1850,        0};
    long first = chance_below(s->world->chance, 10);
    for (int i = 0; i < 10 && s->factor == 1; i++) {
        double y = tries[(first + i) % 10];
        const char *text = arena_printf(s->arena, "%.12g", y);
        if (looks_suspect(s->world->rules, s->question, y) || is_marked_missing(s, text) ||
            !surely_refused(s, text) || strchr(text, 'e') || fabs(y) >= 1e12)
            continue;
        if (s->question->type == Q_INTEGER && y != floor(y))
            continue;
        slot_show(s, text);
        s->shown->look = LOOK_NUMBER;
        return true;
    }
    return false;
}

/* The number of rows below is another one. */
bool number_miscounted(struct slot *s)
{
    const struct rules *r = s->world->rules;
    int i = 0;
    while (i < r->count_checks && strcmp(r->counts[i].question, s->question->name) != 0)
        i++;
    if (i == r->count_checks)
        return false;
    long n = (long)s->true_value->number, other = n + (chance_hits(s->world->chance, 0.5) ? 1 : -1);
    const char *text = arena_printf(s->arena, "%ld", other);
    int repeat = form_repeat(s->made->level->form, r->counts[i].repeat), rows = 0;
    for (int k = 0; k < s->made->final.child_count; k++)
        rows += s->made->final.children[k]->repeat == repeat;
    if (other < 0 || other == rows || !slot_allows(s, text))
        return false;
    slot_show(s, text);
    s->shown->look = LOOK_NUMBER;
    return true;
}

bool number_nines(struct slot *s)
{
    const struct words *nines = &s->world->rules->missing_if_invalid;
    if (!nines->count || s->factor != 1 || !surely_refused(s, nines->items[0]) ||
        looks_suspect(s->world->rules, s->question, strtod(nines->items[0], NULL)))
        return false;
    slot_show(s, nines->items[0]);
    s->shown->look = LOOK_NUMBER;
    return true;
}

bool number_zeros(struct slot *s)
{
    return text_is_digits(s->plain) && strlen(s->plain) < 3 &&
           slot_show(s, arena_printf(s->arena, "%03ld", atol(s->plain)));
}

bool number_point(struct slot *s)
{
    return text_is_digits(s->plain) && slot_show(s, arena_printf(s->arena, "%s.0", s->plain));
}

/* ---- dates ----------------------------------------------------------------------------------- */

static struct civil civil_of(const struct slot *s)
{
    return civil_from_days(lround(s->true_value->number));
}

bool date_form(struct slot *s)
{
    static const char *const forms[] = {"%d年%d月%d日", "%d.%d.%d",     "%d/%d/%d",
                                        "%d%02d%02d",   "%d/%02d/%02d", "%d年%02d月%02d日",
                                        "%d-%d-%d"};
    struct civil c = civil_of(s);
    const char *text = arena_printf(s->arena, PICK(s, forms), c.year, c.month, c.day);
    return strcmp(text, s->true_value->text) != 0 && slot_show(s, text);
}

bool date_wide_form(struct slot *s)
{
    static const char *const forms[] = {"%d年%d月%d日", "%d.%d.%d", "%d/%d/%d"};
    struct civil c = civil_of(s);
    return slot_show(s, text_full_width(s->arena, arena_printf(s->arena, PICK(s, forms), c.year,
                                                               c.month, c.day)));
}

bool date_serial(struct slot *s)
{
    enum { SERIAL_OF_DAY_0 = 25569 };
    long serial = lround(s->true_value->number) + SERIAL_OF_DAY_0;
    if (serial < s->world->rules->serial_from || serial > s->world->rules->serial_to)
        return false;
    slot_show(s, arena_printf(s->arena, "%ld", serial));
    s->shown->look = LOOK_NUMBER;
    return true;
}

bool date_full_width(struct slot *s)
{
    struct civil c = civil_of(s);
    struct buf b = {0};
    buf_printf(&b, "%04d-%02d-%02d", c.year, c.month, c.day);
    const char *wide = text_full_width(s->arena, b.text), *dash = "－";
    buf_clear(&b);
    for (; *wide; wide++) /* digits only: the dash stays */
        if (starts_with(wide, dash)) {
            buf_putc(&b, '-');
            wide += strlen(dash) - 1;
        } else {
            buf_putc(&b, *wide);
        }
    slot_show(s, arena_strdup(s->arena, b.text));
    buf_free(&b);
    return true;
}

bool date_vague(struct slot *s)
{
    static const char *const texts[] = {"2025-02-30", "2025年5月", "5月",       "2025年", "11/4/25",
                                        "2025-13-05", "五月上旬",  "2025.6.31", "0520"};
    struct civil c = civil_of(s);
    switch (chance_below(s->world->chance, 3)) {
    case 0:
        return slot_show(s, arena_printf(s->arena, "%d月%d日", c.month, c.day));
    case 1:
        return slot_show(s, arena_printf(s->arena, "%02d.%d.%d", c.year % 100, c.month, c.day));
    default:
        return slot_show(s, PICK(s, texts));
    }
}

bool date_refused(struct slot *s)
{
    static const int shifts[] = {400, -400, 150, -150, 3000};
    char text[DATE_TEXT];
    days_to_text(lround(s->true_value->number) + PICK(s, shifts), text);
    return surely_refused(s, text) && slot_show(s, arena_strdup(s->arena, text));
}
