/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/topic_private.h"

#include "survey/days.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- where the topic stands ------------------------------------------------------------- */

/* Cuts the last component off `path` and returns it, arena-owned: "a/b" gives "b" and leaves
 * "a"; "b" leaves "". */
static const char *cut_component(struct arena *a, char *path)
{
    char *slash = strrchr(path, '/');
    const char *last = arena_strdup(a, slash ? slash + 1 : path);
    *(slash ? slash : path) = '\0';
    return last;
}

static int locate(struct topic *t, const char *path)
{
    char *real = realpath(path, NULL);
    if (!real)
        return error("找不到课题工作簿 %s。请检查 plan= 和 topic= 是否写对", path);
    int slashes = 0;
    for (const char *p = path; *p; p++)
        slashes += *p == '/';
    /* A path given from the root of the project stays relative, so that messages are short. */
    char *rest = arena_strdup(&t->arena, slashes >= 3 ? path : real);
    free(real);
    cut_component(&t->arena, rest);
    t->folder = arena_strdup(&t->arena, rest);
    t->number = cut_component(&t->arena, rest);
    t->plan = cut_component(&t->arena, rest);
    cut_component(&t->arena, rest);
    t->root = *rest ? arena_strdup(&t->arena, rest) : ".";
    t->path = arena_strdup(&t->arena, path);
    return 0;
}

const char *topic_file(struct topic *t, const char *name)
{
    return arena_printf(&t->arena, "%s/%s", t->folder, name);
}

/* ---- name/value sheets ------------------------------------------------------------------ */

static const char *const NAME_VALUE_HEADS[] = {"name", "value", "note", NULL};

/* Appends the rows of a name/value sheet; a name that is there already wins, so that the topic
 * is read before the plan. */
static int read_settings(struct topic *t, const struct workbook *w, const char *sheet,
                         struct setting **items, int *count)
{
    const struct wsheet *s = workbook_sheet(w, sheet);
    if (!s)
        return 0;
    wsheet_check_heads(s, NAME_VALUE_HEADS);
    int before = *count, rc = 0;
    struct setting *all = arena_alloc(&t->arena, (size_t)(before + s->row_count) * sizeof *all);
    if (before)
        memcpy(all, *items, (size_t)before * sizeof *all);
    for (int r = 0; r < s->row_count; r++) {
        struct setting one = {wsheet_get(s, r, "name"), wsheet_get(s, r, "value")};
        bool known = false;
        for (int i = 0; i < *count && !known; i++) {
            known = strcmp(all[i].name, one.name) == 0;
            if (known && i >= before)
                rc = error_at(wsheet_place(s, r, "name"), "名称重复，请删去一行");
        }
        if (!known)
            all[(*count)++] = one;
    }
    *items = all;
    return rc;
}

static const char *lookup(const struct setting *items, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(items[i].name, name) == 0)
            return items[i].value;
    return "";
}

const char *topic_setting(const struct topic *t, const char *name)
{
    return lookup(t->settings, t->setting_count, name);
}

const char *topic_design(const struct topic *t, const char *name)
{
    return lookup(t->design, t->design_count, name);
}

const char *topic_rule(const struct topic *t, const char *name)
{
    return lookup(t->rules, t->rule_count, name);
}

long topic_survey_day(const struct topic *t)
{
    double day;
    const char *date = topic_rule(t, "survey_date");
    date = *date ? date : topic_rule(t, "today");
    return days_from_text(date, &day) ? (long)day : (long)(time(NULL) / 86400);
}

const char **topic_split(struct arena *a, const char *text, const char *separators, int *count)
{
    char *copy = arena_strdup(a, text);
    const char **items = arena_alloc(a, (strlen(text) / 2 + 2) * sizeof *items);
    *count = 0;
    for (char *save, *p = strtok_r(copy, separators, &save); p;
         p = strtok_r(NULL, separators, &save))
        items[(*count)++] = p;
    return items;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static int set_today(const struct topic *t)
{
    double days;
    const char *today = topic_rule(t, "today");
    if (*today && !days_from_text(today, &days))
        return error("%s：rules 表的 today 不是日期：%s；请写成 2025-12-31 的样子", t->path, today);
    expr_set_today(today);
    return 0;
}

static int read_names(struct topic *t)
{
    int rc = 0;
    const struct workbook *books[] = {t->book, t->plan_book};
    for (int i = 0; i < 2; i++) {
        if (!books[i])
            continue;
        rc |= read_settings(t, books[i], "settings", &t->settings, &t->setting_count);
        rc |= read_settings(t, books[i], "design", &t->design, &t->design_count);
        rc |= read_settings(t, books[i], "rules", &t->rules, &t->rule_count);
    }
    t->title = topic_setting(t, "title");
    return rc | topic_check_design(t) | set_today(t);
}

static int read_sheets(struct topic *t)
{
    int rc = 0;
    const struct workbook *books[] = {t->book, t->plan_book};
    if (topic_read_levels(t) < 0)
        return -1;
    for (int i = 0; i < 2; i++)
        if (books[i])
            rc |= topic_read_aliases(t, books[i]);
    rc |= topic_read_domains(t);
    rc |= topic_read_indicators(t);
    rc |= analyses_read(t);
    if (rc < 0)
        return -1;
    rc |= topic_read_exhibits(t, "tables", &t->tables, &t->table_count);
    rc |= topic_read_exhibits(t, "charts", &t->charts, &t->chart_count);
    topic_read_findings(t);
    return rc | published_read(t);
}

/* The plan's own settings, rules and aliases stand behind those of its topics. */
static struct workbook *read_plan(struct topic *t)
{
    const char *path = arena_printf(&t->arena, "%s/topics/%s/plan.csv", t->root, t->plan);
    return access(path, R_OK) == 0 ? workbook_read(path) : NULL;
}

struct topic *topic_open(const char *path)
{
    struct topic *t = must_alloc(sizeof *t);
    if (locate(t, path) == 0 && (t->book = workbook_read(path))) {
        t->plan_book = read_plan(t);
        if (read_names(t) == 0)
            return t;
    }
    topic_free(t);
    return NULL;
}

struct topic *topic_read(const char *path)
{
    struct topic *t = topic_open(path);
    if (t && read_sheets(t) == 0)
        return t;
    topic_free(t);
    return NULL;
}

void topic_free(struct topic *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->indicator_count; i++) {
        expr_free(t->indicators[i].expression);
        expr_free(t->indicators[i].denominator);
        expr_free(t->indicators[i].universe);
    }
    analyses_free(t);
    for (int i = 0; i < t->form_count; i++)
        form_free(t->forms[i]);
    workbook_free(t->plan_book);
    workbook_free(t->book);
    arena_free(&t->arena);
    free(t);
}
