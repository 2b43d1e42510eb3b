/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/cleaning.h"

#include "base/arena.h"
#include "base/message.h"
#include "review/assemble.h"
#include "review/checks.h"
#include "review/problems.h"
#include "review/review.h"
#include "survey/panel.h"
#include "survey/records.h"

#include <stdlib.h>

struct cleaning {
    struct topic *topic;
    const struct rules *rules;
    struct keyring ring;
    char county[32];
    struct rawread *raw;
    struct store *clean;
    struct problems *problems;
    struct record_writer *writer;
    struct assembly *assembly;
    struct reviewer *reviewer;
    struct query *source;
    struct record_key key;  /* of the top-level record at hand */
    struct entry **entries; /* of the family's rows */
    int entry_room;
};

/* ---- one record with those below it ---------------------------------------------------------- */

static void write_source(struct cleaning *c, const struct raw_row *row)
{
    char place[24];
    query_long_at(c->source, 1, row->id);
    query_kept_at(c->source, 2, row->file);
    query_kept_at(c->source, 3, row->sheet);
    query_kept_at(c->source, 4, record_place(row, place));
    query_run(c->source);
}

static void write_entry(struct cleaning *c, const struct entry *e, long parent)
{
    long id = record_writer_put(c->writer, e->level, &e->record, parent, e->key, c->key.psu.text,
                                e->row->id);
    for (int i = 0; i < e->record.child_count; i++)
        write_entry(c, e->children[i], id);
}

/* Entries for the records that stand side by side in the row of e. */
static void add_wide(struct cleaning *c, struct entry *e)
{
    for (int i = 0; i < c->topic->level_count; i++) {
        const struct level *l = &c->topic->levels[i];
        int n = 0;
        if (l->parent < 0 || &c->topic->levels[l->parent] != e->level)
            continue;
        for (int nth = 1; nth <= e->row->block->nth_max; nth++)
            if (raw_row_has_nth(e->row, l->repeat, nth)) {
                reviewer_entry(c->reviewer, l, e->row, nth, &c->key, e);
                n++;
            }
        if (n)
            assembly_count(c->assembly, e->row->id, l, n);
    }
}

static struct entry *entry_of(const struct cleaning *c, const struct family *f, long row)
{
    for (int i = 0; i < f->count; i++)
        if (f->rows[i].row.id == row)
            return c->entries[i];
    return NULL;
}

static void clean_family(struct cleaning *c, const struct family *f)
{
    const struct raw_row *top = &f->rows[0].row;
    key_read(&c->ring, top->block->level, top, &c->key);
    while (c->entry_room < f->count)
        GROW(c->entries, c->entry_room, c->entry_room);
    for (int i = 0; i < f->count; i++) {
        const struct raw_row *row = &f->rows[i].row;
        struct entry *parent = i ? entry_of(c, f, f->rows[i].parent) : NULL;
        c->entries[i] = reviewer_entry(c->reviewer, row->block->level, row, 0, &c->key, parent);
        add_wide(c, c->entries[i]);
        if (i)
            review_link(c->reviewer, row, c->key.text.text);
        write_source(c, row);
    }
    review(c->reviewer, c->entries[0]);
    write_entry(c, c->entries[0], 0);
    reviewer_clear(c->reviewer);
}

static long clean_all(struct cleaning *c)
{
    struct family f = {0};
    long n = 0;
    while (assembly_next(c->assembly, &f)) {
        clean_family(c, &f);
        progress("审核记录", ++n);
    }
    progress_end();
    family_free(&f);
    return n;
}

/* ---- units of an earlier round ----------------------------------------------------------------
 */

static void list_absent(void *user, const char *key, const char *name)
{
    struct problem_line l = {
        .kind = "unit_absent", .class = "notice", .original = name, .key = key};
    problem_at(user, &l);
}

static int find_absent(struct cleaning *c)
{
    struct panel *panels;
    struct panel_counts counts;
    int count = panels_read(&c->topic->arena, c->topic, &panels), rc = count < 0 ? -1 : 0;
    for (int i = 0; i < count && rc == 0; i++)
        rc = panel_count(&panels[i], c->clean, &counts, list_absent, c->problems);
    return rc;
}

/* ---- the run --------------------------------------------------------------------------------- */

static void copy_meta(struct cleaning *c)
{
    static const char *const names[] = {"plan", "topic", "county", "simulated", "fingerprint"};
    char value[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        store_set_meta(c->clean, names[i],
                       store_meta(rawread_store(c->raw), names[i], value, sizeof value));
    store_set_meta(c->clean, "program", "clean");
    store_set_meta(c->clean, "personal", c->ring.privacy ? "0" : "1");
}

static int open_all(struct cleaning *c, const char *raw_path, const char *out_path)
{
    c->raw = rawread_open(raw_path, c->topic);
    store_meta(rawread_store(c->raw), "county", c->county, sizeof c->county);
    c->clean = store_create(out_path, &SCHEMA_CLEAN);
    copy_meta(c);
    c->writer = record_writer_create(c->clean, c->topic, c->ring.privacy);
    if (!c->writer)
        return -1;
    c->problems = problems_new(c->clean, !c->ring.privacy);
    c->ring.topic = c->topic;
    c->ring.rules = c->rules;
    c->ring.county = c->county;
    c->ring.parser = parser_new(c->topic, c->rules);
    c->reviewer = reviewer_new(&c->ring, c->rules, c->problems);
    c->source =
        store_query(c->clean, "INSERT INTO source(row, file, sheet, no) VALUES (?, ?, ?, ?)");
    return 0;
}

static void close_all(struct cleaning *c)
{
    answers_finish(rawread_answers(c->raw), c->problems);
    assembly_finish(c->assembly);
    query_end(c->source);
    problems_finish(c->problems, rawread_store(c->raw));
    reviewer_free(c->reviewer);
    parser_free(c->ring.parser);
    rawread_close(c->raw);
    record_key_free(&c->key);
    free(c->entries);
    store_commit(c->clean);
}

int clean_county(struct topic *t, const struct rules *rules, struct checks *checks,
                 const struct frame *frame, const struct privacy *privacy, const char *raw_path,
                 const char *out_path)
{
    struct cleaning c = {.topic = t, .rules = rules, .ring.frame = frame, .ring.privacy = privacy};
    if (open_all(&c, raw_path, out_path) < 0)
        return -1;
    c.assembly = assemble(&c.ring, c.raw, c.clean, c.problems);
    clean_all(&c);
    record_writer_close(c.writer);
    checks_run(checks, c.clean, c.raw, c.problems);
    int rc = find_absent(&c);
    close_all(&c);
    return rc;
}
