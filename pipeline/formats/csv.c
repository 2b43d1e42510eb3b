/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/csv.h"

#include "base/arena.h"
#include "formats/textfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    MAX_QUOTED = 1 << 20,
    MAX_RECORD = 1 << 24,
    MAX_COLUMNS = 16384,
    MAX_QUOTED_LINES = 20, /* at the end of the file: more means a stray quote */
};

/* A field as it stands in the window: [start, end) without its quotes. */
struct field {
    size_t start, end;
    bool quoted;
};

struct csv {
    struct buf window; /* decoded text; the record at `at` is being read */
    size_t at;
    char delimiter;
    bool ended; /* no more text behind the window */
    struct field *fields;
    int count, room;
    struct cell *cells;
    int cell_room;
};

/* Bytes that end a plain field. */
static bool is_stop(const struct csv *c, char byte)
{
    return byte == c->delimiter || byte == '\n' || byte == '\r';
}

static size_t plain_end(const struct csv *c, size_t p)
{
    const char *text = c->window.text;
    while (p < c->window.len && !is_stop(c, text[p]))
        p++;
    return p;
}

enum closing { CLOSED, NEEDS_MORE, CUT, STRAY };

/* The closing quote of the field whose content starts at p. */
static enum closing find_quote(const struct csv *c, size_t p, size_t *found)
{
    const char *text = c->window.text;
    size_t start = p, lines = 0;
    for (; p < c->window.len && p - start < MAX_QUOTED; p++) {
        lines += text[p] == '\n';
        if (text[p] != '"')
            continue;
        if (p + 1 == c->window.len && !c->ended)
            return NEEDS_MORE;
        if (p + 1 == c->window.len || text[p + 1] != '"')
            return *found = p, CLOSED;
        p++;
    }
    *found = c->window.len;
    if (p - start >= MAX_QUOTED)
        return STRAY;
    if (!c->ended)
        return NEEDS_MORE;
    return lines > MAX_QUOTED_LINES ? STRAY : CUT;
}

static void add_field(struct csv *c, size_t start, size_t end, bool quoted)
{
    GROW(c->fields, c->count, c->room);
    c->fields[c->count++] = (struct field){start, end, quoted};
}

/* Read one field at *p.  Returns false when more text is needed; *p then is undefined. */
static bool read_field(struct csv *c, size_t *p, bool *cut)
{
    size_t start = *p, end;
    if (start < c->window.len && c->window.text[start] == '"') {
        enum closing closing = find_quote(c, start + 1, &end);
        if (closing == NEEDS_MORE)
            return false;
        if (closing == CLOSED || closing == CUT) {
            *cut = closing == CUT;
            *p = plain_end(c, end);
            add_field(c, start + 1, *p, true);
            return *p < c->window.len || c->ended;
        }
    }
    *p = plain_end(c, start);
    add_field(c, start, *p, false);
    return *p < c->window.len || c->ended;
}

enum record { RECORD, RECORD_CUT, MORE, END, TOO_LONG };

/* Find the fields of the record at c->at; *next gets the start of the following one. */
static enum record read_record(struct csv *c, size_t *next)
{
    bool cut = false;
    while (c->window.len - c->at >= 3 && !memcmp(c->window.text + c->at, "\xEF\xBB\xBF", 3))
        c->at += 3;
    size_t p = c->at;
    c->count = 0;
    if (p == c->window.len)
        return c->ended ? END : MORE;
    for (;;) {
        if (!read_field(c, &p, &cut))
            return c->window.len - c->at > MAX_RECORD ? TOO_LONG : MORE;
        if (c->count > MAX_COLUMNS)
            return TOO_LONG;
        if (p == c->window.len || c->window.text[p] != c->delimiter)
            break;
        p++;
    }
    if (p == c->window.len)
        return *next = p, RECORD_CUT;
    if (c->window.text[p] == '\r' && p + 1 == c->window.len && !c->ended)
        return MORE;
    bool crlf = c->window.text[p] == '\r' && p + 1 < c->window.len && c->window.text[p + 1] == '\n';
    *next = p + (crlf ? 2 : 1);
    return cut ? RECORD_CUT : RECORD;
}

/* Take the quotes out of a quoted field in place; returns the new end. */
static size_t unquote(char *text, size_t start, size_t end)
{
    size_t out = start, p = start;
    for (; p < end; p++) {
        if (text[p] == '"') {
            if (p + 1 >= end || text[p + 1] != '"')
                break;
            p++;
        }
        text[out++] = text[p];
    }
    for (p++; p < end; p++)
        text[out++] = text[p];
    return out;
}

/* Take 0123 out of ="0123", which keeps a spreadsheet from taking it for a number. */
static void unmask(const char *text, size_t *start, size_t *end)
{
    const char *p = text + *start;
    size_t n = *end - *start;
    if (n >= 3 && p[1] == '"' && p[n - 1] == '"' && !memchr(p + 2, '"', n - 3)) {
        *start += 2;
        --*end;
    }
}

