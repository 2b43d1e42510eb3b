/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/style.h"

#include "base/message.h"
#include "base/text.h"

#include <string.h>

static const struct style STYLES[] = {
    {.name = "csv",
     .help = "UTF-8 CSV，表头为题文，选项写文字",
     .encoding = "UTF-8",
     .extension = "csv",
     .mark = true,
     .delimiter = ',',
     .line_end = "\n",
     .heads = HEADS_LABEL,
     .choices = CHOICE_LABELS,
     .calculations = true},
    {.name = "gbk",
     .help = "GBK CSV，短表头，有表题、单位行、合计和签字行",
     .encoding = "GB18030",
     .extension = "csv",
     .delimiter = ',',
     .line_end = "\r\n",
     .heads = HEADS_SHORT,
     .choices = CHOICE_MIXED,
     .calculations = true,
     .titles = 2,
     .unit_row = true,
     .serial = true,
     .footer = true,
     .clutter = true},
    {.name = "utf16",
     .help = "UTF-16 制表符文本，短表头",
     .encoding = "UTF-16LE",
     .extension = "txt",
     .mark = true,
     .delimiter = '\t',
     .line_end = "\r\n",
     .heads = HEADS_SHORT,
     .choices = CHOICE_MIXED,
     .calculations = true},
    {.name = "wide",
     .help = "UTF-8 CSV，表头为题名，成员并排",
     .encoding = "UTF-8",
     .extension = "csv",
     .delimiter = ',',
     .line_end = "\r\n",
     .heads = HEADS_NAME,
     .repeats = REPEATS_WIDE,
     .choices = CHOICE_CODES,
     .calculations = true},
    {.name = "xlsx",
     .help = "xlsx 工作簿，一表一层，两层合并表头，真正的日期和数",
     .container = AS_XLSX,
     .extension = "xlsx",
     .heads = HEADS_SHORT,
     .choices = CHOICE_MIXED,
     .calculations = true,
     .titles = 1,
     .group_row = true,
     .serial = true,
     .footer = true,
     .clutter = true},
    {.name = "sheets",
     .help = "xlsx 工作簿，一村一张表，没有村代码栏",
     .container = AS_XLSX,
     .extension = "xlsx",
     .heads = HEADS_SHORT,
     .choices = CHOICE_MIXED,
     .unit_sheets = true,
     .serial = true},
    {.name = "card",
     .help = "xlsx 工作簿，村、县的表一项一行",
     .container = AS_XLSX,
     .extension = "xlsx",
     .heads = HEADS_LABEL,
     .choices = CHOICE_LABELS,
     .calculations = true,
     .cards = true},
    {.name = "wanyuan",
     .help = "xlsx 工作簿，金额以万元填写，表头写明",
     .container = AS_XLSX,
     .extension = "xlsx",
     .heads = HEADS_SHORT,
     .choices = CHOICE_MIXED,
     .calculations = true,
     .wan = WAN_HEADS,
     .titles = 1},
    {.name = "wjx",
     .help = "问卷星式 xlsx，题文带题号，多选用┋分隔，成员并排",
     .container = AS_XLSX,
     .extension = "xlsx",
     .heads = HEADS_NUMBERED,
     .repeats = REPEATS_WIDE,
     .choices = CHOICE_LABELS,
     .between = "┋",
     .platform = true},
    {.name = "kobo",
     .help = "KoboToolbox 导出的 CSV，表头带组名，多选有0/1列，成员表用 _parent_index",
     .encoding = "UTF-8",
     .extension = "csv",
     .mark = true,
     .delimiter = ';',
     .line_end = "\n",
     .heads = HEADS_PATH,
     .repeats = REPEATS_INDEX,
     .choices = CHOICE_CODES,
     .calculations = true,
     .flags = true,
     .platform = true},
    {.name = "koboxlsx",
     .help = "KoboToolbox 导出的 xlsx，成员在另一张表",
     .container = AS_XLSX,
     .extension = "xlsx",
     .heads = HEADS_PATH,
     .repeats = REPEATS_INDEX,
     .choices = CHOICE_CODES,
     .calculations = true,
     .flags = true,
     .platform = true},
    {.name = "central",
     .help = "ODK Central 导出的 CSV，表头带组名，成员表用 PARENT_KEY",
     .encoding = "UTF-8",
     .extension = "csv",
     .delimiter = ',',
     .line_end = "\n",
     .heads = HEADS_DASH,
     .repeats = REPEATS_INDEX,
     .choices = CHOICE_CODES,
     .calculations = true,
     .platform = true},
    {.name = "odk",
     .help = "ODK Collect 的实例（XML）",
     .container = AS_ODK,
     .repeats = REPEATS_WIDE,
     .choices = CHOICE_CODES,
     .calculations = true},
    {.name = "odkzip",
     .help = "ODK Collect 的实例，打成一个 zip",
     .container = AS_ODK,
     .repeats = REPEATS_WIDE,
     .choices = CHOICE_CODES,
     .calculations = true,
     .packed = true},
};
enum { STYLE_COUNT = sizeof STYLES / sizeof *STYLES };

