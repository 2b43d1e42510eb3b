/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/form_private.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 64 };

static const struct {
    const char *name;
    enum question_type type;
} types[] = {
    {"text", Q_TEXT},
    {"string", Q_TEXT},
    {"barcode", Q_TEXT},
    {"hidden", Q_TEXT},
    {"integer", Q_INTEGER},
    {"int", Q_INTEGER},
    {"decimal", Q_DECIMAL},
    {"date", Q_DATE},
    {"time", Q_TIME},
    {"dateTime", Q_DATETIME},
    {"datetime", Q_DATETIME},
    {"calculate", Q_CALCULATE},
    {"note", Q_NOTE},
    {"start", Q_META},
    {"end", Q_META},
    {"today", Q_META},
    {"deviceid", Q_META},
    {"username", Q_META},
    {"email", Q_META},
    {"phonenumber", Q_META},
    {"simserial", Q_META},
    {"subscriberid", Q_META},
    {"audit", Q_META},
    {"start-geopoint", Q_META},
    {"csv-external", Q_META},
    {"xml-external", Q_META},
    {"background-audio", Q_META},
    {"geopoint", Q_OTHER},
    {"geotrace", Q_OTHER},
    {"geoshape", Q_OTHER},
    {"image", Q_OTHER},
    {"photo", Q_OTHER},
    {"audio", Q_OTHER},
    {"video", Q_OTHER},
    {"file", Q_OTHER},
    {"acknowledge", Q_OTHER},
    {"trigger", Q_OTHER},
    {"background-geopoint", Q_META},
};
enum { TYPE_COUNT = sizeof types / sizeof *types };

/* Types that take the name of an option list. */
static const struct {
    const char *word;
    enum question_type type;
} list_types[] = {{"select_one ", Q_SELECT_ONE},
                  {"select one ", Q_SELECT_ONE},
                  {"select_multiple ", Q_SELECT_MULTIPLE},
                  {"select multiple ", Q_SELECT_MULTIPLE},
                  {"select_one_from_file ", Q_SELECT_ONE},
                  {"select_multiple_from_file ", Q_SELECT_MULTIPLE},
                  {"rank ", Q_OTHER}};

static void wrong(struct reading *r, int row, const char *head, const char *why)
{
    error_at(wsheet_place(r->survey, row, head), "%s", why);
    r->wrong = true;
}

/* ---- names ---------------------------------------------------------------------------------- */

/* A letter, Chinese included, or _ first; then also digits, - and . */
static bool name_is_valid(const char *name)
{
    const char *p = name;
    for (uint32_t c; (c = utf8_next(&p));) {
        bool letter = c == '_' || (c < 0x80 && isalpha((int)c)) || is_han(c);
        bool later = c < 0x80 && (isdigit((int)c) || c == '-' || c == '.');
        if (!letter && !(later && p - name > 1))
            return false;
    }
    return *name && utf8_length(name) <= LONGEST_NAME;
}

/* Column names that the record tables use themselves. */
static bool name_is_reserved(const char *name)
{
    static const char *const own[] = {"_id", "_parent", "_key", "_no", "_row", "_psu", "_missing"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcasecmp(own[i], name) == 0)
            return true;
    return false;
}

/* Checks a new name; false after a message. */
static bool accept_name(struct reading *r, int row, const char *name)
{
    char lower[LONGEST_NAME * 4 + 1];
    if (!*name) {
        wrong(r, row, "name", "没有题名，请填写英文或中文的名字");
        return false;
    }
    if (!name_is_valid(name)) {
        wrong(r, row, "name",
              "题名不能用：以字母、汉字或下划线开头，后面可有数字、- 和 . ，不超过64个字");
        return false;
    }
    if (name_is_reserved(name)) {
        wrong(r, row, "name", "这个题名留作系统用，请换一个");
        return false;
    }
    for (size_t i = 0; (lower[i] = (char)((name[i] & 0x80) ? name[i] : tolower(name[i]))); i++)
        ;
    if (map_add(&r->seen, lower, r->survey->rows[row].no))
        return true;
    error_at(wsheet_place(r->survey, row, "name"), "题名重复，第%ld行已经用过（大小写不分）",
             map_get(&r->seen, lower, 0));
    r->wrong = true;
    return false;
}

/* ---- groups and repeats --------------------------------------------------------------------- */

