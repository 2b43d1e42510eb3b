/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/labelled.h"

#include "base/message.h"
#include "base/text.h"
#include "output/recordtable.h"
#include "survey/days.h"
#include "survey/plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A column of the table: one variable, or one for each choice from `variable` on. */
struct column {
    const struct question *question;
    int letter;        /* its place in _missing */
    size_t width;      /* bytes of the longest text */
    bool has_text;     /* of a calculation: not numbers alone */
    bool has_fraction; /* and not whole ones */
    int variable;
};

struct labelled {
    const struct topic *topic;
    struct record_table table;
    struct column *columns;
    int column_count;
    size_t key_width, psu_width, place_width[3]; /* of file, sheet, row */
    long rows;
    struct statfile *file;
    int key, psu, stratum, weight, place; /* variables; place: file, then sheet, then row */
};

/* ---- what there is: the number of rows, the widths of texts -----------------------------------
 */

static void list_columns(struct labelled *d)
{
    const struct form *f = d->table.level->form;
    int letter = 0;
    d->columns = must_alloc((size_t)(f->question_count + 1) * sizeof *d->columns);
    for (int i = 0; i < f->question_count; i++) {
        const struct question *q = &f->questions[i];
        if (record_table_has(&d->table, q))
            d->columns[d->column_count++] = (struct column){.question = q, .letter = letter};
        letter += q->repeat == d->table.level->repeat && question_has_data(q);
    }
}

static void widen(size_t *width, const char *text)
{
    size_t n = strlen(text);
    if (n > *width)
        *width = n;
}

static void measure(struct labelled *d, struct store *clean)
{
    struct query *q = record_table_query(&d->table, clean);
    while (query_next(q)) {
        d->rows++;
        widen(&d->key_width, record_readable(col_text(q, TABLE_KEY)));
        widen(&d->psu_width, col_text(q, TABLE_PSU));
        for (int i = 0; i < 3; i++)
            widen(&d->place_width[i], col_text(q, TABLE_FILE + i));
        for (int i = 0; i < d->column_count; i++) {
            int c = TABLE_QUESTIONS + i;
            widen(&d->columns[i].width, record_readable(col_text(q, c)));
            d->columns[i].has_text |= !col_is_null(q, c) && !col_is_number(q, c);
            d->columns[i].has_fraction |=
                col_is_number(q, c) && col_double(q, c) != trunc(col_double(q, c));
        }
    }
    query_end(q);
}

/* ---- variables ---------------------------------------------------------------------------------
 */

/* Whether the codes are numbers as a statistics program writes them back: 1, not 01 or A. */
static bool has_whole_codes(const struct choice_list *list)
{
    char plain[PLAIN_TEXT];
    for (int i = 0; list && i < list->count; i++) {
        const char *code = list->choices[i].name;
        double number = strtod(code, NULL);
        if (!(fabs(number) < 1e9) || number != trunc(number) ||
            strcmp(plain_text(number, plain), code) != 0)
            return false;
    }
    return list != NULL;
}

static bool is_number(const struct column *c)
{
    enum question_type type = c->question->type;
    return type == Q_INTEGER || type == Q_DECIMAL || (type == Q_CALCULATE && !c->has_text) ||
           (type == Q_SELECT_ONE && has_whole_codes(c->question->list));
}

static int add_choices(struct labelled *d, const struct question *q)
{
    struct buf name = {0}, label = {0};
    int flag = statfile_list(d->file), first = -1;
    statfile_code(d->file, flag, 0, "未选");
    statfile_code(d->file, flag, 1, "选");
    for (int i = 0; i < q->list->count; i++) {
        buf_clear(&name);
        buf_clear(&label);
        buf_printf(&name, "%s_%s", q->name, q->list->choices[i].name);
        buf_printf(&label, "%s：%s", question_caption(q), q->list->choices[i].label);
        int v = statfile_variable(d->file, name.text, label.text,
                                  (struct stat_type){.kind = STAT_NUMBER, .list = flag});
        first = first < 0 ? v : first;
    }
    buf_free(&name);
    buf_free(&label);
    return first;
}

static int add_column(struct labelled *d, const struct column *c)
{
    const struct question *q = c->question;
    struct stat_type type = {.kind = STAT_TEXT, .width = c->width};
    if (q->type == Q_SELECT_MULTIPLE && q->list && q->list->count > 0)
        return add_choices(d, q);
    if (q->type == Q_DATE) { /* with labels it would be read as a number */
        type.kind = STAT_DATE;
        type.list = -1;
    }
    if (is_number(c)) {
        type.kind = STAT_NUMBER;
        type.decimals = q->type == Q_DECIMAL || c->has_fraction ? 2 : 0;
    }
    if (is_number(c) && q->list) {
        type.list = statfile_list(d->file);
        for (int i = 0; i < q->list->count; i++)
            statfile_code(d->file, type.list, strtod(q->list->choices[i].name, NULL),
                          q->list->choices[i].label);
    }
    return statfile_variable(d->file, q->name, *q->label ? q->label : question_caption(q), type);
}

static int add_text(struct labelled *d, const char *name, const char *label, size_t width)
{
    return statfile_variable(d->file, name, label,
                             (struct stat_type){.kind = STAT_TEXT, .width = width});
}

