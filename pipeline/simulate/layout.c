/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/layout.h"

#include "simulate/draw.h"
#include "survey/workbook.h"

#include <ctype.h>
#include <string.h>

/* ---- heads ----------------------------------------------------------------------------------- */

/* "A1. 调查员编号" -> "调查员编号" */
static const char *without_number(const char *label)
{
    const char *p = label;
    while (isalnum((unsigned char)*p))
        p++;
    if (p == label || *p != '.')
        return label;
    p++;
    return p + strspn(p, " ");
}

/* A label on one line that fits a cell. */
static const char *label_of(const struct question *q)
{
    return *q->label ? q->label : question_caption(q);
}

static const char *full_width(struct arena *a, const char *text)
{
    struct buf b = {0};
    for (uint32_t c; (c = utf8_next(&text));)
        buf_put_char(&b, c > ' ' && c < 0x7F ? c + 0xFEE0 : c);
    const char *kept = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return kept;
}

/* One of the ways in which people write a head: line breaks, blanks, numbers, brackets. */
static const char *liked_head(struct chance *c, struct arena *a, int number,
                              const struct question *q)
{
    const char *caption = question_caption(q);
    switch (chance_below(c, 10)) {
    case 7:
        return full_width(a, label_of(q));
    case 8:
        return without_number(label_of(q));
    case 0:
        return q->name;
    case 1:
        return label_of(q);
    case 2:
        return arena_printf(a, "%d、%s", number, caption);
    case 3:
        return arena_printf(a, "（%d）%s", number, caption);
    case 4:
        return arena_printf(a, " %s　", caption);
    case 5:
        return *q->unit ? arena_printf(a, "%s\n（%s）", caption, q->unit) : caption;
    case 6:
        return *q->unit ? arena_printf(a, "%s(%s)", caption, q->unit) : caption;
    default:
        return caption;
    }
}

static const char *own_head(const struct world *w, const struct layout *l, struct arena *a,
                            const struct question *q)
{
    const struct form *f = l->level->form;
    const char *group = q->repeat >= 0 ? f->repeats[q->repeat].name : q->group;
    switch (l->style->heads) {
    case HEADS_DASH:
        group = q->repeat >= 0 ? "" : q->group;
        return arena_printf(a, "%s%s%s", group, *group ? "-" : "", q->name);
    case HEADS_MIXED:
        return liked_head(w->chance, a, l->count + 1, q);
    case HEADS_NAME:
        return q->name;
    case HEADS_PATH:
        return arena_printf(a, "%s%s%s", group, *group ? "/" : "", q->name);
    case HEADS_LABEL:
        return label_of(q);
    case HEADS_NUMBERED:
        return arena_printf(a, "%d、%s", l->count + 1, without_number(label_of(q)));
    default:
        break;
    }
    if (l->style->wan == WAN_HEADS && style_factor(l->style, q) != 1)
        return arena_printf(a, "%s（万元）", question_caption(q));
    return question_caption(q);
}

static const char *head_of(const struct world *w, const struct layout *l, struct arena *a,
                           const struct question *q, int nth)
{
    if (!nth)
        return own_head(w, l, a, q);
    const struct repeat *r = &l->level->form->repeats[q->repeat];
    if (l->style->heads == HEADS_NAME || l->style->heads == HEADS_PATH)
        return arena_printf(a, "%s%d_%s", r->name, nth, q->name);
    bool wan = l->style->wan == WAN_HEADS && style_factor(l->style, q) != 1;
    const char *label = r->name;
    for (int i = 0; i < w->topic->level_count; i++)
        if (w->topic->levels[i].form == l->level->form && w->topic->levels[i].repeat == q->repeat)
            label = w->topic->levels[i].label;
    return arena_printf(a, "%s%d%s%s", label, nth, question_caption(q), wan ? "（万元）" : "");
}

/* The label of the outermost group around a question. */
static const char *group_label(const struct form *f, const struct question *q)
{
    const struct wsheet *s = workbook_sheet(f->book, "survey");
    size_t n = strcspn(q->group, "/");
    for (int r = 0; s && n && r < s->row_count; r++) {
        const char *name = wsheet_get(s, r, "name");
        if (strlen(name) == n && !strncmp(name, q->group, n) && *wsheet_get(s, r, "label"))
            return wsheet_get(s, r, "label");
    }
    return "";
}

/* With the unit of its amounts. */
static const char *group_head(const struct layout *l, struct arena *a, const struct question *q)
{
    static const char yuan[] = "（元）";
    const char *label = group_label(l->level->form, q);
    if (l->style->wan != WAN_GROUPS || style_factor(l->style, q) == 1 || !*label)
        return label;
    int n = (int)(strlen(label) - (ends_with(label, yuan) ? strlen(yuan) : 0));
    return arena_printf(a, "%.*s（万元）", n, label);
}

/* ---- columns --------------------------------------------------------------------------------- */

