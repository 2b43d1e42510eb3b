/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/panel.h"

#include "base/map.h"
#include "base/text.h"
#include "survey/days.h"
#include "survey/topic_private.h"

#include <stdlib.h>
#include <string.h>

/* The row of sheet `instruments` for a level, -1. */
static int instrument_of(const struct wsheet *s, const char *level)
{
    for (int r = 0; s && r < s->row_count; r++)
        if (!strcmp(wsheet_get(s, r, "level"), level))
            return r;
    return -1;
}

static int read_level(const struct topic *t, const struct wsheet *s, int row, struct panel *p)
{
    const struct wsheet *levels = workbook_sheet(t->book, "instruments");
    p->level = wsheet_get(s, row, "level");
    int r = instrument_of(levels, p->level);
    if (r < 0)
        return error_at(wsheet_place(s, row, "level"), "instruments 表里没有这个层次");
    p->kind = wsheet_get(levels, r, "unit_kind");
    p->unit = wsheet_get(levels, r, "psu");
    p->county = wsheet_get(levels, r, "county");
    if (!*p->unit)
        return error_at(wsheet_place(s, row, "level"),
                        "逐年对照的层次要在 instruments 表写 psu（填单位编号或名称的题）");
    return 0;
}

/* 计划/编号/层次, or a CSV beside the topic. */
static int read_earlier(struct topic *t, const struct wsheet *s, int row, struct panel *p)
{
    const char *text = wsheet_get(s, row, "earlier");
    int count = 0;
    p->plan = p->number = "";
    if (ends_with(text, ".csv")) {
        p->records = topic_file(t, text);
        return 0;
    }
    const char **part = topic_split(&t->arena, text, "/", &count);
    if (count != 3 || strpbrk(text, " '\"$`;&|<>*?\\") || strstr(text, ".."))
        return error_at(wsheet_place(s, row, "earlier"),
                        "应写成 计划/编号/层次，如 cangzhou-2021/02/villages，"
                        "或课题文件夹里的一个 .csv");
    if (!strcmp(part[0], t->plan) && !strcmp(part[1], t->number))
        return error_at(wsheet_place(s, row, "earlier"), "不能与自己对照");
    p->plan = part[0];
    p->number = part[1];
    p->records = arena_printf(&t->arena, "%s/reports/%s/%s/records/%s.csv", t->root, part[0],
                              part[1], part[2]);
    return 0;
}

static int read_file(struct topic *t, const struct wsheet *s, int row, struct panel *p)
{
    const char *text = wsheet_get(s, row, "file");
    if (!*text || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(text))
        return error_at(wsheet_place(s, row, "file"),
                        "写 pulldata() 里用的名称，小写英文、数字和 - _，如 last");
    p->name = text;
    p->path = arena_printf(&t->arena, "%s/questionnaires/%s/%s.csv", t->root, t->plan, text);
    return 0;
}

static int read_panel(struct topic *t, const struct wsheet *s, int row, struct panel *p)
{
    double then = 0;
    int rc = read_level(t, s, row, p);
    rc |= read_earlier(t, s, row, p);
    rc |= read_file(t, s, row, p);
    p->questions = topic_split(&t->arena, wsheet_get(s, row, "questions"), " ", &p->question_count);
    p->sums = topic_split(&t->arena, wsheet_get(s, row, "sum"), " ", &p->sum_count);
    if (!days_from_text(wsheet_get(s, row, "date"), &then))
        rc = error_at(wsheet_place(s, row, "date"), "写上一轮的调查日期，如 2025-06-30");
    p->then = (long)then;
    p->now = topic_survey_day(t);
    if (rc == 0 && p->then > p->now)
        rc = error_at(wsheet_place(s, row, "date"), "上一轮在这一轮的调查日期以后");
    return rc;
}

