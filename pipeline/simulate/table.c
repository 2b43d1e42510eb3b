/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/table.h"

#include "base/outfile.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

struct book {
    char *name; /* without extension */
    struct outfile out;
    lxw_workbook *workbook;
    lxw_format *dates[3], *head;
};
struct sheet {
    struct files *files;
    struct book *book;
    char *file, *name;
    char *shown_file; /* with the archive before it */
    lxw_worksheet *worksheet;
    struct outfile out; /* delimited text */
    iconv_t converter;
    long rows;
    bool ended;
};
struct files {
    const struct style *style;
    char *folder;
    struct book **books;
    int book_count, book_room;
    struct sheet **sheets;
    int sheet_count, sheet_room;
    struct buf line, pack; /* pack: name of the zip that everything goes into, or empty */
    bool failed;
};

struct files *files_new(const struct style *style, const char *folder, const char *pack)
{
    struct files *f = must_alloc(sizeof *f);
    f->style = style;
    f->folder = must_strdup(folder);
    if (style->packed)
        buf_puts(&f->pack, pack);
    return f;
}

const char *sheet_file(const struct sheet *s)
{
    return s->shown_file;
}

const char *sheet_name(const struct sheet *s)
{
    return s->worksheet ? s->name : "";
}

/* ---- opening --------------------------------------------------------------------------------- */

static struct book *open_book(struct files *f, const char *name)
{
    for (int i = 0; i < f->book_count; i++)
        if (!strcmp(f->books[i]->name, name))
            return f->books[i];
    struct book *b = must_alloc(sizeof *b);
    struct buf path = {0};
    buf_printf(&path, "%s/%s.%s", f->folder, name, f->style->extension);
    int code = outfile_reserve(&b->out, path.text);
    buf_free(&path);
    if (code < 0) {
        free(b);
        return NULL;
    }
    b->name = must_strdup(name);
    b->workbook = workbook_new(b->out.tmp_path);
    /* The same bytes at every run. */
    lxw_doc_properties made = {.created = 1743465600};
    workbook_set_properties(b->workbook, &made);
    static const char *const dates[] = {"yyyy/m/d", "yyyy\"年\"m\"月\"d\"日\"", "m/d/yy"};
    for (int i = 0; i < 3; i++) {
        b->dates[i] = workbook_add_format(b->workbook);
        format_set_num_format(b->dates[i], dates[i]);
    }
    b->head = workbook_add_format(b->workbook);
    format_set_align(b->head, LXW_ALIGN_CENTER);
    format_set_text_wrap(b->head);
    GROW(f->books, f->book_count, f->book_room);
    return f->books[f->book_count++] = b;
}

static int open_text(struct files *f, struct sheet *s)
{
    struct buf path = {0};
    buf_printf(&path, "%s/%s", f->folder, s->file);
    int code = outfile_open(&s->out, path.text);
    buf_free(&path);
    if (code < 0)
        return -1;
    s->converter = iconv_open(f->style->encoding, "UTF-8");
    if (s->converter == (iconv_t)-1)
        return error("本机不能写 %s 编码", f->style->encoding);
    if (f->style->mark)
        fputs(ends_with(f->style->encoding, "LE")   ? "\xFF\xFE"
              : ends_with(f->style->encoding, "BE") ? "\xFE\xFF"
              : ends_with(f->style->encoding, "-8") ? "\xEF\xBB\xBF"
                                                    : "",
              s->out.stream);
    return 0;
}

static int open_worksheet(struct files *f, struct sheet *s, const char *file)
{
    s->book = open_book(f, file);
    s->worksheet = s->book ? workbook_add_worksheet(s->book->workbook, s->name) : NULL;
    return s->worksheet ? 0 : -1;
}

/* The file's name; （2） and so on behind it when the ones before have ended. */
static void name_file(const struct files *f, const char *file, struct buf *stem)
{
    struct buf path = {0};
    bool ended = true;
    for (int part = 1; ended; part++) {
        ended = false;
        buf_clear(stem);
        buf_puts(stem, file);
        if (part > 1)
            buf_printf(stem, "（%d）", part);
        buf_clear(&path);
        buf_printf(&path, "%s.%s", stem->text, f->style->extension);
        for (int i = 0; i < f->sheet_count && !ended; i++)
            ended = f->sheets[i]->ended && !strcmp(f->sheets[i]->file, path.text);
    }
    buf_free(&path);
}