/* ---- modifiers ------------------------------------------------------------------------------- */

static void as_wide(struct style *s)
{
    s->repeats = REPEATS_WIDE;
}
static void as_key(struct style *s)
{
    s->repeats = REPEATS_KEY;
}
static void with_names(struct style *s)
{
    s->heads = HEADS_NAME;
}
static void with_labels(struct style *s)
{
    s->heads = HEADS_LABEL;
}
static void with_shorts(struct style *s)
{
    s->heads = HEADS_SHORT;
}
static void with_mixed(struct style *s)
{
    s->heads = HEADS_MIXED;
}
static void with_codes(struct style *s)
{
    s->choices = CHOICE_CODES;
}
static void with_words(struct style *s)
{
    s->choices = CHOICE_LABELS;
}
static void in_wan_heads(struct style *s)
{
    s->wan = WAN_HEADS;
    s->heads = HEADS_SHORT;
}
static void in_wan_groups(struct style *s)
{
    s->wan = WAN_GROUPS;
    s->heads = HEADS_SHORT;
    s->group_row = s->container == AS_XLSX;
}
static void in_wan_row(struct style *s)
{
    s->wan = WAN_ROW;
    s->heads = HEADS_SHORT;
    s->unit_row = true;
}
static void with_titles(struct style *s)
{
    s->titles = 2;
}
static void with_groups(struct style *s)
{
    s->group_row = s->container == AS_XLSX;
}
static void with_units(struct style *s)
{
    s->unit_row = true;
}
static void with_serial(struct style *s)
{
    s->serial = true;
}
static void with_footer(struct style *s)
{
    s->footer = true;
}
static void with_pages(struct style *s)
{
    s->paged = true;
}
static void by_sheets(struct style *s)
{
    s->unit_sheets = s->container == AS_XLSX;
}
static void by_files(struct style *s)
{
    s->unit_files = s->repeats != REPEATS_INDEX;
}
static void as_cards(struct style *s)
{
    s->cards = true;
}
static void in_zip(struct style *s)
{
    s->packed = true;
}
static void in_old_zip(struct style *s)
{
    s->packed = s->old_names = true;
}
static void again_apart(struct style *s)
{
    s->again_apart = true;
}
static void with_lies(struct style *s)
{
    s->lying = true;
    s->extension = s->container == AS_CSV ? "xls" : "csv";
}
static void with_clutter(struct style *s)
{
    s->clutter = true;
}
static void without_calculations(struct style *s)
{
    s->calculations = false;
}

static void with_tabs(struct style *s)
{
    s->delimiter = '\t';
}
static void with_semicolons(struct style *s)
{
    s->delimiter = ';';
}
static void with_returns(struct style *s)
{
    s->line_end = "\r";
}
static void in_utf16(struct style *s)
{
    s->encoding = "UTF-16BE";
    s->mark = true;
}
static void in_gb(struct style *s)
{
    s->encoding = "GB18030";
}
static void in_utf8(struct style *s)
{
    s->encoding = "UTF-8";
}

