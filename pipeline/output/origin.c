/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/origin.h"

#include "formats/sheets.h"
#include "output/workbook_advice.h"
#include "review/rawread.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_SHOWN = 3 };

/* A problem of one of the questions. */
struct edit {
    const char *row, *col, *field, *kind, *class, *original, *corrected;
    int next; /* of the same place, question and record; -1: none */
};

struct origin {
    const struct topic *topic;
    const struct level *level;
    const struct question *const *questions;
    struct store *clean;
    struct rawread *raw;
    struct raw_row row;
    struct query *source;
    struct arena arena;
    struct edit *edits;
    int edit_count, edit_room;
    struct map by_place; /* file, sheet, key, field -> the last one in edits */
    struct buf key;
};

const char *missing_word(enum missing m)
{
    switch (m) {
    case NOT_ASKED:
        return "按跳转没有问";
    case NO_ANSWER:
        return "问了，没有答案（不详、拒答）";
    case RETURNED:
        return "退回核实";
    case BLANK:
        return "应当回答，空着";
    case OPTIONAL:
        return "没有填";
    case UNDECIDED:
        return "空着，是否该问不能确定";
    case NOT_COMPUTED:
        return "算不出";
    default:
        return "";
    }
}

/* ---- edits --------------------------------------------------------------------------------- */

static const char *place_key(struct origin *o, const char *file, const char *sheet, const char *key,
                             const char *field)
{
    buf_clear(&o->key);
    buf_printf(&o->key, "%s\t%s\t%s\t%s", file, sheet, key, field);
    return o->key.text;
}

static const struct question *question_named(const struct origin *o, const char *name)
{
    for (int i = 0; o->questions[i]; i++)
        if (strcmp(o->questions[i]->name, name) == 0)
            return o->questions[i];
    return NULL;
}

/* Whether another questionnaire of the topic has a question of one of the names. */
static bool names_are_shared(const struct origin *o)
{
    for (int f = 0; f < o->topic->form_count; f++)
        for (int i = 0; o->questions[i] && o->topic->forms[f] != o->level->form; i++)
            if (form_question(o->topic->forms[f], o->questions[i]->name))
                return true;
    return false;
}

static void add_edit(struct origin *o, struct query *q)
{
    enum { FILE_PATH, SHEET, ROW, COL, FIELD, KIND, CLASS, ORIGINAL, CORRECTED, KEY };
    const struct question *question = question_named(o, col_text(q, FIELD));
    if (!question)
        return;
    const char *place = place_key(o, col_text(q, FILE_PATH), col_text(q, SHEET), col_text(q, KEY),
                                  col_text(q, FIELD));
    GROW(o->edits, o->edit_count, o->edit_room);
    o->edits[o->edit_count] = (struct edit){
        .row = arena_strdup(&o->arena, col_text(q, ROW)),
        .col = arena_strdup(&o->arena, col_text(q, COL)),
        .field = question->name,
        .kind = arena_strdup(&o->arena, col_text(q, KIND)),
        .class = arena_strdup(&o->arena, col_text(q, CLASS)),
        .original = arena_strdup(&o->arena, question->personal ? "" : col_text(q, ORIGINAL)),
        .corrected = arena_strdup(&o->arena, question->personal ? "" : col_text(q, CORRECTED)),
        .next = (int)map_get(&o->by_place, place, -1)};
    map_put(&o->by_place, place, o->edit_count++);
}

/* A name that several questionnaires use is told by the record's key. */
static void read_edits(struct origin *o)
{
    struct buf sql = {0};
    const struct level *top = o->level;
    while (top->parent >= 0)
        top = &o->topic->levels[top->parent];
    buf_puts(&sql, "SELECT file, sheet, row, col, field, kind, class, original, corrected, key "
                   "FROM problem WHERE field <> ''");
    if (names_are_shared(o)) {
        char *table = store_quote(top->name);
        buf_printf(&sql, " AND key IN (SELECT \"_key\" FROM %s)", table);
        free(table);
    }
    buf_puts(&sql, " ORDER BY id");
    struct query *q = store_query(o->clean, sql.text);
    while (query_next(q))
        add_edit(o, q);
    query_end(q);
    buf_free(&sql);
}

struct origin *origin_open(const char *raw_path, struct store *clean, const struct topic *t,
                           const struct level *level, const struct question *const *questions)
{
    struct origin *o = must_alloc(sizeof *o);
    o->topic = t;
    o->level = level;
    o->questions = questions;
    o->clean = clean;
    o->raw = rawread_open(raw_path, t);
    o->source = store_query(clean, "SELECT file, sheet, no FROM source WHERE row = ?");
    read_edits(o);
    return o;
}

void origin_close(struct origin *o)
{
    if (!o)
        return;
    query_end(o->source);
    raw_row_free(&o->row);
    rawread_close(o->raw);
    map_free(&o->by_place);
    free(o->edits);
    buf_free(&o->key);
    arena_free(&o->arena);
    free(o);
}

static void put_kind(struct buf *out, const char *kind)
{
    advice_wrong(out, &(struct problem){.kind = kind});
}

