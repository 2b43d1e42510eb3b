/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sheet `instruments`: levels and their questionnaires.
 */
#include "survey/topic_private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *form_path(struct topic *t, const char *name)
{
    static const char *const kinds[] = {"csv", "xlsx", NULL};
    for (int i = 0; kinds[i]; i++) {
        const char *path =
            arena_printf(&t->arena, "%s/questionnaires/%s/%s.%s", t->root, t->plan, name, kinds[i]);
        if (access(path, R_OK) == 0)
            return path;
    }
    return NULL;
}

static struct form *load_form(struct topic *t, const char *name, struct place at)
{
    for (int i = 0; i < t->form_count; i++)
        if (strcmp(t->form_names[i], name) == 0)
            return t->forms[i];
    const char *path = form_path(t, name);
    if (!path) {
        error_at(at, "找不到问卷 questionnaires/%s/%s.csv（或 .xlsx）", t->plan, name);
        return NULL;
    }
    struct form *f = form_read(path);
    if (!f)
        return NULL;
    t->form_names[t->form_count] = name;
    t->forms[t->form_count++] = f;
    return f;
}

static int check_question(const struct level *l, const char *name, struct place at)
{
    if (!*name || form_question(l->form, name))
        return 0;
    return error_at(at, "问卷 %s 中没有题目 %s", l->form_name, name);
}

/* Among the levels read so far. */
static bool has_second_stage(const struct topic *t)
{
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].sampled && t->levels[i].stage == 2)
            return true;
    return false;
}

static int check_evidence(const char *evidence, struct place at)
{
    static const char *const classes[] = {"抽样", "普查", "部门", "典型"};
    for (int i = 0; i < 4; i++)
        if (strcmp(evidence, classes[i]) == 0)
            return 0;
    return error_at(at,
                    "资料性质只能写 抽样、普查、部门、典型 之一，估计值的误差和报告的措辞都照它");
}

static int read_level(struct topic *t, const struct wsheet *s, int r, struct level *l)
{
    *l = (struct level){
        .name = wsheet_get(s, r, "level"),
        .label = wsheet_get(s, r, "label"),
        .form_name = wsheet_get(s, r, "form"),
        .repeat_name = wsheet_get(s, r, "repeat"),
        .repeat = -1,
        .parent = -1,
        .unit = wsheet_get(s, r, "unit"),
        .psu = wsheet_get(s, r, "psu"),
        .psu_name = wsheet_get(s, r, "psu_name"),
        .unit_kind = wsheet_get(s, r, "unit_kind"),
        .county = wsheet_get(s, r, "county"),
        .evidence = wsheet_get(s, r, "evidence"),
        .stage = atoi(wsheet_get(s, r, "stage")),
    };
    l->sampled = strcmp(l->evidence, "抽样") == 0;
    if (check_evidence(l->evidence, wsheet_place(s, r, "evidence")) < 0)
        return -1;
    l->form = load_form(t, l->form_name, wsheet_place(s, r, "form"));
    if (!l->form)
        return -1;
    if (*l->repeat_name && (l->repeat = form_repeat(l->form, l->repeat_name)) < 0)
        return error_at(wsheet_place(s, r, "repeat"), "问卷 %s 中没有循环 %s", l->form_name,
                        l->repeat_name);
    l->key = topic_split(&t->arena, wsheet_get(s, r, "key"), " ", &l->key_count);
    int rc = 0;
    for (int i = 0; i < l->key_count; i++)
        rc |= check_question(l, l->key[i], wsheet_place(s, r, "key"));
    rc |= check_question(l, l->psu, wsheet_place(s, r, "psu"));
    rc |= check_question(l, l->psu_name, wsheet_place(s, r, "psu_name"));
    rc |= check_question(l, l->county, wsheet_place(s, r, "county"));
    struct place stage = wsheet_place(s, r, "stage");
    if (l->sampled && *topic_design(t, "frame") && (l->stage < 1 || l->stage > 3))
        rc |=
            error_at(stage, "抽样的层次要写 1（群本身，如村）、2（群内单位，如户）或 3（群内单位中"
                            "等比例再抽的）");
    if (l->sampled && l->stage == 3 && !has_second_stage(t))
        rc |= error_at(stage, "写 3 的层次是从前面写 2 的层次里再抽的，前面没有这样的层次");
    return rc;
}

/* The level of the enclosing repeat, or of the form itself. */
static int parent_level(const struct topic *t, const struct level *l)
{
    if (l->repeat < 0)
        return -1;
    int up = l->form->repeats[l->repeat].parent;
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].form == l->form && t->levels[i].repeat == up)
            return i;
    return -1;
}

int topic_read_levels(struct topic *t)
{
    static const char *const heads[] = {"level", "label", "form",      "repeat", "unit",
                                        "key",   "psu",   "psu_name",  "county", "evidence",
                                        "stage", "note",  "unit_kind", NULL};
    const struct wsheet *s = workbook_sheet(t->book, "instruments");
    if (!s || s->row_count == 0)
        return error("%s：缺少工作表 instruments（问卷清单）", t->path);
    wsheet_check_heads(s, heads);
    t->levels = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->levels);
    t->forms = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->forms);
    t->form_names = arena_alloc(&t->arena, (size_t)s->row_count * sizeof *t->form_names);
    int rc = 0;
    for (int r = 0; r < s->row_count; r++) {
        const struct level *same =
            topic_form_level(t, wsheet_get(s, r, "form"), wsheet_get(s, r, "repeat"));
        if (topic_level(t, wsheet_get(s, r, "level")))
            rc |= error_at(wsheet_place(s, r, "level"), "层次名重复");
        else if (same)
            rc |= error_at(wsheet_place(s, r, "form"),
                           "层次 %s 已经用了这份问卷%s，一份问卷（或一个循环）只能是一个层次；"
                           "要分开算的，在指标的 universe 栏写条件",
                           same->name, *same->repeat_name ? "的这个循环" : "");
        rc |= read_level(t, s, r, &t->levels[t->level_count]);
        t->level_count++;
    }
    for (int i = 0; rc == 0 && i < t->level_count; i++) {
        t->levels[i].parent = parent_level(t, &t->levels[i]);
        if (t->levels[i].repeat >= 0 && t->levels[i].parent < 0)
            rc |= error_at(wsheet_place(s, i, "repeat"), "问卷 %s 缺少上一级的层次",
                           t->levels[i].form_name);
    }
    return rc;
}

const struct level *topic_level(const struct topic *t, const char *name)
{
    for (int i = 0; i < t->level_count; i++)
        if (strcmp(t->levels[i].name, name) == 0)
            return &t->levels[i];
    return NULL;
}

const struct level *topic_form_level(const struct topic *t, const char *form_name,
                                     const char *repeat_name)
{
    for (int i = 0; i < t->level_count; i++)
        if (strcmp(t->levels[i].form_name, form_name) == 0 &&
            strcmp(t->levels[i].repeat_name, repeat_name) == 0)
            return &t->levels[i];
    return NULL;
}