/* The relevant of a group together with those around it. */
static const char *inherited_relevant(struct reading *r, int row, int parent)
{
    const char *own = wsheet_get(r->survey, row, "relevant");
    const char *outer = parent >= 0 ? r->containers[parent].relevant : "";
    if (!*own || !*outer)
        return *own ? own : outer;
    return arena_printf(&r->form->arena, "(%s) and (%s)", outer, own);
}

/* "g_id/g_sub" */
static const char *group_path(struct reading *r, int container)
{
    while (container >= 0 && r->containers[container].is_repeat)
        container = r->containers[container].parent;
    if (container < 0)
        return "";
    const char *outer = group_path(r, r->containers[container].parent);
    const char *name = r->containers[container].name;
    return *outer ? arena_printf(&r->form->arena, "%s/%s", outer, name) : name;
}

static int add_repeat(struct reading *r, int row, int outer)
{
    struct form *f = r->form;
    struct repeat *rep = &f->repeats[f->repeat_count];
    rep->name = wsheet_get(r->survey, row, "name");
    rep->label = form_text(f, r->survey, row, "label");
    rep->group = group_path(r, r->open);
    rep->parent = outer;
    r->repeat_row[f->repeat_count] = row;
    return f->repeat_count++;
}

static void begin_container(struct reading *r, int row, bool is_repeat)
{
    const char *name = wsheet_get(r->survey, row, "name");
    accept_name(r, row, name);
    int outer = r->open >= 0 ? r->containers[r->open].repeat : -1;
    struct container c = {name, is_repeat, row, r->open, outer, NULL, false};
    c.relevant = inherited_relevant(r, row, r->open);
    if (is_repeat)
        c.repeat = add_repeat(r, row, outer);
    r->containers[r->container_count] = c;
    r->open = r->container_count++;
}

static void end_container(struct reading *r, int row, bool is_repeat)
{
    const char *kind = is_repeat ? "repeat" : "group";
    if (r->open < 0) {
        error_at(wsheet_place(r->survey, row, "type"), "end_%s 前面没有对应的 begin_%s", kind,
                 kind);
        r->wrong = true;
        return;
    }
    const struct container *c = &r->containers[r->open];
    const char *name = wsheet_get(r->survey, row, "name");
    if (c->is_repeat != is_repeat) {
        error_at(wsheet_place(r->survey, row, "type"), "begin 和 end 不配对：第%ld行开始的是%s %s",
                 r->survey->rows[c->row].no, c->is_repeat ? "循环" : "组", c->name);
        r->wrong = true;
    } else if (*name && strcmp(name, c->name) != 0) {
        error_at(wsheet_place(r->survey, row, "name"), "这里结束的是第%ld行的 %s",
                 r->survey->rows[c->row].no, c->name);
        r->wrong = true;
    }
    r->open = c->parent;
}

/* "begin_group", "begin group" and so on; false when the type is none of them. */
static bool read_container(struct reading *r, int row, const char *type)
{
    bool begin = starts_with(type, "begin_") || starts_with(type, "begin ");
    bool end = starts_with(type, "end_") || starts_with(type, "end ");
    const char *what = type + (begin ? 6 : end ? 4 : 0);
    bool is_repeat = strcmp(what, "repeat") == 0;
    if (!(begin || end) || !(is_repeat || strcmp(what, "group") == 0))
        return false;
    if (begin)
        begin_container(r, row, is_repeat);
    else
        end_container(r, row, is_repeat);
    return true;
}

/* ---- questions ------------------------------------------------------------------------------ */

static const char *nearest_type(const char *type)
{
    const char *best = NULL;
    int least = 4;
    for (int i = 0; i < TYPE_COUNT; i++) {
        int d = text_distance(type, types[i].name);
        if (d < least) {
            least = d;
            best = types[i].name;
        }
    }
    return best;
}

static void unknown_type(struct reading *r, int row, const char *type)
{
    const char *near = nearest_type(type);
    error_at(wsheet_place(r->survey, row, "type"), "不认识的题型%s%s%s", near ? "，是不是 " : "",
             near ? near : "", near ? "？" : "");
    r->wrong = true;
}

/* The nearest list name, or NULL. */
static const char *nearest_list(const struct form *f, const char *name)
{
    const char *best = NULL;
    int least = 3;
    for (int i = 0; i < f->list_count; i++) {
        int d = text_distance(name, f->lists[i].name);
        if (d < least) {
            least = d;
            best = f->lists[i].name;
        }
    }
    return best;
}

