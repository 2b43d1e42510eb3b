/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/mistakes_private.h"

#include "simulate/draw.h"
#include "simulate/texts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char NUL_SIGN[] = "␀";

/* ---- codes: telephones, identity numbers … --------------------------------------------------- */

bool code_spaced(struct slot *s)
{
    const char *t = s->true_value->text;
    bool id = words_have(&s->world->rules->id_questions, s->question->name);
    char gap = chance_hits(s->world->chance, 0.5) ? '-' : ' ';
    if (strlen(t) == 11 && text_is_digits(t))
        return slot_show(s, arena_printf(s->arena, "%.3s%c%.4s%c%s", t, gap, t + 3, gap, t + 7));
    return id && strlen(t) == 18 &&
           slot_show(s, arena_printf(s->arena, "%.6s %.8s %s", t, t + 6, t + 14));
}

bool code_lower(struct slot *s)
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
        slot_show(s, arena_strdup(s->arena, b.text));
    buf_free(&b);
    return changed;
}

bool code_full_width(struct slot *s)
{
    return slot_show(s, text_full_width(s->arena, s->true_value->text));
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

bool code_refused(struct slot *s)
{
    const char *text = is_id(s) ? "" : spoilt(s);
    return *text && surely_refused(s, text) && slot_show(s, text);
}

bool id_wrong(struct slot *s)
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
    return surely_refused(s, text) && slot_show(s, text);
}

/* ---- texts ----------------------------------------------------------------------------------- */

bool code_with_nul(struct slot *s)
{
    size_t n = s->plain ? strlen(s->plain) : 0;
    if (n < 2 || (unsigned char)s->plain[0] >= 0x80 || s->plain[0] == '-')
        return false;
    s->shown->nul = true;
    return slot_show(s, arena_printf(s->arena, "%c%s%s", s->plain[0], NUL_SIGN, s->plain + 1));
}

bool text_with_nul(struct slot *s)
{
    s->shown->nul = true;
    return slot_show(s, arena_printf(s->arena, "%s%s", s->true_value->text, NUL_SIGN));
}

bool any_blank(struct slot *s)
{
    const struct question *q = s->question;
    struct result r = {.kind = RESULT_BOOL};
    if (q->required)
        r = expr_eval(q->required, &s->made->final, NULL);
    if (!result_true(&r) || r.unknown)
        return false;
    *s->shown = (struct shown){.look = LOOK_NONE, .text = ""};
    return chance_hits(s->world->chance, 0.8) ||
           slot_show(s, chance_hits(s->world->chance, 0.5) ? "  " : "　");
}

bool any_missing(struct slot *s)
{
    const struct words *w = &s->world->rules->missing;
    if (!w->count)
        return false;
    const char *text = w->items[chance_below(s->world->chance, w->count)];
    for (int i = 0; s->question->list && i < s->question->list->count; i++)
        if (!strcmp(text, s->question->list->choices[i].label))
            return false;
    s->shown->choices = NULL;
    return slot_show(s, text);
}

bool code_missing(struct slot *s)
{
    const struct rules *r = s->world->rules;
    if (!words_have(&r->number_questions, s->question->name))
        return false;
    if (r->missing_text.count && chance_hits(s->world->chance, 0.5))
        return slot_show(s, r->missing_text.items[0]);
    return any_missing(s);
}

bool any_padded(struct slot *s)
{
    static const char *const blanks[] = {" ", "  ", "\u00A0", "\t", "\u3000"};
    if (!s->shown->text || !*s->shown->text)
        return false;
    const char *before = PICK(s, blanks), *after = PICK(s, blanks);
    return slot_show(s, arena_printf(s->arena, "%s%s%s",
                                     chance_hits(s->world->chance, 0.5) ? before : "",
                                     s->shown->text, after));
}

/* ---- calculations ---------------------------------------------------------------------------- */

bool calculation_wrong(struct slot *s)
{
    static const double errors[] = {1000, -1000, 1, 10, -10, 100};
    const struct value *v = &s->made->final.values[s->question->index];
    if (v->missing != VALUE_OK || isnan(v->number))
        return false;
    slot_show(s, arena_printf(s->arena, "%.10g", v->number + PICK(s, errors)));
    s->shown->look = LOOK_NUMBER;
    return true;
}

bool calculation_grouped(struct slot *s)
{
    const char *text = text_grouped(s->arena, s->true_value->text, ",");
    return text && slot_show(s, text);
}

bool calculation_left_out(struct slot *s)
{
    *s->shown = (struct shown){.look = LOOK_NONE, .text = ""};
    return true;
}

/* ---- the unit -------------------------------------------------------------------------------- */

static bool names_unit(const struct slot *s, const char *text)
{
    return s->made->unit && frame_match(s->world->frame, s->world->county, text) == s->made->unit;
}

bool unit_name(struct slot *s)
{
    const struct unit *u = s->made->unit;
    const char *text = u && chance_hits(s->world->chance, 0.5) ? u->name : u ? u->full_name : "";
    return names_unit(s, text) && slot_show(s, text);
}

/* Blank, or turned scientific; the name beside it tells. */
bool unit_lost(struct slot *s)
{
    const char *code = s->true_value->text;
    if (!s->name || !s->name->text || !names_unit(s, s->name->text))
        return false;
    if (chance_hits(s->world->chance, 0.3)) {
        *s->shown = (struct shown){.look = LOOK_NONE, .text = ""};
        return true;
    }
    return slot_show(s, arena_printf(s->arena, "%c.%.5sE+11", code[0], code + 1));
}

bool unit_point(struct slot *s)
{
    return slot_show(s, arena_printf(s->arena, "%s.0", s->true_value->text));
}

/* ---- not asked ------------------------------------------------------------------------------- */

bool skipped_answered(struct slot *s)
{
    struct value v;
    if (!draw_answer(s->world, s->arena, s->made, s->question, &v) || v.missing != VALUE_OK)
        return false;
    s->shown->choices = s->question->type == Q_SELECT_MULTIPLE ? v.text : NULL;
    return slot_show(s, v.text);
}
