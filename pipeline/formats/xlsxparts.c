/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/xlsxparts.h"

#include "formats/number.h"
#include "formats/xmlstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STRINGS = 1 << 29, MAX_SHEETS = 4096, MAX_STYLES = 1 << 17, MAX_RELATIONS = 1 << 14 };

long xlsx_piece(void *source, char *bytes, size_t n)
{
    return zipstream_read(source, bytes, n);
}

/* Stream a part; a part that is not there counts as read when `optional`. */
static int stream_part(struct zipfile *zip, int entry, struct xml_events *events, bool optional)
{
    if (entry < 0)
        return optional ? 0 : -1;
    struct zipstream *s = zipfile_stream(zip, entry);
    if (!s)
        return -1;
    int code = xml_stream(xlsx_piece, s, events);
    zipstream_close(s);
    return code < 0 ? -1 : 0;
}

/* ---- relations ---------------------------------------------------------------------------- */

struct relation {
    const char *id, *type, *target; /* type: its last segment; target: entry name */
};
struct relations {
    struct arena *arena;
    const char *folder; /* of the part they belong to, "xl/" */
    struct relation *items;
    int count, room;
};

/* Entry name of a target, relative to the folder; "../" steps up. */
static const char *resolve(struct arena *arena, const char *folder, const char *target)
{
    if (*target == '/')
        return arena_strdup(arena, target + 1);
    size_t n = strlen(folder);
    for (;;) {
        if (starts_with(target, "./")) {
            target += 2;
        } else if (starts_with(target, "../")) {
            target += 3;
            n -= n > 0;
            while (n > 0 && folder[n - 1] != '/')
                n--;
        } else {
            return arena_printf(arena, "%.*s%s", (int)n, folder, target);
        }
    }
}

static void on_relation(void *user, const struct xml_tag *tag)
{
    struct relations *r = user;
    char id[256], type[512], target[1024], mode[32];
    if (strcmp(tag->name, "Relationship") != 0 || r->count >= MAX_RELATIONS)
        return;
    xml_attribute_text(tag, "TargetMode", mode, sizeof mode);
    if (!strcmp(mode, "External"))
        return;
    xml_attribute_text(tag, "Id", id, sizeof id);
    xml_attribute_text(tag, "Type", type, sizeof type);
    xml_attribute_text(tag, "Target", target, sizeof target);
    const char *last = strrchr(type, '/');
    GROW(r->items, r->count, r->room);
    r->items[r->count++] = (struct relation){arena_strdup(r->arena, id),
                                             arena_strdup(r->arena, last ? last + 1 : type),
                                             resolve(r->arena, r->folder, target)};
}

/* Relations of a part ("" is the package); missing ones are none. */
static int read_relations(struct relations *r, struct zipfile *zip, struct arena *arena,
                          const char *part)
{
    const char *slash = strrchr(part, '/');
    const char *base = slash ? slash + 1 : part;
    *r = (struct relations){.arena = arena};
    r->folder = arena_strndup(arena, part, (size_t)(base - part));
    const char *name = arena_printf(arena, "%s_rels/%s.rels", r->folder, base);
    struct xml_events e = {.start = on_relation, .user = r};
    return stream_part(zip, zipfile_find(zip, name), &e, true);
}

static const struct relation *relation_of_type(const struct relations *r, const char *type)
{
    for (int i = 0; i < r->count; i++)
        if (!strcmp(r->items[i].type, type))
            return &r->items[i];
    return NULL;
}

static const struct relation *relation_of_id(const struct relations *r, const char *id)
{
    for (int i = 0; i < r->count; i++)
        if (!strcmp(r->items[i].id, id))
            return &r->items[i];
    return NULL;
}