/* A code of a select_multiple must not have blanks: the answers are joined by them. */
static void check_codes(struct reading *r, int row, const struct choice_list *l)
{
    for (int i = 0; i < l->count; i++)
        if (strchr(l->choices[i].name, ' ')) {
            error_at(wsheet_place(r->survey, row, "type"),
                     "选项表 %s 的编码“%s”里有空格，不能用于多选题", l->name, l->choices[i].name);
            r->wrong = true;
        }
}

/* The length of the list's name without " or_other" and its older spellings. */
static size_t without_other(struct reading *r, const char *text, size_t n)
{
    static const char *const endings[] = {" or_other", " or other", " or specify other"};
    r->or_other = false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strncmp(text + n - m, endings[i], m) == 0) {
            r->or_other = true;
            return n - m;
        }
    }
    return n;
}

static void missing_list(struct reading *r, int row, const char *name)
{
    const char *near = nearest_list(r->form, name);
    error_at(wsheet_place(r->survey, row, "type"), "choices 表里没有选项表 %s%s%s%s", name,
             near ? "，是不是 " : "", near ? near : "", near ? "？" : "");
    r->wrong = true;
}

/* The list `name` of a select's row; NULL after a message. */
static struct choice_list *select_list(struct reading *r, int row, const char *name)
{
    struct choice_list *l = find_list(r->form, name);
    if (!l) {
        missing_list(r, row, name);
    } else if (r->or_other && *wsheet_get(r->survey, row, "choice_filter")) {
        wrong(r, row, "choice_filter",
              "or_other 不能和 choice_filter 一起用，请在选项表里写明“其他”");
    } else if (r->or_other) {
        add_other_choice(r->form, l);
    }
    return l;
}

/* "select_one county", with or without or_other; false when the type is no select. */
static bool read_select(struct reading *r, int row, const char *type, struct question *q)
{
    for (size_t i = 0; i < sizeof list_types / sizeof *list_types; i++) {
        if (!starts_with(type, list_types[i].word))
            continue;
        size_t n;
        const char *name = text_trim(type + strlen(list_types[i].word), &n);
        name = arena_strndup(&r->form->arena, name, without_other(r, name, n));
        q->type = list_types[i].type;
        bool file = strstr(list_types[i].word, "from_file");
        q->list = file ? read_choice_file(r, row, name) : select_list(r, row, name);
        if (file && !q->list)
            q->type = Q_TEXT;
        if (q->list && q->type == Q_SELECT_MULTIPLE)
            check_codes(r, row, q->list);
        return true;
    }
    return false;
}

/* A range is a number between its ends. */
static void read_range(struct reading *r, int row, struct question *q)
{
    struct range range;
    const char *why = range_read(wsheet_get(r->survey, row, "parameters"), &range);
    if (why)
        wrong(r, row, "parameters", why);
    q->type = why || range.whole ? Q_INTEGER : Q_DECIMAL;
    if (!why && !*q->constraint_message)
        q->constraint_message =
            arena_printf(&r->form->arena, "应在%g至%g之间", range.low, range.high);
}

static bool read_type(struct reading *r, int row, const char *type, struct question *q)
{
    q->type_text = type;
    r->or_other = false;
    if (read_select(r, row, type, q))
        return true;
    if (strcmp(type, "range") == 0) {
        read_range(r, row, q);
        return true;
    }
    for (int i = 0; i < TYPE_COUNT; i++)
        if (strcmp(types[i].name, type) == 0) {
            /* A calculation that waits for its trigger is an answer: it cannot be done again. */
            bool waits = types[i].type == Q_CALCULATE && *wsheet_get(r->survey, row, "trigger");
            q->type = waits ? Q_TEXT : types[i].type;
            return true;
        }
    unknown_type(r, row, type);
    return false;
}

/* The parts of "甲|乙|丙". */
static void read_aliases(struct reading *r, const char *text, struct question *q)
{
    size_t bars = 1;
    for (const char *p = text; *p; p++)
        bars += *p == '|';
    q->aliases = arena_alloc(&r->form->arena, bars * sizeof *q->aliases);
    while (*text) {
        size_t n = strcspn(text, "|"), trimmed;
        char *part = arena_strndup(&r->form->arena, text, n);
        const char *start = text_trim(part, &trimmed);
        if (trimmed)
            q->aliases[q->alias_count++] = arena_strndup(&r->form->arena, start, trimmed);
        text += n + (text[n] == '|');
    }
}

