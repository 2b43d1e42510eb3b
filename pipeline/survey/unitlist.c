/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/unitlist.h"

#include "survey/days.h"
#include "survey/unitname.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTY_DIGITS = 6, DEEPEST = 8 };

/* A text by which people may name a unit. */
struct unit_writing {
    int spell;
    bool alias;
    int next; /* the next one of the same text, -1 */
};

int unit_list_key(const struct unit_list *l, const char *key)
{
    return (int)map_get(&l->by_key, key, -1);
}

const struct unit_spell *unit_spell_last(const struct unit_list *l, int unit)
{
    return &l->spells[l->units[unit].spell];
}

static const struct unit_spell *earlier(const struct unit_list *l, const struct unit_spell *s)
{
    return s->earlier < 0 ? NULL : &l->spells[s->earlier];
}

const struct unit_spell *unit_spell_at(const struct unit_list *l, int unit, long day)
{
    const struct unit_spell *s = unit_spell_last(l, unit);
    while (day < s->from && earlier(l, s))
        s = earlier(l, s);
    return s;
}

static long first_day(const struct unit_list *l, int unit)
{
    const struct unit_spell *s = unit_spell_last(l, unit);
    while (earlier(l, s))
        s = earlier(l, s);
    return s->from;
}

bool unit_list_exists(const struct unit_list *l, int unit, long day)
{
    return first_day(l, unit) <= day && day <= unit_spell_last(l, unit)->to;
}

/* ---- the county -------------------------------------------------------------------------------
 */

static bool is_county_code(const char *text)
{
    return strlen(text) == COUNTY_DIGITS && strspn(text, "0123456789") == COUNTY_DIGITS;
}

const char *unit_list_county(const struct unit_list *l, int unit, const char **name)
{
    const char *parent = "";
    *name = "";
    for (int depth = 0; unit >= 0 && depth < DEEPEST; depth++) {
        const struct unit_spell *s = unit_spell_last(l, unit);
        *name = s->name;
        if (is_county_code(s->code))
            return s->code;
        parent = s->parent;
        unit = unit_list_key(l, parent);
    }
    *name = "";
    return is_county_code(parent) ? parent : "";
}

void unit_list_put_name(const struct unit_list *l, int unit, struct buf *out)
{
    const struct unit_spell *s = unit_spell_last(l, unit);
    int above = unit_list_key(l, s->parent);
    if (above >= 0 && !is_county_code(unit_spell_last(l, above)->code))
        buf_puts(out, unit_spell_last(l, above)->name);
    buf_puts(out, s->name);
}

/* Codes of other times count too: 沙县's villages are those of 沙县区. */
bool unit_list_in_county(const struct unit_list *l, int unit, const char *county)
{
    for (int depth = 0; unit >= 0 && depth < DEEPEST; depth++) {
        const struct unit_spell *last = unit_spell_last(l, unit);
        for (const struct unit_spell *s = last; s; s = earlier(l, s))
            if (!strcmp(s->code, county) || !strcmp(s->parent, county))
                return true;
        if (!strcmp(l->units[unit].key, county))
            return true;
        unit = unit_list_key(l, last->parent);
    }
    return false;
}

/* ---- finding ----------------------------------------------------------------------------------
 */

static bool wanted(const struct unit_list *l, const struct unit_query *q, int unit)
{
    return (!*q->kind || !strcmp(q->kind, l->units[unit].kind)) &&
           (!*q->county || unit_list_in_county(l, unit, q->county));
}

static enum unit_state state_of(const struct unit_list *l, const struct unit_writing *w, long day)
{
    const struct unit_spell *s = &l->spells[w->spell];
    if (day > unit_spell_last(l, s->unit)->to)
        return UNIT_ENDED;
    if (day < first_day(l, s->unit))
        return UNIT_LATER;
    if (day < s->from || day > s->to)
        return UNIT_FORMER;
    return w->alias ? UNIT_ALIAS : UNIT_NOW;
}

static void add_candidate(struct unit_found *out, int unit)
{
    for (int i = 0; i < out->candidate_count; i++)
        if (out->candidates[i] == unit)
            return;
    if (out->candidate_count < UNIT_CANDIDATES)
        out->candidates[out->candidate_count++] = unit;
}

