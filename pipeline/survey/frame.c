/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/frame.h"

#include "base/text.h"
#include "survey/unitname.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEVERAL = -2 };

/* ---- names ----------------------------------------------------------------------------------- */

/* "410325\t马湾镇孙营村": half-width, without blanks, with or without its suffix. */
static void name_key(struct buf *key, const char *county, const char *prefix, const char *name,
                     bool stem)
{
    struct buf whole = {0};
    buf_printf(&whole, "%s%s", prefix, name);
    buf_clear(key);
    buf_printf(key, "%s\t", county);
    unit_name_fold(key, whole.text, stem);
    buf_free(&whole);
}

static void add_name(struct map *m, const struct unit *u, const char *prefix, bool stem, int index)
{
    struct buf key = {0};
    name_key(&key, u->county, prefix, u->name, stem);
    long before = map_get(m, key.text, index);
    map_put(m, key.text, before == index ? index : SEVERAL);
    buf_free(&key);
}

/* A unit is known by its name, with its township before it, and with the county before both. */
static void index_names(struct frame *f, int index)
{
    const struct unit *u = &f->units[index];
    struct buf long_prefix = {0};
    buf_printf(&long_prefix, "%s%s", u->county_name, u->parent);
    for (int stem = 0; stem < 2; stem++) {
        struct map *m = stem ? &f->by_stem : &f->by_name;
        add_name(m, u, "", stem, index);
        add_name(m, u, u->parent, stem, index);
        add_name(m, u, long_prefix.text, stem, index);
    }
    buf_free(&long_prefix);
}

const struct unit *frame_match(const struct frame *f, const char *county, const char *text)
{
    struct buf key = {0};
    long found = -1;
    for (int stem = 0; stem < 2 && found == -1; stem++) {
        name_key(&key, county, "", text, stem);
        found = map_get(stem ? &f->by_stem : &f->by_name, key.text, -1);
    }
    buf_free(&key);
    return found < 0 ? NULL : &f->units[found];
}

/* ---- reading --------------------------------------------------------------------------------- */

bool frame_serves(const struct unit *u, const struct level *l)
{
    size_t n = strlen(l->name);
    if (u->kind && l->unit_kind && *l->unit_kind && strcmp(u->kind, l->unit_kind) != 0)
        return false;
    if (!*u->levels)
        return true;
    for (const char *p = u->levels; *p;) {
        size_t word = strcspn(p, " ");
        if (word == n && !strncmp(p, l->name, n))
            return true;
        p += word + strspn(p + word, " ");
    }
    return false;
}

/* The columns of the frame that sheet `design` names. */
struct columns {
    const char *code, *name, *parent, *county, *county_name, *stratum, *size, *p1, *selected, *take,
        *levels;
};

static const char *cell(const struct frame *f, int row, const char *column)
{
    return *column ? wsheet_get(f->sheet, row, column) : "";
}

static int read_number(const struct frame *f, int row, const char *column, double *out)
{
    const char *text = cell(f, row, column);
    char *end;
    *out = strtod(text, &end);
    return *end ? error_at(wsheet_place(f->sheet, row, column), "不是数") : 0;
}

static int read_unit(struct frame *f, int row, const struct columns *c)
{
    double take = 0;
    struct unit *u = &f->units[row];
    *u = (struct unit){
        .code = cell(f, row, c->code),
        .name = cell(f, row, c->name),
        .parent = cell(f, row, c->parent),
        .county = cell(f, row, c->county),
        .county_name = cell(f, row, c->county_name),
        .stratum = cell(f, row, c->stratum),
        .levels = cell(f, row, c->levels),
        .selected = !*c->selected || !strcmp(cell(f, row, c->selected), "1"),
        .kind = "",
        .row = row,
    };
    u->number = u->code;
    u->full_name = arena_printf(&f->arena, "%s%s", u->parent, u->name);
    int rc = 0;
    if (!*u->code)
        rc |= error_at(wsheet_place(f->sheet, row, c->code), "缺少代码");
    else if (!map_add(&f->by_code, u->code, row))
        rc |= error_at(wsheet_place(f->sheet, row, c->code), "代码重复");
    rc |= read_number(f, row, c->size, &u->size);
    rc |= read_number(f, row, c->p1, &u->p1);
    rc |= read_number(f, row, c->take, &take);
    u->take = (int)take;
    if (u->selected && *c->p1 && !(u->p1 > 0 && u->p1 <= 1))
        rc |= error_at(wsheet_place(f->sheet, row, c->p1), "样本单位的入样概率应大于0、不超过1");
    return rc;
}

static int check_columns(const struct frame *f, const struct topic *t, const struct columns *c)
{
    const char *const named[] = {c->code,        c->name,    c->parent, c->county,
                                 c->county_name, c->stratum, c->size,   c->p1,
                                 c->selected,    c->take,    c->levels};
    int rc = 0;
    if (!*c->code || !*c->name || !*c->county)
        rc = error_at((struct place){t->path, "design", 0, NULL, NULL},
                      "有抽样框时要写明 psu、psu_name、county 三栏");
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (*named[i] && wsheet_column(f->sheet, named[i]) < 0)
            rc = error_at((struct place){f->sheet->path, NULL, f->sheet->head_no, named[i], NULL},
                          "抽样框中没有这一栏（%s 的 design 表写了它）", t->path);
    return rc;
}

