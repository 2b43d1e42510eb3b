/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/mistakes.h"

#include "simulate/draw.h"
#include "simulate/texts.h"
#include "survey/days.h"
#include "survey/numeral.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICK(s, list)                                                                              \
    ((list)[chance_below((s)->world->chance, (long)(sizeof(list) / sizeof *(list)))])

static const char NUL_SIGN[] = "␀";

/* ---- helpers --------------------------------------------------------------------------------- */

static bool show(struct slot *s, const char *text)
{
    s->shown->look = LOOK_TEXT;
    s->shown->text = text;
    return true;
}

static bool is_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

static bool is_whole(const struct slot *s)
{
    double x = s->true_value->number;
    return x >= 0 && x == floor(x);
}

static bool is_money(const struct slot *s)
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
static bool surely_allowed(const struct slot *s, const char *text)
{
    struct value self = {VALUE_OK, text, strtod(text, NULL)};
    if (!s->question->constraint)
        return true;
    struct result r = expr_eval(s->question->constraint, &s->made->final, &self);
    return !r.unknown && !r.failed && result_true(&r);
}

static const char *full_width(struct arena *a, const char *text)
{
    struct buf b = {0};
    for (uint32_t c; (c = utf8_next(&text));)
        buf_put_char(&b, c > 0x20 && c < 0x7F ? c + 0xFEE0 : c);
    const char *kept = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return kept;
}

/* "33600" -> "33,600" with any separator; NULL below 1000. */
static const char *grouped(struct arena *a, const char *text, const char *separator)
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

static bool number_full_width(struct slot *s)
{
    return show(s, full_width(s->arena, s->plain));
}

static bool number_commas(struct slot *s)
{
    static const char *const separators[] = {",", " "};
    const char *text = grouped(s->arena, s->plain, PICK(s, separators));
    return text && show(s, text);
}

static bool number_wide_commas(struct slot *s)
{
    const char *text = grouped(s->arena, s->plain, "，");
    return text && show(s, text);
}

/* 62600元; and with thousands. */
static bool number_unit_word(struct slot *s)
{
    const char *unit = s->question->unit;
    if (!*unit || (strcmp(unit, "万元") != 0 && !words_have(&s->world->rules->unit_words, unit)))
        return false;
    const char *text = grouped(s->arena, s->plain, ",");
    if (!text || s->factor != 1 || chance_hits(s->world->chance, 0.7))
        text = s->plain;
    return s->factor == 1 && show(s, arena_printf(s->arena, "%s%s", text, unit));
}

/* 202000元 under 万元. */
static bool number_in_yuan(struct slot *s)
{
    struct buf b = {0};
    bool ok = !strcmp(s->question->unit, "万元") && decimal_read(s->plain, 4, &b) &&
              s->true_value->number > 0;
    if (ok)
        show(s, arena_printf(s->arena, "%s元", b.text));
    buf_free(&b);
    return ok;
}

static bool number_chinese(struct slot *s)
{
    struct buf b = {0};
    double x = s->true_value->number;
    if (!is_whole(s) || x < 1 || x > 1e8 || s->factor != 1 ||
        (!strcmp(s->question->unit, "万元") && x >= 1000))
        return false;
    if (x >= 1900 && x < 2100 && !is_money(s))
        return false; /* years are not written so */
    chinese_number(&b, (long)x);
    show(s, arena_printf(s->arena, "%s%s", b.text,
                         is_money(s) && chance_hits(s->world->chance, 0.4) ? "元" : ""));
    buf_free(&b);
    return true;
}

/* 三千五, 两万五: the last unit left out. */
static bool number_chinese_short(struct slot *s)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    static const char *const units[] = {"万", "千", "百"};
    long n = is_whole(s) ? (long)s->true_value->number : 0;
    int i = 0;
    for (long scale = 10000; i < 3; scale /= 10, i++) {
        long a = n / scale, b = n % scale / (scale / 10);
        if (a >= 1 && a <= 9 && b && n == a * scale + b * (scale / 10) && is_money(s) &&
            s->factor == 1)
            return show(s, arena_printf(s->arena, "%s%s%s", a == 2 ? "两" : digits[a], units[i],
                                        digits[b]));
    }
    return false;
}

