/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/checks.h"

#include "base/arena.h"
#include "base/text.h"
#include "review/checks_private.h"
#include "survey/plain.h"
#include "survey/records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum check_kind kind;
} KINDS[] = {{"balance", CHECK_BALANCE},
             {"roster", CHECK_ROSTER},
             {"condition", CHECK_CONDITION},
             {"near_duplicate", CHECK_NEAR_DUPLICATE},
             {"similar_texts", CHECK_SIMILAR_TEXTS}};

/* "villages.v_labour": a level and a question of it. */
static bool read_other(const struct topic *t, const char *text, struct check *c)
{
    const char *dot = strchr(text, '.');
    char name[128];
    if (!dot || strchr(text, '$') || (size_t)(dot - text) >= sizeof name)
        return false;
    snprintf(name, sizeof name, "%.*s", (int)(dot - text), text);
    c->other = topic_level(t, name);
    c->summed = c->other ? form_question(c->other->form, dot + 1) : NULL;
    return c->summed && c->summed->repeat == c->other->repeat;
}

static const struct question *question_of_level(const struct level *l, const char *name)
{
    const struct question *q = form_question(l->form, name);
    return q && q->repeat == l->repeat ? q : NULL;
}

/* The left side, and the question that it is about: the first of its own level. */
static int read_left(const struct wsheet *s, int row, struct check *c)
{
    int count;
    c->left = expr_compile(wsheet_get(s, row, "left"), c->level->form, c->level->repeat,
                           wsheet_place(s, row, "left"));
    if (!c->left)
        return -1;
    const int *of = expr_references(c->left, &count);
    for (int i = 0; i < count && !c->field; i++)
        if (c->level->form->questions[of[i]].repeat == c->level->repeat)
            c->field = &c->level->form->questions[of[i]];
    return c->field ? 0
                    : error_at(wsheet_place(s, row, "left"), "要用到本层次的一道题，如 ${题名}");
}

static int read_balance(const struct topic *t, const struct wsheet *s, int row, struct check *c)
{
    const char *right = wsheet_get(s, row, "right");
    if (!read_other(t, right, c)) {
        c->other = NULL;
        c->right =
            expr_compile(right, c->level->form, c->level->repeat, wsheet_place(s, row, "right"));
    }
    return read_left(s, row, c) == 0 && (c->right || c->other) ? 0 : -1;
}

static int read_condition(const struct wsheet *s, int row, struct check *c)
{
    if (!*c->message)
        return error_at(wsheet_place(s, row, "message"), "请写明请县里核实什么");
    return read_left(s, row, c);
}

/* Answers that two interviews may have in common only by chance. */
static bool is_compared(const struct level *l, const struct question *q)
{
    bool key =
        !strcmp(q->name, l->psu) || !strcmp(q->name, l->psu_name) || !strcmp(q->name, l->county);
    for (int i = 0; i < l->key_count; i++)
        key = key || !strcmp(q->name, l->key[i]);
    return !key && q->repeat == l->repeat && question_has_data(q) && !q->personal &&
           q->type != Q_CALCULATE && q->type != Q_DATE && q->type != Q_DATETIME;
}

static int read_near(struct topic *t, const struct wsheet *s, int row, struct check *c)
{
    const char *left = wsheet_get(s, row, "left"), *right = wsheet_get(s, row, "right");
    const struct form *f = c->level->form;
    int rc = 0;
    if (*left && !(c->group = question_of_level(c->level, left)))
        rc = error_at(wsheet_place(s, row, "left"), "层次 %s 没有这个题目", c->level->name);
    c->compared =
        arena_alloc(&t->arena, ((size_t)f->question_count + strlen(right) + 1) * sizeof(void *));
    char *names = arena_strdup(&t->arena, right), *save;
    for (char *p = strtok_r(names, " ", &save); p; p = strtok_r(NULL, " ", &save)) {
        const struct question *q = question_of_level(c->level, p);
        if (q)
            c->compared[c->compared_count++] = q;
        else
            rc = error_at(wsheet_place(s, row, "right"), "层次 %s 没有题目 %s", c->level->name, p);
    }
    for (int i = 0; !*right && i < f->question_count; i++)
        if (is_compared(c->level, &f->questions[i]))
            c->compared[c->compared_count++] = &f->questions[i];
    return rc;
}