/* All wanted units of a writing; the best state of each is the smallest. */
static void look_up(const struct unit_list *l, const struct map *m, const char *text,
                    const struct unit_query *q, struct unit_found *out)
{
    struct unit_found now = {UNIT_NOW, -1, {0}, 0};
    enum unit_state best = UNIT_SEVERAL;
    for (long i = map_get(m, text, -1); i >= 0; i = l->writings[i].next) {
        int unit = l->spells[l->writings[i].spell].unit;
        if (!wanted(l, q, unit))
            continue;
        enum unit_state state = state_of(l, &l->writings[i], q->day);
        best = state < best ? state : best;
        add_candidate(out, unit);
        if (state == UNIT_NOW)
            add_candidate(&now, unit);
    }
    if (now.candidate_count)
        *out = now;
    if (!out->candidate_count)
        return;
    out->state = out->candidate_count > 1 ? UNIT_SEVERAL : best;
    out->unit = out->candidate_count > 1 ? -1 : out->candidates[0];
}

/* Units whose name differs in one character, to be asked about. */
static void look_near(const struct unit_list *l, const char *stem, const struct unit_query *q,
                      struct unit_found *out)
{
    struct buf name = {0};
    for (int i = 0; i < l->unit_count && utf8_length(stem) > 1; i++) {
        if (!wanted(l, q, i))
            continue;
        buf_clear(&name);
        unit_name_fold(&name, unit_spell_at(l, i, q->day)->name, true);
        if (text_distance(name.text, stem) == 1)
            add_candidate(out, i);
    }
    buf_free(&name);
}

void unit_list_find(const struct unit_list *l, const struct unit_query *q, struct unit_found *out)
{
    struct buf text = {0};
    *out = (struct unit_found){.state = UNIT_NONE, .unit = -1};
    int known = unit_list_key(l, q->text);
    unit_name_fold(&text, q->text, false);
    if (known >= 0 && wanted(l, q, known)) {
        struct unit_writing key = {.spell = (int)(unit_spell_at(l, known, q->day) - l->spells)};
        out->state = state_of(l, &key, q->day);
        out->state = out->state == UNIT_FORMER ? UNIT_NOW : out->state;
        out->unit = out->candidates[out->candidate_count++] = known;
    } else if (text.len) {
        look_up(l, &l->by_text, text.text, q, out);
        buf_clear(&text);
        unit_name_fold(&text, q->text, true);
        if (out->state == UNIT_NONE)
            look_up(l, &l->by_stem, text.text, q, out);
        if (out->state == UNIT_NONE)
            look_near(l, text.text, q, out);
    }
    buf_free(&text);
}

int unit_list_successor(const struct unit_list *l, int unit, long day, bool *merged)
{
    *merged = false;
    while (day > unit_spell_last(l, unit)->to) {
        if (l->units[unit].successor_count != 1)
            return -1;
        unit = l->units[unit].successors[0];
        *merged |= l->units[unit].predecessor_count > 1;
    }
    return unit;
}

void unit_list_free(struct unit_list *l)
{
    if (!l)
        return;
    map_free(&l->by_key);
    map_free(&l->by_text);
    map_free(&l->by_stem);
    free(l->units);
    free(l->spells);
    free(l->writings);
    workbook_free(l->book);
    arena_free(&l->arena);
    free(l);
}

/* ---- reading: the writings --------------------------------------------------------------------
 */

static void add_writing(struct unit_list *l, struct map *m, const char *text, int spell, bool alias)
{
    if (!*text)
        return;
    GROW(l->writings, l->writing_count, l->writing_room);
    l->writings[l->writing_count] = (struct unit_writing){spell, alias, (int)map_get(m, text, -1)};
    map_put(m, text, l->writing_count++);
}

/* The name alone, and behind every name of the units above it. */
static void add_name(struct unit_list *l, int spell, const char *name, bool alias,
                     const char *parent, int depth)
{
    struct buf text = {0};
    for (int stem = 0; stem < 2; stem++) {
        buf_clear(&text);
        unit_name_fold(&text, name, stem);
        add_writing(l, stem ? &l->by_stem : &l->by_text, buf_text(&text), spell, alias);
    }
    int above = depth < 2 ? unit_list_key(l, parent) : -1;
    for (const struct unit_spell *s = above < 0 ? NULL : unit_spell_last(l, above); s;
         s = earlier(l, s)) {
        buf_clear(&text);
        buf_printf(&text, "%s%s", s->name, name);
        char *longer = must_strdup(text.text);
        add_name(l, spell, longer, alias, s->parent, depth + 1);
        free(longer);
    }
    buf_free(&text);
}

