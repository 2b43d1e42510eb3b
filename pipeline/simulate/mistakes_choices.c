/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/mistakes_private.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

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

bool one_numbered(struct slot *s)
{
    const struct choice *c = true_choice(s);
    return c && text_is_digits(c->name) && is_unlike(s, c) && slot_show(s, numbered(s, c));
}

/* 交通运输,快递物流: another width or sort of punctuation. */
bool one_punctuation(struct slot *s)
{
    static const struct {
        const char *is, *becomes;
    } pairs[] = {{"、", ","}, {"，", ","}, {"、", "，"}, {"（", "("}, {"/", "／"}, {"-", "－"}};
    const struct choice *c = true_choice(s);
    for (size_t i = 0; c && is_unlike(s, c) && i < sizeof pairs / sizeof *pairs; i++) {
        const char *at = strstr(c->label, pairs[i].is);
        if (at)
            return slot_show(s, arena_printf(s->arena, "%.*s%s%s", (int)(at - c->label), c->label,
                                             pairs[i].becomes, at + strlen(pairs[i].is)));
    }
    return false;
}

/* 受雇 务工 */
bool one_blank_inside(struct slot *s)
{
    const struct choice *c = true_choice(s);
    const char *p = c ? c->label : "";
    utf8_next(&p);
    return *p && is_unlike(s, c) &&
           slot_show(s, arena_printf(s->arena, "%.*s %s", (int)(p - c->label), c->label, p));
}

bool one_full_width(struct slot *s)
{
    return text_is_digits(s->true_value->text) &&
           slot_show(s, text_full_width(s->arena, s->true_value->text));
}

bool one_unknown(struct slot *s)
{
    static const char *const texts[] = {"0", "88", "差不多", "见附件", "？", "1和2", "都有"};
    const char *text = PICK(s, texts);
    for (int i = 0; i < s->question->list->count; i++)
        if (!strcmp(s->question->list->choices[i].name, text))
            return false;
    return slot_show(s, text);
}

/* A choice that the choice_filter leaves out. */
bool one_filtered(struct slot *s)
{
    const struct choice_list *l = s->question->list;
    for (int i = 0; s->question->choice_filter && i < l->count; i++) {
        struct result r =
            expr_eval_choice(s->question->choice_filter, &s->made->final, l, &l->choices[i]);
        if (r.unknown || r.failed)
            return false;
        if (!result_true(&r) && chance_hits(s->world->chance, 0.4))
            return slot_show(s, l->choices[i].name);
    }
    return false;
}

bool county_other(struct slot *s)
{
    const struct choice_list *l = s->question->list;
    const struct choice *c =
        l && l->count > 1 ? &l->choices[chance_below(s->world->chance, l->count)] : NULL;
    if (!c || !strcmp(c->name, s->true_value->text))
        return false;
    return slot_show(s, chance_hits(s->world->chance, 0.5) ? c->name : c->label);
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
        slot_show(s, arena_strdup(s->arena, b.text));
    buf_free(&b);
    return ok;
}

bool many_separated(struct slot *s)
{
    static const char *const between[] = {"；", "，", ";", ",", "/", "|", "+", "、", "; ", " "};
    long i = chance_below(s->world->chance, 10);
    bool codes =
        i == 7 || (i != 9 && chance_hits(s->world->chance, 0.5)); /* 1、4; labels "甲 乙" */
    return many_joined(s, between[i], !codes, 2);
}

bool many_numbered(struct slot *s)
{
    const char *codes = s->true_value->text;
    for (; *codes && *codes != ' '; codes++)
        if (!isdigit((unsigned char)*codes))
            return false;
    return many_joined(s, "、", 2, 1);
}

bool many_full_width(struct slot *s)
{
    return isdigit((unsigned char)s->true_value->text[0]) &&
           slot_show(s, text_full_width(s->arena, s->true_value->text));
}

/* 14 for 1 and 4 */
bool many_run_together(struct slot *s)
{
    struct buf b = {0};
    bool ok =
        join(s, s->true_value->text, "", 0, &b) >= 2 && !list_choice(s->question->list, b.text);
    if (ok)
        slot_show(s, arena_strdup(s->arena, b.text));
    buf_free(&b);
    return ok;
}

/* Another order of the choices says the same. */
bool many_turned(struct slot *s)
{
    const char *first = s->true_value->text, *rest = strchr(first, ' ');
    if (!rest)
        return false;
    const char *turned = arena_printf(s->arena, "%s %.*s", rest + 1, (int)(rest - first), first);
    struct buf b = {0};
    join(s, turned, "、", 1, &b);
    slot_show(s, chance_hits(s->world->chance, 0.5) ? turned : arena_strdup(s->arena, b.text));
    buf_free(&b);
    return true;
}

bool many_unknown(struct slot *s)
{
    static const char *const texts[] = {"77", "以上都是", "见附件"};
    const char *text = PICK(s, texts);
    struct buf b = {0};
    bool label = !text_is_digits(text);
    join(s, s->true_value->text, label ? "、" : " ", label, &b);
    slot_show(s, arena_printf(s->arena, "%s%s%s", b.text, label ? "、" : " ", text));
    buf_free(&b);
    return true;
}

/* A set of choices that the constraint refuses. */
bool many_refused(struct slot *s)
{
    const struct choice_list *l = s->question->list;
    for (int tries = 0; tries < 40 && s->question->constraint; tries++) {
        const char *text = "";
        for (int i = 0; i < l->count; i++)
            if (chance_hits(s->world->chance, 0.6))
                text = arena_printf(s->arena, "%s%s%s", text, *text ? " " : "", l->choices[i].name);
        if (*text && surely_refused(s, text)) {
            s->shown->choices = text;
            return slot_show(s, text);
        }
    }
    return false;
}

/* The 0/1 columns say something else. */
bool many_conflict(struct slot *s)
{
    const struct choice_list *l = s->question->list;
    const struct choice *c = &l->choices[chance_below(s->world->chance, l->count)];
    char padded[512], name[80];
    snprintf(padded, sizeof padded, " %s ", s->true_value->text);
    snprintf(name, sizeof name, " %s ", c->name);
    if (strstr(padded, name))
        return false;
    s->shown->choices = arena_printf(s->arena, "%s %s", s->true_value->text, c->name);
    return slot_show(s, s->true_value->text);
}