/* 3.5万, 3.5万元, 3万5 */
static bool number_in_wan(struct slot *s)
{
    long n = is_whole(s) ? (long)s->true_value->number : 0;
    if (!is_money(s) || s->factor != 1 || n < 10000 || n % 100)
        return false;
    long rest = n % 10000;
    if (rest && rest % 1000 == 0 && chance_hits(s->world->chance, 0.3))
        return show(s, arena_printf(s->arena, "%ld万%ld", n / 10000, rest / 1000));
    return show(s, arena_printf(s->arena, "%.10g万%s", (double)n / 10000,
                                chance_hits(s->world->chance, 0.5) ? "元" : ""));
}

/* 3.5千 */
static bool number_in_qian(struct slot *s)
{
    long n = is_whole(s) ? (long)s->true_value->number : 0;
    if (!is_money(s) || s->factor != 1 || n < 1000 || n >= 10000 || n % 100)
        return false;
    return show(s, arena_printf(s->arena, "%.10g千%s", (double)n / 1000,
                                chance_hits(s->world->chance, 0.3) ? "元" : ""));
}

/* A column in 万元: the cell says its own unit. */
static bool number_own_wan(struct slot *s)
{
    return s->factor == 10000 && s->true_value->number > 0 &&
           show(s, arena_printf(s->arena, "%s万元", s->plain));
}

static bool number_own_yuan(struct slot *s)
{
    return s->factor == 10000 && s->true_value->number > 0 &&
           show(s, arena_printf(s->arena, "%s元", s->true_value->text));
}

static bool number_none(struct slot *s)
{
    if (s->true_value->number != 0 || !surely_allowed(s, "0") || !s->world->rules->none_zero.count)
        return false;
    return show(s, s->world->rules->none_zero.items[0]);
}

/* 无 where the question does not take 0. */
static bool number_none_refused(struct slot *s)
{
    const struct words *none = &s->world->rules->none_zero;
    return none->count && surely_refused(s, "0") && show(s, none->items[0]);
}

/* Yuan written as ten thousands, and the other way round. */
static bool number_suspect(struct slot *s)
{
    bool wan = !strcmp(s->question->unit, "万元");
    struct buf b = {0};
    bool ok = (wan || is_money(s)) && s->factor == 1 && decimal_read(s->plain, wan ? 4 : -4, &b) &&
              looks_suspect(s->world->rules, s->question, strtod(b.text, NULL));
    if (ok) {
        show(s, arena_strdup(s->arena, b.text));
        s->shown->look = LOOK_NUMBER;
    }
    buf_free(&b);
    return ok;
}

static bool number_vague(struct slot *s)
{
    static const char *const texts[] = {"几千",  "好几百", "两三万", "不到1万", "3OOO",
                                        "1.2.5", "说不准", "看情况", "二十多",  "3-5千"};
    switch (chance_below(s->world->chance, 6)) {
    case 0:
        return show(s, arena_printf(s->arena, "约%s", s->plain));
    case 1:
        return show(s, arena_printf(s->arena, "%s多", s->plain));
    case 2:
        return show(s, arena_printf(s->arena, "%s左右", s->plain));
    case 3:
        return show(s,
                    arena_printf(s->arena, "%s-%ld", s->plain, (long)s->true_value->number + 500));
    default:
        return show(s, PICK(s, texts));
    }
}

static bool number_fraction(struct slot *s)
{
    double x = s->true_value->number + 0.5;
    if (s->question->type != Q_INTEGER || s->factor != 1 || x < 0 ||
        looks_suspect(s->world->rules, s->question, x))
        return false;
    show(s, arena_printf(s->arena, "%.10g", x));
    s->shown->look = LOOK_NUMBER;
    return true;
}

