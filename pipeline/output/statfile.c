/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/statfile.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/message.h"
#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <readstat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    NAME_MOST = 32,   /* Stata; SPSS has 64 */
    TEXT_MOST = 2045, /* bytes of a str# of Stata */
};
/* Noon of 1980-01-01 UTC, as in our workbooks: a file says the same whenever it is made. */
static const time_t MADE = 315576000;
static const double SECONDS_OF_DAY = 86400;
/* From 1970-01-01 back to the programs' first days, 1582-10-14 and 1960-01-01. */
static const double SPSS_DAYS = 141428, STATA_DAYS = 3653;

static const struct {
    enum missing reason;
    const char *label;
} REASONS[] = {{NOT_ASKED, "不适用（按跳转不问）"},
               {NO_ANSWER, "不详、拒答"},
               {RETURNED, "有误，已退回"},
               {BLANK, "应答未答"},
               {OPTIONAL, "选答未填"},
               {UNDECIDED, "未填，是否应问不明"},
               {NOT_COMPUTED, "缺少计算所需的数"}};
enum { REASON_COUNT = sizeof REASONS / sizeof *REASONS };

struct statfile {
    enum stat_program program;
    readstat_writer_t *writer;
    FILE *stream;
    struct map names; /* in small letters: SPSS takes a and A for the same */
    readstat_label_set_t **lists;
    int list_count, list_room;
    struct {
        readstat_variable_t *own;
        struct stat_type type;
    } * variables;
    int variable_count, variable_room;
    bool in_row;
    long cut; /* texts */
    readstat_error_t wrong;
};

static void keep(struct statfile *f, readstat_error_t error)
{
    if (f->wrong == READSTAT_OK)
        f->wrong = error;
}

/* The beginning of a text with whole characters, at most `most` bytes; `room` has one more. */
static const char *cut_text(const char *text, size_t most, char *room)
{
    size_t n = strlen(text);
    if (n > most)
        for (n = most; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80;)
            n--;
    memcpy(room, text, n);
    room[n] = '\0';
    return room;
}

static ssize_t write_bytes(const void *bytes, size_t n, void *user)
{
    struct statfile *f = user;
    return fwrite(bytes, 1, n, f->stream) == n ? (ssize_t)n : -1;
}

struct statfile *statfile_create(enum stat_program program, const char *title)
{
    char room[64];
    struct statfile *f = must_alloc(sizeof *f);
    f->program = program;
    f->writer = readstat_writer_init();
    if (!f->writer)
        die(CANNOT, "内存不足");
    keep(f, readstat_set_data_writer(f->writer, write_bytes));
    keep(f, readstat_writer_set_file_label(f->writer, cut_text(title, sizeof room - 1, room)));
    keep(f, readstat_writer_set_file_timestamp(f->writer, MADE));
    if (program == SPSS)
        keep(f, readstat_writer_set_compression(f->writer, READSTAT_COMPRESS_ROWS));
    statfile_list(f); /* number 0: the reasons alone */
    return f;
}

/* ---- codes ----------------------------------------------------------------------------------- */

int statfile_list(struct statfile *f)
{
    char name[16];
    GROW(f->lists, f->list_count, f->list_room);
    snprintf(name, sizeof name, "list%d", f->list_count);
    readstat_label_set_t *set = readstat_add_label_set(f->writer, READSTAT_TYPE_DOUBLE, name);
    for (int i = 0; i < REASON_COUNT; i++)
        if (f->program == STATA)
            readstat_label_tagged_value(set, (char)REASONS[i].reason, REASONS[i].label);
        else
            readstat_label_double_value(set, STAT_MISSING_FIRST - i, REASONS[i].label);
    f->lists[f->list_count] = set;
    return f->list_count++;
}

void statfile_code(struct statfile *f, int list, double code, const char *label)
{
    char room[121]; /* SPSS has 120 bytes */
    readstat_label_double_value(f->lists[list], code, cut_text(label, sizeof room - 1, room));
}

/* ---- variables --------------------------------------------------------------------------------
 */

/* Words of both programs that are no names, and str1, str2 … */
static bool is_reserved(const char *name)
{
    static const char *const words[] = {
        "all",  "and", "by", "eq",  "ge",   "gt",     "le",    "lt",   "ne",  "not",  "or",   "to",
        "with", "if",  "in", "int", "long", "double", "float", "byte", "str", "strl", "using"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(words[i], name) == 0)
            return true;
    return strncasecmp(name, "str", 3) == 0 && name[3] && !name[3 + strspn(name + 3, "0123456789")];
}

/* Letters, digits and _, beginning with a letter. */
static void plain_name(const char *name, char out[NAME_MOST + 1])
{
    size_t n = 0;
    if (!isalpha((unsigned char)*name))
        out[n++] = 'v';
    for (; *name && n < NAME_MOST; name++)
        if (((unsigned char)*name & 0xC0) != 0x80)
            out[n++] = isalnum((unsigned char)*name) ? *name : '_';
    out[n] = '\0';
}

static const char *lowered(const char *name, char out[NAME_MOST + 1])
{
    size_t n = 0;
    for (; name[n]; n++)
        out[n] = (char)tolower((unsigned char)name[n]);
    out[n] = '\0';
    return out;
}

/* A name that nobody has, with a number behind it where needed. */
static void own_name(struct statfile *f, const char *name, char out[NAME_MOST + 1])
{
    char plain[NAME_MOST + 1], low[NAME_MOST + 1];
    plain_name(name, plain);
    snprintf(out, NAME_MOST + 1, "%s", plain);
    for (int i = is_reserved(plain) ? 1 : 2; i < 10000; i++) {
        if (!is_reserved(out) && map_add(&f->names, lowered(out, low), 0))
            return;
        snprintf(out, NAME_MOST + 1, "%.27s_%d", plain, i);
    }
}