/* From the last, so that the entries of a text come in the order of the list. */
static void index_writings(struct unit_list *l)
{
    for (int i = l->spell_count - 1; i >= 0; i--) {
        const struct unit_spell *s = &l->spells[i];
        add_name(l, i, s->name, false, s->parent, 0);
        add_writing(l, &l->by_text, s->code, i, false);
        for (int k = 0; k < s->alias_count; k++)
            add_name(l, i, s->aliases[k], true, s->parent, 0);
    }
}

/* ---- reading: rows ----------------------------------------------------------------------------
 */

static struct place at(const struct unit_list *l, const struct unit_spell *s, const char *column)
{
    return wsheet_place(l->sheet, s->row, column);
}

static int read_day(const struct unit_list *l, int row, const char *column, long otherwise,
                    long *out)
{
    struct civil c;
    char rest;
    const char *text = wsheet_get(l->sheet, row, column);
    *out = otherwise;
    if (!*text)
        return 0;
    if (sscanf(text, "%4d-%2d-%2d%c", &c.year, &c.month, &c.day, &rest) != 3 || !civil_valid(c))
        return error_at(wsheet_place(l->sheet, row, column), "不是日期，请写成 2021-10-19");
    *out = days_from_civil(c);
    return 0;
}

static const char **split(struct arena *a, const char *text, const char *separators, int *count)
{
    char *copy = arena_strdup(a, text), *save;
    const char **parts = arena_alloc(a, (strlen(text) / 2 + 2) * sizeof *parts);
    for (char *p = strtok_r(copy, separators, &save); p; p = strtok_r(NULL, separators, &save))
        parts[(*count)++] = p;
    return parts;
}

/* The spell before this one in the sheet is later in time. */
static int link_spell(struct unit_list *l, int spell, const char *key, const char *kind)
{
    struct unit_spell *s = &l->spells[spell];
    s->unit = unit_list_key(l, key);
    if (s->unit < 0) {
        s->unit = l->unit_count++;
        map_put(&l->by_key, key, s->unit);
        l->units[s->unit] = (struct listed_unit){.key = key, .kind = kind, .spell = spell};
        return 0;
    }
    struct unit_spell *later = &l->spells[l->units[s->unit].spell];
    while (later->earlier >= 0)
        later = &l->spells[later->earlier];
    later->earlier = spell;
    if (strcmp(l->units[s->unit].kind, kind) != 0)
        return error_at(at(l, s, "kind"), "同一编号的类别与第%ld行不同。编号不能给别的单位用",
                        l->sheet->rows[later->row].no);
    if (s->to >= later->from)
        return error_at(at(l, s, "to"),
                        "与第%ld行时间重叠，或次序不对：同一单位的几行从近到远写，时间不重叠",
                        l->sheet->rows[later->row].no);
    return 0;
}

static int read_row(struct unit_list *l, int row)
{
    struct unit_spell *s = &l->spells[l->spell_count];
    const char *key = wsheet_get(l->sheet, row, "key");
    *s = (struct unit_spell){.name = wsheet_get(l->sheet, row, "name"),
                             .code = wsheet_get(l->sheet, row, "code"),
                             .parent = wsheet_get(l->sheet, row, "parent"),
                             .earlier = -1,
                             .row = row};
    s->aliases = split(&l->arena, wsheet_get(l->sheet, row, "alias"), "|", &s->alias_count);
    int rc = read_day(l, row, "from", LONG_MIN, &s->from);
    rc |= read_day(l, row, "to", LONG_MAX, &s->to);
    if (!*key)
        return error_at(at(l, s, "key"), "没有编号");
    if (!*s->name)
        rc = error_at(at(l, s, "name"), "没有名称");
    if (s->from > s->to)
        rc = error_at(at(l, s, "to"), "止日在起日以前");
    rc |= link_spell(l, l->spell_count, key, wsheet_get(l->sheet, row, "kind"));
    l->spell_count++;
    return rc;
}

/* ---- reading: what the rows say of each other -------------------------------------------------
 */

static int check_parent(const struct unit_list *l, const struct unit_spell *s)
{
    int unit = s->unit;
    if (*s->parent && unit_list_key(l, s->parent) < 0 && !is_county_code(s->parent))
        return error_at(at(l, s, "parent"), "名单里没有这个上级编号；名单以外的只能写6位县代码");
    for (int depth = 0; unit >= 0; depth++) {
        if (depth == DEEPEST)
            return error_at(at(l, s, "parent"), "上级的上级又回到自己，或层次太多");
        unit = unit_list_key(l, unit == s->unit ? s->parent : unit_spell_last(l, unit)->parent);
        if (unit == s->unit)
            return error_at(at(l, s, "parent"), "上级的上级又回到自己，或层次太多");
    }
    return 0;
}