void origin_put_edits(struct buf *out, const struct origin *o)
{
    struct map kinds = {0}; /* question and kind -> how many */
    struct buf key = {0};
    for (int i = 0; i < o->edit_count; i++) {
        buf_clear(&key);
        buf_printf(&key, "%s %s\t%s", o->edits[i].field, o->edits[i].kind, o->edits[i].kind);
        map_put(&kinds, key.text, map_get(&kinds, key.text, 0) + 1);
    }
    if (kinds.count == 0)
        buf_puts(out, "  审核：没有改动\n");
    for (int i = 0; i < kinds.count; i++) {
        const char *text = kinds.entries[i].key, *kind = strchr(text, '\t') + 1;
        buf_printf(out, "  审核：%.*s %ld处（", (int)(kind - text) - 1, text,
                   kinds.entries[i].value);
        put_kind(out, kind);
        buf_puts(out, "）\n");
    }
    buf_free(&key);
    map_free(&kinds);
}

/* ---- places -------------------------------------------------------------------------------- */

/* The place of a raw row, copied into the arena of nobody: valid until the next call. */
struct source {
    const char *file, *sheet, *no;
};

static struct source source_of(struct origin *o, long row)
{
    query_reset(o->source);
    query_long_at(o->source, 1, row);
    if (!query_next(o->source))
        return (struct source){"", "", ""};
    return (struct source){col_text(o->source, 0), col_text(o->source, 1), col_text(o->source, 2)};
}

/* Loads the raw row of a record; the number of the record among those side by side in it, 0 when
 * the row is the record's own. */
static int load_row(struct origin *o, long row, const struct record *r)
{
    rawread_load(o->raw, row, &o->row);
    if (!r || r->repeat < 0 || o->row.block->level->repeat == r->repeat)
        return 0;
    for (int nth = 1, found = 0; nth <= o->row.block->nth_max; nth++)
        if (raw_row_has_nth(&o->row, r->repeat, nth) && ++found == r->position)
            return nth;
    return 0;
}

/* The first of several 0/1 columns where a choice has no column of its own. */
static const struct raw_column *column_of(const struct block *b, const struct question *q, int nth)
{
    const struct raw_column *c = raw_column(b, q, nth);
    for (int i = 0; !c && i < b->column_count; i++)
        if (b->columns[i].question == q && b->columns[i].nth == nth)
            c = &b->columns[i];
    return c;
}

static void put_column(struct buf *out, const struct raw_row *row, const struct question *q,
                       const struct raw_column *c)
{
    char letters[24];
    if (!c) {
        buf_puts(out, "表中没有这一栏");
    } else if (row->block->layout == LAYOUT_ODK) {
        buf_printf(out, "节点 %s%s%s", q->group, *q->group ? "/" : "", q->name);
    } else if (row->block->layout == LAYOUT_CARD) {
        buf_printf(out, "第%ld行“%s”", card_row(c->pos, row->block->head_row), c->head);
    } else {
        column_letters(c->pos, letters);
        buf_printf(out, "%s栏“%s”", letters, c->head);
    }
    if (c && c->role == ROLE_CHOICE)
        buf_puts(out, "等各选项栏");
}

static void put_row_place(struct buf *out, const struct raw_row *row)
{
    char letters[24];
    const struct block *b = row->block;
    bool form = b->layout == LAYOUT_CARD && b->column_count && b->columns[0].pos >= CARD_ROWS;
    bool card = b->layout == LAYOUT_CARD && !form;
    buf_printf(out, "%s", row->file);
    if (*row->sheet)
        buf_printf(out, "，工作表 %s", row->sheet);
    column_letters((int)row->no - 1, letters);
    if (card)
        buf_printf(out, "，%s列", letters);
    else if (row->no > 0)
        buf_printf(out, b->layout == LAYOUT_ODK ? "，第%ld个" : "，第%ld行",
                   form ? b->head_row : row->no);
}

/* ---- files --------------------------------------------------------------------------------- */

static void put_file_columns(struct buf *out, struct origin *o)
{
    bool first = true;
    for (int i = 0; o->questions[i]; i++) {
        const struct question *q = o->questions[i];
        const struct block *b = o->row.block;
        int nth = b->nth_max > 0 && b->level->repeat != q->repeat ? 1 : 0;
        if (b->level->repeat != q->repeat && !nth)
            continue; /* stands in a table of its own */
        buf_puts(out, first ? "；" : "，");
        buf_printf(out, "%s 在", q->name);
        put_column(out, &o->row, q, column_of(b, q, nth));
        first = false;
    }
}

static void put_file(struct buf *out, struct origin *o, struct query *q)
{
    long first = col_long(q, 0), last = col_long(q, 1);
    load_row(o, last, NULL);
    long end = o->row.no;
    load_row(o, first, NULL);
    buf_puts(out, "  出处：");
    put_row_place(out, &o->row);
    if (end > o->row.no)
        buf_printf(out, "起，至第%ld%s", end, o->row.block->layout == LAYOUT_ODK ? "个" : "行");
    buf_printf(out, "，%ld条", col_long(q, 2));
    put_file_columns(out, o);
    buf_puts(out, "\n");
}

