/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/instances.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The block of one level: position of each question in its rows. */
struct instance_level {
    long block;                               /* 0: not begun */
    int *position;                            /* by question index; -1: not of this level */
    int width, instance, deprecated, version; /* cells of a row; positions, -1: none */
};

struct instances {
    struct raw *raw;
    const struct topic *topic;
    struct instance_level *levels;
    /* The instance being written. */
    long file, sheet;
    const char *path;
    const struct xmltree *tree;
    struct buf where; /* path of the element, as problems print it */
};

struct instances *instances_new(struct raw *r, const struct topic *t)
{
    struct instances *s = must_alloc(sizeof *s);
    s->raw = r;
    s->topic = t;
    s->levels = must_alloc((size_t)t->level_count * sizeof *s->levels);
    return s;
}

void instances_free(struct instances *s)
{
    for (int i = 0; i < s->topic->level_count; i++)
        free(s->levels[i].position);
    free(s->levels);
    buf_free(&s->where);
    free(s);
}

int instance_form(const struct topic *t, const struct xmltree *tree)
{
    for (int i = 0; i < t->form_count; i++)
        if (!strcmp(t->forms[i]->id, tree->id))
            return i;
    for (int i = 0; i < t->form_count; i++)
        if (!*tree->id && !strcmp(t->forms[i]->id, tree->root->name))
            return i;
    return -1;
}

static int level_of(const struct topic *t, const struct form *f, int repeat)
{
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].form == f && t->levels[i].repeat == repeat)
            return i;
    return -1;
}

/* ---- blocks ------------------------------------------------------------------------------- */

static void add_column(struct instances *s, struct instance_level *l, const char *head,
                       enum column_role role, const struct question *q, int level)
{
    struct column c = {.role = role, .question = q, .level = level};
    raw_add_column(s->raw, l->block, l->width++, head, &c, 1);
}

/* g_id/village_code, member[#]/m_edu */
static void put_head(struct buf *out, const struct form *f, const struct question *q)
{
    if (q->repeat >= 0)
        buf_printf(out, "%s[#]/", f->repeats[q->repeat].name);
    else if (*q->group)
        buf_printf(out, "%s/", q->group);
    buf_puts(out, q->name);
}

static long begin_level(struct instances *s, int level)
{
    struct instance_level *l = &s->levels[level];
    const struct level *lv = &s->topic->levels[level];
    if (l->block)
        return l->block;
    long parent = lv->parent >= 0 ? begin_level(s, lv->parent) : 0;
    struct raw_block b = {
        .level = level, .layout = "odk", .village = "", .file = "", .parent = parent};
    l->block = raw_add_block(s->raw, &b);
    l->position = must_alloc((size_t)(lv->form->question_count + 1) * sizeof *l->position);
    for (int i = 0; i < lv->form->question_count; i++) {
        const struct question *q = &lv->form->questions[i];
        bool mine = q->repeat == lv->repeat && question_has_data(q);
        l->position[i] = mine ? l->width : -1;
        if (!mine)
            continue;
        struct buf head = {0};
        put_head(&head, lv->form, q);
        add_column(s, l, head.text, COLUMN_QUESTION, q, level);
        buf_free(&head);
    }
    l->instance = l->deprecated = l->version = -1;
    if (lv->repeat < 0) {
        l->instance = l->width;
        add_column(s, l, "meta/instanceID", COLUMN_INSTANCE, NULL, level);
        l->deprecated = l->width;
        add_column(s, l, "meta/deprecatedID", COLUMN_DEPRECATED, NULL, level);
        l->version = l->width;
        add_column(s, l, "version", COLUMN_VERSION, NULL, level);
    }
    return l->block;
}

/* ---- one instance ------------------------------------------------------------------------- */

static void set_cell(struct cell *cell, const char *text)
{
    *cell = (struct cell){*text ? CELL_TEXT : CELL_EMPTY, text, strlen(text)};
}

/* An element that is no question: told once an instance. */
static void tell_extra(struct instances *s, const struct xmlnode *n, int number)
{
    char row[24] = "";
    struct buf column = {0};
    if (number)
        snprintf(row, sizeof row, "%d", number);
    buf_printf(&column, "%s%s", buf_text(&s->where), n->name);
    raw_add_problem(s->raw, &(struct raw_problem){.file = s->path,
                                                  .row = row,
                                                  .column = column.text,
                                                  .kind = "extra_field",
                                                  .class = "notice"});
    buf_free(&column);
}

/* A record: the element whose children are read, its level, its number in the repeat (0 at the
 * top). */
struct instance_record {
    int level, number;
    struct cell *cells;
};

/* Repeats of the form directly in this record's level. */
static int child_repeat(const struct form *f, int repeat, const char *name)
{
    int r = form_repeat(f, name);
    return r >= 0 && f->repeats[r].parent == repeat ? r : -1;
}