static int read_successors(struct unit_list *l, const struct unit_spell *s)
{
    struct listed_unit *u = &l->units[s->unit];
    int count = 0, rc = 0;
    const char *text = wsheet_get(l->sheet, s->row, "successor");
    const char **keys = split(&l->arena, text, " ", &count);
    if (count && (s->to == LONG_MAX || s != unit_spell_last(l, s->unit)))
        return error_at(at(l, s, "successor"), "接续的单位只写在已停用单位的最近一行，"
                                               "那一行要有止日");
    u->successors = count ? arena_alloc(&l->arena, (size_t)count * sizeof(int)) : u->successors;
    for (int i = 0; i < count; i++) {
        int next = unit_list_key(l, keys[i]);
        if (next < 0)
            rc = error_at(at(l, s, "successor"), "名单里没有编号 %s", keys[i]);
        else if (unit_spell_last(l, next)->to <= s->to || first_day(l, next) > s->to + 1)
            rc = error_at(at(l, s, "successor"), "停用的次日，接续的 %s 还没有或已停用", keys[i]);
        else {
            u->successors[u->successor_count++] = next;
            l->units[next].predecessor_count++;
        }
    }
    return rc;
}

static bool same_time(const struct unit_spell *a, const struct unit_spell *b)
{
    return a->from <= b->to && b->from <= a->to;
}

/* Two units of a kind and a parent that are called the same at one time cannot be told apart. */
static int check_alike(const struct unit_list *l, struct map *seen, struct unit_spell *s,
                       const char *column, const char *text, int *next)
{
    struct buf key = {0};
    int rc = 0;
    buf_printf(&key, "%s\t%s\t%s\t", column, l->units[s->unit].kind, s->parent);
    unit_name_fold(&key, text, false);
    next[s - l->spells] = (int)map_get(seen, key.text, -1);
    for (int i = *text ? next[s - l->spells] : -1; i >= 0 && rc == 0; i = next[i])
        if (l->spells[i].unit != s->unit && same_time(&l->spells[i], s))
            rc = error_at(at(l, s, column),
                          "与第%ld行同时同名（同代码），又在同一上级之下，分不清是哪个单位",
                          l->sheet->rows[l->spells[i].row].no);
    map_put(seen, key.text, s - l->spells);
    buf_free(&key);
    return rc;
}

static int check_spells(struct unit_list *l)
{
    struct map seen = {0};
    int rc = 0;
    int *names = must_alloc((size_t)(l->spell_count + 1) * sizeof *names);
    int *codes = must_alloc((size_t)(l->spell_count + 1) * sizeof *codes);
    for (int i = 0; i < l->spell_count; i++) {
        struct unit_spell *s = &l->spells[i];
        rc |= check_parent(l, s);
        rc |= read_successors(l, s);
        rc |= check_alike(l, &seen, s, "name", s->name, names);
        rc |= check_alike(l, &seen, s, "code", s->code, codes);
    }
    free(names);
    free(codes);
    map_free(&seen);
    return rc;
}

static int read_list(struct unit_list *l)
{
    static const char *const needed[] = {"key", "kind", "name", "from", "to", "successor"};
    int rc = 0;
    l->sheet = &l->book->sheets[0];
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (wsheet_column(l->sheet, needed[i]) < 0)
            rc = error_at((struct place){l->book->path, NULL, l->sheet->head_no, needed[i], NULL},
                          "单位名单缺少这一栏");
    if (rc < 0)
        return rc;
    l->units = must_alloc((size_t)(l->sheet->row_count + 1) * sizeof *l->units);
    l->spells = must_alloc((size_t)(l->sheet->row_count + 1) * sizeof *l->spells);
    for (int r = 0; r < l->sheet->row_count; r++)
        rc |= read_row(l, r);
    rc = rc < 0 ? rc : check_spells(l);
    if (rc == 0)
        index_writings(l);
    return rc;
}

struct unit_list *unit_list_read(const char *path)
{
    struct unit_list *l = must_alloc(sizeof *l);
    l->book = workbook_read(path);
    int rc = l->book ? 0 : -1;
    if (l->book && !l->book->sheet_count)
        rc = error_at((struct place){.file = path}, "单位名单是空的");
    if (rc == 0 && read_list(l) == 0)
        return l;
    unit_list_free(l);
    return NULL;
}
