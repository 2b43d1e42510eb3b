/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/upload_private.h"

#include "formats/sheets.h"

#include <stdlib.h>
#include <string.h>

struct upload *upload_new(const struct world *w, const struct style *style, const char *folder,
                          struct truth *truth)
{
    struct upload *u = must_alloc(sizeof *u);
    u->world = w;
    u->style = style;
    u->truth = truth;
    u->folder = must_strdup(folder);
    if (style->container == AS_ODK)
        u->phone = phone_new(w, style, folder, truth);
    else
        u->files = files_new(style, folder, arena_printf(&u->arena, "%s上报.zip", w->county_name));
    return u;
}

bool upload_has_tables_below(const struct upload *u)
{
    return u->style->repeats != REPEATS_WIDE;
}

static const struct level *top_of(const struct upload *u, const struct level *l)
{
    while (l->parent >= 0)
        l = &u->world->topic->levels[l->parent];
    return l;
}

bool upload_by_unit_sheets(const struct upload *u, const struct level *level)
{
    const struct level *top = top_of(u, level);
    return u->style->unit_sheets && !u->style->unit_files && *top->psu && top->key_count > 1;
}

bool upload_is_card(const struct upload *u, const struct level *l)
{
    bool few = l->key_count == 1 || u->style->unit_sheets || u->style->unit_files;
    return u->style->cards && l->repeat < 0 && few;
}

/* ---- heads ----------------------------------------------------------------------------------- */

static struct shown text_cell(const char *text)
{
    return (struct shown){.look = *text ? LOOK_TEXT : LOOK_NONE, .text = text};
}

static void write_text(struct target *t, const char *text)
{
    for (int i = 0; i < t->layout->count; i++)
        t->layout->cells[i] = text_cell(i ? "" : text);
    sheet_row(t->sheet, t->layout->cells, t->layout->count);
}

static void write_titles(struct upload *u, struct target *t)
{
    const char *county = u->world->county_name;
    if (u->style->titles > 0)
        write_text(t, arena_printf(&u->arena, "%s%s调查表（模拟）", county, t->level->label));
    if (u->style->titles > 1)
        write_text(t, arena_printf(&u->arena, "填报单位：%s老区建设促进会", county));
}

/* Heads over two rows: groups above, merged; heads without a group over both rows. */
static void write_group_heads(struct target *t)
{
    struct layout *l = t->layout;
    for (int i = 0, n; i < l->count; i += n) {
        const struct layout_column *c = &l->columns[i];
        n = 1;
        while (*c->group && i + n < l->count && !strcmp(l->columns[i + n].group, c->group))
            n++;
        for (int k = i; k < i + n; k++)
            l->cells[k] = text_cell("");
        if (*c->group && n > 1)
            sheet_merge(t->sheet, i, n, 1, c->group);
        else
            l->cells[i] = text_cell(c->group);
        if (!*c->group)
            sheet_merge(t->sheet, i, 1, 2, c->head);
    }
    sheet_row(t->sheet, l->cells, l->count);
}

static long write_heads(struct upload *u, struct target *t)
{
    struct layout *l = t->layout;
    bool groups = false;
    for (int i = 0; i < l->count; i++)
        groups = groups || *l->columns[i].group;
    groups = groups && u->style->group_row;
    if (groups)
        write_group_heads(t);
    for (int i = 0; i < l->count; i++)
        l->cells[i] = text_cell(groups && !*l->columns[i].group ? "" : l->columns[i].head);
    return sheet_row(t->sheet, l->cells, l->count);
}

/* Lines about the heads themselves: units, columns outside the questionnaire, sheets that stand
 * for a unit. */
static void tell_heads(struct upload *u, struct target *t, const char *row)
{
    struct problem_line line = {
        .file = sheet_file(t->sheet), .sheet = sheet_name(t->sheet), .row = row};
    for (int i = 0; i < t->layout->count; i++) {
        const struct layout_column *c = &t->layout->columns[i];
        bool amount = c->part == PART_QUESTION && style_factor(u->style, c->question) != 1;
        if (!amount && c->part != PART_EXTRA)
            continue;
        line.column = c->head;
        line.field = amount ? c->question->name : "";
        line.kind = amount ? "unit_header" : "extra_field";
        line.class = amount ? "repaired" : "notice";
        truth_line(u->truth, &line);
    }
}