/* Names that need not be written: pyxform gives notes and the audit the same ones. */
static const char *question_name(struct reading *r, int row, const char *type)
{
    const char *name = wsheet_get(r->survey, row, "name");
    if (!*name && strcmp(type, "audit") == 0)
        return "audit";
    if (!*name && strcmp(type, "note") == 0)
        return arena_printf(&r->form->arena, "generated_note_name_%d", row + 2);
    return name;
}

static void add_question(struct reading *r, int row, struct question q)
{
    struct form *f = r->form;
    q.index = f->question_count;
    q.row = r->survey->rows[row].no;
    q.group = group_path(r, r->open);
    q.repeat = r->open >= 0 ? r->containers[r->open].repeat : -1;
    r->question_row[q.index] = row;
    r->question_inside[q.index] = r->open;
    map_put(&f->names, q.name, q.index);
    f->questions[f->question_count++] = q;
}

/* The question that or_other adds after the last one, named as pyxform names it. */
static void add_other_question(struct reading *r, int row)
{
    struct form *f = r->form;
    const struct question *last = &f->questions[f->question_count - 1];
    struct question q = {.type = Q_TEXT, .type_text = "text", .label = "请注明", .hint = ""};
    q.name = arena_printf(&f->arena, "%s_other", last->name);
    q.short_label = arena_printf(&f->arena, "%s（请注明）", question_caption(last));
    q.unit = q.constraint_message = "";
    q.personal = last->personal;
    q.other_of = last;
    if (accept_name(r, row, q.name))
        add_question(r, row, q);
}

static void read_question(struct reading *r, int row, const char *type)
{
    const struct wsheet *s = r->survey;
    const struct form *f = r->form;
    struct question q = {.name = question_name(r, row, type)};
    bool named = accept_name(r, row, q.name);
    q.constraint_message = form_text(f, s, row, "constraint_message");
    if (!read_type(r, row, type, &q) || !named)
        return;
    q.label = form_text(f, s, row, "label");
    q.hint = form_text(f, s, row, "hint");
    q.short_label = wsheet_get(s, row, "short");
    q.unit = wsheet_get(s, row, "unit");
    q.personal = cell_is_yes(wsheet_get(s, row, "personal"));
    q.soft = cell_is_yes(wsheet_get(s, row, "soft"));
    read_aliases(r, wsheet_get(s, row, "alias"), &q);
    if (q.type == Q_CALCULATE && !*wsheet_get(s, row, "calculation") &&
        !*wsheet_get(s, row, "default"))
        wrong(r, row, "calculation", "calculate 题没有写算式");
    bool other = r->or_other;
    add_question(r, row, q);
    if (other)
        add_other_question(r, row);
}

static void check_open(struct reading *r)
{
    for (; r->open >= 0; r->open = r->containers[r->open].parent) {
        const struct container *c = &r->containers[r->open];
        wrong(r, c->row, "type", c->is_repeat ? "这个循环没有 end_repeat" : "这个组没有 end_group");
    }
}

void read_survey(struct reading *r)
{
    struct form *f = r->form;
    size_t n = 2 * (size_t)r->survey->row_count + 1; /* or_other adds a question */
    f->questions = arena_alloc(&f->arena, n * sizeof *f->questions);
    f->repeats = arena_alloc(&f->arena, n * sizeof *f->repeats);
    r->containers = arena_alloc(&f->arena, n * sizeof *r->containers);
    r->question_row = arena_alloc(&f->arena, n * sizeof *r->question_row);
    r->question_inside = arena_alloc(&f->arena, n * sizeof *r->question_inside);
    r->repeat_row = arena_alloc(&f->arena, n * sizeof *r->repeat_row);
    r->open = -1;
    for (int row = 0; row < r->survey->row_count; row++) {
        const char *type = wsheet_get(r->survey, row, "type");
        if (cell_is_yes(wsheet_get(r->survey, row, "disabled")))
            continue;
        if (!*type)
            wrong(r, row, "type", "没有写题型");
        else if (!read_container(r, row, type))
            read_question(r, row, type);
    }
    check_open(r);
}