/* Whether a group of the form has that name; an empty group looks like a leaf. */
static bool is_group(const struct form *f, const char *name)
{
    size_t n = strlen(name);
    for (int i = 0; i < f->question_count; i++)
        for (const char *p = f->questions[i].group; p && *p;) {
            size_t segment = strcspn(p, "/");
            if (segment == n && !strncmp(p, name, n))
                return true;
            p += segment + (p[segment] == '/');
        }
    return false;
}

/* Values of the questions in `n`, groups entered; repeats are only counted. */
static void read_values(struct instances *s, struct instance_record *rec, const struct xmlnode *n)
{
    const struct level *lv = &s->topic->levels[rec->level];
    for (const struct xmlnode *c = n->first; c; c = c->next) {
        const struct question *q = form_question(lv->form, c->name);
        if (q && q->repeat == lv->repeat && !c->first) {
            int at = s->levels[rec->level].position[q->index];
            if (at >= 0)
                set_cell(&rec->cells[at], c->text);
        } else if (!strcmp(c->name, "meta") || child_repeat(lv->form, lv->repeat, c->name) >= 0) {
            continue;
        } else if (c->first) {
            size_t length = s->where.len;
            buf_printf(&s->where, "%s/", c->name);
            read_values(s, rec, c);
            s->where.len = length;
            s->where.text[length] = '\0';
        } else if (!is_group(lv->form, c->name)) {
            tell_extra(s, c, rec->number);
        }
    }
}

static void read_meta(struct instances *s, struct instance_record *rec)
{
    const struct instance_level *l = &s->levels[rec->level];
    const struct xmlnode *meta = xmlnode_child(s->tree->root, "meta");
    const struct xmlnode *id = xmlnode_child(meta, "instanceID");
    const struct xmlnode *old = xmlnode_child(meta, "deprecatedID");
    set_cell(&rec->cells[l->instance], id ? id->text : "");
    set_cell(&rec->cells[l->deprecated], old ? old->text : "");
    set_cell(&rec->cells[l->version], s->tree->version);
}

static void write_repeats(struct instances *s, int level, const struct xmlnode *n, long row,
                          int *numbers);

static void write_record(struct instances *s, int level, const struct xmlnode *n, int number,
                         long parent)
{
    const struct level *lv = &s->topic->levels[level];
    begin_level(s, level);
    struct instance_level *l = &s->levels[level];
    struct instance_record rec = {.level = level, .number = number};
    rec.cells = must_alloc((size_t)(l->width + 1) * sizeof *rec.cells);
    for (int i = 0; i < l->width; i++)
        set_cell(&rec.cells[i], "");
    size_t length = s->where.len;
    if (number)
        buf_printf(&s->where, "%s[%d]/", n->name, number);
    read_values(s, &rec, n);
    if (lv->repeat < 0)
        read_meta(s, &rec);
    long row = raw_add_row(s->raw, s->sheet, l->block, number, "data", parent, rec.cells, l->width);
    int *numbers = must_alloc((size_t)(lv->form->repeat_count + 1) * sizeof *numbers);
    write_repeats(s, level, n, row, numbers);
    s->where.len = length;
    if (s->where.text)
        s->where.text[length] = '\0';
    free(numbers);
    free(rec.cells);
}

/* The repeats in `n` and in its groups, in order; numbers count each repeat's records. */
static void write_repeats(struct instances *s, int level, const struct xmlnode *n, long row,
                          int *numbers)
{
    const struct level *lv = &s->topic->levels[level];
    for (const struct xmlnode *c = n->first; c; c = c->next) {
        int repeat = child_repeat(lv->form, lv->repeat, c->name);
        int below = repeat >= 0 ? level_of(s->topic, lv->form, repeat) : -1;
        bool template = c->first == NULL; /* <member/>: no record was begun */
        if (below >= 0 && !template)
            write_record(s, below, c, ++numbers[repeat], row);
        else if (repeat < 0 && c->first && !form_question(lv->form, c->name))
            write_repeats(s, level, c, row, numbers);
    }
}

static void tell_version(struct instances *s, const struct form *f)
{
    if (!strcmp(s->tree->version, f->version))
        return;
    raw_add_problem(s->raw, &(struct raw_problem){.file = s->path,
                                                  .kind = "form_version",
                                                  .class = "notice",
                                                  .original = s->tree->version});
}

void instances_add(struct instances *s, long file, const char *path, const struct xmltree *tree)
{
    int form = instance_form(s->topic, tree);
    int level = form < 0 ? -1 : level_of(s->topic, s->topic->forms[form], -1);
    if (level < 0)
        return;
    s->file = file;
    s->path = path;
    s->tree = tree;
    s->sheet = raw_add_sheet(s->raw, file, "", false);
    buf_clear(&s->where);
    tell_version(s, s->topic->forms[form]);
    write_record(s, level, tree->root, 0, 0);
}
