/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/form_private.h"

#include "base/text.h"
#include "survey/expr.h"

#include <stdlib.h>
#include <string.h>

/* Compile the text as the cell `head` of a question's row; NULL after a message. */
static struct expr *compile_text(struct reading *r, const char *text, int question,
                                 const char *head)
{
    const struct question *q = &r->form->questions[question];
    const struct choice_list *list = strcmp(head, "choice_filter") == 0 ? q->list : NULL;
    struct expr *e = expr_compile_for(text, r->form, q, list,
                                      wsheet_place(r->survey, r->question_row[question], head));
    r->wrong = r->wrong || !e;
    return e;
}

static struct expr *compile_cell(struct reading *r, int question, const char *head)
{
    const char *text = wsheet_get(r->survey, r->question_row[question], head);
    return *text ? compile_text(r, text, question, head) : NULL;
}

/* Whether instance('name') means what is not here: the form sent before, an XML file. */
static bool is_elsewhere(const struct reading *r, const char *name, size_t n)
{
    if (n > 2 && strncmp(name, "__", 2) == 0)
        return true;
    for (int row = 0; row < r->survey->row_count; row++) {
        const char *type = wsheet_get(r->survey, row, "type");
        const char *own = wsheet_get(r->survey, row, "name");
        const char *file = strchr(type, ' ');
        bool external = strcmp(type, "xml-external") == 0 && strncmp(own, name, n) == 0 && !own[n];
        bool other = file && (ends_with(type, ".xml") || ends_with(type, ".geojson")) &&
                     strncmp(file + 1, name, n) == 0 && file[1 + n] == '.';
        if (external || other)
            return true;
    }
    return false;
}

/* Whether only the phone can compute it (random(), the form sent before, its own settings): such a
 * default is not looked at, and such a calculation stays as it was sent. */
static bool is_phone_only(const struct reading *r, const char *text)
{
    static const char *const parts[] = {"last-saved#", "random(",  "uuid(",           "randomize(",
                                        "property(",   "version(", "extract-signed(", "intersects(",
                                        "jr:itext(",   NULL};
    for (int i = 0; parts[i]; i++)
        if (strstr(text, parts[i]))
            return true;
    for (const char *p = text; (p = strstr(p, "instance(")); p++) {
        const char *name = p + strlen("instance(") + strspn(p + strlen("instance("), " ");
        size_t n = strcspn(name + 1, "'\"");
        if ((*name == '\'' || *name == '"') && is_elsewhere(r, name + 1, n))
            return true;
    }
    return false;
}

static struct expr *compile_calculation(struct reading *r, int question)
{
    struct question *q = &r->form->questions[question];
    const char *text = wsheet_get(r->survey, r->question_row[question], "calculation");
    q->phone_only = is_phone_only(r, text);
    return q->phone_only ? NULL : compile_cell(r, question, "calculation");
}

/* yes and no stand for true() and false(). */
static struct expr *compile_required(struct reading *r, int question)
{
    const char *text = wsheet_get(r->survey, r->question_row[question], "required");
    if (!*text || cell_is_no(text))
        return NULL;
    return compile_text(r, cell_is_yes(text) ? "true()" : text, question, "required");
}

/* The question's own relevant and those of its groups.  The own one is compiled alone first, so
 * that a mistake is told about this row and not about the groups, which are checked by
 * themselves. */
static struct expr *compile_relevant(struct reading *r, int question)
{
    int inside = r->question_inside[question];
    const struct question *other_of = r->form->questions[question].other_of;
    const char *text = wsheet_get(r->survey, r->question_row[question], "relevant");
    if (other_of)
        text = arena_printf(&r->form->arena, "selected(${%s}, 'other')", other_of->name);
    struct expr *own = *text ? compile_text(r, text, question, "relevant") : NULL;
    bool failed = !own && *text;
    if (inside < 0 || !*r->containers[inside].relevant)
        return own;
    if (failed || r->containers[inside].broken) {
        expr_free(own);
        return NULL;
    }
    const char *outer = r->containers[inside].relevant;
    text = own ? arena_printf(&r->form->arena, "(%s) and (%s)", outer, expr_text(own)) : outer;
    expr_free(own);
    return compile_text(r, text, question, "relevant");
}

/* The question's own constraint, and for a range that it lies between the ends. */
static struct expr *compile_constraint(struct reading *r, int question)
{
    const struct question *q = &r->form->questions[question];
    int row = r->question_row[question];
    struct range range;
    if (strcmp(q->type_text, "range") != 0 ||
        range_read(wsheet_get(r->survey, row, "parameters"), &range))
        return compile_cell(r, question, "constraint");
    const char *own = wsheet_get(r->survey, row, "constraint");
    const char *ends =
        arena_printf(&r->form->arena, ". >= %.15g and . <= %.15g", range.low, range.high);
    const char *both = arena_printf(&r->form->arena, "(%s) and %s", own, ends);
    return compile_text(r, *own ? both : ends, question, "constraint");
}

/* A group's relevant, compiled only to find its mistakes. */
static void check_container(struct reading *r, struct container *c)
{
    const char *text = wsheet_get(r->survey, c->row, "relevant");
    c->broken = c->parent >= 0 && r->containers[c->parent].broken;
    if (!*text)
        return;
    int level = c->is_repeat ? r->form->repeats[c->repeat].parent : c->repeat;
    struct expr *e =
        expr_compile(text, r->form, level, wsheet_place(r->survey, c->row, "relevant"));
    c->broken = c->broken || !e;
    r->wrong = r->wrong || !e;
    expr_free(e);
}