static const struct modifier {
    const char *name;
    void (*apply)(struct style *);
} MODIFIERS[] = {
    {"wide", as_wide},
    {"key", as_key},
    {"names", with_names},
    {"labels", with_labels},
    {"shorts", with_shorts},
    {"mixed", with_mixed},
    {"codes", with_codes},
    {"words", with_words},
    {"wanheads", in_wan_heads},
    {"wangroups", in_wan_groups},
    {"wanrow", in_wan_row},
    {"titles", with_titles},
    {"groups", with_groups},
    {"units", with_units},
    {"serial", with_serial},
    {"footer", with_footer},
    {"pages", with_pages},
    {"sheets", by_sheets},
    {"files", by_files},
    {"cards", as_cards},
    {"zip", in_zip},
    {"oldzip", in_old_zip},
    {"again", again_apart},
    {"lies", with_lies},
    {"clutter", with_clutter},
    {"nocalc", without_calculations},
    {"tabs", with_tabs},
    {"semicolons", with_semicolons},
    {"returns", with_returns},
    {"utf16be", in_utf16},
    {"gb", in_gb},
    {"utf8", in_utf8},
};
enum { MODIFIER_COUNT = sizeof MODIFIERS / sizeof *MODIFIERS };

static const struct modifier *modifier_named(const char *name, size_t n)
{
    for (int i = 0; i < MODIFIER_COUNT; i++)
        if (strlen(MODIFIERS[i].name) == n && !strncmp(MODIFIERS[i].name, name, n))
            return &MODIFIERS[i];
    return NULL;
}

/* What does not go together gives way. */
static void settle(struct style *s)
{
    s->group_row = s->group_row && s->container == AS_XLSX && !s->cards;
    s->unit_sheets = s->unit_sheets && s->container == AS_XLSX;
    if (s->wan == WAN_GROUPS && !s->group_row)
        s->wan = WAN_NOWHERE;
    if (s->wan != WAN_NOWHERE) /* heads that say no other unit */
        s->heads = HEADS_SHORT;
}

/* A form of the table and some modifiers; those that platforms make are left as they are. */
static void random_style(struct chance *c, struct style *out)
{
    do {
        *out = STYLES[chance_below(c, STYLE_COUNT)];
    } while (out->platform || out->container == AS_ODK);
    struct buf name = {0};
    buf_puts(&name, out->name);
    for (long n = chance_below(c, 6); n > 0; n--) {
        const struct modifier *m = &MODIFIERS[chance_below(c, MODIFIER_COUNT)];
        m->apply(out);
        buf_printf(&name, "+%s", m->name);
    }
    settle(out);
    note("格式：%s", name.text);
    buf_free(&name);
}

/* Lines "  name  help", for messages. */
static const char *style_list(void)
{
    static struct buf list;
    buf_clear(&list);
    for (int i = 0; i < STYLE_COUNT; i++)
        buf_printf(&list, "  %-9s %s\n", STYLES[i].name, STYLES[i].help);
    buf_puts(&list, "  any       随机搭配\n后面可用加号接变化，如 xlsx+wide+titles：\n ");
    for (int i = 0; i < MODIFIER_COUNT; i++)
        buf_printf(&list, " %s", MODIFIERS[i].name);
    return buf_text(&list);
}

bool style_named(const char *name, struct chance *chance, struct style *out)
{
    size_t n = strcspn(name, "+");
    int i = 0;
    if (!strcmp(name, "any")) {
        random_style(chance, out);
        return true;
    }
    while (i < STYLE_COUNT && (strlen(STYLES[i].name) != n || strncmp(STYLES[i].name, name, n)))
        i++;
    bool found = i < STYLE_COUNT;
    if (found)
        *out = STYLES[i];
    for (const char *p = name + n; found && *p; p += n) {
        n = strcspn(++p, "+");
        const struct modifier *m = modifier_named(p, n);
        found = m != NULL;
        if (m)
            m->apply(out);
    }
    if (found)
        settle(out);
    else
        error("没有“%s”这种格式。可用的有：\n%s", name, style_list());
    return found;
}

double style_factor(const struct style *s, const struct question *q)
{
    bool number = q->type == Q_INTEGER || q->type == Q_DECIMAL || q->type == Q_CALCULATE;
    if (s->wan == WAN_NOWHERE || !number || strcmp(q->unit, "元") != 0)
        return 1;
    if (s->wan == WAN_GROUPS && (!s->group_row || !*q->group || q->repeat >= 0))
        return 1;
    return 10000;
}
