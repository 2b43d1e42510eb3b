/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/truth.h"

#include "base/csvout.h"
#include "base/outfile.h"

#include <stdlib.h>
#include <string.h>

struct listing {
    struct outfile out;
    struct csvout csv;
};
struct truth {
    const struct world *world;
    struct listing problems, *levels;
};

static int open_listing(struct listing *l, const char *prefix, const char *name)
{
    struct buf path = {0};
    buf_printf(&path, "%s-%s.csv", prefix, name);
    int code = outfile_open(&l->out, path.text);
    buf_free(&path);
    if (code == 0)
        csv_begin(&l->csv, l->out.stream);
    return code;
}

static void row(struct csvout *csv, const char *const *fields, int count)
{
    for (int i = 0; i < count; i++)
        csv_field(csv, fields[i] ? fields[i] : "");
    csv_end(csv);
}

static const struct level *above(const struct world *w, const struct level *l)
{
    while (l->parent >= 0)
        l = &w->topic->levels[l->parent];
    return l;
}

/* The head of the column with the key of the record (or of that above); "" when the key is one
 * question of the level itself. */
static const char *key_head(const struct world *w, const struct level *l)
{
    const struct level *top = above(w, l);
    if (top->key_count > 1)
        return "key";
    return l == top ? "" : top->key[0];
}

static void write_heads(const struct world *w, const struct level *l, struct csvout *csv)
{
    if (*key_head(w, l))
        csv_field(csv, key_head(w, l));
    for (int i = 0; i < l->form->question_count; i++) {
        const struct question *q = &l->form->questions[i];
        if (q->repeat == l->repeat && question_has_data(q))
            csv_field(csv, q->name);
    }
    const char *const place[] = {"src_file", "src_sheet", "src_row"};
    row(csv, place, 3);
}

struct truth *truth_new(const struct world *w, const char *prefix)
{
    static const char *const heads[] = {"county",   "file",      "sheet", "row",
                                        "column",   "field",     "kind",  "class",
                                        "original", "corrected", "key"};
    struct truth *n = must_alloc(sizeof *n);
    n->world = w;
    n->levels = must_alloc((size_t)(w->topic->level_count + 1) * sizeof *n->levels);
    int code = open_listing(&n->problems, prefix, "planted");
    for (int i = 0; i < w->topic->level_count && code == 0; i++) {
        code = open_listing(&n->levels[i], prefix, w->topic->levels[i].name);
        if (code == 0)
            write_heads(w, &w->topic->levels[i], &n->levels[i].csv);
    }
    if (code == 0)
        row(&n->problems.csv, heads, 11);
    if (code == 0)
        return n;
    free(n->levels);
    free(n);
    return NULL;
}

int truth_close(struct truth *n)
{
    int code = outfile_commit(&n->problems.out);
    for (int i = 0; i < n->world->topic->level_count; i++)
        if (outfile_commit(&n->levels[i].out) < 0)
            code = -1;
    free(n->levels);
    free(n);
    return code;
}

void truth_record(struct truth *n, const struct made *m, struct place_of at)
{
    const struct level *l = m->level;
    struct csvout *csv = &n->levels[l - n->world->topic->levels].csv;
    if (*key_head(n->world, l))
        csv_field(csv, m->key);
    for (int i = 0; i < l->form->question_count; i++) {
        const struct question *q = &l->form->questions[i];
        const struct value *v = &m->final.values[i];
        if (q->repeat == l->repeat && question_has_data(q))
            csv_field(csv, v->missing == VALUE_OK ? v->text : "");
    }
    const char *const place[] = {at.file, at.sheet, at.row};
    row(csv, place, 3);
}

void truth_line(struct truth *n, const struct problem_line *p)
{
    const char *const fields[] = {n->world->county, p->file,      p->sheet, p->row,
                                  p->column,        p->field,     p->kind,  p->class,
                                  p->original,      p->corrected, p->key};
    row(&n->problems.csv, fields, 11);
}

void truth_problems(struct truth *n, const struct made *m, struct place_of at,
                    const char *(*head)(const void *of, const struct question *q), const void *of)
{
    struct problem_line line = {.file = at.file, .sheet = at.sheet, .row = at.row, .key = m->key};
    if (m->fate) {
        line.kind = m->fate;
        line.class = m->fate_class;
        truth_line(n, &line);
        return;
    }
    for (int i = 0; i < m->planted_count; i++) {
        const struct planted *p = &m->planted[i];
        line.column = head(of, p->question);
        line.field = p->question->name;
        line.kind = p->kind;
        line.class = p->class;
        line.original = p->original;
        line.corrected = p->corrected;
        truth_line(n, &line);
    }
}
