/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/panel.h"

#include "base/map.h"
#include "base/text.h"
#include "survey/days.h"
#include "survey/topic_private.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    p->county = wsheet_get(levels, r, "county");
    p->unit = wsheet_get(s, row, "key");
    p->by_list = !*p->unit;
    const struct level *l = topic_level(t, p->level); /* NULL in a topic of topic_open() */
    if (!p->by_list && l && !form_question(l->form, p->unit))
        return error_at(wsheet_place(s, row, "key"), "问卷中没有这个题目");
    if (p->by_list)
        p->unit = wsheet_get(levels, r, "psu");
    if (!*p->unit)
        return error_at(wsheet_place(s, row, "level"),
                        "逐年对照的层次要在 instruments 表写 psu（填单位编号或名称的题）");
    if (p->by_list && !*topic_setting(t, "units"))
        return error_at(
            wsheet_place(s, row, "level"),
            "要在 settings 表写 units（单位名单），或在 key 栏写按哪道题对（如信用代码）");
    return 0;
}

/* ---- which round ------------------------------------------------------------------------------
 */

/* The year at the end of a plan's name, henan-2025; 0 when there is none. */
static long plan_year(const char *plan)
{
    const char *dash = strrchr(plan, '-');
    return dash && strlen(dash) == 5 && strspn(dash + 1, "0123456789") == 4
               ? strtol(dash + 1, NULL, 10)
               : 0;
}