static void tell_unit_sheet(struct upload *u, struct target *t, const char *row)
{
    truth_line(u->truth, &(struct problem_line){.file = sheet_file(t->sheet),
                                                .sheet = sheet_name(t->sheet),
                                                .row = row,
                                                .field = top_of(u, t->level)->psu,
                                                .kind = "village_name",
                                                .class = "repaired",
                                                .original = sheet_name(t->sheet),
                                                .corrected = t->unit->code});
}

static void begin_table(struct upload *u, struct target *t)
{
    write_titles(u, t);
    const char *row = arena_printf(&u->arena, "%ld", write_heads(u, t));
    if (u->style->unit_row) {
        for (int i = 0; i < t->layout->count; i++)
            t->layout->cells[i] = text_cell(t->layout->columns[i].unit);
        sheet_row(t->sheet, t->layout->cells, t->layout->count);
    }
    tell_heads(u, t, row);
    if (upload_by_unit_sheets(u, t->level))
        tell_unit_sheet(u, t, row);
}

/* A file whose name promises another format. */
static void tell_file(struct upload *u, const struct target *t)
{
    bool known = !u->style->lying;
    for (int i = 0; i < u->count && !known; i++)
        known = !strcmp(sheet_file(u->targets[i]->sheet), sheet_file(t->sheet));
    if (!known)
        truth_line(u->truth, &(struct problem_line){.file = sheet_file(t->sheet),
                                                    .kind = "file_type",
                                                    .class = "file"});
}

/* ---- targets --------------------------------------------------------------------------------- */

/* File without extension and sheet of a level's records. */
static struct sheet *sheet_of(struct upload *u, const struct target *t)
{
    const struct world *w = u->world;
    const struct level *top = top_of(u, t->level);
    static const char *const suffixes[] = {"", "（续）", "更正"};
    const char *suffix = suffixes[t->series], *file;
    bool own_file = u->style->container == AS_CSV || t->unit;
    bool below = u->style->repeats == REPEATS_INDEX && t->level != top;
    const char *unit = t->unit && u->style->unit_files ? t->unit->full_name : "";
    if (own_file && below)
        file = arena_printf(&u->arena, "%s%s%s%c%s", w->county_name, top->label, suffix,
                            u->style->heads == HEADS_DASH ? '-' : '_', t->level->repeat_name);
    else if (u->style->repeats == REPEATS_INDEX)
        file = arena_printf(&u->arena, "%s%s%s", w->county_name, top->label, suffix);
    else if (own_file)
        file = arena_printf(&u->arena, "%s%s%s%s%s", *unit ? t->level->label : "", *unit ? "/" : "",
                            *unit ? unit : w->county_name, t->level->label, suffix);
    else
        file = arena_printf(&u->arena, "%s上报数据%s", w->county_name, suffix);
    const char *sheet = t->level->label;
    if (t->unit && !u->style->unit_files)
        sheet = frame_match(w->frame, w->county, t->unit->name) == t->unit ? t->unit->name
                                                                           : t->unit->full_name;
    else if (below)
        sheet = t->level->repeat_name;
    return files_sheet(u->files, file, sheet);
}

static struct target *target_of(struct upload *u, const struct made *m, enum series series)
{
    const struct level *top = top_of(u, m->level);
    bool by_unit =
        upload_by_unit_sheets(u, m->level) || (u->style->unit_files && top->key_count > 1);
    const struct unit *unit = by_unit ? m->unit : NULL;
    for (int i = 0; i < u->count; i++)
        if (u->targets[i]->level == m->level && u->targets[i]->unit == unit &&
            u->targets[i]->series == series)
            return u->targets[i];
    struct target *t = arena_alloc(&u->arena, sizeof *t);
    *t = (struct target){.level = m->level, .unit = unit, .series = series};
    t->layout =
        layout_new(u->world, &u->arena, u->style, m->level, !upload_by_unit_sheets(u, m->level));
    t->sheet = sheet_of(u, t);
    if (!t->sheet)
        die(CANNOT, "写不成上报文件");
    tell_file(u, t);
    GROW(u->targets, u->count, u->room);
    u->targets[u->count++] = t;
    if (!upload_is_card(u, m->level))
        begin_table(u, t);
    return t;
}

/* ---- records --------------------------------------------------------------------------------- */

struct head_source {
    const struct layout *layout;
    int nth;
};

static const char *head(const void *of, const struct question *q)
{
    const struct head_source *s = of;
    return layout_head(s->layout, q, s->nth);
}

