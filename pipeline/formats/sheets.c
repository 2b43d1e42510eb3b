/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/sheets.h"

#include "formats/csv.h"
#include "formats/textfile.h"
#include "formats/xls.h"
#include "formats/xlsx.h"

#include <stdio.h>
#include <string.h>

const char *format_name(enum file_format f)
{
    static const char *const names[] = {
        [FORMAT_EMPTY] = "empty",
        [FORMAT_CSV] = "csv",
        [FORMAT_XLSX] = "xlsx",
        [FORMAT_XLS] = "xls",
        [FORMAT_XML] = "xml",
        [FORMAT_ZIP] = "zip",
        [FORMAT_ENCRYPTED] = "encrypted",
        [FORMAT_CORRUPT] = "corrupt",
        [FORMAT_OTHER] = "unknown",
    };
    return names[f];
}

void column_letters(int column, char *out)
{
    char reversed[8];
    int n = 0;
    for (column++; column > 0 && n < 7; column = (column - 1) / 26)
        reversed[n++] = (char)('A' + (column - 1) % 26);
    while (n)
        *out++ = reversed[--n];
    *out = '\0';
}

/* First bytes of formats that are known and hold no table we read. */
static bool is_foreign(const char *head, size_t n)
{
    static const char *const marks[] = {
        "%PDF", "\x89PNG", "\xFF\xD8\xFF", "GIF8", "Rar!", "7z\xBC\xAF\x27\x1C", "{\\rtf",
        "II*",  "MM",      "\x1F\x8B",     "BM",   "RIFF", "SQLite format 3"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t size = strlen(marks[i]);
        bool needs_binary = size == 2; /* two letters may also begin a text */
        if (n >= size && !memcmp(head, marks[i], size) &&
            (!needs_binary || memchr(head, '\0', n) || marks[i][0] == '\x1F'))
            return true;
    }
    return false;
}

/* Text: XML by its first characters behind the byte order mark and blanks, else a table. */
static enum file_format detect_text(const char *path, const char **encoding, const char *head,
                                    size_t n)
{
    struct text_kind kind;
    const char *p = head, *end = head + n;
    if (textfile_kind(path, &kind) < 0)
        return FORMAT_CORRUPT;
    if (kind.blank)
        return FORMAT_EMPTY;
    if (n >= 3 && !memcmp(p, "\xEF\xBB\xBF", 3))
        p += 3;
    while (p < end && strchr(" \t\r\n", *p))
        p++;
    bool tag = end - p > 1 && *p == '<' && (strchr("?!", p[1]) || (p[1] | 32) >= 'a');
    if (tag && (kind.encoding || !memcmp(p, "<?xml", end - p < 5 ? 2 : 5)))
        return FORMAT_XML;
    if (!kind.encoding)
        return FORMAT_OTHER;
    *encoding = kind.encoding;
    return FORMAT_CSV;
}

static enum file_format detect_zip(const char *path)
{
    struct zipfile *z = zipfile_open(path);
    if (!z)
        return FORMAT_CORRUPT;
    enum file_format f = FORMAT_ZIP;
    if (zipfile_encrypted(z))
        f = FORMAT_ENCRYPTED;
    else if (xlsx_is_workbook(z))
        f = FORMAT_XLSX;
    else if (zipfile_find(z, "[Content_Types].xml") >= 0 || zipfile_find(z, "mimetype") >= 0)
        f = FORMAT_OTHER; /* Word, PowerPoint, OpenDocument */
    zipfile_close(z);
    return f;
}

enum file_format sheets_detect(const char *path, const char **encoding)
{
    char head[512];
    *encoding = "";
    FILE *f = fopen(path, "rb");
    if (!f)
        return FORMAT_CORRUPT;
    size_t n = fread(head, 1, sizeof head, f);
    fclose(f);
    if (n == 0)
        return FORMAT_EMPTY;
    if (n >= 4 && (!memcmp(head, "PK\3\4", 4) || !memcmp(head, "PK\5\6", 4)))
        return detect_zip(path);
    if (n >= 8 && !memcmp(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8))
        return xls_detect(path);
    if (is_foreign(head, n))
        return FORMAT_OTHER;
    return detect_text(path, encoding, head, n);
}

int sheets_read(const char *path, enum file_format f, const char *encoding,
                const struct sheet_handler *h, char *why, size_t why_size)
{
    switch (f) {
    case FORMAT_CSV:
        return csv_read(path, encoding, h, why, why_size);
    case FORMAT_XLSX:
        return xlsx_read(path, h, why, why_size);
    case FORMAT_XLS:
        return xls_read(path, h, why, why_size);
    default:
        snprintf(why, why_size, "不是表格文件");
        return -1;
    }
}