static struct layout_column *add(struct layout *l, struct arena *a, enum part part,
                                 const char *head)
{
    if (l->count == l->room) {
        int room = l->room ? 2 * l->room : 64;
        struct layout_column *more = arena_alloc(a, (size_t)room * sizeof *more);
        if (l->count)
            memcpy(more, l->columns, (size_t)l->count * sizeof *more);
        l->columns = more;
        l->room = room;
    }
    struct layout_column *c = &l->columns[l->count++];
    *c = (struct layout_column){.part = part, .head = head, .group = "", .unit = "", .fixed = ""};
    return c;
}

static void add_fixed(struct layout *l, struct arena *a, const char *head, const char *text)
{
    add(l, a, PART_FIXED, head)->fixed = text;
}

static void add_flags(struct layout *l, struct arena *a, const struct question *q, int nth)
{
    const char *head = l->columns[l->count - 1].head;
    for (int i = 0; i < q->list->count; i++) {
        const struct choice *c = &q->list->choices[i];
        struct layout_column *column =
            add(l, a, PART_FLAG, arena_printf(a, "%s/%s", head, c->name));
        column->question = q;
        column->choice = c;
        column->nth = nth;
    }
}

static void add_question(const struct world *w, struct layout *l, struct arena *a,
                         const struct question *q, int nth)
{
    const char *head = head_of(w, l, a, q, nth);
    struct layout_column *c = add(l, a, PART_QUESTION, head);
    c->question = q;
    c->nth = nth;
    c->group = group_head(l, a, q);
    c->unit = style_factor(l->style, q) != 1 ? "万元" : q->unit;
    if (l->style->flags && q->type == Q_SELECT_MULTIPLE)
        add_flags(l, a, q, nth);
}

static void add_repeat(const struct world *w, struct layout *l, struct arena *a, int repeat)
{
    const struct form *f = l->level->form;
    for (int nth = 1; nth <= most_records(f, repeat); nth++)
        for (int i = 0; i < f->question_count; i++)
            if (f->questions[i].repeat == repeat && question_has_data(&f->questions[i]) &&
                (f->questions[i].type != Q_CALCULATE || l->style->calculations))
                add_question(w, l, a, &f->questions[i], nth);
}

static void add_link(const struct world *w, struct layout *l, struct arena *a,
                     const struct question *q)
{
    add(l, a, PART_LINK, own_head(w, l, a, q))->question = q;
}

/* The key of the record above, in a table of its own. */
static void add_links(const struct world *w, struct layout *l, struct arena *a, bool unit_column)
{
    const struct level *top = &w->topic->levels[l->level->parent];
    for (int i = 0; i < top->key_count; i++) {
        const struct question *q = form_question(top->form, top->key[i]);
        bool unit = !strcmp(q->name, top->psu);
        if (unit && !unit_column)
            continue;
        add_link(w, l, a, q);
        const struct question *name = unit ? form_question(top->form, top->psu_name) : NULL;
        if (name)
            add_link(w, l, a, name);
    }
}

static bool is_shown(const struct layout *l, const struct question *q, bool unit_column)
{
    bool unit = !strcmp(q->name, l->level->psu) || !strcmp(q->name, l->level->psu_name);
    if (!question_has_data(q) || (unit && !unit_column))
        return false;
    return q->type != Q_CALCULATE || l->style->calculations;
}

static void add_questions(const struct world *w, struct layout *l, struct arena *a,
                          bool unit_column)
{
    const struct form *f = l->level->form;
    int done = -1;
    for (int i = 0; i < f->question_count; i++) {
        const struct question *q = &f->questions[i];
        if (q->repeat == l->level->repeat) {
            if (is_shown(l, q, unit_column))
                add_question(w, l, a, q, 0);
        } else if (q->repeat >= 0 && q->repeat != done && l->style->repeats == REPEATS_WIDE &&
                   f->repeats[q->repeat].parent == l->level->repeat) {
            done = q->repeat;
            add_repeat(w, l, a, done);
        }
    }
}

static void add_front(struct layout *l, struct arena *a)
{
    if (l->style->serial)
        add(l, a, PART_SERIAL, "序号");
    if (!l->style->platform || l->level->repeat >= 0)
        return;
    if (l->style->heads == HEADS_DASH)
        add_fixed(l, a, "SubmissionDate", "2025-05-04T13:13:24.000Z");
    if (l->style->heads == HEADS_PATH || l->style->heads == HEADS_DASH) {
        add_fixed(l, a, "start", "2025-05-04T09:35:55.599+08:00");
        add_fixed(l, a, "end", "2025-05-04T10:11:37.665+08:00");
        add_fixed(l, a, "deviceid", "collect:sstB0nvm4EdkFy5x");
        return;
    }
    add(l, a, PART_SERIAL, "序号");
    add_fixed(l, a, "提交答卷时间", "2025/5/4 9:35:55");
    add_fixed(l, a, "所用时间", "655秒");
    add_fixed(l, a, "来源", "微信");
    add_fixed(l, a, "来源详情", "N/A");
    add_fixed(l, a, "来自IP", "192.0.2.7(河南)");
}