static bool is_marked_missing(const struct slot *s, const char *text)
{
    return words_have(&s->world->rules->missing, text) ||
           words_have(&s->world->rules->missing_if_invalid, text);
}

static bool number_refused(struct slot *s)
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
        show(s, text);
        s->shown->look = LOOK_NUMBER;
        return true;
    }
    return false;
}

/* The number of rows below is another one. */
static bool number_miscounted(struct slot *s)
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
    if (other < 0 || other == rows || !surely_allowed(s, text))
        return false;
    show(s, text);
    s->shown->look = LOOK_NUMBER;
    return true;
}

static bool number_nines(struct slot *s)
{
    const struct words *nines = &s->world->rules->missing_if_invalid;
    if (!nines->count || s->factor != 1 || !surely_refused(s, nines->items[0]) ||
        looks_suspect(s->world->rules, s->question, strtod(nines->items[0], NULL)))
        return false;
    show(s, nines->items[0]);
    s->shown->look = LOOK_NUMBER;
    return true;
}

static bool number_zeros(struct slot *s)
{
    return is_digits(s->plain) && strlen(s->plain) < 3 &&
           show(s, arena_printf(s->arena, "%03ld", atol(s->plain)));
}

static bool number_point(struct slot *s)
{
    return is_digits(s->plain) && show(s, arena_printf(s->arena, "%s.0", s->plain));
}

/* ---- dates ----------------------------------------------------------------------------------- */

static struct civil civil_of(const struct slot *s)
{
    return civil_from_days(lround(s->true_value->number));
}

static bool date_form(struct slot *s)
{
    static const char *const forms[] = {"%d年%d月%d日", "%d.%d.%d",     "%d/%d/%d",
                                        "%d%02d%02d",   "%d/%02d/%02d", "%d年%02d月%02d日",
                                        "%d-%d-%d"};
    struct civil c = civil_of(s);
    const char *text = arena_printf(s->arena, PICK(s, forms), c.year, c.month, c.day);
    return strcmp(text, s->true_value->text) != 0 && show(s, text);
}

static bool date_wide_form(struct slot *s)
{
    static const char *const forms[] = {"%d年%d月%d日", "%d.%d.%d", "%d/%d/%d"};
    struct civil c = civil_of(s);
    return show(
        s, full_width(s->arena, arena_printf(s->arena, PICK(s, forms), c.year, c.month, c.day)));
}

static bool date_serial(struct slot *s)
{
    enum { SERIAL_OF_DAY_0 = 25569 };
    long serial = lround(s->true_value->number) + SERIAL_OF_DAY_0;
    if (serial < s->world->rules->serial_from || serial > s->world->rules->serial_to)
        return false;
    show(s, arena_printf(s->arena, "%ld", serial));
    s->shown->look = LOOK_NUMBER;
    return true;
}

static bool date_full_width(struct slot *s)
{
    struct civil c = civil_of(s);
    struct buf b = {0};
    buf_printf(&b, "%04d-%02d-%02d", c.year, c.month, c.day);
    const char *wide = full_width(s->arena, b.text), *dash = "－";
    buf_clear(&b);
    for (; *wide; wide++) /* digits only: the dash stays */
        if (starts_with(wide, dash)) {
            buf_putc(&b, '-');
            wide += strlen(dash) - 1;
        } else {
            buf_putc(&b, *wide);
        }
    show(s, arena_strdup(s->arena, b.text));
    buf_free(&b);
    return true;
}

static bool date_vague(struct slot *s)
{
    static const char *const texts[] = {"2025-02-30", "2025年5月", "5月",       "2025年", "11/4/25",
                                        "2025-13-05", "五月上旬",  "2025.6.31", "0520"};
    struct civil c = civil_of(s);
    switch (chance_below(s->world->chance, 3)) {
    case 0:
        return show(s, arena_printf(s->arena, "%d月%d日", c.month, c.day));
    case 1:
        return show(s, arena_printf(s->arena, "%02d.%d.%d", c.year % 100, c.month, c.day));
    default:
        return show(s, PICK(s, texts));
    }
}