static void answer(struct upload *u, const struct target *t, const struct made *m, int nth,
                   const char *row)
{
    struct place_of at = {sheet_file(t->sheet), sheet_name(t->sheet), row};
    struct head_source source = {t->layout, nth};
    truth_problems(u->truth, m, at, head, &source);
    if (!m->fate)
        truth_record(u->truth, m, at);
}

/* Records side by side with the one above. */
static void answer_wide(struct upload *u, const struct target *t, const struct made *m,
                        const char *row)
{
    for (int i = 0; i < m->child_count && !m->fate; i++)
        answer(u, t, m->children[i], m->children[i]->truth.position, row);
}

/* A printed page ends: subtotal, blank row, the head again. */
static void turn_page(struct target *t)
{
    struct layout *l = t->layout;
    for (int i = 0; i < l->count; i++)
        l->cells[i] = text_cell(i ? "" : "小计");
    sheet_row(t->sheet, l->cells, l->count);
    sheet_gap(t->sheet);
    for (int i = 0; i < l->count; i++)
        l->cells[i] = text_cell(l->columns[i].head);
    sheet_row(t->sheet, l->cells, l->count);
}

static void write_row(struct upload *u, struct arena *a, struct target *t, struct made *m)
{
    enum { PAGE = 12 };
    if (u->style->paged && t->serial && t->serial % PAGE == 0)
        turn_page(t);
    m->index = ++t->serial;
    layout_cells(t->layout, a, m, t->serial);
    const char *row =
        arena_printf(a, "%ld", sheet_row(t->sheet, t->layout->cells, t->layout->count));
    answer(u, t, m, 0, row);
    if (u->style->repeats == REPEATS_WIDE)
        answer_wide(u, t, m, row);
}

/* Whether the files are as long as people let them become, or too many to stay open. */
static bool is_time_to_turn(const struct upload *u)
{
    enum { ROWS_MOST = 20000, OPEN_MOST = 30 };
    bool turn = u->count > OPEN_MOST;
    for (int i = 0; i < u->count && u->style->container == AS_XLSX; i++)
        turn = turn || u->targets[i]->serial >= ROWS_MOST;
    return turn;
}

static void end_tables(struct upload *u);

void upload_write(struct upload *u, struct arena *a, struct made *m, enum series series, bool alone)
{
    if (u->phone) {
        phone_write(u->phone, a, m, alone);
        return;
    }
    if (is_time_to_turn(u)) {
        end_tables(u);
        if (files_turn(u->files) < 0)
            die(CANNOT, "写不成上报文件");
    }
    struct target *t = target_of(u, m, series);
    if (upload_is_card(u, m->level)) {
        GROW(t->cards, t->card_count, t->card_room);
        t->cards[t->card_count++] = m;
    } else {
        write_row(u, a, t, m);
    }
    for (int i = 0; i < m->child_count && u->style->repeats != REPEATS_WIDE && !alone; i++)
        write_row(u, a, target_of(u, m->children[i], series), m->children[i]);
}

void upload_write_below(struct upload *u, struct arena *a, struct made *m)
{
    write_row(u, a, target_of(u, m, SERIES_FIRST), m);
}

void upload_cut(struct upload *u, struct arena *a, struct made *m)
{
    struct target *t = target_of(u, m, SERIES_FIRST);
    layout_cells(t->layout, a, m, t->serial + 1);
    int count = (int)chance_between(u->world->chance, 2, t->layout->count - 1);
    m->fate = "truncated_row";
    m->fate_class = "held";
    const char *row = arena_printf(a, "%ld", sheet_cut_row(t->sheet, t->layout->cells, count));
    answer(u, t, m, 0, row);
}

/* ---- cards ----------------------------------------------------------------------------------- */

/* Where a record of a card stands: its column. */
static const char *letters(struct arena *a, int column)
{
    char text[16];
    column_letters(column, text);
    return arena_strdup(a, text);
}

static const char *row_of_item(struct upload *u, const struct target *t, const struct question *q,
                               int nth, const long *rows)
{
    for (int k = 0; k < t->layout->count; k++) {
        const struct layout_column *c = &t->layout->columns[k];
        if (c->question == q && c->nth == nth && c->part != PART_FLAG)
            return arena_printf(&u->arena, "%ld", rows[k]);
    }
    return "";
}