/* Turn the fields into cells; tells whether any holds something. */
static bool make_cells(struct csv *c)
{
    bool something = false;
    while (c->cell_room < c->count)
        GROW(c->cells, c->cell_room, c->cell_room);
    for (int i = 0; i < c->count; i++) {
        struct field *f = &c->fields[i];
        if (f->quoted)
            f->end = unquote(c->window.text, f->start, f->end);
        if (c->window.text[f->start] == '=')
            unmask(c->window.text, &f->start, &f->end);
        c->window.text[f->end] = '\0';
        size_t len = f->end - f->start;
        c->cells[i] = (struct cell){len ? CELL_TEXT : CELL_EMPTY, c->window.text + f->start, len};
        something = something || len;
    }
    return something;
}

/* ---- the delimiter ------------------------------------------------------------------------ */

/* How evenly a delimiter splits the first records: the commonest number of fields (of two or
 * more) times the square of the share of records that have it. */
static double evenness(const char *text, size_t n, char delimiter)
{
    enum { RECORDS = 60, WIDEST = 512 };
    struct csv c = {
        .window = {(char *)(uintptr_t)text, n, 0}, .delimiter = delimiter, .ended = true};
    int seen[WIDEST] = {0}, records = 0, best = 0;
    size_t next;
    enum record r;
    while (records < RECORDS && ((r = read_record(&c, &next)) == RECORD || r == RECORD_CUT)) {
        c.at = next;
        if (c.count == 1 && c.fields[0].start == c.fields[0].end)
            continue;
        if (r == RECORD_CUT && records > 0)
            break;
        records++;
        int width = c.count < WIDEST ? c.count : WIDEST - 1;
        seen[width]++;
        if (width > 1 && seen[width] * width >= seen[best] * best)
            best = width;
    }
    free(c.fields);
    double share = records ? (double)seen[best] / records : 0;
    return best < 2 ? 0 : (best - 1) * share * share;
}

/* Whether every tab stands at the start or the end of what other characters delimit: tabs are
 * put behind long numbers to keep their digits. */
static bool tabs_are_padding(const char *text, size_t n)
{
    static const char others[] = ",;|\"\r\n";
    for (size_t i = 0; i < n; i++) {
        bool before = i > 0 && strchr(others, text[i - 1]),
             behind = i + 1 < n && strchr(others, text[i + 1]);
        if (text[i] == '\t' && !before && !behind)
            return false;
    }
    return true;
}

char csv_delimiter(const char *text, size_t n)
{
    static const char candidates[] = ",\t;|";
    char best = ',';
    double most = 0;
    for (const char *d = candidates; *d; d++) {
        if (*d == '\t' && tabs_are_padding(text, n))
            continue;
        double score = evenness(text, n, *d);
        if (score > most) {
            most = score;
            best = *d;
        }
    }
    return best;
}

/* The delimiter that a first line sep=; names, for Excel; steps over it.  0 when there is none. */
static char named_delimiter(struct csv *c)
{
    const char *p = c->window.text + c->at, *end = c->window.text + c->window.len;
    bool quoted = end - p > 6 && *p == '"';
    p += quoted;
    if (end - p < 6 || strncasecmp(p, "sep=", 4) != 0)
        return 0;
    char delimiter = p[4];
    p += 5;
    p += quoted && *p == '"';
    if (!strchr(",;\t| ", delimiter) || p == end || (*p != '\n' && *p != '\r'))
        return 0;
    p += *p == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1;
    c->at = (size_t)(p - c->window.text);
    return delimiter;
}

/* ---- reading ------------------------------------------------------------------------------ */

/* Move the unread rest to the front and read on. */
static int refill(struct csv *c, struct textfile *t)
{
    size_t rest = c->window.len - c->at;
    memmove(c->window.text, c->window.text + c->at, rest);
    c->window.len = rest;
    c->at = 0;
    int more = textfile_more(t, &c->window);
    c->ended = more == 0;
    return more < 0 ? -1 : 0;
}

static int read_records(struct csv *c, struct textfile *t, const struct sheet_handler *h, char *why,
                        size_t why_size)
{
    long no = 0;
    size_t next = 0;
    for (;;) {
        enum record r = read_record(c, &next);
        if (r == END)
            return 0;
        if (r == TOO_LONG) {
            snprintf(why, why_size, "第%ld行过长（超过16MB或16384栏），可能不是表格", no + 1);
            return -1;
        }
        if (r == MORE) {
            if (refill(c, t) < 0) {
                snprintf(why, why_size, "读文件时出错，请重新拷贝后再报");
                return -1;
            }
            continue;
        }
        no++;
        bool something = make_cells(c);
        c->at = next;
        if (something && !h->row(h->user, no, c->cells, c->count, r == RECORD_CUT))
            return 0;
    }
}

int csv_read(const char *path, const char *encoding, const struct sheet_handler *h, char *why,
             size_t why_size)
{
    struct textfile *t = textfile_open(path, encoding);
    if (!t) {
        snprintf(why, why_size, "文件打不开");
        return -1;
    }
    struct csv c = {0};
    buf_put(&c.window, "", 0);
    int code = refill(&c, t);
    if (code < 0)
        snprintf(why, why_size, "读文件时出错，请重新拷贝后再报");
    size_t sample = c.window.len < 65536 ? c.window.len : 65536;
    c.delimiter = named_delimiter(&c);
    if (!c.delimiter)
        c.delimiter = csv_delimiter(c.window.text, sample);
    if (code == 0 && (!h->sheet || h->sheet(h->user, "", false)))
        code = read_records(&c, t, h, why, why_size);
    textfile_close(t);
    buf_free(&c.window);
    free(c.fields);
    free(c.cells);
    return code;
}
