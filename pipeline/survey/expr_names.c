/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/expr_scan.h"

#include "survey/lookup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The nearest name of a question or repeat, or NULL. */
static const char *nearest_name(const struct form *form, const char *name)
{
    const char *best = NULL;
    int least = 3;
    for (int i = 0; i < form->question_count + form->repeat_count; i++) {
        const char *other = i < form->question_count ? form->questions[i].name
                                                     : form->repeats[i - form->question_count].name;
        int d = text_distance(name, other);
        if (d < least) {
            least = d;
            best = other;
        }
    }
    return best;
}

static int undefined_name(struct scan *s, int start, const char *name)
{
    const char *near = nearest_name(s->e->form, name);
    s->names_wrong = true;
    mistake(s, start, "问卷里没有 %s 这道题%s%s%s", name, near ? "，是不是 " : "", near ? near : "",
            near ? "？" : "");
    return -1;
}

/* Fills ups and path of a reference to something that stands directly in `repeat`. */
static bool locate(struct expr_ref *ref, const struct expr *e, int repeat)
{
    int base = e->repeat;
    while (!is_around(e->form, base, repeat)) {
        base = e->form->repeats[base].parent;
        ref->ups++;
    }
    for (int r = repeat; r != base; r = e->form->repeats[r].parent)
        if (++ref->path_count > (int)(sizeof ref->path / sizeof *ref->path))
            return false;
    int step = ref->path_count;
    for (int r = repeat; r != base; r = e->form->repeats[r].parent)
        ref->path[--step] = r;
    return true;
}

/* ${name} or a path: the question or the repeat; 0, or -1 after a message. */
static int find_named(struct scan *s, const struct token *t, int *question, int *repeat)
{
    const struct expr *e = s->e;
    size_t n;
    *repeat = -1;
    if (e->text[t->start] != '$') {
        int rc = path_resolve(s, t, question, repeat);
        s->names_wrong = s->names_wrong || rc < 0;
        return rc;
    }
    char *inside = must_strdup(e->text + t->start + 2);
    inside[t->length - 3] = '\0';
    char *name = must_strdup(text_trim(inside, &n));
    name[n] = '\0';
    free(inside);
    if (starts_with(name, "last-saved#")) {
        s->names_wrong = true;
        free(name);
        return mistake(s, t->start, "手机上一份答卷的回答，办公室核对时没有，这里不能用");
    }
    *question = (int)map_get(&e->form->names, name, -1);
    *repeat = *question < 0 ? form_repeat(e->form, name) : -1;
    int rc = *question < 0 && *repeat < 0 ? undefined_name(s, t->start, name) : 0;
    free(name);
    return rc;
}

static int resolve_reference(struct scan *s, struct token *t)
{
    struct expr *e = s->e;
    struct expr_ref ref = {.question = -1};
    int repeat, rc = find_named(s, t, &ref.question, &repeat);
    ref.repeat = ref.question < 0 ? repeat : e->form->questions[ref.question].repeat;
    if (ref.question >= 0 && !locate(&ref, e, e->form->questions[ref.question].repeat))
        rc = mistake(s, t->start, "循环套得太深");
    else if (repeat >= 0 && is_around(e->form, repeat, e->repeat)) {
        /* a repeat around us: all records beside the one we are in */
        int up = e->repeat;
        for (ref.ups = 1; up != repeat; ref.ups++)
            up = e->form->repeats[up].parent;
        ref.path[ref.path_count++] = repeat;
    } else if (repeat >= 0 && !locate(&ref, e, repeat))
        rc = mistake(s, t->start, "循环套得太深");
    GROW(e->refs, e->ref_count, e->ref_room);
    e->refs[e->ref_count] = ref;
    t->slot = e->ref_count++;
    return rc;
}

