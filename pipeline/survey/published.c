/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/published.h"

#include "base/text.h"
#include "survey/topic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What may stand behind the number: the unit, in either width, or nothing. */
static bool is_unit(const char *rest, const char *unit)
{
    if (!*rest || strcmp(rest, unit) == 0)
        return true;
    return strcmp(unit, "%") == 0 && strcmp(rest, "％") == 0;
}

/* The number at the head of the text: digits, with separators of thousands, and a fraction. */
static const char *scan_number(const char *text, double *value, int *decimals)
{
    struct buf digits = {0};
    const char *p = text, *point = NULL;
    for (; (*p >= '0' && *p <= '9') || *p == ',' || (*p == '.' && !point); p++) {
        if (*p == '.')
            point = p;
        if (*p != ',')
            buf_putc(&digits, *p);
    }
    *decimals = point ? (int)(p - point) - 1 : 0;
    *value = digits.len ? strtod(digits.text, NULL) : NAN;
    bool found = digits.len > 0 && *text != '.' && *text != ',';
    buf_free(&digits);
    return found ? p : text;
}

static int read_text(struct published *out, const struct wsheet *s, int r)
{
    const char *state = wsheet_get(s, r, "state");
    out->value = NAN;
    if (strcmp(state, "约数") == 0)
        out->state = PUBLISHED_FUZZY;
    else if (strcmp(state, "残损") == 0)
        out->state = PUBLISHED_DAMAGED;
    else if (*state)
        return error_at(wsheet_place(s, r, "state"), "只能写 约数、残损，或空着");
    if (*state)
        return 0;
    const char *rest = scan_number(out->text, &out->value, &out->decimals);
    if (rest > out->text && (!out->indicator || is_unit(rest, out->indicator->unit)))
        return 0;
    return error_at(wsheet_place(s, r, "text"),
                    "“%s”不是一个数，或单位与指标的不同。约数、残损的数请在 state 栏写明",
                    out->text);
}

/* county=350424 or county=宁化县. */
static int read_domain(struct topic *t, struct published *out, const struct wsheet *s, int r)
{
    const char *text = wsheet_get(s, r, "domain"), *equals = strchr(text, '=');
    struct place at = wsheet_place(s, r, "domain");
    out->level = out->domain = "all";
    if (!*text)
        return 0;
    char *name = arena_strdup(&t->arena, text);
    name[equals ? equals - text : 0] = '\0';
    const struct domain *d = equals ? topic_domain(t, name) : NULL;
    if (!d)
        return error_at(at, "要写 分组名=值，分组须在 domains 表中");
    for (int i = 0; i < d->value_count; i++)
        if (strcmp(d->values[i].name, equals + 1) == 0 ||
            strcmp(d->values[i].value, equals + 1) == 0) {
            out->level = d->name;
            out->domain = d->values[i].name;
            return 0;
        }
    return error_at(at, "分组 %s（%s）中没有 %s", d->name, d->label, equals + 1);
}

static int read_published(struct topic *t, const struct wsheet *s, int r)
{
    struct published one = {.id = wsheet_get(s, r, "id"),
                            .label = wsheet_get(s, r, "label"),
                            .text = wsheet_get(s, r, "text")};
    const char *indicator = wsheet_get(s, r, "indicator");
    int rc = 0;
    if (!*one.id || topic_published(t, one.id))
        rc |= error_at(wsheet_place(s, r, "id"), "编号是空的或重复");
    if (*indicator && !(one.indicator = topic_indicator(t, indicator)))
        rc |= error_at(wsheet_place(s, r, "indicator"), "indicators 表中没有这个指标");
    rc |= read_domain(t, &one, s, r);
    rc |= read_text(&one, s, r);
    t->published[t->published_count++] = one;
    return rc;
}

int published_read(struct topic *t)
{
    static const char *const heads[] = {"id",        "label",  "text", "state",
                                        "indicator", "domain", "note", NULL};
    const struct wsheet *s = workbook_sheet(t->book, "published");
    int rc = 0;
    if (!s)
        return 0;
    wsheet_check_heads(s, heads);
    t->published = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->published);
    for (int r = 0; r < s->row_count; r++)
        rc |= read_published(t, s, r);
    return rc;
}

const struct published *topic_published(const struct topic *t, const char *id)
{
    for (int i = 0; i < t->published_count; i++)
        if (strcmp(t->published[i].id, id) == 0)
            return &t->published[i];
    return NULL;
}
