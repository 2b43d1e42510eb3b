/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/assemble.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/message.h"
#include "review/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct assembly {
    const struct keyring *ring;
    struct rawread *raw;
    struct store *store;
    struct problems *problems;
    struct content *content;
    struct query *insert, *tops, *below, *count;
    struct map sheets;  /* sheets and units found by their name or title, already listed */
    struct raw_row row; /* reused */
    struct record_key key;
    struct buf text;
    struct buf file_before; /* the correction file of the row before */
    long rank;
};

/* How a row below the top level finds its parent. */
enum { LINK_KEY = 0, LINK_INDEX = 1, LINK_NESTED = 2 };

/* ---- first pass: every row into table item --------------------------------------------------- */

static const char CREATE_ITEM[] =
    "CREATE TEMP TABLE item("
    "  row INTEGER PRIMARY KEY," /* id in the raw store: order of file, sheet, row */
    "  level INTEGER NOT NULL,"  /* index in topic->levels */
    "  block INTEGER NOT NULL, up_block INTEGER NOT NULL,"
    "  layout INTEGER NOT NULL, link INTEGER NOT NULL,"
    "  rank INTEGER NOT NULL,"  /* 0, or the number of the correction file */
    "  state INTEGER NOT NULL," /* enum key_state */
    "  key TEXT NOT NULL, hash TEXT NOT NULL,"
    "  instance TEXT NOT NULL, deprecated TEXT NOT NULL,"
    "  idx TEXT NOT NULL, up TEXT NOT NULL,"
    "  parent INTEGER NOT NULL," /* row of the record above, 0: none or not known */
    "  wide INTEGER NOT NULL,"   /* records of a repeat stand side by side */
    "  fate TEXT NOT NULL)";     /* '' until decided */

/* Correction files are ranked in their order; the files that they correct have rank 0. */
static long rank_of(struct assembly *a, const struct raw_row *row)
{
    if (!row->correction)
        return 0;
    if (strcmp(buf_text(&a->file_before), row->file) != 0) {
        buf_clear(&a->file_before);
        buf_puts(&a->file_before, row->file);
        a->rank++;
    }
    return a->rank;
}

static void bind_text(struct assembly *a, int position, int cell)
{
    raw_row_text(&a->row, cell, &a->text);
    query_text_at(a->insert, position, a->text.text);
}

static void list_sheet(struct assembly *a, const struct level *top)
{
    if (!a->key.by_sheet)
        return;
    buf_clear(&a->text);
    buf_printf(&a->text, "%s\t%s\t%s", a->row.file, a->row.sheet, a->row.block->village);
    if (map_add(&a->sheets, a->text.text, 1))
        problem_sheet(a->problems, &a->row, form_question(top->form, top->psu), a->key.psu.text);
}

static void stage_row(struct assembly *a)
{
    const struct raw_row *row = &a->row;
    const struct block *b = row->block;
    const struct level *top = top_level(a->ring->topic, b->level);
    int link = row->parent ? LINK_NESTED : b->up >= 0 && b->parent ? LINK_INDEX : LINK_KEY;
    key_read(a->ring, top, row, &a->key);
    if (b->level == top || link == LINK_KEY)
        list_sheet(a, top);
    char hash[DIGEST_TEXT];
    /* Top-level rows are compared only where keys collide, by settle_content(). */
    *hash = '\0';
    if (b->level != top)
        content_hash(a->content, row, false, hash);
    struct query *q = a->insert;
    const long numbers[] = {row->id,         b->level - a->ring->topic->levels,
                            b->id,           b->parent,
                            b->layout,       link,
                            rank_of(a, row), a->key.state};
    for (int i = 0; i < 8; i++)
        query_long_at(q, i + 1, numbers[i]);
    query_kept_at(q, 9, a->key.text.text);
    query_kept_at(q, 10, hash);
    bind_text(a, 11, b->instance);
    bind_text(a, 12, b->deprecated);
    bind_text(a, 13, b->index);
    bind_text(a, 14, b->up);
    query_long_at(q, 15, row->parent);
    query_long_at(q, 16, b->nth_max > 0);
    query_text_at(q, 17, row->truncated ? "truncated_row" : "");
    query_run(q);
}

