/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/expr_scan.h"

#include "survey/secondary.h"

#include <stdlib.h>
#include <string.h>

/* ---- to questions ---------------------------------------------------------------------------- */

/* Groups below the repeat that holds them: "g/h" below "g" is "/h". */
static const char *groups_below(const struct form *f, const char *group, int repeat)
{
    size_t outside = repeat >= 0 ? strlen(f->repeats[repeat].group) : 0;
    return strlen(group) > outside ? group + outside + (outside > 0) : "";
}

/* Adds "/g/member/h": the groups and repeats that a node stands in. */
static void put_containers(const struct form *f, const char *group, int repeat, struct buf *out)
{
    if (repeat >= 0) {
        put_containers(f, f->repeats[repeat].group, f->repeats[repeat].parent, out);
        buf_printf(out, "/%s", f->repeats[repeat].name);
    }
    const char *below = groups_below(f, group, repeat);
    if (*below)
        buf_printf(out, "/%s", below);
}

/* The question or repeat of that path; false when there is none. */
static bool find_node(const struct form *f, const char *path, int *question, int *repeat)
{
    struct buf here = {0};
    *question = *repeat = -1;
    for (int i = 0; i < f->question_count && *question < 0; i++) {
        const struct question *q = &f->questions[i];
        buf_clear(&here);
        put_containers(f, q->group, q->repeat, &here);
        buf_printf(&here, "/%s", q->name);
        *question = strcmp(here.text, path) == 0 ? i : -1;
    }
    for (int i = 0; i < f->repeat_count && *question < 0 && *repeat < 0; i++) {
        buf_clear(&here);
        put_containers(f, f->repeats[i].group, f->repeats[i].parent, &here);
        buf_printf(&here, "/%s", f->repeats[i].name);
        *repeat = strcmp(here.text, path) == 0 ? i : -1;
    }
    buf_free(&here);
    return *question >= 0 || *repeat >= 0;
}

/* Goes steps of "/.." up and of "/name" down; false when they lead out of the form. */
static bool follow(struct buf *path, const char *step)
{
    while (*step == '/') {
        size_t n = 1 + strcspn(step + 1, "/");
        if (n == 3 && memcmp(step, "/..", 3) == 0) {
            const char *last = strrchr(buf_text(path), '/');
            if (!last)
                return false;
            path->len = (size_t)(last - path->text);
            buf_puts(path, "");
        } else {
            buf_put(path, step, n);
        }
        step += n;
    }
    return true;
}

int path_resolve(struct scan *s, const struct token *t, int *question, int *repeat)
{
    const struct expr *e = s->e;
    struct buf path = {0}, written = {0};
    buf_put(&written, e->text + t->start, (size_t)t->length);
    const char *step = written.text;
    int rc = 0;
    if (*step == '/') { /* the first name is the form's */
        step += 1 + strcspn(step + 1, "/");
    } else if (!e->self) {
        rc = mistake(s, t->start, "这里不能用相对路径，请写成 ${题名}");
    } else {
        put_containers(e->form, e->self->group, e->self->repeat, &path);
        buf_printf(&path, "/%s", e->self->name);
        buf_clear(&written);
        bool current = e->text[t->start] == 'c';
        buf_puts(&written, current ? "" : "/");
        buf_put(&written, e->text + t->start, (size_t)t->length);
        step = current ? strchr(written.text, '/') : written.text;
    }
    bool inside = rc == 0 && follow(&path, step);
    if (rc == 0 && !(inside && find_node(e->form, buf_text(&path), question, repeat)))
        rc = mistake(s, t->start, "问卷里没有这个路径，请写成 ${题名}");
    buf_free(&path);
    buf_free(&written);
    return rc;
}

/* ---- into lists ------------------------------------------------------------------------------ */

/* The list of instance('list') at i; NULL after a message. */
static xmlDocPtr open_list(struct scan *s, int i)
{
    const struct token *t = &s->tokens[i + 2];
    const char *why = NULL;
    if (t->kind != TOKEN_STRING) {
        mistake(s, t->start, "instance() 的括号里是加引号的选项表名或文件名");
        return NULL;
    }
    char *name = token_quoted(s, t);
    const struct form *f = s->e->form;
    xmlDocPtr list = secondary_open(f->secondary, f, name, &why);
    free(name);
    if (!list)
        mistake(s, t->start, "%s", why);
    return list;
}

static int no_column(struct scan *s, const struct token *t, const char *column)
{
    return mistake(s, t->start, "选项表没有“%s”栏；题目要写成 ${题名}", column);
}

int instance_check(struct scan *s, int i)
{
    static const char *const first[] = {"/root", "/item"};
    xmlDocPtr list = open_list(s, i);
    int end = operand_end(s, i), steps = 0, rc = list ? 0 : -1;
    for (int k = i + 4; k <= end && rc == 0; k++) {
        const struct token *t = &s->tokens[k];
        char *step = must_strdup(s->e->text + t->start);
        step[t->length] = '\0';
        if (t->kind == TOKEN_OPEN)
            k = t->match;
        else if (steps < 2 && strcmp(step, first[steps]) != 0)
            rc = mistake(s, t->start, "应写成 instance('选项表')/root/item[条件]/栏名");
        else if (steps == 2 && !secondary_has_column(list, step + 1))
            rc = no_column(s, t, step + 1);
        else
            steps++;
        free(step);
    }
    if (rc == 0 && (steps < 2 || steps > 3))
        rc = mistake(s, s->tokens[i].start, "应写成 instance('选项表')/root/item[条件]/栏名");
    return rc;
}

int instance_check_column(struct scan *s, int i)
{
    int k = s->tokens[i].owner;
    while (s->tokens[k].op != '[')
        k = s->tokens[k].owner;
    for (k--; s->tokens[k].kind == TOKEN_STEP || s->tokens[k].op == '[';) /* to the call's end */
        k = s->tokens[k].kind == TOKEN_STEP ? k - 1 : s->tokens[k].match - 1;
    int call = s->tokens[k].match - 1;
    const struct function *f = call >= 0 ? s->tokens[call].function : NULL;
    xmlDocPtr list = f && strcmp(f->name, "instance") == 0 ? open_list(s, call) : NULL;
    if (!list)
        return f ? -1 : mistake(s, s->tokens[i].start, "方括号只能写在 instance() 的路径里");
    const struct token *t = &s->tokens[i];
    char *name = must_strdup(s->e->text + t->start);
    name[t->length] = '\0';
    int rc = secondary_has_column(list, name) ? 0 : no_column(s, t, name);
    free(name);
    return rc;
}
