/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/samplelist.h"

#include "base/text.h"
#include "instrument/selection.h"
#include "output/workbook_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum {
    CREATED = 1735660800, /* the same in every file: equal frames give equal bytes */
    MILLION = 1000000,
    RESERVES = 5, /* of a village, where the design does not say */
    TAKE_MOST = 1000,
    ONE_PAGE = 30, /* households that a page has room for */
    WIDTH = 86,    /* of a sheet in characters */
};
/* Where the village's own numbers stand; the formulas of the list point there. */
enum { ROW_TITLE, ROW_VILLAGE, ROW_NUMBERS, ROW_TEXT, RULES = 6 };
#define CELL_SIZE "$B$3"
#define CELL_TAKE "$D$3"
#define CELL_RANDOM "$F$3"

struct list_book {
    const struct topic *topic;
    struct arena arena;
    lxw_workbook *file;
    struct map tabs;
    lxw_format *title, *line, *head, *label, *value, *open, *random, *number, *blank, *reserve;
    lxw_error bad;
};

/* A unit of the sample and the list that is drawn in it: the village's households, a licence list's
 * businesses; take 0: nothing is drawn in it (a township's office, an asset).  Topics that share a
 * list each ask some of it: of `take` numbers in order every `parts`-th, from number `part` on. */
struct village {
    const struct unit *unit;
    const struct level *level; /* what is listed; NULL: nothing */
    long size, random;         /* millionths */
    int take, reserve, part, parts;
};

static void check(struct list_book *b, lxw_error e)
{
    if (e != LXW_NO_ERROR && b->bad == LXW_NO_ERROR)
        b->bad = e;
}

/* ---- formats -----------------------------------------------------------------------------------
 */

static lxw_format *new_format(struct list_book *b, const char *font, double size, bool box)
{
    lxw_format *f = workbook_add_format(b->file);
    format_set_font_name(f, font);
    format_set_font_size(f, size);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(f);
    if (box) {
        format_set_border(f, LXW_BORDER_THIN);
        format_set_align(f, LXW_ALIGN_CENTER);
    }
    return f;
}

static void make_formats(struct list_book *b)
{
    enum { GREY = 0xE7E6E6, PEACH = 0xFCE4D6 };
    b->title = new_format(b, "黑体", 18, false);
    b->line = new_format(b, "宋体", 13, false);
    b->head = new_format(b, "黑体", 13, true);
    format_set_bg_color(b->head, GREY);
    b->label = new_format(b, "宋体", 13, true);
    b->value = new_format(b, "宋体", 14, true);
    b->open = new_format(b, "黑体", 16, true);
    format_set_bg_color(b->open, PEACH);
    format_set_unlocked(b->open);
    b->random = new_format(b, "宋体", 14, true);
    format_set_num_format(b->random, "0.000000");
    b->number = new_format(b, "黑体", 16, true);
    b->blank = new_format(b, "宋体", 14, true);
    format_set_unlocked(b->blank);
    format_set_align(b->blank, LXW_ALIGN_LEFT);
    b->reserve = new_format(b, "楷体", 14, true);
}

static void put(struct list_book *b, lxw_worksheet *s, lxw_row_t row, lxw_col_t col,
                const char *text, lxw_format *format)
{
    check(b, worksheet_write_string(s, row, col, text, format));
}

/* A text over all six columns. */
static void put_line(struct list_book *b, lxw_worksheet *s, lxw_row_t row, const char *text,
                     lxw_format *format, double height)
{
    check(b, worksheet_set_row(s, row, height * text_lines(text, WIDTH - 8) + 4, NULL));
    check(b, worksheet_merge_range(s, row, 0, row, 5, text, format));
}