void origin_put_files(struct buf *out, struct origin *o)
{
    struct buf sql = {0};
    char *table = store_quote(o->level->name);
    buf_printf(&sql,
               "SELECT MIN(\"_row\"), MAX(\"_row\"), COUNT(*) FROM %s JOIN source"
               " ON source.row = \"_row\" GROUP BY file, sheet ORDER BY MIN(\"_row\")",
               table);
    struct query *q = store_query(o->clean, sql.text);
    int files = 0;
    while (query_next(q))
        if (files++ < FILES_SHOWN)
            put_file(out, o, q);
    if (files > FILES_SHOWN)
        buf_printf(out, "  出处：……共%d个文件（工作表）\n", files);
    query_end(q);
    free(table);
    buf_free(&sql);
}

/* ---- records ------------------------------------------------------------------------------- */

/* Whether a problem of the record's question is of this place: rows of the same number, of records
 * side by side with the same head; in a card it is told by the key alone. */
static bool is_here(const struct edit *e, const char *no, const struct raw_column *c, int nth)
{
    bool number = *no >= '0' && *no <= '9';
    if (number && strcmp(e->row, no) != 0)
        return false;
    return nth == 0 || !c || strcmp(e->col, c->head) == 0;
}

const char *origin_returned(struct origin *o, const struct account *a, const struct account_case *c)
{
    const struct record *holder = c->question ? account_holder(c->record, c->question) : NULL;
    if (!holder)
        return "";
    struct source s = source_of(o, account_row(a, holder));
    int i =
        (int)map_get(&o->by_place, place_key(o, s.file, s.sheet, c->key, c->question->name), -1);
    for (; i >= 0; i = o->edits[i].next)
        if (strcmp(o->edits[i].class, "returned") == 0 && is_here(&o->edits[i], s.no, NULL, 0))
            return o->edits[i].kind;
    return "";
}

/* Text as received, on one line, at most so many characters. */
static void put_quoted(struct buf *out, const char *text)
{
    int n = 0;
    buf_puts(out, "“");
    for (const char *p = text; *p && n < 60; n++) {
        uint32_t c = utf8_next(&p);
        buf_put_char(out, c < 0x20 || c == 0x7F ? ' ' : c);
    }
    buf_puts(out, n == 60 ? "……”" : "”");
}

/* The texts of all columns of the question: one, or those of its choices. */
static void put_received(struct buf *out, const struct origin *o, const struct question *q, int nth)
{
    const struct block *b = o->row.block;
    struct buf text = {0};
    for (int i = 0; i < b->column_count; i++) {
        const struct raw_column *c = &b->columns[i];
        if (c->question != q || c->nth != nth)
            continue;
        if (text.len)
            buf_putc(&text, '|');
        buf_puts(&text, raw_row_received(&o->row, c).text);
    }
    put_quoted(out, buf_text(&text));
    buf_free(&text);
}

static void put_edits_of(struct buf *out, struct origin *o, const struct account_case *c,
                         const struct question *q, const struct source *s,
                         const struct raw_column *column, int nth)
{
    int i = (int)map_get(&o->by_place, place_key(o, s->file, s->sheet, c->key, q->name), -1);
    for (; i >= 0; i = o->edits[i].next) {
        const struct edit *e = &o->edits[i];
        if (!is_here(e, s->no, column, nth))
            continue;
        buf_puts(out, "；审核：");
        put_kind(out, e->kind);
        buf_printf(out, "（%s）", e->kind);
    }
}

static void put_question(struct buf *out, struct origin *o, const struct account *a,
                         const struct account_case *c, const struct question *q)
{
    const struct record *holder = account_holder(c->record, q);
    if (!holder)
        return;
    long id = account_row(a, holder);
    int nth = load_row(o, id, holder);
    const struct raw_column *column = column_of(o->row.block, q, nth);
    const struct value *v = &holder->values[q->index];
    struct source s = source_of(o, id);
    buf_printf(out, "      %s：", q->name);
    put_row_place(out, &o->row);
    buf_puts(out, "，");
    put_column(out, &o->row, q, column);
    if (q->personal) {
        buf_puts(out, "（个人信息，不列出）");
    } else {
        buf_puts(out, "，收到");
        put_received(out, o, q, nth);
        if (v->missing == VALUE_OK) {
            buf_puts(out, "，采用");
            put_quoted(out, v->text);
        }
    }
    if (v->missing != VALUE_OK)
        buf_printf(out, "，没有采用：%s", missing_word(v->missing));
    put_edits_of(out, o, c, q, &s, column, nth);
    buf_puts(out, "\n");
}

void origin_put_record(struct buf *out, struct origin *o, const struct account *a,
                       const struct account_case *c, const struct question *only)
{
    for (int i = 0; o->questions[i]; i++)
        if (!only || only == o->questions[i])
            put_question(out, o, a, c, o->questions[i]);
    rawread_trim(o->raw);
}