static const char *number_format(const struct statfile *f, const struct stat_type *type,
                                 char out[16])
{
    if (type->kind == STAT_DATE)
        return f->program == SPSS ? "SDATE10" : "%tdCCYY-NN-DD";
    snprintf(out, 16, f->program == SPSS ? "F12.%d" : "%%12.%df", type->decimals);
    return out;
}

static readstat_variable_t *add_number(struct statfile *f, const char *name,
                                       const struct stat_type *type)
{
    char format[16];
    readstat_variable_t *v = readstat_add_variable(f->writer, name, READSTAT_TYPE_DOUBLE, 0);
    readstat_variable_set_format(v, number_format(f, type, format));
    readstat_variable_set_measure(v, type->list > 0 ? READSTAT_MEASURE_NOMINAL
                                                    : READSTAT_MEASURE_SCALE);
    if (type->list < 0)
        return v;
    readstat_variable_set_label_set(v, f->lists[type->list]);
    if (f->program == SPSS)
        keep(f, readstat_variable_add_missing_double_range(v, STAT_MISSING_FIRST - REASON_COUNT + 1,
                                                           STAT_MISSING_FIRST));
    return v;
}

/* The beginning of a label: 255 bytes in SPSS, 80 characters in Stata. */
static const char *short_label(const struct statfile *f, const char *label, char room[256])
{
    size_t most = 255;
    const char *p = label;
    for (int n = 0; f->program == STATA && *p && n < 80; n++)
        utf8_next(&p);
    if (f->program == STATA && (size_t)(p - label) < most)
        most = (size_t)(p - label);
    return cut_text(label, most, room);
}

int statfile_variable(struct statfile *f, const char *name, const char *label,
                      struct stat_type type)
{
    char own[NAME_MOST + 1], room[256];
    own_name(f, name, own);
    type.width = type.width < 1 ? 1 : type.width > TEXT_MOST ? TEXT_MOST : type.width;
    readstat_variable_t *v =
        type.kind == STAT_TEXT
            ? readstat_add_variable(f->writer, own, READSTAT_TYPE_STRING, type.width)
            : add_number(f, own, &type);
    readstat_variable_set_label(v, short_label(f, label, room));
    GROW(f->variables, f->variable_count, f->variable_room);
    f->variables[f->variable_count].own = v;
    f->variables[f->variable_count].type = type;
    return f->variable_count++;
}

/* ---- rows -------------------------------------------------------------------------------------
 */

int statfile_begin(struct statfile *f, const char *path, long rows)
{
    f->stream = fopen(path, "wb");
    if (!f->stream)
        return error("写不了 %s", path);
    keep(f, f->program == SPSS ? readstat_begin_writing_sav(f->writer, f, rows)
                               : readstat_begin_writing_dta(f->writer, f, rows));
    keep(f, readstat_validate_metadata(f->writer));
    for (int i = 0; i < f->variable_count; i++)
        keep(f, readstat_validate_variable(f->writer, f->variables[i].own));
    return f->wrong == READSTAT_OK ? 0 : -1;
}

/* The variable, its row begun. */
static readstat_variable_t *in_row(struct statfile *f, int variable)
{
    if (!f->in_row)
        keep(f, readstat_begin_row(f->writer));
    f->in_row = true;
    return f->variables[variable].own;
}

void statfile_number(struct statfile *f, int variable, double value)
{
    readstat_variable_t *v = in_row(f, variable);
    bool date = f->variables[variable].type.kind == STAT_DATE;
    if (isnan(value))
        keep(f, readstat_insert_missing_value(f->writer, v));
    else if (date && f->program == SPSS)
        keep(f, readstat_insert_double_value(f->writer, v, (value + SPSS_DAYS) * SECONDS_OF_DAY));
    else
        keep(f, readstat_insert_double_value(f->writer, v, value + (date ? STATA_DAYS : 0)));
}

void statfile_missing(struct statfile *f, int variable, enum missing reason)
{
    readstat_variable_t *v = in_row(f, variable);
    int i = 0;
    while (i < REASON_COUNT && REASONS[i].reason != reason)
        i++;
    if (i == REASON_COUNT || f->variables[variable].type.list < 0)
        keep(f, readstat_insert_missing_value(f->writer, v));
    else if (f->program == STATA)
        keep(f, readstat_insert_tagged_missing_value(f->writer, v, (char)reason));
    else
        keep(f, readstat_insert_double_value(f->writer, v, STAT_MISSING_FIRST - i));
}

void statfile_text(struct statfile *f, int variable, const char *text)
{
    readstat_variable_t *v = in_row(f, variable);
    char room[TEXT_MOST + 1];
    size_t most = f->variables[variable].type.width;
    f->cut += strlen(text) > most;
    keep(f, readstat_insert_string_value(f->writer, v, cut_text(text, most, room)));
}

void statfile_end_row(struct statfile *f)
{
    keep(f, readstat_end_row(f->writer));
    f->in_row = false;
}

int statfile_close(struct statfile *f)
{
    int code = 0;
    if (f->stream && f->wrong == READSTAT_OK)
        keep(f, readstat_end_writing(f->writer));
    if (f->stream && fclose(f->stream) != 0)
        keep(f, READSTAT_ERROR_WRITE);
    if (f->wrong != READSTAT_OK || !f->stream)
        code = error("写统计软件的数据文件时出错：%s", readstat_error_message(f->wrong));
    else if (f->cut)
        warning("有%ld处文字超过统计软件能存的长度，只存了开头；CSV 里是全文", f->cut);
    readstat_writer_free(f->writer);
    map_free(&f->names);
    free(f->variables);
    free(f->lists);
    free(f);
    return code;
}