/* Problems of a record in a card stand in the rows of their items. */
static void answer_card(struct upload *u, const struct target *t, struct made *m, int nth,
                        const char *column, const long *rows)
{
    struct place_of at = {sheet_file(t->sheet), sheet_name(t->sheet), column};
    struct head_source source = {t->layout, nth};
    if (m->fate) {
        truth_problems(u->truth, m, at, head, &source);
        return;
    }
    truth_record(u->truth, m, at);
    struct planted *all = m->planted;
    int count = m->planted_count;
    m->planted_count = 1;
    for (int i = 0; i < count; i++) {
        m->planted = &all[i];
        at.row = row_of_item(u, t, all[i].question, nth, rows);
        truth_problems(u->truth, m, at, head, &source);
    }
    for (int i = 0; i < m->child_count && u->style->repeats == REPEATS_WIDE; i++)
        answer_card(u, t, m->children[i], m->children[i]->truth.position, column, rows);
}

static const struct question *first_question(const struct layout *l)
{
    for (int i = 0; i < l->count; i++)
        if (l->columns[i].question)
            return l->columns[i].question;
    return NULL;
}

static void end_card(struct upload *u, struct target *t)
{
    struct layout *l = t->layout;
    int width = t->card_count + 2;
    struct shown *cells = must_alloc((size_t)width * (size_t)(l->count + 1) * sizeof *cells);
    long *rows = must_alloc((size_t)(l->count + 1) * sizeof *rows);
    struct shown title =
        text_cell(arena_printf(&u->arena, "%s%s（模拟）", u->world->county_name, t->level->label));
    sheet_row(t->sheet, &title, 1);
    for (int r = 0; r < t->card_count; r++) {
        layout_cells(l, &u->arena, t->cards[r], r + 1);
        for (int i = 0; i < l->count; i++)
            cells[i * width + 2 + r] = l->cells[i];
    }
    for (int i = 0; i < l->count; i++) {
        cells[i * width] = text_cell(l->columns[i].head);
        cells[i * width + 1] = text_cell(l->columns[i].unit);
        rows[i] = sheet_row(t->sheet, &cells[i * width], width);
    }
    if (upload_by_unit_sheets(u, t->level))
        tell_unit_sheet(u, t, row_of_item(u, t, first_question(l), 0, rows));
    for (int r = 0; r < t->card_count; r++)
        answer_card(u, t, t->cards[r], 0, letters(&u->arena, r + 2), rows);
    free(cells);
    free(rows);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void write_footer(struct target *t)
{
    struct layout *l = t->layout;
    for (int i = 0; i < l->count; i++) {
        bool amount = l->columns[i].part == PART_QUESTION && *l->columns[i].unit;
        l->cells[i] = amount ? (struct shown){.look = LOOK_NUMBER, .text = "12345"}
                             : text_cell(i ? "" : "合计");
    }
    sheet_row(t->sheet, l->cells, l->count);
    write_text(t, "注：1.本表由各村填报，县老促会汇总。");
    write_text(t, "   2.“—”表示没有发生。");
    write_text(t, "审核人（签字）：");
}

/* A hidden sheet with rows that look like answers. */
static void write_hidden(struct upload *u)
{
    struct target *t = u->targets[0];
    struct layout *l = t->layout;
    const char *file = sheet_file(t->sheet);
    size_t stem = strlen(file) - strlen(u->style->extension) - 1;
    struct sheet *hidden = files_sheet(u->files, arena_strndup(&u->arena, file, stem), "旧数据");
    struct shown *cells = arena_alloc(&u->arena, (size_t)(l->count + 1) * sizeof *cells);
    for (int r = 0; hidden && r < 3; r++) {
        for (int i = 0; i < l->count; i++)
            cells[i] = text_cell(r ? "1" : l->columns[i].head);
        sheet_row(hidden, cells, l->count);
    }
    if (hidden)
        sheet_hide(hidden);
}

static void end_tables(struct upload *u)
{
    for (int i = 0; i < u->count; i++) {
        if (upload_is_card(u, u->targets[i]->level))
            end_card(u, u->targets[i]);
        else if (u->style->footer)
            write_footer(u->targets[i]);
        free(u->targets[i]->cards);
    }
    u->count = 0;
}

int upload_close(struct upload *u)
{
    const char *first = u->count ? arena_strdup(&u->arena, sheet_file(u->targets[0]->sheet)) : "";
    if (u->count && u->style->clutter && u->style->container == AS_XLSX && !u->style->packed)
        write_hidden(u);
    end_tables(u);
    int code = u->phone ? phone_close(u->phone) : files_close(u->files);
    if (code == 0 && u->style->clutter && !u->style->packed)
        code = clutter_add(u, first);
    arena_free(&u->arena);
    free(u->targets);
    free(u->folder);
    free(u);
    return code;
}