static bool date_refused(struct slot *s)
{
    static const int shifts[] = {400, -400, 150, -150, 3000};
    char text[DATE_TEXT];
    days_to_text(lround(s->true_value->number) + PICK(s, shifts), text);
    return surely_refused(s, text) && show(s, arena_strdup(s->arena, text));
}

/* ---- one choice ------------------------------------------------------------------------------ */

static const struct choice *true_choice(const struct slot *s)
{
    return s->question->list ? list_choice(s->question->list, s->true_value->text) : NULL;
}

/* Whether the label, read without blanks and width, is that of this choice only. */
static bool is_unlike(const struct slot *s, const struct choice *c)
{
    for (int i = 0; i < s->question->list->count; i++) {
        const struct choice *o = &s->question->list->choices[i];
        if (o != c && (!strcmp(o->label, c->label) || !strcmp(o->name, c->label)))
            return false;
    }
    return true;
}

static const char *numbered(struct slot *s, const struct choice *c)
{
    static const char *const forms[] = {"%s.%s", "%s、%s", "(%s)%s", "%s %s", "（%s）%s", "%s．%s"};
    return arena_printf(s->arena, PICK(s, forms), c->name, c->label);
}

static bool one_numbered(struct slot *s)
{
    const struct choice *c = true_choice(s);
    return c && is_digits(c->name) && is_unlike(s, c) && show(s, numbered(s, c));
}

/* 交通运输,快递物流: another width or sort of punctuation. */
static bool one_punctuation(struct slot *s)
{
    static const struct {
        const char *is, *becomes;
    } pairs[] = {{"、", ","}, {"，", ","}, {"、", "，"}, {"（", "("}, {"/", "／"}, {"-", "－"}};
    const struct choice *c = true_choice(s);
    for (size_t i = 0; c && is_unlike(s, c) && i < sizeof pairs / sizeof *pairs; i++) {
        const char *at = strstr(c->label, pairs[i].is);
        if (at)
            return show(s, arena_printf(s->arena, "%.*s%s%s", (int)(at - c->label), c->label,
                                        pairs[i].becomes, at + strlen(pairs[i].is)));
    }
    return false;
}

/* 受雇 务工 */
static bool one_blank_inside(struct slot *s)
{
    const struct choice *c = true_choice(s);
    const char *p = c ? c->label : "";
    utf8_next(&p);
    return *p && is_unlike(s, c) &&
           show(s, arena_printf(s->arena, "%.*s %s", (int)(p - c->label), c->label, p));
}

static bool one_full_width(struct slot *s)
{
    return is_digits(s->true_value->text) && show(s, full_width(s->arena, s->true_value->text));
}

static bool one_unknown(struct slot *s)
{
    static const char *const texts[] = {"0", "88", "差不多", "见附件", "？", "1和2", "都有"};
    const char *text = PICK(s, texts);
    for (int i = 0; i < s->question->list->count; i++)
        if (!strcmp(s->question->list->choices[i].name, text))
            return false;
    return show(s, text);
}

/* A choice that the choice_filter leaves out. */
static bool one_filtered(struct slot *s)
{
    const struct choice_list *l = s->question->list;
    for (int i = 0; s->question->choice_filter && i < l->count; i++) {
        struct result r =
            expr_eval_choice(s->question->choice_filter, &s->made->final, l, &l->choices[i]);
        if (r.unknown || r.failed)
            return false;
        if (!result_true(&r) && chance_hits(s->world->chance, 0.4))
            return show(s, l->choices[i].name);
    }
    return false;
}

static bool county_other(struct slot *s)
{
    const struct choice_list *l = s->question->list;
    const struct choice *c =
        l && l->count > 1 ? &l->choices[chance_below(s->world->chance, l->count)] : NULL;
    if (!c || !strcmp(c->name, s->true_value->text))
        return false;
    return show(s, chance_hits(s->world->chance, 0.5) ? c->name : c->label);
}

/* ---- many choices ---------------------------------------------------------------------------- */