static lxw_worksheet *new_sheet(struct list_book *b, const char *name)
{
    static const double widths[] = {18, 13, 18, 16, 13, 13};
    lxw_worksheet *s =
        workbook_add_worksheet(b->file, text_tab_name(&b->arena, &b->tabs, name, ""));
    if (!s) {
        check(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    for (lxw_col_t i = 0; i < 6; i++)
        check(b, worksheet_set_column(s, i, i, widths[i], NULL));
    worksheet_set_paper(s, 9);
    worksheet_set_margins(s, 0.6, 0.6, 0.6, 0.6);
    check(b, worksheet_set_footer(s, "&C&A　第&P页　共&N页"));
    return s;
}

/* ---- a village ---------------------------------------------------------------------------------
 */

/* A number that follows the length of the register: nothing changes while that is the frame's. */
static void put_number(struct list_book *b, lxw_worksheet *s, lxw_row_t row,
                       const struct village *v, int i, int step)
{
    double now = 0;
    const char *formula;
    if (step < 0) {
        if (v->size >= v->take || i < v->size)
            now = v->size < v->take ? i + 1
                                    : (double)systematic_number(v->random, i, v->size, v->take);
        formula = arena_printf(&b->arena,
                               "=IF(" CELL_SIZE "<" CELL_TAKE ",IF(%d<=" CELL_SIZE
                               ",%d,\"\"),ROUNDUP(ROUND((" CELL_RANDOM "+%d)*" CELL_SIZE
                               "/" CELL_TAKE ",6),0))",
                               i + 1, i + 1, i);
    } else {
        now = v->size < 2 * v->take ? 0 : (double)reserve_number(v->random, step, v->size, v->take);
        formula = arena_printf(&b->arena,
                               "=IF(" CELL_SIZE "<2*" CELL_TAKE
                               ",\"\",ROUNDUP(ROUND((IF(" CELL_RANDOM ">0.5," CELL_RANDOM
                               "-0.5," CELL_RANDOM "+0.5)+%d)*" CELL_SIZE "/" CELL_TAKE ",6),0))",
                               step);
    }
    if (now > 0)
        check(b, worksheet_write_formula_num(s, row, 1, formula, b->number, now));
    else
        check(b, worksheet_write_formula_str(s, row, 1, formula, b->number, ""));
}

static void put_blanks(struct list_book *b, lxw_worksheet *s, lxw_row_t row)
{
    check(b, worksheet_set_row(s, row, 27, NULL));
    for (lxw_col_t col = 2; col < 6; col++)
        check(b, worksheet_write_blank(s, row, col, b->blank));
}

static lxw_row_t put_heads(struct list_book *b, lxw_worksheet *s, lxw_row_t row, const char *first)
{
    const char *heads[] = {first, "名册上第几", "姓名或名称", "访问结果", "换用候补几", "备注"};
    check(b, worksheet_set_row(s, row, 36, NULL));
    for (lxw_col_t col = 0; col < 6; col++)
        put(b, s, row, col, heads[col], b->head);
    return row + 1;
}

/* What can come of a visit. */
static void add_results(struct list_book *b, lxw_worksheet *s, lxw_row_t first, lxw_row_t last)
{
    static char *results[] = {"答完", "答了一部分", "拒绝",         "三次不在",
                              "空房", "不符合条件", "由候补替换了", NULL};
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST, .value_list = results};
    check(b, worksheet_data_validation_range(s, first, 3, last, 3, &v));
}

static lxw_row_t put_rows(struct list_book *b, lxw_worksheet *s, lxw_row_t row,
                          const struct village *v)
{
    row = put_heads(b, s, row, "顺序");
    lxw_row_t first = row;
    for (int i = v->part - 1; i < v->take; i += v->parts, row++) {
        check(b, worksheet_write_number(s, row, 0, i + 1, b->label));
        put_number(b, s, row, v, i, -1);
        put_blanks(b, s, row);
    }
    add_results(b, s, first, row - 1);
    return row;
}

static void put_reserves(struct list_book *b, lxw_worksheet *s, lxw_row_t row,
                         const struct village *v)
{
    int *steps = arena_alloc(&b->arena, (size_t)v->take * sizeof *steps);
    reserve_steps(topic_design(b->topic, "draw_seed"), v->unit->code, v->take, v->reserve, steps);
    row = put_heads(b, s, row, "候补");
    lxw_row_t first = row;
    for (int i = 0; i < v->reserve; i++, row++) {
        put(b, s, row, 0, arena_printf(&b->arena, "候补%d", i + 1), b->reserve);
        put_number(b, s, row, v, i, steps[i]);
        put_blanks(b, s, row);
    }
    add_results(b, s, first, row - 1);
}

/* What the volunteer does with the list, a line each. */
static void put_rules(struct list_book *b, lxw_worksheet *s, const struct village *v)
{
    const char *unit = v->level->unit;
    const char *const rules[] = {
        arena_printf(
            &b->arena,
            "把名册上的%s从1起编号（住户用全村的户籍名册，其他用上报的名单）。实有数与上面"
            "“名册%s数”不同的，把橙色格改成实有数，下面的号会自动重算，并把实有数告诉课题组。",
            v->level->label, unit),
        arena_printf(&b->arena,
                     "用纸笔的这样算：第几%s＝（随机数＋顺序－1）×实有数÷%d，有小数就进一。"
                     "例：顺序2是（%.6f＋1）×%ld÷%d，得%ld。",
                     unit, v->take, (double)v->random / MILLION, v->size, v->take,
                     v->size < v->take ? 2 : systematic_number(v->random, 1, v->size, v->take)),
        arena_printf(
            &b->arena,
            "按号在名册上找到这一%s，抄上姓名或名称。问卷上的编号就填这个号。抽到谁就访谁，"
            "不得挑选。",
            unit),
        v->reserve ? "不同日子去三次都访不成的，才用候补，从候补1起依次用，不得跳过，并在“换用候补"
                     "几”写明。"
                   : "不同日子去三次都访不成的，写明访问结果，不换别的。",
        "这张名单有姓名，留在县里，不上报、不拍照外传。",
        v->parts > 1
            ? arena_printf(
                  &b->arena,
                  "这%d%s几个课题合用，一次访问一起问。本课题只问下面列出的%d%s；候补替换谁，就问谁"
                  "该问的课题。",
                  v->take, unit, v->take / v->parts, unit)
            : NULL};
    for (lxw_row_t i = 0; i < RULES && rules[i]; i++)
        put_line(b, s, ROW_TEXT + i, arena_printf(&b->arena, "%u. %s", i + 1, rules[i]), b->line,
                 18);
}

static void write_village(struct list_book *b, const struct village *v)
{
    const struct unit *u = v->unit;
    lxw_worksheet *s = new_sheet(b, u->full_name);
    if (!s)
        return;
    const char *unit = v->level->unit;
    put_line(b, s, ROW_TITLE,
             arena_printf(&b->arena, "%s：%s抽样名单", u->full_name, v->level->label), b->title,
             28);
    put_line(b, s, ROW_VILLAGE,
             arena_printf(&b->arena, "%s　代码 %s　%s", u->county_name, u->code, b->topic->title),
             b->line, 18);
    check(b, worksheet_set_row(s, ROW_NUMBERS, 30, NULL));
    put(b, s, ROW_NUMBERS, 0, arena_printf(&b->arena, "名册%s数", unit), b->label);
    check(b, worksheet_write_number(s, ROW_NUMBERS, 1, (double)v->size, b->open));
    put(b, s, ROW_NUMBERS, 2,
        arena_printf(&b->arena, v->parts > 1 ? "合用抽%s数" : "应访%s数", unit), b->label);
    check(b, worksheet_write_number(s, ROW_NUMBERS, 3, v->take, b->value));
    put(b, s, ROW_NUMBERS, 4, "随机数", b->label);
    check(b, worksheet_write_number(s, ROW_NUMBERS, 5, (double)v->random / MILLION, b->random));
    put_rules(b, s, v);
    lxw_row_t row = put_rows(b, s, ROW_TEXT + (v->parts > 1 ? RULES : RULES - 1), v);
    if (v->reserve)
        put_reserves(b, s, row, v);
    worksheet_fit_to_pages(s, 1, v->take + v->reserve > ONE_PAGE ? 0 : 1);
    worksheet_protect(s, NULL, NULL);
}

/* ---- how it was drawn --------------------------------------------------------------------------
 */

static void put_unit(struct list_book *b, lxw_worksheet *s, lxw_row_t row, const struct village *v)
{
    const double numbers[] = {(double)v->size, v->take / v->parts, (double)v->random / MILLION};
    static const lxw_col_t cols[] = {1, 4, 5};
    put(b, s, row, 0, v->unit->code, b->label);
    put(b, s, row, 2, v->unit->full_name, b->label);
    check(b, worksheet_write_number(s, row, 3, v->unit->p1, b->random));
    for (int i = 0; i < 3; i++)
        if (v->level)
            check(b, worksheet_write_number(s, row, cols[i], numbers[i],
                                            i < 2 ? b->value : b->random));
        else
            put(b, s, row, cols[i], "", b->label);
}

/* Further columns of the frame, draw_show: "class=类别 value=原值（万元）".  The frame's column and
 * what stands over it, of the i-th; false when there are no more. */
static bool shown_column(struct list_book *b, int i, const char **column, const char **head)
{
    char *words = arena_strdup(&b->arena, topic_design(b->topic, "draw_show")), *save;
    char *word = strtok_r(words, " ", &save);
    for (; word && i > 0; i--)
        word = strtok_r(NULL, " ", &save);
    char *equal = word ? strchr(word, '=') : NULL;
    if (equal)
        *equal = '\0';
    *column = word;
    *head = equal ? equal + 1 : word;
    return word != NULL;
}

static void put_shown(struct list_book *b, lxw_worksheet *s, lxw_row_t row, const struct frame *f,
                      const struct unit *u)
{
    const char *column, *head;
    for (int i = 0; shown_column(b, i, &column, &head); i++)
        put(b, s, row, (lxw_col_t)(6 + i), u ? frame_value(f, u, column) : head,
            u ? b->label : b->head);
}

static void write_account(struct list_book *b, const struct frame *f,
                          const struct village *villages, int count)
{
    static const char *const heads[] = {"代码",         "名册上的个数", "样本单位",
                                        "它的入样概率", "应访个数",     "随机数"};
    lxw_worksheet *s = new_sheet(b, "抽样说明");
    if (!s)
        return;
    const char *seed = topic_design(b->topic, "draw_seed");
    put_line(b, s, 0, arena_printf(&b->arena, "%s抽样说明", villages->unit->county_name), b->title,
             28);
    put_line(b, s, 1, b->topic->title, b->line, 18);
    put_line(b, s, 2,
             "样本单位（村、乡镇的名单……）从抽样框中抽取，入样概率在下表，抽到的不得更换。"
             "住户、主体在名册上等距抽取，起点随机，每一个机会相同。",
             b->line, 18);
    put_line(
        b, s, 3,
        arena_printf(&b->arena,
                     "随机数不是人定的：种子 %s 在抽样前定下，每张名单的随机数由文字“%s:代码”的 "
                     "SHA-256 前15位（十六进制数除以999999的余数加1）得出，谁都可以重算核对。",
                     seed, seed),
        b->line, 18);
    check(b, worksheet_set_row(s, 4, 36, NULL));
    for (lxw_col_t col = 0; col < 6; col++)
        put(b, s, 4, col, heads[col], b->head);
    put_shown(b, s, 4, f, NULL);
    for (int i = 0; i < count; i++) {
        const struct village *v = &villages[i];
        lxw_row_t row = (lxw_row_t)i + 5;
        check(b, worksheet_set_row(s, row, 36, NULL));
        put_unit(b, s, row, v);
        put_shown(b, s, row, f, v->unit);
    }
    worksheet_fit_to_pages(s, 1, 0);
    worksheet_protect(s, NULL, NULL);
}

/* ---- all ---------------------------------------------------------------------------------------
 */

bool samplelist_possible(const struct topic *t)
{
    return *topic_design(t, "frame") && *topic_design(t, "draw_seed") &&
           *topic_design(t, "selected");
}

/* draw_reserve: a number, or a column of the frame. */
static int wanted_reserves(const struct topic *t, const struct frame *f, const struct village *v)
{
    const char *text = topic_design(t, "draw_reserve");
    if (wsheet_column(f->sheet, text) >= 0)
        text = frame_value(f, v->unit, text);
    long wanted = *text ? strtol(text, NULL, 10) : RESERVES;
    long most = v->size < 2 * v->take ? 0 : v->take;
    return (int)(wanted < 0 ? 0 : wanted < most ? wanted : most);
}

/* Levels that have a list: those of the second stage, or those of them that draw_levels names. */
static const struct level *listed_level(const struct topic *t, const struct unit *u)
{
    struct unit named = {.levels = topic_design(t, "draw_levels")};
    for (int i = 0; i < t->level_count; i++) {
        const struct level *l = &t->levels[i];
        if (l->sampled && l->stage == 2 && l->repeat < 0 && frame_serves(u, l) &&
            frame_serves(&named, l))
            return l;
    }
    return NULL;
}

/* The list that topics share: its length, and "1/2" for every second from the first on. */
static int read_share(const struct topic *t, const struct frame *f, struct village *v)
{
    const char *take = topic_design(t, "share_take"), *part = topic_design(t, "share_part");
    const char *list = *take ? frame_value(f, v->unit, take) : "";
    const char *own = *part ? frame_value(f, v->unit, part) : "";
    char *slash = "";
    v->part = v->parts = 1;
    if (*own) {
        v->part = (int)strtol(own, &slash, 10);
        v->parts = *slash == '/' ? (int)strtol(slash + 1, NULL, 10) : 0;
    }
    long all = *list ? strtol(list, NULL, 10) : v->take * (long)v->parts;
    if (v->part < 1 || v->part > v->parts || all > TAKE_MOST || all != (long)v->take * v->parts)
        return error("抽样框中 %s（%s）的合用户数“%s”、第几份“%s”与应访%d户不符：应写如 20、1/2",
                     v->unit->full_name, v->unit->code, list, own, v->take);
    v->take = (int)all;
    return 0;
}

static int read_village(const struct list_book *b, const struct frame *f, const struct unit *u,
                        struct village *v)
{
    bool drawn = u->take >= 1 && u->take <= TAKE_MOST && u->size >= 1 && u->size < 1e6;
    *v = (struct village){.unit = u, .parts = 1};
    v->level = drawn ? listed_level(b->topic, u) : NULL;
    if (!v->level)
        return 0;
    v->size = (long)u->size;
    v->take = u->take;
    v->random = lround(selection_random(topic_design(b->topic, "draw_seed"), u->code, 6) * MILLION);
    int rc = read_share(b->topic, f, v);
    v->reserve = wanted_reserves(b->topic, f, v);
    return rc;
}

/* NULL after messages. */
static struct village *list_villages(struct list_book *b, const struct frame *f, const char *county,
                                     int *count)
{
    struct village *all = arena_alloc(&b->arena, ((size_t)f->count + 1) * sizeof *all);
    int rc = *count = 0;
    for (int i = 0; i < f->count; i++)
        if (f->units[i].selected && strcmp(f->units[i].county, county) == 0)
            rc |= read_village(b, f, &f->units[i], &all[(*count)++]);
    return rc < 0 ? NULL : all;
}

int samplelist_write(const struct topic *t, const struct frame *f, const char *county,
                     const char *path)
{
    struct list_book b = {.topic = t};
    int count;
    struct village *villages = list_villages(&b, f, county, &count);
    if (!villages || !count) {
        arena_free(&b.arena);
        return villages ? error("抽样框里 %s 没有样本单位，不能做抽样名单", county) : -1;
    }
    b.file = workbook_new(path);
    if (!b.file)
        return error("内存不足");
    lxw_doc_properties properties = {.title = (char *)t->title, .created = CREATED};
    check(&b, workbook_set_properties(b.file, &properties));
    make_formats(&b);
    write_account(&b, f, villages, count);
    for (int i = 0; i < count; i++)
        if (villages[i].level)
            write_village(&b, &villages[i]);
    lxw_error closed = workbook_close(b.file);
    check(&b, closed);
    map_free(&b.tabs);
    arena_free(&b.arena);
    return b.bad == LXW_NO_ERROR
               ? 0
               : error("不能写 %s：%s。请检查磁盘是否已满、有无写权限", path, lxw_strerror(b.bad));
}
