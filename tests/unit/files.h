/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of readers: files made on the spot, and what a reader hands out as one text.
 */
#ifndef TESTS_UNIT_FILES_H
#define TESTS_UNIT_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "formats/sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of this test program, made at the first call. */
static inline const char *test_folder(void)
{
    static char folder[] = "/tmp/unit-XXXXXX";
    if (strstr(folder, "XXXXXX"))
        assert_non_null(mkdtemp(folder));
    return folder;
}

static inline const char *test_path(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", test_folder(), name);
    return path;
}

static inline const char *write_bytes(const char *name, const void *bytes, size_t n)
{
    const char *path = test_path(name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    return path;
}

/* A string literal as a file; it may hold NUL. */
#define WRITE(name, literal) write_bytes((name), (literal), sizeof(literal) - 1)

/* All that a reader says, one row a line: "2 t:甲 n:3 e:", sheets as "[名]", merges as "A1:B2",
 * a cut row with "!" behind its number. */
static inline bool show_sheet(void *user, const char *name, bool hidden)
{
    buf_printf(user, "[%s]%s\n", name, hidden ? " hidden" : "");
    return true;
}

static inline void show_merges(void *user, const struct merge *areas, int count)
{
    for (int i = 0; i < count; i++)
        buf_printf(user, "%d,%d-%d,%d\n", areas[i].top, areas[i].left, areas[i].bottom,
                   areas[i].right);
}

static inline bool show_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    buf_printf(user, "%ld%s", no, cut ? "!" : "");
    for (int i = 0; i < count; i++) {
        buf_printf(user, " %c:", cells[i].kind);
        for (size_t b = 0; b < cells[i].len; b++) /* NUL and line ends are shown */
            buf_putc(user, cells[i].text[b] == '\0'   ? '0'
                           : cells[i].text[b] == '\n' ? '/'
                                                      : cells[i].text[b]);
    }
    buf_putc(user, '\n');
    return true;
}

/* Detects and reads; the text lives until the next call.  A failure gives "! why". */
static inline const char *shown(const char *path)
{
    static struct buf out;
    const char *encoding;
    char why[512] = "";
    struct sheet_handler h = {show_sheet, show_merges, show_row, &out};
    buf_clear(&out);
    enum file_format f = sheets_detect(path, &encoding);
    if (sheets_read(path, f, encoding, &h, why, sizeof why) < 0) {
        buf_clear(&out);
        buf_printf(&out, "! %s", why);
    }
    return buf_text(&out);
}

static inline int remove_folder(void **state)
{
    char command[600];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", test_folder());
    return system(command) == 0 ? 0 : -1;
}

#endif