/* The chosen ones of a text of codes, by `form` and with `between`; returns how many. */
static int join(struct slot *s, const char *codes, const char *between, int form, struct buf *out)
{
    int n = 0;
    for (const char *p = codes; *p;) {
        size_t len = strcspn(p, " ");
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)len, p);
        const struct choice *c = list_choice(s->question->list, name);
        buf_puts(out, n++ ? between : "");
        if (form == 2)
            buf_printf(out, "%s.%s", name, c ? c->label : "");
        else
            buf_puts(out, form && c ? c->label : name);
        p += len + (p[len] == ' ');
    }
    return n;
}

static bool many_joined(struct slot *s, const char *between, int form, int least)
{
    struct buf b = {0};
    bool ok = join(s, s->true_value->text, between, form, &b) >= least;
    if (ok)
        show(s, arena_strdup(s->arena, b.text));
    buf_free(&b);
    return ok;
}

static bool many_separated(struct slot *s)
{
    static const char *const between[] = {"；", "，", ";", ",", "/", "|", "+", "、", "; ", " "};
    long i = chance_below(s->world->chance, 10);
    bool codes =
        i == 7 || (i != 9 && chance_hits(s->world->chance, 0.5)); /* 1、4; labels "甲 乙" */
    return many_joined(s, between[i], !codes, 2);
}

static bool many_numbered(struct slot *s)
{
    const char *codes = s->true_value->text;
    for (; *codes && *codes != ' '; codes++)
        if (!isdigit((unsigned char)*codes))
            return false;
    return many_joined(s, "、", 2, 1);
}

static bool many_full_width(struct slot *s)
{
    return isdigit((unsigned char)s->true_value->text[0]) &&
           show(s, full_width(s->arena, s->true_value->text));
}

/* 14 for 1 and 4 */
static bool many_run_together(struct slot *s)
{
    struct buf b = {0};
    bool ok =
        join(s, s->true_value->text, "", 0, &b) >= 2 && !list_choice(s->question->list, b.text);
    if (ok)
        show(s, arena_strdup(s->arena, b.text));
    buf_free(&b);
    return ok;
}

/* Another order of the choices says the same. */
static bool many_turned(struct slot *s)
{
    const char *first = s->true_value->text, *rest = strchr(first, ' ');
    if (!rest)
        return false;
    const char *turned = arena_printf(s->arena, "%s %.*s", rest + 1, (int)(rest - first), first);
    struct buf b = {0};
    join(s, turned, "、", 1, &b);
    show(s, chance_hits(s->world->chance, 0.5) ? turned : arena_strdup(s->arena, b.text));
    buf_free(&b);
    return true;
}

static bool many_unknown(struct slot *s)
{
    static const char *const texts[] = {"77", "以上都是", "见附件"};
    const char *text = PICK(s, texts);
    struct buf b = {0};
    bool label = !is_digits(text);
    join(s, s->true_value->text, label ? "、" : " ", label, &b);
    show(s, arena_printf(s->arena, "%s%s%s", b.text, label ? "、" : " ", text));
    buf_free(&b);
    return true;
}

/* A set of choices that the constraint refuses. */
static bool many_refused(struct slot *s)
{
    const struct choice_list *l = s->question->list;
    for (int tries = 0; tries < 40 && s->question->constraint; tries++) {
        const char *text = "";
        for (int i = 0; i < l->count; i++)
            if (chance_hits(s->world->chance, 0.6))
                text = arena_printf(s->arena, "%s%s%s", text, *text ? " " : "", l->choices[i].name);
        if (*text && surely_refused(s, text)) {
            s->shown->choices = text;
            return show(s, text);
        }
    }
    return false;
}

/* The 0/1 columns say something else. */
static bool many_conflict(struct slot *s)
{
    const struct choice_list *l = s->question->list;
    const struct choice *c = &l->choices[chance_below(s->world->chance, l->count)];
    char padded[512], name[80];
    snprintf(padded, sizeof padded, " %s ", s->true_value->text);
    snprintf(name, sizeof name, " %s ", c->name);
    if (strstr(padded, name))
        return false;
    s->shown->choices = arena_printf(s->arena, "%s %s", s->true_value->text, c->name);
    return show(s, s->true_value->text);
}

