/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote/ledger.h"

#include "base/arena.h"
#include "base/csvout.h"
#include "base/map.h"
#include "base/message.h"
#include "base/outfile.h"
#include "formats/sheets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 6, REPLACED_BEFORE_REWRITE = 64 };
static const char *const HEADS[COLUMNS] = {"id", "version", "sha256", "path", "state", "media"};
/* The row that holds the list's validator; no server names a submission so. */
static const char ETAG_ROW[] = "\x01list";

struct ledger {
    struct arena arena;
    char *path, *etag;
    struct map names; /* id -> index */
    struct entry **entries;
    int count, room;
    int written; /* lines appended by this run */
    FILE *journal;
    struct csvout out;
};

static struct entry *new_entry(struct ledger *g, const char *id)
{
    GROW(g->entries, g->count, g->room);
    struct entry *e = arena_alloc(&g->arena, sizeof *e);
    e->id = arena_strdup(&g->arena, id);
    map_put(&g->names, id, g->count);
    g->entries[g->count++] = e;
    return e;
}

/* The texts of `from` into the entry of its id. */
static void keep(struct ledger *g, const struct entry *from)
{
    struct entry *e = ledger_find(g, from->id);
    if (!e)
        e = new_entry(g, from->id);
    e->version = arena_strdup(&g->arena, from->version);
    e->sha256 = arena_strdup(&g->arena, from->sha256);
    e->path = arena_strdup(&g->arena, from->path);
    e->state = arena_strdup(&g->arena, from->state);
    e->media = from->media;
    e->seen = from->seen;
}

static void set_etag(struct ledger *g, const char *etag)
{
    free(g->etag);
    g->etag = must_strdup(etag);
}

/* ---- the journal --------------------------------------------------------------------------- */

static bool on_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct ledger *g = user;
    if (no == 1 || count < COLUMNS || cut) /* heads; a line that a killed run left unfinished */
        return true;
    struct entry e = {.id = cells[0].text,
                      .version = cells[1].text,
                      .sha256 = cells[2].text,
                      .path = cells[3].text,
                      .state = cells[4].text,
                      .media = cells[5].len > 0};
    if (!strcmp(e.id, ETAG_ROW))
        set_etag(g, e.version);
    else
        keep(g, &e);
    return true;
}

static int write_line(struct csvout *out, const struct entry *e)
{
    csv_field(out, e->id);
    csv_field(out, e->version);
    csv_field(out, e->sha256);
    csv_field(out, e->path);
    csv_field(out, e->state);
    csv_field(out, e->media ? "1" : "");
    csv_end(out);
    return ferror(out->stream) ? -1 : 0;
}

static int write_all(struct ledger *g)
{
    struct outfile file;
    struct csvout out;
    if (outfile_open(&file, g->path) < 0)
        return -1;
    csv_begin(&out, file.stream);
    for (int i = 0; i < COLUMNS; i++)
        csv_field(&out, HEADS[i]);
    csv_end(&out);
    for (int i = 0; i < g->count; i++)
        write_line(&out, g->entries[i]);
    if (*g->etag)
        write_line(&out,
                   &(struct entry){
                       .id = ETAG_ROW, .version = g->etag, .sha256 = "", .path = "", .state = ""});
    return outfile_commit(&file);
}

static int read_journal(struct ledger *g)
{
    char why[256];
    struct sheet_handler h = {.row = on_row, .user = g};
    if (access(g->path, F_OK) != 0)
        return 0;
    if (sheets_read(g->path, FORMAT_CSV, "utf-8", &h, why, sizeof why) < 0)
        return error("%s 读不了：%s", g->path, why);
    return 0;
}

struct ledger *ledger_open(const char *path)
{
    struct ledger *g = must_alloc(sizeof *g);
    g->path = must_strdup(path);
    g->etag = must_strdup("");
    /* Written whole first: what is appended must not follow an unfinished line. */
    if (read_journal(g) == 0 && write_all(g) == 0) {
        g->journal = fopen(path, "a");
        if (g->journal) {
            g->out.stream = g->journal;
            return g;
        }
        error("不能写 %s：%s", path, error_reason(errno));
    }
    ledger_close(g);
    return NULL;
}

static int append(struct ledger *g, const struct entry *e)
{
    g->written++;
    if (write_line(&g->out, e) < 0 || fflush(g->journal) != 0)
        return error("写 %s 时出错：%s", g->path, error_reason(errno));
    return 0;
}

/* ---- use ----------------------------------------------------------------------------------- */

int ledger_count(const struct ledger *g)
{
    return g->count;
}

struct entry *ledger_entry(const struct ledger *g, int i)
{
    return g->entries[i];
}

struct entry *ledger_find(const struct ledger *g, const char *id)
{
    long i = map_get(&g->names, id, -1);
    return i < 0 ? NULL : g->entries[i];
}

int ledger_put(struct ledger *g, const struct entry *e)
{
    struct entry seen = *e;
    seen.seen = true;
    keep(g, &seen);
    return append(g, &seen);
}

const char *ledger_etag(const struct ledger *g)
{
    return g->etag;
}

int ledger_set_etag(struct ledger *g, const char *etag)
{
    if (!strcmp(g->etag, etag))
        return 0;
    set_etag(g, etag);
    return append(
        g, &(struct entry){.id = ETAG_ROW, .version = etag, .sha256 = "", .path = "", .state = ""});
}

int ledger_close(struct ledger *g)
{
    int code = 0;
    if (g->journal) {
        code = fclose(g->journal) != 0 ? error("写 %s 时出错", g->path) : 0;
        if (code == 0 && g->written > REPLACED_BEFORE_REWRITE)
            code = write_all(g);
    }
    map_free(&g->names);
    free(g->entries);
    free(g->path);
    free(g->etag);
    arena_free(&g->arena);
    free(g);
    return code;
}
