/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/sheets.h"

#include "formats/csv.h"
#include "formats/textfile.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* Text: XML by its first character behind the byte order mark and blanks, else a table. */
static enum file_format detect_text(const char *path, const char **encoding)
{
    struct text_kind kind;
    if (textfile_kind(path, &kind) < 0)
        return FORMAT_CORRUPT;
    if (kind.blank)
        return FORMAT_EMPTY;
    if (!kind.encoding)
        return FORMAT_OTHER;
    *encoding = kind.encoding;
    return FORMAT_CSV;
}

enum file_format sheets_detect(const char *path, const char **encoding)
{
    *encoding = "";
    return detect_text(path, encoding);
}

int sheets_read(const char *path, enum file_format f, const char *encoding,
                const struct sheet_handler *h, char *why, size_t why_size)
{
    switch (f) {
    case FORMAT_CSV:
        return csv_read(path, encoding, h, why, why_size);
    default:
        snprintf(why, why_size, "不是表格文件");
        return -1;
    }
}