/* ---- codes: telephones, identity numbers … --------------------------------------------------- */

static bool code_spaced(struct slot *s)
{
    const char *t = s->true_value->text;
    bool id = words_have(&s->world->rules->id_questions, s->question->name);
    if (strlen(t) == 11 && is_digits(t))
        return show(s, arena_printf(s->arena, "%.3s%s%.4s%s%s", t,
                                    chance_hits(s->world->chance, 0.5) ? "-" : " ", t + 3, " " + 0,
                                    t + 7));
    return id && strlen(t) == 18 &&
           show(s, arena_printf(s->arena, "%.6s %.8s %s", t, t + 6, t + 14));
}

static bool code_lower(struct slot *s)
{
    struct buf b = {0};
    buf_puts(&b, s->true_value->text);
    bool changed = false;
    for (size_t i = 0; i < b.len; i++)
        if (b.text[i] >= 'A' && b.text[i] <= 'Z') {
            b.text[i] = (char)(b.text[i] + 'a' - 'A');
            changed = true;
        }
    if (changed)
        show(s, arena_strdup(s->arena, b.text));
    buf_free(&b);
    return changed;
}

static bool code_full_width(struct slot *s)
{
    return show(s, full_width(s->arena, s->true_value->text));
}

static bool is_id(const struct slot *s)
{
    return words_have(&s->world->rules->id_questions, s->question->name);
}

/* One digit short, long or wrong. */
static const char *spoilt(struct slot *s)
{
    const char *t = s->true_value->text;
    size_t n = strlen(t);
    size_t at = (size_t)chance_below(s->world->chance, (long)n);
    switch (chance_below(s->world->chance, 3)) {
    case 0:
        return arena_strndup(s->arena, t, n - 1);
    case 1:
        return arena_printf(s->arena, "%s%c", t, t[0]);
    default:
        return arena_printf(s->arena, "%.*s%c%s", (int)at, t, t[at] == '7' ? '3' : '7', t + at + 1);
    }
}

static bool code_refused(struct slot *s)
{
    const char *text = is_id(s) ? "" : spoilt(s);
    return *text && surely_refused(s, text) && show(s, text);
}