static void stage(struct assembly *a)
{
    store_exec(a->store, CREATE_ITEM);
    a->insert = store_query(a->store, "INSERT INTO temp.item VALUES"
                                      " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    long n = 0;
    while (rawread_next(a->raw, &a->row)) {
        stage_row(a);
        rawread_trim(a->raw);
        progress("读取数据行", ++n);
    }
    progress_end();
    query_end(a->insert);
    store_exec(a->store, "CREATE INDEX temp.item_key ON item(level, key, hash);"
                         "CREATE INDEX temp.item_index ON item(block, idx) WHERE idx <> '';"
                         "CREATE INDEX temp.item_parent ON item(parent, level)");
}

/* ---- content where keys collide -------------------------------------------------------------- */

/* The rows of a level whose key somebody else has too, and the rows below such rows. */
static const char COLLIDING[] =
    "SELECT row FROM temp.item AS i WHERE level = :level AND fate = '' AND ("
    "  parent = 0 AND EXISTS (SELECT 1 FROM temp.item AS o WHERE o.level = i.level"
    "    AND o.key = i.key AND o.row <> i.row AND o.fate = '')"
    "  OR parent <> 0 AND EXISTS (SELECT 1 FROM temp.item AS p JOIN temp.item AS o"
    "    ON o.level = p.level AND o.key = p.key AND o.row <> p.row WHERE p.row = i.parent))"
    " ORDER BY row";

/* Compares such rows by what their cells say and no longer by how they are written.  An
 * instance's content includes the records nested in it. */
static void settle_content(struct assembly *a, long level)
{
    struct query *rows = store_query(a->store, COLLIDING);
    struct query *nested = store_query(a->store, "SELECT row FROM temp.item WHERE parent = ?"
                                                 " AND link = 2 ORDER BY row");
    struct query *save = store_query(a->store, "UPDATE temp.item SET hash = ? WHERE row = ?");
    query_long(rows, ":level", level);
    while (query_next(rows)) {
        char hash[DIGEST_TEXT];
        long id = col_long(rows, 0);
        rawread_load(a->raw, id, &a->row);
        content_begin(a->content);
        content_add(a->content, &a->row, true);
        query_long_at(nested, 1, id);
        while (query_next(nested)) {
            rawread_load(a->raw, col_long(nested, 0), &a->row);
            content_add(a->content, &a->row, true);
        }
        query_reset(nested);
        content_end(a->content, hash);
        query_text_at(save, 1, hash);
        query_long_at(save, 2, id);
        query_run(save);
        rawread_trim(a->raw);
    }
    query_end(rows);
    query_end(nested);
    query_end(save);
}

/* ---- fates ----------------------------------------------------------------------------------- */

static void run(struct assembly *a, const char *sql, long level, long parent_level)
{
    struct query *q = store_query(a->store, sql);
    query_long(q, ":level", level);
    if (strstr(sql, ":up"))
        query_long(q, ":up", parent_level);
    query_run(q);
    query_end(q);
}

static bool finds(struct assembly *a, const char *sql, long level)
{
    struct query *q = store_query(a->store, sql);
    query_long(q, ":level", level);
    bool found = query_next(q);
    query_end(q);
    return found;
}

static void supersede(struct assembly *a, long level)
{
    static const char *const steps[] = {
        "UPDATE temp.item SET fate = 'superseded' WHERE level = :level AND fate = ''"
        " AND instance <> '' AND instance IN (SELECT deprecated FROM temp.item"
        "   WHERE level = :level AND deprecated <> '')",
        "UPDATE temp.item SET fate = 'superseded' FROM"
        " (SELECT key AS k, MAX(rank) AS last FROM temp.item WHERE level = :level AND state = 0"
        "   AND fate IN ('', 'superseded') GROUP BY key HAVING MAX(rank) > 0)"
        " WHERE level = :level AND key = k AND fate = '' AND state = 0 AND rank < last",
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        run(a, steps[i], level, 0);
}

static void settle_collisions(struct assembly *a, long level)
{
    static const char *const steps[] = {
        "UPDATE temp.item AS i SET fate = 'duplicate' WHERE level = :level AND fate = ''"
        " AND EXISTS (SELECT 1 FROM temp.item AS o WHERE o.level = i.level AND o.key = i.key"
        "   AND o.hash = i.hash AND o.row < i.row AND o.fate IN ('', 'duplicate'))",
        "UPDATE temp.item AS i SET fate = 'hhno_reused' WHERE level = :level AND fate = ''"
        " AND state = 0 AND EXISTS (SELECT 1 FROM temp.item AS o WHERE o.level = i.level"
        "   AND o.key = i.key AND o.row <> i.row AND o.fate IN ('', 'hhno_reused'))",
    };
    settle_content(a, level);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        run(a, steps[i], level, 0);
}

/* By enum key_state. */
#define UNIT_FATE(otherwise)                                                                       \
    "CASE state WHEN 2 THEN 'village_unknown' WHEN 4 THEN 'unit_several' WHEN 5 THEN 'unit_ended'" \
    " WHEN 6 THEN 'unit_unknown' ELSE '" otherwise "' END"

/* What most counties do not have is asked first: a question is cheaper than a pass. */
static void decide_top(struct assembly *a, long level)
{
    run(a,
        "UPDATE temp.item SET fate = " UNIT_FATE(
            "village_unknown") " WHERE level = :level AND fate = '' AND state >= 2",
        level, 0);
    if (finds(a,
              "SELECT 1 FROM temp.item WHERE level = :level AND (deprecated <> '' OR rank > 0)"
              " LIMIT 1",
              level))
        supersede(a, level);
    if (finds(a,
              "SELECT 1 FROM temp.item WHERE level = :level GROUP BY key HAVING COUNT(*) > 1"
              " LIMIT 1",
              level))
        settle_collisions(a, level);
    run(a, "UPDATE temp.item SET fate = 'accepted' WHERE level = :level AND fate = ''", level, 0);
}

enum { RELINK = 6 }; /* the step that needs contents to be settled */

/* The record above, by index or by key.  A row by key goes to the accepted record of its key. */
static const char *const LINKS[] = {
    "UPDATE temp.item AS i SET parent = COALESCE((SELECT p.row FROM temp.item AS p"
    "   WHERE p.block = i.up_block AND p.idx = i.up AND p.idx <> '' ORDER BY p.row LIMIT 1), 0)"
    " WHERE level = :level AND link = 1",
    "UPDATE temp.item AS i SET fate = " UNIT_FATE(
        "orphan_member") " WHERE level = :level AND link = 0 AND fate = '' AND state <> 0",
    "UPDATE temp.item SET parent = best & 0xFFFFFFFFFFFF FROM"
    " (SELECT key AS k, MIN((CASE fate WHEN 'accepted' THEN 0 WHEN 'hhno_reused' THEN 1 ELSE 2"
    "   END << 48) + row) AS best FROM temp.item WHERE level = :up AND fate <> 'truncated_row'"
    "   GROUP BY key)"
    " WHERE level = :level AND key = k AND link = 0 AND fate = ''",
    /* A row of an older file than the correction that holds its record. */
    "UPDATE temp.item AS i SET fate = 'superseded' WHERE level = :level AND link = 0"
    " AND fate = '' AND EXISTS (SELECT 1 FROM temp.item AS p WHERE p.row = i.parent"
    "   AND p.rank > i.rank AND (i.rank = 0 OR EXISTS (SELECT 1 FROM temp.item AS o"
    "     WHERE o.level = p.level AND o.key = p.key AND o.rank = i.rank)))",
    "UPDATE temp.item SET fate = 'orphan_member'"
    " WHERE level = :level AND fate = '' AND parent = 0",
    "UPDATE temp.item AS i SET key = (SELECT p.key FROM temp.item AS p WHERE p.row = i.parent)"
    " WHERE level = :level AND link <> 0 AND parent <> 0",
    /* Rows below a repeated record belong to the one that stays; an instance goes as a whole. */
    "UPDATE temp.item AS i SET parent = (SELECT k.row FROM temp.item AS p JOIN temp.item AS k"
    "   ON k.level = p.level AND k.key = p.key AND k.hash = p.hash AND k.fate <> 'duplicate'"
    "   WHERE p.row = i.parent ORDER BY k.row LIMIT 1)"
    " WHERE level = :level AND fate = '' AND link <> 2"
    " AND (SELECT p.fate FROM temp.item AS p WHERE p.row = i.parent) = 'duplicate'",
    "UPDATE temp.item AS i SET fate = (SELECT p.fate FROM temp.item AS p WHERE p.row = i.parent)"
    " WHERE level = :level AND fate = ''"
    " AND (SELECT p.fate FROM temp.item AS p WHERE p.row = i.parent) <> 'accepted'",
};

/* No record has so many below it: they share a key by mistake, and none is taken. */
static void hold_crowds(struct assembly *a, long level)
{
    run(a,
        "UPDATE temp.item SET fate = 'orphan_member' WHERE level = :level AND fate = ''"
        " AND parent IN (SELECT parent FROM temp.item WHERE level = :level AND fate = ''"
        "   GROUP BY parent HAVING COUNT(*) > 2000)",
        level, 0);
}

static void decide_below(struct assembly *a, long level, long parent_level)
{
    for (size_t i = 0; i < sizeof LINKS / sizeof *LINKS; i++) {
        if (i == RELINK)
            settle_content(a, level);
        run(a, LINKS[i], level, parent_level);
    }
    hold_crowds(a, level);
    run(a,
        "UPDATE temp.item AS i SET fate = 'duplicate' WHERE level = :level AND fate = ''"
        " AND EXISTS (SELECT 1 FROM temp.item AS o WHERE o.parent = i.parent AND o.parent <> 0"
        "   AND o.level = i.level AND o.hash = i.hash AND o.row < i.row"
        "   AND o.fate IN ('', 'duplicate'))",
        level, 0);
    run(a, "UPDATE temp.item SET fate = 'accepted' WHERE level = :level AND fate = ''", level, 0);
}

static int depth(const struct topic *t, const struct level *l)
{
    int n = 0;
    for (; l->parent >= 0; l = &t->levels[l->parent])
        n++;
    return n;
}

static void decide(struct assembly *a)
{
    const struct topic *t = a->ring->topic;
    bool more = true;
    for (int d = 0; more; d++) {
        more = false;
        for (int i = 0; i < t->level_count; i++) {
            int own = depth(t, &t->levels[i]);
            more = more || own > d;
            if (own == d && d == 0)
                decide_top(a, i);
            else if (own == d)
                decide_below(a, i, top_level(t, &t->levels[i]) - t->levels);
        }
    }
}

/* ---- what is turned away --------------------------------------------------------------------- */

/* Records nested in an instance that is turned away go with it and are not listed. */
#define LISTED                                                                                     \
    "NOT (link = 2 AND EXISTS (SELECT 1 FROM temp.item AS p WHERE p.row = i.parent"                \
    " AND p.fate <> 'accepted'))"

static int count_nth(const struct raw_row *row, int repeat)
{
    int n = 0;
    for (int nth = 1; nth <= row->block->nth_max; nth++)
        n += raw_row_has_nth(row, repeat, nth);
    return n;
}

/* Records side by side in a row that is turned away. */
static void count_wide(struct assembly *a)
{
    const struct topic *t = a->ring->topic;
    for (int i = 0; i < t->level_count; i++) {
        const struct level *l = &t->levels[i];
        int n = l->repeat >= 0 ? count_nth(&a->row, l->repeat) : 0;
        if (l->form == a->row.block->level->form && n)
            assembly_count(a, a->row.id, l, n);
    }
}

/* What is known of the unit, when that is why the row is turned away; else "". */
static const char *about_unit(struct assembly *a, const char *fate)
{
    static const char *const fates[] = {"village_unknown", "unit_several", "unit_ended",
                                        "unit_unknown"};
    buf_clear(&a->text);
    for (size_t i = 0; i < sizeof fates / sizeof *fates; i++)
        if (a->ring->frame->list && !strcmp(fate, fates[i])) {
            key_read(a->ring, top_level(a->ring->topic, a->row.block->level), &a->row, &a->key);
            key_about(a->ring, &a->key, &a->text);
        }
    return buf_text(&a->text);
}

static void list_away(struct assembly *a)
{
    struct query *q =
        store_query(a->store, "SELECT row, fate, key, wide, " LISTED
                              " FROM temp.item AS i WHERE fate <> 'accepted' ORDER BY row");
    while (query_next(q)) {
        const char *fate = col_text(q, 1);
        bool dropped = !strcmp(fate, "duplicate") || !strcmp(fate, "superseded");
        bool wide = col_long(q, 3), listed = col_long(q, 4);
        if (!listed && !wide)
            continue;
        rawread_load(a->raw, col_long(q, 0), &a->row);
        if (listed)
            problem_row(a->problems, &a->row, fate, dropped ? "dropped" : "held",
                              about_unit(a, fate), col_text(q, 2));
        if (wide)
            count_wide(a);
        rawread_trim(a->raw);
    }
    query_end(q);
}

/* ---- interface
 * ----------------------------------------------------------------------------------- */

struct assembly *assemble(const struct keyring *ring, struct rawread *raw, struct store *clean,
                          struct problems *p)
{
    struct assembly *a = must_alloc(sizeof *a);
    a->ring = ring;
    a->raw = raw;
    a->store = clean;
    a->problems = p;
    a->content = content_new(ring->topic, ring->parser);
    store_exec(clean, "CREATE TEMP TABLE wide(row INTEGER, level INTEGER, n INTEGER)");
    a->count = store_query(clean, "INSERT INTO temp.wide VALUES (?, ?, ?)");
    stage(a);
    decide(a);
    list_away(a);
    a->tops = store_query(clean, "SELECT row FROM temp.item WHERE fate = 'accepted'"
                                 " AND parent = 0 ORDER BY row");
    a->below = store_query(clean, "SELECT row FROM temp.item WHERE parent = ?"
                                  " AND fate = 'accepted' ORDER BY level, row");
    return a;
}

static struct relative *next_relative(struct family *f)
{
    if (f->count == f->room) {
        int before = f->room;
        GROW(f->rows, f->count, f->room);
        memset(f->rows + before, 0, (size_t)(f->room - before) * sizeof *f->rows);
    }
    return &f->rows[f->count++];
}

static void add_below(struct assembly *a, struct family *f, long parent)
{
    query_long_at(a->below, 1, parent);
    while (query_next(a->below)) {
        struct relative *one = next_relative(f);
        rawread_load(a->raw, col_long(a->below, 0), &one->row);
        one->parent = parent;
    }
    query_reset(a->below);
}

bool assembly_next(struct assembly *a, struct family *f)
{
    rawread_trim(a->raw);
    f->count = 0;
    if (!query_next(a->tops))
        return false;
    struct relative *top = next_relative(f);
    rawread_load(a->raw, col_long(a->tops, 0), &top->row);
    top->parent = 0;
    for (int i = 0; i < f->count; i++)
        add_below(a, f, f->rows[i].row.id);
    return true;
}

void family_free(struct family *f)
{
    for (int i = 0; i < f->room; i++)
        raw_row_free(&f->rows[i].row);
    free(f->rows);
}

void assembly_count(struct assembly *a, long row, const struct level *l, int n)
{
    query_long_at(a->count, 1, row);
    query_long_at(a->count, 2, l - a->ring->topic->levels);
    query_long_at(a->count, 3, n);
    query_run(a->count);
}

void assembly_finish(struct assembly *a)
{
    query_end(a->tops);
    query_end(a->below);
    query_end(a->count);
    store_exec(a->store, "INSERT INTO fate(row, level, n, fate, key, listed)"
                         " SELECT i.row, l.name, 1, i.fate, i.key, " LISTED
                         " FROM temp.item AS i JOIN level AS l ON l.pos = i.level ORDER BY i.row;"
                         "INSERT INTO fate(row, level, n, fate, key, listed)"
                         " SELECT i.row, l.name, w.n, i.fate, i.key, 1 FROM temp.wide AS w"
                         " JOIN temp.item AS i ON i.row = w.row JOIN level AS l ON l.pos = w.level"
                         " ORDER BY i.row, w.level;"
                         "DROP TABLE temp.item; DROP TABLE temp.wide");
    content_free(a->content);
    record_key_free(&a->key);
    raw_row_free(&a->row);
    map_free(&a->sheets);
    buf_free(&a->text);
    buf_free(&a->file_before);
    free(a);
}