int xlsx_workbook_entry(struct zipfile *zip, struct arena *arena)
{
    struct relations r;
    int entry = -1;
    if (read_relations(&r, zip, arena, "") == 0) {
        const struct relation *office = relation_of_type(&r, "officeDocument");
        entry = office ? zipfile_find(zip, office->target) : -1;
        if (entry >= 0 && !ends_with(office->target, ".xml"))
            entry = -1; /* .xlsb */
    }
    free(r.items);
    if (entry < 0)
        entry = zipfile_find(zip, "xl/workbook.xml");
    return entry;
}

/* ---- the workbook part -------------------------------------------------------------------- */

struct book_reading {
    struct xlsx_book *book;
    struct relations relations;
    int room;
};

static bool is_true(const char *text)
{
    return !strcmp(text, "1") || !strcmp(text, "true") || !strcmp(text, "on");
}

static void on_book_tag(void *user, const struct xml_tag *tag)
{
    struct book_reading *r = user;
    struct xlsx_book *book = r->book;
    char name[512], id[256], state[32];
    if (!strcmp(tag->name, "workbookPr"))
        book->date1904 = is_true(xml_attribute_text(tag, "date1904", state, sizeof state));
    if (strcmp(tag->name, "sheet") != 0 || book->sheet_count >= MAX_SHEETS)
        return;
    xml_attribute_text(tag, "name", name, sizeof name);
    xml_attribute_text(tag, "id", id, sizeof id);
    xml_attribute_text(tag, "state", state, sizeof state);
    const struct relation *target = relation_of_id(&r->relations, id);
    if (!target || strcmp(target->type, "worksheet") != 0)
        return; /* chart sheets, macro sheets */
    GROW(book->sheets, book->sheet_count, r->room);
    book->sheets[book->sheet_count++] =
        (struct xlsx_sheet){arena_strdup(&book->arena, name), target->target,
                            !strcmp(state, "hidden") || !strcmp(state, "veryHidden")};
}

/* ---- styles ------------------------------------------------------------------------------- */

struct style_reading {
    struct xlsx_book *book;
    int *date_ids; /* custom formats: id, and whether it is one of dates */
    int id_count, id_room, style_room;
    bool in_cells; /* inside cellXfs */
};

static bool id_is_date(const struct style_reading *r, int id)
{
    for (int i = 0; i + 1 < r->id_count; i += 2)
        if (r->date_ids[i] == id)
            return r->date_ids[i + 1];
    return format_is_date(id, NULL);
}

static void on_style_tag(void *user, const struct xml_tag *tag)
{
    struct style_reading *r = user;
    char id[32], code[1024];
    if (!strcmp(tag->name, "cellXfs"))
        r->in_cells = true;
    if (!strcmp(tag->name, "numFmt") && r->id_count < 2 * MAX_STYLES) {
        xml_attribute_text(tag, "numFmtId", id, sizeof id);
        xml_attribute_text(tag, "formatCode", code, sizeof code);
        GROW(r->date_ids, r->id_count + 1, r->id_room);
        r->date_ids[r->id_count++] = atoi(id);
        r->date_ids[r->id_count++] = format_is_date(0, code);
    }
    if (r->in_cells && !strcmp(tag->name, "xf") && r->book->style_count < MAX_STYLES) {
        xml_attribute_text(tag, "numFmtId", id, sizeof id);
        GROW(r->book->date_style, r->book->style_count, r->style_room);
        r->book->date_style[r->book->style_count++] = id_is_date(r, atoi(id));
    }
}

static void on_style_end(void *user, const char *name)
{
    struct style_reading *r = user;
    if (!strcmp(name, "cellXfs"))
        r->in_cells = false;
}

static int read_styles(struct xlsx_book *book, int entry)
{
    struct style_reading r = {.book = book};
    struct xml_events e = {.start = on_style_tag, .end = on_style_end, .user = &r};
    int code = stream_part(book->zip, entry, &e, true);
    free(r.date_ids);
    return code;
}

/* ---- shared strings ----------------------------------------------------------------------- */

