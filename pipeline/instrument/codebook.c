/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/codebook_private.h"

#include "instrument/bounds.h"
#include "instrument/words.h"
#include "survey/expr.h"
#include "survey/plain.h"

#include <math.h>
#include <string.h>

static const struct level *level_of(const struct codebook *b, int repeat)
{
    for (int i = 0; b->topic && i < b->topic->level_count; i++) {
        const struct level *l = &b->topic->levels[i];
        if (strcmp(l->form->id, b->form->id) == 0 && l->repeat == repeat)
            return l;
    }
    return NULL;
}

const char *file_name(struct codebook *b, int repeat)
{
    const struct level *l = level_of(b, repeat);
    const char *name = repeat < 0 ? b->form->id : b->form->repeats[repeat].name;
    return arena_printf(&b->arena, "%s.csv", l ? l->name : name);
}

const char *file_label(struct codebook *b, int repeat)
{
    const struct level *l = level_of(b, repeat);
    if (l)
        return l->label;
    return repeat < 0 ? b->form->title : b->form->repeats[repeat].label;
}

bool holds_number(const struct question *q)
{
    return q->type == Q_INTEGER || q->type == Q_DECIMAL;
}

const char *type_name(const struct question *q)
{
    static const char *const names[] = {[Q_TEXT] = "文字",       [Q_INTEGER] = "整数",
                                        [Q_DECIMAL] = "小数",    [Q_DATE] = "日期",
                                        [Q_TIME] = "时间",       [Q_DATETIME] = "日期时间",
                                        [Q_SELECT_ONE] = "单选", [Q_SELECT_MULTIPLE] = "多选",
                                        [Q_CALCULATE] = "计算",  [Q_NOTE] = "说明",
                                        [Q_META] = "系统",       [Q_OTHER] = "其他"};
    return q->type == Q_OTHER && q->list ? "排序" : names[q->type];
}

const char *asked_when(struct codebook *b, const struct question *q)
{
    if (!q->relevant)
        return "";
    struct buf words = {0};
    const char *text = expr_text(q->relevant);
    if (words_condition(&words, b->form, text))
        text = arena_strdup(&b->arena, words.text);
    buf_free(&words);
    return text;
}

const char *range_text(struct codebook *b, const struct question *q)
{
    struct bounds ends = question_bounds(b->form, q);
    char low[PLAIN_TEXT], high[PLAIN_TEXT];
    if (!holds_number(q) || (isnan(ends.least) && isnan(ends.greatest)))
        return "";
    if (isnan(ends.least))
        return arena_printf(&b->arena, "不超过%s", plain_text(ends.greatest, high));
    if (isnan(ends.greatest))
        return arena_printf(&b->arena, "不少于%s", plain_text(ends.least, low));
    return arena_printf(&b->arena, "%s至%s", plain_text(ends.least, low),
                        plain_text(ends.greatest, high));
}

/* ---- for people --------------------------------------------------------------------------------
 */

static void put_codes(struct csvout *out, const struct question *q)
{
    struct buf text = {0};
    for (int i = 0; q->list && i < q->list->count; i++)
        buf_printf(&text, "%s%s=%s", i ? "；" : "", q->list->choices[i].name,
                   q->list->choices[i].label);
    csv_field(out, buf_text(&text));
    buf_free(&text);
}

static void put_row(struct codebook *b, struct csvout *out, const struct question *q)
{
    csv_field(out, file_name(b, q->repeat));
    csv_field(out, q->name);
    csv_field(out, question_caption(q));
    csv_field(out, q->label);
    csv_field(out, type_name(q));
    csv_field(out, q->unit);
    put_codes(out, q);
    csv_field(out, range_text(b, q));
    csv_field(out, asked_when(b, q));
    csv_field(out, q->required ? "是" : "");
    csv_field(out, q->calculation ? expr_text(q->calculation) : "");
    csv_field(out, q->personal ? "个人信息，不公开" : "");
    csv_end(out);
}

void codebook_csv(const struct form *form, const struct topic *topic, struct csvout *out)
{
    static const char *const heads[] = {"文件", "变量", "名称",     "题目", "类型", "单位",
                                        "编码", "范围", "填写条件", "必答", "算式", "保密"};
    struct codebook b = {.form = form, .topic = topic};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_field(out, heads[i]);
    csv_end(out);
    for (int i = 0; i < form->question_count; i++)
        if (question_has_data(&form->questions[i]))
            put_row(&b, out, &form->questions[i]);
    arena_free(&b.arena);
}