/* A bare name is a column of the choice list, and only in a choice_filter. */
static int resolve_column(struct scan *s, struct token *t)
{
    struct expr *e = s->e;
    char name[128];
    snprintf(name, sizeof name, "%.*s", t->length, e->text + t->start);
    int column = -3;
    if (e->list && strcmp(name, "name") == 0)
        column = COLUMN_NAME;
    else if (e->list && strcmp(name, "label") == 0)
        column = COLUMN_LABEL;
    for (int i = 0; e->list && i < e->list->filter_count; i++)
        if (strcmp(e->list->filter_heads[i], name) == 0)
            column = i;
    if (column < COLUMN_LABEL) {
        s->names_wrong = true;
        if (e->list)
            return mistake(s, t->start, "选项表 %s 没有“%s”栏；题目要写成 ${题名}", e->list->name,
                           name);
        return mistake(s, t->start, "“%s”不是函数；题目要写成 ${%s}，文字要加引号", name, name);
    }
    GROW(e->columns, e->column_count, e->column_room);
    e->columns[e->column_count] = column;
    t->slot = e->column_count++;
    return 0;
}

/* jr:choice-name(${q}, '${q}'): the quoted reference becomes a reference. */
static int resolve_quoted(struct scan *s, int i)
{
    struct token *t = &s->tokens[i];
    const char *p = s->e->text + t->start;
    if (t->kind != TOKEN_STRING || strncmp(p + 1, "${", 2) != 0 || p[t->length - 2] != '}')
        return mistake(s, t->start, "jr:choice-name() 的第二个参数应写成 '${题名}'");
    t->kind = TOKEN_REF;
    t->start++;
    t->length -= 2;
    return 0;
}

/* pulldata('file', 'column', 'key column', key), its name at i: file and columns must be there. */
static int check_lookup(struct scan *s, int i)
{
    char *part[3] = {NULL};
    const char *why = NULL;
    int rc = 0;
    for (int k = 0; k < 3 && rc == 0; k++) {
        const struct token *t = &s->tokens[i + 2 + 2 * k];
        if (t->kind != TOKEN_STRING || t[1].kind != TOKEN_COMMA)
            rc = mistake(s, t->start, "pulldata() 的前三个参数是加引号的文件名、栏名、栏名");
        else
            part[k] = token_quoted(s, t);
    }
    struct lookup *l = rc == 0 ? lookups_open(s->e->form->lookups, part[0], &why) : NULL;
    if (rc == 0 && !l)
        rc = mistake(s, s->tokens[i + 2].start, "%s", why);
    for (int k = 1; k < 3 && rc == 0; k++)
        if (!lookup_has_column(l, part[k]))
            rc = mistake(s, s->tokens[i + 2 + 2 * k].start, "数据文件 %s 没有“%s”栏", part[0],
                         part[k]);
    for (int k = 0; k < 3; k++)
        free(part[k]);
    return rc;
}

int names_resolve(struct scan *s)
{
    for (int i = 0; i < s->count; i++) {
        struct token *t = &s->tokens[i];
        if (t->kind == TOKEN_FUNCTION && strcmp(t->function->name, "pulldata") == 0 &&
            check_lookup(s, i) < 0)
            return -1;
        if (t->kind == TOKEN_FUNCTION && strcmp(t->function->name, "instance") == 0 &&
            instance_check(s, i) < 0)
            return -1;
        const struct function *f = t->owner >= 0 ? caller(s, t->owner) : NULL;
        char letter = f ? argument_letter(f, t->argument) : 0;
        if (letter == 'q' && t->kind != TOKEN_COMMA && t->kind != TOKEN_CLOSE &&
            resolve_quoted(s, i) < 0)
            return -1;
        if (t->kind == TOKEN_REF)
            resolve_reference(s, t);
        else if (t->kind == TOKEN_COLUMN && in_brackets(s, t))
            s->names_wrong = instance_check_column(s, i) < 0 || s->names_wrong;
        else if (t->kind == TOKEN_COLUMN)
            resolve_column(s, t);
    }
    return s->names_wrong ? -1 : 0;
}
