/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/content.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

struct content {
    const struct topic *topic;
    struct parser *parser;
    bool **left_out; /* [form][question]: says nothing about the content */
    struct buf all, text;
    struct parsed parsed;
};

/* Keys of the top level, the unit's name, and calculated keys of the levels below. */
static void leave_out(bool *left_out, const struct level *l)
{
    const char *const names[] = {l->psu, l->psu_name};
    for (int i = 0; i < 2; i++) {
        const struct question *q = form_question(l->form, names[i]);
        if (q)
            left_out[q->index] = true;
    }
    for (int i = 0; i < l->key_count; i++) {
        const struct question *q = form_question(l->form, l->key[i]);
        if (l->parent < 0 || q->type == Q_CALCULATE)
            left_out[q->index] = true;
    }
}

struct content *content_new(const struct topic *t, struct parser *parser)
{
    struct content *c = must_alloc(sizeof *c);
    c->topic = t;
    c->parser = parser;
    c->left_out = must_alloc((size_t)(t->form_count + 1) * sizeof *c->left_out);
    for (int f = 0; f < t->form_count; f++) {
        c->left_out[f] = must_alloc((size_t)t->forms[f]->question_count + 1);
        for (int i = 0; i < t->level_count; i++)
            if (t->levels[i].form == t->forms[f])
                leave_out(c->left_out[f], &t->levels[i]);
    }
    return c;
}

void content_free(struct content *c)
{
    for (int f = 0; f < c->topic->form_count; f++)
        free(c->left_out[f]);
    free(c->left_out);
    buf_free(&c->all);
    buf_free(&c->text);
    parsed_free(&c->parsed);
    free(c);
}

static const bool *left_out_of(const struct content *c, const struct form *form)
{
    int f = 0;
    while (c->topic->forms[f] != form)
        f++;
    return c->left_out[f];
}

/* The cell's value into c->text when it can be read, else its text. */
static void read_value(struct content *c, const struct raw_column *column, const struct cell *cell)
{
    parse_cell(c->parser, column->question, cell, column->factor, NULL, &c->parsed);
    if (c->parsed.state != PARSED_VALUE)
        return;
    buf_clear(&c->text);
    buf_puts(&c->text, c->parsed.text.text);
}

void content_begin(struct content *c)
{
    buf_clear(&c->all);
}

void content_add(struct content *c, const struct raw_row *row, bool values)
{
    const struct block *b = row->block;
    const bool *left_out = left_out_of(c, b->level->form);
    for (int i = 0; i < b->column_count; i++) {
        const struct raw_column *column = &b->columns[i];
        bool below = column->nth > 0 || column->question->repeat == b->level->repeat;
        if (left_out[column->question->index] || !below)
            continue; /* of the record above: part of the link, not of the content */
        struct cell cell = raw_row_received(row, column);
        clean_text(&cell, &c->text);
        if (!c->text.len)
            continue;
        if (values && column->role == ROLE_QUESTION)
            read_value(c, column, &cell);
        const int place[] = {column->nth, column->question->index, column->choice};
        buf_put(&c->all, (const char *)place, sizeof place);
        buf_put(&c->all, c->text.text, c->text.len + 1); /* with its NUL: texts cannot run on */
    }
    buf_putc(&c->all, '\n');
}

void content_end(struct content *c, char hash[DIGEST_TEXT])
{
    digest_quick(c->all.text, c->all.len, hash);
}

void content_hash(struct content *c, const struct raw_row *row, bool values, char hash[DIGEST_TEXT])
{
    content_begin(c);
    content_add(c, row, values);
    content_end(c, hash);
}