struct string_reading {
    struct xlsx_book *book;
    struct xml_events events;
    int room, phonetic; /* depth of rPh */
    bool in_text;
};

void xlsx_unescape(struct buf *b, size_t start)
{
    char *from = b->text + start, *end = b->text + b->len;
    if (b->len == start || !(from = memmem(from, b->len - start, "_x", 2)))
        return;
    struct buf out = {0};
    char *plain = from;
    for (; from < end; from++) {
        unsigned code;
        if (end - from < 7 || from[0] != '_' || from[1] != 'x' || from[6] != '_' ||
            strspn(from + 2, "0123456789abcdefABCDEF") < 4 || sscanf(from + 2, "%4x", &code) != 1)
            continue;
        buf_put(&out, plain, (size_t)(from - plain));
        buf_put_char(&out, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
        from += 6;
        plain = from + 1;
    }
    buf_put(&out, plain, (size_t)(end - plain));
    size_t at = (size_t)((char *)memmem(b->text + start, b->len - start, "_x", 2) - b->text);
    b->len = at;
    buf_put(b, out.text, out.len);
    buf_free(&out);
}

static void add_start(struct string_reading *r)
{
    struct xlsx_book *book = r->book;
    GROW(book->starts, book->string_count, r->room);
    book->starts[book->string_count] = book->strings.len;
}

static void on_string_tag(void *user, const struct xml_tag *tag)
{
    struct string_reading *r = user;
    if (!strcmp(tag->name, "si"))
        add_start(r);
    r->phonetic += !strcmp(tag->name, "rPh");
    r->in_text = !r->phonetic && !strcmp(tag->name, "t");
}

static void on_string_end(void *user, const char *name)
{
    struct string_reading *r = user;
    r->in_text = false;
    r->phonetic -= !strcmp(name, "rPh");
    if (!strcmp(name, "si")) {
        xlsx_unescape(&r->book->strings, r->book->starts[r->book->string_count]);
        r->book->string_count++;
    }
    r->events.stop = r->book->strings.len > MAX_STRINGS;
}

static void on_string_text(void *user, const char *bytes, size_t n)
{
    struct string_reading *r = user;
    if (r->in_text)
        buf_put(&r->book->strings, bytes, n);
}

static int read_strings(struct xlsx_book *book, int entry)
{
    struct string_reading r = {.book = book};
    r.events = (struct xml_events){
        .start = on_string_tag, .end = on_string_end, .text = on_string_text, .user = &r};
    buf_put(&book->strings, "", 0);
    int code = stream_part(book->zip, entry, &r.events, true);
    add_start(&r);
    return r.events.stop ? -1 : code;
}

/* ---- all of it ---------------------------------------------------------------------------- */

int xlsx_book_read(struct xlsx_book *book, struct zipfile *zip)
{
    *book = (struct xlsx_book){.zip = zip};
    struct book_reading r = {.book = book};
    int entry = xlsx_workbook_entry(zip, &book->arena);
    if (entry < 0)
        return -1;
    int code = read_relations(&r.relations, zip, &book->arena, zipfile_name(zip, entry));
    struct xml_events e = {.start = on_book_tag, .user = &r};
    if (code == 0)
        code = stream_part(zip, entry, &e, false);
    const struct relation *styles = relation_of_type(&r.relations, "styles");
    const struct relation *strings = relation_of_type(&r.relations, "sharedStrings");
    if (code == 0 && styles)
        code = read_styles(book, zipfile_find(zip, styles->target));
    if (code == 0)
        code = read_strings(book, strings ? zipfile_find(zip, strings->target) : -1);
    free(r.relations.items);
    return code;
}

void xlsx_book_free(struct xlsx_book *book)
{
    free(book->sheets);
    free(book->date_style);
    free(book->starts);
    buf_free(&book->strings);
    arena_free(&book->arena);
    *book = (struct xlsx_book){0};
}