struct sheet *files_sheet(struct files *f, const char *wanted, const char *name)
{
    struct buf path = {0}, stem = {0};
    name_file(f, wanted, &stem);
    buf_printf(&path, "%s.%s", stem.text, f->style->extension);
    bool text = f->style->container == AS_CSV;
    for (int i = 0; i < f->sheet_count; i++)
        if (!strcmp(f->sheets[i]->file, path.text) && (text || !strcmp(f->sheets[i]->name, name))) {
            buf_free(&path);
            buf_free(&stem);
            return f->sheets[i];
        }
    struct sheet *s = must_alloc(sizeof *s);
    s->files = f;
    s->file = must_strdup(path.text);
    s->name = must_strdup(name);
    buf_clear(&path);
    buf_printf(&path, "%s%s%s", buf_text(&f->pack), f->pack.len ? "!" : "", s->file);
    s->shown_file = must_strdup(path.text);
    buf_free(&path);
    GROW(f->sheets, f->sheet_count, f->sheet_room);
    f->sheets[f->sheet_count++] = s;
    int code = text ? open_text(f, s) : open_worksheet(f, s, stem.text);
    buf_free(&stem);
    if (code < 0)
        f->failed = true;
    return code < 0 ? NULL : s;
}

/* ---- rows of delimited text ------------------------------------------------------------------ */

/* ␀ stands for NUL. */
static void put_nuls(struct buf *out, const char *text)
{
    static const char sign[] = "␀";
    for (const char *at; (at = strstr(text, sign)); text = at + strlen(sign)) {
        buf_put(out, text, (size_t)(at - text));
        buf_putc(out, '\0');
    }
    buf_puts(out, text);
}

