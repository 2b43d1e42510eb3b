/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Raw stores of a few rows, cleaned in the same process, for tests of the review and of the
 * assembly of records.
 *
 *     begin();
 *     struct table h = open_table("住户.csv", false, "households", "village_code hh_no");
 *     add_row_as(&h, "data", 2, 0, (const char *const[]){"village_code=411523100201;hh_no=7",
 * NULL}); clean_rows(); assert_string_equal(answer("SELECT \"_key\" FROM households"),
 * "411523100201-7"); end();
 */
#ifndef TESTS_RAWCASE_H
#define TESTS_RAWCASE_H

#include "base/arena.h"
#include "review/cleaning.h"
#include "intake/heads.h"
#include "intake/rawstore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct topic *topic;
static const char *topic_path = "topics/henan-2025/07/topic.csv";
static struct rules rules;
static struct frame *frame;
static struct checks *checks;
static struct raw *raw;
static struct store *clean;
static struct privacy *privacy; /* NULL: personal values are kept */
static char raw_path[] = "/tmp/rawcase.XXXXXX", clean_path[64];

enum { COLUMNS_MAX = 200 };
struct table {
    const struct form *form;
    long sheet, block;
    char names[COLUMNS_MAX][40]; /* of the columns; "" when rows have nothing for it */
    int count;
};

static int read_topic(void **state)
{
    (void)state;
    int fd = mkstemp(raw_path);
    if (fd < 0)
        return -1;
    close(fd);
    snprintf(clean_path, sizeof clean_path, "%s.clean", raw_path);
    topic = topic_read(topic_path);
    if (!topic || rules_read(topic, &rules) < 0)
        return -1;
    frame = frame_read(topic);
    checks = checks_read(topic);
    return frame && checks ? 0 : -1;
}

static int free_topic(void **state)
{
    (void)state;
    checks_free(checks);
    frame_free(frame);
    rules_free(&rules);
    topic_free(topic);
    remove(raw_path);
    remove(clean_path);
    return 0;
}

static void begin(void)
{
    raw = raw_create(raw_path, topic);
    raw_meta(raw, "county", "411523");
}

static long begin_sheet(const char *file, bool correction, const char *sheet)
{
    struct raw_file f = {.path = file,
                         .sha256 = "",
                         .format = "csv",
                         .encoding = "utf-8",
                         .fate = "read",
                         .reason = "",
                         .correction = correction};
    return raw_add_sheet(raw, raw_add_file(raw, &f), sheet, false);
}

static struct raw_block block_of(const char *level, const char *layout, const char *file)
{
    return (struct raw_block){.level = (int)(topic_level(topic, level) - topic->levels),
                              .layout = layout,
                              .village = "",
                              .file = file,
                              .head_row = 1};
}

/* "hh_no", a question; "inc_wage*10000", with a factor; "needs/1", the 0/1 column of a choice;
 * "member2_m_wage", record 2 of a repeat side by side; "_index", "_parent", "_instance",
 * "_deprecated", of these roles. */
static void add_column(struct table *t, const char *text)
{
    struct column c = {.role = COLUMN_QUESTION};
    static const struct {
        const char *name;
        enum column_role role;
    } roles[] = {{"_index", COLUMN_INDEX},
                 {"_parent", COLUMN_PARENT},
                 {"_instance", COLUMN_INSTANCE},
                 {"_deprecated", COLUMN_DEPRECATED}};
    char *name = t->names[t->count], question[40];
    snprintf(name, sizeof t->names[0], "%.*s", (int)strcspn(text, "*"), text);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strcmp(name, roles[i].name))
            c.role = roles[i].role;
    if (c.role == COLUMN_QUESTION) {
        int skip = 0;
        sscanf(name, "member%d_%n", &c.nth, &skip);
        snprintf(question, sizeof question, "%.*s", (int)strcspn(name + skip, "/"), name + skip);
        c.question = form_question(t->form, question);
        assert_non_null(c.question);
        if (strchr(name, '/')) {
            c.role = COLUMN_CHOICE;
            c.choice = list_choice(c.question->list, strchr(name, '/') + 1);
        }
    }
    const char *factor = strchr(text, '*');
    raw_add_column(raw, t->block, t->count++, name, &c, factor ? atof(factor + 1) : 1);
}

/* A table with a column for every name, separated by blanks; see add_column(). */
static struct table open_block(const char *file, bool correction, const char *names,
                               struct raw_block b)
{
    struct table t = {.form = topic->levels[b.level].form};
    t.sheet = b.sheet = begin_sheet(file, correction, b.sheet ? "表" : "");
    t.block = raw_add_block(raw, &b);
    char *copy = must_strdup(names), *save;
    for (char *p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save))
        add_column(&t, p);
    free(copy);
    return t;
}

static struct table open_table(const char *file, bool correction, const char *level,
                               const char *names)
{
    return open_block(file, correction, names, block_of(level, "rows", file));
}

/* The text after "name=" in the last of the lists that has it, up to ';'; NULL when none has. */
static const char *setting_of(const char *name, const char *const *lists, char *out, size_t size)
{
    const char *found = NULL;
    size_t n = strlen(name);
    for (int i = 0; lists[i]; i++)
        for (const char *p = lists[i]; p && *p; p = strchr(p, ';') ? strchr(p, ';') + 1 : NULL)
            if (!strncmp(p, name, n) && p[n] == '=')
                found = p + n + 1;
    if (!found)
        return NULL;
    snprintf(out, size, "%.*s", (int)strcspn(found, ";"), found);
    return out;
}

/* A row from lists of settings (NULL-terminated; the last list that names a column counts); "\1"
 * in a text stands for NUL.  Returns the row's id. */
static long add_row_as(struct table *t, const char *kind, long no, long parent,
                       const char *const *lists)
{
    struct cell cells[COLUMNS_MAX];
    char texts[COLUMNS_MAX][256];
    for (int i = 0; i < t->count; i++) {
        const char *text = setting_of(t->names[i], lists, texts[i], sizeof texts[i]);
        cells[i] = (struct cell){CELL_EMPTY, "", 0};
        if (!text || !*text)
            continue;
        cells[i] = (struct cell){CELL_TEXT, text, strlen(text)};
        for (char *p = texts[i]; *p; p++)
            if (*p == '\1')
                *p = '\0';
    }
    return raw_add_row(raw, t->sheet, t->block, no, kind, parent, cells, t->count);
}

static void clean_rows(void)
{
    raw_finish(raw);
    assert_int_equal(clean_county(topic, &rules, checks, frame, privacy, raw_path, clean_path), 0);
    clean = store_open(clean_path, &SCHEMA_CLEAN);
}

static void end(void)
{
    store_close(clean);
    clean = NULL;
}

/* All rows of a query, columns joined by ':', rows by a blank. */
static const char *answer(const char *sql)
{
    static char text[8192];
    struct query *q = store_query(clean, sql);
    size_t n = 0;
    text[0] = '\0';
    while (query_next(q))
        for (int i = 0; i < col_count(q); i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s",
                                  i   ? ":"
                                  : n ? " "
                                      : "",
                                  col_text(q, i));
    query_end(q);
    return text;
}

#endif