static void add_variables(struct labelled *d)
{
    const struct record_table *t = &d->table;
    const struct question *key = form_question(t->top->form, t->key_head);
    if (t->key_first)
        d->key = add_text(d, t->key_head, key ? key->label : "记录编号", d->key_width);
    for (int i = 0; i < d->column_count; i++)
        d->columns[i].variable = add_column(d, &d->columns[i]);
    if (t->level->sampled) {
        d->psu = add_text(d, "psu", "初级抽样单位", d->psu_width);
        d->stratum = add_text(d, "stratum", "层", 64);
        d->weight =
            statfile_variable(d->file, "weight", "权数",
                              (struct stat_type){.kind = STAT_NUMBER, .decimals = 4, .list = -1});
    }
    d->place = add_text(d, "src_file", "来源文件", d->place_width[0]);
    add_text(d, "src_sheet", "来源工作表", d->place_width[1]);
    add_text(d, "src_row", "来源行", d->place_width[2]);
    add_text(d, "src_simulated", "模拟资料写1", 1);
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static void put_choices(struct labelled *d, const struct column *c, const char *text,
                        enum missing reason)
{
    const struct choice_list *list = c->question->list;
    for (int i = 0; i < list->count; i++) {
        const char *code = list->choices[i].name, *p = text;
        size_t n = strlen(code);
        bool chosen = false;
        for (; *p && !chosen; p += strcspn(p, " "), p += *p == ' ')
            chosen = strcspn(p, " ") == n && memcmp(p, code, n) == 0;
        if (reason == VALUE_OK)
            statfile_number(d->file, c->variable + i, chosen);
        else
            statfile_missing(d->file, c->variable + i, reason);
    }
}

static void put_column(struct labelled *d, const struct column *c, struct query *q, int at,
                       enum missing reason)
{
    double day = NAN;
    if (c->question->type == Q_SELECT_MULTIPLE && c->question->list && c->question->list->count > 0)
        put_choices(d, c, col_text(q, at), reason);
    else if (!is_number(c) && c->question->type != Q_DATE)
        statfile_text(d->file, c->variable, record_readable(col_text(q, at)));
    else if (reason != VALUE_OK)
        statfile_missing(d->file, c->variable, reason);
    else if (c->question->type == Q_DATE && days_from_text(col_text(q, at), &day))
        statfile_number(d->file, c->variable, day);
    else
        statfile_number(d->file, c->variable,
                        col_is_number(q, at) ? col_double(q, at) : strtod(col_text(q, at), NULL));
}

/* Of the first stage a unit has the weight 1/p1, of the second that of its PSU's units. */
static void put_sample(struct labelled *d, struct query *weight, const char *psu)
{
    query_reset(weight);
    query_text(weight, ":code", psu);
    bool known = query_next(weight);
    double w = !known                       ? NAN
               : d->table.level->stage == 1 ? 1 / col_double(weight, 1)
                                            : col_double(weight, 0);
    statfile_text(d->file, d->psu, psu);
    statfile_text(d->file, d->stratum, known ? col_text(weight, 2) : "");
    statfile_number(d->file, d->weight, w);
    query_reset(weight);
}

static void put_rows(struct labelled *d, struct store *clean, struct store *weights)
{
    char simulated[8];
    store_meta(clean, "simulated", simulated, sizeof simulated);
    struct query *q = record_table_query(&d->table, clean);
    struct query *weight =
        store_query(weights, "SELECT weight, p1, stratum FROM psu WHERE code = :code");
    while (query_next(q)) {
        const char *missing = col_text(q, TABLE_MISSING);
        size_t letters = strlen(missing);
        if (d->table.key_first)
            statfile_text(d->file, d->key, record_readable(col_text(q, TABLE_KEY)));
        for (int i = 0; i < d->column_count; i++) {
            size_t at = (size_t)d->columns[i].letter;
            put_column(d, &d->columns[i], q, TABLE_QUESTIONS + i,
                       at < letters ? (enum missing)missing[at] : VALUE_OK);
        }
        if (d->table.level->sampled)
            put_sample(d, weight, col_text(q, TABLE_PSU));
        for (int i = 0; i < 3; i++)
            statfile_text(d->file, d->place + i, col_text(q, TABLE_FILE + i));
        statfile_text(d->file, d->place + 3, simulated);
        statfile_end_row(d->file);
    }
    query_end(weight);
    query_end(q);
}

int labelled_write(const struct topic *t, const struct level *l, enum stat_program program,
                   const char *path, char **paths, int count)
{
    struct labelled d = {.topic = t, .table = record_table(t, l, false)};
    list_columns(&d);
    for (int i = 0; i < count; i += 2) {
        struct store *clean = store_open(paths[i], &SCHEMA_CLEAN);
        measure(&d, clean);
        store_close(clean);
    }
    d.file = statfile_create(program, l->label);
    add_variables(&d);
    bool begun = statfile_begin(d.file, path, d.rows) == 0;
    for (int i = 0; begun && i < count; i += 2) {
        struct store *clean = store_open(paths[i], &SCHEMA_CLEAN);
        struct store *weights = store_open(paths[i + 1], &SCHEMA_WEIGHTS);
        put_rows(&d, clean, weights);
        store_close(weights);
        store_close(clean);
    }
    free(d.columns);
    return statfile_close(d.file);
}
