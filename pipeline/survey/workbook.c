/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/workbook.h"

#include "base/text.h"
#include "formats/sheets.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* A workbook being read. */
struct reading {
    struct workbook *w;
    bool csv;   /* a sheet's name stands in the first column of the CSV */
    int indent; /* columns before the first head: 1 in the one-file CSV */
    int sheet_room, row_room;
    bool clash; /* an error was reported */
};

static const char *keep(struct reading *r, const struct cell *cell)
{
    size_t n;
    const char *start = text_trim(cell->text, &n);
    return n ? arena_strndup(&r->w->arena, start, n) : "";
}

static void begin_sheet(struct reading *r, const char *name)
{
    struct workbook *w = r->w;
    GROW(w->sheets, w->sheet_count, r->sheet_room);
    w->sheets[w->sheet_count++] =
        (struct wsheet){.name = arena_strdup(&w->arena, name), .path = w->path};
    r->row_room = 0;
}

static bool on_sheet(void *user, const char *name, bool hidden)
{
    struct reading *r = user;
    (void)hidden;
    if (!r->csv)
        begin_sheet(r, name);
    return true;
}

/* Columns of the row in use, trailing blank cells left out. */
static int used_width(const struct cell *cells, int count)
{
    while (count > 0 && text_is_blank(cells[count - 1].text))
        count--;
    return count;
}

static void read_heads(struct reading *r, struct wsheet *s, long no, const struct cell *cells,
                       int count)
{
    int n = used_width(cells, count) - r->indent;
    s->head_no = no;
    s->heads = arena_alloc(&r->w->arena, (size_t)(n > 0 ? n : 1) * sizeof *s->heads);
    for (int i = 0; i < n; i++) {
        s->heads[i] = keep(r, &cells[i + r->indent]);
        if (*s->heads[i] && wsheet_column(s, s->heads[i]) >= 0) {
            r->clash = true;
            error_at((struct place){s->path, s->name, no, s->heads[i], NULL},
                     "这个表头出现了两次，请删去一栏");
        }
        s->head_count = i + 1;
    }
}

static void read_row(struct reading *r, struct wsheet *s, long no, const struct cell *cells,
                     int count)
{
    struct wrow row = {no, NULL};
    row.cells = arena_alloc(&r->w->arena, (size_t)(s->head_count + 1) * sizeof *row.cells);
    for (int i = 0; i < s->head_count; i++)
        row.cells[i] = i + r->indent < count ? keep(r, &cells[i + r->indent]) : "";
    GROW(s->rows, s->row_count, r->row_room);
    s->rows[s->row_count++] = row;
}

static bool on_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct reading *r = user;
    (void)cut;
    int width = used_width(cells, count);
    if (!width)
        return true;
    bool name_alone = r->csv && !text_is_blank(cells[0].text);
    if (r->csv && !r->w->sheet_count && !(name_alone && width == 1)) {
        r->csv = false; /* a plain CSV is a workbook of one sheet */
        r->indent = 0;
        begin_sheet(r, "");
    } else if (name_alone) {
        begin_sheet(r, keep(r, &cells[0]));
        if (width > 1) {
            r->clash = true;
            error_at((struct place){r->w->path, NULL, no, NULL, cells[0].text},
                     "第一栏只写工作表名，表头和内容从第二栏起写");
        }
        return true;
    }
    struct wsheet *s = &r->w->sheets[r->w->sheet_count - 1];
    if (!s->heads)
        read_heads(r, s, no, cells, count);
    else
        read_row(r, s, no, cells, count);
    return true;
}

struct workbook *workbook_read(const char *path)
{
    const char *encoding;
    char why[512] = "";
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        error("%s：是文件夹；请写到其中的文件，如 %s/topic.csv", path, path);
        return NULL;
    }
    enum file_format f = sheets_detect(path, &encoding);
    struct workbook *w = must_alloc(sizeof *w);
    w->path = arena_strdup(&w->arena, path);
    struct reading r = {.w = w, .csv = f == FORMAT_CSV, .indent = f == FORMAT_CSV};
    struct sheet_handler h = {.sheet = on_sheet, .row = on_row, .user = &r};
    if (sheets_read(path, f, encoding, &h, why, sizeof why) < 0) {
        error_at((struct place){.file = path}, "%s", why);
        r.clash = true;
    }
    if (!r.clash)
        return w;
    workbook_free(w);
    return NULL;
}

void workbook_free(struct workbook *w)
{
    if (!w)
        return;
    for (int i = 0; i < w->sheet_count; i++)
        free(w->sheets[i].rows);
    free(w->sheets);
    arena_free(&w->arena);
    free(w);
}

const struct wsheet *workbook_sheet(const struct workbook *w, const char *name)
{
    for (int i = 0; i < w->sheet_count; i++)
        if (!strcasecmp(w->sheets[i].name, name))
            return &w->sheets[i];
    return NULL;
}

int wsheet_column(const struct wsheet *s, const char *head)
{
    for (int i = 0; i < s->head_count; i++)
        if (!strcmp(s->heads[i], head))
            return i;
    return -1;
}

const char *wsheet_get(const struct wsheet *s, int row, const char *head)
{
    int column = wsheet_column(s, head);
    return column < 0 || row < 0 || row >= s->row_count ? "" : s->rows[row].cells[column];
}

struct place wsheet_place(const struct wsheet *s, int row, const char *head)
{
    struct place at = {.file = s->path, .sheet = *s->name ? s->name : NULL, .column = head};
    if (row >= 0 && row < s->row_count) {
        at.row = s->rows[row].no;
        at.text = head ? wsheet_get(s, row, head) : NULL;
        if (at.text && !*at.text)
            at.text = NULL;
    }
    return at;
}

static bool head_fits(const char *head, const char *known)
{
    size_t n = strlen(known);
    return n && known[n - 1] == '*' ? !strncmp(head, known, n - 1) : !strcmp(head, known);
}

int wsheet_check_heads(const struct wsheet *s, const char *const known[])
{
    int unknown = 0;
    for (int i = 0; i < s->head_count; i++) {
        const char *nearest = NULL;
        int least = 4;
        bool fits = !*s->heads[i];
        for (int k = 0; known[k] && !fits; k++) {
            fits = head_fits(s->heads[i], known[k]);
            int distance = text_distance(s->heads[i], known[k]);
            if (distance < least) {
                least = distance;
                nearest = known[k];
            }
        }
        if (fits)
            continue;
        unknown++;
        struct place at = {.file = s->path,
                           .sheet = *s->name ? s->name : NULL,
                           .row = s->head_no,
                           .column = s->heads[i]};
        if (nearest)
            warning_at(at, "不认识这一栏，没有采用；是不是“%s”？", nearest);
        else
            warning_at(at, "不认识这一栏，没有采用");
    }
    return unknown;
}