static int read_text(const struct wsheet *s, int row, struct check *c)
{
    c->field = question_of_level(c->level, wsheet_get(s, row, "left"));
    if (!c->field || c->field->type != Q_TEXT)
        return error_at(wsheet_place(s, row, "left"), "层次 %s 没有这个文字题", c->level->name);
    return c->field->personal ? error_at(wsheet_place(s, row, "left"),
                                         "%s 是个人信息，不能拿来比对", c->field->name)
                              : 0;
}

static int read_check(struct topic *t, const struct wsheet *s, int row, struct check *c)
{
    const char *kind = wsheet_get(s, row, "kind"), *tolerance = wsheet_get(s, row, "tolerance");
    char *end;
    *c = (struct check){.name = wsheet_get(s, row, "name"),
                        .level = topic_level(t, wsheet_get(s, row, "level")),
                        .message = wsheet_get(s, row, "message"),
                        .tolerance = *tolerance ? strtod(tolerance, &end) : NAN};
    if (!c->level)
        return error_at(wsheet_place(s, row, "level"), "instruments 表里没有这个层次");
    if (*tolerance && (*end || c->tolerance < 0))
        return error_at(wsheet_place(s, row, "tolerance"), "不是数");
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (!strcmp(KINDS[i].name, kind)) {
            c->kind = KINDS[i].kind;
            c->kind_name = KINDS[i].name;
        }
    if (!c->kind_name)
        return error_at(wsheet_place(s, row, "kind"),
                        "应是 balance、roster、condition、near_duplicate 或 similar_texts");
    switch (c->kind) {
    case CHECK_SIMILAR_TEXTS:
        return read_text(s, row, c);
    case CHECK_NEAR_DUPLICATE:
        return read_near(t, s, row, c);
    case CHECK_CONDITION:
        return read_condition(s, row, c);
    default:
        return read_balance(t, s, row, c);
    }
}

struct checks *checks_read(struct topic *t)
{
    struct checks *c = must_alloc(sizeof *c);
    const struct wsheet *s = workbook_sheet(t->book, "checks");
    int rc = 0;
    c->topic = t;
    c->items = must_alloc((size_t)((s ? s->row_count : 0) + 1) * sizeof *c->items);
    for (int r = 0; s && r < s->row_count; r++)
        rc |= read_check(t, s, r, &c->items[c->count++]);
    if (rc == 0)
        return c;
    checks_free(c);
    return NULL;
}

void checks_free(struct checks *c)
{
    if (!c)
        return;
    for (int i = 0; i < c->count; i++) {
        expr_free(c->items[i].left);
        expr_free(c->items[i].right);
    }
    free(c->items);
    free(c);
}

/* ---- telling --------------------------------------------------------------------------------- */

void check_report(struct checking *g, const struct check *c, const struct question *field, long row,
                  int nth, const char *key, const char *found)
{
    struct buf text = {0};
    rawread_load(g->raw, row, &g->row);
    int at = g->row.block->level == c->level ? 0 : nth;
    const struct raw_column *column = raw_column(g->row.block, field, at);
    struct cell cell = raw_row_cell(&g->row, column);
    bool confirmed =
        answers_confirm_check(g->row.answers, &g->row, field ? column : NULL, c->kind_name);
    buf_printf(&text, "%s%s%s", c->message, *c->message && *found ? "：" : "", found);
    const char *class = confirmed ? "confirmed" : "soft";
    if (field)
        problem_cell(g->problems, &g->row, field, at, c->kind_name, class, &cell, buf_text(&text),
                     key);
    else
        problem_row(g->problems, &g->row, c->kind_name, class, buf_text(&text), key);
    buf_free(&text);
    rawread_trim(g->raw);
}

/* ---- sums and conditions --------------------------------------------------------------------- */

double rounding_tolerance(long parts, int decimals)
{
    return (double)parts * 0.5 * pow(10, -decimals);
}

static int decimals_of(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? (int)strlen(point + 1) : 0;
}

static void add_part(struct parts *p, const char *text)
{
    int d = decimals_of(text);
    p->count++;
    p->decimals = d > p->decimals ? d : p->decimals;
}