/* A default that is computed, compiled only to find its mistakes. */
static void compile_default(struct reading *r, int question)
{
    const char *text = wsheet_get(r->survey, r->question_row[question], "default");
    if (is_phone_only(r, text) || strstr(text, "once("))
        return;
    if (form_default_is_computed(&r->form->questions[question], text))
        expr_free(compile_text(r, text, question, "default"));
}

static void compile_count(struct reading *r, int index)
{
    struct repeat *rep = &r->form->repeats[index];
    int row = r->repeat_row[index];
    const char *text = wsheet_get(r->survey, row, "repeat_count");
    if (!*text)
        return;
    rep->count =
        expr_compile(text, r->form, rep->parent, wsheet_place(r->survey, row, "repeat_count"));
    r->wrong = r->wrong || !rep->count;
    size_t n = strlen(text);
    if (!rep->count || !starts_with(text, "${") || strchr(text, '}') != text + n - 1)
        return;
    const struct question *q =
        form_question(r->form, arena_strndup(&r->form->arena, text + 2, n - 3));
    rep->count_question = q ? q->name : NULL;
}

/* ${name} in texts that people read (labels, hints) and in trigger must exist too. */
static void check_text_references(struct reading *r, int row)
{
    static const char *const heads[] = {
        "label*",  "hint*", "guidance_hint*", "constraint_message*", "required_message*", "trigger",
        "default", NULL};
    for (int h = 0; h < r->survey->head_count; h++) {
        const char *head = r->survey->heads[h];
        bool shown = false;
        for (int i = 0; heads[i] && !shown; i++) {
            size_t n = strcspn(heads[i], "*");
            shown = strncmp(head, heads[i], n) == 0 && (heads[i][n] == '*' || !head[n]);
        }
        const char *p = shown ? wsheet_get(r->survey, row, head) : "";
        while ((p = strstr(p, "${"))) {
            size_t n = strcspn(p += 2, "}");
            size_t skip = strncmp(p, "last-saved#", 11) == 0 ? 11 : 0;
            const char *name = arena_strndup(&r->form->arena, p + skip, n > skip ? n - skip : 0);
            if (p[n] && (form_question(r->form, name) || form_repeat(r->form, name) >= 0))
                continue;
            error_at(wsheet_place(r->survey, row, head), "问卷里没有 ${%s} 这道题", name);
            r->wrong = true;
        }
    }
}

static void check_instance_name(struct reading *r)
{
    const struct wsheet *s = workbook_sheet(r->form->book, "settings");
    if (!*r->form->instance_name)
        return;
    struct expr *e =
        expr_compile(r->form->instance_name, r->form, -1, wsheet_place(s, 0, "instance_name"));
    r->wrong = r->wrong || !e;
    expr_free(e);
}

void compile_expressions(struct reading *r)
{
    struct form *f = r->form;
    for (int i = 0; i < r->container_count; i++)
        check_container(r, &r->containers[i]);
    for (int i = 0; i < f->repeat_count; i++)
        compile_count(r, i);
    for (int i = 0; i < f->question_count; i++) {
        struct question *q = &f->questions[i];
        q->relevant = compile_relevant(r, i);
        if (q->other_of)
            continue; /* nothing else of the row is its own */
        q->required = compile_required(r, i);
        q->constraint = compile_constraint(r, i);
        q->calculation = compile_calculation(r, i);
        if (q->list)
            q->choice_filter = compile_cell(r, i, "choice_filter");
        compile_default(r, i);
    }
    for (int row = 0; row < r->survey->row_count; row++)
        check_text_references(r, row);
    check_instance_name(r);
}

/* ---- questions that need each other ---------------------------------------------------------- */

enum colour { NEW, ON_PATH, FINISHED };

struct walk {
    struct reading *r;
    enum colour *colours;
    int *path;
    int length;
};

static void report_cycle(struct walk *w, int question)
{
    const struct form *f = w->r->form;
    struct buf chain = {0};
    int from = w->length - 1;
    while (w->path[from] != question)
        from--;
    for (int i = from; i < w->length; i++)
        buf_printf(&chain, "%s → ", f->questions[w->path[i]].name);
    buf_puts(&chain, f->questions[question].name);
    struct place at = wsheet_place(w->r->survey, w->r->question_row[question], "name");
    at.text = NULL;
    error_at(at, "relevant 或 calculation 互相引用，绕成了圈：%s", buf_text(&chain));
    buf_free(&chain);
    w->r->wrong = true;
}

static void walk(struct walk *w, int question);

static void walk_references(struct walk *w, const struct expr *e)
{
    int count = 0;
    const int *questions = e ? expr_references(e, &count) : NULL;
    for (int i = 0; i < count; i++)
        walk(w, questions[i]);
}

static void walk(struct walk *w, int question)
{
    const struct question *q = &w->r->form->questions[question];
    if (w->colours[question] == ON_PATH)
        report_cycle(w, question);
    if (w->colours[question] != NEW)
        return;
    w->colours[question] = ON_PATH;
    w->path[w->length++] = question;
    walk_references(w, q->relevant);
    walk_references(w, q->calculation);
    w->length--;
    w->colours[question] = FINISHED;
}

void check_cycles(struct reading *r)
{
    size_t n = (size_t)r->form->question_count + 1;
    struct walk w = {r, must_alloc(n * sizeof *w.colours), must_alloc(n * sizeof *w.path), 0};
    for (int i = 0; i < r->form->question_count; i++)
        walk(&w, i);
    free(w.colours);
    free(w.path);
}