static int read_units(struct frame *f, const struct topic *t)
{
    const struct columns c = {
        .code = topic_design(t, "psu"),
        .name = topic_design(t, "psu_name"),
        .parent = topic_design(t, "psu_parent"),
        .county = topic_design(t, "county"),
        .county_name = topic_design(t, "county_name"),
        .stratum = topic_design(t, "stratum"),
        .size = topic_design(t, "size"),
        .p1 = topic_design(t, "p1"),
        .selected = topic_design(t, "selected"),
        .take = topic_design(t, "take"),
        .levels = topic_design(t, "levels"),
    };
    if (check_columns(f, t, &c) < 0)
        return -1;
    int rc = 0;
    f->count = f->sheet->row_count;
    f->units = arena_alloc(&f->arena, (size_t)(f->count + 1) * sizeof *f->units);
    for (int i = 0; i < f->count; i++) {
        rc |= read_unit(f, i, &c);
        if (f->units[i].selected)
            index_names(f, i);
    }
    return rc;
}

/* ---- units of a list --------------------------------------------------------------------------
 */

static struct unit unit_of_list(struct frame *f, int i, long day)
{
    const struct unit_list *l = f->list;
    const struct unit_spell *s = unit_spell_last(l, i);
    struct buf name = {0};
    struct unit u = {.code = l->units[i].key,
                     .name = s->name,
                     .kind = l->units[i].kind,
                     .number = *s->code ? s->code : l->units[i].key,
                     .stratum = "",
                     .levels = "",
                     .p1 = 1,
                     .selected = s->to >= day,
                     .row = s->row};
    u.county = unit_list_county(l, i, &u.county_name);
    unit_list_put_name(l, i, &name);
    u.full_name = arena_strdup(&f->arena, name.text);
    u.parent = arena_strndup(&f->arena, name.text, name.len - strlen(u.name));
    buf_free(&name);
    return u;
}

static void units_from_list(struct frame *f, const struct topic *t)
{
    long day = topic_survey_day(t);
    f->of_list = true;
    f->sheet = f->list->sheet;
    f->count = f->list->unit_count;
    f->units = arena_alloc(&f->arena, (size_t)(f->count + 1) * sizeof *f->units);
    for (int i = 0; i < f->count; i++) {
        f->units[i] = unit_of_list(f, i, day);
        map_add(&f->by_code, f->units[i].code, i);
        if (f->units[i].selected)
            index_names(f, i);
    }
}

const struct unit *frame_listed(const struct frame *f, int listed)
{
    if (listed < 0 || f->of_list)
        return listed < 0 ? NULL : &f->units[listed];
    const struct unit *u = frame_unit(f, f->list->units[listed].key);
    for (int s = f->list->units[listed].spell; s >= 0 && !u; s = f->list->spells[s].earlier)
        u = frame_unit(f, f->list->spells[s].code);
    return u;
}

struct value unit_answer(const struct unit *u, const struct question *q)
{
    if (q->type == Q_INTEGER || q->type == Q_DECIMAL)
        return (struct value){VALUE_OK, u->number, strtod(u->number, NULL)};
    return (struct value){VALUE_OK, u->code, NAN};
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static int read_frame(struct frame *f, const struct topic *t, const char *path)
{
    f->book = workbook_read(path);
    if (!f->book)
        return -1;
    if (!f->book->sheet_count)
        return error_at((struct place){.file = f->book->path}, "抽样框是空的");
    f->sheet = &f->book->sheets[0];
    return read_units(f, t);
}

struct frame *frame_read(struct topic *t)
{
    const char *name = topic_design(t, "frame");
    return frame_read_file(t, *name ? topic_file(t, name) : NULL);
}

struct frame *frame_read_file(struct topic *t, const char *path)
{
    const char *list = topic_setting(t, "units");
    struct frame *f = must_alloc(sizeof *f);
    int rc = 0;
    if (*list && !(f->list = unit_list_read(topic_file(t, list))))
        rc = -1;
    else if (path)
        rc = read_frame(f, t, path);
    else if (f->list)
        units_from_list(f, t);
    if (!rc)
        return f;
    frame_free(f);
    return NULL;
}

void frame_free(struct frame *f)
{
    if (!f)
        return;
    map_free(&f->by_code);
    map_free(&f->by_name);
    map_free(&f->by_stem);
    unit_list_free(f->list);
    workbook_free(f->book);
    arena_free(&f->arena);
    free(f);
}

const struct unit *frame_unit(const struct frame *f, const char *code)
{
    long i = map_get(&f->by_code, code, -1);
    return i < 0 ? NULL : &f->units[i];
}

const char *frame_value(const struct frame *f, const struct unit *u, const char *column)
{
    return cell(f, u->row, column);
}
