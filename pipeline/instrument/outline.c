/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/outline.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The tree being built. */
struct growing {
    struct outline *o;
    struct node *open;
    int depth;
};

static struct node *add_node(struct growing *g, enum node_kind kind, const char *name, int row)
{
    struct outline *o = g->o;
    struct node *n = arena_alloc(&o->arena, sizeof *n);
    *n = (struct node){.kind = kind, .name = name, .row = row, .parent = g->open};
    if (g->open->last)
        g->open->last->next = n;
    else
        g->open->first = n;
    g->open->last = n;
    map_put(&o->names, name, o->count);
    o->nodes[o->count++] = n;
    return n;
}

static int open_container(struct growing *g, int row, bool is_repeat)
{
    struct outline *o = g->o;
    const char *name = wsheet_get(o->survey, row, "name");
    if (++g->depth > OUTLINE_DEPTH)
        return error_at(wsheet_place(o->survey, row, "name"), "组套得太深，最多%d层",
                        OUTLINE_DEPTH);
    struct node *n = add_node(g, is_repeat ? NODE_REPEAT : NODE_GROUP, name, row);
    if (is_repeat)
        n->repeat = &o->form->repeats[form_repeat(o->form, name)];
    g->open = n;
    return 0;
}

/* repeat_count that is no plain ${name} is calculated by a question of its own, which pyxform
 * calls <repeat>_count. */
static int add_count(struct growing *g, int row)
{
    struct outline *o = g->o;
    const char *text = wsheet_get(o->survey, row, "repeat_count");
    const char *end = strchr(text, '}');
    if (!*text || (starts_with(text, "${") && end && !end[1]))
        return 0;
    const char *name = arena_printf(&o->arena, "%s_count", wsheet_get(o->survey, row, "name"));
    if (map_has(&o->names, name) || form_question(o->form, name))
        return error_at(wsheet_place(o->survey, row, "repeat_count"),
                        "次数是算式，要用 %s 这个题名存放，但它已经用过，请换一个", name);
    add_node(g, NODE_QUESTION, name, -1)->calculation = text;
    return 0;
}

static void add_question(struct growing *g, const struct question *q, int row)
{
    add_node(g, NODE_QUESTION, q->name, row)->question = q;
    const struct form *f = g->o->form;
    const struct question *next = q + 1;
    if (next < f->questions + f->question_count && next->other_of == q)
        add_node(g, NODE_QUESTION, next->name, -1)->question = next;
}

/* Questions stand in the form in the order of their rows, so the next one is this row's. */
static int add_row(struct growing *g, int row, int *question)
{
    const struct wsheet *s = g->o->survey;
    const char *type = wsheet_get(s, row, "type");
    bool begin = starts_with(type, "begin_") || starts_with(type, "begin ");
    bool is_repeat = strcmp(type + strlen(type) - (strlen(type) < 6 ? 0 : 6), "repeat") == 0;
    if (begin) {
        if (is_repeat && add_count(g, row) < 0)
            return -1;
        return open_container(g, row, is_repeat);
    }
    if (starts_with(type, "end_") || starts_with(type, "end ")) {
        g->open = g->open->parent;
        g->depth--;
        return 0;
    }
    const struct form *f = g->o->form;
    if (*question < f->question_count && f->questions[*question].row == s->rows[row].no) {
        add_question(g, &f->questions[*question], row);
        while (*question < f->question_count && f->questions[*question].row == s->rows[row].no)
            ++*question;
    }
    return 0;
}

struct outline *outline_read(const struct form *form)
{
    struct outline *o = must_alloc(sizeof *o);
    o->form = form;
    o->survey = workbook_sheet(form->book, "survey");
    o->root = arena_alloc(&o->arena, sizeof *o->root);
    const struct wsheet *settings = workbook_sheet(form->book, "settings");
    const char *root = settings ? wsheet_get(settings, 0, "name") : "";
    *o->root = (struct node){.kind = NODE_FORM, .name = *root ? root : "data", .row = -1};
    o->nodes = arena_alloc(&o->arena, (2 * (size_t)o->survey->row_count + 1) * sizeof *o->nodes);
    struct growing g = {o, o->root, 0};
    int question = 0;
    for (int row = 0; row < o->survey->row_count; row++)
        if (!cell_is_yes(wsheet_get(o->survey, row, "disabled")) &&
            add_row(&g, row, &question) < 0) {
            outline_free(o);
            return NULL;
        }
    return o;
}

void outline_free(struct outline *o)
{
    if (!o)
        return;
    map_free(&o->names);
    arena_free(&o->arena);
    free(o);
}

const struct node *outline_find(const struct outline *o, const char *name)
{
    long i = map_get(&o->names, name, -1);
    return i < 0 ? NULL : o->nodes[i];
}

const char *node_cell(const struct outline *o, const struct node *n, const char *head)
{
    return n->row < 0 ? "" : wsheet_get(o->survey, n->row, head);
}

const char *node_text(const struct outline *o, const struct node *n, const char *head)
{
    return n->row < 0 ? "" : form_text(o->form, o->survey, n->row, head);
}

struct place node_place(const struct outline *o, const struct node *n, const char *head)
{
    return wsheet_place(o->survey, n->row, head);
}

bool node_has_type(const struct node *n, const char *type)
{
    const char *text = n->question ? n->question->type_text : "";
    size_t m = strcspn(text, " ");
    return strlen(type) == m && strncmp(text, type, m) == 0;
}
