/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/countybook_private.h"

#include <string.h>

enum { CREATED = 1735660800 }; /* the same in every file: equal answers give equal bytes */

void book_check(struct county_book *b, lxw_error e)
{
    if (e != LXW_NO_ERROR && b->bad == LXW_NO_ERROR)
        b->bad = e;
}

bool is_typed(const struct question *q)
{
    if (q->type == Q_CALCULATE || !question_has_data(q))
        return false;
    return q->type != Q_OTHER || q->list; /* a rank is typed as codes */
}

const char *question_head(struct arena *a, const struct question *q)
{
    const char *caption = question_caption(q);
    if (!*q->unit || strstr(caption, q->unit))
        return caption;
    return arena_printf(a, "%s\n（%s）", caption, q->unit);
}

/* Whether records of some level come from the unit: a unit list has townships and counties too. */
static bool serves_any(const struct topic *t, const struct unit *u)
{
    for (int i = 0; i < t->level_count; i++)
        if (*t->levels[i].psu && frame_serves(u, &t->levels[i]))
            return true;
    return false;
}

const struct unit **sample_units(struct county_book *b, const struct level *l, int *count)
{
    const struct unit **units =
        arena_alloc(&b->arena, ((size_t)b->frame->count + 1) * sizeof *units);
    *count = 0;
    for (int i = 0; i < b->frame->count; i++)
        if (b->frame->units[i].selected && *b->county &&
            strcmp(b->frame->units[i].county, b->county) == 0 &&
            (l ? frame_serves(&b->frame->units[i], l) : serves_any(b->topic, &b->frame->units[i])))
            units[(*count)++] = &b->frame->units[i];
    return units;
}

/* ---- formats -----------------------------------------------------------------------------------
 */

static lxw_format *new_format(struct county_book *b, const char *font, double size, uint32_t fill)
{
    lxw_format *f = workbook_add_format(b->file);
    format_set_font_name(f, font);
    format_set_font_size(f, size);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    if (fill) {
        format_set_pattern(f, LXW_PATTERN_SOLID);
        format_set_bg_color(f, fill);
    }
    return f;
}

static lxw_format *head_format(struct county_book *b, const char *font, double size, uint32_t fill)
{
    lxw_format *f = new_format(b, font, size, fill);
    format_set_text_wrap(f);
    format_set_border(f, LXW_BORDER_THIN);
    format_set_align(f, LXW_ALIGN_CENTER);
    return f;
}

/* Cells to fill in are the only ones that are not locked. */
static lxw_format *open_format(struct county_book *b, const char *numbers)
{
    lxw_format *f = new_format(b, "宋体", 12, 0);
    format_set_num_format(f, numbers);
    format_set_unlocked(f);
    return f;
}

static void make_formats(struct county_book *b)
{
    enum { GREY = 0xE7E6E6, PEACH = 0xFCE4D6, PALE = 0xF2F2F2 };
    b->title = new_format(b, "黑体", 18, 0);
    b->note = new_format(b, "楷体", 12, 0);
    b->question = head_format(b, "宋体", 9, 0);
    b->head = head_format(b, "黑体", 12, GREY);
    b->head_needed = head_format(b, "黑体", 12, PEACH);
    b->text = open_format(b, "@");
    format_set_text_wrap(b->text);
    b->number = open_format(b, "0");
    b->decimal = open_format(b, "General");
    b->date = open_format(b, "yyyy-mm-dd");
    b->fixed = new_format(b, "宋体", 12, PALE);
    format_set_num_format(b->fixed, "@");
    b->line = new_format(b, "宋体", 12, 0);
    format_set_text_wrap(b->line);
    b->heading = new_format(b, "黑体", 14, 0);
    b->skipped = workbook_add_format(b->file);
    format_set_bg_color(b->skipped, 0xBFBFBF);
    format_set_border(b->skipped, LXW_BORDER_THIN);
    b->grid = workbook_add_format(b->file);
    format_set_border(b->grid, LXW_BORDER_THIN);
}

const char *unit_text(const struct level *l, const struct unit *u)
{
    bool by_name = *u->kind && !*l->psu_name;
    struct value v = unit_answer(u, form_question(l->form, l->psu));
    return by_name && v.text == u->code ? u->full_name : v.text;
}

/* ---- the county --------------------------------------------------------------------------------
 */

/* Its name from a list of counties that a questionnaire asks, or from the frame. */
static const char *name_of_county(const struct topic *t, const struct frame *f, const char *code)
{
    for (int i = 0; i < t->level_count; i++) {
        const struct question *q = form_question(t->levels[i].form, t->levels[i].county);
        const struct choice *c = q && q->list ? list_choice(q->list, code) : NULL;
        if (c)
            return c->label;
    }
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->units[i].county, code) == 0)
            return f->units[i].county_name;
    return NULL;
}

int countybook_write(const struct topic *t, const struct frame *f, const char *county,
                     const char *path)
{
    struct county_book b = {.topic = t, .frame = f, .county = county, .county_name = ""};
    if (*county && !(b.county_name = name_of_county(t, f, county)))
        return error("本课题没有 %s 这个县（市）代码，请看问卷的选项表或抽样框", county);
    const char *codes = topic_rule(t, "missing_codes");
    b.no_answer = arena_strndup(&b.arena, codes, strcspn(codes, "|"));
    b.file = workbook_new(path);
    if (!b.file)
        return error("内存不足");
    lxw_doc_properties properties = {.title = (char *)t->title, .created = CREATED};
    book_check(&b, workbook_set_properties(b.file, &properties));
    make_formats(&b);
    write_guide(&b);
    for (int i = 0; i < t->level_count; i++)
        write_sheet(&b, &t->levels[i]);
    if (b.lists)
        worksheet_hide(b.lists);
    lxw_error closed = workbook_close(b.file);
    book_check(&b, closed);
    map_free(&b.list_ranges);
    arena_free(&b.arena);
    return b.bad == LXW_NO_ERROR
               ? 0
               : error("不能写 %s：%s。请检查磁盘是否已满、有无写权限", path, lxw_strerror(b.bad));
}