int panels_read(struct topic *t, struct panel **out)
{
    static const char *const heads[] = {"level",     "earlier", "date", "file",
                                        "questions", "sum",     "note", NULL};
    const struct wsheet *s = workbook_sheet(t->book, "panel");
    int rc = 0;
    *out = NULL;
    if (!s || !s->row_count)
        return 0;
    wsheet_check_heads(s, heads);
    if (!*topic_setting(t, "units"))
        return error("%s：有 panel 表（逐年对照）的课题，要在 settings 表写 units（单位名单）",
                     t->path);
    *out = arena_alloc(&t->arena, (size_t)s->row_count * sizeof **out);
    for (int r = 0; r < s->row_count; r++)
        rc |= read_panel(t, s, r, &(*out)[r]);
    return rc < 0 ? -1 : s->row_count;
}

/* ---- counts -----------------------------------------------------------------------------------
 */

/* The earlier file by unit, and which units have answered now. */
struct comparison {
    struct workbook *book;
    const struct wsheet *sheet;
    struct map rows;
    bool *answered;
    char county[32];
};

static int open_comparison(struct comparison *c, const struct panel *p, struct store *clean)
{
    *c = (struct comparison){.book = workbook_read(p->path)};
    if (!c->book)
        return -1;
    if (!c->book->sheet_count || wsheet_column(&c->book->sheets[0], "match") < 0) {
        error("%s 不是逐年对照用的文件，请删去后运行 make panel", p->path);
        workbook_free(c->book);
        return -1;
    }
    c->sheet = &c->book->sheets[0];
    c->answered = must_alloc((size_t)c->sheet->row_count + 1);
    for (int r = 0; r < c->sheet->row_count; r++)
        map_add(&c->rows, wsheet_get(c->sheet, r, "unit"), r);
    store_meta(clean, "county", c->county, sizeof c->county);
    return 0;
}

static void close_comparison(struct comparison *c)
{
    map_free(&c->rows);
    free(c->answered);
    workbook_free(c->book);
}

static void count_answer(struct comparison *c, const char *unit, struct panel_counts *out)
{
    int row = (int)map_get(&c->rows, unit, -1);
    const char *match = row < 0 ? "" : wsheet_get(c->sheet, row, "match");
    bool part = !strcmp(match, "merged_part");
    out->fresh += row < 0;
    out->merged_part += part;
    out->matched += row >= 0 && !part;
    out->renamed += !strcmp(match, "renamed");
    out->merged += !strcmp(match, "merged");
    if (row >= 0)
        c->answered[row] = true;
}

static void count_others(const struct comparison *c, struct panel_counts *out, panel_absent *absent,
                         void *user)
{
    for (int r = 0; r < c->sheet->row_count; r++) {
        const char *match = wsheet_get(c->sheet, r, "match");
        bool gone = !strcmp(match, "split") || !strcmp(match, "ended");
        if (c->answered[r] || strcmp(wsheet_get(c->sheet, r, "unit_county"), c->county) != 0)
            continue;
        out->gone += gone;
        out->absent += !gone;
        if (!gone && absent)
            absent(user, wsheet_get(c->sheet, r, "unit"), wsheet_get(c->sheet, r, "unit_name"));
    }
}

int panel_count(const struct panel *p, struct store *clean, struct panel_counts *out,
                panel_absent *absent, void *user)
{
    struct comparison c;
    struct buf sql = {0};
    char *table = store_quote(p->level);
    bool any = false;
    *out = (struct panel_counts){0};
    buf_printf(&sql, "SELECT DISTINCT \"_psu\" FROM %s", table);
    struct query *q = store_query(clean, sql.text);
    int rc = open_comparison(&c, p, clean);
    while (rc == 0 && query_next(q)) {
        count_answer(&c, col_text(q, 0), out);
        any = true;
    }
    query_end(q);
    if (any)
        count_others(&c, out, absent, user);
    if (rc == 0)
        close_comparison(&c);
    buf_free(&sql);
    free(table);
    return rc;
}

const char *panel_count_name(int i, const struct panel_counts *c, long *n)
{
    const struct {
        const char *name;
        long n;
    } all[] = {{"matched", c->matched}, {"renamed", c->renamed},
               {"merged", c->merged},   {"merged_part", c->merged_part},
               {"new", c->fresh},       {"absent", c->absent},
               {"gone", c->gone}};
    if (i >= (int)(sizeof all / sizeof *all))
        return NULL;
    *n = all[i].n;
    return all[i].name;
}