static void add_back(struct layout *l, struct arena *a)
{
    if (l->style->clutter && l->level->repeat < 0) {
        struct layout_column *c = add(l, a, PART_EXTRA, "网格员");
        c->fixed = "老李";
    }
    if (l->style->serial)
        add_fixed(l, a, "备注", "");
    if (l->style->platform && l->style->heads == HEADS_DASH) {
        if (l->level->repeat < 0)
            add_fixed(l, a, "meta-instanceName", "x");
        else
            add(l, a, PART_UP, "PARENT_KEY");
        add(l, a, PART_INDEX, "KEY");
        add_fixed(l, a, l->level->repeat < 0 ? "SubmitterID" : "SET-OF-x", "7");
    }
    if (!l->style->platform || l->style->heads != HEADS_PATH)
        return;
    if (l->level->repeat < 0) {
        add_fixed(l, a, "__version__", "vX1");
        add_fixed(l, a, "_id", "48210000");
        add_fixed(l, a, "_uuid", "85b6b7bc-fd41-4d53-900c-66dc956bb4d8");
        add_fixed(l, a, "_submission_time", "2025-05-04T21:13:24");
        add_fixed(l, a, "_validation_status", "");
    }
    add(l, a, PART_INDEX, "_index");
    if (l->level->repeat >= 0) {
        add_fixed(l, a, "_parent_table_name", l->level->form->id);
        add(l, a, PART_UP, "_parent_index");
    }
}

struct layout *layout_new(const struct world *w, struct arena *a, const struct style *style,
                          const struct level *level, bool unit_column)
{
    struct layout *l = arena_alloc(a, sizeof *l);
    l->style = style;
    l->level = level;
    add_front(l, a);
    if (level->repeat >= 0 && style->repeats == REPEATS_KEY)
        add_links(w, l, a, unit_column);
    add_questions(w, l, a, unit_column);
    add_back(l, a);
    l->cells = arena_alloc(a, (size_t)(l->count + 1) * sizeof *l->cells);
    return l;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static const struct made *nth_below(const struct made *m, const struct question *q, int nth)
{
    for (int i = 0; i < m->child_count; i++)
        if (m->children[i]->truth.repeat == q->repeat && --nth == 0)
            return m->children[i];
    return NULL;
}

static struct shown flag(const struct made *m, const struct layout_column *c)
{
    const char *chosen = m->shown[c->question->index].choices;
    if (!chosen)
        return (struct shown){.look = LOOK_NONE, .text = ""};
    size_t n = strlen(c->choice->name);
    bool set = false;
    for (const char *p = chosen; *p && !set; p += strcspn(p, " ") + (p[strcspn(p, " ")] == ' '))
        set = strcspn(p, " ") == n && !strncmp(p, c->choice->name, n);
    return (struct shown){.look = LOOK_NUMBER, .text = set ? "1" : "0"};
}

/* Number of a row for other rows, or an instance's name. */
static struct shown row_name(const struct layout_column *c, struct arena *a, long n)
{
    const char *form = strcmp(c->head, "KEY") && strcmp(c->head, "PARENT_KEY")
                           ? "%ld"
                           : "uuid:7d44d1d1-0191-43f7-bf63-%012ld";
    return (struct shown){.look = *form == '%' ? LOOK_NUMBER : LOOK_TEXT,
                          .text = arena_printf(a, form, n)};
}

static struct shown number(struct arena *a, long n)
{
    return (struct shown){.look = LOOK_NUMBER, .text = arena_printf(a, "%ld", n)};
}

static struct shown cell_of(struct arena *a, const struct layout_column *c, const struct made *m,
                            long serial)
{
    const struct shown none = {.look = LOOK_NONE, .text = ""};
    const struct made *of = c->nth ? nth_below(m, c->question, c->nth) : m;
    if (!of)
        return none;
    switch (c->part) {
    case PART_QUESTION:
    case PART_LINK:
        return of->shown[c->question->index].text ? of->shown[c->question->index] : none;
    case PART_FLAG:
        return flag(of, c);
    case PART_SERIAL:
        return number(a, serial);
    case PART_INDEX:
        return row_name(c, a, m->index);
    case PART_UP:
        return row_name(c, a, m->parent ? m->parent->index : 0);
    default:
        return (struct shown){.look = *c->fixed ? LOOK_TEXT : LOOK_NONE, .text = c->fixed};
    }
}

void layout_cells(struct layout *l, struct arena *a, const struct made *m, long serial)
{
    for (int i = 0; i < l->count; i++)
        l->cells[i] = cell_of(a, &l->columns[i], m, serial);
}

const char *layout_head(const struct layout *l, const struct question *q, int nth)
{
    for (int i = 0; i < l->count; i++)
        if (l->columns[i].question == q && l->columns[i].nth == nth &&
            l->columns[i].part != PART_FLAG)
            return l->columns[i].head;
    return "";
}
