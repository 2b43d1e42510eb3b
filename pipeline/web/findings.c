/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/findings.h"

#include "formats/csv.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BYTES_MOST = 64 << 20, SUMMARY_COLUMNS = 11 };

/* A plain file of a size that is worth reading. */
static bool is_readable(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= BYTES_MOST;
}

static int read_table(const char *path, bool (*row)(void *, long, const struct cell *, int, bool),
                      void *user)
{
    char why[512];
    struct sheet_handler h = {.row = row, .user = user};
    return is_readable(path) ? csv_read(path, "utf-8", &h, why, sizeof why) : -1;
}

/* ---- the summary ---------------------------------------------------------------------------- */

/* Columns of status -o. */
enum { FILES = 2, ROWS, ACCEPTED, RETURNED, HELD, DROPPED, REPAIRED, FILE_PROBLEMS, SOFT };

struct reading {
    struct summary *out;
    int rows;
};

static long number(const struct cell *cells, int column)
{
    char *end;
    long n = strtol(cells[column].text, &end, 10);
    return end == cells[column].text || n < 0 ? 0 : n;
}

static bool take_summary(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct reading *r = user;
    (void)no, (void)cut;
    if (r->rows++ == 1 && count == SUMMARY_COLUMNS)
        *r->out = (struct summary){
            .files = number(cells, FILES),
            .rows = number(cells, ROWS),
            .accepted = number(cells, ACCEPTED),
            .open = number(cells, RETURNED) + number(cells, HELD) + number(cells, FILE_PROBLEMS) +
                    number(cells, SOFT),
            .repaired = number(cells, REPAIRED),
        };
    return r->rows < 2;
}

int findings_summary(const char *path, struct summary *out)
{
    struct reading r = {.out = out};
    *out = (struct summary){0};
    return read_table(path, take_summary, &r) < 0 || r.rows < 2 ? -1 : 0;
}

/* ---- the problems --------------------------------------------------------------------------- */

static bool take_problem(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct findings *f = user;
    (void)cut;
    if (no <= 1 || ++f->total > f->most)
        return true;
    GROW(f->items, f->count, f->room);
    struct found *one = &f->items[f->count++];
    for (int i = 0; i < FOUND_TEXTS; i++) /* the first column is the number */
        one->text[i] =
            i + 1 < count && cells[i + 1].text ? arena_strdup(&f->arena, cells[i + 1].text) : "";
    return true;
}

int findings_read(struct findings *f, const char *path, int most)
{
    *f = (struct findings){.most = most};
    return read_table(path, take_problem, f);
}

void findings_free(struct findings *f)
{
    free(f->items);
    arena_free(&f->arena);
    *f = (struct findings){0};
}