static void add_parts_below(struct parts *p, const struct record *r, const struct question *q)
{
    if (q->repeat == r->repeat && *r->values[q->index].text)
        add_part(p, r->values[q->index].text);
    for (int i = 0; i < r->child_count; i++)
        add_parts_below(p, r->children[i], q);
}

static struct parts parts_of(struct expr *e, const struct record *r)
{
    struct parts p = {0};
    int count;
    const int *of = expr_references(e, &count);
    for (int i = 0; i < count; i++)
        add_parts_below(&p, r, &r->form->questions[of[i]]);
    return p;
}

/* The sum over another level; NaN when a value is not known or there is no record. */
static double sum_other(struct store *clean, const struct check *c, struct parts *parts)
{
    char *table = store_quote(c->other->name), *column = store_quote(c->summed->name), text[40];
    struct buf sql = {0};
    double sum = 0;
    buf_printf(&sql, "SELECT %s FROM %s", column, table);
    struct query *q = store_query(clean, sql.text);
    while (query_next(q)) {
        char number[PLAIN_TEXT];
        double x = col_double(q, 0);
        sum += x;
        snprintf(text, sizeof text, "%s", plain_text(x, number));
        add_part(parts, text);
    }
    query_end(q);
    buf_free(&sql);
    free(table);
    free(column);
    return parts->count ? sum : NAN;
}

static double value_of(struct expr *e, const struct record *r)
{
    struct result v = expr_eval(e, r, NULL);
    return v.unknown || v.failed ? NAN : result_number(&v);
}

static void check_balance(struct checking *g, const struct check *c, const struct record *r,
                          long row, const char *key)
{
    char a[PLAIN_TEXT], b[PLAIN_TEXT], d[PLAIN_TEXT];
    double left = value_of(c->left, r), right = c->other ? g->sum : value_of(c->right, r);
    struct parts parts = c->other ? g->parts : parts_of(c->right, r);
    double most = rounding_tolerance(parts.count, parts.decimals);
    if (!isnan(c->tolerance) || c->kind == CHECK_ROSTER)
        most = isnan(c->tolerance) ? 0 : c->tolerance;
    if (isnan(left) || isnan(right) || fabs(left - right) <= most + 1e-9 * fmax(1, fabs(right)))
        return;
    struct buf found = {0};
    buf_printf(&found, "填写%s，应为%s，相差%s", plain_text(left, a), plain_text(right, b),
               plain_text(plain_round(left - right, 9), d));
    check_report(g, c, c->field, row, r->position, key, found.text);
    buf_free(&found);
}

static void check_condition(struct checking *g, const struct check *c, const struct record *r,
                            long row, const char *key)
{
    struct result v = expr_eval(c->left, r, NULL);
    if (!v.unknown && !v.failed && !result_true(&v))
        check_report(g, c, c->field, row, r->position, key, "");
}

static void each_record(struct checking *g, const struct check *c, const struct record *r,
                        struct records *stream)
{
    if (r->repeat == c->level->repeat && c->kind == CHECK_CONDITION)
        check_condition(g, c, r, records_row(stream, r), records_key(stream));
    else if (r->repeat == c->level->repeat)
        check_balance(g, c, r, records_row(stream, r), records_key(stream));
    for (int i = 0; i < r->child_count; i++)
        each_record(g, c, r->children[i], stream);
}

static void run_records(struct checking *g, const struct check *c)
{
    g->parts = (struct parts){0};
    if (c->other)
        g->sum = sum_other(g->clean, c, &g->parts);
    struct records *stream = records_open(g->clean, g->topic, c->level->form_name);
    const struct record *r;
    while ((r = records_next(stream)))
        each_record(g, c, r, stream);
    records_close(stream);
}

void checks_run(struct checks *c, struct store *clean, struct rawread *raw, struct problems *p)
{
    struct checking g = {.topic = c->topic, .clean = clean, .raw = raw, .problems = p};
    for (int i = 0; i < c->count; i++)
        if (c->items[i].kind == CHECK_NEAR_DUPLICATE)
            check_near_duplicates(&g, &c->items[i]);
        else if (c->items[i].kind == CHECK_SIMILAR_TEXTS)
            check_similar_texts(&g, &c->items[i]);
        else
            run_records(&g, &c->items[i]);
    raw_row_free(&g.row);
}
