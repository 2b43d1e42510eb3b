/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/records.h"

#include "base/arena.h"
#include "base/text.h"
#include "survey/days.h"
#include "survey/plain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Columns before those of the questions; the letters of _missing are the last of them. */
enum {
    COLUMN_ID,
    COLUMN_PARENT,
    COLUMN_KEY,
    COLUMN_NO,
    COLUMN_ROW,
    COLUMN_PSU,
    COLUMN_MISSING,
    FIRST_ANSWER
};
static const char own_columns[] =
    "\"_id\", \"_parent\", \"_key\", \"_no\", \"_row\", \"_psu\", \"_missing\"";

/* Questions of a level that hold data, in order: the columns of its table. */
static int *level_questions(const struct level *l, int *count)
{
    const struct form *f = l->form;
    int *questions = must_alloc((size_t)(f->question_count + 1) * sizeof *questions);
    *count = 0;
    for (int i = 0; i < f->question_count; i++)
        if (f->questions[i].repeat == l->repeat && question_has_data(&f->questions[i]))
            questions[(*count)++] = i;
    return questions;
}

static void put_quoted(struct buf *sql, const char *name)
{
    char *quoted = store_quote(name);
    buf_puts(sql, quoted);
    free(quoted);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* A record that is used again for the next one of its level. */
struct held {
    struct record record; /* first: a struct record * of ours is a struct held * */
    long id, row;
    int child_room;
};

/* One level of the form: a table read in the order of _id.  Children were written right after
 * their parent, so all tables of a form advance together. */
struct stream {
    const struct level *level;
    struct query *query;
    bool on_row;              /* the query stands on a row that is not used yet */
    int *questions, *letters; /* indices in the form; their places in "_missing" */
    int question_count, letter_count;
    struct held **pool;
    int pool_count, pool_room, pool_used;
};

enum { SMALL = 1000 };
struct records {
    struct store *store;
    const struct topic *topic;
    const struct form *form;
    struct stream *streams;
    int stream_count, top;
    struct arena texts;   /* of the current top-level record */
    char small[SMALL][12]; /* the texts of the commonest numbers */
    const char *key, *psu;
};

static struct query *select_level(struct store *s, const struct stream *t)
{
    struct buf sql = {0};
    buf_printf(&sql, "SELECT %s", own_columns);
    for (int i = 0; i < t->question_count; i++) {
        buf_puts(&sql, ", ");
        put_quoted(&sql, t->level->form->questions[t->questions[i]].name);
    }
    buf_puts(&sql, " FROM ");
    put_quoted(&sql, t->level->name);
    buf_puts(&sql, " ORDER BY \"_id\"");
    struct query *q = store_query(s, sql.text);
    buf_free(&sql);
    return q;
}

/* All questions of the level, or those that are wanted. */
static void choose_questions(struct stream *t, const bool *wanted)
{
    t->questions = level_questions(t->level, &t->letter_count);
    t->letters = must_alloc((size_t)(t->letter_count + 1) * sizeof *t->letters);
    for (int i = 0; i < t->letter_count; i++)
        if (!wanted || wanted[t->questions[i]]) {
            t->questions[t->question_count] = t->questions[i];
            t->letters[t->question_count++] = i;
        }
}

static void open_stream(struct records *r, const struct level *l, const bool *wanted)
{
    struct stream *t = &r->streams[r->stream_count];
    t->level = l;
    choose_questions(t, wanted);
    t->query = select_level(r->store, t);
    t->on_row = query_next(t->query);
    if (l->repeat < 0)
        r->top = r->stream_count;
    r->stream_count++;
}

/* Whether `l` is the level or encloses it. */
static bool encloses(const struct topic *t, const struct level *l, const struct level *level)
{
    while (level != l && level->parent >= 0)
        level = &t->levels[level->parent];
    return level == l;
}

static bool has_wanted(const struct level *l, const bool *wanted)
{
    for (int i = 0; i < l->form->question_count; i++)
        if (wanted[i] && l->form->questions[i].repeat == l->repeat)
            return true;
    return false;
}

/* Whether the level or one below it has a wanted question. */
static bool leads_to_wanted(const struct topic *t, const struct level *l, const bool *wanted)
{
    for (int i = 0; i < t->level_count; i++)
        if (t->levels[i].form == l->form && encloses(t, l, &t->levels[i]) &&
            has_wanted(&t->levels[i], wanted))
            return true;
    return false;
}

/* `level` NULL: all levels of the form. */
static struct records *open_levels(struct store *clean, const struct topic *t,
                                   const char *form_name, const struct level *level,
                                   const bool *wanted)
{
    struct records *r = must_alloc(sizeof *r);
    r->store = clean;
    r->topic = t;
    r->top = -1;
    r->key = r->psu = "";
    for (int i = 0; i < SMALL; i++)
        snprintf(r->small[i], sizeof *r->small, "%d", i);
    r->streams = must_alloc((size_t)(t->level_count + 1) * sizeof *r->streams);
    for (int i = 0; i < t->level_count; i++) {
        const struct level *l = &t->levels[i];
        if (strcmp(l->form_name, form_name) == 0 &&
            (!level || encloses(t, l, level) || leads_to_wanted(t, l, wanted))) {
            r->form = l->form;
            open_stream(r, l, wanted);
        }
    }
    if (r->top < 0)
        die(CANNOT, "课题没有用到问卷 %s", form_name);
    return r;
}

struct records *records_open(struct store *clean, const struct topic *t, const char *form_name)
{
    return open_levels(clean, t, form_name, NULL, NULL);
}

struct records *records_open_some(struct store *clean, const struct topic *t,
                                  const struct level *level, const bool *wanted)
{
    return open_levels(clean, t, level->form_name, level, wanted);
}

/* A record of the level with empty values, from the pool. */
static struct held *take_record(struct records *r, struct stream *t)
{
    if (t->pool_used == t->pool_count) {
        struct held *h = must_alloc(sizeof *h);
        h->record.form = r->form;
        h->record.repeat = t->level->repeat;
        h->record.values =
            must_alloc((size_t)(r->form->question_count + 1) * sizeof *h->record.values);
        for (int i = 0; i < r->form->question_count; i++)
            h->record.values[i] = (struct value){NOT_ASKED, "", NAN};
        GROW(t->pool, t->pool_count, t->pool_room);
        t->pool[t->pool_count++] = h;
    }
    struct held *h = t->pool[t->pool_used++];
    h->record.child_count = 0;
    return h;
}

/* Text of a number that lives as long as the record. */
static const char *keep_number(struct records *r, double number)
{
    char text[PLAIN_TEXT];
    if (number >= 0 && number < SMALL && number == (int)number)
        return r->small[(int)number];
    return arena_strdup(&r->texts, plain_text(number, text));
}

static struct value read_value(struct records *r, const struct question *q, struct query *query,
                               int column, char missing)
{
    struct value v = {(enum missing)missing, "", NAN};
    if (missing != VALUE_OK)
        return v;
    if (!q->personal && (q->type == Q_INTEGER || q->type == Q_DECIMAL ||
                         (q->type == Q_CALCULATE && col_is_number(query, column)))) {
        v.number = col_double(query, column);
        v.text = isnan(v.number) ? "" : keep_number(r, v.number);
        return v;
    }
    const char *text = col_text(query, column);
    if (!*text)
        return v;
    v.text = arena_strdup(&r->texts, text);
    if (q->type == Q_DATE || q->type == Q_DATETIME)
        days_from_text(v.text, &v.number);
    return v;
}

/* The row that the stream stands on as a record; steps to the next row. */
static struct held *read_record(struct records *r, struct stream *t)
{
    struct held *h = take_record(r, t);
    struct query *q = t->query;
    h->id = col_long(q, COLUMN_ID);
    h->row = col_long(q, COLUMN_ROW);
    h->record.position = (int)col_long(q, COLUMN_NO);
    char *missing = arena_strdup(&r->texts, col_text(q, COLUMN_MISSING));
    if (strlen(missing) != (size_t)t->letter_count)
        die(CANNOT, "%s 的表 %s 与问卷不符。请删除它后重新运行 make", store_path(r->store),
            t->level->name);
    for (int i = 0; i < t->question_count; i++) {
        const struct question *question = &r->form->questions[t->questions[i]];
        h->record.values[question->index] =
            read_value(r, question, q, FIRST_ANSWER + i, missing[t->letters[i]]);
    }
    if (t->level->repeat < 0) {
        r->key = arena_strdup(&r->texts, col_text(q, COLUMN_KEY));
        r->psu = arena_strdup(&r->texts, col_text(q, COLUMN_PSU));
    }
    t->on_row = query_next(q);
    return h;
}

static void add_child(struct held *parent, struct held *child)
{
    GROW(parent->record.children, parent->record.child_count, parent->child_room);
    parent->record.children[parent->record.child_count++] = &child->record;
    child->record.parent = &parent->record;
}

/* Reads the children of a record at all levels below it. */
static void read_children(struct records *r, const struct stream *above, struct held *parent)
{
    for (int i = 0; i < r->stream_count; i++) {
        struct stream *t = &r->streams[i];
        if (t->level->parent < 0 || &r->topic->levels[t->level->parent] != above->level)
            continue;
        while (t->on_row && col_long(t->query, COLUMN_PARENT) == parent->id) {
            struct held *child = read_record(r, t);
            add_child(parent, child);
            read_children(r, t, child);
        }
        if (t->on_row && col_long(t->query, COLUMN_PARENT) < parent->id)
            die(CANNOT, "%s 的表 %s 次序有误。请删除它后重新运行 make", store_path(r->store),
                t->level->name);
    }
}

const struct record *records_next(struct records *r)
{
    struct stream *top = &r->streams[r->top];
    arena_reset(&r->texts);
    for (int i = 0; i < r->stream_count; i++)
        r->streams[i].pool_used = 0;
    r->key = r->psu = "";
    if (!top->on_row)
        return NULL;
    struct held *h = read_record(r, top);
    read_children(r, top, h);
    return &h->record;
}

const char *records_key(const struct records *r)
{
    return r->key;
}

const char *records_psu(const struct records *r)
{
    return r->psu;
}

long records_row(const struct records *r, const struct record *rec)
{
    (void)r;
    return ((const struct held *)rec)->row;
}

static void close_stream(struct stream *t)
{
    query_end(t->query);
    for (int i = 0; i < t->pool_count; i++) {
        free(t->pool[i]->record.values);
        free(t->pool[i]->record.children);
        free(t->pool[i]);
    }
    free(t->pool);
    free(t->questions);
    free(t->letters);
}

void records_close(struct records *r)
{
    if (!r)
        return;
    for (int i = 0; i < r->stream_count; i++)
        close_stream(&r->streams[i]);
    free(r->streams);
    arena_free(&r->texts);
    free(r);
}

/* ---- writing -------------------------------------------------------------------------------- */

struct written {
    struct query *insert;
    int *questions;
    int question_count;
    char *missing; /* one letter a question */
    long last_parent, last_id;
};

struct record_writer {
    struct store *store;
    const struct topic *topic;
    const struct privacy *privacy;
    struct written *levels; /* by level of the topic */
};

/* SQLite's type of a question's column.  ANY keeps numbers as numbers and texts as texts. */
static const char *column_type(const struct question *q)
{
    if (q->personal)
        return "TEXT";
    switch (q->type) {
    case Q_INTEGER:
        return "INTEGER";
    case Q_DECIMAL:
        return "REAL";
    case Q_CALCULATE:
        return "ANY";
    default:
        return "TEXT";
    }
}

static void create_table(struct store *s, const struct level *l, const struct written *w)
{
    struct buf sql = {0};
    buf_puts(&sql, "CREATE TABLE ");
    put_quoted(&sql, l->name);
    buf_puts(&sql, "(\"_id\" INTEGER PRIMARY KEY, \"_parent\" INTEGER, \"_key\" TEXT NOT NULL, "
                   "\"_no\" INTEGER NOT NULL, \"_row\" INTEGER NOT NULL, \"_psu\" TEXT NOT NULL, "
                   "\"_missing\" TEXT NOT NULL");
    for (int i = 0; i < w->question_count; i++) {
        const struct question *q = &l->form->questions[w->questions[i]];
        buf_puts(&sql, ", ");
        put_quoted(&sql, q->name);
        buf_printf(&sql, " %s", column_type(q));
    }
    buf_puts(&sql, ") STRICT");
    store_exec(s, sql.text);
    buf_free(&sql);
}

static struct query *prepare_insert(struct store *s, const struct level *l, int question_count)
{
    struct buf sql = {0};
    buf_puts(&sql, "INSERT INTO ");
    put_quoted(&sql, l->name);
    buf_puts(&sql, " VALUES (?");
    for (int i = 1; i < FIRST_ANSWER + question_count; i++)
        buf_puts(&sql, ", ?");
    buf_putc(&sql, ')');
    struct query *q = store_query(s, sql.text);
    buf_free(&sql);
    return q;
}

static void describe_level(struct store *s, int pos, const struct level *l, const struct written *w)
{
    struct query *q = store_query(s, "INSERT INTO level VALUES (:pos, :name, :form, :repeat)");
    query_long(q, ":pos", pos);
    query_text(q, ":name", l->name);
    query_text(q, ":form", l->form_name);
    query_text(q, ":repeat", l->repeat_name);
    query_run(q);
    query_end(q);
    q = store_query(s, "INSERT INTO question VALUES (:level, :pos, :name, :type, :personal)");
    for (int i = 0; i < w->question_count; i++) {
        const struct question *question = &l->form->questions[w->questions[i]];
        query_text(q, ":level", l->name);
        query_long(q, ":pos", i);
        query_text(q, ":name", question->name);
        query_text(q, ":type", question->type_text);
        query_long(q, ":personal", question->personal);
        query_run(q);
    }
    query_end(q);
}

/* Whether a table of that name is there (SQLite does not tell a from A), or SQLite keeps the name
 * for itself. */
static bool name_is_taken(struct store *s, const char *name)
{
    struct query *q = store_query(s, "SELECT 1 FROM sqlite_master WHERE type = 'table'"
                                     " AND name = :name COLLATE NOCASE");
    query_text(q, ":name", name);
    bool taken = query_next(q) || strncasecmp(name, "sqlite_", 7) == 0;
    query_end(q);
    return taken;
}

struct record_writer *record_writer_create(struct store *clean, const struct topic *t,
                                           const struct privacy *privacy)
{
    struct record_writer *w = must_alloc(sizeof *w);
    w->store = clean;
    w->privacy = privacy;
    w->topic = t;
    w->levels = must_alloc((size_t)(t->level_count + 1) * sizeof *w->levels);
    for (int i = 0; i < t->level_count; i++) {
        const struct level *l = &t->levels[i];
        struct written *level = &w->levels[i];
        if (name_is_taken(clean, l->name)) {
            error("层次名 %s 不能用作数据表名，请在 instruments 表里换一个", l->name);
            record_writer_close(w);
            return NULL;
        }
        level->questions = level_questions(l, &level->question_count);
        level->missing = must_alloc((size_t)level->question_count + 1);
        create_table(clean, l, level);
        describe_level(clean, i, l, level);
        level->insert = prepare_insert(clean, l, level->question_count);
    }
    return w;
}

/* A calculation is a number when its text is that number: `true` and codes stay texts. */
static void bind_calculation(struct query *q, int position, const struct value *v)
{
    if (isnan(v->number) || plain_number(v->text) != v->number)
        query_kept_at(q, position, v->text);
    else if (fabs(v->number) < 1e15 && v->number == (double)(long)v->number)
        query_long_at(q, position, (long)v->number);
    else
        query_double_at(q, position, v->number);
}

/* Numbers that were asked for as such are none of a person; those of a calculation are, where it
 * refers to personal questions. */
bool value_is_personal(const struct form *f, const struct question *q, const struct value *v)
{
    if (q->personal)
        return true;
    if (q->type == Q_INTEGER || q->type == Q_DECIMAL || q->type == Q_DATE || q->list ||
        !is_personal_text(v->text))
        return false;
    int count = 0;
    const int *of = q->calculation ? expr_references(q->calculation, &count) : NULL;
    bool personal = isnan(v->number);
    for (int i = 0; i < count; i++)
        personal = personal || f->questions[of[i]].personal;
    return personal;
}

static void bind_value(const struct record_writer *w, struct query *q, int position,
                       const struct form *form, const struct question *question,
                       const struct value *v)
{
    char hash[PRIVACY_TEXT];
    if (v->missing != VALUE_OK || !v->text || !*v->text)
        query_null_at(q, position);
    else if (w->privacy && value_is_personal(form, question, v))
        query_text_at(q, position, privacy_hash(w->privacy, v->text, hash));
    else if (question->personal)
        query_kept_at(q, position, v->text);
    else if (question->type == Q_INTEGER && !isnan(v->number))
        query_long_at(q, position, (long)v->number);
    else if (question->type == Q_DECIMAL && !isnan(v->number))
        query_double_at(q, position, v->number);
    else if (question->type == Q_CALCULATE)
        bind_calculation(q, position, v);
    else
        query_kept_at(q, position, v->text);
}

long record_writer_put(struct record_writer *w, const struct level *level, const struct record *rec,
                       long parent_id, const char *key, const char *psu, long row)
{
    struct written *t = &w->levels[level - w->topic->levels];
    struct query *q = t->insert;
    if (parent_id < t->last_parent)
        die(CANNOT, "程序错误：%s 的记录没有紧跟上级记录写入", level->name);
    t->last_parent = parent_id;
    for (int i = 0; i < t->question_count; i++) {
        const struct value *v = &rec->values[t->questions[i]];
        t->missing[i] = v->missing ? (char)v->missing : OPTIONAL;
        bind_value(w, q, FIRST_ANSWER + i + 1, level->form,
                   &level->form->questions[t->questions[i]], v);
    }
    query_long_at(q, COLUMN_ID + 1, ++t->last_id);
    if (parent_id)
        query_long_at(q, COLUMN_PARENT + 1, parent_id);
    else
        query_null_at(q, COLUMN_PARENT + 1);
    query_kept_at(q, COLUMN_KEY + 1, key);
    query_long_at(q, COLUMN_NO + 1, rec->position);
    query_long_at(q, COLUMN_ROW + 1, row);
    query_kept_at(q, COLUMN_PSU + 1, psu);
    query_kept_at(q, COLUMN_MISSING + 1, t->missing);
    query_run(q);
    return t->last_id;
}

void record_writer_close(struct record_writer *w)
{
    if (!w)
        return;
    for (int i = 0; i < w->topic->level_count; i++) {
        query_end(w->levels[i].insert);
        free(w->levels[i].questions);
        free(w->levels[i].missing);
    }
    free(w->levels);
    free(w);
}