static const char *topic_of_plan(struct arena *a, const struct topic *t, const char *plan,
                                 const char *number)
{
    const char *const ends[] = {"csv", "xlsx"};
    for (int i = 0; i < 2; i++) {
        const char *path =
            arena_printf(a, "%s/topics/%s/%s/topic.%s", t->root, plan, number, ends[i]);
        if (access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}

/* The plan of an earlier year that has this topic too: the last such year or the first; NULL. */
static const char *plan_before(struct arena *a, const struct topic *t, bool first)
{
    long own = plan_year(t->plan), best = 0;
    size_t stem = own ? strlen(t->plan) - 4 : 0;
    DIR *d = own ? opendir(arena_printf(a, "%s/topics", t->root)) : NULL;
    for (struct dirent *e; d && (e = readdir(d));) {
        long year = strncmp(e->d_name, t->plan, stem) == 0 ? plan_year(e->d_name) : 0;
        bool better = !best || (first ? year < best : year > best);
        if (strlen(e->d_name) == stem + 4 && year && year < own && better &&
            topic_of_plan(a, t, e->d_name, t->number))
            best = year;
    }
    if (d)
        closedir(d);
    return best ? arena_printf(a, "%.*s%04ld", (int)stem, t->plan, best) : NULL;
}

static void set_records(struct arena *a, const struct topic *t, struct panel *p, const char *plan,
                        const char *number, const char *level)
{
    p->plan = plan;
    p->number = number;
    p->records = arena_printf(a, "%s/reports/%s/%s/records/%s.csv", t->root, plan, number, level);
}

/* Nothing, 首轮, 计划/编号/层次, or a CSV beside the topic. */
static int read_earlier(struct arena *a, const struct topic *t, const struct wsheet *s, int row,
                        struct panel *p)
{
    const char *text = wsheet_get(s, row, "earlier");
    int count = 0;
    p->plan = p->number = "";
    if (ends_with(text, ".csv")) {
        p->records = arena_printf(a, "%s/%s", t->folder, text);
        return 0;
    }
    if (!*text || strcmp(text, "首轮") == 0) {
        const char *plan = plan_before(a, t, *text);
        if (!plan)
            return error_at(wsheet_place(s, row, "earlier"),
                            "计划 %s 以前没有同名（只是年份不同）的计划做过课题%s。"
                            "头一轮的课题不写 panel 表",
                            t->plan, t->number);
        set_records(a, t, p, plan, t->number, p->level);
        return 0;
    }
    const char **part = topic_split(a, text, "/", &count);
    if (count != 3 || strpbrk(text, " '\"$`;&|<>*?\\") || strstr(text, ".."))
        return error_at(wsheet_place(s, row, "earlier"),
                        "应写成 计划/编号/层次，如 cangzhou-2021/02/villages，"
                        "或课题文件夹里的一个 .csv，或首轮；空着是上一轮");
    if (!strcmp(part[0], t->plan) && !strcmp(part[1], t->number))
        return error_at(wsheet_place(s, row, "earlier"), "不能与自己对照");
    set_records(a, t, p, part[0], part[1], part[2]);
    return 0;
}

/* The day of the earlier round, as the sheet or that topic says. */
static int read_date(struct arena *a, const struct topic *t, const struct wsheet *s, int row,
                     struct panel *p)
{
    const char *text = wsheet_get(s, row, "date");
    const char *path = !*text && *p->plan ? topic_of_plan(a, t, p->plan, p->number) : NULL;
    struct topic *earlier = path ? topic_open(path) : NULL;
    double then = 0;
    bool known = days_from_text(earlier ? topic_rule(earlier, "survey_date") : text, &then);
    topic_free(earlier);
    p->then = (long)then;
    p->now = topic_survey_day(t);
    if (!known)
        return error_at(wsheet_place(s, row, "date"),
                        "写上一轮的调查日期，如 2025-06-30；空着时取上一轮 rules 表的 survey_date");
    if (p->then > p->now)
        return error_at(wsheet_place(s, row, "date"), "上一轮在这一轮的调查日期以后");
    return 0;
}

static int read_file(struct arena *a, const struct topic *t, const struct wsheet *s, int row,
                     struct panel *p)
{
    const char *text = wsheet_get(s, row, "file");
    if (!*text || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(text))
        return error_at(wsheet_place(s, row, "file"),
                        "写 pulldata() 里用的名称，小写英文、数字和 - _，如 last");
    p->name = text;
    p->path = arena_printf(a, "%s/questionnaires/%s/%s.csv", t->root, t->plan, text);
    return 0;
}

static int read_panel(struct arena *a, const struct topic *t, const struct wsheet *s, int row,
                      struct panel *p)
{
    int rc = read_level(t, s, row, p) | read_earlier(a, t, s, row, p) | read_file(a, t, s, row, p);
    p->questions = topic_split(a, wsheet_get(s, row, "questions"), " ", &p->question_count);
    p->sums = topic_split(a, wsheet_get(s, row, "sum"), " ", &p->sum_count);
    return rc < 0 || !p->by_list ? rc : read_date(a, t, s, row, p);
}

int panels_read(struct arena *a, const struct topic *t, struct panel **out)
{
    static const char *const heads[] = {"level",     "earlier", "date", "key", "file",
                                        "questions", "sum",     "note", NULL};
    const struct wsheet *s = workbook_sheet(t->book, "panel");
    int rc = 0;
    *out = NULL;
    if (!s || !s->row_count)
        return 0;
    wsheet_check_heads(s, heads);
    *out = arena_alloc(a, (size_t)s->row_count * sizeof **out);
    for (int r = 0; r < s->row_count; r++)
        rc |= read_panel(a, t, s, r, &(*out)[r]);
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

/* A folder that still has a county's former code: the county of the first unit that answered. */
static void settle_county(struct comparison *c)
{
    int answered = -1;
    for (int r = c->sheet->row_count - 1; r >= 0; r--) {
        if (strcmp(wsheet_get(c->sheet, r, "unit_county"), c->county) == 0)
            return;
        answered = c->answered[r] ? r : answered;
    }
    if (answered >= 0)
        snprintf(c->county, sizeof c->county, "%s", wsheet_get(c->sheet, answered, "unit_county"));
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
    char *table = store_quote(p->level), *unit = store_quote(p->by_list ? "_psu" : p->unit);
    bool any = false;
    *out = (struct panel_counts){0};
    buf_printf(&sql, "SELECT DISTINCT %s FROM %s", unit, table);
    struct query *q = store_query(clean, sql.text);
    int rc = open_comparison(&c, p, clean);
    while (rc == 0 && query_next(q)) {
        if (!*col_text(q, 0))
            continue; /* another question than the unit, left empty */
        count_answer(&c, col_text(q, 0), out);
        any = p->by_list;
    }
    query_end(q);
    if (any) {
        settle_county(&c);
        count_others(&c, out, absent, user);
    }
    if (rc == 0)
        close_comparison(&c);
    buf_free(&sql);
    free(table);
    free(unit);
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