static void put_cell(struct buf *out, const struct shown *c, char delimiter)
{
    const char *text = c->text ? c->text : "";
    char special[] = {delimiter, '"', '\n', '\r', '\0'};
    bool quoted = strpbrk(text, special) || *text == ' ' || delimiter == ';';
    if (quoted)
        buf_putc(out, '"');
    struct buf plain = {0};
    if (c->nul)
        put_nuls(&plain, text);
    else
        buf_puts(&plain, text);
    for (size_t i = 0; i < plain.len; i++) {
        if (quoted && plain.text[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, plain.text[i]);
    }
    buf_free(&plain);
    if (quoted)
        buf_putc(out, '"');
}

/* Writes a line in the style's encoding, without its last `cut` bytes. */
static void write_line(struct sheet *s, struct buf *line, size_t cut)
{
    struct buf encoded = {0};
    char *in = line->text, bytes[4096];
    size_t left = line->len;
    while (left) {
        char *out = bytes;
        size_t room = sizeof bytes;
        size_t r = iconv(s->converter, &in, &left, &out, &room);
        buf_put(&encoded, bytes, (size_t)(out - bytes));
        if (r == (size_t)-1 && out == bytes) { /* a character that the encoding lacks */
            in++;
            left--;
        }
    }
    if (encoded.len > cut)
        fwrite(encoded.text, 1, encoded.len - cut, s->out.stream);
    buf_free(&encoded);
}

static void put_row(struct sheet *s, const struct shown *cells, int count)
{
    struct buf *line = &s->files->line;
    buf_clear(line);
    buf_puts(line, "");
    for (int i = 0; i < count; i++) {
        if (i)
            buf_putc(line, s->files->style->delimiter);
        put_cell(line, &cells[i], s->files->style->delimiter);
    }
}

static void text_row(struct sheet *s, const struct shown *cells, int count)
{
    put_row(s, cells, count);
    buf_puts(&s->files->line, s->files->style->line_end);
    write_line(s, &s->files->line, 0);
}

/* ---- rows of workbooks ----------------------------------------------------------------------- */

/* Now and then in two pieces, as when half of a text is bold. */
static void write_string(struct sheet *s, lxw_row_t row, lxw_col_t col, const char *text)
{
    const char *rest = text;
    utf8_next(&rest);
    if (*rest && (row * 7 + col) % 40 == 3) {
        char *first = strndup(text, (size_t)(rest - text));
        lxw_rich_string_tuple a = {NULL, first}, b = {s->book->head, (char *)(uintptr_t)rest};
        lxw_rich_string_tuple *parts[] = {&a, &b, NULL};
        worksheet_write_rich_string(s->worksheet, row, col, parts, NULL);
        free(first);
    } else {
        worksheet_write_string(s->worksheet, row, col, text, NULL);
    }
}

static void book_row(struct sheet *s, const struct shown *cells, int count)
{
    lxw_row_t row = (lxw_row_t)s->rows;
    for (int i = 0; i < count; i++) {
        const struct shown *c = &cells[i];
        lxw_col_t col = (lxw_col_t)i;
        int year, month, day;
        if (c->look == LOOK_NUMBER) {
            worksheet_write_number(s->worksheet, row, col, strtod(c->text, NULL), NULL);
        } else if (c->look == LOOK_FORMULA) {
            worksheet_write_formula_num(s->worksheet, row, col, "=SUM(A1:A2)", NULL,
                                        strtod(c->text, NULL));
        } else if (c->look == LOOK_DATE && sscanf(c->text, "%d-%d-%d", &year, &month, &day) == 3) {
            lxw_datetime date = {.year = year, .month = month, .day = day};
            worksheet_write_datetime(s->worksheet, row, col, &date, s->book->dates[day % 3]);
        } else if (c->look != LOOK_NONE && c->text && *c->text) {
            write_string(s, row, col, c->text);
        }
    }
}

long sheet_row(struct sheet *s, const struct shown *cells, int count)
{
    if (s->worksheet)
        book_row(s, cells, count);
    else
        text_row(s, cells, count);
    return ++s->rows;
}

void sheet_gap(struct sheet *s)
{
    if (!s->worksheet)
        text_row(s, NULL, 0);
    s->rows++;
}

long sheet_cut_row(struct sheet *s, const struct shown *cells, int count)
{
    put_row(s, cells, count);
    bool within = cells[count - 1].text && *cells[count - 1].text;
    write_line(s, &s->files->line, within ? 1 : 0); /* perhaps in the middle of a character */
    return ++s->rows;
}

void sheet_merge(struct sheet *s, int column, int columns, int rows, const char *text)
{
    if (!s->worksheet)
        return;
    lxw_row_t row = (lxw_row_t)s->rows;
    worksheet_merge_range(s->worksheet, row, (lxw_col_t)column, row + (lxw_row_t)rows - 1,
                          (lxw_col_t)(column + columns - 1), text, s->book->head);
}

void sheet_hide(struct sheet *s)
{
    if (s->worksheet)
        worksheet_hide(s->worksheet);
}

/* ---- closing --------------------------------------------------------------------------------- */

static int close_book(struct book *b)
{
    lxw_error e = workbook_close(b->workbook);
    if (e != LXW_NO_ERROR) {
        outfile_discard(&b->out);
        return error_at((struct place){.file = b->name}, "写不成工作簿：%s", lxw_strerror(e));
    }
    return outfile_commit(&b->out);
}

/* Whether the file of sheet i is that of an earlier one. */
static bool is_packed(const struct files *f, int i)
{
    for (int k = 0; k < i; k++)
        if (!strcmp(f->sheets[k]->file, f->sheets[i]->file))
            return true;
    return false;
}

/* Names in GBK without any mark, as Windows writes them, or in UTF-8. */
static zip_int64_t add_to_pack(const struct files *f, zip_t *zip, const char *name,
                               zip_source_t *source)
{
    char old[1024], *in = (char *)(uintptr_t)name, *out = old;
    size_t left = strlen(name), room = sizeof old - 1;
    if (!f->style->old_names)
        return zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
    iconv_t gbk = iconv_open("GB18030", "UTF-8");
    iconv(gbk, &in, &left, &out, &room);
    iconv_close(gbk);
    *out = '\0';
    return zip_file_add(zip, old, source, ZIP_FL_ENC_CP437);
}

/* Moves the finished files into one zip. */
static int pack_files(struct files *f)
{
    struct outfile out;
    struct buf path = {0};
    int why, code = 0;
    buf_printf(&path, "%s/%s", f->folder, f->pack.text);
    zip_t *zip = outfile_reserve(&out, path.text) < 0
                     ? NULL
                     : zip_open(out.tmp_path, ZIP_CREATE | ZIP_TRUNCATE, &why);
    for (int i = 0; zip && i < f->sheet_count; i++) {
        if (is_packed(f, i))
            continue;
        buf_clear(&path);
        buf_printf(&path, "%s/%s", f->folder, f->sheets[i]->file);
        zip_source_t *source = zip_source_file(zip, path.text, 0, -1);
        if (add_to_pack(f, zip, f->sheets[i]->file, source) < 0)
            code = -1;
    }
    if (!zip || zip_close(zip) < 0 || code < 0 || outfile_commit(&out) < 0)
        code = error("写不成压缩包 %s", f->pack.text);
    for (int i = 0; i < f->sheet_count; i++) {
        buf_clear(&path);
        buf_printf(&path, "%s/%s", f->folder, f->sheets[i]->file);
        unlink(path.text);
    }
    buf_free(&path);
    return code;
}

static void end_text(struct sheet *s, int *code)
{
    if (s->out.stream && !s->ended && outfile_commit(&s->out) < 0)
        *code = -1;
    if (s->converter && s->converter != (iconv_t)-1)
        iconv_close(s->converter);
    s->converter = NULL;
    s->ended = true;
}

int files_turn(struct files *f)
{
    int code = 0;
    for (int i = 0; i < f->book_count; i++) {
        if (close_book(f->books[i]) < 0)
            code = -1;
        free(f->books[i]->name);
        free(f->books[i]);
    }
    f->book_count = 0;
    for (int i = 0; i < f->sheet_count; i++)
        end_text(f->sheets[i], &code);
    if (code < 0)
        f->failed = true;
    return code;
}

int files_close(struct files *f)
{
    int code = files_turn(f) < 0 || f->failed ? -1 : 0;
    if (f->pack.len && code == 0)
        code = pack_files(f);
    for (int i = 0; i < f->sheet_count; i++) {
        struct sheet *s = f->sheets[i];
        free(s->file);
        free(s->name);
        free(s->shown_file);
        free(s);
    }
    free(f->books);
    free(f->sheets);
    free(f->folder);
    buf_free(&f->line);
    buf_free(&f->pack);
    free(f);
    return code;
}
