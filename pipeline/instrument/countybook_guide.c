/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sheet 填报说明.  Nothing in it may look like the head of a table: every line is one cell.
 */
#include "instrument/countybook_private.h"

#include "output/workbook_text.h"

#include <string.h>

enum { COLUMNS = 74, CHARACTERS = 68 }; /* the one column: its width, what fits a line of it */

/* The sheet being written. */
struct guide {
    struct county_book *book;
    lxw_worksheet *sheet;
    lxw_row_t row;
    int headings; /* written so far */
};

static void put_line(struct guide *g, const char *text, lxw_format *format, double height)
{
    int lines = text_lines(text, CHARACTERS);
    book_check(g->book, worksheet_set_row(g->sheet, g->row, height * lines + 4, NULL));
    book_check(g->book, worksheet_write_string(g->sheet, g->row, 0, text, format));
    g->row++;
}

static void put_text(struct guide *g, const char *text)
{
    put_line(g, text, g->book->line, 18);
}

static void put_heading(struct guide *g, const char *text)
{
    static const char *const numbers[] = {"一", "二", "三", "四"};
    g->row++;
    put_line(g, arena_printf(&g->book->arena, "%s、%s", numbers[g->headings++], text),
             g->book->heading, 22);
}

static void put_rules(struct guide *g)
{
    static const char *const rules[] = {
        "1. 一张表填一类，一行填一条。表头不能改，行可以增加、删除、排序。",
        "2. 橙色表头的必须填。按回答不用填的格子会变成灰色，请留空。",
        "3. 格子右边有箭头的，从下拉表里选。可以选几项的填编码，几项之间空一格，编码见后面。",
        "4. 金额、人数只填数，不写单位；日期写成 2025-05-09 的样子。",
        "5. 没有的数量填0，不要空着。",
        "6. 填错了会有提示，请按提示改。确实没有错的，在报送说明里写清楚。",
        "7. 先填住户那样的大表，再填它下面的成员表；成员表每行都要写属于哪一户，村代码和户编号"
        "与上一张表一致。",
        "8. 填好后整个文件报来，不用另存为别的格式，不用分开。",
    };
    put_heading(g, "怎样填");
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        put_text(g, rules[i]);
    if (*g->book->no_answer)
        put_text(g, arena_printf(&g->book->arena, "9. 问了没有答案的，填“%s”，不要估计，不要空着。",
                                 g->book->no_answer));
}

static void put_sheets(struct guide *g)
{
    const struct topic *t = g->book->topic;
    put_heading(g, "有哪些表");
    for (int i = 0; i < t->level_count; i++) {
        const struct level *l = &t->levels[i];
        const char *above = l->parent >= 0 ? t->levels[l->parent].label : NULL;
        put_text(g, arena_printf(&g->book->arena, "“%s”：一行一%s%s%s%s。", l->label, l->unit,
                                 above ? "，属于“" : "", above ? above : "", above ? "”" : ""));
    }
}

static void put_units(struct guide *g)
{
    int count;
    const struct unit **units = sample_units(g->book, NULL, &count);
    if (!count)
        return;
    put_heading(g, arena_printf(&g->book->arena,
                                g->book->frame->of_list
                                    ? "%s的单位名单（%d个；改名、合并、撤销的告诉课题组）"
                                    : "%s的调查点（%d个，不得更换）",
                                g->book->county_name, count));
    for (int i = 0; i < count; i++)
        put_text(g, units[i]->take ? arena_printf(&g->book->arena, "%s　%s　应访%d", units[i]->code,
                                                  units[i]->full_name, units[i]->take)
                                   : arena_printf(&g->book->arena, "%s　%s", units[i]->code,
                                                  units[i]->full_name));
}

static void put_codes(struct guide *g, const struct question *q, const char *sheet)
{
    struct buf text = {0};
    buf_printf(&text, "“%s”的%s：", sheet, question_caption(q));
    for (int i = 0; i < q->list->count; i++)
        buf_printf(&text, "%s%s %s", i ? "；" : "", q->list->choices[i].name,
                   q->list->choices[i].label);
    put_text(g, text.text);
    buf_free(&text);
}

static void put_all_codes(struct guide *g)
{
    const struct topic *t = g->book->topic;
    bool headed = false;
    for (int i = 0; i < t->level_count; i++) {
        const struct level *l = &t->levels[i];
        for (int k = 0; k < l->form->question_count; k++) {
            const struct question *q = &l->form->questions[k];
            if (q->repeat != l->repeat || !q->list || q->type == Q_SELECT_ONE)
                continue;
            if (!headed)
                put_heading(g, "可以选几项的题，编码是");
            headed = true;
            put_codes(g, q, l->label);
        }
    }
}

void write_guide(struct county_book *b)
{
    struct guide g = {b, workbook_add_worksheet(b->file, "填报说明"), 0, 0};
    if (!g.sheet) {
        book_check(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    book_check(b, worksheet_set_column(g.sheet, 0, 0, COLUMNS, NULL));
    put_line(&g, "填报说明", b->title, 28);
    put_text(&g, b->topic->title);
    const char *issuer = topic_setting(b->topic, "issuer");
    const char *time = topic_setting(b->topic, "fieldwork");
    if (*issuer || *time)
        put_text(&g, arena_printf(&b->arena, "%s　%s", issuer, time));
    put_rules(&g);
    put_sheets(&g);
    put_units(&g);
    put_all_codes(&g);
    worksheet_set_paper(g.sheet, 9);
    worksheet_fit_to_pages(g.sheet, 1, 0);
    worksheet_protect(g.sheet, NULL, NULL);
}