static bool id_wrong(struct slot *s)
{
    const char *t = s->true_value->text, *text = spoilt(s);
    if (!is_id(s) || strlen(t) != 18)
        return false;
    switch (chance_below(s->world->chance, 5)) {
    case 3: /* kept to himself */
        text = arena_printf(s->arena, "%.6s********%s", t, t + 14);
        break;
    case 0: /* 15 digits of the old sort */
        text = arena_printf(s->arena, "%.6s%.9s", t, t + 8);
        break;
    case 1: /* a spreadsheet's number */
        text = arena_printf(s->arena, "%c.%.5sE+17", t[0], t + 1);
        break;
    case 2: { /* somebody of the other sex */
        char other[32];
        snprintf(other, sizeof other, "%.16s%d", t, (t[16] - '0' + 1) % 10);
        text = arena_printf(s->arena, "%s%c", other, identity_check(other));
        break;
    }
    default:
        break;
    }
    return surely_refused(s, text) && show(s, text);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static bool with_nul(struct slot *s)
{
    size_t n = s->plain ? strlen(s->plain) : 0;
    if (n < 2 || (unsigned char)s->plain[0] >= 0x80 || s->plain[0] == '-')
        return false;
    s->shown->nul = true;
    return show(s, arena_printf(s->arena, "%c%s%s", s->plain[0], NUL_SIGN, s->plain + 1));
}

static bool text_with_nul(struct slot *s)
{
    s->shown->nul = true;
    return show(s, arena_printf(s->arena, "%s%s", s->true_value->text, NUL_SIGN));
}

static bool any_blank(struct slot *s)
{
    const struct question *q = s->question;
    struct result r = {.kind = RESULT_BOOL};
    if (q->required)
        r = expr_eval(q->required, &s->made->final, NULL);
    if (!result_true(&r) || r.unknown)
        return false;
    *s->shown = (struct shown){.look = LOOK_NONE, .text = ""};
    return chance_hits(s->world->chance, 0.8) ||
           show(s, chance_hits(s->world->chance, 0.5) ? "  " : "　");
}

static bool any_missing(struct slot *s)
{
    const struct words *w = &s->world->rules->missing;
    if (!w->count)
        return false;
    const char *text = w->items[chance_below(s->world->chance, w->count)];
    for (int i = 0; s->question->list && i < s->question->list->count; i++)
        if (!strcmp(text, s->question->list->choices[i].label))
            return false;
    s->shown->choices = NULL;
    return show(s, text);
}

static bool code_missing(struct slot *s)
{
    const struct rules *r = s->world->rules;
    if (!words_have(&r->number_questions, s->question->name))
        return false;
    if (r->missing_text.count && chance_hits(s->world->chance, 0.5))
        return show(s, r->missing_text.items[0]);
    return any_missing(s);
}

static bool padded(struct slot *s)
{
    static const char *const blanks[] = {" ", "  ", "\u00A0", "\t", "\u3000"};
    if (!s->shown->text || !*s->shown->text)
        return false;
    const char *before = PICK(s, blanks), *after = PICK(s, blanks);
    return show(s,
                arena_printf(s->arena, "%s%s%s", chance_hits(s->world->chance, 0.5) ? before : "",
                             s->shown->text, after));
}

/* ---- calculations ---------------------------------------------------------------------------- */

static bool calculation_wrong(struct slot *s)
{
    static const double errors[] = {1000, -1000, 1, 10, -10, 100};
    const struct value *v = &s->made->final.values[s->question->index];
    if (v->missing != VALUE_OK || isnan(v->number))
        return false;
    show(s, arena_printf(s->arena, "%.10g", v->number + PICK(s, errors)));
    s->shown->look = LOOK_NUMBER;
    return true;
}

static bool calculation_grouped(struct slot *s)
{
    const char *text = grouped(s->arena, s->true_value->text, ",");
    return text && show(s, text);
}

static bool calculation_left_out(struct slot *s)
{
    *s->shown = (struct shown){.look = LOOK_NONE, .text = ""};
    return true;
}

/* ---- the unit -------------------------------------------------------------------------------- */

static bool names_unit(const struct slot *s, const char *text)
{
    return s->made->unit && frame_match(s->world->frame, s->world->county, text) == s->made->unit;
}

static bool unit_name(struct slot *s)
{
    const struct unit *u = s->made->unit;
    const char *text = u && chance_hits(s->world->chance, 0.5) ? u->name : u ? u->full_name : "";
    return names_unit(s, text) && show(s, text);
}

/* Blank, or turned scientific; the name beside it tells. */
static bool unit_lost(struct slot *s)
{
    const char *code = s->true_value->text;
    if (!s->name || !s->name->text || !names_unit(s, s->name->text))
        return false;
    if (chance_hits(s->world->chance, 0.3)) {
        *s->shown = (struct shown){.look = LOOK_NONE, .text = ""};
        return true;
    }
    return show(s, arena_printf(s->arena, "%c.%.5sE+11", code[0], code + 1));
}

static bool unit_point(struct slot *s)
{
    return show(s, arena_printf(s->arena, "%s.0", s->true_value->text));
}

/* ---- not asked ------------------------------------------------------------------------------- */

static bool skipped_answered(struct slot *s)
{
    struct value v;
    if (!draw_answer(s->world, s->arena, s->made, s->question, &v) || v.missing != VALUE_OK)
        return false;
    s->shown->choices = s->question->type == Q_SELECT_MULTIPLE ? v.text : NULL;
    return show(s, v.text);
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
     with_nul},
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
    {{NULL}, "", AFTER_KEPT, ANY_ANSWER | SORT_TEXT | SORT_CODE | SORT_UNIT, 0, true, padded},
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
